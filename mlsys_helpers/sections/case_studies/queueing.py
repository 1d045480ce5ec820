"""A server and its queue, simulated: how long answers take as the load grows, one at a time and in batches.

Requests arrive at random (Poisson) and are answered in order. One at a time, each waits for what is left of the one
before: Lindley's recursion, here without a loop. With batches the server takes several at once, and each batch has
one fixed time. Times are in seconds.
"""

from bisect import bisect_right
from functools import cache, partial

import numpy as np

from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.spread import SEEDS, Spread, over_seeds
from mlsys_helpers.sections.case_studies import model

REQUESTS = 100_000
LAWS = {"M/M/1": lambda rng, requests: rng.exponential(1.0, requests), "M/D/1": lambda rng, requests: np.ones(requests)}


def times_in_system(arrivals_s: np.ndarray, service_s: np.ndarray) -> np.ndarray:
    """Waiting and service of each request at one server that answers in order.

    Request n begins when it has come and the one before is done. So it is done at the largest, over all k up to n, of
    the arrival of k and the service of k to n: a running maximum.
    """
    served = np.cumsum(service_s)
    idle_until = np.maximum.accumulate(arrivals_s - np.r_[0.0, served[:-1]])
    return idle_until + served - arrivals_s


@cache
def one_at_a_time(seed: int, load: float, law: str, requests: int = REQUESTS) -> np.ndarray:
    """Times in the system in mean service times, in order of arrival; the first tenth, which began empty, is left out.

    `law` says how service times vary: "M/M/1" at random (exponential), "M/D/1" not at all.
    """
    rng = np.random.default_rng((seed, round(1000 * load)))
    arrivals = np.cumsum(rng.exponential(1 / load, requests))
    service = LAWS[one_of("law", law, LAWS)](rng, requests)
    return times_in_system(arrivals, service)[requests // 10 :]


def p99(seed: int, load: float, law: str = "M/M/1") -> float:
    """The time that 99 of 100 requests stay within, in mean service times."""
    return float(np.quantile(one_at_a_time(seed, load, law), 0.99))


def mean(seed: int, load: float, law: str = "M/M/1") -> float:
    """The mean time in the system, in mean service times."""
    return float(one_at_a_time(seed, load, law).mean())


def p99_over_seeds(load: float, law: str = "M/M/1") -> Spread:
    """The same p99, seed by seed."""
    return over_seeds(lambda seed: p99(seed, load, law))


MEASURES = {"p99, M/M/1": (p99, "M/M/1"), "mean, M/M/1": (mean, "M/M/1"), "mean, M/D/1": (mean, "M/D/1")}
KNOWN = {"p99, M/M/1": model.mm1_quantile_s, "mean, M/M/1": model.mm1_mean_s, "mean, M/D/1": model.md1_mean_s}


def by_load(loads) -> dict[str, list[Spread]]:
    """Each of MEASURES at every load, over seeds; KNOWN has the law of each."""
    return {
        name: [over_seeds(partial(of, load=load, law=law)) for load in loads] for name, (of, law) in MEASURES.items()
    }


# Batches

START_S, EACH_S = 0.004, 0.0005  # a batch of b takes 4 ms and half a millisecond for each: stated, not measured
RULES = ("as soon as the server is free", "only when the batch is full")


@cache
def batched(rate_per_s: float, limit: int, rule: str, requests: int = 4000) -> Spread | None:
    """p99 of the time in the system, over seeds, with at most `limit` requests in a batch; None past capacity."""
    if rate_per_s >= model.capacity_per_s(limit, START_S, EACH_S):
        return None
    simulate = dict(zip(RULES, (when_free, when_full), strict=True))[one_of("rule", rule, RULES)]

    def one(seed: int) -> float:
        arrivals = np.cumsum(np.random.default_rng((seed, round(rate_per_s))).exponential(1 / rate_per_s, requests))
        return float(np.quantile(simulate(arrivals, limit)[requests // 10 :], 0.99))

    return over_seeds(one, SEEDS)


def when_free(arrivals_s: np.ndarray, limit: int) -> np.ndarray:
    """A free server takes whoever waits, at most `limit`, and begins at once."""
    arrivals, done, first, free = arrivals_s.tolist(), np.empty(len(arrivals_s)), 0, 0.0
    while first < len(arrivals):
        begun = max(free, arrivals[first])
        last = min(bisect_right(arrivals, begun, first), first + limit)
        free = begun + START_S + EACH_S * (last - first)
        done[first:last] = free
        first = last
    return done - arrivals_s


def when_full(arrivals_s: np.ndarray, limit: int) -> np.ndarray:
    """A batch begins once its last request has come; what is left over at the end is not counted."""
    whole = len(arrivals_s) // limit * limit
    groups = arrivals_s[:whole].reshape(-1, limit)
    once = np.full(len(groups), START_S + EACH_S * limit)
    done = times_in_system(groups[:, -1], once) + groups[:, -1]
    return (done[:, None] - groups).ravel()
