"""The chapter's four missions with the slack that each limit leaves, a phone that warms up, and a fleet of doorbells.

The chapter gives limits and names workloads, without sizes. What stands in for them comes from the fact tables; what
no table holds is an assumption, and stands in capitals here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S, YEAR_S, duration, percent, si
from mlsys_helpers.sections.iron_law import model as iron_law
from mlsys_helpers.sections.lifecycle import model

STEP_S, ANSWER_S, DOORBELL_W = 0.5, 0.01, 0.1  # the limits of table 7
CLUSTER_UTILISATION = 0.45  # as section 1.6 takes it for training
EDGE_UTILISATION = 0.3  # of a small device's peak
APP_SHARE = 0.5  # of a phone's memory for one application
TOKENS = 1024  # of one conversation
PHONE = model.Body(k_per_w=8.0, j_per_k=170.0, ambient_c=25.0, limit_c=45.0)  # 190 g, warm in the hand
LOOKS_PER_S = 1.0  # of the doorbell


@dataclass(frozen=True)
class Limit:
    """One limit of a mission: the share of it that is used up (above 1 it is broken), and the amounts in words.

    `named` says whether the chapter's table names it.
    """

    name: str
    used: float
    words: str
    named: bool


def _limit(name: str, needs: float, has: float, show: Callable[[float], str], named: bool = True) -> Limit:
    return Limit(name, needs / has, f"{show(needs)} of {show(has)}", named)


# Each mission as a function of how many times larger its workload is than the one that stands in


def steps() -> float:
    """Training steps of half a second in the 90 days that the chapter gives GPT-4."""
    return facts.quoted("gpt4_reference_time").value / STEP_S


def step_flop() -> float:
    """FLOP of one such step, from an estimate of all of GPT-4's training."""
    run = next(run for run in facts.training_runs() if run.model == "GPT-4")
    return run.training_flop / steps()


def frontier(size: float = 1.0) -> tuple[Limit, ...]:
    """A step of GPT-4 on the chapter's 25,000 GPUs, taken to be A100s."""
    gpus, peak = facts.quoted("gpt4_reference_gpus").value, facts.chip("A100_SXM_80").peak("fp16")
    step_s = iron_law.training_time_s(size * step_flop(), gpus, peak, CLUSTER_UTILISATION)
    return (_limit("time of a step", step_s, STEP_S, duration),)


def perception(size: float = 1.0) -> tuple[Limit, ...]:
    """One picture through YOLOv8-nano on an AGX Orin in 16 bits; its activations have no sourced size."""
    network, chip = facts.workload("yolov8n"), facts.chip("AGX_ORIN_64")
    held = size * network.params * 2
    achieved = chip.peak("fp16") * EDGE_UTILISATION
    terms = iron_law.time_terms(held, chip.bandwidth_bytes_per_s, size * network.flop_per_item, achieved)
    return (
        _limit("time of an answer", terms.overlapped_s, ANSWER_S, duration),
        _limit("memory, weights alone", held, chip.memory_bytes, _bytes, named=False),
    )


def assistant(size: float = 1.0) -> tuple[Limit, ...]:
    """Llama-2-7B in 4 bits on an A17 Pro, with the 16-bit cache of one conversation."""
    chip, llama = facts.chip("APPLE_A17_PRO"), iron_law.transformer(facts.workload("llama2_7b"))
    held = size * llama.memory_bytes(TOKENS, bytes_per_param=0.5, bytes_per_value=2.0)
    return (
        _limit("memory for one application", held, APP_SHARE * chip.memory_bytes, _bytes),
        _limit("heat, if it writes for ever", chip.tdp_w, PHONE.sustained_w, _watts),
    )


def doorbell(size: float = 1.0) -> tuple[Limit, ...]:
    """Wake Vision's smallest network on a Cortex-M4, looking once a second, asleep for nothing in between."""
    network, chip = facts.workload("wake_vision"), facts.chip("STM32L4R5")
    held = size * (network.params + network.bytes_per_item / 2)
    average_w = model.average_w(chip.tdp_w, 0.0, min(1.0, size * look_s() * LOOKS_PER_S))
    return (
        _limit("power while awake", chip.tdp_w, DOORBELL_W, _watts),
        _limit("memory", held, chip.memory_bytes, _bytes, named=False),
        _limit("power for a year on a coin cell", average_w, coin_cell_j() / YEAR_S, _watts, named=False),
    )


def _bytes(amount: float) -> str:
    return si(amount, "B")


def _watts(amount: float) -> str:
    return si(amount, "W", 2)


@dataclass(frozen=True)
class Mission:
    """A row of table 7: where it runs, the workload that the chapter names, its limit, and what stands in here."""

    runs_on: str
    workload: str
    asks: str
    stands_in: str
    limits: Callable[[float], tuple[Limit, ...]]


MISSIONS = {
    "frontier training": Mission(
        "cloud cluster", "GPT-4", "500 ms a step", "an estimate of it on 25,000 A100s", frontier
    ),
    "autonomous perception": Mission("edge robotics", "YOLOv8-nano", "10 ms", "YOLOv8-nano on an AGX Orin", perception),
    "mobile assistant": Mission(
        "smartphone", "a small LLM", "heat and RAM", "Llama-2-7B in 4 bits on an A17 Pro", assistant
    ),
    "smart doorbell": Mission(
        "microcontroller", "Wake Vision", "100 mW", "the smallest Wake Vision network on a Cortex-M4", doorbell
    ),
}


# The doorbell's battery


def coin_cell_j() -> float:
    """Energy in a CR2032, joules."""
    return model.battery_j(facts.quoted("cr2032_capacity").value, facts.quoted("cr2032_voltage").value)


@cache
def look_s() -> float:
    """Seconds of one look: Wake Vision's operations at the rate that a Cortex-M4 reached on a similar network."""
    measured = next(row for row in facts.measurements("tinyml_mcu") if row.id == "M377")
    return facts.workload("wake_vision").flop_per_item / (measured.flops_per_item / measured.seconds_per_step)


def look_j() -> float:
    """Joules of one look."""
    return look_s() * facts.chip("STM32L4R5").tdp_w


# The phone's heat


def token_j() -> float:
    """Joules for each token of Llama-2-7B in 4 bits on an A17 Pro that draws all of its power while it writes."""
    chip, llama = facts.chip("APPLE_A17_PRO"), facts.workload("llama2_7b")
    return chip.tdp_w * llama.params * 0.5 / chip.bandwidth_bytes_per_s


# A decision and what follows from it: where 10,000 doorbells think

DOORBELLS, DEVICE_BYTES_PER_S, SERVER_BYTES_PER_S = 10_000, 10e3, 1e6
SERVERS, RACK_BYTES_PER_S = 20, 1e9
WAVES, DEVICE_WATCH_S, SERVER_WATCH_S = (0.01, 0.1, 1.0), 2 * DAY_S, 3600.0
PICTURE_BYTES = 96 * 96  # grey, a byte a pixel: what the benchmark's network looks at
AUDITED = 1  # pictures a day that each doorbell sends to be labelled


@dataclass(frozen=True)
class Consequence:
    """One stage of the lifecycle under both choices, in words."""

    stage: str
    in_cloud: str
    on_device: str


def consequences() -> tuple[Consequence, ...]:
    """What the choice of place does to four stages."""
    day_bytes = PICTURE_BYTES * LOOKS_PER_S * DAY_S
    cells = day_bytes * facts.quoted("wifi_energy_per_byte").value / coin_cell_j()
    network = facts.workload("vww_mobilenet").weight_bytes
    fleet_s = model.rollout_s(DOORBELLS, WAVES, DEVICE_WATCH_S, network, DEVICE_BYTES_PER_S, SERVER_BYTES_PER_S)
    rack_s = model.rollout_s(SERVERS, WAVES[1:], SERVER_WATCH_S, network, RACK_BYTES_PER_S, RACK_BYTES_PER_S)
    sent_s = model.update_s(DOORBELLS, network, DEVICE_BYTES_PER_S, SERVER_BYTES_PER_S)
    chip = facts.chip("STM32L4R5")
    return (
        Consequence(
            "data collection",
            f"{si(day_bytes, 'B')} a day from each doorbell, by radio: {cells:.2g} coin cells a day",
            f"{AUDITED} picture a day from each, {si(DOORBELLS * AUDITED * PICTURE_BYTES, 'B')} in all",
        ),
        Consequence(
            "model training",
            f"any network that {SERVERS} servers can run",
            f"at most {si(chip.memory_bytes, 'B')} for what is alive at once",
        ),
        Consequence(
            "deployment",
            f"{SERVERS} servers in {len(WAVES) - 1} waves: {duration(rack_s, 2)}, nearly all of it watching",
            f"{DOORBELLS:,} doorbells: {duration(sent_s, 2)} to send, {duration(fleet_s, 2)} in {len(WAVES)} watched "
            "waves; the way back needs the old model kept in flash",
        ),
        Consequence(
            "monitoring",
            "every answer can be logged",
            f"{percent(AUDITED / (LOOKS_PER_S * DAY_S))} of the answers, if labels can be had at all",
        ),
    )


def needed_utilisation() -> float:
    """The share of their peak that the chapter's GPUs, taken to be A100s, must reach for a step in time."""
    gpus, peak = facts.quoted("gpt4_reference_gpus").value, facts.chip("A100_SXM_80").peak("fp16")
    return iron_law.utilisation(step_flop(), STEP_S, gpus * peak)


def braking_m(delay_s: float, speed_m_per_s: float = 30.0) -> float:
    """Metres that a car drives before it reacts; the chapter's 3 cm for each millisecond are 30 m/s."""
    return model.metres(speed_m_per_s, delay_s)
