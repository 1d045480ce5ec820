"""Every claim that the notebook makes about what a reader sees in the explorers."""

import numpy as np
import pytest

from mlsys_helpers.sections.lifecycle import explorers, loop, model


def going(alarm, speed):
    traces = explorers.going_round(alarm, speed)
    return [
        loop.over(traces, of).mean
        for of in (lambda t: t.daily.mean(), lambda t: t.daily.min(), lambda t: t.person_days_per_year)
    ]


def test_a_tighter_alarm_buys_half_a_point_for_two_thirds_more_work():
    usual, tight = going(3, 1), going(0.5, 1)
    assert tight[0] - usual[0] == pytest.approx(0.005, abs=0.001)
    assert 0 < tight[1] - usual[1] < 0.006
    assert tight[2] / usual[2] == pytest.approx(5 / 3, abs=0.08)
    without_rest = [trace.days_in[model.MONITORING] / trace.days for trace in explorers.going_round(0.5, 1)]
    assert max(without_rest) < 0.3


def test_a_quicker_round_buys_more_and_halves_the_work():
    usual, quick = going(3, 1), going(3, 0.25)
    assert quick[0] - usual[0] > 0.01 and quick[1] - usual[1] > 0.02
    assert quick[2] < usual[2] / 2
    watching = loop.over(
        explorers.going_round(3, 0.25), lambda t: t.days_in[model.MONITORING] * loop.PEOPLE[-1] / 3
    ).mean
    assert (4 * (quick[2] - watching) + watching) / usual[2] == pytest.approx(
        1.2, abs=0.04
    )  # with four times the people


def test_the_wheel_parts_between_04_and_05_and_dies_at_065_usable():
    wheel = model.Flywheel(1.0)
    assert 0.4 < wheel.fixed_points()[0] < 0.5
    assert wheel.path(0.4, 100)[-1] < 0.01 < 0.7 < wheel.path(0.5, 100)[-1]
    gaps = [np.ptp(model.Flywheel(usable).fixed_points()) for usable in (1.0, 0.9, 0.8, 0.7)]
    assert gaps == sorted(gaps, reverse=True)
    assert all(model.Flywheel(usable).fixed_points().size == 0 for usable in (0.65, 0.6, 0.5, 0.4))


def test_every_wheel_has_two_points_or_none():
    assert {model.Flywheel(usable).fixed_points().size for usable in explorers.USABLE} == {0, 2}


def test_what_lasts_does_not_know_the_speed():
    fast = explorers.throttling()
    fast.set(power=10.0)
    assert "then 7.60" in fast.sentence
    fast.set(power=5.0)
    assert "then 7.60" in fast.sentence and "15.2 tokens/s for 16 min" in fast.sentence


def test_the_bits_written_in_the_small_network_explorer_are_told():
    explorer = explorers.shrinking()
    explorer.set(bits=4)
    assert explorer.sentence.startswith("256 and 128 hidden units, 4 bits, 100 %")
