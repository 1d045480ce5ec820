"""The figures of section 1.12: a map laid out by layers, and a step of training on more and more workers.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from mlsys_helpers.kit.figure import COLOUR, DASH, INK, describe, line, new_axes, points, styled
from mlsys_helpers.kit.units import duration, percent
from mlsys_helpers.sections.book_map import book, model
from mlsys_helpers.sections.book_map.fleet import DRAWN, WORKERS

# A map

WIDE, HIGH = 0.86, 0.62  # a box, in columns and rows
ARROWS: dict[str, dict] = {
    "text": {"color": INK, "arrowstyle": "-|>"},
    "reading": {"color": "#6b6b70", "arrowstyle": "->", "linestyle": "dashed"},
}
SAID = {"text": "the chapter says so", "reading": "our reading"}
MAP_SIZE = (740, 540)


def places(needs: model.Map, column_of: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """The centre of each box: its column, and a row for its layer; what shares both gets a row of its own."""
    depth = model.layers(needs)
    found, top = {}, 0
    for layer in range(max(depth.values()) + 1):
        taken: Counter = Counter()
        for name in (name for name in needs if depth[name] == layer):
            found[name] = (float(column_of[name]), float(top + taken[column_of[name]]))
            taken[column_of[name]] += 1
        top += max(taken.values())
    return found


def _columns() -> dict[str, int]:
    return {name: chapter.part for name, chapter in book.chapters().items()}


def map_backdrop(ax: Axes) -> None:
    """The book: a column for each part, a row for each layer, an arrow from what is needed to what needs it."""
    at = places(book.needs(), _columns())
    for edge in book.edges():
        _arrow(ax, at[edge.needs], at[edge.chapter], edge.kind)
    for name, centre in at.items():
        _box(ax, centre, book.title(name))
    for row, (kind, said) in enumerate(SAID.items()):
        ax.annotate("", (0.82, 13.2 + row), (0.6, 13.2 + row), arrowprops={"shrinkA": 0, "shrinkB": 0} | ARROWS[kind])
        ax.text(0.86, 13.2 + row, said, va="center", fontsize=9)
    ax.set(xlim=(0.5, 4.5), ylim=(max(y for _, y in at.values()) + 0.6, -0.6), yticks=[])
    ax.set_xticks(list(book.PARTS), list(book.PARTS.values()), weight="bold")
    ax.tick_params(length=0)
    ax.xaxis.tick_top()
    ax.grid(False)
    ax.spines[:].set_visible(False)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
    """Right to left between columns; within one from foot to head, or round what stands between."""
    (x, y), (to_x, to_y) = start, end
    side, bent = WIDE / 2, 0.0
    if x < to_x:
        tail, head = (x + side, y), (to_x - side, to_y)
    elif to_y - y == 1:
        tail, head = (x, y + HIGH / 2), (x, to_y - HIGH / 2)
    else:
        tail, head, bent = (x - side, y), (x - side, to_y), 0.25
    look = {"shrinkA": 0, "shrinkB": 0, "connectionstyle": f"arc3,rad={bent}", "lw": 1.0}
    ax.annotate("", head, tail, arrowprops=look | ARROWS[kind], zorder=1)


def _box(ax: Axes, centre: tuple[float, float], title: str) -> None:
    ax.add_patch(_shape(centre, facecolor="white", edgecolor=INK)).set_zorder(3)
    ax.text(*centre, title, ha="center", va="center", fontsize=8.5, zorder=4)


def _shape(centre: tuple[float, float], **look) -> Rectangle:
    return Rectangle((centre[0] - WIDE / 2, centre[1] - HIGH / 2), WIDE, HIGH, **look)


def map_marks(ax: Axes, meanings: Mapping[str, str]) -> None:
    """Frame each chapter of `meanings` in the colour and dash of its meaning, a key of COLOUR."""
    at = places(book.needs(), _columns())
    for name, meaning in meanings.items():
        frame = _shape(at[name], facecolor=(*to_rgb(COLOUR[meaning]), 0.22), edgecolor=COLOUR[meaning], lw=2.5)
        ax.add_patch(frame).set(zorder=5, linestyle=DASH[meaning])


def tell_book() -> str:
    """The map in words: whose word it is, and chapter by chapter what is needed."""
    told = [f"In {1 + max(model.layers(book.needs()).values())} layers."]
    for kind, said in SAID.items():
        rows = [
            f"{book.title(name)} needs {book.titles(needed)}" for name, needed in book.needs(kind).items() if needed
        ]
        told.append(f"{said.capitalize()}: {'; '.join(rows)}.")
    return " ".join(told)


@styled
def plot_book() -> Axes:
    """The whole map; arrows with a full head where the chapter says so, dashed and open where it is our reading."""
    ax = new_axes(*MAP_SIZE)
    map_backdrop(ax)
    return describe(ax, tell_book())


# A fleet

LEAST_S, MOST_S = 1e-3, 1e5


def fleet_backdrop(ax: Axes) -> None:
    """Seconds of a step over workers; the edge of a node and the chapter's example."""
    ax.set(xscale="log", yscale="log", xlim=(0.8, 1e4), ylim=(LEAST_S, MOST_S))
    ax.set(xlabel="workers", ylabel="seconds of a step")
    ax.set_xticks(WORKERS[::2], [f"{n:,}" for n in WORKERS[::2]])
    ax.minorticks_off()
    ax.axvline(8, color=COLOUR["neutral"], lw=1)
    ax.text(8.6, LEAST_S * 1.6, "beyond one node", fontsize=9, color=INK)
    ax.axvspan(0.8, 8, color=COLOUR["neutral"], alpha=0.12, lw=0)


def fleet_marks(ax: Axes, terms, crossing: float, workers: int) -> None:
    """The compute term and what the network takes, over DRAWN; a ring where they meet, a dot at `workers`."""
    network_s = np.maximum(terms.data_s + terms.latency_s, LEAST_S)
    ax.plot(DRAWN, terms.compute_s, label="arithmetic", **line("compute"))
    ax.plot(DRAWN[1:], network_s[1:], label="sum of gradients", **line("data"))
    at = DRAWN.index(workers)
    ax.plot(workers, terms.compute_s[at], **points("compute"))
    if workers > 1:
        ax.plot(workers, network_s[at], **points("data"))
    if np.isfinite(crossing):
        level = np.exp(np.interp(np.log(crossing), np.log(DRAWN), np.log(terms.compute_s)))
        ax.plot(crossing, level, "o", markersize=12, mfc="none", mec=COLOUR["limit"], mew=2)
        ax.annotate(
            f"crossing at {crossing:,.0f}", (crossing, level), (-8, -20), textcoords="offset points", ha="right"
        )
    ax.legend(loc="upper right")


def tell_fleet(step, workers: int, crossing: float, efficiency: float) -> str:
    """One state in words."""
    meet = f"from {crossing:,.0f} workers on" if np.isfinite(crossing) else f"nowhere up to {WORKERS[-1]:,} workers"
    network_s = step.data_s + step.latency_s
    return (
        f"{workers:,} worker{'s' * (workers > 1)}: {duration(step.compute_s)} of arithmetic, {duration(network_s)} to "
        f"sum gradients ({duration(step.latency_s)} of it hops). Without overlap that is {percent(efficiency)} of a "
        f"perfect speed-up. The sum takes longer {meet}."
    )
