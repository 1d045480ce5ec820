"""The gap that nobody measured: one filter, one good average, three kinds of senders; and what closing it costs."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import digits, spambase
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.five_pillars import model, product
from mlsys_helpers.sections.paradigm_shift.model import interval


@dataclass(frozen=True)
class Group:
    """One group's part in an error share: its cases and its errors."""

    name: str
    cases: int
    errors: int

    @property
    def error(self) -> float:
        """The share of its cases that went wrong."""
        return self.errors / self.cases

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of that share."""
        return interval(self.errors, self.cases)


@dataclass(frozen=True)
class Audit:
    """Errors by group, and the widest gap of groups of the same sizes dealt at random: `typical` is its median,
    `by_chance` is what it exceeds once in a hundred draws."""

    groups: tuple[Group, ...]
    typical: float
    by_chance: float

    @property
    def widest(self) -> float:
        """Largest difference between two groups' error shares."""
        errors = [group.error for group in self.groups]
        return max(errors) - min(errors)


@dataclass(frozen=True)
class Gap(Audit):
    """What a filter does to each kind of sender's wanted mail and on average; `weight` of strangers' in training.

    `spam_missed` is a share of the spam, `lost` one of the wanted mail.
    """

    weight: float
    accuracy: float
    spam_missed: float
    lost: float


@cache
@one_thread
def gap(seed: int, weight: float = 1.0, draws: int = 500) -> Gap:
    """Train on half of the mail, strangers' wanted mail counting `weight` times; judge on the other half."""
    train, test = spambase().split(seed, test=0.5)
    inputs = np.log1p(train.features)
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    worth = np.where((train.labels == 0) & (product.senders(train) == 2), weight, 1.0)
    fitted = LogisticRegression(max_iter=1000).fit((inputs - mean) / spread, train.labels, sample_weight=worth)
    called = fitted.predict((np.log1p(test.features) - mean) / spread)
    wanted = test.labels == 0
    lost, sender = called[wanted] == 1, product.senders(test)[wanted]
    groups = tuple(
        Group(name, int((sender == k).sum()), int(lost[sender == k].sum())) for k, name in enumerate(product.SENDERS)
    )
    return Gap(
        groups,
        *gaps_by_chance(lost, sender, draws, seed),
        weight,
        float((called == test.labels).mean()),
        float((called[~wanted] == 0).mean()),
        float(lost.mean()),
    )


def gaps_by_chance(wrong: np.ndarray, group: np.ndarray, draws: int, seed: int) -> tuple[float, float]:
    """The widest gap of the same groups dealt at random: its median, and what it exceeds once in a hundred draws."""
    rng = np.random.default_rng(seed)
    gaps = [model.group_gap(wrong, rng.permutation(group)) for _ in range(draws)]
    return float(np.median(gaps)), float(np.quantile(gaps, 0.99))


@cache
@one_thread
def digit_gap(seed: int, draws: int = 500) -> Audit:
    """Logistic regression on digits, its errors by digit."""
    train, test = digits().split(seed, test=0.5)
    wrong = (
        LogisticRegression(solver="newton-cg").fit(train.features, train.labels).predict(test.features) != test.labels
    )
    groups = tuple(Group(str(k), int((test.labels == k).sum()), int(wrong[test.labels == k].sum())) for k in range(10))
    return Audit(groups, *gaps_by_chance(wrong, test.labels, draws, seed))
