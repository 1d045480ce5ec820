"""Two students on a real JupyterHub, at once: each opens, runs, answers, takes a quiz and hands in, and is alone."""

import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from mlsys_helpers.grading.collecting import collect
from mlsys_helpers.grading.handing_in import submission
from tests.grading.handed_in import CLASS, lay_out
from tests.hub.hub import Hub, exchange
from tests.hub.test_exchange import as_root, may

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="JupyterHub does not run on Windows")
NOTEBOOK = "exercises/06_iron_law.ipynb"
NAMES = ["ada", "bob"]
ANSWER = "def pipelined_s(data_s, compute_s, latency_s):\n    return np.maximum(data_s, compute_s) + latency_s\n"


@pytest.fixture(scope="module")
def term(passable):
    """The hub after both have done their homework at once: (hub, assignment, students, what their terminals showed)."""
    folder = passable()
    assigned = lay_out(folder / "cs249")
    with Hub(folder / "hub", NAMES) as hub:
        exchange.release(assigned.folder, hub.exchange)
        hub.ask(*NAMES)
        with ThreadPoolExecutor() as pool:
            students = list(pool.map(hub.start, NAMES))
            shown = list(pool.map(homework, students))
        yield hub, assigned, dict(zip(NAMES, students, strict=True)), dict(zip(NAMES, shown, strict=True))


def homework(student) -> str:
    """Open the released notebook, answer a task, run it, answer a question of the quiz, hand in."""
    notebook = student.open(NOTEBOOK)
    (cell,) = [c for c in notebook["cells"] if c["source"].startswith("def pipelined_s")]
    cell["source"] = ANSWER
    student.save(NOTEBOOK, notebook)
    assert student.run(NOTEBOOK) == []
    return student.type("companion quiz 06", "1", "q", "companion submit 06", until="handed in")


def events(student) -> list[tuple[str, str]]:
    (path,) = student.home.rglob("progress.sqlite")
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT kind, item FROM event").fetchall()


def test_each_gets_the_own_notebook_and_hands_it_in(term, tmp_path):
    hub, assigned, _, shown = term
    told = exchange.collect(hub.exchange, tmp_path / "inbox")
    assert told == [f"{name}/cs249-06-{name}.zip: taken" for name in NAMES]
    found = collect.collect(tmp_path / "inbox", assigned, CLASS)
    assert sorted(row.file.student for row in found.having("taken")) == NAMES
    for name in NAMES:
        assert f"cs249, assignment 06, for {name}" in shown[name]
        assert "1 of 9 tasks right" in shown[name]
        made = submission.read((hub.exchange / name / "submitted" / f"cs249-06-{name}.zip").read_bytes())
        assert made.student == name and b"np.maximum(data_s, compute_s)" in made.parts["iron_law"]


def test_each_has_the_own_progress(term):
    _, _, students, _ = term
    for student in students.values():
        assert sorted(events(student)) == [
            ("exercise", "iron_law.pipelined"),
            ("quiz.answer", "iron_law.peak_moves_one_term"),
        ]


def test_nobody_reaches_anothers_server(term):
    _, _, students, _ = term
    assert students["ada"].api("GET", "/contents").status_code == 200
    assert students["ada"].api("GET", "/contents", of="bob").status_code == 403


@as_root
def test_nobody_reads_anothers_files(term):
    hub, _, students, _ = term
    eve = 43_000
    assert may(eve, os.listdir, hub.homes)
    for student in students.values():
        (progress,) = student.home.rglob("progress.sqlite")
        for path in (progress, student.home / "mlsys" / NOTEBOOK):
            assert path.exists() and not may(eve, path.read_bytes)


def test_a_server_that_starts_again_keeps_all(term):
    hub, _, students, _ = term
    before = events(students["ada"])
    hub.stop("ada")
    again = hub.start("ada")
    assert ANSWER in [cell["source"] for cell in again.open(NOTEBOOK)["cells"]]
    assert events(again) == before
