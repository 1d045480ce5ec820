"""One experiment over several seeds: a result is shown with its spread, never as a single lucky number."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import real
from mlsys_helpers.kit.units import number

SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Spread:
    """What one quantity came to, seed by seed."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The average over seeds."""
        return float(np.mean(self.values))

    @property
    def low(self) -> float:
        """The smallest value seen."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest value seen."""
        return max(self.values)

    def text(self, show: Callable[[float], str] = number) -> str:
        """Average and range in words: '0.953 (0.947 to 0.958 over 5 seeds)'; `show` writes one value."""
        return f"{self.short(show).removesuffix(')')} over {len(self.values)} seeds)"

    def short(self, show: Callable[[float], str] = number) -> str:
        """The same where the seeds are said elsewhere, as above a table: '0.953 (0.947 to 0.958)'."""
        return f"{show(self.mean)} ({show(self.low)} to {show(self.high)})"

    def __repr__(self) -> str:
        return self.text()


def spread(values: Iterable[float]) -> Spread:
    """The spread of values that a caller has, one for each seed. Raises ValueError for fewer than two."""
    found = real("values", list(values)).ravel()
    if found.size < 2:
        raise ValueError(f"a spread needs the values of at least two seeds, got {found.size}")
    return Spread(tuple(found.tolist()))


def over_seeds(experiment: Callable[[int], float], seeds: Iterable[int] = SEEDS) -> Spread:
    """Run `experiment(seed)` once for each seed."""
    return spread(experiment(seed) for seed in seeds)
