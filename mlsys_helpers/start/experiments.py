"""The start page's experiments: three walls of this computer, measured, and Little's law in a simulated service."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import simpy

from mlsys_helpers.kit import seeds
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.machine.calibrate import calibrate
from mlsys_helpers.machine.result import Machine
from mlsys_helpers.start import model

SAMPLE = 1000  # the simulated service gets one search of so many
TIME_S = 0.2
WARM_UP_S, SPAN_S, TICK_S = 5.0, 30.0, 0.1


def walls(machine: Machine | None = None) -> model.Walls:
    """What this computer does in a second, from a calibration (a new one, which takes some five seconds, unless given).

    Bytes are those of a copy from memory to memory on one core, FLOP those of the best product of float32 matrices on
    all threads, calls those of a NumPy addition of one number.
    """
    machine = machine or calibrate()
    return model.Walls(
        bytes_per_s=float(machine.bandwidth["copy"].rate[-1]),
        flop_per_s=machine.peak_flop_per_s("float32"),
        calls_per_s=1 / machine.call_latency_s,
        warning=machine.warning,
    )


@dataclass(frozen=True)
class Service:
    """A service to simulate: how long a search is worked on, drawn anew for each, and how many computers there are."""

    name: str
    time_s: Callable[[np.random.Generator], float]
    computers: int


SERVICES = (
    Service("all take the same time", lambda rng: TIME_S, 1000),
    Service("times vary", lambda rng: rng.exponential(TIME_S), 1000),
    Service("times vary, computers are short", lambda rng: rng.exponential(TIME_S), 21),
)


@dataclass(frozen=True)
class Run:
    """Half a simulated minute: searches a second, mean time of a search (waiting included), and how many were inside.

    `counted` is the average of looks at the service at regular times; the other two come from the searches themselves.
    """

    service: str
    rate_per_s: float
    time_s: float
    counted: float

    @property
    def expected(self) -> float:
        """What Little's law makes of rate and time."""
        return model.in_flight(self.rate_per_s, self.time_s)

    @property
    def error(self) -> float:
        """Relative error of the law against the count."""
        return self.expected / self.counted - 1


def simulate(service: Service, seed: int) -> Run:
    """Searches arrive at random at a service and wait for a computer where none is free.

    The first seconds, in which the service fills, are not counted.
    """
    rng, env = seeds.generator("start", service.name, seed), simpy.Environment()
    computers = simpy.Resource(env, service.computers)
    end_s, took_s, inside = WARM_UP_S + SPAN_S, [], []
    per_s = model.rate_per_s(model.SEARCHES_PER_DAY) / SAMPLE

    def search():
        arrived = env.now
        with computers.request() as turn:
            yield turn
            yield env.timeout(service.time_s(rng))
        if WARM_UP_S <= arrived < end_s:
            took_s.append(env.now - arrived)

    def arrivals():
        while env.now < end_s:
            yield env.timeout(rng.exponential(1 / per_s))
            env.process(search())

    def looks():
        yield env.timeout(WARM_UP_S)
        while env.now < end_s:
            inside.append(computers.count + len(computers.queue))
            yield env.timeout(TICK_S)

    env.process(arrivals())
    env.process(looks())
    env.run()
    return Run(service.name, len(took_s) / SPAN_S, float(np.mean(took_s)), float(np.mean(inside)))


def study() -> tuple[Run, ...]:
    """Each of SERVICES over five seeds."""
    return tuple(simulate(service, seed) for service in SERVICES for seed in SEEDS)
