"""The grader's side of the warm process: start it, have submissions run, start it again should it ever die."""

import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mlsys_helpers.grading.sandbox import protect, server, stubs, wire
from mlsys_helpers.grading.sandbox.job import Job, Limits, Ran

COMPANION = Path(__file__).resolve().parents[2]
USUAL_WARM = ("numpy", "asyncio", "decimal")
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
USUAL = Limits()
_NUMBERED = ("printed", "failed", "died")
_START_S, _MOST = 60.0, 64_000_000


class Server:
    """Runs submissions, one at a time, each in a process of its own. A context manager; one for each worker.

    `wanted` are the protections to put up where the system has them; without `fork` each submission gets a fresh
    interpreter (the way on Windows). `companion` is the folder that holds the answers; of it only
    the modules `allowed` can be imported, never name one that holds tasks.
    """

    def __init__(
        self,
        limits: Limits = USUAL,
        fork: bool = hasattr(os, "fork"),
        wanted: frozenset[str] = protect.ALL,
        companion: Path | None = COMPANION,
        allowed: tuple[str, ...] = stubs.ALLOWED,
        warm: tuple[str, ...] = USUAL_WARM,
    ) -> None:
        self.limits, self.fork = limits, fork
        self._box = Path(tempfile.mkdtemp(prefix="companion-grading-"))
        os.chmod(self._box, 0o711)
        self._settings = {
            "limits": asdict(limits),
            "box": str(self._box),
            "wanted": sorted(wanted if fork else wanted - {"namespaces", "user"}),
            "warm": list(warm if fork else ("numpy",)),
            "hidden": _hidden(),
            "files": {},
            "allowed": allowed,
            "companion": companion and str(companion),
        }
        self.protections: tuple[protect.Protection, ...] = ()
        self._process: subprocess.Popen | None = None
        if fork:
            self._start()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()
        protect.remove(self._box)

    def run(self, job: Job) -> Ran:
        """Run a submission and return what it gave. It always ends, in at most a little more than `limits.total_s`."""
        sent = asdict(job)
        if not self.fork:
            return _ran(server.drive(sent, self.limits, lambda: self._spawned(sent["files"])))
        for _ in range(2):
            try:
                return _ran(self._asked(sent))
            except wire.Broken:  # the warm process itself died: out of memory, or killed from outside
                self._stop()
                self._start()
        return Ran({}, {}, {}, {0: "ended the grading process twice"}, 0.0)

    def _asked(self, sent: dict[str, Any]) -> dict[str, Any]:
        assert self._process and self._process.stdin and self._process.stdout
        wire.send(self._process.stdin.fileno(), sent)
        until = self.limits.total_s + 2 * self.limits.step_s + _START_S
        return wire.receive(self._process.stdout.fileno(), until, _MOST)

    def _start(self) -> None:
        self._process, said = self._opened()
        self.protections = tuple(protect.Protection(**one) for one in said["protections"])

    def _opened(self, *options: str) -> tuple[subprocess.Popen, dict[str, Any]]:
        """A process that has said what protects it. Nothing of this environment but a few names is passed on."""
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict.fromkeys(_ONE_THREAD, "1")
        environment |= {
            "PYTHONPATH": str(COMPANION.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLBACKEND": "Agg",
            "PYTHONUTF8": "1",
        }
        words = [sys.executable, "-P", "-m", "mlsys_helpers.grading.sandbox.server", *options]
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, env=environment,
            cwd=self._box,
        )  # fmt: skip
        assert process.stdin and process.stdout
        wire.send(process.stdin.fileno(), self._settings)
        return process, wire.receive(process.stdout.fileno())

    def _spawned(self, files: dict[str, str]) -> server.Talk:
        self._settings["files"] = files
        process, said = self._opened("--once")
        self.protections = tuple(protect.Protection(**one) for one in said["protections"])
        assert process.stdin and process.stdout
        heard, told = process.stdout.fileno(), process.stdin.fileno()

        def hear(seconds: float) -> Any:
            late = threading.Event()

            def stop() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(seconds, stop)
            timer.start()
            try:
                return wire.receive(heard)
            except wire.Broken as error:
                raise wire.Broken("out of time" if late.is_set() else str(error)) from error
            finally:
                timer.cancel()

        return server.Talk(lambda said: wire.send(told, said), hear, lambda: _close(process))

    def _stop(self) -> None:
        if self._process:
            _close(self._process)


def _hidden() -> list[str]:
    """The folder above the companion, unless other packages are imported from there."""
    return [] if (COMPANION.parent / "numpy").exists() else [str(COMPANION.parent)]


def _close(process: subprocess.Popen) -> None:
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
    process.kill()
    process.wait()


def _ran(done: dict[str, Any]) -> Ran:
    """What came back, with the numbers of its steps as numbers again."""
    printed, failed, died = ({int(place): text for place, text in done[name].items()} for name in _NUMBERED)
    return Ran(done["outcomes"], printed, failed, died, done["seconds"])
