"""The links to a hub, and what an nbgitpuller link does to a notebook that a student wrote in."""

import shutil
import subprocess
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbgitpuller.pull import GitPuller
from typer.testing import CliRunner

from mlsys_helpers import chapter, cli
from mlsys_helpers.publish.compose import cell_id
from mlsys_helpers.publish.links import links
from mlsys_helpers.workspace import folder

HUB, REPOSITORY = "https://hub.example.edu/", "https://git.example.edu/you/cs249.git"


def test_each_section_has_a_link_to_its_text_and_one_to_its_exercises():
    found = {urlsplit(link.address).path for link in links(HUB)}
    assert len(found) == 2 * len(chapter.open_sections())
    for path in found:
        assert (folder.material() / path.removeprefix("/hub/user-redirect/lab/tree/")).is_file()


def test_an_nbgitpuller_link_names_repository_branch_and_notebook():
    address = urlsplit(links(HUB, REPOSITORY, "autumn & winter")[0].address)
    assert address.path == "/hub/user-redirect/git-pull"
    asked = {name: value for name, (value,) in parse_qs(address.query).items()}
    first = f"lab/tree/cs249/notebooks/{chapter.open_sections()[0].stem}.ipynb"
    assert asked == {"repo": REPOSITORY, "branch": "autumn & winter", "urlpath": first}


@pytest.mark.parametrize("words", [("hub.example.edu",), (HUB, "--repo", "git@example.edu:you/cs249")])
def test_what_is_no_web_address_is_told(words):
    told = CliRunner().invoke(cli.app, ["hub-links", *words])
    assert told.exit_code == 1 and "https://" in told.output


def test_the_command_prints_every_link():
    told = CliRunner().invoke(cli.app, ["hub-links", HUB])
    assert told.exit_code == 0
    assert all(link.address in told.output for link in links(HUB))


# --- why a hub's own working copy is the first choice ---------------------------------------------------------------


@pytest.fixture
def clash(tmp_path):
    """A course's repository, and a student's clone: then both change one cell, and the course another one."""
    made = tmp_path / "course"
    path = made / "exercises" / "06_iron_law.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copy(folder.material() / "exercises" / path.name, path)
    git(made, "init", "-q", "-b", "main")
    commit(made)
    mine = tmp_path / "mine"
    pull(made, mine)
    change(mine / "exercises" / path.name, "def pipelined_s", "my answer")
    change(path, "def pipelined_s", "a mended question", built=True)
    change(path, "def time_terms", "another mended question", built=True)
    commit(made)
    return made, mine, mine / "exercises" / path.name


def git(place, *words):
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.edu", *words], cwd=place, check=True)


def commit(place):
    git(place, "add", ".")
    git(place, "commit", "-qm", "x")


def pull(course, place):
    list(GitPuller(course.as_uri(), str(place), branch="main").pull())


def change(path, start, text, built=False):
    """Write a comment into the first line of a cell; where it was built, the cell's id follows its text."""
    book = nbformat.read(path, as_version=4)
    (cell,) = [c for c in book.cells if c.cell_type == "code" and c.source.startswith(start)]
    cell.source = cell.source.replace("\n", f"  # {text}\n", 1)
    cell.id = cell_id("code", cell.source) if built else cell.id
    nbformat.write(book, path)


def test_nbgitpuller_keeps_the_answer_and_does_not_show_what_became_of_its_question(clash):
    course, mine, path = clash
    pull(course, mine)
    text = path.read_text(encoding="utf8")
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert "# my answer" in text and "# another mended question" in text and "# a mended question" not in text


def test_a_working_copy_keeps_the_answer_and_shows_the_new_question(clash, tmp_path):
    course, _, _ = clash
    git(course, "checkout", "-q", "HEAD~1")
    copy = tmp_path / "copy"
    folder.start(copy, course)
    change(copy / "exercises" / "06_iron_law.ipynb", "def pipelined_s", "my answer")
    git(course, "checkout", "-q", "main")
    folder.update(copy, course)
    text = (copy / "exercises" / "06_iron_law.ipynb").read_text(encoding="utf8")
    assert "# my answer" in text and "# another mended question" in text and "# a mended question" in text
