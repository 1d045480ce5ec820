"""The nine tasks of section 1.6, each with the mistakes that people make in it."""

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.kit.units import DAY_S, GIB, GIGA, HOUR_S
from mlsys_helpers.sections.iron_law import model

# 1. The three terms


def _terms(bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s):
    terms = model.time_terms(bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s)
    return terms.data_s, terms.compute_s, terms.latency_s


def _machine_and_job(rng) -> dict:
    return {
        "bytes_moved": log_uniform(rng, 1e6, 1e11),
        "bandwidth_bytes_per_s": log_uniform(rng, 1e10, 8e12),
        "flop": log_uniform(rng, 1e8, 1e14),
        "peak_flop_per_s": log_uniform(rng, 1e12, 2e15),
        "utilisation": round(rng.uniform(0.2, 0.8), 2),
        "latency_s": log_uniform(rng, 1e-6, 1e-2),
    }


def _terms_cases(rng) -> list[Case]:
    sweep = _machine_and_job(rng) | {"bytes_moved": log_uniform(rng, 1e6, 1e11, size=3)}
    return [
        Case("no data to move", _machine_and_job(rng) | {"bytes_moved": 0.0}),
        *(Case("a random job", _machine_and_job(rng)) for _ in range(4)),
        Case("three sizes at once, as an array", sweep),
    ]


TIME_TERMS = Task(
    name="iron_law.time_terms",
    title="The three terms",
    reference=_terms,
    cases=_terms_cases,
    mistakes=(
        Mistake(
            "MAC for FLOP",
            altered(_terms, flop=lambda flop: 2 * flop),
            "Your compute term is twice too long: `flop` already counts both halves of a multiply-add.",
        ),
        Mistake(
            "sparse peak for dense",
            altered(_terms, peak_flop_per_s=lambda dense: 2 * dense),
            "Your compute term is half as long as it should be: that is the peak with structured sparsity, twice the "
            "dense peak that was given.",
        ),
        Mistake(
            "bits for bytes",
            altered(_terms, bytes_moved=lambda size: 8 * size),
            "Your data term is eight times too long: size and bandwidth are both in bytes, so no factor of 8.",
        ),
        Mistake(
            "utilisation multiplied",
            lambda bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s: (
                bytes_moved / bandwidth_bytes_per_s,
                flop / peak_flop_per_s * utilisation,
                latency_s,
            ),
            "A machine that is used less takes longer, but your compute term shrinks with the utilisation: "
            "it belongs below the line.",
        ),
        Mistake(
            "utilisation left out",
            altered(_terms, utilisation=1.0),
            "Your compute term is that of a machine at 100 % of its peak: the utilisation is missing.",
        ),
        Mistake(
            "utilisation on the data term",
            lambda bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s: _terms(
                bytes_moved / utilisation, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s
            ),
            "You slowed the data term by the utilisation too: in the law it is a share of the arithmetic peak only.",
        ),
    ),
    hints=(
        "Each term must come out in seconds. What must bytes be divided by to leave seconds?",
        "Two divisions and one number passed through; only one of the divisions knows about utilisation.",
        "data_s = bytes_moved / bandwidth_bytes_per_s, and compute_s has peak_flop_per_s * utilisation below the line.",
    ),
    points=3,
    minutes=5,
    difficulty="warm-up",
)

# 2. The binding term


def _terms_s(rng) -> dict:
    data_s, compute_s, latency_s = (float(f"{x:.4g}") for x in np.exp(rng.uniform(-12, 0, 3)))
    return {"data_s": data_s, "compute_s": compute_s, "latency_s": latency_s}


def _binding(data_s, compute_s, latency_s):
    return model.Terms(data_s, compute_s, latency_s).binding


def _binding_cases(rng) -> list[Case]:
    return [
        Case("all of the time is latency", {"data_s": 0.0, "compute_s": 0.0, "latency_s": 0.002}),
        Case("data largest", {"data_s": 0.030, "compute_s": 0.020, "latency_s": 0.001}),
        Case("compute largest", {"data_s": 0.010, "compute_s": 0.050, "latency_s": 0.020}),
        Case("latency second", {"data_s": 0.002, "compute_s": 0.050, "latency_s": 0.030}),
        *(Case("random terms", _terms_s(rng)) for _ in range(4)),
        Case("a tie of data and compute", {"data_s": 0.01, "compute_s": 0.01, "latency_s": 0.0}),
    ]


BINDING_TERM = Task(
    name="iron_law.binding_term",
    title="Which term binds",
    reference=_binding,
    cases=_binding_cases,
    mistakes=(
        Mistake(
            "latency never considered",
            lambda data_s, compute_s, latency_s: "data" if data_s >= compute_s else "compute",
            "Your answer is never 'latency': there are three terms, and a job of tiny calls is bound by the third.",
        ),
        Mistake(
            "smallest for largest",
            lambda data_s, compute_s, latency_s: min(
                (data_s, 0, "data"), (compute_s, 1, "compute"), (latency_s, 2, "latency")
            )[2],
            "That is the smallest term. The one that binds is where most of the time goes.",
        ),
        Mistake(
            "more than half",
            lambda data_s, compute_s, latency_s: (
                "data" if data_s > compute_s + latency_s else "compute" if compute_s > data_s + latency_s else "latency"
            ),
            "You ask which term exceeds the two others together; the largest binds even when it has no majority.",
        ),
    ),
    hints=(
        "If you could make one term vanish, which would you choose?",
        "Compare all three and return the name of the largest; on a tie the one named first wins.",
        'terms = {"data": data_s, "compute": compute_s, "latency": latency_s}; max(terms, key=...) keeps the first.',
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 3. Added or overlapped


def _pipelined(data_s, compute_s, latency_s):
    return model.Terms(data_s, compute_s, latency_s).overlapped_s


def _pipelined_cases(rng) -> list[Case]:
    sweep = _terms_s(rng) | {"compute_s": np.array([0.001, 0.01, 0.1])}
    return [
        Case("nothing to compute", {"data_s": 0.02, "compute_s": 0.0, "latency_s": 0.001}),
        Case("latency largest", {"data_s": 0.001, "compute_s": 0.002, "latency_s": 0.05}),
        *(Case("random terms", _terms_s(rng)) for _ in range(4)),
        Case("three compute times at once, as an array", sweep),
    ]


PIPELINED = Task(
    name="iron_law.pipelined",
    title="When loading hides behind arithmetic",
    reference=_pipelined,
    cases=_pipelined_cases,
    mistakes=(
        Mistake(
            "sum for overlap",
            lambda data_s, compute_s, latency_s: data_s + compute_s + latency_s,
            "That is the added form: nothing overlaps in it. Moving and computing happen at the same time here.",
        ),
        Mistake(
            "latency hidden too",
            lambda data_s, compute_s, latency_s: np.maximum(np.maximum(data_s, compute_s), latency_s),
            "You hid the latency as well. Starting a job cannot overlap with the job: latency is always added.",
        ),
        Mistake(
            "latency left out",
            lambda data_s, compute_s, latency_s: np.maximum(data_s, compute_s),
            "The latency is missing: it comes on top of the longer of the other two.",
        ),
        Mistake(
            "shorter term kept",
            lambda data_s, compute_s, latency_s: np.minimum(data_s, compute_s) + latency_s,
            "The pipeline moves at the pace of its slower stage, and you kept the faster one.",
        ),
    ),
    hints=(
        "Two people carry and one waits for the other: whose pace decides?",
        "One term disappears behind the other; the third is added whatever happens. np.maximum works on arrays.",
        "np.maximum(data_s, compute_s) + ...",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 4. Days saved by better utilisation


def _days_saved(flop, chips, peak_flop_per_s, utilisation_before, utilisation_after):
    before = model.training_time_s(flop, chips, peak_flop_per_s, utilisation_before)
    return (before - model.training_time_s(flop, chips, peak_flop_per_s, utilisation_after)) / DAY_S


def _days_saved_cases(rng) -> list[Case]:
    low = round(rng.uniform(0.40, 0.48), 3)
    given = {
        "flop": float(f"{rng.uniform(2.0, 9.0):.3f}e23"),
        "chips": int(rng.integers(60, 260)) * 8,
        "peak_flop_per_s": 312e12,
        "utilisation_before": low,
        "utilisation_after": round(low + rng.uniform(0.115, 0.15), 3),
    }
    return [Case("your training run", given)]


DAYS_SAVED = Task(
    name="iron_law.days_saved",
    title="What better utilisation saves",
    reference=_days_saved,
    cases=_days_saved_cases,
    by_value=True,
    rtol=0.01,
    mistakes=(
        Mistake("hours for days", scaled(_days_saved, DAY_S / HOUR_S), "That is in hours; the task asks for days."),
        Mistake("seconds for days", scaled(_days_saved, DAY_S), "That is in seconds; the task asks for days."),
        Mistake(
            "MAC for FLOP",
            scaled(_days_saved, 2),
            "That is twice too long: the operation count is in FLOP already, not in multiply-adds.",
        ),
        Mistake(
            "sparse for dense",
            scaled(_days_saved, 0.5),
            "That is half of it: 624 TFLOP/s is this chip's peak with structured sparsity; dense it reaches 312.",
        ),
        Mistake(
            "days left for days saved",
            lambda flop, chips, peak_flop_per_s, utilisation_before, utilisation_after: (
                model.training_time_s(flop, chips, peak_flop_per_s, utilisation_after) / DAY_S
            ),
            "That is how long the run takes at the better utilisation; asked are the days saved.",
        ),
        Mistake(
            "the gain used as the utilisation",
            lambda flop, chips, peak_flop_per_s, utilisation_before, utilisation_after: (
                model.training_time_s(flop, chips, peak_flop_per_s, utilisation_after - utilisation_before) / DAY_S
            ),
            "You put the difference of the utilisations below the line. Time is proportional to 1/utilisation: "
            "work out both times, then subtract.",
        ),
        Mistake(
            "percentage points taken as the share saved",
            lambda flop, chips, peak_flop_per_s, utilisation_before, utilisation_after: (
                model.training_time_s(flop, chips, peak_flop_per_s, utilisation_before)
                / DAY_S
                * (utilisation_after - utilisation_before)
            ),
            "So many percentage points more utilisation is not the same percentage of time saved: "
            "the share saved is 1 - before/after.",
        ),
        Mistake(
            "one chip for all",
            altered(_days_saved, chips=1),
            "That is the saving if one chip did it all: the chips share the work.",
        ),
    ),
    hints=(
        "How long is the run at each of the two utilisations?",
        "model: time = FLOP / (chips x peak x utilisation), twice; subtract; 86,400 seconds make a day.",
        "before_s = run.flop / (run.chips * run.peak_flop_per_s * run.utilisation_before), then after, in days.",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 5. From parameters and tokens to days


def _training_days(params, tokens, chips, peak_flop_per_s, utilisation):
    return model.training_time_s(model.training_flop(params, tokens), chips, peak_flop_per_s, utilisation) / DAY_S


def _training_cases(rng) -> list[Case]:
    def run() -> dict:
        return {
            "params": log_uniform(rng, 1e8, 5e11),
            "tokens": log_uniform(rng, 1e10, 1.5e13),
            "chips": int(rng.integers(8, 4096)),
            "peak_flop_per_s": log_uniform(rng, 1e14, 2.3e15),
            "utilisation": round(rng.uniform(0.3, 0.6), 2),
        }

    one_day = {"params": 1e9, "tokens": 1.44e10, "chips": 1, "peak_flop_per_s": 1e15, "utilisation": 1.0}
    return [
        Case("a run of exactly one chip-day", one_day),
        *(Case("a random run", run()) for _ in range(4)),
        Case("three cluster sizes at once, as an array", run() | {"chips": np.array([64, 512, 4096])}),
    ]


TRAINING_DAYS = Task(
    name="iron_law.training_days",
    title="Days to train a transformer",
    reference=_training_days,
    cases=_training_cases,
    mistakes=(
        Mistake(
            "missing factor of 6",
            scaled(_training_days, 1 / 6),
            "That is a sixth of it: training costs about 6 FLOP for each parameter and token, 2 forward, 4 backward.",
        ),
        Mistake(
            "forward pass only",
            scaled(_training_days, 1 / 3),
            "That is the forward pass alone, 2 FLOP a parameter and token; the backward pass costs 4 more.",
        ),
        Mistake(
            "MAC for FLOP",
            scaled(_training_days, 2),
            "That is twice too long: the 6 already counts a multiply-add as 2 FLOP.",
        ),
        Mistake(
            "sparse for dense", scaled(_training_days, 0.5), "That is half of it: use the dense peak as it is given."
        ),
        Mistake(
            "one chip for all",
            altered(_training_days, chips=np.ones_like),
            "That is one chip alone: divide by the number of chips.",
        ),
        Mistake("hours for days", scaled(_training_days, 24), "That is in hours; a day has 86,400 seconds."),
        Mistake("seconds for days", scaled(_training_days, DAY_S), "That is in seconds; a day has 86,400 of them."),
    ),
    hints=(
        "How many FLOP does one token cost, once through the model and once back?",
        "FLOP = 6 x parameters x tokens; the rest is the compute term shared by all chips, in days.",
        "6 * params * tokens / (chips * peak_flop_per_s * utilisation) / 86400",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 6. Which upgrade


def _best_upgrade(data_s, compute_s, latency_s, bandwidth_factor, peak_factor):
    terms = model.Terms(data_s, compute_s, latency_s)
    by_bandwidth = model.speedup(terms, data=bandwidth_factor)
    return "bandwidth" if by_bandwidth >= model.speedup(terms, compute=peak_factor) else "peak"


def _upgrade_cases(rng) -> list[Case]:
    a100 = {"bandwidth_bytes_per_s": 2.039e12, "peak_flop_per_s": 312e12, "latency_s": 1e-5}
    decode = model.time_terms(bytes_moved=1.4e10, flop=1.4e10, **a100)
    resnet = model.time_terms(bytes_moved=1.1e10, flop=2.1e12, utilisation=0.4, **a100)

    def terms(of) -> dict:
        return {"data_s": float(of.data_s), "compute_s": float(of.compute_s), "latency_s": float(of.latency_s)}

    def factors(bandwidth=None, peak=None) -> dict:
        drawn = rng.uniform(1.2, 4.0, 2)
        return {
            "bandwidth_factor": bandwidth or round(drawn[0], 1),
            "peak_factor": peak or round(drawn[1], 1),
        }

    return [
        Case("decoding on an A100", terms(decode) | factors(2.0, 2.0)),
        Case("a big batch of ResNet-50 on an A100", terms(resnet) | factors(2.0, 2.0)),
        Case("decoding, a small step in bandwidth against a large one in peak", terms(decode) | factors(1.3, 4.0)),
        Case(
            "a little more data than compute, but a far better peak on offer",
            {"data_s": 0.011, "compute_s": 0.010, "latency_s": 0.0} | factors(1.2, 3.0),
        ),
        Case(
            "a little more compute than data, but far better bandwidth on offer",
            {"data_s": 0.010, "compute_s": 0.011, "latency_s": 0.0} | factors(3.0, 1.2),
        ),
        *(Case("random terms and offers", _terms_s(rng) | factors()) for _ in range(4)),
    ]


BEST_UPGRADE = Task(
    name="iron_law.best_upgrade",
    title="Which upgrade to buy",
    reference=_best_upgrade,
    cases=_upgrade_cases,
    mistakes=(
        Mistake(
            "larger term whatever the offer",
            lambda data_s, compute_s, latency_s, bandwidth_factor, peak_factor: (
                "bandwidth" if data_s >= compute_s else "peak"
            ),
            "You always improve the larger term. A weak upgrade of it can lose to a strong upgrade of the other: "
            "compare the seconds saved.",
        ),
        Mistake(
            "larger factor whatever the job",
            lambda data_s, compute_s, latency_s, bandwidth_factor, peak_factor: (
                "bandwidth" if bandwidth_factor >= peak_factor else "peak"
            ),
            "You always take the larger factor. Four times the peak saves next to nothing where hardly any time is "
            "spent computing.",
        ),
        Mistake(
            "the other one",
            lambda **given: "peak" if _best_upgrade(**given) == "bandwidth" else "bandwidth",
            "Each time the other upgrade: have you kept the smaller time after the upgrade, or the larger?",
        ),
    ),
    hints=(
        "How many seconds does each offer take away?",
        "A term of t seconds made f times faster saves t - t/f. The latency stays as it is in both.",
        'Compare data_s * (1 - 1 / bandwidth_factor) with the same for compute; on a tie return "bandwidth".',
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 7. The KV cache


def _kv_cache_gb(layers, heads, kv_heads, head_dim, context, batch, bytes_per_value):
    shape = model.Transformer(params=0, layers=layers, heads=heads, kv_heads=kv_heads, head_dim=head_dim)
    return shape.memory_bytes(context, batch, bytes_per_value=bytes_per_value) / GIGA


def _kv_cache_cases(rng) -> list[Case]:
    given = {
        "layers": int(rng.choice([28, 32, 36, 40, 48, 60, 64, 80])),
        "heads": 48,
        "kv_heads": int(rng.choice([4, 8, 16])),
        "head_dim": 128,
        "context": int(rng.integers(16, 250)) * 128,
        "batch": int(rng.integers(9, 48)),
        "bytes_per_value": 2,
    }
    return [Case("your service", given)]


KV_CACHE = Task(
    name="iron_law.kv_cache_gb",
    title="How much memory the conversations take",
    reference=_kv_cache_gb,
    cases=_kv_cache_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "GiB for GB",
            scaled(_kv_cache_gb, GIGA / GIB),
            "That is in GiB, 1024 x 1024 x 1024 bytes. A GB is 1e9 bytes.",
        ),
        Mistake(
            "keys without values",
            scaled(_kv_cache_gb, 0.5),
            "That is half: every layer keeps a key and a value for each token.",
        ),
        Mistake(
            "query heads for KV heads",
            lambda kv_heads, **given: _kv_cache_gb(kv_heads=given["heads"], **given),
            "You counted all query heads. They share keys and values here: only `kv_heads` are stored.",
        ),
        Mistake(
            "one conversation for all",
            altered(_kv_cache_gb, batch=1),
            "That is one conversation: each of the batch has a cache of its own.",
        ),
        Mistake("bits for bytes", scaled(_kv_cache_gb, 8), "That is eight times too large: bits, not bytes."),
        Mistake("bytes for GB", scaled(_kv_cache_gb, GIGA), "That is in bytes; the task asks for GB."),
    ),
    hints=(
        "What does one token leave behind in one layer?",
        "Two vectors (key and value) of kv_heads x head_dim numbers, in every layer, for every token, for every chat.",
        "2 * chat.layers * chat.kv_heads * chat.head_dim * chat.bytes_per_value * chat.context * chat.batch, in GB.",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 8. Energy


def _move_share(bytes_moved, flop, dram_j_per_32_bit_word, compute_j_per_flop):
    spent = model.energy(bytes_moved, flop, dram_j_per_32_bit_word / 4, compute_j_per_flop)
    return spent.move_j / spent.total_j


def _energy_cases(rng) -> list[Case]:
    horowitz = {"dram_j_per_32_bit_word": 640e-12, "compute_j_per_flop": 1.1e-12}

    def job() -> dict:
        return horowitz | {"bytes_moved": log_uniform(rng, 1e6, 1e9), "flop": log_uniform(rng, 1e8, 1e11)}

    at_crossover = {
        "bytes_moved": 1e6,
        "flop": 1e6 * float(model.energy_crossover(160e-12, 1.1e-12)),
    }
    return [
        Case("nothing to compute", horowitz | {"bytes_moved": 1e6, "flop": 0.0}),
        Case("a job at the crossover", horowitz | at_crossover),
        *(Case("a random job", job()) for _ in range(4)),
        Case("three jobs at once, as an array", job() | {"flop": np.array([1e8, 1e10, 1e12])}),
    ]


MOVE_SHARE = Task(
    name="iron_law.energy_share",
    title="Where the joules go",
    reference=_move_share,
    cases=_energy_cases,
    mistakes=(
        Mistake(
            "word for byte",
            altered(_move_share, dram_j_per_32_bit_word=lambda price: 4 * price),
            "You charged each byte the price of a 32-bit word: a word is four bytes.",
        ),
        Mistake(
            "bit for byte",
            altered(_move_share, dram_j_per_32_bit_word=lambda price: price / 8),
            "You charged each byte the price of one bit: divide the word's price by 4 bytes, not by 32 bits.",
        ),
        Mistake(
            "MAC for FLOP",
            altered(_move_share, flop=lambda flop: 2 * flop),
            "You counted every operation twice: `flop` counts both halves of a multiply-add already.",
        ),
        Mistake(
            "ratio for share",
            lambda bytes_moved, flop, dram_j_per_32_bit_word, compute_j_per_flop: (
                bytes_moved * dram_j_per_32_bit_word / 4 / np.maximum(flop * compute_j_per_flop, 1e-300)
            ),
            "That is movement against arithmetic; asked is movement as a share of both together.",
        ),
        Mistake("percent for share", scaled(_move_share, 100), "That is a percentage; give a share between 0 and 1."),
        Mistake(
            "arithmetic for movement",
            lambda **given: 1 - _move_share(**given),
            "That is the share of arithmetic; asked is the share of movement.",
        ),
    ),
    hints=(
        "What does one byte cost, if a word of 32 bits costs this much?",
        "Movement is bytes times joules a byte; arithmetic is FLOP times joules a FLOP; the share is of their sum.",
        "move_j = bytes_moved * dram_j_per_32_bit_word / 4, compute_j likewise, return move_j / (move_j + compute_j).",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 9. Return on compute


def _return_cases(rng) -> list[Case]:
    def pair() -> dict:
        before = round(rng.uniform(0.5, 0.9), 3)
        cost = log_uniform(rng, 1e3, 1e6)
        return {
            "accuracy_before": before,
            "accuracy_after": round(before + rng.uniform(0.005, 0.08), 3),
            "cost_before": cost,
            "cost_after": float(f"{cost * rng.uniform(1.5, 12):.4g}"),
        }

    no_gain = {"accuracy_before": 0.8, "accuracy_after": 0.8, "cost_before": 100.0, "cost_after": 300.0}
    ten_times = {"accuracy_before": 0.75, "accuracy_after": 0.76, "cost_before": 1.0, "cost_after": 10.0}
    ladder = pair() | {"cost_after": pair()["cost_before"] * 20 + np.array([1e7, 2e7, 4e7])}
    return [
        Case("no gain", no_gain),
        Case("one point for ten times the cost", ten_times),
        *(Case("a random step", pair()) for _ in range(4)),
        Case("three prices at once, as an array", ladder),
    ]


RETURN_ON_COMPUTE = Task(
    name="iron_law.return_on_compute",
    title="What a point of accuracy costs",
    reference=model.return_on_compute,
    cases=_return_cases,
    mistakes=(
        Mistake(
            "whole cost for added cost",
            lambda accuracy_before, accuracy_after, cost_before, cost_after: (
                100 * (accuracy_after - accuracy_before) / cost_after
            ),
            "You divided by the whole new bill. The first part was paid already: only the added cost counts.",
        ),
        Mistake(
            "percent for percentage points",
            lambda accuracy_before, accuracy_after, cost_before, cost_after: (
                100 * (accuracy_after / accuracy_before - 1) / (cost_after - cost_before)
            ),
            "That is the gain relative to the old accuracy, in percent; asked are percentage points.",
        ),
        Mistake(
            "share for points",
            scaled(model.return_on_compute, 1 / 100),
            "That is a share between 0 and 1; a percentage point is one hundredth of it.",
        ),
        Mistake(
            "cost for each point",
            lambda accuracy_before, accuracy_after, cost_before, cost_after: (
                (cost_after - cost_before) / (100 * max(accuracy_after - accuracy_before, 1e-12))
            ),
            "That is upside down: points for each unit of cost, not cost for each point.",
        ),
        Mistake(
            "ratio of costs",
            lambda accuracy_before, accuracy_after, cost_before, cost_after: (
                100 * (accuracy_after - accuracy_before) / (cost_after / cost_before)
            ),
            "You divided by how many times the cost grew. Divide by how much was added, in the unit of the cost.",
        ),
    ),
    hints=(
        "Going from a bill of 1 to a bill of 10, how much was added?",
        "Percentage points gained over cost added. From 0.75 to 0.76 is one point.",
        "100 * (accuracy_after - accuracy_before) / (cost_after - cost_before)",
    ),
    points=2,
    minutes=4,
    difficulty="standard",
)

TASKS = (
    TIME_TERMS,
    BINDING_TERM,
    PIPELINED,
    DAYS_SAVED,
    TRAINING_DAYS,
    BEST_UPGRADE,
    KV_CACHE,
    MOVE_SHARE,
    RETURN_ON_COMPUTE,
)
