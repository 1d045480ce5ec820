"""The figures of section 1.9. Each takes data that model or experiments made, and describes itself in words.

Colours: purple for accuracy; red for an alarm or a limit; orange for a candidate that failed, and for computing; blue
for what is sent. Where an explorer redraws a figure, the figure is in two parts: a backdrop and marks that move.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, line, new_axes, points, styled
from mlsys_helpers.kit.units import MINUTE_S, duration, number, percent, si
from mlsys_helpers.sections.lifecycle import compress, loop, missions, model, split

# Going round


def trace_backdrop(ax: Axes, days: float = 3 * loop.YEAR_DAYS) -> None:
    """Six rows, one for each stage, and above them room for the accuracy that is served."""
    ax.set(xlim=(0, days), ylim=(5.6, -4.6), xlabel="days since the project began (simulated)")
    ax.set_yticks(range(6), model.STAGES)
    ax.grid(axis="y", visible=False)
    above = ax.twinx()
    above.set(ylim=(0.597, 0.92), ylabel="accuracy served")
    above.set_yticks([0.80, 0.85, 0.90], ["80 %", "85 %", "90 %"])
    above.yaxis.set_label_coords(1.1, 0.77)
    above.grid(visible=False)
    for meaning, label in (("compute", "gate failed"), ("limit", "alarm")):
        ax.plot([], [], label=label, lw=2, **line(meaning))
    ax.plot([], [], label="accuracy", lw=2, color=COLOUR["accent"])
    ax.legend(loc="lower left", ncols=3, bbox_to_anchor=(0, 1.0), borderaxespad=0.2)


def trace_marks(ax: Axes, trace: loop.Trace) -> None:
    """Which stage the team was in, which ways it went back, and how accurate the served model was."""
    shown = trace.starts <= ax.get_xlim()[1]
    starts, stages = trace.starts[shown], trace.stages[shown]
    ax.step(np.append(starts, ax.get_xlim()[1]), np.append(stages, stages[-1]), where="post", color=INK, lw=1.1)
    for meaning, back in (("compute", model.PREPARATION), ("limit", model.COLLECTION)):
        at = np.flatnonzero((np.diff(stages) < 0) & (stages[1:] == back))
        ax.vlines(starts[at + 1], stages[at], stages[at + 1], lw=2, zorder=3, **_lines(meaning))
    days = np.arange(np.ceil(trace.deployed[0]), ax.get_xlim()[1])
    above = ax.get_figure().axes[1]
    above.plot(days, trace.served(days), color=COLOUR["accent"], lw=1.8)
    above.axhline(trace.plan.accuracy - trace.plan.alarm, lw=1, **line("limit"))


def _lines(meaning: str) -> dict:
    look = line(meaning)
    return {"color": look["color"], "linestyles": look["linestyle"]}


def tell_trace(traces: tuple[loop.Trace, ...]) -> str:
    """What a plan comes to, over seeds."""
    plan = traces[0].plan
    mean = {
        name: loop.over(traces, of)
        for name, of in (
            ("retrains", lambda t: t.retrains_per_year),
            ("average", lambda t: t.daily.mean()),
            ("lowest", lambda t: t.daily.min()),
            ("work", lambda t: t.person_days_per_year),
        )
    }
    return (
        f"Alarm {100 * plan.alarm:g} points below {percent(plan.accuracy)}; a round takes "
        f"{model.round_days(plan.days, plan.passes):.0f} days on average. Retrained {mean['retrains'].short(_tenths)} "
        f"times a year; accuracy {_points(mean['average'].mean)} on average, {_points(mean['lowest'].mean)} at its "
        f"lowest; {mean['work'].mean:.0f} person-days a year. (Averages of {len(traces)} seeds; drawn is one.)"
    )


def _tenths(value: float) -> str:
    return f"{value:.1f}"


def _points(accuracy: float) -> str:
    return f"{100 * accuracy:.1f} %"


@styled
def plot_trace(trace: loop.Trace, days: float = 400, *, ax: Axes | None = None) -> Axes:
    """The six stages and both loops, as one simulated project went through them."""
    ax = ax or new_axes(640, 400)
    trace_backdrop(ax, days)
    trace_marks(ax, trace)
    within = np.flatnonzero(trace.starts <= days)
    stages = trace.stages[within]
    failed = int(np.sum((stages[:-1] == model.EVALUATION) & (stages[1:] == model.PREPARATION)))
    alarms = int(np.sum(stages[:-1] == model.MONITORING))
    first = trace.deployed[0]
    return describe(
        ax,
        f"In {days:g} simulated days: {failed} candidates fail the gate and go back to preparation, the first model "
        f"is deployed on day {first:.0f}, and {alarms} alarms send the team back to data collection.",
    )


@styled
def plot_projects(both: tuple[loop.Trace, ...], once: tuple[loop.Trace, ...], *, ax: Axes | None = None) -> Axes:
    """Accuracy served by projects with the monitoring loop and without it, seed by seed."""
    ax = ax or new_axes(640, 300)
    for traces, meaning, label in ((both, "accent", "both loops"), (once, "neutral", "once through")):
        for place, trace in enumerate(traces):
            days = np.arange(np.ceil(trace.deployed[0]), trace.days)
            ax.plot(days, trace.served(days), lw=1.3, label=label if place == 0 else None, color=COLOUR[meaning])
    ax.axhline(both[0].plan.accuracy - both[0].plan.alarm, lw=1.5, label="alarm", **line("limit"))
    ax.set(xlim=(0, both[0].days), ylim=(0.5, 0.93), xlabel="days since the project began (simulated)")
    ax.set_ylabel("accuracy served")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower left")
    ends = [loop.over(traces, lambda t: t.daily[-1]) for traces in (both, once)]
    return describe(
        ax,
        f"After three simulated years projects with both loops serve {ends[0].text(percent)}, projects that went "
        f"through once {ends[1].text(percent)}.",
    )


# The flywheel


def flywheel_backdrop(ax: Axes) -> None:
    """A square with its diagonal: on it a turn changes nothing."""
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="quality now", ylabel="quality after one turn")
    ax.plot([0, 1], [0, 1], lw=1, **line("neutral"))
    ax.text(0.9, 0.93, "no change", rotation=32, ha="center", va="center", color=INK)


def flywheel_marks(ax: Axes, wheel: model.Flywheel, start: float) -> None:
    """The loop's curve, where it crosses the diagonal, and the way from a start."""
    quality = np.linspace(0, 1, 200)
    ax.plot(quality, wheel.turn(quality), lw=2, **line("data"))
    path = wheel.path(start, 12)
    ax.plot(np.repeat(path, 2)[:-1], np.concatenate([[0], np.repeat(path[1:], 2)]), lw=1.3, color=COLOUR["accent"])
    ax.plot(start, 0.0, clip_on=False, markersize=11, **points("accent"))
    for at in wheel.fixed_points():
        stable = wheel.gain(at) < 1
        ax.plot(at, at, markersize=10, **points("data") | ({} if stable else {"markerfacecolor": "white"}))
        said = f"{'stays' if stable else 'tips'}, slope {number(wheel.gain(at), 2)}"
        beside = {"x": at + 0.02, "y": at - 0.07} if stable else {"x": at - 0.02, "y": at + 0.04, "ha": "right"}
        ax.text(s=said, **beside)


def tell_flywheel(wheel: model.Flywheel, start: float) -> str:
    """Where the loop goes from a start, and why."""
    at, end = wheel.fixed_points(), wheel.path(start, 200)[-1]
    if not at.size:
        where = "The curve never reaches the diagonal: the loop runs down from every start."
    else:
        where = f"Below {number(at[0], 2)} it runs down, above it climbs to {number(at[-1], 2)} and stays."
    return f"{percent(wheel.usable)} of the data usable. {where} From {start:g} it ends at {number(end, 2)}."


# Missions

CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def missions_backdrop(ax: Axes) -> None:
    """A line at the limit, on a logarithmic axis."""
    ax.set(xscale="log", xlim=(1e-5, 1e4), ylim=(2.6, -0.6), yticks=[])
    ax.set_xlabel("share of the limit that is used")
    ax.set_xticks([1e-4, 1e-2, 1, 100], ["0.01 %", "1 %", "100 %", "100 times"])
    ax.grid(axis="y", visible=False)
    ax.axvline(1, lw=2, **line("limit"))


def missions_marks(ax: Axes, limits: tuple[missions.Limit, ...]) -> None:
    """A bar for each limit of the mission, up to what is used."""
    for place, limit in enumerate(limits):
        broken = limit.used > 1
        ax.barh(place + 0.12, limit.used - 1e-5, 0.32, left=1e-5, color=COLOUR["limit" if broken else "data"])
        verdict = f"broken {number(limit.used, 2)} times over" if broken else f"{percent(limit.used)} used"
        ax.text(1.3e-5, place - 0.17, f"{limit.name}: {verdict} ({limit.words})", va="center", bbox=CLEAR)


def tell_missions(mission: str, size: float, limits: tuple[missions.Limit, ...]) -> str:
    """The same in words."""
    tightest = max(limits, key=lambda limit: limit.used)
    holds = "holds" if tightest.used <= 1 else "is broken"
    return (
        f"{mission.capitalize()}: {missions.MISSIONS[mission].stands_in}, the workload {size:g} times as large. "
        f"Tightest: {tightest.name}, {tightest.words}, which {holds}."
    )


# Heat

HEAT_MINUTES = 60


def heat_backdrop(ax: Axes) -> None:
    """Temperature over an hour, with the limit, and room below for the rate."""
    body = missions.PHONE
    ax.set(xlim=(0, HEAT_MINUTES), ylim=(8, 49), xlabel="minutes of writing without a pause (simulated)")
    ax.set_yticks([25, 35, 45], ["25 °C", "35 °C", "45 °C"])
    ax.axhline(body.limit_c, lw=1.5, **line("limit"))
    ax.text(HEAT_MINUTES - 0.5, body.limit_c + 1.2, "limit", ha="right")
    below = ax.twinx()
    below.set(ylim=(0, 96))
    below.set_yticks([0, 15, 30], ["0", "15", "30 tokens/s"])
    below.grid(visible=False)
    for meaning, label in (("latency", "temperature"), ("compute", "tokens a second")):
        ax.plot([], [], label=label, lw=2, **line(meaning))
    ax.legend(loc="lower left", ncols=2, bbox_to_anchor=(0, 1.0), borderaxespad=0.2)


def heat_marks(ax: Axes, body: model.Body, power_w: float, token_j: float) -> None:
    """Temperature until the limit and held there, and the rate that goes with it."""
    seconds = np.linspace(0, HEAT_MINUTES * MINUTE_S, 400)
    ax.plot(seconds / 60, np.minimum(body.temperature_c(power_w, seconds), body.limit_c), lw=2, **line("latency"))
    held = model.sustained_rate(power_w, body.sustained_w, token_j)
    rate = np.where(seconds < body.burst_s(power_w), power_w / token_j, held)
    ax.get_figure().axes[1].plot(seconds / 60, rate, lw=2, **line("compute"))


def tell_heat(body: model.Body, power_w: float, token_j: float) -> str:
    """The same in words."""
    burst_s = body.burst_s(power_w)
    kept = model.sustained_rate(power_w, body.sustained_w, token_j)
    lasts = f"for {duration(burst_s, 2)}, then {number(kept)}" if np.isfinite(burst_s) else "for ever"
    return (
        f"{power_w:g} W and {body.k_per_w:g} K for each watt: {number(power_w / token_j)} tokens/s {lasts}. "
        f"What gets away is {number(body.sustained_w)} W, at {number(token_j, 2)} J a token."
    )


# Cutting a network


def split_backdrop(ax: Axes) -> None:
    """A place for each cut, times on a logarithmic axis."""
    last = len(split.layers())
    ax.set(xlim=(-0.7, last + 0.7), yscale="log", ylim=(1e-3, 40), ylabel="time of an answer")
    ax.set_yticks([1e-3, 1e-2, 0.1, 1, 10], ["1 ms", "10 ms", "0.1 s", "1 s", "10 s"])
    ax.set_xticks([0, 5, 10, 15, last], ["0\nall in the\ncloud", "5", "10", "15", f"{last}\nall on\nthe device"])
    ax.set_xlabel("how many of MobileNetV2's parts run on the device", labelpad=-12)
    for label, look in (
        ("whole", {"color": INK, "lw": 2}),
        ("on the device", {"lw": 1.5, **line("compute")}),
        ("on the way", {"lw": 1.5, **line("data")}),
    ):
        ax.plot([], [], label=label, **look)
    ax.legend(loc="lower left", ncols=3, bbox_to_anchor=(0, 1.0), borderaxespad=0.2)


def split_marks(ax: Axes, cuts: split.Cuts, device_s: np.ndarray) -> None:
    """The time of every cut, what it is made of, and the quickest."""
    places = np.arange(len(cuts.time_s))
    on_device = np.concatenate([[0], np.cumsum(device_s)])
    on_way = cuts.time_s - on_device
    ax.plot(places[1:], on_device[1:], lw=1.5, **line("compute"))
    ax.plot(places[:-1], on_way[:-1], lw=1.5, **line("data"))
    ax.plot(places, cuts.time_s, color=INK, lw=2)
    ax.plot(cuts.best, cuts.time_s[cuts.best], markersize=14, **points("accent"))


def tell_split(cuts: split.Cuts, link_bit_per_s: float) -> str:
    """The quickest cut against both ends."""
    ends = f"all in the cloud {duration(cuts.time_s[0])}, all on the device {duration(cuts.time_s[-1])}"
    best = f"{cuts.where}, {duration(cuts.time_s[cuts.best])}"
    return f"A link of {si(link_bit_per_s, 'bit/s')}. Quickest: {best}. For comparison: {ends}."


# Small networks


def shrink_backdrop(ax: Axes, lowest: float = 0.68) -> None:
    """Bytes against accuracy from `lowest` on, with both limits."""
    whole = compress.summary()
    ax.set(xscale="log", xlim=(250, 4e5), ylim=(lowest, 1.0), xlabel="bytes of weights and activations")
    ax.set_ylabel("accuracy, mean of five seeds")
    ax.set_xticks([1e3, 1e4, 1e5], ["1 kB", "10 kB", "100 kB"])
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.axvline(compress.LIMIT_BYTES, lw=1.5, **line("limit"))
    ax.axhline(whole.accuracy.mean - compress.MAY_LOSE, lw=1.5, **line("limit"))
    ax.text(compress.LIMIT_BYTES * 1.07, lowest + 0.01, "64 KB")
    ax.text(3.6e3, whole.accuracy.mean - compress.MAY_LOSE, "one point lost", va="top")
    ax.plot(whole.resident_bytes, whole.accuracy.mean, markersize=10, **points("neutral"))


def shrink_marks(ax: Axes, hidden: tuple[int, ...], bits: int, kept: float) -> None:
    """One network at every number of bits with all of its weights, and the choice that is asked about."""
    ways = [compress.summary(b, 1.0, hidden) for b in compress.BITS]
    ax.plot([w.resident_bytes for w in ways], [w.accuracy.mean for w in ways], lw=1.3, **line("data"))
    for b, way in zip(compress.BITS, ways, strict=True):
        if way.accuracy.mean > 0.7:
            said = f"{b} bits" if b == 32 else str(b)
            ax.text(way.resident_bytes, way.accuracy.mean - 0.025, said, ha="center", bbox=CLEAR | {"pad": 0})
    here = compress.summary(bits, kept, hidden)
    height = max(here.accuracy.mean, 0.685)
    ax.vlines(here.resident_bytes, max(here.accuracy.low, 0.68), max(here.accuracy.high, 0.68), lw=2, color=INK)
    ax.plot(here.resident_bytes, height, markersize=14, **points("accent"))


def tell_shrink(hidden: tuple[int, ...], bits: int, kept: float) -> str:
    """The same in words."""
    here, whole = compress.summary(bits, kept, hidden), compress.summary()
    units = " and ".join(map(str, hidden))
    verdict = "It fits, within a point." if here.within else "Not within both limits."
    return (
        f"{units} hidden units, {bits} bits, {percent(kept)} of the weights: {si(here.resident_bytes, 'B')}, "
        f"{number(whole.resident_bytes / here.resident_bytes, 2)} times less than the original. Accuracy "
        f"{here.accuracy.short(_points)}, {100 * here.lost.mean:.1f} points lost. {verdict}"
    )


@styled
def plot_designed(*, ax: Axes | None = None) -> Axes:
    """The large network rounded, whole or half pruned, against small networks trained as such, both over seeds."""
    ax = ax or new_axes(640, 340)
    shrink_backdrop(ax, lowest=0.9)
    large = [compress.summary(bits, kept) for kept in compress.KEPT[:2] for bits in compress.BITS]
    small = [compress.summary(8, 1.0, (units,)) for units in compress.SMALL]
    for found, meaning, label in (
        (large, "data", "the large one, rounded or pruned"),
        (small, "accent", "small ones, trained as such, 8 bits"),
    ):
        size, mean = [f.resident_bytes for f in found], np.array([f.accuracy.mean for f in found])
        low, high = (np.array([getattr(f.accuracy, end) for f in found]) for end in ("low", "high"))
        ax.errorbar(
            size,
            mean,
            [mean - low, high - mean],
            label=label,
            markersize=9,
            ecolor=INK,
            elinewidth=1,
            **points(meaning),
        )
    ax.legend(loc="lower right", bbox_to_anchor=(0.7, 0.02))
    fitting = [min((f for f in found if f.within), key=lambda f: f.resident_bytes) for found in (large, small)]
    return describe(
        ax,
        f"Bytes against accuracy over five seeds. Within one point of the original the large network comes down to "
        f"{si(fitting[0].resident_bytes, 'B')}, a small one that was trained as such to "
        f"{si(fitting[1].resident_bytes, 'B')}.",
    )
