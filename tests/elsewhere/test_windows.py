"""What is different on Windows, and in part on macOS, simulated here: calls that are missing, another encoding of text,
other line ends, names that are one or that cannot be. What no simulation shows is said in the README.
"""

import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.exercise import whose
from mlsys_helpers.facts import loader
from mlsys_helpers.grading import roster
from mlsys_helpers.publish import compose
from mlsys_helpers.publish.build import repository
from mlsys_helpers.quiz import bank
from mlsys_helpers.workspace import folder

ROOT, HERE = repository(), Path(__file__).parent
LONGEST_PATH = 260  # what Windows allows by default, with the drive and a closing zero
IMPORT_ALL = """
import importlib, os, pkgutil, mlsys_helpers
assert not hasattr(os, "fork")
names = [m.name for m in pkgutil.walk_packages(mlsys_helpers.__path__, "mlsys_helpers.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""


def crlf(path: Path, place: Path) -> Path:
    """A copy of a text file in `place` as a checkout on Windows may have it."""
    text = path.read_bytes().replace(b"\r\n", b"\n")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.replace(b"\n", b"\r\n"))
    return place


def python(*words: str, place: Path, said: str = "", **environment: str) -> subprocess.CompletedProcess:
    """Run Python with these words in `place`; what it printed, as bytes."""
    given = os.environ | {"MLSYS_COMPANION_HOME": str(place / "home"), "PYTHONDONTWRITEBYTECODE": "1"} | environment
    return subprocess.run(
        [sys.executable, *words], cwd=place, env=given, input=said.encode(), capture_output=True, timeout=120
    )


# --- calls that are missing


def test_every_module_is_imported_without_what_windows_lacks(tmp_path):
    done = python("-c", IMPORT_ALL, place=tmp_path, PYTHONPATH=os.pathsep.join([str(HERE), str(ROOT)]))
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) > 300


# --- the encoding of text: a pipe or a file on Windows takes a code page, not UTF-8


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A folder with a working copy in it, made by the command where text is no UTF-8."""
    place = tmp_path_factory.mktemp("a folder of mine")
    assert companion("start", "work", place=place).returncode == 0
    return place


def companion(*words: str, place: Path, said: str = "") -> subprocess.CompletedProcess:
    """The command as on Windows: nothing forks, files and pipes speak a code page where nobody says otherwise."""
    speaks = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "PYTHONIOENCODING": "cp1252:strict"}
    paths = os.pathsep.join([str(HERE), str(ROOT)])
    return python("-m", "mlsys_helpers", *words, place=place, said=said, PYTHONPATH=paths, **speaks)


@pytest.mark.parametrize(
    ("words", "said", "shown"),
    [
        (("--help",), "", "working copy"),
        (("numbers",), "", "no check"),
        (("quiz", "07"), "\n" * 60, "Question 1 of"),
        (("progress",), "", "Iron law"),
        (("update", "work"), "", "as the material has them"),
        (("submit", "work/exercises/06_iron_law.ipynb", "--as", "ada", "--course", "cs1"), "", "cs1-06-ada.zip"),
    ],
    ids=lambda words: words[0] if isinstance(words, tuple) else "",
)
def test_a_command_of_the_reader_speaks_in_a_code_page(course, words, said, shown):
    done = companion(*words, place=course, said=said)
    assert done.returncode == 0, done.stderr.decode("cp1252")
    assert shown.casefold() in " ".join(done.stdout.decode("cp1252").split()).casefold()


def test_what_is_written_is_utf8_with_plain_line_ends(course):
    written = [path for path in (course / "work").rglob("*") if path.suffix in (".ipynb", ".json")]
    assert len(written) > 50
    for path in written:
        data = path.read_bytes()
        assert b"\r" not in data and data.decode("utf8")


# --- line ends: a checkout may have others than the repository


@pytest.mark.parametrize("source", ["notebooks/src/06_iron_law.py", "solutions/src/13_fallacies.py"])
def test_a_source_with_other_line_ends_makes_the_same_cells(source, tmp_path):
    copy = crlf(ROOT / source, tmp_path / source)
    for exercise in (False, "solutions" in source):
        made, wanted = (compose.notebook(path, exercise) for path in (copy, ROOT / source))
        assert [(c.id, c.source) for c in made.cells] == [(c.id, c.source) for c in wanted.cells]


def test_a_bank_and_a_table_with_other_line_ends_say_the_same(tmp_path):
    package = Path(loader.__file__).parent
    section = package.parents[0] / "sections" / "iron_law"
    copy = crlf(section / "quiz.toml", tmp_path / "quiz.toml")
    model = "mlsys_helpers.sections.iron_law.model"
    assert bank.load(copy, "iron_law", model).questions == bank.load(section / "quiz.toml", "iron_law", model).questions
    students = "id,name\r\nada,Ada\r\ngrace,Grace\r\n"
    assert [s.id for s in roster.parse(students.encode(), "r.csv")] == ["ada", "grace"]


def test_an_update_from_a_checkout_with_other_line_ends_keeps_the_readers_work(tmp_path):
    lf, other, copy = (tmp_path / name for name in ("lf", "crlf", "mine"))
    names = ("notebooks/06_iron_law.ipynb", "exercises/06_iron_law.ipynb")
    for name in names:
        crlf(ROOT / name, other / name)
        (lf / name).parent.mkdir(parents=True, exist_ok=True)
        (lf / name).write_bytes((ROOT / name).read_bytes())
    folder.start(copy, lf)
    answer = copy / names[1]
    answer.write_text(
        answer.read_text(encoding="utf8").replace("def pipelined_s", "# mine\\ndef pipelined_s"), encoding="utf8"
    )
    changes = {change.label: change for change in folder.update(copy, other)}
    assert changes[names[1]].status == folder.KEPT and changes[names[1]].kept == 1
    assert "# mine" in answer.read_text(encoding="utf8")
    assert {change.status for change in folder.update(copy, other)} <= {folder.SAME, folder.KEPT}


def test_git_gives_every_text_the_same_line_ends():
    rules = (ROOT / ".gitattributes").read_text(encoding="utf8")
    assert "* text=auto eol=lf" in rules
    for ending in ("png", "gz"):
        assert f"*.{ending} binary" in rules


# --- names


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "Aux", "ada."])
def test_a_name_that_is_no_folder_on_windows_is_no_name(name):
    assert not whose.STUDENT_ID.fullmatch(name) and not whose.NAME.fullmatch(name)
    assert PureWindowsPath(name).is_reserved() or name.endswith(".")


@pytest.mark.parametrize("name", ["ada", "Conrad", "a", "ada.lovelace@example.edu", "1815", "nullable", "con-1"])
def test_any_other_name_is_one(name):
    assert whose.STUDENT_ID.fullmatch(name)


def test_no_two_files_of_the_repository_are_one_where_case_does_not_count():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, timeout=30)
    if listed.returncode:
        pytest.skip("not a git clone")
    names = [name for name in listed.stdout.decode("utf8").split("\0") if name]
    assert len({name.casefold() for name in names}) == len(names) > 500
    bad = [name for name in names if PureWindowsPath(name).is_reserved() or set(name) & set('<>:"|?*\\')]
    assert bad == [] and all(not part.endswith((".", " ")) for name in names for part in name.split("/"))


def test_a_working_copy_leaves_room_for_the_readers_own_folders():
    stem = max((section.stem for section in chapter.sections()), key=len)
    backup = folder.BACKUPS / "2026-11-25_201619_123456" / "notebooks" / f".{stem}.ipynb.abcd1234"
    assert len(str(backup)) < LONGEST_PATH - 140
