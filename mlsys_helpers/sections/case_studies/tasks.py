"""The eight tasks of section 1.10, each with the mistakes that people make in it."""

import numpy as np
from scipy import stats

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Needs, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.kit.units import DAY_S, HOUR_S, KILO, MILLI
from mlsys_helpers.sections.case_studies import model

# 1. How far away


def _reach_km(limit_ms, radio_ms, compute_ms):
    return model.reach_m(limit_ms * MILLI, (radio_ms + compute_ms) * MILLI) / KILO


def _reach_cases(rng) -> list[Case]:
    given = {
        "limit_ms": int(rng.integers(24, 41)),
        "radio_ms": round(float(rng.uniform(2.6, 4)), 1),
        "compute_ms": round(float(rng.uniform(1, 2.5)), 1),
    }
    return [Case("your car", given)]


REACH = Task(
    name="case_studies.reach_km",
    title="How far away may it stand?",
    reference=_reach_km,
    cases=_reach_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "one way only",
            scaled(_reach_km, 2),
            "That is twice too far: the question travels there and the answer travels back.",
        ),
        Mistake(
            "light in vacuum",
            scaled(_reach_km, 1.5),
            "That is light in empty space. In glass it goes at two thirds of that.",
        ),
        Mistake(
            "one way, in vacuum",
            scaled(_reach_km, 3),
            "Two things are missing: the way back, and that glass slows light to two thirds.",
        ),
        Mistake(
            "radio twice",
            lambda radio_ms, **given: _reach_km(radio_ms=2 * radio_ms, **given),
            "You counted the radio twice. Its delay is given for there and back.",
        ),
        Mistake("radio left out", altered(_reach_km, radio_ms=0.0), "The radio's delay is spent before fibre begins."),
        Mistake("computing left out", altered(_reach_km, compute_ms=0.0), "The computing takes its part of the limit."),
        Mistake(
            "whole limit for fibre",
            altered(_reach_km, radio_ms=0.0, compute_ms=0.0),
            "You gave the whole limit to the fibre. Radio and computing take their part first.",
        ),
        Mistake("metres for kilometres", scaled(_reach_km, 1000), "That is in metres; asked are kilometres."),
    ),
    hints=(
        "How many milliseconds are left for the fibre, and how many for each direction?",
        "Light in glass covers two thirds of 299,792,458 m in a second, so about 200 km in a millisecond.",
        "(car.limit_ms - car.radio_ms - car.compute_ms) / 2 milliseconds, times 199.86 km a millisecond.",
    ),
    points=3,
    minutes=5,
    difficulty="warm-up",
)

# 2. How old is the fleet


def _age_days(devices, payload_kb, link_kbit_per_s):
    return model.age_s(devices, payload_kb * KILO, link_kbit_per_s * KILO) / DAY_S


def _round_days(devices, payload_kb, link_kbit_per_s):
    return devices * model.update_s(payload_kb * KILO, link_kbit_per_s * KILO) / DAY_S


def _age_cases(rng) -> list[Case]:
    given = {
        "devices": 2 * int(rng.integers(4, 30)) + 1,
        "payload_kb": int(rng.integers(20, 50)) * 10,
        "link_kbit_per_s": float(rng.choice([0.5, 1.0, 2.0, 2.5, 4.0])),
    }
    return [Case("your farm", given)]


AGE = Task(
    name="case_studies.age_days",
    title="How old are the models?",
    reference=_age_days,
    cases=_age_cases,
    by_value=True,
    rtol=0.002,
    mistakes=(
        Mistake(
            "bits for bytes", scaled(_age_days, 1 / 8), "That is an eighth: the payload is in bytes, the link in bits."
        ),
        Mistake(
            "a whole round",
            _round_days,
            "That is how long a round takes. A model waits between nothing and a round: half of it on average, and it "
            "was one sending time old when it arrived.",
        ),
        Mistake(
            "age at arrival left out",
            lambda **given: _round_days(**given) / 2,
            "That is half a round. A model is one sending time old already when it arrives.",
        ),
        Mistake(
            "the oldest",
            lambda devices, **given: _round_days(devices + 1, **given),
            "That is the oldest a model gets, just before it is replaced. Asked is the mean.",
        ),
        Mistake(
            "half a sending missing",
            lambda devices, **given: _round_days(devices + 1, **given) / 2,
            "Half a sending time is missing. A model is one sending time old when it arrives, and then serves a whole "
            "round: half of it on average.",
        ),
        Mistake(
            "one sending",
            lambda devices, **given: _round_days(1, **given),
            "That is how old a model is when it arrives. Then it serves until the station comes round again.",
        ),
        Mistake("one device", altered(_age_days, devices=1), "That is a fleet of one: the others wait their turn."),
        Mistake("hours for days", scaled(_age_days, 24), "That is in hours; asked are days."),
        Mistake("seconds for days", scaled(_age_days, DAY_S), "That is in seconds; asked are days."),
    ),
    hints=(
        "How old is a model the moment it arrives, and how long does it then serve?",
        "Sending once takes 8 x bytes / (bits a second). Mean age: that, and half of a round through all devices.",
        "once_s = 8 * farm.payload_kb / farm.link_kbit_per_s; age_days = once_s * (1 + farm.devices / 2) / 86400",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 3. Hours and operations


def _training_work(cores, cores_per_chip, peak_flop_per_s, utilisation, days):
    hours = model.device_hours(cores, days * DAY_S)
    return hours, model.work_flop(cores / cores_per_chip, peak_flop_per_s, utilisation, days * DAY_S)


def _training_cases(rng) -> list[Case]:
    def run() -> dict:
        return {
            "cores": int(2 ** rng.integers(4, 12)),
            "cores_per_chip": 2,
            "peak_flop_per_s": log_uniform(rng, 4e13, 3e14),
            "utilisation": round(float(rng.uniform(0.2, 0.6)), 2),
            "days": int(rng.integers(2, 40)),
        }

    alphafold = {"cores": 128, "cores_per_chip": 2, "peak_flop_per_s": 123e12, "utilisation": 0.4, "days": 14}
    alone = {"cores": 1, "cores_per_chip": 1, "peak_flop_per_s": 1e12, "utilisation": 1.0, "days": 1}
    return [
        Case("AlphaFold at two weeks", alphafold),
        Case("one core at its peak for a day", alone),
        *(Case("a random run", run()) for _ in range(3)),
        Case("three lengths at once, as an array", run() | {"days": np.array([7, 11, 21])}),
    ]


TRAINING_WORK = Task(
    name="case_studies.training_work",
    title="Core-hours and FLOP",
    reference=_training_work,
    cases=_training_cases,
    mistakes=(
        Mistake(
            "a chip for a core",
            altered(_training_work, cores_per_chip=1),
            "Your FLOP give each core the peak of a whole chip. Count chips: cores over cores_per_chip.",
        ),
        Mistake(
            "chip-hours",
            lambda cores, cores_per_chip, **given: (
                _training_work(cores, cores_per_chip, **given)[0] / cores_per_chip,
                _training_work(cores, cores_per_chip, **given)[1],
            ),
            "Your FLOP are right, but those are chip-hours. Asked are core-hours.",
        ),
        Mistake(
            "at the peak",
            altered(_training_work, utilisation=1.0),
            "Your FLOP are those of chips at their peak: the utilisation is missing.",
        ),
        Mistake(
            "utilisation on hours",
            lambda utilisation, **given: (
                _training_work(utilisation=utilisation, **given)[0] * utilisation,
                _training_work(utilisation=utilisation, **given)[1],
            ),
            "A core that waits is reserved all the same: its hours count whole.",
        ),
        Mistake(
            "FLOP for an hour",
            lambda days, **given: (
                _training_work(days=days, **given)[0],
                _training_work(days=days, **given)[1] * HOUR_S / (days * DAY_S),
            ),
            "The hours are right. Your FLOP are those of one hour.",
        ),
        Mistake(
            "hours for seconds",
            lambda **given: (_training_work(**given)[0], _training_work(**given)[1] / HOUR_S),
            "The hours are right. The peak is FLOP a second, so multiply it by seconds.",
        ),
        Mistake(
            "divided by the share",
            lambda utilisation, **given: (
                _training_work(utilisation=utilisation, **given)[0],
                _training_work(utilisation=utilisation, **given)[1] / utilisation**2,
            ),
            "You divided by the utilisation. Chips that wait do fewer FLOP than at their peak, not more.",
        ),
        Mistake(
            "core-days",
            lambda **given: (_training_work(**given)[0] / 24, _training_work(**given)[1]),
            "Your FLOP are right, but those are core-days.",
        ),
    ),
    hints=(
        "Which of the two counts needs to know that two cores share a chip?",
        "Hours: cores times hours. FLOP: chips times peak times utilisation times seconds.",
        "core_hours = cores * days * 24; flop = cores / cores_per_chip * peak_flop_per_s * utilisation * days * 86400",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 4. The slow ones


def _p99_s(arrivals_per_s, service_s):
    load = np.asarray(arrivals_per_s) * service_s
    with np.errstate(divide="ignore"):
        return np.where(load < 1, np.log(100) * service_s / np.maximum(1 - load, 0), np.inf)[()]


def _never_full(arrivals_per_s, service_s):
    with np.errstate(divide="ignore"):
        return np.log(100) * service_s / (1 - np.asarray(arrivals_per_s) * service_s)


def _p99_cases(rng) -> list[Case]:
    def server(load: float) -> dict:
        service_s = log_uniform(rng, 1e-3, 0.5)
        return {"arrivals_per_s": float(f"{load / service_s:.4g}"), "service_s": service_s}

    return [
        Case("almost nobody comes", server(1e-6)),
        Case("at 80 % load", {"arrivals_per_s": 80.0, "service_s": 0.01}),
        *(Case("a random server", server(rng.uniform(0.2, 0.97))) for _ in range(3)),
        Case("more comes than can be served", server(rng.uniform(1.1, 2))),
        Case("just as much comes as can be served", {"arrivals_per_s": 128.0, "service_s": 2**-7}),
        Case("three rates at once, as an array", {"arrivals_per_s": np.array([10.0, 60.0, 150.0]), "service_s": 0.01}),
    ]


P99 = Task(
    name="case_studies.p99_s",
    title="One in a hundred",
    reference=_p99_s,
    cases=_p99_cases,
    mistakes=(
        Mistake(
            "past full load",
            _never_full,
            "Past full load your time is negative. There the queue grows without end: np.inf.",
        ),
        Mistake(
            "service left out",
            lambda service_s, **given: _p99_s(service_s=service_s, **given) - service_s,
            "You took one service time off. The time in the system is waiting and service together.",
        ),
        Mistake(
            "the mean",
            lambda **given: _p99_s(**given) / np.log(100),
            "That is the mean time. One in a hundred takes ln(100), 4.6, times as long.",
        ),
        Mistake(
            "logarithm to base ten",
            lambda **given: _p99_s(**given) * 2 / np.log(100),
            "You took the logarithm to base ten. The exponential distribution has the natural one.",
        ),
        Mistake(
            "quantile of 0.99",
            lambda **given: _p99_s(**given) * -np.log(0.99) / np.log(100),
            "That is the time of the quickest one in a hundred. Solve exp(-t / mean) = 0.01, not 0.99.",
        ),
        Mistake(
            "an idle server",
            lambda arrivals_per_s, service_s: np.log(100) * service_s,
            "That is a server without a queue: nobody waits. The load is missing.",
        ),
        Mistake(
            "99 times the mean",
            lambda **given: _p99_s(**given) * 99 / np.log(100),
            "That is 99 times the mean. The 99th percentile is where a share of 0.01 is left: a logarithm.",
        ),
        Mistake(
            "load for room",
            lambda arrivals_per_s, service_s: np.log(100) * service_s / (np.asarray(arrivals_per_s) * service_s),
            "Your time falls as more requests come. Divide by the room that is left, 1 - load.",
        ),
    ),
    hints=(
        "What is the load, and what is the mean time in the system at that load?",
        "The mean is service_s / (1 - load), times are exponential, so a share exp(-t / mean) takes longer than t.",
        "np.log(100) * service_s / (1 - load), load = arrivals_per_s * service_s; np.where(load < 1, ..., np.inf).",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. A gap with its interval


def _gap(wrong_a, cases_a, wrong_b, cases_b):
    return model.rates_apart(wrong_a, cases_a, wrong_b, cases_b)


def _rate(wrong, cases, method):
    found = stats.binomtest(int(wrong), int(cases)).proportion_ci(0.95, method=method)
    return wrong / cases, found.low, found.high


def _with_ends(ends, method="wilson"):
    """A gap whose interval is made by `ends` from both rates and the ends of their intervals."""

    def wrong(wrong_a, cases_a, wrong_b, cases_b):
        a, b = _rate(wrong_a, cases_a, method), _rate(wrong_b, cases_b, method)
        return a[0] - b[0], *ends(*a, *b)

    return wrong


def _as_squares(a, low_a, high_a, b, low_b, high_b):
    return a - b - np.hypot(a - low_a, high_b - b), a - b + np.hypot(high_a - a, b - low_b)


_exact = _with_ends(_as_squares, method="exact")


def _wald(z):
    """The plain normal interval, `z` deviations to each side."""

    def wrong(wrong_a, cases_a, wrong_b, cases_b):
        a, b = wrong_a / cases_a, wrong_b / cases_b
        half = z * np.sqrt(a * (1 - a) / cases_a + b * (1 - b) / cases_b)
        return a - b, a - b - half, a - b + half

    return wrong


_NOT_PLAIN = "That is the plain normal interval. Without an error it has no width at all: start from Wilson's ends."


def _gap_cases(rng) -> list[Case]:
    def groups() -> dict:
        cases_a, cases_b = int(rng.integers(40, 400)), int(rng.integers(400, 2000))
        wrong_a, wrong_b = rng.binomial(cases_a, rng.uniform(0.05, 0.3)), rng.binomial(cases_b, rng.uniform(0.02, 0.15))
        return {"wrong_a": int(wrong_a) + 1, "cases_a": cases_a, "wrong_b": int(wrong_b), "cases_b": cases_b}

    return [
        Case("a published example", {"wrong_a": 56, "cases_a": 70, "wrong_b": 48, "cases_b": 80}),
        Case("no error in either group", {"wrong_a": 0, "cases_a": 30, "wrong_b": 0, "cases_b": 900}),
        Case("a small group without an error", {"wrong_a": 0, "cases_a": 12, "wrong_b": 30, "cases_b": 600}),
        *(Case("two random groups", groups()) for _ in range(3)),
    ]


GAP = Task(
    name="case_studies.gap_interval",
    title="A gap with its interval",
    reference=_gap,
    cases=_gap_cases,
    mistakes=(
        Mistake("the textbook interval", _wald(stats.norm.ppf(0.975)), _NOT_PLAIN),
        Mistake("the textbook interval, 1.96", _wald(1.96), _NOT_PLAIN),
        Mistake(
            "ends subtracted",
            _with_ends(lambda a, low_a, high_a, b, low_b, high_b: (low_a - high_b, high_a - low_b)),
            "You let both groups be at their worst at once. Distances to the ends add as squares, like any two noises.",
        ),
        Mistake(
            "the wrong ends",
            _with_ends(
                lambda a, low_a, high_a, b, low_b, high_b: (
                    a - b - np.hypot(a - low_a, b - low_b),
                    a - b + np.hypot(high_a - a, high_b - b),
                )
            ),
            "The gap is smallest where a is low and b is HIGH: take the upper end of b for the lower end of the gap.",
        ),
        Mistake(
            "distances changed over",
            _with_ends(
                lambda a, low_a, high_a, b, low_b, high_b: (
                    a - b - np.hypot(high_a - a, b - low_b),
                    a - b + np.hypot(a - low_a, high_b - b),
                )
            ),
            "You changed the ends over: the gap is smallest where a is LOW and b is high.",
        ),
        Mistake(
            "like ends subtracted",
            _with_ends(lambda a, low_a, high_a, b, low_b, high_b: (low_a - low_b, high_a - high_b)),
            "You subtracted lower end from lower end. The gap is smallest where a is low and b is HIGH, and even then "
            "distances add as squares.",
        ),
        Mistake(
            "squares without a root",
            _with_ends(
                lambda a, low_a, high_a, b, low_b, high_b: (
                    a - b - (a - low_a) ** 2 - (high_b - b) ** 2,
                    a - b + (high_a - a) ** 2 + (b - low_b) ** 2,
                )
            ),
            "You added the squares and took no root: `np.hypot` does both.",
        ),
        Mistake(
            "b less a",
            lambda wrong_a, cases_a, wrong_b, cases_b: _gap(wrong_b, cases_b, wrong_a, cases_a),
            "That is b less a. Asked is a less b.",
        ),
        Mistake(
            "exact for Wilson",
            _exact,
            "Those ends are of the exact interval, which `proportion_ci` gives without a method. Asked is Wilson's.",
        ),
        Mistake(
            "one group's noise",
            _with_ends(lambda a, low_a, high_a, b, low_b, high_b: (low_a - b, high_a - b)),
            "You took the second rate as known. It was measured, too, so its ends belong in the interval.",
        ),
        Mistake(
            "in points",
            lambda **given: tuple(100 * part for part in _gap(**given)),
            "Those are percentage points; give shares.",
        ),
    ),
    hints=(
        "How far is each rate from its own Wilson end, and how do two independent noises add?",
        "Lower end: a's distance to its lower end and b's to its UPPER end, as squares. Upper end: the other two.",
        "gap - np.hypot(a - end_a.low, end_b.high - b), gap + np.hypot(end_a.high - a, b - end_b.low)",
    ),
    points=4,
    minutes=8,
    difficulty="stretch",
)

# 6. What the attacker gains


def _rates(members, others, threshold):
    return (np.asarray(members) >= threshold).mean(), (np.asarray(others) >= threshold).mean()


def _advantage(members, others, threshold):
    named, falsely = _rates(members, others, threshold)
    return named - falsely


def _attack_cases(rng) -> list[Case]:
    def filter_() -> dict:
        members, others = rng.beta(6, 1.5, int(rng.integers(30, 60))), rng.beta(4, 2, int(rng.integers(60, 120)))
        return {"members": members.round(2), "others": others.round(2), "threshold": round(rng.uniform(0.6, 0.9), 2)}

    sure = {"members": np.array([1.0, 1.0, 1.0, 0.9]), "others": np.array([1.0, 0.9, 0.6, 0.2, 0.1]), "threshold": 1.0}
    same = np.array([0.2, 0.5, 0.7, 0.9])
    return [
        Case("a filter that has learned nothing by heart", {"members": same, "others": same, "threshold": 0.6}),
        Case("scores that stand on the threshold", sure),
        Case("an attacker who names everybody", filter_() | {"threshold": 0.0}),
        Case("an attacker who does worse than guessing", {"members": same, "others": same + 0.05, "threshold": 0.55}),
        *(Case("a random filter", filter_()) for _ in range(4)),
    ]


ADVANTAGE = Task(
    name="case_studies.advantage",
    title="What the attacker gains",
    reference=_advantage,
    cases=_attack_cases,
    mistakes=(
        Mistake(
            "hits only",
            lambda **given: _rates(**given)[0],
            "That is the share of members named. Who names everybody has all of them, and knows nothing.",
        ),
        Mistake(
            "accuracy",
            lambda **given: (_rates(**given)[0] + 1 - _rates(**given)[1]) / 2,
            "That is the attacker's accuracy with as many members as strangers; guessing gives one half there, and no "
            "advantage.",
        ),
        Mistake(
            "above, not at",
            lambda members, others, threshold: (members > threshold).mean() - (others > threshold).mean(),
            "You leave out scores that stand on the threshold. `threshold` or more counts as named.",
        ),
        Mistake(
            "counts for shares",
            lambda members, others, threshold: float((members >= threshold).sum() - (others >= threshold).sum()),
            "Those are counts. There are more strangers than members: compare shares.",
        ),
        Mistake(
            "pooled",
            lambda members, others, threshold: (
                ((members >= threshold).sum() - (others >= threshold).sum()) / (len(members) + len(others))
            ),
            "You divided both counts by all messages. Each count has a total of its own.",
        ),
        Mistake(
            "never below nothing",
            lambda **given: max(_advantage(**given), 0.0),
            "An attacker can do worse than guessing: then the advantage is negative.",
        ),
        Mistake(
            "without a sign",
            lambda **given: abs(_advantage(**given)),
            "An attacker can do worse than guessing: then the advantage is negative, and you dropped its sign.",
        ),
        Mistake(
            "right of all",
            lambda members, others, threshold: (
                ((members >= threshold).sum() + (others < threshold).sum()) / (len(members) + len(others))
            ),
            "That is how often the attacker is right. Guessing is right, too, at times, and has no advantage.",
        ),
        Mistake(
            "precision",
            lambda members, others, threshold: (
                (members >= threshold).sum() / ((members >= threshold).sum() + (others >= threshold).sum())
            ),
            "That is the share of members among all who were named. Asked is the difference of two shares.",
        ),
        Mistake("the other way about", scaled(_advantage, -1), "That is strangers less members: turn it round."),
    ),
    hints=(
        "If the attacker names everybody, what should the gain be?",
        "The share of members with a score of `threshold` or more, less that share of the others.",
        "(members >= threshold).mean() - (others >= threshold).mean()",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 7. Two sensors


def _both_miss(miss_a, miss_b, phi):
    return miss_a * miss_b + phi * np.sqrt(miss_a * (1 - miss_a) * miss_b * (1 - miss_b))


def _sensor_cases(rng) -> list[Case]:
    def pair() -> dict:
        a, b = (round(float(x), 3) for x in rng.uniform(0.05, 0.3, 2))
        return {"miss_a": a, "miss_b": b, "phi": round(float(rng.uniform(0.05, 0.3)), 2)}

    return [
        Case("independent sensors", pair() | {"phi": 0.0}),
        Case("twins that always fail together", {"miss_a": 0.08, "miss_b": 0.08, "phi": 1.0}),
        Case("sensors of which one sees what the other misses", {"miss_a": 0.2, "miss_b": 0.25, "phi": -0.1}),
        *(Case("two random sensors", pair()) for _ in range(3)),
        Case("four correlations at once, as an array", pair() | {"phi": np.array([0.0, 0.05, 0.1, 0.2])}),
    ]


BOTH_MISS = Task(
    name="case_studies.both_miss",
    title="What both sensors miss",
    reference=_both_miss,
    cases=_sensor_cases,
    mistakes=(
        Mistake(
            "independent",
            lambda miss_a, miss_b, phi: miss_a * miss_b,
            "That is the product, as if the sensors failed independently. Yours have something in common.",
        ),
        Mistake(
            "variance for deviation",
            lambda miss_a, miss_b, phi: miss_a * miss_b + phi * miss_a * (1 - miss_a) * miss_b * (1 - miss_b),
            "You multiplied by the variances. A correlation is a covariance over both standard deviations: take roots.",
        ),
        Mistake(
            "product left out",
            lambda miss_a, miss_b, phi: _both_miss(miss_a, miss_b, phi) - miss_a * miss_b,
            "That is the covariance only. What independent sensors would miss comes on top.",
        ),
        Mistake(
            "between product and smaller",
            lambda miss_a, miss_b, phi: (1 - phi) * miss_a * miss_b + phi * np.minimum(miss_a, miss_b),
            "You went a share phi of the way from the product to the smaller rate. Right for twins only, not for "
            "two sensors that miss differently.",
        ),
        Mistake(
            "product grown by phi",
            lambda miss_a, miss_b, phi: miss_a * miss_b * (1 + phi),
            "You let the product grow by a share phi. What comes on top is phi times both standard deviations.",
        ),
        Mistake(
            "rates for deviations",
            lambda miss_a, miss_b, phi: miss_a * miss_b + phi * np.sqrt(miss_a * miss_b),
            "The deviation of a miss rate m is sqrt(m (1 - m)), not sqrt(m).",
        ),
        Mistake(
            "without a sign",
            lambda miss_a, miss_b, phi: _both_miss(miss_a, miss_b, np.abs(phi)),
            "You dropped the sign of phi. Below nothing, sensors miss less together than the product says.",
        ),
        Mistake(
            "hits for misses",
            lambda miss_a, miss_b, phi: _both_miss(1 - miss_a, 1 - miss_b, phi),
            "That is how often both see it.",
        ),
    ),
    hints=(
        "By how much does the mean of a product exceed the product of the means?",
        "By the covariance: phi times both standard deviations. A miss rate m has the deviation sqrt(m (1 - m)).",
        "miss_a * miss_b + phi * np.sqrt(miss_a * (1 - miss_a) * miss_b * (1 - miss_b))",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 8. The verdict


def _used(answer_s, deadline_s, sent_bytes_per_s, link_bits_per_s, drawn_w, offered_w):
    return {
        "latency": answer_s / deadline_s,
        "link": 8 * sent_bytes_per_s / link_bits_per_s,
        "power": drawn_w / offered_w,
    }


def _verdict(**given):
    used = _used(**given)
    most = max(used, key=used.__getitem__)
    return most if used[most] > 1 else "fits"


def _first_broken(**given):
    return next((limit for limit, part in _used(**given).items() if part > 1), "fits")


def _never_fits(**given):
    used = _used(**given)
    return max(used, key=used.__getitem__)


def _full_is_broken(**given):
    used = _used(**given)
    return _never_fits(**given) if max(used.values()) >= 1 else "fits"


def _by_difference(answer_s, deadline_s, sent_bytes_per_s, link_bits_per_s, drawn_w, offered_w):
    over = {
        "latency": answer_s - deadline_s,
        "link": 8 * sent_bytes_per_s - link_bits_per_s,
        "power": drawn_w - offered_w,
    }
    most = max(over, key=over.__getitem__)
    return most if over[most] > 0 else "fits"


def _every_broken(**given):
    broken = tuple(limit for limit, part in _used(**given).items() if part > 1)
    return broken or "fits"


def _unequal_units(sent_bytes_per_s, **given):
    return _verdict(sent_bytes_per_s=sent_bytes_per_s / 8, **given)


def _verdict_cases(rng) -> list[Case]:
    def design(latency: float, link: float, power: float) -> dict:
        deadline_s, bits, offered = log_uniform(rng, 1e-3, 10), log_uniform(rng, 1e3, 1e9), log_uniform(rng, 0.1, 1e4)
        return {
            "answer_s": latency * deadline_s,
            "deadline_s": deadline_s,
            "sent_bytes_per_s": link * bits / 8,
            "link_bits_per_s": bits,
            "drawn_w": power * offered,
            "offered_w": offered,
        }

    return [
        Case("a car's sensors to a cloud", design(1.5, 8.0, 0.0)),
        Case("a car's computer on a farm", design(0.001, 0.0, 60.0)),
        Case("a design that fits with room in all three", design(0.5, 0.7, 0.2)),
        Case(
            "a design that fits to the last bit",
            design(0.5, 1.0, 0.3) | {"sent_bytes_per_s": 125.0, "link_bits_per_s": 1e3},
        ),
        Case("the answer comes far too late", design(40.0, 3.0, 1.2)),
        Case("three limits broken, the last worst", design(1.2, 1.5, 2.5)),
        Case("the link broken by little", design(0.6, 2.0, 0.9)),
        Case("a link within its limit beside a late answer", design(1.5, 0.9, 0.1)),
        Case("a link in full use, a hungry computer", design(0.2, 1.4, 1.6)),
    ]


VERDICT = Task(
    name="case_studies.verdict",
    title="Which limit says no?",
    reference=_verdict,
    cases=_verdict_cases,
    mistakes=(
        Mistake(
            "bytes for bits",
            _unequal_units,
            "Your link seems eight times as fast as it is: what is sent is in bytes, the link in bits.",
        ),
        Mistake(
            "the first one broken",
            _first_broken,
            "You stop at the first broken limit. Several may be broken: asked is the one broken most times over.",
        ),
        Mistake(
            "never fits",
            _never_fits,
            "You always name a limit. Where none is used to more than the whole, the design fits.",
        ),
        Mistake(
            "full is broken",
            _full_is_broken,
            "A limit used up to the last bit is not broken: more than the whole is.",
        ),
        Mistake(
            "by difference",
            _by_difference,
            "You compare seconds with bits and watts: what is most over by difference depends on the unit. Divide.",
        ),
        Mistake("every broken one", _every_broken, "Those are all that are broken. Asked is the worst, as one word."),
        Mistake(
            "power forgotten",
            lambda **given: _verdict(**given | {"drawn_w": 0.0}),
            "Your answer is never 'power', but a computer may draw more than the place offers.",
        ),
    ),
    hints=(
        "For each limit, what share of it is used, once both sides have the same unit?",
        "Three shares: answer_s / deadline_s, eight times bytes over bits, drawn_w / offered_w. Take the largest.",
        'most = max(used, key=used.get); return most if used[most] > 1 else "fits"',
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

NEEDS = Needs(packages=("scipy.stats",))
TASKS = (REACH, AGE, TRAINING_WORK, P99, GAP, ADVANTAGE, BOTH_MISS, VERDICT)
