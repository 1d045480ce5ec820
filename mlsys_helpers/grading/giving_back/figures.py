"""The figures of a class's report."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from mlsys_helpers.exercise.judge import BROKEN, NOT_TRIED, RIGHT, WRONG
from mlsys_helpers.grading.giving_back.analysis import WEAK, Correlation, Share, median
from mlsys_helpers.grading.words import many, shown_points
from mlsys_helpers.kit.figure import INK, describe, fill, line, new_axes, new_figure, styled
from mlsys_helpers.kit.units import percent

BINS = 10
_LOOKS = {
    RIGHT: fill("accent"),
    WRONG: fill("limit"),
    BROKEN: {"facecolor": "white", "hatch": "++", "edgecolor": INK},
    NOT_TRIED: fill("neutral"),
}


@styled
def plot_totals(totals: Sequence[float], possible: float, *, ax: Axes | None = None) -> Axes:
    """How many students earned how much of `possible`, the median named."""
    ax = ax or new_axes(720, 300)
    edges = np.linspace(0, max(possible, *totals), BINS + 1)
    counts, _ = np.histogram(totals, edges)
    ax.bar(edges[:-1], counts, np.diff(edges), align="edge", **fill("accent"))
    middle = median(totals)
    ax.axvline(middle, ymax=0.9, **line("limit"))
    top = 1.25 * counts.max()
    side = "left" if middle < possible / 2 else "right"
    ax.annotate(
        f"median {shown_points(middle)}",
        (middle, 0.86 * top),
        (6 if side == "left" else -6, 0),
        textcoords="offset points",
        ha=side,
        weight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
    ax.set(ylim=(0, top), xlabel=f"points of {shown_points(possible)}", ylabel="students")
    ax.set(title=f"Totals of {many(len(totals), 'student')}")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    low, high = np.percentile(totals, [25, 75])
    return describe(
        ax,
        f"{many(len(totals), 'student')} earned {shown_points(min(totals))} to {shown_points(max(totals))} of "
        f"{shown_points(possible)} points; the median is {shown_points(middle)}, and the middle half lies between "
        f"{shown_points(float(low))} and {shown_points(float(high))}.",
    )


@styled
def plot_outcomes(names: Sequence[str], counted: Sequence[Mapping[str, int]], *, ax: Axes | None = None) -> Axes:
    """For each task, how many were right, wrong, ended in an error, or did not try."""
    ax = ax or new_axes(720, 120 + 30 * len(names))
    for y, counts in enumerate(counted):
        left = 0
        for state, look in _LOOKS.items():
            count = counts.get(state, 0)
            ax.barh(y, count, 0.7, left=left, **look)
            if count >= 0.05 * max(sum(counts.values()), 1):
                label = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
                ax.text(left + count / 2, y, str(count), ha="center", va="center", bbox=label, fontsize=9)
            left += count
    for state, look in _LOOKS.items():
        ax.barh(0, 0, label="ended in an error" if state == BROKEN else state, **look)
    ax.set_yticks(range(len(names)), list(names))
    ax.set(ylim=(len(names) - 0.4, -0.6), xlabel="students")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right", ncols=4, bbox_to_anchor=(1.0, 1.0))
    told = "; ".join(f"{name}: {_counted(counts)}" for name, counts in zip(names, counted, strict=True))
    return describe(ax, f"What became of each task. {told}.")


@styled
def plot_items(names: Sequence[str], shares: Sequence[Share], agree: Sequence[Correlation]) -> Axes:
    """For each item its mean score, and how far it agrees with the rest, each with its interval of 95 %.

    Where too few students have handed in to tell, the second half is left out.
    """
    told = any(not math.isnan(one.r) for one in agree)
    figure = new_figure(720, 100 + 24 * len(names))
    left, *right = figure.subplots(1, 1 + told, sharey=True, squeeze=False)[0]
    for y, one in enumerate(shares):
        _interval(left, y, one.mean, one.low, one.high)
    left.set_yticks(range(len(names)), list(names))
    left.set(xlim=(-0.02, 1.02), ylim=(len(names) - 0.5, -0.5), title="Mean score")
    left.xaxis.set_major_formatter(lambda x, _: percent(x))
    for ax in right:
        ax.axvline(WEAK, lw=1, **line("limit"))
        for y, found in enumerate(agree):
            if not math.isnan(found.r):
                _interval(ax, y, found.r, found.low, found.high)
        ax.set(xlim=(-1.02, 1.02), title="Agrees with the rest, r")
        describe(ax, _agreement(names, agree))
    ordered = sorted((one.mean, name) for name, one in zip(names, shares, strict=True))
    describe(left, f"Mean scores, hardest first: {', '.join(f'{name} {percent(mean)}' for mean, name in ordered)}.")
    return left


def _interval(ax: Axes, y: float, value: float, low: float, high: float) -> None:
    ax.plot([low, high], [y, y], color=INK, lw=1.5)
    ax.plot(value, y, "o", color="C5", markeredgecolor=INK)


def _agreement(names: Sequence[str], agree: Sequence[Correlation]) -> str:
    weak = [f"{name} ({one.r:.2f})" for name, one in zip(names, agree, strict=True) if one.r < WEAK]
    return f"Correlation with the rest below {WEAK:g}: {', '.join(weak) or 'none'}."


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[state]} {state}" for state in _LOOKS if counts.get(state)) or "nobody"
