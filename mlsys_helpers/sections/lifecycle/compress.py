"""A network that reads 8x8 digits, made to fit a microcontroller: rounded to few bits, pruned, or designed small.

Weights are rounded after training, one scale for each layer, and really packed into bytes, which are then unpacked to
judge the network; biases stay 32-bit floats. Activations are rounded to 8 bits between layers. Nothing is trained
again after rounding or pruning. Everything is seeded by the split.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.neural_network import MLPClassifier

from mlsys_helpers.data.datasets import Dataset, digits
from mlsys_helpers.kit.spread import SEEDS, Spread, spread
from mlsys_helpers.kit.threads import one_thread

INK = 16.0  # the darkest a pixel gets
LIMIT_BYTES = 64 * 1024  # for weights and activations together
MAY_LOSE = 0.01  # stated before anything was compressed: one point of accuracy
LARGE = (256, 128)
SMALL = (8, 16, 32)
BITS, KEPT = (32, 8, 4, 3, 2), (1.0, 0.5, 0.2, 0.1)


@dataclass(frozen=True, eq=False)
class Network:
    """Weights and biases by layer; `reach` is the largest activation that training showed to each layer."""

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    reach: tuple[float, ...]
    test: Dataset

    @property
    def params(self) -> int:
        """Weights and biases."""
        return sum(part.size for part in (*self.weights, *self.biases))

    @property
    def activations(self) -> int:
        """Most values that are alive at once: what goes into a layer and what comes out of it."""
        return max(sum(layer.shape) for layer in self.weights)


@cache
@one_thread
def trained(seed: int, hidden: tuple[int, ...] = LARGE) -> Network:
    """A network with so many units in each hidden layer, trained on seven tenths of the digits."""
    learn, test = digits().split(seed)
    large = sum(hidden) > 100
    made = MLPClassifier(hidden, learning_rate_init=0.003 if large else 0.01, max_iter=30 if large else 200, tol=1e-3)
    made.set_params(random_state=seed)
    pixels = (learn.features / INK).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the epochs are given, and enough
        made.fit(pixels, learn.labels)
    layers = tuple(zip(made.coefs_, made.intercepts_, strict=True))
    reach, passing = [1.0], pixels
    for weight, bias in layers[:-1]:
        passing = np.maximum(passing @ weight + bias, 0)
        reach.append(float(passing.max()))
    return Network(tuple(made.coefs_), tuple(made.intercepts_), tuple(reach), test)


def right(network: Network, weights: Iterable[np.ndarray], round_activations: bool = True) -> float:
    """Share of the test digits that the network reads with `weights` in place of its own."""
    passing = network.test.features / INK
    for weight, bias, reach in zip(weights, network.biases, network.reach, strict=True):
        if round_activations:
            passing = np.round(np.minimum(passing / reach, 1) * 255) / 255 * reach
        passing = np.maximum(passing @ weight + bias, 0) if bias is not network.biases[-1] else passing @ weight + bias
    return float((passing.argmax(axis=1) == network.test.labels).mean())


# Rounding and packing


def rounded(weights: np.ndarray, bits: int, fitted: bool = True) -> tuple[np.ndarray, float]:
    """Whole numbers of `bits` bits, symmetric about zero, and the scale that turns them back into weights.

    The scale makes the largest weight the largest number; or, `fitted`, whichever of that and eight smaller ones leaves
    the least squared error. With few bits that is another scale: one large weight must not set it for all.
    """
    top = 2 ** (bits - 1) - 1
    scales = float(np.abs(weights).max()) / top * (np.linspace(1, 0.2, 9) if fitted else np.ones(1))
    found = [(np.clip(np.round(weights / scale), -top, top), scale) for scale in scales]
    whole, scale = min(found, key=lambda pair: float(((pair[0] * pair[1] - weights) ** 2).sum()))
    return whole.astype(np.int8), float(scale)


def packed(whole: np.ndarray, bits: int) -> bytes:
    """Whole numbers of `bits` bits one after another, without a gap."""
    codes = whole.ravel().astype(np.int16) + 2 ** (bits - 1)
    return np.packbits((codes[:, None] >> np.arange(bits)) & 1).tobytes()


def unpacked(stored: bytes, bits: int, count: int) -> np.ndarray:
    """The first `count` whole numbers that `packed` stored."""
    flags = np.unpackbits(np.frombuffer(stored, np.uint8), count=bits * count).reshape(count, bits).astype(np.int16)
    return (flags << np.arange(bits)).sum(axis=1) - 2 ** (bits - 1)


@dataclass(frozen=True)
class Result:
    """What one way to store a network came to: its bytes, those of its activations, and the share it reads."""

    weight_bytes: int
    activation_bytes: int
    accuracy: float

    @property
    def resident_bytes(self) -> int:
        """What must fit at once."""
        return self.weight_bytes + self.activation_bytes


@cache
def stored(
    seed: int, bits: int = 32, kept: float = 1.0, hidden: tuple[int, ...] = LARGE, fitted: bool = True
) -> Result:
    """Keep the share `kept` of the weights, the largest, at `bits` bits each; 32 bits are floats as they were trained.

    Where weights are left out, a map of one bit for each weight says which are there. The bytes are those of what is
    really packed: numbers, maps, scales and biases.
    """
    network = trained(seed, hidden)
    limit = np.quantile(np.concatenate([np.abs(w).ravel() for w in network.weights]), 1 - kept)
    size, restored = sum(bias.size * 4 for bias in network.biases), []
    for weight in network.weights:
        there = np.abs(weight) >= limit if kept < 1 else np.ones(weight.shape, bool)
        values, bytes_used = _through_bytes(weight[there], bits, fitted)
        whole = np.zeros(weight.shape)
        whole[there] = values
        restored.append(whole)
        size += bytes_used + (len(np.packbits(there)) if kept < 1 else 0)
    accuracy = right(network, restored, round_activations=bits < 32)
    return Result(size, network.activations * (1 if bits < 32 else 4), accuracy)


def _through_bytes(values: np.ndarray, bits: int, fitted: bool) -> tuple[np.ndarray, int]:
    """The values as they come back from storage, and the bytes they took, a 4-byte scale included."""
    if bits == 32:
        kept = values.astype("<f4")
        return kept, kept.nbytes
    whole, scale = rounded(values, bits, fitted)
    blob = packed(whole, bits)
    return unpacked(blob, bits, values.size) * scale, len(blob) + 4


@dataclass(frozen=True)
class Summary:
    """One way to store a network over seeds: bytes on average, accuracy, and the accuracy lost against 32 bits."""

    resident_bytes: float
    accuracy: Spread
    lost: Spread

    @property
    def within(self) -> bool:
        """Whether it fits the limit and loses no more than was allowed, on average over seeds."""
        return self.resident_bytes <= LIMIT_BYTES and self.lost.mean <= MAY_LOSE


@cache
@one_thread
def summary(bits: int = 32, kept: float = 1.0, hidden: tuple[int, ...] = LARGE, fitted: bool = True) -> Summary:
    """`stored` over the seeds, each against the large network of the same split at 32 bits."""
    found = [stored(seed, bits, kept, hidden, fitted) for seed in SEEDS]
    lost = [stored(seed).accuracy - one.accuracy for seed, one in zip(SEEDS, found, strict=True)]
    return Summary(float(np.mean([f.resident_bytes for f in found])), spread(f.accuracy for f in found), spread(lost))


# What the cut of a network gives away


@cache
@one_thread
def rebuilt(seed: int, layer: int) -> float:
    """How much of digits comes back from the values after `layer` layers of the large network: share of variance.

    Ridge regression of the pixels on the values, learned from pictures of the training part. Who does this needs
    neither weights nor labels, only some pictures with the values that the device sends for them.
    """
    network = trained(seed, LARGE)  # as `stored` asks for it, so that it is trained once
    learn, _ = digits().split(seed)

    def values(features: np.ndarray) -> np.ndarray:
        passing = features / INK
        for weight, bias in zip(network.weights[:layer], network.biases[:layer], strict=True):
            passing = np.maximum(passing @ weight + bias, 0)
        return passing

    way_back = Ridge(alpha=0.1).fit(values(learn.features), learn.features)
    guess = way_back.predict(values(network.test.features))
    return float(r2_score(network.test.features, guess, multioutput="variance_weighted"))
