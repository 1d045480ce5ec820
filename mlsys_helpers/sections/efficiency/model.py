"""Efficiency: seconds of a training run, how fast things double, and what demand makes of a saving.

Conventions. Months are calendar months, 12 to a year. A gain of 10 means a tenth of the cost for the same result. FLOP
counts an addition and a multiplication each. Every argument may be a number or an array; arrays broadcast.

Sources: Machine Learning Systems, volume I, section 1.7 with its footnote 22; the interval of a slope is Student's, as
in any text on regression; total use under a constant elasticity is the textbook form of the rebound that Jevons, "The
Coal Question", 1865, described in words.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real
from mlsys_helpers.sections.iron_law.model import time_terms

DIMENSIONS = ("data", "algorithm", "machine")

# The bill of a training run


def training_s(visits, batch, flop_per_visit, flop_per_s, call_s):
    """Seconds to train: FLOP over the rate reached, plus a fixed time for each call that handles `batch` examples.

    A visit is one example seen once. This is the iron law without its data term, for arrays that fit a cache.
    """
    calls = positive("visits", visits) / positive("batch", batch)
    terms = time_terms(0.0, 1.0, plain(visits * positive("flop_per_visit", flop_per_visit)), flop_per_s)
    return terms.compute_s + plain(calls * non_negative("call_s", call_s, "seconds"))


def headrooms(examples, examples_enough, flop, flop_lean, flop_per_s, flop_per_s_within_reach) -> dict[str, float]:
    """What each dimension could still gain, as a factor: what is spent over what would do. Keys are DIMENSIONS."""
    return {
        "data": positive("examples", examples) / positive("examples_enough", examples_enough),
        "algorithm": positive("flop", flop) / positive("flop_lean", flop_lean),
        "machine": positive("flop_per_s_within_reach", flop_per_s_within_reach) / positive("flop_per_s", flop_per_s),
    }


def first_dimension(examples, examples_enough, flop, flop_lean, flop_per_s, flop_per_s_within_reach) -> str:
    """The dimension to work on first: data where examples are missing, else the one with the largest headroom.

    On a tie the one that comes first in DIMENSIONS.
    """
    rooms = headrooms(examples, examples_enough, flop, flop_lean, flop_per_s, flop_per_s_within_reach)
    return "data" if examples < examples_enough else max(DIMENSIONS, key=lambda dimension: rooms[dimension])


# Cadences


def doubling_months(factor, months):
    """The time in which something doubles that grows by `factor` in `months`: months / log2(factor).

    For something that shrinks, `factor` is how many times less there is in the end; the answer is its halving time.
    """
    if np.min(positive("factor", factor)) <= 1:
        raise ValueError(f"factor must be above 1 for a doubling time, got {factor!r}; turn a decrease upside down")
    return plain(positive("months", months, "months") / np.log2(factor))


def growth(months, doubling_months):
    """How many times more there is after `months`: 2^(months / doubling time)."""
    return plain(2 ** (real("months", months, "months") / positive("doubling_months", doubling_months, "months")))


def endpoint_range(factor, months, off):
    """The shortest and the longest doubling time if each of the two endpoints may be wrong by `off` times."""
    both = positive("off", off) ** 2
    return doubling_months(factor * both, months), doubling_months(factor / both, months)


@dataclass(frozen=True)
class Trend:
    """An exponential through dated points: doubling (or halving) time with its 95 % interval, in months.

    `start` is the fitted value at the first date; `high_months` is infinite where no trend can be told from none.
    """

    rows: int
    first_year: float
    last_year: float
    start: float
    months: float
    low_months: float
    high_months: float
    rises: bool

    def at(self, year):
        """The fitted value in `year`."""
        sign = 1 if self.rises else -1
        return plain(self.start * 2.0 ** (sign * 12 * (np.asarray(year, float) - self.first_year) / self.months))


def trend(years, values) -> Trend:
    """Least squares on the logarithm: log2(value) against months, with Student's interval for the slope.

    Raises ValueError for fewer than three points, which leave nothing to judge the scatter by.
    """
    from scipy.stats import linregress, t  # only this function needs SciPy

    years, values = real("years", years), positive("values", values)
    if years.size < 3:
        raise ValueError(f"a trend with an interval needs at least three points, got {years.size}")
    fit = linregress(12 * (years - years.min()), np.log2(values))
    slope, half = abs(fit.slope), t.ppf(0.975, years.size - 2) * fit.stderr
    longest = 1 / (slope - half) if slope > half else np.inf
    return Trend(
        years.size,
        float(years.min()),
        float(years.max()),
        float(2**fit.intercept),
        float(1 / slope),
        float(1 / (slope + half)),
        float(longest),
        bool(fit.slope > 0),
    )


def systems_gap(months, demand_doubling_months, supply_doubling_months, halving_months=None):
    """Demand over supply after `months`, both 1 at the start; with a halving time, algorithms that need less help."""
    gap = growth(months, demand_doubling_months) / growth(months, supply_doubling_months)
    return gap if halving_months is None else gap / growth(months, halving_months)


# Endpoints


def orders(factor):
    """Orders of magnitude: log10 of a factor."""
    return plain(np.log10(positive("factor", factor)))


def work_factor(days_before, rate_before, days_after, rate_after):
    """How many times more work two bills in device-days stand for: days times what a device does a day."""
    after = positive("days_after", days_after) * positive("rate_after", rate_after)
    return plain(after / (positive("days_before", days_before) * positive("rate_before", rate_before)))


# The rebound


def total_use(gain, elasticity):
    """Total use after efficiency rose `gain` times, as a multiple of before: gain^(elasticity - 1).

    One unit of service costs 1 / gain as much, demand for it grows by gain^elasticity, and use is their product.
    """
    return plain(positive("gain", gain) ** (non_negative("elasticity", elasticity) - 1))


def implied_elasticity(gain, use_factor):
    """The elasticity for which `gain` alone would explain that use grew `use_factor` times: 1 + ln(use) / ln(gain)."""
    return plain(1 + np.log(positive("use_factor", use_factor)) / np.log(positive("gain", gain)))
