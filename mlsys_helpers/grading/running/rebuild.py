"""What is run of a submission: the released notebook with the student's source put in.

The released code cells give the order, and each takes the student's source for it: the cell with its id, else one
with its very text, else the first that sets one of its names. A released cell that sets no names, such as the imports,
is run before what a student made of it; one whose names are all set elsewhere, as after merging cells, is not run. A
student's other code cells follow the cell that they followed. A released check cell becomes a task: its cases are put
there, or after the last cell of the student's own that calls check on it. Everything else in the file counts for
nothing: metadata, tags, outputs, kernelspec.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache

from mlsys_helpers.grading.sandbox.job import Step

MAX_BYTES, MAX_CELLS, MAX_SOURCE, MAX_CODE = 20_000_000, 1_000, 200_000, 2_000_000
_CHECK = re.compile(r"""^check\(\s*["']([\w.]+)["']\s*,\s*(.+?)\s*\)\s*$""", re.MULTILINE | re.DOTALL)
_CALLS = re.compile(r"""\bcheck\(\s*["']([\w.]+)["']""")
_SETS = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


class NoNotebook(ValueError):
    """A file that cannot be read as a notebook; the message says why."""


@dataclass(frozen=True)
class Cell:
    """A code cell: its id (or an empty text) and its source."""

    id: str
    source: str


def cells(data: bytes) -> list[Cell]:
    """The code cells of a notebook of nbformat 3 or 4, read leniently. Raises NoNotebook."""
    if len(data) > MAX_BYTES:
        raise NoNotebook(f"{len(data):,} bytes are more than {MAX_BYTES:,}")
    if not data.strip():
        raise NoNotebook("the file is empty")
    try:
        book = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NoNotebook(f"not JSON: {error}") from error
    found = [cell for cell in map(_cell, _raw(book)) if cell]
    if len(found) > MAX_CELLS:
        raise NoNotebook(f"{len(found)} code cells are more than {MAX_CELLS}")
    if sum(len(cell.source) for cell in found) > MAX_CODE:
        raise NoNotebook(f"its code has more than {MAX_CODE:,} letters")
    return found


def _raw(book: object) -> list:
    if not isinstance(book, dict):
        raise NoNotebook("no notebook: expected an object with cells")
    if isinstance(book.get("cells"), list):
        return book["cells"]
    if isinstance(book.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in book["worksheets"] if isinstance(sheet, dict)]
        return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    raise NoNotebook("no notebook: expected an object with cells")


def _cell(raw: object) -> Cell | None:
    if not isinstance(raw, dict) or raw.get("cell_type") != "code":
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str) or len(source) > MAX_SOURCE:
        return None
    return Cell(raw["id"] if isinstance(raw.get("id"), str) else "", source.replace("\r\n", "\n").replace("\r", "\n"))


def rebuild(released: bytes, submitted: bytes) -> tuple[Step, ...]:
    """The steps that run a submission. Raises NoNotebook."""
    master, student = _released(released), cells(submitted)
    match = _matches(master, student)
    taken = {place: m for m, place in match.items()}
    after: dict[int, list[Cell]] = {}
    anchor = -1
    for place, cell in enumerate(student):
        anchor = taken.get(place, anchor)
        if place not in taken:
            after.setdefault(anchor, []).append(cell)
    steps = [Step(cell.source) for cell in after.get(-1, [])]
    elsewhere = set().union(*(_names(cell.source) for cell in student))
    asked: dict[str, Step] = {}
    for m, cell in enumerate(master):
        found, names = _CHECK.match(cell.source.strip()), _names(cell.source)
        own = student[match[m]].source if m in match else "" if names and names <= elsewhere else cell.source
        if found:
            asked[found[1]] = Step(found[2], found[1])
            steps += [Step(own)] if own.strip() != cell.source.strip() else []
            steps.append(asked[found[1]])
        else:
            edited = not names and own.strip() != cell.source.strip()
            steps += [Step(cell.source)] * edited + [Step(own)]
        steps += [Step(extra.source) for extra in after.get(m, [])]
    return tuple(_checked_late(steps, asked))


@lru_cache(maxsize=4)
def _released(data: bytes) -> list[Cell]:
    return cells(data)


def _checked_late(steps: list[Step], asked: dict[str, Step]) -> list[Step]:
    """Each task once: at its released place, or after the student's last cell that calls check on it."""
    last: dict[str, int] = {}
    for place, step in enumerate(steps):
        names = [step.task] if step.task else _CALLS.findall(step.code)
        last |= {name: place for name in names if name in asked}
    kept = []
    for place, step in enumerate(steps):
        if not step.task:
            kept.append(step)
        kept += [asked[name] for name, at in last.items() if at == place]
    return [step for step in kept if step.task or step.code.strip()]


def _matches(master: list[Cell], student: list[Cell]) -> dict[int, int]:
    """For each released cell that the submission has, the place of the student's cell."""
    match: dict[int, int] = {}
    for same in (_same_id, _same_text, _same_name):
        free = [place for place in range(len(student)) if place not in match.values()]
        for m, cell in enumerate(master):
            place = next((p for p in free if m not in match and same(cell, student[p])), None)
            if place is not None:
                match[m] = place
                free.remove(place)
    return match


def _same_id(cell: Cell, other: Cell) -> bool:
    return bool(cell.id) and cell.id == other.id


def _same_text(cell: Cell, other: Cell) -> bool:
    return cell.source.strip() == other.source.strip()


def _same_name(cell: Cell, other: Cell) -> bool:
    return bool(_names(cell.source) & _names(other.source))


def _names(source: str) -> set[str]:
    return {first or second for first, second in _SETS.findall(source)}
