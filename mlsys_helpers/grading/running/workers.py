"""Who runs the submissions of a section on this machine: threads, each with a warm sandbox."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue

from mlsys_helpers.grading.running import judge
from mlsys_helpers.grading.sandbox.client import USUAL, Server
from mlsys_helpers.grading.sandbox.job import Job, Limits, Ran
from mlsys_helpers.grading.sandbox.protect import Protection

CORES = os.cpu_count() or 1


class Servers:
    """The warm sandboxes of a section in this process: made when one is needed, and lent to one thread at a time."""

    def __init__(self, section: str, limits: Limits = USUAL) -> None:
        self._section, self._limits = section, limits
        self._idle: SimpleQueue[Server] = SimpleQueue()
        self._made: list[Server] = []
        self._cancelled = False

    @property
    def restarts(self) -> int:
        """How often a warm process was lost and started again."""
        return sum(server.restarts for server in self._made)

    def run(self, job: Job) -> Ran:
        """Run a submission in a sandbox that is idle, or in a new one."""
        server = self._lent()
        ran = server.run(job)  # one that raises is not lent again
        self._idle.put(server)
        return ran

    def protections(self) -> tuple[Protection, ...]:
        """What keeps the submissions from doing harm, each on or off."""
        server = self._lent()
        self._idle.put(server)
        return server.protections

    def cancel(self) -> None:
        """End what is run now, from another thread: its `run` raises."""
        self._cancelled = True
        for server in self._made:
            server.cancel()

    def close(self) -> None:
        """End them all. Nothing may be running."""
        for server in self._made:
            server.__exit__()

    def _lent(self) -> Server:
        try:
            return self._idle.get_nowait()
        except Empty:
            server = judge.server(self._section, limits=self._limits)
            self._made.append(server)
            if self._cancelled:
                server.cancel()
            return server


class Local:
    """Runs jobs on this machine, `workers` at a time. A context manager."""

    def __init__(self, section: str, workers: int = CORES, limits: Limits = USUAL) -> None:
        self.ahead = 2 * workers + 1
        self.said = "one worker" if workers == 1 else f"{workers} workers"
        self._servers = Servers(section, limits)
        self._pool = ThreadPoolExecutor(workers, "grading")

    @property
    def restarts(self) -> int:
        """How often a warm process was lost and started again."""
        return self._servers.restarts

    def __enter__(self) -> "Local":
        try:
            self.protections = self._pool.submit(self._servers.protections).result()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._servers.cancel()
        self._pool.shutdown(cancel_futures=True)
        self._servers.close()

    def submit(self, job: Job) -> Future[Ran]:
        """Have a job run by the next worker that is free."""
        return self._pool.submit(self._servers.run, job)
