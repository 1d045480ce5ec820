"""Grades for elsewhere: a table of everything here, gradebooks in canvas and moodle.

Both systems read UTF-8 and want no mark at the start; only the table of everything has one, for Excel. An exported file
that is filled in (a template) keeps its delimiter, its mark and all that is not the grade. Neither system finds a
student by a name that we write as long as there is an id, so names may be made safe.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.course import Assignment
from mlsys_helpers.grading.gradebook import Gradebook, Standing
from mlsys_helpers.grading.roster import Roster, Student
from mlsys_helpers.grading.words import shown_points, some
from mlsys_helpers.kit.checks import one_of

EMPTY, ZERO = "empty", "zero"
MISSING = (EMPTY, ZERO)
_TEACHERS = re.compile(r"notes|comment|feedback", re.IGNORECASE)  # columns that a teacher wrote, left as they are


@dataclass(frozen=True)
class Scores:
    """The totals of a class, to be exported. `totals` has None for who handed in nothing and was given nothing."""

    assigned: Assignment
    roster: Roster
    standings: dict[str, Standing]
    totals: dict[str, float | None]
    missing: str = EMPTY

    def shown(self, student: Student) -> str:
        """A student's total as it is exported."""
        total = self.totals[student.id]
        return (shown_points(0.0) if self.missing == ZERO else "") if total is None else shown_points(total)

    @property
    def possible(self) -> str:
        """The points of the assignment."""
        return shown_points(self.assigned.points)


@dataclass(frozen=True)
class Exported:
    """A file to import elsewhere, and what whoever imports it should know."""

    data: bytes
    notes: tuple[str, ...] = ()


def scores(
    assigned: Assignment, roster: Roster, book: Gradebook, missing: str = EMPTY, unfinished: bool = False
) -> Scores:
    """The totals of a class. Raises ValueError for what is not graded yet or waits for a mark, unless `unfinished`."""
    one_of("choice for --missing", missing, MISSING)
    standings = book.standings(assigned, [student.id for student in roster])
    if not unfinished:
        _refuse_unfinished(assigned, standings)
    totals = {
        who: found.total(assigned.items) if found.received or found.entries else None
        for who, found in standings.items()
    }
    return Scores(assigned, roster, standings, totals, missing)


def _refuse_unfinished(assigned: Assignment, standings: dict[str, Standing]) -> None:
    ungraded = [student for student, found in standings.items() if _ungraded(assigned, found)]
    if ungraded:
        raise ValueError(
            f"{some(ungraded)} handed in what is not graded yet: run companion grade {assigned.folder} first; "
            "--unfinished exports what there is"
        )
    waiting = [student for student, found in standings.items() if found.waiting(assigned.items)]
    if waiting:
        raise ValueError(
            f"answers of {some(waiting)} wait for a mark: run companion mark {assigned.folder} first; --unfinished "
            "exports what there is, with nothing for them"
        )


def _ungraded(assigned: Assignment, found: Standing) -> bool:
    """Whether a part was handed in of which no item has a score."""
    parts = {item.part for item in assigned.items}
    graded = {item.part for item in assigned.items if item.id in found.entries}
    return bool((parts & set(found.received)) - graded)


def everything(found: Scores) -> Exported:
    """A row a student: what each item earned before lateness, what lateness cost, the total, and what waits."""
    items = found.assigned.items
    heads = ["id", "name", "email", "handed in", *(item.id for item in items), "lost to lateness", "total", "possible"]
    rows = [_whole(found, student) for student in found.roster]
    return Exported(cells.write([[*heads, "waiting for a mark"], *rows], bom=True))


def _whole(found: Scores, student: Student) -> list[str]:
    standing, items = found.standings[student.id], found.assigned.items
    raw = [_raw(standing, item.id) for item in items]
    total = found.totals[student.id]
    lost = sum(points or 0.0 for points in raw) - (total or 0.0)
    earned = [""] * len(items) if total is None else ["" if points is None else shown_points(points) for points in raw]
    told = [student.id, student.name, student.email, "yes" if standing.received else "no"]
    waiting = " ".join(item.id for item in standing.waiting(items))
    last = ["" if total is None else shown_points(lost), found.shown(student), found.possible, waiting]
    return [*map(cells.safe, told), *earned, *last]


def _raw(standing: Standing, item_id: str) -> float | None:
    entry = standing.entries.get(item_id)
    return entry.points if entry else 0.0


def filled(
    found: Scores,
    table: cells.Table,
    place: int,
    who: Callable[[list[str]], set[str]],
    fixed: Callable[[list[str]], bool],
) -> Exported:
    """The template with the grades in the column at `place`; rows of nobody and `fixed` ones stay as they are.

    `who` gives the ids of those whose row it can be. Raises ValueError when no row is anybody's.
    """
    heads, rows, seen = table.rows[0], [table.rows[0]], set()
    unknown: list[str] = []
    held: list[str] = []
    for row in table.rows[1:]:
        row = row + [""] * (len(heads) - len(row))
        hits = who(row)
        if len(hits) == 1:
            student = found.roster.student(next(iter(hits)))
            seen.add(student.id)
            if fixed(row):
                held.append(student.id)
            else:
                row[place] = found.shown(student) or row[place]
        elif _is_student(row):
            unknown.append(f"{row[0].strip()} {row[1].strip()}")
        rows.append([_kept(heads, n, cell) for n, cell in enumerate(row)])
    if not seen:
        raise ValueError("no row of the template has an id or address of a student in the roster: is it of this class?")
    absent = [student.id for student in found.roster if student.id not in seen and found.shown(student)]
    notes = [
        (unknown, "stand in the template and are nobody in the roster, or could be two; left as they are"),
        (held, "are excused or cannot be changed there; left as they are"),
        (absent, "have a grade and no row in the template; export it anew"),
    ]
    told = [f"{some(names)} {why}" for names, why in notes if names]
    delimiter = "," if table.delimiter == "\t" else table.delimiter  # neither system reads tabs unasked
    return Exported(cells.write(rows, delimiter, table.bom), (*told, *notes_of(found, "the template", seen)))


def _kept(heads: list[str], place: int, cell: str) -> str:
    return cell if place < len(heads) and _TEACHERS.search(heads[place]) else cells.safe(cell)


def _is_student(row: list[str]) -> bool:
    """Whether a row that matched nobody is a student's: Canvas's own rows have nothing in their second cell."""
    return len(row) > 1 and bool(row[1].strip()) and not row[0].casefold().startswith("student, test")


def possible_note(system: str, possible: str, found: Scores) -> list[str]:
    """A word on points in the template that are not the assignment's."""
    try:
        same = shown_points(cells.number(possible)) == found.possible
    except ValueError:
        return []
    return (
        []
        if same
        else [f"{system} counts it of {possible} points, the assignment of {found.possible}; make them agree"]
    )


def notes_of(found: Scores, system: str, among: Iterable[str] | None = None) -> list[str]:
    """A word on who is left without a grade, and on names that were made safe."""
    ids = {student.id for student in found.roster} if among is None else set(among)
    students = [student for student in found.roster if student.id in ids]
    left = [student.id for student in students if not found.shown(student)]
    quoted = [student.id for student in students if cells.safe(student.name) != student.name]
    notes = [
        (left, f"handed in nothing; {system} keeps what it has for them (--missing zero gives 0)"),
        (quoted, "begins like a formula as a name: written with a ' before; the id finds the student all the same"),
    ]
    return [f"{some(names)} {why}" for names, why in notes if names]
