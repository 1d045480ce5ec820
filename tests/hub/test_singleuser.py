"""What a student's server does before it starts, with a companion and a JupyterHub that only say what they hear."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hub.hub import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="JupyterHub does not run on Windows")
SAYS = """#!/bin/sh
echo "$0" "$@" "submit=$MLSYS_COMPANION_SUBMIT" "home=$MLSYS_COMPANION_HOME" "in=$PWD" >> "$HOME/said"
"""
LAYS_OUT = """
case "$1" in start) mkdir -p "$2/.companion/base/exercises" "$2/exercises"; echo 1 > "$2/.companion/copy.json"
echo theirs > "$2/exercises/06.ipynb"; cp "$2/exercises/06.ipynb" "$2/.companion/base/exercises/";; esac
"""


class Home:
    """A home, the student's folder in the exchange, and commands that only speak."""

    def __init__(self, folder: Path):
        self.path, self.exchange, self.bin = folder / "home", folder / "exchange" / "ada", folder / "bin"
        for made in (self.path, self.exchange / "released", self.exchange / "submitted", self.bin):
            made.mkdir(parents=True)
        for name, text in (("companion", SAYS + LAYS_OUT), ("jupyterhub-singleuser", SAYS)):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def start(self, *words: str) -> list[str]:
        """Start the server; what the commands were told."""
        (self.path / "said").unlink(missing_ok=True)
        own = {"HOME": str(self.path), "MLSYS_EXCHANGE": str(self.exchange), "PATH": f"{self.bin}:/usr/bin:/bin"}
        subprocess.run([ROOT / "hub" / "companion-singleuser", *words], env=own, check=True)
        return (self.path / "said").read_text().splitlines()

    @property
    def exercises(self) -> dict[str, str]:
        """The exercises' names and contents."""
        return {path.name: path.read_text() for path in (self.path / "mlsys" / "exercises").iterdir()}

    def release(self, text: str) -> None:
        """Release this as the notebook 06."""
        path = self.exchange / "released" / "06.ipynb"
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o440)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_the_copy_is_laid_out_once_and_then_updated(home):
    first, served = home.start("--port=1")
    assert f"companion start {home.path}/mlsys " in first
    assert "jupyterhub-singleuser --port=1" in served and f"submit={home.exchange}/submitted" in served
    assert f"home={home.path}/.local/share/mlsys-companion" in served and f"in={home.path}/mlsys" in served
    assert f"companion update {home.path}/mlsys " in home.start()[0]


def test_a_released_notebook_takes_the_place_of_an_exercise_that_nobody_touched(home):
    home.release("for ada")
    home.start()
    assert home.exercises == {"06.ipynb": "for ada"}


def test_a_released_notebook_comes_once_and_work_in_it_stays(home):
    home.release("for ada")
    home.start()
    (home.path / "mlsys" / "exercises" / "06.ipynb").write_text("her answer")
    home.start()
    assert home.exercises == {"06.ipynb": "her answer"}


def test_what_was_there_is_kept_beside_a_new_release(home):
    home.start()
    (home.path / "mlsys" / "exercises" / "06.ipynb").write_text("her practice")
    home.release("for ada")
    home.start()
    assert home.exercises.pop("06.ipynb") == "for ada"
    ((name, text),) = [item for item in home.exercises.items() if item[0] != "06.ipynb"]
    assert text == "her practice" and name.startswith("06 (before 20")


def test_nobody_else_reads_what_a_student_writes(home):
    home.path.chmod(0o755)
    home.start()
    for private in ("mlsys", ".local/share/mlsys-companion"):
        assert not (home.path / private).stat().st_mode & 0o077


def test_a_server_starts_without_an_exchange_and_with_a_companion_that_fails(home):
    (home.bin / "companion").write_text("#!/bin/sh\necho the disk is full; exit 1\n")
    home.exchange = Path("/nowhere")
    (served,) = home.start()
    assert "jupyterhub-singleuser" in served and "submit= " in served
    assert "the disk is full" in (home.path / ".companion-start.log").read_text()


def test_a_released_notebook_can_be_written_in(home):
    home.release("for ada")
    home.start()
    assert os.access(home.path / "mlsys" / "exercises" / "06.ipynb", os.W_OK)
