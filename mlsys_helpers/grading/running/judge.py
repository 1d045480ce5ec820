"""The judge's side: what is asked of a student, and what is made of what came back. Only here are answers known."""

import base64
import re
from dataclasses import dataclass, replace
from typing import Any

from mlsys_helpers.exercise.judge import BROKEN, Verdict, judge
from mlsys_helpers.exercise.run import Outcome
from mlsys_helpers.exercise.task import Case, Task, needs, tasks
from mlsys_helpers.grading.running.rebuild import rebuild
from mlsys_helpers.grading.sandbox import stubs, values
from mlsys_helpers.grading.sandbox.client import USUAL_WARM, Server
from mlsys_helpers.grading.sandbox.job import Job, Ran, Step
from mlsys_helpers.grading.sandbox.runner import MAX_ERROR

MAX_SAID, MAX_MESSAGE = 4_000, 1_000
_INERT = f"<{stubs.Inert.__name__}>"  # how a value shows that a companion's own model would have given
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class Graded:
    """A submission's verdicts, one for each task that counts in the section's order, and what running it gave.

    `said` has for each task what the cells since the task before it printed, and the error that stopped one.
    """

    verdicts: tuple[Verdict, ...]
    said: dict[str, str]
    ran: Ran

    @property
    def points(self) -> int:
        """What it earned."""
        return sum(verdict.points for verdict in self.verdicts)


@dataclass(frozen=True)
class Sheet:
    """One student's answers to one section, ready to be run: `job` goes to a sandbox, the rest stays with the judge."""

    asked: tuple[tuple[Task, list[Case]], ...]
    job: Job

    def judged(self, ran: Ran) -> Graded:
        """The verdicts on what came back from running the job."""
        places = {step.task: place for place, step in enumerate(self.job.steps) if step.task}
        verdicts = (_verdict(task, cases, ran, places.get(task.name, -1)) for task, cases in self.asked)
        return Graded(tuple(verdicts), _said(self.job.steps, ran), ran)


def prepare(
    section: str,
    names: tuple[str, ...],
    key: str,
    secret: str,
    released: bytes,
    submitted: bytes,
    files: dict[str, bytes] | None = None,
) -> Sheet:
    """A submission made ready: the released notebook with the student's source in it, and the student's cases.

    Only the tasks `names` count. Answers that are values have the numbers drawn from `key`, those of the student's own
    notebook; functions are tried on cases drawn from `key` and `secret`, which nobody can know beforehand. An
    empty secret gives the cases that the student has at home. `files` are data files that lie beside the notebook.
    Raises rebuild.NoNotebook.
    """
    counted = [task for task in tasks(section) if task.name in names]
    hidden = f"{key}/{secret}" if secret else key
    asked = tuple((task, task.cases_for(key if task.by_value else hidden)) for task in counted)
    return Sheet(asked, _job(rebuild(released, submitted), asked, files or {}))


def server(section: str, **options: Any) -> Server:
    """A sandbox for the submissions of a section: with what its answers use, as its tasks declare."""
    needed = needs(section)
    return Server(allowed=(*stubs.ALLOWED, *needed.companion), warm=(*USUAL_WARM, *needed.packages), **options)


def _job(steps: tuple[Step, ...], asked: tuple[tuple[Task, list[Case]], ...], files: dict[str, bytes]) -> Job:
    cases = {task.name: [_encoded(case.given) for case in cases] for task, cases in asked}
    by_value = tuple(task.name for task, _ in asked if task.by_value)
    counted = tuple(step for step in steps if not step.task or step.task in cases)
    beside = {name: base64.b64encode(data).decode() for name, data in files.items()}
    return Job(counted, cases, {name: cases[name][0] for name in by_value}, by_value, beside)


def _encoded(given: dict[str, Any]) -> dict[str, Any]:
    return {name: values.encode(value) for name, value in given.items()}


def _verdict(task: Task, cases: list[Case], ran: Ran, place: int) -> Verdict:
    if task.name not in ran.outcomes:
        why = "the grading process was lost" if ran.lost else ran.died.get(place) or "was not reached"
        return Verdict(task.name, BROKEN, 0, task.points, f"{task.title}: {why}.")
    try:
        verdict = judge(task, cases, [outcome(data) for data in ran.outcomes[task.name]])
        return replace(verdict, message=verdict.message.replace(_INERT, "<not there in class>")[:MAX_MESSAGE])
    except Exception as error:  # whatever was returned, it ends one task and never the class
        return Verdict(task.name, BROKEN, 0, task.points, f"What came back cannot be judged: {type(error).__name__}.")


def outcome(data: Any) -> Outcome:
    """One encoded outcome, checked. What is none becomes an error, so that it can earn nothing."""
    if type(data) is list and data == ["u"]:
        return Outcome(untried=True)
    if type(data) is list and len(data) == 2 and data[0] == "e" and type(data[1]) is str:
        return Outcome(error=_plain(data[1], MAX_ERROR) or "an error")
    try:
        if type(data) is list and len(data) == 2 and data[0] == "v":
            return Outcome(value=values.decode(data[1]))
    except values.NotPlain as error:
        return Outcome(error=f"the answer is no plain value: {error}")
    return Outcome(error="the answer is no plain value")


def _plain(text: str, most: int) -> str:
    """A learner's text as it may be written anywhere: the same in every run, without addresses of objects."""
    return _ADDRESS.sub("at 0x...", text)[:most].encode("utf8", "replace").decode("utf8")


def _said(steps: tuple[Step, ...], ran: Ran) -> dict[str, str]:
    """By task, what the cells before it said."""
    said: dict[str, str] = {}
    parts: list[str] = []
    for place, step in enumerate(steps):
        if step.task:
            said[step.task], parts = _plain("\n".join(parts), MAX_SAID), []
        else:
            parts += [text for text in (ran.printed.get(place, "").rstrip("\n"), _end(place, ran)) if text]
    return said


def _end(place: int, ran: Ran) -> str:
    died = ran.died.get(place, "")
    return f"This cell {died}." if died else ran.failed.get(place, "")
