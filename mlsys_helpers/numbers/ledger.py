"""All claims of the chapter, in reading order or with the disagreements first, and each formula as it is written."""

import ast
import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

from mlsys_helpers import chapter
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.numbers.claim import VERDICTS, Claim

OPENING = "opening"


def sections() -> tuple[str, ...]:
    """Where a claim can stand: before the first section, and in each."""
    return (OPENING, *(section.heading for section in _of_the_chapter()))


def _of_the_chapter() -> tuple[chapter.Section, ...]:
    """The sections that the chapter has; a section that somebody adds to the companion claims nothing in it."""
    there = {path.stem for path in (Path(__file__).parent / "claims").glob("*.py")}
    return tuple(section for section in chapter.sections() if section.slug in there)


@cache
def claims() -> tuple[Claim, ...]:
    """Every claim, in reading order."""
    modules = (OPENING, *(section.slug for section in _of_the_chapter()))
    return tuple(claim for name in modules for claim in import_module(f"mlsys_helpers.numbers.claims.{name}").CLAIMS)


def claim(name: str) -> Claim:
    """The claim with the id `name`, as in `claim("gpt3_days")`."""
    known = {found.id: found for found in claims()}
    return known[one_of("claim", name, known)]


def chosen(section: str = "", verdict: str = "") -> tuple[Claim, ...]:
    """The claims of one section ("1.6", "06", "iron_law" or "opening") and with one verdict; disagreements first.

    Without either, all. Raises ValueError for a section or verdict that is none.
    """
    heading = section if section in ("", OPENING) else chapter.section(section).heading
    wanted = verdict and one_of("verdict", verdict, VERDICTS)
    found = (c for c in claims() if heading in ("", c.section))
    return disagreements_first(c for c in found if wanted in ("", c.verdict))


def disagreements_first(some: Iterable[Claim]) -> tuple[Claim, ...]:
    """The same claims in the order of VERDICTS, and in reading order within each."""
    order = list(VERDICTS)
    return tuple(sorted(some, key=lambda c: order.index(c.verdict)))


def places(some: Claim) -> tuple[str, ...]:
    """What a claim contradicts: where it stands, and what is printed there."""
    known = {found.id: found for found in claims()}
    rows = (known.get(name) for name in some.against)
    told = (f"{row.place}: {row.shown}" if row else "" for row in rows)
    return tuple(text or name for text, name in zip(told, some.against, strict=True))


def summary() -> Table:
    """How many claims of each section got which verdict."""
    rows = [(section, [c.verdict for c in claims() if c.section == section]) for section in sections()]
    rows.append(("all", [c.verdict for c in claims()]))
    counts = ((name, *(found.count(v) or "" for v in VERDICTS), len(found)) for name, found in rows)
    return table(("section", *VERDICTS, "all"), counts)


def meanings() -> Table:
    """What each verdict means."""
    return table(("verdict", "meaning"), VERDICTS.items())


def formula(some: Claim) -> str:
    """The formula of a claim as its module writes it, in one line; empty where nothing is recomputed."""
    if some.recompute is None:
        return ""
    code = some.recompute.__code__
    return _formulas(Path(code.co_filename)).get(code.co_firstlineno, f"{some.recompute.__name__}()")


@cache
def _formulas(path: Path) -> dict[int, str]:
    """What each lambda of a file returns, by the line that it begins in."""
    source = path.read_text(encoding="utf8")
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Lambda))
    return {node.lineno: _one_line(ast.get_source_segment(source, node.body) or "") for node in found}


def _one_line(source: str) -> str:
    """Source without its line breaks and what they leave inside brackets."""
    return re.sub(r",? ?([)\]}])", r"\1", re.sub(r"([(\[{]) ", r"\1", re.sub(r"\s+", " ", source)))
