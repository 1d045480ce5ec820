"""The iron law: time is bytes over bandwidth, plus operations over achieved throughput, plus a fixed latency.

Conventions. One multiply-add is 2 FLOP. FLOP/s is a rate, FLOP a count. Peaks are dense peaks. Bytes are bytes:
GB is 1e9 and GiB is 2**30. Utilisation is a share between 0 and 1, never a percentage. Every argument may be a
number or an array; arrays broadcast, so one call answers a million designs.

Sources: Machine Learning Systems, volume I, section 1.6, equations 4 to 6; the roofline is Williams, Waterman and
Patterson, "Roofline", CACM 52(4), 2009; the speed-up of a part is Amdahl, AFIPS 1967.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, share
from mlsys_helpers.kit.scaling import training_flop as training_flop

TERMS = ("data", "compute", "latency")


@dataclass(frozen=True)
class Terms:
    """Seconds by term. `data_s`, `compute_s` and `latency_s` are numbers or arrays that broadcast together."""

    data_s: float | np.ndarray
    compute_s: float | np.ndarray
    latency_s: float | np.ndarray

    @property
    def added_s(self):
        """Equation 4: each term waits for the one before, so seconds add."""
        return self.data_s + self.compute_s + self.latency_s

    @property
    def overlapped_s(self):
        """Equation 5: data movement hides behind arithmetic or the reverse; the latency hides behind neither."""
        return plain(np.maximum(self.data_s, self.compute_s)) + self.latency_s

    @property
    def binding(self):
        """The name of the largest term, one of TERMS; on a tie the one that comes first there."""
        index = np.greater(self.compute_s, self.data_s).astype(int)
        index = np.where(np.greater(self.latency_s, np.maximum(self.data_s, self.compute_s)), 2, index)
        return _names(index)

    def share_of(self, term: str):
        """The share of the added time spent in `term`."""
        return getattr(self, f"{term}_s") / self.added_s


def time_terms(bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation=1.0, latency_s=0.0) -> Terms:
    """The three terms of the iron law (equation 4), in seconds.

    Raises TypeError for text or anything else that is no plain number, and ValueError for negative sizes, rates that
    are not above zero, a utilisation outside (0, 1], NaN and infinity; each names the argument.
    """
    data = non_negative("bytes_moved", bytes_moved, "bytes") / positive(
        "bandwidth_bytes_per_s", bandwidth_bytes_per_s, "bytes/s"
    )
    achieved_flop_per_s = positive("peak_flop_per_s", peak_flop_per_s, "FLOP/s") * share("utilisation", utilisation)
    compute = non_negative("flop", flop, "FLOP") / achieved_flop_per_s
    return Terms(plain(data), plain(compute), plain(non_negative("latency_s", latency_s, "seconds")))


def speedup(terms: Terms, data=1.0, compute=1.0, latency=1.0, overlapped=False):
    """How many times faster the whole gets when each term is made `data`, `compute`, `latency` times faster.

    Amdahl's question asked of the iron law: `speedup(terms, compute=2)` is what twice the peak buys.
    """
    after = Terms(
        terms.data_s / plain(positive("data", data)),
        terms.compute_s / plain(positive("compute", compute)),
        terms.latency_s / plain(positive("latency", latency)),
    )
    return terms.overlapped_s / after.overlapped_s if overlapped else terms.added_s / after.added_s


def utilisation(flop, time_s, peak_flop_per_s):
    """The share of the peak that was reached: FLOP done, over FLOP the machine could have done in that time.

    Above 1 the operation count, the time or the peak is wrong (MAC for FLOP, sparse for dense).
    """
    could = positive("time_s", time_s, "seconds") * positive("peak_flop_per_s", peak_flop_per_s, "FLOP/s")
    return plain(non_negative("flop", flop, "FLOP") / could)


# The roofline


def intensity(flop, bytes_moved):
    """Arithmetic intensity, FLOP for each byte moved."""
    return plain(non_negative("flop", flop, "FLOP") / positive("bytes_moved", bytes_moved, "bytes"))


def ridge(peak_flop_per_s, bandwidth_bytes_per_s):
    """The ridge point, FLOP/byte: below it the data term is the larger, above it the compute term."""
    return plain(
        positive("peak_flop_per_s", peak_flop_per_s, "FLOP/s")
        / positive("bandwidth_bytes_per_s", bandwidth_bytes_per_s, "bytes/s")
    )


def attainable_flop_per_s(intensity_flop_per_byte, peak_flop_per_s, bandwidth_bytes_per_s):
    """The roof over an intensity, FLOP/s: the smaller of the peak and intensity times bandwidth."""
    slope = non_negative("intensity_flop_per_byte", intensity_flop_per_byte, "FLOP/byte") * positive(
        "bandwidth_bytes_per_s", bandwidth_bytes_per_s, "bytes/s"
    )
    return plain(np.minimum(positive("peak_flop_per_s", peak_flop_per_s, "FLOP/s"), slope))


# Counting work


@dataclass(frozen=True)
class Work:
    """What a job asks of a machine: bytes to move and FLOP to do. `a + b` is both, `a * n` is n of them."""

    bytes_moved: float | np.ndarray
    flop: float | np.ndarray

    def __add__(self, other: "Work") -> "Work":
        return Work(self.bytes_moved + other.bytes_moved, self.flop + other.flop)

    def __mul__(self, times) -> "Work":
        return Work(self.bytes_moved * times, self.flop * times)

    @property
    def intensity(self):
        """FLOP for each byte moved."""
        return intensity(self.flop, self.bytes_moved)


def matmul_work(m, n, k, bytes_per_element) -> Work:
    """An (m x k) matrix times a (k x n) matrix: 2mnk FLOP; both read and the result written once."""
    m, n, k = positive("m", m), positive("n", n), positive("k", k)
    moved = (m * k + k * n + m * n) * positive("bytes_per_element", bytes_per_element, "bytes")
    return Work(plain(moved), plain(2 * m * n * k))


def layered_work(params, flop_per_item, bytes_per_item, bytes_per_param, batch=1) -> Work:
    """A forward pass over a batch: weights are read once for all, each item brings its own bytes and FLOP.

    This is where reuse comes from: the intensity grows with the batch until each item's own bytes dominate.
    """
    batch = positive("batch", batch, "items")
    weights = non_negative("params", params) * positive("bytes_per_param", bytes_per_param, "bytes")
    moved = weights + batch * non_negative("bytes_per_item", bytes_per_item, "bytes")
    return Work(plain(moved), plain(batch * non_negative("flop_per_item", flop_per_item, "FLOP")))


@dataclass(frozen=True)
class Transformer:
    """The numbers of a decoder-only transformer that its time depends on.

    `kv_heads` is smaller than `heads` where queries share keys and values (grouped-query attention).
    """

    params: float
    layers: int
    heads: int
    kv_heads: int
    head_dim: int

    def kv_bytes_per_token(self, bytes_per_value=2.0):
        """Bytes that one token leaves in the KV cache: a key and a value in every layer."""
        return 2 * self.layers * self.kv_heads * self.head_dim * bytes_per_value

    def attention_flop(self, context):
        """FLOP for one token to look at `context` tokens: scores and weighted sum, 2 FLOP a multiply-add."""
        return 2 * 2 * self.layers * self.heads * self.head_dim * non_negative("context", context, "tokens")

    def decode_work(self, context, batch=1, bytes_per_param=2.0, bytes_per_value=2.0) -> Work:
        """One decode step: a new token for each of `batch` sequences that are `context` tokens long.

        Weights are read once for the batch; every sequence reads its own KV cache.
        """
        batch, context = positive("batch", batch, "sequences"), non_negative("context", context, "tokens")
        cache = context * self.kv_bytes_per_token(positive("bytes_per_value", bytes_per_value, "bytes"))
        weights = self.params * positive("bytes_per_param", bytes_per_param, "bytes")
        flop = batch * (2 * self.params + self.attention_flop(context))
        return Work(plain(weights + batch * cache), plain(flop))

    def prefill_work(self, prompt, batch=1, bytes_per_param=2.0, bytes_per_value=2.0) -> Work:
        """Reading a prompt of `prompt` tokens at once: weights read once, the cache written, causal attention."""
        batch, prompt = positive("batch", batch, "sequences"), positive("prompt", prompt, "tokens")
        cache = batch * prompt * self.kv_bytes_per_token(positive("bytes_per_value", bytes_per_value, "bytes"))
        weights = self.params * positive("bytes_per_param", bytes_per_param, "bytes")
        flop = batch * prompt * (2 * self.params + self.attention_flop((prompt + 1) / 2))
        return Work(plain(weights + cache), plain(flop))

    def memory_bytes(self, context, batch=1, bytes_per_param=2.0, bytes_per_value=2.0):
        """Bytes that weights and KV cache take together."""
        return plain(
            positive("bytes_per_param", bytes_per_param, "bytes") * self.params
            + positive("batch", batch) * non_negative("context", context) * self.kv_bytes_per_token(bytes_per_value)
        )


def transformer(workload) -> Transformer:
    """The Transformer of a facts.Workload that lists its layers and heads; ValueError for one that does not."""
    if workload.item != "token":
        raise ValueError(f"{workload.workload} is no text generator: one of its items is one {workload.item}")
    return Transformer(workload.params, workload.layers, workload.heads, workload.kv_heads, workload.head_dim)


def workload_work(workload, batch=1, bytes_per_value=2.0, tokens=1024, prefill=False) -> Work:
    """One step of a facts.Workload with every value stored in `bytes_per_value` bytes.

    A text generator decodes one token for each of `batch` sequences that are `tokens` long, or with `prefill` reads
    that many at once. Any other model passes `batch` items; its activations shrink with the bytes of a value.
    """
    if workload.item == "token":
        step = transformer(workload).prefill_work if prefill else transformer(workload).decode_work
        return step(tokens, batch, bytes_per_value, bytes_per_value)
    item_bytes = (workload.bytes_per_item or 0.0) * np.asarray(bytes_per_value) / workload.bytes_per_param
    return layered_work(workload.params, workload.flop_per_item, plain(item_bytes), bytes_per_value, batch)


def training_time_s(flop, chips, peak_flop_per_s, utilisation):
    """Seconds for a training run whose compute term is all that matters: FLOP over what all the chips achieve."""
    return time_terms(0.0, 1.0, flop, chips * positive("peak_flop_per_s", peak_flop_per_s), utilisation).compute_s


# Energy and money


@dataclass(frozen=True)
class Energy:
    """Joules by cause. A budget of its own beside time: joules never add to seconds."""

    move_j: float | np.ndarray
    compute_j: float | np.ndarray

    @property
    def total_j(self):
        """Equation 6: bytes moved and operations done, each at its price."""
        return self.move_j + self.compute_j

    @property
    def dominant(self):
        """'data' where moving costs at least as much as computing, else 'compute'."""
        return _names(np.greater(self.compute_j, self.move_j).astype(int))


def energy(bytes_moved, flop, move_j_per_byte, compute_j_per_flop) -> Energy:
    """Joules to move `bytes_moved` bytes and do `flop` operations (equation 6)."""
    move = non_negative("bytes_moved", bytes_moved, "bytes") * positive("move_j_per_byte", move_j_per_byte, "J/byte")
    compute = non_negative("flop", flop, "FLOP") * positive("compute_j_per_flop", compute_j_per_flop, "J/FLOP")
    return Energy(plain(move), plain(compute))


def energy_crossover(move_j_per_byte, compute_j_per_flop):
    """The intensity, FLOP/byte, at which arithmetic costs as much energy as movement; below it movement dominates."""
    return plain(
        positive("move_j_per_byte", move_j_per_byte, "J/byte")
        / positive("compute_j_per_flop", compute_j_per_flop, "J/FLOP")
    )


def return_on_compute(accuracy_before, accuracy_after, cost_before, cost_after):
    """Accuracy gained, in percentage points, for each unit of cost added. Accuracies are shares between 0 and 1.

    The costs may be dollars, FLOP or hours, as long as both are the same. The added cost is what counts: going from
    1 to 10 adds 9. Raises ValueError where no cost was added.
    """
    added = non_negative("cost_after", cost_after) - non_negative("cost_before", cost_before)
    gained_points = 100 * (share("accuracy_after", accuracy_after) - share("accuracy_before", accuracy_before))
    return plain(gained_points / positive("cost_after - cost_before", added))


def _names(index: np.ndarray):
    """Indices into TERMS as names: one name for a single index."""
    return TERMS[int(index)] if index.ndim == 0 else np.take(np.array(TERMS), index)
