"""Section 1.7: efficiency, and why the bill grows."""

from functools import partial

from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import (
    DEMAND_MONTHS,
    EFFICIENCY_GAIN,
    GPT4_GPU_DAYS,
    HOURS_PER_DAY,
    MOORE_MONTHS,
    WINDOW_MONTHS,
)
from mlsys_helpers.sections.efficiency import model as efficiency

claim = partial(Claim, "1.7")
ALEXNET_TO_GPT4_MONTHS = 126  # autumn 2012 to spring 2023

CLAIMS = (
    claim(
        "gpt4_estimate",
        "text",
        "Whose figure the 2.5 million accelerator-days are",
        "common public estimates",
        against=("gpt4_label",),
        why="Section 1.3 calls the same number an illustrative anchor that nobody disclosed. Three names for its unit.",
    ),
    claim(
        "gpt4_cost",
        "text",
        "Cost of training a model like GPT-4",
        "millions of dollars",
        "",
        lambda: GPT4_GPU_DAYS * HOURS_PER_DAY,
        gives="GPU-hours",
        why="At a dollar an hour already tens of millions; no price is printed.",
    ),
    claim("efficiency_gain", "text", "Fall of the work to reach AlexNet's accuracy, 2012 to 2019", "44.5", "×"),
    claim(
        "efficiency_halving",
        "text",
        "Time in which the work to reach AlexNet's accuracy halved",
        "15",
        "months",
        lambda: efficiency.doubling_months(EFFICIENCY_GAIN, WINDOW_MONTHS),
    ),
    claim("moore_year", "footnote 22", "Moore's observation", "1965"),
    claim(
        "moore_gain",
        "footnote 22",
        "Growth of transistors from 2012 to 2019, doubling every two years",
        "11.3",
        "×",
        lambda: efficiency.growth(WINDOW_MONTHS, MOORE_MONTHS),
    ),
    claim(
        "algorithms_over_moore",
        "text, with footnote 22",
        "Algorithms ahead of transistors from 2012 to 2019",
        unit="×",
        recompute=lambda: EFFICIENCY_GAIN / efficiency.growth(WINDOW_MONTHS, MOORE_MONTHS),
    ),
    claim("demand_months", "text, footnote 22", "Time in which demand for training compute doubled", "3.4", "months"),
    claim(
        "cadence_ratio",
        "footnote 22",
        "Pace of the demand for training compute, set against that of hardware",
        "7.1",
        "×",
        lambda: MOORE_MONTHS / DEMAND_MONTHS,
    ),
    claim(
        "demand_gain",
        "footnote 22",
        "Growth of that demand from 2012 to 2019, doubling every 3.4 months",
        unit="×",
        recompute=lambda: efficiency.growth(WINDOW_MONTHS, DEMAND_MONTHS),
    ),
    claim(
        "demand_orders",
        "text; self-check 3",
        "Growth of that demand from AlexNet to GPT-4, doubling every 3.4 months",
        unit="orders of magnitude",
        recompute=lambda: efficiency.orders(efficiency.growth(ALEXNET_TO_GPT4_MONTHS, DEMAND_MONTHS)),
        why="Far more than 7. The text keeps the two apart as different quantities; self-check 3 joins them.",
    ),
    claim(
        "seven_orders_months",
        "text; self-check 3",
        "Doubling time that 7 orders of magnitude from AlexNet to GPT-4 amount to",
        unit="months",
        recompute=lambda: efficiency.doubling_months(1e7, ALEXNET_TO_GPT4_MONTHS),
    ),
    claim("trend_models", "text", "Models that the trend of training compute was fitted to", "hundreds of models"),
    claim("history_order", "text", "Order in which the dimensions of efficiency came up", "algorithm, hardware, data"),
    claim(
        "book_order",
        "text, table 9",
        "Order in which part III of the book takes the dimensions of efficiency",
        "data, algorithm, hardware",
    ),
    claim(
        "reversed_order",
        "text",
        "What part III of the book is said to make of that order",
        "the history, reversed",
        against=("book_order",),
        why="Reversed it would be data, hardware, algorithm. The last is moved to the front and the others stay.",
    ),
    claim(
        "efficiency_gain_short",
        "self-check 3, answer; self-check 4",
        "Fall of the work to reach AlexNet's accuracy, in the self-checks",
        "44",
        "×",
        lambda: EFFICIENCY_GAIN,
        against=("efficiency_gain",),
        why="Cut off, not rounded. Self-check 3 has both figures. The published table says 44.",
    ),
    claim(
        "moore_gain_short",
        "self-check 4",
        "Growth of transistors from 2012 to 2019, in a self-check",
        "11",
        "×",
        lambda: efficiency.growth(WINDOW_MONTHS, MOORE_MONTHS),
    ),
    claim(
        "radiographs",
        "self-check 5",
        "Labelled radiographs for each class",
        "a few thousand images",
        why="An example.",
    ),
)
