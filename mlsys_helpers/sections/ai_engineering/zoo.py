"""Fourteen classifiers of handwritten digits: how good, how quick, how large, and what an answer costs in joules.

Each learns half of the digits, twins kept together, and is judged on the rest; the seed is that of the split. Three of
them are one model: `bare logistic` has the weights of the logistic regression without the checks that scikit-learn
makes on every call, and `int8 logistic` has them rounded to whole numbers.
"""

import pickle
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.data.worlds import CHANGES, INK
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.ai_engineering import model
from mlsys_helpers.sections.ai_engineering.counts import Counts, all_read, counts

SEED = 1
REQUESTS = 480  # a limit on the p99 takes 299; from 473 on it is the second slowest, so that one stall does no harm
WARM_UP = 20
BLOCK = 50  # requests to one model before the next has its turn, so that a busy minute hits all of them
LEVELS = int(INK) + 1  # of grey in an image: more bins would hold nothing

LEARNERS: dict[str, Callable[[int], ClassifierMixin]] = {
    "nearest centroid": lambda seed: NearestCentroid(),
    "naive Bayes": lambda seed: GaussianNB(var_smoothing=0.01),
    "decision tree": lambda seed: DecisionTreeClassifier(random_state=seed),
    "logistic regression": lambda seed: LogisticRegression(solver="newton-cg"),  # to the optimum, and quick
    "3 nearest neighbours": lambda seed: KNeighborsClassifier(3, algorithm="brute"),
    "support vectors": lambda seed: SVC(C=10, gamma=0.05),
    "forest of 10": lambda seed: RandomForestClassifier(10, random_state=seed, n_jobs=1),
    "forest of 20": lambda seed: RandomForestClassifier(20, random_state=seed, n_jobs=1),
    "20 extra trees": lambda seed: ExtraTreesClassifier(20, random_state=seed, n_jobs=1),
    "boosted trees": lambda seed: HistGradientBoostingClassifier(
        max_iter=12,
        max_leaf_nodes=8,
        learning_rate=0.4,
        max_bins=LEVELS,
        early_stopping=False,
        random_state=seed,
    ),
    "network of 16": lambda seed: _network(16, seed),
    "network of 256": lambda seed: _network(256, seed),
}
WORLDS = {  # how far each goes was fixed before any result was seen
    "as trained": 0.0,
    "the camera turns": 20.0,
    "the image slides": 1.0,
    "the ink fades": 0.5,
    "the lens blurs": 1.0,
    "the sensor gets noisy": 4.0,
    "the paper greys": 4.0,
    "the pen thins": 0.5,
}


def _network(neurons: int, seed: int) -> MLPClassifier:
    """A network that stops learning once five passes in a row gain less than a thousandth."""
    return MLPClassifier(
        (neurons,), alpha=0.01, learning_rate_init=0.01, tol=1e-3, n_iter_no_change=5, max_iter=500, random_state=seed
    )


@dataclass(frozen=True, eq=False)
class Bare:
    """A linear classifier and nothing else: one product, one sum, one maximum."""

    weights: np.ndarray
    bias: np.ndarray

    def predict(self, images: np.ndarray) -> np.ndarray:
        """The class with the highest score for each row."""
        return np.argmax(images @ self.weights + self.bias, axis=1)


@dataclass(frozen=True, eq=False)
class Int8(Bare):
    """The same in whole numbers: weights of 8 bits, images in levels of ink."""

    def predict(self, images: np.ndarray) -> np.ndarray:
        """The class with the highest score; the scale is the same for all classes, so it need not be undone."""
        return super().predict(np.rint(INK * images).astype(np.int32))


def bare(fitted: LogisticRegression) -> Bare:
    """The same weights without scikit-learn around them."""
    return Bare(np.ascontiguousarray(fitted.coef_.T), fitted.intercept_)


def int8(fitted: LogisticRegression) -> Int8:
    """The weights as multiples of one step, the largest of them 127 steps."""
    step = np.abs(fitted.coef_).max() / 127
    weights = np.rint(fitted.coef_.T / step).astype(np.int8)
    return Int8(np.ascontiguousarray(weights), np.rint(INK * fitted.intercept_ / step).astype(np.int32))


@counts.register
def _(model: Bare) -> Counts:
    return all_read(2 * model.weights.size, model.weights, model.bias, whole_numbers=isinstance(model, Int8))


# How good


@cache
def halves(seed: int) -> tuple[Dataset, Dataset]:
    """Digits to learn from and digits to judge by."""
    return digits().split(seed, test=0.5)


@one_thread
def trained(name: str, seed: int, start: int | None = None) -> ClassifierMixin:
    """One learner, taught on the split `seed`; `start` is its own seed where that shall be another one."""
    learn, _ = halves(seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "self.within_class_std_dev_")  # corners that no digit reaches
        learner = LEARNERS[one_of("learner", name, LEARNERS)](seed if start is None else start)
        return learner.fit(learn.features / INK, learn.labels)


@cache
def zoo(seed: int = SEED) -> dict[str, ClassifierMixin]:
    """All fourteen, taught on the split `seed`."""
    fitted = {name: trained(name, seed) for name in LEARNERS}
    logistic = fitted["logistic regression"]
    return fitted | {"bare logistic": bare(logistic), "int8 logistic": int8(logistic)}


@cache
def images(seed: int, world: str) -> np.ndarray:
    """The digits to judge by as they look in one of WORLDS, ink from 0 to 1."""
    amount, features = WORLDS[one_of("world", world, WORLDS)], halves(seed)[1].features
    if not amount:
        return features / INK
    return CHANGES[world].apply(features, amount, np.random.default_rng(seed)) / INK


@dataclass(frozen=True, eq=False)
class Quality:
    """Which images a model got right, and which digits they show."""

    right: np.ndarray
    digit: np.ndarray

    @property
    def accuracy(self) -> float:
        """The share right."""
        return float(self.right.mean())

    @property
    def promised(self) -> float:
        """The accuracy that these images promise with 95 % confidence."""
        return model.at_least_right(int(self.right.sum()), len(self.right))

    @property
    def worst(self) -> tuple[int, float]:
        """The digit that is read worst, and the share of it that is read right."""
        shares = [self.right[self.digit == d].mean() for d in range(10)]
        return int(np.argmin(shares)), float(min(shares))

    @property
    def worst_promised(self) -> float:
        """The share of the worst digit that these images promise, digit by digit, with 95 % confidence."""
        groups = [self.right[self.digit == d] for d in range(10)]
        return min(model.at_least_right(int(group.sum()), len(group)) for group in groups)


@cache
@one_thread
def quality(seed: int = SEED, world: str = "as trained") -> dict[str, Quality]:
    """How each of the zoo reads the digits of a world."""
    shown, truth = images(seed, world), halves(seed)[1].labels
    return {name: Quality(member.predict(shown) == truth, truth) for name, member in zoo(seed).items()}


# How quick, how large, how costly


@cache
@one_thread
def latencies_s(requests: int = REQUESTS) -> dict[str, np.ndarray]:
    """Seconds of each of `requests` calls that ask for one digit, for each of the zoo; measured once in a session.

    Each model is warmed up first. Python's garbage collector stays on, as it would in service.
    """
    members, shown = zoo(), images(SEED, "as trained")
    calls = [shown[i : i + 1] for i in range(requests)]
    times: dict[str, list[float]] = {name: [] for name in members}
    for member in members.values():
        once_s(lambda member=member: member.predict(calls[0]), WARM_UP)
    for start in range(0, requests, BLOCK):
        for name, member in members.items():
            times[name] += [
                once_s(lambda member=member, call=call: member.predict(call)) for call in calls[start : start + BLOCK]
            ]
    return {name: np.array(found) for name, found in times.items()}


@dataclass(frozen=True)
class Cost:
    """What one of the zoo costs: `file_bytes` is its pickle, as it would be shipped; the rest is for one answer."""

    p50_s: float
    p99_s: float
    p99_at_most_s: float
    file_bytes: int
    parameter_bytes: float
    energy_j: float


@cache
def costs() -> dict[str, Cost]:
    """What each of the zoo costs on this machine."""
    times = latencies_s()
    return {name: _cost(member, times[name]) for name, member in zoo().items()}


def _cost(member: ClassifierMixin, times_s: np.ndarray) -> Cost:
    counted = counts(member)
    return Cost(
        p50_s=float(np.median(times_s)),
        p99_s=float(np.quantile(times_s, 0.99)),
        p99_at_most_s=model.quantile_at_most(times_s, 0.99),
        file_bytes=len(pickle.dumps(member)),
        parameter_bytes=counted.parameter_bytes,
        energy_j=counted.energy_j,
    )


# The contract of a pen that reads meter numbers from cards, ten handwritten digits each

CONTRACT = (
    model.Limit("accuracy", 0.94, "", "each wrong digit is a bill that somebody disputes", at_least=True),
    model.Limit("worst digit", 0.80, "", "nobody shall pay more for living with many eights", at_least=True),
    model.Limit("p99", 10e-3, "s", "ten digits, one after the other, in the 100 ms that people take for at once"),
    model.Limit("size", 64e3, "B", "what is left of the pen's memory"),
    model.Limit("energy", 200e-9, "J", "the reader's share of a battery that shall last for years"),
)


READING = CONTRACT[:2]  # the part of it that a change of the world can break


@cache
def reading(name: str, world: str = "as trained") -> dict[str, float]:
    """What one of the zoo can promise of its answers in a world."""
    good = quality(SEED, world)[name]
    return {"accuracy": good.promised, "worst digit": good.worst_promised}


@cache
def promises(name: str) -> dict[str, float]:
    """What one of the zoo can promise on each quantity of CONTRACT: the worse end where samples leave it open."""
    cost = costs()[name]
    return reading(name) | {"p99": cost.p99_at_most_s, "size": cost.file_bytes, "energy": cost.energy_j}
