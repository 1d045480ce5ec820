"""Every claim that the notebook makes about what a reader will see in its explorers, and what the quiz says."""

import numpy as np
import pytest

from mlsys_helpers.sections.fallacies import explorers, figures, filters, model

# A late answer


def first_deadline_ms(measured, name):
    """The shortest deadline of the explorer at which the filter is worth half of its accuracy."""
    worth = explorers.worth(measured, explorers.NOTHING, figures.DEADLINES_MS)[name]
    return figures.DEADLINES_MS[np.argmax(worth >= measured[name][0] / 2)]


def test_the_most_elaborate_filter_drops_first():
    measured = filters.measured()
    at = [first_deadline_ms(measured, name) for name in filters.FILTERS]
    assert at == sorted(at) and at[2] > 5 * at[0]


def test_with_a_fallback_nobody_falls_below_the_linear_filter():
    measured = filters.measured()
    worth = explorers.worth(measured, explorers.SIMPLE, figures.DEADLINES_MS)
    assert all((worth[name] >= measured["linear"][0] - 1e-9).all() for name in filters.FILTERS)
    without = explorers.worth(measured, explorers.NOTHING, figures.DEADLINES_MS[0] / 100)
    assert set(without.values()) == {0}


def test_nothing_in_time_is_said():
    assert figures.tell_deadline(0.05, {"linear": 0.0, "forest": 0.0}, "nothing").endswith("none in time.")


# A faster stage


def test_what_is_said_of_the_stages():
    explorer = explorers.stages()
    assert "130 ms become 100 ms, 23 % less, 1.30 times" in explorer.sentence and "give 1.53" in explorer.sentence
    assert explorer.sentence.endswith("16.7 requests a second before, 16.7 after.")
    explorer.set(stage="preprocessing")
    assert "become 90.0 ms" in explorer.sentence and "1.44 times" in explorer.sentence
    assert explorer.sentence.endswith("16.7 requests a second before, 22.2 after.")
    explorer.set(stage="postprocessing", faster=1000)
    assert explorer.sentence.endswith("16.7 after.")


def test_five_times_leaves_94_ms_and_gives_6_more():
    assert sum(model.sped_up(model.CHAPTER_S, "inference", 5).values()) == pytest.approx(0.094)


# A year


def test_what_is_said_of_the_year():
    assert figures.below_months(0.83, 0.008, figures.NEVER) == pytest.approx(9.5, abs=0.01)
    assert figures.below_months(0.83, 0.008, 2) == 0
    assert figures.below_months(0.83, 0.008, 3) == pytest.approx(4 * 0.5, abs=0.01)
    assert figures.below_months(0.83, 0.016, 2) > 0 and model.time_until(0.85, 0.83, 0.016) == pytest.approx(1.25)
    assert figures.aged(6, 0.008, figures.NEVER) == pytest.approx(0.802)
