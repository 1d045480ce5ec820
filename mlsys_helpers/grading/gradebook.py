"""Every score of a course and who or what set it: one SQLite file, to which entries are added and never changed.

What counts is computed from the entries: for each student and item a person's newest mark, or else what the grader
said of the newest submission. Every write is one transaction, so a grader that is killed leaves whole units only.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mlsys_helpers.grading.course import Assignment, Item

WAITING, WITHDRAWN, DUE = "waiting", "withdrawn", "due"
TAKEN, SUPERSEDED, REFUSED = "taken", "superseded", "refused"
BUSY_TIMEOUT_S = 30.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, assignment TEXT NOT NULL, source TEXT NOT NULL,
    outcome TEXT NOT NULL, student TEXT NOT NULL, part TEXT NOT NULL, reason TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY AUTOINCREMENT, assignment TEXT NOT NULL, student TEXT NOT NULL, part TEXT NOT NULL,
    digest TEXT NOT NULL, handed_in TEXT NOT NULL, late INTEGER NOT NULL, path TEXT NOT NULL,
    UNIQUE (assignment, student, part, digest));
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, assignment TEXT NOT NULL, student TEXT NOT NULL,
    item TEXT NOT NULL, points REAL, possible REAL NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL,
    mistake TEXT NOT NULL, setter TEXT NOT NULL, by_hand INTEGER NOT NULL, digest TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entry_of ON entry (assignment, student, item);
CREATE TABLE IF NOT EXISTS done (
    assignment TEXT NOT NULL, student TEXT NOT NULL, part TEXT NOT NULL, digest TEXT NOT NULL, grader TEXT NOT NULL,
    PRIMARY KEY (assignment, student, part, digest, grader));
"""
_KEPT = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table}\n"
    f"    BEGIN SELECT RAISE(ABORT, 'the gradebook is added to and never changed'); END;\n"
    for table in ("file", "entry")
    for verb in ("DELETE", "UPDATE")
)


@dataclass(frozen=True)
class Entry:
    """A score that was set once: by the grader for the submission `digest`, or by a person (`by_hand`).

    `points` is None for an answer that waits for a person's mark, for a mark that a person took back (status
    WITHDRAWN), and for another due date (item DUE, the date in `message`). `detail` is plain data for feedback.
    """

    student: str
    item: str
    points: float | None
    possible: float
    status: str
    message: str = ""
    mistake: str = ""
    setter: str = "grader"
    by_hand: bool = False
    digest: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    at: str = ""


_COLUMNS = [column.name for column in fields(Entry)]


@dataclass(frozen=True)
class Received:
    """A part that a student handed in and that was taken. `late` is what a learning-management system said of it,
    whatever the time; `path` is relative to the assignment's folder."""

    student: str
    part: str
    digest: str
    handed_in: datetime
    path: str
    late: bool = False


@dataclass(frozen=True)
class File:
    """What became of one file that arrived: TAKEN, SUPERSEDED or REFUSED, and why."""

    source: str
    outcome: str
    reason: str = ""
    student: str = ""
    part: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a student stands in an assignment: the entry that counts for each item, if there is one, and lateness.

    `cost` is the share of a part's points that is lost because it came late; `due` is this student's own date.
    """

    student: str
    entries: dict[str, Entry]
    received: dict[str, Received]
    cost: dict[str, float]
    due: datetime | None = None

    def points(self, item: Item) -> float | None:
        """What an item earned, lateness counted. None while it waits for a mark; 0 for what was not handed in."""
        entry = self.entries.get(item.id)
        if not entry:
            return 0.0
        return None if entry.points is None else entry.points * (1 - self.cost.get(item.part, 0.0))

    def total(self, items: Iterable[Item]) -> float:
        """What was earned so far; what waits for a mark counts as nothing yet."""
        return sum(self.points(item) or 0.0 for item in items)

    def waiting(self, items: Iterable[Item]) -> list[Item]:
        """The items that wait for a person's mark."""
        return [item for item in items if self.points(item) is None]


class Gradebook:
    """The gradebook in one file, made when it is first opened. A context manager, which ends in ValueError where SQLite
    could not read or write it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._open = _connection(path)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._open.close()
        if isinstance(error, sqlite3.Error):
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> ValueError:
        return ValueError(f"{self._path} cannot be used as a gradebook: {error}; what was written before stays")

    def receive(self, assignment: str, files: Iterable[File], taken: Iterable[Received]) -> None:
        """Add what became of files, and the parts taken of them, at once. A part seen before stays as it is."""
        now = _now()
        with self._open:
            self._open.executemany(
                "INSERT INTO file (at, assignment, source, outcome, student, part, reason, digest) "
                "VALUES (?,?,?,?,?,?,?,?)",
                [(now, assignment, f.source, f.outcome, f.student, f.part, f.reason, f.digest) for f in files],
            )
            self._open.executemany(
                "INSERT OR IGNORE INTO received (assignment, student, part, digest, handed_in, late, path) "
                "VALUES (?,?,?,?,?,?,?)",
                [
                    (assignment, r.student, r.part, r.digest, r.handed_in.astimezone(UTC).isoformat(), r.late, r.path)
                    for r in taken
                ],
            )

    def files(self, assignment: str) -> list[File]:
        """What became of every file that ever arrived, in order."""
        query = "SELECT source, outcome, reason, student, part, digest FROM file WHERE assignment = ? ORDER BY id"
        return [File(*row) for row in self._open.execute(query, (assignment,))]

    def received(self, assignment: str) -> list[Received]:
        """Every part that was ever taken, oldest first by when it was handed in."""
        query = (
            "SELECT student, part, digest, handed_in, path, late FROM received WHERE assignment = ? "
            "ORDER BY handed_in, id"
        )
        rows = self._open.execute(query, (assignment,))
        return [
            Received(student, part, digest, datetime.fromisoformat(at), path, bool(late))
            for student, part, digest, at, path, late in rows
        ]

    def newest(self, assignment: str) -> dict[tuple[str, str], Received]:
        """By student and part, what counts: the newest that was handed in."""
        return {(found.student, found.part): found for found in self.received(assignment)}

    def done(self, assignment: str, grader: str) -> set[tuple[str, str, str]]:
        """The units (student, part, digest) that `grader` has finished."""
        query = "SELECT student, part, digest FROM done WHERE assignment = ? AND grader = ?"
        return set(self._open.execute(query, (assignment, grader)))

    def finish(self, assignment: str, unit: Received, grader: str, entries: Iterable[Entry]) -> None:
        """Add what the grader said of a unit and that it is done, at once. What it said before is not said again."""
        with self._open:
            self._open.execute("BEGIN IMMEDIATE")  # so that two graders at once do not both find it unsaid
            said = self._entries(assignment=assignment, student=unit.student)
            known = {e.item: e for e in said if not e.by_hand and e.digest == unit.digest}
            fresh = [e for e in entries if unlike(known.get(e.item), e)]
            self._add(assignment, fresh)
            self._open.execute(
                "INSERT OR IGNORE INTO done VALUES (?,?,?,?,?)",
                (assignment, unit.student, unit.part, unit.digest, grader),
            )

    def mark(self, assignment: str, entries: Iterable[Entry]) -> None:
        """Add what a person decided, all of it or none."""
        with self._open:
            self._add(assignment, [replace(entry, by_hand=True) for entry in entries])

    def history(self, assignment: str, student: str = "", item: str = "") -> list[Entry]:
        """All entries in the order in which they were set, of one student or item if given."""
        return self._entries(assignment=assignment, student=student, item=item)

    def students(self, assignment: str) -> set[str]:
        """All of whom something was taken, or who were given a score."""
        query = "SELECT student FROM received WHERE assignment = ? UNION SELECT student FROM entry WHERE assignment = ?"
        return {student for (student,) in self._open.execute(query, (assignment, assignment))}

    def standings(self, assigned: Assignment, students: Iterable[str]) -> dict[str, Standing]:
        """Where each of `students` stands, with or without a submission. The entries come without their `detail`."""
        students = list(students)
        only = students[0] if len(students) == 1 else ""  # marking one by one must not read the class for each
        received: dict[str, dict[str, Received]] = {}
        for found in self.received(assigned.name):  # oldest first: the newest stays
            received.setdefault(found.student, {})[found.part] = found
        entries: dict[str, list[Entry]] = {}
        for entry in self._entries(detail=False, assignment=assigned.name, student=only):
            entries.setdefault(entry.student, []).append(entry)
        return {who: _standing(assigned, who, received.get(who, {}), entries.get(who, [])) for who in students}

    def dump(self) -> str:
        """All that the gradebook says, without times and in an order of its own: equal for equal gradebooks."""
        entries = sorted(json.dumps([a, {**asdict(e), "at": ""}], sort_keys=True) for a, e in self._all())
        received = self._open.execute("SELECT assignment, student, part, digest, handed_in, late FROM received")
        done = self._open.execute("SELECT * FROM done")
        return "\n".join([*entries, *sorted(map(repr, received)), *sorted(map(repr, done))])

    def _add(self, assignment: str, entries: Iterable[Entry]) -> None:
        now, names = _now(), ", ".join(_COLUMNS)
        rows = [asdict(e) | {"at": now, "detail": json.dumps(e.detail, sort_keys=True)} for e in entries]
        self._open.executemany(
            f"INSERT INTO entry (assignment, {names}) VALUES (?{', ?' * len(_COLUMNS)})",
            [(assignment, *(row[name] for name in _COLUMNS)) for row in rows],
        )

    def _entries(self, detail: bool = True, **wanted: str) -> list[Entry]:
        return [entry for _, entry in self._all(detail, **wanted)]

    def _all(self, detail: bool = True, **wanted: str) -> list[tuple[str, Entry]]:
        """Entries, each with its assignment, whose columns are as `wanted`, where that is not empty."""
        columns = [name if detail or name != "detail" else "'{}'" for name in _COLUMNS]
        given = {name: value for name, value in wanted.items() if value}
        where = " AND ".join(f"{name} = ?" for name in given) or "TRUE"
        query = f"SELECT assignment, {', '.join(columns)} FROM entry WHERE {where} ORDER BY id"
        with closing(self._open.execute(query, tuple(given.values()))) as rows:
            return [(row[0], _entry(row[1:])) for row in rows]


def _connection(path: Path) -> sqlite3.Connection:
    made = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        made.execute("PRAGMA journal_mode = WAL")
        made.executescript(_SCHEMA + _KEPT)
    except BaseException:
        made.close()
        raise
    return made


def _entry(row: tuple[Any, ...]) -> Entry:
    found = dict(zip(_COLUMNS, row, strict=True))
    return Entry(**found | {"by_hand": bool(found["by_hand"]), "detail": json.loads(found["detail"])})


def _standing(assigned: Assignment, student: str, received: dict[str, Received], entries: list[Entry]) -> Standing:
    by_item: dict[str, list[Entry]] = {}
    for entry in entries:
        by_item.setdefault(entry.item, []).append(entry)
    extended = _by_hand(by_item.get(DUE, []))
    due = datetime.fromisoformat(extended.message) if extended else assigned.due
    cost = {part: _cost(assigned, found, due, bool(extended)) for part, found in received.items()}
    counting = {item.id: _counting(item, received, by_item.get(item.id, [])) for item in assigned.items}
    return Standing(student, {item: entry for item, entry in counting.items() if entry}, received, cost, due)


def _counting(item: Item, received: dict[str, Received], entries: list[Entry]) -> Entry | None:
    """A person's newest mark, or else the newest that the grader said of the newest submission."""
    digest = received[item.part].digest if item.part in received else None
    graded = [entry for entry in entries if not entry.by_hand and entry.digest == digest]
    return _by_hand(entries) or next(reversed(graded), None)


def _by_hand(entries: list[Entry]) -> Entry | None:
    """The newest that a person set, unless it was taken back."""
    newest = next((entry for entry in reversed(entries) if entry.by_hand), None)
    return None if newest and newest.status == WITHDRAWN else newest


def _cost(assigned: Assignment, found: Received, due: datetime | None, extended: bool) -> float:
    """The share that lateness costs. A system's word that it was late stands, unless the date was moved."""
    if due is None:
        return 0.0
    late = found.handed_in - due
    if found.late and not extended:
        late = max(late, timedelta(minutes=assigned.late.grace_minutes + 1))
    return assigned.late.cost(late)


def unlike(known: Entry | None, entry: Entry) -> bool:
    """Whether `entry` says something else than the one that is known, whenever it was said."""
    return known is None or replace(known, at="") != replace(entry, at="")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
