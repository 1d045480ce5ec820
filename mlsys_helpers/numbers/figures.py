"""The one figure of the appendix: what became of the claims of each section."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import describe, fill, new_axes, styled
from mlsys_helpers.numbers.claim import ABSENT, AGREES, CONSTANT, CONTRADICTS, DERIVED, DIFFERS, ROUNDS, Claim
from mlsys_helpers.numbers.ledger import sections

GROUPS = {  # verdicts that are drawn as one, and the colour that they get
    CONTRADICTS: ((CONTRADICTS,), "limit"),
    DIFFERS: ((DIFFERS,), "compute"),
    ABSENT: ((ABSENT,), "latency"),
    "holds": ((ROUNDS, AGREES), "data"),
    "nothing to compare": ((DERIVED, CONSTANT), "neutral"),
}


@styled
def plot_verdicts(some: Iterable[Claim], *, ax: Axes | None = None) -> Axes:
    """A bar for each section: its claims by verdict; beside it how many are to be read with care."""
    rows, names = tuple(some), sections()
    ax = ax or new_axes(680, 460)
    begin = np.zeros(len(names))
    for label, (verdicts, meaning) in GROUPS.items():
        counts = np.array([sum(row.section == name and row.verdict in verdicts for row in rows) for name in names])
        ax.barh(names, counts, left=begin, label=label, **fill(meaning))
        begin += counts
    warned = [sum(row.section == name and row.disagrees for row in rows) for name in names]
    for place, (end, care) in enumerate(zip(begin, warned, strict=True)):
        ax.annotate(f"{care} of {end:.0f}", (end, place), (5, 0), textcoords="offset points", va="center")
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.15 * begin.max()), xlabel="claims; beside each bar how many of them are to be read with care")
    ax.set(title="The chapter's figures, recomputed")
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right")
    told = ", ".join(f"{name} {care}" for name, care in zip(names, warned, strict=True) if care)
    return describe(ax, f"Of {len(rows)} claims, {sum(warned)} are to be read with care. By section: {told}.")
