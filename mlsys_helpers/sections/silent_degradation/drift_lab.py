"""The drift lab: a classifier of digits that never changes, and a camera that slowly turns.

`drift` trains on upright digits, keeps a second set of upright digits as the reference, and turns a third degree by
degree. At each angle it measures the accuracy, which needs labels, and how far the third set has moved from the
reference, which needs none. Everything is seeded by the split.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.data.worlds import CHANGES, INK, turned
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.silent_degradation import model

TAUGHT = (-20, -10, 0, 10, 20)  # the angles that augmentation adds
CLASSIFIERS: dict[str, Callable[[], ClassifierMixin]] = {
    "logistic regression": lambda: LogisticRegression(solver="newton-cg"),  # to the optimum, and quick
    "nearest neighbours": lambda: KNeighborsClassifier(5),
    "extra trees": lambda: ExtraTreesClassifier(100, random_state=0, n_jobs=1),
    "neural network": lambda: MLPClassifier((64,), max_iter=500, alpha=0.01, random_state=0),
}


# Worlds: the changes that are followed here, with the amounts looked at; 0 is the world of the training set.

AMOUNTS: dict[str, tuple[float, ...]] = {
    "the camera turns": tuple(range(0, 61, 2)),
    "the image slides": tuple(np.arange(0, 2.01, 0.1).round(1)),
    "the ink fades": tuple(np.arange(0, 0.91, 0.05).round(2)),
    "the lens blurs": tuple(np.arange(0, 2.01, 0.1).round(1)),
    "the sensor gets noisy": tuple(np.arange(0, 10.1, 0.5)),
    "the paper greys": tuple(np.arange(0, 8.1, 0.5)),
}
WORLDS = {name: (CHANGES[name].unit, CHANGES[name].apply, amounts) for name, amounts in AMOUNTS.items()}


# Views: what a monitor keeps a histogram of. Each gives the bin of every image, one column for each histogram.

BINS = 10


def binned(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Which of BINS equal bins from `low` to `high` each value falls in; the outer ones take what lies beyond."""
    return np.clip((values - low) / (high - low) * BINS, 0, BINS - 1).astype(int)


VIEWS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "confidence": lambda probabilities, features: binned(probabilities.max(axis=1)[:, None], 0.1, 1.0),
    "answers": lambda probabilities, features: probabilities.argmax(axis=1)[:, None],
    "ink of the image": lambda probabilities, features: binned(features.mean(axis=1)[:, None], 0.1 * INK, 0.5 * INK),
    "each pixel": lambda probabilities, features: binned(features, 0, INK),
}


def counts(bins: np.ndarray) -> np.ndarray:
    """Histograms of shape (columns, BINS) of bins of shape (images, columns)."""
    columns = bins.shape[1]
    return np.bincount((bins + BINS * np.arange(columns)).ravel(), minlength=BINS * columns).reshape(columns, BINS)


def apart(name: str, now: np.ndarray, before: np.ndarray, added: float = model.ADDED) -> np.ndarray:
    """A divergence of histograms (..., columns, BINS), averaged over the columns; Wasserstein counts in bins."""
    between = model.DIVERGENCES[one_of("divergence", name, model.DIVERGENCES)]
    return np.mean(between(model.shares(now, added), model.shares(before, added)), axis=-1)


@dataclass(frozen=True, eq=False)
class Drift:
    """One classifier, trained once, while its world changes.

    `right` of shape (amounts, images) says which live images it got right; `confidence` is its average top
    probability; `bins[view]` of shape (amounts, images, columns) has the bin of every live image, `reference[view]`
    that of other images of the unchanged world.
    """

    amounts: np.ndarray
    right: np.ndarray
    confidence: np.ndarray
    bins: dict[str, np.ndarray]
    reference: dict[str, np.ndarray]

    @property
    def accuracy(self) -> np.ndarray:
        """The share right at each amount."""
        return self.right.mean(axis=1)

    def at(self, amount: float) -> int:
        """The place of `amount` among the amounts; ValueError where it was not measured."""
        places = np.flatnonzero(np.isclose(self.amounts, amount))
        if not places.size:
            raise ValueError(f"nothing was measured at {amount:g}; the amounts are {self.amounts.tolist()}")
        return int(places[0])

    def lasts(self, floor: float) -> float:
        """The amount at which accuracy first falls below `floor`, between two amounts interpolated."""
        below = np.flatnonzero(self.accuracy < floor)
        if not below.size:
            raise ValueError(f"accuracy never falls below {floor:g} up to {self.amounts[-1]:g}")
        ends = slice(max(below[0] - 1, 0), below[0] + 1)
        return float(np.interp(-floor, -self.accuracy[ends], self.amounts[ends]))

    def up_to(self, amount: float) -> "Drift":
        """The same drift, followed up to `amount` only."""
        kept = self.amounts <= amount
        bins = {view: bins[kept] for view, bins in self.bins.items()}
        return replace(
            self, amounts=self.amounts[kept], right=self.right[kept], confidence=self.confidence[kept], bins=bins
        )

    def divergence(self, name: str, view: str = "each pixel", added: float = model.ADDED) -> np.ndarray:
        """How far the images at each amount are from the reference."""
        one_of("view", view, VIEWS)
        return apart(name, np.array([counts(b) for b in self.bins[view]]), counts(self.reference[view]), added)

    def line(self, name: str, view: str = "each pixel", up_to: float = 20) -> model.Line:
        """Equation 3 fitted to the amounts up to `up_to`."""
        mild = self.amounts <= up_to
        return model.fit(self.divergence(name, view)[mild], self.accuracy[mild])

    def bootstrap(self, name: str, view: str = "each pixel", up_to: float = 20, draws: int = 500, seed: int = 0):
        """Slopes of the line for `draws` resamples of the live images, each kept through all its amounts."""
        mild, rng = self.amounts <= up_to, np.random.default_rng(seed)
        divergence, images = self.divergence(name, view)[mild], self.right.shape[1]
        weights = rng.multinomial(images, np.full(images, 1 / images), draws) / images
        accuracies = self.right[mild] @ weights.T
        centred = divergence - divergence.mean()
        return -(centred @ accuracies) / (centred @ centred)


@cache
def three_way(seed: int) -> tuple[Dataset, Dataset, Dataset]:
    """Digits to train on (half), to compare with, and to play the world (a quarter each); twins stay together."""
    train, rest = digits().split(seed, test=0.5)
    return train, *rest.split(seed, test=0.5)


@cache
def lived(seed: int, world: str) -> tuple[np.ndarray, ...]:
    """The live images at every amount by which a world changes."""
    _, change, amounts = WORLDS[one_of("world", world, WORLDS)]
    live = three_way(seed)[2].features
    return tuple(change(live, amount, np.random.default_rng(seed)) for amount in amounts)


@cache
@one_thread
def trained(seed: int, classifier: str, taught: tuple[float, ...] = (0,), train_share: float = 1.0) -> ClassifierMixin:
    """A classifier trained on images turned by each of the angles `taught`, or on a share of the images only."""
    train = three_way(seed)[0]
    train = train.take(slice(None, round(train_share * len(train))))
    fitted = CLASSIFIERS[one_of("classifier", classifier, CLASSIFIERS)]()
    return fitted.fit(np.vstack([turned(train.features, a) for a in taught]) / INK, np.tile(train.labels, len(taught)))


@cache
@one_thread
def drift(
    seed: int,
    classifier: str = "logistic regression",
    taught: tuple[float, ...] = (0,),
    world: str = "the camera turns",
    train_share: float = 1.0,
) -> Drift:
    """Train once, then change the world step by step and never touch the model again."""
    fitted, (_, reference, live) = trained(seed, classifier, taught, train_share), three_way(seed)

    def look(features: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        probabilities = fitted.predict_proba(features / INK)
        return probabilities, {name: view(probabilities, features) for name, view in VIEWS.items()}

    seen = [look(images) for images in lived(seed, world)]
    return Drift(
        amounts=np.array(WORLDS[world][2], float),
        right=np.array([p.argmax(axis=1) == live.labels for p, _ in seen]),
        confidence=np.array([p.max(axis=1).mean() for p, _ in seen]),
        bins={name: np.array([bins[name] for _, bins in seen]) for name in VIEWS},
        reference=look(reference.features)[1],
    )
