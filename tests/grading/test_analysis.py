"""Item statistics: against examples worked by hand, SciPy, and simulated classes whose properties are known."""

import math

import numpy as np
import pytest
from scipy import stats

from mlsys_helpers.grading.giving_back import analysis

HAND = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float)  # totals 3, 2, 1, 0


def rasch(students, difficulties, seed=1):
    """Right and wrong answers of a simulated class: P(right) = 1 / (1 + exp(difficulty - ability))."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1.5, (students, 1))
    chance = 1 / (1 + np.exp(np.asarray(difficulties) - ability))
    return (rng.uniform(size=chance.shape) < chance).astype(float), ability[:, 0]


@pytest.mark.parametrize(("right", "of"), [(0, 5), (1, 1), (7, 20), (300, 300), (150, 300)])
def test_wilsons_interval_is_scipys(right, of):
    theirs = stats.binomtest(right, of).proportion_ci(method="wilson")
    assert analysis.wilson(right / of, of) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_share_leaves_out_what_is_not_known():
    found = analysis.share([1, 0, math.nan, 0.5])
    assert (found.mean, found.n) == (0.5, 3) and found.low < 0.5 < found.high
    assert analysis.share([math.nan]).n == 0 and math.isnan(analysis.share([]).mean)


def test_the_rest_is_everything_but_the_item():
    scores = np.array([[1.0, 0.5, np.nan], [0.0, np.nan, np.nan]])
    rest = analysis.rests(scores, [2, 4, 4])
    assert rest[0, 0] == 0.5 and rest[0, 1] == 1.0 and rest[0, 2] == pytest.approx(4 / 6)
    assert math.isnan(rest[1, 0]) and rest[1, 2] == 0.0


def test_discrimination_is_the_point_biserial_with_the_rest():
    scores, _ = rasch(60, [-1, 0, 1, 2])
    for item, found in enumerate(analysis.discrimination(scores, [1] * 4)):
        rest = np.delete(scores, item, axis=1).sum(axis=1)
        theirs = stats.pointbiserialr(scores[:, item] == 1, rest)
        interval = stats.pearsonr(scores[:, item], rest).confidence_interval(0.95)
        assert found.r == pytest.approx(theirs.statistic)
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_alpha_worked_by_hand():
    """Four students, five times over, so that there are enough. Item variances 3/16, 1/4, 3/16; of totals 5/4."""
    found = analysis.reliability(np.tile(HAND, (5, 1)), [1, 1, 1])
    assert found.alpha == pytest.approx(3 / 2 * (1 - (3 / 16 + 1 / 4 + 3 / 16) / (5 / 4)))  # KR-20: 0.75
    assert found.alpha == pytest.approx(0.75) and found.low < 0.75 < found.high
    assert found.error_points == pytest.approx(math.sqrt(5 / 4 * 20 / 19 * 0.25))


def test_alpha_of_parallel_items_is_spearman_brown():
    """k items that correlate by r: alpha is k r / (1 + (k - 1) r), and Feldt's interval holds it."""
    k, r, inside = 8, 0.3, 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        scores = math.sqrt(r) * rng.normal(size=(60, 1)) + math.sqrt(1 - r) * rng.normal(size=(60, k))
        found = analysis.reliability(scores, [1] * k)
        inside += found.low <= k * r / (1 + (k - 1) * r) <= found.high
    assert 180 <= inside <= 198


def test_a_simulated_class_gives_back_its_difficulties_in_order():
    scores, _ = rasch(300, [-2, -1, 0, 1, 2])
    shares = [analysis.share(column).mean for column in scores.T]
    assert shares == sorted(shares, reverse=True)
    assert all(found.verdict == "good" for found in analysis.discrimination(scores, [1] * 5))


def test_a_question_that_misleads_and_one_of_pure_chance_are_found():
    scores, ability = rasch(300, [-1, -0.5, 0, 0.5, 1, 1.5])
    rng = np.random.default_rng(2)
    planted = np.column_stack([ability < rng.normal(size=300), rng.uniform(size=300) < 0.5])
    *honest, reversed_, chance = analysis.discrimination(np.column_stack([scores, planted]), [1] * 8)
    assert all(found.verdict == "good" for found in honest)
    assert reversed_.verdict == "reversed" and chance.verdict in ("none", "unsure") and abs(chance.r) < 0.2


def test_an_item_of_pure_chance_is_seldom_praised_or_accused():
    said = [
        analysis.correlation(rng.integers(0, 2, 100).astype(float), rng.normal(size=100)).verdict
        for rng in map(np.random.default_rng, range(300))
    ]
    assert said.count("good") < 20 and said.count("reversed") < 20


def test_the_threshold_of_enough_is_what_it_says():
    t = stats.t.ppf(0.975, analysis.ENOUGH - 2)
    assert t / math.sqrt(analysis.ENOUGH - 2 + t**2) == pytest.approx(0.44, abs=0.005)
    assert stats.norm.ppf(0.975) == pytest.approx(analysis.Z_95)


@pytest.mark.parametrize("students", [0, 1, 5, 19])
def test_a_small_class_is_told_that_it_is_too_small(students):
    scores = np.resize(HAND, (students, 3))
    assert all(found.verdict == "few" for found in analysis.discrimination(scores, [1] * 3))
    assert analysis.reliability(scores, [1] * 3) is None


def test_items_without_variance_are_told_apart_from_bad_ones():
    scores = np.column_stack([np.ones(30), np.arange(30) % 2, np.arange(30) % 2])
    assert [found.verdict for found in analysis.discrimination(scores, [1, 1, 1])] == ["alike", "good", "good"]
    assert analysis.reliability(np.ones((30, 3)), [1] * 3) is None


def test_an_item_that_nobody_has_a_score_for_spoils_nothing():
    scores = np.column_stack([np.tile(HAND, (5, 1)), np.full(20, np.nan)])
    assert analysis.reliability(scores, [1] * 4).alpha == pytest.approx(0.75)
    assert analysis.discrimination(scores, [1] * 4)[3].n == 0


def test_an_option_that_the_strong_choose_misleads():
    options = [("right", True), ("trap", False), ("silly", False)]
    choices = ["right"] * 12 + ["trap"] * 8 + ["silly"] * 4 + [None]
    rest = [0.5] * 12 + [0.9] * 8 + [0.1] * 4 + [1.0]
    found = analysis.chosen(options, choices, rest)
    assert [(one.count, round(one.rest, 3)) for one in found] == [(12, 0.5), (8, 0.9), (4, 0.1)]
    assert [one.option for one in analysis.misleading(found)] == ["trap"]
    assert not analysis.misleading(analysis.chosen(options, choices[6:18], rest[6:18]))


def test_the_commonest_mistake():
    assert analysis.commonest(["b", "", "a", "b", "a"]) == ("a", 2)
    assert analysis.commonest([]) == ("", 0) and math.isnan(analysis.median([]))
