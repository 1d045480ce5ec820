"""Each formula twice: a limiting case, and a published figure or another way of counting."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsys_helpers import facts
from mlsys_helpers.data.datasets import digits
from mlsys_helpers.sections.paradigm_history import model

certain = st.floats(-0.999, 0.999)


def combine_all(certainties):
    total = 0.0
    for certainty in certainties:
        total = model.combine(total, certainty)
    return total


def test_two_pieces_of_evidence():
    assert model.combine(0.7, 0.7) == pytest.approx(0.91)
    assert model.combine(-0.7, -0.7) == pytest.approx(-0.91)
    assert model.combine(0.7, -0.4) == pytest.approx(0.5)
    assert model.combine(1.0, -0.5) == 1 and model.combine(0.0, -0.3) == -0.3
    assert np.allclose(model.combine(np.array([0.7, -0.7]), 0.7), [0.91, 0.0])


@settings(deadline=None, max_examples=30)
@given(st.lists(certain, min_size=2, max_size=4))
def test_the_order_never_matters(evidence):
    answers = [combine_all(order) for order in permutations(evidence)]
    assert max(answers) - min(answers) < 1e-6
    assert answers[0] == pytest.approx(model.certainty_of(sum(map(model.weight, evidence))), abs=1e-6)


@settings(deadline=None)
@given(certain, certain)
def test_limits_and_symmetry(a, b):
    assert model.combine(a, b) == pytest.approx(model.combine(b, a))
    assert model.combine(a, 0.0) == pytest.approx(a)
    assert model.combine(a, -a) == pytest.approx(0, abs=1e-9)
    assert -1 <= model.combine(a, b) <= 1


def test_adding_mixed_evidence_plainly_would_depend_on_the_order():
    def plain(a, b):
        return model.combine(a, b) if a * b >= 0 else a + b

    assert plain(plain(0.7, 0.7), -0.7) != pytest.approx(plain(plain(0.7, -0.7), 0.7))


def test_contradiction_and_nonsense_are_refused():
    with pytest.raises(ValueError, match="certain of the opposite"):
        model.combine(1, -1)
    with pytest.raises(ValueError, match="between -1 and 1, got 70"):
        model.combine(70, 0.2)


def test_log_odds_by_hand_and_limits():
    assert model.log_odds(30, 100, 10, 100, smoothing=1e-9) == pytest.approx(np.log(3))
    assert model.log_odds(0, 0.5, 0, 0.5) == 0
    assert np.isfinite(model.log_odds(0, 100, 50, 100))
    assert model.log_odds(np.array([9, 1]), 10, 5, 10)[0] > 0 > model.log_odds(np.array([9, 1]), 10, 5, 10)[1]


def test_four_look_ups_are_the_full_sum():
    images = digits().features.reshape(-1, 8, 8)
    integral = model.integral_image(images)
    rng = np.random.default_rng(1)
    for _ in range(50):
        (top, bottom), (left, right) = (sorted(rng.integers(0, 9, 2)) for _ in range(2))
        full = images[:, top:bottom, left:right].sum(axis=(1, 2))
        assert np.array_equal(model.rectangle_sum(integral, top, left, bottom, right), full)
    assert integral[3, -1, -1] == images[3].sum() and not integral[:, 0].any()


def test_improvement_and_gpt3():
    assert model.relative_reduction(26.2, 15.3) == pytest.approx(0.416, abs=5e-4)
    assert (
        model.training_flop(175e9, 300e9) == pytest.approx(3.15e23) and model.training_flop(174.6e9, 300e9) < 3.145e23
    )
    listed = next(row for row in facts.training_runs() if row.model.startswith("GPT-3")).training_flop
    assert model.training_flop(174.6e9, 300e9) == pytest.approx(listed, rel=1e-3)
    assert model.attention_flop(96, 12288, 2048, 300e9) / 3.15e23 == pytest.approx(0.0276, abs=1e-4)


def test_counting_a_dense_network_gives_6nd_less_the_first_layers_input():
    widths = (64, *[256] * 5, 10)
    weights = sum(a * b for a, b in pairwise(widths))
    assert model.counted_training_flop(widths, 7) == 7 * (6 * weights - 2 * 64 * 256)
    assert model.counted_training_flop((8, 8), 1) == 4 * 64


def test_coverage_of_all_pieces_is_whole_and_of_none_is_nothing():
    assert model.covered_share([3, 2], [3, 2]) == 1 and model.covered_share([3, 0], [3, 2]) == 0
    assert model.covered_share([1, 1, 1], [2, 2, 2]) == 1 / 8
