"""Rules against learners on real mail: what is learned from little, and that nothing about the rules was tuned."""

import numpy as np

from mlsys_helpers.data.datasets import spambase
from mlsys_helpers.sections.bitter_lesson import reversal as r
from mlsys_helpers.sections.bitter_lesson.spam_rules import owners_rule, spam_signs, strangers_rule


def test_the_rules_are_applied_as_written():
    inbox = spambase()
    assert set(np.unique(strangers_rule(inbox))) == {0, 1}
    assert np.all(owners_rule(inbox) <= strangers_rule(inbox))  # signs of work only ever clear a message
    assert spam_signs(inbox).max() <= 10


def test_rules_win_on_few_messages_and_lose_on_many():
    few = r.reversal(sizes=(4, 1024), seeds=(1, 2), draws=5)
    for learner in ("logistic regression", "hand-picked signs"):
        assert np.all(few.learned[learner][:, 0] < few.ruled["a stranger's rules"])
        assert np.all(few.learned[learner][:, 1] > few.ruled["the owner's rules"])
    assert np.all(few.learned["naive Bayes"][:, 1] < few.ruled["the owner's rules"])  # more data does not help it


def test_one_kind_of_message_teaches_one_answer():
    train, test = spambase().split(1)
    spam = train.take(train.labels == 1)
    assert r._accuracy(r.naive_bayes, spam, test, 5, 1, 0) == (test.labels == 1).mean()


def test_where_the_curves_cross_is_what_the_notebook_says():
    story = r.reversal()
    assert story.order_of("naive Bayes", "the owner's rules") == "never"
    assert story.overtaken("naive Bayes", "the owner's rules") == "never, up to 2,048"
    assert {story.order_of(learner, "a stranger's rules") for learner in story.learned} == {"dozens"}
    assert story.order_of("logistic regression", "the owner's rules") == "hundreds"
    lead = story.learned["hand-picked signs"] - story.learned["logistic regression"]
    assert np.all(lead[:, 1] > 0) and story.sizes[1] == 16  # in every seed
    assert np.all(lead[:, -1] < 0.001) and lead[:, -1].mean() < -0.005
    bayes = story.learned["naive Bayes"].mean(axis=0)
    assert bayes[-1] - bayes[-3] < 0.01  # levels off


def test_a_learner_that_overtakes_in_some_seeds_only_is_told_so():
    curve = np.array([[0.5, 0.9], [0.5, 0.6]])
    some = r.Reversal(np.array([10, 1000]), (1, 2), {"a": curve}, {"b": np.array([0.7, 0.7])})
    assert some.overtaken("a", "b") == "about 100 to 100; never in 1 of 2 seeds"
    assert some.order_of("a", "b") == "never"
