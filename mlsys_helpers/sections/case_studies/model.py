"""What binds a car, a farm and a protein lab, how a queue answers under load, and how to compare groups fairly.

Conventions. Times are in seconds, distances in metres, links in bit/s and everything else that moves in bytes, as
people say them. A load is a share between 0 and 1: work that arrives over work that can be done. Every argument may be
a number or an array; arrays broadcast.

Sources: Machine Learning Systems, volume I, section 1.10; the mean of M/G/1 is Pollaczek, Math. Z. 32, 1930, and
Khinchin, 1932; the interval for a difference is Newcombe, Statistics in Medicine 17, 1998, method 10; the membership
advantage is Yeom et al., "Privacy risk in machine learning", IEEE CSF 2018.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real, share
from mlsys_helpers.sections.bitter_lesson.model import energy_j as energy_j

LIGHT_M_PER_S = 299_792_458.0
FIBRE_M_PER_S = LIGHT_M_PER_S * 2 / 3  # glass slows light to about two thirds

# A car: distance and data


def round_trip_s(distance_m, radio_s=0.0, compute_s=0.0):
    """Seconds from a question to its answer: there and back in fibre, the radio's delay, and the computing."""
    there_and_back = 2 * non_negative("distance_m", distance_m, "metres") / FIBRE_M_PER_S
    return plain(there_and_back + non_negative("radio_s", radio_s) + non_negative("compute_s", compute_s))


def reach_m(limit_s, spent_s=0.0):
    """How far away the computer may be when `spent_s` of the limit goes elsewhere; 0 where nothing is left."""
    left_s = positive("limit_s", limit_s, "seconds") - non_negative("spent_s", spent_s, "seconds")
    return plain(np.maximum(left_s, 0.0) * FIBRE_M_PER_S / 2)


def kept_share(data_bytes, link_bits_per_s, connected_s):
    """The share of some data that a link can carry while it is connected, at most all of it."""
    carried = positive("link_bits_per_s", link_bits_per_s, "bit/s") / 8 * non_negative("connected_s", connected_s)
    return plain(np.minimum(carried / positive("data_bytes", data_bytes, "bytes"), 1.0))


# A farm: freshness over a thin link


def update_s(payload_bytes, link_bits_per_s):
    """Seconds to send one update: eight bits to the byte."""
    return plain(8 * positive("payload_bytes", payload_bytes, "bytes") / positive("link_bits_per_s", link_bits_per_s))


def age_s(devices, payload_bytes, link_bits_per_s):
    """The mean age of a fleet's models when one station sends each device the newest model in turn, for ever.

    A model is one sending time old when it arrives, and waits a round, one sending time for each device, to be
    replaced: on average it is a sending time and half a round old.
    """
    once = update_s(payload_bytes, link_bits_per_s)
    return plain(np.asarray(once * (1 + positive("devices", devices) / 2)))


def devices_served(time_s, payload_bytes, link_bits_per_s):
    """How many devices a link updates once in a time: whole ones."""
    return plain(np.floor(positive("time_s", time_s, "seconds") / update_s(payload_bytes, link_bits_per_s)))


# A protein lab: work


def device_hours(devices, time_s):
    """Hours that devices worked, added up."""
    return plain(positive("devices", devices) * positive("time_s", time_s, "seconds") / 3600)


def work_flop(chips, peak_flop_per_s, utilisation, time_s):
    """FLOP that chips do in a time at a share of their peak."""
    rate = positive("chips", chips) * positive("peak_flop_per_s", peak_flop_per_s) * share("utilisation", utilisation)
    return plain(rate * positive("time_s", time_s, "seconds"))


# Which limit binds


@dataclass(frozen=True)
class Mission:
    """What a place asks for and offers. `deadline_s` is for one answer; `radio_s` the delay of its own radio link."""

    deadline_s: float
    flop_per_answer: float
    answers_per_s: float
    bytes_per_s: float  # what would have to leave the place if the computer stood elsewhere
    link_bits_per_s: float
    radio_s: float
    power_w: float


@dataclass(frozen=True)
class Design:
    """A computer: what it achieves in FLOP/s, what it draws in the place (elsewhere 0), and how far away it stands."""

    flop_per_s: float
    power_w: float
    distance_m: float = 0.0


LIMITS = ("latency", "link", "compute", "power")


def used(mission: Mission, design: Design) -> dict[str, float]:
    """How much of each limit a design uses up in a mission: more than 1 is a veto. Keys are LIMITS, in order."""
    away = design.distance_m > 0
    compute_s = mission.flop_per_answer / design.flop_per_s
    return {
        "latency": round_trip_s(design.distance_m, mission.radio_s * away, compute_s) / mission.deadline_s,
        "link": 8 * mission.bytes_per_s * away / mission.link_bits_per_s,
        "compute": mission.answers_per_s * compute_s,
        "power": design.power_w / mission.power_w,
    }


# A queue


def mm1_mean_s(load, service_s=1.0):
    """Mean time in an M/M/1 system, waiting and service: random arrivals, exponential service times."""
    return plain(positive("service_s", service_s, "seconds") / (1 - _load(load)))


def mm1_quantile_s(load, quantile=0.99, service_s=1.0):
    """The time that a share `quantile` of requests stays within in an M/M/1 system: its times are exponential."""
    return plain(-np.log1p(-_below_one("quantile", quantile)) * mm1_mean_s(load, service_s))


def md1_mean_s(load, service_s=1.0):
    """Mean time in an M/D/1 system: random arrivals, one fixed service time (Pollaczek and Khinchin)."""
    load = _load(load)
    return plain(positive("service_s", service_s, "seconds") * (1 + load / (2 * (1 - load))))


def capacity_per_s(batch, start_s, each_s):
    """Answers a second at full batches: a batch of b takes `start_s` plus b times `each_s`."""
    batch = positive("batch", batch)
    return plain(batch / (non_negative("start_s", start_s) + batch * positive("each_s", each_s)))


def _load(load):
    return _below_one("load", load)


def _below_one(name, value):
    value = non_negative(name, value)
    if value.size and value.max() >= 1:
        raise ValueError(f"{name} must lie below 1, got {value.max():g}: at 1 the queue grows without end")
    return value


# Groups and attackers


def rates_apart(wrong_a, cases_a, wrong_b, cases_b, confidence=0.95) -> tuple[float, float, float]:
    """The difference of two error rates, a less b, with its interval: Newcombe's, from Wilson's for each."""
    from scipy.stats import binomtest  # here, so that a distance or a queue need not wait for SciPy

    rates, ends = [], []
    for wrong, cases in ((wrong_a, cases_a), (wrong_b, cases_b)):
        found = binomtest(int(wrong), int(cases)).proportion_ci(confidence, method="wilson")
        rates.append(wrong / cases)
        ends.append((found.low, found.high))
    apart = rates[0] - rates[1]
    below = np.hypot(rates[0] - ends[0][0], ends[1][1] - rates[1])
    above = np.hypot(ends[0][1] - rates[0], rates[1] - ends[1][0])
    return float(apart), float(apart - below), float(apart + above)


def cases_needed(rate_group, rate_others, group_share=0.5, false_alarms=0.05, power=0.8):
    """Cases needed in all to see that a group's error rate differs from that of all others.

    Two-sided test, normal approximation; the group is a share `group_share` of the cases. Rates are between 0 and 1.
    """
    from scipy.stats import norm

    a, b, part = share("rate_group", rate_group), share("rate_others", rate_others), share("group_share", group_share)
    pooled, apart = part * a + (1 - part) * b, positive("gap", np.abs(a - b))
    if_equal = norm.isf(share("false_alarms", false_alarms) / 2) * np.sqrt(pooled * (1 - pooled) / (part * (1 - part)))
    if_apart = norm.ppf(share("power", power)) * np.sqrt(a * (1 - a) / part + b * (1 - b) / (1 - part))
    return plain(((if_equal + if_apart) / apart) ** 2)


def false_gap_chance(comparisons, false_alarms=0.05):
    """The chance that at least one of several independent comparisons finds a gap where there is none."""
    return plain(1 - (1 - share("false_alarms", false_alarms)) ** positive("comparisons", comparisons))


def advantage(members, others, threshold):
    """How much better than guessing an attacker is who calls whoever scores `threshold` or more a member.

    Members named (true positive rate) less strangers named (false positive rate): 0 is guessing, 1 is certainty.
    """
    members, others = real("members", members), real("others", others)
    return float((members >= threshold).mean() - (others >= threshold).mean())


# Two sensors


def both_miss(miss_a, miss_b, phi=0.0):
    """The chance that two sensors miss the same thing, when their misses have correlation `phi`.

    Independent misses multiply; phi times both standard deviations comes on top. Raises ValueError where no pair of
    sensors can have that correlation.
    """
    a, b = share("miss_a", miss_a), share("miss_b", miss_b)
    both = a * b + real("phi", phi) * np.sqrt(a * (1 - a) * b * (1 - b))
    if np.any(both > np.minimum(a, b) + 1e-12) or np.any(both < np.maximum(a + b - 1, 0) - 1e-12):
        raise ValueError(f"two sensors that miss {miss_a} and {miss_b} cannot have correlation {phi}")
    return plain(both)
