"""The models, each checked twice: a limit that must hold, and another way to the same number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from mlsys_helpers.sections.lifecycle import model

# Going round


def test_the_stages_follow_each_other_and_both_loops_lead_back():
    walk = ["data collection"]
    while walk[-1] != "monitoring":
        walk.append(model.next_stage(walk[-1]))
    assert tuple(walk) == model.STAGES
    assert model.next_stage("evaluation", good=False) == "data preparation"
    assert model.next_stage("monitoring") == "monitoring"
    assert model.next_stage("monitoring", good=False) == "data collection"
    assert model.next_stage("deployment", good=False) == "monitoring"
    with pytest.raises(ValueError, match="did you mean 'evaluation'"):
        model.next_stage("evaluating")


def test_tries_are_geometric():
    assert model.tries(1) == 1
    drawn = np.random.default_rng(1).geometric(0.4, 200_000)
    assert model.tries(0.4) == pytest.approx(drawn.mean(), rel=0.01)


def test_a_sure_gate_makes_a_round_the_plan_and_the_data_as_old_as_what_follows_them():
    days = (20, 10, 5, 3, 2)
    assert model.round_days(days, 1) == sum(days)
    assert model.stale_days(days, 1) == sum(days) - 20
    assert model.round_days(days, 0.5) == 20 + 2 * 18 + 2
    with pytest.raises(ValueError, match="five stages"):
        model.round_days((1, 2, 3), 0.5)


def test_the_lowest_loss_is_the_alarm_in_a_still_world_or_with_instant_rounds():
    assert model.lowest_loss(0.03, 0, 67, 14) == model.lowest_loss(0.03, 0.01, 0, 0) == 0.03
    assert model.lowest_loss(0.03, 0.001, 50, 10) == pytest.approx(0.09)


# The flywheel


def test_the_fixed_points_are_fixed_and_the_gain_is_the_product_of_the_stages_slopes():
    wheel, step = model.Flywheel(0.8), 1e-6
    for at in wheel.fixed_points():
        assert wheel.turn(at) == pytest.approx(at, abs=1e-5)
        users, data = wheel.users(at), wheel.data(wheel.users(at))
        slopes = [
            (f(x + step) - f(x - step)) / (2 * step)
            for f, x in ((wheel.users, at), (wheel.data, users), (wheel.learned, data))
        ]
        assert wheel.gain(at) == pytest.approx(np.prod(slopes), rel=1e-4)


def test_paths_leave_the_point_with_gain_above_one_and_reach_the_one_below():
    wheel = model.Flywheel()
    low, high = wheel.fixed_points()
    assert wheel.gain(low) > 1 > wheel.gain(high)
    assert wheel.path(low - 0.005, 100)[-1] == pytest.approx(0, abs=1e-6)
    assert wheel.path(low + 0.005, 100)[-1] == pytest.approx(high, abs=1e-4)
    away = wheel.path(low + 1e-4, 2) - low
    assert away[2] / away[1] == pytest.approx(wheel.gain(low), rel=0.02)


def test_a_wheel_with_little_usable_data_runs_down_from_everywhere():
    wheel = model.Flywheel(0.6)
    assert wheel.fixed_points().size == 0
    assert wheel.path(1.0, 200)[-1] < 1e-6


# Batteries


def test_the_coin_cell_of_the_chapter():
    """225 mAh at 3 V: 2.43 kJ, 6.75 hours at 100 mW, and 0.077 % awake for a year."""
    energy_j = model.battery_j(0.225, 3)
    assert energy_j == pytest.approx(2430)
    assert energy_j / 0.1 / 3600 == pytest.approx(6.75)
    assert model.duty_for(energy_j, 365.25 * 86_400, 0.1) == pytest.approx(0.00077, rel=0.002)


@given(st.floats(0.001, 1), st.floats(0, 0.0009), st.floats(0.001, 1))
def test_the_duty_for_a_life_gives_that_life(awake_w, asleep_w, duty):
    energy_j = model.average_w(awake_w, asleep_w, duty) * 1e6
    assert model.duty_for(energy_j, 1e6, awake_w, asleep_w) == pytest.approx(duty, abs=1e-9)


def test_a_battery_may_suffice_for_being_awake_always_or_not_even_for_sleep():
    assert model.duty_for(1e9, 1e6, 0.1) == 1
    assert model.duty_for(1.0, 1e6, 0.1, asleep_w=1e-3) == 0
    with pytest.raises(ValueError, match="duty must lie between 0 and 1"):
        model.average_w(1, 0, 1.5)


# Heat

BODY = model.Body(k_per_w=8, j_per_k=170, ambient_c=25, limit_c=45)


@pytest.mark.parametrize("power_w", [1.0, 2.4, 5.0, 10.0])
def test_the_temperature_is_what_integrating_newton_s_law_gives(power_w):
    def warming(_, celsius):
        return (power_w - (celsius - BODY.ambient_c) / BODY.k_per_w) / BODY.j_per_k

    times = np.linspace(0, 3600, 7)
    found = solve_ivp(warming, (0, 3600), [BODY.ambient_c], t_eval=times, rtol=1e-8)
    assert BODY.temperature_c(power_w, times) == pytest.approx(found.y[0], abs=1e-4)


def test_the_burst_ends_at_the_limit_and_never_where_heat_gets_away():
    assert BODY.temperature_c(5.0, BODY.burst_s(5.0)) == pytest.approx(BODY.limit_c)
    assert np.isinf(BODY.burst_s(BODY.sustained_w)) and np.isinf(BODY.burst_s(0.5))
    assert BODY.temperature_c(BODY.sustained_w, 1e9) == pytest.approx(BODY.limit_c)


def test_a_stepwise_governor_reaches_the_sustained_rate():
    """Simulated second by second: full power below the limit, none above it."""
    celsius, answers = BODY.ambient_c, []
    for second in range(4 * 3600):
        power_w = 5.0 if celsius < BODY.limit_c else 0.0
        celsius += (power_w - (celsius - BODY.ambient_c) / BODY.k_per_w) / BODY.j_per_k
        answers.append(power_w / 0.5)
        if power_w == 0 and not any(a == 0 for a in answers[:-1]):
            assert second == pytest.approx(BODY.burst_s(5.0), rel=0.01)
    late = np.mean(answers[7200:])
    assert late == pytest.approx(model.sustained_rate(5.0, BODY.sustained_w, 0.5), rel=0.01)


# Cutting a network


def test_the_ends_of_a_split_are_the_two_places_alone():
    device_s, cloud_s, sent = np.array([0.3, 0.2, 0.1]), np.array([0.03, 0.02, 0.01]), np.array([100.0, 50, 20, 1])
    times = model.split_s(device_s, sent, cloud_s, link_bytes_per_s=1000, round_trip_s=0.01)
    assert times[0] == pytest.approx(0.1 + 0.01 + 0.06)
    assert times[-1] == pytest.approx(0.6)
    by_hand = [sum(device_s[:k]) + sent[k] / 1000 + 0.01 + sum(cloud_s[k:]) for k in range(3)]
    assert times[:-1] == pytest.approx(by_hand)


def test_without_a_link_all_stays_and_with_a_perfect_one_all_goes():
    device_s, cloud_s, sent = np.full(5, 0.1), np.full(5, 0.001), np.full(6, 1e4)
    assert model.split_s(device_s, sent, cloud_s, 1.0).argmin() == 5
    assert model.split_s(device_s, sent, cloud_s, 1e12).argmin() == 0
    with pytest.raises(ValueError, match="n \\+ 1 sizes"):
        model.split_s(device_s, sent[:-1], cloud_s, 1.0)


# Bytes and fleets


def test_bytes_of_whole_networks_and_the_map_of_pruned_ones():
    assert model.stored_bytes(1000, 32, scales=0) == 4000
    assert model.stored_bytes(1000, np.array([8, 4, 2]), scales=0).tolist() == [1000, 500, 250]
    assert model.stored_bytes(8000, 4, 0.5) == 2000 + 1000 + 4
    assert model.stored_bytes(8000, 2, 0.5, scales=0) == model.stored_bytes(8000, 2, scales=0)


def test_ninety_percent_is_four_orders_short_of_the_gap():
    assert model.orders(1e5 / 10) == pytest.approx(4)


def test_a_fleet_waits_for_the_slower_link():
    assert model.update_s(1, 1000, 10, 1e9) == 100
    assert model.update_s(10_000, 1000, 1e9, 1000) == 10_000


def test_waves_send_as_much_as_one_and_add_the_watching():
    link = {"model_bytes": 1e6, "device_bytes_per_s": 1e6, "server_bytes_per_s": 1e6}
    once = model.rollout_s(1000, [1.0], 0, **link)
    assert once == model.update_s(1000, 1e6, 1e6, 1e6)
    assert model.rollout_s(1000, [0.01, 0.1, 1.0], 3600, **link) == pytest.approx(once + 2 * 3600)
    with pytest.raises(ValueError, match="end with 1"):
        model.rollout_s(1000, [0.1, 0.5], 0, **link)


def test_three_centimetres_a_millisecond_are_108_km_an_hour():
    assert model.metres(108 / 3.6, 1e-3) == pytest.approx(0.03)
