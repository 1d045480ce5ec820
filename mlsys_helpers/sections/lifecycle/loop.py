"""The lifecycle as a simulation of discrete events: six stages, two loops, and a world that drifts (simulated).

A team collects data, prepares them, trains, evaluates, deploys and monitors. A candidate that fails the gate goes back
to preparation, with the data there are; an alarm goes back to collection. The model that serves goes on serving until
it is replaced, and it is as old as its data: accuracy falls by equation 3 of section 1.5 with their age.
"""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np
import simpy

from mlsys_helpers.kit.spread import SEEDS, Spread, spread
from mlsys_helpers.sections.lifecycle import model
from mlsys_helpers.sections.silent_degradation.model import accuracy as degraded

YEAR_DAYS, MONTH_DAYS = 365, 365 / 12
PEOPLE = (2, 3, 1, 2, 2, 0.2)  # who works in each stage, as chosen for this companion


@dataclass(frozen=True)
class Plan:
    """What a project is like. Every number is an assumption of this companion, none a survey's.

    `days` are the means of the first five stages; each visit draws its length from a lognormal distribution of that
    mean, whose logarithm has the standard deviation `sigma`. Each candidate passes the gate with chance `passes`. A
    model starts at `accuracy` on data of its own age and loses `lost_per_month` a month. Monitoring looks every
    `look_days`, knows the labels of `labels_days` ago, and rings when the loss is `alarm` or more; without `watches`
    nobody looks.
    """

    days: tuple[float, ...] = (20, 10, 5, 3, 2)
    sigma: float = 0.5
    passes: float = 0.4
    accuracy: float = 0.9
    lost_per_month: float = 0.01
    alarm: float = 0.03
    look_days: float = 7
    labels_days: float = 14
    watches: bool = True

    @property
    def lost_per_day(self) -> float:
        """Accuracy lost for each day that the data age."""
        return self.lost_per_month / MONTH_DAYS


BOTH = Plan()
ONCE = replace(BOTH, watches=False)


@dataclass(frozen=True, eq=False)
class Trace:
    """What happened: the stage entered at each of `starts` (days), and when each model was deployed and collected."""

    plan: Plan
    starts: np.ndarray
    stages: np.ndarray
    deployed: np.ndarray
    collected: np.ndarray
    days: float

    @cached_property
    def days_in(self) -> np.ndarray:
        """Days spent in each of the six stages."""
        lengths = np.diff(np.append(self.starts, self.days))
        return np.bincount(self.stages, weights=lengths, minlength=6)

    @property
    def failed(self) -> int:
        """Candidates that failed the gate."""
        return int(np.sum((self.stages[:-1] == model.EVALUATION) & (self.stages[1:] == model.PREPARATION)))

    @property
    def retrains_per_year(self) -> float:
        """Models that replaced another, for each year of service."""
        return (len(self.deployed) - 1) / (self.days - self.deployed[0]) * YEAR_DAYS

    @property
    def person_days_per_year(self) -> float:
        """Work, by who is needed in each stage."""
        return float(self.days_in @ PEOPLE) / self.days * YEAR_DAYS

    def served(self, at) -> np.ndarray:
        """Accuracy of the model in service on each of the days `at`; NaN before the first."""
        at = np.asarray(at, float)
        place = np.searchsorted(self.deployed, at, side="right") - 1
        age = np.maximum(at - self.collected[np.maximum(place, 0)], 0)
        return np.where(place < 0, np.nan, degraded(self.plan.accuracy, self.plan.lost_per_day, age))

    @property
    def lowest_points(self) -> np.ndarray:
        """Accuracy of each model that was replaced, at the moment before it was: the low points of the saw."""
        ages = self.deployed[1:] - self.collected[:-1]
        return np.asarray(degraded(self.plan.accuracy, self.plan.lost_per_day, ages))

    @cached_property
    def daily(self) -> np.ndarray:
        """Accuracy served on every day since the first deployment."""
        return self.served(np.arange(np.ceil(self.deployed[0]), self.days))


@dataclass
class _Log:
    """What the simulation writes down."""

    starts: list[float] = field(default_factory=list)
    stages: list[int] = field(default_factory=list)
    deployed: list[float] = field(default_factory=list)
    collected: list[float] = field(default_factory=list)


def run(plan: Plan = BOTH, seed: int = 1, days: float = 3 * YEAR_DAYS) -> Trace:
    """Simulate a project for so many days. Raises ValueError where nothing was deployed by then."""
    env, log = simpy.Environment(), _Log()
    env.process(_go_round(env, plan, np.random.default_rng(seed), log))
    env.run(until=days)
    if not log.deployed:
        raise ValueError(f"no candidate was deployed within {days:g} days: give the project longer")
    return Trace(plan, *map(np.array, (log.starts, log.stages, log.deployed, log.collected)), days)


def _go_round(env: simpy.Environment, plan: Plan, rng: np.random.Generator, log: _Log) -> Generator:
    def work(stage: int):
        _enter(env, log, stage)
        return env.timeout(plan.days[stage] * rng.lognormal(-(plan.sigma**2) / 2, plan.sigma))

    while True:
        yield work(model.COLLECTION)
        collected, passed = env.now, False
        while not passed:
            for stage in (model.PREPARATION, model.TRAINING, model.EVALUATION):
                yield work(stage)
            passed = rng.random() < plan.passes
        yield work(model.DEPLOYMENT)
        log.deployed.append(env.now)
        log.collected.append(collected)
        _enter(env, log, model.MONITORING)
        yield env.process(_watch(env, plan, collected))


def _enter(env: simpy.Environment, log: _Log, stage: int) -> None:
    log.starts.append(env.now)
    log.stages.append(stage)


def _watch(env: simpy.Environment, plan: Plan, collected: float) -> Generator:
    """Look again and again until the loss that the latest labels show reaches the alarm."""
    if not plan.watches:
        yield env.event()  # which nobody ever triggers
    begun = env.now
    while True:
        yield env.timeout(plan.look_days)
        labelled = env.now - plan.labels_days
        if labelled >= begun and plan.lost_per_day * (labelled - collected) >= plan.alarm:
            return


@cache
def runs(plan: Plan = BOTH, seeds: tuple[int, ...] = SEEDS) -> tuple[Trace, ...]:
    """The same project with each of the seeds."""
    return tuple(run(plan, seed) for seed in seeds)


def over(traces: tuple[Trace, ...], measure) -> Spread:
    """The spread of `measure(trace)` over traces."""
    return spread(measure(trace) for trace in traces)


@cache
def first_deployments(plan: Plan = BOTH, projects: int = 2000, seed: int = 0) -> np.ndarray:
    """The day of the first deployment in each of so many projects of a plan, none of them watched afterwards."""
    rng = np.random.default_rng(seed)

    def first() -> float:
        env, log = simpy.Environment(), _Log()
        process = env.process(_go_round(env, replace(plan, watches=False), rng, log))
        while process.is_alive and not log.deployed:
            env.step()
        return log.deployed[0]

    return np.array([first() for _ in range(projects)])
