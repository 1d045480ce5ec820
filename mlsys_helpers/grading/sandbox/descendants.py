"""The end of a submission: its process and all that it started, however they hide."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from mlsys_helpers.grading.sandbox.protect import Plan


def end(child: int, plan: Plan) -> None:
    """End the child and everything that it started, and wait until they are gone."""
    if plan.linux and not plan.in_tree:
        _stop_all()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # where nothing else finds descendants, at least those that stayed with it
    _signal(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while plan.linux and not plan.in_tree:
        for pid in below(os.getpid()):
            _signal(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _stop_all() -> None:
    """Halt them all first: who is halted starts no other, and still counts towards the limit on processes."""
    stopped: set[int] = set()
    while new := set(below(os.getpid())) - stopped:
        for pid in new:
            _signal(pid, signal.SIGSTOP)
        stopped |= new


def below(pid: int) -> list[int]:
    """The descendants of a process. The kernel lists the children of each of its threads."""
    found: list[int] = []
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it has just ended
            found += map(int, place.read_text().split())
    return found + [deeper for child in found for deeper in below(child)]


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
