"""A job done to its end, with as many runners as it takes. Whoever talks to a runner knows no answer either."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlsys_helpers.grading.sandbox import runner, wire
from mlsys_helpers.grading.sandbox.job import Limits

START_S = 60.0
MAX_PRINTED = 500_000  # letters of a whole submission
MAX_NESTED = 50  # lists within lists; a plain value needs three for each of its levels


class NotStarted(Exception):
    """No runner could be started, for a reason that is no learner's doing."""


@dataclass(frozen=True)
class Talk:
    """A conversation with a runner: say something, hear something within so many seconds, end it for good."""

    say: Callable[[Any], None]
    hear: Callable[[float], Any]
    end: Callable[[], object]


def drive(job: dict[str, Any], limits: Limits, start: Callable[[], Talk]) -> dict[str, Any]:
    """Run a job. When the runner dies or hangs, a new one does what is left: the cells again, then the open tasks.

    A step at which it was lost is guilty and left out, but not if it died after it had answered a task: the end may
    be that task's doing, and it is not called again. So each start answers a task or finds a guilty step.
    Raises NotStarted.
    """
    done: dict[str, Any] = {"outcomes": {}, "printed": {}, "failed": {}, "died": {}}
    begun, ended = time.monotonic(), False
    while not ended:
        talk = start()
        try:
            _wait(talk)
            ended = _through(talk, job, done, limits, begun + limits.total_s)
        finally:
            talk.end()
    return done | {"seconds": time.monotonic() - begun}


def _wait(talk: Talk) -> None:
    """Until the runner is confined. Nothing of a learner's has run by then."""
    try:
        said = talk.hear(START_S)
    except wire.Broken as error:
        raise NotStarted(f"the process for a submission {error}") from error
    if said != runner.READY:
        raise NotStarted(str(said))


def _through(talk: Talk, job: dict[str, Any], done: dict[str, Any], limits: Limits, until: float) -> bool:
    """Do every step that is left in one process; whether that was possible to the end."""
    left = [(place, _asked(job, step)) for place, step in enumerate(job["steps"]) if _open(place, step, done)]
    place, answered = -1, len(done["outcomes"])
    try:
        talk.say({"givens": job["givens"], "steps": [asked for _, asked in left]})
        for place, asked in left:
            seconds = min(until - time.monotonic(), limits.step_s)
            if seconds <= 0:
                done["died"] |= {str(rest): "had no time left" for rest, _ in left if rest >= place}
                return True
            _keep(place, asked, talk.hear(seconds), done)
    except wire.Late:
        done["died"][str(place)] = f"took longer than {limits.step_s:g} s"
        return False
    except wire.Broken:
        if len(done["outcomes"]) == answered:
            done["died"][str(place)] = "ended the process"
        return False
    return True


def _open(place: int, step: dict[str, str], done: dict[str, Any]) -> bool:
    return str(place) not in done["died"] and step["task"] not in done["outcomes"]


def _asked(job: dict[str, Any], step: dict[str, str]) -> dict[str, Any]:
    """A step as the runner hears it."""
    asked, task = {"nonce": secrets.token_hex(8), "code": step["code"], "task": step["task"]}, step["task"]
    return asked | ({"cases": job["cases"][task], "by_value": task in job["by_value"]} if task else {})


def _keep(place: int, asked: dict[str, Any], said: Any, done: dict[str, Any]) -> None:
    """Keep the runner's answer to a step. Raises wire.Broken for anything that is none."""
    task = asked["task"]
    kind, name = (list, "outcomes") if task else (str, "error")
    if type(said) is not dict or set(said) != {"nonce", "printed", name} or said["nonce"] != asked["nonce"]:
        raise wire.Broken("what came back is no answer to the step")
    if type(said["printed"]) is not str or type(said[name]) is not kind:
        raise wire.Broken("what came back is no answer to the step")
    if task and len(said[name]) != len(asked["cases"]):
        raise wire.Broken("there is not one outcome for each case")
    if _deeper(said[name], MAX_NESTED):
        raise wire.Broken("what came back is nested too deep")
    room = MAX_PRINTED - sum(map(len, done["printed"].values()))
    if said["printed"] and room > 0:
        done["printed"][str(place)] = said["printed"][: min(room, runner.MAX_PRINTED + 50)]
    if task:
        done["outcomes"][task] = said["outcomes"]
    elif said["error"]:
        done["failed"][str(place)] = said["error"][: runner.MAX_ERROR]


def _deeper(data: Any, most: int) -> bool:
    """Whether there are more than so many lists within lists. Not all that carries the answer on can."""
    inner = data.values() if type(data) is dict else data if type(data) is list else ()
    return most < 0 or any(_deeper(part, most - 1) for part in inner if type(part) in (list, dict))
