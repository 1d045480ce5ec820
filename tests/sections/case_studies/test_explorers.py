"""Every claim that the notebook makes about what a reader will see in its explorers, and that the quiz makes."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.units import KILO, MILLI
from mlsys_helpers.quiz.bank import section_bank
from mlsys_helpers.sections.case_studies import audit, cases, explorers, figures, model, privacy, queueing, shifts

BANK = section_bank("case_studies")

# What the text says of its sources


def test_the_text_and_the_facts_agree_on_limit_frames_and_tpus():
    assert facts.quoted("waymo_latency").value == figures.LIMIT_S
    assert facts.quoted("waymo_cameras").value * facts.quoted("waymo_frame_rate").value == 50
    assert facts.quoted("alphago_zero_self_play_tpus").value == 2000


# A car


def test_five_and_two_milliseconds_leave_300_km_and_nine_and_one_nothing():
    assert model.reach_m(figures.LIMIT_S, 7 * MILLI) / KILO == pytest.approx(300, abs=1)
    assert model.reach_m(figures.LIMIT_S, 10 * MILLI) == 0
    explorer = explorers.place()
    explorer.set(radio=9, compute=1)
    assert "no distance at all" in explorer.sentence


def test_coast_to_coast_is_18_ms_one_way_and_36_both():
    assert "18.0 ms one way" in explorers.place().sentence and "after 36.0 ms, 3.60 times" in explorers.place().sentence


# A farm


def test_one_device_does_not_bind_and_about_500_lose_a_point():
    assert explorers.farm_lost_points(1.0, explorers.WHOLE, 1) < 0.01
    assert explorers.farm_lost_points(500.0, explorers.WHOLE, 1) == pytest.approx(1, abs=0.05)
    assert explorers.farm_lost_points(300.0, explorers.WHOLE, 1) < 0.7


def test_sending_once_to_all_helps_most_and_a_tenth_beats_a_link_four_times_as_fast():
    faster, tenth, once = (
        explorers.farm_lost_points(1000.0, sent, link)
        for sent, link in ((explorers.WHOLE, 4), (explorers.PART, 1), (explorers.ALL, 1))
    )
    assert once < tenth < faster < 0.5
    assert explorers.farm_lost_points(10.0, explorers.ALL, 1) == explorers.farm_lost_points(1000.0, explorers.ALL, 1)


# A lab


def test_what_is_said_of_alphafold():
    hours = explorers.fold_hours(128, 14)
    assert hours[0] / hours[1] == pytest.approx(149, abs=0.5) and hours[0] / hours[2] == pytest.approx(0.3, abs=0.01)
    assert 50 < cases.gpt3_flop() / cases.alphafold_flop(128, 14 * 86400) < 150


# A server


def test_a_car_keeps_its_limit_from_two_up_if_a_free_server_takes_whoever_waits():
    free, full = queueing.RULES
    within = {
        rule: [queueing.batched(50, limit, rule).high < figures.LIMIT_S for limit in figures.BATCHES]
        for rule in queueing.RULES
    }
    assert within[free] == [False] + [True] * 6
    assert within[full] == [False] * 7
    assert queueing.batched(50, 8, full).mean > 10 * figures.LIMIT_S


def test_a_cloud_needs_batches_of_16():
    free, full = queueing.RULES
    for rule in queueing.RULES:
        assert [queueing.batched(1000, limit, rule) is None for limit in figures.BATCHES] == [True] * 4 + [False] * 3
    waits = [queueing.batched(1000, limit, full).mean for limit in (16, 32, 64)]
    assert waits == sorted(waits)
    others = [queueing.batched(1000, limit, free).mean for limit in (16, 32, 64)]
    assert max(others) < 1.1 * min(others)
    assert model.capacity_per_s(1, queueing.START_S, queueing.EACH_S) == pytest.approx(222, abs=1)


def test_one_at_a_time_at_50_a_second_is_past_the_limit_but_not_by_overload():
    assert queueing.batched(50, 1, queueing.RULES[0]).low > figures.LIMIT_S


# What the text and the quiz say of the experiments


def test_the_prompt_on_the_forest_states_what_was_measured():
    prompt = BANK.prediction("case_studies.forest_leaks").prompt
    parts = {}
    for name in (privacy.TREE, privacy.FOREST):
        runs = [privacy.attack(seed, name) for seed in SEEDS]
        parts[name] = spread(r.test_accuracy for r in runs).mean, spread(r.gap for r in runs).mean
    (tree, tree_gap), (forest, forest_gap) = parts.values()
    assert f"({100 * forest:.0f} against {100 * tree:.0f} %)" in prompt
    assert f"({100 * forest_gap:.0f} points against {100 * tree_gap:.0f})" in prompt


def test_the_prediction_on_worlds_states_their_strengths():
    labels = {option.key: option.label for option in BANK.prediction("case_studies.worst_world").options}
    assert list(labels) == list(shifts.STRENGTHS)
    said = {"the camera turns": "15 degrees", "the image slides": "one pixel", "the ink fades": "Half"}
    said |= {"the sensor gets noisy": "a quarter of the darkest", "the pen thins": "half of the way"}
    assert all(words in labels[world] for world, words in said.items())
    assert list(shifts.STRENGTHS.values()) == [15, 1, 0.5, shifts.INK / 4, 0.5]


def test_the_microcontroller_fits_the_field_and_does_least_for_a_watt():
    assert np.argmin(cases.peak_flop_per_j()) == 1


def test_enthusiasm_costs_five_times_as_much_wanted_mail():
    audits = [audit.audit(seed) for seed in SEEDS]
    lost = [np.mean([getattr(a, side).lost_rate for a in audits]) for side in ("inside", "outside")]
    right = [np.mean([getattr(a, side).accuracy for a in audits]) for side in ("inside", "outside")]
    spam = [
        np.mean([getattr(a, side).spam / getattr(a, side).messages for a in audits]) for side in ("inside", "outside")
    ]
    assert lost[0] / lost[1] == pytest.approx(5, abs=0.6)
    assert abs(right[0] - right[1]) == pytest.approx(0.01, abs=0.005)
    assert spam[0] > 0.5 > spam[1]


def test_a_car_s_computer_draws_sixty_times_what_the_field_gives():
    field, car = cases.missions()["watch a field"], next(iter(cases.designs().values()))
    assert model.used(field, car)["power"] == pytest.approx(60)
    lab = cases.missions()["learn to fold"]
    assert lab.flop_per_answer / car.flop_per_s / 86400 / 365 > 5  # "years"
