"""The explorers of section 1.4: the relay of bottlenecks, what fits where, and what more data buys."""

from dataclasses import dataclass
from functools import cache

from mlsys_helpers import facts
from mlsys_helpers.kit.checks import one_of, positive
from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.units import DAY_S, duration, si
from mlsys_helpers.sections.iron_law import model as iron_law
from mlsys_helpers.sections.ml_systems import figures, model

UTILISATION = 0.3  # the share of a peak taken as achieved; two microcontroller results in facts lie near it

# The relay: a photo service. Preparing time, photo size and link are chosen for it; ResNet-50 and the A100 are facts

PREPARE_S, PHOTO_BYTES, LINK_BYTES_PER_S = 4e-3, 100e3, 25e9 / 8
CORES = tuple(2**i for i in range(3, 11))
CHIPS = tuple(2**i for i in range(5))


def service(cores: int = 16, chips: int = 1) -> model.Rates:
    """The three rates of the photo service with so many processor cores and so many A100s."""
    achieved = facts.chip("A100_SXM_80").peak("fp16") * UTILISATION
    flop = facts.workload("resnet50").flop_per_item
    return model.stage_rates(cores, PREPARE_S, chips, achieved, flop, LINK_BYTES_PER_S, PHOTO_BYTES)


def relay() -> Explorer:
    """Which stage of the photo service binds, as cores and chips are added."""
    return Explorer(
        "A service that labels photos (simulated)",
        {
            "cores": Steps("Cores that prepare", CORES, start=16),
            "chips": Steps("Chips that compute", CHIPS, start=1),
        },
        backdrop=figures.relay_backdrop,
        marks=lambda ax, cores, chips: figures.relay_marks(ax, service(cores, chips)),
        sentence=lambda cores, chips: figures.tell_relay(service(cores, chips)),
        height=260,
    )


# The envelope


@dataclass(frozen=True)
class Mission:
    """What an application requires: an answer within `deadline_s`, `rate_per_s` of them, at most `power_cap_w`."""

    deadline_s: float
    rate_per_s: float
    power_cap_w: float


# The 10 ms and the 100 mW are the chapter's (its table of missions, section 1.9); the rest is chosen for the explorer.
MISSIONS = {
    "Chat service": Mission(50e-3, 20, 1000),
    "Car camera": Mission(10e-3, 30, 60),
    "Phone assistant": Mission(100e-3, 10, 5),
    "Smart doorbell": Mission(500e-3, 1, 0.1),
}
MODELS = {
    "Llama-2-70B": "llama2_70b",
    "Llama-2-7B": "llama2_7b",
    "ResNet-50": "resnet50",
    "MobileNetV2": "mobilenetv2",
    "Visual wake words": "vww_mobilenet",
    "Keyword spotting": "ds_cnn",
}
DEVICES = {
    "Cloud: H100": "H100_SXM",
    "Edge: AGX Orin": "AGX_ORIN_64",
    "Mobile: A17 Pro": "APPLE_A17_PRO",
    "TinyML: Cortex-M4": "STM32L4R5",
}
BYTES_PER_VALUE = {"16 bits": 2.0, "8 bits": 1.0, "4 bits": 0.5}
TOKENS = 1024


def device(name: str, utilisation: float = UTILISATION) -> model.Device:
    """A device of DEVICES: at its fp16 peak where one is published, else at its int8 peak."""
    chip = facts.chip(DEVICES[one_of("device", name, DEVICES)])
    peak = chip.peaks.get("fp16") or chip.peak("int8")
    memory, bandwidth, draw = (
        float(positive(f"{what} of {chip.chip}", getattr(chip, what)))
        for what in ("memory_bytes", "bandwidth_bytes_per_s", "tdp_w")
    )
    return model.Device(memory, bandwidth, peak * utilisation, draw)


def demand(mission: str, job: str, stored: str) -> model.Demand:
    """What a model of MODELS asks for in a mission, its values stored in so many bits.

    A text generator keeps the KV cache of one conversation; any other model its activations, all layers at once,
    which is an upper bound: each is counted as half of the traffic that writes it and reads it once.
    """
    size, workload = BYTES_PER_VALUE[stored], facts.workload(MODELS[job])
    work, asks = iron_law.workload_work(workload, 1, size, TOKENS), MISSIONS[mission]
    if workload.item == "token":
        kept = iron_law.transformer(workload).kv_bytes_per_token(1.0) * TOKENS
    else:
        kept = (workload.bytes_per_item or 0.0) / 2 / workload.bytes_per_param
    resident = model.resident_bytes(workload.params, size, kept, size)
    moved, flop = float(work.bytes_moved), float(work.flop)
    return model.Demand(resident, moved, flop, asks.rate_per_s, asks.deadline_s, asks.power_cap_w)


@cache
def used(mission: str, job: str, on: str, stored: str) -> dict[str, float]:
    """How much of each limit a model uses in a mission on a device."""
    return model.used(demand(mission, job, stored), device(on))


def asked(mission: str) -> str:
    """What a mission of MISSIONS requires, in one sentence."""
    asks = MISSIONS[mission]
    soon = f"{asks.rate_per_s:g} a second, each within {duration(asks.deadline_s, 2)}"
    return f"Asked: {soon}, at most {asks.power_cap_w:g} W."


def envelope() -> Explorer:
    """Mission, model, device and precision: what fits, and which limit says no."""
    return Explorer(
        "What fits where",
        {
            "mission": Choice("Mission", tuple(MISSIONS), start="Smart doorbell"),
            "job": Choice("Model", tuple(MODELS), start="MobileNetV2"),
            "on": Choice("Device", tuple(DEVICES), start="Cloud: H100"),
            "stored": Choice("Each value in", tuple(BYTES_PER_VALUE), start="8 bits"),
        },
        backdrop=figures.envelope_backdrop,
        marks=lambda ax, **state: figures.envelope_marks(ax, used(**state)),
        sentence=lambda mission, **state: f"{asked(mission)} {figures.tell_envelope(used(mission, **state))}",
        height=300,
    )


def larger_model() -> list[tuple[str, str, str, str]]:
    """What changes with the algorithm alone: MobileNetV2 and ResNet-50 on the phone, 16 bits a value."""
    accuracy = {row.model: row.top1_percent for row in facts.accuracy()}
    mission, on, rows = "Phone assistant", "Mobile: A17 Pro", []
    for job, timm in (("MobileNetV2", "mobilenetv2_100.ra_in1k"), ("ResNet-50", "resnet50.tv_in1k")):
        resident = demand(mission, job, "16 bits").resident_bytes
        image_s = used(mission, job, on, "16 bits")["latency"] * MISSIONS[mission].deadline_s
        rows.append((job, f"{accuracy[timm]:.1f} %", si(resident, "B", 2), duration(image_s, 2)))
    return rows


def layers(mission: str, job: str, on: str, stored: str) -> list[tuple[str, str, str]]:
    """One deployment, layer by layer from the top: the layer, what it is here, and the numbers that it fixes."""
    asks, wants, chip = MISSIONS[mission], demand(mission, job, stored), device(on, utilisation=1.0)
    platform, silicon = on.split(": ")
    return [
        ("Mission", mission, f"{asks.rate_per_s:g} a second, each within {duration(asks.deadline_s, 2)}"),
        ("Workload", job, f"{si(wants.flop, 'FLOP', 2)} an answer, {si(wants.resident_bytes, 'B', 2)} resident"),
        ("System", f"{platform} node", f"a budget of {asks.power_cap_w:g} W"),
        (
            "Hardware",
            silicon,
            f"{si(chip.flop_per_s, 'FLOP/s')}, {si(chip.memory_bytes, 'B')}, {chip.power_w:g} W busy",
        ),
    ]


# The economy

YEARS_S = 3 * 365 * DAY_S
PRICED = ("P100_PCIE", "V100_SXM2_16", "A100_SXM_40", "H100_SXM")


def images_per_dollar(chip: str, flop_per_sample: float | None = None) -> float:
    """ResNet-50 training images for a dollar of a chip's price, three years at UTILISATION; 3 x forward for each."""
    on, flop = facts.chip(chip), flop_per_sample or 3 * facts.workload("resnet50").flop_per_item
    bought = model.flop_per_dollar(on.price_usd, YEARS_S, on.peak("fp16"), UTILISATION)
    return model.samples_per_dollar(bought, flop)


def short(value: float) -> str:
    """A number as it was typed."""
    return f"{value:g}"


def economy() -> Explorer:
    """What more data does to the error, by the exponent of the learning curve."""
    return Explorer(
        "What more data buys",
        {
            "more": Steps("Times the data", (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0), start=2.0, show=short),
            "alpha": Steps("Exponent", (0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0), start=0.3, show=short),
        },
        backdrop=figures.economy_backdrop,
        marks=lambda ax, more, alpha: figures.economy_marks(ax, more, alpha),
        sentence=figures.tell_economy,
        height=330,
    )
