"""The missions of table 7: what the notebook says of their slack."""

import pytest

from mlsys_helpers import facts
from mlsys_helpers.kit.units import YEAR_S
from mlsys_helpers.sections.lifecycle import missions, model, tables


def used(mission, size=1.0):
    return {limit.name: limit.used for limit in missions.MISSIONS[mission].limits(size)}


def broken(mission, size=1.0):
    return [name for name, share in used(mission, size).items() if share > 1]


def test_which_limits_are_broken_as_they_are():
    assert broken("frontier training") == broken("autonomous perception") == []
    assert broken("mobile assistant") == ["heat, if it writes for ever"]
    assert broken("smart doorbell") == ["power for a year on a coin cell"]


def test_what_a_tenth_of_the_workload_mends():
    assert (
        used("mobile assistant", 0.1)["heat, if it writes for ever"]
        == used("mobile assistant")["heat, if it writes for ever"]
    )
    assert used("smart doorbell", 0.1)["power for a year on a coin cell"] == pytest.approx(1.32, abs=0.02)


def test_the_chapter_s_steps_gpus_and_the_estimate_agree_at_a_third_of_the_peak():
    assert missions.steps() == pytest.approx(15.552e6)
    needed = missions.needed_utilisation()
    assert needed == pytest.approx(2.1e25 / (90 * 86_400) / (25_000 * 312e12), rel=0.001)
    assert used("frontier training")["time of a step"] == pytest.approx(needed / 0.45)
    assert missions.steps() * 1e-3 / 3600 == pytest.approx(4.32)


def test_which_limits_the_chapter_names():
    named = [limit.name for m in missions.MISSIONS.values() for limit in m.limits(1.0) if limit.named]
    assert len(named) == 5 and "power for a year on a coin cell" not in named


def test_a_look_takes_what_its_share_of_the_measured_rate_gives():
    """89 ms were measured for 15 MFLOP; Wake Vision's network has 4.2."""
    assert missions.look_s() == pytest.approx(0.0889 * 4.172658 / 14.979328, rel=0.001)
    assert missions.look_j() == pytest.approx(1e-3, rel=0.05)
    allowed_w = missions.coin_cell_j() / YEAR_S
    assert 10e-6 / allowed_w == pytest.approx(1 / 8, abs=0.01)


def test_the_phone_runs_a_quarter_of_an_hour_and_then_at_half_its_rate():
    assert missions.PHONE.burst_s(5.0) / 60 == pytest.approx(15.7, abs=0.1)
    rates = [model.sustained_rate(power, missions.PHONE.sustained_w, missions.token_j()) for power in (5.0, 10.0)]
    assert rates[0] == rates[1] == pytest.approx(2.5 / missions.token_j())


def test_millisecond_and_metres():
    assert missions.braking_m(0.001) == pytest.approx(0.03)
    assert missions.braking_m(0.1) == pytest.approx(3)


def test_chip_against_chip_is_four_orders_in_power():
    big, small = (facts.chip(name).tdp_w for name in ("H100_SXM", "STM32L4R5"))
    assert model.orders(big / small) == pytest.approx(4.2, abs=0.1)


def test_snapshots_are_named_by_content():
    names = [row[1] for row in tables.snapshots().rows]
    assert names[0] == names[2] != names[1]


def test_consequences_speak_of_four_stages_in_order():
    stages = [one.stage for one in missions.consequences()]
    assert stages == [stage for stage in model.STAGES if stage in stages] and len(stages) == 4
