"""Three experiments that really run: the law against this computer, a pipeline that overlaps, a decoder with a memory.

1. `time_kernels` predicts real NumPy kernels from a calibration, then times them and finds out which term bound them.
2. `prefetch` loads and computes one after the other, then at once: the sum of two times becomes the larger of them.
3. `decode` generates tokens with and without a KV cache: the same tokens, at a cost that grows with the square or not.

The first two yield a row as soon as they have one, the third tells of each repetition; results keep all of them.
Random inputs come from `SEED`.
"""

import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from mlsys_helpers.kit.checks import one_of, positive
from mlsys_helpers.machine.calibrate import LINE_BYTES, matmul_run, random_blocks
from mlsys_helpers.machine.result import Machine
from mlsys_helpers.machine.timing import Clock, loops_for, once_s
from mlsys_helpers.sections.iron_law.model import TERMS, Terms, time_terms

SEED = 16
FLOAT_BYTES = 4
IN_CACHE_BYTES = 2**17  # for tiny arrays too: below it the calibrated rate is that of the call, counted elsewhere
Run = Callable[[], object]


# 1. The law against this computer


@dataclass(frozen=True)
class Probe:
    """The same job with one term's work multiplied by `times` and the other two kept: how the binding term is found.

    What the run's time changes by, over the share of work that was taken away or added, is what the term costs. With
    `times` 0 the term's work is all but gone (data that never leaves the cache), and the cost found is the least.
    """

    term: str
    times: float
    run: Run

    def cost_s(self, base_s: float, probed_s: float) -> float:
        """Seconds that the term costs in a run of `base_s`; 0 when its work made no difference."""
        return max(0.0, (base_s - probed_s) / (1 - self.times))


@dataclass(frozen=True)
class Runs:
    """A kernel with its memory allocated: the run to be timed and its probes."""

    base: Run
    probes: tuple[Probe, ...]


@dataclass(frozen=True)
class Kernel:
    """A job described by what the law needs, and how to set it up.

    `pattern` names the bandwidth curve that applies, `call` the latency that each of `calls` costs. `at_once` is True
    where a core fetches ahead while it computes (one plain loop: the law's overlapped form) and False where the job
    works in phases (a product that first repacks its matrices: the added form). `chained` marks additions that wait
    for each other, which reach the calibrated rate of a sum and not the peak.
    """

    name: str
    bytes_moved: float
    working_set_bytes: float
    pattern: str
    flop: float
    prepare: Callable[[np.random.Generator], Runs]
    calls: int = 1
    call: str = "call"
    at_once: bool = False
    chained: bool = False


@dataclass(frozen=True)
class Prediction:
    """What the law says of a kernel before it has run."""

    kernel: Kernel
    terms: Terms

    @property
    def time_s(self) -> float:
        """Seconds, in the form (added or overlapped) that the kernel declares."""
        return self.terms.overlapped_s if self.kernel.at_once else self.terms.added_s


def predict(kernel: Kernel, machine: Machine) -> Prediction:
    """The iron law for one kernel, from the calibration of this computer and nothing else."""
    peak_flop_per_s = machine.peak_flop_per_s("float32")
    latencies_s = {"call": machine.call_latency_s, "product": machine.product_latency_s}
    terms = time_terms(
        kernel.bytes_moved,
        machine.bandwidth_bytes_per_s(kernel.working_set_bytes, kernel.pattern),
        kernel.flop,
        peak_flop_per_s,
        utilisation=min(1.0, machine.sum_flop_per_s / peak_flop_per_s) if kernel.chained else 1.0,
        latency_s=kernel.calls * latencies_s[one_of("call", kernel.call, latencies_s)],
    )
    return Prediction(kernel, terms)


@dataclass(frozen=True, eq=False)
class KernelRow:
    """One kernel, predicted and then measured.

    `measured_s` has one time for each repetition; `cost_s` the seconds that a probe found for each term whose
    work could be changed alone; `confirmed` the term that costs most by that test, or '' where the test could not tell.
    """

    prediction: Prediction
    measured_s: np.ndarray
    cost_s: dict[str, float]

    @property
    def name(self) -> str:
        """The kernel's name."""
        return self.prediction.kernel.name

    @property
    def predicted_s(self) -> float:
        """Seconds that the law gave before the first run."""
        return self.prediction.time_s

    @property
    def median_s(self) -> float:
        """The median of the repetitions, seconds."""
        return float(np.median(self.measured_s))

    @property
    def error(self) -> float:
        """Predicted over measured, minus one: -0.2 is a prediction 20 % too short."""
        return self.predicted_s / self.median_s - 1

    @property
    def binding(self) -> str:
        """The term that the law says binds."""
        return self.prediction.terms.binding

    @property
    def confirmed(self) -> str:
        """The term with the largest cost by its probe.

        '' where that is under a third of the fastest run: the largest of three terms cannot be, so the probes failed.
        """
        term = max(self.cost_s, key=self.cost_s.__getitem__)
        return term if self.cost_s[term] >= self.measured_s.min() / len(TERMS) else ""

    @property
    def binding_right(self) -> bool:
        """Whether the probes confirm the predicted term."""
        return self.binding == self.confirmed


def time_kernels(
    machine: Machine,
    kernels: Sequence[Kernel] | None = None,
    repetitions: int = 5,
    seed: int = SEED,
    at_least_s: float = 0.005,
    clock: Clock = time.perf_counter,
) -> Iterator[KernelRow]:
    """Predict every kernel, then time one after the other, yielding a row for each.

    All predictions are made before the first kernel is set up. A repetition times the kernel and its probes in turn,
    so that a slow moment of the computer meets them all.
    """
    positive("repetitions", repetitions)
    predictions = [predict(kernel, machine) for kernel in (standard_kernels() if kernels is None else kernels)]
    for prediction in predictions:
        runs = prediction.kernel.prepare(np.random.default_rng(seed))
        yield _timed(prediction, runs, repetitions, at_least_s, clock)


def _timed(prediction: Prediction, runs: Runs, repetitions: int, at_least_s: float, clock: Clock) -> KernelRow:
    jobs = [runs.base, *(probe.run for probe in runs.probes)]
    loops = [loops_for(job, at_least_s, clock) for job in jobs]
    times_s = np.array([[once_s(j, n, clock) for j, n in zip(jobs, loops, strict=True)] for _ in range(repetitions)])
    base_s, *probed_s = times_s.min(axis=0)  # other programs only ever add time
    costs = {p.term: p.cost_s(base_s, t) for p, t in zip(runs.probes, probed_s, strict=True)}
    return KernelRow(prediction, times_s[:, 0], costs)


def median_error(rows: Sequence[KernelRow]) -> float:
    """The median absolute error of the predicted times, as a share of the measured ones."""
    return median(abs(row.error) for row in rows)


def standard_kernels() -> tuple[Kernel, ...]:
    """Twelve kernels on both sides of the ridge, from streaming weights to calls that do nothing."""
    return (
        matrix_vector(6144, 4096),
        *(matrix_matrix(2048, batch) for batch in (4, 16, 64, 256)),
        scaling(2**23),
        largest(2**24),
        total(2**22),
        gather(1_500_000, 16, 8192),
        gather(375_000, 64, 8192),
        tiny_layers(64, 1000),
        tiny_products(8, 2000),
    )


def matrix_vector(rows: int, columns: int) -> Kernel:
    """One input through one layer: each weight is fetched for a single multiply-add.

    Data probe: as many rows of weights, but always the same few, which stay in the cache. Latency probe: two calls for
    half the rows each.
    """

    def prepare(rng: np.random.Generator) -> Runs:
        weights, x, out = _floats(rng, rows, columns), _floats(rng, columns), np.empty(rows, np.float32)
        few = _divisor(rows, 2**21 // (columns * FLOAT_BYTES))
        near = weights[:few].copy()
        halves = tuple(zip(np.split(weights, 2), np.split(out, 2), strict=True))
        return Runs(
            lambda: np.matmul(weights, x, out=out),
            (
                Probe("data", 0, lambda: _repeat(lambda: np.matmul(near, x, out=out[:few]), rows // few)),
                Probe("latency", 2, lambda: [np.matmul(half, x, out=part) for half, part in halves]),
            ),
        )

    moved = FLOAT_BYTES * rows * columns
    return Kernel(
        f"matrix {rows}x{columns} times vector", moved, moved, "product", 2 * rows * columns, prepare, call="product"
    )


def matrix_matrix(width: int, batch: int) -> Kernel:
    """A batch of inputs through one square layer.

    Linear-algebra libraries first repack the weights into blocks that suit the caches, so the weights are read,
    written and read again: three times their bytes (Goto and van de Geijn, "Anatomy of High-Performance Matrix
    Multiplication", ACM TOMS 34(3), 2008). Compute probe: twice the batch. Data probe: half the weights and twice the
    batch, which is as much arithmetic. Neither makes the batch smaller, which would leave vector units half empty.
    """

    def prepare(rng: np.random.Generator) -> Runs:
        weights = _floats(rng, width, width)

        def run(rows: int, columns: int) -> Run:
            x, out, part = _floats(rng, width, columns), np.empty((rows, columns), np.float32), weights[:rows]
            return lambda: np.matmul(part, x, out=out)

        probes = (Probe("data", 0.5, run(width // 2, 2 * batch)), Probe("compute", 2, run(width, 2 * batch)))
        return Runs(run(width, batch), probes)

    weights_bytes, others = FLOAT_BYTES * width**2, 2 * FLOAT_BYTES * width * batch
    moved = 3 * weights_bytes + others
    name = f"matrix {width}x{width} times batch {batch}"
    return Kernel(name, moved, weights_bytes + others, "product", 2 * width**2 * batch, prepare, call="product")


def scaling(size: int) -> Kernel:
    """Every element of an array times 3, into another array. Data probe: the same few elements, again and again.

    Compute probe: half as many numbers, each of twice the bytes.
    """

    def prepare(rng: np.random.Generator) -> Runs:
        x, out = _floats(rng, size), np.zeros(size, np.float32)
        wide, wide_out = x[: size // 2].astype(float), out.view(float)
        near, near_out, three = x[: 2**16], out[: 2**16], np.float32(3)
        return Runs(
            lambda: np.multiply(x, three, out=out),
            (
                Probe("data", 0, lambda: _repeat(lambda: np.multiply(near, three, out=near_out), size // 2**16)),
                Probe("compute", 0.5, lambda: np.multiply(wide, 3.0, out=wide_out)),
            ),
        )

    moved = 2 * FLOAT_BYTES * size
    return Kernel(f"scale {size:,} numbers", moved, moved, "add", size, prepare, at_once=True)


def largest(size: int) -> Kernel:
    """The largest of an array: comparisons that need not wait for each other."""
    return _reduction(f"largest of {size:,}", size, np.max, chained=False)


def total(size: int) -> Kernel:
    """The sum of an array: each addition waits for the last, so that arithmetic can be slower than memory."""
    return _reduction(f"sum of {size:,}", size, np.sum, chained=True)


def _reduction(name: str, size: int, reduce: Callable, chained: bool) -> Kernel:
    """One number from an array, with the probes of `scaling`."""

    def prepare(rng: np.random.Generator) -> Runs:
        x = _floats(rng, size)
        wide, near = x[: size // 2].astype(float), x[: 2**16]
        again = Probe("data", 0, lambda: _repeat(lambda: reduce(near), size // 2**16))
        return Runs(lambda: reduce(x), (again, Probe("compute", 0.5, lambda: reduce(wide))))

    moved = FLOAT_BYTES * size
    return Kernel(name, moved, moved, "read", size, prepare, at_once=True, chained=chained)


def gather(rows: int, width: int, lookups: int) -> Kernel:
    """Random rows of a table, as a recommender fetches embeddings.

    Data probe: a table that fits the cache. Latency probe: two calls for half the rows each.

    Bytes are whole cache lines. The calibration gathers single lines: rows of several lines come faster than it says,
    because the processor fetches the neighbours of a line unasked.
    """

    def prepare(rng: np.random.Generator) -> Runs:
        table, out = _floats(rng, rows, width), np.empty((lookups, width), np.float32)
        few = IN_CACHE_BYTES // (FLOAT_BYTES * width)
        far, close = random_blocks(rng, rows, lookups), random_blocks(rng, few, lookups)

        def run(source: np.ndarray, blocks: Iterator[np.ndarray], calls: int = 1) -> Run:
            parts = np.split(out, calls)

            def look_up() -> None:
                for part, block in zip(parts, np.split(next(blocks), calls), strict=True):
                    np.take(source, block, axis=0, out=part, mode="clip")

            return look_up

        near = table[:few].copy()
        return Runs(run(table, far), (Probe("data", 0, run(near, close)), Probe("latency", 2, run(table, far, 2))))

    lines = -(-FLOAT_BYTES * width // LINE_BYTES)
    moved = lookups * lines * LINE_BYTES
    return Kernel(
        f"gather {lookups} rows of {width}", moved, FLOAT_BYTES * rows * width, "gather", 0, prepare, at_once=True
    )


def tiny_layers(width: int, layers: int) -> Kernel:
    """Multiply, add, clip at zero on a few numbers, many times over: three calls a layer.

    Latency probe: half the calls, each on twice the numbers. Data probe: half the numbers in as many calls.
    """

    def prepare(rng: np.random.Generator) -> Runs:
        def run(size: int, times: int) -> Run:
            x, w, b = _floats(rng, 3, size)
            zero, out = np.zeros((2, size), np.float32)

            def layer() -> None:
                np.multiply(x, w, out=out)
                np.add(out, b, out=out)
                np.maximum(out, zero, out=out)

            return lambda: _repeat(layer, times)

        probes = (Probe("latency", 0.5, run(2 * width, layers // 2)), Probe("data", 0.5, run(width // 2, layers)))
        return Runs(run(width, layers), probes)

    calls = 3 * layers
    moved = calls * 3 * FLOAT_BYTES * width
    return Kernel(
        f"{calls} calls on {width} numbers",
        moved,
        IN_CACHE_BYTES,
        "add",
        calls * width,
        prepare,
        calls=calls,
        at_once=True,
    )


def tiny_products(width: int, products: int) -> Kernel:
    """Many products of matrices too small to matter.

    Latency probe: as much arithmetic in an eighth of the calls. Compute probe: an eighth of it in as many calls.
    """

    def prepare(rng: np.random.Generator) -> Runs:
        def run(size: int, times: int) -> Run:
            product = matmul_run(size, "float32")
            return lambda: _repeat(product, times)

        fewer, smaller = run(2 * width, products // 8), run(width // 2, products)
        return Runs(run(width, products), (Probe("latency", 1 / 8, fewer), Probe("compute", 1 / 8, smaller)))

    moved, flop = products * 3 * FLOAT_BYTES * width**2, products * 2 * width**3
    name = f"{products} products of {width}x{width}"
    return Kernel(name, moved, IN_CACHE_BYTES, "add", flop, prepare, calls=products, call="product", at_once=True)


def _repeat(run: Run, times: int) -> None:
    for _ in range(times):
        run()


def _floats(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.random(shape, np.float32)


def _divisor(number: int, at_most: int) -> int:
    """The largest divisor of `number` that is not above `at_most`."""
    return max(d for d in range(1, max(1, at_most) + 1) if number % d == 0)


# 2. Prefetch: sum becomes max


@dataclass(frozen=True, eq=False)
class PrefetchRow:
    """Loading and computing `items` batches, one after the other and with the next load running meanwhile.

    `load_s` and `compute_s` are for one batch, timed alone; the other two have one total for each repetition.
    """

    items: int
    load_s: float
    compute_s: float
    sequential_s: np.ndarray
    prefetched_s: np.ndarray
    same_results: bool

    @property
    def sum_s(self) -> float:
        """What the added form predicts for all batches."""
        return self.items * (self.load_s + self.compute_s)

    @property
    def max_s(self) -> float:
        """What the overlapped form predicts: the first load and the last computation have nothing to hide behind."""
        return self.load_s + (self.items - 1) * max(self.load_s, self.compute_s) + self.compute_s


def prefetch(
    balances: Sequence[float] = (0.25, 1.0, 4.0),
    items: int = 12,
    batch_bytes: int = 2**20,
    repetitions: int = 3,
    seed: int = SEED,
) -> Iterator[PrefetchRow]:
    """Yield a row for each balance, the time to compute a batch over the time to load it.

    Loading reads a real file and decompresses it; computing is whole-array arithmetic. Both let go of Python's lock
    and keep one core busy, so that they overlap where there are two. Matrix products would not show it: they take
    every core for themselves. Raises RuntimeError where no thread can be started.
    """
    positive("items", items)
    _check_threads()
    with tempfile.TemporaryDirectory() as folder:
        load = _loader(_write_batches(Path(folder), items, batch_bytes, np.random.default_rng(seed)))
        for balance in balances:
            yield _prefetch_row(load, _computer(load(0), balance * _median_s(lambda: load(0))), items, repetitions)


def _check_threads() -> None:
    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()
    except RuntimeError as error:
        raise RuntimeError(
            f"loading ahead needs a second thread, and there is none here ({error}): a page in the browser has one. "
            "Run this cell in JupyterLab on a computer; the notebook as it was stored shows what it gave there"
        ) from error


def in_turn(load: Callable, compute: Callable, items: int) -> list:
    """Load a batch, compute it, load the next."""
    return [compute(load(number)) for number in range(items)]


def ahead(load: Callable, compute: Callable, items: int) -> list:
    """Compute a batch while a second thread loads the next."""
    results = []
    with ThreadPoolExecutor(1) as loader:
        coming = loader.submit(load, 0)
        for number in range(items):
            batch = coming.result()
            if number + 1 < items:
                coming = loader.submit(load, number + 1)
            results.append(compute(batch))
    return results


def _prefetch_row(load: Callable, compute: Callable, items: int, repetitions: int) -> PrefetchRow:
    batch = load(0)
    load_s, compute_s = _median_s(lambda: load(0)), _median_s(lambda: compute(batch))
    times_s = np.array(
        [[once_s(partial(way, load, compute, items)) for way in (in_turn, ahead)] for _ in range(repetitions)]
    )
    same = in_turn(load, compute, items) == ahead(load, compute, items)
    return PrefetchRow(items, load_s, compute_s, times_s[:, 0], times_s[:, 1], same)


def _write_batches(folder: Path, items: int, batch_bytes: int, rng: np.random.Generator) -> list[Path]:
    """Files of compressed float32 numbers with few distinct values, so that there is something to compress."""
    paths = [folder / f"{number}.z" for number in range(items)]
    for path in paths:
        batch = rng.integers(256, size=batch_bytes // FLOAT_BYTES).astype(np.float32) / 256
        path.write_bytes(zlib.compress(batch.tobytes(), level=1))
    return paths


def _loader(paths: list[Path]) -> Callable[[int], np.ndarray]:
    return lambda number: np.frombuffer(zlib.decompress(paths[number].read_bytes()), np.float32)


def _computer(batch: np.ndarray, wanted_s: float) -> Callable[[np.ndarray], float]:
    """A computation that takes about `wanted_s`: as many passes over the batch as fit, then their sum."""
    out = np.empty_like(batch)
    one_pass_s = _median_s(lambda: np.cos(batch, out=out))
    passes = max(1, round(wanted_s / one_pass_s))

    def compute(numbers: np.ndarray) -> float:
        np.copyto(out, numbers)
        for _ in range(passes):
            np.cos(out, out=out)
        return float(out.sum())

    return compute


def _median_s(run: Run, repeats: int = 5) -> float:
    run()
    return median(once_s(run) for _ in range(repeats))


# 3. A decoder with and without a memory


@dataclass(frozen=True, eq=False)
class Decoder:
    """A small decoder-only transformer with random weights: it has nothing to say, at the real cost of saying it.

    `embed` and `place` turn a token and its position into numbers, `score` turns numbers into a score for every token.
    A layer is attention (`qkv`, then `out`) and two dense matrices (`up`, `down`), each added to what came in.
    """

    heads: int
    embed: np.ndarray
    place: np.ndarray
    score: np.ndarray
    layers: tuple[dict[str, np.ndarray], ...]

    @property
    def width(self) -> int:
        """Numbers that stand for one token between layers."""
        return self.embed.shape[1]


class Cache:
    """Keys and values of the tokens so far, in every layer, with room for `length`. It grows: that is its purpose."""

    def __init__(self, decoder: Decoder, length: int):
        self.kept = np.zeros((len(decoder.layers), 2, length, decoder.width), np.float32)
        self.tokens = 0

    @property
    def bytes_held(self) -> int:
        """Bytes of the keys and values in use."""
        return self.kept[:, :, : self.tokens].nbytes


def random_decoder(rng: np.random.Generator, layers=4, width=256, heads=4, vocabulary=256, longest=1024) -> Decoder:
    """A decoder whose weights are normal with variance one over the inputs of each matrix."""
    if width % heads:
        raise ValueError(f"width must be a multiple of heads, got width {width} and {heads} heads")

    def weights(rows: int, columns: int) -> np.ndarray:
        return (rng.standard_normal((rows, columns)) / np.sqrt(rows)).astype(np.float32)

    shapes = {"qkv": (width, 3 * width), "out": (width, width), "up": (width, 4 * width), "down": (4 * width, width)}
    stack = tuple({name: weights(*shape) for name, shape in shapes.items()} for _ in range(layers))
    embed, place = (rng.standard_normal((rows, width)).astype(np.float32) for rows in (vocabulary, longest))
    return Decoder(heads, embed, place, weights(width, vocabulary), stack)


def next_logits(decoder: Decoder, tokens: np.ndarray, cache: Cache) -> np.ndarray:
    """Scores of every possible next token after those in the cache and then `tokens`, which the cache takes up.

    With all tokens and an empty cache this recomputes everything; with one token and the rest cached, one column.
    """
    past, now = cache.tokens, cache.tokens + len(tokens)
    if now > min(cache.kept.shape[2], len(decoder.place)):
        raise ValueError(
            f"no room for {now} tokens: the cache holds {cache.kept.shape[2]}, places {len(decoder.place)}"
        )
    x = decoder.embed[tokens] + decoder.place[past:now]
    for layer, (keys, values) in zip(decoder.layers, cache.kept, strict=True):
        query, keys[past:now], values[past:now] = np.split(_even(x) @ layer["qkv"], 3, axis=1)
        x = x + _attend(decoder.heads, query, keys[:now], values[:now]) @ layer["out"]
        x = x + np.maximum(_even(x) @ layer["up"], 0) @ layer["down"]
    cache.tokens = now
    return _even(x[-1:])[0] @ decoder.score


def _even(x: np.ndarray) -> np.ndarray:
    """Each row shifted and scaled to mean 0 and variance 1 (layer normalisation without learned parameters)."""
    centred = x - x.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)


def _attend(heads: int, query: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Causal attention: the last of `query` sees every key, the one before all but the last, and so on."""
    new, old, width = len(query), len(keys), query.shape[1] // heads
    q, k, v = (part.reshape(-1, heads, width).transpose(1, 0, 2) for part in (query, keys, values))
    scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(width))
    hidden = np.arange(old) > np.arange(old - new, old)[:, None]
    scores[:, hidden] = -np.inf
    weight = np.exp(scores - scores.max(axis=2, keepdims=True))
    weight /= weight.sum(axis=2, keepdims=True)
    return (weight @ v).transpose(1, 0, 2).reshape(new, -1)


def decoder_flop(decoder: Decoder, new, past):
    """FLOP to put `new` tokens through after `past` cached ones: every weight once a token, every pair of tokens twice.

    Pairs that the causal mask hides are computed and thrown away here, so they count. Normalisation and the softmax,
    a few operations for each number, do not.
    """
    weights = sum(matrix.size for layer in decoder.layers for matrix in layer.values())
    pairs = 2 * len(decoder.layers) * decoder.width * new * (past + new)
    return 2 * (weights * new + pairs + decoder.score.size)


@dataclass(frozen=True, eq=False)
class DecodeReport:
    """Generating token after token with and without a cache; arrays run over positions, 1 to the last.

    Times have a row for each repetition. `largest_difference` is between the scores of both ways, over all positions.
    """

    position: np.ndarray
    without_s: np.ndarray
    with_s: np.ndarray
    without_flop: np.ndarray
    with_flop: np.ndarray
    cache_bytes: np.ndarray
    tokens: np.ndarray
    largest_difference: float

    @property
    def total_without_s(self) -> float:
        """Seconds for the whole text without a cache, the median over repetitions."""
        return float(np.median(self.without_s.sum(axis=1)))

    @property
    def total_with_s(self) -> float:
        """Seconds for the whole text with a cache, the median over repetitions."""
        return float(np.median(self.with_s.sum(axis=1)))


def decode(
    decoder: Decoder | None = None,
    tokens: int = 128,
    repetitions: int = 3,
    seed: int = SEED,
    at_most_s: float = 8.0,
    on_repetition: Callable[[int], object] | None = None,
) -> DecodeReport:
    """Generate `tokens` tokens greedily from the same first one, both ways in turn, and compare.

    No second or later repetition begins after `at_most_s`; `on_repetition` is told the number of each finished one.
    Raises ArithmeticError if the two ways disagree in a token, or in a score by more than float32 rounding explains:
    then the comparison would mean nothing.
    """
    positive("tokens", tokens), positive("repetitions", repetitions)
    decoder = decoder or random_decoder(np.random.default_rng(seed), longest=tokens)
    start, runs = time.perf_counter(), []
    for number in range(repetitions):
        if number and time.perf_counter() - start > at_most_s:
            break
        runs.append((_generate(decoder, tokens, cached=False), _generate(decoder, tokens, cached=True)))
        if on_repetition:
            on_repetition(number + 1)
    (_, scores, written, _), (_, cached_scores, cached_written, cache_bytes) = runs[-1]
    if not (np.array_equal(written, cached_written) and np.allclose(scores, cached_scores, rtol=1e-3, atol=1e-3)):
        raise ArithmeticError("with and without a cache the decoder wrote different tokens")
    position = np.arange(1, tokens + 1)
    return DecodeReport(
        position=position,
        without_s=np.array([run[0] for run, _ in runs]),
        with_s=np.array([run[0] for _, run in runs]),
        without_flop=decoder_flop(decoder, position, 0),
        with_flop=decoder_flop(decoder, 1, position - 1),
        cache_bytes=cache_bytes,
        tokens=written,
        largest_difference=float(np.abs(scores - cached_scores).max()),
    )


def _generate(decoder: Decoder, tokens: int, cached: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Seconds and scores at each position, the tokens written, and the bytes that the cache held."""
    cache, written = Cache(decoder, tokens), np.zeros(tokens + 1, int)
    times_s, scores, held = np.zeros(tokens), np.zeros((tokens, decoder.score.shape[1])), np.zeros(tokens)
    for at in range(tokens):
        start = time.perf_counter()
        if not cached:
            cache.tokens = 0  # what was kept is forgotten
        scores[at] = next_logits(decoder, written[cache.tokens : at + 1], cache)
        written[at + 1] = scores[at].argmax()
        times_s[at], held[at] = time.perf_counter() - start, cache.bytes_held
    return times_s, scores, written[1:], held
