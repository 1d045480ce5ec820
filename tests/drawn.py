"""What is drawn on a figure, held to what a reader with another colour vision, or with weak eyes, needs.

`faults(figure)` says what fails, in words; empty where all is well. Every figure of every notebook goes through it:
conftest.py puts `watch` into the kernels that nbval starts.

Series that differ in colour alone (same dash, marker or hatch) must be at least APART apart in CAM02-UCS, to normal
eyes and under full deuteranomaly, protanomaly and tritanomaly. A line or a point without an edge has at least LINE to
one of contrast to white, words TEXT to one to what lies under them (WCAG 2.2, success criteria 1.4.11 and 1.4.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from matplotlib.colors import to_hex, to_rgba

APART, LINE, TEXT = 15, 3.0, 4.5
VISIONS = ("", "deuteranomaly", "protanomaly", "tritanomaly")
WHITE = (1.0, 1.0, 1.0)
GROUND = 1.5  # fills that white almost swallows are ground or ranges, not series

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Series:
    """Something drawn in a colour: its kind, the colour as it appears on white, and what else tells it apart."""

    kind: str
    colour: Colour
    sign: str
    edged: bool = False


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 for black and 1 for white (WCAG 2.2)."""
    parts = np.array(colour)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: Colour, other: Colour = WHITE) -> float:
    """Contrast ratio of two sRGB colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def seen_as(colour: Colour, vision: str) -> Colour:
    """How an eye without one kind of cone sees a colour (Machado et al., 2009, severity 100)."""
    from colorspacious import cspace_convert

    space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
    return tuple(np.clip(cspace_convert(colour, space, "sRGB1"), 0, 1)) if vision else colour


@cache
def apart(one: Colour, other: Colour) -> float:
    """The least distance of two colours in CAM02-UCS over all VISIONS; about 1 is just noticeable side by side."""
    from colorspacious import deltaE

    return min(float(deltaE(seen_as(one, v), seen_as(other, v), input_space="sRGB1")) for v in VISIONS)


def series(ax) -> Iterator[Series]:
    """The lines, points, bars and areas on `ax`."""
    for line in ax.lines:
        dash = line._unscaled_dash_pattern if line.get_linestyle() not in ("None", "none", " ", "") else None
        if dash is None:
            yield _points(line)
        else:
            yield Series("line", _on_white(line.get_color(), line.get_alpha()), f"{dash} {line.get_marker()}")
    for patch in ax.patches:
        if patch.get_fill() and patch.get_visible():
            edged = patch.get_edgecolor()[3] > 0 and patch.get_linewidth() > 0
            yield Series("fill", _on_white(patch.get_facecolor()), str(patch.get_hatch()), edged)


def _points(line) -> Series:
    face, edge = line.get_markerfacecolor(), line.get_markeredgecolor()
    hollow = isinstance(face, str) and face == "none"
    colour = _on_white(edge if hollow else face, line.get_alpha())
    return Series("points", colour, f"{line.get_marker()} {hollow}", contrast(_on_white(edge)) >= LINE)


def _on_white(colour, alpha=None) -> Colour:
    *parts, given = to_rgba(colour)
    share = given if alpha is None else alpha
    return tuple(round(share * part + 1 - share, 4) for part in parts)


def faults(figure) -> list[str]:
    """What a reader would not tell apart, or would hardly see, on a drawn figure."""
    found: list[str] = []
    for ax in figure.axes:
        drawn = set(series(ax))
        for one, other in combinations(sorted(drawn, key=str), 2):
            alike = (one.kind, one.sign) == (other.kind, other.sign) and one.colour != other.colour
            ground = min(contrast(one.colour), contrast(other.colour)) < GROUND
            if alike and not ground and apart(one.colour, other.colour) < APART:
                found.append(f"two {one.kind} in {_hex(one)} and {_hex(other)} are told apart by colour alone")
        for one in drawn:
            if one.kind != "fill" and not one.edged and contrast(one.colour) < LINE:
                found.append(f"a {one.kind} in {_hex(one)} has {contrast(one.colour):.1f}:1 to white")
        found += _pale_words(ax)
    return found


def _hex(one: Series) -> str:
    return to_hex(one.colour)


def _pale_words(ax) -> Iterator[str]:
    ticks = [label for axis in (ax.xaxis, ax.yaxis) for label in axis.get_ticklabels()]
    for text in (*ax.texts, ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label, *ticks):
        words = text.get_text().strip()
        if words and text.get_visible():
            ratio = contrast(_on_white(text.get_color(), text.get_alpha()), _under(ax, text))
            if ratio < TEXT:
                yield f"the words {words!r} have {ratio:.1f}:1 to what lies under them"


def _under(ax, text) -> Colour:
    """The colour under the middle of a text: of its own box, else of the topmost patch or point, else white."""
    if (box := text.get_bbox_patch()) is not None and box.get_facecolor()[3] > 0.5:
        return _on_white(box.get_facecolor())
    extent = text.get_window_extent()
    middle = ((extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2)
    if not ax.bbox.contains(*middle):
        return WHITE  # outside the axes, where nothing is drawn
    below = [p for p in ax.patches if p.get_visible() and p.get_facecolor()[3] and p.contains_point(middle)]
    if below:
        return _on_white(sorted(below, key=lambda patch: patch.get_zorder())[-1].get_facecolor())
    return next((s for line in ax.lines if (s := _stone(line, middle))), WHITE)


def _stone(line, middle) -> Colour | None:
    """The colour of a marker of `line` that covers a place, if one does."""
    if line.get_marker() in ("None", "none", "", None, ".", ","):
        return None
    places = line.get_transform().transform(line.get_xydata())
    radius = line.get_markersize() * line.get_figure().dpi / 72 / 2
    near = places.size and np.min(np.hypot(*(places - middle).T)) < radius
    return _on_white(line.get_markerfacecolor()) if near else None


def watch() -> None:
    """From now on, whatever is saved as a picture or drawn by an explorer raises AssertionError where it has faults."""
    from matplotlib.figure import Figure

    from mlsys_helpers.kit.explorer import Canvas

    Figure.savefig = _watched(Figure.savefig, lambda figure: figure)
    Canvas._png = _watched(Canvas._png, lambda canvas: canvas.figure)


def _watched(method, figure_of):
    def checked(self, *args, **kwargs):
        made = method(self, *args, **kwargs)
        found = faults(figure_of(self))
        assert not found, "; ".join(found)
        return made

    return checked
