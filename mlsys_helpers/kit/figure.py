"""Figures: one look, colours that mean one thing everywhere, and a text alternative for each picture.

A figure function of a section is axes-level and reads like this:

    @styled
    def plot_terms(terms, *, ax=None):
        ax = ax or new_axes()
        ax.barh(["data"], [terms.data_s], **fill("data"))
        return describe(ax, f"Moving the data takes {duration(terms.data_s)}.")

A notebook shows it with `show(plot_terms(terms))`. Lengths are in pixels of a screen at normal resolution.
"""

import base64
import html
import io
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mlsys_helpers.kit.checks import one_of

DPI = 100
SHARPNESS = 2  # pixels stored for each pixel shown, so that a figure stays crisp on dense screens

# Colours: petroff6 (Petroff, 2021, arXiv:2107.02270), made for colour-vision deficiencies; three of them darkened, so
# that a line in any colour has a contrast of 3:1 to white. Hatch, marker or dash says the same as the colour does.
COLOUR = {
    "data": "#5790fc",
    "compute": "#de7c00",
    "latency": "#964a8b",
    "limit": "#d41a30",
    "neutral": "#909096",
    "accent": "#7a21dd",
}
HATCH = {"data": "//", "compute": "", "latency": "..", "limit": "xx", "neutral": "--", "accent": "\\\\"}
MARKER = {"data": "o", "compute": "s", "latency": "^", "limit": "X", "neutral": "D", "accent": "*"}
DASH = {"data": "-", "compute": "--", "latency": ":", "limit": "-.", "neutral": "-", "accent": (0, (6, 1, 1, 1, 1, 1))}
INK = "#222222"


def fill(meaning: str) -> dict:
    """Keywords for bars, areas and patches that stand for `meaning`, a key of COLOUR."""
    one_of("meaning", meaning, COLOUR)
    return {"facecolor": COLOUR[meaning], "hatch": HATCH[meaning], "edgecolor": INK}


def line(meaning: str) -> dict:
    """Keywords for a line that stands for `meaning`, a key of COLOUR."""
    one_of("meaning", meaning, COLOUR)
    return {"color": COLOUR[meaning], "linestyle": DASH[meaning]}


def points(meaning: str) -> dict:
    """Keywords of `plot` for points without a line that stand for `meaning`, a key of COLOUR."""
    one_of("meaning", meaning, COLOUR)
    return {"color": COLOUR[meaning], "marker": MARKER[meaning], "linestyle": "none", "markeredgecolor": INK}


def styled(function):
    """Decorator: whatever `function` draws has the companion's look, and nothing drawn elsewhere does."""

    @wraps(function)
    def in_style(*args, **kwargs):
        with style():
            return function(*args, **kwargs)

    return in_style


def style():
    """A context in which new artists have the companion's look (companion.mplstyle)."""
    return mpl.rc_context(_style_sheet())


@styled
def new_axes(width: int = 640, height: int = 400) -> Axes:
    """Empty axes on a figure of their own, `width` by `height` pixels; pyplot never hears of it."""
    return new_figure(width, height).add_subplot()


@styled
def new_figure(width: int = 640, height: int = 400) -> Figure:
    """An empty figure of `width` by `height` pixels, for several axes; pyplot never hears of it."""
    if not (width > 0 and height > 0):
        raise ValueError(f"a figure needs a width and a height above zero pixels, got {width} by {height}")
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def describe(ax: Axes, text: str) -> Axes:
    """Give `ax` its text alternative: what a reader who cannot see the picture should learn from it."""
    if not text.strip():
        raise ValueError("the description is empty: say in a sentence or two what the figure shows")
    ax.set_label(text)
    return ax


def description(ax: Axes) -> str:
    """The text alternatives of all axes of the figure that `ax` is on, in order; "" where there is none."""
    labels = [str(one.get_label()) for one in _figure(ax).axes]
    return " ".join(label for label in labels if label and not label.startswith("<"))


@dataclass(frozen=True)
class Picture:
    """A PNG, the size in pixels at which it is shown, and its text alternative; notebooks display it."""

    png: bytes
    width: int
    height: int
    text: str

    @property
    def html(self) -> str:
        """The picture as one `<img>` that carries its own pixels and its alternative text."""
        source = base64.b64encode(self.png).decode()
        alt = html.escape(self.text)
        return f'<img src="data:image/png;base64,{source}" width="{self.width}" height="{self.height}" alt="{alt}">'

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.html, "text/plain": self.text}


@styled
def show(ax: Axes) -> Picture:
    """The figure that `ax` is on, as a picture with its text alternative; figures made alike give the same bytes.

    Raises ValueError where nothing on the figure was described.
    """
    text = description(ax)
    if not text:
        raise ValueError("this figure has no text alternative: give it one with describe(ax, text) before show(ax)")
    figure = _figure(ax)
    width, height = (round(side * DPI) for side in figure.get_size_inches())
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=SHARPNESS * DPI)
    return Picture(small_png(Image.open(file)), width, height, text)


def small_png(image: Image.Image) -> bytes:
    """`image` as a PNG of at most 256 colours: a third of the size, and in a drawing no difference to the eye."""
    file = io.BytesIO()
    image.convert("RGB").quantize(method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        file, "PNG", optimize=True
    )
    return file.getvalue()


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes are no longer on a figure")
    return figure


@cache
def _style_sheet() -> mpl.RcParams:
    return mpl.rc_params_from_file(Path(__file__).with_name("companion.mplstyle"), use_default_template=False)
