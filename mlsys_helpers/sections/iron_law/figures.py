"""The figures of section 1.6. Each takes data that model or experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, points, styled
from mlsys_helpers.kit.units import MILLI, duration, number, percent, si
from mlsys_helpers.sections.iron_law import model

# The three terms


def terms_backdrop(ax: Axes) -> None:
    """Two timelines as shares of the added time: one term after the other, and two at the same time."""
    ax.set(xlim=(0, 1.0), ylim=(0, 4.1), xlabel="share of the added time")
    ax.set_yticks([2.9, 1.1], ["one after\nthe other\n(added)", "at the\nsame time\n(overlapped)"])
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.grid(axis="y", visible=False)
    for term in model.TERMS:
        ax.barh([-9], [0], label=term, **fill(term))
    ax.legend(loc="upper right", ncols=3, bbox_to_anchor=(1.0, 1.13), borderaxespad=0)


def terms_marks(ax: Axes, terms: model.Terms) -> None:
    """The bars of both timelines and how long each takes."""
    shares = {term: terms.share_of(term) for term in model.TERMS}
    start = 0.0
    for term, share in shares.items():
        ax.barh(2.9, share, 0.8, left=start, **fill(term))
        start += share
    longer = max(shares["data"], shares["compute"])
    ax.barh(1.32, shares["data"], 0.4, **fill("data"))
    ax.barh(0.88, shares["compute"], 0.4, **fill("compute"))
    ax.barh(1.1, shares["latency"], 0.84, left=longer, **fill("latency"))
    ax.text(0, 3.5, f"{duration(terms.added_s)}, bound by {terms.binding}", weight="bold")
    ax.text(0, 1.7, duration(terms.overlapped_s), weight="bold")


def tell_terms(terms: model.Terms) -> str:
    """The three terms in words."""
    each = ", ".join(f"{term} {duration(getattr(terms, f'{term}_s'))}" for term in model.TERMS)
    return (
        f"{each[0].upper()}{each[1:]}. Added {duration(terms.added_s)}, overlapped {duration(terms.overlapped_s)}. "
        f"The {terms.binding} term binds, with {percent(terms.share_of(terms.binding))} of the added time."
    )


@styled
def plot_terms(terms: model.Terms, *, ax: Axes | None = None) -> Axes:
    """One job's three terms, added and overlapped."""
    ax = ax or new_axes(640, 300)
    terms_backdrop(ax)
    terms_marks(ax, terms)
    return describe(ax, tell_terms(terms))


# The roofline

SHAPES = ("o", "s", "^", "D", "P")
INTENSITIES = np.logspace(-1, 4, 500)


def roofline_backdrop(ax: Axes, names: tuple[str, ...]) -> None:
    """Logarithmic axes wide enough for every chip, and a legend that gives each job its shape."""
    ax.set(xscale="log", yscale="log", xlim=(0.1, 1e4), ylim=(1e10, 1e16))
    ax.set(xlabel="arithmetic intensity, FLOP/byte", ylabel="attainable FLOP/s")
    for shape, name in zip(SHAPES, names, strict=True):
        ax.plot([], [], shape, color=COLOUR["neutral"], markeredgecolor=INK, label=name)
    ax.legend(loc="upper left")


def roofline_marks(ax: Axes, work: dict[str, model.Work], peak_flop_per_s: float, bandwidth_bytes_per_s: float) -> None:
    """The roof of one chip, its ridge, and each job where it touches the roof, coloured by the side it is on."""
    roof = model.attainable_flop_per_s(INTENSITIES, peak_flop_per_s, bandwidth_bytes_per_s)
    ridge = model.ridge(peak_flop_per_s, bandwidth_bytes_per_s)
    left = ridge >= INTENSITIES
    ax.plot(INTENSITIES[left], roof[left], **line("data"))
    ax.plot(INTENSITIES[~left], roof[~left], **line("compute"))
    ax.plot([ridge, ridge], [1e10, peak_flop_per_s], lw=1, **line("neutral"))
    ax.text(ridge, peak_flop_per_s * 1.3, f"ridge {number(ridge)} FLOP/byte")
    for shape, job in zip(SHAPES, work.values(), strict=True):
        height = model.attainable_flop_per_s(job.intensity, peak_flop_per_s, bandwidth_bytes_per_s)
        side = "data" if job.intensity < ridge else "compute"
        ax.plot(job.intensity, height, shape, markersize=10, color=COLOUR[side], markeredgecolor=INK)


def tell_roofline(work: dict[str, model.Work], peak_flop_per_s: float, bandwidth_bytes_per_s: float) -> str:
    """Which jobs stand on which side of the ridge, and what share of the peak they can reach."""
    ridge = model.ridge(peak_flop_per_s, bandwidth_bytes_per_s)
    reach = {
        name: model.attainable_flop_per_s(job.intensity, peak_flop_per_s, bandwidth_bytes_per_s) / peak_flop_per_s
        for name, job in work.items()
    }
    told = ", ".join(f"{name} {percent(share)}" for name, share in reach.items())
    return f"The ridge is at {number(ridge)} FLOP/byte. Share of the peak within reach: {told}."


# Energy, and what a point of accuracy costs


@styled
def plot_energy_crossover(
    move_j_per_byte: float, compute_j_per_flop: dict[str, float], *, ax: Axes | None = None
) -> Axes:
    """The share of a job's energy that goes to movement, by intensity, one line for each kind of arithmetic."""
    ax = ax or new_axes(640, 320)
    ax.set(xscale="log", xlim=(1, 1e4), ylim=(0, 1), xlabel="arithmetic intensity, FLOP/byte")
    ax.set(title="Share of the energy that goes to moving data")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    intensities, told = np.logspace(0, 4, 200), []
    sides = (("data", "right", -10), ("accent", "left", 10))
    for (meaning, side, offset), (name, price_j) in zip(sides, compute_j_per_flop.items(), strict=False):
        spent = model.energy(1.0, intensities, move_j_per_byte, price_j)
        cross = model.energy_crossover(move_j_per_byte, price_j)
        ax.plot(intensities, spent.move_j / spent.total_j, label=name, **line(meaning))
        ax.plot(cross, 0.5, **points(meaning))
        label = f"{cross:.1f} FLOP/byte"
        ax.annotate(label, (cross, 0.5), (offset, -4), textcoords="offset points", ha=side)
        told.append(f"{label} for {name}")
    ax.legend(loc="lower left")
    return describe(
        ax, f"Movement and arithmetic cost the same energy at {' and '.join(told)}; left of it movement costs more."
    )


def ladder_backdrop(ax: Axes) -> None:
    """Left: accuracy against energy for one image. Right: where that energy goes."""
    ax.set_title("Accuracy against energy, ResNet-18 to 152")
    figure = ax.get_figure()
    grid = figure.add_gridspec(1, 2, width_ratios=[2, 1])
    ax.set_subplotspec(grid[0])
    ax.set(xscale="log", xlim=(0.5, 50), ylim=(68, 80), xlabel="energy for one image, mJ", ylabel="top-1 accuracy, %")
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    split = figure.add_subplot(grid[1])
    split.set(xlim=(-0.6, 1.6), ylim=(0, 1.12), title="Where it goes")
    split.set_xticks([0, 1], ["moving", "arithmetic"])
    split.yaxis.set_major_formatter(lambda y, _: percent(y))


def ladder_marks(ax: Axes, accuracy_percent: np.ndarray, energy: model.Energy, step: int) -> None:
    """The whole ladder, the step from `step` to the next rung, and the energy split of the upper rung."""
    cost_mj = energy.total_j / MILLI
    ax.plot(cost_mj, accuracy_percent, marker="o", color=COLOUR["neutral"])
    ax.plot(cost_mj[step : step + 2], accuracy_percent[step : step + 2], marker="o", lw=4, color=COLOUR["accent"])
    gained, added = np.diff(accuracy_percent)[step], np.diff(cost_mj)[step]
    ax.text(0.6, 79, f"+{number(gained)} points for +{number(added)} mJ", weight="bold")
    split = ax.get_figure().axes[1]
    for x, term, spent_j in ((0, "data", energy.move_j), (1, "compute", energy.compute_j)):
        share = spent_j[step + 1] / energy.total_j[step + 1]
        split.bar(x, share, 0.8, **fill(term))
        split.text(x, share + 0.02, percent(share), ha="center")


# Experiments


@styled
def plot_published(predicted_s, measured_s, kinds, *, title: str, ax: Axes | None = None) -> Axes:
    """Predicted against measured seconds on logarithmic axes, a shape for each group of kinds, a band of twofold."""
    ax = ax or new_axes(640, 520)
    predicted_s, measured_s, kinds = map(np.asarray, (predicted_s, measured_s, kinds))
    limits = np.array([min(predicted_s.min(), measured_s.min()) / 2, max(predicted_s.max(), measured_s.max()) * 2])
    ax.plot(limits, limits, **line("limit"))
    ax.fill_between(limits, limits / 2, limits * 2, color=COLOUR["neutral"], alpha=0.25, lw=0, label="within twofold")
    markers = "os^DPXv<>*hp8d"
    for number_, kind in enumerate(dict.fromkeys(kinds)):
        of = kinds == kind
        ax.plot(
            measured_s[of],
            predicted_s[of],
            markers[number_ % len(markers)],
            color=f"C{number_ % 6}",
            markersize=5,
            markeredgecolor=INK,
            markeredgewidth=0.4,
            label=kind.replace("_", " "),
        )
    ax.set(xscale="log", yscale="log", xlim=limits, ylim=limits, title=title)
    ax.set(xlabel="measured, seconds a step", ylabel="predicted, seconds a step")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    ratio = predicted_s / measured_s
    within = np.mean((ratio <= 2) & (ratio >= 0.5))
    return describe(
        ax,
        f"{title}: {len(ratio)} published results over {number(np.log10(limits[1] / limits[0]), 2)} orders "
        f"of magnitude; {percent(within)} of the predictions lie within a factor of two.",
    )


@styled
def plot_bandwidth(size_bytes, rate_bytes_per_s, *, ax: Axes | None = None) -> Axes:
    """Measured bandwidth by working set: the caches of this computer as stairs."""
    ax = ax or new_axes(640, 300)
    size_bytes, rate_bytes_per_s = np.asarray(size_bytes), np.asarray(rate_bytes_per_s)
    ax.plot(size_bytes, rate_bytes_per_s, marker="o", **line("data"))
    ax.set(
        xscale="log",
        ylim=(0, None),
        xlabel="working set",
        ylabel="bytes/s",
        title="Bandwidth of this computer, measured",
    )
    ax.xaxis.set_major_formatter(lambda x, _: si(x, "B", 1))
    ax.yaxis.set_major_formatter(lambda y, _: si(y, "B/s", 2))
    last, best = rate_bytes_per_s[-1], rate_bytes_per_s.max()
    label = f"from memory: {si(last, 'B/s')}"
    ax.annotate(label, (size_bytes[-1], last), (0, -18), textcoords="offset points", ha="right")
    at = si(size_bytes[rate_bytes_per_s.argmax()], "B")
    return describe(
        ax,
        f"Bandwidth is highest, {si(best, 'B/s')}, on a working set of {at} and falls to {si(last, 'B/s')} on "
        f"{si(size_bytes[-1], 'B')}, which no cache holds.",
    )


@styled
def plot_kernels(rows, *, ax: Axes | None = None) -> Axes:
    """Each kernel's predicted time beside every measured repetition; the error is written at the end of the row."""
    ax = ax or new_axes(640, 110 + 28 * len(rows))
    for y, row in enumerate(rows):
        ax.plot(row.measured_s, [y] * len(row.measured_s), "|", markersize=14, color=INK)
        ax.plot(row.predicted_s, y, **points(row.binding))
        ax.text(1.01, y, f"{100 * row.error:+.0f} %", transform=ax.get_yaxis_transform(), va="center")
    for term in model.TERMS:
        ax.plot([], [], label=f"predicted, {term} binds", **points(term))
    ax.plot([], [], "|", markersize=14, color=INK, label="measured")
    ax.set_yticks(range(len(rows)), [row.name for row in rows])
    ax.set(xscale="log", ylim=(len(rows) - 0.5, -0.5), xlabel="seconds")
    ax.legend(loc="lower left", ncols=2, bbox_to_anchor=(-0.3, 1.0))
    told = ", ".join(f"{row.name} {100 * row.error:+.0f} %" for row in rows)
    return describe(ax, f"Predicted against measured time of {len(rows)} kernels, error of the prediction: {told}.")


@styled
def plot_prefetch(rows, *, ax: Axes | None = None) -> Axes:
    """Loading and computing in turn and at once, each beside what the law says of it."""
    ax = ax or new_axes(640, 340)
    names = [f"compute =\n{number(row.compute_s / row.load_s, 2)} x load" for row in rows]
    for x, row in enumerate(rows):
        for shift, meaning, times_s, law_s in (
            (-0.2, "neutral", row.sequential_s, row.sum_s),
            (0.2, "accent", row.prefetched_s, row.max_s),
        ):
            ax.bar(x + shift, np.median(times_s), 0.36, **fill(meaning))
            ax.plot([x + shift - 0.18, x + shift + 0.18], [law_s, law_s], lw=3, color=COLOUR["limit"])
    ax.bar([0], [0], label="one after the other, measured", **fill("neutral"))
    ax.bar([0], [0], label="prefetched, measured", **fill("accent"))
    ax.plot([], [], lw=3, color=COLOUR["limit"], label="the law: sum, and larger of the two")
    ax.set_xticks(range(len(rows)), names)
    ax.set(ylabel="seconds for all batches", ylim=(0, 1.45 * max(row.sum_s for row in rows)))
    ax.legend(loc="upper left")
    gains = ", ".join(f"{np.median(row.sequential_s) / np.median(row.prefetched_s):.2f}" for row in rows)
    return describe(
        ax, f"Prefetching makes the three pipelines {gains} times faster; two equal stages can gain at most 2."
    )


@styled
def plot_decode(report, *, ax: Axes | None = None) -> Axes:
    """Time for each token with and without a KV cache, by position."""
    ax = ax or new_axes(640, 320)
    without_ms, with_ms = (np.median(times_s, axis=0) / MILLI for times_s in (report.without_s, report.with_s))
    ax.plot(report.position, without_ms, label="everything recomputed", **line("compute"))
    ax.plot(report.position, with_ms, label="with a KV cache", **line("data"))
    ax.set(xlabel="position of the token", ylabel="ms for this token", ylim=(0, None), title="A toy decoder, measured")
    ax.legend(loc="upper left")
    told = (
        f"{report.position[-1]} tokens take {duration(report.total_without_s)} without a cache, later ones longer",
        f"and {duration(report.total_with_s)} with one; the cache ends at {si(report.cache_bytes[-1], 'B')}.",
    )
    return describe(ax, ", ".join(told))
