"""The eight tasks of section 1.8, each with the mistakes that people make in it."""

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.units import DAY_S, MINUTE_S
from mlsys_helpers.sections.ai_engineering import model

# 1. Room before a limit


def _slack(value, bound, at_least):
    return model.Limit("it", bound, "", "", at_least).slack(value)


def _slack_cases(rng) -> list[Case]:
    def one(at_least: bool) -> dict:
        bound = float(f"{rng.uniform(0.5, 300):.3g}")
        return {"value": float(f"{bound * rng.uniform(0.4, 1.7):.3g}"), "bound": bound, "at_least": at_least}

    return [
        Case("just on the bound", {"value": 100.0, "bound": 100.0, "at_least": False}),
        Case("the chapter's p99, in ms", {"value": 160.0, "bound": 100.0, "at_least": False}),
        Case("an accuracy that is kept", {"value": 0.97, "bound": 0.95, "at_least": True}),
        *(Case("a limit from above", one(False)) for _ in range(2)),
        *(Case("a limit from below", one(True)) for _ in range(2)),
        Case("three values at once, as an array", one(True) | {"value": np.array([0.5, 2.0, 40.0])}),
    ]


SLACK = Task(
    name="ai_engineering.slack",
    title="Room before a limit",
    reference=_slack,
    cases=_slack_cases,
    mistakes=(
        Mistake(
            "every limit from above",
            altered(_slack, at_least=False),
            "You treat every bound as an upper one. With at_least, room is what lies above the bound.",
        ),
        Mistake(
            "share of the value",
            lambda value, bound, at_least: (value - bound if at_least else bound - value) / value,
            "You divided by the measured value. Room is a share of the bound, which stays when the value moves.",
        ),
        Mistake(
            "room in units",
            lambda value, bound, at_least: value - bound if at_least else bound - value,
            "That is the room in the limit's own unit; asked is a share of the bound.",
        ),
        Mistake(
            "no sign",
            lambda **given: abs(_slack(**given)),
            "Yours is never below zero, so nobody can see whether the limit is kept.",
        ),
        Mistake(
            "wrong sign",
            scaled(_slack, -1),
            "The sign is turned over: room above zero means that the limit is kept.",
        ),
        Mistake(
            "stops at zero",
            lambda **given: np.maximum(0, _slack(**given)),
            "Yours stops at zero, so nobody can see how far a limit is broken.",
        ),
        Mistake(
            "the value as a share",
            lambda value, bound, at_least: value / bound,
            "That is the value as a share of the bound. Room is what lies between the two.",
        ),
        Mistake(
            "percent for a share",
            scaled(_slack, 100),
            "That is in percent; asked is a share, 0.25 for a quarter.",
        ),
    ),
    hints=(
        "On which side of the bound is there room, and what is it measured against?",
        "Room is bound - value for a limit from above and value - bound for one from below; divide it by the bound.",
        "room = value - bound if at_least else bound - value, then return room / ...",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 2. Every broken limit


def _broken(measured, contract):
    limits = [model.Limit(name, bound, "", "", sense == "at least") for name, sense, bound in contract]
    return model.broken(limits, measured)


def _judge_wrongly(keeps):
    """Broken limits by another idea of what keeps one: keeps(value or None, sense, bound)."""

    def wrong(measured, contract):
        return tuple(name for name, sense, bound in contract if not keeps(measured.get(name), sense, bound))

    return wrong


def _by_sense(value, sense, bound) -> bool:
    return value >= bound if sense == "at least" else value <= bound


def _contract_cases(rng) -> list[Case]:
    contract = (
        ("worst_group", "at least", 0.9),
        ("accuracy", "at least", 0.95),
        ("power_w", "at most", 200.0),
        ("p99_s", "at most", 0.1),
    )

    def case(label: str, leave_out: str = "", **values) -> Case:
        kept = {"accuracy": 0.97, "p99_s": 0.08, "power_w": 150.0, "worst_group": 0.93} | values
        return Case(label, {"measured": {k: v for k, v in kept.items() if k != leave_out}, "contract": contract})

    def drawn() -> Case:
        values = {
            "p99_s": round(rng.uniform(0.05, 0.2), 3),
            "accuracy": round(rng.uniform(0.9, 0.99), 3),
            "power_w": float(rng.integers(100, 400)),
            "worst_group": round(rng.uniform(0.8, 0.99), 3),
        }
        return Case("a random system, measured in another order", {"measured": values, "contract": contract})

    return [
        case("everything kept"),
        case("the chapter's system", accuracy=0.95, p99_s=0.16, power_w=320.0),
        case("every limit broken", accuracy=0.5, p99_s=1.0, power_w=900.0, worst_group=0.1),
        case("all values exactly on their bounds", accuracy=0.95, p99_s=0.1, power_w=200.0, worst_group=0.9),
        case("the worst group was never measured", leave_out="worst_group", p99_s=0.3),
        case("the power was never measured", leave_out="power_w"),
        *(drawn() for _ in range(3)),
    ]


BROKEN = Task(
    name="ai_engineering.broken_limits",
    title="Every limit that is broken",
    reference=_broken,
    cases=_contract_cases,
    mistakes=(
        Mistake(
            "only the first",
            lambda measured, contract: _broken(measured, contract)[:1],
            "You stop at the first broken limit. Whoever mends that one must not learn of the next only then.",
        ),
        Mistake(
            "never measured counts as kept",
            _judge_wrongly(lambda value, sense, bound: value is None or _by_sense(value, sense, bound)),
            "A limit that nobody measured is missing from your list: nobody knows that it is kept.",
        ),
        Mistake(
            "on the bound counts as broken",
            _judge_wrongly(
                lambda value, sense, bound: value is not None and value != bound and _by_sense(value, sense, bound)
            ),
            "A value exactly on its bound keeps the limit: at most 100 allows 100.",
        ),
        Mistake(
            "all limits from above",
            _judge_wrongly(lambda value, sense, bound: value is not None and value <= bound),
            "You treat every bound as an upper one: accuracy and worst_group say 'at least'.",
        ),
        Mistake(
            "all limits from below",
            _judge_wrongly(lambda value, sense, bound: value is not None and value >= bound),
            "You treat every bound as a lower one: p99_s and power_w say 'at most'.",
        ),
        Mistake(
            "zero where nothing was measured",
            _judge_wrongly(lambda value, sense, bound: _by_sense(value or 0, sense, bound)),
            "What was not measured counts as 0 in yours, and 0 keeps every limit that says 'at most'.",
        ),
        Mistake(
            "in alphabetical order",
            lambda measured, contract: tuple(sorted(_broken(measured, contract))),
            "The names are right and in alphabetical order; asked is the contract's order.",
        ),
        Mistake(
            "what is kept",
            lambda measured, contract: tuple(name for name, *_ in contract if name not in _broken(measured, contract)),
            "Those are the limits that are kept.",
        ),
    ),
    hints=(
        "What do you know about a limit on something that was not measured?",
        "Go through the whole contract and collect names: missing in measured, or on the wrong side of the bound.",
        'Broken: name not in measured, or value < bound for "at least", or value > bound for "at most".',
    ),
    points=3,
    minutes=7,
    difficulty="standard",
)

# 3. The front


def _front(costs):
    return model.front(np.asarray(costs, float))


def _front_cases(rng) -> list[Case]:
    chain = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    twins = np.array([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
    ties = np.array([[1.0, 5.0, 3.0], [1.0, 5.0, 4.0], [1.0, 6.0, 3.0], [2.0, 4.0, 9.0]])
    return [
        Case("one design alone", {"costs": np.array([[3.0, 4.0]])}),
        Case("each better than the next", {"costs": chain}),
        Case("twins on the front", {"costs": twins}),
        Case("designs that tie in some columns", {"costs": ties}),
        Case("a middle design that is best in no column", {"costs": np.array([[1.0, 9.0], [3.0, 3.0], [9.0, 1.0]])}),
        *(Case("random designs", {"costs": rng.integers(1, 6, (7, 3)).astype(float)}) for _ in range(4)),
    ]


def _dominated_by(beats) -> object:
    """A front by another idea of what dominates: beats(yours <= mine, yours < mine), both (designs, designs, costs)."""

    def wrong(costs):
        mine, yours = np.asarray(costs)[:, None], np.asarray(costs)[None]
        return ~beats(yours <= mine, yours < mine).any(axis=1)

    return wrong


FRONT = Task(
    name="ai_engineering.pareto_front",
    title="The front",
    reference=_front,
    cases=_front_cases,
    mistakes=(
        Mistake(
            "better everywhere",
            _dominated_by(lambda no_worse, better: better.all(axis=2)),
            "You ask a rival to be better in every column. Nowhere worse and better in one is enough.",
        ),
        Mistake(
            "better somewhere",
            _dominated_by(lambda no_worse, better: better.any(axis=2)),
            "Better in one column does not dominate: the rival must also be nowhere worse.",
        ),
        Mistake(
            "twins kill each other",
            _dominated_by(lambda no_worse, better: no_worse.all(axis=2) & ~np.eye(len(no_worse), dtype=bool)),
            "Equal designs throw each other out in yours. To dominate, a rival must be better somewhere.",
        ),
        Mistake(
            "best in a column",
            lambda costs: (np.asarray(costs) == np.min(costs, axis=0)).any(axis=1),
            "You keep what is best in some column. A design that is second everywhere may be dominated by nobody, and "
            "one that ties for a column may be dominated.",
        ),
        Mistake(
            "higher is better",
            lambda costs: _front(-np.asarray(costs)),
            "You look for high values. These are costs: lower is better.",
        ),
        Mistake(
            "the dominated ones",
            lambda costs: ~_front(costs),
            "True marks the dominated designs in yours; asked are those on the front.",
        ),
        Mistake(
            "places for truths",
            lambda costs: np.flatnonzero(_front(costs)),
            "Those are the places of the designs on the front; asked is True or False for each design.",
        ),
        Mistake(
            "the lowest sum",
            lambda costs: np.sum(costs, axis=1) == np.sum(costs, axis=1).min(),
            "You add the columns up and keep the lowest sum. Designs with higher sums may be dominated by nobody.",
        ),
    ),
    hints=(
        "Which two things must a rival be to throw a design out?",
        "For each row, look at all rows: nowhere higher and somewhere lower. A row on the front has no such rival.",
        "For row in costs: (costs <= row).all(axis=1) & (costs < row).any(axis=1) marks its rivals; not any of them.",
    ),
    points=4,
    minutes=9,
    difficulty="stretch",
)

# 4. A vote of unequal parts


def _two_of_three(error_a, error_b, error_c):
    pairs = error_a * error_b + error_a * error_c + error_b * error_c
    return pairs - 2 * error_a * error_b * error_c


def _vote_cases(rng) -> list[Case]:
    def errors() -> dict:
        return dict(zip(("error_a", "error_b", "error_c"), rng.uniform(0.02, 0.45, 3).round(3).tolist(), strict=True))

    return [
        Case("three equal parts", {"error_a": 0.1, "error_b": 0.1, "error_c": 0.1}),
        Case("one that is never wrong", errors() | {"error_c": 0.0}),
        Case("one that is always wrong", errors() | {"error_a": 1.0}),
        *(Case("random parts", errors()) for _ in range(4)),
        Case("three values at once, as an array", errors() | {"error_b": np.array([0.05, 0.2, 0.6])}),
    ]


TWO_OF_THREE = Task(
    name="ai_engineering.two_of_three",
    title="A vote of unequal parts",
    reference=_two_of_three,
    cases=_vote_cases,
    mistakes=(
        Mistake(
            "all three wrong",
            lambda error_a, error_b, error_c: error_a * error_b * error_c,
            "That is the chance that all three are wrong. Two wrong ones already win the vote.",
        ),
        Mistake(
            "three wrong counted thrice",
            lambda error_a, error_b, error_c: error_a * error_b + error_a * error_c + error_b * error_c,
            "Each pair also holds the case of all three, so you count it three times. It belongs in once.",
        ),
        Mistake(
            "three wrong counted twice",
            lambda error_a, error_b, error_c: _two_of_three(error_a, error_b, error_c) + error_a * error_b * error_c,
            "The three pairs count the case of all three three times, and yours still counts it twice.",
        ),
        Mistake(
            "at least one",
            lambda error_a, error_b, error_c: 1 - (1 - error_a) * (1 - error_b) * (1 - error_c),
            "That is the chance that at least one is wrong. A single one is outvoted.",
        ),
        Mistake(
            "three wrong left out",
            lambda error_a, error_b, error_c: (
                error_a * error_b + error_a * error_c + error_b * error_c - 3 * error_a * error_b * error_c
            ),
            "That is exactly two wrong. All three wrong is a wrong vote as well.",
        ),
        Mistake(
            "the average part",
            lambda error_a, error_b, error_c: model.vote_fails((error_a + error_b + error_c) / 3, 3),
            "You took three average parts. Products of unequal numbers are not the product of their average.",
        ),
        Mistake(
            "right for wrong",
            lambda **errors: 1 - _two_of_three(**errors),
            "That is how often the vote is right.",
        ),
    ),
    hints=(
        "In how many ways can exactly two of three be wrong?",
        "Add the three ways to have exactly two wrong and the one way to have all three wrong.",
        "error_a * error_b * (1 - error_c) and two more like it, plus error_a * error_b * error_c",
    ),
    points=3,
    minutes=6,
    difficulty="standard",
)

# 5. What a shared fate costs


def _bad_readings(readings, error, correlation):
    return readings * model.common_cause(error, correlation, voters=3)


def _other_luck(chance):
    """Bad readings by another chance(error) that luck of one's own spoils a vote."""

    def wrong(readings, error, correlation):
        return readings * (correlation * error + (1 - correlation) * chance(error))

    return wrong


def _fate_cases(rng) -> list[Case]:
    given = {
        "readings": int(rng.integers(100, 900)) * 1000,
        "error": round(rng.uniform(0.05, 0.15), 3),
        "correlation": round(rng.uniform(0.1, 0.3), 2),
    }
    return [Case("your service", given)]


BAD_READINGS = Task(
    name="ai_engineering.bad_readings",
    title="What a shared fate costs",
    reference=_bad_readings,
    cases=_fate_cases,
    by_value=True,
    rtol=0.002,  # closer than two wrong of three are to at least two
    mistakes=(
        Mistake(
            "independence",
            altered(_bad_readings, correlation=0.0),
            "That is a vote of independent readers. With the chance `correlation` one fate befalls all three.",
        ),
        Mistake(
            "no vote at all",
            altered(_bad_readings, correlation=1.0),
            "That is one reader without a vote.",
        ),
        Mistake(
            "shared fate only",
            lambda readings, error, correlation: readings * correlation * error,
            "That is the shared fate alone. Where each reader has its own luck, two can still be wrong.",
        ),
        Mistake(
            "weights exchanged",
            altered(_bad_readings, correlation=lambda rho: 1 - rho),
            "The weights are exchanged: it is with the chance `correlation` that three are no better than one.",
        ),
        Mistake(
            "right for wrong",
            lambda readings, error, correlation: readings - _bad_readings(readings, error, correlation),
            "Those are the readings that come out right.",
        ),
        Mistake(
            "a share for a number",
            altered(_bad_readings, readings=1),
            "That is the share of readings that come out wrong; asked is how many.",
        ),
        Mistake(
            "all three by own luck",
            _other_luck(lambda error: error**3),
            "With luck of their own, two wrong ones are enough. You ask for all three.",
        ),
        Mistake(
            "exactly two by own luck",
            _other_luck(lambda error: 3 * error**2 * (1 - error)),
            "With luck of their own, all three can be wrong as well. You count exactly two.",
        ),
        Mistake(
            "three wrong counted thrice",
            _other_luck(lambda error: 3 * error**2),
            "3e^2 counts the case of all three wrong three times: take off 2e^3.",
        ),
    ),
    hints=(
        "What is a vote of three worth when the same befalls all of them?",
        "Two cases: shared fate, with the chance service.correlation, and luck of one's own, where 3e^2 - 2e^3 holds.",
        "e = service.error; vote = service.correlation * e + (1 - service.correlation) * (3 * e**2 - 2 * e**3); times "
        "service.readings.",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 6. How many requests


def _requests(quantile, confidence):
    return model.requests_needed(quantile, confidence)


def _requests_cases(rng) -> list[Case]:
    given = {"quantile": round(rng.uniform(0.971, 0.9985), 4), "confidence": float(rng.choice([0.90, 0.95]))}
    return [Case("your promise", given)]


REQUESTS = Task(
    name="ai_engineering.requests",
    title="How many requests to time",
    reference=_requests,
    cases=_requests_cases,
    by_value=True,
    mistakes=(
        Mistake(
            "one too few",
            lambda quantile, confidence: _requests(quantile, confidence) - 1,
            "One short: with so many the chance that all lie below the quantile is still a little too large. Round up.",
        ),
        Mistake(
            "not a whole number",
            lambda quantile, confidence: float(np.log(1 - confidence) / np.log(quantile)),
            "Requests come in whole numbers: round up to the first that is enough.",
        ),
        Mistake(
            "rule of three",
            lambda quantile, confidence: float(np.ceil(3 / (1 - quantile))),
            "That is the rule of three: near the answer at 95 %, and only there. Work it out.",
        ),
        Mistake(
            "one slow request on average",
            lambda quantile, confidence: float(np.ceil(1 / (1 - quantile))),
            "So many hold one slow request on average. In more than a third of all tries they hold none.",
        ),
        Mistake(
            "confidence for doubt",
            lambda quantile, confidence: float(np.ceil(np.log(confidence) / np.log(quantile))),
            "That is where all lie below the quantile with the chance `confidence`: you want that chance down to "
            "1 - confidence.",
        ),
        Mistake(
            "quantile and confidence exchanged",
            lambda quantile, confidence: _requests(confidence, quantile),
            "Quantile and confidence have changed places.",
        ),
    ),
    hints=(
        "With which chance do n independent requests all lie below the quantile?",
        "quantile to the power n must come down to 1 - confidence; take logarithms and round up to a whole number.",
        "n = np.log(1 - promise.confidence) / np.log(promise.quantile), then np.ceil(n)",
    ),
    points=3,
    minutes=5,
    difficulty="standard",
)

# 7. The error budget


def _minutes_left(target, days, outages_min):
    return model.error_budget(target, days * DAY_S) / MINUTE_S - sum(outages_min)


def _budget_cases(rng) -> list[Case]:
    target, days = float(rng.choice([0.995, 0.998, 0.999])), int(rng.choice([28, 30, 31]))
    budget = model.error_budget(target, days * DAY_S) / MINUTE_S
    spent = budget * rng.uniform(0.03, 0.22, 2)
    return [Case("your month", {"target": target, "days": days, "outages_min": tuple(spent.round(1).tolist())})]


BUDGET = Task(
    name="ai_engineering.minutes_left",
    title="What is left of the error budget",
    reference=_minutes_left,
    cases=_budget_cases,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake(
            "the whole budget",
            altered(_minutes_left, outages_min=()),
            "That is the budget at the start of the month: the outages have spent some of it.",
        ),
        Mistake(
            "what was spent",
            lambda target, days, outages_min: float(sum(outages_min)),
            "That is what the outages have spent.",
        ),
        Mistake(
            "the promise for the budget",
            lambda target, days, outages_min: target * days * DAY_S / MINUTE_S - sum(outages_min),
            "You started from the time that is promised. The budget is the share that the promise leaves open.",
        ),
        Mistake(
            "one day for the month",
            altered(_minutes_left, days=1),
            "That is the budget of a single day: the window is the whole month.",
        ),
        Mistake(
            "hours for minutes",
            scaled(_minutes_left, 1 / 60),
            "That is in hours; the task asks for minutes.",
        ),
        Mistake(
            "seconds less minutes",
            lambda target, days, outages_min: model.error_budget(target, days * DAY_S) - sum(outages_min),
            "Your budget is in seconds and the outages are in minutes. Bring both to minutes.",
        ),
        Mistake(
            "one outage",
            altered(_minutes_left, outages_min=lambda outages: outages[:1]),
            "You took off the first outage only. All of them spend the budget.",
        ),
        Mistake(
            "outages added",
            altered(_minutes_left, outages_min=lambda outages: [-outage for outage in outages]),
            "You added the outages. They spend the budget.",
        ),
    ),
    hints=(
        "Which share of the month does the promise leave open?",
        "(1 - target) of all the minutes of the month is the budget; take off what the outages took.",
        "(1 - month.target) * month.days * 24 * 60 - sum(month.outages_min)",
    ),
    points=2,
    minutes=4,
    difficulty="warm-up",
)

# 8. What a promise does not say


def _missing(promise, fields):
    return tuple(f for f in fields if promise.get(f) is None or not str(promise[f]).strip())


def _spec_cases(rng) -> list[Case]:
    fields = tuple(model.FIELDS)
    whole = {
        "metric": "seconds of a request",
        "statistic": "p99",
        "population": "requests of one day",
        "limit": 0.1,
        "window": "28 days",
        "owner": "the reading team",
        "action": "roll back",
    }

    def case(label: str, without=(), **values) -> Case:
        promise = {name: value for name, value in whole.items() if name not in without} | values
        return Case(label, {"promise": promise, "fields": fields})

    gone = [tuple(rng.choice(fields, size=int(rng.integers(1, 5)), replace=False).tolist()) for _ in range(3)]
    return [
        case("a whole promise"),
        Case("an empty promise", {"promise": {}, "fields": fields}),
        case("a limit of zero failures", metric="lost readings", statistic="count", limit=0),
        case("an owner who is None and a blank action", owner=None, action="  "),
        *(case("some fields left out", without=names) for names in gone),
        Case(
            "fields in another order, and one that nobody asked for",
            {"promise": {"colour": "blue", "window": "", "owner": "us", "limit": 3}, "fields": fields[::-1]},
        ),
    ]


MISSING = Task(
    name="ai_engineering.missing_fields",
    title="What a promise does not say",
    reference=_missing,
    cases=_spec_cases,
    mistakes=(
        Mistake(
            "zero counts as missing",
            lambda promise, fields: tuple(f for f in fields if not promise.get(f) or not str(promise[f]).strip()),
            "A limit of 0 is a limit, and you call it missing: 0 counts as false in Python.",
        ),
        Mistake(
            "false for missing",
            lambda promise, fields: tuple(f for f in fields if not promise.get(f)),
            "You ask whether a value is true. 0 is not, and says something; a text of blanks is, and says nothing.",
        ),
        Mistake(
            "None as a word",
            lambda promise, fields: tuple(f for f in fields if not str(promise.get(f)).strip()),
            "str(None) is the word 'None', which is not blank: look for None first.",
        ),
        Mistake(
            "only what is there",
            lambda promise, fields: tuple(f for f in _missing(promise, fields) if f in promise),
            "You look only at what the promise holds. A field that is absent says nothing either.",
        ),
        Mistake(
            "in alphabetical order",
            lambda promise, fields: tuple(sorted(_missing(promise, fields))),
            "The fields are right and in alphabetical order; asked is the order of `fields`.",
        ),
        Mistake(
            "only absent fields",
            lambda promise, fields: tuple(f for f in fields if f not in promise),
            "You find only fields that are absent. One that holds None or nothing but blanks says nothing either.",
        ),
        Mistake(
            "blanks count as said",
            lambda promise, fields: tuple(f for f in fields if promise.get(f) in (None, "")),
            "A text of blanks says nothing: strip it before you look.",
        ),
        Mistake(
            "what is there",
            lambda promise, fields: tuple(f for f in fields if f not in _missing(promise, fields)),
            "Those are the fields that are filled.",
        ),
        Mistake(
            "only the first",
            lambda promise, fields: _missing(promise, fields)[:1],
            "You stop at the first gap: list them all, so that they can be filled at once.",
        ),
    ),
    hints=(
        "Which values say nothing, and does 0 belong to them?",
        "A field is missing if it is absent, None, or a text of nothing but blanks. str(0) is '0', which is not blank.",
        'value = promise.get(field); missing if value is None or str(value).strip() == ""',
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

TASKS = (SLACK, BROKEN, FRONT, TWO_OF_THREE, BAD_READINGS, REQUESTS, BUDGET, MISSING)
