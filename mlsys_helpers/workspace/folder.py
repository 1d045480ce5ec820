"""A working copy on disk: laying it out, bringing it up to date, finding it.

    mywork/
      notebooks/  exercises/              the reader's own; solutions/ only where asked for
      .companion/copy.json                what makes the folder a working copy
      .companion/base/                    each notebook as it was laid out
      .companion/backups/<time>/          each notebook as it was before an update changed it

First everything is decided, then the files are written one by one: backup, notebook, base. So an update may stop
anywhere and be run again. Nothing here deletes what a reader wrote.
"""

import hashlib
import json
import stat
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode, v4

from mlsys_helpers.kit import files
from mlsys_helpers.workspace.merge import NOTE, Merged, foreign, merge, same

NEW, UPDATED, BOTH, KEPT, SAME, AWAY, REFUSED = "new", "updated", "both", "kept", "same", "away", "refused"
FOLDERS, SOLUTIONS = ("notebooks", "exercises"), "solutions"
HOME = Path(".companion")
PACKED = Path(__file__).resolve().parents[1] / "material"  # only in a wheel: the built notebooks and the answers
MARK, BASE, BACKUPS = HOME / "copy.json", HOME / "base", HOME / "backups"


@dataclass(frozen=True)
class Change:
    """What becomes of one notebook, for people: its label, the status, cells kept and brought in, a remark.

    The status: `new`; `updated` (new material, nothing of the reader's in it); `both` (new material, and the reader's
    cells kept); `kept` (the reader's, nothing new); `same`; `away` (deleted by the reader); `refused` (left as it is).
    For the disk: `found` is the notebook as it was seen, `mine` and `base` are what to write (None: nothing), `former`
    its earlier label if the material renamed it.
    """

    label: str
    status: str
    remark: str = ""
    kept: int = 0
    brought: int = 0
    found: bytes | None = None
    mine: bytes | None = None
    base: bytes | None = None
    former: str = ""


# --- where things are -----------------------------------------------------------------------------------------------


def material() -> Path:
    """The folder that new material comes from: the clone, or what a wheel carries. Raises FileNotFoundError."""
    from mlsys_helpers.publish.build import repository

    return PACKED if PACKED.is_dir() else repository()


def working_copy(place: Path | None = None) -> Path | None:
    """The working copy that holds `place` (where this process works, if not given), or None."""
    place = (place or Path()).absolute()
    return next((folder for folder in (place, *place.parents) if (folder / MARK).is_file()), None)


def root(place: Path | None = None) -> Path:
    """The folder whose notebooks are meant at `place`: the working copy that holds it, else the clone.

    Raises FileNotFoundError where the companion was installed from a wheel, whose own notebooks nobody writes in.
    """
    found = working_copy(place)
    if not found and PACKED.is_dir():
        raise FileNotFoundError(f"{(place or Path()).absolute()} is in no working copy; make one: companion start DIR")
    return found or material()


# --- laying out and bringing up to date -----------------------------------------------------------------------------


def start(copy: Path, source: Path, with_solutions: bool = False) -> list[Change]:
    """Lay out a new working copy of the material in `source`. Raises ValueError where that would be in the way."""
    copy = copy.absolute()
    if (copy / MARK).is_file():
        raise ValueError(f"{copy} is a working copy already; to bring in new material: companion update")
    if copy.exists() and (not copy.is_dir() or any(copy.iterdir())):
        raise ValueError(f"{copy} is not an empty folder; name one that is empty or does not exist yet")
    inside = source if source.resolve() in copy.resolve().parents else working_copy(copy.parent)
    if inside:
        raise ValueError(
            f"{copy} lies inside {inside}; choose a place of its own, for example {inside.parent / 'mine'}"
        )
    _settle_folders(copy, with_solutions)
    return update(copy, source)


def update(copy: Path, source: Path, with_solutions: bool = False, dry_run: bool = False) -> list[Change]:
    """Bring the material in `source` into a working copy; what became of each notebook, by label.

    With `dry_run` nothing is written. Raises OSError and ValueError where the folder itself is unusable; trouble with
    one notebook is told in its Change.
    """
    folders = _folders(copy)
    if with_solutions and SOLUTIONS not in folders:
        folders = (*folders, SOLUTIONS)
        if not dry_run:
            _settle_folders(copy, with_solutions)
    changes = plan(copy, source, folders)
    if dry_run:
        return changes
    backup = copy / BACKUPS / datetime.now().strftime("%Y-%m-%d_%H%M%S_%f")
    return [_applied(copy, change, backup) for change in changes]


def _settle_folders(copy: Path, with_solutions: bool) -> None:
    folders = [*FOLDERS, *([SOLUTIONS] if with_solutions else [])]
    files.put(copy / MARK, (json.dumps({"folders": folders}) + "\n").encode())


def _folders(copy: Path) -> tuple[str, ...]:
    try:
        stored = json.loads((copy / MARK).read_text(encoding="utf8"))["folders"]
        return tuple(folder for folder in (*FOLDERS, SOLUTIONS) if folder in stored)
    except (ValueError, KeyError, TypeError):
        return FOLDERS  # a damaged mark is no reason to stop: the solutions can be asked for again


# --- deciding -------------------------------------------------------------------------------------------------------


def plan(copy: Path, source: Path, folders: tuple[str, ...]) -> list[Change]:
    """What an update would do, by label. Raises FileNotFoundError when `source` has no notebooks at all."""
    there, laid_out = _labels(source, folders), _labels(copy / BASE, folders)
    if not there:
        raise FileNotFoundError(f"{source} has no notebooks: nothing to bring in")
    former = _renamed([label for label in laid_out if label not in there], [la for la in there if la not in laid_out])
    changes = [_decided(copy, source, label, former.get(label, "")) for label in there]
    for label in laid_out:
        if label not in there and label not in former.values() and (copy / label).exists():
            changes.append(Change(label, KEPT, "no longer part of the material; the file is yours"))
    return sorted(changes, key=lambda change: change.label)


def _labels(folder: Path, names: tuple[str, ...]) -> list[str]:
    return [f"{name}/{path.name}" for name in names for path in sorted((folder / name).glob("*.ipynb"))]


def _renamed(lost: list[str], found: list[str]) -> dict[str, str]:
    """The former label of each notebook that only changed its number: 07_iron_law was 06_iron_law."""
    return {label: old for label in found for old in lost if _unnumbered(label) == _unnumbered(old)}


def _unnumbered(label: str) -> tuple[str, str]:
    folder, name = label.split("/")
    return folder, name.split("_", 1)[-1]


def _decided(copy: Path, source: Path, label: str, former: str) -> Change:
    """What becomes of one notebook of the material; trouble with it is a refusal that says what to do."""
    try:
        return _checked(copy, _change(copy, source / label, Change(label, SAME, former=former)))
    except OSError as error:
        return Change(label, REFUSED, f"cannot be read ({error.strerror}); left as it is")
    except ValueError as error:
        return Change(label, REFUSED, str(error))


def _change(copy: Path, source: Path, change: Change) -> Change:
    was = change.former or change.label
    found, laid_out, new = _bytes(copy / was), _bytes(copy / BASE / was), source.read_bytes()
    change = replace(change, found=found)
    if found is None and laid_out is not None:
        return replace(change, status=AWAY, remark="deleted or renamed by you; not brought back")
    offered, base = _read(new, "the new material"), _base_cells(laid_out)
    pristine, unknown = _pristine(offered.cells, base)
    pure = new if pristine == offered.cells else _written(NotebookNode(offered, cells=pristine))
    if found is None:
        remark = f"with {unknown} of your cells from {source.parents[1]}" if unknown else ""
        return replace(change, status=NEW, remark=remark, kept=unknown, mine=new, base=pure)
    if found == new and not change.former:
        return replace(change, base=None if laid_out == pure else pure)
    own = _read(found, "your notebook")
    if laid_out is None and not {cell.get("id") for cell in own.cells} & {cell.id for cell in offered.cells}:
        raise ValueError("a file of yours has this name; rename it, then update again")
    if own.metadata.get(NOTE) == _digest(pure) and laid_out != pure and not change.former:
        return replace(change, status=KEPT, base=pure)  # an update stopped between writing the notebook and its base
    nothing_new = _equal(base, pristine) and not change.former
    if unknown and not nothing_new:
        raise ValueError(f"somebody wrote in {source}: put it back (git restore), then update again")
    if found == laid_out and (pure == new or not nothing_new):
        return replace(change, status=UPDATED, brought=merge(base, base, pristine).brought, mine=pure, base=pure)
    if nothing_new:
        kept = merge(base, own.cells, base).kept
        return replace(change, status=KEPT if kept else SAME, kept=kept)
    return _merged(change, own, merge(base, own.cells, pristine), pure)


def _pristine(offered: list[NotebookNode], base: list[NotebookNode]) -> tuple[list[NotebookNode], int]:
    """The material without what somebody wrote in the companion's own folder, and how many such cells were unknown.

    A cell that they changed kept its id, so that its own text is known from the base; others are left out.
    """
    known = {cell.get("id"): cell for cell in base}
    written = foreign(offered)
    cells = [known.get(cell.get("id")) if at in written else cell for at, cell in enumerate(offered)]
    pristine = [cell for cell in cells if cell is not None]
    return pristine, len(cells) - len(pristine)


def _merged(change: Change, own: NotebookNode, merged: Merged, new: bytes) -> Change:
    told = replace(change, kept=merged.kept, brought=merged.brought, remark=_remark(merged), base=new)
    if merged.cells == own.cells and not change.former:
        return replace(told, status=KEPT if merged.kept else SAME)
    metadata = NotebookNode(own.metadata, **{NOTE: _digest(new)})
    whole = NotebookNode(own, cells=merged.cells, metadata=metadata, nbformat_minor=max(5, own.nbformat_minor))
    return replace(told, status=BOTH if merged.kept else UPDATED, mine=_written(whole))


def _remark(merged: Merged) -> str:
    told = {
        "shown": "changed by both: new version in a note below yours",
        "gone": "of yours no longer in the material",
        "returned": "deleted by you, changed since, brought back",
        "dropped": "no longer in the material, left out",
    }
    return "; ".join(f"{merged.count[case]} {words}" for case, words in told.items() if merged.count[case])


def _base_cells(laid_out: bytes | None) -> list[NotebookNode]:
    """The cells as they were laid out; none where that is not known any more, and then nothing counts as untouched."""
    try:
        return _read(laid_out or b"", "").cells
    except ValueError:
        return []


def _digest(material: bytes) -> str:
    """What a merged notebook says of the material that it follows."""
    return hashlib.sha256(material).hexdigest()[:12]


def _equal(one: list[NotebookNode], other: list[NotebookNode]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))


def _checked(copy: Path, change: Change) -> Change:
    """The change, unless the place that it would be written to is taken or locked."""
    path = copy / change.label
    if change.mine is None:
        return change
    if change.former and path.exists() and path.read_bytes() != change.mine:
        raise ValueError(
            f"{change.former} has got this name, and a file of yours has it; rename yours, then update again"
        )
    if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
        raise ValueError("the file is read-only; allow writing, then update again")
    return change


# --- reading and writing --------------------------------------------------------------------------------------------


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _read(data: bytes, whose: str) -> NotebookNode:
    """A notebook of format 4. Raises ValueError that says whose is broken."""
    try:
        notebook = v4.reads(data.decode("utf-8-sig"))
        sound = all(
            isinstance(cell.source, str) and cell.cell_type and cell.metadata is not None for cell in notebook.cells
        )
        if notebook.nbformat == 4 and sound:
            return notebook
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise ValueError(f"{whose} cannot be read as a notebook ({error}); left as it is") from error
    raise ValueError(f"{whose} is not a notebook of format 4; left as it is")


def _written(notebook: NotebookNode) -> bytes:
    return (v4.writes(notebook).rstrip("\n") + "\n").encode()


def _applied(copy: Path, change: Change, backup: Path) -> Change:
    """Write what the change says; one that cannot be written is a refusal, and nothing is lost."""
    was = change.former or change.label
    try:
        if change.mine is not None:
            if _bytes(copy / was) != change.found:
                return replace(change, status=REFUSED, remark="it was saved just now; update again")
            if change.found is not None:
                files.put(backup / was, change.found)
            files.put(copy / change.label, change.mine)
        if change.base is not None:
            files.put(copy / BASE / change.label, change.base)
            if change.former:
                (copy / was).unlink()
                (copy / BASE / was).unlink()
    except OSError as error:
        return replace(
            change,
            status=REFUSED,
            remark=f"cannot be written ({error.strerror}); nothing is lost, mend that and update again",
        )
    return change
