"""Tuning an alarm: false alarms a month against days until a real decline is seen; simulated, then on real digits.

Every day `audited` answers are checked by people. A monitor turns the days' errors into one number a day and rings
where it reaches a limit; then it is reset. Monitors are compared at the same number of false alarms a month.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.data.worlds import turned
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.five_pillars import model

WINDOW = 7  # days of the rolling monitor


@dataclass(frozen=True)
class Audit:
    """What is checked, and between which error shares an alarm has to tell: the healthy one and the feared one."""

    audited: int = 100
    healthy: float = 0.04
    feared: float = 0.08

    def errors(self, share: float, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        """Simulated errors a day."""
        return rng.binomial(self.audited, share, shape)


def _week(audit: Audit, errors: np.ndarray) -> np.ndarray:
    sums = np.cumsum(errors, axis=-1)
    sums[..., WINDOW:] = sums[..., WINDOW:] - sums[..., :-WINDOW]
    sums[..., : WINDOW - 1] = 0  # no full week yet
    return sums


MONITORS: dict[str, Callable[[Audit, np.ndarray], np.ndarray]] = {
    "one day": lambda audit, errors: errors,
    "last seven days": lambda audit, errors: _week(audit, errors),
    "CUSUM": lambda audit, errors: model.cusum(model.cusum_step(errors, audit.audited, audit.healthy, audit.feared)),
}


def first_rings(statistic: np.ndarray, limit: float) -> np.ndarray:
    """The day, counted from 1, on which each run first reaches `limit`; the day after the last where none does."""
    rings = statistic >= limit
    return np.where(rings.any(axis=-1), rings.argmax(axis=-1), statistic.shape[-1]) + 1


@dataclass(frozen=True)
class Tuned:
    """A tuned monitor: false alarms a month, and days until it rings, on average, after a decline."""

    false_a_month: float
    delay_days: float


def _rate(statistic: np.ndarray, limit: float) -> float:
    """Rings a month of runs that start anew after each ring: first rings over all the days watched until them."""
    rings = statistic >= limit
    days = np.minimum(first_rings(statistic, limit), statistic.shape[-1])
    return float(model.MONTH_DAYS * rings.any(axis=-1).sum() / days.sum())


@cache
def limit_for(audit: Audit, monitor: str, budget_a_month: float, runs: int = 400, seed: int = 0) -> tuple[float, float]:
    """The lowest limit with at most `budget_a_month` false alarms, and how many it gives (simulated).

    Runs last six times as long as the budget's mean time between false alarms. Counts of errors are whole, so a monitor
    often has to stay below its budget.
    """
    days = int(6 * model.MONTH_DAYS / budget_a_month)
    errors = audit.errors(audit.healthy, (runs, days), np.random.default_rng(seed))
    statistic = MONITORS[monitor](audit, errors)
    levels = np.unique(np.round(statistic, 9))
    levels = levels[levels > 0]
    low, high = 0, len(levels) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _rate(statistic, levels[middle]) <= budget_a_month else (middle + 1, high)
    return float(levels[low]), _rate(statistic, levels[low])


def delay(
    audit: Audit, monitor: str, limit: float, actual: float, runs: int = 1000, seed: int = 1, healthy_days: int = WINDOW
) -> float:
    """Average days from the decline to the ring, over runs that were quiet for `healthy_days` before it (simulated)."""
    rng, days = np.random.default_rng(seed), 200
    before, after = audit.errors(audit.healthy, (runs, healthy_days), rng), audit.errors(actual, (runs, days), rng)
    found = first_rings(MONITORS[monitor](audit, np.hstack([before, after])), limit) - healthy_days
    return float(found[found > 0].mean())


@cache
def tuned(audit: Audit, monitor: str, budget_a_month: float, actual: float, seed: int = 1) -> Tuned:
    """A monitor tuned to a budget of false alarms, and how long it takes to see errors rise to `actual` (simulated)."""
    limit, rate = limit_for(audit, monitor, budget_a_month, seed=seed)
    return Tuned(rate, delay(audit, monitor, limit, actual, seed=seed + 1))


# On real digits: the healthy error share is not known, only estimated


@dataclass(frozen=True)
class RealAlarm:
    """An alarm tuned on held-out images and met by live ones.

    `estimated` and `actual` healthy error shares; false alarms a month that came; days until the alarm rang after the
    camera had turned.
    """

    estimated: float
    actual: float
    came: float
    delay_days: float


@cache
@one_thread
def _mistakes(seed: int, degrees: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which held-out, which live and which turned live images a classifier of digits gets wrong."""
    train, rest = digits().split(seed, test=0.6)
    held, live = rest.split(seed, test=0.5)
    fitted = LogisticRegression(solver="newton-cg").fit(train.features, train.labels)

    def wrong(data: Dataset, features) -> np.ndarray:
        return fitted.predict(features) != data.labels

    return wrong(held, held.features), wrong(live, live.features), wrong(live, turned(live.features, degrees))


@cache
def on_digits(seed: int, budget_a_month: float = 0.5, degrees: float = 10) -> RealAlarm:
    """Tune a CUSUM on the errors of held-out images, then serve live ones in days of 100 (resampled)."""
    held_wrong, live, after = _mistakes(seed, degrees)
    estimated = float(held_wrong.mean())
    audit = Audit(healthy=estimated, feared=2 * estimated)
    limit, _ = limit_for(audit, "CUSUM", budget_a_month)
    rng, runs, days = np.random.default_rng(seed), 300, int(6 * model.MONTH_DAYS / budget_a_month)
    healthy = rng.choice(live, (runs, days, audit.audited)).sum(axis=-1)
    came = _rate(MONITORS["CUSUM"](audit, healthy), limit)
    ill = rng.choice(after, (runs, 400, audit.audited)).sum(axis=-1)
    rang = first_rings(MONITORS["CUSUM"](audit, ill), limit)
    return RealAlarm(estimated, float(live.mean()), came, float(rang.mean()))
