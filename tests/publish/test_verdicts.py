"""A saved exercise notebook is run and each of its tasks accounted for."""

import nbformat
import pytest
from nbformat import v4

from mlsys_helpers.publish.verdicts import Row, verdicts

CHECK = """\
from IPython.display import display

def check(task, answer):
    status = "right" if answer == 4 else "wrong"
    verdict = {"task": task, "status": status, "points": 2 * (answer == 4), "possible": 2,
               "message": f"got {answer}", "mistake": ""}
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
        Row("toy.a", "right", 2, 2, "got 4"),
        Row("toy.b", "wrong", 0, 2, "got 5"),
        Row("toy.c", "broken", 0, 0, "NameError: name 'undefined' is not defined"),
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
