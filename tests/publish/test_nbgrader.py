"""The real nbgrader releases, validates and grades the companion's own notebooks, as they are."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.validator import Validator
from traitlets.config import Config

from mlsys_helpers import chapter
from mlsys_helpers.exercise.task import tasks

ROOT = Path(__file__).parents[2]
SECTIONS = chapter.open_sections()
CHAPTER, ONE = "chapter", "section"  # nbgrader's assignments: all sections, and one
GRADED = "06_iron_law"
VALIDATED = ["06_iron_law", "09_lifecycle", "14_synthesis"]  # plain; a stub of its own; the longest
NBGRADER_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
WARNS = """
import sys
import warnings
plain = training_days
def training_days(**given):
    warnings.warn("old ways")
    print("thinking", file=sys.stderr)
    return plain(**given)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of nbgrader's whose sources are the companion's solutions, released; and nbgrader itself."""
    root = tmp_path_factory.mktemp("nbgrader")
    for assignment, stems in {CHAPTER: [s.stem for s in SECTIONS], ONE: [GRADED]}.items():
        put(root / "source" / assignment, *(ROOT / "solutions" / f"{stem}.ipynb" for stem in stems))
    nbgrader = NbGraderAPI(config=Config({"CourseDirectory": {"root": str(root), "course_id": "ml"}}))
    for assignment in (CHAPTER, ONE):
        done = nbgrader.generate_assignment(assignment)
        assert done["success"], done["log"]
    return root, nbgrader


def put(folder: Path, *notebooks: Path) -> Path:
    folder.mkdir(parents=True)
    for notebook in notebooks:
        shutil.copy(notebook, folder)
    return folder


def cells(path: Path) -> list:
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_what_nbgrader_releases_is_the_exercise_with_stubs_of_nbgrader_s_own(course, section):
    released = cells(course[0] / "release" / CHAPTER / f"{section.stem}.ipynb")
    exercise = cells(ROOT / "exercises" / f"{section.stem}.ipynb")
    assert len(released) == len(exercise)
    answered = 0
    for ours, theirs in zip(exercise, released, strict=True):
        assert not theirs.get("outputs")
        if not ours.metadata.get("nbgrader", {}).get("solution"):
            assert theirs.source == ours.source
            continue
        answered += 1
        *before, comment, stub = theirs.source.splitlines()
        assert (comment.strip(), stub.strip()) == NBGRADER_STUB
        assert ours.source.splitlines()[: len(before)] == before
        assert all("..." in line or "NotImplementedError" in line for line in ours.source.splitlines()[len(before) :])
    assert answered >= section.tasks


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_nbgrader_counts_every_task_with_its_points(course, section):
    root, _ = course
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        graded = gradebook.find_notebook(section.stem, CHAPTER).grade_cells
        counted = {cell.name: cell.max_score for cell in graded}
    assert counted == {task.name.partition(".")[2]: task.points for task in tasks(section.slug)}
    assert sum(counted.values()) == section.points


@pytest.mark.parametrize("stem", VALIDATED)
def test_nbgrader_validates_the_solution_and_no_stub(stem):
    validator = Validator()
    assert validator.validate(str(ROOT / "solutions" / f"{stem}.ipynb")) == {}
    failed = validator.validate(str(ROOT / "exercises" / f"{stem}.ipynb"))["failed"]
    asked = tasks(stem.partition("_")[2])
    assert [f'check("{task.name}"' in cell["source"] for task, cell in zip(asked, failed, strict=True)] == [True] * len(
        asked
    )
    assert all("Nothing to check yet" in " ".join(cell["error"].split()) for cell in failed)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
def test_nbgrader_grades_the_solution_in_full_and_stubs_with_nothing(course, own_home):
    root, nbgrader = course
    solution, exercise = (ROOT / folder / f"{GRADED}.ipynb" for folder in ("solutions", "exercises"))
    half = {"pipelined": "\npipelined_s = lambda **terms: sum(terms.values())", "training_days": WARNS}
    submissions = {
        "solved": solution,
        "stubs": exercise,
        "released": root / "release" / ONE / exercise.name,
        "half": solution,
    }
    for student, notebook in submissions.items():
        put(root / "submitted" / student / ONE, notebook)
    change(root / "submitted" / "half" / ONE / solution.name, half)
    scores = {}
    for student in submissions:
        done = nbgrader.autograde(ONE, student)
        assert done["success"], done["log"]
        with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
            scores[student] = gradebook.find_submission(ONE, student).score
    full = chapter.section("iron_law").points
    assert scores == {"solved": full, "stubs": 0, "released": 0, "half": full - 2}
    assert not any(own_home.iterdir())


def change(path: Path, additions: dict[str, str]) -> None:
    """Add to the cells that answer some tasks."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name, found, _ = cell.metadata.get("nbgrader", {}).get("grade_id", "").partition("-answer-")
        if found and name in additions:
            cell.source += additions.pop(name)
    assert not additions
    nbformat.write(notebook, path)
