"""Section 1.5: accuracy that sinks without an error."""

from functools import partial

from mlsys_helpers.kit.units import HOUR_S
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import (
    CAMERA_HZ,
    PEDESTRIANS_AFTER_PERCENT,
    PEDESTRIANS_BEFORE_PERCENT,
    PERCENT,
    RECOMMENDER_AFTER_PERCENT,
    RECOMMENDER_BEFORE_PERCENT,
    RECOMMENDER_MONTHS,
)
from mlsys_helpers.sections.silent_degradation import model as silent_degradation

claim = partial(Claim, "1.5")
FALSE_NEGATIVES = 0.001

CLAIMS = (
    claim(
        "pedestrians_before_percent", "text", "Pedestrians that a car sees when it is new", "95", "%", why="An example."
    ),
    claim(
        "pedestrians_after_percent", "text", "Pedestrians that a car sees months later", "85", "%", why="An example."
    ),
    claim(
        "pedestrian_fall",
        "text",
        "Fall in the pedestrians that a car sees",
        "10",
        "points",
        lambda: PEDESTRIANS_BEFORE_PERCENT - PEDESTRIANS_AFTER_PERCENT,
    ),
    claim(
        "pedestrian_misses",
        "text",
        "Growth of the pedestrians that a car misses, over those months",
        unit="×",
        recompute=lambda: (PERCENT - PEDESTRIANS_AFTER_PERCENT) / (PERCENT - PEDESTRIANS_BEFORE_PERCENT),
        why="Ten points sound less than this.",
    ),
    claim(
        "camera_frames",
        "text",
        "Pictures of a car's camera in an hour at 10 Hz",
        "36,000",
        "frames",
        lambda: CAMERA_HZ * HOUR_S,
    ),
    claim(
        "camera_misses",
        "text",
        "Misses of a car's camera in an hour at 0.1 % false negatives",
        "dozens",
        "misses/h",
        lambda: silent_degradation.misses_per_hour(CAMERA_HZ, FALSE_NEGATIVES),
        within=(24, 120),
        why="If there is a pedestrian in every picture.",
    ),
    claim(
        "camera_misses_more",
        "text",
        "Misses of a car's camera in an hour that the fall from 95 to 85 % adds",
        unit="misses/h",
        recompute=lambda: (
            silent_degradation.misses_per_hour(CAMERA_HZ, 1 - PEDESTRIANS_AFTER_PERCENT / PERCENT)
            - silent_degradation.misses_per_hour(CAMERA_HZ, 1 - PEDESTRIANS_BEFORE_PERCENT / PERCENT)
        ),
        why="A hundred times those that the text warns of.",
    ),
    claim(
        "degradation",
        "equation 3",
        "Accuracy lost, to first order",
        "proportional to divergence",
        why="No sensitivity, divergence or threshold has a number in the chapter.",
    ),
    claim("drift_loss", "text", "Accuracy that a recommender loses to mild drift", "several points"),
    claim("skew_loss", "text", "Accuracy that a recommender loses to severe training-serving skew", "tens of points"),
    claim(
        "retrain_months",
        "equation 3, with section 1.13",
        "Time until the recommender of section 1.13 has sunk from 85 to 83 %, if evenly",
        unit="months",
        recompute=lambda: silent_degradation.time_until(
            RECOMMENDER_BEFORE_PERCENT / PERCENT,
            0.83,
            (RECOMMENDER_BEFORE_PERCENT - RECOMMENDER_AFTER_PERCENT) / PERCENT / RECOMMENDER_MONTHS,
        ),
        why="The floor of 83 % is chosen here.",
    ),
    claim(
        "fraud_misses",
        "self-check 5, answer",
        "Fraud that an old model misses, from and to",
        "2 to 10",
        "%",
        lambda: 10 / 2,
        gives="× as much",
        why="An example.",
    ),
    claim(
        "worked_example",
        "self-check 3, answer",
        "A recommender's fall from 85 to 80.2 %",
        "a worked example",
        against=("recommender_loss",),
        why="Section 1.13 only states it. Without a sensitivity and a divergence the equation cannot be worked.",
    ),
)
