"""The experiments of section 1.4: a learning curve on real digits, and three failures of one spam service.

Every experiment takes a seed, which decides who learns and who judges, and runs on one thread.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from PIL import Image

from mlsys_helpers.data.datasets import Dataset, digits, spambase
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import SEEDS, Spread, over_seeds, spread
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.ml_systems import model

# The learning curve

SIZES = (50, 75, 100, 150, 200, 300, 400, 600, 800, 1200)
SPLITS = 4  # a seed's error at each size is the average over so many splits


@dataclass(frozen=True)
class Curve:
    """Held-out error at each training size, and the power law fitted to its logarithm."""

    samples: np.ndarray
    error: np.ndarray
    scale: float
    alpha: float
    floor: float = 0.0

    @property
    def fitted(self) -> np.ndarray:
        """The power law at each size."""
        return model.power_law(self.samples, self.scale, self.alpha, self.floor)

    @property
    def residual(self) -> np.ndarray:
        """Error over fit, less one: +0.1 is 10 % above the line."""
        return self.error / self.fitted - 1


@cache
@one_thread
def errors(seed: int) -> np.ndarray:
    """The share of held-out digits that the nearest of n training digits gets wrong, for each n of SIZES."""
    from sklearn.metrics import pairwise_distances

    found = np.zeros((SPLITS, len(SIZES)))
    for split in range(SPLITS):
        train, test = digits().split(seed=100 * seed + split)
        order = generator("learning curve", seed, split).permutation(len(train))
        known = train.take(order[: SIZES[-1]])
        apart = pairwise_distances(test.features, known.features, metric="sqeuclidean")
        for column, n in enumerate(SIZES):
            nearest = apart[:, :n].argmin(axis=1)
            found[split, column] = np.mean(known.labels[nearest] != test.labels)
    return found.mean(axis=0)


def fit(samples, error, floor: bool = False) -> Curve:
    """The power law nearest in the logarithm, so that every size counts alike; with `floor`, plus a constant."""
    from scipy.optimize import curve_fit

    samples, error = np.asarray(samples, float), np.asarray(error, float)

    def log_law(n, log_scale, alpha, constant=0.0):
        return np.log(np.exp(log_scale) * n**-alpha + constant)

    start, top = ([1.0, 0.7], [10.0, 3.0]) if not floor else ([1.0, 0.7, 1e-3], [10.0, 3.0, 0.1])
    bottom = [-10.0, 0.0, 0.0][: len(start)]
    (log_scale, alpha, *rest), _ = curve_fit(log_law, samples, np.log(error), p0=start, bounds=(bottom, top))
    return Curve(samples, error, float(np.exp(log_scale)), float(alpha), *map(float, rest))


def curve(seed: int, floor: bool = False) -> Curve:
    """The learning curve of one seed and its fit."""
    return fit(SIZES, errors(seed), floor)


def average_curve(floor: bool = False) -> Curve:
    """The curve of all seeds together, averaged in the logarithm, and its fit."""
    return fit(SIZES, np.exp(np.mean([np.log(errors(seed)) for seed in SEEDS], axis=0)), floor)


def alphas(floor: bool = False) -> Spread:
    """The exponent, seed by seed."""
    return spread(curve(seed, floor).alpha for seed in SEEDS)


def floors() -> Spread:
    """The constant of the fit with a floor, seed by seed."""
    return spread(curve(seed, floor=True).floor for seed in SEEDS)


# One photo


def photo() -> Traversable:
    """A real photo of 640 x 427 pixels: china.jpg, which scikit-learn carries (CC BY 2.0)."""
    return files("sklearn.datasets.images") / "china.jpg"


def prepared() -> np.ndarray:
    """That photo as a network wants it: unpacked, made 224 x 224, brought between 0 and 1."""
    with photo().open("rb") as file, Image.open(file) as picture:
        return np.asarray(picture.convert("RGB").resize((224, 224)), np.float32) / 255


# Three failures of one spam service, and a probe for each axis

TACTIC = "word_free"
LATE_S = 0.1
RATE_PER_S = 1_100.0
SERVICE_S = {"linear": 1e-3, "forest": 4e-3}  # chosen, not measured: what the simulated queue takes for one message
FAILURES = ("a tactic never seen", "a model too simple", "a traffic spike")
PROBES = ("none", *model.AXES)


def linear():
    """The everyday filter: logistic regression on the logarithm of each count."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), LogisticRegression(max_iter=500))


def forest():
    """A filter that can express more: thirty trees."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(30, random_state=0, n_jobs=1)


def one_question():
    """A filter that asks a single question of a message, such as: more than so many dollar signs?"""
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=1, random_state=0)


def uses_tactic(mail: Dataset) -> np.ndarray:
    """Which messages are spam that uses the tactic, here the word `free`."""
    return (mail.features[:, mail.column(TACTIC)] > 0) & (mail.labels == 1)


@one_thread
def weight_of_the_tactic(seed: int) -> float:
    """What the tactic's word adds to the score for spam, in a filter trained before the tactic was known."""
    train, _ = spambase().split(seed)
    seen = train.take(~uses_tactic(train))
    return float(linear().fit(seen.features, seen.labels)[-1].coef_[0, seen.column(TACTIC)])


def passing(filter_, seen: Dataset, test: Dataset, columns) -> float:
    """The share of the tactic's messages in `test` that pass `filter_`, taught `columns` of the mail in `seen`."""
    fitted = filter_.fit(seen.features[:, columns], seen.labels)
    return float(1 - fitted.predict(test.features[uses_tactic(test)][:, columns]).mean())


@one_thread
def missed_tactic(seed: int, probe: str) -> float:
    """The share of the tactic's messages that pass a filter trained before the tactic was known."""
    train, test = spambase().split(seed)
    seen = train if probe == "data" else train.take(~uses_tactic(train))
    return passing(forest() if probe == "algorithm" else linear(), seen, test, slice(None))


@one_thread
def missed_with_fewer_spam(seed: int) -> float:
    """A control: as many spam messages are left out of the training mail, but drawn at random."""
    train, test = spambase().split(seed)
    spam = np.flatnonzero(train.labels == 1)
    out = generator("fewer spam", seed).permutation(spam)[: uses_tactic(train).sum()]
    return passing(linear(), train.take(np.delete(np.arange(len(train)), out)), test, slice(None))


@one_thread
def missed_without_the_word(seed: int) -> float:
    """A control: the tactic is missing from the training mail, and its word is hidden from the filter."""
    train, test = spambase().split(seed)
    others = np.delete(np.arange(train.features.shape[1]), train.column(TACTIC))
    return passing(linear(), train.take(~uses_tactic(train)), test, others)


@one_thread
def error_of_the_simple(seed: int, probe: str) -> float:
    """The error of a filter that asks one question; it learns from half of the examples, or from all."""
    train, test = spambase().split(seed)
    half = train if probe == "data" else train.take(generator("half", seed).permutation(len(train))[: len(train) // 2])
    filter_ = (forest if probe == "algorithm" else one_question)().fit(half.features, half.labels)
    return float(1 - filter_.score(test.features, test.labels))


def late_share(seed: int, probe: str, messages: int = 4_000) -> float:
    """The share of messages of a spike answered later than LATE_S (simulated: a queue with random arrivals)."""
    service_s = SERVICE_S["forest" if probe == "algorithm" else "linear"]
    waits_s = queue(seed, RATE_PER_S, service_s, servers=2 if probe == "machine" else 1, messages=messages)
    return float(np.mean(waits_s > LATE_S))


def queue(seed: int, rate_per_s: float, service_s: float, servers: int, messages: int) -> np.ndarray:
    """Seconds from arrival to answer, message by message: Poisson arrivals, first come first served."""
    import simpy

    world = simpy.Environment()
    desk, times_s = simpy.Resource(world, servers), np.empty(messages)
    gaps_s = generator("queue", seed).exponential(1 / rate_per_s, messages)

    def message(number):
        arrived = world.now
        with desk.request() as turn:
            yield turn
            yield world.timeout(service_s)
        times_s[number] = world.now - arrived

    def arrivals():
        for number, gap_s in enumerate(gaps_s):
            yield world.timeout(gap_s)
            world.process(message(number))

    world.process(arrivals())
    world.run()
    return times_s


SYMPTOMS = dict(zip(FAILURES, (missed_tactic, error_of_the_simple, late_share), strict=True))


@cache
def probed() -> dict[str, dict[str, Spread]]:
    """Each failure's symptom, left alone and under a probe of each axis: shares, seed by seed.

    A probe changes its own axis only. The machine never enters the first two symptoms and more data never enters the
    third, so those are run once and say the same as without a probe.
    """
    idle = {FAILURES[0]: "machine", FAILURES[1]: "machine", FAILURES[2]: "data"}
    table = {}
    for failure, symptom in SYMPTOMS.items():
        found = {p: spread(symptom(seed, p) for seed in SEEDS) for p in PROBES if p != idle[failure]}
        table[failure] = {p: found.get(p, found["none"]) for p in PROBES}
    return table


@cache
def controls() -> dict[str, Spread]:
    """The share of the tactic that passes in two controls of the first failure, seed by seed."""
    return {
        "as many other spam messages left out": over_seeds(missed_with_fewer_spam),
        "the word hidden from the filter": over_seeds(missed_without_the_word),
    }
