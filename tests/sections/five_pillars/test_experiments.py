"""What the notebook will say about checkpoints, alarms and the gap."""

import numpy as np
import pytest
from scipy.stats import binom

from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.five_pillars import alarms, checkpoints, gap, model

FACTORS = np.array([0.25, 0.5, 1, 2, 4])


@pytest.mark.parametrize("mtbf_h", [24, 6])
def test_simulated_jobs_take_as_long_as_the_formula_says(mtbf_h):
    job = checkpoints.Job(mtbf_h=mtbf_h)
    intervals = FACTORS * model.young_h(job.save_h, mtbf_h)
    found = checkpoints.simulate(job, intervals, runs=200, seed=1).mean(axis=0)
    assert found == pytest.approx(model.slowdown(intervals, job.save_h, mtbf_h, job.restart_h), rel=0.02)


def test_no_failures_cost_only_the_saves():
    job = checkpoints.Job(mtbf_h=1e9, work_h=100)
    assert checkpoints.simulate(job, [1.0], runs=2)[0, 0] == pytest.approx(1 + job.save_h)


def test_twice_or_half_the_best_interval_costs_little_while_saves_are_quick():
    job = checkpoints.Job()
    found = checkpoints.simulate(job, FACTORS * model.young_h(job.save_h, 24), runs=200, seed=2).mean(axis=0)
    assert found[[1, 3]] / found[2] == pytest.approx([1.02, 1.02], abs=0.01)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_whole_checkpoint_changes_nothing_and_weights_alone_do(seed):
    apart = {saved: checkpoints.resume(seed, saved).apart for saved in checkpoints.SAVED}
    assert apart["everything"] == 0
    assert 0 < apart["all but the order"] < apart["weights only"] < apart["an early checkpoint"]


def test_an_early_checkpoint_loses_points_and_a_forgotten_order_does_not():
    accuracy = {saved: np.mean([checkpoints.resume(s, saved).accuracy for s in SEEDS]) for saved in checkpoints.SAVED}
    assert accuracy["everything"] - accuracy["an early checkpoint"] > 0.03
    assert abs(accuracy["everything"] - accuracy["all but the order"]) < 0.01


AUDIT = alarms.Audit()


@pytest.mark.parametrize("limit", [2.0, 3.0])
def test_simulated_cusum_agrees_with_the_markov_chain(limit):
    errors = AUDIT.errors(AUDIT.healthy, (1000, 1000), np.random.default_rng(3))
    days = 30 / alarms._rate(alarms.MONITORS["CUSUM"](AUDIT, errors), limit)
    assert days == pytest.approx(model.cusum_run_length(limit, 100, 0.04, 0.08, 0.04), rel=0.07)


def test_the_tuned_day_alarm_is_the_binomial_quantile():
    limit, rate = alarms.limit_for(AUDIT, "one day", 0.5)
    assert limit == model.errors_to_ring(100, 0.04, 0.5 / 30)
    assert rate == pytest.approx(30 * binom.sf(limit - 1, 100, 0.04), rel=0.1)


def test_memory_helps_against_a_small_decline_and_not_against_a_large_one():
    small = {name: alarms.tuned(AUDIT, name, 0.25, 0.06).delay_days for name in alarms.MONITORS}
    large = {name: alarms.tuned(AUDIT, name, 0.25, 0.15).delay_days for name in alarms.MONITORS}
    assert small["one day"] > 1.4 * small["CUSUM"]
    assert large["one day"] < large["last seven days"]


def test_seven_days_are_a_rolling_sum():
    errors = np.arange(1, 11)
    assert alarms.MONITORS["last seven days"](AUDIT, errors).tolist() == [0] * 6 + [28, 35, 42, 49]


def test_the_budget_is_not_kept_on_real_digits():
    came = [alarms.on_digits(seed).came for seed in SEEDS]
    assert max(came) / min(came) > 20


def test_strangers_lose_far_more_than_the_average_says_and_more_than_chance():
    for seed in SEEDS:
        found = gap.gap(seed)
        assert found.widest > 1.5 * found.by_chance
        assert found.groups[2].error > 2 * found.lost
        assert sum(g.errors for g in found.groups) / sum(g.cases for g in found.groups) == pytest.approx(found.lost)


def test_closing_the_gap_costs_the_average():
    plain, weighted = ([gap.gap(seed, weight) for seed in SEEDS] for weight in (1.0, 3.0))
    for before, after in zip(plain, weighted, strict=True):
        assert after.groups[2].error < before.groups[2].error
        assert after.accuracy < before.accuracy


def test_the_gap_between_digits_is_wider_than_typical_chance_and_less_sure_than_that_of_the_mail():
    mail, images = ([audit(seed) for seed in SEEDS] for audit in (gap.gap, gap.digit_gap))
    assert all(found.typical < found.widest for found in images)
    assert max(f.widest / f.by_chance for f in images) < min(f.widest / f.by_chance for f in mail)
    worst = [max(found.groups, key=lambda group: group.error).name for found in images]
    assert worst.count("8") == 4
