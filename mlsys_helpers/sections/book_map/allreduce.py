"""A ring all-reduce that really adds: workers in one process, pieces handed from neighbour to neighbour.

The workers and their links are simulated, and no time of theirs is claimed. The sums, the pieces and the bytes are
real. Seeds give the gradients.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import Spread, over_seeds

VALUES = 12_000  # numbers in a gradient; divides by 2, 3, 4, 5, 6, 8, 10, 12, 16, ...


@dataclass(frozen=True, eq=False)
class Reduced:
    """What each worker holds in the end, the bytes that each has sent, and the rounds of messages."""

    sums: np.ndarray
    sent_bytes: np.ndarray
    rounds: int

    @property
    def agreed(self) -> bool:
        """Whether all workers hold the same bits."""
        return bool((self.sums == self.sums[0]).all())


def gradients(workers: int, seed: int, values: int = VALUES) -> np.ndarray:
    """A gradient for each worker, 32-bit: normal, over four orders of magnitude as real ones are."""
    rng = generator("gradients", seed)
    scale = 10 ** rng.uniform(-4, 0, values)
    return (scale * rng.standard_normal((workers, values))).astype(np.float32)


def ring(payloads: np.ndarray) -> Reduced:
    """Sum the rows of `payloads`, one worker's each, in a ring. Raises ValueError where pieces would be unequal.

    In each of the first n - 1 rounds every worker hands one piece to its neighbour, who adds it to its own; then
    every piece is complete somewhere. In n - 1 more rounds the complete pieces go round and are copied.
    """
    workers, values = payloads.shape
    if values % workers:
        raise ValueError(f"{values} values do not cut into {workers} equal pieces: choose a divisor of {values}")
    held = payloads.reshape(workers, workers, -1).copy()  # worker, piece, values
    sent, everyone = np.zeros(workers), np.arange(workers)
    for turn in range(2 * (workers - 1)):
        piece = (everyone - turn) % workers
        arriving = held[everyone, piece]  # a copy: all hand over at once
        to = (everyone + 1) % workers
        if turn < workers - 1:
            held[to, piece] += arriving
        else:
            held[to, piece] = arriving
        sent += arriving[0].nbytes
    return Reduced(held.reshape(workers, values), sent, 2 * (workers - 1))


def changed_by_numbering(workers: int, seed: int) -> float:
    """The share of sums whose bits change when the same workers stand in the ring in another order."""
    rows = gradients(workers, seed)
    shuffled = generator("order", seed).permutation(rows)
    return float(np.mean(ring(rows).sums[0] != ring(shuffled).sums[0]))


def largest_error(workers: int, seed: int) -> float:
    """The largest distance of a sum from that of 64-bit numbers, over the sum of absolute values."""
    rows = gradients(workers, seed).astype(float)
    error = np.abs(ring(gradients(workers, seed)).sums[0] - rows.sum(axis=0)) / np.abs(rows).sum(axis=0)
    return float(error.max())


def changed(workers: int) -> Spread:
    """`changed_by_numbering` over five seeds."""
    return over_seeds(lambda seed: changed_by_numbering(workers, seed))
