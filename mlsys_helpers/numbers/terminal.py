"""The claims in a terminal: a count of verdicts, a list of rows, one row in full."""

from collections.abc import Iterable

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from mlsys_helpers.numbers import ledger
from mlsys_helpers.numbers.claim import AGREES, CONTRADICTS, DIFFERS, ROUNDS, VERDICTS, Claim

_STYLES = {CONTRADICTS: "bold red", DIFFERS: "bold red", ROUNDS: "green", AGREES: "green"}


def overview() -> Group:
    """How many claims of each section got which verdict, and what each verdict means."""
    counts = ledger.summary()
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for head in counts.heads:
        drawn.add_column(head, justify="left" if head == "section" else "right", max_width=11)
    for row in counts.rows:
        drawn.add_row(*row, end_section=row[0] == ledger.sections()[-1])
    meanings = Text("\n").join(Text.assemble(_verdict(name), f": {meaning}") for name, meaning in VERDICTS.items())
    return Group(drawn, "", meanings)


def listing(some: Iterable[Claim]) -> Table:
    """Claims as a table, in the order given."""
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for head, ratio in (("section", 2), ("claim", 9), ("printed", 5), ("recomputed", 6), ("verdict", 4)):
        drawn.add_column(head, ratio=ratio, overflow="fold")
    for row in some:
        drawn.add_row(Text(row.section), Text(row.says), Text(row.shown), Text(_found(row)), _verdict(row.verdict))
    return drawn


def in_full(claim: Claim) -> Group:
    """One claim with its place, its formula and why."""
    pairs = (
        ("where", claim.place),
        ("printed", claim.shown),
        ("recomputed", _found(claim)),
        ("formula", ledger.formula(claim)),
        ("verdict", f"{claim.verdict}: {VERDICTS[claim.verdict]}"),
        *(("against", place) for place in ledger.places(claim)),
        ("why", claim.why),
    )
    drawn = Table.grid(padding=(0, 2, 0, 0))
    for name, text in pairs:
        if text:
            drawn.add_row(
                Text(name, style="dim"), Text(text, style=_STYLES.get(claim.verdict, "") * (name == "verdict"))
            )
    return Group(Text(claim.says, style="bold"), drawn)


def _verdict(name: str) -> Text:
    return Text(name, style=_STYLES.get(name, ""))


def _found(claim: Claim) -> str:
    return f"so {claim.found}" if claim.gives else claim.found
