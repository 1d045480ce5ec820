"""Three ways to need less: a small network learns to read digits, and each way to 95 % is counted and timed.

The plain way takes all images at each step (gradient descent), one image at a time in a Python loop. Instead one may
learn from fewer images (data), take small batches with momentum (algorithm), or hand a batch to the processor as one
matrix (machine). Steps are counted until 95 % of the held-out images are right; their CPU seconds are those of a step,
timed, times the count. Looking at the held-out images costs nothing here.

The plain way is slow on purpose, but not lamed: PLAIN and LEAN have the best step size of those tried (0.1, 0.3, 1, 2
and 3; 0.05, 0.1 and 0.2), and SUBSET is the size of which fewest visits were needed (of 200, 300, 400 and 600).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from time import process_time

import numpy as np

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.machine.timing import loops_for, once_s
from mlsys_helpers.sections.efficiency.selection import CLASSES, INK, typical

TARGET = 0.95  # set before anything was run
SUBSET, TENTH = 400, 120  # images that the data way keeps, and about a tenth of all, with which it would save ten times
MOST_STEPS = 1_000
PIXELS, HIDDEN = 64, 32
FLOP_PER_VISIT = 2 * (2 * PIXELS * HIDDEN + 3 * HIDDEN * CLASSES)  # matrix products, forward and back

Weights = list[np.ndarray]


@dataclass(frozen=True)
class Recipe:
    """How weights move: `batch` images for each step (all without one), step size, momentum."""

    batch: int | None
    step: float
    momentum: float


PLAIN = Recipe(batch=None, step=1.0, momentum=0.0)
LEAN = Recipe(batch=32, step=0.1, momentum=0.9)


def network(seed: int) -> Weights:
    """Random weights of a network with one hidden layer of 32 units."""
    rng = np.random.default_rng(seed)
    first = rng.normal(0, np.sqrt(2 / PIXELS), (PIXELS, HIDDEN))
    second = rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, CLASSES))
    return [first, np.zeros(HIDDEN), second, np.zeros(CLASSES)]


def gradient_in_a_loop(weights: Weights, images, targets) -> Weights:
    """The slope of the mean cross-entropy, one image at a time."""
    first, first_bias, second, second_bias = weights
    slope = [np.zeros_like(w) for w in weights]
    for image, target in zip(images, targets, strict=True):
        hidden = np.maximum(image @ first + first_bias, 0)
        scores = hidden @ second + second_bias
        odds = np.exp(scores - scores.max())
        error = odds / odds.sum() - target
        back = (second @ error) * (hidden > 0)
        for total, part in zip(slope, (np.outer(image, back), back, np.outer(hidden, error), error), strict=True):
            total += part
    return [total / len(images) for total in slope]


def gradient_as_matrices(weights: Weights, images, targets) -> Weights:
    """The same slope, all images at once."""
    first, first_bias, second, second_bias = weights
    hidden = np.maximum(images @ first + first_bias, 0)
    scores = hidden @ second + second_bias
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    error = (odds / odds.sum(axis=1, keepdims=True) - targets) / len(images)
    back = (error @ second.T) * (hidden > 0)
    return [images.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]


def step(weights: Weights, speed: Weights, images, targets, recipe: Recipe, gradient=gradient_as_matrices):
    """One step downhill: the new weights and the new speed of each."""
    slope = gradient(weights, images, targets)
    speed = [recipe.momentum * v - recipe.step * g for v, g in zip(speed, slope, strict=True)]
    return [w + v for w, v in zip(weights, speed, strict=True)], speed


def right(weights: Weights, images, labels) -> float:
    """The share of images that the network reads rightly."""
    first, first_bias, second, second_bias = weights
    return float(((np.maximum(images @ first + first_bias, 0) @ second + second_bias).argmax(axis=1) == labels).mean())


@dataclass(frozen=True)
class Count:
    """Steps and visits (an image seen once) until the target; `reached` is False where they were the most allowed."""

    steps: int
    visits: int
    reached: bool


@one_thread
def count(learn_from: Dataset, held_out: Dataset, recipe: Recipe, seed: int, gradient=gradient_as_matrices) -> Count:
    """Train until TARGET of the held-out images are right, or for MOST_STEPS."""
    images, targets = learn_from.features / INK, np.eye(CLASSES)[learn_from.labels]
    judged, weights, rng = held_out.features / INK, network(seed), np.random.default_rng(seed)
    speed = [np.zeros_like(w) for w in weights]
    steps = visits = 0
    while steps < MOST_STEPS:
        order = rng.permutation(len(images))
        for start in range(0, len(images), recipe.batch or len(images)):
            taken = order[start : start + (recipe.batch or len(images))]
            weights, speed = step(weights, speed, images[taken], targets[taken], recipe, gradient)
            steps, visits = steps + 1, visits + len(taken)
            if right(weights, judged, held_out.labels) >= TARGET:
                return Count(steps, visits, True)
    return Count(steps, visits, False)


# The eight combinations


@dataclass(frozen=True)
class Way:
    """Which of the three ways are taken; all False is the plain one."""

    data: bool = False
    algorithm: bool = False
    machine: bool = False

    @property
    def name(self) -> str:
        """The ways taken, joined by a plus."""
        return " + ".join(name for name in ("data", "algorithm", "machine") if getattr(self, name)) or "plain"

    @property
    def recipe(self) -> Recipe:
        """How its weights move."""
        return LEAN if self.algorithm else PLAIN


SINGLE = (Way(data=True), Way(algorithm=True), Way(machine=True))
JOINT = (
    Way(data=True, algorithm=True),
    Way(data=True, machine=True),
    Way(algorithm=True, machine=True),
    Way(data=True, algorithm=True, machine=True),
)
WAYS = (Way(), *SINGLE, *JOINT)


@dataclass(frozen=True)
class Run:
    """What one way to the target took with one seed; choosing images is kept apart from learning."""

    way: Way
    seed: int
    counted: Count
    step_cpu_s: float
    choosing_cpu_s: float

    @property
    def flop(self) -> float:
        """Operations of the matrix products until the target."""
        return self.counted.visits * FLOP_PER_VISIT

    @property
    def calls(self) -> int:
        """How often a piece of work is handed to the processor: each image by itself, or each batch."""
        return self.counted.steps if self.way.machine else self.counted.visits

    @property
    def learning_cpu_s(self) -> float:
        """CPU seconds of the steps."""
        return self.counted.steps * self.step_cpu_s

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the steps and of choosing the images."""
        return self.learning_cpu_s + self.choosing_cpu_s

    @property
    def flop_per_s(self) -> float:
        """The rate reached while learning."""
        return self.flop / self.learning_cpu_s


@cache
def split(seed: int) -> tuple[Dataset, Dataset, Dataset]:
    """Images to learn from, those of them that the data way keeps, and held-out images; twins stay together."""
    learn_from, held_out = digits().split(seed)
    return learn_from, learn_from.take(typical(learn_from.features, learn_from.labels, SUBSET, seed)), held_out


@cache
def counted(seed: int, data: bool = False, algorithm: bool = False) -> Count:
    """Steps to the target; how the arithmetic is handed to the machine does not change them."""
    everything, kept, held_out = split(seed)
    return count(kept if data else everything, held_out, Way(data, algorithm).recipe, seed)


@cache
def counted_from(seed: int, choose: Callable[..., np.ndarray], size: int) -> Count:
    """Steps of the plain way from `size` images that a selector takes: what the data way is compared with."""
    everything, _, held_out = split(seed)
    kept = everything.take(choose(everything.features, everything.labels, size, seed))
    return count(kept, held_out, PLAIN, seed)


@one_thread
def step_cpu_s(images: int, machine: bool, seed: int) -> float:
    """CPU seconds of one step on so many images."""
    learn_from = split(seed)[0]
    batch, targets = learn_from.features[:images] / INK, np.eye(CLASSES)[learn_from.labels[:images]]
    weights, gradient = network(seed), gradient_as_matrices if machine else gradient_in_a_loop
    speed = [np.zeros_like(w) for w in weights]

    def one() -> None:
        step(weights, speed, batch, targets, LEAN, gradient)

    return once_s(one, loops_for(one, 0.02, process_time), process_time)


@one_thread
def choosing_cpu_s(seed: int) -> float:
    """CPU seconds of choosing the images that the data way keeps."""
    learn_from = split(seed)[0]
    return once_s(lambda: typical(learn_from.features, learn_from.labels, SUBSET, seed), 1, process_time)


@cache
def runs(seed: int) -> dict[Way, Run]:
    """All eight ways with one seed, timed on this computer."""
    everything, kept, _ = split(seed)

    def images(way: Way) -> int:
        return way.recipe.batch or len(kept if way.data else everything)

    timed = {asked: step_cpu_s(*asked, seed) for asked in {(images(way), way.machine) for way in WAYS}}
    choosing = choosing_cpu_s(seed)
    return {
        way: Run(
            way,
            seed,
            counted(seed, way.data, way.algorithm),
            timed[images(way), way.machine],
            choosing if way.data else 0.0,
        )
        for way in WAYS
    }


def gain(seed: int, way: Way) -> float:
    """How many times fewer CPU seconds a way takes than the plain one."""
    return runs(seed)[Way()].cpu_s / runs(seed)[way].cpu_s


def product_of_gains(seed: int, way: Way) -> float:
    """What `gain` would be if the gains of its single ways multiplied."""
    taken = [one for one in SINGLE if all(getattr(way, name) for name in vars(one) if getattr(one, name))]
    return float(np.prod([gain(seed, one) for one in taken]))
