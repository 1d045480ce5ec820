"""Marks in a spreadsheet: written with what is to be marked, filled in, and read back whole or not at all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.course import Assignment
from mlsys_helpers.grading.gradebook import Entry
from mlsys_helpers.grading.marking.mark import Answer, marked, question
from mlsys_helpers.grading.roster import Roster
from mlsys_helpers.grading.words import shown_points, some_lines

# `was` holds the points when the sheet was written: by it a row that nobody touched is told from one that was filled
# in, and a row that is older than the gradebook is refused.
HEADS = ("id", "item", "question", "rubric", "answer", "possible", "was", "points", "comment")


def written(answers: Iterable[Answer]) -> bytes:
    """The sheet for `answers`, a row each. With a mark at the start, by which Excel sees that it is UTF-8."""
    rows = [HEADS, *(tuple(map(cells.safe, _row(answer))) for answer in answers)]
    return cells.write(rows, bom=True)


def _row(answer: Answer) -> tuple[str, ...]:
    asked, points = question(answer.item), _points(answer.entry)
    text, rubric = (asked.prompt, _numbered(asked.rubric)) if asked else (answer.item.title, "")
    comment = answer.entry.message if answer.entry and answer.entry.by_hand else ""
    possible = shown_points(answer.item.points)
    return (answer.student, answer.item.id, text, rubric, answer.said, possible, points, points, comment)


def _numbered(points: Iterable[str]) -> str:
    return "\n".join(f"{number}. {point}" for number, point in enumerate(points, 1))


def _points(entry: Entry | None) -> str:
    return "" if entry is None or entry.points is None else shown_points(entry.points)


def marks(data: bytes, assigned: Assignment, roster: Roster, answers: Iterable[Answer], by: str, extra: bool = False):
    """The marks in a sheet that was filled in, as entries; rows that nobody changed give none.

    Raises ValueError, which tells every problem with its row.
    """
    by_key = {(answer.student, answer.item.id): answer for answer in answers}
    bare = _without_zeros(roster)
    found: list[Entry] = []
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for line in _lines(data):
        try:
            answer = _answer(line, roster, bare, assigned, by_key)
            first = seen.setdefault((answer.student, answer.item.id), line.number)
            if first != line.number:
                raise ValueError(f"{answer.student} and {answer.item.id} stand in row {first} already")
            found += _mark(line, answer, by, extra)
        except ValueError as error:
            problems.append(f"row {line.number}: {error}")
    if problems:
        told = "\n".join(some_lines(problems))
        raise ValueError(f"no mark was set, since the sheet has {len(problems)} to mend:\n{told}")
    return found


@dataclass(frozen=True)
class _Line:
    number: int  # as a spreadsheet counts rows
    cells: dict[str, str]


def _lines(data: bytes) -> list[_Line]:
    rows = cells.read(data).rows
    heads = [head.strip().casefold() for head in rows[0]] if rows else []
    missing = [head for head in HEADS if head not in heads]
    if missing:
        raise ValueError(
            f"the sheet has no column {' and no '.join(missing)}; write a new one with --sheet and fill it in"
        )
    return [
        _Line(number, dict.fromkeys(HEADS, "") | dict(zip(heads, (cells.unsafe(cell) for cell in row), strict=False)))
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def _answer(
    line: _Line,
    roster: Roster,
    bare: dict[str, str],
    assigned: Assignment,
    by_key: dict[tuple[str, str], Answer],
) -> Answer:
    cell, item = line.cells["id"].strip(), assigned.item(line.cells["item"].strip())
    student = (bare.get(cell.lstrip("0")) if cell else None) or roster.student(cell).id
    answer = by_key[student, item.id]
    if _plain(line.cells["answer"]) != _plain(answer.said):
        raise ValueError(
            f"this is not what {student} gave to {item.id} now. A newer answer came, or some columns were sorted and "
            "others not; write a new sheet"
        )
    return answer


def _without_zeros(roster: Roster) -> dict[str, str]:
    """By what is left of an id of digits when a spreadsheet took the zeros before it for nothing, the id."""
    bare = [(student.id.lstrip("0"), student.id) for student in roster if student.id.isdecimal()]
    times = Counter(left for left, _ in bare)
    return {left: whole for left, whole in bare if times[left] == 1}


def _plain(text: str) -> str:
    """Text without what a spreadsheet may change: ends of lines and spaces."""
    return " ".join(text.split())


def _mark(line: _Line, answer: Answer, by: str, extra: bool) -> list[Entry]:
    typed, was, comment = (line.cells[name].strip() for name in ("points", "was", "comment"))
    *_, now, said = _row(answer)
    untouched = _same(typed, was) or _same(typed, now)
    if (untouched and _plain(comment) == _plain(said)) or not (typed or was or comment):
        return []
    if not typed:
        raise ValueError(
            "a comment needs points beside it" if not was else "points were deleted; to take a mark back: --withdraw"
        )
    points = cells.number(typed)
    if not _same(was, now):
        raise ValueError(
            f"{answer.student} has {now or 'no points'} for {answer.item.id} now and had {was or 'none'} when this "
            "sheet was written; delete the row, or write a new sheet"
        )
    return [marked(answer.student, answer.item, points, comment, by, extra)]


def _same(one: str, other: str) -> bool:
    """Whether two cells hold the same points: 2, 2.0 and 2,00 are."""
    try:
        return cells.number(one) == cells.number(other)
    except ValueError:
        return one == other
