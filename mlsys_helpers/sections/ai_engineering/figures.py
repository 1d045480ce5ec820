"""The figures of section 1.8. Each takes data that model or experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import COLOUR, INK, describe, line, new_axes, points, styled
from mlsys_helpers.kit.units import MICRO, number, percent
from mlsys_helpers.sections.ai_engineering import model
from mlsys_helpers.sections.ai_engineering.wording import bound, written

# A contract


def contract_backdrop(ax: Axes, names: Sequence[str], findings: Sequence[Sequence[model.Finding]]) -> None:
    """A row for each design and a column for each limit, with what each design measured."""
    ax.set(xlim=(0, len(findings[0])), ylim=(len(names) - 0.5, -2.3), xticks=[])
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    for x, finding in enumerate(findings[0]):
        ax.text(x + 0.95, -1.7, finding.limit.quantity, ha="right", va="center", weight="bold")
    for y, row in enumerate(findings):
        for x, finding in enumerate(row):
            ax.text(x + 0.95, y, written(finding.limit, finding.value), ha="right", va="center", fontsize=9)


def contract_marks(ax: Axes, findings: Sequence[Sequence[model.Finding]]) -> None:
    """Every bound; a shaded cell with a cross where it is broken, a star in front of a row that keeps all."""
    for x, finding in enumerate(findings[0]):
        ax.text(x + 0.95, -0.95, bound(finding.limit), ha="right", va="center", fontsize=8)
    kept = np.array([[finding.kept for finding in row] for row in findings])
    y, x = np.nonzero(~kept)
    ax.hlines(y, x + 0.04, x + 0.99, lw=17, color=COLOUR["limit"], alpha=0.25)
    ax.plot(x + 0.14, y, **points("limit"))
    winners = np.flatnonzero(kept.all(axis=1))
    ax.plot(np.full(len(winners), 0.06), winners, clip_on=False, markersize=11, **points("accent"))


def tell_contract(names: Sequence[str], findings: Sequence[Sequence[model.Finding]]) -> str:
    """Who keeps every limit, and how many each limit turns away."""
    survivors = [name for name, row in zip(names, findings, strict=True) if all(f.kept for f in row)]
    columns = list(zip(*findings, strict=True))
    out = ", ".join(f"{c[0].limit.quantity} {sum(not f.kept for f in c)}" for c in columns)
    kept = f"{len(survivors)} of {len(names)} keep every limit" + (f": {', '.join(survivors)}" if survivors else "")
    return f"{kept}. Turned away by each limit: {out}."


# The front


@styled
def plot_front(names, accuracy, p99_s, size_bytes, *, ax: Axes | None = None) -> Axes:
    """Accuracy against p99; a larger mark is a larger file. The front stands out and is named."""
    ax = ax or new_axes(720, 380)
    accuracy, p99_s, size_bytes = map(np.asarray, (accuracy, p99_s, size_bytes))
    on = model.front(np.column_stack([-accuracy, p99_s, size_bytes]))
    area, p99_us = 12 * size_bytes**0.25, p99_s / MICRO

    def draw(of, **look) -> None:
        ax.scatter(p99_us[of], 100 * accuracy[of], s=area[of], edgecolors=INK, **look)

    for shape, place in zip("os^Pv*<>hp8dXD", np.flatnonzero(on), strict=False):
        draw([place], color=COLOUR["accent"], marker=shape, label=names[place], zorder=3)
    draw(~on, color=COLOUR["neutral"], marker="D", label="dominated")
    ax.set(xscale="log", xlabel="p99 of one answer, µs", ylabel="accuracy, %", ylim=(None, 101))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:,g}")
    ax.set_title("The front of fourteen readers, measured; larger marks are larger files")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), markerscale=0.6, labelspacing=0.8)
    return describe(
        ax, f"On the front: {', '.join(np.asarray(names)[on])}. Each other one is dominated by one of them."
    )


# Tails


@styled
def plot_windows(times_s, p99s, *, ax: Axes | None = None) -> Axes:
    """The p99 of windows of a stream of requests; `p99s(times, size)` gives them."""
    ax = ax or new_axes(640, 320)
    told = []
    for size, look in ((100, {"marker": ".", "linestyle": "none", "color": COLOUR["neutral"]}), (1000, line("accent"))):
        found = p99s(times_s, size) / MICRO
        ax.plot((np.arange(len(found)) + 0.5) * size, found, label=f"of {size:,} requests", **look)
        told.append(f"windows of {size:,} give {number(found.min(), 2)} to {number(found.max(), 2)} µs")
    whole = float(np.quantile(times_s, 0.99)) / MICRO
    ax.axhline(whole, label=f"of all: {number(whole, 2)} µs", **line("limit"))
    ax.set(yscale="log", xlabel="request", ylabel="p99, µs")
    ax.set_title(f"{len(times_s):,} requests to one reader, measured", pad=28)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,g}")
    ax.yaxis.set_minor_formatter(lambda value, _: "")
    ax.legend(loc="lower left", ncols=3, bbox_to_anchor=(0, 1), borderaxespad=0.3)
    return describe(ax, f"The p99 of all requests is {number(whole, 2)} µs; {' and '.join(told)}.")


# Leaderboards


@styled
def plot_places(names, places: dict[str, np.ndarray], followed: dict[str, str], *, ax: Axes | None = None) -> Axes:
    """The place of each learner in every world; `followed` gives a meaning to those that stand out."""
    ax = ax or new_axes(720, 400)
    worlds = list(places)
    for row, name in enumerate(names):
        meaning = followed.get(name, "")
        look = {**line(meaning), "lw": 3} if meaning else {"color": COLOUR["neutral"], "lw": 1}
        course = [places[world][row] for world in worlds]
        ax.plot(range(len(worlds)), course, marker="o", markersize=6 if meaning else 4, **look)
    first = places[worlds[0]]
    ax.set_yticks(first, [f"{name}  {place}" for name, place in zip(names, first, strict=True)])
    ax.set_xticks(range(len(worlds)), [world.removeprefix("the ").replace(" ", "\n") for world in worlds])
    ax.set(ylim=(len(names) + 0.5, 0.5), title="Places, five seeds averaged (simulated worlds)")
    told = "; ".join(
        f"{name}: {', '.join(str(places[world][names.index(name)]) for world in worlds)}" for name in followed
    )
    return describe(ax, f"Places in the worlds {', '.join(worlds)}. {told}.")


# Votes

VOTERS = np.arange(1, 22, 2)
STORIES = (
    ("each its own luck", lambda error, correlation: model.vote_fails(error, VOTERS), "data"),
    ("one fate at times", lambda error, correlation: model.common_cause(error, correlation, VOTERS), "compute"),
    ("hard and easy cases", lambda error, correlation: model.own_difficulty(error, correlation, VOTERS), "accent"),
)


def vote_backdrop(ax: Axes) -> None:
    """The chance that a vote is wrong by the number of voters, on a logarithmic axis."""
    ax.set(yscale="log", xlim=(0.5, 21.5), ylim=(1e-7, 2), xlabel="voters", ylabel="the vote is wrong")
    ax.set_xticks(VOTERS)
    for label, _, meaning in STORIES:
        ax.plot([], [], label=label, lw=2.5, **line(meaning))
    ax.legend(loc="lower left")


def vote_curves(error: float, correlation: float) -> dict[str, np.ndarray]:
    """The chance of each story for each number of VOTERS."""
    return {label: np.asarray(wrong(error, correlation)) for label, wrong, _ in STORIES}


def vote_marks(ax: Axes, error: float, correlation: float, voters: int) -> None:
    """The three stories, and where this number of voters stands on each."""
    at = int(np.flatnonzero(voters == VOTERS)[0])
    for (_, _, meaning), wrong in zip(STORIES, vote_curves(error, correlation).values(), strict=True):
        ax.plot(VOTERS, np.maximum(wrong, 1e-9), lw=2.5, **line(meaning))
        ax.plot(voters, max(wrong[at], 1e-9), markersize=8, **points(meaning))
    ax.axhline(error, lw=1, color=INK)
    ax.text(21.3, error * 1.15, "one alone", ha="right")


def tell_vote(error: float, correlation: float, voters: int) -> str:
    """The same in words."""
    at = int(np.flatnonzero(voters == VOTERS)[0])
    curves = vote_curves(error, correlation)
    told = ", ".join(f"{label} {percent(wrong[at], 2)}" for label, wrong in curves.items())
    return f"One alone is wrong in {percent(error, 2)} of the cases. A vote of {voters} is wrong in: {told}."


# A bound that expires


@styled
def plot_watch(degrees, watch, every: int, *, ax: Axes | None = None) -> Axes:
    """The error while the camera turns, what was promised at the start, and what audits promise since."""
    ax = ax or new_axes(640, 340)
    error, start, renewed = (100 * x for x in (watch.error, watch.audited[0], watch.in_force(every)))
    ax.plot(degrees, error, marker="o", label="error of live images", **line("data"))
    ax.axhline(start, label="promised before it turned", **line("limit"))
    ax.step(
        degrees, renewed, where="post", label=f"promised by the last audit, every {every} degrees", **line("accent")
    )
    ax.set(xlabel="the camera has turned by, degrees", ylabel="images read wrongly, %", ylim=(0, None))
    ax.set_title("A promise while the camera turns (simulated)")
    ax.legend(loc="upper left")
    return describe(
        ax,
        f"At most {number(start, 2)} % wrong was promised. The error passes that at {watch.expires} degrees and "
        f"reaches {number(error[-1], 2)} % at {degrees[-1]}. Audits every {every} degrees renew the bound in steps.",
    )
