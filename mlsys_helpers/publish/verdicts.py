"""What became of each task of a reader's notebook, as it stands on disk."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mlsys_helpers.exercise.notebook import VERDICT_MIME
from mlsys_helpers.publish import execute

_CHECK = re.compile(r"""^[^#\n]*\bcheck\(\s*["']([\w.]+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One task's state: "right", "wrong", "not tried" or "broken", with its points and the reason."""

    task: str
    status: str
    points: int
    possible: int
    message: str


def verdicts(path: Path) -> tuple[Row, ...]:
    """Run a copy of the notebook at `path` in a fresh kernel; one row for each task that it checks, in its order.

    A task whose check gave no verdict, because its cell failed, is "broken". The file itself is not changed.
    Raises FileNotFoundError, ValueError for what is not a notebook, and execute.RunError when a cell never ends.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except (ValueError, nbformat.ValidationError) as error:
        raise ValueError(f"{path} is not a notebook that can be read: {error}") from error
    execute.run(notebook, path.resolve().parent, go_on=True)
    rows: dict[str, Row] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            rows |= {task: _broken(task, cell) for task in _CHECK.findall(cell.source) if task not in rows}
            rows |= {row.task: row for row in _given(cell)}
    return tuple(rows.values())


def _given(cell: NotebookNode) -> list[Row]:
    found = [output.data[VERDICT_MIME] for output in cell.outputs if VERDICT_MIME in output.get("data", {})]
    return [Row(**{name: verdict[name] for name in Row.__dataclass_fields__}) for verdict in found]


def _broken(task: str, cell: NotebookNode) -> Row:
    errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
    return Row(task, "broken", 0, 0, errors[0] if errors else "its check showed no verdict")
