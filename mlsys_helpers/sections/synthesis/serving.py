"""A server that takes waiting requests in batches: how long each request is in the house (simulated).

Requests arrive at random (Poisson). Whenever the server is free and somebody waits, it takes as many as wait, up to its
batch limit, and is busy for a fixed time plus a time for each request taken; nobody waits for a batch to fill. With a
limit of 1 this is the M/G/1 queue of the textbooks; the tests hold it to known results, in part those of section 1.10.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from mlsys_helpers.kit.seeds import generator

SPELLS, REQUESTS, WARM_UP = 8, 500, 100
LENGTH_SPREAD = 0.6  # standard deviation of the logarithm of a prompt's length


@dataclass(frozen=True, eq=False)
class Traffic:
    """Several spells of requests, before scaling: arrival times at one request a second, prompts of mean length 1."""

    arrivals: np.ndarray
    lengths: np.ndarray


@cache
def traffic(seed: int, spells: int = SPELLS, requests: int = REQUESTS, spread: float = LENGTH_SPREAD) -> Traffic:
    """Poisson arrivals and log-normal prompt lengths."""
    rng = generator("synthesis traffic", seed)
    arrivals = rng.exponential(1.0, (spells, requests)).cumsum(axis=1)
    return Traffic(arrivals, rng.lognormal(-(spread**2) / 2, spread, (spells, requests)))


@dataclass(frozen=True)
class Servers:
    """Servers to be tried side by side; every field is an array with one entry for each.

    A batch of requests takes `fixed_s`, and for each request `item_s` and `token_s` for each token of its prompt.
    Prompts are `prompt_tokens` long on average and cut at `cap_tokens`.
    """

    requests_per_s: np.ndarray
    batch: np.ndarray
    fixed_s: np.ndarray
    item_s: np.ndarray
    token_s: np.ndarray
    prompt_tokens: np.ndarray
    cap_tokens: np.ndarray


@dataclass(frozen=True, eq=False)
class Watched:
    """When requests came, were begun and were done: arrays of shape (spells, servers, requests)."""

    came_s: np.ndarray
    begun_s: np.ndarray
    done_s: np.ndarray

    @property
    def wait_s(self) -> np.ndarray:
        """How long each request waited."""
        return self.begun_s - self.came_s

    @property
    def total_s(self) -> np.ndarray:
        """How long each request was in the house."""
        return self.done_s - self.came_s

    def quantile(self, share: float) -> np.ndarray:
        """The time in the house that this share of the requests stays below, by server."""
        return np.quantile(self.total_s, share, axis=(0, 2))

    def late(self, deadline_s: float) -> np.ndarray:
        """The share of requests that took longer than `deadline_s`, by server."""
        return (self.total_s > deadline_s).mean(axis=(0, 2))

    def batches(self, server: int = 0) -> np.ndarray:
        """How many requests each batch held that a server began in the time watched."""
        return np.concatenate([np.unique(spell, return_counts=True)[1] for spell in self.begun_s[:, server]])


def watch(servers: Servers, seen: Traffic, warm_up: int = WARM_UP) -> Watched:
    """Send the same traffic to every server, and look at all but the first `warm_up` requests of each spell."""
    spells, n = seen.arrivals.shape
    spell, of = np.divmod(np.arange(spells * len(servers.batch)), len(servers.batch))
    rate, fixed, item, token = (
        getattr(servers, name)[of] for name in ("requests_per_s", "fixed_s", "item_s", "token_s")
    )
    limit = servers.batch[of].astype(int)

    end = seen.arrivals.max() + 1  # nobody comes after the last
    clock = np.append(seen.arrivals, np.full((spells, 1), end), axis=1).ravel()
    line = clock + np.repeat(2 * end * np.arange(spells), n + 1)  # all spells on one rising line, to count in
    first, begins = (n + 1) * spell, 2 * end * spell
    tokens, kind = _tokens(servers, seen)
    read, row = (n + 1) * (kind[of] * spells + spell), (n + 1) * np.arange(len(of))

    begun, done = np.zeros(len(of) * (n + 1)), np.zeros(len(of) * (n + 1))
    free, at = np.zeros(len(of)), np.zeros(len(of), int)
    while at.min() < n:
        start = np.maximum(free, clock[first + at] / rate)
        here = np.searchsorted(line, begins + start * rate, side="right") - first
        then = np.minimum(np.minimum(np.maximum(here, at + 1), at + limit), n)
        free = start + fixed + item * (then - at) + token * (tokens[read + then] - tokens[read + at])
        begun[row + at], done[row + at] = start, free
        at = then
    shape = (spells, len(servers.batch), n + 1)  # a batch is written down at its first request: carry it to the others
    begun, done = (np.maximum.accumulate(x.reshape(shape), axis=2)[:, :, warm_up:n] for x in (begun, done))
    return Watched(seen.arrivals[:, None, warm_up:] / servers.requests_per_s[:, None], begun, done)


def _tokens(servers: Servers, seen: Traffic) -> tuple[np.ndarray, np.ndarray]:
    """Prompt tokens of all requests up to each one, for each kind of prompts and spell; and each server's kind."""
    kinds, kind = np.unique(np.stack([servers.prompt_tokens, servers.cap_tokens], axis=1), axis=0, return_inverse=True)
    prompts = np.minimum(kinds[:, :1, None] * seen.lengths, kinds[:, 1:, None])
    return np.append(np.zeros((*prompts.shape[:2], 1)), prompts.cumsum(axis=2), axis=2).ravel(), kind.ravel()
