"""Every claim that the notebook makes about what a reader will see in its explorers."""

import numpy as np
import pytest

from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.quiz.bank import section_bank
from mlsys_helpers.sections.silent_degradation import detection, drift_lab, explorers, model

UPRIGHT, TURNED = explorers.TRAINED_ON.values()


# What should one watch?


def test_confidence_stops_warning_at_about_25_degrees_and_looks_healthy_at_60():
    drift = drift_lab.drift(explorers.SEED)
    seen = drift.divergence("total variation", "confidence")
    assert 20 <= drift.amounts[seen.argmax()] <= 28
    assert seen[-1] < 1.2 * seen[0]
    others = [drift_lab.drift(seed).divergence("total variation", "confidence") for seed in SEEDS[1:]]
    assert all(seen[-1] < other[-1] < other.max() / 2 for other in others)


def test_a_sudden_turn_by_60_degrees_can_slip_past_the_confidence():
    far = drift_lab.drift(explorers.SEED).up_to(60)
    assert detection.alarm_chances(far, "confidence", "total variation", 100, draws=200)[-1] < 0.2


def test_the_ink_of_whole_images_sees_nothing_and_each_pixel_sees_all_of_it():
    drift = drift_lab.drift(explorers.SEED)
    ink, pixels = (drift.divergence("total variation", view) for view in ("ink of the image", "each pixel"))
    assert ink.max() < 0.1
    assert (np.diff(pixels) > 0).all()
    for view in ("confidence", "answers"):
        assert (np.diff(drift.divergence("total variation", view)) < 0).any()


# Other worlds


@pytest.mark.parametrize("world", drift_lab.WORLDS)
def test_a_line_through_the_first_points_lost_is_too_hopeful_in_every_world_but_one(world):
    line, _ = explorers.fitted(world, UPRIGHT, "KL", 0.05)
    far = explorers.curve(world, UPRIGHT, "KL")[-1]
    hope = line.at(far) - drift_lab.drift(explorers.SEED, world=world).accuracy[-1]
    assert (0 < hope < 0.1) if world == "the paper greys" else hope > 0.3


def test_a_nat_of_grey_paper_costs_a_tenth_of_a_nat_of_turning():
    turns, greys = (explorers.fitted(world, UPRIGHT, "KL", 0.2)[0] for world in ("the camera turns", "the paper greys"))
    assert turns.sensitivity > 10 * greys.sensitivity
    for name in model.DIVERGENCES:
        turns, greys = (
            explorers.fitted(world, UPRIGHT, name, 0.2)[0] for world in ("the camera turns", "the paper greys")
        )
        assert turns.sensitivity > 8 * greys.sensitivity


@pytest.mark.parametrize("seed", [1, 2])
def test_turned_digits_help_against_turning_blur_and_fading_and_hurt_against_noise_and_grey(seed):
    def gained(world):
        plain, taught = (drift_lab.drift(seed, taught=t, world=world).accuracy for t in (UPRIGHT, TURNED))
        return (taught - plain).mean()

    assert all(gained(world) > 0.1 for world in ("the camera turns", "the lens blurs"))
    assert 0.03 < gained("the ink fades") < 0.1 and abs(gained("the image slides")) < 0.05
    assert all(gained(world) < -0.05 for world in ("the sensor gets noisy", "the paper greys"))


# When to retrain


def test_the_cheapest_tau_pays_as_much_for_retraining_as_for_being_wrong():
    found = explorers.lived(0.012, 0.0)
    here = int(np.argmin(found.cost))
    assert found.wrong.mean(axis=0)[here] == pytest.approx(20_000 * found.retrains.mean(axis=0)[here], rel=0.15)
    assert found.best == 0.05 and found.repriced(80_000).best == 0.1
    product = found.product
    lab = spread(drift_lab.drift(seed).line("KL").sensitivity for seed in SEEDS).mean
    assert product.sensitivity == pytest.approx(lab, abs=0.005)
    assert (product.answers_per_day, product.retrain_cost) == (10_000, 2 * 10_000)
    rule = model.best_threshold(product.drift_per_day, product.retrain_cost, product.loss_per_day)
    assert rule == pytest.approx(0.05, rel=0.03)


def test_bursts_make_the_bill_lower():
    steady, bursts = (explorers.lived(0.012, b) for b in explorers.BURSTS.values())
    assert bursts.cost.min() < 0.85 * steady.cost.min()


# What the quiz says of the lab


def test_the_order_of_the_alarms_is_the_order_that_the_quiz_asks_for():
    order = section_bank("silent_degradation").question("silent_degradation.who_rings_first").items
    names = dict(
        zip(order, (*list(detection.MONITORS)[:2], detection.LABELS, list(detection.MONITORS)[2]), strict=True)
    )
    for seed in SEEDS:
        rung = [detection.delays(seed)[names[item]].amount for item in order]
        assert rung == sorted(rung)


def test_the_prediction_on_confidence_states_the_accuracy_at_60_degrees():
    prompt = section_bank("silent_degradation").prediction("silent_degradation.confidence_at_60").prompt
    average = np.mean([drift_lab.drift(seed).accuracy[-1] for seed in SEEDS])
    assert f"about {100 * average:.0f} % of the digits right" in prompt
