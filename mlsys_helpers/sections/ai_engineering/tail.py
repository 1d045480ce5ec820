"""How sure a p99 is: many requests to one reader, looked at in windows."""

from functools import cache

import numpy as np

from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.ai_engineering import model, zoo

READER = "bare logistic"  # the quickest, so that many requests take little time
QUANTILE = 0.99


@cache
@one_thread
def stream_s(requests: int = 20_000) -> np.ndarray:
    """Seconds of each of `requests` calls for one digit, one after the other; measured once in a session."""
    reader, shown = zoo.zoo()[READER], zoo.images(zoo.SEED, "as trained")
    calls = [shown[i : i + 1] for i in range(len(shown))]
    once_s(lambda: reader.predict(calls[0]), 1000)
    return np.array([once_s(lambda i=i: reader.predict(calls[i % len(calls)])) for i in range(requests)])


def shuffled(times_s: np.ndarray, seed: int = 1) -> np.ndarray:
    """The same times in another order: a busy moment no longer falls into one window."""
    return np.random.default_rng(seed).permutation(times_s)


def windows(times_s: np.ndarray, size: int) -> np.ndarray:
    """The times cut into windows of `size` requests, what is left over dropped."""
    return times_s[: len(times_s) // size * size].reshape(-1, size)


def p99s(times_s: np.ndarray, size: int) -> np.ndarray:
    """The p99 of each window."""
    return np.quantile(windows(times_s, size), QUANTILE, axis=1)


def covered(times_s: np.ndarray, size: int) -> float:
    """The share of windows that set a limit on the p99 which the p99 of all requests keeps."""
    whole = np.quantile(times_s, QUANTILE)
    limits = [model.quantile_at_most(window, QUANTILE) for window in windows(times_s, size)]
    return float(np.mean(np.array(limits) >= whole))
