"""How the world of the digits may change: seven simulated changes to images of shape (n, 64), each by an amount.

`CHANGES["the camera turns"].apply(images, 20, rng)` turns them by 20 degrees. The amount 0 leaves every image as it is.

What comes in from outside an image is white paper ("grid-constant"). SciPy's default mode drops every pixel whose
source lies outside by however little: a model would lose 3 points of accuracy to a tenth of a degree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import ndimage

INK = 16.0  # the darkest a pixel gets
SIDE = 8
CROSS = ndimage.generate_binary_structure(2, 1)[None]  # a pixel and its four neighbours, image by image


@dataclass(frozen=True)
class Change:
    """`apply(images, amount, rng)` gives the changed images; `unit` is that of the amount."""

    unit: str
    apply: Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


def turned(features: np.ndarray, degrees: float) -> np.ndarray:
    """Images of shape (n, 64), turned about their middle by `degrees`, with white paper around them."""
    return features @ _turning(degrees)


@cache
def _turning(degrees: float) -> np.ndarray:
    """Turning as a matrix, since interpolation is linear: row i is where the ink of pixel i goes, shape (64, 64)."""
    pixels = np.eye(SIDE * SIDE).reshape(-1, SIDE, SIDE)
    moved = ndimage.rotate(pixels, degrees, axes=(1, 2), reshape=False, order=1, mode="grid-constant")
    return moved.reshape(SIDE * SIDE, -1).round(12)


def _filtered(unit: str, change: Callable[[np.ndarray, float], np.ndarray]) -> Change:
    """A change of squares, made a change of rows."""
    return Change(unit, lambda x, amount, rng: change(x.reshape(-1, SIDE, SIDE), amount).reshape(x.shape))


CHANGES: dict[str, Change] = {
    "the camera turns": Change("degrees", lambda x, a, rng: turned(x, a)),
    "the image slides": _filtered("pixels", lambda x, a: ndimage.shift(x, (0, 0, a), order=1, mode="grid-constant")),
    "the ink fades": Change("share of ink", lambda x, a, rng: x * (1 - a)),
    "the lens blurs": _filtered("pixels", lambda x, a: ndimage.gaussian_filter(x, (0, a, a), mode="constant")),
    "the sensor gets noisy": Change(
        "ink levels", lambda x, a, rng: np.clip(x + a * rng.standard_normal(x.shape), 0, INK)
    ),
    "the paper greys": Change("ink levels", lambda x, a, rng: np.minimum(x + a, INK)),
    "the pen thins": _filtered(  # towards the lightest of a pixel and its four neighbours
        "share of the way", lambda x, a: (1 - a) * x + a * ndimage.grey_erosion(x, footprint=CROSS, mode="constant")
    ),
}
