"""The seven tasks of section 1.12, each with the mistakes that people make in it."""

from functools import partial
from graphlib import TopologicalSorter

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.kit.units import GIGA, MEGA, MICRO, MILLI
from mlsys_helpers.sections.book_map import model

# 1. What to read first


def _read_first(needs, name):
    return tuple(sorted(model.read_first(needs, name)))


def _map(rng, size: int = 7) -> dict:
    """A chain of four that the alphabet does not follow, and more names that need one or two of the others."""
    names = [str(name) for name in rng.permutation(list("abcdefghijklm"))[:size]]
    chain = sorted(names[:4])
    first, second, third, last = (chain[i] for i in (2, 0, 3, 1))
    needs = {first: set(), second: {first}, third: {second}, last: {third}}
    for name in names[4:]:
        needs[name] = {str(other) for other in rng.choice(list(needs), 2, replace=False)}
    return {name: frozenset(needs[name]) for name in sorted(needs)}


def _last(needs: dict) -> str:
    """The name that needs most."""
    return max(needs, key=lambda name: (len(model.read_first(needs, name)), name))


def _read_first_cases(rng) -> list[Case]:
    maps = [_map(rng) for _ in range(4)]
    twice = {"base": frozenset(), "left": {"base"}, "right": {"base"}, "top": {"left", "right"}}
    chain = {"end": {"late"}, "late": {"middle"}, "middle": {"start"}, "start": frozenset()}
    return [
        Case("nothing is needed", {"needs": chain, "name": "start"}),
        Case("a chain", {"needs": chain, "name": "end"}),
        Case("two ways to one chapter", {"needs": twice, "name": "top"}),
        Case("in the middle", {"needs": twice, "name": "left"}),
        *(Case("a random map", {"needs": needs, "name": _last(needs)}) for needs in maps),
    ]


def _twice_listed(needs, name):
    """Each way that leads to a chapter lists it again."""
    found = []
    for earlier in needs[name]:
        found += [earlier, *_twice_listed(needs, earlier)]
    return tuple(sorted(found))


READ_FIRST = Task(
    name="book_map.read_first",
    title="What to read first",
    reference=_read_first,
    cases=_read_first_cases,
    mistakes=(
        Mistake(
            "direct needs only",
            lambda needs, name: tuple(sorted(needs[name])),
            "You stopped at the direct needs. What they need comes first, too.",
        ),
        Mistake(
            "two steps only",
            lambda needs, name: tuple(sorted(set(needs[name]).union(*(needs[earlier] for earlier in needs[name])))),
            "You went two steps back. Go on until nothing new is found.",
        ),
        Mistake(
            "the chapter itself",
            lambda needs, name: tuple(sorted(model.read_first(needs, name) | {name})),
            "You listed the chapter itself; asked is what comes before it.",
        ),
        Mistake(
            "listed twice",
            _twice_listed,
            "Where two ways lead to one chapter you list it twice: collect in a set.",
        ),
        Mistake(
            "in reading order",
            lambda needs, name: tuple(
                x for x in TopologicalSorter(needs).static_order() if x in _read_first(needs, name)
            ),
            "Those are the chapters, in an order to read them in. Asked is a list sorted by the alphabet.",
        ),
        Mistake(
            "the other direction",
            lambda needs, name: tuple(sorted(model.lost_without(needs, [name]))),
            "Those chapters build on this one. Asked is what this one builds on.",
        ),
    ),
    hints=(
        "If a needs b and b needs c, must c be read before a?",
        "The function may call itself: the answer is the direct needs, and for each of them all that comes before it.",
        "found = set(needs[name]); for earlier in needs[name]: found |= set(read_first(needs, earlier)); then sort.",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 2. An order to read in


def _in_order(needs, pick):
    """Read one chapter after the other; `pick` takes the next from those that are ready."""
    read: list[str] = []
    while len(read) < len(needs):
        ready = [name for name in needs if name not in read and needs[name] <= set(read)]
        read.append(pick(ready))
    return tuple(read)


def _order_cases(rng) -> list[Case]:
    parts = {
        "deploy": {"optimise", "foundations"},
        "optimise": {"build", "foundations"},
        "build": {"foundations"},
        "foundations": frozenset(),
    }
    soon = {"a": frozenset(), "b": {"a"}, "c": {"b"}, "z": frozenset()}
    return [
        Case("no needs at all", {"needs": {"b": frozenset(), "c": frozenset(), "a": frozenset()}}),
        Case("the four parts of the book", {"needs": parts}),
        Case("a chapter that is ready at once, but late in the alphabet", {"needs": soon}),
        *(Case("a random map", {"needs": _map(rng)}) for _ in range(4)),
    ]


READING_ORDER = Task(
    name="book_map.reading_order",
    title="An order to read in",
    reference=partial(_in_order, pick=min),
    cases=_order_cases,
    mistakes=(
        Mistake("the alphabet alone", lambda needs: tuple(sorted(needs)), "Some chapters come before what they need."),
        Mistake(
            "fewest needs first",
            lambda needs: tuple(sorted(needs, key=lambda name: (len(needs[name]), name))),
            "You sorted by how many needs a chapter has. A chapter with one need may still come after one with two.",
        ),
        Mistake(
            "layer by layer",
            lambda needs: tuple(sorted(needs, key=lambda name: (model.layers(needs)[name], name))),
            "That can be read, but it finishes a layer before it goes on. Look anew after each chapter.",
        ),
        Mistake(
            "last of the alphabet",
            partial(_in_order, pick=max),
            "That can be read, but of the ready chapters the first of the alphabet is asked.",
        ),
        Mistake(
            "first in the dict",
            partial(_in_order, pick=lambda ready: ready[0]),
            "That can be read, but of the ready chapters you take the one that the dict names first.",
        ),
        Mistake(
            "any order",
            lambda needs: tuple(TopologicalSorter(needs).static_order()),
            "That can be read, but of the ready chapters the first of the alphabet is asked: then there is one answer.",
        ),
        Mistake(
            "backwards",
            lambda needs: _in_order(needs, min)[::-1],
            "You begin with what needs most: turn the order round.",
        ),
    ),
    hints=(
        "Which chapters can be read now, given the set of those that were read?",
        "A chapter is ready when its needs are a subset of what was read. Take min() of the ready ones; look again.",
        "ready = [name for name in needs if name not in order and needs[name] <= set(order)]; order.append(min(ready))",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 3. Bytes that a worker sends


def _sent_cases(rng) -> list[Case]:
    def ring() -> dict:
        return {"workers": int(rng.integers(3, 500)), "payload_bytes": log_uniform(rng, 1e6, 1e11)}

    return [
        Case("a single worker", {"workers": 1, "payload_bytes": 8e9}),
        Case("two workers", {"workers": 2, "payload_bytes": 8e9}),
        *(Case("a random ring", ring()) for _ in range(3)),
        Case("three rings at once, as an array", {"workers": np.array([2, 8, 1024]), "payload_bytes": 3.5e11}),
    ]


SENT_BYTES = Task(
    name="book_map.sent_bytes",
    title="What a worker of a ring sends",
    reference=model.sent_bytes,
    cases=_sent_cases,
    mistakes=(
        Mistake(
            "once round only",
            scaled(model.sent_bytes, 0.5),
            "That is one way round. The pieces are summed on the first, the sums go round on a second.",
        ),
        Mistake(
            "the whole payload each time",
            lambda workers, payload_bytes: 2 * (workers - 1) * payload_bytes,
            "That is the whole payload in each round, or what all workers send together. A piece is 1/n of it.",
        ),
        Mistake(
            "n rounds for n - 1",
            lambda workers, payload_bytes: 2.0 * payload_bytes + 0 * workers,
            "You count n rounds on each way. After n - 1 a piece has met every worker: one worker alone sends nothing.",
        ),
        Mistake(
            "to each of the others",
            lambda workers, payload_bytes: (workers - 1) * payload_bytes,
            "That sends the payload to each of the others. In a ring a worker sends 1/n of it in a round.",
        ),
    ),
    hints=(
        "Into how many pieces is the payload cut, and how many rounds are there?",
        "A piece is 1/n of the payload; n - 1 rounds sum, and n - 1 more hand the sums on.",
        "2 * (workers - 1) / workers * payload_bytes",
    ),
    points=2,
    minutes=3,
    difficulty="warm-up",
)

# 4. The time of an all-reduce


def _all_reduce_ms(workers, params, bytes_per_gradient, link_gbit_per_s, hop_us):
    seconds = model.all_reduce_s(workers, params * bytes_per_gradient, link_gbit_per_s * GIGA / 8, hop_s=hop_us * MICRO)
    return seconds / MILLI


def _own_ring(rng) -> list[Case]:
    given = {
        "workers": int(rng.integers(12, 65)),
        "params": int(rng.integers(20, 200)) * int(MEGA) // 10,
        "bytes_per_gradient": int(rng.choice([2, 4])),
        "link_gbit_per_s": int(rng.choice([100, 200, 400])),
        "hop_us": round(rng.uniform(3.0, 9.0), 1),
    }
    return [Case("your ring", given)]


ALL_REDUCE = Task(
    name="book_map.all_reduce_ms",
    title="The time of an all-reduce",
    reference=_all_reduce_ms,
    cases=_own_ring,
    by_value=True,
    rtol=0.004,
    mistakes=(
        Mistake("seconds for milliseconds", scaled(_all_reduce_ms, MILLI), "That is in seconds; asked are ms."),
        Mistake("microseconds for milliseconds", scaled(_all_reduce_ms, 1e3), "That is in microseconds; asked are ms."),
        Mistake(
            "bits for bytes",
            altered(_all_reduce_ms, link_gbit_per_s=lambda rate: 8 * rate),
            "The link is given in bits a second and the gradients are in bytes: divide the rate by 8.",
        ),
        Mistake(
            "hops left out",
            altered(_all_reduce_ms, hop_us=0.0),
            "The latency of the hops is missing: 2 (n - 1) of them, not one.",
        ),
        Mistake(
            "hops of one way only",
            altered(_all_reduce_ms, hop_us=lambda hop: hop / 2),
            "You count n - 1 hops: the sums go round a second time.",
        ),
        Mistake(
            "multiplied by 8",
            altered(_all_reduce_ms, link_gbit_per_s=lambda rate: rate / 8),
            "A byte is 8 bits, so a link carries fewer bytes than bits: divide its rate by 8, once.",
        ),
        Mistake(
            "the payload once",
            lambda workers, params, **given: _all_reduce_ms(workers, params * workers / (2 * (workers - 1)), **given),
            "You send the payload once. A ring sends 2 (n - 1) / n of it.",
        ),
        Mistake(
            "bytes of one way only",
            lambda **given: _all_reduce_ms(**given | {"params": given["params"] / 2}),
            "You count the bytes of one way round: the sums go round a second time.",
        ),
        Mistake(
            "one way round", scaled(_all_reduce_ms, 0.5), "That is one way round: the sums go round a second time."
        ),
        Mistake(
            "two whole payloads",
            lambda **given: _all_reduce_ms(
                **given | {"params": given["params"] * given["workers"] / (given["workers"] - 1)}
            ),
            "You count n rounds for the bytes; it is 2 (n - 1) / n payloads.",
        ),
    ),
    hints=(
        "Which part of the time depends on the bytes, and which only on the number of workers?",
        "Bytes sent over bytes a second, and 2 (n - 1) hops of ring.hop_us microseconds each. Mind bits and bytes.",
        "2 * (n - 1) / n * ring.params * ring.bytes_per_gradient / (ring.link_gbit_per_s * 1e9 / 8) is the first part, "
        "in seconds, with n = ring.workers",
    ),
    points=3,
    minutes=4,
    difficulty="standard",
)

# 5. Where the network binds


def _crossover(params, tokens, bytes_per_gradient, achieved_flop_per_s, bandwidth_bytes_per_s):
    found = model.crossover_workers(tokens, achieved_flop_per_s, bandwidth_bytes_per_s, bytes_per_gradient)
    return found + 0 * params


def _crossover_cases(rng) -> list[Case]:
    def training(bytes_per_gradient: int) -> dict:
        return {
            "params": log_uniform(rng, 1e8, 2e11),
            "tokens": log_uniform(rng, 1e4, 5e6),
            "bytes_per_gradient": bytes_per_gradient,
            "achieved_flop_per_s": log_uniform(rng, 5e13, 5e14),
            "bandwidth_bytes_per_s": log_uniform(rng, 5e9, 4e11),
        }

    usual = training(2)
    return [
        Case("a batch so small that two are too many", usual | {"tokens": 1200.0, "bandwidth_bytes_per_s": 12.5e9}),
        Case("a model of another size", usual | {"params": 10 * usual["params"]}),
        *(Case("a random training run", training(size)) for size in (1, 2, 4, 4)),
        Case("three networks at once, as an array", usual | {"bandwidth_bytes_per_s": np.array([1e10, 5e10, 3e11])}),
    ]


CROSSOVER = Task(
    name="book_map.crossover_workers",
    title="Where the network binds",
    reference=_crossover,
    cases=_crossover_cases,
    mistakes=(
        Mistake(
            "one too few",
            lambda **given: _crossover(**given) - 1,
            "Nearly: you dropped the - 1 of n - 1. It counts where few workers share a small batch.",
        ),
        Mistake(
            "always two bytes",
            altered(_crossover, bytes_per_gradient=2),
            "You count two bytes for each gradient, as the notebook does. Here `bytes_per_gradient` says how many.",
        ),
        Mistake(
            "forward pass only",
            altered(_crossover, tokens=lambda tokens: tokens / 3),
            "You count 2 FLOP for a parameter and a token; with the backward pass training takes 6.",
        ),
        Mistake(
            "one way round",
            altered(_crossover, tokens=lambda tokens: 2 * tokens),
            "You send the payload once. A ring sends 2 (n - 1) / n payloads: sums are handed on, too.",
        ),
        Mistake(
            "one byte a gradient",
            altered(_crossover, bytes_per_gradient=1),
            "You counted parameters where bytes are asked: each gradient takes `bytes_per_gradient`.",
        ),
        Mistake(
            "bits for bytes",
            altered(_crossover, tokens=lambda tokens: 8 * tokens),
            "You multiplied by 8: the bandwidth is in bytes already.",
        ),
        Mistake(
            "rounded up",
            lambda **given: np.ceil(_crossover(**given)),
            "You rounded up. Asked is the number as it comes out, though nobody has a part of a worker.",
        ),
        Mistake(
            "size left in",
            lambda params, **given: 1 + params * (_crossover(params, **given) - 1),
            "The parameters are still in it. They stand on both sides, in arithmetic and gradients, and drop out.",
        ),
        Mistake(
            "upside down",
            lambda **given: 1 + 1 / (_crossover(**given) - 1),
            "Upside down: more tokens, or a faster network, let more workers join before the network binds.",
        ),
        Mistake(
            "arithmetic not shared",
            lambda params, tokens, bytes_per_gradient, achieved_flop_per_s, bandwidth_bytes_per_s: (
                1 / (1 - 3 * tokens * bandwidth_bytes_per_s / (bytes_per_gradient * achieved_flop_per_s))
            ),
            "You set the sum of gradients equal to the whole batch's arithmetic. Each of n workers does 1/n of it.",
        ),
    ),
    hints=(
        "Each worker does a share of the arithmetic: what is it in seconds, and how does it fall with n?",
        "Set 6 P T / (n A) equal to 2 (n - 1) / n times g P / B, g bytes a gradient, and solve for n. P drops out.",
        "1 + 6 * tokens * bandwidth_bytes_per_s / (2 * bytes_per_gradient * achieved_flop_per_s)",
    ),
    points=4,
    minutes=6,
    difficulty="stretch",
)

# 6. Scaling efficiency


def _efficiency(workers, alone_s, payload_gb, node_gb_per_s):
    network_s = model.sent_bytes(workers, payload_gb * GIGA) / (node_gb_per_s * GIGA)
    return model.scaling_efficiency(workers, alone_s, alone_s / workers + network_s)


def _own_fleet(rng) -> list[Case]:
    workers = int(rng.integers(2, 9)) * 8
    alone_s = int(rng.integers(20, 200))
    node_gb_per_s = float(rng.choice([25.0, 50.0, 100.0, 200.0]))
    network_s = rng.uniform(0.42, 0.6) * alone_s / workers
    payload_gb = float(f"{network_s * node_gb_per_s / 2:.3g}")
    return [
        Case(
            "your fleet",
            {"workers": workers, "alone_s": alone_s, "payload_gb": payload_gb, "node_gb_per_s": node_gb_per_s},
        )
    ]


EFFICIENCY = Task(
    name="book_map.efficiency",
    title="How much of the fleet is at work",
    reference=_efficiency,
    cases=_own_fleet,
    by_value=True,
    rtol=0.004,
    mistakes=(
        Mistake("percent for share", scaled(_efficiency, 100), "That is a percentage; give a share between 0 and 1."),
        Mistake(
            "speed-up for efficiency",
            lambda **given: given["workers"] * _efficiency(**given),
            "That is the speed-up; the efficiency is its share of the number of workers.",
        ),
        Mistake(
            "overlapped",
            lambda workers, alone_s, payload_gb, node_gb_per_s: min(
                1.0, alone_s / workers / (model.sent_bytes(workers, payload_gb) / node_gb_per_s)
            ),
            "You took the longer of the two times. Here nothing overlaps: they add.",
        ),
        Mistake(
            "lost for kept",
            lambda **given: 1 - _efficiency(**given),
            "That is the share lost to the network; asked is the share kept.",
        ),
        Mistake(
            "weak for strong",
            lambda workers, alone_s, payload_gb, node_gb_per_s: (
                alone_s / (alone_s + model.sent_bytes(workers, payload_gb) / node_gb_per_s)
            ),
            "You left each worker the whole batch. The batch is shared: each has 1/n of the arithmetic.",
        ),
        Mistake(
            "one way round",
            lambda payload_gb, **given: _efficiency(payload_gb=payload_gb / 2, **given),
            "You send the gradients once round: sums are handed on a second time.",
        ),
        Mistake(
            "upside down",
            lambda **given: 1 / _efficiency(**given),
            "That is the whole time over the perfect one. A share is at most 1: turn it round.",
        ),
        Mistake(
            "two whole payloads",
            lambda workers, payload_gb, **given: _efficiency(
                workers, payload_gb=payload_gb * workers / (workers - 1), **given
            ),
            "You send two whole payloads; it is 2 (n - 1) / n of one.",
        ),
        Mistake(
            "bytes for bits",
            altered(_efficiency, payload_gb=lambda payload: 8 * payload),
            "You multiplied by 8: the network's rate is in gigabytes already.",
        ),
        Mistake(
            "network over arithmetic",
            lambda workers, alone_s, payload_gb, node_gb_per_s: (
                model.sent_bytes(workers, payload_gb) / node_gb_per_s / (alone_s / workers)
            ),
            "That is the network over the arithmetic. Asked is the perfect time over the whole time of a step.",
        ),
    ),
    hints=(
        "How long would the step take if the network cost nothing?",
        "Perfect time over real time: fleet.alone_s / fleet.workers, over the same plus the sum of gradients.",
        "perfect = fleet.alone_s / fleet.workers; network = 2 * (n - 1) / n * fleet.payload_gb / fleet.node_gb_per_s; "
        "perfect / (perfect + network)",
    ),
    points=3,
    minutes=4,
    difficulty="standard",
)

# 7. Does quantisation help?


def _quantised(weights_s, other_s, compute_s, factor):
    """Times faster with weights `factor` times smaller, data and arithmetic at once."""
    after_s = np.maximum(weights_s / factor + other_s, compute_s)
    return np.maximum(weights_s + other_s, compute_s) / after_s


def _quantised_cases(rng) -> list[Case]:
    def job() -> dict:
        return {
            "weights_s": log_uniform(rng, 2e-3, 2e-2),
            "other_s": log_uniform(rng, 5e-4, 2e-3),
            "compute_s": log_uniform(rng, 1e-5, 1.2e-3),
            "factor": float(rng.choice([2, 4])),
        }

    few = {"weights_s": 0.006, "other_s": 0.001, "compute_s": 0.005, "factor": 4.0}
    return [
        Case("bound by arithmetic", {"weights_s": 0.007, "other_s": 0.001, "compute_s": 0.045, "factor": 2.0}),
        Case("nothing but weights", {"weights_s": 0.008, "other_s": 0.0, "compute_s": 0.0001, "factor": 2.0}),
        Case("arithmetic takes over", few),
        *(Case("a random job", job()) for _ in range(3)),
        Case("three jobs at once, as an array", job() | {"compute_s": np.array([1e-4, 9e-3, 8e-2])}),
    ]


QUANTISED = Task(
    name="book_map.quantised_speedup",
    title="Does quantisation help?",
    reference=_quantised,
    cases=_quantised_cases,
    mistakes=(
        Mistake(
            "the factor itself",
            lambda weights_s, other_s, compute_s, factor: factor + 0 * compute_s,
            "You promise the whole factor. It holds only where nothing but weights takes time.",
        ),
        Mistake(
            "everything shrinks",
            lambda weights_s, other_s, compute_s, factor: (
                np.maximum(weights_s + other_s, compute_s) / np.maximum((weights_s + other_s) / factor, compute_s)
            ),
            "You made all bytes fewer. Only the weights shrink; the KV cache stays as it was.",
        ),
        Mistake(
            "added form",
            lambda weights_s, other_s, compute_s, factor: (
                (weights_s + other_s + compute_s) / (weights_s / factor + other_s + compute_s)
            ),
            "You added arithmetic to data. They run at once here: the longer one counts.",
        ),
        Mistake(
            "arithmetic forgotten",
            lambda weights_s, other_s, compute_s, factor: (
                (weights_s + other_s) / (weights_s / factor + other_s) + 0 * compute_s
            ),
            "You left the arithmetic out. Where it is longer than the data, fewer bytes change nothing.",
        ),
        Mistake(
            "arithmetic shrinks as well",
            lambda weights_s, other_s, compute_s, factor: (
                np.maximum(weights_s + other_s, compute_s)
                / np.maximum(weights_s / factor + other_s, compute_s / factor)
            ),
            "You made the arithmetic faster. Weights are unpacked to FP16 here: it takes as long as before.",
        ),
        Mistake(
            "what bound before",
            lambda weights_s, other_s, compute_s, factor: np.where(
                compute_s >= weights_s + other_s, 1.0, (weights_s + other_s) / (weights_s / factor + other_s)
            ),
            "You asked what binds before. With fewer bytes arithmetic may bind: take the longer of the two again.",
        ),
        Mistake(
            "other data left out",
            altered(_quantised, other_s=0.0),
            "You left the other data out. They take their time before and after.",
        ),
        Mistake(
            "time saved",
            lambda **given: 1 - 1 / _quantised(**given),
            "That is the share of the time that is saved; asked is how many times faster.",
        ),
        Mistake(
            "upside down",
            lambda **given: 1 / _quantised(**given),
            "That is the new time over the old; asked is how many times faster.",
        ),
    ),
    hints=(
        "Which of the three times gets shorter, and which one decides how long the job takes?",
        "A job takes the longer of its data (weights and the rest) and its arithmetic. Compare before with after.",
        "np.maximum(weights_s + other_s, compute_s) / np.maximum(weights_s / factor + other_s, compute_s)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

TASKS = (READ_FIRST, READING_ORDER, SENT_BYTES, ALL_REDUCE, CROSSOVER, EFFICIENCY, QUANTISED)
