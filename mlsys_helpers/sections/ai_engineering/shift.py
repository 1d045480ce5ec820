"""What a change of the world does to an order and to a promise: leaderboards in other worlds, a bound that expires."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.stats import kendalltau, rankdata

from mlsys_helpers.data.worlds import INK, turned
from mlsys_helpers.kit.spread import SEEDS, Spread, over_seeds
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.ai_engineering import model, zoo

READER = "logistic regression"
DEGREES = tuple(range(0, 31, 2))

# Leaderboards


def accuracies(seed: int, world: str, half: slice = slice(None)) -> np.ndarray:
    """The accuracy of each of zoo.LEARNERS in a world, on all the images to judge by or on every other one."""
    read = zoo.quality(seed, world)
    return np.array([read[name].right[half].mean() for name in zoo.LEARNERS])


def average(world: str) -> np.ndarray:
    """The same on all images, averaged over the seeds."""
    return np.mean([accuracies(seed, world) for seed in SEEDS], axis=0)


def places(world: str) -> np.ndarray:
    """The place of each learner on the leaderboard of a world, 1 for the best, by accuracy averaged over the seeds."""
    return rankdata(-average(world), method="min").astype(int)


def winner(world: str) -> str:
    """Who stands first there."""
    return list(zoo.LEARNERS)[int(average(world).argmax())]


def wins(name: str, world: str) -> int:
    """In how many of the seeds `name` stands first, alone or with others."""
    at = list(zoo.LEARNERS).index(name)
    boards = [accuracies(seed, world) for seed in SEEDS]
    return sum(bool(board[at] == board.max()) for board in boards)


def agreement(world: str) -> Spread:
    """Kendall's tau of two orders: as trained on every other image, and in `world` on the images between.

    1 is the same order, 0 no relation. In the world as trained it says how far luck of the images moves an order.
    """

    def tau(seed: int) -> float:
        before = accuracies(seed, "as trained", slice(0, None, 2))
        return kendalltau(before, accuracies(seed, world, slice(1, None, 2))).statistic

    return over_seeds(tau)


# A bound that expires


@dataclass(frozen=True, eq=False)
class Watch:
    """One reader while the camera turns: the error of live images at each of DEGREES, and what an audit of other
    images would promise there at most."""

    error: np.ndarray
    audited: np.ndarray

    def in_force(self, every: int) -> np.ndarray:
        """The bound that holds by the last audit, if one is made every so many degrees; 0 audits only at the start."""
        last = [0 if not every else (d // every) * every for d in DEGREES]
        return self.audited[[DEGREES.index(d) for d in last]]

    @property
    def expires(self) -> int:
        """The first of DEGREES at which the error passes what was promised before the camera turned."""
        passed = self.error > self.audited[0]
        if not passed.any():
            raise ValueError(f"the error stays within the first bound up to {DEGREES[-1]} degrees")
        return DEGREES[int(passed.argmax())]

    def excess(self, every: int) -> float:
        """By how much the error passed the bound in force, at worst; below 0 it never did."""
        return float((self.error - self.in_force(every)).max())


@cache
@one_thread
def watch(seed: int, labels: int = 200) -> Watch:
    """Half of the images to judge by are live, and `labels` of the other half are what an audit looks at."""
    reader, judged = zoo.zoo(seed)[READER], zoo.halves(seed)[1]
    audit, live = judged.take(slice(0, 2 * labels, 2)), judged.take(slice(1, None, 2))

    def wrong(data, degrees: int) -> np.ndarray:
        return reader.predict(turned(data.features, degrees) / INK) != data.labels

    error = np.array([wrong(live, d).mean() for d in DEGREES])
    audited = np.array([model.at_most_wrong(int(wrong(audit, d).sum()), len(audit)) for d in DEGREES])
    return Watch(error, audited)
