"""The small-data reversal: hand-written rules for junk mail against models that learn from 4, 8, 16 ... messages.

The rules (`spam_rules`) were written before any row of the data was looked at, and cost no example. No setting of a
model was tuned: naive Bayes on which words occur, with Laplace's one, and logistic regression on the logarithms of the
frequencies, with scikit-learn's own penalty. The third, logistic regression on the rules' own signs (`on_signs`), was
added after the first run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.bitter_lesson.model import crossing
from mlsys_helpers.sections.bitter_lesson.spam_rules import (
    SHOUT_LETTERS,
    SPAM_SIGNS,
    WORK_SIGNS,
    owners_rule,
    strangers_rule,
)

SIZES = (4, 16, 64, 256, 1024, 2048)
DRAWS = 8  # training sets of each size and seed, averaged: small ones differ much


def naive_bayes():
    """Naive Bayes on which of the 57 features are not zero."""
    return BernoulliNB()


def logistic():
    """Logistic regression on standardised logarithms of the features."""
    return make_pipeline(FunctionTransformer(np.log1p), StandardScaler(), LogisticRegression(max_iter=500))


def on_signs():
    """Logistic regression on which of the hand-picked signs occur: people choose, data weigh."""
    names, letters = SPAM_SIGNS + WORK_SIGNS, spambase().column("capitals_longest")
    columns = [spambase().column(name) for name in names]

    def look(features: np.ndarray) -> np.ndarray:
        return np.column_stack([features[:, columns] > 0, features[:, letters] >= SHOUT_LETTERS]).astype(float)

    return make_pipeline(FunctionTransformer(look), LogisticRegression(max_iter=500))


LEARNERS: dict[str, Callable] = {
    "naive Bayes": naive_bayes,
    "logistic regression": logistic,
    "hand-picked signs": on_signs,
}
RULES: dict[str, Callable[[Dataset], np.ndarray]] = {
    "a stranger's rules": strangers_rule,
    "the owner's rules": owners_rule,
}


@dataclass(frozen=True, eq=False)
class Reversal:
    """Accuracy on held-out messages: `learned[name]` of shape (seeds, sizes), `ruled[name]` of shape (seeds,)."""

    sizes: np.ndarray
    seeds: tuple[int, ...]
    learned: dict[str, np.ndarray]
    ruled: dict[str, np.ndarray]

    def crossings(self, learner: str, rule: str) -> np.ndarray:
        """Training messages at which the learner overtakes the rule, seed by seed; NaN where it never does."""
        curves = zip(self.learned[learner], self.ruled[rule], strict=True)
        return np.array([crossing(self.sizes, curve, level) for curve, level in curves])

    def order_of(self, learner: str, rule: str) -> str:
        """The order of magnitude of the middle seed's crossing: dozens, hundreds, thousands, or never."""
        middle = np.median(np.nan_to_num(self.crossings(learner, rule), nan=np.inf))
        return (
            "dozens" if middle < 100 else "hundreds" if middle < 1000 else "thousands" if middle < np.inf else "never"
        )

    def overtaken(self, learner: str, rule: str) -> str:
        """When the learner overtakes the rule, in words: the range over seeds, and in how many it never does."""
        found = self.crossings(learner, rule)
        seen = found[~np.isnan(found)]
        if not seen.size:
            return f"never, up to {self.sizes[-1]:,}"
        at = f"about {float(f'{seen.min():.1e}'):.0f} to {float(f'{seen.max():.1e}'):.0f}"
        return at if seen.size == found.size else f"{at}; never in {found.size - seen.size} of {found.size} seeds"


@cache
@one_thread
def reversal(sizes: Sequence[int] = SIZES, seeds: Sequence[int] = SEEDS, draws: int = DRAWS) -> Reversal:
    """Rules and learners on the same held-out messages of Spambase."""
    learned = {name: np.zeros((len(seeds), len(sizes))) for name in LEARNERS}
    ruled = {name: np.zeros(len(seeds)) for name in RULES}
    for s, seed in enumerate(seeds):
        train, test = spambase().split(seed)
        for name, rule in RULES.items():
            ruled[name][s] = (rule(test) == test.labels).mean()
        for name, learner in LEARNERS.items():
            learned[name][s] = [
                np.mean([_accuracy(learner, train, test, size, seed, draw) for draw in range(_draws(size, draws))])
                for size in sizes
            ]
    return Reversal(np.array(sizes), tuple(seeds), learned, ruled)


def _draws(size: int, draws: int) -> int:
    """Large training sets differ little: a fifth of the draws will do."""
    return draws if size <= 64 else max(1, draws // 5)


def _accuracy(learner: Callable, train: Dataset, test: Dataset, size: int, seed: int, draw: int) -> float:
    """The share of `test` right after learning from `size` messages drawn at random, as they come."""
    rows = np.random.default_rng([seed, size, draw]).choice(len(train), size, replace=False)
    some = train.take(rows)
    if len(np.unique(some.labels)) == 1:  # nothing to tell apart: answer what was seen
        return float((test.labels == some.labels[0]).mean())
    return float((learner().fit(some.features, some.labels).predict(test.features) == test.labels).mean())
