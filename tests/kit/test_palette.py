"""Colours with a meaning: apart to every eye, seen on white, each with a second sign. Also: what drawn.py finds."""

from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb

from mlsys_helpers.kit import figure
from tests import drawn

COLOURS = {name: to_rgb(colour) for name, colour in figure.COLOUR.items()}


@pytest.mark.parametrize(("one", "other"), list(combinations(COLOURS, 2)))
def test_two_colours_are_apart_to_every_eye(one, other):
    assert drawn.apart(COLOURS[one], COLOURS[other]) >= drawn.APART


@pytest.mark.parametrize("name", COLOURS)
def test_a_colour_is_seen_on_white(name):
    assert drawn.contrast(COLOURS[name]) >= drawn.LINE


@pytest.mark.parametrize("signs", [figure.HATCH, figure.MARKER], ids=["hatch", "marker"])
def test_each_meaning_has_a_sign_of_its_own(signs):
    assert signs.keys() == COLOURS.keys() and len(set(signs.values())) == len(signs)


def test_words_are_read_on_white_and_the_cycle_is_the_palette():
    with figure.style():
        for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color"):
            assert drawn.contrast(to_rgb(f"#{mpl.rcParams[name].lstrip('#')}")) >= drawn.TEXT
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [to_rgb(f"#{colour.lstrip('#')}") for colour in cycle] == list(COLOURS.values())


# --- what is found on a figure that fails


def on_axes(draw):
    ax = figure.new_axes()
    draw(ax)
    return drawn.faults(ax.get_figure())


def test_a_sound_figure_has_no_fault():
    def draw(ax):
        ax.plot([1, 2], [1, 2], **figure.line("data"))
        ax.plot([1, 2], [2, 1], **figure.line("limit"))
        ax.bar([1], [1], **figure.fill("compute"))
        ax.text(1, 0.5, "said in ink")

    assert on_axes(draw) == []


@pytest.mark.parametrize(
    ("draw", "fault"),
    [
        (lambda ax: [ax.plot([1, 2], [1, y], color=c) for y, c in ((2, "#b84a40"), (3, "#5f7f30"))], "by colour alone"),
        (lambda ax: ax.plot([1, 2], [1, 2], color="#f0b050"), "to white"),
        (lambda ax: ax.plot([1, 2], [1, 2], color="#d41a30", alpha=0.3), "to white"),
        (lambda ax: ax.text(0.5, 0.5, "pale", color="#b0b0b0"), "the words 'pale' have"),
        (lambda ax: (ax.bar([0], [1], color="#222222"), ax.text(0, 0.5, "dark", ha="center")), "the words 'dark' have"),
    ],
    ids=["red and green", "pale line", "thin line", "pale words", "ink on ink"],
)
def test_a_fault_is_found_and_named(draw, fault):
    assert any(fault in found for found in on_axes(draw))


def test_white_words_on_a_dark_bar_are_read():
    assert not on_axes(lambda ax: (ax.bar([0], [1], color="#222222"), ax.text(0, 0.5, "o", color="white", ha="center")))


def test_contrast_is_the_one_of_wcag():
    assert drawn.contrast((0, 0, 0)) == pytest.approx(21)
    assert drawn.contrast(to_rgb("#767676")) == pytest.approx(4.54, abs=0.01)
