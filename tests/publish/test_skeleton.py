"""A section that was begun with the command is whole at once: it builds, and the house's tests hold for it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.publish import skeleton
from mlsys_helpers.publish.build import repository

COPIED = ["mlsys_helpers", "notebooks", "solutions", "exercises", "tests"]
COPIED += ["pyproject.toml", "conftest.py", "requirements.lock"]
SLUG, NUMBER = "worked_example", f"{len(chapter.sections()) + 1:02d}"
WORDS = {"title": "An example: worked", "question": "What's there at once?"}


@pytest.fixture
def clone(tmp_path):
    """A copy of what a section is built and tested with, and a way to run Python in it."""
    for name in COPIED:
        here = repository() / name
        if here.is_dir():
            shutil.copytree(here, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        else:
            shutil.copy(here, tmp_path / name)

    def run(*words):
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)

    return tmp_path, run


def test_a_new_section_builds_and_passes_at_once(clone):
    root, run = clone
    tools = Path(sys.executable).parent
    sources = [place(root, name) for name in skeleton.FILES if name.endswith(".py")]
    options = [word for name, text in WORDS.items() for word in (f"--{name}", text)]
    begin = (sys.executable, "-m", "mlsys_helpers", "new-section", SLUG, "--number", NUMBER, *options)
    asked = f"{SLUG} or no_two or unique or fourteen or say_what_they_are_for or the_map"
    tests = ("tests/sections", "tests/test_notebook_form.py", "tests/test_chapter.py", "tests/publish/test_answers.py")
    for words in (
        begin,
        (sys.executable, "-m", "mlsys_helpers", "build", SLUG),
        (sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *tests, "-k", asked),
        (tools / "ruff", "check", "--no-cache", *sources),
        (tools / "ruff", "format", "--no-cache", "--check", *sources),
        (tools / "lint-imports", "--no-cache"),
    ):
        done = run(*words)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    again = run(*begin)
    assert again.returncode == 1 and "nothing was written" in again.stderr and "model.py" in again.stderr


def place(root, name, slug=SLUG, number=NUMBER):
    return root / skeleton.FILES[name].format(slug=slug, stem=f"{number}_{slug}")


def test_every_file_says_that_it_is_to_be_replaced():
    section = chapter.Section("20", "toy", "A toy", "Why?", 3, 30, objectives=skeleton.EXAMPLE["objectives"])
    texts = {name: skeleton.filled(name, section) for name in skeleton.FILES if name != "init.py"}
    assert all("Replace:" in text for text in texts.values())
    assert not any("$" in text for text in texts.values())


def test_the_question_bank_stands_for_every_self_check():
    for asked in (0, 3, 10, 12):
        bank = tomllib.loads(skeleton.filled("quiz.toml", chapter.Section("20", "toy", "A toy", "Why?", asked, 30)))
        covered = [check for question in bank["question"] for check in question.get("covers", [])]
        assert covered == [f"20.{i}" for i in range(1, asked + 1)]


# --- the manifest ---------------------------------------------------------------------------------------------------

LISTED = """\
# The chapter.

[[section]]
number = "01"
slug = "first"
title = "First"
question = "Why?"
self_checks = 2
minutes = 45
objectives = ["Know", "Do", "Judge"]

[[section]]
number = "02"
slug = "second"
title = "Second"
question = "How?"
self_checks = 3
"""


@pytest.fixture
def book(tmp_path):
    (tmp_path / skeleton.MANIFEST).parent.mkdir()
    (tmp_path / skeleton.MANIFEST).write_text(LISTED, encoding="utf8")
    return tmp_path


def rows(root):
    return tomllib.loads((root / skeleton.MANIFEST).read_text(encoding="utf8"))["section"]


def rounded(example):
    """The skeleton's manifest entry as TOML gives it back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in example.items()}


def test_a_listed_section_needs_only_its_name(book):
    skeleton.write(book, "second")
    listed = tomllib.loads(LISTED)["section"]
    assert rows(book) == [listed[0], listed[1] | rounded(skeleton.EXAMPLE)]


def test_what_the_manifest_says_already_is_kept_and_used(book):
    skeleton.write(book, "first")
    listed = tomllib.loads(LISTED)["section"]
    assert rows(book) == [rounded(skeleton.EXAMPLE) | listed[0], listed[1]]
    notebook = place(book, "notebook.py", "first", "01").read_text(encoding="utf8")
    assert "about 45 minutes" in notebook and "# 2. do\n" in notebook and "# - [x] judge\n" in notebook


def test_a_new_section_comes_last(book):
    written = skeleton.write(book, "third", "03", **WORDS)
    new = {"number": "03", "slug": "third", "self_checks": 0, **WORDS}
    assert rows(book) == [*tomllib.loads(LISTED)["section"], new | rounded(skeleton.EXAMPLE)]
    assert len(written) == len(skeleton.FILES) + 1 and all(path.is_file() for path in written)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Third", "03", "Title", "Why?"), "lower-case words"),
        (("third-one", "03", "Title", "Why?"), "lower-case words"),
        (("../third", "03", "Title", "Why?"), "lower-case words"),
        (("t" * 31, "03", "Title", "Why?"), "at most 30"),
        (("third", "05", "Title", "Why?"), "next free number is 03"),
        (("third", "", "Title", "Why?"), "needs --number"),
        (("third", "03", "", "Why?"), "needs --title"),
        (("third", "03", "Title", " "), "needs --question"),
        (("third", "03", 'A "title"', "Why?"), "the title must be"),
        (("third", "03", "Title", "Why?\nHow?"), "the question must be"),
        (("second", "03"), "gives second the number '02'"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(book, words, said):
    with pytest.raises(ValueError, match=said):
        skeleton.write(book, *words)
    assert [path for path in book.rglob("*") if path.is_file()] == [book / skeleton.MANIFEST]
    assert (book / skeleton.MANIFEST).read_text(encoding="utf8") == LISTED


def test_nothing_is_overwritten(book):
    mine = place(book, "tasks.py", "second", "02")
    mine.parent.mkdir(parents=True)
    mine.write_text("TASKS = ()", encoding="utf8")
    with pytest.raises(FileExistsError, match=r"sections/second/tasks\.py exists"):
        skeleton.write(book, "second")
    assert mine.read_text(encoding="utf8") == "TASKS = ()" and list(mine.parent.iterdir()) == [mine]
    assert (book / skeleton.MANIFEST).read_text(encoding="utf8") == LISTED
