"""The figures of the start page: three walls, Little's law as a line, and the law against a count."""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, line, new_axes, points, styled
from mlsys_helpers.kit.units import duration, number, si
from mlsys_helpers.start import model

WALLS = {
    "data": ("bytes_per_s", "bytes copied\n(read and written)", "B"),
    "compute": ("flop_per_s", "numbers multiplied\nand added", "FLOP"),
    "latency": ("calls_per_s", "calls that do\nnext to nothing", ""),
}


def rounded(count: float) -> str:
    """A large count to four digits, written out: no count of this page is known better."""
    return f"{float(f'{count:.4g}'):,.0f}"


@styled
def plot_walls(walls: model.Walls, chip=None, *, ax: Axes | None = None) -> Axes:
    """What one second holds on this computer, and on a `chip` (a row of facts) by its data sheet, if one is given."""
    ax = ax or new_axes(640, 260)
    chip_does = {"data": chip.bandwidth_bytes_per_s, "compute": chip.peak("fp16")} if chip else {}
    told = []
    for row, (meaning, (name, _, unit)) in enumerate(WALLS.items()):
        rate = getattr(walls, name)
        ax.plot([1, rate], [row, row], lw=1, color=COLOUR["neutral"])
        ax.plot(rate, row, **points(meaning), markersize=11)
        told.append(si(rate, unit) if unit else rounded(rate))
        ax.annotate(told[-1], (rate, row), (0, 11), textcoords="offset points", ha="center", weight="bold")
        if meaning in chip_does:
            ax.plot(chip_does[meaning], row, **points("neutral"))
            beside = si(chip_does[meaning], unit)
            ax.annotate(beside, (chip_does[meaning], row), (9, 0), textcoords="offset points", va="center")
    if chip:
        ax.plot([], [], label=chip.name, **points("neutral"))
        ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0))
    ax.set(xscale="log", xlim=(1, 1e18), ylim=(2.5, -0.7), xlabel="in one second", title="This computer, measured")
    ax.set_yticks(range(3), [label for _, label, _ in WALLS.values()])
    ax.grid(axis="y", visible=False)
    return describe(ax, f"In one second this computer moves {told[0]}, does {told[1]} and makes {told[2]} calls.")


TIMES_S = np.array([0.005, 100.0])


def in_flight_backdrop(ax: Axes) -> None:
    """Logarithmic axes: the time of one search, and how many are in flight."""
    ax.set(xscale="log", yscale="log", xlim=TIMES_S, ylim=(100, 1e8), title="Little's law")
    ax.set(xlabel="time that one search takes", ylabel="searches in flight at once")
    ax.xaxis.set_major_formatter(lambda x, _: duration(x, 1))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")


def in_flight_marks(ax: Axes, rate_per_s: float, time_s: float) -> None:
    """The law's line for this rate, and the point on it."""
    inside = model.in_flight(rate_per_s, time_s)
    ax.plot(TIMES_S, model.in_flight(rate_per_s, TIMES_S), **line("latency"))
    ax.plot([time_s, time_s, TIMES_S[0]], [1, inside, inside], lw=1, **line("neutral"))
    ax.plot(time_s, inside, **points("latency"))
    ax.annotate(rounded(inside), (time_s, inside), (-8, 8), textcoords="offset points", ha="right", weight="bold")


def tell_in_flight(rate_per_s: float, time_s: float) -> str:
    """The law in words."""
    inside = model.in_flight(rate_per_s, time_s)
    return (
        f"{rounded(rate_per_s)} searches arrive each second and each takes {duration(time_s)}, "
        f"so {rounded(inside)} are in flight at once."
    )


@styled
def plot_agreement(runs, *, ax: Axes | None = None) -> Axes:
    """The law against the count, a point for each simulated run, a shape for each service."""
    ax = ax or new_axes(640, 340)
    counted = np.array([run.counted for run in runs])
    limits = np.array([0.9 * counted.min(), 1.1 * counted.max()])
    ax.plot(limits, limits, **line("limit"), label="law and count agree")
    services = dict.fromkeys(run.service for run in runs)
    for meaning, service in zip(("data", "compute", "latency"), services, strict=True):
        of = [run for run in runs if run.service == service]
        ax.plot([run.expected for run in of], [run.counted for run in of], label=service, **points(meaning))
    ax.set(xlim=limits, ylim=limits, title="Little's law against a count, simulated")
    ax.set(xlabel="searches a second × time of a search", ylabel="in flight, counted")
    ax.legend(loc="upper left")
    worst = max(abs(run.error) for run in runs)
    ax.text(limits[1], limits[0], f"largest gap {100 * worst:.1f} %  ", ha="right", va="bottom", color=INK)
    return describe(
        ax,
        f"{len(runs)} simulated runs lie near the line where law and count agree; the largest gap is "
        f"{100 * worst:.1f} %. Between {number(counted.min())} and {number(counted.max())} searches were in flight.",
    )
