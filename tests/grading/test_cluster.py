"""A real Dask cluster of two workers gives what this machine gives, and loses nothing with a worker."""

import json
import shutil
import subprocess
import sys
import time

import psutil
import pytest

from benchmarks.grading import synthetic
from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import Gradebook
from mlsys_helpers.grading.running import cluster, run
from mlsys_helpers.grading.running.workers import Local
from mlsys_helpers.grading.sandbox.protect import Protection

SIZE, SECTION = 30, "iron_law"
SHARES = {"right": 3, "wrong": 2, "raises": 1, "crash": 1, "no file": 1}
DASK = [sys.executable, "-m", "dask"]


class Machines:
    """A scheduler and workers, each a process tree of its own."""

    def __init__(self, folder):
        self.folder, self.started = folder, []
        self.file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", self.file)
        until = time.monotonic() + 60
        while not (self.file.exists() and self.file.read_text().endswith("}")):
            assert time.monotonic() < until, "no scheduler"
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]

    def _start(self, what, *options):
        log = (self.folder / f"{what}{len(self.started)}.log").open("w")
        made = subprocess.Popen(
            [*DASK, what, *map(str, options), "--no-dashboard"], stdout=log, stderr=log, cwd=self.folder
        )
        self.started.append(made)
        return made

    def worker(self):
        return self._start("worker", self.address, "--nthreads", "1", "--local-directory", self.folder, "--no-nanny")

    def close(self):
        for process in self.started[::-1]:
            end(process)


def end(process):
    """Kill a process; its descendants must go with it."""
    children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.kill()
    process.wait()
    assert not psutil.wait_procs(children, timeout=20)[1]


@pytest.fixture
def machines(tmp_path):
    made = Machines(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return synthetic.make(tmp_path_factory.mktemp("course") / "a", SECTION, SIZE, shares=SHARES)


@pytest.fixture(scope="module")
def whole(planted, tmp_path_factory):
    """What this machine gives."""
    return grade(copied(planted, tmp_path_factory.mktemp("whole")), Local(SECTION, 2))


def copied(planted, to):
    shutil.copytree(planted.assigned.folder.parent, to / "course")
    return to / "course" / "06"


def grade(folder, runner, after=lambda done: None):
    """Grade what is open, call `after` each; what the gradebook says then."""
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        (work,) = run.works(course.assignment(folder))
        with runner as made:
            for done, finished in enumerate(run.grade(book, work, work.open(book), made), 1):
                assert not finished.trouble
                after(done)
        return book.dump()


def done(folder):
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        (work,) = run.works(course.assignment(folder))
        return SIZE - len(work.open(book))


def test_a_worker_is_killed_in_the_middle_and_the_gradebook_is_that_of_one_machine(machines, planted, whole, tmp_path):
    lost = machines.worker()
    machines.worker()
    with cluster.Cluster(machines.address, SECTION) as made:
        assert made._client.wait_for_workers(2, timeout=60) is None
    folder = copied(planted, tmp_path)
    assert grade(folder, cluster.Cluster(machines.address, SECTION), lambda n: end(lost) if n == 5 else None) == whole
    assert lost.poll() is not None and done(folder) == SIZE


def test_a_scheduler_that_is_lost_ends_the_run_and_what_is_done_stays_done(machines, planted, whole, tmp_path):
    machines.worker()
    folder = copied(planted, tmp_path)
    with pytest.raises(run.Lost):
        grade(folder, cluster.Cluster(machines.address, SECTION), lambda n: end(machines.scheduler) if n == 4 else None)
    assert 4 <= done(folder) < SIZE
    assert grade(folder, Local(SECTION, 2)) == whole


def test_workers_with_something_else_installed_are_refused(machines, monkeypatch):
    machines.worker()
    unlike = cluster.versions() | {"NumPy": "1.0"}
    compare = cluster._compare
    monkeypatch.setattr(cluster, "_compare", lambda worker, here, there: compare(worker, unlike, there))
    with pytest.raises(ValueError, match=r"worker tcp://.* has NumPy .*\(here 1\.0\)"):
        cluster.Cluster(machines.address, SECTION).__enter__()


def test_a_scheduler_without_workers_is_named(machines, monkeypatch):
    monkeypatch.setattr(cluster, "WAIT_S", 1.0)
    with pytest.raises(ValueError, match="has no worker; start one with: dask worker tcp://"):
        cluster.Cluster(machines.address, SECTION).__enter__()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9.*start one with: dask scheduler"),
        ("nonsense", "'nonsense' is no scheduler's address; expected one like tcp://"),
        ("10.0.0.1:8786", "is no scheduler's address"),
    ],
)
def test_where_no_scheduler_is_the_address_is_named(address, said, monkeypatch):
    monkeypatch.setattr(cluster, "WAIT_S", 1.0)
    with pytest.raises(ValueError, match=said):
        cluster.Cluster(address, SECTION).__enter__()


def test_without_dask_the_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match=r"pip install \"mlsys-companion\[cluster\]\""):
        cluster.Cluster("tcp://127.0.0.1:9", SECTION).__enter__()


def test_a_protection_that_is_off_somewhere_is_off():
    on, off = Protection("landlock", True), Protection("landlock", False, "old kernel")
    assert cluster._weakest([(on,), (off,), (on,)]) == (off,)


def test_a_worker_that_came_later_is_checked_too():
    with pytest.raises(ValueError, match="has Python"):
        cluster._run(SECTION, cluster.USUAL, cluster.versions() | {"Python": "2.7"}, None)
