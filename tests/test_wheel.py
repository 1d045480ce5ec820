"""The wheel alone is enough: built, installed in an environment of its own outside the clone, and used there.

The packages that it needs are those of this environment (their folder is added to the new one); so this takes seconds
and sees the same versions as every other test.
"""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from mlsys_helpers import chapter

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this clone."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def companion(wheel, tmp_path_factory):
    """Call the command as the wheel installs it, in an empty folder: companion("quiz", "06") gives .stdout."""
    place, work = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("elsewhere")
    venv.create(place)
    names = {"base": str(place), "platbase": str(place)}
    packages = Path(sysconfig.get_path("purelib", "venv", names))
    scripts = Path(sysconfig.get_path("scripts", "venv", names))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf8")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--ignore-installed", str(wheel)], check=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")},
        "PATH": os.pathsep.join([str(scripts), os.environ["PATH"]]),
        "MLSYS_COMPANION_HOME": str(work / "home"),
        "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter"),  # where the borrowed packages have their data
        "PYTHONUTF8": "1",
    }

    def call(*words, place=work, said=""):
        command = [scripts / "companion", *map(str, words)]
        return subprocess.run(command, cwd=place, env=environment, input=said, capture_output=True, encoding="utf8")

    call.work, call.packages, call.python = work, packages, python
    return call


@pytest.fixture(scope="module")
def copy(companion):
    """A working copy that the wheel laid out."""
    made = companion("start", "mywork")
    assert made.returncode == 0, made.stdout + made.stderr
    return companion.work / "mywork"


def test_the_wheel_holds_every_notebook_and_nothing_beside_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"mlsys_helpers"}  # graders hide it
    kinds = {kind: {path.name for path in (ROOT / kind).glob("*.ipynb")} for kind in ("notebooks", "exercises")}
    for kind, notebooks in kinds.items():
        found = {name.rsplit("/", 1)[1] for name in names if name.startswith(f"mlsys_helpers/material/{kind}/")}
        assert found == notebooks and len(found) >= len(chapter.open_sections())
    packed = {name.removeprefix("mlsys_helpers/") for name in names if name.startswith("mlsys_helpers/")}
    tracked = subprocess.run(["git", "ls-files", "mlsys_helpers"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.removeprefix("mlsys_helpers/") for line in tracked.stdout.splitlines()} <= packed
    assert {f"licenses/{name}" for name in ("LICENSE", "LICENSE-text.md", "LICENSE-data.md")} <= {
        name.split(".dist-info/")[-1] for name in names
    }


def test_it_runs_what_the_wheel_brought_and_not_the_clone(companion):
    told = companion("build", "--check")
    assert told.returncode == 1 and f"{companion.packages} is not a clone" in told.stderr


def test_doctor_is_green(companion):
    told = companion("doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "packages as asked for" in told.stdout and "WRONG" not in told.stdout


@pytest.mark.parametrize("words", [("lab",), ("check", "06")])
def test_outside_a_working_copy_nobody_is_led_into_the_installed_package(companion, words):
    told = companion(*words)
    assert told.returncode == 1 and "make one: companion start DIR" in told.stderr


def test_a_working_copy_is_laid_out_and_checked(companion, copy):
    assert len(list(copy.glob("notebooks/*.ipynb"))) == len(list((ROOT / "notebooks").glob("*.ipynb")))
    told = companion("check", "06", place=copy)
    assert re.search(r"^0 of \d+ tasks right", told.stdout, re.MULTILINE) and "not tried" in told.stdout


def test_the_quiz_and_a_solution_are_there(companion, copy):
    assert "Question 1 of" in companion("quiz", "06", place=copy, said="q\n").stdout
    asked = "from mlsys_helpers.publish.answers import solution_text; print(solution_text('iron_law.time_terms'))"
    told = subprocess.run(
        [companion.python, "-P", "-c", asked], cwd=companion.work, capture_output=True, encoding="utf8"
    )
    assert "return" in told.stdout, told.stderr


def test_a_class_is_given_work_hands_it_in_and_is_graded(companion, copy):
    (companion.work / "roster.csv").write_text("id,name\nada,Ada L\n", encoding="utf8")
    assert companion("release", "06", "--course", "toy", "--roster", "roster.csv").returncode == 0
    own = companion.work / "toy" / "06" / "students" / "ada" / "06_iron_law.ipynb"
    (copy / "exercises" / own.name).write_bytes(own.read_bytes())
    handed_in = companion("submit", "06", "--out", companion.work / "in.zip", place=copy)
    assert handed_in.returncode == 0 and "hand in this file" in handed_in.stdout, handed_in.stderr
    (companion.work / "in").mkdir()
    (companion.work / "in.zip").rename(companion.work / "in" / "toy-06-ada.zip")
    assert companion("collect", "in", "--into", "toy/06").returncode == 0
    graded = companion("grade", "toy/06")
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert "time_terms" in graded.stdout
