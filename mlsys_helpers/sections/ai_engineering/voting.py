"""Three readers vote: what independence would promise, what the correlation of their errors makes of it, what came."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from mlsys_helpers.data.worlds import CHANGES, INK
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.ai_engineering import model, zoo

SEEDS_OF_ONE = "one network, three seeds"
KINDS = "three kinds of model"
LOOKS = "one model, three noisy looks"
TRIOS = {
    SEEDS_OF_ONE: ("network of 16",) * 3,
    KINDS: ("network of 16", "logistic regression", "forest of 20"),
    LOOKS: ("support vectors",) * 3,
}
OTHER_STARTS = 101, 102  # of the two networks that are not in the zoo
NOISE = 6.0  # ink levels, on each pixel of each look


@dataclass(frozen=True, eq=False)
class Vote:
    """Which of three readers read which images wrongly: `wrong` is (3, images)."""

    wrong: np.ndarray

    @property
    def error(self) -> float:
        """The share that one reader gets wrong, averaged over the three."""
        return float(self.wrong.mean())

    @property
    def best(self) -> float:
        """The share that the best of the three gets wrong."""
        return float(self.wrong.mean(axis=1).min())

    @property
    def correlation(self) -> float:
        """How far two readers err on the same images."""
        return model.error_correlation(self.wrong)

    @property
    def failed(self) -> float:
        """The share on which at least two are wrong, so that no two can agree on the right digit."""
        return float((self.wrong.sum(axis=0) >= 2).mean())


@cache
@one_thread
def vote(seed: int, trio: str) -> Vote:
    """Three readers of the same split; the looks of LOOKS differ in the (simulated) noise of the sensor."""
    judged, rng = zoo.halves(seed)[1], np.random.default_rng(seed)
    noise = NOISE if trio == LOOKS else 0.0
    readers = [zoo.zoo(seed)[name] for name in TRIOS[trio]]
    if trio == SEEDS_OF_ONE:
        readers[1:] = [zoo.trained(TRIOS[trio][0], seed, start) for start in OTHER_STARTS]
    seen = [CHANGES["the sensor gets noisy"].apply(judged.features, noise, rng) / INK for _ in readers]
    return Vote(np.array([r.predict(image) != judged.labels for r, image in zip(readers, seen, strict=True)]))
