"""What section 1.1 runs: a spam filter made from data, labels changed and cleaned, and a proxy whose meaning drifts."""

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from mlsys_helpers.data.datasets import Dataset, digits, spambase
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import SEEDS, Spread, spread
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.paradigm_shift import model

# Compile the data


def train(dataset):
    """A classifier for whatever the labels of `dataset` say."""
    solver = LogisticRegression(solver="newton-cholesky", tol=1e-8)
    pipeline = make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), solver)
    return pipeline.fit(dataset.features, dataset.labels)


def code_fingerprint(function: Callable) -> str:
    """Twelve hex digits of a function's own source text."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Build:
    """One trained filter: fingerprints of its code and data, its weights, what it says of the held-out mail.

    `log_odds` above zero means spam; `learnt_log_odds` is the same for the messages it was trained on.
    """

    code: str
    data: str
    weights: np.ndarray
    log_odds: np.ndarray
    learnt_log_odds: np.ndarray

    @property
    def verdicts(self) -> np.ndarray:
        """1 for spam, 0 for mail, one for each held-out message."""
        return (self.log_odds > 0).astype(int)


@cache
def mail(seed: int = 1) -> tuple[Dataset, Dataset]:
    """Spambase, split at random into messages to learn from and messages held out."""
    return spambase().split(seed=seed)


@one_thread
def build(dataset: Dataset, held_out: Dataset) -> Build:
    """Train on `dataset` and judge `held_out`."""
    filter_ = train(dataset)
    log_odds, learnt = (filter_.decision_function(messages.features) for messages in (held_out, dataset))
    data = model.fingerprint(dataset.features, dataset.labels)
    return Build(code_fingerprint(train), data, filter_[-1].coef_[0], log_odds, learnt)


@cache
def original(seed: int = 1) -> Build:
    """The filter made from the labels as they are."""
    return build(*mail(seed))


def shuffled(dataset: Dataset, seed: int = 1) -> Dataset:
    """The same examples in another order."""
    return dataset.take(generator("paradigm_shift", "order", seed).permutation(len(dataset)))


RANDOM, CLOSE, CLEAR = "any messages", "the least clear ones", "the clearest ones"
WHICH = (RANDOM, CLOSE, CLEAR)


def relabelled(count: int, which: str = RANDOM, seed: int = 1) -> Dataset:
    """The training messages with `count` labels turned over. More turned at one seed include the fewer.

    `which`: drawn at random, or those about which the original filter is least sure, or most sure.
    """
    dataset = mail(seed)[0]
    clear = np.argsort(np.abs(original(seed).learnt_log_odds))
    order = {RANDOM: generator("paradigm_shift", "labels", seed).permutation(len(dataset)), CLOSE: clear}
    turned = (order | {CLEAR: clear[::-1]})[one_of("choice of messages", which, WHICH)][:count]
    labels = dataset.labels.copy()
    labels[turned] = 1 - labels[turned]
    return dataset.relabelled(labels)


@cache
def edited(count: int, which: str = RANDOM, seed: int = 1) -> Build:
    """The filter that the same code makes once `count` labels are turned over."""
    return build(relabelled(count, which, seed), mail(seed)[1])


def changed(count: int, which: str = RANDOM, seed: int = 1) -> model.Change:
    """What those edits change in the verdicts on held-out mail."""
    return model.change(original(seed).verdicts, edited(count, which, seed).verdicts, mail(seed)[1].labels)


@dataclass(frozen=True)
class Edits:
    """Over seeds: held-out messages that changed sides, and percentage points of accuracy gained."""

    which: str
    flipped: Spread
    gained_points: Spread


@cache
def fifty_edits(seeds: tuple[int, ...] = SEEDS) -> tuple[Edits, ...]:
    """Fifty labels turned over in each of the three ways, each time on another split."""
    found = []
    for which in WHICH:
        changes = [changed(50, which, seed) for seed in seeds]
        points = [100 * (change.accuracy[1] - change.accuracy[0]) for change in changes]
        found.append(Edits(which, spread(len(change.flipped) for change in changes), spread(points)))
    return tuple(found)


@one_thread
def shuffle_flips(passes: int, seeds: tuple[int, ...] = SEEDS) -> Spread:
    """Held-out messages that change sides when stochastic gradient descent only sees the mail in another order.

    Same code, same data: each seed's shuffling is compared with that of seed 0, after `passes` over the data.
    """
    learn, held_out = mail()
    scale = make_pipeline(FunctionTransformer(np.log1p), StandardScaler()).fit(learn.features)
    x, unseen = scale.transform(learn.features), scale.transform(held_out.features)

    def verdicts(seed: int) -> np.ndarray:
        solver = SGDClassifier(loss="log_loss", max_iter=passes, tol=None, random_state=seed)
        return solver.fit(x, learn.labels).predict(unseen)

    first = verdicts(0)
    return spread(int(np.count_nonzero(verdicts(seed) != first)) for seed in seeds)


# Cleaner data or a better model?

SIMPLE, BETTER = RidgeClassifier, SVC  # both with scikit-learn's own settings, tuned to nothing
SHARES_WRONG = (0.05, 0.1, 0.2, 0.4)
CARELESS, ONE_WAY = "random mistakes", "one-way mistakes"


def mislabelled(dataset: Dataset, wrong: float, kind: str, seed: int) -> Dataset:
    """`dataset` with a share `wrong` of its digits given another label.

    Random mistakes name any other digit; one-way mistakes read every digit as the next one, 9 as 0.
    """
    rng = generator("paradigm_shift", "mislabelled", seed)
    rows = rng.permutation(len(dataset))[: round(wrong * len(dataset))]
    step = rng.integers(1, 10, len(rows)) if one_of("kind", kind, (CARELESS, ONE_WAY)) == CARELESS else 1
    labels = dataset.labels.copy()
    labels[rows] = (labels[rows] + step) % 10
    return dataset.relabelled(labels)


@dataclass(frozen=True)
class Contest:
    """Percentage points of test accuracy gained over the simple model on wrong labels; rows are shares, columns seeds.

    `cleaning` keeps the simple model and puts every label right. `switching` keeps the wrong labels and takes the
    better model. `then_cleaning` is what putting the labels right adds for those who have switched already.
    """

    shares: tuple[float, ...]
    cleaning: np.ndarray
    switching: np.ndarray
    then_cleaning: np.ndarray


@cache
def contest(kind: str, shares: tuple[float, ...] = SHARES_WRONG, seeds: tuple[int, ...] = SEEDS) -> Contest:
    """Both remedies on handwritten digits, over shares of wrong labels and over seeds."""
    gains = [[_gains(kind, wrong, seed) for seed in seeds] for wrong in shares]
    return Contest(shares, *np.moveaxis(100 * np.array(gains), 2, 0))


def _gains(kind: str, wrong: float, seed: int) -> tuple[float, float, float]:
    noisy = {make: _accuracy(make, kind, wrong, seed) for make in (SIMPLE, BETTER)}
    clean = {make: _accuracy(make, kind, 0.0, seed) for make in (SIMPLE, BETTER)}
    return clean[SIMPLE] - noisy[SIMPLE], noisy[BETTER] - noisy[SIMPLE], clean[BETTER] - noisy[BETTER]


def _accuracy(make: Callable, kind: str, wrong: float, seed: int) -> float:
    """Accuracy on clean held-out digits after training on mislabelled ones."""
    return float(np.mean(_steps_off(make, kind, wrong, seed) == 0))


@cache
@one_thread
def _steps_off(make: Callable, kind: str, wrong: float, seed: int) -> np.ndarray:
    """For each held-out digit, how many digits further it is read after training on mislabelled ones: 0 is right."""
    learn, held_out = digits().split(seed=seed)
    learn = mislabelled(learn, wrong, kind, seed) if wrong else learn
    return (make().fit(learn.features, learn.labels).predict(held_out.features) - held_out.labels) % 10


def habit(wrong: float, seeds: tuple[int, ...] = SEEDS) -> Spread:
    """The share of the better model's mistakes that are the labellers' own, the next digit, over seeds."""
    read = (_steps_off(BETTER, ONE_WAY, wrong, seed) for seed in seeds)
    return spread(np.count_nonzero(steps == 1) / np.count_nonzero(steps) for steps in read)


# A proxy that drifts (simulated)

WEEKS_IN_YEAR, LEARNT_YEARS = 52, 4
REPORT_LAG_WEEKS = 2  # a doctors' report arrives two weeks after the visits it counts


@dataclass(frozen=True)
class Story:
    """Five simulated years by week: visits for flu in percent of all visits, searches, and a model of one by the other.

    `estimate` is the model's guess of the visits. It was fitted to the first four years; in the fifth attention moves.
    """

    flu: np.ndarray
    searches: np.ndarray
    estimate: np.ndarray
    learnt: np.ndarray

    @property
    def r2(self) -> float:
        """How much of the variation the model explains in the years that it was fitted to."""
        left = self.flu[self.learnt] - self.estimate[self.learnt]
        return float(1 - left.var() / self.flu[self.learnt].var())


@cache
def flu_trends(attention: float = 2.1, seed: int = 1) -> Story:
    """Simulated: searches in proportion to flu, until news makes them `attention` times as many for as much flu."""
    years, week = LEARNT_YEARS + 1, np.arange(WEEKS_IN_YEAR)
    rng = generator("paradigm_shift", "flu", seed)
    height, peak = rng.uniform(2.5, 5, (years, 1)), 26 + rng.uniform(-4, 4, (years, 1))
    flu = (0.8 + height * np.exp(-0.5 * ((week - peak) / 5) ** 2)).ravel()
    learnt = np.arange(flu.size) < LEARNT_YEARS * WEEKS_IN_YEAR
    searches = np.where(learnt, 1.0, attention) * flu * np.exp(rng.normal(0, 0.12, flu.size))
    slope, start = np.polyfit(searches[learnt], flu[learnt], 1)
    return Story(flu, searches, start + slope * searches, learnt)


def recalibrated(story: Story, window: int) -> np.ndarray:
    """The estimate with its scale taken from the last `window` weeks of doctors' reports; 0 keeps the old model."""
    if not window:
        return story.estimate
    return story.searches * model.lagged_scale(story.searches, story.flu, REPORT_LAG_WEEKS, window)


def over_prediction(story: Story, estimate: np.ndarray) -> tuple[float, float]:
    """In the last year: estimate over truth in sum, and the share of weeks that were estimated too high."""
    late = ~story.learnt
    too_high = estimate[late] > story.flu[late]
    return float(estimate[late].sum() / story.flu[late].sum()), float(too_high.mean())


def drift_over_seeds(attention: float = 2.1, window: int = 0, seeds: tuple[int, ...] = SEEDS) -> Spread:
    """Estimate over truth in the last year, simulated once for each seed."""
    stories = map(partial(flu_trends, attention), seeds)
    return spread(over_prediction(story, recalibrated(story, window))[0] for story in stories)


# How much of it is the model?


def lines_of_code() -> tuple[int, int]:
    """Lines of `train`, and of all the modules of this section that use it, check it and show it."""
    whole = sum(len(module.read_text("utf8").splitlines()) for module in Path(__file__).parent.glob("*.py"))
    return len(inspect.getsource(train).splitlines()), whole
