"""The nine tasks of section 1.14, each with the mistakes that people make in it.

The last one is the student's own incident. Its answer can be computed with this package: a class that is graded needs
an instructor's incidents (see incident.py), and judges them where students' code cannot import this section.
"""

from itertools import chain, combinations
from math import log

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Needs, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.sections.silent_degradation import model as degradation
from mlsys_helpers.sections.synthesis import game, model, serving
from mlsys_helpers.sections.synthesis import incident as incidents
from mlsys_helpers.sections.synthesis.players import HABITS

# 1. A request alone


def _request_ms(params, bytes_per_param, bandwidth_bytes_per_s, prompt, reply, achieved_flop_per_s, step_s):
    data_s = reply * params * bytes_per_param / bandwidth_bytes_per_s
    compute_s = 2 * params * (prompt + reply - 1) / achieved_flop_per_s
    return 1000 * (data_s + compute_s + reply * step_s)


def _request_cases(rng) -> list[Case]:
    given = {
        "params": float(f"{rng.uniform(0.8e9, 1.6e9):.3g}"),
        "bytes_per_param": int(rng.choice([2, 4])),
        "bandwidth_bytes_per_s": float(rng.choice([300e9, 320e9])),
        "prompt": int(rng.integers(100, 200)),
        "reply": int(rng.integers(10, 20)),
        "achieved_flop_per_s": float(f"{rng.uniform(3e13, 6e13):.3g}"),
        "step_s": float(f"{rng.uniform(2.5e-3, 4e-3):.3g}"),
    }
    return [Case("your request", given)]


def _request(passes_data=None, tokens=None, passes_latency=None):
    """The request with another count of passes or tokens: each a function of prompt and reply."""

    def wrong(params, bytes_per_param, bandwidth_bytes_per_s, prompt, reply, achieved_flop_per_s, step_s):
        data = (passes_data or (lambda p, r: r))(prompt, reply) * params * bytes_per_param / bandwidth_bytes_per_s
        compute = 2 * params * (tokens or (lambda p, r: p + r - 1))(prompt, reply) / achieved_flop_per_s
        return 1000 * (data + compute + (passes_latency or (lambda p, r: r))(prompt, reply) * step_s)

    return wrong


REQUEST = Task(
    name="synthesis.request_ms",
    title="A request alone",
    reference=_request_ms,
    cases=_request_cases,
    by_value=True,
    rtol=0.001,
    mistakes=(
        Mistake("seconds", scaled(_request_ms, 1e-3), "That is in seconds; asked are milliseconds."),
        Mistake(
            "weights read once",
            _request(passes_data=lambda prompt, reply: 1),
            "You moved the weights once for the whole reply. Every pass moves them again.",
        ),
        Mistake(
            "MAC for FLOP",
            altered(_request_ms, achieved_flop_per_s=lambda rate: 2 * rate),
            "Your compute term is half as long as it should be: a multiply-add is two FLOP.",
        ),
        Mistake(
            "the prompt read word by word",
            _request(
                passes_data=lambda prompt, reply: prompt + reply - 1,
                passes_latency=lambda prompt, reply: prompt + reply - 1,
            ),
            "You gave each token of the prompt a pass of its own. One pass reads the whole prompt.",
        ),
        Mistake(
            "the reply computed without its prompt",
            _request(tokens=lambda prompt, reply: reply),
            "The tokens of the prompt are computed, too, in the first pass.",
        ),
        Mistake(
            "one step's latency",
            _request(passes_latency=lambda prompt, reply: 1),
            "You paid the latency of a step once. Every pass is a step.",
        ),
        Mistake(
            "one pass fewer",
            _request(passes_data=lambda prompt, reply: reply - 1, passes_latency=lambda prompt, reply: reply - 1),
            "You left out a pass. The first one reads the prompt and gives a token: `reply` passes in all.",
        ),
        Mistake(
            "one pass more",
            _request(passes_data=lambda prompt, reply: reply + 1, passes_latency=lambda prompt, reply: reply + 1),
            "You paid for a pass too many: the one that reads the prompt gives the first token.",
        ),
        Mistake(
            "bits for bytes",
            altered(_request_ms, bytes_per_param=lambda size: 8 * size),
            "You moved eight times too much: sizes and bandwidth are in bytes.",
        ),
    ),
    hints=(
        "How many times do the weights cross the memory bus until the last token is written?",
        "`mine.reply` passes for data and latency; every token of prompt and reply but the last for compute.",
        "data_s = mine.reply * mine.params * mine.bytes_per_param / mine.bandwidth_bytes_per_s; "
        "compute_s = 2 * mine.params * (mine.prompt + mine.reply - 1) / mine.achieved_flop_per_s; then the latency",
    ),
    points=2,
    minutes=5,
    difficulty="warm-up",
)

# 2. The wait


def _wait_cases(rng) -> list[Case]:
    def drawn(low: float, high: float) -> dict:
        mean_s = log_uniform(rng, 0.01, 0.5)
        rate = float(f"{rng.uniform(low, high) / mean_s:.4g}")
        return {"arrivals_per_s": rate, "mean_s": mean_s, "squared_variation": round(float(rng.uniform(0.2, 3)), 2)}

    return [
        Case("nobody comes", {"arrivals_per_s": 0.0, "mean_s": 0.1, "squared_variation": 1.0}),
        Case("all requests alike", drawn(0.3, 0.9) | {"squared_variation": 0.0}),
        *(Case("random traffic", drawn(0.2, 0.95)) for _ in range(3)),
        Case("more than it can serve", drawn(1.1, 2.0)),
        Case(
            "three loads, as an array", drawn(0.5, 0.6) | {"arrivals_per_s": np.array([1.0, 5.0, 12.0]), "mean_s": 0.1}
        ),
    ]


def _without_limit(arrivals_per_s, mean_s, squared_variation):
    busy = arrivals_per_s * mean_s
    return busy * mean_s * (1 + squared_variation) / (2 * (1 - busy))


WAIT = Task(
    name="synthesis.wait",
    title="The wait",
    reference=model.mg1_wait_s,
    cases=_wait_cases,
    mistakes=(
        Mistake(
            "no end to it",
            _without_limit,
            "Where more comes than can be served, your wait is negative. It grows without end: return `np.inf`.",
        ),
        Mistake(
            "variation left out",
            altered(model.mg1_wait_s, squared_variation=0.0),
            "That is the wait when all requests take equally long. Long ones hold up many: add C² to the 1.",
        ),
        Mistake(
            "squared once more",
            altered(model.mg1_wait_s, squared_variation=lambda c2: c2**2),
            "`squared_variation` is C² already. You squared it once more.",
        ),
        Mistake(
            "factor 2 left out",
            scaled(model.mg1_wait_s, 2),
            "Twice too long: who arrives finds, on average, half of a service still to be done.",
        ),
        Mistake(
            "service included",
            lambda arrivals_per_s, mean_s, squared_variation: (
                model.mg1_wait_s(arrivals_per_s, mean_s, squared_variation) + mean_s
            ),
            "That is the time in the house. Asked is the wait before the service begins.",
        ),
        Mistake(
            "no crowding",
            lambda arrivals_per_s, mean_s, squared_variation: np.where(
                arrivals_per_s * mean_s < 1, arrivals_per_s * mean_s**2 * (1 + squared_variation) / 2, np.inf
            ),
            "You left out the division by 1 - rho, which makes the wait grow as the server fills.",
        ),
    ),
    hints=(
        "What share of the time is the server busy, and what happens to a division by 1 less that share?",
        "rho = arrivals_per_s * mean_s; the formula holds below rho = 1, and np.where chooses for arrays.",
        "np.where(rho < 1, rho * mean_s * (1 + squared_variation) / (2 * (1 - rho)), np.inf)",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 3. Which of four parts


def _part(data_s, compute_s, latency_s, arrivals_per_s):
    service_s = data_s + compute_s + latency_s
    parts = dict(
        zip(model.PARTS, (data_s, compute_s, latency_s, model.mg1_wait_s(arrivals_per_s, service_s)), strict=True)
    )
    return max(parts, key=parts.__getitem__)


def _terms(data_s, compute_s, latency_s, arrivals_per_s):
    return max(zip((data_s, compute_s, latency_s), model.PARTS, strict=False))[1]


def _part_cases(rng) -> list[Case]:
    def case(label: str, load: float, *terms: float) -> Case:
        given = dict(zip(("data_s", "compute_s", "latency_s"), terms, strict=True))
        return Case(label, given | {"arrivals_per_s": round(load / sum(terms), 4)})

    drawn = [[round(float(x), 4) for x in rng.uniform(0.005, 0.1, 3)] for _ in range(3)]
    return [
        case("nobody comes", 0.0, 0.03, 0.05, 0.01),
        case("data largest, half busy", 0.5, 0.08, 0.03, 0.01),
        case("latency largest, a little busier", 0.55, 0.01, 0.02, 0.09),
        case("nearly full", 0.95, 0.08, 0.03, 0.01),
        case("more than it can serve", 1.4, 0.02, 0.09, 0.01),
        case("three equal terms, half busy", 0.5, 0.04, 0.03, 0.035),
        case("three equal terms, less busy", 0.4, 0.04, 0.03, 0.035),
        *(case("random terms", float(rng.uniform(0.2, 0.9)), *terms) for terms in drawn),
    ]


def _negative_wait(data_s, compute_s, latency_s, arrivals_per_s):
    service_s = data_s + compute_s + latency_s
    wait_s = _without_limit(arrivals_per_s, service_s, 0.0)
    return "waiting" if wait_s > max(data_s, compute_s, latency_s) else _terms(data_s, compute_s, latency_s, 0)


PART = Task(
    name="synthesis.largest_part",
    title="Which of four parts",
    reference=_part,
    cases=_part_cases,
    mistakes=(
        Mistake(
            "waiting never considered",
            _terms,
            "You compare the three terms only. Under load, waiting can be longer than each of them.",
        ),
        Mistake(
            "waiting from half busy on",
            lambda data_s, compute_s, latency_s, arrivals_per_s: (
                "waiting"
                if arrivals_per_s * (data_s + compute_s + latency_s) >= 0.5
                else _terms(data_s, compute_s, latency_s, 0)
            ),
            "A busy server is not enough: compare the seconds of the wait with the seconds of each term.",
        ),
        Mistake(
            "a wait of varied services",
            lambda data_s, compute_s, latency_s, arrivals_per_s: (
                "waiting"
                if model.mg1_wait_s(arrivals_per_s, data_s + compute_s + latency_s, 1.0)
                > max(data_s, compute_s, latency_s)
                else _terms(data_s, compute_s, latency_s, 0)
            ),
            "That is the wait of exponential times, twice too long: here each request takes the same time, so C² is 0.",
        ),
        Mistake(
            "an overload that hides",
            _negative_wait,
            "Where more comes than can be served the formula turns negative, and you took it at its word.",
        ),
        Mistake(
            "waiting against all of the service",
            lambda data_s, compute_s, latency_s, arrivals_per_s: (
                "waiting"
                if model.mg1_wait_s(arrivals_per_s, data_s + compute_s + latency_s) > data_s + compute_s + latency_s
                else _terms(data_s, compute_s, latency_s, 0)
            ),
            "You asked the wait to exceed all three terms together. The largest part need not be the larger half.",
        ),
    ),
    hints=(
        "How long is one service, and how long does a request wait for others like it?",
        "Add the terms for the mean service time, call your `wait` with no variation, and compare four numbers.",
        'parts = {"data": data_s, ..., "waiting": wait(arrivals_per_s, service_s, 0.0)}; max(parts, key=parts.get)',
    ),
    points=2,
    minutes=4,
    difficulty="standard",
)

# 4. How much traffic keeps the promise


def _rate(mean_s, limit_s):
    return model.mm1_rate_per_s(mean_s, limit_s)


def _rate_cases(rng) -> list[Case]:
    mean_s = round(float(rng.uniform(0.008, 0.030)), 4)
    return [Case("your server", {"mean_s": mean_s, "limit_s": float(rng.choice([0.2, 0.25, 0.3]))})]


RATE = Task(
    name="synthesis.rate_per_s",
    title="How much traffic keeps the promise",
    reference=_rate,
    cases=_rate_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "mean for p99",
            lambda mean_s, limit_s: 1 / mean_s - 1 / limit_s,
            "That keeps the mean at the limit. The slowest 1 % take ln(100) times as long.",
        ),
        Mistake(
            "full load",
            lambda mean_s, limit_s: 1 / mean_s,
            "That is all it can serve; at full load the wait has no end.",
        ),
        Mistake(
            "log to base 10",
            lambda mean_s, limit_s: 1 / mean_s - 2 / limit_s,
            "You took the logarithm to base 10. Exponential times ask for the natural one: `np.log`.",
        ),
        Mistake(
            "busy share for rate",
            lambda mean_s, limit_s: mean_s * _rate(mean_s, limit_s),
            "That is the share of the time that the server is busy. Asked are requests a second.",
        ),
        Mistake(
            "p90 for p99",
            lambda mean_s, limit_s: 1 / mean_s - log(10) / limit_s,
            "That keeps p90. For p99 one in a hundred may be late, not one in ten.",
        ),
        Mistake(
            "no queue",
            lambda mean_s, limit_s: (1 / mean_s) * (1 - 0.01),
            "A load of 99 % is no p99: the quantile is of times, and they grow long before.",
        ),
    ),
    hints=(
        "In an M/M/1 system times are exponential with mean 1 / (mu - lambda). Which time do 99 % stay below?",
        "ln(100) / (mu - lambda) = limit, and mu is 1 / mean_s. Solve for lambda.",
        "1 / mine.mean_s - np.log(100) / mine.limit_s",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 5. A month's accuracy


def _month(accuracy_0, sensitivity, divergence, drift_per_day, ready_day, days):
    day = np.arange(days) + 0.5
    moved = np.where(day < ready_day, divergence + drift_per_day * day, drift_per_day * (day - ready_day))
    return float(np.mean(degradation.accuracy(accuracy_0, sensitivity, moved)))


def _month_of(moved):
    """The month with another divergence: a function of day, divergence, drift and the day of the new weights."""

    def wrong(accuracy_0, sensitivity, divergence, drift_per_day, ready_day, days):
        day = np.arange(days) + 0.5
        return float(np.mean(accuracy_0 - sensitivity * moved(day, divergence, drift_per_day, ready_day)))

    return wrong


def _month_cases(rng) -> list[Case]:
    def drawn(**fixed) -> dict:
        return {
            "accuracy_0": round(float(rng.uniform(0.9, 0.97)), 3),
            "sensitivity": round(float(rng.uniform(0.3, 0.8)), 2),
            "divergence": round(float(rng.uniform(0.03, 0.1)), 3),
            "drift_per_day": round(float(rng.uniform(0.001, 0.003)), 4),
            "ready_day": int(rng.integers(4, 20)),
            "days": 30,
        } | fixed

    return [
        Case("nothing moves", drawn(divergence=0.0, drift_per_day=0.0)),
        Case("ready at once", drawn(ready_day=0)),
        Case("ready too late", drawn(ready_day=45)),
        *(Case("a random month", drawn()) for _ in range(3)),
        Case("a quarter", drawn(days=90)),
    ]


MONTH = Task(
    name="synthesis.month_accuracy",
    title="A month's accuracy",
    reference=_month,
    cases=_month_cases,
    mistakes=(
        Mistake(
            "retrained on the first day",
            _month_of(lambda day, start, drift, ready: drift * day),
            "You served the new weights from the first day. Until `ready_day` the old ones answer.",
        ),
        Mistake(
            "nothing gets better",
            _month_of(lambda day, start, drift, ready: start + drift * day),
            "Your month is that of the old weights. From `ready_day` on the divergence begins again at zero.",
        ),
        Mistake(
            "the world stops for fresh weights",
            _month_of(lambda day, start, drift, ready: np.where(day < ready, start + drift * day, 0.0)),
            "The world goes on after retraining: the divergence grows again from `ready_day`.",
        ),
        Mistake(
            "drift counted from the first day",
            _month_of(lambda day, start, drift, ready: np.where(day < ready, start + drift * day, drift * day)),
            "New weights know the world of `ready_day`. Count their drift from there.",
        ),
        Mistake(
            "days at their beginning",
            lambda accuracy_0, sensitivity, divergence, drift_per_day, ready_day, days: _month_of(
                lambda day, start, drift, ready: np.where(
                    day - 0.5 < ready, start + drift * (day - 0.5), drift * (day - 0.5 - ready)
                )
            )(accuracy_0, sensitivity, divergence, drift_per_day, ready_day, days),
            "You took each day at its beginning. Half a day later the inputs have moved on.",
        ),
        Mistake(
            "fresh weights as far away as old ones",
            _month_of(lambda day, start, drift, ready: start + drift * np.where(day < ready, day, day - ready)),
            "You kept `divergence` after `ready_day`. Weights trained on that day's world begin at no divergence.",
        ),
        Mistake(
            "days at their end",
            lambda accuracy_0, sensitivity, divergence, drift_per_day, ready_day, days: _month_of(
                lambda day, start, drift, ready: np.where(
                    day < ready, start + drift * (day + 0.5), drift * (day + 0.5 - ready)
                )
            )(accuracy_0, sensitivity, divergence, drift_per_day, ready_day, days),
            "You took each day at its end. Its middle is half a day earlier.",
        ),
        Mistake(
            "no drift before",
            _month_of(lambda day, start, drift, ready: np.where(day < ready, start, drift * (day - ready))),
            "The divergence also grows on the days before `ready_day`.",
        ),
    ),
    hints=(
        "How far are the inputs of a day from those that the weights of that day were trained on?",
        "day = np.arange(days) + 0.5; two formulas for the divergence, chosen by np.where(day < ready_day, ...).",
        "moved = np.where(day < ready_day, divergence + drift_per_day * day, drift_per_day * (day - ready_day))",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 6. What a month is worth


def _eur(answers, late, accuracy, worth_eur, wrong_costs, ringing, credit_eur, spent_eur):
    in_time = answers * (1 - late)
    return in_time * worth_eur * (accuracy - wrong_costs * (1 - accuracy)) - ringing * credit_eur - spent_eur


def _eur_cases(rng) -> list[Case]:
    def drawn(**fixed) -> dict:
        return {
            "answers": float(rng.integers(1, 90)) * 1e5,
            "late": round(float(rng.uniform(0.02, 0.4)), 3),
            "accuracy": round(float(rng.uniform(0.85, 0.97)), 3),
            "worth_eur": round(float(rng.uniform(0.001, 0.004)), 4),
            "wrong_costs": int(rng.integers(3, 7)),
            "ringing": 2,
            "credit_eur": 1000.0,
            "spent_eur": float(rng.integers(5, 30)) * 100,
        } | fixed

    return [
        Case("all late", drawn(late=1.0)),
        Case("a perfect month", drawn(late=0.0, accuracy=1.0, ringing=0)),
        *(Case("a random month", drawn()) for _ in range(3)),
        Case("more wrong than it can bear", drawn(accuracy=0.7)),
        Case("three plans, as arrays", drawn(accuracy=np.array([0.9, 0.93, 0.95]), ringing=np.array([2, 1, 0]))),
    ]


EUR = Task(
    name="synthesis.month_eur",
    title="What a month is worth",
    reference=_eur,
    cases=_eur_cases,
    mistakes=(
        Mistake(
            "late answers paid", altered(_eur, late=0.0), "You were paid for late answers, too. They earn nothing."
        ),
        Mistake(
            "wrong answers free",
            altered(_eur, wrong_costs=0),
            "Wrong answers cost you nothing. Each costs `wrong_costs` times what a right one earns.",
        ),
        Mistake(
            "one credit for all",
            altered(_eur, ringing=lambda n: np.minimum(n, 1)),
            "Each alarm that rings costs a credit of its own.",
        ),
        Mistake("no credits", altered(_eur, ringing=0), "You paid no credits. Each alarm that rings costs one."),
        Mistake(
            "a wrong answer only unearned",
            altered(_eur, wrong_costs=lambda times: times - 1),
            "You charged wrong answers once too little. They earn nothing, and cost the whole `wrong_costs`.",
        ),
        Mistake(
            "wrong answers charged in euros",
            lambda **given: _eur(**given | {"wrong_costs": given["wrong_costs"] / given["worth_eur"]}),
            "`wrong_costs` is no amount in euros: it counts how many right answers a wrong one costs.",
        ),
        Mistake("nothing spent", altered(_eur, spent_eur=0.0), "What was spent is not taken off."),
        Mistake(
            "late answers also wrong",
            lambda answers, late, accuracy, worth_eur, wrong_costs, ringing, credit_eur, spent_eur: (
                answers * worth_eur * ((1 - late) * accuracy - wrong_costs * (1 - (1 - late) * accuracy))
                - ringing * credit_eur
                - spent_eur
            ),
            "You charged late answers as wrong ones. Nobody uses them: they earn nothing and cost nothing.",
        ),
        Mistake(
            "late wrong answers charged",
            lambda answers, late, accuracy, worth_eur, wrong_costs, ringing, credit_eur, spent_eur: (
                answers * worth_eur * ((1 - late) * accuracy - wrong_costs * (1 - accuracy))
                - ringing * credit_eur
                - spent_eur
            ),
            "Late answers do no harm, right or wrong: take their share off before you charge the wrong ones.",
        ),
    ),
    hints=(
        "Which answers count at all, and what does one of them bring on average?",
        "answers * (1 - late) count; each brings accuracy less wrong_costs * (1 - accuracy), in units of worth_eur.",
        "answers * (1 - late) * worth_eur * (accuracy - wrong_costs * (1 - accuracy)) - ringing * credit_eur - ...",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 7. Ninety and ten percent


def _batch_cases(rng) -> list[Case]:
    def drawn(**fixed) -> dict:
        params = log_uniform(rng, 1e9, 1e10)
        return {
            "arithmetic": round(float(rng.uniform(0.05, 0.15)), 2),
            "bandwidth": round(float(rng.uniform(0.6, 0.95)), 2),
            "ridge": round(float(rng.uniform(120, 300)), 1),
            "flop_each": 2 * params,
            "shared_bytes": 2 * params,
            "bytes_each": float(f"{params * rng.uniform(0.002, 0.01):.3g}"),
        } | fixed

    given = {"flop_each": 4e9, "shared_bytes": 4e9, "ridge": 200.0, "arithmetic": 0.1, "bandwidth": 0.8}
    return [
        Case("nothing of its own", drawn(bytes_each=0.0)),
        *(Case("a random model", drawn()) for _ in range(3)),
        Case("too many bytes of its own", given | {"bytes_each": 8e8}),
        Case("three contexts, as an array", given | {"bytes_each": np.array([1e7, 5e7, 9e8])}),
    ]


def _batch_unlimited(arithmetic, bandwidth, ridge, flop_each, shared_bytes, bytes_each):
    wanted = arithmetic / bandwidth * ridge
    return wanted * shared_bytes / (flop_each - wanted * bytes_each)


BATCH = Task(
    name="synthesis.batch_for",
    title="Ninety and ten percent",
    reference=model.batch_for,
    cases=_batch_cases,
    mistakes=(
        Mistake(
            "keys and values left out",
            altered(model.batch_for, bytes_each=0.0),
            "You shared all bytes. Each conversation brings bytes of its own, which no batch shares.",
        ),
        Mistake(
            "below zero",
            _batch_unlimited,
            "A batch below zero means that no batch does it: return `np.inf` there.",
        ),
        Mistake(
            "shares inverted",
            lambda arithmetic, bandwidth, **given: model.batch_for(bandwidth, arithmetic, **given),
            "You divided the share of the bandwidth by that of the arithmetic. It is the other way round.",
        ),
        Mistake(
            "ridge alone",
            altered(model.batch_for, arithmetic=1.0, bandwidth=1.0),
            "That is the batch at the ridge, where both are used to the full. Scale the ridge by the two shares.",
        ),
        Mistake(
            "ridge left out",
            altered(model.batch_for, ridge=1.0),
            "You left out the ridge. The shares are of two peaks, and the ridge is how far these lie apart.",
        ),
        Mistake(
            "rounded up",
            lambda **given: np.ceil(model.batch_for(**given)),
            "Right but for the rounding: return the number as it comes.",
        ),
        Mistake(
            "arithmetic alone",
            altered(model.batch_for, bandwidth=1.0),
            "You took the bandwidth for fully used. Divide by its share.",
        ),
    ),
    hints=(
        "Arithmetic and movement share the same seconds. What FLOP for each byte do the two shares speak of?",
        "wanted = arithmetic / bandwidth * ridge; batch * flop_each = wanted * (shared_bytes + batch * bytes_each).",
        "np.where(flop_each > wanted * bytes_each, wanted * shared_bytes / (flop_each - wanted * bytes_each), np.inf)",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 8. The best plan


def _worth(plan, gain_eur) -> float:
    return sum(gain_eur[i][i] for i in plan) + sum(gain_eur[i][j] for i, j in combinations(plan, 2))


def _best(hours, gain_eur, budget_hours, worth=_worth):
    every = chain.from_iterable(combinations(range(len(hours)), n) for n in range(len(hours) + 1))
    return max((p for p in every if sum(hours[i] for i in p) <= budget_hours), key=lambda p: worth(p, gain_eur))


def _greedy(rank):
    """Takes fixes in the order of `rank(gain, hours)` while they pay by themselves and fit."""

    def wrong(hours, gain_eur, budget_hours):
        chosen, left = [], budget_hours
        for i in sorted(range(len(hours)), key=lambda i: -rank(gain_eur[i][i], hours[i])):
            if gain_eur[i][i] > 0 and hours[i] <= left:
                chosen.append(i)
                left -= hours[i]
        return tuple(sorted(chosen))

    return wrong


def _best_cases(rng) -> list[Case]:
    def case(label: str, hours, own, budget_hours: float, pairs=()) -> Case:
        gain = np.diag(np.array(own, float))
        for i, j, eur in pairs:
            gain[i, j] = gain[j, i] = eur
        return Case(label, {"hours": np.array(hours, float), "gain_eur": gain, "budget_hours": float(budget_hours)})

    def drawn() -> Case:
        while True:
            n = int(rng.integers(4, 7))
            hours = rng.integers(2, 9, n)
            pairs = [(i, j, float(rng.integers(-20, 8))) for i, j in combinations(range(n), 2) if rng.random() < 0.4]
            found = case("random fixes", hours, rng.integers(-5, 30, n), int(rng.integers(8, 18)), pairs)
            best = _best(**found.given)
            rivals = [tuple(i for i in range(n) if code >> i & 1) for code in range(2**n)]
            fits = [p for p in rivals if sum(hours[i] for i in p) <= found.given["budget_hours"] and p != best]
            if _worth(best, found.given["gain_eur"]) > max(_worth(p, found.given["gain_eur"]) for p in fits) + 0.5:
                return found

    return [
        case("nothing pays", [3, 4], [-1, -2], 10),
        case("the largest does not leave room", [6, 5, 5], [10, 9, 9], 10),
        case("the cheapest does not leave room", [1, 10], [3, 20], 10),
        case("two cures for one alarm", [3, 3, 3], [10, 9, 4], 6, [(0, 1, -9)]),
        case("one that pays only with another", [4, 8, 5], [-8, 1, 6], 13, [(0, 1, 20)]),
        case("two that overlap a little", [3, 3], [10, 4], 8, [(0, 1, -3)]),
        *(drawn() for _ in range(4)),
    ]


BEST = Task(
    name="synthesis.best_plan",
    title="The best plan",
    reference=_best,
    cases=_best_cases,
    mistakes=(
        Mistake(
            "gains simply added",
            lambda **given: _best(**given, worth=lambda plan, gain: sum(gain[i][i] for i in plan)),
            "You added the gains as if fixes did not meet. For each pair in a plan, `gain_eur[i, j]` comes on top.",
        ),
        Mistake(
            "pairs counted twice",
            lambda **given: _best(**given, worth=lambda plan, gain: sum(gain[i][j] for i in plan for j in plan)),
            "You counted each pair as (i, j) and as (j, i). It comes on top once.",
        ),
        Mistake(
            "budget forgotten",
            lambda hours, gain_eur, budget_hours: _best(hours, gain_eur, float("inf")),
            "Your plan takes more hours than there are.",
        ),
        Mistake(
            "an hour to spare",
            lambda hours, gain_eur, budget_hours: _best(hours, gain_eur, budget_hours - 0.5),
            "You want hours to be left over. A plan may use the budget to the last one.",
        ),
        Mistake(
            "largest gain first",
            _greedy(lambda gain, hours: gain),
            "You took the largest gains first. They can leave no room for two that are worth more together.",
        ),
        Mistake(
            "most for an hour first",
            _greedy(lambda gain, hours: gain / hours),
            "You took the most for each hour first. What is left of the budget may then be of no use.",
        ),
        Mistake(
            "hours to be used up",
            lambda hours, gain_eur, budget_hours: max(
                (
                    p
                    for n in range(1, len(hours) + 1)
                    for p in combinations(range(len(hours)), n)
                    if sum(hours[i] for i in p) <= budget_hours
                ),
                key=lambda p: _worth(p, gain_eur),
            ),
            "Where nothing pays, the best plan is to do nothing: `()`.",
        ),
    ),
    hints=(
        "How many plans are there with five fixes, and how long does a computer take to try them all?",
        "itertools.combinations(range(len(hours)), n) for every n from 0 on; keep those that fit, and take the best.",
        "worth = sum(gain_eur[i, i] for i in plan) + sum(gain_eur[i, j] for i, j in combinations(plan, 2))",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

# 9. Your incident

FIX_HOURS = incidents.BUDGET_HOURS - incidents.LOOK_HOURS


def _pool() -> list[int]:
    """Stored incidents that looking solves and no habit does."""
    rows = incidents.stored().items()
    return [n for n, row in rows if row["passed"] == "1" and max(float(row[name]) for name in HABITS) < game.PASS]


def _answer(incident):
    row = incidents.stored()[incident]
    axes = (incidents.CAUSES[row[alarm]].axis for alarm in ("slow", "wrong"))
    return incidents.best(incidents.incident(incident)), row["part"], *axes


def _measure(answer, incident):
    """How far the plan is on its way to PASS (1 is there), and 1 for each right word of the diagnosis."""
    if not isinstance(answer, tuple | list) or len(answer) != 4 or not isinstance(answer[0], tuple | list | str):
        raise ValueError("an answer is a plan and three words: ((fix, ...), part, slow axis, wrong axis)")
    fixes, *words = answer[0], *(str(word).strip() for word in answer[1:])
    chosen = incidents.plan([fixes] if isinstance(fixes, str) else fixes)
    if incidents.hours(chosen) > FIX_HOURS:
        raise ValueError(f"that plan takes {incidents.hours(chosen):g} hours, and {FIX_HOURS} are for fixes")
    reached = game.share_of_gain(incidents.incident(incident), chosen) / game.PASS
    axes = (word == right for word, right in zip(words[1:], _answer(incident)[2:], strict=True))
    return round(min(1.0, reached), 3), float(_is_largest(words[0], incident)), *map(float, axes)


def _is_largest(part, incident) -> bool:
    """Whether a part of the time is the largest, or short of it by no more than a tenth: no probe tells these apart."""
    parts = model.parts_s(incidents.incident(incident).broken, serving.traffic(0))
    return parts.get(part, 0.0) >= 0.9 * max(parts.values())


def _with_plan(*fixes: str):
    return lambda incident: (fixes, *_answer(incident)[1:])


def _capstone_cases(rng) -> list[Case]:
    return [Case("your incident", {"incident": int(rng.choice(_pool()))})]


CAPSTONE = Task(
    name="synthesis.capstone",
    title="Your incident",
    reference=_answer,
    cases=_capstone_cases,
    by_value=True,
    measure=_measure,
    mistakes=(
        Mistake("nothing done", _with_plan(), "An empty plan gains nothing, however right the diagnosis."),
        Mistake(
            "the usual answer",
            _with_plan("chip: FLOP/s", "retrain here"),
            "That is the plan of whoever does not look: a faster chip and fresh weights. What did the probes say?",
        ),
        Mistake(
            "retrained and no more",
            _with_plan("retrain here"),
            "Retraining alone leaves the clock as it is, and may not mend the answers either.",
        ),
        Mistake(
            "rolled back and no more",
            _with_plan("roll back"),
            "A roll-back mends what the release broke. Is the release behind both alarms?",
        ),
    ),
    hints=(
        "Which reading is far from what it was a month ago, and which cause of the notebook's table moves it?",
        "Slow: `traffic` shows requests, prompts and cache; in `profile`, fp32 doubles data, slow steps raise latency. "
        "Wrong: `replay` shows release and labels, and errors on one side in `labels` are a threshold. "
        "The wait in ms: the `waiting share` of `p50 ms` in `queue`, roughly. Hold it against `profile`.",
        "`players.decide(game.Game(mine.incident).probe(...), 18)` writes what your probes read into a model of "
        "the service, plays all plans on it and gives plan and words: compare it with your own.",
    ),
    points=5,
    minutes=15,
    difficulty="stretch",
)

_PLAYED = ("desk", "game", "incident", "model", "players", "probes", "serving")
NEEDS = Needs(
    packages=("scipy.optimize",),
    companion=(
        "sections.iron_law.model",
        "sections.silent_degradation.model",
        *(f"sections.synthesis.{module}" for module in _PLAYED),
        "sections/synthesis/incidents.csv",
    ),
)
TASKS = (REQUEST, WAIT, PART, RATE, MONTH, EUR, BATCH, BEST, CAPSTONE)
