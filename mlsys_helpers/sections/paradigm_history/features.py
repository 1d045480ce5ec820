"""Features by hand, raw pixels, and features that were learned: the same simple classifier on each, on real digits."""

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy import ndimage
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.kit.threads import one_thread

SIDE, FULL_INK = 8, 16.0
HAND = ("ink", "left-right symmetry", "top-bottom symmetry", "height of the middle", "holes")


# By hand


def five_by_hand(pixels: np.ndarray) -> np.ndarray:
    """Five ideas that a person has about digits (HAND), one column each. Written once, before any accuracy was seen."""
    images = pixels.reshape(-1, SIDE, SIDE)
    ink = images.sum(axis=(1, 2))
    mirror = [np.abs(images - images[:, ::step, ::turn]).sum(axis=(1, 2)) / ink for step, turn in ((1, -1), (-1, 1))]
    middle = (images.sum(axis=2) @ np.arange(SIDE)) / ink
    return np.column_stack([ink, *mirror, middle, [holes(image) for image in images]])


def holes(image: np.ndarray) -> int:
    """Patches of paper (less than half ink) that ink shuts off from the edge: one in a 0, two in an 8."""
    patches, _ = ndimage.label(np.pad(image, 1) < FULL_INK / 2)
    return len(np.unique(patches[patches > 0])) - 1


def gradients(pixels: np.ndarray) -> np.ndarray:
    """How strong the edges of eight directions are in each quarter of the image: 32 numbers.

    A histogram of oriented gradients after Dalal and Triggs (CVPR 2005), with one cell for each quarter.
    """
    images = pixels.reshape(-1, SIDE, SIDE)
    down, right = np.gradient(images, axis=(1, 2))
    strength, direction = np.hypot(down, right), np.arctan2(down, right)
    bins = np.floor((direction + np.pi) / (2 * np.pi) * 8).astype(int) % 8
    edges = strength[..., None] * (bins[..., None] == np.arange(8))
    quarters = edges.reshape(-1, 2, SIDE // 2, 2, SIDE // 2, 8).sum(axis=(2, 4))
    return quarters.reshape(len(images), -1)


# Learned

Transform = Callable[[np.ndarray], np.ndarray]


def hidden_layer(train: Dataset, shape: tuple[int, ...], seed: int) -> Transform:
    """The last hidden layer of a network trained on `train`, as a function of pixels."""
    network = MLPClassifier(shape, max_iter=1000, random_state=seed, tol=1e-3, learning_rate_init=0.01)
    network.fit(train.features / FULL_INK, train.labels)

    def transform(pixels: np.ndarray) -> np.ndarray:
        values = pixels / FULL_INK
        for weights, bias in zip(network.coefs_[:-1], network.intercepts_[:-1], strict=True):
            values = np.maximum(values @ weights + bias, 0)
        return values

    return transform


WAYS: dict[str, Callable[[Dataset, int], Transform]] = {
    "five by hand": lambda train, seed: five_by_hand,
    "five learned": lambda train, seed: hidden_layer(train, (32, 5), seed),
    "32 edge histograms": lambda train, seed: gradients,
    "64 raw pixels": lambda train, seed: lambda pixels: pixels,
    "32 learned": lambda train, seed: hidden_layer(train, (32,), seed),
}


@cache
@one_thread
def compare(seed: int) -> dict[str, float]:
    """Held-out accuracy of the same linear classifier on each way of describing an image."""
    train, test = digits().split(seed)
    accuracy = {}
    for name, way in WAYS.items():
        describe = way(train, seed)
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        model.fit(describe(train.features), train.labels)
        accuracy[name] = float(model.score(describe(test.features), test.labels))
    return accuracy
