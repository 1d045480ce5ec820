"""Every claim that the notebook makes about what a reader will see in its explorers and tables."""

import re

import numpy as np
import pytest

from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.five_pillars import (
    alarms,
    checkpoints,
    explorers,
    figures,
    gap,
    model,
    pillars,
    plan,
    product,
    tables,
)
from mlsys_helpers.sections.five_pillars.checkpoints import FACTORS, valley

# Twins, pillars


def test_the_same_threshold_by_decision_and_by_mistake_treats_every_message_alike():
    decided, packed = (product.run(setup, 1) for setup in (product.Setup(threshold=0.25), product.Setup(packed=0.25)))
    assert (decided.called == packed.called).all() and decided.lost() > 0.05


def test_two_pillars_share_a_challenge():
    challenges = [pillar.challenge for pillar in pillars.PILLARS]
    assert len(challenges) == 5 and pillars.CHALLENGES == ("data", "model", "system", "ethics")
    assert [p.name for p in pillars.PILLARS if p.challenge == "system"] == [product.DEPLOYMENT, product.OPERATIONS]
    assert tuple(pillar.name for pillar in pillars.PILLARS) == product.OWNERS


def test_dropping_the_promise_raises_accuracy():
    for seed in SEEDS:
        kept, dropped = (product.build(product.Setup(strangers_weight=w), seed).holdout_accuracy for w in (3.0, 1.0))
        assert dropped > kept


def test_the_figures_describe_themselves():
    assert "Ethics and Governance (ethics)" in show(figures.plot_pillars()).text
    assert "best plan" in show(figures.plot_players(plan.tournament_results())).text


# How often to save


def test_a_quicker_save_matters_more_than_the_right_interval():
    added = valley(5 / 60, 24)
    there, twice = (added[FACTORS.index(factor)] for factor in (1.0, 2.0))
    assert 100 * (twice - there) == pytest.approx(2, abs=0.6)
    assert 100 * (there - valley(0.5 / 60, 24)[FACTORS.index(1.0)]) == pytest.approx(6, abs=0.5)
    assert 1 < 100 * (twice / there - 1) < 5


def test_where_saves_are_slow_the_sum_promises_too_little_and_the_interval_is_still_good():
    explorer = explorers.saving()
    explorer.set(save_min=10, mtbf_h=1)
    assert "every 34.6 min (exactly best: 28.3 min)" in explorer.sentence
    assert "adds 126 %" in explorer.sentence and "promises 74 %" in explorer.sentence


def test_the_dots_lie_on_the_curve():
    for save_min, mtbf_h in ((5, 24), (0.5, 168), (10, 6)):
        intervals = np.array(FACTORS) * model.young_h(save_min / 60, mtbf_h)
        curve = model.slowdown(intervals, save_min / 60, mtbf_h, checkpoints.Job().restart_h)
        assert valley(save_min / 60, mtbf_h) == pytest.approx(curve, rel=0.02)


def test_llama_needs_quicker_saves_than_a_minute():
    assert checkpoints.llama_mtbf_h() == pytest.approx(3.09, abs=0.01)
    row = tables.saving_llama().rows[0]
    assert row == ("3.1 h", "19 min", "90.0 %", "85.2 %")


# When to ring


def delays(budget, actual):
    return {name: alarms.tuned(alarms.Audit(), name, budget, actual) for name in alarms.MONITORS}


@pytest.mark.parametrize("budget", [1.0, 0.25, 1 / 12])
def test_cusum_wins_at_the_feared_decline_and_a_week_loses_at_a_large_one(budget):
    at_8, at_15 = ({name: one.delay_days for name, one in delays(budget, a).items()} for a in (0.08, 0.15))
    assert min(at_8, key=at_8.get) == "CUSUM"
    assert max(at_15, key=at_15.get) == "last seven days"
    at_6 = delays(budget, 0.06)
    assert at_6["last seven days"].delay_days < 1.03 * at_6["CUSUM"].delay_days


def test_a_twelfth_of_the_false_alarms_costs_the_cusum_less_than_a_day_and_a_half_more():
    assert 1 < delays(1 / 12, 0.08)["CUSUM"].delay_days - delays(1.0, 0.08)["CUSUM"].delay_days <= 1.55


def test_how_many_alarms_a_team_can_believe():
    explorer = explorers.alarm()
    told = {}
    for budget in (1.0, 1 / 12):
        explorer.set(budget=budget)
        told[budget] = float(re.search(r"a year, (.+?) % of", explorer.sentence)[1])
    assert told[1.0] == pytest.approx(8, abs=0.5) and told[1 / 12] == pytest.approx(50, abs=3)


def test_the_delay_depends_little_on_the_seed_and_the_false_alarms_a_lot():
    delay = tables.delay_days(0.25)
    assert delay.high / delay.low < 1.15
    assert tables.false_alarms_a_month().high > 4
    runs = [alarms.on_digits(seed) for seed in SEEDS]
    assert all(run.delay_days < 2 for run in runs)
    assert max(abs(run.estimated - run.actual) for run in runs) == pytest.approx(0.02, abs=0.002)
    assert 500 < len(alarms._mistakes(1, 10)[0]) < 580


def test_one_point_of_error_share_is_a_factor_of_six_and_more():
    below, at, above = (30 / model.cusum_run_length(3.2, 100, 0.04, 0.08, actual) for actual in (0.03, 0.04, 0.05))
    assert above / at == pytest.approx(6, abs=0.5) and at / below > 6
    assert 1 / 5 < at < 1 / 4  # the limit of the explorer's one in four months


# Whom an average hides


def test_strangers_are_29_percent_of_wanted_mail_and_lose_more_than_a_tenth():
    shares = [found.groups[2].cases / sum(g.cases for g in found.groups) for found in map(gap.gap, SEEDS)]
    assert np.mean(shares) == pytest.approx(0.29, abs=0.015)
    assert 0.10 < tables.strangers_lost().mean < 0.20
    assert np.mean([gap.gap(seed).lost for seed in SEEDS]) == pytest.approx(0.05, abs=0.005)


def test_chance_hardly_ever_makes_half_of_the_gap_and_the_weight_moves_it():
    for seed in SEEDS:
        plainly, heavily = gap.gap(seed), gap.gap(seed, 5)
        assert plainly.by_chance < 0.6 * plainly.widest
        assert heavily.groups[2].error < plainly.groups[2].error and heavily.spam_missed > plainly.spam_missed
        assert 0.005 < plainly.accuracy - heavily.accuracy < 0.035


def test_the_same_ten_points_are_sure_in_three_groups_and_hardly_in_ten():
    (_, _, *mail), (_, _, *images) = tables.two_gaps().rows
    (mail_gap, mail_chance, mail_limit), (gap_, chance, limit) = (
        [float(c.split()[0]) for c in r] for r in (mail, images)
    )
    assert mail_gap == pytest.approx(12, abs=0.5) and mail_limit < mail_gap / 2
    assert gap_ == pytest.approx(10, abs=0.5) and gap_ == pytest.approx(limit, abs=1)
    assert (mail_chance, chance) == (pytest.approx(2, abs=0.2), pytest.approx(6, abs=0.3))
