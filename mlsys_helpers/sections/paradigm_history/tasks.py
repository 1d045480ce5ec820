"""Replace: the tasks of this section, each with the mistakes that people make in it."""

import numpy as np

from mlsys_helpers.exercise.mistakes import altered, scaled
from mlsys_helpers.exercise.task import Case, Mistake, Task
from mlsys_helpers.kit.seeds import log_uniform
from mlsys_helpers.kit.units import HOUR_S, MINUTE_S
from mlsys_helpers.sections.paradigm_history import model


def _job(rng) -> dict:
    return {
        "setup_s": log_uniform(rng, 5.0, 50.0),
        "item_s": log_uniform(rng, 0.05, 2.0),
        "items": int(rng.integers(5, 200)),
    }


def _job_cases(rng) -> list[Case]:
    return [
        Case("no set-up", _job(rng) | {"setup_s": 0.0}),
        *(Case("a random job", _job(rng)) for _ in range(4)),
        Case("three sizes at once, as an array", _job(rng) | {"items": np.array([10, 100, 1000])}),
    ]


# 1. The whole job

TOTAL = Task(
    name="paradigm_history.total_s",
    title="Replace: the whole job",
    reference=model.total_s,
    cases=_job_cases,
    mistakes=(
        Mistake(
            "set-up for each item",
            lambda setup_s, item_s, items: (setup_s + item_s) * items,
            "You pay the set-up again for every item; it is paid once.",
        ),
        Mistake("set-up left out", altered(model.total_s, setup_s=0.0), "The set-up is missing."),
        Mistake("one item for all", altered(model.total_s, items=1), "That is the time of a job with a single item."),
    ),
    hints=(
        "Which part of the time does not care how many items there are?",
        "Something paid once, plus something paid for each item.",
        "setup_s + item_s * items",
    ),
    points=1,
    minutes=3,
    difficulty="warm-up",
)

# 2. Each item

AVERAGE = Task(
    name="paradigm_history.average_s",
    title="Replace: each item",
    reference=model.average_s,
    cases=_job_cases,
    mistakes=(
        Mistake("total for average", model.total_s, "That is the whole job; asked is the time of each item."),
        Mistake(
            "set-up not shared",
            lambda setup_s, item_s, items: setup_s + item_s + 0 * items,
            "You add the whole set-up to each item; all of them share it.",
        ),
        Mistake(
            "set-up left out",
            lambda setup_s, item_s, items: item_s + 0 * items,
            "That is an item without its share of the set-up.",
        ),
    ),
    hints=(
        "If ten items share a set-up, how much of it does each carry?",
        "Either divide the whole time by the items, or add a share of the set-up to one item.",
        "setup_s / items + item_s",
    ),
    points=1,
    minutes=3,
    difficulty="warm-up",
)

# 3. The share of the set-up

SHARE = Task(
    name="paradigm_history.setup_share",
    title="Replace: the share of the set-up",
    reference=model.setup_share,
    cases=_job_cases,
    mistakes=(
        Mistake("percent for share", scaled(model.setup_share, 100), "A percentage; give a share between 0 and 1."),
        Mistake(
            "items for set-up",
            lambda **given: 1 - model.setup_share(**given),
            "That is the share of the items; asked is the share of the set-up.",
        ),
        Mistake(
            "ratio for share",
            lambda setup_s, item_s, items: setup_s / (item_s * items),
            "That is the set-up against the items; asked is the set-up as a part of both together.",
        ),
    ),
    hints=(
        "A share of what?",
        "Set-up over the whole time, and the set-up is part of that whole.",
        "setup_s / (setup_s + item_s * items)",
    ),
    points=2,
    minutes=4,
    difficulty="standard",
)

# 4. Items within a budget


def _budget_cases(rng) -> list[Case]:
    def given() -> dict:
        job = _job(rng)
        del job["items"]
        return {"budget_s": round(job["setup_s"] + job["item_s"] * rng.uniform(10.2, 200.0), 3)} | job

    return [
        Case("a budget smaller than the set-up", {"budget_s": 5.0, "setup_s": 9.0, "item_s": 0.7}),
        *(Case("a random budget", given()) for _ in range(4)),
        Case("three budgets at once, as an array", given() | {"budget_s": np.array([2.0, 75.3, 911.1])}),
    ]


WITHIN = Task(
    name="paradigm_history.items_within",
    title="Replace: items within a budget",
    reference=model.items_within,
    cases=_budget_cases,
    mistakes=(
        Mistake("set-up left out", altered(model.items_within, setup_s=0.0), "The set-up also uses up the budget."),
        Mistake(
            "part of an item counted",
            lambda budget_s, setup_s, item_s: np.maximum(budget_s - setup_s, 0) / item_s,
            "You count part of an item; only whole ones are done.",
        ),
        Mistake(
            "rounded up",
            lambda budget_s, setup_s, item_s: np.ceil(np.maximum(budget_s - setup_s, 0) / item_s),
            "You round up: the last item would end after the budget does.",
        ),
        Mistake(
            "fewer than none",
            lambda budget_s, setup_s, item_s: np.floor((budget_s - setup_s) / item_s),
            "Where the budget does not cover the set-up, the answer is no item, not fewer than none.",
        ),
    ),
    hints=(
        "What is left of the budget once the set-up is paid?",
        "Divide what is left by the time of an item, round down, and never go below zero.",
        "np.floor(np.maximum(budget_s - setup_s, 0) / item_s)",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 5. Where two ways meet


def _ways(rng) -> dict:
    first = log_uniform(rng, 30.0, 90.0)
    return {
        "setup_s": first,
        "item_s": log_uniform(rng, 0.05, 0.2),
        "other_setup_s": log_uniform(rng, 1.0, 20.0),
        "other_item_s": log_uniform(rng, 0.5, 2.0),
    }


def _ways_cases(rng) -> list[Case]:
    return [
        Case("another way without a set-up", _ways(rng) | {"other_setup_s": 0.0}),
        *(Case("two random ways", _ways(rng)) for _ in range(4)),
        Case("three set-ups at once, as an array", _ways(rng) | {"setup_s": np.array([40.0, 80.0, 160.0])}),
    ]


BREAK_EVEN = Task(
    name="paradigm_history.break_even_items",
    title="Replace: where two ways meet",
    reference=model.break_even_items,
    cases=_ways_cases,
    mistakes=(
        Mistake(
            "upside down",
            lambda **given: 1 / model.break_even_items(**given),
            "That is upside down: seconds of set-up over seconds saved by each item.",
        ),
        Mistake(
            "whole set-up for the added one",
            altered(model.break_even_items, other_setup_s=0.0),
            "The other way has a set-up too: only the difference must be earned back.",
        ),
        Mistake(
            "nothing saved but the old item",
            altered(model.break_even_items, item_s=0.0),
            "An item still takes some time: each one saves the difference of the two.",
        ),
    ),
    hints=(
        "How many seconds does each item save?",
        "Added set-up over the seconds that each item saves.",
        "(setup_s - other_setup_s) / (other_item_s - item_s)",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

# 6. Your own job: answered with a value, and every student has other numbers


def _minutes(setup_s, item_s, items):
    return model.total_s(setup_s, item_s, items) / MINUTE_S


def _own_job(rng) -> list[Case]:
    given = {
        "setup_s": log_uniform(rng, 600.0, 6000.0),
        "item_s": log_uniform(rng, 0.2, 0.9),
        "items": int(rng.integers(1000, 9000)),
    }
    return [Case("your job", given)]


JOB_MINUTES = Task(
    name="paradigm_history.job_minutes",
    title="Replace: your own job",
    reference=_minutes,
    cases=_own_job,
    by_value=True,
    rtol=0.005,
    mistakes=(
        Mistake("seconds for minutes", scaled(_minutes, MINUTE_S), "That is in seconds; the task asks for minutes."),
        Mistake("hours for minutes", scaled(_minutes, MINUTE_S / HOUR_S), "That is in hours; asked are minutes."),
        Mistake("set-up left out", altered(_minutes, setup_s=0.0), "The set-up is missing."),
        Mistake(
            "set-up for each item",
            lambda setup_s, item_s, items: (setup_s + item_s) * items / MINUTE_S,
            "You pay the set-up again for every item; it is paid once.",
        ),
    ),
    hints=(
        "In which unit are the givens?",
        "The whole job in seconds, then 60 seconds to the minute.",
        "(job.setup_s + job.item_s * job.items) / 60",
    ),
    points=2,
    minutes=5,
    difficulty="standard",
)

TASKS = (TOTAL, AVERAGE, SHARE, WITHIN, BREAK_EVEN, JOB_MINUTES)
