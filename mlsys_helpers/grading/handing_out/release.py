"""What is given out for an assignment, decided whole before anything is written, and never written over by mistake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlsys_helpers import chapter
from mlsys_helpers.exercise import whose
from mlsys_helpers.exercise.task import Task, tasks
from mlsys_helpers.grading import course, words
from mlsys_helpers.grading.course import Assignment, Late, Part
from mlsys_helpers.grading.gradebook import Gradebook
from mlsys_helpers.grading.handing_out import handout
from mlsys_helpers.grading.roster import Roster, parse
from mlsys_helpers.kit import files
from mlsys_helpers.kit.checks import one_of


@dataclass(frozen=True)
class Release:
    """An assignment and every file that it gives out, by its path in the assignment's folder."""

    assigned: Assignment
    files: dict[str, bytes]


# --- what is asked --------------------------------------------------------------------------------------------------


def parts(
    sections: Sequence[str], names: Iterable[str] = (), points: Mapping[str, float] | None = None, quiz: float = 0.0
) -> tuple[Part, ...]:
    """What an assignment asks: of each section the tasks called `names` (all, if there are none), and its quiz.

    A task earns its own points unless `points` says other ones. Raises ValueError for a task that none of the sections
    has, and for a section of which nothing is asked.
    """
    known = {task.name: task for section in sections for task in tasks(chapter.section(section).slug)}
    chosen = {_full(name, known) for name in names} or set(known)
    worth = {_full(name, known): value for name, value in (points or {}).items()}
    if left_out := sorted(set(worth) - chosen):
        raise ValueError(f"points for {left_out[0]}, which is not among the tasks: add --tasks {left_out[0]}")
    return tuple(_part(chapter.section(section).slug, known, chosen, worth, quiz) for section in sections)


def _part(section: str, known: dict[str, Task], chosen: set[str], worth: dict[str, float], quiz: float) -> Part:
    own = {n: worth.get(n, float(t.points)) for n, t in known.items() if n in chosen and n.startswith(f"{section}.")}
    if not own:
        raise ValueError(f"no task of {section} is chosen: leave the section out, or add one with --tasks")
    return Part(section, own, quiz)


def _full(name: str, known: Iterable[str]) -> str:
    """The task called `name`, with or without its section. Raises ValueError with the nearest one."""
    short = [full for full in known if full.partition(".")[2] == name]
    if len(short) > 1:
        raise ValueError(f"{name} is a task of more than one section: say {' or '.join(short)}")
    return short[0] if short else one_of("task", name, known)


# --- an assignment's files ------------------------------------------------------------------------------------------


def release(assigned: Assignment, students: Roster) -> Release:
    """Every file that the assignment gives out. Raises ValueError, as handout.exercise does."""
    made: dict[str, bytes] = {}
    for part in assigned.parts:
        name, source = f"{chapter.section(part.section).stem}.ipynb", handout.exercise(part.section, part.tasks)
        common = handout.notebook(assigned, part, source)
        made |= {f"released/{name}": common, f"students/{name}": common}
        if assigned.variants == whose.STUDENT:
            made |= {f"students/{one.id}/{name}": handout.notebook(assigned, part, source, one.id) for one in students}
    return Release(assigned, made)


# --- on disk --------------------------------------------------------------------------------------------------------


def asks(place: Path, sections: Sequence[str]) -> bool:
    """Whether `place` holds an assignment of these sections."""
    there = (place / course.ASSIGNMENT).exists()
    return there and {part.section for part in course.assignment(place).parts} == set(sections)


def changes(planned: Release) -> list[str]:
    """What writing the release would change of one that is there, in words; nothing where it only adds.

    Raises ValueError where the assignment's file is damaged.
    """
    place = planned.assigned.folder
    if not (place / course.ASSIGNMENT).exists():
        return []
    told = list(_differences(course.assignment(place), planned.assigned))
    changed = [name for name, data in planned.files.items() if (place / name).exists() and data != _bytes(place / name)]
    for kind in ("released", "students"):
        if found := [name for name in changed if name.startswith(f"{kind}/")]:
            told.append(f"{kind}: {words.many(len(found), 'notebook')} ({found[0]}{', ...' if len(found) > 1 else ''})")
    return told


def _differences(old: Assignment, new: Assignment) -> Iterator[str]:
    for name in ("due", "variants", "late"):
        was, will = getattr(old, name), getattr(new, name)
        if was != will:
            yield f"{name}: {_told(was)} becomes {_told(will)}"
    before, after = ({item.id: item.points for item in one.items} for one in (old, new))
    for item in [*before, *(item for item in after if item not in before)]:
        if before.get(item) != after.get(item):
            worth = [words.many(side[item], "point") if item in side else "not asked" for side in (before, after)]
            yield f"{item}: {worth[0]} becomes {worth[1]}"


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return words.written(value)
    if isinstance(value, Late):
        return f"{100 * value.per_day:g} % a day, {value.days} days, {value.grace_minutes:g} minutes' grace"
    return "none" if value is None else str(value)


def write(planned: Release) -> int:
    """Write what is not there as it should be, the assignment's file last; the number of notebooks written."""
    place, count = planned.assigned.folder, 0
    for name, data in planned.files.items():
        if _bytes(place / name) != data:
            files.put(place / name, data)
            count += 1
    if not (place / course.ASSIGNMENT).exists() or course.assignment(place) != planned.assigned:
        course.write(planned.assigned)
    return count


def lost(found: course.Course, students: Roster) -> list[str]:
    """The students who have handed in or been graded in the course, and are not in this roster."""
    if not found.gradebook.exists():
        return []
    kept = {student.id for student in students}  # letter for letter: the gradebook knows them by nothing else
    with Gradebook(found.gradebook) as book:
        known = {student for assigned in found.assignments() for student in book.students(assigned.name)}
    return sorted(known - kept)


def checked_roster(place: Path, data: bytes, source: str) -> Roster:
    """The students of a roster for the course in `place`. Raises ValueError where one with scores would be lost."""
    students = parse(data, source)
    gone = lost(course.course(place), students) if (place / course.COURSE).exists() else []
    if gone:
        raise ValueError(
            f"{source} lacks {words.some(gone)}, who handed in or were graded in {place}: leave them in "
            "the roster, with the very ids, so that no score is lost sight of"
        )
    return students


def keep_roster(place: Path, data: bytes) -> None:
    """Make `data` the roster of the course in `place`."""
    if _bytes(place / course.ROSTER) != data:
        files.put(place / course.ROSTER, data)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
