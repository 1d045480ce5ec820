"""Three notebooks into one: the material as it was laid out (base), as the reader has it (mine), as it is now (new).

A cell that the reader left alone follows the new material. A cell that they wrote or changed stays as it is, where it
is. Where the new material changed the same cell, its new version is shown directly below in a note: a text cell, so
that running it cannot undo an answer. Pure: nothing is read or written here.

A cell is known again by its id, else by its text, else by its name (the function that it defines, the task that it
checks, its heading), else by a text that is much alike.
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from nbformat import NotebookNode, v4

from mlsys_helpers.publish.compose import cell_id

ALIKE = 0.6  # the share of common text from which two cells count as versions of one
NOTE = "companion-update"  # the tag of a note, and the key in its metadata that names the cell it is about
SHOWN_BELOW = (
    "**New version of the cell above**, from `companion update`. Yours is as you left it. "
    "Take over what you need, then delete this note."
)
NO_LONGER = (
    "**The next cell is no longer part of the material**, says `companion update`. It stays because you wrote in it. "
    "Delete this note when you have read it."
)

Cell = NotebookNode
Cells = dict[int, Cell]  # some cells of a notebook, by their place in it
Pairs = dict[int, int]


@dataclass(frozen=True)
class Slot:
    """One cell through the three notebooks: its place in each, or None where it is not."""

    base: int | None = None
    mine: int | None = None
    new: int | None = None


@dataclass(frozen=True)
class Settled:
    """What becomes of a slot: the case, the cell that stays (if any), a note beside it (if any)."""

    case: str
    cell: Cell | None = None
    note: Cell | None = None
    replaces: str = ""  # notes about the cell with this id are out of date


@dataclass(frozen=True)
class Merged:
    """The merged cells, and how many slots there were of each case (see `settle`)."""

    cells: list[Cell]
    count: Counter[str]

    @property
    def kept(self) -> int:
        """Cells that the reader changed or added."""
        return sum(self.count[case] for case in ("kept", "shown", "gone"))

    @property
    def brought(self) -> int:
        """Cells of the new material that are new here, in place or in a note."""
        return sum(self.count[case] for case in ("brought", "returned", "shown"))


def merge(base: list[Cell], mine: list[Cell], new: list[Cell]) -> Merged:
    """The reader's cells brought up to date. The given cells are not changed."""
    base, mine, new = identified(base), identified(mine), identified(new)
    settled = []
    for slot in ordered(slots(base, mine, new)):
        places = ((base, slot.base), (mine, slot.mine), (new, slot.new))
        settled.append(settle(*(None if at is None else cells[at] for cells, at in places)))
    settled = _without_old_notes(settled, {cell.id for cell in mine})
    pairs = [(row.note, row.cell) if row.case == "gone" else (row.cell, row.note) for row in settled]
    cells = [cell for pair in pairs for cell in pair if cell is not None]
    return Merged(identified(cells), Counter(row.case for row in settled))


def settle(base: Cell | None, mine: Cell | None, new: Cell | None) -> Settled:
    """What becomes of one cell.

    The cases: `same`, nothing to do; `brought`, new or changed in the material; `kept`, changed or added by the reader;
    `shown`, both, with the new version in a note; `gone`, changed by the reader and no longer in the material;
    `returned`, deleted by the reader and back because the material changed it; `away`, deleted by the reader;
    `dropped`, no longer in the material and left alone by the reader; `note`, left by an earlier update.
    """
    if new is None:
        if mine is None or (base is not None and same(base, mine)):
            return Settled("dropped")
        if base is not None:
            return Settled("gone", mine, _note(NO_LONGER, base))
        return Settled("note" if is_note(mine) else "kept", mine)
    if mine is None:
        if base is None:
            return Settled("brought", new)
        return Settled("away") if same(base, new) else Settled("returned", new)
    renewed = NotebookNode(mine, id=new.id)  # so that the next update knows it again
    if same(mine, new):
        return Settled("same", renewed)
    if base is not None and same(base, mine):
        return Settled("brought", new)
    if base is not None and same(base, new):
        return Settled("kept", renewed)
    return Settled("shown", renewed, _note(_shown(new), new), replaces=base.id if base is not None else "")


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells are of one type and text; outputs and metadata do not count."""
    return _text(one) == _text(other)


def _text(cell: Cell) -> tuple[str, str]:
    return cell.cell_type, cell.source


def identified(cells: Iterable[Cell]) -> list[Cell]:
    """Copies of the cells, each with an id of its own: where one is missing or taken, that which a build would give."""
    ids: set[str] = set()
    count: Counter[tuple[str, str]] = Counter()
    made = []
    for cell in cells:
        count[_text(cell)] += 1
        found, occurrence = cell.get("id"), count[_text(cell)]
        while not found or found in ids:
            found, occurrence = cell_id(*_text(cell), occurrence), occurrence + 1
        ids.add(found)
        made.append(NotebookNode(cell, id=found))
    return made


def foreign(cells: list[Cell]) -> set[int]:
    """The places of cells that no build made: their ids are not those of their texts."""
    made = identified(NotebookNode({**cell, "id": ""}) for cell in cells)
    return {at for at, (cell, built) in enumerate(zip(cells, made, strict=True)) if cell.get("id") != built.id}


# --- notes ----------------------------------------------------------------------------------------------------------


def is_note(cell: Cell) -> bool:
    """Whether an update left this cell and nobody has changed it since."""
    about = cell.metadata.get(NOTE, "")
    return bool(about) and cell.id == cell_id(f"note about {about}", cell.source)


def _note(text: str, about: Cell) -> Cell:
    """A note about a cell; the same note always has the same id."""
    metadata = {"tags": [NOTE], NOTE: about.id}
    return v4.new_markdown_cell(text, id=cell_id(f"note about {about.id}", text), metadata=metadata)


def _shown(new: Cell) -> str:
    if new.cell_type == "markdown":
        return f"{SHOWN_BELOW}\n\n---\n\n{new.source}"
    ticks = max(["``", *re.findall("`{3,}", new.source)], key=len) + "`"
    return f"{SHOWN_BELOW}\n\n{ticks}{'python' if new.cell_type == 'code' else ''}\n{new.source}\n{ticks}"


def _without_old_notes(settled: list[Settled], there: set[str]) -> list[Settled]:
    """No note twice, and none that a newer one about the same cell replaces."""
    fresh = {row.note.id for row in settled if row.note}
    replaced = {row.replaces for row in settled if row.replaces}
    kept = [row for row in settled if _about(row) not in replaced or (row.cell and row.cell.id in fresh)]
    return [replace(row, note=None) if row.note and row.note.id in there else row for row in kept]


def _about(row: Settled) -> str:
    return row.cell.metadata[NOTE] if row.case == "note" and row.cell else ""


# --- which cell is which --------------------------------------------------------------------------------------------


def slots(base: list[Cell], mine: list[Cell], new: list[Cell]) -> list[Slot]:
    """Every cell of the three notebooks, each in one slot.

    Mine is compared with the new material first, so that an update that was interrupted can be run again.
    """
    b, m, n = (dict(enumerate(cells)) for cells in (base, mine, new))
    base_of = {at: before for before, at in _versions(b, n).items()}
    mine_of = {at: own for own, at in _one_to_one(m, n, [_id, _text]).items()}
    b_left = _without(b, [base_of[at] for at in mine_of if at in base_of])
    mine_by_base = _versions(b_left, _without(m, mine_of.values()))
    found = [Slot(base_of.get(at), mine_of.get(at, mine_by_base.get(base_of.get(at, -1))), at) for at in n]
    found += [Slot(at, mine_by_base.get(at), None) for at in _without(b, base_of.values())]
    used = {slot.mine for slot in found}
    return found + [Slot(None, at, None) for at in m if at not in used]


def ordered(found: list[Slot]) -> list[Slot]:
    """The slots in the order of the new material, or in the reader's own if they moved cells.

    What only the other one has comes after the cell that it follows there.
    """
    by_new = sorted((slot for slot in found if slot.new is not None), key=lambda slot: slot.new or 0)
    by_mine = sorted((slot for slot in found if slot.mine is not None), key=lambda slot: slot.mine or 0)
    known = [slot.base for slot in by_mine if slot.base is not None]
    return _woven(by_new, by_mine) if known == sorted(known) else _woven(by_mine, by_new)


def _woven(spine: list[Slot], other: list[Slot]) -> list[Slot]:
    woven = list(spine)
    at = 0
    for slot in other:
        if slot not in woven:
            woven.insert(at, slot)
        at = woven.index(slot) + 1
    return woven


def _versions(before: Cells, after: Cells) -> Pairs:
    """Which cell of `after` is the later version of which cell of `before`."""
    pairs = _one_to_one(before, after, [_id, _text])
    before, after = _without(before, pairs), _without(after, pairs.values())
    pairs |= _by_name(before, after)
    return pairs | _alike(_without(before, pairs), _without(after, pairs.values()))


def _without(cells: Cells, taken: Iterable[int]) -> Cells:
    gone = set(taken)
    return {at: cell for at, cell in cells.items() if at not in gone}


def _id(cell: Cell) -> str:
    return cell.id


def _one_to_one(before: Cells, after: Cells, keys: list[Callable[[Cell], Hashable]]) -> Pairs:
    """Cells with the same key, the first with the first and so on; by the first key, then the rest by the next."""
    pairs: Pairs = {}
    for key in keys:
        places = _places(_without(after, pairs.values()), key)
        for at, cell in _without(before, pairs).items():
            if places[key(cell)]:
                pairs[at] = places[key(cell)].pop(0)
    return pairs


def _by_name(before: Cells, after: Cells) -> Pairs:
    """Cells of the same name, where each notebook has only one of that name."""
    names, others = _places(before, _name), _places(after, _name)
    return {names[n][0]: others[n][0] for n in names if n and len(names[n]) == len(others[n]) == 1}


def _places(cells: Cells, key: Callable[[Cell], Hashable]) -> dict[Hashable, list[int]]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for at, cell in cells.items():
        places[key(cell)].append(at)
    return places


_HEADING = re.compile(r"^#+ +(?:\d+\. *)?(.+?) *(?:\([^)]*\))? *$", re.MULTILINE)  # without its number and its points
_NAMES = (
    re.compile(r"^ *(?:def|class) +(\w+)", re.MULTILINE),
    re.compile(r"^[^#\n]*?\b(\w+\( *[\"']\w+\.\w+[\"'])", re.MULTILINE),  # check("section.task" and the like
    re.compile(r"^(\w+)(?:, *\w+)* *=[^=]", re.MULTILINE),
)


def _name(cell: Cell) -> tuple[str, str] | None:
    """What a cell is called: its heading, or the first function, task or variable that it names; None without one."""
    patterns = _NAMES if cell.cell_type == "code" else (_HEADING,)
    found = (pattern.search(cell.source) for pattern in patterns)
    return next(((cell.cell_type, match[1]) for match in found if match), None)


def _alike(before: Cells, after: Cells) -> Pairs:
    """Cells of one type whose texts have much in common, the most alike first."""
    measured = []
    for i, old in before.items():
        for j, new in after.items():
            if old.cell_type == new.cell_type and (share := _share(old.source, new.source)) >= ALIKE:
                measured.append((-share, i, j))
    pairs: Pairs = {}
    for _, i, j in sorted(measured):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _share(one: str, other: str) -> float:
    """The share of common text, 0 to 1; 0 at once where it cannot reach `ALIKE`."""
    compared = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return compared.ratio() if min(compared.real_quick_ratio(), compared.quick_ratio()) >= ALIKE else 0.0
