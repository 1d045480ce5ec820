"""Randomness with a stated origin: the same words give the same generator on every machine, in every process."""

import hashlib

import numpy as np


def seed(*words: object) -> int:
    """A 63-bit seed made from `words`; unlike hash(), it does not change from run to run."""
    text = "\x1f".join(map(str, words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(*words: object) -> np.random.Generator:
    """NumPy's generator seeded by `words`."""
    return np.random.default_rng(seed(*words))


def log_uniform(rng: np.random.Generator, low: float, high: float, size: int | None = None):
    """Numbers spread evenly over orders of magnitude, to four digits so that they read well."""
    drawn = np.exp(rng.uniform(np.log(low), np.log(high), size))
    return np.vectorize(lambda x: float(f"{x:.4g}"))(drawn) if size else float(f"{drawn:.4g}")
