"""ML systems as three axes: which of data, algorithm and machine binds, what fits where, and what money buys.

Conventions. One multiply-add is 2 FLOP. Rates are items a second, shares lie between 0 and 1, bytes are bytes. Every
argument may be a number or an array; arrays broadcast.

Sources: Machine Learning Systems, volume I, section 1.4 (definitions 1.1 and 1.2, the four layers, samples per
dollar); the number in flight is Little, "A proof for the queuing formula L = λW", Operations Research 9(3), 1961; the
learning curve as a power of the number of examples is Hestness et al., arXiv 1712.00409, 2017.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mlsys_helpers.kit.checks import non_negative, one_of, plain, positive, share
from mlsys_helpers.sections.iron_law.model import time_terms

AXES = ("data", "algorithm", "machine")


def in_flight(rate_per_s, time_s):
    """Little's law: the items inside a system where `rate_per_s` arrive each second and each stays `time_s`."""
    return plain(non_negative("rate_per_s", rate_per_s, "items/s") * non_negative("time_s", time_s, "seconds"))


# The relay: a pipeline is as fast as its slowest stage

STAGES = ("carry", "prepare", "compute")


@dataclass(frozen=True)
class Rates:
    """Items a second that each stage of a pipeline could pass on, if the others kept up."""

    carry: float
    prepare: float
    compute: float

    @property
    def throughput(self) -> float:
        """Items a second that leave: the stages work at the same time, so the slowest sets the pace."""
        return min(self.carry, self.prepare, self.compute)

    @property
    def binding(self) -> str:
        """The slowest stage, one of STAGES; on a tie the one that comes first there."""
        return min(STAGES, key=lambda stage: getattr(self, stage))

    def upgraded(self, stage: str, times: float = 2.0) -> "Rates":
        """The same pipeline with one stage `times` as fast."""
        return replace(self, **{one_of("stage", stage, STAGES): getattr(self, stage) * times})


def stage_rates(cores, prepare_s, chips, chip_flop_per_s, flop_per_item, link_bytes_per_s, bytes_per_item) -> Rates:
    """The three rates of a service: a link carries what comes in, cores prepare it, chips compute.

    `prepare_s` is one core's time for one item; `chip_flop_per_s` is what a chip achieves, not its peak.
    """
    carry = positive("link_bytes_per_s", link_bytes_per_s, "bytes/s") / positive("bytes_per_item", bytes_per_item)
    prepare = positive("cores", cores) / positive("prepare_s", prepare_s, "seconds")
    achieved = positive("chips", chips) * positive("chip_flop_per_s", chip_flop_per_s, "FLOP/s")
    compute = achieved / positive("flop_per_item", flop_per_item, "FLOP")
    return Rates(plain(carry), plain(prepare), plain(compute))


def relay(rates: Rates, steps: int) -> Iterator[Rates]:
    """`rates`, then `steps` upgrades, each doubling whichever stage binds at that moment."""
    yield rates
    for _ in range(steps):
        rates = rates.upgraded(rates.binding)
        yield rates


# The envelope: four limits, each of which can say no

LIMITS = ("memory", "compute", "latency", "power")


@dataclass(frozen=True)
class Demand:
    """What a workload asks for, one item at a time, and how often and how soon the mission wants it."""

    resident_bytes: float
    bytes_moved: float
    flop: float
    rate_per_s: float
    deadline_s: float
    power_cap_w: float


@dataclass(frozen=True)
class Device:
    """What a machine offers. `flop_per_s` is what it achieves, not its peak; `power_w` is its draw when busy."""

    memory_bytes: float
    bandwidth_bytes_per_s: float
    flop_per_s: float
    power_w: float


def used(demand: Demand, device: Device) -> dict[str, float]:
    """How much of each limit is used up: 1 is all of it, more than 1 is a veto. Keys are LIMITS, in order."""
    item = time_terms(demand.bytes_moved, device.bandwidth_bytes_per_s, demand.flop, device.flop_per_s)
    return {
        "memory": demand.resident_bytes / device.memory_bytes,
        "compute": demand.rate_per_s * demand.flop / device.flop_per_s,
        "latency": item.overlapped_s / demand.deadline_s,
        "power": device.power_w / demand.power_cap_w,
    }


def vetoes(demand: Demand, device: Device) -> tuple[str, ...]:
    """The limits that are exceeded, in the order of LIMITS; none where the workload fits."""
    return tuple(limit for limit, part in used(demand, device).items() if part > 1)


def resident_bytes(params, bytes_per_param, kept_values=0.0, bytes_per_value=0.0):
    """Bytes that must be in memory at once: the weights, and values kept beside them (KV cache, activations)."""
    weights = non_negative("params", params) * positive("bytes_per_param", bytes_per_param, "bytes")
    return plain(weights + non_negative("kept_values", kept_values) * non_negative("bytes_per_value", bytes_per_value))


# The economy: what money buys


def flop_per_dollar(price_usd, life_s, peak_flop_per_s, utilisation):
    """FLOP for each dollar of a chip's price, spread over its life; power and people are left out."""
    lifetime_flop = positive("life_s", life_s, "seconds") * positive("peak_flop_per_s", peak_flop_per_s, "FLOP/s")
    return plain(lifetime_flop * share("utilisation", utilisation) / positive("price_usd", price_usd, "dollars"))


def samples_per_dollar(flop_for_a_dollar, flop_per_sample):
    """Samples trained on for each dollar: what a dollar computes over what a sample costs."""
    return plain(positive("flop_for_a_dollar", flop_for_a_dollar) / positive("flop_per_sample", flop_per_sample))


def cost_usd(samples, flop_per_sample, flop_for_a_dollar):
    """Dollars to train on `samples`: samples x FLOP for each, over FLOP for a dollar.

    Better data lowers the first factor, a leaner algorithm the second, a better machine raises what is below the
    line. These are the directions that section 1.4 describes.
    """
    work = non_negative("samples", samples) * positive("flop_per_sample", flop_per_sample, "FLOP")
    return plain(work / positive("flop_for_a_dollar", flop_for_a_dollar, "FLOP/$"))


# The learning curve


def power_law(samples, scale, alpha, floor=0.0):
    """Error after learning from `samples` examples: scale x samples^-alpha + floor."""
    return plain(positive("scale", scale) * positive("samples", samples) ** -positive("alpha", alpha) + floor)


def error_factor(more, alpha):
    """What is left of the error when the data grow `more` times, on a power law without floor: more^-alpha."""
    return plain(positive("more", more) ** -non_negative("alpha", alpha))


def first_order_gain(more, alpha):
    """The share of the error that is saved, to first order: alpha x ln(more), with the natural logarithm."""
    return plain(non_negative("alpha", alpha) * np.log(positive("more", more)))
