"""Figures: colours told apart by everyone, a look that stays inside, a text alternative that is always there."""

import io
import subprocess
import sys
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from mlsys_helpers.kit import figure

# Full deficiencies after Machado, Oliveira and Fernandes (2009), on linear RGB.
DEFICIENCY = {
    "none": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def cielab(colour: str, deficiency: np.ndarray) -> np.ndarray:
    """`colour` in CIELAB as seen with a deficiency of colour vision."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(TO_XYZ @ np.clip(deficiency @ linear, 0.001, 1) / (TO_XYZ @ np.ones(3)))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("deficiency", DEFICIENCY)
def test_the_three_terms_and_the_limit_are_told_apart_by_every_eye(deficiency):
    seen = {name: cielab(figure.COLOUR[name], DEFICIENCY[deficiency]) for name in figure.COLOUR}
    closest = min(np.linalg.norm(seen[a] - seen[b]) for a, b in combinations(seen, 2))
    assert closest > 10  # a difference of 2 can be noticed, 10 at a glance


@pytest.mark.parametrize("signs", [figure.HATCH, figure.MARKER, figure.DASH])
def test_colour_is_never_the_only_sign(signs):
    assert signs.keys() == figure.COLOUR.keys()
    terms = [signs[name] for name in ("data", "compute", "latency", "limit")]
    assert len(set(map(str, terms))) == 4


def test_a_mistyped_meaning_is_named_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'compute'"):
        figure.fill("compte")


@figure.styled
def plot_bar(text="One bar of 3.", ax=None):
    ax = ax or figure.new_axes(300, 200)
    ax.bar([0], [3], **figure.fill("data"))
    ax.plot([0, 1], [0, 3], **figure.line("limit"))
    ax.plot([0.5], [1], **figure.points("compute"))
    return figure.describe(ax, text)


def test_show_gives_a_sharp_picture_with_its_alternative_text():
    shown = figure.show(plot_bar('More than "half" & <b>less</b>'))
    assert Image.open(io.BytesIO(shown.png)).size == (600, 400)
    bundle = shown._repr_mimebundle_()
    assert (
        'width="300" height="200" alt="More than &quot;half&quot; &amp; &lt;b&gt;less&lt;/b&gt;"' in bundle["text/html"]
    )
    assert bundle["text/plain"] == 'More than "half" & <b>less</b>'


def test_two_figures_made_alike_have_the_same_bytes_and_they_name_no_program():
    first, again = figure.show(plot_bar()), figure.show(plot_bar())
    assert first == again
    assert Image.open(io.BytesIO(first.png)).text == {}


def test_few_colours_look_the_same_in_a_third_of_the_bytes():
    exact = io.BytesIO()
    with figure.style():
        plot_bar().get_figure().savefig(exact, format="png", dpi=figure.SHARPNESS * figure.DPI)
    image = Image.open(exact).convert("RGB")
    small = figure.small_png(image)
    error = np.asarray(image, float) - np.asarray(Image.open(io.BytesIO(small)).convert("RGB"), float)
    assert 20 * np.log10(255 / np.sqrt(np.mean(error**2))) > 40  # decibels; above 40 an eye sees no difference
    assert len(small) < 0.5 * len(exact.getvalue())


def test_a_figure_without_description_is_refused():
    with pytest.raises(ValueError, match="no text alternative: give it one with describe"):
        figure.show(figure.new_axes())
    with pytest.raises(ValueError, match="description is empty"):
        figure.describe(figure.new_axes(), "  ")


def test_each_axes_adds_its_sentence():
    two = figure.new_figure(400, 200).subplots(1, 2)
    figure.describe(two[0], "Left rises.")
    figure.describe(two[1], "Right falls.")
    assert figure.show(two[0]).text == figure.show(two[1]).text == "Left rises. Right falls."


def test_the_look_is_on_the_figure_and_stays_there():
    before = dict(mpl.rcParams)
    ax = plot_bar()
    figure.show(ax)
    assert dict(mpl.rcParams) == before
    assert ax.lines[0].get_linewidth() == 2
    assert not ax.spines["top"].get_visible()
    assert ax.patches[0].get_facecolor()[:3] == to_rgb(figure.COLOUR["data"])


def test_given_axes_are_drawn_on():
    ax = figure.new_axes()
    assert plot_bar(ax=ax) is ax


@pytest.mark.parametrize("size", [(0, 100), (100, -1), (float("nan"), 100)])
def test_a_size_of_nothing_is_refused(size):
    with pytest.raises(ValueError, match="above zero pixels"):
        figure.new_axes(*size)


def test_pyplot_never_hears_of_it():
    code = "import sys; from mlsys_helpers.kit import figure as f; f.show(f.describe(f.new_axes(), 'x'))"
    done = subprocess.run([sys.executable, "-c", f"{code}; assert 'matplotlib.pyplot' not in sys.modules"])
    assert done.returncode == 0
