"""Who handed in what: every file of a download ends as taken, superseded or refused, with its reason.

What is taken is copied, as it is, to submissions/STUDENT/DIGEST/ in the assignment's folder; no original is changed.
The gradebook keeps the list, and hears of a batch all at once: a run that was stopped half-way is simply run again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.collecting import archive
from mlsys_helpers.grading.collecting.arrived import ALREADY, NO_SUBMISSION, Row, Sorter
from mlsys_helpers.grading.course import Assignment, course_of
from mlsys_helpers.grading.gradebook import REFUSED, SUPERSEDED, TAKEN, File, Gradebook, Received
from mlsys_helpers.grading.roster import Roster, Student
from mlsys_helpers.kit import files

LIST = "collected.csv"
MISSING = "not handed in"
HEADS = ("outcome", "student", "name", "part", "handed in", "late", "reason", "file")


@dataclass(frozen=True)
class Collected:
    """What became of a batch, who of the roster has not handed in anything so far, and the file that lists it all.

    `new` is how many of the rows say something that was not listed before; `counts`, from how many students each part
    of the assignment has come so far.
    """

    rows: tuple[Row, ...]
    new: int
    counts: dict[str, int]
    missing: tuple[Student, ...]
    path: Path

    def having(self, outcome: str) -> list[Row]:
        """The rows of one outcome, without files that nobody meant to hand in."""
        return [row for row in self.rows if row.file.outcome == outcome and not row.unasked]


def collect(
    batch: Path,
    assigned: Assignment,
    students: Roster,
    received: datetime | None = None,
    dry_run: bool = False,
    limits: archive.Limits | None = None,
) -> Collected:
    """Take what students handed in for an assignment from a folder or zip. Once more changes nothing.

    `received` says when all of it came, where the times of the files do not. Raises ValueError or OSError.
    """
    sorter = Sorter(assigned, students, received, dry_run)
    found = [row for member in archive.walk(batch, limits) for row in sorter.rows(member)]
    place = course_of(assigned).gradebook
    with Gradebook(Path(":memory:") if dry_run and not place.exists() else place) as book:
        before = book.received(assigned.name)
        rows = tuple(_settled(found, before))
        now = [*before, *(row.received for row in rows if row.received and not row.already)]
        fresh = _fresh(rows, book.files(assigned.name))
        if not dry_run:
            book.receive(assigned.name, [row.file for row in fresh], now[len(before) :])
            listed = _listed(assigned, students, book)
            files.put(assigned.folder / LIST, cells.write([HEADS, *listed], bom=True))
    came = {(one.part, one.student) for one in now}
    counts = {
        part: sum(part == came_as for came_as, _ in came) for part in dict.fromkeys(i.part for i in assigned.items)
    }
    missing = tuple(student for student in students if student.id not in {who for _, who in came})
    return Collected(rows, len(fresh), counts, missing, assigned.folder / LIST)


def _settled(rows: list[Row], before: list[Received]) -> Iterator[Row]:
    """The rows, where a part that came more than once counts once: in its newest form."""
    taken = {_key(one) for one in before}
    sources: dict[tuple[str, str, str], str] = {}
    kept = {_key(one): one for one in before}
    for row in rows:
        if row.received:
            sources.setdefault(_key(row.received), row.file.source)
            kept.setdefault(_key(row.received), row.received)
    newest = {(one.student, one.part): one for one in sorted(kept.values(), key=lambda one: one.handed_in)}
    has = {one.student for one in kept.values()}
    for row in rows:
        if not row.received:
            yield _beside(row) if row.aside and row.file.student in has else row
            continue
        key, counts = _key(row.received), newest[row.received.student, row.received.part]
        again = ALREADY if key in taken else ""
        taken.add(key)
        newer = "" if counts.digest == key[2] else f"a newer one counts: {sources.get(_key(counts), counts.path)}"
        reason = "; ".join(filter(None, (again, newer, row.flag)))
        yield replace(
            row, received=kept[key], file=replace(row.file, outcome=SUPERSEDED if newer else TAKEN, reason=reason)
        )


def _beside(row: Row) -> Row:
    reason = f"{NO_SUBMISSION}beside a notebook that was taken: {row.file.reason}"
    return replace(row, file=replace(row.file, reason=reason))


def _key(one: Received) -> tuple[str, str, str]:
    return one.student, one.part, one.digest


def _fresh(rows: Iterable[Row], known: Iterable[File]) -> list[Row]:
    """The rows that say something new: a file that was listed before is not listed again for the same."""
    seen = {_said(file) for file in known}
    return [row for row in rows if _said(row.file) not in seen]


def _said(file: File) -> File:
    """What a list says of a file, without what later files change."""
    return file if file.outcome == REFUSED else replace(file, outcome=TAKEN, reason="")


def _listed(assigned: Assignment, students: Roster, book: Gradebook) -> Iterator[tuple[str, ...]]:
    """Every file that ever arrived as it stands now, then who has not handed in what."""
    names = {student.id: student.name for student in students}
    received = {_key(one): one for one in book.received(assigned.name)}
    newest = book.newest(assigned.name)
    rows = book.files(assigned.name)
    taken = {(file.source, file.digest) for file in rows if file.outcome != REFUSED}
    for file in rows:
        one = received.get((file.student, file.part, file.digest))
        if file.outcome == REFUSED and file.digest and (file.source, file.digest) in taken:
            continue  # refused at first, and taken once the roster was mended
        outcome, late = file.outcome, ""
        if one and file.outcome != REFUSED:
            outcome = TAKEN if newest[one.student, one.part].digest == one.digest else SUPERSEDED
            late = "late" if is_late(assigned, one) else ""
        when = one.handed_in.astimezone().isoformat(" ", "seconds") if one else ""
        yield _safe(outcome, file.student, names.get(file.student, ""), file.part, when, late, file.reason, file.source)
    for student in students:
        for part in {item.part: None for item in assigned.items}:
            if (student.id, part) not in newest:
                yield _safe(MISSING, student.id, student.name, part, "", "", "", "")


def is_late(assigned: Assignment, one: Received) -> bool:
    """Whether a part came after the due date, or its system says that it was late."""
    return one.late or bool(assigned.due and one.handed_in > assigned.due)


def _safe(*texts: str) -> tuple[str, ...]:
    return tuple(map(cells.safe, texts))
