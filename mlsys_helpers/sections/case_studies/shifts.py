"""The generalisation gap: one classifier of digits, trained once, and what it gets right when the world differs.

Five worlds are simulated on real images; their strengths are round numbers that were fixed before the first run. The
sixth, other hands, is real. The control is more of the same world.
"""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from sklearn.svm import SVC

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.data.worlds import CHANGES, INK
from mlsys_helpers.kit.spread import Spread, over_seeds
from mlsys_helpers.kit.threads import one_thread

SAME = "the same world"
STRENGTHS = {
    "the camera turns": 15.0,
    "the image slides": 1.0,
    "the ink fades": 0.5,
    "the sensor gets noisy": 4.0,
    "the pen thins": 0.5,
}
BLOCKS = 5


def classifier() -> SVC:
    """A support vector machine with the usual kernel, gamma suited to pixels between 0 and 1."""
    return SVC(gamma=0.25)


@cache
@one_thread
def trained(seed: int) -> tuple[SVC, Dataset]:
    """The classifier, trained on one half of the digits, and the other half."""
    train, other = digits().split(seed, test=0.5)
    return classifier().fit(train.features / INK, train.labels), other


@cache
@one_thread
def accuracy(seed: int, world: str) -> float:
    """The share right on the other half as it is, or in one of the worlds of STRENGTHS."""
    fitted, other = trained(seed)
    images = other.features
    if world != SAME:
        images = CHANGES[world].apply(images, STRENGTHS[world], np.random.default_rng(seed))
    return float((fitted.predict(images / INK) == other.labels).mean())


def accuracies() -> dict[str, Spread]:
    """The accuracy in the same world and in each of STRENGTHS, over seeds."""
    return {world: over_seeds(partial(accuracy, world=world)) for world in (SAME, *STRENGTHS)}


@dataclass(frozen=True)
class Hands:
    """Errors on a fifth of the digits after learning from the rest, fifth by fifth.

    In `apart` a fifth is a block of neighbouring rows, in `mixed` it is drawn at random, with the same sizes.
    """

    apart: tuple[float, ...]
    mixed: tuple[float, ...]


@cache
@one_thread
def hands(seed: int = 1) -> Hands:
    """Thirteen people wrote these digits, and rows that follow each other look to be from one hand.

    So a block of rows holds writers that the rest hardly has, and a random fifth holds everybody.
    """
    data = digits()
    rows, drawn = np.arange(len(data)), np.random.default_rng(seed).permutation(len(data))

    def errors(order: np.ndarray) -> tuple[float, ...]:
        return tuple(_error(data, part) for part in np.array_split(order, BLOCKS))

    return Hands(errors(rows), errors(drawn))


def _error(data: Dataset, judged: np.ndarray) -> float:
    kept = np.setdiff1d(np.arange(len(data)), judged)
    fitted = classifier().fit(data.features[kept] / INK, data.labels[kept])
    return float((fitted.predict(data.features[judged] / INK) != data.labels[judged]).mean())


@cache
def likest_rows(within: int = 70) -> tuple[float, float]:
    """How often the likest other image of the same digit stands within so many rows, and how often by chance.

    Evidence that neighbours share a hand, since no row names its writer.
    """
    data = digits()
    near = chance = 0.0
    for digit in range(10):
        rows = np.flatnonzero(data.labels == digit)
        apart = ((data.features[rows][:, None] - data.features[rows]) ** 2).sum(axis=2)
        np.fill_diagonal(apart, np.inf)
        away = np.abs(rows[:, None] - rows)
        near += (away[np.arange(len(rows)), apart.argmin(axis=1)] <= within).sum()
        chance += ((away <= within).sum(axis=1) - 1).sum() / (len(rows) - 1)
    return near / len(data), chance / len(data)
