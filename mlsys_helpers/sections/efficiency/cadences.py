"""How fast things double, from the fact tables: compute for one level of accuracy, transistors, training runs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.sections.efficiency import model

FRONTIER_FROM, FRONTIER_TO = 2012.0, 2018.5  # AlexNet to the publication of the 3.4 months
LAST_YEAR = 2026.0


@dataclass(frozen=True, eq=False)
class Series:
    """Dated values, the oldest first; `years` and `values` are arrays of one length."""

    name: str
    years: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.years)

    @property
    def months(self) -> float:
        """From the first date to the last."""
        return float(12 * (self.years[-1] - self.years[0]))

    @property
    def factor(self) -> float:
        """How many times the last value is the first, or the reverse where values fall; always 1 or more."""
        ratio = self.values[-1] / self.values[0]
        return float(max(ratio, 1 / ratio))

    @cached_property
    def trend(self) -> model.Trend:
        """The exponential through all points."""
        return model.trend(self.years, self.values)

    @property
    def by_endpoints(self) -> float:
        """The doubling or halving time, in months, that the first and the last point give alone."""
        return model.doubling_months(self.factor, self.months)


def series(name: str, points) -> Series:
    """A Series of (year, value) pairs, sorted by year."""
    years, values = np.array(sorted(points), float).reshape(-1, 2).T
    return Series(name, years, values)


def alexnet_level() -> Series:
    """FLOP of training to AlexNet's accuracy, by the date of the model that did."""
    return series("FLOP for AlexNet's level", [(row.year, row.training_flop) for row in facts.leaner_runs("AlexNet")])


def processors() -> Series:
    """Transistors of processors, 1971 to 2012."""
    return series("transistors, processors", [(row.year, row.transistors) for row in facts.processors()])


def gpus() -> Series:
    """Transistors of graphics processors since 2010; variants of one chip count once."""
    chips = {(chip.year, chip.transistors) for chip in facts.chips("gpu") if chip.transistors}
    return series("transistors, graphics processors", chips)


def training_runs(first: float = FRONTIER_FROM, last: float = LAST_YEAR, records: bool = False) -> Series:
    """Training FLOP of the models in the table that appeared from `first` until before `last`.

    With `records`, only those that took more than every earlier one in the table.
    """
    rows = facts.training_runs()
    highest = np.maximum.accumulate([0.0, *(row.training_flop for row in rows)])
    kept = [
        (row.year, row.training_flop)
        for row, before in zip(rows, highest, strict=False)
        if first <= row.year < last and (row.training_flop > before or not records)
    ]
    return series(f"training FLOP, {'record runs' if records else 'all runs'}", kept)


def run(model_name: str) -> facts.TrainingRun:
    """The training run of one model in the table."""
    return next(row for row in facts.training_runs() if row.model == model_name)
