"""What became of each task of a reader's notebook, as it stands on disk."""

import tempfile
from dataclasses import fields, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import BROKEN, FAILED, NOT_TRIED, RIGHT, Verdict
from mlsys_helpers.exercise.notebook import VERDICT_MIME
from mlsys_helpers.exercise.task import Task, tasks
from mlsys_helpers.exercise.whose import RELEASED
from mlsys_helpers.progress.store import HOME_VARIABLE
from mlsys_helpers.publish import execute
from mlsys_helpers.publish.marks import CHECK

CELL_TIMEOUT_S = 30.0


def verdicts(path: Path, cell_timeout_s: float = CELL_TIMEOUT_S) -> tuple[Verdict, ...]:
    """Run a copy of the notebook at `path` in a fresh kernel; one verdict for each task of its section, in order.

    A task whose check is not in the notebook is "not tried"; one whose check gave no verdict is "broken", and the
    message is the first error on the way to it. What stood in the file as output counts for nothing, the file is not
    changed, and nothing is recorded. A cell that runs longer than `cell_timeout_s` is interrupted; one that cannot
    be ends the run there. Raises FileNotFoundError, and ValueError for what is not a notebook.
    """
    notebook = _read(path)
    with tempfile.TemporaryDirectory(prefix="companion-", ignore_cleanup_errors=True) as home:
        ended = _run(notebook, path.resolve().parent, home, cell_timeout_s)
    shown = _shown(notebook, ended, cell_timeout_s)
    known = {task.name: task for task in _tasks(path.stem, shown, notebook.metadata.get(RELEASED))}
    missing = {name: Verdict(name, NOT_TRIED, 0, 0, f'its cell check("{name}", ...) is missing') for name in known}
    return tuple(_priced(verdict, known) for verdict in (missing | shown).values())


def _read(path: Path) -> NotebookNode:
    try:
        notebook = nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, nbformat.ValidationError) as error:
        raise ValueError(f"{path} is not a notebook that can be read: {error}") from error
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return notebook


def _run(notebook: NotebookNode, folder: Path, home: str, cell_timeout_s: float) -> str:
    """Run every cell; why the run ended early, or an empty text when it did not."""
    try:
        execute.run(notebook, folder, {HOME_VARIABLE: home}, go_on=True, cell_timeout_s=cell_timeout_s)
    except execute.RunError as error:
        return f"the run ended before its check: {str(error).splitlines()[0]}"
    return ""


def _shown(notebook: NotebookNode, ended: str, cell_timeout_s: float) -> dict[str, Verdict]:
    """The last verdict on each task that the notebook checks."""
    found: dict[str, Verdict] = {}
    errors: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        errors += [_error(out, cell_timeout_s) for out in cell.outputs if out.output_type == "error"]
        reason = (errors or [ended or "its check showed no verdict: give it a cell of its own, as the last line"])[0]
        checked = CHECK.findall(cell.source)
        found |= {name: Verdict(name, BROKEN, 0, 0, reason) for name in checked}
        found |= {verdict.task: verdict for verdict in map(_verdict, cell.outputs) if verdict}
        errors = [] if checked else errors
    return found


def _error(output: NotebookNode, cell_timeout_s: float) -> str:
    if output.ename == "KeyboardInterrupt":
        return f"a cell ran longer than {cell_timeout_s:g} s and was stopped: does a loop never end?"
    return f"{output.ename}: {output.evalue}"


def _verdict(output: NotebookNode) -> Verdict | None:
    """The verdict that an output carries, or None where it carries none that `check` could have made."""
    data = output.get("data", {}).get(VERDICT_MIME)
    kinds = {field.name: field.type for field in fields(Verdict)}
    if not isinstance(data, dict) or {name: type(value) for name, value in data.items()} != kinds:
        return None
    return Verdict(**data) if data["status"] in (RIGHT, NOT_TRIED, *FAILED) else None


def _tasks(stem: str, shown: dict[str, Verdict], released: object) -> list[Task]:
    """Every task of the sections that the notebook's name or its checks tell, so that a lost check shrinks nothing.

    Of a notebook that was `released` to a class, as its metadata says, only the tasks that it was released with.
    """
    slugs = {name.partition(".")[0] for name in shown}
    told = [s for s in chapter.open_sections() if s.slug in slugs or stem.startswith(s.stem)]
    asked = released.get("tasks") if isinstance(released, dict) else None
    found = [task for section in told for task in tasks(section.slug)]
    return [task for task in found if not isinstance(asked, dict) or task.name in asked]


def _priced(verdict: Verdict, known: dict[str, Task]) -> Verdict:
    """The verdict with the points that its task is worth, whatever the notebook says."""
    if not known:
        return verdict
    worth = known[verdict.task].points if verdict.task in known else 0
    return replace(verdict, possible=worth, points=worth if verdict.status == RIGHT else 0)
