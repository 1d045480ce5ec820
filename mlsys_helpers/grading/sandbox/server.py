"""The warm process: NumPy is loaded once, then a child is forked for each submission. It knows no answer.

Nor does it ever hold a submission: a child inherits its parent's memory, also what was freed there. So a first child
reads the job and talks to the runners, which are its own children, and is gone before the next job.

Run as `python -P -m mlsys_helpers.grading.sandbox.server`, frames on its standard input and output. With `--once` the
process itself runs one submission: the way where there is no fork.
"""

import base64
import gc
import os
import socket
import struct
import sys
import traceback
from dataclasses import asdict
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from mlsys_helpers.grading.sandbox import box, descendants, protect, runner, stubs, wire
from mlsys_helpers.grading.sandbox.drive import NotStarted, Talk, drive
from mlsys_helpers.grading.sandbox.job import Limits

_SEND_S, _MOST_DESCRIPTORS = 5, 1 << 12


def main() -> None:
    """Serve until the other side is gone."""
    heard, told = _taken_descriptors()
    try:
        _serve(heard, told, once="--once" in sys.argv)
    except wire.Broken:
        pass
    except BaseException:
        wire.send(told, {"fault": traceback.format_exc()})
    os._exit(0)


def _serve(heard: int, told: int, once: bool) -> None:
    settings = wire.receive(heard, max_frame=wire.MAX_TRUSTED)
    os.umask(0o022)  # another user enters the folders that are made here, whatever the grader keeps for itself
    limits, place, allowed = Limits(**settings["limits"]), Path(settings["companion"]), tuple(settings["allowed"])
    for name in settings["warm"]:
        import_module(name)
    sys.path[:] = [entry for entry in sys.path if entry not in settings["hidden"]]
    plan = protect.prepare(Path(settings["box"]), limits, frozenset(settings["wanted"]), place, allowed, once)
    stubs.install(place, allowed)
    wire.send(told, {"protections": [asdict(protection) for protection in plan.protections]})
    if once:
        _live(plan, box.open_work(plan), heard, told, settings["files"])
    gc.collect()
    gc.freeze()
    while _attended(plan, heard, told):
        pass


def _attended(plan: protect.Plan, heard: int, told: int) -> bool:
    """Leave the next job to a child, which is there before it comes; whether that was done."""
    child = os.fork()
    if child:
        return not os.waitpid(child, 0)[1]
    try:
        protect.end_with_the_parent(plan)
        _attend(plan, heard, told)
        os._exit(0)
    except wire.Broken:
        pass
    except BaseException:
        wire.send(told, {"fault": traceback.format_exc()})
    os._exit(1)


def _attend(plan: protect.Plan, heard: int, told: int) -> None:
    job = wire.receive(heard, max_frame=wire.MAX_TRUSTED)
    try:
        wire.send(told, drive(job, plan.limits, partial(_forked, plan, job["files"])))
    except NotStarted as error:
        wire.send(told, {"not_started": str(error)})


def _taken_descriptors() -> tuple[int, int]:
    """The standard input and output under other numbers; what is left at their old ones leads nowhere."""
    heard, told = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    return heard, told


def _forked(plan: protect.Plan, files: dict[str, str]) -> Talk:
    """A child that runs one submission, and how to talk to it."""
    work = box.open_work(plan)
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_S, 0))
    with plan.births:
        child = os.fork()
        if not child:
            _live(plan, work, theirs.fileno(), theirs.fileno(), files)
    theirs.close()

    def end() -> None:
        ours.close()
        descendants.end(child, plan)
        box.close_work(plan)

    return Talk(lambda said: wire.send(ours.fileno(), said), lambda s: wire.receive(ours.fileno(), s), end)


def _live(plan: protect.Plan, work: Path, heard: int, told: int, files: dict[str, str]) -> None:
    """The life of a process that runs one submission. Never returns."""
    try:
        try:
            protect.confine(plan)
            _close_all_but(heard, told)
            _settle(work, files)
        except BaseException as error:
            wire.send(told, f"{type(error).__name__}: {error}")
        else:
            runner.serve(heard, told)
    finally:
        os._exit(0)


def _close_all_but(*kept: int) -> None:
    for below, above in pairwise(sorted({2, *kept, _MOST_DESCRIPTORS})):
        os.closerange(below + 1, above)


def _settle(work: Path, files: dict[str, str]) -> None:
    """Make the work folder the current one, the home and the place of temporary files; the data files lie in it."""
    os.chdir(work)
    del os.environ["PYTHONPATH"]
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR", "IPYTHONDIR"):
        os.environ[name] = str(work)
    sys.path.insert(0, str(work))
    sys.argv[:] = [""]
    for name, text in files.items():
        (work / Path(name).name).write_bytes(base64.b64decode(text))


if __name__ == "__main__":
    main()
