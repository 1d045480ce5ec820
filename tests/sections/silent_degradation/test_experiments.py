"""Claims that the notebook can make, held over seeds; bounds are wider than what was seen over five."""

from dataclasses import replace

import numpy as np
import pytest

from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.silent_degradation import detection, drift_lab, inbox, model, policy

LOGISTIC = "logistic regression"


def test_every_world_starts_from_the_images_as_they_are():
    images, rng = drift_lab.digits().features[:20], np.random.default_rng(0)
    for _, change, amounts in drift_lab.WORLDS.values():
        assert amounts[0] == 0 and np.allclose(change(images, 0, rng), images)


def test_histograms_count_every_image():
    drift = drift_lab.drift(1)
    for view, bins in drift.bins.items():
        found = drift_lab.counts(bins[0])
        assert found.sum(axis=1) == pytest.approx(len(drift.right[0])), view
        assert found[0] == pytest.approx(np.bincount(bins[0][:, 0], minlength=drift_lab.BINS))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_line_flatters_the_far_end(seed):
    drift = drift_lab.drift(seed)
    at_40 = list(drift.amounts).index(40)
    for name in model.DIVERGENCES:
        promised = drift.line(name).at(drift.divergence(name)[at_40])
        assert promised > drift.accuracy[at_40] + 0.1
    assert drift.line("KL", up_to=30).sensitivity > 1.5 * drift.line("KL", up_to=14).sensitivity
    assert drift.line("KL").accuracy_0 > max(drift.accuracy[0] + 0.02, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_confidence_comes_back_where_accuracy_does_not(seed):
    drift = drift_lab.drift(seed)
    assert drift.accuracy[-1] < 0.3
    assert drift.confidence[-1] > drift.confidence.min() + 0.1
    seen = drift.divergence("total variation", "confidence")
    assert seen[-1] < seen.max() / 2
    pixels = drift.divergence("total variation", "each pixel")
    assert pixels[-1] > 0.9 * pixels.max()


@pytest.mark.parametrize("seed", [1, 2])
def test_augmentation_flattens_the_line(seed):
    plain, taught = (drift_lab.drift(seed, LOGISTIC, angles) for angles in ((0,), drift_lab.TAUGHT))
    assert taught.line("KL").sensitivity < plain.line("KL").sensitivity / 2


def test_the_same_divergence_costs_less_in_another_world():
    turns, greys = (drift_lab.drift(1, world=world) for world in ("the camera turns", "the paper greys"))
    assert greys.divergence("KL")[10] > 3 * turns.divergence("KL")[10]
    assert greys.accuracy[10] > turns.accuracy[10] + 0.1


def test_how_long_an_accuracy_lasts():
    drift = drift_lab.drift(1)
    at = drift.lasts(0.85)
    assert drift.accuracy[drift.amounts <= at].min() >= 0.85 and drift.accuracy[drift.amounts > at][0] < 0.85
    assert drift.accuracy[drift.at(20)] == drift.accuracy[10]
    with pytest.raises(ValueError, match="never falls"):
        drift.lasts(0.01)
    with pytest.raises(ValueError, match="nothing was measured at 21"):
        drift.at(21)


def test_resampled_slopes_surround_the_line():
    drift = drift_lab.drift(1)
    slopes = drift.bootstrap("KL", draws=200)
    low, high = np.quantile(slopes, [0.025, 0.975])
    stops = [drift.line("KL", up_to=degrees).sensitivity for degrees in (14, 20, 30)]
    assert low < stops[1] < high
    assert stops[2] - stops[0] > 2 * (high - low)


def test_half_a_case_or_a_hundredth_makes_another_kl():
    half, hundredth = (drift_lab.drift(1).divergence("KL", added=more)[10] for more in (0.5, 0.01))
    assert hundredth > 1.2 * half


@pytest.mark.parametrize("name", model.DIVERGENCES)
def test_alarms_ring_as_often_as_said_when_healthy_and_always_far_away(name):
    chance = detection.alarm_chances(drift_lab.drift(1).up_to(20), "confidence", name, 100)
    assert chance[0] <= 0.011 and chance[-1] > 0.99


def test_an_audit_rings_as_often_as_said():
    audit = detection.audit_chance(np.array([0.95, 0.5]), 100)
    assert audit[0] <= 0.01 and audit[1] > 0.99


def test_delay_is_the_first_window_when_the_alarm_is_sure_and_refused_when_it_never_rings():
    amounts, accuracy = np.array([0.0, 10.0]), np.array([0.9, 0.5])
    sure = detection.delay(amounts, accuracy, np.array([0.0, 1.0]), 10)
    assert (sure.amount, sure.lost) == (10.0, pytest.approx(0.4))
    with pytest.raises(ValueError, match="no alarm"):
        detection.delay(amounts, accuracy, np.array([0.0, 0.0]), 1)


def test_a_fixed_psi_limit_depends_on_the_window():
    few, *_, many = detection.rule_of_thumb(draws=500)
    assert few.false_alarms > 0.9 and many.false_alarms == 0


def test_the_owner_words_cost_little_and_the_workplace_words_cost_wanted_mail():
    owner, workplace = (inbox.another_inbox(1, gone) for gone in (inbox.OWNER, inbox.WORKPLACE))
    assert owner.home == workplace.home
    assert 0 < owner.home.accuracy - owner.away.accuracy < 0.015
    assert workplace.home.accuracy - workplace.away.accuracy > 0.025
    assert workplace.away.wanted_lost > 1.7 * workplace.home.wanted_lost
    assert workplace.retrained.accuracy > workplace.away.accuracy


@pytest.mark.parametrize("seed", SEEDS)
def test_psi_sees_another_inbox_and_stays_below_the_customary_alarm(seed):
    move = inbox.another_inbox(seed)
    assert 4 * move.psi_home < move.psi_away < 0.1
    assert 0.5 < move.lost / (move.away.wanted_lost - move.home.wanted_lost) < 0.65


def test_no_divergence_sees_another_meaning():
    trap = inbox.concept_trap(1)
    assert trap.scores[-5:].mean() == pytest.approx(trap.scores[:5].mean(), abs=0.03)
    assert trap.accuracy[0] - trap.accuracy[-1] > 0.25
    assert np.abs(trap.inputs - trap.inputs[0]).max() < 0.02
    assert trap.inputs[-5:].mean() == pytest.approx(trap.inputs[:5].mean(), abs=0.005)


def test_every_skew_is_silent_and_one_message_tells():
    skews = {name: inbox.skew(1, name) for name in inbox.SKEWS}
    shared = skews.pop("one shared function")
    assert shared.columns == 0 and shared.first == 0
    assert all(s.first == 1 and s.columns > 0 and s.psi > 0.1 for s in skews.values())
    assert all(s.verdicts.accuracy <= shared.verdicts.accuracy + 0.005 for s in skews.values())
    assert skews["columns by alphabet"].verdicts.spam_missed > 0.99


def test_without_chance_the_simulation_is_the_formula():
    product, thresholds = policy.Product(), np.array([0.02, 0.05, 0.1, 0.2])
    formula = model.cost_per_time(thresholds, product.drift_per_day, product.retrain_cost, product.loss_per_day)
    found = policy.simulate(product, thresholds, runs=200, days=4000)
    assert found.cost == pytest.approx(formula, rel=0.03)
    by_date = policy.simulate(product, thresholds / product.drift_per_day, calendar=True, runs=200, days=4000)
    assert by_date.cost == pytest.approx(formula, rel=0.03)


def test_with_bursts_a_threshold_beats_the_calendar_and_is_overshot():
    product, thresholds = policy.Product(burstiness=10), np.arange(0.02, 0.15, 0.01)
    by_alarm = policy.simulate(product, thresholds)
    by_date = policy.simulate(product, thresholds / product.drift_per_day, calendar=True)
    assert by_alarm.cost.min() + 20 < by_date.cost.min()
    assert (by_alarm.worst.mean(axis=0) > thresholds).all()


def test_what_happens_does_not_depend_on_its_price():
    product, thresholds = policy.Product(burstiness=10), np.array([0.02, 0.05])
    dearer = policy.simulate(replace(product, retrain_cost=80_000), thresholds, runs=20)
    assert policy.simulate(product, thresholds, runs=20).repriced(80_000).cost == pytest.approx(dearer.cost)


def test_a_camera_that_turns_is_followed_by_retraining():
    never, often = policy.serve(1, np.inf), policy.serve(1, 0.1)
    assert never.retrained == 0 and never.accuracy[-1] < 0.3
    assert never.accuracy == pytest.approx(drift_lab.drift(1).accuracy[::2])
    assert often.retrained > 3 and often.accuracy.min() > never.accuracy.min() + 0.4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tau_from_the_line_s_own_start_breaks_its_promise(seed):
    drift = drift_lab.drift(seed)
    line, floor = drift.line("KL"), drift.accuracy[0] - 0.05
    assert policy.shortfall(seed, 0.05) > 0.015 and policy.shortfall(seed, 0.05, from_line=False) < 0.01
    assert policy.shortfall(seed, 0.05, from_line=False, every=1) < 0 < policy.shortfall(seed, 0.05, every=1)
    careful = policy.serve(seed, model.threshold_for(drift.accuracy[0], floor, line.sensitivity))
    hopeful = policy.serve(seed, line.reaches(floor))
    assert careful.accuracy.min() > hopeful.accuracy.min() + 0.01
    assert careful.retrained > hopeful.retrained


def test_lambda_belongs_to_the_drift_more_than_to_the_model():
    models = [drift_lab.drift(1, name).line("KL").sensitivity for name in drift_lab.CLASSIFIERS]
    assert max(models) < 1.7 * min(models)
    stops = [drift_lab.drift(1).line("KL", up_to=degrees).sensitivity for degrees in (14, 30)]
    assert stops[1] - stops[0] > 2 * (max(models) - min(models))
    greys = drift_lab.drift(1, world="the paper greys").line("KL", up_to=8).sensitivity
    assert models[0] > 10 * greys


def test_average_accuracy_hides_what_wanted_mail_loses():
    move = inbox.another_inbox(1, inbox.WORKPLACE)
    assert move.lost < 0.06 and move.away.wanted_lost - move.home.wanted_lost > 0.06
    assert move.away.spam_missed == pytest.approx(move.home.spam_missed, abs=0.01)


def test_psi_does_not_rank_the_harm_of_skews():
    round_off, logs = (inbox.skew(1, name) for name in ("whole percent", "logarithm taken twice"))
    assert round_off.psi > logs.psi and round_off.verdicts.accuracy > logs.verdicts.accuracy + 0.05


def test_a_better_start_is_no_flatter_and_turned_copies_last_longest():
    few, all_, turned = (
        drift_lab.drift(1, train_share=0.25),
        drift_lab.drift(1),
        drift_lab.drift(1, taught=drift_lab.TAUGHT),
    )
    assert few.line("KL").sensitivity == pytest.approx(all_.line("KL").sensitivity, rel=0.3)
    assert few.lasts(0.85) < all_.lasts(0.85) < turned.lasts(0.85) - 5
