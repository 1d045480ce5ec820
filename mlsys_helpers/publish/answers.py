"""The written-out answer of an exercise task, taken from where exercises are written. Nothing is run here."""

import re

from mlsys_helpers import chapter
from mlsys_helpers.publish.marks import CHECK, is_marker
from mlsys_helpers.workspace.folder import material

_CELL = re.compile(r"^# %%.*$", re.MULTILINE)


def solution_text(task_name: str) -> str:
    """The code of the cells that answer `task_name`: those with an answer between the check before and its own.

    Raises LookupError when there is none.
    """
    section = chapter.section(task_name.partition(".")[0])
    return answer_in(_source(section.stem), task_name)


def _source(stem: str) -> str:
    path = material() / "solutions" / "src" / f"{stem}.py"
    try:
        return path.read_text(encoding="utf8")
    except OSError as error:
        raise LookupError(f"the solutions should be in {path}, and cannot be read there: {error}") from error


def answer_in(source: str, task_name: str) -> str:
    """The answer to `task_name` in a py:percent source, without the markers around it."""
    found: list[str] = []
    for cell in _CELL.split(source):
        checked = CHECK.findall(cell)
        if task_name in checked and found:
            return "\n\n".join(found)
        if checked:
            found = []
        elif any(map(is_marker, cell.splitlines())):
            found.append("\n".join(line for line in cell.strip().splitlines() if not is_marker(line)))
    raise LookupError(f"the solutions hold no answer before check({task_name!r})")
