"""What the notebook says of its experiments, held more loosely than it was seen over five seeds; times as ratios."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mlsys_helpers.kit.spread import SEEDS, over_seeds
from mlsys_helpers.sections.fallacies import filters, green, model, pipeline, readiness, scorer, tables

# The pipeline


def test_every_version_does_the_same_work():
    mail = pipeline.mail(1)
    first = pipeline.job(1).up_to(mail, "write") >= 0.5
    for stage in ("load", "prepare"):
        assert np.mean((pipeline.job(1, stage).up_to(mail, "write") >= 0.5) == first) > 0.998
    lines, once = pipeline.job(1).run(mail), pipeline.job(1, "write").run(mail)
    assert [json.loads(line) for line in lines.splitlines()] == json.loads(once)
    assert np.mean(first == mail.labels) > 0.9


def _fresh(measure, *args):
    """Measured anew, the first profile too: what else the machine does decides a single look, so tests take several."""
    pipeline.profiled.cache_clear()
    return measure(*args)


@pytest.mark.parametrize("stage", ["predict", "load"])
def test_amdahl_foretells_the_whole(stage):
    change = sorted((_fresh(pipeline.change, 1, stage) for _ in range(5)), key=lambda change: abs(change.error))[2]
    assert abs(change.error) < 0.25
    if stage == "predict":
        assert change.faster > 2 and 1 < change.gain < change.faster
    else:
        assert change.faster > 1000 and change.predicted == pytest.approx(model.ceiling(change.part), rel=0.01)


def test_the_tempting_stage_is_not_the_slowest():
    found = pipeline.profiled(1)
    assert found.slowest == "load"
    assert model.part(found.stages_s, "predict") < 0.45


def test_the_slowest_stage_moves():
    routes = [_fresh(pipeline.route, 1, 2) for _ in range(9)]

    def typical(seen) -> float:
        return float(np.median([seen(steps) for steps in routes]))

    orders = Counter(tuple(step.mended for step in steps) for steps in routes)
    assert orders.most_common(1)[0][0] == ("load", "predict", "prepare", "write", "")
    assert typical(lambda steps: steps[0].profile.total_s / steps[-1].profile.total_s) > 8
    assert all(steps[-1].profile.slowest != "load" for steps in routes)
    # the untouched stage
    assert typical(lambda steps: steps[1].profile.stages_s["prepare"] / steps[0].profile.stages_s["prepare"]) > 1.03


def test_an_unknown_stage_is_named():
    with pytest.raises(ValueError, match="unknown stage 'lod'"):
        pipeline.job(1, "lod")


# A late answer


def test_better_filters_are_later():
    measured = filters.measured()
    (simple, simple_s), (boosted, boosted_s), (forest, forest_s) = measured.values()
    assert min(boosted, forest) > simple
    assert np.median(simple_s) < np.median(boosted_s) < np.median(forest_s)
    assert np.median(forest_s) > 10 * np.median(simple_s)


def test_one_to_three_points_lie_between_the_filters_and_the_two_good_ones_are_level():
    simple, boosted, forest = (over_seeds(lambda s, n=name: filters.accuracy(s, n)).mean for name in filters.FILTERS)
    assert 0.01 < boosted - simple < 0.03 and abs(forest - boosted) < 0.006


# Green tests


@pytest.fixture(scope="module")
def matrix():
    return green.together()


def test_unit_tests_pass_on_the_code_as_it_is_and_on_the_toy():
    assert scorer.unit_failures(scorer.Code()) == ()
    assert scorer.unit_failures(scorer.Code(verdict=lambda p, t: np.asarray(p) > t)) == ("the_threshold_is_spam",)


def test_unit_tests_see_code_and_nothing_else(matrix):
    for bug, (kind, _) in green.BUGS.items():
        assert matrix.at(bug, green.UNIT) == (kind == "code"), bug
    assert matrix.green_under(green.UNIT) == 6


def test_what_leaves_unit_tests_green_costs_accuracy(matrix):
    lost = dict(zip(green.ROWS, matrix.harm.mean(axis=0), strict=True))
    assert all(0.02 < lost[bug] < 0.3 for bug, (kind, _) in green.BUGS.items() if kind != "code")
    assert max(lost, key=lost.get) == "fractions for percent"
    assert [bug for bug in green.BUGS if lost[bug] < 0.015] == ["breaks on an empty batch", "scaled by its own batch"]


def test_who_sees_what(matrix):
    for bug, (kind, _) in green.BUGS.items():
        behaviour = max(matrix.at(bug, test) for test in ("accuracy", "worst group", "calibration"))
        if kind == "release":
            assert matrix.at(bug, "accuracy") > 0.9 and matrix.at(bug, "inputs (PSI)") < 0.3
        if kind == "mail":
            assert behaviour < 0.2
    assert matrix.at("another meaning", "100 labels") > 0.9 and matrix.at("another meaning", "inputs (PSI)") < 0.3
    assert matrix.at("another inbox", "inputs (PSI)") > 0.9
    assert matrix.at("scaled by its own batch", "alone as in company") == 1
    assert matrix.at("scaled by its own batch", "accuracy") < 0.5


def test_false_alarms(matrix):
    assert matrix.at(green.NO_BUG, green.STRICT) == 1
    rates = [matrix.at(green.NO_BUG, test) for test in green.TESTS if test != green.STRICT]
    assert np.mean(rates) < 0.08 and pytest.approx(0.05) == green.ALARM_SHARE
    assert 0.05 < matrix.any_alarm.mean() < 0.4


def test_no_trade_sees_all_and_four_tests_do(matrix):
    assert matrix.suite() == ("unit tests", "accuracy", "inputs (PSI)", "100 labels")
    seen = {row[0]: row[2] for row in tables.owners(matrix).rows}
    assert seen["all three"] == "9 of 9" and all(count[0] < "7" for who, count in seen.items() if who != "all three")


@pytest.mark.parametrize("test", [test for test in green.TESTS if test != green.STRICT])
def test_no_trade_sees_all_if_one_test_changes_hands(matrix, test):
    caught = matrix.caught()
    for tests in tables.OWNERS.values():
        assert set().union(*(caught[name] for name in {*tests, test})) != set(green.BUGS)


def test_a_release_that_breaks_down_is_red_not_an_error():
    broken = replace(green.healthy(1, 0).release, code=scorer.Code(prepare=lambda *given: 1 / 0))
    assert "accuracy" in green.red(replace(green.healthy(1, 0), release=broken))


# Readiness


def test_the_smaller_the_benchmark_the_luckier_its_winner():
    small, large = readiness.luck(50), readiness.luck(1000)
    assert small.mean > 3 > 1 > large.mean


def test_other_gaps():
    for name in filters.FILTERS:
        found = [readiness.gap(seed, name) for seed in SEEDS]
        assert all(gap.worst < gap.benchmark - 0.05 and gap.elsewhere < gap.benchmark for gap in found)
        assert {gap.worst_group for gap in found} == {"other spam"}
        assert 0.1 < np.mean([gap.benchmark - gap.worst for gap in found]) < 0.17  # "about as large" as 10 to 15 points
    lost = {bits: over_seeds(lambda s, b=bits: readiness.lost_to_bits(s, b)).mean for bits in (8, 3, 2)}
    assert lost[8] < 0.5 and 1 < lost[3] < 5 and lost[2] > 15


def test_one_in_twenty_exceeds_the_largest_of_nineteen():
    """On fifty other healthy releases, averaged over tests: the limits keep what the notebook promises."""
    others = [green.healthy(seed, number) for seed in SEEDS for number in range(100, 110)]
    over = [[test(s) > green.limits(s.office.seed)[name] for name, test in green.MEASURES.items()] for s in others]
    assert np.mean(over) < 0.08


def test_rounding():
    assert np.array_equal(readiness.rounded(np.array([-1.0, 0.2, 1.0]), 2), [-1, 0, 1])
    with pytest.raises(ValueError, match="at least 2"):
        readiness.rounded(np.ones(3), 1)
