"""Every row: recomputed a second time by plain arithmetic, its verdict held, its references followed."""

import math
import re
from itertools import chain

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.kit import quantity
from mlsys_helpers.numbers import given, ledger
from mlsys_helpers.numbers.claim import ABSENT, CONTRADICTS, DIFFERS, VERDICTS, promise

DAY_S, YEAR_S = 86_400, 31_557_600
IMAGE = 224 * 224 * 3 * math.log10(256)
TRAINING_DAYS = 3.14e23 / (1024 * 312e12 * 0.45) / DAY_S
WEIGHTS_BYTES = 175e9 * 2
LIFT = 2.039e12  # bytes a second that an A100 of 80 GB reads
DECODE = {"data": 2 / LIFT, "compute": 2 / 312e12}  # of one FP16 weight, read and used once

# Each figure by plain arithmetic, from what the chapter prints or from a source; no model is called
PLAIN = {
    "week_or_month": 365.25 / 12 / 7,
    "quintillions_in_ms": 1e18 / 312e12,
    "terabytes_in_ms": 1e12 / 1e-3 / 1e15,
    "searches": 8.5e9 / DAY_S,
    "outside_model": 95,
    "fp16_bytes": 16 / 8,
    "gpt3_bytes": 350,
    "gpt3_devices": 5,
    "gpt3_read": 350e9 / LIFT * 1000,
    "image_values": 150_528,
    "image_digits": int(IMAGE) + 1,
    "gap_is_all": math.log10(50_000) - IMAGE,
    "image_power": IMAGE,
    "decades": 73 / 10,
    "eliza_to_expert": 1987 - 1966,
    "first_winter": 1980 - 1974,
    "second_winter": 1993 - 1987,
    "student_answer": 2 * (0.2 * 45) ** 2,
    "mycin_certainty": 0.7 + 0.7 * 0.3,
    "conflicting_rules": 1000 * 999 / 2,
    "cascade_features": 1100 / 6000,
    "alexnet_params": 60_965_224,
    "alexnet_bytes": 3 * 4 * 60_965_224 / 1e6,
    "alexnet_gain": 100 * 10.9 / 26.2,
    "next_error": 15.3 / 0.584,
    "one_card": 2.509025504,  # from the layer shapes, which test_alexnet.py counts
    "tokens_per_param": 300 / 175,
    "gpt3_zettaflop": 6 * 175e9 * 300e9 / 1e21,
    "gpt3_params_implied": 314e21 / (6 * 300e9),
    "zettaflop": 10**21,
    "gpt3_text": 420 / 300,
    "shifts": 3,
    "paradigms": 4,
    "underground": 17,
    "lisp_year": 1987,
    "gpt3_gpu_years": 3.14e23 / (312e12 * 0.45) / YEAR_S,
    "zettaflop_alone": 315,
    "sutton_span": 69,
    "billionfold": 49 * 12 / (9 * math.log2(10)),
    "alexnet_accuracy": 100 - 15.3,
    "alexnet_days": 12,
    "gpt4_mmlu": 100 * (0.864 - 0.25) / 0.75,
    "gpt4_scale": 25_000 * 90,
    "gpt4_flop": 2.5e6 * DAY_S * 312e12 * 0.45,
    "deep_blue_speed": 200e6 / 480,
    "alphago_tpu_hours": 3 * 24 * 4,
    "alphago_score": 400 * math.log10(0.05**0.01 / (1 - 0.05**0.01)),
    "gpt3_energy_gwh": 1.287,
    "gpt3_co2": 552 / 1287,
    "households": 1287 / 10.7,
    "gpt3_power": 1287e6 / (1024 * TRAINING_DAYS * 24),
    "gpt3_j_per_flop": 1287e6 * 3600 / 3.14e23 * 1e12,
    "off_chip_orders": math.log10(160 / 1.1),
    "energy_is_movement": 100 * 3.14e23 * 1.1e-12 / 3.6e9 / 1287,
    "dram_fp16_answer": 160 / 1.1,
    "mails": 1e11 / DAY_S,
    "spam_latency": 3e11 / DAY_S * 0.1,
    "recommendations": 1e7 / DAY_S,
    "layers": 4,
    "memory_gap": 80e9 / (640 * 1024),
    "compute_gap": 989.4e12 / (4 * 120e6),
    "hardware_gain": 10,
    "data_return": 100 * math.log(1.1),
    "sub_watt": 0.1,
    "coin_cell_year": 0.225 * 3 / 0.1 / 24 / 365.25,
    "coin_cell_mw": 1000 * 0.225 * 3 / (24 * 365.25),
    "pedestrian_fall": 10,
    "pedestrian_misses": 15 / 5,
    "camera_frames": 36_000,
    "camera_misses": 36_000 / 1000,
    "camera_misses_more": 36_000 / 10,
    "retrain_months": 6 * 2 / 4.8,
    "fraud_misses": 5,
    "gpt3_flop": 314e21,
    "gpt3_days": TRAINING_DAYS,
    "gpt3_days_better": TRAINING_DAYS * 0.75,
    "gpt3_days_saved": TRAINING_DAYS * 0.25,
    "gpt3_time_ratio": 3 / 4,
    "gpt3_gpu_days": 3.14e23 / (312e12 * 0.45) / DAY_S,
    "overlap_gain": 2,
    "dram_fp16": 640 / 4 / 1.1,
    "dram_int8": 640 / 4 / 0.2,
    "fp16_int8": 800 / 145.5,
    "movement_dominates": 100 / (1 + 2 * 4096**3 * 1.1 / (3 * 4096**2 * 2 * 160)),
    "return_on_compute": 1 / 9,
    "cost_divisor": 9,
    "lighthouses": 5,
    "deployments": 4,
    "missions": 4,
    "cases": 3,
    "mission_workloads": 0,
    "gpt2_params": 50257 * 1600 + 1024 * 1600 + 48 * (12 * 1600**2 + 13 * 1600) + 2 * 1600,
    "decode_intensity": 1,
    "decode_peak": 50 * DECODE["compute"] / sum(DECODE.values()),
    "decode_bandwidth": 50 * DECODE["data"] / sum(DECODE.values()),
    "dlrm_bytes": 0.0911,
    "imagenet_workers": 14_200 / 49,
    "imagenet_images": 14.2e6 / 21_841,
    "imagenet_split": 130 / 14.2,
    "alexnet_week": 6 / 7,
    "orders": math.log10(2.5e6 / 12),
    "orders_flop": math.log10(2.1e25 / 4.7e17),
    "filter_reuse": 4.11e9 / 25.56e6,
    "gpt4_cost": 60e6,
    "efficiency_halving": 84 * math.log(2) / math.log(44.5),
    "moore_gain": math.sqrt(2) ** 7,
    "algorithms_over_moore": 44.5 / math.sqrt(128),
    "cadence_ratio": 24 / 3.4,
    "demand_gain": 2 ** (84 / 3.4),
    "demand_orders": 126 / 3.4 * math.log10(2),
    "seven_orders_months": 126 * math.log10(2) / 7,
    "efficiency_gain_short": 44.5,
    "moore_gain_short": math.sqrt(128),
    "overshoot": 60,
    "socket_power": 1.6,
    "step_ms": 90 * DAY_S * 2,
    "perception_ms": 100,
    "environments": 5,
    "power_span": 1e9,
    "braking": 108,
    "compression": 99.999,
    "stages": 6,
    "tinyml_mw": 100,
    "accelerator_power": 400,
    "lidar_rate": 0.36,
    "radar": 299.792458 / 77,
    "alphafold_cores": 128 * 336,
    "benchmark_gap": 25,
    "categories": 4,
    "waymo_volume": 19 / 0.36,
    "round_trip": 3600 / (299_792.458 * 2 / 3) / 0.010,
    "update_slow": 4000 / 60,
    "update_middle": 400 / 60,
    "update_fast": 40 / 60,
    "season_fleet": 120 * DAY_S / 4000,
    "pillars": 5,
    "pillar_categories": 4,
    "parts": 4,
    "chapters": 16,
    "single_node": 128,
    "total_ms": 130,
    "faster_total_ms": 100,
    "local_speedup": 3,
    "end_to_end": 3000 / 130,
    "expected": 200 / 3,
    "ceiling": 26 / 17,
    "more_preprocessing": 20,
    "more_preprocessing_here": 12_000 / 130,
    "recommender_loss": 4.8,
    "recommender_loss_short": 4.8,
    "inference_share": 4500 / 130,
    "amdahl": 1.3,
    "slowest_before": 60,
    "third_time": 10,
    "other_stages": 8500 / 130,
    "growth_left": 7 - math.log10(44.5),
    "decode_arithmetic": 90 / (312e12 / LIFT),
    "decode_batch": 312e12 / LIFT / 9,
    "int8_bytes": 0.5,
}

# What a reader is warned of: a changed model or fact must not move a row in or out of it unseen
WARNED = {
    CONTRADICTS: """
        quintillions_in_ms invariant_name image_power eliza_to_expert mycin_year statistical_era error_before shifts
        gpt3_gpu_years deep_blue_answer a100_days model_code numerators coin_cell_year worked_example energy_term
        gain_point mission_workloads orders gpt4_estimate reversed_order efficiency_gain_short compression tinyml_mw
        pillar_categories slowest_before decode_arithmetic""",
    DIFFERS: """
        alexnet_params gpt3_zettaflop gpt3_days_saved movement_dominates cost_divisor gpt2_params filter_reuse
        round_trip update_fast""",
    ABSENT: """
        elicitation_share expert_failures underground crux mobile_memory mobile_power update_cadence wake_word_ms
        kilobit_links waymo_volume waymo_ms farmbeats_kb sentiment_fall subgroup_gap network_overhead mobile_loss""",
}
RECOMPUTED = [claim for claim in ledger.claims() if claim.recompute]


@pytest.mark.parametrize("claim", RECOMPUTED, ids=lambda claim: claim.id)
def test_recomputed_twice(claim):
    assert claim.value == pytest.approx(PLAIN[claim.id], rel=1e-3 if claim.id == "dlrm_bytes" else 1e-6)


def test_no_figure_is_left_unchecked():
    assert PLAIN.keys() == {claim.id for claim in RECOMPUTED}


@pytest.mark.parametrize("verdict", WARNED)
def test_the_same_rows_are_warned_of(verdict):
    assert {claim.id for claim in ledger.claims() if claim.verdict == verdict} == set(WARNED[verdict].split())


def test_ids_are_unique_and_plain():
    ids = [claim.id for claim in ledger.claims()]
    assert len(ids) == len(set(ids)) > 224
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in ids)


def test_every_section_has_its_module_and_no_other():
    assert ledger.sections() == ("opening", *(section.heading for section in chapter.sections()[:14]))
    assert tuple(dict.fromkeys(claim.section for claim in ledger.claims())) == ledger.sections()


@pytest.mark.parametrize("claim", ledger.claims(), ids=lambda claim: claim.id)
def test_a_row_says_where_and_what(claim):
    assert claim.where and claim.says and claim.verdict in VERDICTS
    assert claim.printed or claim.recompute, "neither printed nor recomputed: there is nothing to show"
    assert not (claim.gives and not claim.printed), "what is not printed is given in `unit`"
    assert claim.why or not claim.disagrees, "a warning says why"
    assert not claim.says.endswith(".") and claim.why == claim.why.strip()


@pytest.mark.parametrize("claim", [c for c in ledger.claims() if c.against], ids=lambda claim: claim.id)
def test_a_contradiction_is_one(claim):
    """It names rows or places that exist; what can be compared differs, and what cannot is worded otherwise there."""
    known = {other.id: other for other in ledger.claims()}
    others = [known[name] for name in claim.against if name in known]
    assert all(name in known or name.partition(",")[0] in ledger.sections() for name in claim.against)
    assert claim not in others
    assert not claim.kept
    if claim.recompute is None:
        assert claim.shown not in {other.shown for other in others}


def test_ranges_that_words_stand_for_are_ranges():
    for claim in ledger.claims():
        if claim.within:
            assert claim.within[0] <= claim.within[1] and claim.recompute, claim.id
            assert promise(claim.printed) is None or claim.why, f"{claim.id}: why not as printed?"


@pytest.mark.parametrize(
    ("constant", "row", "unit"),
    [
        (given.GPT3_PARAMS, "gpt3_params", 1),
        (given.IMAGE_VALUES, "image_values", 1),
        (given.TEST_IMAGES, "test_images", 1),
        (given.TURING_YEAR, "turing_year", 1),
        (given.SUTTON_YEAR, "sutton_year", 1),
        (given.GPT3_TOKENS, "gpt3_tokens", 1),
        (given.ALEXNET_GPUS, "alexnet_gpus", 1),
        (given.ALEXNET_DAYS, "alexnet_days", 1),
        (given.GPT4_GPU_DAYS, "gpt4_gpu_days", 1),
        (given.MODEL_BOX_PERCENT, "model_box", 1),
        (given.DOORBELL_MW, "doorbell_mw", 1),
        (given.MEMORY_GAP, "memory_gap", 1),
        (given.PEDESTRIANS_BEFORE_PERCENT, "pedestrians_before_percent", 1),
        (given.PEDESTRIANS_AFTER_PERCENT, "pedestrians_after_percent", 1),
        (given.RECOMMENDER_BEFORE_PERCENT, "recommender_before_percent", 1),
        (given.RECOMMENDER_AFTER_PERCENT, "recommender_after_percent", 1),
        (given.GPT3_FLOP, "gpt3_flop", 1),
        (given.ACCELERATORS, "accelerators", 1),
        (given.PEAK_FLOP_PER_S, "peak", 1e12),
        (given.UTILISATION, "utilisation", 0.01),
        (given.EFFICIENCY_GAIN, "efficiency_gain", 1),
        (given.DEMAND_MONTHS, "demand_months", 1),
        (given.STEP_MS, "step_ms", 1),
        (given.ALPHAFOLD_CORES, "alphafold_cores", 1),
        (given.PREPROCESSING_MS, "preprocessing_ms", 1),
        (given.INFERENCE_MS, "inference_ms", 1),
        (given.FASTER_INFERENCE_MS, "faster_inference_ms", 1),
        (given.POSTPROCESSING_MS, "postprocessing_ms", 1),
    ],
)
def test_a_given_figure_is_what_its_row_prints(constant, row, unit):
    assert constant == pytest.approx(ledger.claim(row).promise.value * unit)


def test_the_facts_say_what_the_chapter_prints():
    """Where a formula takes a figure from the fact tables that the chapter prints too, the two are one."""
    from mlsys_helpers import facts

    for fact, row, unit in (
        ("gpt3_training_energy", "gpt3_energy", "MWh"),
        ("household_year", "household_energy", "MWh"),
        ("gpt4_mmlu", "gpt4_mmlu", "%"),
        ("alexnet_top5_error", "alexnet_error", "%"),
        ("imagenet_2012_next_error", "next_error", "%"),
        ("radar_frequency", "radar", "GHz"),
    ):
        assert facts.quoted(fact).value == pytest.approx(ledger.claim(row).promise.value * quantity.factor(unit))
    assert facts.quoted("gpt4_reference_gpu_days").value == given.GPT4_GPU_DAYS
    assert facts.quoted("farm_model").value == ledger.claim("farmbeats_kb").promise.high * 1e3
    assert facts.quoted("lidar_rate").value == ledger.claim("lidar_rate").promise.low * 1e6
    assert facts.chip("A100_SXM_80").peak("fp16") == given.PEAK_FLOP_PER_S


def test_formulas_are_shown_as_written():
    assert ledger.formula(ledger.claim("gpt3_days")) == (
        "iron_law.training_time_s(GPT3_FLOP, ACCELERATORS, PEAK_FLOP_PER_S, UTILISATION) / DAY_S"
    )
    assert ledger.formula(ledger.claim("peak")) == ""
    shown = [ledger.formula(claim) for claim in RECOMPUTED]
    assert all(shown) and not any("\n" in text or "  " in text for text in shown)
    for text in shown:
        compile(text, "formula", "eval")


def test_filters():
    assert ledger.chosen() == ledger.disagreements_first(ledger.claims())
    assert {claim.section for claim in ledger.chosen("iron_law")} == {"1.6"}
    assert ledger.chosen("1.6") == ledger.chosen("06")
    assert {claim.verdict for claim in ledger.chosen("opening", CONTRADICTS)} == {CONTRADICTS}
    with pytest.raises(ValueError, match="unknown verdict 'contradict'; did you mean 'contradicts'"):
        ledger.chosen(verdict="contradict")
    with pytest.raises(ValueError, match="unknown section"):
        ledger.chosen("1.99")


def test_disagreements_come_first():
    warned = [claim.disagrees for claim in ledger.chosen()]
    assert warned == sorted(warned, reverse=True) and warned[0]


def test_the_summary_counts_every_row():
    counts = ledger.summary()
    *sections, total = counts.rows
    assert int(total[-1]) == len(ledger.claims()) == sum(int(row[-1]) for row in sections)
    assert sum(int(cell) for cell in total[1:-1]) == len(ledger.claims())


def test_a_contradiction_shows_the_other_place():
    assert ledger.places(ledger.claim("shifts")) == ("1.2, table 2; self-check 1: 4 paradigms",)
    assert ledger.places(ledger.claim("numerators")) == ("1.4, title of perspective 1.3",)


def test_no_addresses_and_no_machine():
    texts = chain.from_iterable((claim.says, claim.where, claim.why, claim.shown) for claim in ledger.claims())
    assert not re.search(r"https?:|www\.|/tmp|/home|—", " ".join(texts))
