"""What a person decides about a class: marks for short answers, other scores and other due dates, each with its reason.

A decision is an entry in the gradebook and stands above the grader's. It is never changed: a later one counts instead,
or one that takes it back.
"""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mlsys_helpers.grading.course import SHORT, Assignment, Item
from mlsys_helpers.grading.gradebook import DUE, WITHDRAWN, Entry, Gradebook, Standing, unlike
from mlsys_helpers.grading.words import shown_points
from mlsys_helpers.kit.seeds import seed
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import ShortAnswer

MARKED, FULL, NO_EXTENSION = "marked", "full", "none"


@dataclass(frozen=True)
class Answer:
    """What one student gave to one item: in words, and the entry that counts now. `entry` is None before grading."""

    student: str
    item: Item
    said: str
    entry: Entry | None

    @property
    def waits(self) -> bool:
        """Whether it needs a person's mark."""
        return self.entry is not None and self.entry.points is None


class Change(NamedTuple):
    """What a decision did to a student's points for an item, lateness counted; None is waiting for a mark."""

    student: str
    item: Item
    before: float | None
    after: float | None
    late: float = 0.0  # the share that lateness costs

    def __str__(self) -> str:
        late = f", {self.late:.0%} taken off for lateness" if self.late else ""
        after = f"{told(self.after)} of {told(self.item.points)}"
        return f"{self.student}  {self.item.id}: {told(self.before)} -> {after}{late}"


def answers(assigned: Assignment, students: Iterable[str], book: Gradebook) -> list[Answer]:
    """Every student's answer to every item, item by item; within one, shuffled in an order that tells nothing.

    The order is the same each time, and another for each item, so that no student is always marked first.
    """
    standings = book.standings(assigned, students)
    said = _said(assigned, standings, book)
    return [
        Answer(student, item, said.get((student, item.id), ""), standings[student].entries.get(item.id))
        for item in assigned.items
        for student in _shuffled(assigned, item, standings)
    ]


def _shuffled(assigned: Assignment, item: Item, students: Iterable[str]) -> list[str]:
    return sorted(students, key=lambda student: seed(assigned.course, assigned.name, item.id, student))


def _said(assigned: Assignment, standings: dict[str, Standing], book: Gradebook) -> dict[tuple[str, str], str]:
    """By student and item, the text of the newest submission's short answer, or the grader's word on it."""
    items = {item.id: item for item in assigned.items}
    said = {}
    for student, standing in standings.items():
        for entry in book.history(assigned.name, student):
            item = items.get(entry.item)
            counts = item and item.part in standing.received and standing.received[item.part].digest == entry.digest
            if item and counts and not entry.by_hand:
                said[student, item.id] = _words(item, entry)
    return said


def _words(item: Item, entry: Entry) -> str:
    if item.kind == SHORT:
        return str(entry.detail.get("text", ""))
    return f"{entry.status}: {entry.message}" if entry.message else entry.status


def question(item: Item) -> ShortAnswer | None:
    """The question behind a short answer; None for another item."""
    if item.kind != SHORT:
        return None
    found = bank.section_bank(item.id.partition(".")[0]).question(item.id)
    return found if isinstance(found, ShortAnswer) else None


def item_named(assigned: Assignment, name: str) -> Item:
    """The item called `name`, with or without its section. Raises ValueError with the nearest one."""
    short = {item.id.partition(".")[2]: item for item in assigned.items}
    if len(short) == len(assigned.items) and name in short:
        return short[name]
    return assigned.item(name)


def who(name: str = "") -> str:
    """Who sets a mark: `name`, or the user of this computer. Raises ValueError when that is unknown."""
    try:
        return name.strip() or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise ValueError("this computer does not say who you are; say it: --by NAME") from error


def marked(student: str, item: Item, points: float, because: str, by: str, extra: bool = False) -> Entry:
    """A person's mark. Raises ValueError for points that are negative, or beyond the possible unless `extra`."""
    if points < 0:
        raise ValueError(f"points must not be negative, got {shown_points(points)}")
    if shown_points(points) == shown_points(item.points):
        points = item.points  # 0.83 of 0.8333 are full marks
    if points > item.points and not extra:
        raise ValueError(
            f"{item.id} has {shown_points(item.points)} points, got {shown_points(points)}; extra credit needs --extra"
        )
    return Entry(student, item.id, points, item.points, MARKED, because, setter=by, by_hand=True)


def extension(student: str, due: datetime | None, because: str, by: str) -> Entry:
    """Another due date for one student; None takes it back."""
    status, message = (MARKED, due.isoformat()) if due else (WITHDRAWN, "")
    return Entry(student, DUE, None, 0.0, status, message, setter=by, by_hand=True, detail={"because": because})


def withdrawn(
    book: Gradebook, assigned: Assignment, students: Iterable[str], item: Item, because: str, by: str
) -> list[Entry]:
    """Take back the marks that a person set for `item`. Raises ValueError when there is none."""
    standings = book.standings(assigned, students)
    held = [student for student, standing in standings.items() if _by_hand(standing, item)]
    if not held:
        raise ValueError(f"no mark set by hand for {item.id} to take back; --history shows what was set")
    return [Entry(student, item.id, None, item.points, WITHDRAWN, because, setter=by, by_hand=True) for student in held]


def _by_hand(standing: Standing, item: Item) -> Entry | None:
    entry = standing.entries.get(item.id)
    return entry if entry and entry.by_hand else None


def handed_in(book: Gradebook, assigned: Assignment, item: Item, students: Iterable[str]) -> list[str]:
    """Those of `students` who handed in what `item` is part of."""
    newest = book.newest(assigned.name)
    return [student for student in students if (student, item.part) in newest]


def decide(book: Gradebook, assigned: Assignment, entries: Iterable[Entry]) -> list[Change]:
    """Add decisions on items to the gradebook, all or none, and tell what each changed. One that stands already is not
    added again."""
    entries = list(entries)
    students = {entry.student for entry in entries}
    before = book.standings(assigned, students)
    fresh = [entry for entry in entries if unlike(before[entry.student].entries.get(entry.item), entry)]
    book.mark(assigned.name, fresh)
    after = book.standings(assigned, students)
    return [_change(assigned.item(e.item), before[e.student], after[e.student]) for e in fresh]


def _change(item: Item, before: Standing, after: Standing) -> Change:
    return Change(after.student, item, before.points(item), after.points(item), after.cost.get(item.part, 0.0))


def told(points: float | None) -> str:
    """Points in a sentence."""
    return "waiting" if points is None else shown_points(points)
