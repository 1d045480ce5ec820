"""Membership inference: does a spam filter give away which messages it learned from?

The attacker has a message with its label and the filter's answer, and says "member" where the answer fits the label
well enough. With probabilities, well enough is a threshold, chosen on one half of the messages and tried on the other;
with answers only, it is being right, so that the advantage is exactly the gap between training and test accuracy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import stats
from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from mlsys_helpers.data.datasets import spambase
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.case_studies import model

TREE, FOREST = "a tree, fully grown", "a forest of such trees"
FILTERS: dict[str, Callable[[], ClassifierMixin]] = {
    "a straight line (logistic)": lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)),
    "a tree, four levels": lambda: DecisionTreeClassifier(max_depth=4, random_state=0),
    TREE: lambda: DecisionTreeClassifier(random_state=0),
    FOREST: lambda: RandomForestClassifier(30, random_state=0, n_jobs=1),
    "a forest, ten messages to a leaf": lambda: RandomForestClassifier(
        30, min_samples_leaf=10, random_state=0, n_jobs=1
    ),
}

OPEN = "probabilities as they are"
DEFENCES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    OPEN: lambda scores, rng: scores,
    "rounded to tenths": lambda scores, rng: scores.round(1),
    "noise of 0.2 added": lambda scores, rng: scores + 0.2 * rng.standard_normal(scores.shape),
    "the answer only": lambda scores, rng: (scores > 0.5).astype(float),
}


@dataclass(frozen=True, eq=False)
class Attack:
    """Scores of the messages to try the attack on, and its threshold; a score is the probability of the true label."""

    train_accuracy: float
    test_accuracy: float
    members: np.ndarray
    others: np.ndarray
    threshold: float

    @property
    def gap(self) -> float:
        """Training accuracy less test accuracy: what an attacker gains who sees the answers only."""
        return self.train_accuracy - self.test_accuracy

    @property
    def advantage(self) -> float:
        """What an attacker gains who sees probabilities."""
        return model.advantage(self.members, self.others, self.threshold)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The advantage's interval by bootstrap: members and strangers redrawn, the threshold kept."""
        named = (self.members >= self.threshold, self.others >= self.threshold)
        found = stats.bootstrap(
            named,
            lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
            n_resamples=1000,
            confidence_level=confidence,
            method="percentile",
            rng=np.random.default_rng(0),
        )
        return float(found.confidence_interval.low), float(found.confidence_interval.high)


@cache
@one_thread
def attack(seed: int, name: str, defence: str = OPEN) -> Attack:
    """Train a filter on one half of the mail and attack it through one of DEFENCES, which blurs what it shows."""
    members, others, right = _scores(seed, name)
    blur, rng = DEFENCES[one_of("defence", defence, DEFENCES)], np.random.default_rng(seed)
    return _tried(seed, blur(members, rng), blur(others, rng), right)


@cache
@one_thread
def control(seed: int, name: str = FOREST) -> float:
    """The advantage against messages of which none was learned from: both halves of the strangers."""
    _, others, _ = _scores(seed, name)
    drawn = np.random.default_rng(seed).permutation(others)
    half = len(drawn) // 2
    return _tried(seed, drawn[:half], drawn[half:], (0.0, 0.0)).advantage


@cache
def _scores(seed: int, name: str) -> tuple[np.ndarray, np.ndarray, tuple[float, float]]:
    """The probability of the true label for members and strangers, and both accuracies."""
    train, other = spambase().split(seed, test=0.5)
    fitted = FILTERS[one_of("filter", name, FILTERS)]().fit(train.features, train.labels)
    shown = tuple(fitted.predict_proba(part.features) for part in (train, other))
    members, others = (p[np.arange(len(p)), d.labels] for p, d in zip(shown, (train, other), strict=True))
    right = tuple(float((p.argmax(axis=1) == d.labels).mean()) for p, d in zip(shown, (train, other), strict=True))
    return members, others, right


def _tried(seed: int, members: np.ndarray, others: np.ndarray, right: tuple[float, float]) -> Attack:
    """The threshold from one half of each, the attack on the other halves."""
    rng = np.random.default_rng(seed)
    (learn_in, try_in), (learn_out, try_out) = (_halves(rng.permutation(scores)) for scores in (members, others))
    candidates = np.unique(np.r_[learn_in, learn_out])
    named_in, named_out = (1 - np.searchsorted(np.sort(s), candidates) / len(s) for s in (learn_in, learn_out))
    return Attack(*right, try_in, try_out, float(candidates[np.argmax(named_in - named_out)]))


def _halves(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return scores[: len(scores) // 2], scores[len(scores) // 2 :]
