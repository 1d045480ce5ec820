"""Each definition against a limit that must hold and against a published or independently computed figure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize
from scipy.stats import binom

from mlsys_helpers.sections.five_pillars import model

MINUTE = 1 / 60


@pytest.mark.parametrize(("mtbf_h", "printed_min"), [(24, 117), (6, 57), (0.25, 9.1)])
def test_the_exact_interval_is_that_of_dalys_figures(mtbf_h, printed_min):
    assert model.best_interval_h(5 * MINUTE, mtbf_h) / MINUTE == pytest.approx(printed_min, rel=0.01)


@pytest.mark.parametrize("mtbf_h", [24, 6, 0.25, 0.02])
def test_the_exact_interval_is_where_a_search_finds_it(mtbf_h):
    found = optimize.minimize_scalar(
        lambda t: model.slowdown(t, 5 * MINUTE, mtbf_h),
        bounds=(1e-4, 5 * mtbf_h),
        method="bounded",
        options={"xatol": 1e-9},
    ).x
    assert model.best_interval_h(5 * MINUTE, mtbf_h) == pytest.approx(found, rel=1e-4)


def test_young_is_the_limit_of_quick_saves():
    mtbf = 24.0
    ratio = [model.young_h(save, mtbf) / model.best_interval_h(save, mtbf) for save in (1.0, 0.01, 1e-4)]
    assert ratio[0] > ratio[1] > ratio[2] > 1
    assert ratio[2] == pytest.approx(1, abs=0.002)


def test_at_youngs_interval_both_wastes_are_equal_and_the_valley_is_flat():
    save, mtbf = 0.1, 30.0
    best = model.young_h(save, mtbf)
    assert save / best == pytest.approx(best / (2 * mtbf))
    assert model.waste_young(2 * best, save, mtbf) == pytest.approx(1.25 * model.waste_young(best, save, mtbf))


def test_slowdown_tends_to_first_order_waste_when_failures_are_rare():
    assert model.slowdown(1.0, 0.01, 1e4) - 1 == pytest.approx(model.waste_young(1.0, 0.01, 1e4), rel=0.01)


def test_a_fleet_fails_as_often_as_its_devices_together():
    assert model.fleet_mtbf_h(16_384, 50_682) == pytest.approx(54 * 24 / 419, rel=0.001)


def test_errors_to_ring_is_the_smallest_number_within_the_budget():
    ring = model.errors_to_ring(100, 0.04, 0.01)
    assert binom.sf(ring - 1, 100, 0.04) <= 0.01 < binom.sf(ring - 2, 100, 0.04)


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_cusum_is_the_recursion_of_page(steps):
    total, expected = 0.0, []
    for step in steps:
        total = max(0.0, total + step)
        expected.append(total)
    assert np.allclose(model.cusum(np.array(steps)), expected, atol=1e-9)


def test_cusum_run_length_with_a_low_limit_is_geometric():
    """A limit under one step: the first day with more errors than balance rings."""
    steps = model.cusum_step(np.arange(101), 100, 0.04, 0.08)
    limit = steps[steps > 0].min() / 2
    chance = binom.sf(np.argmax(steps > 0) - 1, 100, 0.04)
    assert model.cusum_run_length(limit, 100, 0.04, 0.08, 0.04) == pytest.approx(1 / chance, rel=1e-6)


def test_cusum_steps_lead_down_in_health_and_up_in_decline():
    for actual, sign in ((0.04, -1), (0.08, 1)):
        assert np.sign(model.cusum_step(100 * actual, 100, 0.04, 0.08)) == sign


def test_true_alarms_among_rare_incidents():
    assert model.true_alarm_share(1 / 12, 1.0, 1.0) == pytest.approx(1 / 13)
    assert model.true_alarm_share(0.5, 0.5, 0.25) == pytest.approx(0.5)


def test_a_twentieth_may_fail_wholly_behind_a_good_average():
    assert model.worst_group(0.05, 0.05) == 1
    assert model.widest_gap(0.05, 0.05) == pytest.approx(1)
    assert model.worst_group(0.05, 1.0) == pytest.approx(0.05)


@given(st.floats(0, 1), st.floats(0.01, 0.99), st.floats(0, 1))
def test_no_group_is_worse_than_the_bound(group_error, part, others):
    mean = part * group_error + (1 - part) * others
    assert group_error <= model.worst_group(mean, part) + 1e-9
    assert group_error - others <= model.widest_gap(mean, part) + 1e-9


def test_the_gap_between_groups_is_one_of_shares_and_not_of_counts():
    assert model.group_gap([1, 0, 1, 0, 0, 0, 0, 1], [0, 0, 1, 1, 1, 1, 1, 1]) == pytest.approx(1 / 2 - 1 / 3)


def test_waste_counts_half_an_interval_lost():
    """The average loss of a failure uniform in the interval, integrated."""
    lost = integrate.quad(lambda t: t / 2.0, 0, 2.0)[0]
    assert model.waste_young(2.0, 1e-12, 10.0) == pytest.approx(lost / 10.0, rel=1e-6)
