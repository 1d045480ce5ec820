"""Section 1.4: data, algorithm, machine."""

from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.kit.units import MILLI, YEAR_S
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import DOORBELL_MW, PERCENT
from mlsys_helpers.sections.lifecycle import model as lifecycle
from mlsys_helpers.sections.ml_systems import model as ml_systems
from mlsys_helpers.start import model as start

claim = partial(Claim, "1.4")
LAYERS = ("hardware", "systems", "workloads", "missions")
MORE = 1.10
CLOUD, TINY = "H100_SXM", "STM32L4R5"


def coin_cell_j() -> float:
    """Energy in a CR2032: the chapter does not say which coin cell."""
    return lifecycle.battery_j(facts.quoted("cr2032_capacity").value, facts.quoted("cr2032_voltage").value)


CLAIMS = (
    claim(
        "mails",
        "text",
        "E-mails in the world",
        "hundreds of billions a day",
        "",
        lambda: start.rate_per_s(1e11),
        gives="messages/s for each hundred billion",
    ),
    claim(
        "spam_latency",
        "text",
        "Time that a spam filter has for a message",
        "under 100",
        "ms",
        lambda: ml_systems.in_flight(start.rate_per_s(3e11), 100 * MILLI),
        gives="messages in flight at 300 billion a day",
        why="Little's law.",
    ),
    claim(
        "recommendations",
        "definition 1.1",
        "Requests to a recommender",
        "10 million",
        "requests/day",
        lambda: start.rate_per_s(10e6),
        gives="requests/s",
        why="An example.",
    ),
    claim(
        "model_box",
        "definition 1.1",
        "The model, as a share of Google's picture of a production system",
        "5",
        "% of the drawing",
        why="An area on a drawing, not a count. Google's text says it of code, as an upper guess.",
    ),
    claim(
        "model_code",
        "self-check 1, answer",
        "The model, as a share of a production system",
        "5",
        "% of the code",
        against=("model_box", "outside_model"),
        why="A share of the drawing becomes one of code here, and one of engineering in section 1.1.",
    ),
    claim("layers", "text", "Layers from silicon to mission", "4", "layers", lambda: len(LAYERS)),
    claim(
        "crux",
        "self-checks 4 and 5",
        "Name of the four layers from silicon to mission",
        "engineering crux",
        absent=True,
        why="The section has no such term.",
    ),
    claim(
        "memory_gap",
        "perspective 1.2",
        "Memory of a cloud machine, set against a microcontroller",
        "10^5",
        "×",
        lambda: facts.chip(CLOUD).memory_bytes / facts.chip(TINY).memory_bytes,
        why="From one H100 to one Cortex-M4. The table has words where sizes would stand; other devices differ.",
    ),
    claim(
        "compute_gap",
        "perspective 1.2",
        "Compute power of a cloud machine, set against a microcontroller",
        "10^6",
        "×",
        lambda: facts.chip(CLOUD).peak("fp16") / facts.chip(TINY).peak("int8"),
        why="Operations a second of the same two, FP16 against INT8. In watts the gap is a hundred times smaller.",
    ),
    claim(
        "hardware_gain",
        "perspective 1.3",
        "Data paid for by hardware that is a tenth more efficient",
        "10",
        "%",
        lambda: PERCENT * (ml_systems.samples_per_dollar(MORE, 1) / ml_systems.samples_per_dollar(1, 1) - 1),
    ),
    claim(
        "data_return",
        "perspective 1.3",
        "Error saved by a tenth more data, for each unit of the exponent alpha",
        unit="%",
        recompute=lambda: PERCENT * ml_systems.first_order_gain(MORE, 1),
        why="The logarithm in the text must be the natural one.",
    ),
    claim(
        "numerators",
        "perspective 1.3",
        "What better data and leaner models do to samples per dollar",
        "lower its numerator",
        against=("1.4, title of perspective 1.3",),
        why="Samples per dollar would fall. The directions fit a cost: samples times work, over work for a dollar.",
    ),
    claim("sub_watt", "text, with table 7", "Power of a sub-watt sensor", "under 1", "W", lambda: DOORBELL_MW * MILLI),
    claim(
        "coin_cell_year",
        "self-check 4",
        "Life of the smart doorbell on a coin cell",
        "1",
        "year",
        lambda: coin_cell_j() / (DOORBELL_MW * MILLI) / YEAR_S,
        against=("doorbell_mw",),
        why="Table 7 gives the doorbell a power that empties the cell before noon. The section has no such mission.",
    ),
    claim(
        "coin_cell_mw",
        "self-check 4",
        "Power with which a coin cell lasts a year",
        unit="mW",
        recompute=lambda: coin_cell_j() / YEAR_S / MILLI,
    ),
    claim("latency_distractor", "self-check 1", "Latency in a wrong answer", "100", "ms", why="Arbitrary on purpose."),
)
