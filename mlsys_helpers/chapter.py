"""The manifest of the chapter: the only place from which services learn which sections exist."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.table import table


@dataclass(frozen=True)
class Section:
    """One section of the chapter. `minutes` is 0 and `objectives` empty until the section is open.

    `tasks` is how many exercise tasks it has, `points` what they are worth together.
    """

    number: str
    slug: str
    title: str
    question: str
    self_checks: int
    minutes: int = 0
    tasks: int = 0
    points: int = 0
    objectives: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The name that its notebook, exercise and solution share: `06_iron_law`."""
        return f"{self.number}_{self.slug}"

    @property
    def heading(self) -> str:
        """Where the chapter treats it: section 1.6 for number 06."""
        return f"1.{int(self.number)}"

    @property
    def open(self) -> bool:
        """Whether the section can be worked through."""
        return (files("mlsys_helpers") / "sections" / self.slug).is_dir()

    @property
    def package(self) -> str:
        """The dotted name of its folder."""
        return f"mlsys_helpers.sections.{self.slug}"


@dataclass(frozen=True)
class Page:
    """A page beside the sections, such as an appendix: a notebook without quiz and exercise.

    `stem` is the name of its notebook, `A1_numbers`.
    """

    stem: str
    title: str
    question: str
    minutes: int

    @property
    def heading(self) -> str:
        """What it is called beside the sections: A1."""
        return self.stem.partition("_")[0]


@cache
def _manifest() -> dict:
    return tomllib.loads((files("mlsys_helpers") / "chapter.toml").read_text(encoding="utf8"))


@cache
def sections() -> tuple[Section, ...]:
    """All sections in reading order."""
    return tuple(_section(**row) for row in _manifest()["section"])


@cache
def pages() -> tuple[Page, ...]:
    """The pages beside the sections: first the start page, then the appendices."""
    return tuple(Page(**row) for row in _manifest()["page"])


def _section(*, objectives: Iterable[str] = (), after: Iterable[str] = (), **row) -> Section:
    return Section(objectives=tuple(objectives), after=tuple(after), **row)


def section(name: str) -> Section:
    """The section called `name`: its slug, number, stem or heading ("iron_law", "06", "06_iron_law", "1.6").

    Raises ValueError with the nearest slug for a name that is none of these.
    """
    for found in sections():
        if name in (found.slug, found.number, str(int(found.number)), found.stem, found.heading):
            return found
    one_of("section", name, [found.slug for found in sections()])
    raise AssertionError("unreachable: a slug was matched above")


def open_sections() -> tuple[Section, ...]:
    """The sections that can be worked through."""
    return tuple(found for found in sections() if found.open)


@dataclass(frozen=True)
class Map:
    """The chapter as a table: a notebook shows links for what is open, and every section's question."""

    sections: tuple[Section, ...]
    appendices: tuple[Page, ...] = ()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        listed: tuple[Section | Page, ...] = (*self.sections, *self.appendices)
        rows = [(one.heading, _link(one), one.question, one.minutes or "") for one in listed]
        ready = sum(s.open for s in self.sections)
        return {
            "text/markdown": table(("section", "notebook", "its question", "minutes"), rows).markdown,
            "text/plain": f"{ready} of {len(self.sections)} sections are open",
        }


def _link(to: Section | Page) -> str:
    if isinstance(to, Section) and not to.open:
        return f"{to.title} (not written yet)"
    return f"[{to.title}]({to.stem}.ipynb)"


def chapter_map() -> Map:
    """The map of the whole chapter, as the start page shows it."""
    return Map(sections(), pages()[1:])
