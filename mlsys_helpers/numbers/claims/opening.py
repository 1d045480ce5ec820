"""What stands before section 1.1."""

from functools import partial

from mlsys_helpers.kit.units import DAY_S, PETA, YEAR_S
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import MONTHS_PER_YEAR, PEAK_FLOP_PER_S
from mlsys_helpers.start import model as start

claim = partial(Claim, "opening")

CLAIMS = (
    claim(
        "week_or_month",
        "purpose",
        "A training run that takes a week on one accelerator and so much on another",
        "1",
        "month",
        lambda: YEAR_S / MONTHS_PER_YEAR / (7 * DAY_S),
        gives="times as slow",
        why="An example, not a measurement.",
    ),
    claim(
        "accuracy_drop", "text", "Fall in accuracy whose cause could be any of three", "5", "points", why="An example."
    ),
    claim(
        "quintillions_in_ms",
        "text",
        "Time in which predictions do quintillions of operations",
        "milliseconds",
        "s",
        lambda: start.CLAIMED_FLOP / PEAK_FLOP_PER_S,
        within=(0.001, 1),
        against=("peak",),
        why="That is one quintillion on the accelerator of section 1.6. Only a whole fleet does it in milliseconds.",
    ),
    claim(
        "terabytes_in_ms",
        "text",
        "Data that predictions move within milliseconds",
        "terabytes",
        recompute=lambda: start.CLAIMED_BYTES / start.CLAIMED_TIME_S / PETA,
        gives="PB/s",
        why="The smallest reading, one terabyte in one millisecond. The chapter names no machine that does it.",
    ),
    claim(
        "searches",
        "text",
        "Searches that Google handles",
        "8.5 billion",
        "searches/day",
        lambda: start.rate_per_s(start.SEARCHES_PER_DAY),
        gives="searches/s",
        why="No source is named. The rate is the average over a day.",
    ),
)
