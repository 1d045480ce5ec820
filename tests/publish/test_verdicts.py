"""A saved exercise notebook is run and each of its tasks accounted for."""

import nbformat
import pytest
from nbformat import v4

from mlsys_helpers.exercise.judge import Verdict
from mlsys_helpers.progress import store
from mlsys_helpers.publish.build import repository
from mlsys_helpers.publish.verdicts import verdicts

CHECK = """\
from IPython.display import display

def check(task, answer):
    status = "right" if answer == 4 else "wrong"
    verdict = {"task": task, "status": status, "points": 2 * (answer == 4), "possible": 2,
               "message": f"got {answer}", "mistake": "", "attempt": ""}
    display({"application/vnd.mlsys.verdict+json": verdict, "text/plain": status}, raw=True)
"""


@pytest.fixture
def saved(tmp_path):
    def save(*cells):
        path = tmp_path / "exercise.ipynb"
        nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in (CHECK, *cells)]), path)
        return path

    return save


def test_each_task_has_a_row_and_a_failed_cell_is_broken(saved):
    path = saved('check("toy.a", 4)', 'check("toy.b", 5)', 'check("toy.c", undefined)', '# check("toy.d", 1)')
    before = path.read_bytes()
    assert verdicts(path) == (
        Verdict("toy.a", "right", 2, 2, "got 4"),
        Verdict("toy.b", "wrong", 0, 2, "got 5"),
        Verdict("toy.c", "broken", 0, 0, "NameError: name 'undefined' is not defined"),
    )
    assert path.read_bytes() == before


def test_the_last_verdict_on_a_task_counts(saved):
    (row,) = verdicts(saved('check("toy.a", 5)', 'check("toy.a", 4)'))
    assert row.status == "right"


def test_outputs_that_were_saved_do_not_count(saved, tmp_path):
    path = saved("pass")
    notebook = nbformat.read(path, as_version=4)
    data = {"application/vnd.mlsys.verdict+json": {"task": "toy.a", "status": "right", "points": 2, "possible": 2}}
    notebook.cells[1].outputs = [v4.new_output("display_data", data=data)]
    nbformat.write(notebook, path)
    assert verdicts(path) == ()


def test_what_is_no_notebook_is_refused(tmp_path):
    path = tmp_path / "exercise.ipynb"
    path.write_text("{}", encoding="utf8")
    with pytest.raises(ValueError, match=r"exercise\.ipynb is not a notebook"):
        verdicts(path)


# --- what students do to a real exercise notebook --------------------------------------------------------------------


@pytest.fixture
def student(tmp_path):
    """A saved copy of an exercise notebook: student(change, name), where change(notebook) edits it in place."""

    def save(change, folder="exercises", name="06_iron_law.ipynb"):
        notebook = nbformat.read(repository() / folder / "06_iron_law.ipynb", as_version=4)
        change(notebook)
        nbformat.write(notebook, tmp_path / name)
        return tmp_path / name

    return save


def cell_with(notebook, text):
    return next(cell for cell in notebook.cells if cell.cell_type == "code" and text in cell.source)


def by_name(rows):
    return {row.task.partition(".")[2]: row for row in rows}


def test_an_untouched_exercise_scores_nothing_and_leaves_no_trace(student):
    rows = verdicts(student(lambda notebook: None))
    assert {(row.status, row.points) for row in rows} == {("not tried", 0)}
    assert (len(rows), sum(row.possible for row in rows)) == (9, 23)
    assert store.history() == []


@pytest.mark.parametrize("name", ["06_iron_law.ipynb", "06_iron_law (2).ipynb"])
def test_an_emptied_exercise_still_owes_every_task(student, name):
    rows = verdicts(student(lambda notebook: notebook.cells.clear(), name=name))
    assert {(row.status, row.points) for row in rows} == {("not tried", 0)}
    assert (len(rows), sum(row.possible for row in rows)) == (9, 23)
    assert all("is missing" in row.message for row in rows)


def test_every_trouble_stays_with_its_own_task(student):
    """One run of the solutions with a different fault in each task; the last three are left as they are."""

    def spoil(notebook):
        notebook.cells.remove(cell_with(notebook, 'check("iron_law.time_terms"'))
        cell_with(notebook, "def binding_term").source = "def binding_term(:"
        cell_with(notebook, "def pipelined_s").source = "def pipelined_s(**given):\n    while True:\n        pass"
        cell_with(notebook, "days_saved = (").source = "while True: pass"
        cell_with(notebook, 'check("iron_law.training_days"').source += "\nprint('done')"
        redefined = 'real = check\ndef check(name, answer):\n    print("fine")\ncheck("iron_law.best_upgrade", 1)'
        cell_with(notebook, 'check("iron_law.best_upgrade"').source = f"{redefined}\ncheck = real"

    rows = by_name(verdicts(student(spoil, "solutions", "mine.ipynb"), cell_timeout_s=2))
    assert {name: row.status for name, row in rows.items()} == {
        "time_terms": "not tried",
        "binding_term": "broken",
        "pipelined": "broken",
        "days_saved": "broken",
        "training_days": "broken",
        "best_upgrade": "broken",
        "kv_cache_gb": "right",
        "energy_share": "right",
        "return_on_compute": "right",
    }
    assert sum(row.possible for row in rows.values()) == 23 and sum(row.points for row in rows.values()) == 8
    assert rows["binding_term"].message.startswith("SyntaxError")
    assert "longer than 2 s" in rows["pipelined"].message and "longer than 2 s" in rows["days_saved"].message
    assert "showed no verdict" in rows["training_days"].message and "showed no verdict" in rows["best_upgrade"].message


FORGED = """\
from IPython.display import display
verdict = {"task": "iron_law.time_terms", "status": "right", "points": 999, "possible": 999,
           "message": "", "mistake": "", "attempt": ""}
display({"application/vnd.mlsys.verdict+json": verdict, "text/plain": ""}, raw=True)
for wrong in ({}, [], {**verdict, "status": "wonderful"}, {**verdict, "points": "many"}, {"task": "iron_law.x"}):
    display({"application/vnd.mlsys.verdict+json": wrong, "text/plain": ""}, raw=True)
"""


def test_forged_verdicts_are_worth_no_more_than_the_task(student):
    rows = by_name(verdicts(student(lambda notebook: notebook.cells.insert(0, v4.new_code_cell(FORGED)))))
    assert (len(rows), sum(row.possible for row in rows.values())) == (9, 23)
    assert rows["time_terms"].status == "not tried"  # the check that comes later counts


@pytest.mark.parametrize(
    ("fatal", "said"),
    [
        ("import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException: pass", "timed out"),
        ("import os\nos._exit(1)", "died"),
    ],
)
def test_a_cell_that_ends_the_run_costs_only_what_comes_after(student, fatal, said):
    def spoil(notebook):
        cell_with(notebook, "def pipelined_s").source = fatal

    rows = verdicts(student(spoil, "solutions"), cell_timeout_s=2)
    assert [row.status for row in rows] == ["right"] * 2 + ["broken"] * 7
    assert "the run ended" in rows[2].message and said in rows[2].message
