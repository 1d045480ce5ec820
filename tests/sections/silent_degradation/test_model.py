import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlsys_helpers.sections.silent_degradation import model

HISTOGRAMS = st.lists(st.integers(0, 50), min_size=6, max_size=6)


@given(HISTOGRAMS, HISTOGRAMS)
def test_divergences_vanish_only_without_drift_and_obey_pinsker(a, b):
    p, q = model.shares(np.array(a)), model.shares(np.array(b))
    for divergence in model.DIVERGENCES.values():
        assert divergence(p, p) == pytest.approx(0, abs=1e-12)
        assert (divergence(p, q) > 1e-9) == (not np.allclose(p, q))
    assert model.total_variation(p, q) <= np.sqrt(model.kl(p, q) / 2) + 1e-12  # Pinsker's inequality
    assert model.psi(p, q) == pytest.approx(model.psi(q, p)) == pytest.approx(float(((p - q) * np.log(p / q)).sum()))


@given(HISTOGRAMS, HISTOGRAMS, st.floats(0.1, 10))
def test_wasserstein_agrees_with_scipy(a, b, width):
    p, q, places = model.shares(np.array(a)), model.shares(np.array(b)), width * np.arange(6)
    assert model.wasserstein(p, q, width) == pytest.approx(stats.wasserstein_distance(places, places, p, q), abs=1e-9)


def test_wasserstein_counts_how_far_and_total_variation_only_how_much():
    here, near, far = np.eye(10)[[0, 1, 9]]
    assert model.total_variation(here, near) == model.total_variation(here, far) == 1
    assert (model.wasserstein(here, near), model.wasserstein(here, far)) == (1, 9)


def test_divergences_broadcast_over_a_sweep():
    now, before = np.random.default_rng(1).integers(0, 9, (3, 4, 10)), np.ones(10)
    for divergence in model.DIVERGENCES.values():
        found = divergence(model.shares(now), model.shares(before))
        assert found.shape == (3, 4)
        assert found[1, 2] == pytest.approx(divergence(model.shares(now[1, 2]), model.shares(before)))


def test_an_empty_bin_is_infinitely_far_until_smoothed():
    p, q = np.array([5, 5]), np.array([10, 0])
    assert model.kl(model.shares(p, 0), model.shares(q, 0)) == np.inf
    smoothed = 0.5 * np.log(0.5 / (10.5 / 11)) + 0.5 * np.log(0.5 / (0.5 / 11))
    assert model.kl(model.shares(p), model.shares(q)) == pytest.approx(smoothed)


def test_chance_alone_gives_the_expected_psi():
    now, before = np.random.default_rng(3).multinomial(2000, np.full(10, 0.1), (2, 4000))
    assert model.psi(model.shares(now), model.shares(before)).mean() == pytest.approx(
        model.psi_without_drift(10, 2000, 2000), rel=0.03
    )


def test_the_line_finds_a_known_sensitivity():
    divergence = np.linspace(0, 0.3, 40)
    noisy = 0.95 - 0.6 * divergence + np.random.default_rng(2).normal(0, 0.01, 40)
    line = model.fit(divergence, noisy)
    assert line.low < 0.6 < line.high
    assert line.at(0) == line.accuracy_0 == pytest.approx(0.95, abs=0.01)


def test_intervals_of_the_line_hold_as_often_as_they_say():
    divergence, rng = np.linspace(0, 0.3, 11), np.random.default_rng(4)
    lines = [model.fit(divergence, 0.95 - 0.6 * divergence + rng.normal(0, 0.01, 11)) for _ in range(2000)]
    assert np.mean([line.low < 0.6 < line.high for line in lines]) == pytest.approx(0.95, abs=0.02)


def test_the_recommender_of_the_chapter():
    a_month = (0.85 - 0.802) / 6  # section 1.13: 85 % to 80.2 % within 6 months
    assert model.time_until(0.85, 0.83, a_month) == pytest.approx(2.5)
    assert model.accuracy(0.85, 1.0, 6 * a_month) == pytest.approx(0.802)
    assert model.accuracy(0.85, 0.0, 5) == 0.85
    assert model.accuracy(0.85, 1.0, 5) == 0


def test_misses_at_10_hz():
    assert model.misses_per_hour(10, 0.001) == pytest.approx(36)
    assert model.misses_per_hour(10, np.array([0.05, 0.15])) == pytest.approx([1800, 5400])
    assert model.misses_per_hour(10, 0.001, present_share=0) == 0


def test_a_threshold_brings_the_line_to_the_floor():
    tau = model.threshold_for(0.96, 0.91, 0.6)
    assert model.accuracy(0.96, 0.6, tau) == pytest.approx(0.91)
    with pytest.raises(ValueError, match="accuracy_0 - floor"):
        model.threshold_for(0.9, 0.95, 0.6)


def test_cases_to_see_agrees_with_the_exact_test():
    labels = round(model.cases_to_see(0.95, 0.85))
    limit = stats.binom.isf(0.01, labels, 0.05)
    assert stats.binom.sf(limit, labels, 0.15) == pytest.approx(0.9, abs=0.06)


@given(st.floats(1e-5, 1e-2), st.floats(1e2, 1e6), st.floats(1e1, 1e5))
def test_at_the_best_threshold_both_costs_are_equal_and_neighbours_cost_more(drift, retrain_cost, loss):
    best = model.best_threshold(drift, retrain_cost, loss)
    assert retrain_cost * drift / best == pytest.approx(loss * best / 2)
    around = model.cost_per_time(best * np.array([0.8, 1, 1.25]), drift, retrain_cost, loss)
    assert np.argmin(around) == 1
