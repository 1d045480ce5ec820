"""The data-centric shift in numbers: which data made a program, what changed in what it does, what a test can promise.

Conventions. Counts of possible inputs are far too large to write down, so they are carried as log10. A failure rate
and a confidence are shares between 0 and 1. Verdicts are whole-number labels, one for each message. Every argument
may be a number or an array where a number makes sense; arrays broadcast.

Sources: Machine Learning Systems, volume I, section 1.1, equation 1 and the box on the verification gap; the rule of
three is Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249(13), 1983; the interval
is Wilson, "Probable inference", JASA 22, 1927.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real, share

LOG10_ATOMS = 80.0  # atoms in the observable universe, about 1e80: the chapter's yardstick

# Which data made this program?


def fingerprint(features, labels) -> str:
    """Twelve hex digits that any change of any example changes, and that the order of the examples does not.

    Each example (its features, then its label, as little-endian floats) is hashed, the hashes are sorted, and their
    sequence is hashed again. Twins count: an example held twice is not the same data as held once.
    """
    rows = np.column_stack([real("features", features), real("labels", labels)]).astype("<f8") + 0.0  # -0.0 is 0.0
    hashes = sorted(hashlib.sha256(row.tobytes()).digest() for row in rows)
    return hashlib.sha256(b"".join(hashes)).hexdigest()[:12]


def weight_bytes(params, bits_per_value):
    """Bytes that a model's weights take: the size of the compiled program."""
    bits = positive("params", params) * positive("bits_per_value", bits_per_value, "bits")
    return plain(bits / 8)


# What changed in what it does?


@dataclass(frozen=True)
class Change:
    """Two programs' verdicts on the same messages, with the labels that people gave them."""

    before: np.ndarray
    after: np.ndarray
    truth: np.ndarray

    @property
    def flipped(self) -> np.ndarray:
        """Where the two disagree, as places in the list."""
        return np.flatnonzero(self.before != self.after)

    @property
    def broken(self) -> np.ndarray:
        """Where the first was right and the second is wrong."""
        return np.flatnonzero((self.before == self.truth) & (self.after != self.truth))

    @property
    def mended(self) -> np.ndarray:
        """Where the first was wrong and the second is right."""
        return np.flatnonzero((self.before != self.truth) & (self.after == self.truth))

    @property
    def accuracy(self) -> tuple[float, float]:
        """The share of right verdicts, before and after."""
        return float(np.mean(self.before == self.truth)), float(np.mean(self.after == self.truth))


def change(before, after, truth) -> Change:
    """Compare two lists of verdicts. Raises ValueError unless all three lists are of one length."""
    lists = Change(*map(np.asarray, (before, after, truth)))
    shapes = {lists.before.shape, lists.after.shape, lists.truth.shape}
    if len(shapes) > 1 or lists.before.ndim != 1:
        raise ValueError(f"before, after and truth must be three lists of one length, got shapes {sorted(shapes)}")
    return lists


def lagged_scale(proxy, truth, lag: int, window: int) -> np.ndarray:
    """For each week, truth for each unit of proxy, from the last `window` weeks whose truth is known by then.

    The truth of a week is known `lag` weeks later. Where not one known week has gone by, the answer is NaN.
    """
    proxy, truth = real("proxy", proxy), real("truth", truth)
    if lag < 1 or window < 1:
        raise ValueError(f"lag and window must be at least one week, got {lag} and {window}")
    week = np.arange(len(proxy))
    end, start = np.maximum(week - lag + 1, 0), np.maximum(week - lag + 1 - window, 0)
    sums = [np.concatenate([[0.0], np.cumsum(series)]) for series in (truth, proxy)]
    known_truth, known_proxy = (total[end] - total[start] for total in sums)
    return np.divide(known_truth, known_proxy, out=np.full(len(week), np.nan), where=known_proxy > 0)


# What can a test promise?


def log10_inputs(values, bits_per_value):
    """log10 of how many inputs there are: `values` numbers, each of `bits_per_value` bits."""
    return plain(positive("values", values) * positive("bits_per_value", bits_per_value, "bits") * np.log10(2))


def digits(log10_count):
    """How many decimal digits a count has."""
    return plain(np.floor(non_negative("log10_count", log10_count)) + 1)


def log10_coverage(tests, log10_count):
    """log10 of the share of all inputs that `tests` different ones are; 0 once every input is tested."""
    return plain(np.minimum(np.log10(positive("tests", tests)) - non_negative("log10_count", log10_count), 0.0))


def clean_run_bound(tests, confidence=0.95):
    """The failure rate that `tests` tests without a failure rule out, at this confidence: exact.

    A program failing at rate p passes n independent tests with probability (1 - p)**n. The bound is the p at which
    that has sunk to 1 - confidence. It speaks of inputs drawn like the tests, and of no others.
    """
    doubt = 1 - _confidence(confidence)
    return plain(-np.expm1(np.log(doubt) / positive("tests", tests)))


def rule_of_three(tests):
    """The same bound at 95 %, short enough for the head: three over the number of tests."""
    return plain(3 / positive("tests", tests))


def tests_needed(failure_rate, confidence=0.95):
    """How many tests without a failure it takes to promise that fewer than `failure_rate` of inputs fail."""
    rate = real("failure_rate", failure_rate)
    if rate.size and (rate.min() <= 0 or rate.max() >= 1):
        raise ValueError(f"failure_rate must lie between 0 and 1, both excluded, got {failure_rate}")
    exact = np.log(1 - _confidence(confidence)) / np.log1p(-rate)
    return plain(np.ceil(exact - 1e-9 * exact))  # a whole number stays itself through rounding


def interval(failures: int, tests: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's two-sided interval for the failure rate, after `failures` in `tests` tests."""
    from scipy.stats import binomtest  # here, so that a count of digits need not wait for SciPy

    found = binomtest(int(failures), int(tests)).proportion_ci(float(_confidence(confidence)), method="wilson")
    return float(found.low), float(found.high)


def _confidence(confidence):
    level = share("confidence", confidence)
    if level.max() >= 1:
        raise ValueError("confidence must be below 1: no finite test is certain")
    return level
