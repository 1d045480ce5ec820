"""The figures of section 1.4. Each takes data that model or experiments made, and describes itself in words."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import INK, describe, fill, line, new_axes, new_figure, points, styled
from mlsys_helpers.kit.spread import Spread
from mlsys_helpers.kit.units import number, percent, si
from mlsys_helpers.sections.ml_systems import model
from mlsys_helpers.sections.ml_systems.experiments import Curve

# The relay

STAGE_COLOUR = {"carry": "latency", "prepare": "data", "compute": "compute"}


def relay_backdrop(ax: Axes) -> None:
    """One row for each stage, on a logarithmic axis of items a second."""
    ax.set(xscale="log", xlim=(1e3, 1e6), ylim=(2.6, -0.9), xlabel="photos a second (simulated)")
    ax.set_yticks(range(3), model.STAGES)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    ax.grid(axis="y", visible=False)


def relay_marks(ax: Axes, rates: model.Rates) -> None:
    """What each stage could pass on, and the line at which the slowest holds them all."""
    for row, stage in enumerate(model.STAGES):
        rate, binds = getattr(rates, stage), stage == rates.binding
        ax.barh(row, rate - 1e3, 0.6, left=1e3, **fill(STAGE_COLOUR[stage]))
        said = f"{number(rate)}, binds" if binds else number(rate)
        ax.text(rate * 1.05, row, said, va="center", weight="bold" if binds else "normal")
    ax.plot([rates.throughput] * 2, [-0.5, 2.5], lw=2, **line("limit"))
    ax.text(rates.throughput, -0.6, f"{number(rates.throughput)} leave", ha="center")


def tell_relay(rates: model.Rates) -> str:
    """Which stage binds, what the others could pass on, and what twice of each would bring."""
    gains = ", ".join(
        f"{stage} {number(rates.upgraded(stage).throughput / rates.throughput)} times" for stage in model.STAGES
    )
    others = ", ".join(f"{s} {number(getattr(rates, s))}" for s in model.STAGES if s != rates.binding)
    return (
        f"{number(rates.throughput)} photos a second leave, because the stage {rates.binding} binds (on their own: "
        f"{others}). What a doubling of each would make of it: {gains}."
    )


@styled
def plot_relay(greedy: Sequence[model.Rates], stubborn: Sequence[model.Rates], *, ax: Axes | None = None) -> Axes:
    """Throughput after each doubling: of whichever stage binds, and of the chips every time."""
    ax = ax or new_axes(640, 330)
    steps, end = np.arange(len(greedy)), len(greedy) - 0.1
    for rates, meaning, label in (
        (stubborn, "neutral", "more chips every time"),
        (greedy, "accent", "the stage that binds"),
    ):
        speeds = [one.throughput for one in rates]
        ax.step([*steps, end], [*speeds, speeds[-1]], where="post", lw=2, label=label, **line(meaning))
    for step, (before, after) in enumerate(pairwise(greedy), 1):
        ax.annotate(before.binding, (step, after.throughput), (4, 5), textcoords="offset points", fontsize=9, color=INK)
    ax.set(ylim=(0, 1.2 * greedy[-1].throughput), xlim=(0, end), xticks=steps)
    ax.set(xlabel="doublings bought", ylabel="photos a second", title="What each doubling buys (simulated)")
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")
    ax.legend(loc="upper left")
    bought = ", ".join(rates.binding for rates in greedy[:-1])
    return describe(
        ax,
        f"After {steps[-1]} doublings of the stage that binds ({bought}) throughput is "
        f"{number(greedy[-1].throughput)} photos a second; after as many doublings of the chips it is "
        f"{number(stubborn[-1].throughput)}.",
    )


# The envelope

NO_LESS, NO_MORE = 1e-6, 1e6


def envelope_backdrop(ax: Axes) -> None:
    """One row for each limit, on a logarithmic axis of how much of it is used."""
    ax.set(xscale="log", xlim=(NO_LESS, NO_MORE), ylim=(3.6, -0.9), xlabel="share of the limit that is used")
    ax.set_yticks(range(4), model.LIMITS)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f} x" if x >= 1 else percent(x, 1))
    ax.set_xticks([1e-6, 1e-4, 1e-2, 1, 1e2, 1e4, 1e6])
    ax.grid(axis="y", visible=False)
    ax.plot([1, 1], [-0.5, 3.5], lw=2, **line("limit"))
    ax.text(1, -0.6, "all of it", ha="center")


def envelope_marks(ax: Axes, used: Mapping[str, float]) -> None:
    """How much of each limit is used; what exceeds it is crossed out."""
    for row, part in enumerate(used.values()):
        shown = float(np.clip(part, NO_LESS * 1.2, NO_MORE / 1.2))
        meaning = "limit" if part > 1 else "data"
        ax.barh(row, shown - NO_LESS, 0.6, left=NO_LESS, **fill(meaning))
        said = f"{number(part)} x: veto" if part > 1 else percent(part)
        inside = shown > 1e3
        ax.text(
            shown * (0.7 if inside else 1.5),
            row,
            said,
            va="center",
            ha="right" if inside else "left",
            weight="bold" if part > 1 else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )


def tell_envelope(used: Mapping[str, float]) -> str:
    """Whether it fits, what says no, how near the nearest limit is, and what else is used."""
    over = [f"{limit} ({number(part)} times what there is)" for limit, part in used.items() if part > 1]
    if over:
        kept = ", ".join(f"{percent(part)} of {limit}" for limit, part in used.items() if part <= 1)
        return f"It does not fit. Vetoed by {', by '.join(over)}." + (f" Within limits: {kept}." if kept else "")
    nearest = max(used, key=used.__getitem__)
    return f"It fits. The nearest limit is {nearest}, of which {percent(used[nearest])} is used."


@styled
def plot_ladder(names: Sequence[str], devices: Sequence[model.Device], *, ax: Axes | None = None) -> Axes:
    """Memory, arithmetic and power of each device, as multiples of the last and smallest one."""
    ax = ax or new_axes(640, 330)
    smallest = devices[-1]
    said = []
    for what, meaning, of in (
        ("memory", "data", lambda d: d.memory_bytes),
        ("arithmetic", "compute", lambda d: d.flop_per_s),
        ("power", "latency", lambda d: d.power_w),
    ):
        times = [of(device) / of(smallest) for device in devices]
        style = points(meaning) | {"linestyle": line(meaning)["linestyle"]}
        ax.plot(times, range(len(devices)), label=what, markersize=9, **style)
        said.append(f"{si(times[0], '', 2)} in {what}")
    ax.set(xscale="log", xlim=(0.5, 2e7), ylim=(len(devices) - 0.5, -0.5), xlabel=f"multiples of {names[-1]}")
    ax.set_yticks(range(len(devices)), names)
    ax.legend(loc="lower right")
    return describe(ax, f"From the {names[-1]} to the {names[0]}: {', '.join(said)}.")


# The learning curve


@styled
def plot_curve(curve: Curve, *, ax: Axes | None = None) -> Axes:
    """Error against training size on logarithmic axes with its power law; below, what the law leaves over."""
    if ax is None:
        figure = new_figure(640, 430)
        ax, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    else:
        below = None
    law = f"${number(curve.scale, 2)}\\,n^{{-{number(curve.alpha, 2)}}}$"
    ax.plot(curve.samples, curve.fitted, label=law, **line("limit"))
    ax.plot(curve.samples, curve.error, label="held-out error, five seeds", **points("data"))
    ax.set(xscale="log", yscale="log", ylabel="error", title="A learning curve on real digits")
    ax.set_yticks([0.02, 0.05, 0.1, 0.2])
    ax.yaxis.set_major_formatter(lambda y, _: percent(y, 1))
    ax.yaxis.set_minor_formatter(lambda y, _: "")
    ax.legend()
    bottom = ax if below is None else below
    if below is not None:
        below.plot(curve.samples, curve.residual, **points("data"))
        below.axhline(0, **line("limit"))
        below.set(ylim=(-0.15, 0.15), ylabel="error / fit - 1")
        below.yaxis.set_major_formatter(lambda y, _: percent(y))
    bottom.set_xlabel("training examples")
    bottom.set_xticks([50, 100, 200, 400, 800], ["50", "100", "200", "400", "800"])
    bottom.xaxis.set_minor_formatter(lambda x, _: "")
    worst = float(np.abs(curve.residual).max())
    return describe(
        ax,
        f"Error falls from {percent(curve.error[0])} with {curve.samples[0]:.0f} examples to "
        f"{percent(curve.error[-1])} with {curve.samples[-1]:,.0f}, along a power law with exponent "
        f"{number(curve.alpha, 2)}. The largest residual is {percent(worst, 1)}.",
    )


MORE = np.logspace(0, 1, 60)
RULE = line("neutral") | {"linestyle": "--"}


def economy_backdrop(ax: Axes) -> None:
    """Error left over, against how many times the data grow; the legend names the two curves to come."""
    ax.set(xlim=(1, 10.4), ylim=(0, 1.15), xlabel="times the data", ylabel="share of the error that is left")
    ax.set_xticks(range(1, 11))
    ax.plot([], [], label="power law", **line("data"))
    ax.plot([], [], label="first-order rule", **RULE)
    ax.legend(loc="upper right", ncols=2)
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))


def economy_marks(ax: Axes, more: float, alpha: float) -> None:
    """The power law, the chosen point on it, and the first-order rule as far as it promises less than everything."""
    left = model.error_factor(more, alpha)
    ax.plot(MORE, model.error_factor(MORE, alpha), **line("data"))
    rule = 1 - model.first_order_gain(MORE, alpha)
    ax.plot(MORE[rule > 0], rule[rule > 0], **RULE)
    ax.plot(more, left, markersize=10, **points("accent"))
    at_right = more > 6
    ax.annotate(
        f"{percent(left, 3)} left",
        (more, left),
        (-10 if at_right else 10, 8),
        textcoords="offset points",
        ha="right" if at_right else "left",
        weight="bold",
    )


def tell_economy(more: float, alpha: float) -> str:
    """What is saved, exactly and to first order."""
    return (
        f"{more:g} times the data at exponent {alpha:g}: the error falls by "
        f"{percent(1 - model.error_factor(more, alpha))}. The first-order rule, the dashed curve, says "
        f"{percent(model.first_order_gain(more, alpha))}."
    )


# Three failures, three probes

PROBE_COLOUR = {"none": "neutral", "data": "data", "algorithm": "accent", "machine": "compute"}


@styled
def plot_probes(table: Mapping[str, Mapping[str, Spread]], *, ax: Axes | None = None) -> Axes:
    """For each failure its symptom without a probe and with a probe of each axis; whiskers span the seeds."""
    ax = ax or new_axes(640, 380)
    probes = list(next(iter(table.values())))
    for group, found in enumerate(table.values()):
        for place, probe in enumerate(probes):
            x, result = group + (place - 1.5) * 0.21, found[probe]
            ax.bar(x, result.mean, 0.2, label=f"probe: {probe}" if group == 0 else None, **fill(PROBE_COLOUR[probe]))
            ax.plot([x, x], [result.low, result.high], color=INK, lw=1.5)
            ax.text(x, result.high + 0.015, percent(result.mean), ha="center", fontsize=8)
    names = [f"{failure}\n{symptom}" for failure, symptom in zip(table, SYMPTOM_NAMES, strict=True)]
    ax.set_xticks(range(len(table)), names)
    ax.set(ylim=(0, 1.25), ylabel="symptom: less is better", title="One axis at a time: who moves the symptom?")
    ax.set_yticks(np.linspace(0, 1, 6))
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.grid(axis="x", visible=False)
    ax.legend(loc="upper left", ncols=4, fontsize=8)
    told = "; ".join(
        f"{failure}: " + ", ".join(f"{probe} {percent(result.mean)}" for probe, result in found.items())
        for failure, found in table.items()
    )
    return describe(ax, f"Symptom of each failure under each probe. {told}.")


SYMPTOM_NAMES = ("tactic missed", "messages misjudged", "late (simulated)")


@styled
def plot_value(names: Sequence[str], samples_per_usd: Sequence[float], *, ax: Axes | None = None) -> Axes:
    """Training samples for each dollar of a chip's price, chip by chip."""
    ax = ax or new_axes(640, 260)
    ax.barh(range(len(names)), samples_per_usd, 0.6, **fill("compute"))
    for row, value in enumerate(samples_per_usd):
        ax.text(value * 1.02, row, si(value, "", 2), va="center")
    ax.set_yticks(range(len(names)), names)
    ax.set(
        xlim=(0, 1.2 * max(samples_per_usd)),
        ylim=(len(names) - 0.5, -0.5),
        xlabel="images trained on for a dollar of price",
    )
    ax.xaxis.set_major_formatter(lambda x, _: si(x, "", 2))
    ax.grid(axis="y", visible=False)
    told = ", ".join(f"{name} {si(v, '', 2).strip()}" for name, v in zip(names, samples_per_usd, strict=True))
    return describe(ax, f"Images trained on for each dollar of the chip's price: {told}.")
