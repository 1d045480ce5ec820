"""A mail filter that really runs, from training data to twelve weeks of service, and ten ways for it to go wrong.

The product: mail is collected with labels and a tag for who wrote it; a classifier is trained; it is packaged; it
serves mail week by week. Real mail (Spambase), a real classifier; the faults are put in on purpose, by seed. One
promise was made when it was first released: strangers' wanted mail counts three times in training, so that less of it
is lost.

Nothing in here raises, whatever is broken: that is the point.
"""

import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.data.inboxes import WORKPLACE, mentions
from mlsys_helpers.kit.threads import one_thread

WEEKS, A_WEEK = 12, 400
SENDERS = ("colleagues", "universities", "strangers")
UNIVERSITY = ("word_edu", "word_cs", "word_conference")
HEADERS = ("word_re", "word_edu", "word_george", "word_hp", "word_hpl")  # what mostly stands in address and subject
FIRM = ("word_hp", "word_hpl")


def senders(data: Dataset) -> np.ndarray:
    """Who wrote each message, as a place in SENDERS: told from words of the workplace, else of universities."""
    return np.select([mentions(data, words) for words in (WORKPLACE, UNIVERSITY)], (0, 1), 2)


def _columns(data: Dataset, names) -> list[int]:
    return [data.column(name) for name in names]


@dataclass(frozen=True)
class Setup:
    """How the product is built and run; the defaults are the healthy product. Shares lie between 0 and 1.

    Collected: `mislabelled` of wanted training mail is labelled spam, `strangers_lost` of strangers' wanted mail never
    arrives. Trained: `steps` of the optimiser on the share `rows` of the mail, strangers' wanted mail counting
    `strangers_weight` times and no word of `forgotten` counting at all; spam is what scores above `threshold`.
    Packaged: with another threshold where `packed` is one, and headers not read for `headerless` of messages.
    World: from week `since` on, a share of mail that grows by `a_week` to `gone` no longer has the words `lost_words`.
    """

    mislabelled: float = 0.0
    strangers_lost: float = 0.0
    steps: int = 200
    rows: float = 1.0
    strangers_weight: float = 3.0
    forgotten: tuple[str, ...] = ()
    threshold: float = 0.5
    packed: float | None = None
    headerless: float = 0.0
    lost_words: tuple[str, ...] = ()
    gone: float = 0.0
    since: int = 0
    a_week: float = 1.0


@dataclass(frozen=True, eq=False)
class Release:
    """One build of the product: what was collected, what was learnt, how it looked before launch.

    `collected` and `expected` count training rows by sender; `labels_wrong` marks the rows with a wrong label.
    """

    setup: Setup
    collected: np.ndarray
    expected: np.ndarray
    labels_wrong: np.ndarray
    training_features: np.ndarray
    loss: float
    holdout_accuracy: float
    mean: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    offset: float

    def scores(self, features: np.ndarray) -> np.ndarray:
        """How likely each message is spam, 0 to 1."""
        return expit((np.log1p(features) - self.mean) / self.spread @ self.weights + self.offset)

    def offline(self, features: np.ndarray) -> np.ndarray:
        """What the training environment calls spam."""
        return self.scores(features) > self.setup.threshold

    def served(self, features: np.ndarray) -> np.ndarray:
        """What the packaged filter calls spam, from features as serving computes them."""
        packed = self.setup.packed
        return self.scores(features) > (self.setup.threshold if packed is None else packed)


@lru_cache(maxsize=4)
def _mail(seed: int) -> tuple[Dataset, Dataset, Dataset]:
    """Mail to train on, to hold out, and to serve: about 40, 20 and 40 %; equal messages stay together."""
    build, live = spambase().split(seed, test=0.4)
    return *build.split(seed + 1, test=1 / 3), live


@one_thread
def build(setup: Setup, seed: int) -> Release:
    """Collect, train and check one release. The same seed gives the same mail and the same chance."""
    train, holdout, _ = _mail(seed)
    rng = np.random.default_rng([seed, 1])
    sender, wanted = senders(train), train.labels == 0
    labels, wrong = _labelled(train, setup, rng)
    strangers = wanted & (sender == 2)
    kept = ~(strangers & (rng.random(len(train)) < setup.strangers_lost)) & (rng.random(len(train)) < setup.rows)
    features, labels, wrong, sender = train.features[kept], labels[kept], wrong[kept], sender[kept]
    known = _without(features, _columns(train, setup.forgotten), np.full(len(features), True))
    inputs = np.log1p(known)
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    worth = np.where((labels == 0) & (sender == 2), setup.strangers_weight, 1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = LogisticRegression(max_iter=setup.steps).fit((inputs - mean) / spread, labels, sample_weight=worth)
    scores = (inputs - mean) / spread @ fitted.coef_[0] + fitted.intercept_[0]
    release = Release(
        setup, np.bincount(sender, minlength=3), np.bincount(senders(train), minlength=3), wrong, features,
        float(np.average(np.logaddexp(0, np.where(labels == 1, -scores, scores)), weights=worth)), 0.0,
        mean, spread, fitted.coef_[0], float(fitted.intercept_[0]),
    )  # fmt: skip
    told, _ = _labelled(holdout, setup, rng)
    return replace(release, holdout_accuracy=float((release.offline(holdout.features) == told).mean()))


def _labelled(data: Dataset, setup: Setup, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    wrong = (data.labels == 0) & (rng.random(len(data)) < setup.mislabelled)
    return np.where(wrong, 1, data.labels), wrong


@dataclass(frozen=True, eq=False)
class Service:
    """Twelve weeks of mail, every array of shape (weeks, messages): as sent, as the serving pipeline saw it, and what
    happened. `spam` is the truth, which in the product only an audit knows."""

    release: Release
    sent: np.ndarray
    seen: np.ndarray
    spam: np.ndarray
    sender: np.ndarray
    called: np.ndarray

    def lost(self, weeks: slice = slice(None), sender: tuple[int, ...] = (0, 1, 2), called=None) -> float:
        """The share of wanted mail in the spam folder, in some weeks and from some senders."""
        called = self.called if called is None else called
        wanted = (~self.spam & np.isin(self.sender, sender))[weeks]
        return float(called[weeks][wanted].mean())


def serve(release: Release, seed: int) -> Service:
    """Serve mail drawn week by week from the live mail."""
    setup, (_, _, live) = release.setup, _mail(seed)
    rng = np.random.default_rng([seed, 2])
    rows = rng.integers(len(live), size=(WEEKS, A_WEEK))
    sent = live.features[rows]
    part = np.clip((np.arange(WEEKS) - setup.since + 1) * setup.a_week, 0, 1) * setup.gone
    sent = _without(sent, _columns(live, setup.lost_words), rng.random(rows.shape) < part[:, None])
    seen = _without(sent, _columns(live, HEADERS), rng.random(rows.shape) < setup.headerless)
    return Service(release, sent, seen, live.labels[rows] == 1, senders(live)[rows], release.served(seen))


def run(setup: Setup, seed: int) -> Service:
    """Build one release and serve it."""
    return serve(build(setup, seed), seed)


def _without(features: np.ndarray, columns: list[int], where: np.ndarray) -> np.ndarray:
    features = features.copy()
    for column in columns:
        features[..., column] = np.where(where, 0, features[..., column])
    return features


# Faults


@dataclass(frozen=True)
class Cause:
    """One way to go wrong: its name, whose it is, what happened, what mends it."""

    name: str
    owner: str
    story: str
    fix: str


DATA, TRAINING, DEPLOYMENT, OPERATIONS, ETHICS = OWNERS = (
    "Data Engineering",
    "Training Systems",
    "Deployment Infrastructure",
    "Operations and Monitoring",
    "Ethics and Governance",
)
CAUSES = {
    name: Cause(name, owner, story, fix)
    for name, owner, story, fix in (
        ("labels", DATA, "wanted mail was labelled spam by mistake", "correct the labels, train again"),
        ("feed", DATA, "a source of training mail went missing", "restore the source, train again"),
        ("checkpoint", TRAINING, "the job resumed from an early checkpoint and stopped", "run the job to its end"),
        ("workers", TRAINING, "most workers of the job never read their rows", "run the job on all rows"),
        ("headers", DEPLOYMENT, "serving computes features without the headers", "compute features as training does"),
        ("package", DEPLOYMENT, "an earlier release's threshold was packed", "ship the threshold that was decided"),
        (
            "moved",
            OPERATIONS,
            "mail changes a little every week and no alarm rang",
            "alarm; learn without fading words",
        ),
        (
            "merger",
            OPERATIONS,
            "the firm's name left its mail, no alarm rang",
            "alarm; learn without the firm's name",
        ),
        ("weight", ETHICS, "the release dropped the promise to strangers", "train with the promise, and gate on it"),
        ("threshold", ETHICS, "more spam is caught and nobody asked who pays", "decide again, with every group's loss"),
    )
}


def broken(name: str, rng: np.random.Generator) -> Setup:
    """The setup of one cause, as bad as `rng` draws it from a range that makes about as many people complain."""
    draw = rng.uniform
    return {
        "labels": lambda: Setup(mislabelled=draw(0.12, 0.22)),
        "feed": lambda: Setup(strangers_lost=draw(0.6, 0.9)),
        "checkpoint": lambda: Setup(steps=int(rng.integers(1, 3))),
        "workers": lambda: Setup(rows=draw(0.04, 0.12)),
        "headers": lambda: Setup(headerless=draw(0.5, 1.0)),
        "package": lambda: Setup(packed=draw(0.2, 0.3)),
        "moved": lambda: Setup(lost_words=WORKPLACE, gone=draw(0.6, 1.0), a_week=1 / WEEKS),
        "merger": lambda: Setup(lost_words=FIRM, gone=draw(0.8, 1.0), since=int(rng.integers(4, 9))),
        "weight": lambda: Setup(strangers_weight=1.0),
        "threshold": lambda: Setup(threshold=draw(0.2, 0.3)),
    }[name]()


def mended(setup: Setup, name: str) -> Setup:
    """The setup after the fix of one cause and of nothing else.

    What mends a changed world is to learn without the words that left it. The fix of another cause than the true one
    may change nothing, make things worse, or hide the fault.
    """
    healthy = Setup()
    change: dict[str, dict[str, Any]] = {
        "labels": {"mislabelled": healthy.mislabelled},
        "feed": {"strangers_lost": healthy.strangers_lost},
        "checkpoint": {"steps": healthy.steps},
        "workers": {"rows": healthy.rows},
        "headers": {"headerless": healthy.headerless},
        "package": {"packed": healthy.packed},
        "moved": {"forgotten": WORKPLACE},
        "merger": {"forgotten": FIRM},
        "weight": {"strangers_weight": healthy.strangers_weight},
        "threshold": {"threshold": healthy.threshold},
    }
    return replace(setup, **change[name])
