"""Three spam filters of rising effort: how accurate, how late for a single message, how large.

The clock is the processor's time for this process, so that other work on the computer hardly enters; nothing here waits
for anything, and on an idle computer a wall clock shows the same. Windows counts that time in ticks of 16 ms, too
coarse here: there the wall clock is used.
"""

import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from time import perf_counter, process_time

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread

CLOCK = perf_counter if sys.platform == "win32" else process_time

# From plain to elaborate, with scikit-learn's own settings where nothing is said.
MAKERS: dict[str, Callable] = {
    "linear": lambda seed: LogisticRegression(solver="newton-cholesky"),
    "boosted trees": lambda seed: HistGradientBoostingClassifier(max_iter=50, random_state=seed),
    "forest": lambda seed: ExtraTreesClassifier(40, random_state=seed),
}
FILTERS = tuple(MAKERS)


@dataclass(frozen=True, eq=False)
class Filter:
    """A classifier with the centre and scale of the logarithms that it was trained on."""

    name: str
    centre: np.ndarray
    scale: np.ndarray
    classifier: object

    def probability(self, rows: np.ndarray) -> np.ndarray:
        """The probability of spam for each row of counts."""
        return self.classifier.predict_proba((np.log1p(rows) - self.centre) / self.scale)[:, 1]

    def right(self, data: Dataset) -> np.ndarray:
        """For each message, whether the filter is right about it."""
        return (self.probability(data.features) >= 0.5) == data.labels

    @property
    def stored_bytes(self) -> int:
        """How many bytes the classifier takes on disk."""
        return len(pickle.dumps(self.classifier))


@cache
@one_thread
def trained(seed: int, name: str) -> Filter:
    """The filter called `name`, made from the training mail of this seed."""
    train = spambase().split(seed)[0]
    x = np.log1p(train.features)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    maker = MAKERS[one_of("filter", name, FILTERS)]
    return Filter(name, centre, scale, maker(seed).fit((x - centre) / scale, train.labels))


@cache
@one_thread
def accuracy(seed: int, name: str) -> float:
    """The share of the messages not trained on that the filter gets right."""
    return float(trained(seed, name).right(spambase().split(seed)[1]).mean())


@one_thread
def answers_s(seed: int, name: str, answers: int = 60, clock=CLOCK) -> np.ndarray:
    """Seconds of each of `answers` answers to single messages, after ten to warm up."""
    filter_, rows = trained(seed, name), spambase().split(seed)[1].features[: answers + 10]
    times_s = []
    for row in rows:
        start = clock()
        filter_.probability(row[None])
        times_s.append(clock() - start)
    return np.array(times_s[10:])


@cache
def measured(seed: int = 1) -> dict[str, tuple[float, np.ndarray]]:
    """Accuracy and times of single answers of each filter, by name."""
    return {name: (accuracy(seed, name), answers_s(seed, name)) for name in FILTERS}
