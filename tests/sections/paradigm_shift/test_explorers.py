"""Every claim that the notebook makes about what a reader will see in the explorers."""

import numpy as np
import pytest

from mlsys_helpers.sections.paradigm_shift import experiments, explorers, model

# Label edits


def test_the_sentence_tells_two_lost_messages_from_twenty_that_moved():
    explorer = explorers.label_edits()
    assert "20 of 1,391" in explorer.sentence and "11 newly wrong, 9 newly right" in explorer.sentence
    assert explorer.sentence.endswith("Accuracy goes from 93.46 % to 93.31 %.")


def accuracy(count, which):
    return experiments.changed(count, which).accuracy[1]


def test_the_clearest_labels_do_most_harm_at_fifty():
    flips = {which: len(experiments.changed(50, which).flipped) for which in experiments.WHICH}
    assert flips[experiments.CLEAR] > flips[experiments.RANDOM] > flips[experiments.CLOSE]


def test_up_to_a_hundred_of_the_least_clear_labels_raise_accuracy_on_this_split():
    few = [count for count in explorers.EDITS if 0 < count <= 100]
    assert all(accuracy(count, experiments.CLOSE) > accuracy(0, experiments.CLOSE) for count in few)
    assert accuracy(200, experiments.CLOSE) < accuracy(0, experiments.CLOSE)


# The proxy


def test_the_proxy_s_answers():
    explorer = explorers.drifting_proxy()
    assert "explains 97 %" in explorer.sentence and "100 % of the weeks" in explorer.sentence
    story = experiments.flu_trends()
    ratios = {w: experiments.over_prediction(story, experiments.recalibrated(story, w))[0] for w in (0, 4, 8, 26)}
    assert min(ratios, key=lambda w: abs(ratios[w] - 1)) == 4 and ratios[4] < 1.05 < 1.1 < ratios[26]


def test_no_estimate_leaves_the_picture():
    for attention in explorers.drifting_proxy().controls["attention"].values:
        story = experiments.flu_trends(attention)
        for window in explorers.WINDOWS.values():
            assert np.nanmax(experiments.recalibrated(story, window)) < 19


# The gap


def covered(side, bits, channels=3, tests=50_000):
    return model.log10_coverage(tests, explorers.picture_log10(side, bits, channels)) == 0


def test_where_a_test_set_reaches_everything():
    steps = explorers.GAP_CONTROLS
    found = {(s, b) for s in steps["side"].values for b in steps["bits"].values if covered(s, b)}
    assert found == {(1, 1), (1, 2), (1, 4), (2, 1)}
    assert 10 ** explorers.picture_log10(1, 4, 3) == pytest.approx(4096)


def test_one_bit_a_channel_still_leaves_more_than_45_000_digits():
    assert model.digits(explorers.picture_log10(224, 1, 3)) > 45_000


def test_a_million_million_tests_win_seven_orders():
    photo = explorers.picture_log10(224, 8, 3)
    won = model.log10_coverage(10**12, photo) - model.log10_coverage(50_000, photo)
    assert won == pytest.approx(7.3, abs=0.01)
    assert "10^362,503" in explorers.verification_gap().sentence


def test_the_smallest_picture_that_outnumbers_the_atoms():
    assert model.digits(explorers.picture_log10(3, 8, 3)) == 66
    assert model.digits(explorers.picture_log10(4, 8, 3)) == 116


# The test run


def test_the_run_s_answers():
    bounds = {tests: model.clean_run_bound(tests) for tests in explorers.clean_run().controls["tests"].values}
    assert max(tests for tests in bounds if bounds[tests] > 1e-4) == 10_000
    assert bounds[10_000] == pytest.approx(3e-4, rel=0.01) and 0.99e-4 < bounds[30_000] < 1e-4
    assert model.tests_needed(1e-4) == pytest.approx(30_000, rel=0.002)
    assert [model.interval(k, 1000)[1] for k in (0, 1)] == pytest.approx([0.0038, 0.0056], abs=5e-5)
    assert model.interval(1, 1000)[0] > 0
    assert model.interval(0, 1000)[1] > model.clean_run_bound(1000)
