"""What must be read first, and what a fleet adds to the iron law.

A map is a dict: each name with the set of names that it needs, all of them keys as well. Chapters, sections or parts
may be the names. Time: bytes are bytes, bandwidth is that of one direction, a hop is one message from a worker to the
next and takes `hop_s` however small it is. Numbers may be arrays; arrays broadcast.

Sources: the ring is Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms", JPDC 69(2), 2009; hops as NVIDIA's
NCCL counts them (src/graph/tuning.cc); the iron law is section 1.6.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from graphlib import TopologicalSorter

import numpy as np

from mlsys_helpers.kit.checks import non_negative, one_of, plain, positive
from mlsys_helpers.kit.scaling import training_flop
from mlsys_helpers.sections.iron_law.model import Terms, time_terms

Map = Mapping[str, AbstractSet[str]]
GRADIENT_BYTES = 2  # a gradient in 16 bits, as the chapter counts weights

# The map


def read_first(needs: Map, name: str) -> set[str]:
    """All that `name` builds on, directly or through others; without `name` itself."""
    found: set[str] = set()
    waiting = set(needs[one_of("name", name, needs)])
    while waiting:
        earlier = waiting.pop()
        found.add(earlier)
        waiting |= needs[earlier] - found
    return found


def lost_without(needs: Map, skipped: Iterable[str]) -> set[str]:
    """What can no longer be read when `skipped` is left out: all that builds on one of them."""
    left_out = set(skipped)
    return {name for name in needs if name not in left_out and read_first(needs, name) & left_out}


def layers(needs: Map) -> dict[str, int]:
    """How many steps the longest way to each name has: 0 where nothing is needed.

    Raises graphlib.CycleError where two names need each other.
    """
    depth: dict[str, int] = {}
    for name in TopologicalSorter(needs).static_order():
        depth[name] = max((1 + depth[earlier] for earlier in needs[name]), default=0)
    return depth


def too_early(needs: Map, order: Sequence[str]) -> list[str]:
    """The names that come in `order` before something that they need, in that order."""
    seen: set[str] = set()
    found = []
    for name in order:
        if not needs[name] <= seen:
            found.append(name)
        seen.add(name)
    return found


def orders(needs: Map) -> int:
    """In how many orders everything can be read, nothing before what it needs."""

    @cache
    def ways(read: frozenset[str]) -> int:
        ready = [name for name in needs if name not in read and needs[name] <= read]
        return sum(ways(read | {name}) for name in ready) if ready else len(read) == len(needs)

    return int(ways(frozenset()))


# Adding up gradients


def sent_bytes(workers, payload_bytes):
    """Bytes that each worker of a ring sends, and receives, until all have the sum of all payloads.

    The payload is cut into as many pieces as there are workers. Each sends n - 1 pieces while they are summed and
    n - 1 while the sums go round: 2 (n - 1) / n payloads, never more than two.
    """
    workers = positive("workers", workers)
    return plain(2 * (workers - 1) / workers * non_negative("payload_bytes", payload_bytes, "bytes"))


def ring_hops(workers):
    """Messages that must follow on each other in a ring: 2 (n - 1)."""
    return plain(2 * (positive("workers", workers) - 1))


def tree_hops(workers):
    """Messages that must follow on each other up and down a binary tree: 2 log2(n), rounded up."""
    return plain(2 * np.ceil(np.log2(positive("workers", workers))))


def all_reduce_s(workers, payload_bytes, bandwidth_bytes_per_s, hop_s=0.0):
    """Seconds of a ring all-reduce: bytes sent over the bandwidth of its slowest link, and a latency for each hop."""
    moved_s = sent_bytes(workers, payload_bytes) / positive("bandwidth_bytes_per_s", bandwidth_bytes_per_s, "bytes/s")
    return plain(moved_s + ring_hops(workers) * non_negative("hop_s", hop_s, "seconds"))


def bisection_links(workers, shape: str):
    """Links that cross the worst cut of a network into halves, for an even square number of workers.

    Times the bandwidth of a link this is the bisection bandwidth. A ring is cut in 2 places, a square torus in two
    for each of its rows, and a full fat tree carries one link for each worker of a half.
    """
    workers = positive("workers", workers)
    counted = {"ring": 2 + 0 * workers, "torus": 2 * np.sqrt(workers), "fat tree": workers / 2}
    return plain(counted[one_of("shape", shape, counted)])


# A step of training on many workers


def fleet_step(workers, params, tokens, achieved_flop_per_s, bandwidth_bytes_per_s, latency_s=0.0) -> Terms:
    """The iron law of one training step whose batch of `tokens` is shared by `workers` copies of a model.

    The data term is the gradients on their way round, the compute term a worker's share of the arithmetic. What the
    worker moves in its own memory is left to the utilisation in `achieved_flop_per_s`, as the chapter does.
    """
    workers = positive("workers", workers)
    return time_terms(
        sent_bytes(workers, GRADIENT_BYTES * positive("params", params)),
        bandwidth_bytes_per_s,
        training_flop(params, tokens) / workers,
        achieved_flop_per_s,
        latency_s=latency_s,
    )


def crossover_workers(tokens, achieved_flop_per_s, bandwidth_bytes_per_s, gradient_bytes=GRADIENT_BYTES):
    """Workers from which on the sum of gradients takes longer than the arithmetic, hops left out.

    6 P T / (n A) = 2 (n - 1) / n g P / B, so n = 1 + 6 T B / (2 g A) for gradients of g bytes: the size P of the model
    cancels.
    """
    rate = positive("bandwidth_bytes_per_s", bandwidth_bytes_per_s, "bytes/s") / positive(
        "achieved_flop_per_s", achieved_flop_per_s, "FLOP/s"
    )
    each_sends = 2 * positive("gradient_bytes", gradient_bytes, "bytes")
    return plain(1 + 6 * positive("tokens", tokens, "tokens") * rate / each_sends)


def scaling_efficiency(workers, alone_s, step_s, weak=False):
    """The share of `workers` times the speed of one that a fleet reaches, from the seconds of a step.

    Strong scaling shares one batch among all, so a perfect step takes 1/n of `alone_s`. In weak scaling each worker
    has as much to do as the one alone, and a perfect step takes `alone_s`.
    """
    perfect_s = positive("alone_s", alone_s, "seconds") / (1 if weak else positive("workers", workers))
    return plain(perfect_s / positive("step_s", step_s, "seconds"))


def slowest_link(workers, inside_bytes_per_s, outside_bytes_per_s, per_node=8):
    """The bandwidth of a ring, bytes/s: of the links in a node as long as all fit into one, else of the slower link.

    `outside_bytes_per_s` is all that a node can send to others.
    """
    beyond = np.minimum(positive("inside_bytes_per_s", inside_bytes_per_s), positive("outside", outside_bytes_per_s))
    return plain(np.where(np.asarray(workers) <= per_node, inside_bytes_per_s, beyond))


def hops_s(workers, inside_hop_s, outside_hop_s, per_node=8):
    """Seconds for all hops of a ring through nodes of `per_node`: 2 (nodes - 1) of them leave a node."""
    outside = 2 * (np.ceil(positive("workers", workers) / per_node) - 1)
    return plain(outside * outside_hop_s + (ring_hops(workers) - outside) * inside_hop_s)
