"""The eight tasks of section 1.4, each with the mistakes that people make in it."""

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.kit.units import DAY_S, GIB, GIGA
from mlsys_helpers.sections.ml_systems import model

# 1. How many are inside


def _in_flight(messages_per_day, time_s):
    return model.in_flight(messages_per_day / DAY_S, time_s)


def _in_flight_cases(rng) -> list[Case]:
    def day() -> dict:
        return {"messages_per_day": log_uniform(rng, 1e6, 1e12), "time_s": log_uniform(rng, 1e-3, 10)}

    return [
        Case("answers that take no time", day() | {"time_s": 0.0}),
        *(Case("a random service", day()) for _ in range(4)),
        Case("three loads at once, as an array", day() | {"messages_per_day": log_uniform(rng, 1e6, 1e12, size=3)}),
    ]


IN_FLIGHT = Task(
    name="ml_systems.in_flight",
    title="How many are inside",
    reference=_in_flight,
    cases=_in_flight_cases,
    mistakes=(
        Mistake(
            "rate a day", scaled(_in_flight, DAY_S), "You mixed days and seconds: turn the rate into messages a second."
        ),
        Mistake(
            "rate an hour",
            scaled(_in_flight, DAY_S / 3600),
            "You divided by 3,600, the seconds of an hour; a day has 86,400.",
        ),
        Mistake(
            "rate alone",
            lambda messages_per_day, time_s: messages_per_day / DAY_S + 0 * time_s,
            "That is how many arrive each second; how long each one stays is missing.",
        ),
        Mistake(
            "milliseconds for seconds",
            altered(_in_flight, time_s=lambda t: t / 1000),
            "`time_s` is in seconds already: no factor of 1,000.",
        ),
    ),
    hints=(
        "If three arrive each second and each stays two seconds, how many are inside?",
        "Little's law: arrivals a second times seconds inside. A day has 86,400 seconds.",
        "messages_per_day / 86_400 * time_s",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. Which axis binds, from what the probes measured


def _by(score, least=lambda unprobed: 0.1 * unprobed):
    """The axis whose probe scores highest by `score(before, after)`, if that is more than a tenth of the symptom.

    `least` is another rule for what a gain must exceed.
    """

    def axis(unprobed, with_more_data, with_better_algorithm, with_more_machine):
        after = dict(zip(model.AXES, (with_more_data, with_better_algorithm, with_more_machine), strict=True))
        scores = {name: score(unprobed, value) for name, value in after.items()}
        best = max(scores, key=scores.__getitem__)
        return best if scores[best] > least(unprobed) else "none"

    return axis


_axis = _by(lambda before, after: before - after)


def _probe_cases(rng) -> list[Case]:
    names = ("with_more_data", "with_better_algorithm", "with_more_machine")

    def incident(best: int) -> dict:
        before = round(rng.uniform(0.2, 0.8), 3)
        after = [round(before * rng.uniform(0.92, 1.3), 3) for _ in names]
        after[(best + 1) % 3] = round(before * rng.uniform(0.55, 0.8), 3)
        after[best] = round(before * rng.uniform(0.05, 0.4), 3)
        return {"unprobed": before} | dict(zip(names, after, strict=True))

    flat = dict.fromkeys(("unprobed", *names), 0.3)
    return [
        Case("no probe changes anything", flat),
        *(Case("a random incident", incident(best)) for best in (0, 1, 2, 0, 1, 2)),
        Case("two probes make it worse", flat | {"with_better_algorithm": 0.9, "with_more_machine": 0.8}),
        Case("a gain too small to trust", flat | {"with_more_data": 0.28}),
        Case("a rare symptom", dict.fromkeys(("unprobed", *names), 0.04) | {"with_more_machine": 0.01}),
    ]


AXIS = Task(
    name="ml_systems.axis",
    title="The axis that binds",
    reference=_axis,
    cases=_probe_cases,
    mistakes=(
        Mistake(
            "largest symptom",
            _by(lambda before, after: after - before),
            "You look for the probe that makes the symptom larger. A symptom is bad: which probe shrinks it?",
        ),
        Mistake(
            "always some axis",
            lambda unprobed, **after: model.AXES[int(np.argmin(list(after.values())))],
            "You name an axis even where no probe saves more than a tenth of the symptom; then the answer is 'none'.",
        ),
        Mistake(
            "largest change",
            _by(lambda before, after: abs(before - after)),
            "A probe that makes the symptom worse is a large change too, but it does not point at the binding axis.",
        ),
        Mistake(
            "a tenth of everything",
            _by(lambda before, after: before - after, least=lambda unprobed: 0.1),
            "You ask for a gain of 0.1, or 10 percentage points. A tenth of a rare symptom is much less than that.",
        ),
        Mistake(
            "first that helps",
            lambda unprobed, **after: next(
                (axis for axis, value in zip(model.AXES, after.values(), strict=True) if value < 0.9 * unprobed), "none"
            ),
            "You stop at the first probe that helps. Several may help a little; the binding axis helps most.",
        ),
    ),
    hints=(
        "Which number is the smallest, and is it small enough to be more than noise?",
        "Subtract each probed symptom from the unprobed one, take the largest saving, and compare it with a tenth.",
        'gains = {"data": unprobed - with_more_data, ...}; best = max(gains, key=gains.get); then the test for "none".',
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 3. The relay


def _after_upgrades(carry, prepare, compute, doublings):
    rates = model.Rates(carry, prepare, compute)
    return list(model.relay(rates, doublings))[-1].throughput


def _relay_cases(rng) -> list[Case]:
    def pipeline(doublings: int) -> dict:
        drawn = (log_uniform(rng, 1e2, 1e4) for _ in range(3))
        return dict(zip(model.STAGES, drawn, strict=True)) | {"doublings": doublings}

    return [
        Case("nothing to spend", pipeline(0)),
        Case("one stage far behind", {"carry": 1000.0, "prepare": 10.0, "compute": 1000.0, "doublings": 3}),
        Case("the baton passes", {"carry": 170.0, "prepare": 100.0, "compute": 150.0, "doublings": 4}),
        *(Case("a random pipeline", pipeline(int(rng.integers(2, 8)))) for _ in range(4)),
    ]


def _one_stage(carry, prepare, compute, doublings):
    first = model.Rates(carry, prepare, compute)
    return first.upgraded(first.binding, 2.0**doublings).throughput


RELAY = Task(
    name="ml_systems.after_upgrades",
    title="Pass the baton",
    reference=_after_upgrades,
    cases=_relay_cases,
    mistakes=(
        Mistake(
            "same stage every time",
            _one_stage,
            "You doubled the stage that was slowest at the start every time. Look again after each doubling.",
        ),
        Mistake(
            "everything doubles",
            lambda carry, prepare, compute, doublings: min(carry, prepare, compute) * 2**doublings,
            "You doubled the throughput each time. A doubling of one stage helps only until another stage binds.",
        ),
        Mistake(
            "average of the stages",
            lambda carry, prepare, compute, doublings: np.mean([carry, prepare, compute]) * 2**doublings,
            "You averaged the stages. Photos cannot leave faster than the slowest stage passes them on.",
        ),
        Mistake(
            "one doubling short",
            lambda carry, prepare, compute, doublings: _after_upgrades(carry, prepare, compute, max(doublings - 1, 0)),
            "You stopped one doubling early.",
        ),
        Mistake(
            "fastest stage doubled",
            altered(_after_upgrades, doublings=0),
            "Nothing changed: you doubled a stage that does not bind.",
        ),
    ),
    hints=(
        "After the first doubling, is it still the same stage that is slowest?",
        "A loop: each time find the smallest rate, double that one; at the end return the smallest.",
        "rates = [carry, prepare, compute]; for _ in range(doublings): slowest = rates.index(min(rates)); double it.",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 4. Does it fit?


def _resident_gb(params_billion, bits, conversations, tokens, layers, kv_heads, head_dim):
    values = 2 * layers * kv_heads * head_dim * tokens * conversations
    return model.resident_bytes(params_billion * 1e9, bits / 8, values, 2) / GIGA


def _cache_in_few_bits(bits, **given):
    weights_gb = _resident_gb(bits=bits, **given | {"conversations": 0})
    return weights_gb + bits / 16 * (_resident_gb(bits=bits, **given) - weights_gb)


def _resident_cases(rng) -> list[Case]:
    given = {
        "params_billion": round(rng.uniform(6.0, 14.0), 2),
        "bits": int(rng.choice([4, 6])),  # not 8 or 16: a forgotten `bits` must show
        "conversations": int(rng.integers(12, 40)),
        "tokens": int(rng.integers(6, 13)) * 512,
        "layers": int(rng.choice([28, 32, 40])),
        "kv_heads": int(rng.choice([8, 16])),
        "head_dim": 128,
    }
    return [Case("your chat service", given)]


RESIDENT = Task(
    name="ml_systems.resident_gb",
    title="What must be in memory",
    reference=_resident_gb,
    cases=_resident_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "weights alone",
            altered(_resident_gb, conversations=0),
            "That is the weights alone: every conversation keeps a KV cache beside them.",
        ),
        Mistake(
            "a byte for each weight",
            altered(_resident_gb, bits=8),
            "You stored each weight in one byte; here it takes `bits` bits.",
        ),
        Mistake(
            "cache in the bits of the weights",
            _cache_in_few_bits,
            "You stored the cache as tightly as the weights; its numbers take 2 bytes each.",
        ),
        Mistake(
            "keys without values",
            altered(_resident_gb, tokens=lambda n: n / 2),
            "Your cache is half as large as it should be: a key *and* a value in every layer, 2 bytes each.",
        ),
        Mistake(
            "bits for bytes",
            altered(_resident_gb, bits=lambda bits: 8 * bits),
            "Your weights are eight times too large: `bits` is in bits, and a byte has eight.",
        ),
        Mistake(
            "one conversation",
            altered(_resident_gb, conversations=1),
            "That is the cache of one conversation: each of them has its own.",
        ),
        Mistake(
            "GiB for GB",
            scaled(_resident_gb, GIGA / GIB),
            "That is in GiB, 1,024 to the third; a GB is 1e9 bytes.",
        ),
        Mistake(
            "weights once for each conversation",
            lambda conversations, **given: conversations * _resident_gb(conversations=1, **given),
            "You stored the weights once for each conversation. They are shared by all.",
        ),
    ),
    hints=(
        "What is shared by all conversations, and what does each keep for itself?",
        "Weights: parameters x bits / 8. Cache: 2 x layers x kv_heads x head_dim values a token, 2 bytes each.",
        "(s.params_billion * 1e9 * s.bits / 8 + 2 * s.layers * s.kv_heads * s.head_dim * 2 * s.tokens * ...) / 1e9",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. Who says no


def _vetoes(
    resident_bytes,
    bytes_moved,
    flop,
    rate_per_s,
    deadline_s,
    power_cap_w,
    memory_bytes,
    bandwidth_bytes_per_s,
    flop_per_s,
    power_w,
):
    demand = model.Demand(resident_bytes, bytes_moved, flop, rate_per_s, deadline_s, power_cap_w)
    return model.vetoes(demand, model.Device(memory_bytes, bandwidth_bytes_per_s, flop_per_s, power_w))


_ROOM = {
    "resident_bytes": 1e9,
    "bytes_moved": 1e9,
    "flop": 1e12,
    "rate_per_s": 5.0,
    "deadline_s": 0.5,
    "power_cap_w": 10.0,
    "memory_bytes": 2e9,
    "bandwidth_bytes_per_s": 1e10,
    "flop_per_s": 1e13,
    "power_w": 5.0,
}


def _veto_cases(rng) -> list[Case]:
    def deployment() -> dict:
        return {name: float(f"{value * 10 ** rng.uniform(-0.7, 0.7):.4g}") for name, value in _ROOM.items()}

    return [
        Case("room everywhere", dict(_ROOM)),
        Case("exactly full", _ROOM | {"memory_bytes": 1e9, "power_w": 10.0}),
        Case("memory only", _ROOM | {"memory_bytes": 5e8}),
        Case("more arrives than can be computed", _ROOM | {"rate_per_s": 12.0}),
        Case("slow memory, quick arithmetic", _ROOM | {"bandwidth_bytes_per_s": 1.5e9}),
        Case("quick memory, slow arithmetic", _ROOM | {"flop_per_s": 1.5e12, "rate_per_s": 1.0}),
        Case("each part in time, their sum too late", _ROOM | {"deadline_s": 0.15}),
        Case("a hot device", _ROOM | {"power_w": 12.0}),
        Case("too much of everything", _ROOM | dict.fromkeys(("memory_bytes", "flop_per_s"), 1e8) | {"power_w": 99.0}),
        *(Case("a random deployment", deployment()) for _ in range(5)),
    ]


def _wrong_vetoes(late=None, busy=None, strict=True):
    """The reference with another rule for latency or compute, or with `>=` for `>`."""

    def wrong(**given):
        demand = model.Demand(*(given[n] for n in model.Demand.__dataclass_fields__))
        device = model.Device(*(given[n] for n in model.Device.__dataclass_fields__))
        used = model.used(demand, device)
        if late:
            used["latency"] = late(demand, device) / demand.deadline_s
        if busy:
            used["compute"] = busy(demand, device)
        return tuple(limit for limit, part in used.items() if part > 1 or (not strict and part == 1))

    return wrong


VETOES = Task(
    name="ml_systems.vetoes",
    title="Who says no",
    reference=_vetoes,
    cases=_veto_cases,
    mistakes=(
        Mistake(
            "sum for overlap",
            _wrong_vetoes(late=lambda w, d: w.bytes_moved / d.bandwidth_bytes_per_s + w.flop / d.flop_per_s),
            "You added data and compute time. They overlap here: an answer takes the longer of the two.",
        ),
        Mistake(
            "data time left out",
            _wrong_vetoes(late=lambda w, d: w.flop / d.flop_per_s),
            "Your answer takes its compute time only. Moving its bytes may take longer.",
        ),
        Mistake(
            "compute time left out",
            _wrong_vetoes(late=lambda w, d: w.bytes_moved / d.bandwidth_bytes_per_s),
            "Your answer takes the time of its bytes only. Its arithmetic may take longer.",
        ),
        Mistake(
            "first veto only",
            lambda **given: _vetoes(**given)[:1],
            "You stop at the first limit that says no. Name all of them.",
        ),
        Mistake(
            "rate left out",
            _wrong_vetoes(busy=lambda w, d: w.flop / d.flop_per_s),
            "You asked whether one item a second can be computed: `rate_per_s` of them arrive.",
        ),
        Mistake(
            "full is too full",
            _wrong_vetoes(strict=False),
            "A limit that is used up exactly is not exceeded: a veto needs more than all of it.",
        ),
    ),
    hints=(
        "For each limit: what is asked for, and what is there?",
        "resident against memory; rate x flop against flop_per_s; the longer of two times against the deadline; watts.",
        'Pair need with offer: (resident_bytes, device["memory_bytes"]), ...; keep the names where need > offer.',
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

# 6. The exponent


def _alpha(samples, error):
    slope, _ = np.polyfit(np.log(samples), np.log(error), 1)
    return float(-slope)


def _alpha_cases(rng) -> list[Case]:
    def curve(size: int, noise: float) -> dict:
        samples = np.sort(np.round(np.exp(rng.uniform(3, 9, size))) + np.arange(size))
        clean = model.power_law(samples, rng.uniform(0.5, 5), rng.uniform(0.2, 0.9))
        return {"samples": samples, "error": clean * np.exp(rng.normal(0, noise, size))}

    halves = {"samples": np.array([100.0, 200.0, 400.0]), "error": np.array([0.4, 0.2, 0.1])}
    return [
        Case("every doubling halves the error", halves),
        Case("two points", curve(2, 0.0)),
        *(Case("a noisy curve", curve(8, 0.1)) for _ in range(4)),
    ]


def _slope_of(x, y):
    return lambda samples, error: float(np.polyfit(x(samples), y(error), 1)[0])


ALPHA = Task(
    name="ml_systems.alpha",
    title="Fit the exponent",
    reference=_alpha,
    cases=_alpha_cases,
    rtol=1e-4,
    mistakes=(
        Mistake("sign", scaled(_alpha, -1), "The sign: the law is n to the power *minus* alpha, so alpha is positive."),
        Mistake(
            "logarithm of the error only",
            lambda samples, error: -_slope_of(lambda n: n, np.log)(samples, error),
            "You took the logarithm of the error only; that fits an exponential. A power law is straight in both.",
        ),
        Mistake(
            "logarithm of the samples only",
            lambda samples, error: -_slope_of(np.log, lambda e: e)(samples, error),
            "You took the logarithm of the samples only. Take that of the error too.",
        ),
        Mistake(
            "slope upside down",
            lambda samples, error: -float(np.polyfit(np.log(error), np.log(samples) * 1.0, 1)[0]),
            "You fitted samples against error; the slope of error against samples is asked.",
        ),
        Mistake(
            "mixed logarithms",
            scaled(_alpha, 1 / np.log(10)),
            "You mixed log and log10. Either will do, but the same one on both sides.",
        ),
        Mistake(
            "mixed the other way",
            scaled(_alpha, np.log(10)),
            "You mixed log10 of the samples with log of the error. Either will do, but the same one on both sides.",
        ),
    ),
    hints=(
        "What becomes of error = a n^-alpha when you take the logarithm of both sides?",
        "log error = log a - alpha log n: a straight line. np.polyfit with degree 1 gives slope and intercept.",
        "slope, intercept = np.polyfit(np.log(samples), np.log(error), 1)",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 7. Cheaper hardware


def _error_after(error_now, alpha, price_cut_percent):
    return error_now * model.error_factor(1 / (1 - price_cut_percent / 100), alpha)


def _error_cases(rng) -> list[Case]:
    given = {
        "error_now": round(rng.uniform(0.05, 0.25), 4),
        "alpha": round(rng.uniform(0.4, 0.7), 3),
        "price_cut_percent": int(rng.integers(28, 45)),
    }
    return [Case("your learning curve", given)]


ERROR_AFTER = Task(
    name="ml_systems.error_after",
    title="What cheaper hardware buys",
    reference=_error_after,
    cases=_error_cases,
    by_value=True,
    rtol=0.003,
    mistakes=(
        Mistake(
            "factor one plus the cut",
            lambda error_now, alpha, price_cut_percent: (
                error_now * model.error_factor(1 + price_cut_percent / 100, alpha)
            ),
            "At 0.8 of the price the same money buys 1/0.8 = 1.25 times as much, not 1.2 times.",
        ),
        Mistake(
            "first order",
            lambda error_now, alpha, price_cut_percent: (
                error_now * (1 - model.first_order_gain(1 / (1 - price_cut_percent / 100), alpha))
            ),
            "That is the first-order rule. The cut is too large for it: use the power itself.",
        ),
        Mistake(
            "error saved for error left",
            lambda error_now, alpha, price_cut_percent: error_now - _error_after(error_now, alpha, price_cut_percent),
            "That is the error that is saved; asked is the error that is left.",
        ),
        Mistake(
            "share for error",
            lambda error_now, alpha, price_cut_percent: _error_after(1.0, alpha, price_cut_percent),
            "That is the share of the error that is left: multiply it by the error now.",
        ),
        Mistake(
            "error falls with the price",
            lambda error_now, alpha, price_cut_percent: error_now * (1 - price_cut_percent / 100),
            "The error does not fall as the price does: the exponent decides.",
        ),
        Mistake(
            "exponent with the wrong sign",
            lambda error_now, alpha, price_cut_percent: error_now * (1 - price_cut_percent / 100) ** -alpha,
            "Your error has grown. More data lowers it: the exponent is minus alpha on the growth of the data.",
        ),
    ),
    hints=(
        "How many times as many samples does the same budget buy at the new price?",
        "The data grow by 1 / (1 - cut); the error is multiplied by that to the power minus alpha.",
        "more = 1 / (1 - c.price_cut_percent / 100); error_after = c.error_now * more ** ...",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 8. Samples per dollar


def _samples_per_dollar(price_usd, years, peak_flop_per_s, utilisation, forward_flop):
    bought = model.flop_per_dollar(price_usd, years * 365 * DAY_S, peak_flop_per_s, utilisation)
    return model.samples_per_dollar(bought, 3 * np.asarray(forward_flop))


def _value_cases(rng) -> list[Case]:
    def chip() -> dict:
        return {
            "price_usd": log_uniform(rng, 500, 50_000),
            "years": int(rng.integers(2, 6)),
            "peak_flop_per_s": log_uniform(rng, 1e13, 2e15),
            "utilisation": round(rng.uniform(0.2, 0.6), 2),
            "forward_flop": log_uniform(rng, 1e6, 1e12),
        }

    round_ = {"price_usd": 1000.0, "years": 1, "peak_flop_per_s": 1e12, "utilisation": 1.0, "forward_flop": 1e9}
    return [
        Case("round numbers", round_),
        *(Case("a random chip", chip()) for _ in range(4)),
        Case("three models at once, as an array", chip() | {"forward_flop": log_uniform(rng, 1e6, 1e12, size=3)}),
    ]


VALUE = Task(
    name="ml_systems.samples_per_dollar",
    title="Samples per dollar",
    reference=_samples_per_dollar,
    cases=_value_cases,
    mistakes=(
        Mistake(
            "forward pass only",
            scaled(_samples_per_dollar, 3),
            "You counted the forward pass alone; training costs about three times as much for each sample.",
        ),
        Mistake(
            "three on the wrong side",
            scaled(_samples_per_dollar, 9),
            "A sample that costs three times as much leaves you a third as many: divide by 3, do not multiply.",
        ),
        Mistake(
            "price left out",
            lambda price_usd, **given: _samples_per_dollar(price_usd=1.0, **given),
            "That is what the chip does in its whole life: divide by its price.",
        ),
        Mistake(
            "FLOP for a dollar",
            lambda forward_flop, **given: _samples_per_dollar(forward_flop=1 / 3, **given),
            "That is FLOP for a dollar: divide by what one training sample costs.",
        ),
        Mistake(
            "dollars per sample",
            lambda **given: 1 / _samples_per_dollar(**given),
            "That is upside down: dollars for a sample, not samples for a dollar.",
        ),
        Mistake(
            "utilisation left out",
            altered(_samples_per_dollar, utilisation=lambda u: 1.0),
            "That is a chip at 100 % of its peak: the utilisation is missing.",
        ),
        Mistake(
            "one year",
            altered(_samples_per_dollar, years=1),
            "The chip works for all of its `years`, not for one.",
        ),
        Mistake(
            "MAC for FLOP",
            scaled(_samples_per_dollar, 0.5),
            "You doubled the operations: `forward_flop` counts both halves of a multiply-add already.",
        ),
    ),
    hints=(
        "How many FLOP does the chip do in its whole life, and how many does one sample cost?",
        "Life in seconds x peak x utilisation / price is FLOP for a dollar; a training sample costs 3 x forward.",
        "years * 365 * 86_400 * peak_flop_per_s * utilisation / price_usd / (3 * forward_flop)",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

TASKS = (IN_FLIGHT, AXIS, RELAY, RESIDENT, VETOES, ALPHA, ERROR_AFTER, VALUE)
