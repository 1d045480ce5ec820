"""The arithmetic of section 1.13, each formula against a limit and against the chapter or another computation."""

import numpy as np
import pytest

from mlsys_helpers.sections.fallacies import model
from mlsys_helpers.sections.iron_law import model as iron_law

STAGES_S = model.CHAPTER_S


def test_the_chapters_example():
    faster = model.speedup(model.part(STAGES_S, "inference"), 3)
    assert faster == pytest.approx(1.30)
    assert model.time_saved(faster) == pytest.approx(30 / 130)
    assert model.time_saved(3) == pytest.approx(2 / 3)
    assert sum(model.sped_up(STAGES_S, "inference", 3).values()) == pytest.approx(0.100)
    assert model.ceiling(45 / 130) == pytest.approx(130 / 85)
    assert model.speedup(60 / 130, 3) == pytest.approx(130 / 90)


def test_limits_of_amdahl():
    assert model.speedup(0.4, 1) == 1
    assert model.speedup(1, 7) == pytest.approx(7)
    assert model.ceiling(1) == np.inf
    assert np.all(np.diff(model.speedup(0.3, np.array([1, 2, 10, np.inf]))) > 0)
    assert model.speedup(0.3, 0.5) < 1


def test_amdahl_is_what_the_iron_law_says_of_its_terms():
    terms = iron_law.Terms(*STAGES_S.values())
    assert model.speedup(0.045 / 0.130, 3) == pytest.approx(iron_law.speedup(terms, compute=3))


@pytest.mark.parametrize(("part", "wanted"), [(0.35, 1.2), (0.9, 5.0), (1.0, 3.0)])
def test_needed_is_the_inverse_and_infinite_from_the_ceiling_on(part, wanted):
    assert model.speedup(part, model.needed(part, wanted)) == pytest.approx(wanted)
    assert model.needed(45 / 130, 1.5) == pytest.approx(27)
    assert model.needed(45 / 130, np.array([130 / 85, 2])).tolist() == [np.inf, np.inf]


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="unknown stage"):
        model.sped_up(STAGES_S, "inferenc", 3)
    with pytest.raises(ValueError, match="greater than zero"):
        model.speedup(0.5, 0)


def test_the_best_place_is_the_largest_stage_unless_it_cannot_go_that_fast():
    free = dict.fromkeys(STAGES_S, np.inf)
    assert model.best_place(STAGES_S, 0.020, free) == ("preprocessing", pytest.approx(1.5))
    assert model.best_place(STAGES_S, 0.020, free | {"preprocessing": 1.4}) == ("inference", pytest.approx(1.8))
    assert model.best_place(STAGES_S, 0.060, free) == ("none", np.inf)
    assert model.best_place(STAGES_S, 0.020, dict.fromkeys(STAGES_S, 1.2)) == ("none", np.inf)


def test_a_pipeline_at_work_on_many_items_gains_nothing_from_its_second_slowest_stage():
    assert model.throughput_per_s(STAGES_S) == model.throughput_per_s(model.sped_up(STAGES_S, "inference", 3))
    assert model.throughput_per_s(model.sped_up(STAGES_S, "preprocessing", 3)) == pytest.approx(1 / 0.045)


def test_three_times_the_preprocessing_costs_40_percent_only_where_it_is_a_fifth():
    assert model.part_for_cost(1.4, 3) == pytest.approx(0.2)
    assert model.cost_of_more(0.2, 3) == pytest.approx(1.4)
    assert model.cost_of_more(60 / 130, 3) == pytest.approx(1.923, abs=5e-4)


def test_utility_between_its_limits():
    assert model.utility(0.95, 1.0) == 0.95 and model.utility(0.95, 0.0) == 0.0
    assert model.utility(0.95, 0.0, fallback=0.94) == 0.94
    late = model.late_allowed(0.94, 0.95)
    assert late == pytest.approx(0.0105, abs=5e-5)
    assert model.utility(0.95, 1 - late) == pytest.approx(0.94)


def test_months_until_a_floor_straight_or_compounding():
    straight = model.time_until(0.85, 0.83, (0.85 - 0.802) / 6)
    assert straight == pytest.approx(2.5)
    factor = model.compounding(0.85, 0.802, 6)
    assert 0.85 * factor**6 == pytest.approx(0.802)
    assert model.time_until_compounding(0.85, 0.83, factor) == pytest.approx(2.458, abs=1e-3)


def test_the_smallest_suite_is_not_the_greedy_one():
    catches = {"a": {"1", "2", "3", "4"}, "b": {"1", "2", "5"}, "c": {"3", "4", "6"}}
    assert model.smallest_suite(catches, {"1", "2", "3", "4", "5", "6"}) == ("b", "c")
    assert model.smallest_suite(catches, {"7"}) is None and model.smallest_suite(catches, set()) == ()


def test_alarms_against_a_simulation():
    rings = np.random.default_rng(1).random((100_000, 6)) < 0.05
    assert model.any_alarm(0.05, 6) == pytest.approx(rings.any(axis=1).mean(), abs=0.005)
    assert model.any_alarm(0.05, 1) == pytest.approx(0.05)
