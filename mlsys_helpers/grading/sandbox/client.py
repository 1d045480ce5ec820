"""The grader's side of the warm process: start it, have submissions run, start it again should it ever die."""

import os
import subprocess
import sys
import threading
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from mlsys_helpers.grading.sandbox import box, protect, stubs, wire
from mlsys_helpers.grading.sandbox.drive import START_S, NotStarted, Talk, drive
from mlsys_helpers.grading.sandbox.job import Job, Limits, Ran

COMPANION = Path(__file__).resolve().parents[2]
USUAL, USUAL_WARM = Limits(), ("numpy", "asyncio", "decimal")
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG")
_SET = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    **{
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "Agg",
        "USER": "student",
    },
    "PYTHONPATH": str(COMPANION.parent),
}
_NUMBERED = ("printed", "failed", "died")


class Server:
    """Runs submissions, one at a time, each in a process of its own. A context manager; one for each worker, started
    in the thread that uses it (the system ends the warm process with that thread).

    `wanted` are the protections to put up where the system has them, `protections` what came of it. Without `fork`
    each submission gets a fresh interpreter (the way on Windows). `companion` is the folder that holds the
    answers; of it only the modules `allowed` can be imported, never name one that holds tasks. `restarts`
    counts how often the warm process was lost, and `last_error` says why it was the last time.
    """

    def __init__(
        self,
        limits: Limits = USUAL,
        fork: bool = hasattr(os, "fork"),
        wanted: frozenset[str] = protect.ALL,
        companion: Path = COMPANION,
        allowed: tuple[str, ...] = stubs.ALLOWED,
        warm: tuple[str, ...] = USUAL_WARM,
    ) -> None:
        self.limits, self.fork = limits, fork
        self.restarts, self.last_error, self._cancelled = 0, "", False
        self._box = box.make()
        self._settings = {
            "limits": asdict(limits),
            "box": str(self._box),
            "wanted": sorted(wanted if fork else wanted - {"namespaces", "user"}),  # a warm process puts them up
            "warm": list(warm if fork else ("numpy",)),
            "hidden": _hidden(),
            "allowed": allowed,
            "companion": str(companion),
        }
        try:
            self._process, self.protections = self._opened({})
        except BaseException:
            box.remove(self._box)
            raise
        if not fork:
            _close(self._process)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        _close(self._process)
        box.remove(self._box)

    def run(self, job: Job) -> Ran:
        """Run a submission and return what it gave. It always ends, in at most a little more than `limits.total_s`.

        Raises NotStarted when the sandbox itself fails twice and nothing of the submission was run.
        """
        sent = vars(job) | {"steps": [vars(step) for step in job.steps]}
        if not self.fork:
            return _ran(drive(sent, self.limits, lambda: self._spawned(sent["files"])))
        try:
            return _ran(self._asked(sent))
        except (wire.Broken, NotStarted) as error:
            self._start_again(error)
        try:
            return _ran(self._asked(sent))
        except wire.Broken as error:
            self._start_again(error)
            return Ran(lost=self.last_error)

    def cancel(self) -> None:
        """End what is run, from another thread, and run nothing more: `run` raises NotStarted."""
        self._cancelled = True
        self._process.kill()

    def _asked(self, sent: dict[str, Any]) -> dict[str, Any]:
        told, heard = _ends(self._process)
        wire.send(told, sent)
        said = wire.receive(heard, self.limits.total_s + 2 * self.limits.step_s + START_S, wire.MAX_TRUSTED)
        if "fault" in said:
            raise wire.Broken(said["fault"])
        if "not_started" in said:
            raise NotStarted(said["not_started"])
        return said

    def _start_again(self, error: Exception) -> None:
        self.restarts += 1
        self.last_error = f"{error} ({_close(self._process)})"
        self._process, self.protections = self._opened({})

    def _opened(self, files: dict[str, str]) -> tuple[subprocess.Popen, tuple[protect.Protection, ...]]:
        """A new process and what protects it. Of this environment nothing but a few names is passed on. Raises
        NotStarted."""
        if self._cancelled:
            raise NotStarted("the run was stopped")
        words = [sys.executable, "-P", "-m", "mlsys_helpers.grading.sandbox.server", *["--once"] * (not self.fork)]
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={name: os.environ[name] for name in _KEPT if name in os.environ} | _SET,
            cwd=self._box,
            start_new_session=True,  # Ctrl-C is for the grader
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        try:
            wire.send(_ends(process)[0], self._settings | {"files": files})
            said = _hear(process, START_S)
            return process, tuple(protect.Protection(**one) for one in said["protections"])
        except (wire.Broken, KeyError) as error:
            reason = said["fault"] if isinstance(error, KeyError) else _complaint(process) or error
            raise NotStarted(f"the sandbox does not start: {reason} ({_close(process)})") from error

    def _spawned(self, files: dict[str, str]) -> Talk:
        """A fresh interpreter that runs one submission."""
        process, self.protections = self._opened(files)
        self._process = process
        told, _ = _ends(process)
        return Talk(lambda said: wire.send(told, said), partial(_hear, process), lambda: _close(process))


def _hear(process: subprocess.Popen, seconds: float) -> Any:
    """What a process says within so many seconds; where a pipe cannot be waited for, a timer ends the process."""
    late = threading.Event()

    def end_late() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end_late)
    timer.start()
    try:
        return wire.receive(_ends(process)[1])
    except wire.Broken as error:
        if late.is_set():
            raise wire.Late(str(error)) from error
        raise
    finally:
        timer.cancel()


def _ends(process: subprocess.Popen) -> tuple[int, int]:
    """The descriptors to write to a process and to read from it."""
    assert process.stdin and process.stdout
    return process.stdin.fileno(), process.stdout.fileno()


def _complaint(process: subprocess.Popen) -> str:
    """The last line of what a process that does not start says."""
    process.kill()
    assert process.stderr
    return process.stderr.read(100_000).decode(errors="replace").strip().rpartition("\n")[2]


def _close(process: subprocess.Popen) -> str:
    """End a process; how it had ended before that, if it had."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()
    code = process.poll()
    process.kill()
    process.wait()
    return "it was ended" if code is None else f"it ended by signal {-code}" if code < 0 else f"it ended with {code}"


def _hidden() -> list[str]:
    """The folder above the companion, unless other packages are imported from there."""
    return [] if (COMPANION.parent / "numpy").exists() else [str(COMPANION.parent)]


def _ran(done: dict[str, Any]) -> Ran:
    """What came back, with the numbers of its steps as numbers again."""
    printed, failed, died = ({int(place): text for place, text in done[name].items()} for name in _NUMBERED)
    return Ran(done["outcomes"], printed, failed, died, done["seconds"])
