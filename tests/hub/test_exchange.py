"""The exchange folder: who can read and write what in it, and what is taken from it. As root, with users of numbers."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from mlsys_helpers.grading.collecting import collect
from mlsys_helpers.grading.handing_in import submission
from tests.grading.handed_in import CLASS, lay_out
from tests.hub.hub import ROOT
from tests.hub.hub import exchange as exchanging

ADA, BOB = 42_000, 42_001
as_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root may act as two users")


@pytest.fixture
def place(passable):
    """An exchange folder in which the folders of ada and bob are laid out."""
    place = passable()
    for name, uid in (("ada", ADA), ("bob", BOB)):
        exchanging.own_folders(place, name, uid, uid)
    return place


def may(uid, work, *values) -> bool:
    """Whether a user of this number may do it: tried in a child that is nobody else."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            work(*values)
            os._exit(0)
        except OSError:
            os._exit(1)
        finally:
            os._exit(2)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 1), f"the trial itself failed ({code})"
    return code == 0


def write(path):
    Path(path).write_bytes(b"x")


@as_root
def test_a_student_writes_into_the_own_folder_and_nobody_elses(place):
    assert may(ADA, write, place / "ada" / "submitted" / "a.zip")
    assert not may(ADA, write, place / "bob" / "submitted" / "a.zip")
    assert not may(ADA, write, place / "ada" / "released" / "a.ipynb")
    assert not may(ADA, write, place / "a.zip")


@as_root
def test_a_student_reads_no_other_file_even_where_its_name_is_known(place):
    assert may(BOB, write, place / "bob" / "submitted" / "cs249-06-bob.zip")
    assert (place / "bob" / "submitted" / "cs249-06-bob.zip").stat().st_mode & 0o044  # the file itself would allow it
    assert may(BOB, Path.read_bytes, place / "bob" / "submitted" / "cs249-06-bob.zip")
    assert not may(ADA, Path.read_bytes, place / "bob" / "submitted" / "cs249-06-bob.zip")
    for folder in (place, place / "ada", place / "bob", place / "bob" / "submitted"):
        assert not may(ADA, os.listdir, folder)


@as_root
def test_a_student_cannot_replace_the_own_folders(place):
    assert not may(ADA, os.rename, place / "ada" / "submitted", place / "ada" / "elsewhere")
    assert not may(ADA, os.rmdir, place / "ada" / "submitted")


@as_root
def test_one_write_only_folder_for_all_would_let_names_be_guessed_and_taken(passable):
    drop = passable()
    drop.chmod(0o1733)
    mine = drop / "cs249-06-ada.zip"
    assert not may(BOB, os.listdir, drop)
    assert may(ADA, write, mine)
    assert not may(BOB, os.unlink, mine)
    assert may(BOB, Path.read_bytes, mine)
    assert may(BOB, write, drop / "cs249-06-eve.zip")
    assert not may(ADA, write, drop / "cs249-06-eve.zip")


@as_root
def test_what_was_released_is_read_by_its_student_alone_whoever_came_first(passable, tmp_path):
    place = passable()
    assigned = lay_out(tmp_path / "cs249")
    assert exchanging.release(assigned.folder, place) == 2
    exchanging.own_folders(place, "ada", ADA, ADA)
    exchanging.own_folders(place, "bob", BOB, BOB)
    (mine,) = (place / "ada" / "released").iterdir()
    assert mine.read_bytes() == (assigned.folder / "students" / "ada" / "06_iron_law.ipynb").read_bytes()
    assert may(ADA, Path.read_bytes, mine) and not may(BOB, Path.read_bytes, mine) and not may(ADA, write, mine)
    assert exchanging.release(assigned.folder, place) == 0


def handed_in(assigned, student, place):
    """A submission of the released notebook, in the student's folder; its path."""
    found = submission.find(assigned.folder / "students" / student / "06_iron_law.ipynb")
    path = place / student / "submitted" / f"cs249-06-{student}.zip"
    submission.write(submission.make(found, datetime.now().astimezone()), path)
    return path


@as_root
def test_what_is_handed_in_comes_to_the_class(place, tmp_path):
    assigned = lay_out(tmp_path / "cs249")
    for student, uid in (("ada", ADA), ("bob", BOB)):
        os.chown(handed_in(assigned, student, place), uid, uid)
    inbox = tmp_path / "inbox"
    assert exchanging.collect(place, inbox) == ["ada/cs249-06-ada.zip: taken", "bob/cs249-06-bob.zip: taken"]
    assert exchanging.collect(place, inbox) == ["ada/cs249-06-ada.zip: had it", "bob/cs249-06-bob.zip: had it"]
    found = collect.collect(inbox, assigned, CLASS)
    assert sorted(row.file.student for row in found.having("taken")) == ["ada", "bob"]


@as_root
def test_another_students_file_is_not_handed_in_by_a_link(place, tmp_path):
    assigned = lay_out(tmp_path / "cs249")
    bobs = handed_in(assigned, "bob", place)
    os.chown(bobs, BOB, BOB)
    mine = place / "ada" / "submitted"
    (mine / "link.zip").symlink_to(bobs)
    (mine / "hard.zip").hardlink_to(bobs)
    os.mkfifo(mine / "pipe.zip")
    (mine / "folder.zip").mkdir()
    told = exchanging.collect(place, tmp_path / "inbox")
    assert [line for line in told if line.startswith("ada/") and "refused" not in line] == []
    assert len(told) == 5 and not (tmp_path / "inbox" / "ada").exists()


@as_root
def test_a_file_cannot_be_dated_back(place, tmp_path):
    path = place / "ada" / "submitted" / "late.zip"
    path.write_bytes(b"x")
    os.chown(path, ADA, ADA)
    assert may(ADA, os.utime, path, (0, 0))
    assert path.stat().st_mtime == 0
    exchanging.collect(place, tmp_path / "inbox")
    taken = (tmp_path / "inbox" / "ada" / "late.zip").stat().st_mtime
    assert abs(taken - path.stat().st_ctime) < 1e-3 and taken > 1e9


@pytest.mark.parametrize("words", [(), ("release", "no/such/folder", "here"), ("give", "a", "b")])
def test_the_script_says_what_it_expected(words, tmp_path):
    script = [sys.executable, str(ROOT / "hub" / "exchange.py"), *words]
    told = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 1
    assert "released assignment" in told.stderr or "python3 hub/exchange.py" in told.stderr
