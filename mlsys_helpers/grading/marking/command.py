"""What `companion mark` is asked, and what it does: one of seven things, told in lines."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.course import Assignment, Item
from mlsys_helpers.grading.gradebook import DUE, Entry, Gradebook
from mlsys_helpers.grading.marking import mark, sheet, terminal
from mlsys_helpers.grading.marking.mark import FULL, NO_EXTENSION, Change
from mlsys_helpers.grading.roster import Roster
from mlsys_helpers.grading.words import many, moment, shown_points, some_lines
from mlsys_helpers.kit import files
from mlsys_helpers.kit.table import table


@dataclass(frozen=True)
class Asked:
    """The words and options of the command, as they were typed."""

    words: tuple[str, ...] = ()
    because: str = ""
    everyone: bool = False
    withdraw: bool = False
    due: str = ""
    history: bool = False
    sheet: Path | None = None
    all_items: bool = False
    read: Path | None = None
    extra: bool = False
    names: bool = False
    by: str = ""


def done(asked: Asked, assigned: Assignment, roster: Roster, book: Gradebook) -> list[str]:
    """Do what was asked; the lines to tell. Raises ValueError or OSError, and then nothing was set."""
    chosen = [name for name in ("withdraw", "due", "history", "sheet", "read") if getattr(asked, name)]
    if len(chosen) > 1:
        raise ValueError(f"--{chosen[0]} and --{chosen[1]} are two things; say one at a time")
    if asked.sheet or asked.read or (not asked.words and not chosen and not asked.everyone):
        return _many(asked, assigned, roster, book)
    if asked.history:
        return _history(asked, assigned, roster, book)
    if asked.due:
        return _extension(asked, assigned, roster, book)
    return _score(asked, assigned, roster, book)


def _many(asked: Asked, assigned: Assignment, roster: Roster, book: Gradebook) -> list[str]:
    """Mark in the terminal, or write or read a sheet."""
    if asked.words:
        raise ValueError(f"a sheet is for the whole class; leave out {' '.join(asked.words)}")
    answers = mark.answers(assigned, [student.id for student in roster], book)
    waiting = [answer for answer in answers if answer.waits]
    if asked.read:
        data, by = asked.read.read_bytes(), mark.who(asked.by)
        changes = mark.decide(book, assigned, sheet.marks(data, assigned, roster, answers, by, asked.extra))
        return _told(changes)
    if asked.sheet:
        return _write(asked.sheet, answers if asked.all_items else waiting)
    if not waiting:
        return ["nothing waits for a mark"]
    named = {student.id: student.name for student in roster} if asked.names else None
    terminal.run(assigned, book, waiting, mark.who(asked.by), named)
    return []


def _write(path: Path, answers: list[mark.Answer]) -> list[str]:
    if path.exists():
        raise ValueError(f"{path} exists and may hold marks; name another file, or delete it")
    if not answers:
        return ["nothing waits for a mark; --all writes every score"]
    files.put(path, sheet.written(answers))
    return [f"wrote {path} with {len(answers)} rows; fill in points and comment, then: --read {path}"]


def _history(asked: Asked, assigned: Assignment, roster: Roster, book: Gradebook) -> list[str]:
    student = roster.student(asked.words[0]).id if asked.words else ""
    item = mark.item_named(assigned, asked.words[1]).id if len(asked.words) > 1 else ""
    entries = book.history(assigned.name, student, item)
    if not entries:
        return ["nothing was set yet"]
    heads = ("when", *(() if student else ("student",)), "item", "points", "by")
    rows = [(_local(e.at), *(() if student else (e.student,)), e.item, _set(e), e.setter) for e in entries]
    head, *lines = repr(table(heads, rows)).splitlines()
    told = zip(lines, map(_why, entries), strict=True)
    return [head, *(line for pair in told for line in pair if line)]


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"


def _set(entry: Entry) -> str:
    """What an entry set, in a word."""
    if entry.points is None:
        return _local(entry.message) if entry.item == DUE and entry.message else entry.status
    return f"{shown_points(entry.points)} of {shown_points(entry.possible)}"


def _why(entry: Entry) -> str:
    """The reason, for the line below; the grader's are told in the feedback."""
    because = entry.detail.get("because", "") if entry.item == DUE else entry.message
    return textwrap.indent(" ".join(str(because).split()), "    ") if entry.by_hand else ""


def _extension(asked: Asked, assigned: Assignment, roster: Roster, book: Gradebook) -> list[str]:
    if len(asked.words) != 1 or asked.everyone:
        raise ValueError("--due moves one student's date: say whose. For everybody, edit due in assignment.toml")
    student = roster.student(asked.words[0]).id
    moved = None if asked.due.strip().casefold() == NO_EXTENSION else moment(asked.due)
    before = book.standings(assigned, [student])[student].total(assigned.items)
    book.mark(assigned.name, [mark.extension(student, moved, asked.because, mark.who(asked.by))])
    standing = book.standings(assigned, [student])[student]
    due = f"{standing.due.astimezone():%Y-%m-%d %H:%M}" if standing.due else "never"
    after = standing.total(assigned.items)
    return [f"{student}  due {due}; total {shown_points(before)} -> {shown_points(after)}"]


def _score(asked: Asked, assigned: Assignment, roster: Roster, book: Gradebook) -> list[str]:
    """Set or take back the score of one item, for one student or for everyone."""
    words = list(asked.words)
    students = [student.id for student in roster] if asked.everyone else [roster.student(words.pop(0)).id]
    if len(words) != (1 if asked.withdraw else 2):
        raise ValueError(_usage(asked, assigned))
    item, by = mark.item_named(assigned, words[0]), mark.who(asked.by)
    if asked.withdraw:
        return _told(mark.decide(book, assigned, mark.withdrawn(book, assigned, students, item, asked.because, by)))
    if not asked.because.strip():
        raise ValueError('a score that is set by hand needs a reason, which the student reads: --because "TEXT"')
    concerned = mark.handed_in(book, assigned, item, students) if asked.everyone else students
    points = _number(words[1], item)
    changes = mark.decide(
        book, assigned, [mark.marked(one, item, points, asked.because, by, asked.extra) for one in concerned]
    )
    left = len(students) - len(concerned)
    return _told(changes) + ([f"{left} handed in nothing for it and got nothing"] if left else [])


def _number(word: str, item: Item) -> float:
    return item.points if word.casefold() == FULL else cells.number(word)


def _usage(asked: Asked, assigned: Assignment) -> str:
    whose, example = ("" if asked.everyone else " STUDENT"), "" if asked.withdraw else " POINTS"
    known = ", ".join(item.id for item in assigned.items)
    return f"say: companion mark {assigned.folder}{whose} ITEM{example}. The items: {known}"


def _told(changes: Iterable[Change]) -> list[str]:
    changes = list(changes)
    if not changes:
        return ["nothing changed: it stands so already"]
    moved = [change for change in changes if mark.told(change.before) != mark.told(change.after)]
    same = (
        [f"the same points as before for {many(len(changes) - len(moved), 'student')}"]
        if len(changes) > len(moved)
        else []
    )
    return [*some_lines(map(str, moved)), *same, f"{many(len(changes), 'score')} set"]
