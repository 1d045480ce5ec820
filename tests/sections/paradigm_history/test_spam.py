import numpy as np
from sklearn.naive_bayes import BernoulliNB

from mlsys_helpers.data.datasets import spambase
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.paradigm_history import spam


def test_it_is_scikit_learns_naive_bayes():
    train, test = spambase().split(seed=1)
    ours = spam.learn(spam.present(train), train.labels).log_odds(spam.present(test))
    theirs = BernoulliNB().fit(spam.present(train), train.labels).predict_joint_log_proba(spam.present(test))
    assert np.allclose(ours, theirs[:, 1] - theirs[:, 0])


def test_rules_fire_on_all_their_words():
    mail = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], bool)
    assert spam.rules_fire(mail, ["a", "b", "c"], [("a", "b"), ("c",)]).tolist() == [False, True, True]


def test_the_duel():
    rules, bayes, padded = (spam.duel(seed=1, against=whom) for whom in ("rules", "bayes", "padding"))
    assert rules.rules[0] > 0.8 and rules.rules[-1] == 0 and rules.bayes[-1] > 0.6
    assert (np.diff(rules.rules) <= 0).all()
    assert bayes.bayes[-1] < bayes.bayes[0] and bayes.retrained[-1] > bayes.bayes[-1]
    assert np.ptp(padded.rules) == 0 and padded.bayes[-1] < 0.2  # the learned filter loses this one


def test_attacks_touch_only_their_messages():
    train, _ = spambase().split(seed=1)
    before = spam.present(train)
    after = spam.disguise(before, train.labels == 1, [0, 1])
    assert not after[train.labels == 1][:, :2].any() and np.array_equal(
        after[train.labels == 0], before[train.labels == 0]
    )
    assert spam.pad(before, train.labels == 1, [0])[train.labels == 1, 0].all() and before.sum() != after.sum()


def test_eighty_labels_match_the_rules_and_then_it_flattens():
    runs = [spam.labels_needed(seed) for seed in SEEDS]
    accuracy = np.mean([run.accuracy for run in runs], axis=0)
    sizes = list(runs[0].labelled)
    rules = np.mean([run.rules.accuracy for run in runs])
    assert accuracy[sizes.index(40)] < rules < accuracy[sizes.index(80)]
    assert 0.004 < accuracy[sizes.index(2560)] - accuracy[sizes.index(320)] < 0.006
    assert all(spam.weighed_together(seed) > run.accuracy[-1] + 0.01 for seed, run in zip(SEEDS, runs, strict=True))


def test_the_table_of_the_duel_shows_half_of_the_spam_attacked():
    shown = spam.duel_table(0.5)
    assert len(shown.rows) == 3 and all("over 5 seeds" in cell for row in shown.rows for cell in row[1:])
    padded = [spam.duel(seed, "padding", 0.5, (0, 10)) for seed in SEEDS]
    assert max(run.bayes[-1] for run in padded) < 0.6 < min(run.retrained[-1] for run in padded)
