"""A cascade of rectangle features that looks for digits on a sheet of paper, as Viola and Jones looked for faces.

Images are 8x8 with ink from 0 to 16. A window is an 8x8 cut from a sheet of paper on which digits were written.
The cascade follows Viola and Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001:
boosted decision stumps over rectangle features, and per stage a threshold that loses almost no positives.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from sklearn.ensemble import AdaBoostClassifier
from sklearn.tree import DecisionTreeClassifier

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.kit.units import percent
from mlsys_helpers.sections.paradigm_history.model import integral_image, rectangle_sum

SIDE = 8


# Rectangle features


@dataclass(frozen=True)
class Rectangles:
    """Differences of neighbouring rectangles: `signs` times the sums over `corners` (top, left, bottom, right).

    Both have shape (features, 3) and (features, 3, 4); features of two rectangles have a third of no size.
    """

    signs: np.ndarray
    corners: np.ndarray

    def __len__(self) -> int:
        return len(self.signs)

    def take(self, which) -> "Rectangles":
        """Some of the features."""
        return Rectangles(self.signs[which], self.corners[which])

    def values(self, images: np.ndarray) -> np.ndarray:
        """Every feature of every image, by look-ups in its integral image: shape (images, features)."""
        sums = rectangle_sum(integral_image(images), *np.moveaxis(self.corners, -1, 0))
        return (sums * self.signs).sum(axis=-1)


def all_values(images: np.ndarray) -> np.ndarray:
    """The values of all rectangle features; as one matrix product, which is faster when every feature is wanted."""
    return images.reshape(len(images), -1) @ _pixel_weights()


@cache
def _pixel_weights() -> np.ndarray:
    """What each pixel adds to each feature: shape (pixels, features)."""
    return rectangle_features().values(np.eye(SIDE * SIDE).reshape(-1, SIDE, SIDE))


@cache
def rectangle_features() -> Rectangles:
    """All features of two or three equal rectangles, side by side or stacked, that fit in a window."""
    signs, corners = [], []
    for parts in (2, 3):
        for height in range(1, SIDE + 1):
            for width in range(1, SIDE // parts + 1):
                for top in range(SIDE - height + 1):
                    for left in range(SIDE - parts * width + 1):
                        row = [(top, left + k * width, top + height, left + (k + 1) * width) for k in range(parts)]
                        row += [(0, 0, 0, 0)] * (3 - parts)
                        for turned in (False, True):
                            corners.append([(b, a, d, c) if turned else (a, b, c, d) for a, b, c, d in row])
                            signs.append((1, -1, 0) if parts == 2 else (1, -2, 1))
    return Rectangles(np.array(signs), np.array(corners))


# Windows to look through


def sheet(
    images: np.ndarray, rng: np.random.Generator, columns: int = 20, gap: int = 4
) -> tuple[np.ndarray, np.ndarray]:
    """A sheet with `images` written in a grid, each up to one pixel off its place; and their (row, column) corners."""
    rows, pitch = -(-len(images) // columns), SIDE + gap
    paper = np.zeros((rows * pitch + gap, columns * pitch + gap))
    grid = np.stack(np.divmod(np.arange(len(images)), columns), axis=1)
    corners = grid * pitch + gap + rng.integers(-1, 2, size=grid.shape)
    for image, (top, left) in zip(images, corners, strict=True):
        paper[top : top + SIDE, left : left + SIDE] = image
    return paper, corners


@dataclass(frozen=True)
class Windows:
    """8x8 cuts from a sheet; `wanted` marks those that hold a digit exactly, `empty` those without ink."""

    images: np.ndarray
    wanted: np.ndarray

    @property
    def empty(self) -> np.ndarray:
        """Windows without any ink."""
        return np.asarray(~self.images.any(axis=(1, 2)))


def windows(examples: Dataset, rng: np.random.Generator, others: int, gap: int = 4) -> Windows:
    """Windows of a sheet of `examples`: all that hold a digit exactly, and `others` at random.

    Windows one pixel off a digit are left out: neither answer would be wrong.
    """
    order = rng.permutation(len(examples))
    paper, corners = sheet(examples.features[order].reshape(-1, SIDE, SIDE), rng, gap=gap)
    cut = np.lib.stride_tricks.sliding_window_view(paper, (SIDE, SIDE))
    wanted, near = np.zeros((2, *cut.shape[:2]), bool)
    for top, left in corners:
        near[max(0, top - 1) : top + 2, max(0, left - 1) : left + 2] = True
        wanted[top, left] = True
    rest = rng.permutation(np.flatnonzero(~near.ravel()))[:others]
    found = np.concatenate([np.flatnonzero(wanted.ravel()), rest])
    rows, columns = np.unravel_index(found, wanted.shape)
    return Windows(cut[rows, columns], np.arange(len(found)) < wanted.sum())


# The cascade


@dataclass(frozen=True)
class Stage:
    """A weighted vote of stumps on single features, and the vote below which a window is rejected."""

    features: Rectangles
    cuts: np.ndarray
    weights: np.ndarray
    reject_below: float

    def vote(self, images: np.ndarray) -> np.ndarray:
        """The weighted vote for each image; a stump votes for values above its cut, or below if its weight is < 0."""
        return np.where(self.features.values(images) > self.cuts, 1.0, -1.0) @ self.weights

    def passes(self, images: np.ndarray) -> np.ndarray:
        """Windows that this stage does not reject."""
        return self.vote(images) >= self.reject_below


@dataclass(frozen=True)
class StageResult:
    """One stage on held-out windows: shares of all wanted windows still kept and of all others rejected so far."""

    features: int
    kept: float
    rejected: float


@dataclass(frozen=True)
class CascadeResult:
    """The stages in turn, the share of unwanted windows without ink, and the features that one cost on average."""

    stages: tuple[StageResult, ...]
    empty_share: float
    features_per_window: float

    @property
    def features(self) -> int:
        """Features in all stages: what every window would cost without the cascade."""
        return sum(stage.features for stage in self.stages)


def best_single(images: np.ndarray, wanted: np.ndarray, keep: float) -> Stage:
    """The one feature whose threshold rejects most of the others while a share `keep` of the wanted passes."""
    features, values = rectangle_features(), all_values(images)
    signed = np.concatenate([values, -values], axis=1)  # wanted are high, or wanted are low
    cuts = np.quantile(signed[wanted], 1 - keep, axis=0, method="lower")
    best = int(np.mean(signed[~wanted] < cuts, axis=0).argmax())
    feature, sign = best % len(features), 1.0 if best < len(features) else -1.0
    return Stage(features.take([feature]), np.array([sign * cuts[best] - 0.5]), np.array([sign]), 0.0)


def boosted(images: np.ndarray, wanted: np.ndarray, rounds: int, keep: float) -> Stage:
    """A stage of `rounds` stumps chosen by AdaBoost; its threshold lets a share `keep` of the wanted pass."""
    features = rectangle_features()
    balanced = np.where(wanted, 0.5 / wanted.sum(), 0.5 / (~wanted).sum())
    stump = DecisionTreeClassifier(max_depth=1, max_features=300)  # 300 features a round, drawn anew: six times faster
    model = AdaBoostClassifier(stump, n_estimators=rounds, random_state=0)
    model.fit(all_values(images).astype(np.float32), wanted, sample_weight=balanced)
    trees = [chosen.tree_ for chosen in model.estimators_]
    right = np.array([np.sign(tree.value[2, 0, 1] - tree.value[2, 0, 0]) for tree in trees])
    stage = Stage(
        features.take([tree.feature[0] for tree in trees]),
        np.array([tree.threshold[0] for tree in trees]),
        right * model.estimator_weights_[: len(trees)],
        -np.inf,
    )
    return replace(stage, reject_below=float(np.quantile(stage.vote(images[wanted]), 1 - keep, method="lower")) - 1e-9)


@cache
@one_thread
def cascade(
    seed: int,
    sizes: tuple[int, ...] = (1, 10),
    keep: float = 0.99,
    others: int = 2000,
    gap: int = 4,
) -> CascadeResult:
    """Train a cascade to find digits on one sheet and judge it on another, of digits it has not seen.

    `gap` pixels of paper lie between digits: the more there is, the more windows are trivial.
    """
    train, test = digits().split(seed)
    rng = np.random.default_rng(seed)
    seen, judged = (windows(part, rng, 4 * others, gap) for part in (train, test))
    stages, left = [], np.ones(len(seen.wanted), bool)
    for size in sizes:
        some = np.concatenate([np.flatnonzero(left & seen.wanted), np.flatnonzero(left & ~seen.wanted)[:others]])
        images, wanted = seen.images[some], seen.wanted[some]
        stages.append(best_single(images, wanted, keep) if size == 1 else boosted(images, wanted, size, keep))
        left[left] = stages[-1].passes(seen.images[left])
    return _judge(stages, judged)


def _judge(stages: Sequence[Stage], judged: Windows) -> CascadeResult:
    left, cost, results = np.ones(len(judged.wanted), bool), 0.0, []
    for stage in stages:
        cost += len(stage.features) * float(left[~judged.wanted].mean())
        left[left] = stage.passes(judged.images[left])
        kept, rejected = float(left[judged.wanted].mean()), float((~left[~judged.wanted]).mean())
        results.append(StageResult(len(stage.features), kept, rejected))
    empty = float(judged.empty[~judged.wanted].mean())
    return CascadeResult(tuple(results), empty, cost)


def cascade_table(seeds: Sequence[int] = SEEDS) -> Table:
    """What is rejected, kept and paid after each stage, with the spread over seeds."""
    found = [cascade(seed) for seed in seeds]

    def told(values: Iterable[float]) -> str:
        return spread(values).text(lambda share: percent(share, 3))

    rows = []
    for at, size in enumerate(found[0].stages):
        stages = [one.stages[at] for one in found]
        rejected, kept = told(stage.rejected for stage in stages), told(stage.kept for stage in stages)
        rows.append((f"stage {at + 1}, features: {size.features}", rejected, kept))
    return table(("after", "other windows rejected", "digits kept"), rows)
