"""The explorer at its extremes, the claims that the start page makes about it, and the five goals."""

import pytest

from mlsys_helpers import chapter, facts
from mlsys_helpers.start import explorers, figures, goals, model


def test_every_extreme_is_drawn_and_told():
    explorer, seen = explorers.in_flight(), set()
    for values in explorer.corners():
        explorer.set(**values)
        assert "nan" not in explorer.sentence
        seen.add((explorer.sentence, explorer.png))
    assert len(seen) == 4 and len(explorer.controls) == 2


def inside(time_s, busy=1):
    return model.in_flight(busy * model.rate_per_s(model.SEARCHES_PER_DAY), time_s)


def test_what_the_page_says_of_it():
    assert 19_000 < inside(0.2) < 20_000  # nearly twenty thousand
    assert inside(10) == pytest.approx(50 * inside(0.2)) and 0.95e6 < inside(10) < 1e6
    assert inside(0.1, busy=2) == pytest.approx(inside(0.2))


def test_the_sentence_rounds_what_is_not_known_better():
    explorer = explorers.in_flight()
    assert explorer.sentence == (
        "98,380 searches arrive each second and each takes 200 ms, so 19,680 are in flight at once."
    )


def test_the_walls_are_told_with_their_units():
    ax = figures.plot_walls(model.Walls(8e9, 1.1e11, 1.5e6), facts.chip("A100_SXM_80"))
    assert ax.get_label() == "In one second this computer moves 8.00 GB, does 110 GFLOP and makes 1,500,000 calls."
    assert "312 TFLOP" in [text.get_text() for text in ax.texts]


def test_five_goals_that_together_name_every_section():
    named = set()
    for goal in goals.GOALS:
        for part in goal.where.split(", "):
            first, _, last = part.partition(" to ")
            named |= {f"1.{n}" for n in range(int(first[2:]), int((last or first)[2:]) + 1)}
    assert len({goal.name for goal in goals.GOALS}) == 5
    assert named == {section.heading for section in chapter.sections()[:14]}
