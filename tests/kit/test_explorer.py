"""Explorers: the picture follows the controls, leaves nothing behind, and says what it shows."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mlsys_helpers.kit.explorer import Canvas, Choice, Explorer, Steps, chosen, quick_png
from mlsys_helpers.kit.figure import fill, line, new_axes, styled


def backdrop(ax):
    ax.set(xlim=(0, 10), ylim=(0, 10), xlabel="items")
    ax.plot([0, 10], [0, 10], **line("neutral"))


def marks(ax, batch, kind="bar"):
    if kind == "bar":
        ax.bar([batch], [batch], **fill("data"))
    ax.errorbar([batch], [5], yerr=1)
    ax.text(1, 8, f"{batch} items")
    ax.legend(["all", "this"], loc="lower right")


def sentence(batch, kind="bar"):
    return f"A {kind} of {batch} <items>."


def make(**changes):
    controls = {"batch": Steps("Batch", (1, 2, 4, 8), start=2, unit="items"), "kind": Choice("Kind", ("bar", "none"))}
    given_ = {
        "controls": controls,
        "backdrop": backdrop,
        "marks": marks,
        "sentence": sentence,
        "width": 320,
        "height": 200,
    }
    return Explorer("Bars & more", **given_ | changes)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def live(explorer) -> str:
    return explorer.children[-2].value


def test_the_first_state_is_drawn_and_told():
    explorer = make()
    assert explorer.values == {"batch": 2, "kind": "bar"}
    assert explorer.sentence == "A bar of 2 <items>."
    assert pixels(explorer.png).shape == (200, 320, 3)
    assert 'width="320" height="200" alt="A bar of 2 &lt;items&gt;."' in live(explorer)
    assert ">A bar of 2 &lt;items&gt;.</p>" in explorer.children[-1].value


def test_moving_a_control_changes_picture_text_alternative_and_sentence():
    explorer = make()
    before = explorer.png
    explorer._inputs["batch"].index = 3  # what the browser sends
    assert explorer.png != before
    assert 'alt="A bar of 8 &lt;items&gt;."' in live(explorer)
    assert ">A bar of 8 &lt;items&gt;.</p>" in explorer.children[-1].value


def test_nothing_stays_behind():
    explorer = make()
    before, axes = explorer.png, explorer._canvas.ax
    left = len(axes.get_children()), len(axes.containers)
    for state in [*explorer.corners()] * 3:
        explorer.set(**state)
    explorer.set(batch=2, kind="bar")
    assert explorer.png == before
    assert (len(axes.get_children()), len(axes.containers)) == left


def test_marks_on_a_backdrop_look_like_a_whole_drawing():
    explorer = make()

    @styled
    def whole():
        ax = new_axes(320, 200)
        backdrop(ax)
        marks(ax, batch=2)
        ax.get_figure().canvas.draw()
        return np.asarray(ax.get_figure().canvas.buffer_rgba())[..., :3].astype(int)

    different = np.abs(pixels(explorer.png) - whole()).max(axis=2) > 40
    assert different.mean() < 0.01  # marks lie over the frame, where a whole drawing has them beneath it


def test_several_axes_can_be_used():
    def two(ax):
        ax.get_figure().add_subplot(1, 2, 2).set(xlim=(0, 1), ylim=(0, 1))

    def both(ax, batch, kind):
        for one in ax.get_figure().axes:
            one.bar([0.5], [batch / 8])

    explorer = make(backdrop=two, marks=both)
    before = explorer.png
    explorer.set(batch=8)
    explorer.set(batch=2)
    assert explorer.png == before
    assert not explorer._canvas.figure.axes[1].patches


def test_set_moves_all_controls_and_draws_once():
    drawn = []
    explorer = make(marks=lambda ax, **values: drawn.append(values))
    explorer.set(batch=8, kind="none")
    assert drawn == [{"batch": 2, "kind": "bar"}, {"batch": 8, "kind": "none"}]


def test_corners_are_the_extremes_of_sliders_with_every_choice():
    assert [*make().corners()] == [{"batch": b, "kind": k} for b in (1, 8) for k in ("bar", "none")]


def broken(ax, batch, kind):
    ax.plot([1], [1])
    if batch == 8:
        raise ZeroDivisionError("no items <left>")


def test_an_error_while_a_reader_moves_a_control_is_shown_and_passes():
    explorer = make(marks=broken)
    before = explorer.png
    explorer._inputs["batch"].index = 3
    told = "This setting cannot be shown (ZeroDivisionError: no items &lt;left&gt;). Choose another."
    assert told in live(explorer)
    assert told in explorer.children[-1].value
    explorer._inputs["batch"].index = 1
    assert "<img" in live(explorer)
    assert explorer.png == before


def test_an_error_reaches_the_author():
    with pytest.raises(ZeroDivisionError):
        make(marks=broken).set(batch=8)
    with pytest.raises(ZeroDivisionError):
        make(marks=lambda ax, **values: 1 / 0)


def test_marks_that_move_the_limits_are_refused():
    with pytest.raises(ValueError, match="set them in backdrop"):
        make(marks=lambda ax, **values: ax.set_xlim(0, 1))


def test_the_output_keeps_its_height():
    picture, told = make().children[-2:]
    assert (picture.layout.height, picture.layout.width) == ("200px", "320px")
    assert told.layout.height


def test_where_no_kernel_runs_there_is_a_picture_with_the_state_and_the_sentence():
    bundle = make()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "A bar of 2 <items>."
    for part in (
        "Bars &amp; more",
        "<li>Batch (items): 2</li>",
        "<li>Kind: bar</li>",
        'alt="A bar of 2 &lt;items&gt;."',
    ):
        assert part in bundle["text/html"]
    assert "onload" not in bundle["text/html"]
    assert bundle["text/html"] == make()._repr_mimebundle_()["text/html"]


def test_labels_carry_units_and_steps_are_written_for_people():
    assert make()._inputs["batch"].description == "Batch (items)"
    assert Steps("Batch", (1, 2048), start=1).texts == ("1", "2,048")
    assert Steps("Time", (0.5, 1e9), start=0.5).texts == ("0.500", "1.00e+09")
    assert Steps("Time", np.arange(1, 3), start=1, show=lambda s: f"{s} s").texts == ("1 s", "2 s")


def test_a_choice_can_show_another_text_than_its_value():
    choice = Choice("Chip", {"A100, 80 GB": "A100_SXM_80", "T4": "T4"}, start="T4")
    assert (choice.values, choice.texts) == (("A100_SXM_80", "T4"), ("A100, 80 GB", "T4"))
    assert choice.widget().index == 1


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: Choice("Chip", ()), "Chip: options must be"),
        (lambda: Choice("Chip", "T4"), "Chip: options must be"),
        (lambda: Choice("Chip", ("T4", "H100"), start="H10"), "unknown Chip 'H10'; did you mean 'H100'"),
        (lambda: Steps("Batch", (1,), start=1), "Batch: values must be at least two numbers in rising order"),
        (lambda: Steps("Batch", (2, 1), start=1), "in rising order"),
        (lambda: Steps("Batch", (1, 1), start=1), "in rising order"),
        (lambda: Steps("Batch", (1, float("nan")), start=1), "must be finite"),
        (lambda: Steps("Batch", (1, 2), start=3), "Batch has no step at 3; the nearest is 2"),
        (lambda: make(controls={}), "needs at least one control"),
        (lambda: make().set(bach=1), "unknown control 'bach'; did you mean 'batch'"),
        (lambda: make().set(batch=3), "Batch has no step at 3; the nearest is"),
        (lambda: make().set(kind="bars"), "unknown Kind 'bars'; did you mean 'bar'"),
    ],
)
def test_bad_values_are_named(bad, message):
    with pytest.raises(ValueError, match=message):
        bad()


@pytest.mark.parametrize("value", ["2", None, True, [1, 2]])
def test_a_step_must_be_one_number(value):
    with pytest.raises((TypeError, ValueError), match="Batch"):
        make().set(batch=value)


@given(st.integers(1, 12), st.integers(1, 12), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_quick_png_keeps_every_pixel(height, width, random):
    rgba = np.array([random.randrange(256) for _ in range(height * width * 4)], np.uint8).reshape(height, width, 4)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(quick_png(rgba)))), rgba)


def test_a_canvas_draws_without_widgets():
    canvas = Canvas(backdrop, 320, 200)
    assert canvas.draw(lambda ax: marks(ax, 2)) == make().png


def test_controls_that_are_not_chosen_stay_at_their_start():
    controls = {"batch": Steps("Batch", (1, 2), start=2), "chip": Choice("Chip", ("A", "B"), start="B")}
    assert chosen(controls, ("chip",)) == ({"chip": controls["chip"]}, {"batch": 2})
    assert chosen(controls, ()) == (controls, {})
    with pytest.raises(ValueError, match="did you mean 'batch'"):
        chosen(controls, ("bach",))
