"""The warm process: NumPy is loaded once, then a child is forked for each submission. It knows no answer.

Run as `python -P -m mlsys_helpers.grading.sandbox.server`, frames on its standard input and output. With `--once` the
process itself runs one submission: the way where there is no fork.
"""

import gc
import os
import secrets
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from mlsys_helpers.grading.sandbox import protect, runner, stubs, wire
from mlsys_helpers.grading.sandbox.job import Limits


@dataclass(frozen=True)
class Talk:
    """A conversation with a runner: say something, hear something within so many seconds, end it for good."""

    say: Callable[[Any], None]
    hear: Callable[[float], Any]
    end: Callable[[], None]


def drive(job: dict[str, Any], limits: Limits, start: Callable[[], Talk]) -> dict[str, Any]:
    """Run a job. When the runner dies or hangs, a new one does what is left: the cells again, then the open tasks.

    A step at which it was lost is guilty and left out, but not if it died after it had answered a task: the end may
    be that task's doing, and it is not called again. So each start answers a task or finds a guilty step.
    """
    done: dict[str, Any] = {"outcomes": {}, "printed": {}, "failed": {}, "died": {}}
    begun, ended = time.monotonic(), False
    while not ended:
        talk = start()
        try:
            ended = _through(talk, job, done, limits, begun + limits.total_s)
        finally:
            talk.end()
    return done | {"seconds": time.monotonic() - begun}


def _through(talk: Talk, job: dict[str, Any], done: dict[str, Any], limits: Limits, until: float) -> bool:
    """Do every step that is left in one process; whether that was possible to the end."""
    left = [(place, _asked(job, step)) for place, step in enumerate(job["steps"]) if _open(place, step, done)]
    place, answered = -1, len(done["outcomes"])
    try:
        talk.say({"givens": job["givens"], "steps": [asked for _, asked in left]})
        for place, asked in left:
            seconds = min(until - time.monotonic(), limits.step_s)
            if seconds <= 0:
                done["died"] |= {str(rest): "no time was left for it" for rest, _ in left if rest >= place}
                return True
            _keep(place, asked, talk.hear(seconds), done)
    except wire.Broken as error:
        late = str(error) == "out of time"
        if late or len(done["outcomes"]) == answered:
            done["died"][str(place)] = f"took longer than {limits.step_s:g} s" if late else "ended the process"
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
    if said["printed"]:
        done["printed"][str(place)] = said["printed"][: runner.MAX_PRINTED + 50]
    if task:
        done["outcomes"][task] = said["outcomes"]
    elif said["error"]:
        done["failed"][str(place)] = said["error"][: runner.MAX_ERROR]


def main() -> None:
    """Serve until the other side is gone."""
    once = "--once" in sys.argv
    heard, told = _taken_descriptors()
    settings = wire.receive(heard)
    limits, place = Limits(**settings["limits"]), settings["companion"] and Path(settings["companion"])
    allowed = tuple(settings["allowed"])
    for name in settings["warm"]:
        import_module(name)
    sys.path[:] = [entry for entry in sys.path if entry not in settings["hidden"]]
    plan = protect.prepare(Path(settings["box"]), limits, frozenset(settings["wanted"]), place, allowed, once)
    stubs.install(place, allowed)
    wire.send(told, {"protections": [asdict(protection) for protection in plan.protections]})
    if once:
        _become_runner(plan, heard, told, settings["files"])
        return
    gc.collect()
    gc.freeze()
    while (job := wire.receive(heard)) is not None:
        wire.send(told, drive(job, limits, partial(_forked, plan, job["files"])))


def _taken_descriptors() -> tuple[int, int]:
    """The standard input and output under other numbers; what is left at their old ones leads nowhere."""
    heard, told = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    return heard, told


def _forked(plan: protect.Plan, files: dict[str, str]) -> Talk:
    work = protect.open_work(plan)
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 5, 0))
    with plan.births:  # type: ignore[attr-defined]
        child = os.fork()
        if not child:
            _child(plan, work, theirs.fileno(), files)
    theirs.close()

    def end() -> None:
        ours.close()
        protect.end_all(child, plan)
        protect.close_work(plan)

    return Talk(lambda said: wire.send(ours.fileno(), said), lambda s: wire.receive(ours.fileno(), s), end)


def _child(plan: protect.Plan, work: Path, fd: int, files: dict[str, str]) -> None:
    """The life of a child. Never returns."""
    try:
        protect.confine(plan)
        if fd != 3:
            os.dup2(fd, 3)
        os.closerange(4, 1 << 12)
        _settle(work, files)
        runner.serve(3, 3)
    finally:
        os._exit(0)


def _become_runner(plan: protect.Plan, heard: int, told: int, files: dict[str, str]) -> None:
    work = protect.open_work(plan) if not plan.in_tree else plan.box
    protect.confine(plan)
    _settle(work, files)
    try:
        runner.serve(heard, told)
    finally:
        os._exit(0)


def _settle(work: Path, files: dict[str, str]) -> None:
    """Live in the work folder, with the assignment's data files in it."""
    os.chdir(work)
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR", "IPYTHONDIR"):
        os.environ[name] = str(work)
    sys.path.insert(0, str(work))
    sys.argv[:] = [""]
    for name, text in files.items():
        (work / Path(name).name).write_text(text, encoding="utf8")


if __name__ == "__main__":
    try:
        main()
    except wire.Broken:
        os._exit(0)
