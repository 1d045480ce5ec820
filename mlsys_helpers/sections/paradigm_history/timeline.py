"""Training compute of notable models, 1950 to 2025, and the winters: what the chapter's lost figure would be set on.

Data: Epoch AI's table of machine-learning systems, CC BY 4.0, the rows that have a compute estimate. How often books
mention artificial intelligence, which the chapter's figure 1 shows, is not available here.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.units import number

WINTERS = ((1974, 1980), (1987, 1993))  # the chapter's dates, section 1.2, footnote 7
# The chapter's eras overlap; here each ends where the next begins, so that MYCIN (1976) is an expert system
ERAS = (("symbolic", 1950, 1975), ("expert systems", 1975, 1990), ("statistical", 1990, 2012), ("deep", 2012, 2026))


@dataclass(frozen=True)
class Growth:
    """Growth of training compute between two years: tenfolds a year with its 95 % interval over resampled models."""

    models: int
    tenfolds_per_year: float
    low: float
    high: float

    @property
    def doubling_months(self) -> float:
        """Months to double."""
        return _months(self.tenfolds_per_year)

    @property
    def text(self) -> str:
        """The doubling time with its interval, in words."""
        shortest, longest = number(_months(self.high)), number(_months(self.low))
        return f"{number(self.doubling_months)} months ({shortest} to {longest} at 95 %, {self.models} models)"


@cache
def growth(start: float, end: float, resamples: int = 2000) -> Growth:
    """A straight line through log10 FLOP by year, for the models of `start` <= year < `end`."""
    chosen = [model for model in facts.training_runs() if start <= model.year < end]
    year, power = (np.array(x) for x in zip(*((m.year, np.log10(m.training_flop)) for m in chosen), strict=True))
    rng = generator("growth", start, end)
    rows = rng.integers(len(chosen), size=(resamples, len(chosen)))
    low, high = np.quantile([_slope(year[some], power[some]) for some in rows], [0.025, 0.975])
    return Growth(len(chosen), _slope(year, power), float(low), float(high))


def _months(tenfolds_per_year: float) -> float:
    return 12 * float(np.log10(2)) / tenfolds_per_year


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    x = x - x.mean()
    return float(x @ y / (x @ x))


def longest_gap() -> tuple[float, float]:
    """The longest stretch without any model in the table: (from, to) as years."""
    years = [model.year for model in facts.training_runs()]
    return max(pairwise(years), key=lambda pair: pair[1] - pair[0])
