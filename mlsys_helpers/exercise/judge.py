"""Compare outcomes with the reference, and say which mistake a wrong answer is. Pure: it runs no learner's code."""

import math
import numbers
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mlsys_helpers.exercise.run import Outcome, fingerprint, run
from mlsys_helpers.exercise.task import Case, Task
from mlsys_helpers.kit.units import number

_TRUTH = (bool, np.bool_)
RIGHT, WRONG, BROKEN, NOT_TRIED = "right", "wrong", "broken", "not tried"
FAILED = (WRONG, BROKEN)


@dataclass(frozen=True)
class Verdict:
    """The judgement of one answer. `mistake` names the known mistake it matches, or is empty.

    `attempt` is the fingerprint of what a wrong or broken answer gave, and empty otherwise.
    """

    task: str
    status: str
    points: int
    possible: int
    message: str
    mistake: str = ""
    attempt: str = ""


def judge(task: Task, cases: list[Case], outcomes: list[Outcome]) -> Verdict:
    """The verdict on `outcomes`, one for each case. Points are all or nothing."""
    if not cases or len(cases) != len(outcomes):
        raise ValueError(f"{task.name}: {len(outcomes)} outcomes for {len(cases)} cases; nothing can be judged")
    status, message, mistake = _examine(task, cases, _measured(task, cases, outcomes))
    points, attempt = task.points if status == RIGHT else 0, fingerprint(outcomes) if status in FAILED else ""
    return Verdict(task.name, status, points, task.points, message, mistake, attempt)


def _examine(task: Task, cases: list[Case], outcomes: list[Outcome]) -> tuple[str, str, str]:
    if outcomes[0].untried:
        return NOT_TRIED, f'Nothing to check yet. A first hint: hint("{task.name}")', ""
    expected = [outcome.value for outcome in _measured(task, cases, run(task.reference, cases))]
    wrong = [
        i for i, (want, got) in enumerate(zip(expected, outcomes, strict=True)) if not _holds(want, got, task.rtol)
    ]
    if not wrong:
        return RIGHT, "right" if task.by_value else f"right: all {len(cases)} cases agree", ""
    case, outcome = cases[wrong[0]], outcomes[wrong[0]]
    if outcome.error:
        status = BROKEN if len(wrong) == len(cases) else WRONG
        return status, f"{asked(task, case)} raised {outcome.error}.", ""
    found, got = _recognise(task, cases, outcomes), _single(outcome.value)
    reason = found.why if found else _difference(expected[wrong[0]], got, task.rtol)
    return WRONG, f"{asked(task, case)} gave {written(got)}. {reason}", found.name if found else ""


def _single(value: Any) -> Any:
    """A number that NumPy gave as an array without axes (np.where does), as the number it is."""
    return value.item() if isinstance(value, np.ndarray) and not value.ndim else value


def _holds(want: Any, got: Outcome, rtol: float) -> bool:
    return not got.error and not got.untried and same(want, got.value, rtol)


def _recognise(task: Task, cases: list[Case], outcomes: list[Outcome]):
    """The first known mistake that gives the learner's values wherever the learner's code gave one."""
    ran = [(case, outcome) for case, outcome in zip(cases, outcomes, strict=True) if not outcome.error]
    for mistake in task.mistakes:
        if all(_matches(out, got, task.rtol) for (_, got), out in zip(ran, _mistaken(task, mistake, ran), strict=True)):
            return mistake
    return None


def _matches(mistaken: Outcome, got: Outcome, rtol: float) -> bool:
    """Whether a mistake gives what came back. Who leaves an array out loses its axes: one number may stand for many."""
    if isinstance(mistaken.value, np.ndarray) and _is_number(_single(got.value)):
        got = replace(got, value=np.full(mistaken.value.shape, got.value))
    return _holds(mistaken.value, got, rtol)


def _mistaken(task: Task, mistake, ran) -> list[Outcome]:
    cases = [case for case, _ in ran]
    return _measured(task, cases, run(mistake.wrong, cases))


def _measured(task: Task, cases: list[Case], outcomes: list[Outcome]) -> list[Outcome]:
    """Outcomes as the task compares them."""
    if not task.measure:
        return outcomes
    return [
        outcome if outcome.error or outcome.untried else run(partial(task.measure, outcome.value), [case])[0]
        for case, outcome in zip(cases, outcomes, strict=True)
    ]


def same(want: Any, got: Any, rtol: float) -> bool:
    """Whether two answers are equal: words by spelling, numbers within `rtol`, tuples part by part, also as an array.

    A single number does not equal an array of one, and True does not equal 1.
    """
    if isinstance(want, str):
        return isinstance(got, str) and want == got.strip().casefold()
    if isinstance(want, tuple):
        parts = _parts(got)
        return len(parts) == len(want) and all(same(w, g, rtol) for w, g in zip(want, parts, strict=True))
    return _same_numbers(want, got, rtol)


def _parts(got: Any) -> list:
    """The parts of a tuple, a list or an array; of anything else none."""
    return list(got) if isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim) else []


def _same_numbers(want: Any, got: Any, rtol: float) -> bool:
    """Arrays of one shape, numbers with numbers and truths with truths."""
    if isinstance(want, float) and type(got) is float:  # most answers: as np.allclose says, without its arrays
        return bool(want == got or (math.isfinite(want) and abs(got - want) <= rtol * abs(want)))
    try:
        got, want = np.asarray(got), np.asarray(want)
    except ValueError:
        return False
    if got.dtype.kind not in ("b" if want.dtype.kind == "b" else "iuf") or got.shape != want.shape:
        return False
    return bool(np.allclose(got.astype(float), want.astype(float), rtol=rtol, atol=0.0))


def _difference(want: Any, got: Any, rtol: float) -> str:
    """What can be said of an answer that matches no known mistake, without giving the right one away."""
    if got is None:
        return "Nothing came back: None is no answer here. Is there a `return`?"
    if isinstance(want, str) or not _is_number(want):
        if isinstance(want, tuple) and all(map(_is_number, want)) and len(_parts(got)) == len(want):
            return _which_is_off(want, _parts(got), rtol)
        shape = np.shape(got) == np.shape(want)
        return "Not the expected answer." if shape or isinstance(want, str) else f"Expected {_kind(want)}."
    if not _is_number(got):
        return f"Expected {_kind(want)}."
    if got != got:
        return "That is not a number."
    return "That is too large." if got > want else "That is too small."


def _which_is_off(want: tuple, parts: list, rtol: float) -> str:
    off = [str(place) for place, (w, g) in enumerate(zip(want, parts, strict=True), 1) if not same(w, g, rtol)]
    return f"Not the expected answer: look again at value {' and '.join(off)} of {len(want)}."


def _kind(value: Any) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} values, in the order the task states" if len(value) != 1 else "a tuple of one value"
    if isinstance(value, _TRUTH):
        return "True or False"
    return f"an array of shape {np.shape(value)}" if np.ndim(value) else "a single number"


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, _TRUTH)


def asked(task: Task, case: Case) -> str:
    """The question a case put, in words: its label and its givens."""
    givens = ", ".join(f"{name}={written(value)}" for name, value in case.given.items())
    return f"{case.label[0].upper()}{case.label[1:]} ({givens})" if givens else case.label


def written(value: Any) -> str:
    """A value as a short text."""
    if isinstance(value, tuple | list):
        return f"({', '.join(map(written, value))}{',' * (len(value) == 1)})"
    if _is_number(value):
        return f"{value:,}" if isinstance(value, numbers.Integral) else _short(number(float(value), 4))
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _short(text: str) -> str:
    """A number without the zeros that end its fraction: 0.0500 is 0.05."""
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
