"""Each part of the model twice: against a limit that must hold, and against a published or counted figure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers import facts
from mlsys_helpers.sections.efficiency import cadences, model

MONTHS, FACTOR = st.floats(1, 200), st.floats(1.1, 1e6)


def test_one_doubling_takes_the_whole_span_and_the_chapter_s_figures_come_out():
    assert model.doubling_months(2, 15) == 15
    assert model.doubling_months(44.5, 84) == pytest.approx(15.34, abs=0.005)
    assert model.growth(84, 24) == pytest.approx(11.3, abs=0.05)
    assert model.growth(84, 15) == pytest.approx(48.5, abs=0.05)


@given(FACTOR, MONTHS)
def test_growth_undoes_a_doubling_time(factor, months):
    assert model.growth(months, model.doubling_months(factor, months)) == pytest.approx(factor)


def test_a_factor_of_one_or_less_has_no_doubling_time():
    with pytest.raises(ValueError, match=r"above 1.*0\.5"):
        model.doubling_months(0.5, 10)


def test_endpoints_that_are_sure_give_one_doubling_time_and_unsure_ones_a_range():
    assert model.endpoint_range(44.5, 84, 1) == pytest.approx((model.doubling_months(44.5, 84),) * 2)
    low, high = model.endpoint_range(44.5, 84, 1.2)
    assert low < model.doubling_months(44.5, 84) < high


def test_a_trend_finds_an_exact_exponential_and_its_interval_is_closed():
    years = np.array([2012.0, 2013.5, 2016.0, 2019.0])
    found = model.trend(years, 3.0 * 2 ** ((years - 2012) * 12 / 10))
    assert (found.months, found.low_months, found.high_months) == pytest.approx((10, 10, 10), rel=1e-5)
    assert found.rises and found.at(2016.0) == pytest.approx(3.0 * 2**4.8)


def test_a_trend_s_interval_covers_the_truth_as_often_as_it_says():
    rng, truth, years = np.random.default_rng(1), 12.0, np.arange(2012.0, 2020.0)
    inside = 0
    for _ in range(400):
        found = model.trend(years, 2.0 ** (12 * (years - 2012) / truth + rng.normal(0, 0.8, len(years))))
        inside += found.low_months <= truth <= found.high_months
    assert 0.92 <= inside / 400 <= 0.98


def test_a_trend_needs_three_points_and_admits_when_there_is_none():
    with pytest.raises(ValueError, match="three points, got 2"):
        model.trend([2012, 2013], [1.0, 2.0])
    assert model.trend([2012, 2013, 2014, 2015], [1.0, 2.0, 1.0, 2.0]).high_months == np.inf


def test_the_gap_closes_where_supply_keeps_up():
    together = 1 / (1 / 24 + 1 / 15.3)  # doublings a month add up
    assert model.systems_gap(84, together, 24, 15.3) == pytest.approx(1)
    assert model.systems_gap(84, 24, 24) == 1
    assert model.systems_gap(84, 3.4, 24) == pytest.approx(2.737e7 / 11.31, rel=1e-3)


def test_orders_of_the_endpoints():
    assert model.orders(2.5e6 / 12) == pytest.approx(5.319, abs=0.001)
    assert model.orders(model.growth(126, 3.4)) == pytest.approx(11.16, abs=0.005)
    assert model.work_factor(10, 2.0, 10, 2.0) == 1


@given(st.floats(1.1, 1e4))
def test_total_use_turns_about_elasticity_one(gain):
    assert model.total_use(gain, 1) == 1
    assert model.total_use(gain, 0) == pytest.approx(1 / gain)
    assert model.total_use(gain, 0.9) < 1 < model.total_use(gain, 1.1)
    assert model.implied_elasticity(gain, model.total_use(gain, 1.7)) == pytest.approx(1.7)


def test_a_small_rebound_is_the_share_of_the_saving_that_is_used_up():
    """The published shares are read as elasticities: for a small gain, use falls by (1 - e) of what it might."""
    gain, heating = 1.01, facts.quoted("rebound_heating").value
    might, did = 1 - 1 / gain, 1 - model.total_use(gain, heating)
    assert 1 - did / might == pytest.approx(heating, abs=0.005)


def test_a_run_without_calls_is_arithmetic_and_gains_multiply_only_at_full_batches():
    assert model.training_s(1000, 10, 1e6, 1e9, 0.0) == pytest.approx(1.0)
    plain, lean = (model.training_s(visits, 1, 1e4, 1e10, 1e-5) for visits in (1000, 50))
    fast, both, small = (
        model.training_s(visits, batch, 1e4, 1e10, 1e-5) for visits, batch in ((1000, 500), (50, 500), (50, 10))
    )
    assert plain / both == pytest.approx(plain / lean * plain / fast)
    assert plain / small < plain / both


def test_where_to_begin():
    assert model.first_dimension(10, 20, 5, 1, 1, 50) == "data"
    assert model.first_dimension(40, 20, 5, 1, 1, 50) == "machine"
    assert model.first_dimension(40, 20, 2, 1, 1, 1.5) == "data"
    assert model.headrooms(3, 1, 23, 1, 1, 40) == {"data": 3, "algorithm": 23, "machine": 40}


# Cadences from the fact tables


def test_alexnet_level_against_the_published_figures():
    found = cadences.alexnet_level()
    assert (len(found), found.factor) == (6, pytest.approx(44.9, abs=0.05))
    assert found.by_endpoints == pytest.approx(15.3, abs=0.05)
    assert found.trend.low_months < 15 < facts.quoted("alexnet_level_halving").value < found.trend.high_months
    assert not found.trend.rises and found.trend.high_months < 24  # faster than transistors, beyond its interval


def test_moore_s_two_years_hold_for_processors_and_not_for_graphics_processors():
    cpu, gpu = cadences.processors().trend, cadences.gpus().trend
    assert cpu.low_months < 24 < cpu.high_months
    assert gpu.low_months > 24


def test_training_runs_against_two_published_counts():
    early = [cadences.training_runs(last=cadences.FRONTIER_TO, records=records).trend for records in (False, True)]
    assert all(
        found.low_months < facts.quoted("compute_doubling_published").value < found.high_months for found in early
    )
    whole = cadences.training_runs().trend
    assert whole.low_months < facts.quoted("compute_doubling_recount").value < whole.high_months
    assert whole.low_months > facts.quoted("compute_doubling_published").value


def test_one_small_late_model_spoils_the_endpoints():
    found = cadences.training_runs(last=cadences.FRONTIER_TO)
    assert found.by_endpoints > 3 * found.trend.months
    assert len(found) == 18 and len(cadences.training_runs(records=True)) == 13
