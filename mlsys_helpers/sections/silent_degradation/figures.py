"""The figures of section 1.5. Each takes data that model or experiments made, and describes itself in words.

Colours: purple for accuracy, which takes labels to know; grey for what the model says of itself; blue for a divergence
of the data; orange for what another choice would give; red for a limit.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, points, styled
from mlsys_helpers.kit.spread import spread
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.sections.silent_degradation import drift_lab, model, policy


def _band(ax: Axes, x, runs, meaning: str, label: str) -> None:
    """The average of `runs` (one row each) with the range over them."""
    runs = np.asarray(runs)
    ax.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=COLOUR[meaning], alpha=0.25, lw=0)
    ax.plot(x, runs.mean(axis=0), label=label, **line(meaning))


# The drift lab


@styled
def plot_silence(drifts: list[drift_lab.Drift], *, ax: Axes | None = None) -> Axes:
    """Accuracy and average confidence while the camera turns, averaged over seeds, with their range."""
    ax = ax or new_axes(640, 340)
    degrees = drifts[0].amounts
    _band(ax, degrees, [d.confidence for d in drifts], "neutral", "average confidence")
    _band(ax, degrees, [d.accuracy for d in drifts], "accent", "accuracy")
    ax.set(xlim=(0, degrees[-1]), ylim=(0, 1.02), xlabel="the camera has turned by, degrees")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower left")
    sure, right = (spread(getattr(d, name)[-1] for d in drifts) for name in ("confidence", "accuracy"))
    ax.text(degrees[-1] - 1, sure.mean + 0.06, "sure", ha="right")
    ax.text(degrees[-1] - 1, right.low - 0.08, "and wrong", ha="right")
    return describe(
        ax,
        f"Accuracy falls from {percent(np.mean([d.accuracy[0] for d in drifts]))} to {right.text(percent)} at "
        f"{degrees[-1]:g} degrees. Average confidence dips and then returns to {sure.text(percent)}.",
    )


@styled
def plot_histograms(before: np.ndarray, now: np.ndarray, what: str, *, ax: Axes | None = None) -> Axes:
    """How the shares of one summary moved from bin to bin."""
    ax = ax or new_axes(640, 260)
    places = np.arange(len(before))
    ax.bar(places - 0.2, before, 0.4, label="at deployment", **fill("neutral"))
    ax.bar(places + 0.2, now, 0.4, label="now", **fill("data"))
    ax.set(xlabel=f"{what}, in ten bins from lowest to highest", ylabel="share of images")
    ax.set_xticks(places, places + 1)
    ax.grid(axis="x", visible=False)
    ax.legend(loc="upper center")
    moved = model.total_variation(now, before)
    return describe(ax, f"Histograms of {what}, at deployment and now: {percent(moved)} of the mass lies elsewhere.")


@styled
def plot_line(drift: drift_lab.Drift, name: str = "KL", up_to: float = 20, *, ax: Axes | None = None) -> Axes:
    """Accuracy against divergence with equation 3 fitted to mild drift, and what the line says beyond."""
    ax = ax or new_axes(640, 360)
    divergence, found = drift.divergence(name), drift.line(name, up_to=up_to)
    mild, reach = drift.amounts <= up_to, drift.amounts <= 2 * up_to
    shown = np.linspace(0, divergence[reach].max(), 50)
    inside = shown <= divergence[mild].max()
    middle = divergence[mild].mean()  # where a fitted line turns when its slope changes
    low, high = (found.at(middle) - slope * (shown[inside] - middle) for slope in (found.high, found.low))
    ax.fill_between(shown[inside], low, high, color=COLOUR["compute"], alpha=0.2, lw=0, label="its slope's interval")
    ax.plot(shown[inside], found.at(shown[inside]), color=COLOUR["compute"], label="equation 3, fitted")
    ax.plot(shown[~inside], found.at(shown[~inside]), label="the same line, further on", **line("compute"))
    ax.plot(divergence[mild], drift.accuracy[mild], label=f"measured, up to {up_to:g} degrees", **points("accent"))
    later = reach & ~mild
    ax.plot(divergence[later], drift.accuracy[later], label="measured later", **points("accent") | {"mfc": "white"})
    far = drift.at(2 * up_to)
    promised, measured = found.at(divergence[far]), drift.accuracy[far]
    ax.text(divergence[far], promised + 0.17, f"{percent(promised)} promised", ha="right")
    ax.text(divergence[far], measured - 0.11, f"{percent(measured)} measured", ha="right")
    ax.set(xlabel=f"{name} of the pixels, nats", ylabel="accuracy", ylim=(0, 1.14))
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower left")
    return describe(
        ax,
        f"Up to {up_to:g} degrees accuracy falls by {number(found.sensitivity, 2)} for each nat "
        f"({number(found.low, 2)} to {number(found.high, 2)}). At {2 * up_to:g} degrees the line says "
        f"{percent(promised)}, measured were {percent(measured)}.",
    )


@styled
def plot_levers(runs: dict[str, list[drift_lab.Drift]], floor: float, *, ax: Axes | None = None) -> Axes:
    """Accuracy against the angle for several ways to train, named by the keys, and the floor that must hold."""
    ax = ax or new_axes(640, 340)
    told = []
    for meaning, (name, drifts) in zip(("neutral", "accent", "data"), runs.items(), strict=True):
        _band(ax, drifts[0].amounts, [d.accuracy for d in drifts], meaning, name)
        lasts = spread(d.lasts(floor) for d in drifts)
        ax.plot(lasts.mean, floor, **points(meaning))
        told.append(f"{name}: {lasts.text()} degrees")
    ax.axhline(floor, lw=1.5, **line("limit"))
    ax.text(59, floor + 0.015, f"floor {percent(floor)}", ha="right")
    ax.set(xlim=(0, 60), ylim=(0, 1.02), xlabel="the camera has turned by, degrees", ylabel="accuracy")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower left")
    return describe(ax, f"How far the camera turns until accuracy is {percent(floor)}. {'; '.join(told)}.")


# What the monitor sees (explorer)


def watch_backdrop(ax: Axes, drift: drift_lab.Drift) -> None:
    """Accuracy by angle, in the background for good."""
    ax.plot(drift.amounts, drift.accuracy, label="accuracy (needs labels)", **line("accent"))
    ax.plot([], [], label="total variation of what is watched (needs none)", **line("data"))
    ax.set(xlim=(0, 60), ylim=(0, 1.02), xlabel="the camera has turned by, degrees")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="upper right", bbox_to_anchor=(1.0, 1.16), ncols=2)


def watch_marks(ax: Axes, drift: drift_lab.Drift, seen: np.ndarray, angle: float) -> None:
    """How far the watched summary is from training at every angle, and where we stand."""
    here = drift.at(angle)
    ax.plot(drift.amounts, seen, **line("data"))
    ax.plot([angle, angle], [0, 1.02], lw=1, **line("neutral"))
    ax.plot(angle, drift.accuracy[here], **points("accent") | {"markersize": 13})
    ax.plot(angle, seen[here], **points("data") | {"markersize": 9})


def tell_watch(drift: drift_lab.Drift, view: str, angle: float) -> str:
    """The same in numbers, with all four divergences."""
    here = drift.at(angle)
    each = ", ".join(f"{name} {number(drift.divergence(name, view)[here], 2)}" for name in model.DIVERGENCES)
    return (
        f"At {angle:g} degrees accuracy is {percent(drift.accuracy[here])}, average confidence "
        f"{percent(drift.confidence[here])}. Watching {view}: {each}."
    )


# Worlds (explorer)


def worlds_backdrop(ax: Axes) -> None:
    """Accuracy against divergence as a share of the largest that this world reaches."""
    ax.set(xlim=(-0.02, 1.05), ylim=(0, 1.05), xlabel="divergence, as a share of the largest here", ylabel="accuracy")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.plot([], [], label="measured, in the fit", **points("accent"))
    ax.plot([], [], label="measured beyond", **points("accent") | {"mfc": "white"})
    ax.plot([], [], label="equation 3", **line("compute"))
    ax.legend(loc="lower left")


def worlds_marks(ax: Axes, drift: drift_lab.Drift, divergence: np.ndarray, found: model.Line, kept: np.ndarray) -> None:
    """One world's points, the line through those `kept`, and the line's own start."""
    top = divergence.max()
    shown = np.linspace(0, 1.02, 30)
    promised = found.at(shown * top)
    visible = (promised >= 0) & (promised <= 1.05)
    ax.plot(shown[visible], promised[visible], **line("compute"))
    ax.plot(divergence[kept] / top, drift.accuracy[kept], **points("accent"))
    ax.plot(divergence[~kept] / top, drift.accuracy[~kept], **points("accent") | {"mfc": "white"})


def tell_worlds(
    drift: drift_lab.Drift, divergence: np.ndarray, found: model.Line, kept: np.ndarray, name: str, unit: str
) -> str:
    """Lambda, its interval, and what the line says of the last point against what was measured."""
    unit_of = {"Wasserstein": "bin", "total variation": "unit"}.get(name, "nat")
    last = int(np.flatnonzero(kept)[-1])
    return (
        f"Fitted up to {drift.amounts[last]:g} {unit}: lambda {number(found.sensitivity, 2)} a {unit_of} of {name} "
        f"({number(found.low, 2)} to {number(found.high, 2)}). At the far end ({name} {number(divergence[-1], 2)}) "
        f"the line says {percent(found.at(divergence[-1]))}, measured {percent(drift.accuracy[-1])}."
    )


# Another meaning


@styled
def plot_trap(traps: list, *, ax: Axes | None = None) -> Axes:
    """Accuracy and the PSI of the inputs, week by week, while the meaning of some mail changes."""
    ax = ax or new_axes(640, 340)
    weeks = np.arange(len(traps[0].accuracy))
    _band(ax, weeks, [t.accuracy for t in traps], "accent", "accuracy (needs labels)")
    _band(ax, weeks, [t.inputs for t in traps], "data", "PSI of the inputs, nats")
    ax.axhline(0.1, lw=1.5, **line("limit"))
    ax.text(weeks[-1], 0.115, "customary alarm at 0.1", ha="right")
    ax.set(xlim=(0, weeks[-1]), ylim=(0, 1.02), xlabel="week")
    ax.set_xticks(weeks[::5])
    ax.set_title("Labels simulated, messages real")
    ax.legend(loc="center left")
    fell = spread(t.accuracy[-1] for t in traps)
    seen = spread(t.inputs[-1] for t in traps)
    return describe(
        ax,
        f"Accuracy falls to {fell.text(percent)} in week {weeks[-1]}. PSI of the inputs stays flat and ends at "
        f"{seen.text(lambda x: number(x, 2))}.",
    )


# When to retrain

TAUS = np.array([0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2])


def policy_backdrop(ax: Axes) -> None:
    """Logarithmic axes wide enough for every product of the explorer."""
    ax.set(xscale="log", yscale="log", xlim=(0.009, 0.22), ylim=(50, 20_000))
    ax.set(xlabel="threshold tau, nats", ylabel="cost, wrong answers a day")
    ax.set_xticks([0.01, 0.02, 0.05, 0.1, 0.2], ["0.01", "0.02", "0.05", "0.1", "0.2"])
    ax.yaxis.set_major_formatter(lambda y, _: number(y))
    ax.plot([], [], label="total, simulated", **line("accent"))
    ax.plot([], [], label="being wrong", **line("data"))
    ax.plot([], [], label="retraining", **line("compute"))
    ax.plot([], [], label="formula, steady drift", **line("neutral"))
    ax.legend(loc="upper right", ncols=2)
    ax.set_title("Simulated product, 95 % intervals")


def policy_marks(ax: Axes, found: policy.Outcome, tau: float) -> None:
    """Both halves of the cost and their sum, the formula, and the threshold that is asked about."""
    product = found.product
    steady = model.cost_per_time(found.settings, product.drift_per_day, product.retrain_cost, product.loss_per_day)
    ax.plot(found.settings, steady, lw=1.2, **line("neutral"))
    ax.plot(found.settings, found.wrong.mean(axis=0), **line("data"))
    ax.plot(found.settings, product.retrain_cost * found.retrains.mean(axis=0), **line("compute"))
    ax.plot(found.settings, found.cost, **line("accent"))
    ax.vlines(found.settings, found.cost - found.half_width, found.cost + found.half_width, color=INK, lw=1)
    here = int(np.argmin(np.abs(found.settings - tau)))
    ax.plot(found.settings[here], found.cost[here], **points("accent") | {"markersize": 13})


def tell_policy(found: policy.Outcome, tau: float) -> str:
    """The cost at one threshold, how often one retrains, and the best threshold by simulation and by formula."""
    here, product = int(np.argmin(np.abs(found.settings - tau))), found.product
    yearly = found.retrains.mean(axis=0)[here] * policy.YEAR_DAYS
    rule = model.best_threshold(product.drift_per_day, product.retrain_cost, product.loss_per_day)
    return (
        f"Retraining at tau {tau:g} costs {number(found.cost[here])} wrong answers a day "
        f"(± {number(found.half_width[here], 2)}) with {number(yearly, 2)} retrainings a year. Least at tau "
        f"{found.best:g}: {number(found.cost.min())}. The rule for steady drift says tau {number(rule, 2)}."
    )


@styled
def plot_served(served: dict[str, policy.Served], floor: float, *, ax: Axes | None = None) -> Axes:
    """A real classifier under three policies, named by the keys, and the floor that was promised."""
    ax = ax or new_axes(640, 340)
    told = []
    for meaning, (name, run) in zip(("neutral", "accent", "data"), served.items(), strict=True):
        ax.plot(run.degrees, run.accuracy, label=name, **line(meaning))
        worst = int(run.accuracy.argmin())
        ax.plot(run.degrees[worst], run.accuracy[worst], **points(meaning))
        told.append(f"{name}: {run.retrained} retrainings, worst {percent(run.accuracy[worst])}")
    ax.axhline(floor, lw=1.5, label=f"floor promised, {percent(floor)}", **line("limit"))
    ax.set(xlim=(0, 61), ylim=(0.7, 1.0), xlabel="the camera has turned by, degrees", ylabel="accuracy")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower right")
    return describe(ax, f"{'; '.join(told)}. The promised floor is {percent(floor)}.")
