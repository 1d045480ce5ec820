"""The data sets are the ones that their sources describe, and splits keep twins together."""

import numpy as np
import pytest

from mlsys_helpers.data.datasets import digits, spambase


def test_spambase_is_the_published_inbox():
    inbox = spambase()
    assert inbox.features.shape == (4597, 57) and np.bincount(inbox.labels).tolist() == [2785, 1812]
    percent = inbox.features[:, :54]
    assert percent.min() == 0 and percent.max() <= 100 and inbox.features[:, 54:].min() >= 1
    george = inbox.features[:, inbox.column("word_george")]
    assert george[inbox.labels == 0].mean() > 100 * george[inbox.labels == 1].mean()  # the receiver's own name


def test_digits_are_the_published_ones():
    assert digits().features.shape == (1797, 64) and np.unique(digits().labels).tolist() == list(range(10))
    assert (digits().features.min(), digits().features.max()) == (0, 16)


@pytest.mark.parametrize("dataset", [spambase, digits])
def test_a_split_covers_all_and_keeps_twins_on_one_side(dataset):
    train, test = dataset().split(seed=3)
    assert len(train) + len(test) == len(dataset()) and 0.25 < len(test) / len(dataset()) < 0.35
    assert not set(map(bytes, train.features)) & set(map(bytes, test.features))
    assert np.array_equal(dataset().split(seed=3)[1].features, test.features)
    assert not np.array_equal(dataset().split(seed=4)[1].labels, test.labels)


def test_data_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        digits().features[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        digits().take([1, 2]).labels[0] = 1


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="one label for each of 1797"):
        digits().relabelled([1, 2])
    with pytest.raises(ValueError, match="no feature is called 'georg'"):
        spambase().column("georg")
    with pytest.raises(ValueError, match="test"):
        digits().split(seed=1, test=30)
