"""Changes to the digits do what their names say, and nothing at the amount 0."""

import numpy as np
import pytest

from mlsys_helpers.data.datasets import digits
from mlsys_helpers.data.worlds import CHANGES, INK, SIDE, turned

IMAGES = digits().features[:50]


def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("name", CHANGES)
def test_the_amount_0_changes_nothing_and_ink_stays_ink(name):
    assert np.allclose(CHANGES[name].apply(IMAGES, 0, rng()), IMAGES)
    changed = CHANGES[name].apply(IMAGES, 0.5, rng())
    assert changed.shape == IMAGES.shape and changed.min() >= -1e-9 and changed.max() <= INK + 1e-9
    assert not np.allclose(changed, IMAGES)


def test_turning_by_a_little_changes_little_and_by_a_right_angle_is_exact():
    assert np.abs(turned(IMAGES, 0.1) - IMAGES).max() < 0.25  # SciPy's default drops whole pixels here
    assert np.allclose(turned(IMAGES, 90), np.rot90(IMAGES.reshape(-1, SIDE, SIDE), axes=(1, 2)).reshape(-1, 64))


def test_a_thinner_pen_takes_ink_away_and_never_adds_any():
    thin = CHANGES["the pen thins"].apply(IMAGES, 1, rng())
    assert (thin <= IMAGES).all() and thin.sum() < 0.5 * IMAGES.sum()
    lone = np.zeros((1, SIDE, SIDE))
    lone[0, 3, 3] = INK
    assert CHANGES["the pen thins"].apply(lone.reshape(1, -1), 1, rng()).sum() == 0
