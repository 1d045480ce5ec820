"""Green tests: which kind of test sees which kind of bug, measured on real mail, with false alarms beside it.

Unit tests (in scorer) look at the code, with rows made up by hand. Behaviour tests look at a release, on mail that was
set aside once and never changes. Monitors look at the mail that arrives, and one of them at the labels of a few of it.

Every behaviour test and monitor is a number that grows with harm. Its limit is the largest that nineteen healthy
releases reach, retrained on resampled mail: the largest of twenty equals is as often the last as any other, so one
further release in twenty exceeds it. False alarms are then counted on other healthy releases. So no limit is chosen by
hand, and what the tests catch can be compared. The one exception is meant: "no verdict changes" has the limit zero, and
shows what a test is worth that always rings.
The invariance test follows Ribeiro et al., Beyond accuracy: behavioral testing of NLP models with CheckList, ACL 2020.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.data.inboxes import WORKPLACE, mentions, without
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.fallacies import model, scorer
from mlsys_helpers.sections.fallacies.scorer import Code, Release
from mlsys_helpers.sections.silent_degradation.model import psi, shares

LIVE_MESSAGES = 400
SAMPLE = 100  # live messages that somebody labels
HEALTHY = 19  # healthy releases that set the limits
ALARM_SHARE = 1 / (HEALTHY + 1)
BINS = 10

# The mail


@dataclass(frozen=True, eq=False)
class Office:
    """One split of Spambase: mail to train on, mail set aside for tests, mail still to arrive; a release in service."""

    seed: int
    train: Dataset
    frozen: Dataset
    coming: Dataset
    serving: Release

    @cached_property
    def verdict(self) -> np.ndarray:
        """What the release in service decides about the mail set aside."""
        return self.serving.verdict(self.frozen.features)

    @cached_property
    def edges(self) -> np.ndarray:
        """For PSI: edges of nine bins with equal numbers of training counts above zero; absent words have their own."""
        used = np.where(self.train.features > 0, self.train.features, np.nan)
        return np.nanquantile(used, np.linspace(0, 1, BINS)[1:-1], axis=0)

    def histograms(self, data: Dataset) -> np.ndarray:
        """How many messages fall in each bin of each column, as shares of shape (columns, BINS)."""
        bins = np.where(data.features > 0, 1 + (data.features >= self.edges[:, None]).sum(axis=0), 0)
        return shares(np.array([np.bincount(column, minlength=BINS) for column in bins.T]))

    @cached_property
    def trained_on(self) -> np.ndarray:
        """The histograms of the training mail."""
        return self.histograms(self.train)


@cache
@one_thread
def office(seed: int) -> Office:
    """Half of the mail to train on, a quarter set aside, a quarter to come."""
    train, rest = spambase().split(seed, test=0.5)
    frozen, coming = rest.split(seed, test=0.5)
    return Office(seed, train, frozen, coming, scorer.train(train))


@dataclass(frozen=True, eq=False)
class Situation:
    """What tests look at: a release about to serve, the office it serves in, and the mail that arrives."""

    office: Office
    release: Release
    live: Dataset

    @cached_property
    def probability(self) -> np.ndarray:
        """What the release says of the mail set aside."""
        return self.release.probability(self.office.frozen.features)

    @cached_property
    def verdict(self) -> np.ndarray:
        """What it decides."""
        return self.release.code.verdict(self.probability, self.release.threshold)


@cache
def healthy(seed: int, number: int) -> Situation:
    """A release retrained on resampled training mail, and some of the mail to come: nothing is wrong."""
    office_, rng = office(seed), generator("fallacies", "healthy", seed, number)
    arrived = office_.coming.take(rng.permutation(len(office_.coming))[:LIVE_MESSAGES])
    return Situation(office_, scorer.train(_resampled(office_.train, rng)), arrived)


def _resampled(data: Dataset, rng: np.random.Generator) -> Dataset:
    return data.take(rng.integers(len(data), size=len(data)))


# Groups that somebody would ask about, named before anything was measured

UNIVERSITY = ("word_edu", "word_conference", "word_cs")
MONEY = ("char_dollar", "word_000", "word_money", "word_credit")


def groups(data: Dataset) -> dict[str, np.ndarray]:
    """Masks: wanted mail about the university, other wanted mail, spam about money, other spam."""
    spam, university, money = data.labels == 1, mentions(data, UNIVERSITY), mentions(data, MONEY)
    return {
        "wanted, university": ~spam & university,
        "wanted, other": ~spam & ~university,
        "spam about money": spam & money,
        "other spam": spam & ~money,
    }


# Behaviour tests and monitors: numbers that grow with harm


def accuracy_lost(s: Situation) -> float:
    """Set-aside mail: errors more than the release in service makes, as a share."""
    truth = s.office.frozen.labels
    return float(np.mean(s.verdict != truth) - np.mean(s.office.verdict != truth))


def group_lost(s: Situation) -> float:
    """The same in the group that lost most."""
    truth = s.office.frozen.labels
    lost = (s.verdict != truth).astype(int) - (s.office.verdict != truth)
    return max(float(lost[mask].mean()) for mask in groups(s.office.frozen).values())


def miscalibrated(s: Situation) -> float:
    """Set-aside mail: how far the average probability is from the share of spam."""
    return abs(float(s.probability.mean() - s.office.frozen.labels.mean()))


def alone_differs(s: Situation) -> float:
    """Invariance: the largest change in probability when a message comes alone instead of among others."""
    rows = s.office.frozen.features[:30]
    alone = np.concatenate([s.release.probability(row[None]) for row in rows])
    return float(np.abs(alone - s.probability[: len(rows)]).max())


def inputs_moved(s: Situation) -> float:
    """Mail that arrives: PSI of its counts against the training mail, averaged over columns."""
    return float(np.mean(psi(s.office.histograms(s.live), s.office.trained_on)))


def sample_errors(s: Situation) -> float:
    """Mail that arrives: the share of errors in a small sample that somebody labels."""
    return error(s.release, s.live.take(slice(SAMPLE)))


def verdicts_changed(s: Situation) -> float:
    """Set-aside mail: how many verdicts differ from those of the release in service."""
    return float(np.count_nonzero(s.verdict != s.office.verdict))


def error(release: Release, data: Dataset) -> float:
    """The share of messages that a release is wrong about."""
    return float(np.mean(release.verdict(data.features) != data.labels))


STRICT = "no verdict changes"
MEASURES = {
    "accuracy": accuracy_lost,
    "worst group": group_lost,
    "calibration": miscalibrated,
    "alone as in company": alone_differs,
    "inputs (PSI)": inputs_moved,
    f"{SAMPLE} labels": sample_errors,
}
UNIT = "unit tests"
TESTS = (UNIT, *MEASURES, STRICT)
ROUNDING = 1e-9  # an exact test still allows this much


@cache
@one_thread
def limits(seed: int) -> dict[str, float]:
    """For each behaviour test and monitor, the largest number of HEALTHY releases."""
    seen = [healthy(seed, -number) for number in range(1, HEALTHY + 1)]
    return {name: max(ROUNDING, *map(test, seen)) for name, test in MEASURES.items()} | {STRICT: 0.0}


def red(s: Situation) -> frozenset[str]:
    """The names of the TESTS that fail in a situation. A test in which the release breaks down has failed."""
    allowed, measures = limits(s.office.seed), MEASURES | {STRICT: verdicts_changed}
    found = {name for name, measure in measures.items() if _above(measure, s, allowed[name])}
    return frozenset(found | ({UNIT} if scorer.unit_failures(s.release.code) else set()))


def _above(measure: Callable, s: Situation, limit: float) -> bool:
    try:
        return not measure(s) <= limit  # NaN is red
    except Exception:
        return True


# Bugs. Each takes a healthy situation and its dice and returns what went wrong


def _coded(**functions: Callable) -> Callable:
    return lambda s, rng: replace(s, release=replace(s.release, code=Code(**functions)))


def _twice(rows, centre, scale):
    return (np.log1p(scorer.prepare(rows, 0 * centre, 1 + 0 * scale)) - centre) / scale


def _by_batch(rows, centre, scale):
    x = scorer.prepare(rows, centre, scale)
    return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-9) if len(x) else x


def _no_mail(rows, centre, scale):
    if not len(rows):
        raise IndexError("list index out of range")
    return scorer.prepare(rows, centre, scale)


def _threshold(s: Situation, rng: np.random.Generator) -> Situation:
    return replace(s, release=replace(s.release, threshold=0.9))


def _retrained(change: Callable[[Dataset, np.random.Generator], Dataset]) -> Callable:
    def bug(s: Situation, rng: np.random.Generator) -> Situation:
        return replace(s, release=scorer.train(change(_resampled(s.office.train, rng), rng)))

    return bug


def _spam_as_wanted(data: Dataset, rng: np.random.Generator) -> Dataset:
    turned = (data.labels == 1) & (rng.random(len(data)) < 0.2)
    return data.relabelled(np.where(turned, 0, data.labels))


def _no_university(data: Dataset, rng: np.random.Generator) -> Dataset:
    return data.take(~groups(data)["wanted, university"])


def _fractions(s: Situation, rng: np.random.Generator) -> Situation:
    factor = np.where([name.startswith("capitals") for name in s.live.names], 1, 100)
    return replace(s, live=replace(s.live, features=s.live.features / factor))


def _elsewhere(s: Situation, rng: np.random.Generator) -> Situation:
    return replace(s, live=without(s.live, WORKPLACE))


def _meaning(s: Situation, rng: np.random.Generator) -> Situation:
    unwanted = mentions(s.live, WORKPLACE) & (s.live.labels == 0) & (rng.random(len(s.live)) < 0.5)
    return replace(s, live=s.live.relabelled(s.live.labels | unwanted))


BUGS: dict[str, tuple[str, Callable]] = {
    "breaks on an empty batch": ("code", _coded(prepare=_no_mail)),
    "logarithm taken twice": ("code", _coded(prepare=_twice)),
    "scaled by its own batch": ("code", _coded(prepare=_by_batch)),
    "threshold 0.9": ("release", _threshold),
    "spam labelled wanted": ("release", _retrained(_spam_as_wanted)),
    "university mail lost": ("release", _retrained(_no_university)),
    "fractions for percent": ("mail", _fractions),
    "another inbox": ("mail", _elsewhere),
    "another meaning": ("mail", _meaning),
}
NO_BUG = "no bug"
ROWS = (NO_BUG, *BUGS)


@dataclass(frozen=True, eq=False)
class Matrix:
    """Trials by row and test: `reds` of shape (trials, ROWS, TESTS) says which tests were red.

    `harm` of shape (trials, ROWS) is the share of accuracy lost on the mail that arrives.
    """

    reds: np.ndarray
    harm: np.ndarray

    def at(self, bug: str, test: str) -> float:
        """The share of trials in which `test` was red under `bug`."""
        row, column = ROWS.index(one_of("bug", bug, ROWS)), TESTS.index(one_of("test", test, TESTS))
        return float(self.reds[:, row, column].mean())

    def caught(self, at_least: float = 0.75) -> dict[str, set[str]]:
        """For each test but the strict one, the bugs that it sees in a share `at_least` of the trials."""
        useful = (test for test in TESTS if test != STRICT)
        return {test: {bug for bug in BUGS if self.at(bug, test) >= at_least} for test in useful}

    @property
    def any_alarm(self) -> np.ndarray:
        """For each trial without a bug, whether some test rang, the strict one left aside."""
        return self.reds[:, 0, : TESTS.index(STRICT)].any(axis=1)

    def green_under(self, test: str) -> int:
        """How many of BUGS `test` leaves green in most trials."""
        return sum(self.at(bug, test) < 0.5 for bug in BUGS)

    def suite(self) -> tuple[str, ...] | None:
        """The smallest set of tests that sees all bugs."""
        return model.smallest_suite(self.caught(), set(BUGS))


@cache
@one_thread
def matrix(seed: int, trials: int = 5) -> Matrix:
    """Every bug against every test, `trials` healthy releases each; the same releases for every bug."""
    found = [[trial(seed, bug, number) for bug in ROWS] for number in range(trials)]
    reds = [[[test in red_ for test in TESTS] for red_, _ in row] for row in found]
    return Matrix(np.array(reds), np.array([[lost for _, lost in row] for row in found]))


def trial(seed: int, bug: str, number: int) -> tuple[frozenset[str], float]:
    """Which tests are red when `bug` befalls healthy release `number`, and the accuracy lost on mail that arrives."""
    before = healthy(seed, number)
    after = before
    if bug != NO_BUG:
        after = BUGS[one_of("bug", bug, ROWS)][1](before, generator("fallacies", "bug", seed, number))
    return red(after), error(after.release, after.live) - error(before.release, before.live)


@cache
def together() -> Matrix:
    """The trials of five seeds as one matrix."""
    matrices = [matrix(seed) for seed in SEEDS]
    return Matrix(np.concatenate([m.reds for m in matrices]), np.concatenate([m.harm for m in matrices]))
