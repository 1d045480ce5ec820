"""What an exercise notebook calls: givens, check and hint. Each is recorded in the reader's progress."""

import html
import os
from dataclasses import asdict, dataclass
from types import SimpleNamespace

from mlsys_helpers.exercise.judge import BROKEN, NOT_TRIED, RIGHT, WRONG, Verdict, judge
from mlsys_helpers.exercise.run import run
from mlsys_helpers.exercise.task import task
from mlsys_helpers.progress import store

VERDICT_MIME = "application/vnd.mlsys.verdict+json"
_SIGNS = {RIGHT: "✓", WRONG: "✗", BROKEN: "✗", NOT_TRIED: "○"}


def student_id() -> str:
    """Whose variants these are: the environment variable MLSYS_STUDENT, or "reader"."""
    return os.environ.get("MLSYS_STUDENT", "").strip() or "reader"


@dataclass(frozen=True)
class Shown:
    """A verdict as a notebook shows it: one line when right, the reason when wrong, and data for who collects it."""

    verdict: Verdict

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        verdict = self.verdict
        head = f"{_SIGNS[verdict.status]} {verdict.task}: {verdict.points} of {verdict.possible} points"
        text = html.escape(verdict.message)
        return {
            "text/plain": f"{head}. {verdict.message}",
            "text/html": f'<div role="status"><b>{head}</b><br>{text}</div>',
            VERDICT_MIME: asdict(verdict),
        }


def check(task_name: str, answer: object) -> Shown:
    """Try the reader's own `answer` on the task's cases, record the verdict and show it.

    Raises ValueError for an unknown task. The companion's own functions are refused: they are no answer.
    """
    asked = task(task_name)
    if getattr(answer, "__module__", "").startswith("mlsys_helpers."):
        raise ValueError(
            f"{getattr(answer, '__name__', 'this')} is the companion's own function: check the one you wrote"
        )
    cases = asked.cases_for(student_id())
    verdict = judge(asked, cases, run(answer, cases, asked.by_value))
    if verdict.status != NOT_TRIED:
        store.record("exercise", task_name, asdict(verdict))
    return Shown(verdict)


def givens(task_name: str) -> SimpleNamespace:
    """This reader's numbers for a task that is answered with a value. Raises ValueError for other tasks."""
    asked = task(task_name)
    if not asked.by_value:
        raise ValueError(f"{task_name} is answered with a function: it is tried on many numbers, none is yours alone")
    return SimpleNamespace(**asked.cases_for(student_id())[0].given)


def hint(task_name: str) -> str:
    """The next of the task's three hints: a question, a pointer, nearly the code. Each call goes one further."""
    asked = task(task_name)
    step = min(len(store.history("hint", task_name)), len(asked.hints) - 1)
    store.record("hint", task_name, {"step": step + 1})
    return f"Hint {step + 1} of {len(asked.hints)}. {asked.hints[step]}"
