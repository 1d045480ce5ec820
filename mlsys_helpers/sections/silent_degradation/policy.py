"""When to retrain: a simulated product with random drift, and a real classifier under a camera that keeps turning."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import stats

from mlsys_helpers.data.worlds import INK, turned
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.silent_degradation import drift_lab, model

YEAR_DAYS = 365
TURNS = "the camera turns"


@dataclass(frozen=True)
class Product:
    """A model in service. Costs are counted in wrong answers, so that no price is needed.

    Divergence grows by `drift_per_day` on average, in steps whose spread from day to day is `burstiness` times their
    mean (gamma distributed). A retraining costs as much as `retrain_cost` wrong answers and takes effect at once.
    """

    drift_per_day: float = 0.0004
    sensitivity: float = 0.63
    answers_per_day: float = 10_000
    retrain_cost: float = 20_000
    burstiness: float = 0.0

    @property
    def loss_per_day(self) -> float:
        """Wrong answers a day for each unit of divergence."""
        return self.sensitivity * self.answers_per_day


@dataclass(frozen=True, eq=False)
class Outcome:
    """What each setting of a policy came to: arrays of shape (runs, settings).

    `wrong` holds wrong answers a day beyond a fresh model's, `retrains` retrainings a day, `worst` the largest
    divergence.
    """

    product: Product
    settings: np.ndarray
    wrong: np.ndarray
    retrains: np.ndarray
    worst: np.ndarray

    def repriced(self, retrain_cost: float) -> "Outcome":
        """The same runs, had a retraining cost something else: what happens does not depend on its price."""
        return replace(self, product=replace(self.product, retrain_cost=retrain_cost))

    @property
    def costs(self) -> np.ndarray:
        """Wrong answers a day in each run, retrainings counted at their price."""
        return self.wrong + self.product.retrain_cost * self.retrains

    @property
    def cost(self) -> np.ndarray:
        """The average cost of each setting."""
        return self.costs.mean(axis=0)

    @property
    def half_width(self) -> np.ndarray:
        """Half the 95 % interval of each average."""
        runs = len(self.costs)
        return stats.t.ppf(0.975, runs - 1) * self.costs.std(axis=0, ddof=1) / np.sqrt(runs)

    @property
    def best(self) -> float:
        """The setting with the least average cost."""
        return float(self.settings[np.argmin(self.cost)])


def simulate(
    product: Product, settings, calendar: bool = False, runs: int = 200, days: int = 3 * YEAR_DAYS, seed: int = 0
) -> Outcome:
    """Retrain when the measured divergence exceeds each threshold, or with `calendar` every so many days (simulated).

    All settings meet the same worlds, so that their difference is the policy's.
    """
    settings, rng = np.asarray(settings, float), np.random.default_rng(seed)
    shape = (runs, len(settings))
    began = rng.random((runs, 1)) * settings  # somewhere in a cycle, so that no run starts with a fresh model
    age, divergence = (began, began * product.drift_per_day) if calendar else (np.zeros(shape), began)
    gone, retrains, worst = (np.zeros(shape) for _ in range(3))
    for _ in range(days):
        step = _steps(product, rng, runs)[:, None]
        divergence, age = divergence + step, age + 1
        gone += divergence - step / 2  # halfway through the day
        worst = np.maximum(worst, divergence)
        rings = age >= settings if calendar else divergence > settings
        retrains += rings
        divergence[rings], age[rings] = 0.0, 0.0
    return Outcome(product, settings, product.loss_per_day * gone / days, retrains / days, worst)


def _steps(product: Product, rng: np.random.Generator, runs: int) -> np.ndarray:
    if product.burstiness == 0:
        return np.full(runs, product.drift_per_day)
    shape = product.burstiness**-2
    return rng.gamma(shape, product.drift_per_day / shape, runs)


# A real classifier, retrained under a camera that keeps turning


@dataclass(frozen=True, eq=False)
class Served:
    """What was served at each angle: how accurately, and by the model trained at which angle."""

    degrees: np.ndarray
    accuracy: np.ndarray
    trained_at: np.ndarray

    @property
    def retrained(self) -> int:
        """How often the model was replaced while serving."""
        return len(np.unique(self.trained_at)) - 1


@cache
@one_thread
def serve(seed: int, threshold: float, every: int = 2) -> Served:
    """Walk through the lab's angles: serve first, then retrain there if KL of the pixels exceeds `threshold`.

    A retraining learns from freshly labelled images of that angle, which then are the reference, too. `every` 2 stops
    at every second angle of the lab, every 4 degrees.
    """
    _, reference, live = drift_lab.three_way(seed)
    degrees = np.array(drift_lab.WORLDS[TURNS][2])[::every]
    trained_at, accuracy = [0], []
    usual = _pixels(reference.features)
    for now, seen in zip(degrees, drift_lab.lived(seed, TURNS)[::every], strict=True):
        fitted = drift_lab.trained(seed, "logistic regression", (trained_at[-1],))
        accuracy.append((fitted.predict(seen / INK) == live.labels).mean())
        alarm = drift_lab.apart("KL", _pixels(seen), usual) > threshold
        trained_at.append(int(now) if alarm else trained_at[-1])
        usual = _pixels(turned(reference.features, now)) if alarm else usual
    return Served(degrees, np.array(accuracy), np.array(trained_at[:-1]))


def shortfall(seed: int, promised_loss: float, from_line: bool = True, every: int = 2) -> float:
    """How far accuracy fell below its promise, a share; negative where the promise held. `every` as in `serve`.

    The promise is `promised_loss` below the accuracy measured at the start. Tau is the divergence at which equation 3
    reaches it, starting from the fitted line's own start, or from the measured one.
    """
    drift = drift_lab.drift(seed)
    found, floor = drift.line("KL"), drift.accuracy[0] - promised_loss
    tau = found.reaches(floor) if from_line else model.threshold_for(drift.accuracy[0], floor, found.sensitivity)
    return float(floor - serve(seed, tau, every).accuracy.min())


def _pixels(images: np.ndarray) -> np.ndarray:
    return drift_lab.counts(drift_lab.binned(images, 0, INK))
