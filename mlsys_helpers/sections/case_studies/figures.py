"""The figures of section 1.10. Each takes data that model or experiments made, and describes itself in words.

Colours: blue for data and what is sent, orange for computing, purple for time waited, red for a limit, violet for what
was measured or is asked about, grey for what it is compared with.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, points, styled
from mlsys_helpers.kit.spread import Spread
from mlsys_helpers.kit.units import DAY_S, KILO, MILLI, duration, number, percent
from mlsys_helpers.sections.case_studies import cases, model

# A car: how far away may the computer be? (explorer)

DISTANCES_M = np.geomspace(1 * KILO, 10_000 * KILO, 200)
LIMIT_S = 0.01
PLACES = {"same town": 10 * KILO, "same region": 200 * KILO, "coast to coast": 3600 * KILO}


def place_backdrop(ax: Axes) -> None:
    """Time to an answer against distance: the limit, and light in fibre as the floor that nothing beats."""
    ax.set(xscale="log", yscale="log", xlim=(1, 10_000), ylim=(0.01, 200))
    ax.set(xlabel="distance to the computer, km", ylabel="time to the answer, ms")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda x, _: f"{x:,g}")
    ax.plot(DISTANCES_M / KILO, model.round_trip_s(DISTANCES_M) / MILLI, label="fibre alone", **line("neutral"))
    ax.plot([], [], label="with radio and computing", **line("latency"))
    ax.axhline(LIMIT_S / MILLI, **line("limit"))
    ax.text(1.1, LIMIT_S / MILLI * 1.15, f"limit {LIMIT_S / MILLI:g} ms")
    for name, distance_m in PLACES.items():
        ax.axvline(distance_m / KILO, lw=1, color=COLOUR["neutral"])
        ax.text(distance_m / KILO, 230, name, ha="center")
    ax.legend(loc="lower right")


def place_marks(ax: Axes, radio_s: float, compute_s: float) -> None:
    """The whole time by distance, and the farthest place within the limit."""
    ax.plot(DISTANCES_M / KILO, model.round_trip_s(DISTANCES_M, radio_s, compute_s) / MILLI, **line("latency"))
    reach_km = model.reach_m(LIMIT_S, radio_s + compute_s) / KILO
    if reach_km >= 1:
        ax.plot(reach_km, LIMIT_S / MILLI, **points("accent") | {"markersize": 14})
        ax.annotate(f"{number(reach_km)} km", (reach_km, 10), (-8, 10), textcoords="offset points", ha="right")


def tell_place(radio_s: float, compute_s: float) -> str:
    """How far the budget reaches, and what coast to coast would take."""
    reach_m, far_m = model.reach_m(LIMIT_S, radio_s + compute_s), PLACES["coast to coast"]
    far_s = model.round_trip_s(far_m, radio_s, compute_s)
    room = f"{number(reach_m / KILO)} km" if reach_m else "no distance at all"
    return (
        f"Radio {duration(radio_s)} and computing {duration(compute_s)} leave room for {room}. "
        f"Over {far_m / KILO:,.0f} km light takes {duration(far_m / model.FIBRE_M_PER_S)} one way; the answer comes "
        f"after {duration(far_s)}, {number(far_s / LIMIT_S)} times the limit."
    )


# A farm: how old are the models? (explorer)

DEVICES = (1, 3, 10, 30, 100, 300, 500, 1000, 3000, 10_000)
FLEETS = np.geomspace(1, 10_000, 120)


def farm_backdrop(ax: Axes, tolerated_points: float, never_points: float) -> None:
    """Points of accuracy lost against the size of the fleet, with what may be lost and what never sending loses."""
    ax.set(xscale="log", yscale="log", xlim=(0.9, 11_000), ylim=(1e-6, 30))
    ax.set(xlabel="devices that share one station", ylabel="points of accuracy lost, mean")
    ax.set_yticks([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10], ["0.00001", "0.0001", "0.001", "0.01", "0.1", "1", "10"])
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,g}")
    ax.axhline(tolerated_points, **line("limit"))
    ax.text(1, tolerated_points * 1.2, f"tolerated: {tolerated_points:g} point")
    ax.axhline(never_points, **line("neutral"))
    ax.text(1, never_points * 1.2, f"never updated: {never_points:g} points on average")
    ax.plot([], [], label="the whole fleet, kept as fresh as the link allows", **line("data"))
    ax.legend(loc="lower right")


def farm_marks(ax: Axes, lost_points: np.ndarray, devices: int, here_points: float) -> None:
    """The loss for every fleet of FLEETS, and the one that is asked about."""
    ax.plot(FLEETS, lost_points, **line("data"))
    ax.plot(devices, here_points, **points("accent") | {"markersize": 14})


# A protein lab: hours, work and energy (explorer)


def fold_backdrop(ax: Axes, compared: tuple[float, float]) -> None:
    """Device-hours on a logarithmic axis, three rows, of which two stay."""
    ax.set(xscale="log", xlim=(100, 2e7), ylim=(-0.6, 2.6), xlabel="device-hours")
    match, self_play = "AlphaGo Zero,\nthe 4 TPUs\nof its match", "AlphaGo Zero,\nthe TPUs of\nits self-play"
    ax.set_yticks([2, 1, 0], ["AlphaFold,\nTPU v3 cores", match, self_play])
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    ax.grid(axis="y", visible=False)
    ax.set_title("Counted in hours, of devices that differ")
    for y, hours in zip((1, 0), compared, strict=True):
        _hours(ax, y, "neutral", hours)


def fold_marks(ax: Axes, core_hours: float) -> None:
    """AlphaFold's bar with its number."""
    _hours(ax, 2, "accent", core_hours)


def _hours(ax: Axes, y: int, meaning: str, hours: float) -> None:
    ax.barh(y, hours - 100, 0.6, left=100, **fill(meaning))
    ax.text(hours * 1.15, y, f"{hours:,.0f}", va="center")


def tell_fold(cores: float, days: float, utilisation: float, hours: tuple[float, float, float]) -> str:
    """Core-hours, FLOP and energy of a training run, beside AlphaGo Zero and GPT-3."""
    flop = cases.alphafold_flop(cores, days * DAY_S, utilisation)
    energy_j = cases.alphafold_energy_j(cores, days * DAY_S)
    return (
        f"{cores:,} cores for {days:g} days: {hours[0]:,.0f} core-hours, {number(hours[0] / hours[1])} times the "
        f"{hours[1]:,.0f} TPU-hours of the match, {number(hours[0] / hours[2])} times those of self-play. At "
        f"{percent(utilisation)} of the peak: {number(flop)} FLOP, 1/{number(cases.gpt3_flop() / flop, 2)} of GPT-3's. "
        f"The chips alone take {number(energy_j / 3.6e9)} MWh."
    )


# Queues


@styled
def plot_queue(loads: list[float], runs: dict[str, list[Spread]], laws: dict[str, np.ndarray], *, ax=None) -> Axes:
    """Simulated times by load with their range over seeds, each over the line of the law that `laws` gives it."""
    ax = ax or new_axes(640, 380)
    fine = np.linspace(0.05, 0.99, 200)
    told = []
    for meaning, (name, spreads) in zip(("latency", "data", "compute"), runs.items(), strict=True):
        ax.plot(fine, laws[name](fine), label=f"{name}, law", **line(meaning))
        ends = [[s.mean - s.low for s in spreads], [s.high - s.mean for s in spreads]]
        means = [s.mean for s in spreads]
        ax.errorbar(loads, means, ends, label=f"{name}, simulated", capsize=3, ecolor=INK, **points(meaning))
        told.append(f"{name} {spreads[-1].text()}, law {number(laws[name](loads[-1]))}")
    ax.set(yscale="log", xlim=(0, 1), ylim=(0.9, 700), xlabel="load", ylabel="time in the system, service times")
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
    ax.set_title("Simulated queue, range over five seeds")
    ax.legend(loc="upper left")
    return describe(ax, f"Times grow without bound towards full load. At {percent(loads[-1])}: {'; '.join(told)}.")


BATCHES = (1, 2, 4, 8, 16, 32, 64)


def service_backdrop(ax: Axes) -> None:
    """p99 against the largest batch, with a car's limit."""
    ax.set(xscale="log", yscale="log", xlim=(0.85, 75), ylim=(5, 6000))
    ax.set(xlabel="requests in a batch, at most", ylabel="p99, ms", title="Simulated server")
    ax.set_xticks(BATCHES, [str(limit) for limit in BATCHES])
    ax.set_xticks([], minor=True)
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:,g}")
    ax.axhline(LIMIT_S / MILLI, **line("limit"))
    ax.text(72, 5.4, f"a car's limit, {LIMIT_S / MILLI:g} ms, is the line", ha="right")


def service_marks(ax: Axes, runs: list[Spread | None], here: int) -> None:
    """p99 for every batch of BATCHES that keeps up, with its range, and the one that is asked about."""
    kept = [(limit, run) for limit, run in zip(BATCHES, runs, strict=True) if run]
    limits, means = [limit for limit, _ in kept], np.array([run.mean for _, run in kept]) / MILLI
    low, high = (np.array([getattr(run, end) for _, run in kept]) / MILLI for end in ("low", "high"))
    ax.fill_between(limits, low, high, color=COLOUR["latency"], alpha=0.25, lw=0)
    ax.plot(limits, means, marker="^", **line("latency"))
    if kept and limits[0] > 1:
        ax.text(0.9, 3000, "too slow: the queue grows without end", color=COLOUR["limit"])
        ax.axvspan(0.85, limits[0] / 2**0.5, color=COLOUR["limit"], alpha=0.12, lw=0)
    if run := runs[here]:
        ax.plot(BATCHES[here], run.mean / MILLI, **points("accent") | {"markersize": 14})


def tell_service(rate_per_s: float, limit: int, run: Spread | None, capacity_per_s: float) -> str:
    """What the server manages at this batch, and how long the slowest one in a hundred waits."""
    able = f"With at most {limit} in a batch the server manages {number(capacity_per_s)} requests a second"
    if run is None:
        return f"{able}. {rate_per_s:,} arrive, so the queue grows without end."
    load = rate_per_s / capacity_per_s
    return f"{able}; {rate_per_s:,} arrive, {percent(load)} of that. p99 is {run.text(duration)}."


# The generalisation gap


@styled
def plot_gaps(runs: dict[str, Spread], *, ax: Axes | None = None) -> Axes:
    """Accuracy in each world with its range over seeds, and how many times the errors of the first one."""
    ax = ax or new_axes(640, 90 + 42 * len(runs))
    names, calm = list(runs), 1 - next(iter(runs.values())).mean
    for y, run in enumerate(runs.values()):
        ax.barh(y, run.mean, 0.6, **fill("neutral" if not y else "data"))
        ax.plot([run.low, run.high], [y, y], color=INK, lw=2)
        ax.text(1.02, y, f"{percent(run.mean)}, errors x {number((1 - run.mean) / calm, 2)}", va="center")
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(0, 1), ylim=(len(names) - 0.5, -0.5), xlabel="accuracy")
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.grid(axis="y", visible=False)
    ax.set_title("Simulated worlds, real digits; range over five seeds")
    told = ", ".join(f"{name} {run.text(percent)}" for name, run in runs.items())
    return describe(ax, f"Accuracy of one classifier: {told}.")


# Groups


@styled
def plot_groups(gaps: dict[str, tuple[float, float, float]], *, ax: Axes | None = None) -> Axes:
    """How much more wanted mail each group loses, with 95 % intervals; those that hold 0 are grey."""
    ax = ax or new_axes(640, 80 + 34 * len(gaps))
    for y, (apart, low, high) in enumerate(gaps.values()):
        meaning = "neutral" if low <= 0 <= high else "accent"
        ax.plot([low, high], [y, y], color=INK, lw=1.5)
        ax.plot(apart, y, **points(meaning) | {"markersize": 10})
    ax.axvline(0, color=INK, lw=1)
    ax.set_yticks(range(len(gaps)), list(gaps))
    ax.set(ylim=(len(gaps) - 0.5, -0.5), xlabel="points more of its wanted mail lost than of other mail")
    ax.xaxis.set_major_formatter(lambda x, _: f"{100 * x:+g}" if x else "0")
    ax.grid(axis="y", visible=False)
    ax.set_title("95 % intervals; a star where 0 lies outside")
    clear = [name for name, (_, low, high) in gaps.items() if not low <= 0 <= high]
    return describe(ax, f"Of {len(gaps)} groups {len(clear)} have an interval without 0: {', '.join(clear)}.")
