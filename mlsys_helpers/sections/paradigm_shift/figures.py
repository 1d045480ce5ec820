"""The figures of section 1.1. Each takes data that model or experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, MARKER, describe, fill, line, new_figure, points, styled
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.sections.paradigm_shift import model

# What a change of labels changes

LIMIT = 12  # log-odds beyond it are drawn at the edge


def flips_backdrop(ax: Axes) -> None:
    """Log-odds of spam before and after; off the diagonal a message is judged differently, in two corners it flips."""
    ax.set(xlim=(-LIMIT - 0.5, LIMIT + 0.5), ylim=(-LIMIT - 0.5, LIMIT + 0.5))
    ax.set(xlabel="log-odds of spam, original labels", ylabel="log-odds of spam, edited labels")
    for x in (-1, 1):
        ax.fill_between([0, x * 13], 0, -x * 13, color=COLOUR["neutral"], alpha=0.18, lw=0)
    ax.text(1 - LIMIT, LIMIT - 1, "mail before, spam now", color=INK)
    ax.text(LIMIT - 1, -LIMIT, "spam before, mail now", color=INK, ha="right")
    ax.plot([], [], "o", markersize=3, color=COLOUR["data"], label="same verdict")
    ax.plot([], [], label="newly wrong", **points("limit"))
    ax.plot([], [], label="newly right", **points("compute"))
    ax.legend(loc="upper left", ncols=3, bbox_to_anchor=(0, 1.1), borderaxespad=0)


def flips_marks(ax: Axes, before: np.ndarray, after: np.ndarray, change: model.Change) -> None:
    """Each held-out message at what the two filters say of it; those that changed sides stand out."""
    x, y = np.clip(before, -LIMIT, LIMIT), np.clip(after, -LIMIT, LIMIT)
    ax.plot(x, y, "o", markersize=3, color=COLOUR["data"], alpha=0.5, markeredgewidth=0)
    ax.plot(x[change.broken], y[change.broken], markersize=5, **points("limit"))
    ax.plot(x[change.mended], y[change.mended], markersize=5, **points("compute"))


def tell_flips(change: model.Change) -> str:
    """The same in words."""
    was, is_now = change.accuracy
    return (
        f"{len(change.flipped)} of {len(change.truth):,} held-out messages change sides: {len(change.broken)} newly "
        f"wrong, {len(change.mended)} newly right. Accuracy goes from {percent(was, 4)} to {percent(is_now, 4)}."
    )


# Cleaner data or a better model


@styled
def plot_contest(contests: dict, *, width: int = 640, height: int = 330) -> Axes:
    """Points of accuracy gained by either remedy as more labels are wrong, one panel for each kind of mistake."""
    figure = new_figure(width, height)
    panels = figure.subplots(1, len(contests), sharey=True)
    for ax, (kind, found) in zip(panels, contests.items(), strict=True):
        share = 100 * np.array(found.shares)
        for label, meaning, gains in (
            ("labels put right", "data", found.cleaning),
            ("better model", "compute", found.switching),
        ):
            ax.plot(share, gains.mean(axis=1), label=label, marker=MARKER[meaning], markersize=4, **line(meaning))
            ax.fill_between(share, gains.min(axis=1), gains.max(axis=1), color=COLOUR[meaning], alpha=0.25, lw=0)
        ax.set(title=kind, xlabel="labels wrong, %", ylim=(0, 24))
        at_most = ", ".join(
            f"{100 * wrong:g} % wrong: {c:.1f} and {s:.1f}"
            for wrong, c, s in zip(found.shares, found.cleaning.mean(1), found.switching.mean(1), strict=True)
        )
        describe(ax, f"With {kind}, points gained by putting labels right and by a better model. {at_most}.")
    panels[0].set_ylabel("points of accuracy gained")
    panels[0].legend(loc="upper left")
    return panels[0]


# A proxy that drifts


def proxy_backdrop(ax: Axes, weeks: int, learnt_weeks: int) -> None:
    """Five years by week; the fifth is the one in which attention moves."""
    ax.set(xlim=(0, weeks), ylim=(0, 19), xlabel="week", ylabel="visits for flu, % of all visits")
    ax.axvspan(learnt_weeks, weeks, color=COLOUR["neutral"], alpha=0.18, lw=0)
    ax.set_yticks(range(0, 19, 3))
    ax.text(learnt_weeks + 1, 17.5, "attention moves")
    ax.plot([], [], lw=2, color=INK, label="doctors' reports")
    ax.plot([], [], label="estimate from searches", **line("compute"))
    ax.legend(loc="upper left", ncols=2)


def proxy_marks(ax: Axes, story, estimate: np.ndarray) -> None:
    """Truth and estimate week by week."""
    week = np.arange(len(story.flu))
    ax.plot(week, story.flu, lw=2, color=INK)
    ax.plot(week, estimate, **line("compute"))


def tell_proxy(story, over: tuple[float, float]) -> str:
    """The same in words."""
    return (
        f"Over the four years it was fitted to, the model explains {percent(story.r2)} of the variation. In the fifth "
        f"it estimates {number(over[0])} times the true number of visits, too high in {percent(over[1])} of the weeks."
    )


# What a test can promise


def gap_backdrop(ax: Axes) -> None:
    """Three counts by how many digits they have; that axis is logarithmic too, or two of them would vanish."""
    ax.set(xscale="log", xlim=(0.8, 1e9), ylim=(-0.6, 2.6), xlabel="digits that the number has")
    ax.set_yticks([2, 1, 0], ["inputs tested", "atoms in the\nuniverse", "inputs that\nthere are"])
    ax.grid(axis="y", visible=False)


def gap_marks(ax: Axes, log10_count: float, tests: int) -> None:
    """The three bars, each with its number of digits."""
    counts = ((2, np.log10(tests), "data"), (1, model.LOG10_ATOMS, "neutral"), (0, log10_count, "limit"))
    for y, log10, meaning in counts:
        length = model.digits(log10)
        ax.barh(y, length - 0.8, 0.6, left=0.8, **fill(meaning))
        ax.text(length * 1.15, y, f"{length:,.0f} digit{'s' * (length != 1)}", va="center")


def tell_gap(log10_count: float, tests: int) -> str:
    """The same in words."""
    covered = model.log10_coverage(tests, log10_count)
    if covered == 0:
        said = f"all {10**log10_count:,.0f} of them can be tried: here a test run proves"
    else:
        said = f"{tests:,} tests reach one in 10^{-covered:,.{1 if covered > -3 else 0}f}"
    size = "more" if log10_count > model.LOG10_ATOMS else "not more"
    return f"The inputs number 10^{log10_count:,.1f}, {size} than there are atoms; {said}."


TESTS = np.logspace(0, 7.301, 300)


def bound_backdrop(ax: Axes) -> None:
    """Logarithmic axes, with what a run without any failure rules out: exactly, and by the rule of three."""
    ax.set(xscale="log", yscale="log", xlim=(1, 2e7), ylim=(1e-8, 1.5))
    ax.set(xlabel="tests", ylabel="failure rate")
    ax.fill_between(TESTS, model.clean_run_bound(TESTS), 1.5, color=COLOUR["neutral"], alpha=0.18, lw=0)
    ax.plot(TESTS, model.clean_run_bound(TESTS), label="no failure: rates above are ruled out (95 %)", **line("limit"))
    ax.plot(TESTS, model.rule_of_three(TESTS), lw=1.5, color=INK, linestyle=":", label="rule of three")
    ax.plot([], [], lw=4, color=COLOUR["accent"], label="this run: Wilson's interval (95 %)")
    ax.legend(loc="upper right")


def bound_marks(ax: Axes, tests: int, failures: int) -> None:
    """What these tests say: the share that failed, and Wilson's interval around it."""
    low, high = model.interval(failures, tests)
    ax.plot([tests, tests], [max(low, 1e-8), high], lw=4, color=COLOUR["accent"], solid_capstyle="butt")
    if failures:
        ax.plot(tests, failures / tests, markersize=5, **points("data"))


def tell_bound(tests: int, failures: int) -> str:
    """The same in words."""
    low, high = model.interval(failures, tests)
    run = f"{failures} failure{'s' * (failures != 1)} in {tests:,} tests"
    found = f"{run}: Wilson's interval for the rate runs from {number(low)} to {number(high)}."
    if failures:
        return found
    bound, three = model.clean_run_bound(tests), model.rule_of_three(tests)
    return f"{found} The exact one-sided bound is {number(bound)}, the rule of three says {number(three)}."
