"""Explorer: a few controls, one picture that answers them, and one sentence that says what it shows.

    Explorer(
        "The roofline",
        {"batch": Steps("Batch", (1, 2, 4, 8), start=1, unit="items")},
        backdrop=draw_axes,          # draw_axes(ax): axes, limits, ticks, titles; drawn once
        marks=draw_point,            # draw_point(ax, batch): what moves; whatever it adds is replaced at each change
        sentence=tell_point,         # tell_point(batch) -> str: shown below, and the picture's text alternative
    )

Only marks are redrawn, over a stored backdrop, and the picture travels as one small PNG. So marks may add lines,
points, patches and texts, but cannot move limits or change titles: those were drawn already.
"""

import base64
import html
import io
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from PIL import Image

from mlsys_helpers.kit.checks import one_of, real
from mlsys_helpers.kit.figure import Picture, new_axes, small_png, styled
from mlsys_helpers.kit.mend import LISTS_KEEP_ARROWS
from mlsys_helpers.kit.units import number

# ipywidgets gives slider handles no accessible name, and has them report a position instead of a value; nor can it
# make a status region. Each new picture mends that in its own explorer.
_MEND = (
    """
const box = this.closest('.companion-explorer');
for (const row of box ? box.querySelectorAll('.widget-slider') : []) {
  const handle = row.querySelector('[role=slider]');
  handle.setAttribute('aria-label', row.querySelector('.widget-label').textContent);
  handle.setAttribute('aria-valuetext', row.querySelector('.widget-readout').textContent);
}
box?.querySelector('.companion-sentence')?.setAttribute('role', 'status');
"""
    + LISTS_KEEP_ARROWS
)


@dataclass(frozen=True)
class Choice:
    """A drop-down list. `options` are the values, or a mapping from the text shown to the value."""

    label: str
    options: Sequence | Mapping[str, Any]
    start: Any = None  # the first option

    def __post_init__(self):
        if isinstance(self.options, str) or not self.options:
            raise ValueError(f"{self.label}: options must be a list of values or a mapping, got {self.options!r}")
        self.index_of(self.values[0] if self.start is None else self.start)

    @property
    def values(self) -> tuple:
        """What each option stands for."""
        return tuple(self.options.values() if isinstance(self.options, Mapping) else self.options)

    @property
    def texts(self) -> tuple[str, ...]:
        """What a reader sees of each option."""
        return tuple(map(str, self.options))

    @property
    def extremes(self) -> tuple:
        """Every option: any of them may be the one that breaks."""
        return self.values

    def index_of(self, value) -> int:
        """The place of `value` among the options; ValueError with the nearest match where there is none."""
        one_of(self.label, value, self.values)
        return self.values.index(value)

    def widget(self, **look) -> widgets.Dropdown:
        """The list itself, at its start; `look` holds style and layout."""
        index = 0 if self.start is None else self.index_of(self.start)
        return widgets.Dropdown(options=self.texts, index=index, description=self.label, **look)


@dataclass(frozen=True)
class Steps:
    """A slider over `values`, numbers in rising order; `show` writes one as text, `unit` stands in the label."""

    label: str
    values: Sequence[float]
    start: float
    unit: str = ""
    show: Callable[[float], str] = lambda step: f"{step:,}" if isinstance(step, int) else number(step)

    def __post_init__(self):
        values = real(f"{self.label}: values", self.values)
        if values.ndim != 1 or values.size < 2 or np.any(np.diff(values) <= 0):
            raise ValueError(f"{self.label}: values must be at least two numbers in rising order, got {self.values!r}")
        object.__setattr__(
            self, "values", tuple(np.asarray(self.values).tolist())
        )  # plain numbers, whole ones stay whole
        self.index_of(self.start)

    @property
    def texts(self) -> tuple[str, ...]:
        """What a reader sees of each step."""
        return tuple(map(self.show, self.values))

    @property
    def extremes(self) -> tuple[float, float]:
        """The first and the last step."""
        return self.values[0], self.values[-1]

    def index_of(self, value: float) -> int:
        """The place of `value` among the steps; ValueError with the nearest step where there is none."""
        wanted = real(self.label, value)
        if wanted.ndim:
            raise TypeError(f"{self.label} must be a single number, got {value!r}")
        distances = np.abs(np.asarray(self.values) - wanted)
        nearest = int(distances.argmin())
        if not np.isclose(self.values[nearest], value, rtol=1e-9, atol=0):
            raise ValueError(f"{self.label} has no step at {value:g}; the nearest is {self.values[nearest]:g}")
        return nearest

    def widget(self, **look) -> widgets.SelectionSlider:
        """The slider itself, at its start; `look` holds style and layout."""
        label = f"{self.label} ({self.unit})" if self.unit else self.label
        return widgets.SelectionSlider(options=self.texts, index=self.index_of(self.start), description=label, **look)


def chosen(controls: Mapping[str, Any], names: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The `controls` called `names`, all without any, and the values at which the others stay: their starts.

    So that one explorer can begin with two controls and come back with all. Raises ValueError for an unknown name.
    """
    shown = {one_of("control", name, controls): controls[name] for name in names or controls}
    return shown, {name: control.start for name, control in controls.items() if name not in shown}


def quick_png(rgba: np.ndarray) -> bytes:
    """`rgba`, bytes of shape (height, width, 4), as a PNG in a third of the time that Pillow takes.

    A drawing on a plain ground gains nothing from PNG's row filters, and choosing them is what takes Pillow long.
    """
    height, width, _ = rgba.shape
    rows = np.zeros((height, 1 + 4 * width), np.uint8)  # the first byte of each row names its filter: 0, none
    rows[:, 1:] = rgba.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


class Canvas:
    """A figure whose backdrop is drawn once; `draw` adds marks and returns the PNG, as often as wanted."""

    @styled
    def __init__(self, backdrop: Callable[[Axes], Any], width: int, height: int):
        self.ax = new_axes(width, height)
        self.figure = self.ax.get_figure()
        backdrop(self.ax)
        for ax in self.figure.axes:
            ax.autoscale(False)
        self.figure.canvas.draw()
        self._backdrop = self.figure.canvas.copy_from_bbox(self.figure.bbox)
        self._fixed = set(self._children())
        self._limits = self._limits_now()

    @styled
    def draw(self, marks: Callable[[Axes], Any]) -> bytes:
        """The backdrop with what `marks(ax)` adds to the figure, as a PNG; then the marks are taken off again."""
        for ax in self.figure.axes:
            ax.set_prop_cycle(None)  # the same colours in the same order, each time
        try:
            marks(self.ax)
            if self._limits_now() != self._limits:
                raise ValueError("marks changed the limits of the axes: set them in backdrop, which draws the ticks")
            return self._png(self._added())
        finally:
            for artist in self._added():
                artist.remove()
            for ax in self.figure.axes:
                ax.containers.clear()

    def _png(self, artists: list[Artist]) -> bytes:
        canvas = self.figure.canvas
        canvas.restore_region(self._backdrop)
        for artist in sorted(artists, key=Artist.get_zorder):
            artist.draw(canvas.get_renderer())
        return quick_png(np.asarray(canvas.buffer_rgba()))

    def _children(self) -> Iterator[Artist]:
        yield from self.figure.get_children()
        for ax in self.figure.axes:
            yield from ax.get_children()

    def _added(self) -> list[Artist]:
        return [child for child in self._children() if child not in self._fixed]

    def _limits_now(self) -> list[tuple]:
        return [(*ax.get_xlim(), *ax.get_ylim()) for ax in self.figure.axes]


class Explorer(widgets.VBox):
    """Controls, a picture and a sentence; see the module's docstring.

    `controls` maps each keyword of `marks` and `sentence` to a Choice or a Steps. Where no kernel runs, the picture
    and sentence of the state at display time are shown instead. An error in `marks` or `sentence` is raised by the
    constructor and by `set`; when a reader moves a control it is shown in place of the picture.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Choice | Steps],
        *,
        backdrop: Callable[[Axes], Any],
        marks: Callable[..., Any],
        sentence: Callable[..., str],
        width: int = 640,
        height: int = 400,
    ):
        if not controls:
            raise ValueError(f"the explorer {title!r} needs at least one control")
        self.title, self.controls = title, dict(controls)
        self.backdrop, self.marks, self.tell = backdrop, marks, sentence
        self._size = (width, height)
        self._canvas = Canvas(backdrop, width, height)
        self._inputs = _inputs(self.controls, width)
        self._picture = widgets.HTML(layout={"width": f"{width}px", "height": f"{height}px", "max_width": "100%"})
        self._sentence = widgets.HTML(layout={"max_width": f"{width}px", "height": "62px", "overflow": "auto"})
        self._sentence.add_class("companion-sentence")
        heading = widgets.HTML(f"<strong>{html.escape(title)}</strong>")
        super().__init__([heading, *self._inputs.values(), self._picture, self._sentence])
        self.add_class("companion-explorer")
        self._redraw()
        for control in self._inputs.values():
            control.observe(self._moved, names="index")

    @property
    def values(self) -> dict[str, Any]:
        """The value of each control, by name."""
        return {name: self.controls[name].values[control.index] for name, control in self._inputs.items()}

    @property
    def sentence(self) -> str:
        """What the present picture shows, in words."""
        return self.tell(**self.values)

    @property
    def png(self) -> bytes:
        """The present picture's pixels."""
        return self._png

    def set(self, **values) -> None:
        """Move controls as a reader would, all at once, and redraw; raises what `marks` or `sentence` raise."""
        places = {
            one_of("control", name, self.controls): self.controls[name].index_of(value)
            for name, value in values.items()
        }
        with self._unobserved():
            for name, place in places.items():
                self._inputs[name].index = place
        self._redraw()

    def corners(self) -> Iterator[dict[str, Any]]:
        """Every combination of first and last step and of all choices, as keywords for `set`."""
        for values in product(*(control.extremes for control in self.controls.values())):
            yield dict(zip(self.controls, values, strict=True))

    def _redraw(self) -> None:
        values = self.values
        text = self.tell(**values)
        self._png = self._canvas.draw(lambda ax: self.marks(ax, **values))
        self._picture.value = self._live_image(text)  # first: it is what takes time to travel
        self._sentence.value = _lines(text)

    def _moved(self, change) -> None:
        try:
            self._redraw()
        except Exception as error:  # a callback's error would only reach a log that readers never open
            told = f"This setting cannot be shown ({type(error).__name__}: {error}). Choose another."
            self._sentence.value = _lines(told)
            self._picture.value = f'<p role="alert">{html.escape(told)}</p>'

    def _live_image(self, text: str) -> str:
        source, alt = base64.b64encode(self._png).decode(), html.escape(text)
        width, height = self._size
        return (
            f'<img src="data:image/png;base64,{source}" width="{width}" height="{height}" alt="{alt}"'
            f' decoding="sync" style="max-width: 100%" onload="{html.escape(_MEND)}">'
        )

    @contextmanager
    def _unobserved(self) -> Iterator[None]:
        for control in self._inputs.values():
            control.unobserve(self._moved, names="index")
        try:
            yield
        finally:
            for control in self._inputs.values():
                control.observe(self._moved, names="index")

    def _static_form(self) -> str:
        picture = Picture(small_png(Image.open(io.BytesIO(self._png))), *self._size, self.sentence)
        settings = "".join(f"<li>{html.escape(line)}</li>" for line in self._settings())
        return (
            f"<p><strong>{html.escape(self.title)}</strong></p><ul>{settings}</ul>{picture.html}"
            f"<p>{html.escape(picture.text)}</p>"
        )

    def _settings(self) -> Iterator[str]:
        for name, control in self._inputs.items():
            yield f"{control.description}: {self.controls[name].texts[control.index]}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        live = super()._repr_mimebundle_(include=include, exclude=exclude)
        return {**live, "text/html": self._static_form(), "text/plain": self.sentence}


def _lines(text: str) -> str:
    """`text` in lines set as a paragraph's, where widgets would set them as far apart as buttons; three fit."""
    return f'<p style="line-height: 1.4; margin: 0">{html.escape(text)}</p>'


def _inputs(controls: Mapping[str, Choice | Steps], width: int) -> dict[str, Any]:
    longest = max(len(control.label) + len(getattr(control, "unit", "")) for control in controls.values())
    look = {"style": {"description_width": f"{longest + 4}ch"}, "layout": {"width": f"{width}px", "max_width": "100%"}}
    return {name: control.widget(**look) for name, control in controls.items()}
