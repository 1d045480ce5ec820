"""The figures of section 1.13. Each takes data that model or experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, points, styled
from mlsys_helpers.kit.spread import Spread
from mlsys_helpers.kit.units import MILLI, duration, number, percent
from mlsys_helpers.sections.fallacies import green, model, pipeline, readiness

# A faster part (explorer)

STAGE_MEANING = dict(zip(model.CHAPTER_S, ("data", "compute", "neutral"), strict=True))


def stages_backdrop(ax: Axes) -> None:
    """The chapter's pipeline as one bar of three stages, and room for the bar after a change."""
    ax.set(xlim=(0, 140), ylim=(-0.7, 1.75), xlabel="ms, one stage after the other")
    ax.set_yticks([1, 0], ["before", "after"])
    ax.grid(axis="y", visible=False)
    for stage, meaning in STAGE_MEANING.items():
        ax.barh([-9], [0], label=stage, **fill(meaning))
    ax.legend(loc="upper right", ncols=3, bbox_to_anchor=(1.0, 1.13), borderaxespad=0)
    _bar(ax, 1, model.CHAPTER_S)


def stages_marks(ax: Axes, stage: str, faster: float) -> None:
    """The bar after `stage` became `faster` times as fast, and where it would end if the stage were free."""
    _bar(ax, 0, model.sped_up(model.CHAPTER_S, stage, faster))
    floor_ms = (sum(model.CHAPTER_S.values()) - model.CHAPTER_S[stage]) / MILLI
    ax.axvline(floor_ms, **line("limit"))
    ax.text(floor_ms - 1, -0.62, f"{stage} free: {floor_ms:.0f} ms", ha="right")


def _bar(ax: Axes, y: float, stages_s: Mapping[str, float]) -> None:
    start = 0.0
    for stage, time_s in stages_s.items():
        ax.barh(y, time_s / MILLI, 0.5, left=start, **fill(STAGE_MEANING[stage]))
        start += time_s / MILLI
    ax.text(start + 1.5, y + 0.31, f"{start:.0f} ms", ha="right", weight="bold")


def tell_stages(stage: str, faster: float) -> str:
    """What the change does to the time of one request, and to requests a second."""
    before, after = model.CHAPTER_S, model.sped_up(model.CHAPTER_S, stage, faster)
    total_s, left_s = sum(before.values()), sum(after.values())
    most = model.ceiling(model.part(before, stage))
    per_s = [f"{model.throughput_per_s(stages):.1f}" for stages in (before, after)]
    return (
        f"{stage.capitalize()} {number(faster)} times as fast: {duration(total_s)} become {duration(left_s)}, "
        f"{percent(1 - left_s / total_s)} less, {total_s / left_s:.2f} times as fast. Free, it would give {most:.2f}. "
        f"With a worker for each stage: {per_s[0]} requests a second before, {per_s[1]} after."
    )


# A late answer (explorer)

FILTER_MEANING = {"linear": "data", "boosted trees": "compute", "forest": "latency"}
DEADLINES_MS = np.geomspace(0.03, 150, 160)


def deadline_backdrop(ax: Axes) -> None:
    """Utility against the deadline."""
    ax.set(xscale="log", xlim=(DEADLINES_MS[0], DEADLINES_MS[-1]), ylim=(-0.03, 1.03))
    ax.set(xlabel="deadline, ms", ylabel="requests with a right answer in time")
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    for name, meaning in FILTER_MEANING.items():
        ax.plot([], [], label=name, **line(meaning))
    ax.legend(loc="upper right", ncols=3, bbox_to_anchor=(1.0, 1.11), borderaxespad=0)


def deadline_marks(ax: Axes, curves: Mapping[str, np.ndarray], deadline_ms: float, worth: Mapping[str, float]) -> None:
    """Each filter's utility by deadline, and at the one that is asked about."""
    ax.axvline(deadline_ms, color=COLOUR["neutral"], lw=1)
    for name, meaning in FILTER_MEANING.items():
        ax.plot(DEADLINES_MS, curves[name], **line(meaning))
        ax.plot(deadline_ms, worth[name], **points(meaning))


def tell_deadline(deadline_ms: float, worth: Mapping[str, float], late: str) -> str:
    """Who is worth most at this deadline."""
    each = ", ".join(f"{name} {percent(value, 3)}" for name, value in worth.items())
    best = max(worth, key=worth.get)
    found = f"most by the {best}" if worth[best] > 0 else "none in time"
    return f"Deadline {number(deadline_ms)} ms, a late request gets {late}. Right and in time: {each}; {found}."


# How long an accuracy lasts (explorer)

MONTHS = 12.0
NEVER = 99.0  # months: later than the picture


def calendar_backdrop(ax: Axes) -> None:
    """Accuracy over a year."""
    ax.set(xlim=(0, MONTHS), ylim=(64, 88), xlabel="months in service", ylabel="accuracy, %")
    ax.set_xticks(range(0, 13, 2))
    ax.plot([], [], label="accuracy (straight line)", **line("data"))
    ax.plot([], [], label="floor", **line("limit"))
    ax.legend(loc="lower left")
    ax.plot(6, 80.2, **points("accent") | {"markersize": 14})
    ax.annotate("the chapter:\n80.2 % after six", (6, 80.2), (-8, -30), textcoords="offset points", ha="right")


def calendar_marks(ax: Axes, floor: float, lost_per_month: float, every: float) -> None:
    """Accuracy with a new model every so many months, and the floor."""
    months = np.linspace(0, MONTHS, 481)
    ax.plot(months, 100 * aged(months, lost_per_month, every), **line("data"))
    ax.axhline(100 * floor, **line("limit"))


def aged(months, lost_per_month: float, every: float):
    """Accuracy at `months`, 85 % when new; a new model starts there again."""
    return 0.85 - lost_per_month * np.mod(months, every)


def below_months(floor: float, lost_per_month: float, every: float) -> float:
    """Months of the year spent below the floor."""
    ages = np.mod((np.arange(12_000) + 0.5) / 1000, every)
    return float((0.85 - lost_per_month * ages < floor).mean() * MONTHS)


def tell_calendar(floor: float, lost_per_month: float, every: float) -> str:
    """When the floor is reached, and how long the year is spent below it."""
    until = model.time_until(0.85, floor, lost_per_month)
    new = "no new model" if every > MONTHS else f"a new model every {every:g} months"
    worst = max(0.85 - lost_per_month * min(every, MONTHS), 0)
    return (
        f"{100 * lost_per_month:g} points lost a month: a model stays above {percent(floor, 3)} for {number(until)} "
        f"months. With {new}, accuracy sinks to {percent(worst, 3)}, and "
        f"{number(below_months(floor, lost_per_month, every))} of the year's 12 months are below the floor."
    )


# Measured


@styled
def plot_route(steps: Sequence[pipeline.Step], *, ax=None) -> Axes:
    """One bar for the job at each step, by stage: the slowest is mended, then the next."""
    ax = ax or new_axes(640, 330)
    meanings = dict(zip(pipeline.STAGES, ("data", "neutral", "compute", "latency"), strict=True))
    labels = ["as written"] + [f"then {step.mended}" for step in steps[:-1]]
    for y, step in enumerate(reversed(steps)):
        start = 0.0
        for stage, time_s in step.profile.stages_s.items():
            label = stage if y == 0 else None
            ax.barh(y, time_s / MILLI, 0.6, left=start, label=label, **fill(meanings[stage]))
            start += time_s / MILLI
        ax.text(start + 0.5, y, f"{start:.1f} ms", va="center")
    totals = [step.profile.total_s for step in steps]
    ax.set(xlim=(0, 1.18 * totals[0] / MILLI), xlabel="ms of processor time for the whole job")
    ax.set_yticks(range(len(steps)), labels[::-1])
    ax.grid(axis="y", visible=False)
    ax.legend(loc="lower right")
    mended = ", ".join(step.mended for step in steps[:-1])
    told = ", ".join(duration(total_s) for total_s in totals)
    return describe(ax, f"Stages mended in this order: {mended}. The whole job: {told}.")


@styled
def plot_matrix(found: green.Matrix, *, ax=None) -> Axes:
    """How often each test is red under each bug, with the points of accuracy that the bug costs."""
    ax = ax or new_axes(800, 470)
    shares = found.reds.mean(axis=0)
    ax.imshow(shares, cmap="Purples", vmin=0, vmax=1.5, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", weight="bold" if share >= 0.75 else None)
    lost = 100 * found.harm.mean(axis=0)
    kinds = {bug: kind for bug, (kind, _) in green.BUGS.items()}
    names = [f"{bug}{f' ({kinds[bug]})' if bug in kinds else ''}" for bug in green.ROWS]
    ax.set_yticks(range(len(green.ROWS)), [f"{name}  {points:.1f}" for name, points in zip(names, lost, strict=True)])
    ax.set_xticks(range(len(green.TESTS)), [textwrap.fill(test, 11) for test in green.TESTS], fontsize=8)
    ax.text(-0.6, -0.62, "points lost on\nmail that arrives", ha="right", va="bottom", fontsize=8)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.set_xlabel("% of trials in which the test is red")
    seen = {test: sorted(bugs) for test, bugs in found.caught().items()}
    told = "; ".join(f"{test}: {', '.join(bugs) or 'none'}" for test, bugs in seen.items())
    return describe(ax, f"Bugs that each test sees in at least three trials of four. {told}. {green.STRICT}: always.")


@styled
def plot_luck(lucks: Mapping[int, Spread], *, ax=None) -> Axes:
    """The luck of a benchmark's winner against the size of the benchmark, with the range over seeds."""
    ax = ax or new_axes(600, 320)
    sizes, means = list(lucks), [luck.mean for luck in lucks.values()]
    ends = [[luck.mean - luck.low for luck in lucks.values()], [luck.high - luck.mean for luck in lucks.values()]]
    ax.errorbar(sizes, means, ends, capsize=4, ecolor=INK, **points("accent"))
    ax.axhline(0, color=INK, lw=1)
    ax.set(xscale="log", xlabel="messages in the benchmark", ylabel="points of the winner's\nlead that were luck")
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    ax.set_title(f"Best of {readiness.CONTESTANTS} filters, range over five seeds")
    told = "; ".join(f"{size:,} messages: {luck.text()}" for size, luck in lucks.items())
    return describe(ax, f"Points that the winner loses on fresh mail beyond what all lose. {told}.")
