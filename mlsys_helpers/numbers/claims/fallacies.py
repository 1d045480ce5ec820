"""Section 1.13: fallacies and pitfalls."""

from functools import partial

from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import (
    FASTER_INFERENCE_MS,
    FASTER_TOTAL_MS,
    INFERENCE_MS,
    PERCENT,
    POSTPROCESSING_MS,
    PREPROCESSING_MS,
    RECOMMENDER_AFTER_PERCENT,
    RECOMMENDER_BEFORE_PERCENT,
    TOTAL_MS,
)
from mlsys_helpers.sections.iron_law import model as iron_law
from mlsys_helpers.sections.paradigm_history import model as paradigm_history

claim = partial(Claim, "1.13")
PIPELINE = iron_law.Terms(data_s=PREPROCESSING_MS, compute_s=INFERENCE_MS, latency_s=POSTPROCESSING_MS)
EVEN_FASTER_MS = FASTER_INFERENCE_MS / 3

CLAIMS = (
    claim("late_model", "text", "Accuracy that a model gains and that comes too late", "1", "%", why="An example."),
    claim("preprocessing_ms", "text", "Preprocessing of a request", "60", "ms", why="An example."),
    claim("inference_ms", "text", "Inference of a request", "45", "ms"),
    claim("faster_inference_ms", "text", "Inference of a request, made faster", "15", "ms"),
    claim("postprocessing_ms", "text", "Postprocessing of a request", "25", "ms"),
    claim(
        "total_ms",
        "text",
        "A request from end to end",
        "130",
        "ms",
        lambda: PREPROCESSING_MS + INFERENCE_MS + POSTPROCESSING_MS,
    ),
    claim(
        "faster_total_ms",
        "text",
        "A request from end to end, with the faster inference",
        "100",
        "ms",
        lambda: PREPROCESSING_MS + FASTER_INFERENCE_MS + POSTPROCESSING_MS,
    ),
    claim(
        "local_speedup",
        "self-check 2",
        "Speed-up of inference alone",
        "3",
        "×",
        lambda: INFERENCE_MS / FASTER_INFERENCE_MS,
    ),
    claim(
        "end_to_end",
        "text; section 1.14",
        "Time that the faster inference saves for the whole request",
        "23",
        "%",
        lambda: PERCENT * paradigm_history.relative_reduction(TOTAL_MS, FASTER_TOTAL_MS),
    ),
    claim(
        "expected",
        "text",
        "Time that the faster inference saves for inference, and was hoped to save for the whole",
        "67",
        "%",
        lambda: PERCENT * paradigm_history.relative_reduction(INFERENCE_MS, FASTER_INFERENCE_MS),
    ),
    claim(
        "ceiling",
        "text",
        "Speed-up of a request if inference took no time at all",
        unit="×",
        recompute=lambda: TOTAL_MS / (PREPROCESSING_MS + POSTPROCESSING_MS),
    ),
    claim(
        "more_preprocessing",
        "text",
        "Growth of cost by three times the preprocessing",
        "40",
        "%",
        lambda: 40 / (3 - 1),
        gives="% of the cost is then preprocessing",
    ),
    claim(
        "more_preprocessing_here",
        "text",
        "Growth of a request's time by three times the preprocessing",
        unit="%",
        recompute=lambda: PERCENT * (3 - 1) * PREPROCESSING_MS / TOTAL_MS,
        why="So 40 % must be that of another system than the one timed before it, or of money.",
    ),
    claim("more_accuracy", "text", "Accuracy gained for three times the preprocessing", "2", "%", why="An example."),
    claim(
        "wasted_effort",
        "text; self-check 5, answer",
        "Engineering effort that improves nothing end to end",
        "50 to 70",
        "%",
        why="No source is named.",
    ),
    claim("recommender_before_percent", "text", "Accuracy of a recommender at first", "85", "%", why="An example."),
    claim(
        "recommender_after_percent",
        "text",
        "Accuracy of a recommender six months later",
        "80.2",
        "%",
        why="An example.",
    ),
    claim(
        "recommender_loss",
        "text",
        "Loss of a recommender's accuracy in six months",
        "4.8",
        "points",
        lambda: RECOMMENDER_BEFORE_PERCENT - RECOMMENDER_AFTER_PERCENT,
    ),
    claim(
        "recommender_loss_short",
        "self-check 4, answer",
        "Loss of a recommender's accuracy in six months, in a self-check",
        "5",
        "points",
        lambda: RECOMMENDER_BEFORE_PERCENT - RECOMMENDER_AFTER_PERCENT,
    ),
    claim(
        "inference_share",
        "self-check 2, answer",
        "Inference, as a share of a request",
        "35",
        "%",
        lambda: PERCENT * INFERENCE_MS / TOTAL_MS,
    ),
    claim(
        "amdahl",
        "self-check 2, answer",
        "Speed-up of the request by Amdahl's law",
        "1.30",
        "×",
        lambda: iron_law.speedup(PIPELINE, compute=INFERENCE_MS / FASTER_INFERENCE_MS),
        why="The rounded 35 % would give a little more.",
    ),
    claim(
        "slowest_before",
        "self-check 5, answer",
        "The slowest stage of a request before inference was made faster",
        "45",
        "ms",
        lambda: max(PREPROCESSING_MS, INFERENCE_MS, POSTPROCESSING_MS),
        against=("preprocessing_ms",),
        why="The answer has the bottleneck move to preprocessing. It was there all along.",
    ),
    claim(
        "third_time",
        "self-check 5, answer",
        "Time saved by making inference three times faster once more",
        "less than before",
        "%",
        lambda: (
            PERCENT
            * paradigm_history.relative_reduction(
                FASTER_TOTAL_MS, PREPROCESSING_MS + EVEN_FASTER_MS + POSTPROCESSING_MS
            )
        ),
        within=(0, 23),
    ),
    claim(
        "sentiment_fall",
        "self-check 1, answer",
        "Accuracy of a sentiment model, from curated to real text",
        "94 %, then 78 to 82 %",
        "",
        absent=True,
        why="The answer says that the chapter cites it. The chapter says: sharply.",
    ),
    claim(
        "subgroup_gap",
        "self-check 1, answer",
        "Spread of accuracy over groups of people",
        "10 to 15",
        "points",
        absent=True,
        why="Said to be cited from the chapter, which has no such figure.",
    ),
    claim(
        "network_overhead",
        "self-check 1, answer",
        "Latency that the network adds",
        "50 to 200",
        "ms",
        absent=True,
        why="Said to be cited from the chapter, which has no such figure.",
    ),
    claim(
        "mobile_loss",
        "self-check 1, answer",
        "Accuracy lost to the short numbers of a phone",
        "2 to 5",
        "%",
        absent=True,
        why="Said to be cited from the chapter, which has no such figure.",
    ),
)
