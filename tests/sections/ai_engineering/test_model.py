"""Each model twice: a limiting case, and a published or an independently computed figure."""

from itertools import product

import numpy as np
import pytest

from mlsys_helpers.sections.ai_engineering import model
from mlsys_helpers.sections.ai_engineering.model import Limit

CHAPTER = (
    Limit("accuracy", 0.95, "", "asked", at_least=True),
    Limit("p99", 0.100, "s", "promised"),
    Limit("power", 200.0, "W", "socket"),
)


# Contracts


def test_the_chapters_system_breaks_two_limits_by_sixty_per_cent_each():
    found = model.judge(CHAPTER, {"accuracy": 0.95, "p99": 0.160, "power": 320})
    assert [finding.kept for finding in found] == [True, False, False]
    assert [finding.slack for finding in found] == pytest.approx([0, -0.6, -0.6])


def test_all_broken_limits_are_named_and_what_is_not_measured_is_not_kept():
    assert model.broken(CHAPTER, {"accuracy": 0.1, "p99": 9, "power": 999}) == ("accuracy", "p99", "power")
    assert model.broken(CHAPTER, {"accuracy": 0.99, "p99": 0.1}) == ("power",)
    assert model.judge(CHAPTER, {})[0].slack is None
    with pytest.raises(ValueError, match="without limits"):
        model.judge((), {"p99": 1})


# Fronts


def test_dominance_by_hand():
    costs = np.array([[1, 4], [2, 2], [3, 3], [2, 2], [1, 5]])
    assert model.front(costs).tolist() == [True, True, False, True, False]
    assert np.flatnonzero(model.dominators(costs)[2]).tolist() == [1, 3]
    assert np.flatnonzero(model.dominators(costs)[4]).tolist() == [0]


@pytest.mark.parametrize("seed", range(5))
def test_every_dominated_design_is_dominated_by_one_on_the_front(seed):
    costs = np.random.default_rng(seed).integers(0, 5, (30, 3))
    on = model.front(costs)
    assert on.any() and model.dominators(costs)[~on][:, on].any(axis=1).all()
    weights = np.random.default_rng(seed).random((50, 3)) + 0.01
    assert on[(costs @ weights.T).argmin(axis=0)].all()  # no weighing makes a dominated design the best
    with pytest.raises(ValueError, match="a row for each design"):
        model.front([1, 2, 3])


# Series and votes


def test_parts_in_series():
    assert model.all_right(0.985, 10) == pytest.approx(0.8597, abs=1e-4)
    assert model.all_right(0.9, 0) == 1 and model.all_right(0.9, 1) == 0.9
    assert model.all_right(model.part_needed(0.99, 10), 10) == pytest.approx(0.99)


def test_three_voters_are_the_textbooks_polynomial():
    error = np.linspace(0, 1, 21)
    assert model.vote_fails(error, 3) == pytest.approx(3 * error**2 - 2 * error**3)
    assert 1 - model.vote_fails(0.1) == pytest.approx(0.972)
    assert model.vote_fails(0.2, 1) == pytest.approx(0.2) and model.vote_fails(0.5, 21) == pytest.approx(0.5)


def test_a_vote_is_the_sum_over_all_ways_to_be_wrong():
    error, voters = 0.3, 5
    ways = (w for w in product((0, 1), repeat=voters) if sum(w) > voters // 2)
    assert model.vote_fails(error, voters) == pytest.approx(
        sum(error ** sum(w) * (1 - error) ** (voters - sum(w)) for w in ways)
    )


@pytest.mark.parametrize("story", [model.common_cause, model.own_difficulty])
def test_both_stories_run_from_independence_to_no_vote_at_all(story):
    assert story(0.1, 0, 5) == pytest.approx(model.vote_fails(0.1, 5), rel=1e-3)
    assert story(0.1, 1, 5) == pytest.approx(0.1, rel=1e-3)
    assert story(0.1, 0.4, 1) == pytest.approx(0.1, rel=1e-3)
    assert (np.diff(story(0.1, np.linspace(0, 1, 11), 3)) > 0).all()
    assert story(0.1, [0.1, 0.5], 3).shape == (2,) and story(0.1, 0.5, np.array([1, 3])).shape == (2,)


@pytest.mark.parametrize("story", ["one fate", "hard cases"])
def test_both_stories_against_a_simulation(story):
    rng, error, rho, cases = np.random.default_rng(0), 0.1, 0.4, 400_000
    if story == "one fate":
        shared, own, fate = rng.random((1, cases)) < rho, rng.random((3, cases)) < error, rng.random(cases) < error
        wrong, said = np.where(shared, fate, own), model.common_cause(error, rho)
    else:
        size = (1 - rho) / rho
        difficulty = rng.beta(error * size, (1 - error) * size, cases)
        wrong, said = rng.random((3, cases)) < difficulty, model.own_difficulty(error, rho)
    assert model.error_correlation(wrong) == pytest.approx(rho, abs=0.01)
    assert (wrong.sum(axis=0) >= 2).mean() == pytest.approx(said, rel=0.02)


def test_a_vote_has_no_ties_and_a_correlation_needs_errors():
    with pytest.raises(ValueError, match="voters must be odd"):
        model.vote_fails(0.1, 4)
    with pytest.raises(ValueError, match="error must"):
        model.vote_fails(1.2)
    with pytest.raises(ValueError, match="never wrong"):
        model.error_correlation([[0, 1, 0], [0, 0, 0]])
    with pytest.raises(ValueError, match="at least two voters"):
        model.error_correlation([[0, 1, 0]])


# What samples promise


def test_an_accuracy_promised_lies_below_the_one_measured_and_holds_as_often_as_said():
    assert model.at_least_right(870, 906) == pytest.approx(0.9481, abs=5e-4)
    assert model.at_least_right(50, 100) < 0.5 < model.at_least_right(5000, 5000)
    right = np.random.default_rng(0).binomial(400, 0.95, 2000)
    assert 0.93 < np.mean([model.at_least_right(int(r), 400) <= 0.95 for r in right]) < 0.98


def test_a_limit_on_the_p99_takes_299_requests():
    """Wilks 1941: 299 for 99 % content at 95 % confidence, 473 for the second largest; 59 for the 95 % quantile."""
    assert (model.requests_needed(0.99), model.requests_needed(0.95)) == (299, 59)
    assert 0.99**299 <= 0.05 < 0.99**298
    ordered = np.arange(1.0, 1000.0)
    assert np.isnan(model.quantile_at_most(ordered[:298], 0.99))
    assert model.quantile_at_most(ordered[:299], 0.99) == 299
    assert (model.quantile_at_most(ordered[:472], 0.99), model.quantile_at_most(ordered[:473], 0.99)) == (472, 472)


def test_that_limit_holds_as_often_as_said():
    samples = np.random.default_rng(1).exponential(size=(400, 600))
    held = [model.quantile_at_most(sample, 0.99) >= np.log(100) for sample in samples]
    assert 0.93 < np.mean(held) <= 1


def test_error_budgets():
    assert model.error_budget(0.999, 30 * 24 * 60) == pytest.approx(43.2)
    assert model.error_budget(1, 100) == 0


# Specifications


def test_gaps_are_found_in_order_and_zero_is_a_limit():
    assert model.missing_fields({}) == tuple(model.FIELDS)
    whole = dict.fromkeys(model.FIELDS, "said") | {"limit": 0}
    assert model.missing_fields(whole) == ()
    assert model.missing_fields(whole | {"owner": " ", "metric": None}) == ("metric", "owner")
