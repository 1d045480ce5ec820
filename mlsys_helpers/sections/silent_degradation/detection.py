"""When does a monitor see the drift? Alarms at a stated rate of false ones, without labels and with them.

A monitor looks at a window of images and rings when their divergence from the reference exceeds what a healthy window
exceeds once in 1 / `false_alarms` windows. Windows are resampled from the live images of the drift lab; the upright
ones play the first, healthy weeks.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import stats

from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.silent_degradation import drift_lab, model


@one_thread
def alarm_chances(
    drift: drift_lab.Drift, view: str, name: str, window: int, false_alarms: float = 0.01, draws: int = 400
) -> np.ndarray:
    """The chance that one window of `window` images rings at each amount of drift, by the divergence called `name`.

    The limit comes from `draws` healthy windows, and a quarter as many are tried at each amount.
    """
    rng, images = np.random.default_rng(0), drift.right.shape[1]
    reference, chances = drift_lab.counts(drift.reference[view]), []
    limit = None
    for bins in drift.bins[view]:
        flags = (bins[..., None] == np.arange(drift_lab.BINS)).reshape(images, -1).astype(np.float32)
        times = draws if limit is None else draws // 4
        drawn = rng.multinomial(window, np.full(images, 1 / images), times).astype(np.float32) @ flags
        found = drift_lab.apart(name, drawn.reshape(times, *reference.shape), reference)
        limit = float(np.quantile(found, 1 - false_alarms)) if limit is None else limit
        chances.append((found > limit).mean())
    return np.array(chances)


def audit_chance(accuracy: np.ndarray, labels: int, false_alarms: float = 0.01) -> np.ndarray:
    """The chance that `labels` checked answers ring, at each accuracy; the first accuracy is the healthy one.

    It rings at the smallest number of errors that a healthy window reaches in at most `false_alarms` of windows.
    """
    errors = 1 - np.asarray(accuracy, float)
    limit = stats.binom.isf(false_alarms, labels, errors[0])
    return stats.binom.sf(limit, labels, errors)


@dataclass(frozen=True)
class Delay:
    """The median alarm: at what amount of drift it rings, and what share of accuracy is lost by then."""

    amount: float
    lost: float


def delay(amounts: np.ndarray, accuracy: np.ndarray, chance: np.ndarray, per_window: float) -> Delay:
    """The median first alarm when the world drifts by `per_window` from window to window, windows independent.

    Chances and accuracies between the measured amounts are interpolated. Raises ValueError where half of the runs
    would end without an alarm.
    """
    at = np.arange(0, amounts[-1] + per_window / 2, per_window)
    silent = np.cumprod(1 - np.interp(at, amounts, chance))
    if silent[-1] > 0.5:
        raise ValueError(f"no alarm in half of the runs by an amount of {at[-1]:g}: use more cases in a window")
    first = int(np.argmax(silent <= 0.5))
    return Delay(float(at[first]), float(accuracy[0] - np.interp(at[first], amounts, accuracy)))


MONITORS = {
    "each pixel, KL": ("each pixel", "KL"),
    "confidence, total variation": ("confidence", "total variation"),
    "answers, KL": ("answers", "KL"),
}
LABELS = "accuracy, from labels"


@cache
def delays(seed: int, window: int = 100, per_window: float = 1.0) -> dict[str, Delay]:
    """When each monitor of the turning camera rings, and when checking the answers of every window does."""
    drift = drift_lab.drift(seed).up_to(40)
    chances = {monitor: alarm_chances(drift, view, name, window) for monitor, (view, name) in MONITORS.items()}
    chances[LABELS] = audit_chance(drift.accuracy, window)
    return {name: delay(drift.amounts, drift.accuracy, chance, per_window) for name, chance in chances.items()}


@dataclass(frozen=True)
class Thumb:
    """PSI of two samples of `window` cases each without any drift: what is expected, and how often it rings."""

    window: int
    expected: float
    false_alarms: float


def rule_of_thumb(
    limit: float = 0.1, windows=(50, 100, 200, 500, 2000), bins: int = 10, draws: int = 4000, seed: int = 5
) -> tuple[Thumb, ...]:
    """PSI of two samples of one and the same uniform histogram (simulated), against a fixed limit.

    0.1 and 0.25 are the customary limits, which monitoring products print without a sample size (Alibaba Cloud,
    Platform for AI, "Population stability index", 2026).
    """
    rng, even = np.random.default_rng(seed), np.full(bins, 1 / bins)
    rows = []
    for window in windows:
        now, before = (model.shares(rng.multinomial(window, even, draws)) for _ in range(2))
        found = model.psi(now, before)
        expected = model.psi_without_drift(bins, window, window)
        rows.append(Thumb(window, expected, float((found > limit).mean())))
    return tuple(rows)
