"""Section 1.14: what to take along."""

from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import EFFICIENCY_GAIN, PERCENT, POSTPROCESSING_MS, PREPROCESSING_MS, TOTAL_MS
from mlsys_helpers.sections.efficiency import model as efficiency
from mlsys_helpers.sections.iron_law import model as iron_law
from mlsys_helpers.sections.paradigm_shift import model as paradigm_shift

claim = partial(Claim, "1.14")
A100 = "A100_SXM_80"

CLAIMS = (
    claim(
        "other_stages",
        "key takeaways",
        "Preprocessing and postprocessing, as a share of a request",
        "dominate",
        "%",
        lambda: PERCENT * (PREPROCESSING_MS + POSTPROCESSING_MS) / TOTAL_MS,
        within=(50, 100),
    ),
    claim(
        "growth_left",
        "key takeaways",
        "Growth of compute since AlexNet, less the gain in efficiency",
        unit="orders of magnitude",
        recompute=lambda: 7 - efficiency.orders(EFFICIENCY_GAIN),
        why="With the 7 orders as printed, and if the gain is counted inside them.",
    ),
    claim("chat_ms", "self-check 2", "Latency that a chat service should keep", "200", "ms", why="An example."),
    claim(
        "decode_bandwidth_used",
        "self-check 2, answer",
        "Bandwidth in use while a chat model writes",
        "over 90",
        "%",
        why="An example.",
    ),
    claim(
        "decode_arithmetic",
        "self-check 2, answer",
        "Arithmetic in use while a chat model writes",
        "10",
        "%",
        lambda: (
            PERCENT
            * 0.90
            * iron_law.intensity(2, 2)
            / iron_law.ridge(facts.chip(A100).peak("fp16"), facts.chip(A100).bandwidth_bytes_per_s)
        ),
        against=("1.6, each weight is used once for a token",),
        why="On an A100 of 80 GB, a sequence at a time. It would be right for the batch of the next row.",
    ),
    claim(
        "decode_batch",
        "self-check 2, answer",
        "Sequences at a time for which a chat model uses both so",
        unit="sequences",
        recompute=lambda: (
            0.10
            / 0.90
            * iron_law.ridge(facts.chip(A100).peak("fp16"), facts.chip(A100).bandwidth_bytes_per_s)
            / iron_law.intensity(2, 2)
        ),
    ),
    claim(
        "int8_bytes",
        "self-check 2, answer",
        "Bytes left with INT8 in place of FP16",
        "half",
        "of them",
        lambda: paradigm_shift.weight_bytes(1, 8) / paradigm_shift.weight_bytes(1, 16),
        within=(0.5, 0.5),
    ),
)
