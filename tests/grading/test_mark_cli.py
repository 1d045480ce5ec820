"""`companion mark` and `companion export` as an instructor types them."""

import getpass
import re

import pytest
from typer.testing import CliRunner

from mlsys_helpers import cli

TASK = "iron_law.binding_term"


@pytest.fixture
def companion(small_class, monkeypatch):
    """Call a command on the small class: companion("mark", "ada", ...) gives .exit_code and .output."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(getpass, "getuser", lambda: "vijay")

    def call(command, *words, typed=""):
        asked = [command, str(small_class.folder), *map(str, words)]
        return CliRunner().invoke(cli.app, asked, input=typed)

    return call


# --- mark -----------------------------------------------------------------------------------------------------------


def test_a_score_is_set_with_its_reason_and_taken_back(companion):
    told = companion("mark", "ada", "binding_term", "1,5", "--because", "half of it")
    assert told.exit_code == 0 and f"ada  {TASK}: 2 -> 1.5 of 2" in told.output
    assert "it stands so already" in companion("mark", "ADA", TASK, "1.5", "--because", "half of it").output
    assert f"ada  {TASK}: 1.5 -> 2 of 2" in companion("mark", "ada", TASK, "--withdraw").output
    history = companion("mark", "ada", TASK, "--history").output
    assert re.findall(r"(\S+ of 2|withdrawn) +(grader|vijay)", history) == [
        ("2 of 2", "grader"),
        ("1.5 of 2", "vijay"),
        ("withdrawn", "vijay"),
    ]
    assert "half of it" in history


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["adda", TASK, "1", "--because", "x"], "did you mean 'ada'"),
        (["ada", "binding_trem", "1", "--because", "x"], "unknown item 'binding_trem'"),
        (["ada", TASK, "1"], '--because "TEXT"'),
        (["ada", TASK, "3", "--because", "x"], "extra credit needs --extra"),
        (["ada", TASK, "two", "--because", "x"], "'two' is no number"),
        (["ada"], "STUDENT ITEM POINTS. The items: iron_law.binding_term, "),
        (["--everyone"], "06 ITEM POINTS"),
        (["--everyone", TASK], "06 ITEM POINTS"),
        (["ada", TASK, "--withdraw"], "no mark set by hand"),
        (["ada", "--due", "soon"], "'soon' is no date"),
        (["--due", "2026-12-08 23:59"], "say whose"),
        (["ada", "--due", "none", "--history"], "--due and --history are two things"),
        (["ada", "--sheet", "x.csv"], "leave out ada"),
        (["--read", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_set(companion, small_class, words, named):
    before = small_class.book.dump()
    told = companion("mark", *words)
    assert told.exit_code == 1 and named in told.output and small_class.book.dump() == before


def test_extra_credit_is_set_on_purpose(companion):
    told = companion("mark", "ada", TASK, "3", "--because", "a proof", "--extra")
    assert "2 -> 3 of 2" in told.output


def test_everyone_who_handed_it_in_gets_it(companion):
    told = companion("mark", TASK, "full", "--everyone", "--because", "unclear", "--by", "bea").output
    assert f"bob  {TASK}: 0 -> 1.6 of 2, 20% taken off for lateness" in told
    assert "1 handed in nothing for it and got nothing" in told and "cyd" not in told
    assert "ada" not in told and "the same points as before for 1 student" in told
    assert "2 scores set" in companion("mark", TASK, "--everyone", "--withdraw").output


def test_an_extension_says_what_it_changes(companion):
    told = companion("mark", "bob", "--due", "2026-12-08 23:59", "--because", "was ill").output
    assert "bob  due 2026-12-08 23:59; total 6.4 -> 8" in told
    assert "total 8 -> 6.4" in companion("mark", "bob", "--due", "none").output
    assert "due 2026-12-08 23:59; " in companion("mark", "bob", "--due", "2026-12-08").output  # the whole day
    assert "was ill" in companion("mark", "bob", "--history").output


def test_marking_in_the_terminal(companion):
    told = companion("mark", typed="1\nclear\ns\nq\n")
    assert told.exit_code == 0 and "1 of 4 marked, and kept." in told.output
    assert "of 3 marked" in companion("mark", typed="q\n").output


def test_nothing_to_mark_is_said(companion):
    companion("mark", typed="f\n\n" * 4)
    assert "nothing waits for a mark" in companion("mark").output
    assert "nothing waits" in companion("mark", "--sheet", "x.csv").output


def test_a_sheet_is_written_filled_in_and_read(companion, tmp_path):
    sheet = tmp_path / "marks.csv"
    assert "with 4 rows" in companion("mark", "--sheet", sheet).output
    assert "exists and may hold marks" in companion("mark", "--sheet", sheet).output
    text = sheet.read_text(encoding="utf8")
    assert text.count(",1,,,\n") == 4
    sheet.write_text(text.replace(",1,,,\n", ',1,,"0,5",fine\n'), encoding="utf8")
    told = companion("mark", "--read", sheet).output
    assert "4 scores set" in told and "waiting -> 0.5 of 1" in told
    assert "it stands so already" in companion("mark", "--read", sheet).output


# --- export ---------------------------------------------------------------------------------------------------------


def test_export_refuses_what_waits_and_says_how(companion, tmp_path):
    told = companion("export", "--csv", tmp_path / "06.csv")
    assert told.exit_code == 1 and "wait for a mark: run companion mark" in told.output
    assert not (tmp_path / "06.csv").exists()


def test_export_writes_all_that_were_named(companion, tmp_path):
    paths = [tmp_path / name for name in ("c.csv", "m.csv", "all.csv")]
    words = ("--canvas", paths[0], "--moodle", paths[1], "--csv", paths[2], "--unfinished", "--column", "Homework 6")
    told = companion("export", *words)
    assert told.exit_code == 0 and all(path.exists() and f"wrote {path}" in told.output for path in paths)
    assert "cyd handed in nothing; Canvas keeps what it has" in told.output
    first = [path.read_bytes() for path in paths]
    companion("export", *words)
    assert [path.read_bytes() for path in paths] == first


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "say for what: --canvas FILE"),
        (["--csv", "x.csv", "--template", "t.csv"], "one at a time"),
        (["--canvas", "t.csv", "--template", "t.csv"], "is the template"),
        (["--canvas", "x.csv", "--template", "nowhere.csv"], "nowhere.csv"),
        (["--csv", "x.csv", "--missing", "nil", "--unfinished"], "unknown choice for --missing"),
    ],
)
def test_an_export_that_cannot_be_is_refused(companion, words, named):
    told = companion("export", *words)
    assert told.exit_code == 1 and named in told.output


def test_a_template_is_filled_in(companion, tmp_path):
    exported, made = tmp_path / "exported.csv", tmp_path / "import.csv"
    exported.write_text("Student,ID,SIS Login ID,Section,06 (77)\n    Points Possible,,,,18\nAda,9,ada,A,\n")
    told = companion("export", "--canvas", made, "--template", exported, "--unfinished")
    assert told.exit_code == 0 and made.read_text().splitlines()[-1] == "Ada,9,ada,A,10"
    assert "bob have a grade and no row in the template" in told.output


def test_who_left_the_class_is_named(companion, small_class, tmp_path):
    small_class.hand_in("dan", 2.0, ["x", "y"])
    told = companion("export", "--csv", tmp_path / "06.csv", "--unfinished").output
    assert "dan handed in and are not in the roster" in told
