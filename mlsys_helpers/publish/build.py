"""Which notebook is made from which source, which of them are stale, and making them anew.

    notebooks/src/NN_slug.py  ->  notebooks/NN_slug.ipynb
    solutions/src/NN_slug.py  ->  solutions/NN_slug.ipynb and exercises/NN_slug.ipynb

A build is deterministic: two builds of one source are the same bytes. Outputs of cells tagged `measured` are times,
so a rebuild keeps the stored ones as long as no such cell changed.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mlsys_helpers.kit import files
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.publish import compose, execute, nbgrader


@dataclass(frozen=True)
class Target:
    """One notebook and the source that it is made from."""

    path: Path
    source: Path
    exercise: bool = False

    @property
    def label(self) -> str:
        """Its name for people: `exercises/06_iron_law.ipynb`."""
        return f"{self.path.parent.name}/{self.path.name}"


def repository() -> Path:
    """The folder of the clone that this package runs from. Raises FileNotFoundError outside a clone."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "requirements.lock").is_file():
        raise FileNotFoundError(f"{root} is not a clone of the companion: start it from one, with python3 start.py")
    return root


def targets(root: Path, names: Iterable[str] = ()) -> tuple[Target, ...]:
    """Every notebook that has a source, or those called `names`: "06_iron_law", "iron_law", "06" or a path.

    Raises ValueError with the nearest name for one that is unknown.
    """
    found = [_target("notebooks", source) for source in sorted((root / "notebooks/src").glob("*.py"))]
    for source in sorted((root / "solutions/src").glob("*.py")):
        found += [_target("solutions", source), _target("exercises", source)]
    chosen = {_stem(name, [target.path.stem for target in found]) for name in names}
    return tuple(target for target in found if not chosen or target.path.stem in chosen)


def _target(folder: str, source: Path) -> Target:
    path = source.parents[2] / folder / f"{source.stem}.ipynb"
    return Target(path, source, exercise=folder == "exercises")


def _stem(name: str, stems: list[str]) -> str:
    wanted = Path(name).stem
    called = [stem for stem in stems if wanted in (stem, *stem.split("_", 1))]
    return called[0] if called else one_of("notebook", wanted, dict.fromkeys(stems))


def strays(root: Path) -> tuple[Path, ...]:
    """Notebooks in the built folders that no source makes."""
    made = {target.path for target in targets(root)}
    there = [path for folder in ("notebooks", "solutions", "exercises") for path in (root / folder).glob("*.ipynb")]
    return tuple(sorted(set(there) - made))


def stale(target: Target) -> str:
    """Why the stored notebook is not what its source gives, in a few words; empty when it is."""
    if not target.path.exists():
        return "missing"
    try:
        stored = nbformat.read(target.path, as_version=4)
    except (ValueError, nbformat.ValidationError):
        return "not a readable notebook"
    if _cells(stored) != _cells(compose.notebook(target.source, target.exercise)):
        return "its cells differ from its source"
    never_run = any(cell.cell_type == "code" and cell.source and not cell.execution_count for cell in stored.cells)
    return "stored without outputs" if never_run else ""


def _cells(notebook: NotebookNode) -> list[tuple]:
    return [(cell.get("id"), cell.cell_type, cell.source, *_metadata(cell)) for cell in notebook.cells]


def _metadata(cell: NotebookNode) -> tuple:
    return cell.metadata.get("tags", []), cell.metadata.get(nbgrader.KEY)


def build(
    target: Target, remeasure: bool = False, tell: Callable[[int, int], None] = lambda done, total: None
) -> NotebookNode:
    """Make one notebook: compose it, run it as a reader who begins, and store it whole or not at all.

    Raises SourceError or execute.RunError, and then leaves the stored notebook as it was.
    """
    notebook = compose.notebook(target.source, target.exercise)
    target.path.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="companion-") as scratch:
        beginner = {"MLSYS_COMPANION_HOME": f"{scratch}/home", "MLSYS_STUDENT": "", "IPYTHONDIR": f"{scratch}/ipython"}
        execute.clean(execute.run(notebook, target.path.parent, beginner, tell=tell))
        _refuse_paths(notebook, [scratch, str(target.source.parents[2]), sys.prefix])
    if not remeasure and target.path.exists():
        _keep_measured(notebook, nbformat.read(target.path, as_version=4))
    write(target.path, notebook)
    return notebook


def _measured(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in notebook.cells if compose.MEASURED in cell.metadata.get("tags", [])}


def _keep_measured(notebook: NotebookNode, stored: NotebookNode) -> None:
    """Carry measured outputs over from `stored`, all or none, so that they stay figures of one and the same run."""
    new, old = _measured(notebook), _measured(stored)
    if new.keys() == old.keys():
        for cell_id, cell in new.items():
            cell.outputs = old[cell_id].outputs


def _refuse_paths(notebook: NotebookNode, paths: Sequence[str]) -> None:
    for cell in notebook.cells:
        found = next((path for path in paths if path in str(cell.get("outputs", ""))), None)
        if found:
            raise execute.RunError(f"this cell shows {found}, a path of the building machine:\n{cell.source}")


def write(path: Path, notebook: NotebookNode) -> None:
    """Store `notebook` at `path` in one step, so that a reader never meets half a file."""
    files.put(path, (nbformat.writes(notebook, version=4).rstrip("\n") + "\n").encode())
