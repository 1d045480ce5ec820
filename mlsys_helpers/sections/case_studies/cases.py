"""The three systems as numbers: what each place asks for, what each design offers, and which limit then binds.

Figures of the chapter and of papers are facts with their sources. What no source gives is a convention, stated here: a
utilisation of 40 %; a radio of 100 Mbit/s with 5 ms delay and half a kilowatt for a car; a picture a minute, a radio of
1 kbit/s with 50 ms delay and a watt from the sun for a farm; two weeks, a wire and a megawatt for the lab; a cloud that
is 1,000 km away.
"""

from functools import cache

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S, KILO, MEGA
from mlsys_helpers.sections.case_studies import model
from mlsys_helpers.sections.silent_degradation import model as degradation

UTILISATION = 0.4
CLOUD_M = 1_000 * KILO
FARM_LINK_BITS_PER_S = 1 * KILO
SEASON_S = 120 * DAY_S
PICTURE_BYTES = 96 * 96 * 3  # what a small detector looks at


def chips() -> float:
    """TPU v3 chips that trained AlphaFold: two cores each."""
    return facts.quoted("alphafold_cores").value / facts.quoted("tpu_v3_cores").value


def alphafold_flop(cores: float, time_s: float, utilisation: float = UTILISATION) -> float:
    """FLOP that TPU v3 cores do in a time."""
    on = cores / facts.quoted("tpu_v3_cores").value
    return model.work_flop(on, facts.chip("TPU_v3").peak("bf16"), utilisation, time_s)


@cache
def missions() -> dict[str, model.Mission]:
    """What a car, a field and a protein lab ask for."""
    detector, small = facts.workload("yolov8n"), facts.workload("vww_mobilenet")
    frames = facts.quoted("waymo_cameras").value * facts.quoted("waymo_frame_rate").value
    training = alphafold_flop(facts.quoted("alphafold_cores").value, facts.quoted("alphafold_training_time").value)
    two_weeks = 14 * DAY_S
    return {
        "drive a car": model.Mission(
            deadline_s=facts.quoted("waymo_latency").value,
            flop_per_answer=detector.flop_per_item,
            answers_per_s=frames,
            bytes_per_s=facts.quoted("lidar_rate").value,
            link_bits_per_s=100 * MEGA,
            radio_s=0.005,
            power_w=500.0,
        ),
        "watch a field": model.Mission(
            deadline_s=60.0,
            flop_per_answer=small.flop_per_item,
            answers_per_s=1 / 60,
            bytes_per_s=PICTURE_BYTES / 60,
            link_bits_per_s=FARM_LINK_BITS_PER_S,
            radio_s=0.05,
            power_w=1.0,
        ),
        "learn to fold": model.Mission(
            deadline_s=np.inf,
            flop_per_answer=training,
            answers_per_s=1 / two_weeks,
            bytes_per_s=1.0,
            link_bits_per_s=1000 * MEGA,
            radio_s=0.0,
            power_w=MEGA,
        ),
    }


@cache
def designs() -> dict[str, model.Design]:
    """Three computers: one for a car, a microcontroller, and the TPUs of a cloud."""
    car, mote, tpu = facts.chip("AGX_ORIN_64"), facts.chip("STM32L4R5"), facts.chip("TPU_v3")
    return {
        "Jetson AGX Orin, in the place": model.Design(UTILISATION * car.peak("fp16"), car.tdp_w),
        "microcontroller, in the place": model.Design(UTILISATION * mote.peak("int8"), mote.tdp_w),
        "AlphaFold's TPUs, 1,000 km away": model.Design(UTILISATION * chips() * tpu.peak("bf16"), 0.0, CLOUD_M),
    }


def peak_flop_per_j() -> tuple[float, float, float]:
    """FLOP/s at the peak for each watt of the three designs' chips; a TPU v3 at its measured mean power."""
    car, mote, tpu = facts.chip("AGX_ORIN_64"), facts.chip("STM32L4R5"), facts.chip("TPU_v3")
    return (
        car.peak("fp16") / car.tdp_w,
        mote.peak("int8") / mote.tdp_w,
        tpu.peak("bf16") / facts.quoted("tpu_v3_power").value,
    )


# The farm's accuracy

ACCURACY_0, SENSITIVITY = 0.95, 0.6  # the start is a convention, lambda is what section 1.5 found for its digits
LOST_BY_HARVEST = 0.10  # what a model loses that is never updated, a convention
TOLERATED = 0.01


def farm_lost(age_s):
    """Accuracy that models of this mean age cost: the degradation equation, with drift that grows evenly in time.

    A model that is never updated is half a season old on average, so nothing costs more than that.
    """
    drift_per_s = LOST_BY_HARVEST / SENSITIVITY / SEASON_S
    oldest_s = np.minimum(age_s, SEASON_S / 2)
    return ACCURACY_0 - degradation.accuracy(ACCURACY_0, SENSITIVITY, drift_per_s * oldest_s)


# The lab's bill


def alphafold_energy_j(cores: float, time_s: float) -> float:
    """Joules of TPU v3 chips at their measured mean power; buildings and hosts not counted."""
    on = cores / facts.quoted("tpu_v3_cores").value
    return model.energy_j(on, facts.quoted("tpu_v3_power").value, time_s)


def alphago_hours() -> tuple[float, float]:
    """TPU-hours of AlphaGo Zero's three days: of the four TPUs that it played its match on, and of its self-play."""
    time_s = facts.quoted("alphago_zero_training_time").value
    counts = (facts.quoted(f"alphago_zero_{which}_tpus").value for which in ("match", "self_play"))
    match, self_play = (model.device_hours(count, time_s) for count in counts)
    return match, self_play


def gpt3_flop() -> float:
    """FLOP of training GPT-3."""
    return facts.workload("gpt3").training_flop
