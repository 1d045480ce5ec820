"""The grading run: what was handed in and is not graded yet is run elsewhere, judged here and written, unit by unit.

A unit is one part of one student, an exercise or a quiz. Its entries and the mark that it is done are one transaction,
so a run may be stopped at any moment: the same call does what is left, and once more does nothing. What decides a
verdict has a fingerprint; when that changes, with a mended task or new points, the units are open again.
"""

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, metadata
from inspect import ismodule
from pathlib import Path
from types import ModuleType
from typing import Protocol

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import BROKEN, RIGHT
from mlsys_helpers.grading import course
from mlsys_helpers.grading.course import Assignment
from mlsys_helpers.grading.gradebook import Entry, Gradebook, Received
from mlsys_helpers.grading.running import judge, rebuild
from mlsys_helpers.grading.sandbox.drive import NotStarted
from mlsys_helpers.grading.sandbox.job import Job, Ran
from mlsys_helpers.kit.files import digest

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")


class Lost(Exception):
    """Who runs the jobs is gone for good."""


class Runner(Protocol):
    """Where the jobs of a section are run. It is given at most `ahead` of them at a time."""

    ahead: int

    def submit(self, job: Job) -> Future[Ran]:
        """Have a job run. The future raises only for a reason that is not the submission's; Lost, if all that follow
        will fail too."""


@dataclass(frozen=True)
class Work:
    """What is graded of one part: `name` is the section, or the section and ".quiz". Only the item `only` may change,
    unless it is empty."""

    assigned: Assignment
    part: course.Part
    name: str
    only: str = ""

    @property
    def quiz(self) -> bool:
        """Whether it is the quiz, of which nothing is run."""
        return course.is_quiz(self.name)

    @cached_property
    def secret(self) -> str:
        """The course's."""
        return course.course_of(self.assigned).secret

    @cached_property
    def released(self) -> bytes:
        """The released notebook. Raises ValueError when it is none."""
        path = self.assigned.released(self.part.section)
        try:
            data = path.read_bytes()
            rebuild.cells(data)
        except (OSError, rebuild.NoNotebook) as error:
            raise ValueError(f"{path} cannot be read ({error}): release the assignment again with --force") from error
        return data

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The data files that lie beside the released notebooks."""
        beside = self.assigned.released(self.part.section).parent.iterdir()
        return {path.name: path.read_bytes() for path in sorted(beside) if path.is_file() and path.suffix != ".ipynb"}

    @cached_property
    def grader(self) -> str:
        """The fingerprint of what decides a verdict: companion, questions, released notebook, cases and points."""
        questions = _quiz_files(self.part.section) if self.quiz else _task_files(self.part.section)
        decides = {
            "companion": metadata.version("mlsys-companion"),
            "questions": [digest(path.read_bytes()) for path in questions],
            "released": [] if self.quiz else [digest(data) for data in (self.released, *self.files.values())],
            "cases": [self.assigned.key("*"), self.secret],
            "points": self.part.quiz if self.quiz else self.part.tasks,
        }
        return f"{digest(json.dumps(decides).encode())[:16]} {self.only}".strip()

    def open(self, book: Gradebook) -> list[Received]:
        """The units that count and that this grader has not finished; all that count where only one item may change."""
        newest = [unit for unit in book.newest(self.assigned.name).values() if unit.part == self.name]
        done = set() if self.only else book.done(self.assigned.name, self.grader)
        return [unit for unit in newest if (unit.student, unit.part, unit.digest) not in done]


def works(assigned: Assignment, again: str = "") -> list[Work]:
    """All that an assignment grades, in its order; with an item `again`, what grades that item alone."""
    wanted = assigned.item(again).part if again else ""
    found = []
    for part in assigned.parts:
        names = [part.section] * bool(part.tasks) + [course.quiz_part(part.section)] * bool(part.quiz)
        found += [Work(assigned, part, name, again) for name in names if wanted in ("", name)]
    return found


@dataclass(frozen=True)
class Finished:
    """A unit that was dealt with. `trouble` is why it stays open, for a reason that is not the student's."""

    unit: Received
    trouble: str = ""


def grade(book: Gradebook, work: Work, units: Iterable[Received], runner: Runner) -> Iterator[Finished]:
    """Grade the exercises of a section; each is given back when it ends, in any order. Raises Lost.

    The runner has `ahead` of them at most, so that a class of any size takes the memory of a few.
    """
    running: dict[Future[Ran], tuple[Received, judge.Sheet]] = {}
    for unit in units:
        try:
            sheet = _sheet(work, unit)
        except rebuild.NoNotebook as error:
            yield _written(book, work, unit, _unreadable(work, unit, error))
        except Exception as error:
            yield _failed(unit, error)
        else:
            running[runner.submit(sheet.job)] = unit, sheet
        if len(running) >= runner.ahead:
            yield from _ended(book, work, running)
    while running:
        yield from _ended(book, work, running)


def grade_quizzes(book: Gradebook, work: Work, units: Iterable[Received]) -> Iterator[Finished]:
    """Grade the quizzes of a section."""
    from mlsys_helpers.grading.handing_in.quizzes import quiz_entries

    for unit in units:
        try:
            entries = quiz_entries(work.assigned, unit, _submitted(work, unit))
        except Exception as error:
            yield _failed(unit, error)
        else:
            yield _written(book, work, unit, entries)


def _ended(book: Gradebook, work: Work, running: dict[Future[Ran], tuple[Received, judge.Sheet]]) -> Iterator[Finished]:
    """Wait for one of `running`; judge and write all that have ended."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        unit, sheet = running.pop(future)
        try:
            ran = future.result()
            if ran.lost:
                raise RuntimeError(f"the sandbox was lost twice with it ({ran.lost}); look at it, and mark it by hand")
            entries = _entries(work, unit, sheet.judged(ran))
        except Lost:
            raise
        except Exception as error:  # not the student's fault: it is told, and the unit stays open
            yield _failed(unit, error)
        else:
            yield _written(book, work, unit, entries)


def _sheet(work: Work, unit: Received) -> judge.Sheet:
    names, key = tuple(work.part.tasks), work.assigned.key(unit.student)
    return judge.prepare(work.part.section, names, key, work.secret, work.released, _submitted(work, unit), work.files)


def _submitted(work: Work, unit: Received) -> bytes:
    """What was taken. Raises OSError when it is gone, or is no longer what was taken."""
    path = work.assigned.folder / unit.path
    data = path.read_bytes()
    if digest(data) != unit.digest:
        raise OSError(f"{path} is not what was collected: it was changed since; collect it again")
    return data


def _written(book: Gradebook, work: Work, unit: Received, entries: Iterable[Entry]) -> Finished:
    asked = [entry for entry in entries if work.only in ("", entry.item)]
    book.finish(work.assigned.name, unit, work.grader, asked)
    return Finished(unit)


def _failed(unit: Received, error: Exception) -> Finished:
    known = isinstance(error, OSError | RuntimeError | NotStarted)
    return Finished(unit, str(error) if known else f"{type(error).__name__}: {error}")


def _entries(work: Work, unit: Received, graded: judge.Graded) -> list[Entry]:
    """The verdicts on a submission, with the points that the assignment gives for right answers."""
    return [
        Entry(
            unit.student,
            verdict.task,
            work.part.tasks[verdict.task] if verdict.status == RIGHT else 0.0,
            work.part.tasks[verdict.task],
            verdict.status,
            _lasting(verdict.message),
            verdict.mistake,
            digest=unit.digest,
            detail={"said": _lasting(graded.said.get(verdict.task, ""))},
        )
        for verdict in graded.verdicts
    ]


def _lasting(text: str) -> str:
    """A text without the addresses of objects, which differ from run to run."""
    return _ADDRESS.sub("0x...", text)


def _unreadable(work: Work, unit: Received, error: rebuild.NoNotebook) -> list[Entry]:
    """What a submission earns that is no notebook."""
    told = f"What was handed in cannot be read: {error}."
    return [
        Entry(unit.student, task, 0.0, points, BROKEN, told, digest=unit.digest)
        for task, points in work.part.tasks.items()
    ]


def _task_files(section: str) -> list[Path]:
    """The sources that a section's tasks are made of: their own, and those of the sections' modules that they use."""
    tasks = import_module(f"{chapter.section(section).package}.tasks")
    used = {str(getattr(value, "__name__" if ismodule(value) else "__module__", "")) for value in vars(tasks).values()}
    names = {tasks.__name__} | {name for name in used if name.startswith("mlsys_helpers.sections.")}
    return [_source(import_module(name)) for name in sorted(names)]


def _quiz_files(section: str) -> list[Path]:
    model = _source(import_module(f"{chapter.section(section).package}.model"))
    return [model.with_name("quiz.toml"), model]


def _source(module: ModuleType) -> Path:
    return Path(module.__file__ or "")
