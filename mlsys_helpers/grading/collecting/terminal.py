"""What became of a batch, in a terminal: what needs a person comes in full, the rest as counts."""

from collections.abc import Iterator

from mlsys_helpers.grading.collecting.arrived import Row
from mlsys_helpers.grading.collecting.collect import Collected, is_late
from mlsys_helpers.grading.collecting.who import CANVAS, MOODLE
from mlsys_helpers.grading.course import Assignment, part_heading
from mlsys_helpers.grading.gradebook import REFUSED, SUPERSEDED, TAKEN
from mlsys_helpers.grading.words import many, some, written

_MOST_NAMES, _MOST_LINES = 12, 40
_SYSTEMS = {
    CANVAS: "Canvas gives its files the time of the download: those that it does not call late count as in time, and "
    "late ones as one day late.",
    MOODLE: "Moodle gives its files the time of the download: all count as in time. Collect late ones apart, before "
    "this, with --received.",
}


def told(found: Collected, assigned: Assignment) -> Iterator[str]:
    """The lines that say what became of a batch."""
    taken, refused = found.having(TAKEN), found.having(REFUSED)
    yield f"{assigned.course} {assigned.name}: {many(len(found.rows), 'file')}"
    yield ""
    yield from _counts(found, taken, refused)
    if refused:
        yield "\nRefused, so that somebody has to ask:"
        yield from _lines(refused)
    flagged = [row for row in found.rows if row.flag]
    if flagged:
        yield "\nTaken, but look at them:"
        yield from _lines(flagged)
    yield "" if found.new else "\nNothing new: all of it was collected before."
    yield from _times(found, taken, assigned)
    if len(found.counts) > 1:
        counts = (f"{part_heading(part)} from {count:,}" for part, count in found.counts.items())
        yield f"So far: {', '.join(counts)}"
    if found.missing:
        names = some((student.id for student in found.missing), _MOST_NAMES)
        yield f"Nothing from {many(len(found.missing), 'student')} so far: {names}"


def _lines(rows: list[Row]) -> Iterator[str]:
    yield from map(_line, rows[:_MOST_LINES])
    if len(rows) > _MOST_LINES:
        yield f"  and {len(rows) - _MOST_LINES:,} more; all of them are in the list"


def _line(row: Row) -> str:
    student = f"{row.file.student}: " if row.file.student else ""
    return f"  {row.file.source}\n      {student}{row.flag or row.file.reason}"


def _counts(found: Collected, taken: list[Row], refused: list[Row]) -> Iterator[str]:
    superseded, unasked = found.having(SUPERSEDED), [row for row in found.rows if row.unasked]
    before = sum(row.already for row in taken)
    yield f"taken          {len(taken):>6,}  {_of(taken)}" + (f", {before:,} of them before" if before else "")
    if superseded:
        yield f"superseded     {len(superseded):>6,}  a newer one counts"
    if refused:
        yield f"refused        {len(refused):>6,}"
    if unasked:
        yield f"no submission  {len(unasked):>6,}  system files and what lies beside a notebook"


def _of(rows: list[Row]) -> str:
    return f"of {many(len({row.file.student for row in rows}), 'student')}"


def _times(found: Collected, taken: list[Row], assigned: Assignment) -> Iterator[str]:
    late = sorted({row.file.student for row in taken if row.received and is_late(assigned, row.received)})
    if late and assigned.due:
        yield f"Late, with {written(assigned.due)} as the due date: {some(late, _MOST_NAMES)}"
    if any(not row.system for row in taken if row.file.student in late):
        yield "(by the times of the files; if those are of a copy, give the time yourself: --received)"
    for system in sorted({row.system for row in found.rows if row.system}):
        yield _SYSTEMS[system]
