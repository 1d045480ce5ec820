"""The picture of a reader's calibration."""

from collections.abc import Iterable

from matplotlib.axes import Axes

from mlsys_helpers.kit.figure import INK, describe, line, new_axes, points, styled
from mlsys_helpers.progress.calibration import Forecast, spoken, spoken_levels


@styled
def plot_calibration(made: Iterable[Forecast], *, ax: Axes | None = None) -> Axes:
    """For each stated chance, the share of predictions that came true; on the diagonal, the two are the same."""
    made, ax = list(made), ax or new_axes(440, 360)
    ax.plot([0, 100], [0, 100], **line("neutral"))
    ax.text(
        10, 15, "right as often as said", rotation=45, rotation_mode="anchor", transform_rotates_text=True, color=INK
    )
    for words, level in spoken_levels(made).items():
        ax.plot([100 * level.chance], [100 * level.share_right], **points("accent"), markersize=10)
        _label(ax, 100 * level.chance, 100 * level.share_right, f"{words}:\n{level.right} of {level.count}")
    if not made:
        ax.text(68, 30, "your predictions\nwill appear here", ha="center", va="center", color=INK)
    ax.set(
        xlim=(0, 100), ylim=(-6, 106), xlabel="how sure you said you were (%)", ylabel="how often you were right (%)"
    )
    return describe(ax, f"Stated chances against what came true. {spoken(made)}")


def _label(ax: Axes, x: float, y: float, text: str) -> None:
    """Above the point, or below it where the picture ends."""
    shift, side = ((0, 10), "bottom") if y < 75 else ((0, -10), "top")
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    ax.annotate(text, (x, y), shift, textcoords="offset points", ha="right" if x > 90 else "center", va=side,
                color=INK, bbox=ground)  # fmt: skip
