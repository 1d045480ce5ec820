from dataclasses import replace

import numpy as np
import pytest

from mlsys_helpers.kit.units import percent
from mlsys_helpers.sections.lifecycle import figures, loop, model

STEADY = loop.Plan(sigma=0, passes=1, look_days=1, labels_days=0)


def test_without_chance_the_simulation_is_the_plan():
    trace = loop.run(STEADY)
    assert trace.deployed[0] == sum(STEADY.days) and trace.collected[0] == STEADY.days[0]
    assert trace.stages[:6].tolist() == list(range(6))
    watched = np.ceil(STEADY.alarm / STEADY.lost_per_day) - model.stale_days(STEADY.days, 1)
    assert np.diff(trace.deployed) == pytest.approx(sum(STEADY.days) + watched)


def test_a_world_that_never_moves_rings_no_alarm():
    trace = loop.run(replace(loop.BOTH, lost_per_month=0.0))
    assert trace.retrains_per_year == 0 and np.ptp(trace.daily) == 0


def test_an_alarm_that_always_rings_makes_a_cycle_the_round_and_one_look():
    """Renewal theory: cycles of independent lengths, so their rate is one over the mean length."""
    plan = replace(loop.BOTH, alarm=0.0, labels_days=0)
    trace = loop.run(plan, days=400_000)
    cycle = model.round_days(plan.days, plan.passes) + plan.look_days
    assert trace.retrains_per_year == pytest.approx(365 / cycle, rel=0.03)
    stage = dict(zip(model.STAGES, trace.days_in / trace.days, strict=True))
    assert stage["data preparation"] == pytest.approx(10 * model.tries(plan.passes) / cycle, rel=0.05)
    assert sum(stage.values()) == pytest.approx(1)


def test_first_deployments_are_on_the_day_that_the_formula_gives():
    found = loop.first_deployments(loop.BOTH, 2000)
    by_formula = model.round_days(loop.BOTH.days, loop.BOTH.passes)
    assert abs(found.mean() - by_formula) < 3 * found.std() / np.sqrt(2000)


def test_the_lowest_points_are_where_the_formula_puts_them():
    plan = replace(loop.BOTH, alarm=0.06)  # late enough that no model rings it on its first day
    late = plan.labels_days + plan.look_days / 2
    by_formula = model.lowest_loss(plan.alarm, plan.lost_per_day, model.round_days(plan.days, plan.passes), late)
    lost = plan.accuracy - loop.run(plan, days=200_000).lowest_points
    assert lost.mean() == pytest.approx(by_formula, rel=0.02)
    assert lost.min() > plan.alarm


def test_served_accuracy_falls_in_service_and_is_not_known_before():
    trace = loop.runs()[0]
    first = trace.deployed[0]
    assert np.isnan(trace.served(first - 1))
    assert trace.served(first) == pytest.approx(0.9 - trace.plan.lost_per_day * (first - trace.collected[0]))
    assert trace.served(first + 10) < trace.served(first)


def test_seeds_repeat_and_differ():
    assert loop.run(seed=1).starts.tolist() == loop.run(seed=1).starts.tolist()
    assert loop.run(seed=1).starts.tolist() != loop.run(seed=2).starts.tolist()


def test_a_project_that_is_cut_short_says_so():
    with pytest.raises(ValueError, match="no candidate was deployed within 5 days"):
        loop.run(days=5)


# What the notebook says


def test_the_loop_costs_more_than_three_times_the_work_and_keeps_the_product_alive():
    both, once = loop.runs(loop.BOTH), loop.runs(loop.ONCE)
    work = [loop.over(traces, lambda t: t.person_days_per_year).mean for traces in (both, once)]
    assert 3 < work[0] / work[1] < 4
    assert min(t.daily[-1] for t in both) > 0.8 and max(t.daily[-1] for t in once) < 0.6


def test_where_the_time_goes():
    days = sum(trace.days_in for trace in loop.runs())
    share = dict(zip(model.STAGES, days / days.sum(), strict=True))
    work = 1 - share["monitoring"]
    assert share["monitoring"] > 0.5
    assert (share["data collection"] + share["data preparation"]) / work == pytest.approx(2 / 3, abs=0.04)
    assert 0.1 < share["model training"] / work < 0.2


def test_no_model_starts_at_the_accuracy_of_its_evaluation():
    for trace in loop.runs():
        assert (trace.served(trace.deployed) < loop.BOTH.accuracy - 0.002).all()


def test_the_formula_lies_within_the_spread_of_the_seeds():
    lost = loop.over(loop.runs(), lambda t: loop.BOTH.accuracy - t.lowest_points.mean())
    late = loop.BOTH.labels_days + loop.BOTH.look_days / 2
    by_formula = model.lowest_loss(
        loop.BOTH.alarm, loop.BOTH.lost_per_day, model.round_days(loop.BOTH.days, loop.BOTH.passes), late
    )
    assert lost.low < by_formula < lost.high


def test_the_figure_tells_the_loops_that_it_shows():
    trace = loop.runs()[0]
    told = figures.plot_trace(trace, 400).get_label()
    assert "3 candidates fail" in told and "3 alarms" in told
    assert percent(loop.BOTH.accuracy) == "90 %"
