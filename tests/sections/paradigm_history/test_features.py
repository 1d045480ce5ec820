import numpy as np

from mlsys_helpers.data.datasets import digits
from mlsys_helpers.sections.paradigm_history import features


def test_holes_of_drawn_digits():
    ring = np.zeros((8, 8))
    ring[1:7, 2:6] = 16
    ring[2:6, 3:5] = 0
    eight = ring.copy()
    eight[4, 2:6] = 16
    assert [features.holes(image) for image in (np.zeros((8, 8)), ring, eight)] == [0, 1, 2]


def test_holes_of_real_digits():
    found = features.five_by_hand(digits().features)[:, 4]
    assert found[digits().labels == 0].mean() > 0.7 and found[digits().labels == 1].mean() < 0.1


def test_gradients_see_direction():
    down = np.repeat(np.arange(8.0), 8)[None]
    found = features.gradients(down).reshape(4, 8)
    assert np.allclose(found, found[0]) and (found[0] > 0).sum() == 1
    opposite = features.gradients(-down).reshape(4, 8)
    assert (found[0].argmax() - opposite[0].argmax()) % 8 == 4
    assert features.gradients(down).sum() == 64


def test_five_by_hand_do_worst_and_the_rest_stays_in_its_place():
    found = features.compare(seed=1)
    assert min(found, key=found.get) == "five by hand" and found["five by hand"] < 0.65
    assert found["five learned"] > found["five by hand"] + 0.2
    assert found["64 raw pixels"] > 0.93 and found["64 raw pixels"] > found["32 edge histograms"]
