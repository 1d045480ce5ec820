"""The figures of section 1.14. Explorers redraw a figure in two parts: a backdrop that stays and marks that move."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import INK, describe, fill, line, new_axes, points, styled
from mlsys_helpers.kit.spread import Spread
from mlsys_helpers.kit.units import duration, number, percent
from mlsys_helpers.sections.synthesis import model
from mlsys_helpers.sections.synthesis.game import Debrief

MEANING = {"waiting": "neutral", "data": "data", "compute": "compute", "latency": "latency"}

# The two alarms


def alarms_backdrop(ax: Axes, loads: np.ndarray, p99_s: np.ndarray, moved: np.ndarray, accuracy: np.ndarray) -> None:
    """Left: p99 against load. Right: accuracy against divergence. Each with the line that rings its alarm."""
    figure = ax.get_figure()
    grid = figure.add_gridspec(1, 2)
    ax.set_subplotspec(grid[0])
    ax.set(xlim=(0, loads[-1]), ylim=(0, 500), xlabel="requests a second", ylabel="p99, ms", title="The clock")
    ax.plot(loads, 1000 * p99_s, **line("latency"))
    ax.axhline(1000 * model.DEADLINE_S, **line("limit"))
    ax.text(1, 1000 * model.DEADLINE_S + 6, "promise")
    right = figure.add_subplot(grid[1])
    right.set(xlim=(0, moved[-1]), ylim=(0.75, 1.0), xlabel="divergence, nats", title="The answers")
    right.yaxis.set_major_formatter(lambda y, _: percent(y))
    right.plot(moved, accuracy, **line("data"))


def alarms_marks(ax: Axes, load: float, p99_s: float, moved: float, accuracy: float, floor: float) -> None:
    """Where the service stands on both curves, and which alarms ring."""
    right = ax.get_figure().axes[1]
    right.axhline(floor, **line("limit"))
    right.text(0.98 * right.get_xlim()[1], floor + 0.004, "promise", ha="right")
    for one, x, y, rings in (
        (ax, load, min(1000 * p99_s, 490), p99_s > model.DEADLINE_S),
        (right, moved, accuracy, accuracy < floor),
    ):
        one.plot(x, y, markersize=12, **points("limit" if rings else "compute"))
        one.text(0.04, 0.93, "rings" if rings else "silent", transform=one.transAxes, weight="bold")


def tell_alarms(load: float, p99_s: float, moved: float, accuracy: float, floor: float) -> str:
    """Both readings and both alarms."""
    slow, wrong = ("rings" if rings else "is silent" for rings in (p99_s > model.DEADLINE_S, accuracy < floor))
    return (
        f"At {number(load)} requests a second p99 is {duration(p99_s)}: the alarm of the clock {slow}. At "
        f"{number(moved)} nats accuracy is {percent(accuracy, 3)}, the floor {percent(floor, 3)}: the alarm of the "
        f"answers {wrong}."
    )


# Relief: what a fix does to the parts of the time, and to the month

SHOWN_MS = 500


def relief_backdrop(ax: Axes) -> None:
    """Above: the four parts of a request's time, before and after. Below: what the month earns."""
    figure = ax.get_figure()
    grid = figure.add_gridspec(2, 1, height_ratios=[3, 1])
    ax.set_subplotspec(grid[0])
    ax.set(xlim=(0, SHOWN_MS), ylim=(-0.6, 2.3), xlabel="ms of an average request")
    ax.set_yticks([1, 0], ["broken", "after"])
    ax.grid(axis="y", visible=False)
    for part, meaning in MEANING.items():
        ax.barh([-9], [0], label=part, **fill(meaning))
    ax.legend(loc="upper right", ncols=4)
    month = figure.add_subplot(grid[1])
    month.set(xlim=(-1, 1.4), ylim=(-0.6, 0.9), xlabel="share of the best plan's gain")
    month.xaxis.set_major_formatter(lambda x, _: percent(x))
    month.set_yticks([0], ["month"])
    month.grid(axis="y", visible=False)
    for x, word in ((0, "do nothing"), (1, "best plan")):
        month.axvline(x, **line("limit" if x == 0 else "compute"))
        month.text(x + 0.02, 0.5, word)


def relief_marks(ax: Axes, broken: Mapping[str, float], after: Mapping[str, float], share: float) -> None:
    """Both rows of parts, and where the month ends."""
    for y, parts in ((1, broken), (0, after)):
        start = 0.0
        for part, meaning in MEANING.items():
            ax.barh(y, 1000 * parts[part], 0.62, left=start, **fill(meaning))
            start += 1000 * parts[part]
        words = f"{start:,.0f} ms, mostly {max(parts, key=parts.__getitem__)}" + (
            " (goes on)" if start > SHOWN_MS else ""
        )
        ax.text(5, y + 0.38, words, weight="bold")
    ax.get_figure().axes[1].plot(np.clip(share, -0.97, 1.37), 0, markersize=13, **points("accent"))


def tell_relief(broken, after, late: float, accuracy: float, floor: float, share: float, hours: float) -> str:
    """What the fixes do to both alarms and to the month."""
    totals = [duration(sum(parts.values())) for parts in (broken, after)]
    binds = max(after, key=after.__getitem__)
    return (
        f"{hours:g} h of fixes. An average request takes {totals[1]} instead of {totals[0]}, most of it {binds}. "
        f"{percent(late)} of answers are late (allowed {percent(model.LATE_ALLOWED)}), accuracy over the month is "
        f"{percent(accuracy, 3)} (floor {percent(floor, 3)}). {percent(share)} of the best plan's gain."
    )


# Batches


@styled
def plot_batching(runs: Mapping[str, Sequence[Spread]], batches: Sequence[int], *, ax: Axes | None = None) -> Axes:
    """p99 against the largest batch, one line for each load; bars span five seeds of traffic."""
    ax = ax or new_axes(640, 320)
    ax.set(xscale="log", yscale="log", xlabel="largest batch", ylabel="p99, ms", title="Larger batches (simulated)")
    ax.set_xticks(batches, [str(b) for b in batches])
    ax.set_xticks([], minor=True)
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
    told = []
    for (name, spreads), meaning in zip(runs.items(), ("data", "compute", "accent"), strict=False):
        mean, low, high = (np.array([1000 * getattr(s, of) for s in spreads]) for of in ("mean", "low", "high"))
        ax.errorbar(batches, mean, [mean - low, high - mean], capsize=4, label=name, **line(meaning))
        told.append(f"{name}: " + ", ".join(f"{b} {ms:.0f} ms" for b, ms in zip(batches, mean, strict=True)))
    ax.axhline(1000 * model.DEADLINE_S, **line("limit"))
    ax.text(batches[0], 930 * model.DEADLINE_S, "promise", va="top")
    ax.legend(title="traffic")
    return describe(ax, f"p99 by the largest batch. {'; '.join(told)}.")


# What looking is worth


@styled
def plot_players(reached: Mapping[str, Spread], *, ax: Axes | None = None) -> Axes:
    """The share of the best plan's gain that players reach, with the range over blocks of incidents."""
    ax = ax or new_axes(680, 60 + 34 * len(reached))
    for y, (name, share) in enumerate(reached.items()):
        ax.barh(y, share.mean, 0.65, **fill("accent" if name == "five probes" else "neutral"))
        ax.plot([share.low, share.high], [y, y], lw=2, color=INK)
        ax.text(share.high + 0.02, y, percent(share.mean), va="center")
    ax.set_yticks(range(len(reached)), list(reached))
    ax.set(xlim=(0, 1.05), ylim=(len(reached) - 0.4, -0.6))
    ax.set_xlabel("share of the best plan's gain (lines: five blocks of incidents)")
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.grid(axis="y", visible=False)
    told = "; ".join(f"{name} {share.short(percent)}" for name, share in reached.items())
    return describe(ax, f"Share of the best plan's gain: {told}.")


# The debrief


@styled
def plot_debrief(told: Debrief, *, ax: Axes | None = None) -> Axes:
    """What could still be earned after each step: every bar is what a step closed off."""
    ax = ax or new_axes(680, 110 + 34 * len(told.steps))
    names = [f"{step.move[1]}" for step in told.steps]
    lost = [step.lost_eur for step in told.steps]
    left = told.best_eur
    for y, loss in enumerate((*lost, told.stopped_early_eur)):
        meaning = "neutral" if y < len(lost) and told.steps[y].move[0] == "probe" else "limit"
        ax.barh(y, max(loss, 0.0), 0.65, left=left - loss, **fill(meaning))
        if loss >= 0.5:
            ax.text(told.earned_eur, y, f"-{loss:,.0f} ", ha="right", va="center")
        left -= loss
    ax.plot([told.earned_eur] * 2, [-0.6, len(lost) + 0.6], color=INK, zorder=1)
    ax.axvline(told.best_eur, **line("compute"))
    ax.axvline(told.idle_eur, **line("limit"))
    span = told.best_eur - min(told.idle_eur, told.earned_eur)
    ax.set(xlim=(told.best_eur - 1.12 * span, told.best_eur + 0.05 * span), ylim=(len(lost) + 0.6, -1.3))
    ax.text(told.best_eur, -0.75, "best plan ", ha="right")
    ax.text(told.idle_eur, -0.75, " do nothing")
    ax.set_yticks(range(len(lost) + 1), [*names, "stop"])
    ax.set(xlabel="EUR that can still be earned in the month (bars: closed off by the step)")
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    ax.grid(axis="y", visible=False)
    steps = ", ".join(
        f"{name} {loss:,.0f}" for name, loss in zip([*names, "stopping"], [*lost, told.stopped_early_eur], strict=True)
    )
    return describe(
        ax,
        f"Best plan {told.best_eur:,.0f} EUR, doing nothing {told.idle_eur:,.0f}, earned {told.earned_eur:,.0f}. EUR "
        f"closed off by each step: {steps}.",
    )
