"""The figures of section 1.7. Each takes data that model or experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move. Blue stands
for the data dimension, violet for the algorithm, orange for the machine.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, new_figure, points, styled
from mlsys_helpers.kit.spread import spread
from mlsys_helpers.kit.units import about, number, percent
from mlsys_helpers.sections.efficiency import model, selection, three_ways
from mlsys_helpers.sections.efficiency.cadences import LAST_YEAR, Series

LOOK = {"data": "data", "algorithm": "accent", "machine": "compute"}

# Three ways


@styled
def plot_gains(seeds, *, ax: Axes | None = None) -> Axes:
    """How many times fewer CPU seconds each way takes than the plain one, beside the product of the single gains."""
    ax = ax or new_axes(680, 330)
    ways, told = three_ways.WAYS[1:], []
    for y, way in enumerate(ways):
        gains = spread(three_ways.gain(seed, way) for seed in seeds)
        ax.barh(y, gains.mean, 0.6, **fill(LOOK.get(way.name, "neutral")))
        ax.plot([gains.low, gains.high], [y, y], color=INK, lw=3, solid_capstyle="butt")
        said = f"{way.name} {number(gains.mean, 2)}"
        if way in three_ways.JOINT:
            expected = spread(three_ways.product_of_gains(seed, way) for seed in seeds).mean
            ax.plot(
                expected, y, markersize=9, label="product of the single gains" if y == 3 else None, **points("limit")
            )
            said += f" where the product of the single gains is {number(expected, 2)}"
        ax.text(1.15, y, number(gains.mean, 2), va="center", weight="bold", bbox={"color": "white", "pad": 1})
        told.append(said)
    ax.set_yticks(range(len(ways)), [way.name for way in ways])
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set(xscale="log", xlim=(1, 2e4), xlabel="times fewer CPU seconds to 95 % (black: range over seeds)")
    ax.legend(loc="upper right")
    return describe(ax, f"Times fewer CPU seconds than the plain way: {'; '.join(told)}.")


SELECTOR_LOOK = {"random, by class": "neutral", "spread out": "latency", "typical": "data", "hardest": "limit"}


@styled
def plot_race(clean, noisy) -> Axes:
    """Accuracy by number of chosen images, with right labels and with wrong ones; bands are ranges over seeds."""
    figure = new_figure(720, 350)
    left, right = figure.subplots(1, 2, sharey=True)
    for ax, races, title in (
        (left, clean, "all labels right"),
        (right, noisy, f"{percent(noisy[0].wrong_labels)} of the labels wrong"),
    ):
        told = []
        for row, (name, meaning) in enumerate(SELECTOR_LOOK.items()):
            curves = np.array([race.accuracy[row] for race in races])
            ax.fill_between(
                selection.SIZES, curves.min(axis=0), curves.max(axis=0), color=COLOUR[meaning], alpha=0.2, lw=0
            )
            mean = curves.mean(axis=0)
            ax.plot(selection.SIZES, mean, label=name, marker=points(meaning)["marker"], **line(meaning))
            told.append(f"{name} from {percent(mean[0])} to {percent(mean[-1])}")
        everything = np.mean([race.all_images for race in races])
        ax.axhline(everything, color=INK, lw=1)
        ax.text(50, everything + 0.012, "all images", fontsize=9)
        ax.set(xscale="log", xlabel="images chosen", title=title, ylim=(0, 1.04))
        ax.set_xticks(selection.SIZES, list(map(str, selection.SIZES)))
        ax.minorticks_off()
        describe(
            ax,
            f"With {title}, from {selection.SIZES[0]} to {selection.SIZES[-1]} images: {', '.join(told)}; all images "
            f"{percent(everything)}.",
        )
    left.set_ylabel("held-out images right")
    left.yaxis.set_major_formatter(lambda y, _: percent(y))
    left.legend(loc="lower right")
    return left


# Eras


LABELS = ((0.22, "center"), (-0.24, "right"), (0.22, "center"), (-0.24, "left"))  # above or below, and to which side


@styled
def plot_landmarks(landmarks, *, ax: Axes | None = None) -> Axes:
    """Published steps in each dimension of efficiency over the years."""
    ax = ax or new_axes(720, 330)
    told = []
    for y, dimension in enumerate(model.DIMENSIONS):
        rows = sorted((row for row in landmarks if row.dimension == dimension), key=lambda row: row.year)
        years = [row.year for row in rows]
        ax.plot([years[0], years[-1]], [y, y], lw=2, color=COLOUR[LOOK[dimension]])
        ax.plot(years, [y] * len(years), **points(LOOK[dimension]))
        for row, (rise, side) in zip(rows, LABELS, strict=True):
            ax.text(row.year, y - rise, row.landmark, ha=side, va="center", fontsize=8.5)
        told.append(f"{dimension} {', '.join(f'{row.landmark} {row.year}' for row in rows)}")
    ax.set_yticks(range(len(model.DIMENSIONS)), model.DIMENSIONS)
    ax.set(xlim=(1955, 2034), ylim=(2.6, -0.6), xlabel="year")
    ax.grid(axis="y", visible=False)
    return describe(ax, f"Steps by dimension: {'; '.join(told)}.")


# Cadences


@styled
def plot_alexnet_level(found: Series, names, transistor_months: float, *, ax: Axes | None = None) -> Axes:
    """Training FLOP for AlexNet's level, by model, the trend, and what transistors alone would have done."""
    ax = ax or new_axes(700, 380)
    fit, years = found.trend, np.linspace(found.years[0], found.years[-1], 50)
    ax.plot(years, fit.at(years), label=f"all points: halves in {number(fit.months)} months", **line("accent"))
    slower = found.values[0] / model.growth(12 * (years - years[0]), transistor_months)
    ax.plot(years, slower, label=f"at the pace of transistors: {transistor_months:g} months", **line("compute"))
    ax.plot(found.years, found.values, **points("accent"))
    for name, year, flop in zip(names, found.years, found.values, strict=True):
        above = flop > fit.at(year)
        place = {"xytext": (6, 6), "ha": "left"} if above else {"xytext": (-6, -14), "ha": "right"}
        ax.annotate(name, (year, flop), textcoords="offset points", fontsize=9, **place)
    ax.set(yscale="log", xlim=(2012, 2020.2), ylim=(3e15, 6e17), title="Training FLOP for AlexNet's level")
    ax.legend(loc="upper right")
    return describe(
        ax,
        f"From {found.values[0]:.2g} FLOP ({names[0]}) to {found.values[-1]:.2g} ({names[-1]}) in "
        f"{number(found.months)} months; the fitted "
        f"halving time is {number(fit.months)} months, 95 % interval {number(fit.low_months)} to "
        f"{number(fit.high_months)}.",
    )


def runs_backdrop(ax: Axes, everything: Series) -> None:
    """Every training run in the table since 2012."""
    ax.set(yscale="log", xlim=(2011.5, LAST_YEAR), ylim=(1e15, 2e27), ylabel="training FLOP")
    ax.plot(everything.years, everything.values, markersize=5, alpha=0.5, **points("neutral"))


def runs_marks(ax: Axes, inside: Series, records: Series, first: float, last: float) -> None:
    """The window, the runs in it, and a trend through all of them and through the records."""
    ax.axvspan(first, last, color=COLOUR["data"], alpha=0.08)
    ax.plot(inside.years, inside.values, markersize=6, **points("data"))
    ax.plot(records.years, records.values, markersize=8, **points("limit"))
    for found, meaning in ((inside, "data"), (records, "limit")):
        if len(found) >= 3:
            ends = found.years[[0, -1]]
            ax.plot(ends, found.trend.at(ends), **line(meaning))
    ax.text(2011.7, 2e26, f"{len(inside)} runs: {tell_trend(inside)}", weight="bold")
    ax.text(2011.7, 2e25, f"{len(records)} records: {tell_trend(records)}", weight="bold")


def tell_trend(found: Series) -> str:
    """A doubling time with its 95 % interval, or why there is none."""
    if len(found) < 3:
        return "too few for a trend"
    fit = found.trend
    if not np.isfinite(fit.high_months):
        return "no growth that can be told from none"
    return f"doubling in {number(fit.months, 2)} months ({number(fit.low_months, 2)} to {number(fit.high_months, 2)})"


# The systems gap

GAP_MONTHS = np.arange(0, 127, 1.0)
MOORE_MONTHS = 24.0  # the chapter's cadence of hardware


def gap_backdrop(ax: Axes) -> None:
    """Months since the start, and how many times more there is than at the start."""
    ax.set(yscale="log", xlim=(0, 126), ylim=(0.5, 1e12), xlabel="months", ylabel="times the start")
    ax.set_xticks(range(0, 127, 12))
    for label, meaning in (("demand", "limit"), ("hardware", "compute"), ("with leaner algorithms", "accent")):
        ax.plot([], [], label=label, **line(meaning))
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0.92))


def gap_marks(ax: Axes, months: float, demand_months: float, halving_months: float | None) -> None:
    """Demand, what hardware supplies, with leaner algorithms if there are any, and the gap at `months`."""
    demand, supply = model.growth(GAP_MONTHS, demand_months), model.growth(GAP_MONTHS, MOORE_MONTHS)
    ax.plot(GAP_MONTHS, demand, **line("limit"))
    ax.plot(GAP_MONTHS, supply, **line("compute"))
    if halving_months is not None:
        ax.plot(GAP_MONTHS, supply * model.growth(GAP_MONTHS, halving_months), **line("accent"))
    gap, wanted = (
        model.systems_gap(months, demand_months, MOORE_MONTHS, halving_months),
        model.growth(months, demand_months),
    )
    if gap > 1:
        ax.plot([months, months], [wanted / gap, wanted], color=INK, lw=3)
    ax.text(3, 1.5e11, tell_gap(gap), weight="bold")


def tell_gap(gap: float) -> str:
    """How many times demand is what is supplied, or that there is no gap."""
    return f"a gap of {about(gap)} times" if gap > 1 else "no gap"


# The rebound

ELASTICITIES = np.linspace(0, 2, 201)


def rebound_backdrop(ax: Axes, known: dict[str, float]) -> None:
    """Total use against the elasticity of demand, with the crossing and measured elasticities of other things."""
    ax.set(yscale="log", xlim=(0, 2), ylim=(1e-3, 1e3), xlabel="elasticity of demand")
    ax.set(ylabel="total use, times before")
    ax.axhline(1, lw=1.5, **line("neutral"))
    ax.axvline(1, lw=1, color=INK)
    ax.text(1.02, 1.5e-3, "total use grows from here on", fontsize=9)
    for (name, elasticity), side in zip(known.items(), ("right", "left"), strict=True):
        ax.plot([elasticity, elasticity], [1e-3, 100], color=COLOUR["latency"], lw=1, linestyle=":")
        ax.text(elasticity, 120, name, ha=side, fontsize=9)


def rebound_marks(ax: Axes, gain: float, elasticity: float) -> None:
    """The curve of one gain and the point on it."""
    ax.plot(ELASTICITIES, model.total_use(gain, ELASTICITIES), **line("compute"))
    use = model.total_use(gain, elasticity)
    ax.plot(elasticity, use, markersize=11, **points("compute"))
    ax.text(0.03, 420, f"total use {about(use)} times", weight="bold")


def tell_rebound(gain: float, elasticity: float) -> str:
    """What becomes of the saving, in words."""
    use, service = model.total_use(gain, elasticity), gain * model.total_use(gain, elasticity)
    side = "stays as it was" if elasticity == 1 else "falls" if elasticity < 1 else "rises"
    return (
        f"Each unit costs {number(gain)} times less, demand for it grows {about(service)} times, so total use "
        f"{side}: {about(use)} times before."
    )
