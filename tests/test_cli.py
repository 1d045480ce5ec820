"""The command: helpful without a manual, clear when misused, honest in its exit status."""

import re
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from mlsys_helpers import cli, doctor
from mlsys_helpers.cli import learn
from mlsys_helpers.exercise.judge import Verdict
from mlsys_helpers.grading.sandbox import protect
from mlsys_helpers.progress import store
from mlsys_helpers.publish import build, execute, verdicts

COMMANDS = [
    "lab",
    "start",
    "update",
    "check",
    "submit",
    "quiz",
    "review",
    "progress",
    "predict",
    "numbers",
    "build",
    "new-section",
    "doctor",
    "release",
    "grade",
    "mark",
    "export",
]


@pytest.fixture
def companion(monkeypatch):
    """Call the command: companion("quiz", "iron_law") gives .exit_code and .output."""
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


def test_help_names_every_command(companion):
    told = companion("--help").output
    assert all(command in told for command in COMMANDS)


def test_help_tells_of_teaching_in_the_order_of_a_term(companion):
    term = ["release", "collect", "grade", "mark", "feedback", "report", "export", "quiz-export"]
    told = re.findall(r"^│ ([\w-]+) ", companion("--help").output, re.MULTILINE)
    assert [command for command in told if command in term] == term


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(companion, command):
    told = companion(command, "--help")
    assert told.exit_code == 0
    assert f"companion {command}" in told.output.replace("Usage: root", "Usage: companion") or command == "doctor"


def test_help_takes_little_longer_than_what_draws_it():
    """Against Typer and Rich alone, in turn: a command that loaded NumPy would take several times as long."""

    def seconds(*words: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, *words], capture_output=True, check=True)
        return time.perf_counter() - begun

    bare = "import typer.rich_utils, rich.markdown, rich.panel, rich.table"
    took = [(seconds("-m", "mlsys_helpers", "--help"), seconds("-c", bare)) for _ in range(5)]
    helped, reference = (min(column) for column in zip(*took, strict=True))
    assert helped < 2.5 * reference


@pytest.mark.parametrize("command", ["quiz", "check"])
def test_unknown_section_is_told_the_nearest(companion, command):
    told = companion(command, "iron_lw")
    assert told.exit_code == 2
    assert "did you mean 'iron_law'" in " ".join(told.output.split())


def test_section_that_is_not_open_has_no_quiz(companion, monkeypatch):
    monkeypatch.setattr(learn, "found_section", lambda name: SimpleNamespace(open=False, slug=name))
    told = companion("quiz", "synthesis")
    assert told.exit_code == 2
    assert "not open yet" in told.output


def test_missing_files_are_named(companion):
    assert "nowhere.ipynb" in companion("check", "nowhere.ipynb").output
    assert "nowhere.csv" in companion("predict", "nowhere.csv", "--out", "out.csv").output


# --- check ----------------------------------------------------------------------------------------------------------

RIGHT = Verdict("toy.a", "right", 2, 2, "right")
WRONG = Verdict("toy.b", "wrong", 0, 3, "that is MAC, not FLOP", attempt="a fingerprint")
STUB = Verdict("toy.c", "not tried", 0, 1, "its check is missing")


@pytest.mark.parametrize(
    ("rows", "exit_code", "said"),
    [
        ([RIGHT], 0, "1 of 1 tasks right, 2 of 2 points"),
        ([RIGHT, STUB], 1, "1 of 2 tasks right, 2 of 3 points"),
        ([RIGHT, WRONG], 1, "that is MAC, not FLOP"),
        ([], 1, "checks no task"),
    ],
)
def test_check_tells_each_task(companion, monkeypatch, tmp_path, rows, exit_code, said):
    monkeypatch.setattr(verdicts, "verdicts", lambda path, timeout: rows)
    (tmp_path / "mine.ipynb").touch()
    told = companion("check", tmp_path / "mine.ipynb")
    assert told.exit_code == exit_code
    assert said in told.output
    assert [event.item for event in store.history("exercise")] == [r.task for r in rows if r in (RIGHT, WRONG)]


# --- build ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "notebooks" / "src").mkdir(parents=True)
    (tmp_path / "notebooks" / "src" / "01_toy.py").write_text("# %%\nx = 1\n", encoding="utf8")
    monkeypatch.setattr(build, "repository", lambda: tmp_path)
    return tmp_path


def test_build_check_names_the_stale_and_writes_nothing(companion, project):
    told = companion("build", "--check")
    assert told.exit_code == 1
    assert "notebooks/01_toy.ipynb: missing; run: companion build 01_toy" in told.output
    assert not (project / "notebooks" / "01_toy.ipynb").exists()


def test_build_check_names_strays(companion, project):
    (project / "notebooks" / "02_stray.ipynb").touch()
    assert "02_stray.ipynb: no source makes it" in companion("build", "--check").output


def test_build_makes_what_is_stale_and_only_that(companion, project):
    assert "built notebooks/01_toy.ipynb" in companion("build").output
    assert companion("build", "--check").exit_code == 0
    assert "nothing to build" in companion("build").output


def test_build_that_fails_says_where(companion, project):
    (project / "notebooks" / "src" / "01_toy.py").write_text("# %%\n1 / 0\n", encoding="utf8")
    told = companion("build")
    assert told.exit_code == 1
    assert "notebooks/01_toy.ipynb" in told.output
    assert "ZeroDivisionError" in told.output


def test_build_of_an_unknown_name_is_told_the_nearest(companion, project):
    assert "did you mean '01_toy'" in companion("build", "toys").output


def test_new_section_that_cannot_be_is_told_why(companion, project):
    (project / "mlsys_helpers").mkdir()
    (project / "mlsys_helpers" / "chapter.toml").write_text("section = []\n", encoding="utf8")
    told = companion("new-section", "No-Name")
    assert told.exit_code == 1 and "lower-case words" in told.output
    told = companion("new-section", "name", "--number", "07")
    assert told.exit_code == 1 and "needs --title" in told.output


# --- lab ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "opened"),
    [((), "00_start_here.ipynb"), (("--no-browser", "notebooks/06_iron_law.ipynb"), "06_iron_law.ipynb")],
)
def test_lab_opens_one_notebook_and_passes_words_on(companion, project, monkeypatch, words, opened):
    (project / "notebooks" / "00_start_here.ipynb").touch()
    became = []
    monkeypatch.setattr(learn, "_become", lambda words, place: became.extend([*words, place]) or 0)
    assert companion("lab", *words).exit_code == 0
    assert became.pop() == project
    assert [word.rsplit("/", 1)[1] for word in became if word.endswith(".ipynb")] == [opened]
    assert all(any(given.endswith(word) for given in became) for word in words)


# --- doctor ---------------------------------------------------------------------------------------------------------


def test_doctor_finds_this_installation_sound(companion):
    told = doctor.examine()
    assert told.sound, told
    assert {finding.name for finding in told.findings} == set(doctor.CHECKS)


def test_doctor_says_how_to_mend_what_is_wrong(companion, monkeypatch):
    def ill():
        raise doctor.Ailment("it is broken", "turn it round")

    monkeypatch.setattr(doctor, "CHECKS", {"limb": ill, "rest": lambda: "well"})
    told = companion("doctor")
    assert told.exit_code == 1
    assert "turn it round" in told.output
    assert repr(doctor.examine()) == "limb: it is broken\n  To mend it, turn it round"


def test_doctor_tells_each_protection_of_the_grading_sandbox(companion):
    told = doctor.sandbox().splitlines()[1:]
    assert [line.partition(":")[0] for line in told] == list(protect.NAMES.values())
    assert all(": on" in line or ": OFF (" in line for line in told)


def test_doctor_survives_a_check_that_crashes(monkeypatch):
    monkeypatch.setattr(doctor, "CHECKS", {"limb": lambda: 1 / 0})
    (finding,) = doctor.examine().findings
    assert (finding.sound, finding.found) == (False, "ZeroDivisionError: division by zero")


def sick(monkeypatch, tmp_path, name):
    """Break one thing that doctor looks at."""
    match name:
        case "packages":
            (tmp_path / "requirements.lock").write_text("numpy==0.1\nnot-there-at-all==1\n", encoding="utf8")
            monkeypatch.setattr(build, "repository", lambda: tmp_path)
        case "widgets":
            monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [str(tmp_path)])
        case "kernel":
            cell = SimpleNamespace(outputs=[SimpleNamespace(text='"/some/other/python"')])
            monkeypatch.setattr(execute, "run", lambda *rest: SimpleNamespace(cells=[cell]))
        case "progress":
            (tmp_path / "a file").touch()
            monkeypatch.setenv("MLSYS_COMPANION_HOME", str(tmp_path / "a file"))


@pytest.mark.parametrize(
    ("name", "found", "remedy"),
    [
        ("packages", "numpy is .*wanted is ==0.1; not-there-at-all is missing", "start.py"),
        ("widgets", "widget extension is not installed", "start.py"),
        ("kernel", "runs in /some/other/python", "kernelspec"),
        ("progress", "answers cannot be kept", "MLSYS_COMPANION_HOME"),
    ],
)
def test_doctor_finds_each_fault(monkeypatch, tmp_path, name, found, remedy):
    sick(monkeypatch, tmp_path, name)
    with pytest.raises(doctor.Ailment, match=found) as caught:
        doctor.CHECKS[name]()
    assert remedy in caught.value.remedy
