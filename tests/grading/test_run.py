"""A grading run gives what was planted, may be stopped anywhere, and says once what it says."""

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

import psutil
import pytest

from benchmarks.grading import synthetic
from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import Gradebook
from mlsys_helpers.grading.running import judge, run
from mlsys_helpers.grading.running.workers import Local
from mlsys_helpers.grading.sandbox.client import Server
from mlsys_helpers.grading.sandbox.job import Limits, Ran, Step

TASK, SIZE = "iron_law.time_terms", 40
QUICK = {"right": 4, "wrong": 3, "not tried": 1, "raises": 1, "no file": 1}
SHORT = Limits(step_s=2.0)
GRADE = [sys.executable, "-m", "mlsys_helpers", "grade"]


@pytest.fixture(scope="module", autouse=True)
def warm():
    """Two workers for all tests here: what starts them is paid once."""
    global _warm
    with Local("iron_law", 2, SHORT) as _warm:
        yield


@pytest.fixture(scope="module")
def ungraded(tmp_path_factory):
    """A class whose submissions are collected."""
    return synthetic.make(tmp_path_factory.mktemp("course") / "a", "iron_law", SIZE, shares=QUICK)


@pytest.fixture(scope="module")
def whole(ungraded, tmp_path_factory):
    """The same class after a run that nobody stopped."""
    folder = copied(ungraded, tmp_path_factory.mktemp("whole") / "b")
    assert not grade(folder)
    return folder


@pytest.fixture
def fresh(ungraded, tmp_path):
    return copied(ungraded, tmp_path / "c")


def copied(planted, to):
    shutil.copytree(planted.assigned.folder.parent, to)
    return to / "06"


def grade(folder, runner=None, again=""):
    """Grade what is open; the units that could not be."""
    assigned = course.assignment(folder)
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        (work,) = run.works(assigned, again)
        with runner() if runner else nullcontext(_warm) as made:
            return [finished for finished in run.grade(book, work, work.open(book), made) if finished.trouble]


def dump(folder):
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        return book.dump()


def rows(folder, table="done"):
    with sqlite3.connect(folder.parent / course.GRADEBOOK, timeout=30) as direct:
        return direct.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_every_score_is_what_was_planted(whole, ungraded):
    with Gradebook(whole.parent / course.GRADEBOOK) as book:
        assert not synthetic.wrongly_graded(replace(ungraded, assigned=course.assignment(whole)), book)
        assert len({entry.status for entry in book.history("06")}) == 4


def test_what_crashes_and_hangs_costs_one_task(tmp_path):
    planted = synthetic.make(tmp_path / "c", "iron_law", 6, shares={"crash": 1, "syntax error": 1, "endless": 1})
    assert not grade(planted.assigned.folder, partial(Local, "iron_law", 2, Limits(step_s=1.0)))
    with Gradebook(tmp_path / "c" / course.GRADEBOOK) as book:
        assert not synthetic.wrongly_graded(planted, book)


def test_once_more_changes_nothing(whole):
    before = dump(whole), rows(whole, "entry")
    assert not grade(whole)
    assert (dump(whole), rows(whole, "entry")) == before


def test_one_worker_gives_what_two_give(whole, fresh):
    assert not grade(fresh, partial(Local, "iron_law", 1, SHORT))
    assert dump(fresh) == dump(whole)


# --- stopped --------------------------------------------------------------------------------------------------------


def started(folder, *options):
    return subprocess.Popen([*GRADE, folder, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until(true, seconds=60.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.002)


def family(process):
    return psutil.Process(process.pid).children(recursive=True)


def test_killed_at_any_moment_and_run_again_it_is_as_if_it_had_never_stopped(fresh, whole):
    done = []
    for more in (0, 1, 6):
        process = started(fresh, "--workers", "2")
        target = rows(fresh) + more
        wait_until(lambda process=process, target=target: rows(fresh) >= target if target else family(process))
        children = family(process)
        process.kill()
        process.communicate()
        done.append(rows(fresh))
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive
    assert done[-1] < SIZE and done == sorted(done)
    assert not grade(fresh)
    assert dump(fresh) == dump(whole)


def test_ctrl_c_ends_at_once_and_says_how_to_go_on(fresh, whole):
    process = started(fresh, "--workers", "1")
    wait_until(lambda: rows(fresh) >= 3)
    children = family(process)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, said = process.communicate()
    assert process.returncode == 130 and time.monotonic() - begun < 5.0
    assert "Stopped after" in said and "same command" in said and "Traceback" not in said
    assert not psutil.wait_procs(children, timeout=10)[1]
    assert rows(fresh) < SIZE
    assert not grade(fresh)
    assert dump(fresh) == dump(whole)


def test_what_hangs_is_dropped_when_the_run_is_stopped():
    with pytest.raises(KeyError), Local("iron_law", 1) as local:
        sheet = judge.prepare("iron_law", (TASK,), "k", "", synthetic_released(), synthetic_released())
        endless = replace(sheet.job, steps=(replace(sheet.job.steps[0], code="while True: pass"),))
        future = local.submit(endless)
        time.sleep(0.5)
        begun = time.monotonic()
        raise KeyError
    assert time.monotonic() - begun < 5.0 and isinstance(future.exception(), run.NotStarted)


def synthetic_released():
    return (synthetic.HOME / "exercises/06_iron_law.ipynb").read_bytes()


def test_two_graders_at_once_say_everything_once(fresh, whole):
    both = [started(fresh) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert dump(fresh) == dump(whole) and rows(fresh, "entry") == rows(whole, "entry")


# --- what opens a unit again ----------------------------------------------------------------------------------------


def opened(folder):
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        return len(run.works(course.assignment(folder))[0].open(book))


def changed(folder, **values):
    course.write(replace(course.assignment(folder), **values))


@pytest.fixture
def done(whole, tmp_path):
    shutil.copytree(whole.parent, tmp_path / "d")
    return tmp_path / "d" / "06"


def test_new_points_open_the_units_again_and_a_new_due_date_does_not(done):
    changed(done, late=course.Late(15, 0.1, 3))
    assert opened(done) == 0
    (part,) = course.assignment(done).parts
    changed(done, parts=(replace(part, tasks=part.tasks | {TASK: 30.0}),))
    assert opened(done) == SIZE
    entries = rows(done, "entry")
    assert not grade(done)
    assert rows(done, "entry") == entries + SIZE  # the other tasks are not said again


def test_a_mended_task_opens_the_units_again(done, monkeypatch, tmp_path):
    mended = tmp_path / "tasks.py"
    mended.write_text("mended")
    assert {path.name for path in run._task_files("iron_law")} == {"tasks.py", "model.py"}
    monkeypatch.setattr(run, "_task_files", lambda section: [mended])
    assert opened(done) == SIZE


def test_a_data_file_beside_the_released_notebook_is_there_for_every_submission(tmp_path):
    planted = synthetic.make(tmp_path / "c", "iron_law", 1, shares={"right": 1})
    folder = planted.assigned.folder
    assert not grade(folder)
    (folder / "released" / "prices.csv").write_text("4.2")
    assert opened(folder) == 1
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        (work,) = run.works(course.assignment(folder))
        job = run._sheet(work, work.open(book)[0]).job
        reads = replace(job, steps=(Step("print(open('prices.csv').read())"),))
        assert "4.2" in _warm.submit(reads).result().printed[0]


def test_one_task_is_graded_again_and_nothing_else(done, whole, monkeypatch):
    def mend(section):
        return tuple(
            replace(task, reference=lambda **given: "other", mistakes=()) if task.name == TASK else task
            for task in unmended(section)
        )

    unmended = judge.tasks
    monkeypatch.setattr(judge, "tasks", mend)
    assert not grade(done, again=TASK)
    with Gradebook(done.parent / course.GRADEBOOK) as book:
        added = book.history("06")[rows(whole, "entry") :]
        assert {(entry.item, entry.points) for entry in added} == {(TASK, 0.0)}
        had = {entry.student for entry in book.history("06", "", TASK) if entry.points}
        assert had and had <= {entry.student for entry in added}
    before = dump(done)
    assert not grade(done, again=TASK)
    assert dump(done) == before


# --- reasons that are not the student's -----------------------------------------------------------------------------


class Elsewhere:
    """A runner that ends a job a little later by calling `end`."""

    ahead = 3

    def __init__(self, end):
        self.end, self.futures, self.most = end, [], 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def submit(self, job):
        future = Future()
        self.futures.append(future)
        self.most = max(self.most, sum(not one.done() for one in self.futures))
        threading.Timer(0.02, self.end, [future]).start()
        return future


def test_a_runner_has_a_few_jobs_at_a_time_however_large_the_class(fresh):
    elsewhere = Elsewhere(lambda future: future.set_result(Ran()))
    assert not grade(fresh, lambda: elsewhere)
    assert 1 < elsewhere.most <= elsewhere.ahead and opened(fresh) == 0


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda future: future.set_exception(run.NotStarted("no memory")), "no memory"),
        (lambda future: future.set_exception(KeyError("x")), "KeyError: 'x'"),
        (lambda future: future.set_result(Ran(lost="out of memory")), "lost twice.*out of memory"),
    ],
)
def test_what_fails_for_the_graders_own_reason_is_told_and_stays_open(fresh, end, said):
    troubled = grade(fresh, lambda: Elsewhere(end))
    assert troubled and opened(fresh) == len(troubled)
    assert all(re.search(said, finished.trouble) for finished in troubled)


def test_a_runner_that_is_gone_ends_the_run(fresh):
    with pytest.raises(run.Lost):
        grade(fresh, lambda: Elsewhere(lambda future: future.set_exception(run.Lost("gone"))))


def test_a_submission_that_is_gone_or_was_changed_stays_open(fresh):
    next(fresh.glob("submissions/s00003/*")).unlink()
    next(fresh.glob("submissions/s00004/*")).write_text("{}")
    gone, changed = sorted(grade(fresh), key=lambda finished: finished.unit.student)
    assert gone.unit.student == "s00003" and "s00003" in gone.trouble
    assert "changed since; collect it again" in changed.trouble and opened(fresh) == 2


def test_without_the_released_notebook_nothing_is_graded(fresh):
    next(fresh.glob("released/*")).write_text("{}")
    with pytest.raises(ValueError, match=r"06_iron_law\.ipynb cannot be read.*release the assignment again"):
        grade(fresh)
    assert rows(fresh, "entry") == 0


def test_a_worker_that_cannot_start_is_not_lent_again(monkeypatch):
    with Local("iron_law", 1) as local:
        good, broken = local._servers._idle.get(), []
        local._servers._idle.put(good)
        monkeypatch.setattr(Server, "run", lambda self, job: broken.append(self) or 1 / 0)
        assert isinstance(local.submit(None).exception(), ZeroDivisionError)
        assert broken == [good] and local._servers._idle.empty()


def test_addresses_of_objects_are_not_kept():
    assert run._lasting("<function f at 0x7f3a5c0d1ee0>, 0x1f") == "<function f at 0x...>, 0x1f"
