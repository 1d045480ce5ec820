"""Saving a training job: Young's rule against simulated failures, and what a checkpoint must hold on a real job."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.special import softmax

from mlsys_helpers import facts
from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.five_pillars.model import young_h


@dataclass(frozen=True)
class Job:
    """A training job of `work_h` hours. The defaults are round numbers: one failure a day, five minutes to save."""

    work_h: float = 500.0
    save_h: float = 5 / 60
    mtbf_h: float = 24.0
    restart_h: float = 10 / 60


def simulate(job: Job, intervals_h, runs: int = 200, seed: int = 0) -> np.ndarray:
    """Hours on the clock for each hour of work (simulated), of shape (runs, intervals).

    From failure to failure: restart, then as many whole stretches of interval and save as fit before the next failure;
    what was begun is lost. All intervals of a run meet the same times between failures.
    """
    intervals = np.asarray(intervals_h, float)
    rng, stretch = np.random.default_rng(seed), intervals + job.save_h
    wanted = np.ceil(job.work_h / intervals)  # whole intervals: the work is rounded up, and so is what it is divided by
    done, clock, restart = np.zeros((runs, intervals.size)), np.zeros((runs, intervals.size)), 0.0
    while (done < wanted).any():
        gap = rng.exponential(job.mtbf_h, (runs, 1))
        fits = np.maximum(0, np.floor((gap - restart) / stretch))
        last = done + fits >= wanted
        clock += np.where(done >= wanted, 0, np.where(last, restart + (wanted - done) * stretch, gap))
        done, restart = np.minimum(wanted, done + fits), job.restart_h
    return clock / (wanted * intervals)


FACTORS = (1 / 4, 1 / 2, 1 / 1.4, 1.0, 1.4, 2.0, 4.0)


@cache
def valley(save_h: float, mtbf_h: float, seed: int = 0) -> np.ndarray:
    """Hours on the clock for each hour of work at FACTORS of Young's interval (simulated), averaged over 100 runs.

    Every job lasts as long as 60 failures without any, so that quick and slow worlds are known equally well.
    """
    intervals = np.array(FACTORS) * young_h(save_h, mtbf_h)
    return simulate(Job(60 * mtbf_h, save_h, mtbf_h), intervals, runs=100, seed=seed).mean(axis=0)


def llama_mtbf_h() -> float:
    """Hours between the unexpected interruptions of Llama 3's training, on average."""
    days, stops = facts.quoted("llama3_watched"), facts.quoted("llama3_interruptions")
    return days.value * 24 / stops.value


# A real job: what a checkpoint must hold

SAVED = ("everything", "all but the order", "weights only", "an early checkpoint")
BATCH, EPOCHS, CRASH_EPOCH, EARLY_EPOCH, RATE, MOMENTUM = 25, 6, 3.5, 0.5, 0.5, 0.9


@dataclass(frozen=True, eq=False)
class State:
    """All that a job of stochastic gradient descent with momentum knows: what it learnt, its speed, its place."""

    weights: np.ndarray
    speed: np.ndarray
    step: int
    order: np.ndarray  # the images still to come, in the order of use


@dataclass(frozen=True)
class Resumed:
    """How a crashed job ended: accuracy on held-out images, and its largest difference in a weight from no crash."""

    accuracy: float
    apart: float


@cache
@one_thread
def resume(seed: int, saved: str) -> Resumed:
    """Train logistic regression on digits, crash after CRASH_EPOCH epochs, go on from what was `saved`.

    "All but the order": the images still to come in the epoch are not known, so that epoch begins again, shuffled anew.
    "Weights only": momentum and learning rate start afresh too. "An early checkpoint": the job reports success with the
    weights of EARLY_EPOCH epochs.
    """
    train, test = digits().split(seed)
    start = _fresh(len(train), seed, EPOCHS)
    whole = _trained(start, train)
    crashed = _trained(start, train, CRASH_EPOCH)
    again = _fresh(len(train), seed + 1000, EPOCHS - int(CRASH_EPOCH))
    job = {
        "everything": lambda: _trained(crashed, train),
        "all but the order": lambda: _trained(replace(crashed, order=again.order), train),
        "weights only": lambda: _trained(replace(again, weights=crashed.weights), train),
        "an early checkpoint": lambda: _trained(start, train, EARLY_EPOCH),
    }[one_of("checkpoint", saved, SAVED)]()
    right = (_inputs(test) @ job.weights).argmax(axis=1) == test.labels
    return Resumed(float(right.mean()), float(np.abs(job.weights - whole.weights).max()))


def _fresh(images: int, seed: int, epochs: int) -> State:
    rng, nothing = np.random.default_rng(seed), np.zeros((65, 10))
    return State(nothing, nothing, 0, np.concatenate([rng.permutation(images) for _ in range(epochs)]))


def _inputs(data: Dataset) -> np.ndarray:
    return np.hstack([data.features / 16, np.ones((len(data), 1))])


def _trained(state: State, data: Dataset, epochs: float | None = None) -> State:
    """Go on from `state` through the next `epochs` (to a whole batch) of its order, or through all of it."""
    inputs, wanted = _inputs(data), np.eye(10)[data.labels]
    weights, speed, step = state.weights, state.speed, state.step
    images = len(state.order) if epochs is None else int(epochs * len(data)) // BATCH * BATCH
    now, later = state.order[:images], state.order[images:]
    for rows in np.array_split(now, range(BATCH, len(now), BATCH)):
        slope = inputs[rows].T @ (softmax(inputs[rows] @ weights, axis=1) - wanted[rows]) / len(rows)
        speed = MOMENTUM * speed - RATE / (1 + step / 100) * slope
        weights, step = weights + speed, step + 1
    return State(weights, speed, step, later)
