"""Replace: the figures of this section. Each takes data that the model made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

import numpy as np
from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import describe, line, new_axes, points, styled
from mlsys_helpers.kit.units import duration, percent
from mlsys_helpers.sections.paradigm_history import model

ITEMS = np.logspace(0, 4, 200)


def average_backdrop(ax: Axes) -> None:
    """Logarithmic axes, wide enough for every set-up of the explorers."""
    ax.set(xscale="log", yscale="log", xlim=(1, 1e4), ylim=(0.05, 200))
    ax.set(xlabel="items in the job", ylabel="seconds for each item")


def average_marks(ax: Axes, setup_s: float, item_s: float, items: int) -> None:
    """The time of each item as items are added, the limit it comes down to, and the job that is asked about."""
    ax.plot(ITEMS, model.average_s(setup_s, item_s, ITEMS), label="with its share of the set-up", **line("latency"))
    ax.plot(ITEMS, np.full_like(ITEMS, item_s), label="the item alone", **line("limit"))
    ax.plot(items, model.average_s(setup_s, item_s, items), markersize=10, **points("latency"))
    ax.legend(loc="upper right")


def tell_average(setup_s: float, item_s: float, items: int) -> str:
    """The same in words."""
    return (
        f"Items in the job: {items:,}. After a set-up of {duration(setup_s)} each takes "
        f"{duration(model.average_s(setup_s, item_s, items))}, against {duration(item_s)} without it; "
        f"the set-up is {percent(model.setup_share(setup_s, item_s, items))} of the whole time."
    )


@styled
def plot_average(setup_s: float, item_s: float, items: int, *, ax: Axes | None = None) -> Axes:
    """How the set-up fades as more items share it."""
    ax = ax or new_axes(640, 320)
    average_backdrop(ax)
    average_marks(ax, setup_s, item_s, items)
    return describe(ax, tell_average(setup_s, item_s, items))
