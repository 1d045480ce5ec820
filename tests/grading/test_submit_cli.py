"""`companion submit`, as a student meets it."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlsys_helpers import cli
from mlsys_helpers.grading.handing_in import preview, submission
from mlsys_helpers.workspace import folder
from tests.grading.handed_in import edit, lay_out, solve


@pytest.fixture
def companion(monkeypatch, tmp_path):
    """Call the command in a working copy that holds the common notebook of an assignment, for a terminal of 80."""
    monkeypatch.setenv("COLUMNS", "80")
    assigned = lay_out(tmp_path / "cs249", name="week6", quiz=6.5)
    folder.start(tmp_path / "work", folder.material())
    shutil.copy(assigned.folder / "students" / "06_iron_law.ipynb", tmp_path / "work" / "exercises")
    monkeypatch.chdir(tmp_path / "work")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def no_sandbox(monkeypatch):
    def none(section):
        raise OSError("no processes left")

    monkeypatch.setattr(preview.judge, "server", none)


def exercise():
    return Path("exercises", "06_iron_law.ipynb")


def test_a_notebook_without_an_id_is_not_handed_in(companion):
    told = companion("submit", "06")
    assert told.exit_code == 1 and "write your id between the quotes" in told.output
    assert not list(Path().glob("*.zip"))


@pytest.mark.parametrize("name", ["06", "iron_law", "week6", "exercises/06_iron_law.ipynb"])
def test_unfinished_work_is_handed_in_and_told_of(companion, name):
    edit(exercise(), ('student=""', 'student="ada"'))
    told = companion("submit", name)
    assert told.exit_code == 0, told.output
    for said in ("cs249, assignment week6, for ada", "saved less than a minute ago", "0 of 9 tasks right",
                 "0 of 23 points", "0 of 13 questions answered", "wrote cs249-week6-ada.zip"):  # fmt: skip
        assert said in told.output
    assert told.output.count("not tried") == 9
    made = submission.read(Path("cs249-week6-ada.zip").read_bytes())
    assert made.parts["iron_law"] == exercise().read_bytes()


def test_right_and_wrong_and_broken_are_told_apart(companion):
    edit(solve(edit(exercise(), ('student=""', 'student="ada"')), "iron_law"),
         ("return data_s, compute_s, latency_s", "return data_s, 2 * compute_s, latency_s"),
         ("return max(terms, key=terms.get)", "return max(terms"))  # fmt: skip
    told = companion("submit", "06")
    assert told.exit_code == 0
    assert "7 of 9 tasks right, 18 of 23 points" in told.output
    assert "wrong" in told.output and "SyntaxError" in told.output


def test_where_no_sandbox_can_be_started_it_is_handed_in_all_the_same(companion, no_sandbox):
    edit(exercise(), ('student=""', 'student="ada"'))
    told = companion("submit", "06")
    assert told.exit_code == 0
    assert "could not be tried here (no processes left)" in told.output
    assert Path("cs249-week6-ada.zip").exists()


def test_it_goes_where_it_is_told_and_keeps_what_was_there(companion, tmp_path, no_sandbox):
    edit(exercise(), ('student=""', 'student="ada"'))
    (tmp_path / "mine.zip").write_bytes(b"mine")
    told = companion("submit", "06", "--out", tmp_path / "mine.zip")
    assert "the earlier mine.zip is kept as mine.1.zip" in told.output
    assert (tmp_path / "mine.1.zip").read_bytes() == b"mine"
    assert companion("submit", "06", "--out", tmp_path).exit_code == 0
    assert (tmp_path / "cs249-week6-ada.zip").exists()


def test_what_is_no_exercise_is_refused(companion):
    Path("x.ipynb").write_text("{}")
    assert "cannot be handed in" in companion("submit", "x.ipynb").output
    assert "there is no notebook" in companion("submit", "y.ipynb").output
    told = companion("submit", "05")
    assert told.exit_code == 1 and "was not released for a class" in told.output
    assert companion("submit", "nonsense").exit_code == 2


def test_a_plain_exercise_is_handed_in_with_a_name(companion):
    told = companion("submit", "02", "--as", "ada", "--course", "cs249")
    assert told.exit_code == 0 and "wrote cs249-02-ada.zip" in told.output


def test_updating_the_working_copy_keeps_the_released_notebook(companion):
    edit(exercise(), ('student=""', 'student="ada"'))
    before = exercise().read_bytes()
    assert companion("update").exit_code == 0
    assert exercise().read_bytes() == before


def test_check_asks_only_for_the_tasks_that_were_released(companion, tmp_path):
    assigned = lay_out(tmp_path / "other", name="short", names=["binding_term"])
    shutil.copy(assigned.folder / "students" / "ada" / "06_iron_law.ipynb", exercise())
    told = companion("check", "06")
    assert "0 of 1 tasks right" in told.output and "time_terms" not in told.output
