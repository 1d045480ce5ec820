"""The exercise that the tests hand in, the iron law's: released, solved, changed, graded."""

import json
from pathlib import Path

from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.grading.running import judge
from mlsys_helpers.grading.sandbox.client import Server

HOME = Path(__file__).parents[3]
RELEASED = (HOME / "exercises/06_iron_law.ipynb").read_bytes()
ANSWERS = HOME / "solutions/06_iron_law.ipynb"
FIRST, FIRST_POINTS, POINTS = "iron_law.time_terms", 3, 23


def grade(submitted: bytes, server: Server, key: str = "s1") -> judge.Graded:
    """Every task counts, and the cases are those at home."""
    names = tuple(task.name for task in tasks("iron_law"))
    sheet = judge.prepare("iron_law", names, key, "", RELEASED, submitted)
    return sheet.judged(server.run(sheet.job))


def text(cell: dict) -> str:
    """A cell's source."""
    return "".join(cell["source"])


def find(book: dict, start: str) -> dict:
    """The first code cell that has `start` in it."""
    return next(cell for cell in book["cells"] if cell["cell_type"] == "code" and start in text(cell))


def solved() -> dict:
    """A notebook as a student hands it in: right answers in the released cells, whose ids Jupyter keeps."""
    book, released = json.loads(ANSWERS.read_bytes()), json.loads(RELEASED)
    for cell in book["cells"]:
        if cell["cell_type"] == "code" and text(cell).startswith("def "):
            cell["id"] = find(released, text(cell).partition("(")[0] + "(")["id"]
    return book


def data(book: dict) -> bytes:
    """A notebook as a file."""
    return json.dumps(book).encode()
