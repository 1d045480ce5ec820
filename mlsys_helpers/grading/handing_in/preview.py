"""What a student learns before handing in: the notebook's tasks as the class's grader will see them.

The run is that of the grading (rebuilt from the exercise, in a sandbox that knows no answer), with the cases that the
student has at home, since those of the class are secret.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import BROKEN, FAILED, RIGHT, Verdict
from mlsys_helpers.exercise.task import needs, tasks
from mlsys_helpers.grading.handing_in import quizzes, signed
from mlsys_helpers.grading.handing_out import handout
from mlsys_helpers.grading.running import judge
from mlsys_helpers.grading.running.rebuild import cells
from mlsys_helpers.grading.sandbox import wire
from mlsys_helpers.grading.sandbox.drive import NotStarted
from mlsys_helpers.grading.sandbox.stubs import ALLOWED, NAME
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import bank

UNABLE = (OSError, wire.Broken, NotStarted)  # no sandbox can be started, or it ended before it said anything


def points(section: str, notebook: bytes) -> dict[str, float]:
    """The tasks that a notebook was released with, and their points; all of the section where it does not say."""
    own = {task.name: float(task.points) for task in tasks(section)}
    said = signed.metadata(notebook).get("tasks")
    told = said if isinstance(said, dict) else {}
    kept = {name: float(told[name]) for name in own if type(told.get(name)) in (int, float)}
    return kept or own


def quiz(section: str, notebook: bytes, data: bytes) -> str:
    """How much of the section's quiz is answered in the file `data`; an empty text where the quiz earns nothing."""
    if signed.metadata(notebook).get("quiz") == 0:
        return ""
    questions, made = bank.section_bank(section).questions, quizzes.answers(data)
    answered = sum(any(not attempt.gave_up for attempt in made.get(question.id, [])) for question in questions)
    return f"quiz of notebook {chapter.section(section).number}: {answered} of {len(questions)} questions answered"


def missing(notebooks: dict[str, bytes]) -> list[str]:
    """The names of the notebooks that belong to the assignment, as one of these says, and are not among them."""
    said = [signed.metadata(notebook).get("sections") for notebook in notebooks.values()]
    named = {name for each in said if isinstance(each, list) for name in each if isinstance(name, str)}
    asked = [section for section in chapter.open_sections() if section.slug in named - set(notebooks)]
    return [f"{section.stem}.ipynb" for section in asked]


def preview(section: str, notebook: bytes, key: str) -> list[Verdict]:
    """The verdict on each task of a notebook whose numbers are drawn from `key`.

    Raises ValueError for what is no notebook, and one of UNABLE where it cannot be tried.
    """
    names = tuple(points(section, notebook))
    sheet = judge.prepare(section, names, key, "", _released(section, names, notebook), notebook)
    with judge.server(section) as sandbox:
        graded = sheet.judged(sandbox.run(sheet.job))
    models = [module for cell in cells(notebook) for module in _companions_own(cell.source, section)]
    return [_explained(verdict, graded.said.get(verdict.task, ""), models) for verdict in graded.verdicts]


def _released(section: str, names: tuple[str, ...], notebook: bytes) -> bytes:
    """What the notebook was released as; itself where a reader works in the very folder of the material."""
    try:
        return handout.as_bytes(handout.exercise(section, names))
    except ValueError:
        return notebook


def _explained(verdict: Verdict, said: str, models: list[str]) -> Verdict:
    """A verdict that tells what the cells before it said, and why it may differ from the check at home."""
    if verdict.status == BROKEN and said.strip():
        verdict = replace(verdict, message=f"{verdict.message} The cell before said: {said.splitlines()[-1]}.")
    if verdict.status not in FAILED:
        return verdict
    latest = store.latest("exercise", verdict.task)
    if models:
        why = f"In class there is no {models[0]}: what your answer takes from there, compute yourself."
    elif latest and latest.payload.get("status") == RIGHT:
        why = (
            "Your own check said right. Here the notebook is run from the top, by itself: run all cells again, the "
            "first one too, and check that it needs no cell that you deleted and no file beside it."
        )
    else:
        return verdict
    return replace(verdict, message=f"{verdict.message} {why}")


def _companions_own(source: str, section: str) -> list[str]:
    """The modules of the companion that the code imports and that a class's grader does not have."""
    there = tuple(f"{NAME}.{module}." for module in ("exercise", *ALLOWED, *needs(section).companion))
    return [module for module, name in _imports(source) if not f"{module}.{name}.".startswith(there)]


def _imports(source: str) -> Iterator[tuple[str, str]]:
    """What the code of a cell imports of the companion: a module, and the name that is taken from it, if one is."""
    for node in signed.nodes(source):
        if isinstance(node, ast.ImportFrom):
            found = [(node.module or "", alias.name) for alias in node.names]
        else:
            found = [(alias.name, "") for alias in node.names] if isinstance(node, ast.Import) else []
        yield from ((module, name) for module, name in found if f"{module}.".startswith(f"{NAME}."))
