"""Who runs the submissions of a section elsewhere: the workers of a Dask cluster, each with warm sandboxes of its own.

A job goes there and what it gave comes back. That is what the student wrote and the cases that it is tried on: no
expected answer, no score, no secret. Judging and writing stay at home, so a worker that is lost in the middle costs a
second try of its jobs and nothing else. Every worker must have the companion, Python and NumPy that are here, or the
same submission could give other results there.
"""

import atexit
import logging
import platform
import re
from concurrent.futures import Future
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

from mlsys_helpers.grading import sandbox
from mlsys_helpers.grading.running.run import Lost
from mlsys_helpers.grading.running.workers import Servers
from mlsys_helpers.grading.sandbox.client import USUAL
from mlsys_helpers.grading.sandbox.job import Job, Limits, Ran
from mlsys_helpers.grading.sandbox.protect import Protection
from mlsys_helpers.kit.files import digest

WAIT_S, TRIES_MORE = 30.0, 5
_TALKATIVE = (
    "distributed",
    "distributed.client",
    "tornado.application",
)  # they tell a lost connection in pages; here it is one line
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s/]+:\d+")
ABSENT = 'a Dask cluster needs one more package; run: pip install "mlsys-companion[cluster]"'


class Cluster:
    """Runs the jobs of a section on the cluster whose scheduler is at `address`. A context manager.

    Entering it raises ValueError when there is no such cluster or it does not fit, ImportError when Dask is absent.
    """

    restarts = 0  # the workers' own affair

    def __init__(self, address: str, section: str, limits: Limits = USUAL) -> None:
        self._address, self._section, self._limits = address, section, limits

    def __enter__(self) -> "Cluster":
        self._client = _client(self._address)
        try:
            self._check_versions()
            hosts = self._everywhere(_protections, self._section, self._limits)
        except BaseException:
            self._client.close()
            raise
        threads = sum(self._client.nthreads().values())
        self.said = f"{threads} workers of the cluster {self._address}"
        self.ahead = 2 * threads + 1
        self.protections = _weakest(list(hosts.values()))
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()  # the scheduler drops what nobody waits for

    def submit(self, job: Job) -> "Future[Ran]":
        """Have a job run by the next worker that is free. Raises Lost, as the future does."""
        if self._gone():
            raise Lost(f"the scheduler {self._address} is gone")
        given = (self._section, self._limits, versions(), job)
        asked = self._client.submit(_run, *given, pure=False, retries=TRIES_MORE)
        ended: Future[Ran] = Future()
        asked.add_done_callback(partial(self._settle, ended))
        return ended

    def _settle(self, ended: "Future[Ran]", asked: Any) -> None:
        """Hand on what became of a job. (Dask's own such futures never end when the connection is lost meanwhile.)"""
        try:
            ended.set_result(asked.result(2 * self._limits.total_s + WAIT_S))
        except BaseException as error:
            lost = self._gone() or asked.status == "cancelled"
            ended.set_exception(Lost(f"the scheduler {self._address} is gone") if lost else error)

    def _gone(self) -> bool:
        return self._client.status != "running"

    def _check_versions(self) -> None:
        """Raises ValueError for workers on which something else is installed than here."""
        here = versions()
        for worker, there in self._everywhere(versions).items():
            _compare(worker, here, there)

    def _everywhere(self, function: Any, *given: Any) -> dict[str, Any]:
        try:
            return self._client.run(function, *given)
        except ImportError as error:
            raise ValueError(
                f"a worker of {self._address} cannot import the companion ({error}): install the one that is here on "
                "every machine of the cluster"
            ) from error


def _client(address: str) -> Any:
    """A connection to a scheduler that has a worker."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ImportError(ABSENT) from error
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no scheduler's address; expected one like tcp://10.0.0.1:8786")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=WAIT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ValueError(f"no scheduler answers at {address} ({error}); start one with: dask scheduler") from error
    try:
        client.wait_for_workers(1, timeout=WAIT_S)
    except TimeoutError as error:
        client.close()
        raise ValueError(f"{address} has no worker; start one with: dask worker {address}") from error
    return client


# --- what must be the same ------------------------------------------------------------------------------------------


@cache
def versions() -> dict[str, str]:
    """What decides what a submission gives, by name."""
    sources = sorted(Path(sandbox.__file__).parent.glob("*.py"))
    return {
        "mlsys-companion": metadata.version("mlsys-companion"),
        "sandbox code": digest(b"".join(path.read_bytes() for path in sources))[:16],
        "Python": platform.python_version(),
        "NumPy": metadata.version("numpy"),
    }


def _compare(worker: str, here: dict[str, str], there: dict[str, str]) -> None:
    unlike = [f"{name} {there.get(name)} (here {here[name]})" for name in here if there.get(name) != here[name]]
    if unlike:
        raise ValueError(f"worker {worker} has {', '.join(unlike)}; install there what is here")


def _weakest(hosts: list[tuple[Protection, ...]]) -> tuple[Protection, ...]:
    """The protections of all hosts as one list: each is on if it is on everywhere."""
    by_name: dict[str, Protection] = {}
    for protection in (protection for host in hosts for protection in host):
        if by_name.setdefault(protection.name, protection).on:
            by_name[protection.name] = protection
    return tuple(by_name.values())


# --- what is done on a worker ---------------------------------------------------------------------------------------


@cache
def _servers(section: str, limits: Limits) -> Servers:
    """This process's sandboxes, kept warm until it ends."""
    made = Servers(section, limits)
    atexit.register(made.close)
    return made


def _protections(section: str, limits: Limits) -> tuple[Protection, ...]:
    return _servers(section, limits).protections()


def _run(section: str, limits: Limits, wanted: dict[str, str], job: Job) -> Ran:
    """Run a submission here. A worker that came later is checked now."""
    _compare(platform.node(), wanted, versions())
    return _servers(section, limits).run(job)
