"""What the scores of a class say of the items. Pure: numbers in, numbers out.

Conventions. A score is the share of an item's points, 0 to 1, before lateness; NaN where there is none (not handed in,
waits for a mark). Scores stand in an array with a student a row and an item a column; `points` is what each item is
worth. Intervals are of 95 %.

Sources: Wilson, JASA 22, 1927; Fisher, Metron 1, 1921 (interval of a correlation); Kuder and Richardson, Psychometrika
2, 1937, and Cronbach, Psychometrika 16, 1951 (reliability); Feldt, Psychometrika 30, 1965 (its interval).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import fdtri  # quantiles of F; scipy.stats would take a second to load

ENOUGH = (
    20  # students: with fewer, chance alone gives correlations beyond 0.44 in 1 class of 20, and nothing can be told
)
WEAK = 0.2  # a correlation below it separates nobody
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """The mean score of an item over `n` students, and Wilson's interval; NaN of nobody."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Correlation:
    """How far an item agrees with the rest: r and its interval over `n` students, NaN where it cannot be told."""

    r: float
    low: float
    high: float
    n: int

    @property
    def verdict(self) -> str:
        """What may be said of the item: a key of VERDICTS."""
        if self.n < ENOUGH:
            return "few"
        if math.isnan(self.r):
            return "alike"
        if self.r >= WEAK:
            return "good"
        return "reversed" if self.high < 0 else "none" if self.high < WEAK else "unsure"


VERDICTS = {
    "few": "too few to tell",
    "alike": "all scored alike",
    "good": "separates",
    "unsure": "weak, may be chance",
    "none": "does not separate",
    "reversed": "strong students fail it",
}


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha with Feldt's interval, and the standard error of a total in points."""

    alpha: float
    low: float
    high: float
    error_points: float
    students: int
    items: int


@dataclass(frozen=True)
class Chosen:
    """An option of a question: how many chose it first, and the mean score of these students on everything else."""

    option: str
    right: bool
    count: int
    rest: float


def share(scores: Iterable[float]) -> Share:
    """The mean of the scores that are known.

    Scores between 0 and 1 vary less than zeros and ones of the same mean, so with them Wilson's interval is a little
    too wide, never too narrow.
    """
    known = _known(scores)
    if not known.size:
        return Share(math.nan, math.nan, math.nan, 0)
    return Share(float(known.mean()), *wilson(float(known.mean()), known.size), known.size)


def wilson(mean: float, n: int) -> tuple[float, float]:
    """Wilson's interval of a share `mean` that was seen in `n` cases, as (low, high)."""
    centre, scale = mean + Z_95**2 / (2 * n), 1 + Z_95**2 / n
    half = Z_95 * math.sqrt(mean * (1 - mean) / n + Z_95**2 / (4 * n**2))
    return max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0)


def rests(scores: np.ndarray, points: Sequence[float]) -> np.ndarray:
    """For each student and item, the share earned of all other items that the student has a score for."""
    worth = np.where(np.isnan(scores), 0.0, np.asarray(points, dtype=float))
    earned = np.nan_to_num(scores) * worth
    other, possible = _all_but_one(earned), _all_but_one(worth)
    return np.divide(other, possible, out=np.full(other.shape, np.nan), where=possible > 1e-9)


def discrimination(scores: np.ndarray, points: Sequence[float]) -> list[Correlation]:
    """For each item, the correlation of its scores with those on the rest (corrected item-total correlation).

    Of an item that is right or wrong it is the point-biserial correlation. The item is left out of the rest, or it
    would agree with itself.
    """
    others = rests(scores, points)
    return [correlation(scores[:, item], others[:, item]) for item in range(scores.shape[1])]


def correlation(one: np.ndarray, other: np.ndarray) -> Correlation:
    """Pearson's r over the pairs that are known, with Fisher's interval, which is approximate for right and wrong."""
    both = ~(np.isnan(one) | np.isnan(other))
    one, other, n = one[both], other[both], int(both.sum())
    if n < ENOUGH or np.ptp(one) < 1e-9 or np.ptp(other) < 1e-9:
        return Correlation(math.nan, math.nan, math.nan, n)
    r = float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))
    z, half = math.atanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)), Z_95 / math.sqrt(n - 3)
    return Correlation(r, math.tanh(z - half), math.tanh(z + half), n)


def reliability(scores: np.ndarray, points: Sequence[float]) -> Reliability | None:
    """How far the items agree, over the students who have a score for all that somebody has a score for.

    None for fewer than three items or ENOUGH students, or where all totals are equal. Of items that are right or
    wrong and worth one point each, alpha is Kuder and Richardson's formula 20.
    """
    asked = ~np.isnan(scores).all(axis=0)
    earned = scores[:, asked] * np.asarray(points, dtype=float)[asked]
    earned = earned[~np.isnan(earned).any(axis=1)]
    students, items = earned.shape
    if items < 3 or students < ENOUGH or (spread := float(earned.sum(axis=1).var(ddof=1))) < 1e-12:
        return None
    alpha = items / (items - 1) * (1 - float(earned.var(axis=0, ddof=1).sum()) / spread)
    freedom = students - 1, (students - 1) * (items - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(*freedom, side)) for side in (0.975, 0.025))
    return Reliability(alpha, low, high, math.sqrt(max(spread * (1 - alpha), 0.0)), students, items)


def chosen(options: Sequence[tuple[str, bool]], choices: Sequence[str | None], rest: Sequence[float]) -> list[Chosen]:
    """How many students chose each of `options` (its text, and whether it is right), in the order of the options.

    `choices` holds what each student chose first, None for nothing, and `rest` the student's score on all else.
    """
    return [
        Chosen(text, right, len(found := [r for c, r in zip(choices, rest, strict=True) if c == text]), _mean(found))
        for text, right in options
    ]


def misleading(options: Sequence[Chosen]) -> list[Chosen]:
    """The wrong options that at least three students and one in ten chose, and whose choosers score at least as well on
    everything else as those who chose rightly. Empty of a class that is too small to tell."""
    total = sum(one.count for one in options)
    right = next((one.rest for one in options if one.right and one.count), math.nan)
    if total < ENOUGH:
        return []
    return [one for one in options if not one.right and one.count >= max(3, total / 10) and not one.rest < right]


def commonest(names: Iterable[str]) -> tuple[str, int]:
    """The name that comes most often and how often, the first by alphabet of several; ("", 0) of none."""
    counts = Counter(name for name in names if name)
    return min(counts.items(), key=lambda found: (-found[1], found[0]), default=("", 0))


def median(values: Iterable[float]) -> float:
    """The middle of the known values; NaN of none."""
    known = _known(values)
    return float(np.median(known)) if known.size else math.nan


def _known(values: Iterable[float]) -> np.ndarray:
    found = np.array(list(values), dtype=float)
    return found[~np.isnan(found)]


def _mean(values: Iterable[float]) -> float:
    known = _known(values)
    return float(known.mean()) if known.size else math.nan


def _all_but_one(values: np.ndarray) -> np.ndarray:
    return values.sum(axis=1, keepdims=True) - values
