"""The book as data: its chapters, what each builds on, and where the ideas of this first chapter return.

`kind` says whose word a row is: `text` where the chapter says so (`why` names the place), `reading` where it is ours.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mlsys_helpers.facts import read_table
from mlsys_helpers.kit.checks import one_of

PARTS = {1: "I Foundations", 2: "II Build", 3: "III Optimise", 4: "IV Deploy"}
KINDS = ("text", "reading")


@dataclass(frozen=True)
class Chapter:
    """One chapter, in the book's order."""

    chapter: str
    part: int
    title: str


@dataclass(frozen=True)
class Need:
    """`chapter` builds on `needs`."""

    chapter: str
    needs: str
    kind: str
    why: str


@dataclass(frozen=True)
class Return:
    """`idea` of the first chapter is taken up in `chapter`."""

    idea: str
    group: str
    chapter: str
    kind: str
    why: str


@cache
def chapters() -> dict[str, Chapter]:
    """All chapters by name, in the book's order."""
    return {row.chapter: row for row in _rows("chapters.csv", Chapter)}


@cache
def edges() -> tuple[Need, ...]:
    """Every dependency."""
    return _rows("needs.csv", Need)


@cache
def returns() -> tuple[Return, ...]:
    """Every return of an idea."""
    return _rows("ideas.csv", Return)


def needs(kind: str | None = None) -> dict[str, frozenset[str]]:
    """What each chapter builds on: by the text and our reading, or by one of them."""
    wanted = KINDS if kind is None else (one_of("kind", kind, KINDS),)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for edge in edges():
        if edge.kind in wanted:
            found[edge.chapter].add(edge.needs)
    return {name: frozenset(found[name]) for name in chapters()}


def part_needs(kind: str | None = None) -> dict[str, frozenset[str]]:
    """What each part builds on: another part, if one of its chapters needs one of that part. `kind` as in `needs`."""
    part_of = {name: PARTS[chapter.part] for name, chapter in chapters().items()}
    found: dict[str, set[str]] = {name: set() for name in PARTS.values()}
    for name, needed in needs(kind).items():
        found[part_of[name]] |= {part_of[other] for other in needed}
    return {name: frozenset(needed - {name}) for name, needed in found.items()}


def ideas() -> tuple[str, ...]:
    """The ideas in the order of the file."""
    return tuple(dict.fromkeys(row.idea for row in returns()))


def where(idea: str) -> tuple[Return, ...]:
    """The returns of one idea."""
    return tuple(row for row in returns() if row.idea == one_of("idea", idea, ideas()))


def title(name: str) -> str:
    """A chapter's title."""
    return chapters()[one_of("chapter", name, chapters())].title


def titles(names: Collection[str]) -> str:
    """Titles in the book's order: 'Introduction, ML Systems and ML Workflow'; 'nothing' for none."""
    listed = [title(name) for name in chapters() if name in names]
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed) or "nothing"


def _rows(name: str, row_type: type) -> tuple:
    return read_table(files(__package__) / name, row_type)
