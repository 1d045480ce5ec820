"""AlexNet counted layer by layer: where its parameters are, what training keeps in memory, and what a split saves.

Shapes: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NeurIPS
2012, section 3.5; an input side of 227 makes the first layer's 55 come out (the paper prints 224). `groups` 2 marks
layers whose halves do not see each other: the cut between the two GPUs. Memory is counted, not measured:
buffers that the program works in, images waiting to be used, and what one GPU sends to the other are left out.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import one_of, plain, positive

INPUT_SIDE, INPUT_CHANNELS, CLASSES = 227, 3, 1000


@dataclass(frozen=True)
class Layer:
    """One layer with weights. `side` is that of its output; `pooled_side` of what pooling leaves (0: no pooling).

    A fully connected layer is one whose kernel covers its whole input. `normalised` layers keep two more copies of
    their output: the normalised values and the divisors.
    """

    name: str
    inputs: int
    outputs: int
    kernel: int
    side: int
    groups: int = 1
    pooled_side: int = 0
    normalised: bool = False

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.kernel**2 * (self.inputs // self.groups) * self.outputs + self.outputs

    @property
    def macs(self) -> int:
        """Multiply-adds for one image."""
        return (self.parameters - self.outputs) * self.side**2

    @property
    def kept_values(self) -> int:
        """Values kept from the forward pass of one image for the backward pass."""
        return self.outputs * (self.side**2 * (3 if self.normalised else 1) + self.pooled_side**2)

    @property
    def connected(self) -> bool:
        """Whether the layer is fully connected."""
        return self.side == 1


def layers(groups: int = 2) -> tuple[Layer, ...]:
    """The eight layers; `groups=1` is the same network uncut, in which every kernel sees every channel."""
    return (
        Layer("conv1", INPUT_CHANNELS, 96, 11, 55, pooled_side=27, normalised=True),
        Layer("conv2", 96, 256, 5, 27, groups, pooled_side=13, normalised=True),
        Layer("conv3", 256, 384, 3, 13),
        Layer("conv4", 384, 384, 3, 13, groups),
        Layer("conv5", 384, 256, 3, 13, groups, pooled_side=6),
        Layer("fc6", 256, 4096, 6, 1),
        Layer("fc7", 4096, 4096, 1, 1),
        Layer("fc8", 4096, CLASSES, 1, 1),
    )


def parameters(network: tuple[Layer, ...] | None = None) -> int:
    """All weights and biases."""
    return sum(layer.parameters for layer in network or layers())


def connected_share(network: tuple[Layer, ...] | None = None) -> float:
    """The share of all parameters that is in fully connected layers."""
    network = network or layers()
    return sum(layer.parameters for layer in network if layer.connected) / parameters(network)


# Values kept for each parameter: itself, its gradient, and what the optimiser remembers
OPTIMISERS = {"plain": 2, "momentum": 3, "adam": 4}
BYTES_PER_VALUE = {"fp32": 4, "fp16": 2}


@dataclass(frozen=True)
class Memory:
    """Bytes on each GPU while training, by what they hold. Numbers or arrays that broadcast together."""

    weights_bytes: float | np.ndarray
    gradients_bytes: float | np.ndarray
    optimiser_bytes: float | np.ndarray
    activations_bytes: float | np.ndarray

    @property
    def state_bytes(self):
        """What does not grow with the batch."""
        return self.weights_bytes + self.gradients_bytes + self.optimiser_bytes

    @property
    def total_bytes(self):
        """Everything counted."""
        return self.state_bytes + self.activations_bytes


def training_memory(batch, streams=2, precision: str = "fp32", optimiser: str = "momentum") -> Memory:
    """Bytes on each GPU to train with `batch` images at once, split into `streams` equal parts.

    Every activation is kept, and its gradient, which has the same size and could be dropped sooner. `precision` is
    that of every value; mixed-precision training, which keeps a second copy of the weights, is not counted here.
    """
    size = BYTES_PER_VALUE[one_of("precision", precision, BYTES_PER_VALUE)]
    copies = OPTIMISERS[one_of("optimiser", optimiser, OPTIMISERS)]
    one_copy = size * parameters() / positive("streams", streams)
    kept = sum(layer.kept_values for layer in layers())
    activations = 2 * size * kept * positive("batch", batch, "images") / np.asarray(streams)
    return Memory(*(plain(np.asarray(x)) for x in (one_copy, one_copy, (copies - 2) * one_copy, activations)))


def largest_batch(memory_bytes, streams=2, precision: str = "fp32", optimiser: str = "momentum"):
    """The most images at once whose counted bytes fit on each GPU; 0 where not even the state fits."""
    one = training_memory(1, streams, precision, optimiser)
    room = positive("memory_bytes", memory_bytes, "bytes") - one.state_bytes
    return plain(np.floor(np.maximum(room, 0) / one.activations_bytes))
