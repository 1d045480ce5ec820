import numpy as np
import pytest

from mlsys_helpers.data.datasets import digits
from mlsys_helpers.sections.paradigm_history import vision


def test_features_are_all_there_and_two_ways_agree():
    features, images = vision.rectangle_features(), digits().features[:20].reshape(-1, 8, 8)
    # two parts: widths 1-4 (7, 5, 3, 1 places); three: widths 1-2 (6, 3 places); times 36 heights and places; turned
    assert len(features) == 2 * 36 * (7 + 5 + 3 + 1 + 6 + 3)
    assert np.allclose(features.values(images), vision.all_values(images))
    assert not features.take(np.flatnonzero(features.signs[:, 2] == 0)).values(np.ones((1, 8, 8))).any()


def test_windows_hold_what_they_say():
    found = vision.windows(digits(), np.random.default_rng(1), others=100)
    assert found.wanted.sum() == 1797 and len(found.images) == 1897
    assert {image.tobytes() for image in found.images[found.wanted]} == {
        image.tobytes() for image in digits().features.reshape(-1, 8, 8)
    }


def test_a_first_feature_rejects_most_windows():
    found = vision.cascade(seed=1)
    first, second = found.stages
    assert first.features == 1 and first.rejected > 0.8 and first.kept > 0.95
    assert second.rejected > first.rejected and second.kept <= first.kept
    assert found.features_per_window == pytest.approx(1 + 10 * (1 - first.rejected))
    assert 0.02 < found.empty_share < 0.05 and found == vision.cascade(seed=1)
