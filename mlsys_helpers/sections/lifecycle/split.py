"""MobileNetV2 cut in two: which layers run on a device and which in the cloud, by device and link.

The layer table is counted from the shapes in the paper (Sandler et al., "MobileNetV2", arXiv 1801.04381, table 2), one
row for each block that can be cut off. A device's time for the whole network is a published measurement; each block
takes its share of the multiply-adds, which flatters the early blocks, whose depthwise part runs below average speed.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.units import FLOP_PER_MAC
from mlsys_helpers.sections.lifecycle import model

SIDE, COLOURS, CLASSES = 224, 3, 1000
BLOCKS = (  # expansion, channels, repetitions, stride of the first: table 2 of the paper
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
STEM, HEAD = 32, 1280


@dataclass(frozen=True)
class Layer:
    """A part of the network that stays whole: its multiply-adds, its parameters and the values it puts out."""

    name: str
    macs: int
    params: int
    values: int


@cache
def layers() -> tuple[Layer, ...]:
    """The 21 parts of MobileNetV2 at 224 x 224, in order. A normalisation counts as two parameters a channel."""
    side = SIDE // 2
    found = [Layer("first convolution", 9 * COLOURS * STEM * side**2, _norm(9 * COLOURS * STEM, STEM), STEM * side**2)]
    channels = STEM
    for expansion, out, repetitions, stride in BLOCKS:
        for place in range(repetitions):
            name = f"{out} channels" + (f", block {place + 1}" if repetitions > 1 else "")
            found.append(_block(name, channels, out, expansion, side, stride if place == 0 else 1))
            side, channels = side // (stride if place == 0 else 1), out
    last = _norm(channels * HEAD, HEAD)
    found.append(Layer("last convolution", channels * HEAD * side**2, last, HEAD * side**2))
    found.append(Layer("average of each channel", 0, 0, HEAD))
    found.append(Layer("classifier", HEAD * CLASSES, HEAD * CLASSES + CLASSES, CLASSES))
    return tuple(found)


def _block(name: str, channels: int, out: int, expansion: int, side: int, stride: int) -> Layer:
    """Widen by 1x1, filter each channel by 3x3, narrow by 1x1; without the first where nothing is widened."""
    wide, after = channels * expansion, side // stride
    widen = channels * wide if expansion > 1 else 0
    macs = widen * side**2 + (9 * wide + wide * out) * after**2
    params = (_norm(widen, wide) if widen else 0) + _norm(9 * wide, wide) + _norm(wide * out, out)
    return Layer(name, macs, params, out * after**2)


def _norm(weights: int, channels: int) -> int:
    return weights + 2 * channels


DEVICES = {"Raspberry Pi 2": "M240", "Raspberry Pi 4": "M203", "Phone of 2017": "M231"}
ROUND_TRIP_S = 0.02  # to the cloud and back, an assumption
CLOUD_UTILISATION = 0.3  # of an A100's fp16 peak, an assumption; the cloud's part hardly matters here
PICTURES = {"raw pixels": 1.0, "a file a tenth of that": 0.1}  # JPEG; the tenth is an assumption


@cache
def device_s(device: str) -> np.ndarray:
    """Seconds for each layer on a device, from the measured whole."""
    whole_s = {row.id: row.seconds_per_step for row in facts.measurements("cpu_cnn")}[DEVICES[device]]
    macs = np.array([layer.macs for layer in layers()])
    return whole_s * macs / macs.sum()


@cache
def cloud_s() -> np.ndarray:
    """Seconds for each layer in the cloud."""
    rate = facts.chip("A100_SXM_80").peak("fp16") * CLOUD_UTILISATION
    return np.array([FLOP_PER_MAC * layer.macs / rate for layer in layers()])


def sent_bytes(picture: str = "raw pixels") -> np.ndarray:
    """Bytes to send at each cut, a byte a value: the picture first; the last cut sends only the answer."""
    raw = SIDE**2 * COLOURS * PICTURES[picture]
    return np.array([raw, *(layer.values for layer in layers())], float)


@dataclass(frozen=True, eq=False)
class Cuts:
    """Seconds for each cut on one device, link and kind of picture."""

    time_s: np.ndarray

    @property
    def best(self) -> int:
        """The quickest cut: how many parts stay on the device."""
        return int(self.time_s.argmin())

    @property
    def where(self) -> str:
        """In words."""
        return placed(self.best)


def placed(cut: int) -> str:
    """A cut in words."""
    if cut == 0:
        return "all in the cloud"
    return "all on the device" if cut == len(layers()) else f"cut after {layers()[cut - 1].name}"


@cache
def cuts(device: str, link_bit_per_s: float, picture: str = "raw pixels") -> Cuts:
    """Every cut of the network for a device, a link and a kind of picture."""
    link = link_bit_per_s / 8
    return Cuts(model.split_s(device_s(device), sent_bytes(picture), cloud_s(), link, ROUND_TRIP_S))


def battery_j(device_w: float, whole_s: float, picture: str = "raw pixels") -> np.ndarray:
    """Joules that each cut takes from a device: computing at `device_w`, and the radio for what is sent."""
    macs = np.array([layer.macs for layer in layers()])
    computing = device_w * whole_s * np.concatenate([[0], np.cumsum(macs)]) / macs.sum()
    radio = sent_bytes(picture) * facts.quoted("wifi_energy_per_byte").value
    radio[-1] = 0
    return computing + radio
