"""Section 1.1: Software 2.0, the verification gap."""

import math
from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.kit.units import GIGA, KILO
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import (
    FP16_BITS,
    GPT3_PARAMS,
    IMAGE_BITS,
    IMAGE_VALUES,
    MODEL_BOX_PERCENT,
    PERCENT,
    TEST_IMAGES,
    TURING_YEAR,
)
from mlsys_helpers.sections.paradigm_shift import model as paradigm_shift

claim = partial(Claim, "1.1")

CLAIMS = (
    claim("software_2_year", "text, footnote 2", "Karpathy's essay on Software 2.0", "2017"),
    claim("hidden_debt_year", "text", "Google's paper on hidden technical debt", "2015"),
    claim(
        "outside_model",
        "text",
        "Engineering work that lies outside the model",
        "95",
        "%",
        lambda: PERCENT - MODEL_BOX_PERCENT,
        why="The rest of the 5 % in section 1.4; but that is an area on a drawing, not work.",
    ),
    claim("flu_season", "war story 1.1", "Season in which the search-based flu forecast went wrong", "2012 to 2013"),
    claim("flu_ratio", "war story 1.1", "Flu forecast from searches, set against what doctors counted", "2", "×"),
    claim("gpt3_params", "footnote 4", "Weights of GPT-3", "175 billion", "parameters"),
    claim(
        "fp16_bytes",
        "footnote 4",
        "Memory of one weight in FP16",
        "2",
        "B",
        lambda: paradigm_shift.weight_bytes(1, FP16_BITS),
    ),
    claim(
        "gpt3_bytes",
        "footnote 4",
        "Memory of all weights of GPT-3 in FP16",
        "350",
        "GB",
        lambda: paradigm_shift.weight_bytes(GPT3_PARAMS, FP16_BITS) / GIGA,
    ),
    claim(
        "gpt3_devices",
        "footnote 4",
        "Accelerators of 80 GB that the FP16 weights of GPT-3 fill",
        unit="accelerators",
        recompute=lambda: math.ceil(
            paradigm_shift.weight_bytes(GPT3_PARAMS, FP16_BITS) / facts.chip("A100_SXM_80").memory_bytes
        ),
        why="So each runs only a part. The size of the accelerator is not the chapter's.",
    ),
    claim(
        "gpt3_read",
        "footnote 4",
        "Time in which one A100 of 80 GB could read the weights of GPT-3 once",
        unit="ms",
        recompute=lambda: (
            KILO * paradigm_shift.weight_bytes(GPT3_PARAMS, FP16_BITS) / facts.chip("A100_SXM_80").bandwidth_bytes_per_s
        ),
        why="The price of a word at batch 1, if they were on one chip. The bandwidth is not the chapter's.",
    ),
    claim(
        "image_values",
        "perspective 1.1",
        "Values in a colour image of 224 x 224 pixels",
        "150,528",
        "values",
        lambda: IMAGE_VALUES,
    ),
    claim(
        "image_digits",
        "perspective 1.1",
        "Length of the number that counts colour images of 224 x 224 pixels",
        "362,508",
        "digits",
        lambda: paradigm_shift.digits(paradigm_shift.log10_inputs(IMAGE_VALUES, IMAGE_BITS)),
    ),
    claim(
        "test_images",
        "perspective 1.1",
        "Images in the test set of the ImageNet challenge",
        "50,000",
        "images",
        why="Outside the chapter this is the size of the validation set; the test set is larger.",
    ),
    claim(
        "gap_is_all",
        "perspective 1.1, equation 1",
        "Power of ten of the share of all such images that the ImageNet test covers",
        "next to none",
        "(log10)",
        lambda: paradigm_shift.log10_coverage(TEST_IMAGES, paradigm_shift.log10_inputs(IMAGE_VALUES, IMAGE_BITS)),
        within=(-math.inf, -6),
        why="The approximation in the equation could not be closer.",
    ),
    claim("gap_name", "perspective 1.1", "Name of what tests leave uncovered", "verification gap"),
    claim(
        "invariant_name",
        "self-check 2, answer; also 4 and section 1.13, self-check 2",
        "Name of what tests leave uncovered, as a self-check asks for it",
        "verification invariant",
        against=("gap_name",),
        why="The section only ever says gap, so nobody who read it can fill the blank.",
    ),
    claim(
        "image_power",
        "self-checks 2 and 5",
        "Power of ten of the number of colour images of 224 x 224 pixels",
        "362,000",
        recompute=lambda: paradigm_shift.log10_inputs(IMAGE_VALUES, IMAGE_BITS),
        against=("image_digits",),
        why="Cut off, not rounded. It makes the count wrong by a factor with hundreds of digits.",
    ),
    claim("atoms", "self-check 5", "Atoms in the observable universe", "10^80", "atoms", why="An estimate of physics."),
    claim(
        "edge_cases",
        "self-check 3",
        "Examples that a team adds to its spam data",
        "50,000",
        "e-mails",
        why="An example.",
    ),
    claim(
        "decades",
        "text",
        "Time that the story of AI's paradigms spans",
        "7",
        "decades",
        lambda: (2023 - TURING_YEAR) / 10,
        why="From Turing's paper to GPT-4.",
    ),
)
