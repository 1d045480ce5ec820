"""Elo, intervals, crossings and energy: limits that must hold, and published figures."""

import numpy as np
import pytest
from scipy.stats import binomtest

from mlsys_helpers import facts
from mlsys_helpers.kit.units import HOUR_S
from mlsys_helpers.sections.bitter_lesson import model
from mlsys_helpers.sections.bitter_lesson.connect_four import at_random, empty
from mlsys_helpers.sections.bitter_lesson.players import Tree


def test_elo_gap_and_expected_score_undo_each_other():
    gaps = np.linspace(-1200, 1200, 25)
    assert np.allclose(model.elo_gap(model.expected_score(gaps)), gaps)
    assert model.elo_gap(0.5) == 0 and model.elo_gap(10 / 11) == pytest.approx(400)
    assert model.elo_gap(1) == np.inf and model.elo_gap(0) == -np.inf
    with pytest.raises(ValueError, match="points over games"):
        model.elo_gap(53)


def test_the_chapters_chess_rating_in_points():
    assert model.expected_score(2000 - 1500) == pytest.approx(0.947, abs=5e-4)


@pytest.mark.parametrize("wins,games", [(0, 20), (3, 40), (57, 100), (100, 100)])
def test_wilsons_interval_is_scipys_for_whole_wins(wins, games):
    scipys = binomtest(wins, games).proportion_ci(method="wilson")
    assert model.score_interval(wins, games) == pytest.approx((scipys.low, scipys.high), abs=1e-12)


def test_the_interval_holds_the_truth_about_19_times_in_20_with_draws_too():
    rng, truth = np.random.default_rng(1), 0.3
    points = rng.choice([0, 0.5, 1], p=[0.6, 0.2, 0.2], size=(4000, 100)).sum(axis=1)
    low, high = model.score_interval(points, 100)
    assert 0.94 < ((low <= truth) & (truth <= high)).mean() <= 1


def test_a_hundred_to_nil_proves_607_elo():
    proved = model.least_score(100)
    assert proved == pytest.approx(binomtest(100, 100, alternative="greater").proportion_ci(0.95, "exact").low)
    assert model.elo_gap(proved) == pytest.approx(607, abs=0.5)
    assert model.elo_gap(model.least_score(np.array([1, 10, 1000]))) == pytest.approx([-512, 182, 1009], abs=1)


def test_bradley_terry_finds_the_strengths_that_made_the_games():
    elo = np.array([0.0, 120, 300, -150])
    games = 4000 * (1 - np.eye(4))
    points = games * model.expected_score(elo[:, None] - elo)
    fit = model.bradley_terry("abcd", points, games)
    assert np.allclose(fit.elo, elo, atol=0.05)
    two = model.bradley_terry("ab", np.array([[0, 30], [70, 0]]), np.array([[0, 100], [100, 0]]))
    assert two.elo[1] == pytest.approx(model.elo_gap(0.7), abs=0.01)
    assert two.error[1] == pytest.approx(400 / np.log(10) / np.sqrt(100 * 0.7 * 0.3), rel=1e-3)


def test_bradley_terry_refuses_what_cannot_be_rated():
    with pytest.raises(ValueError, match="took no point"):
        model.bradley_terry("ab", np.array([[0, 50], [0, 0]]), np.array([[0, 50], [50, 0]]))
    with pytest.raises(ValueError, match="must be games"):
        model.bradley_terry("ab", np.array([[0, 50], [1, 0]]), np.array([[0, 50], [50, 0]]))


def test_crossing():
    assert model.crossing([10, 100, 1000], [-200, -100, 100]) == pytest.approx(10**2.5)
    assert model.crossing([1, 4], [0.8, 0.9], level=0.85) == pytest.approx(2)
    assert np.isnan(model.crossing([10, 100], [-np.inf, 0]))
    assert np.isnan(model.crossing([10, 100], [-5, -1])) and np.isnan(model.crossing([10, 100], [1, 5]))


def test_energy_as_the_chapter_states_it():
    used, home = (facts.quoted(name).value for name in ("gpt3_training_energy", "household_year"))
    assert used == pytest.approx(1287e6 * HOUR_S) and used / home == pytest.approx(120, abs=0.5)
    tpu_v1_j = model.energy_j(devices=4, power_w=75, time_s=3 * 24 * HOUR_S)
    assert tpu_v1_j == pytest.approx(288 * HOUR_S * 75)  # 288 TPU-hours
    assert model.energy_j(4, np.array([40, 75]), 72 * HOUR_S, 1.1)[1] == pytest.approx(1.1 * tpu_v1_j)


def test_above_chance():
    assert model.above_chance(0.864, 4) == pytest.approx(0.8187, abs=1e-4)
    assert model.above_chance(0.25, 4) == 0 and model.above_chance(1, 7) == 1 and model.above_chance(0.2, 4) < 0


def test_the_bound_prefers_the_untried_then_the_uncertain_then_the_good():
    assert model.best_bound([9, 0, 4], [8, 0, 1], 1.4) == 1
    assert model.best_bound([50, 5], [30, 2.5], 1.4) == 1
    assert model.best_bound([50, 5], [30, 2.5], 0) == 0


def test_the_bound_is_the_one_that_the_search_uses():
    """One descent of a real tree, asked again of the formula."""
    tree = Tree(empty(1), 3, np.random.default_rng(1))
    for _ in range(2):
        leaf = tree.descend(2**0.5)
        tree.back_up(leaf, *tree.expand(leaf, at_random, np.random.default_rng(2)))
    visits, points = tree.visits[0, 1:8], tree.points[0, 1:8]
    child = 1 + model.best_bound(visits, points, 2**0.5)
    node = int(tree.descend(2**0.5)[0])
    assert child in (node, tree.parent[0, node])
