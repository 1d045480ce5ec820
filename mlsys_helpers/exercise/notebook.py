"""What an exercise notebook calls: givens, check, hint and solution. All but givens record what the reader did."""

import io
import os
import textwrap
from collections.abc import Iterable
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass
from types import SimpleNamespace

from mlsys_helpers.exercise.judge import BROKEN, FAILED, NOT_TRIED, RIGHT, WRONG, Verdict, judge
from mlsys_helpers.exercise.run import run
from mlsys_helpers.exercise.task import task
from mlsys_helpers.kit import cards
from mlsys_helpers.progress import store

VERDICT_MIME = "application/vnd.mlsys.verdict+json"
NBGRADER = "NBGRADER_EXECUTION"  # the environment variable that nbgrader sets while it validates or grades
ATTEMPTS_NEEDED = 3
_SIGNS = {RIGHT: "✓", WRONG: "✗", BROKEN: "✗", NOT_TRIED: "○"}


def student_id() -> str:
    """Whose variants these are: the environment variable MLSYS_STUDENT, or "reader". Raises ValueError where a class's
    notebook does not say yet which student it is for.
    """
    named = os.environ.get("MLSYS_STUDENT", "").strip() or "reader"
    if named.endswith("/"):
        raise ValueError("whose numbers? Write your id into the cell `assigned(...)` at the top, and run it first")
    return named


@dataclass(frozen=True)
class Shown:
    """A verdict as a notebook shows it: one line when right, the reason when wrong, and data for who collects it."""

    verdict: Verdict

    @property
    def head(self) -> str:
        """The task and its points: `✓ iron_law.binding_term: 2 of 2 points`."""
        verdict = self.verdict
        return f"{_SIGNS[verdict.status]} {verdict.task}: {verdict.points} of {verdict.possible} points"

    def __str__(self) -> str:
        return f"{self.head}. {self.verdict.message}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {
            "text/plain": str(self),
            "text/html": f'<div role="status"><b>{self.head}</b><br>{cards.rich(self.verdict.message)}</div>',
            VERDICT_MIME: asdict(self.verdict),
        }


class NotRight(AssertionError):
    """A verdict for nbgrader to see: IPython shows its words alone, in lines that `nbgrader validate` leaves whole."""

    def _render_traceback_(self) -> list[str]:
        return textwrap.wrap(str(self), 80)


@dataclass(frozen=True)
class Told:
    """Something said to the reader, with a piece of code if there is one."""

    text: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.code}" if self.code else self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        if self.code:
            return {"text/plain": str(self), "text/markdown": f"{self.text}\n\n```python\n{self.code}\n```"}
        return {"text/plain": str(self), "text/html": f'<div role="status">{cards.rich(self.text)}</div>'}


def check(task_name: str, answer: object) -> Shown | None:
    """Try the reader's own `answer` on the task's cases, record the verdict and show it.

    Raises ValueError for an unknown task. The companion's own functions are refused: they are no answer. While
    nbgrader runs the notebook, nothing is recorded and an answer that is not right raises NotRight.
    """
    if os.environ.get(NBGRADER):
        _tell_nbgrader(task_name, answer)
        return None
    verdict = _verdict(task_name, answer)
    record(verdict)
    return Shown(verdict)


def _verdict(task_name: str, answer: object) -> Verdict:
    asked = task(task_name)
    if str(getattr(answer, "__module__", "")).startswith("mlsys_helpers."):
        raise ValueError(
            f"{getattr(answer, '__name__', 'this')} is the companion's own function: check the one you wrote"
        )
    cases = asked.cases_for(student_id())
    return judge(asked, cases, run(answer, cases, asked.by_value))


def _tell_nbgrader(task_name: str, answer: object) -> None:
    """Give nbgrader what it reads as no credit, an error or words on stderr, if and only if the answer is not right."""
    from IPython.display import display

    with redirect_stderr(io.StringIO()):  # a right answer may warn on the way
        shown = Shown(_verdict(task_name, answer))
    if shown.verdict.status != RIGHT:
        raise NotRight(str(shown))
    display(shown)  # not as the cell's result, which nbgrader would read as a number of points


def record(verdict: Verdict) -> None:
    """Keep a verdict in the reader's progress, if the answer was run: it was right, or it was an attempt."""
    if verdict.status == RIGHT or verdict.attempt:
        store.record("exercise", verdict.task, asdict(verdict))


def givens(task_name: str) -> SimpleNamespace:
    """This reader's numbers for a task that is answered with a value. Raises ValueError for other tasks."""
    asked = task(task_name)
    if not asked.by_value:
        raise ValueError(f"{task_name} is answered with a function: it is tried on many numbers, none is yours alone")
    return SimpleNamespace(**asked.cases_for(student_id())[0].given)


def hint(task_name: str) -> Told:
    """The next of the task's three hints: a question, a pointer, nearly the code. Each call goes one further."""
    asked = task(task_name)
    step = _next_hint(task_name, len(asked.hints))
    store.record("hint", task_name, {"step": step})
    more = "" if step < len(asked.hints) else " (That was the last one.)"
    return Told(f"Hint {step} of {len(asked.hints)}. {asked.hints[step - 1]}{more}")


def _next_hint(task_name: str, last: int) -> int:
    return min(len(store.history("hint", task_name)) + 1, last)


def solution(task_name: str) -> Told:
    """The companion's own answer, to compare with: open once the task is solved, or after three honest attempts.

    Before that it says what is missing. Opening it is recorded, with whether the task was solved by then: points
    stay as they are, and whoever reads the record can tell an answer that was found from one that was read.
    """
    asked = task(task_name)
    tried = store.history("exercise", task_name)
    solved = any(event.payload["status"] == RIGHT for event in tried)
    made = honest_attempts(tried)
    if not solved and made < ATTEMPTS_NEEDED:
        step = _next_hint(task_name, len(asked.hints))
        return Told(
            f"The solution opens once the task is solved, or after {ATTEMPTS_NEEDED} attempts with different results. "
            f"You have made {made}, so {ATTEMPTS_NEEDED - made} to go. "
            f'`hint("{task_name}")` gives hint {step} of {len(asked.hints)}.'
        )
    from mlsys_helpers.publish.answers import solution_text  # only here, when it is earned

    code = solution_text(task_name)
    store.record("solution", task_name, {"solved": solved, "attempts": made})
    return Told("One way to do it. What does it do that yours does not, and the other way round?", code)


def honest_attempts(events: Iterable[store.Event]) -> int:
    """How many different things wrong or broken answers gave, among the checks of one task.

    Checks recorded before attempts had fingerprints are told apart by their messages.
    """
    failed = [event.payload for event in events if event.payload["status"] in FAILED]
    return len({payload.get("attempt") or payload["message"] for payload in failed})
