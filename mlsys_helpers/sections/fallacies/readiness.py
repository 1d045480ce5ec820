"""What a benchmark does not say: luck of its winner, another place, the worst group, fewer bits."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import spambase
from mlsys_helpers.data.inboxes import WORKPLACE, without
from mlsys_helpers.kit.checks import positive
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import Spread, over_seeds
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.fallacies import filters, green

# Luck


@dataclass(frozen=True, eq=False)
class Contest:
    """Many filters of about equal worth, scored on a benchmark and on as much other mail as there is."""

    benchmark: np.ndarray
    fresh: np.ndarray

    @property
    def winner(self) -> int:
        """The first of those with the best score on the benchmark."""
        return int(np.argmax(self.benchmark))

    @property
    def luck(self) -> float:
        """How much of the winner's score was luck: what it loses on fresh mail, less what all lose on average.

        The average is what the benchmark's own messages do, which may be easier or harder than the rest.
        """
        lost = self.benchmark - self.fresh
        return float(lost[self.winner] - lost.mean())


CONTESTANTS = 30
COLUMNS = 25  # of 57: each contestant reads its own


@cache
@one_thread
def _right(seed: int) -> np.ndarray:
    """Whether each contestant is right about each message not trained on: shape (contestants, messages), shuffled."""
    train, test = spambase().split(seed, test=0.5)
    rng, right = generator("fallacies", "contest", seed), []
    x, unseen = np.log1p(train.features), np.log1p(test.features)
    x, unseen = ((part - x.mean(axis=0)) / x.std(axis=0) for part in (x, unseen))
    for _ in range(CONTESTANTS):
        columns = rng.permutation(x.shape[1])[:COLUMNS]
        fitted = LogisticRegression(solver="newton-cholesky", tol=1e-3).fit(x[:, columns], train.labels)
        called = unseen[:, columns] @ fitted.coef_[0] + fitted.intercept_[0] >= 0
        right.append(called == test.labels)
    return np.array(right)[:, rng.permutation(len(test))]


def contest(seed: int, messages: int) -> Contest:
    """Score the contestants on `messages` of the mail not trained on, and on all the rest of it."""
    right, count = _right(seed), int(positive("messages", messages))
    return Contest(right[:, :count].mean(axis=1), right[:, count:].mean(axis=1))


def luck(messages: int) -> Spread:
    """The winner's luck on benchmarks of `messages` messages, over seeds, in points."""
    return over_seeds(lambda seed: 100 * contest(seed, messages).luck)


# One filter, another gap


@dataclass(frozen=True)
class Gap:
    """Shares right: on the benchmark, in another inbox (simulated), and in the worst of four groups."""

    benchmark: float
    elsewhere: float
    worst_group: str
    worst: float


@cache
@one_thread
def gap(seed: int, name: str) -> Gap:
    """One filter, looked at from three sides."""
    test, filter_ = spambase().split(seed)[1], filters.trained(seed, name)
    right = filter_.right(test)
    by_group = {group: float(right[mask].mean()) for group, mask in green.groups(test).items()}
    worst = min(by_group, key=by_group.get)
    elsewhere = float(filter_.right(without(test, WORKPLACE)).mean())
    return Gap(float(right.mean()), elsewhere, worst, by_group[worst])


# Fewer bits


def rounded(weights: np.ndarray, bits: int) -> np.ndarray:
    """Weights on a grid of 2**bits - 1 equal steps, even around zero, as far out as the largest of them."""
    most = 2 ** (int(positive("bits", bits)) - 1) - 1
    if most < 1:
        raise ValueError(f"bits must be at least 2: one for the sign, one for the size; got {bits}")
    step = np.abs(weights).max() / most
    return np.round(weights / step) * step


def lost_to_bits(seed: int, bits: int) -> float:
    """Points of accuracy that the linear filter loses when its weights are stored in `bits` bits each."""
    office = green.office(seed)
    short = replace(office.serving, weights=rounded(office.serving.weights, bits))
    return 100 * (green.error(short, office.frozen) - green.error(office.serving, office.frozen))
