"""Every claim that the notebook makes about what a reader will see in explorers, figures and tables."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.kit.figure import description
from mlsys_helpers.sections.efficiency import cadences, explorers, figures, model, tables


def test_six_years_from_2012_hold_the_published_cadence_for_all_runs_and_for_records():
    inside, records = explorers.window(2012, 6)
    for found in (inside.trend, records.trend):
        assert found.low_months < 3.4 < found.high_months
    assert records.trend.months < inside.trend.months


def test_windows_of_two_years_say_little_and_one_says_it_with_confidence():
    windows = {first: explorers.window(first, 2)[0].trend for first in explorers.FIRSTS}
    told = {first: found for first, found in windows.items() if np.isfinite(found.high_months)}
    assert list(told) == [2018] and len(windows) == 7
    assert f"{told[2018].low_months:.1f} to {told[2018].high_months:.1f}" == "1.4 to 2.0"


def test_the_whole_table_is_slower_than_the_published_cadence():
    inside, _ = explorers.window(2012, 14)
    assert len(inside) == 54
    assert f"{inside.trend.low_months:.1f} to {inside.trend.high_months:.1f}" == "4.9 to 6.1"


def test_what_leaner_algorithms_make_of_the_gap():
    before, after = model.systems_gap(84, 3.4, 24), model.systems_gap(84, 3.4, 24, 15.3)
    assert before / after == pytest.approx(45, abs=0.5) and after == pytest.approx(54_000, rel=0.01)
    assert 44.5 * model.growth(84, 24) == pytest.approx(503, abs=1)
    just_met = 1 / (1 / 24 + 1 / 15.3)
    assert just_met == pytest.approx(9.3, abs=0.05)
    assert model.systems_gap(84, 8, 24, 15.3) > 1 > model.systems_gap(84, 12, 24, 15.3)
    gap = explorers.gap()
    gap.set(months=84, demand=3.4, halving=15.3)
    assert "54,000 times" in gap.sentence and "4.7 orders" in gap.sentence
    gap.set(months=84, demand=12.0, halving=15.3)
    assert gap.sentence.endswith("no gap.")


def test_the_rebound_turns_at_one_and_households_stay_below_it():
    shown = explorers.rebound()
    shown.set(gain=44.5, elasticity=1.0)
    assert "stays as it was: 1.0 times" in shown.sentence
    for gain in explorers.GAINS:
        shown.set(gain=gain, elasticity=0.7)
        assert "falls" in shown.sentence
        shown.set(gain=gain, elasticity=1.5)
        assert "rises" in shown.sentence
    use = [model.total_use(gain, 1.5) for gain in explorers.GAINS]
    assert use == sorted(use)
    assert all(0.5 < facts.quoted(f"rebound_{name}").value < 1 for name in ("heating", "travel"))


def test_the_audit_s_orders():
    orders = [row[3] for row in tables.audit().rows]
    assert orders == ["5.3", "7.6", "7.7", "11.2", "7.0"]
    assert f"{model.doubling_months(1e7, 126):.1f}" == f"{cadences.training_runs().trend.months:.1f}" == "5.4"
    assert 2.5e6 * 24 == 60e6
    faster = 1e7 / (2.5e6 / 12)
    assert faster == pytest.approx(48)
    assert facts.chip("A100_SXM_80").peak("fp16") / facts.chip("GTX_580").peak("fp32") > 150


def test_vgg_was_trained_with_more_than_alexnet_and_is_not_in_the_table():
    assert cadences.run("VGG16").training_flop > 20 * cadences.run("AlexNet").training_flop
    assert not any("VGG" in row.model or row.model.startswith("ResNet-18") for row in facts.leaner_runs("AlexNet"))


def test_the_figure_of_alexnet_s_level_names_its_models():
    names = [row.model for row in facts.leaner_runs("AlexNet")]
    ax = figures.plot_alexnet_level(cadences.alexnet_level(), names, figures.MOORE_MONTHS)
    assert [text.get_text() for text in ax.texts] == names
    assert "AlexNet" in description(ax) and "EfficientNet" in description(ax)


def test_data_selection_is_the_oldest_of_the_landmarks():
    first = {d: min(row.year for row in facts.landmarks() if row.dimension == d) for d in model.DIMENSIONS}
    assert min(first, key=first.get) == "data"
    assert all(sum(row.dimension == d for row in facts.landmarks()) == 4 for d in model.DIMENSIONS)
    assert "Condensed nearest neighbour 1968" in description(figures.plot_landmarks(facts.landmarks()))


def test_the_hook_s_factors():
    records = cadences.training_runs(last=cadences.FRONTIER_TO, records=True)
    assert cadences.alexnet_level().factor < 50 and records.factor > 500_000
    assert 5 < records.months / 12 < 6


def test_the_spotter_fits_and_the_picture_network_does_not():
    largest = max(chip.memory_bytes for chip in facts.chips("mcu"))
    assert facts.workload("ds_cnn").weight_bytes < largest < facts.workload("resnet50").weight_bytes


def test_the_implied_elasticities_are_far_above_one():
    rows = tables.implied({"g": 44.5}, {"low": 10**5.3, "high": 10**7.7}).rows
    assert rows[0][1:] == ("4.2", "5.7")
