"""What nbgrader reads in a notebook: which cells a student answers, and how many points each check is worth.

It stands in the metadata of the solution and of the exercise alike, so that nbgrader releases the one and grades the
other. Under nbgrader a check of a wrong answer raises an error: see `mlsys_helpers.exercise.notebook.check`.
"""

from collections.abc import Iterable

from nbformat import NotebookNode

from mlsys_helpers.exercise.task import task
from mlsys_helpers.publish.marks import CHECK, is_marker

KEY, SCHEMA_VERSION = "nbgrader", 3


def mark(cells: Iterable[NotebookNode]) -> None:
    """Mark each check as a locked test with its task's points, and the answers before it as the student's own.

    The cells are those of a source, with its answers. Raises ValueError for the check of an unknown task.
    """
    answers: list[NotebookNode] = []
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        if checked := CHECK.search(cell.source):
            name = checked[1].rpartition(".")[2]
            cell.metadata[KEY] = _metadata(name, grade=True, locked=True, points=task(checked[1]).points)
            for number, answer in enumerate(answers, 1):
                answer.metadata[KEY] = _metadata(f"{name}-answer-{number}", solution=True)
            answers = []
        elif any(map(is_marker, cell.source.splitlines())):
            answers.append(cell)


def _metadata(grade_id: str, **true: bool | int) -> NotebookNode:
    flags = dict.fromkeys(("grade", "locked", "solution", "task"), False)
    return NotebookNode(flags | {"grade_id": grade_id, "schema_version": SCHEMA_VERSION} | true)
