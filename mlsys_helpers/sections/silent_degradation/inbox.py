"""Three ways for a spam filter to fail in silence, on real mail: another inbox, another meaning, another pipeline."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.data.inboxes import OWNER as OWNER
from mlsys_helpers.data.inboxes import WORKPLACE, mentions, without
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.silent_degradation import drift_lab


@one_thread
def spam_filter(data: Dataset) -> Pipeline:
    """Logistic regression on the logarithm of 1 + each count, every feature scaled to the same spread."""
    steps = FunctionTransformer(np.log1p), StandardScaler(), LogisticRegression(max_iter=1000)
    return make_pipeline(*steps).fit(data.features, data.labels)


@cache
def home(seed: int) -> tuple[Dataset, Dataset, Pipeline]:
    """Mail to learn from, mail to judge by, and the filter made from the first."""
    train, test = spambase().split(seed)
    return train, test, spam_filter(train)


@dataclass(frozen=True)
class Verdicts:
    """How a filter did: share right, share of wanted mail lost, share of spam let through."""

    accuracy: float
    wanted_lost: float
    spam_missed: float


def judge(fitted: Pipeline, features: np.ndarray, labels: np.ndarray) -> Verdicts:
    """The verdicts of a fitted filter on messages with known labels (1 for spam)."""
    called = fitted.predict(features)
    return Verdicts((called == labels).mean(), (called[labels == 0] == 1).mean(), (called[labels == 1] == 0).mean())


def binned(features: np.ndarray, trained: np.ndarray) -> np.ndarray:
    """The bin of each value: 0 where the word is absent, else one of nine that hold equal numbers in `trained`."""
    used = np.where(trained > 0, trained, np.nan)
    edges = np.nanquantile(used, np.linspace(0, 1, drift_lab.BINS)[1:-1], axis=0)
    return np.where(features > 0, 1 + (features >= edges[:, None]).sum(axis=0), 0)


def apart(now: np.ndarray, before: np.ndarray, name: str = "PSI") -> float:
    """A divergence of features from those trained on, averaged over the features."""
    shown = (drift_lab.counts(binned(features, before)) for features in (now, before))
    return float(drift_lab.apart(name, *shown))


# 1. Another inbox


@dataclass(frozen=True)
class Move:
    """One filter at home, and for somebody whose mail lacks some words; `retrained` never saw these words.

    `psi_home` and `psi_away` say how far the mail of either place is from the training mail.
    """

    home: Verdicts
    away: Verdicts
    retrained: Verdicts
    psi_home: float
    psi_away: float

    @property
    def lost(self) -> float:
        """The share of accuracy that the move costs."""
        return self.home.accuracy - self.away.accuracy


def another_inbox(seed: int, gone: tuple[str, ...] = WORKPLACE) -> Move:
    """Train on one employee's mail, deploy where the words `gone` do not occur (simulated: the words are taken out)."""
    train, test, fitted = home(seed)
    away, blind = without(test, gone).features, spam_filter(without(train, gone))
    return Move(
        judge(fitted, test.features, test.labels),
        judge(fitted, away, test.labels),
        judge(blind, away, test.labels),
        apart(test.features, train.features),
        apart(away, train.features),
    )


# 2. Another meaning: the concept-drift trap


@dataclass(frozen=True, eq=False)
class Trap:
    """Week by week: the share of workplace mail no longer wanted, divergences of inputs and scores, accuracy."""

    unwanted: np.ndarray
    inputs: np.ndarray
    scores: np.ndarray
    accuracy: np.ndarray


def concept_trap(seed: int, weeks: int = 21, messages: int = 400) -> Trap:
    """The owner leaves the firm: mail about it keeps coming, week by week more of it unwanted (simulated labels).

    Each week draws `messages` of the same real messages. What changes is the meaning of some, so nothing that looks at
    inputs or at the filter's own scores can know.
    """
    train, rest = spambase().split(seed, test=0.6)
    reference, live = rest.split(seed, test=0.5)
    fitted, rng = spam_filter(train), np.random.default_rng(seed)
    about = mentions(live, WORKPLACE) & (live.labels == 0)
    bins, usual = (binned(d.features, train.features) for d in (live, reference))
    scores, usual_scores = (drift_lab.binned(fitted.predict_proba(d.features)[:, 1:], 0, 1) for d in (live, reference))
    called, usual, usual_scores = fitted.predict(live.features), drift_lab.counts(usual), drift_lab.counts(usual_scores)
    unwanted, order = np.linspace(0, 1, weeks), rng.random(len(live))
    inputs, outputs, right = [], [], []
    for part in unwanted:
        drawn = rng.choice(len(live), messages, replace=False)
        labels = np.where(about & (order < part), 1, live.labels)[drawn]
        inputs.append(drift_lab.apart("PSI", drift_lab.counts(bins[drawn]), usual))
        outputs.append(drift_lab.apart("PSI", drift_lab.counts(scores[drawn]), usual_scores))
        right.append((called[drawn] == labels).mean())
    return Trap(unwanted, np.array(inputs), np.array(outputs), np.array(right))


# 3. Another pipeline: training-serving skew


def _changed(names: Callable[[str], bool], change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    def serve(data: Dataset) -> np.ndarray:
        features, columns = data.features.copy(), [i for i, name in enumerate(data.names) if names(name)]
        features[:, columns] = change(features[:, columns])
        return features

    return serve


STOP_WORDS = tuple(f"word_{w}" for w in ("all", "our", "over", "will", "you", "your"))
SKEWS: dict[str, Callable[[Dataset], np.ndarray]] = {
    "one shared function": lambda data: data.features,
    "fractions for percent": _changed(lambda n: not n.startswith("capitals"), lambda x: x / 100),
    "whole percent": _changed(lambda n: not n.startswith("capitals"), np.round),
    "text in small letters first": _changed(lambda n: n.startswith("capitals"), np.ones_like),
    "common words dropped": _changed(lambda n: n in STOP_WORDS, np.zeros_like),
    "capitals in another order": _changed(lambda n: n.startswith("capitals"), lambda x: x[:, ::-1]),
    "columns by alphabet": lambda data: data.features[:, np.argsort(data.names)],
    "logarithm taken twice": lambda data: np.log1p(data.features),
}


@dataclass(frozen=True)
class Skew:
    """One pipeline that serves other features than were trained: what is lost, and what would have shown it.

    `psi` is the average over features of live messages against training; `columns` counts those in which the same
    messages differ between the two pipelines, `first` how many messages one needs to see the first difference.
    """

    name: str
    verdicts: Verdicts
    psi: float
    columns: int
    first: int


def skew(seed: int, name: str) -> Skew:
    """Train with one pipeline, serve with another; nothing is raised."""
    train, test, fitted = home(seed)
    served = SKEWS[one_of("pipeline", name, SKEWS)](test)
    differs = ~np.isclose(served, test.features, rtol=1e-6, atol=0)
    rows = differs.any(axis=1)
    return Skew(
        name,
        judge(fitted, served, test.labels),
        apart(served, train.features),
        int(differs.any(axis=0).sum()),
        int(np.argmax(rows)) + 1 if rows.any() else 0,
    )
