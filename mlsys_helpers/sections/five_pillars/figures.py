"""The figures of section 1.11. Explorers redraw a figure in two parts: a backdrop that stays and marks that move."""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, points, styled
from mlsys_helpers.kit.units import duration, number, percent
from mlsys_helpers.sections.five_pillars import alarms, checkpoints, model, pillars
from mlsys_helpers.sections.five_pillars.gap import Gap
from mlsys_helpers.sections.five_pillars.plan import Played

# The pillars

_MEANING = {"data": "data", "model": "accent", "system": "compute", "ethics": "latency"}


@styled
def plot_pillars(*, ax: Axes | None = None) -> Axes:
    """Figure 8 of the chapter, rebuilt: five pillars over one foundation, and the challenge that each meets."""
    ax = ax or new_axes(760, 330)
    ax.set(xlim=(-0.5, 4.5), ylim=(0, 4.3))
    ax.set_axis_off()
    for x, pillar in enumerate(pillars.PILLARS):
        ax.bar(x, 1.9, 0.8, bottom=0.8, facecolor="white", edgecolor=COLOUR[_MEANING[pillar.challenge]], linewidth=3)
        ax.text(x, 1.75, pillar.name.replace(" ", "\n"), ha="center", va="center", weight="bold", fontsize=9)
    for challenge in pillars.CHALLENGES:
        at = [x for x, pillar in enumerate(pillars.PILLARS) if pillar.challenge == challenge]
        ax.plot([at[0] - 0.4, at[-1] + 0.4], [3.0, 3.0], lw=3, color=COLOUR[_MEANING[challenge]])
        ax.text(sum(at) / len(at), 3.15, f"{challenge}\nchallenges", ha="center", va="bottom")
    ax.bar(2, 0.6, 4.8, bottom=0.1, facecolor="#eeeeee", edgecolor=INK)
    ax.text(2, 0.4, pillars.FOUNDATION, ha="center", va="center")
    told = ", ".join(f"{pillar.name} ({pillar.challenge})" for pillar in pillars.PILLARS)
    return describe(ax, f"Five pillars, each with the kind of challenge it meets: {told}. Below: {pillars.FOUNDATION}.")


@styled
def plot_players(played: list[Played], *, ax: Axes | None = None) -> Axes:
    """Hours that each player needs for an incident, probes and mistakes together, with the range over blocks."""
    ax = ax or new_axes(700, 300)
    for y, one in enumerate(played):
        ax.barh(y, one.hours.mean, 0.7, **fill("accent" if one.player == "best plan" else "neutral"))
        ax.plot([one.hours.low, one.hours.high], [y, y], lw=2, color=INK)
        words = f"{one.hours.mean:.1f} h, {one.probes.mean:.1f} probes, {percent(one.right_owner.mean)} right"
        ax.text(one.hours.high + 0.4, y, words, va="center")
    ax.set_yticks(range(len(played)), [one.player for one in played])
    ax.set(
        xlim=(0, 43),
        ylim=(len(played) - 0.4, -0.6),
        xlabel="hours for an incident (lines: range over five blocks of 40)",
    )
    ax.grid(axis="y", visible=False)
    told = "; ".join(f"{one.player} {one.hours.short()} hours, {percent(one.right_owner.mean)} right" for one in played)
    return describe(ax, f"Hours for an incident, seven players: {told}.")


# Checkpoints


def checkpoint_backdrop(ax: Axes) -> None:
    """Logarithmic axes: the interval against the time that saves, lost work and restarts add."""
    ax.set(xscale="log", yscale="log", xlim=(1, 3000), ylim=(0.5, 300))
    ax.set(xlabel="minutes of work between two saves", ylabel="time added to the work")
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:g} %")
    ax.plot([], [], label="formula", **line("data"))
    ax.plot([], [], label="simulated", **points("compute"))
    ax.plot([], [], label="Young's sum", **line("neutral"), lw=1)
    ax.legend(loc="lower left")


def checkpoint_marks(ax: Axes, save_min: float, mtbf_h: float) -> None:
    """The curve, simulated dots, Young's first-order sum, and the interval that Young's rule names."""
    save_h, restart_h = save_min / 60, checkpoints.Job().restart_h
    minutes = np.geomspace(1, 3000, 200)
    added = 100 * (model.slowdown(minutes / 60, save_h, mtbf_h, restart_h) - 1)
    ax.plot(minutes, added, **line("data"))
    ax.plot(minutes, 100 * model.waste_young(minutes / 60, save_h, mtbf_h, restart_h), lw=1, **line("neutral"))
    best = 60 * model.young_h(save_h, mtbf_h)
    found = checkpoints.valley(save_h, mtbf_h)
    ax.plot(best * np.array(checkpoints.FACTORS), 100 * (found - 1), **points("compute"))
    ax.axvline(best, **line("limit"))
    ax.text(best * 1.05, 0.6, f"Young: {duration(60 * best)}")


def tell_checkpoint(save_min: float, mtbf_h: float) -> str:
    """What Young's rule says, what it costs, and what half and twice of it cost, simulated."""
    save_h, restart_h = save_min / 60, checkpoints.Job().restart_h
    best_h, factors = model.young_h(save_h, mtbf_h), checkpoints.FACTORS
    found = checkpoints.valley(save_h, mtbf_h) - 1
    half, there, twice = (percent(found[factors.index(f)]) for f in (0.5, 1.0, 2.0))
    promised = percent(model.waste_young(best_h, save_h, mtbf_h, restart_h))
    exact = duration(3600 * model.best_interval_h(save_h, mtbf_h))
    return (
        f"Young's rule: save every {duration(3600 * best_h)} (exactly best: {exact}). Simulated, that adds {there} to "
        f"the work; half the interval {half}, twice {twice}. Young's sum promises {promised}."
    )


# Alarms

BUDGETS = (2.0, 1.0, 0.5, 0.25, 1 / 12)
_LOOK = {"one day": "data", "last seven days": "compute", "CUSUM": "accent"}


def budget_text(budget: float) -> str:
    """A number of false alarms a month, as a person says it."""
    return f"{budget:g} a month" if budget >= 1 else f"1 in {round(1 / budget)} months"


def alarm_backdrop(ax: Axes) -> None:
    """Logarithmic axes: how many false alarms are allowed against the days until a real decline is seen."""
    ax.set(xscale="log", yscale="log", xlim=(2.6, 0.065), ylim=(0.8, 50))
    ax.set_xticks(BUDGETS, [budget_text(b).replace(" a month", "") for b in BUDGETS])
    ax.set_xticks([], minor=True)
    ax.set(xlabel="false alarms allowed in a month (or one in so many months)", ylabel="days until the alarm")
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
    for monitor, meaning in _LOOK.items():
        ax.plot([], [], label=monitor, **(points(meaning) | line(meaning)))
    ax.legend(loc="upper left")


def alarm_marks(ax: Axes, budget: float, actual: float) -> None:
    """Each monitor's delay at every budget, the chosen one marked."""
    for monitor, meaning in _LOOK.items():
        delays = [alarms.tuned(alarms.Audit(), monitor, b, actual).delay_days for b in BUDGETS]
        ax.plot(BUDGETS, delays, **(points(meaning) | line(meaning)))
    ax.axvline(budget, **line("limit"))


def tell_alarm(budget: float, actual: float) -> str:
    """Delays of the three monitors, what they really spend, and how many alarms are true."""
    tuned = {monitor: alarms.tuned(alarms.Audit(), monitor, budget, actual) for monitor in _LOOK}
    told = "; ".join(
        f"{name} {number(one.delay_days, 2)} days, {number(one.false_a_month, 2)} false alarms a month"
        for name, one in tuned.items()
    )
    true = model.true_alarm_share(1 / 12, 1.0, tuned["CUSUM"].false_a_month)
    return (
        f"Errors rise from 4 % to {100 * actual:g} %; at most {budget_text(budget)}: {told}. With one real incident a "
        f"year, {percent(true)} of the CUSUM's alarms are true."
    )


# The gap


def gap_backdrop(ax: Axes) -> None:
    """Room for three kinds of senders."""
    ax.set(xlim=(-0.6, 3.4), ylim=(0, 0.25), ylabel="wanted mail lost")
    ax.set_xticks(range(3), ["colleagues", "universities", "strangers"])
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.grid(axis="x", visible=False)


def gap_marks(ax: Axes, found: Gap) -> None:
    """A bar for each kind of sender with its interval, the average, and the gap that chance alone makes."""
    for x, group in enumerate(found.groups):
        low, high = group.interval
        ax.bar(x, group.error, 0.7, **fill("data"))
        ax.plot([x, x], [low, high], lw=2, color=INK)
        ax.text(x + 0.06, high + 0.004, f"{percent(group.error)} of {group.cases}", ha="center")
    ax.axhline(found.lost, **line("neutral"))
    ax.text(2.42, found.lost + 0.003, f"average {percent(found.lost)}")
    words = f"widest gap\n{100 * found.widest:.1f} points\n\nby chance\n{100 * found.by_chance:.1f} (1 in 100)"
    ax.text(2.55, 0.24, words, va="top")


def _times(weight: float) -> str:
    return "once" if weight == 1 else f"{weight:g} times"


def tell_gap(found: Gap) -> str:
    """Who loses how much, whether chance could do it, and what the weight costs."""
    each = ", ".join(f"{group.name} {percent(group.error)}" for group in found.groups)
    return (
        f"Strangers' wanted mail counts {_times(found.weight)}. Lost: {percent(found.lost)} on average, {each}. The "
        f"widest gap is {100 * found.widest:.1f} points; dealt at random, groups exceed {100 * found.by_chance:.1f} "
        f"once in a hundred. Spam missed: {percent(found.spam_missed)}; accuracy {percent(found.accuracy, 3)}."
    )
