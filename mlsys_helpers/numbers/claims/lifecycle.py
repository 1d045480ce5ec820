"""Section 1.9: the lifecycle and the deployment spectrum."""

from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.kit.units import MEGA, MILLI
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import DOORBELL_MW, MEMORY_GAP, PERCENT, STEP_MS
from mlsys_helpers.sections.lifecycle import model as lifecycle

claim = partial(Claim, "1.9")
ENVIRONMENTS = ("cloud training", "cloud inference", "edge", "mobile", "TinyML")  # table 8
CENTIMETRES_PER_METRE, KMH_PER_M_PER_S = 100, 3.6

CLAIMS = (
    claim(
        "step_ms",
        "table 7",
        "Time of a step of frontier training",
        "500",
        "ms",
        lambda: facts.quoted("gpt4_reference_time").value / (STEP_MS * MILLI),
        gives="steps in the 90 days of section 1.3",
    ),
    claim(
        "perception_ms",
        "table 7",
        "Latency that a robot's eyes may have",
        "10",
        "ms",
        lambda: 1 / (10 * MILLI),
        gives="Hz at most",
    ),
    claim("doorbell_mw", "table 7", "Power of a smart doorbell", "100", "mW"),
    claim(
        "environments",
        "table 8",
        "Environments of the deployment spectrum",
        "5",
        "environments",
        lambda: len(ENVIRONMENTS),
        why="One more than the paradigms of section 1.4: cloud training and cloud inference are apart.",
    ),
    claim(
        "power_span",
        "1.9.2, text",
        "A data centre of a megawatt, set against a device of a milliwatt",
        unit="×",
        recompute=lambda: MEGA / MILLI,
        why="Watts of a whole building. The 10^6 of section 1.4 are operations a second of one accelerator.",
    ),
    claim(
        "braking",
        "footnote 25",
        "Way of a braking car in each millisecond",
        "3",
        "cm",
        lambda: 3 / CENTIMETRES_PER_METRE / MILLI * KMH_PER_M_PER_S,
        gives="km/h",
    ),
    claim(
        "compression",
        "footnote 26",
        "Cut in size that brings a data-centre model into kilobytes",
        "over 90",
        "%",
        lambda: PERCENT * (1 - 1 / MEMORY_GAP),
        within=(90, 99),
        against=("memory_gap",),
        why="Over 90 is read as 90 to 99. That is one or two of the five orders of magnitude between the two.",
    ),
    claim(
        "stages",
        "1.9.1, self-check 1",
        "Stages of the lifecycle",
        "6",
        "stages",
        lambda: len(lifecycle.STAGES),
        why="Figure 7 is missing.",
    ),
    claim(
        "tinyml_mw",
        "self-check 3, answer",
        "Active power of TinyML",
        "low milliwatts",
        "mW",
        lambda: DOORBELL_MW,
        within=(1, 20),
        against=("doorbell_mw",),
        why="The TinyML mission of table 7 has this much.",
    ),
    claim(
        "mobile_memory",
        "self-check 3, answer",
        "Memory of a phone",
        "4 to 12",
        "GB",
        absent=True,
        why="The section defers such figures to another chapter.",
    ),
    claim(
        "mobile_power",
        "self-check 3, answer",
        "Power of a phone",
        "2 to 5",
        "W",
        absent=True,
        why="The section defers such figures to another chapter.",
    ),
    claim(
        "accelerator_power",
        "self-check 3, answer",
        "Power of a data-centre accelerator",
        "hundreds of watts",
        "W",
        lambda: facts.chip("A100_SXM_80").tdp_w,
        within=(200, 1000),
        why="That of an A100.",
    ),
    claim(
        "update_cadence",
        "self-check 4, answer",
        "Time between updates, from the cloud to the edge",
        "minutes to weeks or months",
        absent=True,
        why="The section speaks of careful bandwidth, not of times.",
    ),
    claim(
        "wake_word_ms",
        "self-check 5",
        "Latency of a wake word, called a floor",
        "under 100",
        "ms",
        absent=True,
        why="No such figure in the section, and a ceiling is meant.",
    ),
)
