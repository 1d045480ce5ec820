"""The lifecycle as arithmetic: going round, the flywheel, batteries, heat, cuts, bytes and fleets.

Conventions. SI units, with the unit in the name, but stages and their ages are in days. Accuracies, chances and duty
cycles are shares between 0 and 1; an alarm and a loss are shares of accuracy, so 3 points are 0.03. Every argument may
be a number or an array; arrays broadcast.

Sources: Machine Learning Systems, volume I, section 1.9 (the six stages, table 7, footnotes 25 and 26) and section 1.5
(equation 3, here with the divergence counted in days of drift). The number of tries is the mean of a geometric
distribution; a body that warms through one resistance is Newton's law of cooling. The flywheel is a model of this
companion, made to show fixed points: no product was measured for it.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, one_of, plain, positive, share

STAGES = ("data collection", "data preparation", "model training", "evaluation", "deployment", "monitoring")
COLLECTION, PREPARATION, TRAINING, EVALUATION, DEPLOYMENT, MONITORING = range(6)

# Going round


def next_stage(stage: str, good: bool = True) -> str:
    """The stage after `stage`. `good` is the verdict of the two stages that judge; the others always go on.

    A candidate that fails evaluation goes back to preparation; while monitoring finds no fault it goes on monitoring,
    and its alarm goes back to collection.
    """
    at = STAGES.index(one_of("stage", stage, STAGES))
    if at == MONITORING:
        return STAGES[MONITORING if good else COLLECTION]
    return STAGES[PREPARATION if at == EVALUATION and not good else at + 1]


def tries(passes):
    """Candidates until one passes the gate, on average, when each passes with chance `passes`."""
    return plain(1 / share("passes", passes))


def stale_days(days, passes):
    """Age of the data at deployment, on average: every try, and the deployment. `days` holds the first five stages."""
    _, preparation, training, evaluation, deployment = _five(days)
    return plain(tries(passes) * (preparation + training + evaluation) + deployment)


def round_days(days, passes):
    """Days from the start of a collection to the deployment, on average."""
    return plain(_five(days)[COLLECTION] + stale_days(days, passes))


def lowest_loss(alarm, lost_per_day, round_days, unseen_days=0.0):
    """The accuracy lost by the time that a new model takes over, if the alarm did not ring at once.

    The alarm rings at a loss of `alarm`, `unseen_days` too late; then drift goes on while the team goes round.
    """
    late_days = non_negative("round_days", round_days, "days") + non_negative("unseen_days", unseen_days, "days")
    return plain(non_negative("alarm", alarm) + non_negative("lost_per_day", lost_per_day) * late_days)


def _five(days) -> np.ndarray:
    days = non_negative("days", days, "days")
    if days.shape != (5,):
        raise ValueError(f"days must hold one number for each of the five stages before monitoring, got {days.shape}")
    return days


# The flywheel


@dataclass(frozen=True)
class Flywheel:
    """Quality brings users, users bring data, data bring quality: one turn of the loop maps quality to quality.

    All three are shares between 0 and 1. People come when quality passes `wanted`, the more abruptly the larger
    `steepness`; a share `usable` of what they leave is fit to learn from; quality grows with data up to `ceiling`, and
    is half of that at `half_data`. The values are chosen, not measured.
    """

    usable: float = 1.0
    wanted: float = 0.6
    steepness: float = 6.0
    half_data: float = 0.2
    ceiling: float = 0.95

    def users(self, quality):
        """The share of people who use the product."""
        power = non_negative("quality", quality) ** self.steepness
        return plain(power / (power + self.wanted**self.steepness))

    def data(self, users):
        """Usable data of one turn."""
        return plain(self.usable * non_negative("users", users))

    def learned(self, data):
        """Quality of a model that learned from so much data."""
        data = non_negative("data", data)
        return plain(self.ceiling * data / (data + self.half_data))

    def turn(self, quality):
        """Quality after one turn of the loop."""
        return self.learned(self.data(self.users(quality)))

    def path(self, quality: float, turns: int) -> np.ndarray:
        """Quality at the start and after each of `turns` turns."""
        found = [float(quality)]
        for _ in range(turns):
            found.append(float(self.turn(found[-1])))
        return np.array(found)

    def gain(self, quality: float) -> float:
        """The slope of `turn`: how much of a small change in quality is left after one turn. Above 1 it grows."""
        step = 1e-6
        return float(self.turn(quality + step) - self.turn(quality - step)) / (2 * step)

    def fixed_points(self) -> np.ndarray:
        """Qualities above zero that a turn leaves as they are, in rising order; none where the loop dies everywhere."""
        quality = np.linspace(0.01, 1, 1000)
        change = self.turn(quality) - quality
        at = np.flatnonzero(np.sign(change[:-1]) * np.sign(change[1:]) < 0)
        return quality[at] + change[at] / (change[at] - change[at + 1]) * (quality[1] - quality[0])


# Batteries


def battery_j(capacity_ah, volts):
    """Energy in a battery, joules: ampere-hours are 3,600 ampere-seconds each."""
    return plain(3600 * positive("capacity_ah", capacity_ah, "Ah") * positive("volts", volts, "V"))


def average_w(awake_w, asleep_w, duty):
    """Average power of a device that is awake for the share `duty` of the time."""
    duty = non_negative("duty", duty)
    if np.any(duty > 1):
        raise ValueError(f"duty must lie between 0 and 1, got {duty}")
    return plain(positive("awake_w", awake_w, "W") * duty + non_negative("asleep_w", asleep_w, "W") * (1 - duty))


def duty_for(energy_j, life_s, awake_w, asleep_w=0.0):
    """The share of time a device may be awake so that `energy_j` lasts `life_s`; 0 where sleep alone takes too much."""
    allowed_w = positive("energy_j", energy_j, "J") / positive("life_s", life_s, "seconds")
    asleep_w = non_negative("asleep_w", asleep_w, "W")
    room_w = positive("awake_w - asleep_w", positive("awake_w", awake_w, "W") - asleep_w, "W")
    return plain(np.clip((allowed_w - asleep_w) / room_w, 0, 1))


# Heat


@dataclass(frozen=True)
class Body:
    """A device as one warm body: heat leaves through one resistance, and the limit is the hottest it may get.

    `k_per_w` is how many kelvin each watt ends up adding; `j_per_k` how many joules warm it by one kelvin.
    """

    k_per_w: float
    j_per_k: float
    ambient_c: float
    limit_c: float

    @property
    def time_constant_s(self) -> float:
        """Seconds after which 63 % of a rise has happened."""
        return self.k_per_w * self.j_per_k

    @property
    def sustained_w(self) -> float:
        """The power that holds the body at its limit for ever."""
        return (self.limit_c - self.ambient_c) / self.k_per_w

    def temperature_c(self, power_w, time_s):
        """Temperature after `time_s` at a constant power, from ambient."""
        rise = positive("power_w", power_w, "W") * self.k_per_w
        return plain(self.ambient_c - rise * np.expm1(-non_negative("time_s", time_s, "s") / self.time_constant_s))

    def burst_s(self, power_w):
        """Seconds from ambient to the limit at a constant power; infinite where the limit is never reached."""
        power_w = positive("power_w", power_w, "W")
        left = 1 - self.sustained_w / np.maximum(power_w, self.sustained_w)
        with np.errstate(divide="ignore"):
            return plain(-self.time_constant_s * np.log(left))


def sustained_rate(power_w, sustained_w, energy_j_each):
    """Answers a second that last: each takes `energy_j_each`, and power is capped by the heat that gets away."""
    kept = np.minimum(positive("power_w", power_w, "W"), positive("sustained_w", sustained_w, "W"))
    return plain(kept / positive("energy_j_each", energy_j_each, "J"))


# Cutting a network in two


def split_s(device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s=0.0) -> np.ndarray:
    """Seconds for every cut of a network of n layers: n + 1 cuts, cut k leaving the first k layers on the device.

    `device_s` and `cloud_s` hold each layer's time in both places; `sent_bytes` holds n + 1 sizes, the input first and
    then what each layer puts out. The last cut leaves all on the device and sends nothing.
    """
    device = np.concatenate([[0.0], np.cumsum(non_negative("device_s", device_s, "s"))])
    cloud_s = non_negative("cloud_s", cloud_s, "s")
    cloud = np.concatenate([np.cumsum(cloud_s[::-1])[::-1], [0.0]])
    sent_bytes = non_negative("sent_bytes", sent_bytes, "bytes")
    if not device.shape == cloud.shape == sent_bytes.shape:
        raise ValueError(
            f"n layers need n times in each place and n + 1 sizes, got {device.size - 1}, {cloud_s.size} and "
            f"{sent_bytes.size}"
        )
    carried = sent_bytes / positive("link_bytes_per_s", link_bytes_per_s, "bytes/s") + non_negative(
        "round_trip_s", round_trip_s, "s"
    )
    carried[-1] = 0.0
    return device + carried + cloud


# Bytes of a compressed network


def stored_bytes(weights, bits, kept=1.0, scales=1):
    """Bytes of `weights` weights at `bits` bits of which the share `kept` is stored, with 4 bytes for each scale.

    Where some are left out, one more bit for each weight says which: without that map the rest has no place.
    """
    weights, kept = non_negative("weights", weights), share("kept", kept)
    map_bits = np.where(kept < 1, weights, 0.0)
    return plain((weights * kept * positive("bits", bits, "bits") + map_bits) / 8 + 4 * non_negative("scales", scales))


def orders(factor):
    """A factor in orders of magnitude: 10 is one."""
    return plain(np.log10(positive("factor", factor)))


# A fleet


def update_s(devices, model_bytes, device_bytes_per_s, server_bytes_per_s):
    """Seconds to send a model to `devices` devices: the slower of each one's link and the server's, shared by all."""
    model_bytes, devices = positive("model_bytes", model_bytes, "bytes"), positive("devices", devices)
    each_s = model_bytes / positive("device_bytes_per_s", device_bytes_per_s, "bytes/s")
    all_s = devices * model_bytes / positive("server_bytes_per_s", server_bytes_per_s, "bytes/s")
    return plain(np.maximum(each_s, all_s))


def rollout_s(devices, waves, watch_s, model_bytes, device_bytes_per_s, server_bytes_per_s):
    """Seconds until the last wave has the model: `waves` are shares reached, rising to 1, watched in between."""
    reached = positive("waves", waves)
    if reached.ndim != 1 or reached[-1] != 1 or np.any(np.diff(reached) <= 0):
        raise ValueError(f"waves must be shares in rising order that end with 1, got {waves!r}")
    sizes = devices * np.diff(np.concatenate([[0.0], reached]))
    sent = update_s(sizes, model_bytes, device_bytes_per_s, server_bytes_per_s).sum()
    return plain(sent + non_negative("watch_s", watch_s, "s") * (len(reached) - 1))


def metres(speed_m_per_s, delay_s):
    """How far a car goes before it begins to react."""
    return plain(non_negative("speed_m_per_s", speed_m_per_s, "m/s") * non_negative("delay_s", delay_s, "s"))
