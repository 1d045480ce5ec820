"""What a notebook says of itself: for which course, assignment and student it was released, and of which section it is.

It is read from the code that its reader sees, the cell `assigned(...)` and the checks, and only where that is gone from
its metadata. It is a claim: whoever collects files knows better who handed one in.
"""

import ast
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mlsys_helpers import chapter
from mlsys_helpers.exercise import whose
from mlsys_helpers.grading.running.rebuild import cells
from mlsys_helpers.publish.marks import CHECK

_LONGEST_CELL, _MOST_CELLS = 4_000, 50  # no longer cell is parsed, which can take minutes, and no more of them
_NAMES = ("course", "assignment", "student", "due", "variants")  # as `assigned` takes them


@dataclass(frozen=True)
class Signed:
    """Whose a notebook says it is. `student` is empty where nobody filled it in."""

    course: str
    assignment: str
    student: str = ""
    variants: str = whose.STUDENT

    @property
    def key(self) -> str:
        """The text that its numbers are drawn from."""
        return whose.key(self.course, self.assignment, self.student, self.variants)


def signed(notebook: bytes) -> Signed | None:
    """What the notebook's cell `assigned(...)` says, or else its metadata; None where neither says it.

    Raises rebuild.NoNotebook.
    """
    short = (cell.source for cell in cells(notebook) if "assigned" in cell.source and len(cell.source) <= _LONGEST_CELL)
    calls = (call for source in islice(short, _MOST_CELLS) for call in _calls(source))
    said = next(filter(None, map(_signed, calls)), None)
    return said or _signed(metadata(notebook))


def section_of(notebook: bytes) -> str:
    """The slug of the section whose tasks the notebook checks most; empty for none. Raises rebuild.NoNotebook."""
    known = {section.slug for section in chapter.sections()}
    checked = [name.partition(".")[0] for cell in cells(notebook) for name in CHECK.findall(cell.source)]
    counted = Counter(slug for slug in checked if slug in known).most_common(1)
    told = metadata(notebook).get("section")
    return counted[0][0] if counted else told if isinstance(told, str) and told in known else ""


def metadata(notebook: bytes) -> dict[str, Any]:
    """What the release noted in the notebook's metadata; nothing where there is none. To be checked, not trusted."""
    with suppress(ValueError, RecursionError, LookupError, TypeError):
        found = json.loads(notebook.decode("utf-8-sig"))["metadata"][whose.RELEASED]
        return found if isinstance(found, dict) else {}
    return {}


def nodes(source: str) -> list[ast.AST]:
    """All that the code of a cell consists of; nothing of what is no Python."""
    try:
        return list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _calls(source: str) -> Iterator[dict[str, Any]]:
    """The arguments of each call of `assigned` in the source of a cell."""
    for node in nodes(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "assigned":
            given = [*zip(_NAMES, node.args, strict=False), *((word.arg, word.value) for word in node.keywords)]
            yield {name: value.value for name, value in given if name and isinstance(value, ast.Constant)}


def _signed(said: dict[str, Any]) -> Signed | None:
    """What `said` says, if its names can be names."""
    course, assignment, student = (str(said.get(name, "")).strip() for name in _NAMES[:3])
    if not whose.NAME.fullmatch(course) or not whose.NAME.fullmatch(assignment):
        return None
    student = student if whose.STUDENT_ID.fullmatch(student) else ""
    return Signed(course, assignment, student, whose.CLASS if said.get("variants") == whose.CLASS else whose.STUDENT)
