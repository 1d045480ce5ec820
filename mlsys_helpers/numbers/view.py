"""The claims as a table: with two filters in a notebook, whole where no kernel runs."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import ipywidgets as widgets

from mlsys_helpers import chapter
from mlsys_helpers.kit import cards
from mlsys_helpers.kit.mend import LISTS_KEEP_ARROWS, mend
from mlsys_helpers.numbers.claim import ABSENT, AGREES, CONTRADICTS, DIFFERS, ROUNDS, VERDICTS, Claim
from mlsys_helpers.numbers.ledger import chosen, claim, formula, places, sections
from mlsys_helpers.numbers.search import search

HEADS = ("what the chapter claims", "printed", "recomputed", "verdict", "why, and the formula")
_TONES = {CONTRADICTS: "wrong", DIFFERS: "wrong", ABSENT: "part", ROUNDS: "right", AGREES: "right"}
_STYLE = """<style>
.mlsys-numbers { overflow: auto; box-sizing: border-box; line-height: 1.4;
  font-size: var(--jp-content-font-size1, 14px); color: var(--jp-content-font-color1, inherit);
  border: 1px solid var(--jp-border-color1, #bdbdbd); }
.mlsys-numbers:focus-visible { outline: 2px solid var(--jp-brand-color1, #1976d2); }
.mlsys-numbers table { border-collapse: collapse; width: 100%; margin: 0; table-layout: fixed; min-width: 700px; }
.mlsys-numbers caption { text-align: left; padding: 6px 8px; color: inherit; }
.mlsys-numbers th, .mlsys-numbers td { text-align: left !important; vertical-align: top; padding: 5px 8px;
  white-space: normal; overflow-wrap: anywhere; font-weight: normal;
  border-top: 1px solid var(--jp-border-color2, #e0e0e0); }
.mlsys-numbers thead th { position: sticky; top: 0; font-weight: bold;
  background: var(--jp-layout-color2, #eee); }
.mlsys-numbers td:nth-child(4) { border-left: 4px solid transparent; }
.mlsys-numbers td.mlsys-right { border-left-color: var(--jp-success-color1, #2e7d32); }
.mlsys-numbers td.mlsys-wrong { border-left-color: var(--jp-error-color1, #c62828); }
.mlsys-numbers td.mlsys-part { border-left-color: var(--jp-warn-color1, #b26a00); }
.mlsys-numbers small { display: block; color: var(--jp-content-font-color2, #555); }
.mlsys-numbers code { display: block; font-size: 12px; white-space: normal; }
</style>"""
_MEND = mend("const box = this.closest('.mlsys-numbers-filters');" + LISTS_KEEP_ARROWS)
_BREAKS = re.compile(r"(?<=[a-z][.(])(?=[\w&])")  # where a long formula may go on in the next line
_WIDTHS = (30, 14, 16, 11, 29)  # percent


def numbers_table(some: Iterable[Claim], caption: str = "", height_px: int = 0) -> str:
    """Claims as an HTML table, in the order given. With a height it scrolls, by keyboard too, under its heads."""
    rows = tuple(some)
    scrolls = 'tabindex="0" role="region" aria-label="Claims" data-lm-suppress-shortcuts'
    style = f' {scrolls} style="height: {height_px}px"' if height_px else ""
    columns = "".join(f'<col style="width: {width}%">' for width in _WIDTHS)
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    return (
        f'{_STYLE}<div class="mlsys-numbers"{style}><table><caption>{html.escape(caption or told(rows))}</caption>'
        f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody>"
        "</table></div>"
    )


def told(some: Iterable[Claim]) -> str:
    """How many claims there are, and how many of them disagree with something."""
    rows = tuple(some)
    warned = sum(row.disagrees for row in rows)
    return f"{len(rows)} claim{'s' * (len(rows) != 1)}" + (f", {warned} to be read with care." if warned else ".")


@cache
def _row(claim: Claim) -> str:
    why = " ".join(filter(None, (claim.why, *(f"Against {other}." for other in places(claim)))))
    found = f"so {claim.found}" if claim.gives else claim.found
    source = _BREAKS.sub("<wbr>", html.escape(formula(claim)))
    tone = cards.TONES[_TONES.get(claim.verdict, "")]
    return (
        f'<tr><th scope="row">{html.escape(claim.says)}<small>{html.escape(claim.place)}</small></th>'
        f"<td>{html.escape(claim.shown)}</td><td>{html.escape(found)}</td>"
        f'<td class="{tone}" title="{VERDICTS[claim.verdict]}">{claim.verdict}</td>'
        f"<td>{html.escape(why)}{f'<code>{source}</code>' if source else ''}</td></tr>"
    )


@dataclass(frozen=True)
class Rows:
    """Claims as a notebook shows them."""

    claims: tuple[Claim, ...]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return cards.bundle(None, numbers_table(self.claims), told(self.claims))


def rows(*names: str) -> Rows:
    """The claims with these ids, as in `rows("gpt3_days", "gpt3_days_saved")`."""
    return Rows(tuple(map(claim, names)))


def look_up(query: str) -> Rows:
    """The claims that a figure or words find, as in `look_up("25 days")`."""
    return Rows(search(query))


class Numbers(widgets.VBox):
    """All claims, to be narrowed down to a section and a verdict."""

    def __init__(self, height_px: int = 560) -> None:
        self._height_px = height_px
        titles = {section.heading: f"{section.heading} {section.title}" for section in chapter.sections()}
        look = {"style": {"description_width": "8ch"}, "layout": {"width": "340px"}}
        self.section = widgets.Dropdown(
            options=[("all sections", ""), *((titles.get(name, name), name) for name in sections())],
            value="",
            description="Section",
            **look,
        )
        self.verdict = widgets.Dropdown(
            options=[("all verdicts", ""), *((verdict, verdict) for verdict in VERDICTS)],
            value="",
            description="Verdict",
            **look,
        )
        self._table = widgets.HTML(layout={"width": "auto"})
        self._said = widgets.HTML(layout={"height": "0", "margin": "0"})  # for screen readers only
        filters = widgets.HBox([self.section, self.verdict], layout={"flex_flow": "row wrap"})
        super().__init__([filters, self._table, self._said])
        self.add_class("mlsys-numbers-filters")
        self._show()
        for control in (self.section, self.verdict):
            control.observe(self._changed, names="value")

    @property
    def shown(self) -> tuple[Claim, ...]:
        """The claims that the filters leave, in the order of the table."""
        return chosen(self.section.value, self.verdict.value)

    def _show(self) -> None:
        self._table.value = numbers_table(self.shown, height_px=self._height_px) + _MEND

    def _changed(self, change) -> None:
        self._show()
        self._said.value = cards.unseen(told(self.shown))

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        live = super()._repr_mimebundle_(include=include, exclude=exclude)
        return cards.bundle(live, numbers_table(self.shown), told(self.shown))
