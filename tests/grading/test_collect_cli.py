"""`companion collect` says in few lines what needs a person, and where the rest is."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlsys_helpers import cli
from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import Gradebook

from .test_collect import DUE, Desk, notebook, zipped


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path / "cs249")


def collect(*words):
    return CliRunner().invoke(cli.app, ["collect", *map(str, words)])


def test_a_batch_in_which_all_is_well(desk):
    desk.lay({"ada/06.ipynb": notebook(), "ada/.DS_Store": b"x", "bob/06.ipynb": notebook("2")})
    told = collect(desk.batch, "--into", "cs249/06")
    assert told.exit_code == 0
    assert "3 files" in told.output and "of 2 students" in told.output and "Refused" not in told.output
    assert "So far: 1.6 from 2, 1.6 quiz from 0" in told.output
    assert "Nothing from 3 students so far: emile, ann1, ann2" in told.output
    assert f"All of it: {Path('cs249/06/collected.csv')}" in told.output
    again = collect(desk.batch, "--into", "cs249/06")
    assert "2 of them before" in again.output and "Nothing new" in again.output and "Nothing new" not in told.output


def test_what_needs_a_person_comes_in_full(desk):
    desk.lay({"lovelaceada_LATE_101_7_06.ipynb": notebook(student="bob"), "bob/06.ipynb": b"", "x.pdf": b"%PDF"})
    told = collect(desk.batch)
    assert told.exit_code == 1
    assert "  got/bob/06.ipynb\n      bob: the file is empty" in told.output
    assert "  got/lovelaceada_LATE_101_7_06.ipynb\n      ada: inside it says bob" in told.output
    assert "as the due date: ada" in told.output and "Canvas gives its files the time" in told.output
    assert "by the times of the files" not in told.output


def test_the_time_may_be_given(desk):
    desk.lay({"ada/06.ipynb": notebook()})
    told = collect(desk.batch, "--received", "2025-12-24")
    assert "as the due date: ada" in told.output
    with Gradebook(desk.course.gradebook) as book:
        assert book.received("06")[0].handed_in.astimezone().strftime("%Y-%m-%d %H:%M") == "2025-12-24 23:59"


def test_only_looking(desk):
    desk.lay({"ada/06.ipynb": notebook()})
    told = collect(desk.batch, "--dry-run")
    assert told.exit_code == 0 and "nothing was written (--dry-run)" in told.output
    assert not (desk.assigned.folder / "collected.csv").exists() and not desk.course.gradebook.exists()


def test_a_newer_roster_is_kept(desk):
    desk.lay({"kay.zip": zipped({"06.ipynb": notebook()})})
    Path("new.csv").write_text("id,name\nada,Ada Lovelace\nkay,Kay\n", encoding="utf8")
    assert collect(desk.batch, "--roster", "new.csv").exit_code == 0
    assert [student.id for student in desk.course.roster()] == ["ada", "kay"]
    Path("short.csv").write_text("id,name\nada,Ada Lovelace\n", encoding="utf8")
    told = collect(desk.batch, "--roster", "short.csv")
    assert told.exit_code == 1 and "short.csv lacks kay" in told.output
    assert [student.id for student in desk.course.roster()] == ["ada", "kay"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["absent"], "neither a folder nor a zip"),
        (["got", "--received", "soon"], "'soon' is no date"),
        (["got", "--into", "cs249"], "holds no assignment"),
        (["got", "--roster", "none.csv"], "none.csv"),
    ],
)
def test_a_mistake_is_named(desk, words, named):
    told = collect(*words)
    assert told.exit_code == 1 and named in told.output


def test_of_two_assignments_one_must_be_named(desk):
    other = course.Assignment("cs249", "07", desk.course.folder / "07", desk.assigned.parts, DUE)
    course.write(other)
    told = collect("got")
    assert told.exit_code == 1 and "for which assignment?" in told.output and "07" in told.output


def test_it_explains_itself():
    told = collect("--help")
    assert told.exit_code == 0 and "companion collect submissions.zip --into cs249/06" in told.output
