"""Put cases to an answer and keep what comes back, as plain data. Nothing here knows a right answer."""

import copy
import hashlib
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlsys_helpers.exercise.task import Case


@dataclass(frozen=True)
class Outcome:
    """What one case gave: a value, or the error that stopped it. `untried` marks an untouched stub."""

    value: Any = None
    error: str = ""
    untried: bool = False


def run(answer: Any, cases: list[Case], by_value: bool = False) -> list[Outcome]:
    """One outcome for each case. A by-value answer is its own outcome; a function is called on copies of the givens."""
    if by_value:
        return [Outcome(value=answer, untried=answer is None or answer is ...)]
    return [_call(answer, case) for case in cases]


def fingerprint(outcomes: list[Outcome]) -> str:
    """A short name for what an answer gave: two answers that behave alike on every case have the same one.

    So a cell that is run again, a new comment or a renamed variable make no other attempt; other results do.
    """
    text = repr([(outcome.value, outcome.error) for outcome in outcomes])
    return hashlib.sha256(re.sub(r" at 0x[0-9a-fA-F]+", "", text).encode()).hexdigest()[:12]


def _call(function: Callable[..., Any], case: Case) -> Outcome:
    if not callable(function):
        untried = function is None or function is ...
        return Outcome(untried=untried, error=f"expected a function, got {type(function).__name__}")
    try:
        return Outcome(value=function(**copy.deepcopy(case.given)))
    except NotImplementedError:
        return Outcome(untried=True, error="NotImplementedError")
    except Exception as error:  # whatever a learner's code raises is an outcome to report, never a crash of the check
        return Outcome(error=f"{type(error).__name__}: {error}{_where(error, function)}")


def _where(error: Exception, function: Callable[..., Any]) -> str:
    """The line of the learner's own function that failed, where there is one."""
    code = getattr(function, "__code__", None)
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if code and f.filename == code.co_filename]
    return f" (line {lines[-1] - code.co_firstlineno + 1} of {function.__name__})" if lines and code else ""
