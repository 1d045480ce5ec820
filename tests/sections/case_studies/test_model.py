import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S, HOUR_S
from mlsys_helpers.sections.case_studies import cases, model

# A car


def test_light_in_fibre_over_3600_km_is_18_ms_one_way_and_36_both_ways():
    assert model.round_trip_s(3.6e6) == pytest.approx(0.03602, rel=1e-3)
    assert model.round_trip_s(3.6e6) / 2 == pytest.approx(0.01801, rel=1e-3)
    assert pytest.approx(0.01201, rel=1e-3) == 3.6e6 / model.LIGHT_M_PER_S  # in vacuum


@given(st.floats(0, 2e7), st.floats(0, 1), st.floats(0, 1))
def test_reach_turns_the_round_trip_round(distance_m, radio_s, compute_s):
    limit_s = model.round_trip_s(distance_m, radio_s, compute_s) + 1e-9
    assert model.reach_m(limit_s, radio_s + compute_s) == pytest.approx(distance_m, abs=1, rel=1e-6)


def test_nothing_left_is_no_distance_and_ten_milliseconds_are_a_thousand_kilometres():
    assert model.reach_m(0.01, 0.02) == 0
    assert model.reach_m(0.01) == pytest.approx(1e6, rel=0.001)
    assert model.reach_m(0.01, np.array([0, 0.005])).shape == (2,)


def test_one_lidar_fills_a_terabyte_in_under_three_hours():
    rate = facts.quoted("lidar_rate").value
    assert rate * HOUR_S == pytest.approx(0.36e12)
    assert 1e12 / rate / HOUR_S == pytest.approx(2.78, abs=0.01)
    assert facts.quoted("waymo_data_low").value / HOUR_S / rate == pytest.approx(2.78, abs=0.01)
    assert facts.quoted("waymo_data_high").value / HOUR_S / rate == pytest.approx(52.8, abs=0.1)


def test_radar_waves_are_a_few_millimetres_long():
    assert model.LIGHT_M_PER_S / facts.quoted("radar_frequency").value == pytest.approx(3.893e-3, rel=1e-3)


def test_a_link_never_carries_more_than_all():
    assert model.kept_share(1e12, 1e10, 8 * HOUR_S) == 1
    assert model.kept_share(1e12, 1e8, 10 * HOUR_S) == pytest.approx(0.45)
    assert model.kept_share(1e12, 1e8, 0.0) == 0


# A farm


def test_a_model_of_500_kb_takes_67_minutes_and_a_season_has_room_for_2592():
    assert model.update_s(500e3, 1000) == 4000
    assert model.devices_served(cases.SEASON_S, 500e3, 1000) == 2592


@pytest.mark.parametrize("devices", [1, 5, 40])
def test_the_age_of_a_fleet_agrees_with_a_simulation(devices):
    """SimPy: a station sends the newest model to one device after another; ages are looked at once a second."""
    env, once, made, ages = simpy.Environment(), model.update_s(1250, 1000), np.full(devices, np.nan), []

    def station():
        while True:
            for device in range(devices):
                begun = env.now
                yield env.timeout(once)
                made[device] = begun

    def look():
        yield env.timeout(once * devices + 0.5)
        while True:
            ages.append((env.now - made).mean())
            yield env.timeout(1)

    env.process(station())
    env.process(look())
    env.run(once * devices * (400 // devices + 1) + 0.5)
    assert np.mean(ages) == pytest.approx(model.age_s(devices, 1250, 1000), rel=0.01)


def test_what_staleness_costs_ends_at_what_never_sending_costs():
    assert cases.farm_lost(0.0) == 0
    assert cases.farm_lost(cases.SEASON_S / 2) == pytest.approx(cases.LOST_BY_HARVEST / 2)
    assert cases.farm_lost(10 * cases.SEASON_S) == pytest.approx(cases.LOST_BY_HARVEST / 2)


# A lab


def test_two_weeks_on_128_cores_are_43008_core_hours_and_149_times_alphago_zero():
    hours = model.device_hours(128, 14 * DAY_S)
    match, self_play = cases.alphago_hours()
    assert (hours, match, self_play) == (43_008, 288, 144_000)
    assert hours / match == pytest.approx(149.3, abs=0.1)


def test_eleven_days_agree_with_the_estimate_of_epoch():
    estimate = next(run.training_flop for run in facts.training_runs() if run.model == "AlphaFold 2")
    counted = cases.alphafold_flop(128, facts.quoted("alphafold_training_time").value)
    assert counted == pytest.approx(
        estimate, rel=0.01
    )  # it assumes the same 40 %: a check of the sum, not of the share


def test_energy_is_power_times_time():
    assert cases.alphafold_energy_j(2, 3600) == pytest.approx(220 * 3600)


# Which limit binds


def test_each_design_fits_its_own_mission_and_no_other():
    for at, mission in enumerate(cases.missions().values()):
        for own, design in enumerate(cases.designs().values()):
            worst = max(model.used(mission, design).values())
            assert (worst <= 1) == (at == own)


def test_a_computer_on_the_spot_uses_no_link_and_one_elsewhere_no_power():
    car = next(iter(cases.missions().values()))
    here, _, away = cases.designs().values()
    assert model.used(car, here)["link"] == 0 and model.used(car, away)["power"] == 0
    assert model.used(car, away)["latency"] == pytest.approx((0.005 + 0.0100069) / 0.01, rel=1e-3)


# A queue


def test_an_empty_queue_takes_one_service_time():
    assert model.mm1_mean_s(0.0) == model.md1_mean_s(0.0) == 1
    assert model.mm1_quantile_s(0.0, 0.99) == pytest.approx(np.log(100))


def test_the_known_results_of_queueing_theory():
    assert model.mm1_mean_s(0.8, 0.010) == pytest.approx(0.050)
    assert model.mm1_quantile_s(0.8) == pytest.approx(stats.expon(scale=5).ppf(0.99))
    waits = model.mm1_mean_s(0.8) - 1, model.md1_mean_s(0.8) - 1
    assert waits[0] == pytest.approx(2 * waits[1])  # without variation, half the wait


def test_full_load_has_no_answer():
    for of in (model.mm1_mean_s, model.mm1_quantile_s, model.md1_mean_s):
        with pytest.raises(ValueError, match="grows without end"):
            of(1.0)


def test_capacity_rises_towards_one_over_the_time_of_each():
    assert model.capacity_per_s(1, 0.004, 0.0005) == pytest.approx(222.2, abs=0.1)
    assert model.capacity_per_s(1e9, 0.004, 0.0005) == pytest.approx(2000)
    assert model.capacity_per_s(5, 0.0, 0.0005) == pytest.approx(2000)


# Groups


def test_newcombe_s_own_example():
    """Newcombe 1998, table II, method 10: 56/70 less 48/80 is 0.2, interval 0.0524 to 0.3339."""
    assert model.rates_apart(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert model.rates_apart(0, 10, 0, 10)[0] == 0


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(1), 0
    for a, b in zip(rng.binomial(300, 0.13, 1000), rng.binomial(600, 0.03, 1000), strict=True):
        _, low, high = model.rates_apart(a, 300, b, 600)
        held += low <= 0.10 <= high
    assert 0.93 < held / 1000 < 0.975


@pytest.mark.parametrize("part", [0.5, 0.05])
def test_so_many_cases_see_the_gap_as_often_as_planned(part):
    cases_in_all = model.cases_needed(0.10, 0.05, part)
    rng, inside, outside = np.random.default_rng(2), round(part * cases_in_all), round((1 - part) * cases_in_all)
    a, b = rng.binomial(inside, 0.10, 20_000), rng.binomial(outside, 0.05, 20_000)
    pooled = (a + b) / (inside + outside)
    z = (a / inside - b / outside) / np.sqrt(pooled * (1 - pooled) * (1 / inside + 1 / outside))
    assert np.mean(np.abs(z) > stats.norm.isf(0.025)) == pytest.approx(0.8, abs=0.02)


def test_equal_groups_need_what_published_tables_say_and_a_rare_group_more_in_all():
    assert model.cases_needed(0.5, 0.6) / 2 == pytest.approx(387, abs=1)  # Fleiss' tables, without correction
    assert model.cases_needed(0.06, 0.05, 0.05) > 4 * model.cases_needed(0.06, 0.05)


def test_seven_looks_find_something_in_thirty_percent():
    assert model.false_gap_chance(1) == pytest.approx(0.05)
    assert model.false_gap_chance(7) == pytest.approx(0.302, abs=0.001)


def test_advantage_is_0_for_guessing_and_1_for_certainty():
    assert model.advantage([0.9, 0.8], [0.1, 0.2], 0.5) == 1
    assert model.advantage([0.9, 0.1], [0.9, 0.1], 0.5) == 0
    assert model.advantage([0.5], [0.4], 0.5) == 1  # the threshold itself counts as named


# Two sensors


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=60))
def test_both_miss_is_what_the_correlation_of_real_misses_says(pairs):
    a, b = np.array(pairs, float).T
    if 0 < a.mean() < 1 and 0 < b.mean() < 1:
        phi = np.corrcoef(a, b)[0, 1]
        assert model.both_miss(a.mean(), b.mean(), phi) == pytest.approx((a * b).mean(), abs=1e-9)


def test_independent_sensors_multiply_and_identical_ones_gain_nothing():
    assert model.both_miss(0.05, 0.10) == pytest.approx(0.005)
    assert model.both_miss(0.05, 0.05, 1.0) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="cannot have correlation"):
        model.both_miss(0.05, 0.5, 0.9)
