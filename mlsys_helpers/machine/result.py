"""What a calibration found: rates by size, and the headline numbers read from them.

Bytes are what the program asks for (a copy of one byte is one read and one written: two bytes), not what the caches
exchange behind its back. FLOP follow the companion's convention: a multiply-add is 2. Rates are the best of the
repetitions, because other programs can only make a run slower; `typical` keeps the median beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import one_of, plain, positive
from mlsys_helpers.kit.units import percent

BUSY_SPREAD = 0.1
ONE_THREAD = 0.9


@dataclass(frozen=True, eq=False)
class Curve:
    """A rate by size: bytes/s by working set in bytes, or FLOP/s by matrix size."""

    size: np.ndarray
    rate: np.ndarray
    typical: np.ndarray

    def at(self, size):
        """The rate at `size`, straight between neighbours on a logarithmic size axis, level beyond both ends."""
        return plain(np.interp(np.log(positive("size", size)), np.log(self.size), self.rate))

    @property
    def spread(self) -> np.ndarray:
        """The share of the best rate that the median repetition missed: near 0 where nothing else is running."""
        return 1 - self.typical / self.rate


@dataclass(frozen=True, eq=False)
class Machine:
    """One computer, as a program in Python meets it.

    `bandwidth` has a Curve for each way of moving memory (see `calibrate.PATTERNS`), `matmul` one for each dtype.
    `sum_flop_per_s` is how fast one core adds up a float32 array that is in its cache. `call_latency_s` is the cost
    of an array operation on almost no data, `product_latency_s` of a tiny matrix product, `python_call_s` of an empty
    function. `cpus` is how many this process may use, `threads` how many the largest product kept busy.
    """

    bandwidth: Mapping[str, Curve]
    matmul: Mapping[str, Curve]
    sum_flop_per_s: float
    call_latency_s: float
    product_latency_s: float
    python_call_s: float
    cpus: int
    threads: float
    took_s: float

    def bandwidth_bytes_per_s(self, working_set_bytes, pattern: str = "add"):
        """Bytes per second when a loop goes over `working_set_bytes` again and again, moving memory by `pattern`."""
        return self.bandwidth[one_of("pattern", pattern, self.bandwidth)].at(working_set_bytes)

    def peak_flop_per_s(self, dtype: str = "float32") -> float:
        """The best rate of any matrix product measured, on all the threads it chose to use."""
        return float(self.matmul[one_of("dtype", dtype, self.matmul)].rate.max())

    @property
    def spread(self) -> float:
        """The mean over all sizes of the share of the best rate that the median repetition missed."""
        curves = [*self.bandwidth.values(), *self.matmul.values()]
        return float(np.mean(np.concatenate([curve.spread for curve in curves])))

    @property
    def stalled(self) -> bool:
        """Whether products on all threads could not keep one processor busy, or read at under half of one core's rate.

        Threads that wait for a processor cost far more than they save, run after run, so the spread does not show it.
        """
        product, read = self.bandwidth["product"], self.bandwidth["read"]
        return self.threads < ONE_THREAD or bool(np.any(product.rate < read.at(product.size) / 2))

    @property
    def warning(self) -> str:
        """Empty on a quiet machine; otherwise what was seen and what to do about it."""
        if self.spread <= BUSY_SPREAD and not self.stalled:
            return ""
        seen = f"a typical run was {percent(self.spread)} below the best" if self.spread > BUSY_SPREAD else ""
        waited = "threads waited for each other" if self.stalled else ""
        return (
            f"Other programs were probably busy meanwhile: {' and '.join(filter(None, (seen, waited)))}. "
            "Close them, wait a moment and calibrate again."
        )
