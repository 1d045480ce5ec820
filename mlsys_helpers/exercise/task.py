"""What an exercise asks, as data: cases to answer, a reference to judge by, known mistakes, hints."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from mlsys_helpers import chapter
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.seeds import generator


@dataclass(frozen=True)
class Case:
    """One question put to an answer: a few words on what it probes, and the arguments it is put with."""

    label: str
    given: dict[str, Any]


@dataclass(frozen=True)
class Mistake:
    """A known wrong way to answer: its name, the function that makes it, and what to tell who made it."""

    name: str
    wrong: Callable[..., Any]
    why: str


@dataclass(frozen=True)
class Task:
    """One exercise task.

    `reference` answers correctly. `cases(rng)` returns the cases to try: at least one limiting case, random cases
    and broadcast or edge cases. `by_value` tasks are answered with a value instead of a function: they have one
    case, whose givens depend on the student. Numbers count as equal within the relative tolerance `rtol`. Where many
    answers will do, `measure(answer, **given)` says what of an answer is compared.
    """

    name: str
    title: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator], list[Case]]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, str, str]
    points: int
    minutes: int
    difficulty: str
    by_value: bool = False
    rtol: float = 1e-6
    measure: Callable[..., Any] | None = None

    def cases_for(self, student: str) -> list[Case]:
        """The cases that this student's answer is tried on: the same for one id, on every machine.

        Raises ValueError when there are none: a check that tries nothing must not pass.
        """
        cases = self.cases(generator(self.name, student))
        if not cases:
            raise ValueError(f"task {self.name} has no cases")
        return cases


@dataclass(frozen=True)
class Needs:
    """What the answers of a section use, for a grader that runs them: beside NumPy, `packages` (modules by their full
    names), loaded once for a class; and modules and data files of the `companion` that hold no answer (paths within
    the package: with dots for a module, with slashes for a file).
    """

    packages: tuple[str, ...] = ()
    companion: tuple[str, ...] = ()


def needs(section_name: str) -> Needs:
    """What a section's `tasks.py` declares as NEEDS; nothing where it declares none."""
    return getattr(import_module(f"{chapter.section(section_name).package}.tasks"), "NEEDS", Needs())


def tasks(section_name: str) -> tuple[Task, ...]:
    """The tasks of a section, in the order of its exercise notebook."""
    return import_module(f"{chapter.section(section_name).package}.tasks").TASKS


def task(name: str) -> Task:
    """The task called `section.task`. Raises ValueError with the nearest name when there is none."""
    slug, dot, _ = name.partition(".")
    if not dot:
        raise ValueError(f"a task is named section.task, for example iron_law.binding_term; got {name!r}")
    by_name = {found.name: found for found in tasks(slug)}
    return by_name[one_of("task", name, by_name)]
