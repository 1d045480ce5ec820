"""Section 1.3: compute against expertise, and what it costs."""

from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S, GIGA, HOUR_S, KILO, PICO
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import (
    ACCELERATORS,
    ALEXNET_DAYS,
    ALEXNET_GPUS,
    GPT3_FLOP,
    GPT4_GPU_DAYS,
    MONTHS_PER_YEAR,
    PEAK_FLOP_PER_S,
    PERCENT,
    SUTTON_YEAR,
    TURING_YEAR,
    UTILISATION,
)
from mlsys_helpers.sections.bitter_lesson import model as bitter_lesson
from mlsys_helpers.sections.case_studies import model as case_studies
from mlsys_helpers.sections.efficiency import model as efficiency
from mlsys_helpers.sections.iron_law import model as iron_law

claim = partial(Claim, "1.3")

CLAIMS = (
    claim("sutton_year", "text, footnote 14", "Sutton's essay on the bitter lesson", "2019"),
    claim(
        "sutton_span",
        "text, a quotation",
        "Research that Sutton looks back on",
        "70",
        "years",
        lambda: SUTTON_YEAR - TURING_YEAR,
        within=(65, 75),
        why="From Turing's paper. A round number, taken to the nearest ten.",
    ),
    claim(
        "billionfold",
        "footnote 14",
        "Growth of raw compute since the 1970s",
        "1 billion",
        "×",
        lambda: efficiency.doubling_months(1e9, (SUTTON_YEAR - 1970) * MONTHS_PER_YEAR),
        gives="months for each doubling",
        why="Faster than the two years that footnote 22 gives for transistors, which are not all of compute.",
    ),
    claim("chess_elo", "table 3", "Strength of chess programs made of rules", "2000", "Elo"),
    claim("expert_era", "table 3", "The era of expert systems", "1980s"),
    claim("statistical_table", "table 3", "The era of statistical learning", "1990s to 2000s"),
    claim(
        "digits_accuracy",
        "table 3",
        "Accuracy on handwritten digits in the era of statistical learning",
        "98 to 99",
        "%",
    ),
    claim(
        "alexnet_accuracy",
        "table 3",
        "Top-5 accuracy of AlexNet",
        "84.7",
        "%",
        lambda: PERCENT * (1 - facts.quoted("alexnet_top5_error").value),
    ),
    claim(
        "alexnet_days",
        "table 3",
        "Training of AlexNet on two graphics cards",
        "6",
        "days",
        lambda: ALEXNET_DAYS * ALEXNET_GPUS,
        gives="GPU-days",
    ),
    claim("vit_accuracy", "table 3", "Top-5 accuracy of a vision transformer", "over 90", "%"),
    claim(
        "vit_hours",
        "table 3",
        "Training of a vision transformer on distributed systems",
        "hours",
        why="For ImageNet alone; the pre-training on more images is left out.",
    ),
    claim(
        "gpt4_mmlu",
        "table 3",
        "Questions of MMLU that GPT-4 answers",
        "86.4",
        "%",
        lambda: (
            PERCENT * bitter_lesson.above_chance(facts.quoted("gpt4_mmlu").value, facts.quoted("mmlu_options").value)
        ),
        gives="% above blind guessing",
        why="Blind guessing gets a quarter.",
    ),
    claim(
        "gpt4_gpu_days",
        "text, table 3",
        "Training of GPT-4",
        "2.5 million",
        "GPU-days",
        why="An anchor for illustration, the text says, not a disclosure.",
    ),
    claim(
        "gpt4_scale",
        "text, table 3",
        "25,000 GPUs for 90 days, set against the 2.5 million GPU-days of GPT-4",
        "same order of magnitude",
        "GPU-days",
        lambda: facts.quoted("gpt4_reference_gpus").value * facts.quoted("gpt4_reference_time").value / DAY_S,
        within=(GPT4_GPU_DAYS / 10**0.5, GPT4_GPU_DAYS * 10**0.5),
        why="A tenth less. A hundred days would make it exact.",
    ),
    claim("gpt4_label", "table 3", "The unit in which the training of GPT-4 is given", "reference GPU-days"),
    claim(
        "gpt4_flop",
        "table 3",
        "Operations in the GPU-days of GPT-4, at the rates of napkin math 1.1",
        unit="FLOP",
        recompute=lambda: GPT4_GPU_DAYS * DAY_S * PEAK_FLOP_PER_S * UTILISATION,
    ),
    claim(
        "elo_to_mmlu",
        "table 3; self-check 2",
        "Progress from rules to foundation models",
        "2000 Elo to 86.4 %",
        why="Two scales: no ratio exists. The table has a different task in each row.",
    ),
    claim("deep_blue_year", "text, footnote 15", "Deep Blue beats Kasparov", "1997"),
    claim(
        "deep_blue_speed",
        "footnote 15",
        "Positions that the 480 chips of Deep Blue search",
        "200 million",
        "positions/s",
        lambda: 200e6 / 480,
        gives="positions/s for each chip",
    ),
    claim("deep_blue_reason", "text, footnote 15", "What won Deep Blue's match", "search and chess knowledge"),
    claim(
        "deep_blue_answer",
        "self-check 4, answer",
        "What won Deep Blue's match, by an answer",
        "search rather than chess knowledge",
        against=("deep_blue_reason",),
        why="The choice is still the best of the four; its reason should be the section's.",
    ),
    claim(
        "alphago_tpu_hours",
        "footnote 16",
        "Training of AlphaGo Zero: four TPUs for three days",
        "288",
        "TPU-hours",
        lambda: case_studies.device_hours(
            facts.quoted("alphago_zero_match_tpus").value, facts.quoted("alphago_zero_training_time").value
        ),
        why="The footnote calls it an allocation. The games of self-play took far more machines.",
    ),
    claim(
        "alphago_score",
        "footnote 16",
        "Games that AlphaGo Zero won of as many",
        "100",
        "games",
        lambda: bitter_lesson.elo_gap(bitter_lesson.least_score(facts.quoted("alphago_zero_wins").value)),
        gives="Elo ahead, at least, at 95 %",
    ),
    claim("gpt3_energy", "footnote 17", "Electricity of training GPT-3", "1,287", "MWh"),
    claim(
        "gpt3_energy_gwh",
        "text",
        "Electricity of training GPT-3, in the text",
        "1.3",
        "GWh",
        lambda: facts.quoted("gpt3_training_energy").value / (GIGA * HOUR_S),
    ),
    claim(
        "gpt3_co2",
        "footnote 17",
        "Emissions of the electricity of training GPT-3",
        "552",
        "t of CO2 equivalent",
        lambda: (
            facts.quoted("gpt3_training_co2e").value / (facts.quoted("gpt3_training_energy").value / (KILO * HOUR_S))
        ),
        gives="kg/kWh",
    ),
    claim("household_energy", "footnote 17", "Electricity of a US household in a year", "10.7", "MWh"),
    claim(
        "households",
        "footnote 17",
        "Household-years in the electricity of training GPT-3",
        "120",
        "households",
        lambda: facts.quoted("gpt3_training_energy").value / facts.quoted("household_year").value,
    ),
    claim(
        "gpt3_power",
        "footnote 17, with napkin math 1.1",
        "Power of each accelerator if GPT-3's energy and its 25 days belonged to one run",
        unit="W",
        recompute=lambda: (
            facts.quoted("gpt3_training_energy").value
            / (ACCELERATORS * iron_law.training_time_s(GPT3_FLOP, ACCELERATORS, PEAK_FLOP_PER_S, UTILISATION))
        ),
        why="Several times what such a chip draws: the two figures are of different machines.",
    ),
    claim(
        "gpt3_j_per_flop",
        "footnote 17",
        "Energy for each operation of training GPT-3",
        unit="pJ/FLOP",
        recompute=lambda: facts.quoted("gpt3_training_energy").value / GPT3_FLOP / PICO,
    ),
    claim(
        "off_chip_orders",
        "footnotes 17 and 18",
        "Energy of fetching a byte from memory, above that of an operation",
        "one to several orders",
        "orders of magnitude",
        lambda: efficiency.orders(
            iron_law.energy_crossover(
                facts.energy("dram_read_32bit").energy_j_per_byte, facts.energy("fp16_multiply").energy_j
            )
        ),
        within=(1, 4),
        why="With the energies of section 1.6, against FP16; INT8 makes it most of three.",
    ),
    claim(
        "a100_days",
        "self-check 2, answer",
        "The unit in which the training of GPT-4 is given, in an answer",
        "A100 GPU-days",
        against=("gpt4_label",),
        why="The device is named only here.",
    ),
    claim(
        "energy_is_movement",
        "self-check 5, answer",
        "What dominates the energy of training",
        "data movement",
        recompute=lambda: (
            PERCENT
            * iron_law.energy(
                1, GPT3_FLOP, facts.energy("dram_read_32bit").energy_j_per_byte, facts.energy("fp16_multiply").energy_j
            ).compute_j
            / facts.quoted("gpt3_training_energy").value
        ),
        gives="% of it is arithmetic",
        why="Footnote 17 only says that movement matters too. The rest may also be cooling, hosts and idling.",
    ),
    claim(
        "dram_fp16_answer",
        "self-check 5, answer",
        "Energy of a byte from memory, in FP16 operations, in an answer",
        "145",
        "×",
        lambda: iron_law.energy_crossover(
            facts.energy("dram_read_32bit").energy_j_per_byte, facts.energy("fp16_multiply").energy_j
        ),
    ),
)
