"""Two sensors and what they miss together: two classifiers that each see one half of a digit.

"Camera" is the left half of the image and "radar" the right half; each has a classifier of its own. Rain is noise on
one half. A blackout blinds a sensor for whole images: both in turn, or both at once from a shared cause. All faults are
simulated, on real images.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import digits
from mlsys_helpers.data.worlds import INK, SIDE
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread

CAMERA = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)[:, : SIDE // 2].ravel()
RADAR = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)[:, SIDE // 2 :].ravel()
RAIN = 8.0  # ink levels of noise, half of the darkest
BLIND = 0.15  # of the images
DRY, RAINY, APART, SHARED = "a dry day", "rain on the camera", "each blinded by itself", "both blinded at once"
FAULTS = (DRY, RAINY, APART, SHARED)


@dataclass(frozen=True, eq=False)
class Misses:
    """Which images each sensor gets wrong, and which the two together.

    Fused is the digit with the largest product of both probabilities, as if their errors were independent. `told` is
    the same by somebody who is told which sensor has a fault, and leaves that one out if the other has none.
    """

    camera: np.ndarray
    radar: np.ndarray
    fused: np.ndarray
    told: np.ndarray

    @property
    def both(self) -> float:
        """The share that both miss."""
        return float((self.camera & self.radar).mean())

    @property
    def phi(self) -> float:
        """How the misses are correlated, -1 to 1."""
        return float(np.corrcoef(self.camera, self.radar)[0, 1])


@cache
@one_thread
def sensors(seed: int):
    """Two classifiers for their halves, and the images that neither has seen."""
    train, test = digits().split(seed, test=0.5)
    fits = (
        LogisticRegression(solver="newton-cg").fit(train.features[:, p] / INK, train.labels) for p in (CAMERA, RADAR)
    )
    return *fits, test


@cache
@one_thread
def misses(seed: int, fault: str) -> Misses:
    """What the sensors miss under a fault of FAULTS."""
    camera, radar, test = sensors(seed)
    images = (test.features[:, CAMERA], test.features[:, RADAR])
    (left, bad_left), (right, bad_right) = _seen(*images, one_of("fault", fault, FAULTS), np.random.default_rng(seed))
    by_camera, by_radar = camera.predict_proba(left / INK), radar.predict_proba(right / INK)
    fused = by_camera * by_radar
    told = np.where(bad_left & ~bad_right, by_radar, np.where(bad_right & ~bad_left, by_camera, fused))
    return Misses(*(chance.argmax(axis=1) != test.labels for chance in (by_camera, by_radar, fused, told)))


def _seen(left: np.ndarray, right: np.ndarray, fault: str, rng: np.random.Generator):
    """What each sensor sees, and for which images it has a fault; a blinded one sees noise only."""
    images, none = len(left), np.zeros((len(left), 1), bool)
    if fault == RAINY:
        wet = np.clip(left + RAIN * rng.standard_normal(left.shape), 0, INK)
        return (wet, ~none), (right, none)
    if fault == DRY:
        return (left, none), (right, none)
    dark, noise = rng.random((2, images, 1)) < BLIND, rng.uniform(0, INK, (2, *left.shape))
    dark_left, dark_right = dark[0], dark[0] if fault == SHARED else dark[1]
    return (np.where(dark_left, noise[0], left), dark_left), (np.where(dark_right, noise[1], right), dark_right)
