"""Measure this computer in a few seconds: bandwidth by working set, peak by matrix size, latency by call.

Every number comes from NumPy doing a plain job, because that is the machine that the companion's programs run on:
one core for whole-array operations, all the threads of the linear-algebra library for products. The method is that
of STREAM (McCalpin, 1995): long vectors, several repetitions, the best one counts.
"""

import itertools
import os
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from mlsys_helpers.kit.checks import positive
from mlsys_helpers.machine.result import Curve, Machine
from mlsys_helpers.machine.timing import loops_for, once_s, times_s

PATTERNS = {
    "read": "the largest of an array, one core",
    "copy": "an array copied into another, one core",
    "add": "two arrays added into a third, one core",
    "product": "a matrix times a vector, all threads",
    "gather": "rows of one cache line in random order, one core",
}
LARGEST_BYTES = 2**27
LINE_BYTES = 64
GATHER_ROWS = 4096
MATRIX_SIZES = (32, 64, 128, 256, 512, 1024)
SEED = 16


@dataclass(frozen=True)
class Reading:
    """One measured point. `kind` is 'bandwidth' (bytes/s), 'matmul' or 'sum' (FLOP/s), or 'latency' (calls/s)."""

    kind: str
    name: str
    size: int
    rate: float
    typical: float
    done_share: float


def calibrate(on_reading: Callable[[Reading], object] | None = None, **options) -> Machine:
    """This computer, measured. `on_reading` is told of each reading as it comes; options as for `calibration`."""
    steps = calibration(**options)
    while True:
        try:
            reading = next(steps)
        except StopIteration as end:
            return end.value
        if on_reading:
            on_reading(reading)


def calibration(
    largest_bytes: int = LARGEST_BYTES, matrix_sizes: tuple[int, ...] = MATRIX_SIZES, repeats: int = 5
) -> Generator[Reading, None, Machine]:
    """Yield each Reading as it is taken and return the Machine; `calibrate` is the plain way to call it.

    Working sets grow by powers of two up to `largest_bytes` (128 MiB unless told), which should exceed the caches.
    """
    if positive("largest_bytes", largest_bytes, "bytes") < 2**18:
        raise ValueError(f"largest_bytes must be at least {2**18}, got {largest_bytes}")
    if not positive("matrix_sizes", matrix_sizes).size:
        raise ValueError("matrix_sizes must name at least one size, got none")
    start, readings = time.perf_counter(), []
    jobs = [*_bandwidth_jobs(int(largest_bytes)), *_matmul_jobs(matrix_sizes), *_small_jobs()]
    for number, (kind, name, size, amount, prepare) in enumerate(jobs, start=1):
        taken_s = times_s(prepare(), repeats)
        rates = amount / taken_s
        readings.append(Reading(kind, name, size, rates.max(), float(np.median(rates)), number / len(jobs)))
        yield readings[-1]
    return _machine(readings, threads_in_use(max(matrix_sizes)), time.perf_counter() - start)


def threads_in_use(size: int = 1024, tries: int = 3, at_least_s: float = 0.05) -> float:
    """CPU-seconds per second during a product of `size` x `size` float32 matrices: the threads that really worked.

    The highest of a few tries, because other programs can only take processors away.
    """
    run, busy = matmul_run(size, "float32"), []
    loops = loops_for(run, at_least_s)
    for _ in range(tries):
        wall, cpu = time.perf_counter(), time.process_time()
        once_s(run, loops)
        busy.append((time.process_time() - cpu) / (time.perf_counter() - wall))
    return max(busy)


def cpus_allowed() -> int:
    """How many CPUs this process may run on, which a container or a scheduler can make fewer than the computer has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Job = tuple[str, str, int, float, Callable[[], Callable[[], object]]]


def _bandwidth_jobs(largest_bytes: int) -> Iterator[Job]:
    """A job for each pattern and working set: kind, name, size, bytes moved, and what prepares the run."""
    pool = np.ones(largest_bytes // 4, np.float32)  # touched once here, so that no run pays for fresh pages
    makers = {"read": read_run, "copy": copy_run, "add": add_run, "product": product_run, "gather": gather_run}
    smallest = {"product": 2**16, "gather": 2**14}
    for name, maker in makers.items():
        size = smallest.get(name, 2**12)
        while size <= largest_bytes:
            yield "bandwidth", name, size, _moved(name, size), partial(maker, pool[: size // 4])
            size *= 2


def _moved(pattern: str, size: int) -> int:
    """Bytes that one run of a pattern asks for; a gather takes one block of rows, however large its table."""
    return GATHER_ROWS * LINE_BYTES if pattern == "gather" else size


def read_run(pool: np.ndarray) -> Callable[[], object]:
    """Reads every element once and keeps only the largest."""
    return pool.max


def copy_run(pool: np.ndarray) -> Callable[[], object]:
    """Reads one half and writes the other."""
    source, target = np.split(pool[: len(pool) // 2 * 2], 2)
    return lambda: np.copyto(target, source)


def add_run(pool: np.ndarray) -> Callable[[], object]:
    """Reads two thirds and writes the last."""
    left, right, target = np.split(pool[: len(pool) // 3 * 3], 3)
    return lambda: np.add(left, right, out=target)


def product_run(pool: np.ndarray) -> Callable[[], object]:
    """Reads a matrix once; its rows are as long as its columns, or twice as long."""
    matrix = pool.reshape(2 ** (int(np.log2(len(pool))) // 2), -1)
    vector, target = np.ones(matrix.shape[1], np.float32), np.empty(len(matrix), np.float32)
    return lambda: np.matmul(matrix, vector, out=target)


def gather_run(pool: np.ndarray) -> Callable[[], object]:
    """Reads a block of rows of one cache line each in random order; the next run takes other rows of the table."""
    table = pool.reshape(-1, LINE_BYTES // 4)
    target = np.empty((GATHER_ROWS, table.shape[1]), np.float32)
    blocks = random_blocks(np.random.default_rng(SEED), len(table), GATHER_ROWS)
    return lambda: np.take(table, next(blocks), axis=0, out=target, mode="clip")


def random_blocks(rng: np.random.Generator, rows: int, block: int) -> Iterator[np.ndarray]:
    """Without end, blocks of random row numbers; about `rows` are drawn before a block returns.

    A loop over a single block would leave its rows in the cache and measure that instead of the table.
    """
    return itertools.cycle(rng.integers(rows, size=(max(1, rows // block), block)))


def _matmul_jobs(sizes: tuple[int, ...]) -> Iterator[Job]:
    for dtype in ("float32", "float64"):
        for size in sizes:
            yield "matmul", dtype, size, 2.0 * size**3, partial(matmul_run, size, dtype)


def matmul_run(size: int, dtype: str) -> Callable[[], object]:
    """A square matrix times itself, into memory that is already there."""
    matrix = np.ones((size, size), dtype)
    target = np.empty_like(matrix)
    return lambda: np.matmul(matrix, matrix, out=target)


def _small_jobs() -> Iterator[Job]:
    """What does not depend on a size: adding in cache (2**16 floats), and calls that do next to nothing."""
    one, two = np.ones(1, np.float32), np.ones((2, 2), np.float32)
    out, square = np.empty_like(one), np.empty_like(two)
    yield "sum", "float32", 2**16, 2.0**16, lambda: np.ones(2**16, np.float32).sum
    yield "latency", "call", 1, 1.0, lambda: lambda: np.add(one, one, out=out)
    yield "latency", "product", 2, 1.0, lambda: lambda: np.matmul(two, two, out=square)
    yield "latency", "python", 0, 1.0, lambda: _nothing


def _nothing() -> None:
    """A Python function that does nothing, to time the call itself."""


def _machine(readings: list[Reading], threads: float, took_s: float) -> Machine:
    def curves(kind):
        names = dict.fromkeys(r.name for r in readings if r.kind == kind)
        return MappingProxyType(
            {name: _curve([r for r in readings if (r.kind, r.name) == (kind, name)]) for name in names}
        )

    rate = {(r.kind, r.name): r.rate for r in readings if r.kind in ("sum", "latency")}
    return Machine(
        bandwidth=curves("bandwidth"),
        matmul=curves("matmul"),
        sum_flop_per_s=float(rate["sum", "float32"]),
        call_latency_s=float(1 / rate["latency", "call"]),
        product_latency_s=float(1 / rate["latency", "product"]),
        python_call_s=float(1 / rate["latency", "python"]),
        cpus=cpus_allowed(),
        threads=threads,
        took_s=took_s,
    )


def _curve(readings: list[Reading]) -> Curve:
    size, rate, typical = (
        np.array([getattr(r, name) for r in readings], float) for name in ("size", "rate", "typical")
    )
    return Curve(size, rate, typical)
