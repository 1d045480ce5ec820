"""What the notebook says of the experiments of section 1.1, held against what they do."""

import numpy as np
import pytest

from mlsys_helpers.sections.paradigm_shift import experiments, model
from mlsys_helpers.sections.paradigm_shift.experiments import CARELESS, CLEAR, CLOSE, ONE_WAY, RANDOM

# Compile the data


def test_the_filter_s_code_is_hashed_as_it_is_written():
    assert experiments.original().code == experiments.edited(50).code == experiments.code_fingerprint(experiments.train)
    assert experiments.code_fingerprint(experiments.build) != experiments.original().code


def test_fifty_labels_and_no_more_change_and_the_data_s_fingerprint_with_them():
    before, after = experiments.mail()[0], experiments.relabelled(50)
    assert np.count_nonzero(before.labels != after.labels) == 50
    assert (before.features == after.features).all()
    assert experiments.original().data != experiments.edited(50).data


def test_more_edits_include_the_fewer():
    learn = experiments.mail()[0]
    for which in experiments.WHICH:
        few, many = (set(np.flatnonzero(experiments.relabelled(n, which).labels != learn.labels)) for n in (10, 50))
        assert few < many


def test_no_edit_changes_nothing():
    assert len(experiments.changed(0).flipped) == 0 and experiments.edited(0).data == experiments.original().data


def test_another_order_is_the_same_data_and_the_same_program():
    learn, held_out = experiments.mail()
    mixed = experiments.shuffled(learn)
    assert (mixed.labels != learn.labels).any()
    again = experiments.build(mixed, held_out)
    assert again.data == experiments.original().data
    assert again.weights == pytest.approx(experiments.original().weights, abs=1e-6)
    assert (again.verdicts == experiments.original().verdicts).all()


def test_no_verdict_hangs_on_a_rounding_error():
    """So the notebook shows the same flips on every machine: the solver stops far closer than the nearest message."""
    for built in (experiments.original(), experiments.edited(50)):
        assert np.abs(built.log_odds).min() > 1e-5


def test_every_label_turned_makes_the_opposite_filter():
    learn = experiments.mail()[0]
    turned = experiments.changed(len(learn))
    assert sum(turned.accuracy) == pytest.approx(1)
    assert len(turned.flipped) == len(turned.truth)


def test_the_sizes_that_the_notebook_and_the_prediction_name():
    learn, held_out = experiments.mail()
    assert (len(learn), len(held_out)) == (3206, 1391)
    assert len(experiments.original().weights) == 57


def test_what_fifty_labels_do():
    change = experiments.changed(50)
    assert (len(change.flipped), len(change.broken), len(change.mended)) == (20, 11, 9)
    assert abs(change.accuracy[1] - change.accuracy[0]) == pytest.approx(0.0014, abs=5e-5)
    assert (np.abs(experiments.edited(50).weights - experiments.original().weights) > 1e-6).all()


def test_over_five_splits_the_clearest_do_most_harm_and_flips_exceed_the_change_of_accuracy():
    rows = {edits.which: edits for edits in experiments.fifty_edits()}
    assert rows[CLEAR].flipped.low > rows[RANDOM].flipped.high
    assert rows[CLEAR].flipped.mean > rows[RANDOM].flipped.mean > rows[CLOSE].flipped.mean
    assert rows[CLEAR].gained_points.high < -0.5
    for edits in rows.values():
        assert len(edits.flipped.values) == 5
    assert rows[RANDOM].flipped.low >= 10


def test_some_message_crosses_that_the_first_filter_was_sure_of():
    assert np.abs(experiments.original().log_odds[experiments.changed(50).flipped]).max() > 4


def test_shuffling_alone_flips_more_than_fifty_edits_did_and_longer_training_fewer():
    short, long = experiments.shuffle_flips(20), experiments.shuffle_flips(100)
    assert long.low > 15 and long.mean > len(experiments.changed(50).flipped)
    assert short.low > 2 * long.high


def test_an_unknown_choice_is_named():
    with pytest.raises(ValueError, match="unknown choice of messages 'clearest'"):
        experiments.relabelled(5, "clearest")
    with pytest.raises(ValueError, match="unknown kind"):
        experiments.mislabelled(experiments.mail()[0], 0.1, "one way", 1)


# The contest


@pytest.mark.parametrize("kind", [CARELESS, ONE_WAY])
def test_as_many_labels_are_wrong_as_was_asked(kind):
    clean = experiments.digits()
    noisy = experiments.mislabelled(clean, 0.2, kind, seed=3)
    wrong = noisy.labels != clean.labels
    assert wrong.mean() == pytest.approx(0.2, abs=1e-3)
    steps = set((noisy.labels - clean.labels)[wrong] % 10)
    assert steps == ({1} if kind == ONE_WAY else set(range(1, 10)))


def test_of_forty_in_a_hundred_random_mistakes_no_wrong_digit_gets_more_than_six():
    clean = experiments.digits()
    steps = (experiments.mislabelled(clean, 0.4, CARELESS, seed=1).labels - clean.labels) % 10
    shares = np.bincount(steps, minlength=10) / len(clean)
    assert shares[0] == pytest.approx(0.6, abs=1e-3) and shares[1:].max() < 0.06
    assert shares[1:].mean() == pytest.approx(0.4 / 9, abs=1e-3)


def test_at_forty_percent_the_better_model_has_learnt_the_labellers_habit():
    few, many = experiments.habit(0.2), experiments.habit(0.4)
    assert few.high < 0.5 < 0.8 < many.low
    assert few.mean == pytest.approx(1 / 9, abs=0.1)


@pytest.mark.parametrize(
    ("kind", "winner"), [(CARELESS, ["model"] * 4), (ONE_WAY, ["model", "model", "model", "cleaning"])]
)
def test_which_remedy_gains_more_at_every_seed(kind, winner):
    found = experiments.contest(kind)
    assert found.cleaning.shape == (4, 5)
    for cleaning, switching, expected in zip(found.cleaning, found.switching, winner, strict=True):
        ahead = cleaning - switching
        assert (ahead > 0).all() if expected == "cleaning" else (ahead < 0).all()


def test_with_the_better_model_in_place_cleaning_matters_only_where_mistakes_are_many():
    gains = experiments.contest(ONE_WAY).then_cleaning.mean(axis=1)
    assert (np.abs(gains[:3]) < 1).all() and gains[3] > 5


# The proxy


def test_searches_follow_flu_until_attention_moves():
    story = experiments.flu_trends(2.1)
    late = ~story.learnt
    assert late.sum() == 52 and (story.flu > 0).all()
    assert np.median(story.searches[story.learnt] / story.flu[story.learnt]) == pytest.approx(1, abs=0.03)
    assert np.median(story.searches[late] / story.flu[late]) == pytest.approx(2.1, rel=0.05)


def test_without_a_change_of_attention_the_model_keeps_its_promise():
    assert experiments.drift_over_seeds(attention=1.0).mean == pytest.approx(1, abs=0.03)


def test_a_good_fit_over_predicts_twofold_in_every_week_and_recalibration_mends_it():
    for seed in range(1, 6):
        story = experiments.flu_trends(2.1, seed)
        assert 0.95 < story.r2 < 0.98
        ratio, weeks = experiments.over_prediction(story, story.estimate)
        assert ratio == pytest.approx(2.07, abs=0.05) and weeks == 1
    assert 1.0 < experiments.drift_over_seeds(window=4).mean < 1.05
    assert experiments.drift_over_seeds(window=8).mean == pytest.approx(1.05, abs=0.02)


def test_a_longer_window_believes_the_old_world_for_longer():
    means = [experiments.drift_over_seeds(window=window).mean for window in (4, 8, 26)]
    assert means == sorted(means) and means[2] > 1.1


def test_once_the_jump_is_past_shorter_windows_follow_noise():
    def weekly_error(window: int, seed: int) -> float:
        story = experiments.flu_trends(2.1, seed)
        return float(np.sqrt(np.mean((experiments.recalibrated(story, window) / story.flu - 1)[-22:] ** 2)))

    errors = [np.mean([weekly_error(window, seed) for seed in range(1, 6)]) for window in (1, 4, 8, 26)]
    assert errors == sorted(errors, reverse=True) and errors[0] > 1.2 * errors[-1]


def test_a_recalibrated_estimate_knows_no_report_before_it_arrives():
    story = experiments.flu_trends(2.1)
    first = np.flatnonzero(~story.learnt)[0]
    estimate = experiments.recalibrated(story, 4)
    old = story.searches[first] * story.flu[first - 5 : first - 1].sum() / story.searches[first - 5 : first - 1].sum()
    assert estimate[first] == pytest.approx(old)


def test_training_is_a_few_of_many_lines():
    training, whole = experiments.lines_of_code()
    assert training == 5 and training / whole < 0.05


def test_the_filter_on_its_own_held_out_mail():
    wrong = int((experiments.original().verdicts != experiments.mail()[1].labels).sum())
    low, high = model.interval(wrong, 1391)
    assert wrong == 91 and low < 0.065 < high
