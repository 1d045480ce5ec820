"""Section 1.8: deterministic promises about stochastic parts."""

from functools import partial

from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import PERCENT

claim = partial(Claim, "1.8")

CLAIMS = (
    claim(
        "accurate",
        "definition 1.3; self-check 2",
        "Accuracy of a model that fails all the same",
        "95",
        "%",
        why="An example.",
    ),
    claim(
        "late",
        "definition 1.3; self-check 2",
        "Latency that an accurate model fails to keep",
        "100",
        "ms",
        why="An example.",
    ),
    claim("computer_engineering_year", "footnote 23", "First accredited programme in computer engineering", "1971"),
    claim("breakthrough_machines", "text", "Machines that a breakthrough may need", "hundreds or thousands"),
    claim(
        "overshoot",
        "self-check 2, answer",
        "A latency of 160 ms, above its limit of 100 ms",
        "60",
        "%",
        lambda: PERCENT * (160 / 100 - 1),
    ),
    claim(
        "socket_power",
        "self-check 2",
        "Power of a model on sockets for 200 W",
        "320",
        "W",
        lambda: 320 / 200,
        gives="× the limit",
        why="An example.",
    ),
)
