"""Which examples to keep: four ways to choose, and a race between them with right and with wrong labels."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from mlsys_helpers.data.datasets import digits
from mlsys_helpers.kit.threads import one_thread

INK, CLASSES = 16.0, 10
SIZES = (50, 100, 200, 400)


def _of_each_class(labels, size: int, choose: Callable[[np.ndarray, int], np.ndarray]) -> np.ndarray:
    """`choose(rows, how_many)` asked once for each class, for a tenth of `size`."""
    return np.concatenate([choose(np.flatnonzero(labels == c), size // CLASSES) for c in range(CLASSES)])


def at_random(features, labels, size: int, seed: int) -> np.ndarray:
    """As many of each class, otherwise by chance: the control."""
    rng = np.random.default_rng(seed)
    return _of_each_class(labels, size, lambda rows, many: rng.permutation(rows)[:many])


def spread_out(features, labels, size: int, seed: int) -> np.ndarray:
    """Each next example is the one farthest from all chosen so far (greedy k-center); it needs no labels."""
    chosen = [int(np.random.default_rng(seed).integers(len(features)))]
    nearest = np.full(len(features), np.inf)
    while len(chosen) < size:
        nearest = np.minimum(nearest, ((features - features[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(nearest.argmax()))
    return np.array(chosen)


@one_thread
def typical(features, labels, size: int, seed: int) -> np.ndarray:
    """In each class the examples nearest to the centres of so many clusters (k-means)."""
    from sklearn.cluster import KMeans

    def centres(rows: np.ndarray, many: int) -> np.ndarray:
        clusters = KMeans(many, n_init=1, random_state=seed).fit(features[rows])
        return rows[np.unique(clusters.transform(features[rows]).argmin(axis=0))]

    return _of_each_class(labels, size, centres)


@one_thread
def hardest(features, labels, size: int, seed: int) -> np.ndarray:
    """The examples whose label a model trained on all of them believes least."""
    believed = learner().fit(features / INK, labels).predict_proba(features / INK)[np.arange(len(labels)), labels]
    return np.argsort(believed, kind="stable")[:size]


def learner():
    """What learns from the chosen examples: logistic regression."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(solver="newton-cg")


SELECTORS = {"random, by class": at_random, "spread out": spread_out, "typical": typical, "hardest": hardest}
NESTED = (spread_out, hardest)  # their choice of few is the beginning of their choice of many


@dataclass(frozen=True, eq=False)
class Race:
    """Shares of held-out images read rightly: one row for each of SELECTORS, one column for each of SIZES."""

    seed: int
    wrong_labels: float
    accuracy: np.ndarray
    all_images: float

    def at(self, selector: str, size: int) -> float:
        """The accuracy of one selector at one size."""
        return float(self.accuracy[list(SELECTORS).index(selector), SIZES.index(size)])


def mislabelled(labels, share: float, seed: int) -> np.ndarray:
    """`labels` of which about a `share` are replaced by another class, each of the nine alike."""
    rng = np.random.default_rng(seed)
    wrong = rng.random(len(labels)) < share
    return np.where(wrong, (labels + rng.integers(1, CLASSES, len(labels))) % CLASSES, labels)


@cache
@one_thread
def race(seed: int, wrong_labels: float = 0.0) -> Race:
    """Choose from labels of which a share is wrong, learn from what was chosen, judge by right labels."""
    learn_from, held_out = digits().split(seed)
    labels = mislabelled(learn_from.labels, wrong_labels, seed)

    def learned(rows) -> float:
        fitted = learner().fit(learn_from.features[rows] / INK, labels[rows])
        return float(fitted.score(held_out.features / INK, held_out.labels))

    def chosen(choose) -> list[np.ndarray]:
        asked = SIZES[-1:] if choose in NESTED else SIZES
        rows = [choose(learn_from.features, labels, size, seed) for size in asked]
        return [rows[0][:size] for size in SIZES] if choose in NESTED else rows

    accuracy = [[learned(rows) for rows in chosen(choose)] for choose in SELECTORS.values()]
    return Race(seed, wrong_labels, np.array(accuracy), learned(slice(None)))
