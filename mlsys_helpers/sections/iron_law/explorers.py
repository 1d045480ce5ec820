"""The explorers of section 1.6: the three terms, the roofline, and what a point of accuracy costs in joules."""

from functools import cache, partial
from itertools import pairwise

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.explorer import Choice, Explorer, Steps, chosen
from mlsys_helpers.kit.units import number, si
from mlsys_helpers.sections.iron_law import figures, model

CHIPS = ("T4", "RTX_4090", "A100_SXM_80", "H100_SXM", "B200", "ORIN_NANO_8", "APPLE_M1_MAX")
JOBS = {
    "ResNet-50, images": ("resnet50", False),
    "Llama-2-7B, writing (decode)": ("llama2_7b", False),
    "Llama-2-7B, reading (prefill)": ("llama2_7b", True),
    "GPT-2 XL, writing (decode)": ("gpt2_xl", False),
    "DLRM, recommendations": ("dlrm", False),
    "MobileNetV2, images": ("mobilenetv2", False),
    "DS-CNN, keyword spotting": ("ds_cnn", False),
}
BYTES_PER_VALUE = {"fp32": 4, "fp16": 2, "int8": 1}
BATCHES = tuple(2**i for i in range(11))
TOKENS = tuple(2**i for i in range(7, 16))


@cache
def typical_latency_s() -> float:
    """What the law leaves unexplained of one published single-image run, taken as the fixed latency of a step.

    The run is ResNet-50 on an A100 in the single-stream setting of MLPerf Inference v1.0 (facts, measurements).
    """
    row = next(m for m in facts.measurements("cnn_infer_b1") if m.hardware == "A100_PCIE_40")
    chip = facts.chip(row.hardware)
    moved = row.params * row.bytes_per_param + row.bytes_per_item
    explained = model.time_terms(moved, chip.bandwidth_bytes_per_s, row.flops_per_item, chip.peak(row.precision))
    return row.seconds_per_step - explained.added_s


def job_work(job: str, batch: int, precision: str, tokens: int) -> model.Work:
    """Bytes and FLOP of one step of a job of JOBS."""
    name, prefill = JOBS[job]
    return model.workload_work(facts.workload(name), batch, BYTES_PER_VALUE[precision], tokens, prefill)


def job_terms(job: str, batch: int, chip: str, precision: str, tokens: int) -> model.Terms:
    """The three terms of one step of a job on a chip that reaches its peak, with the typical latency."""
    work, on = job_work(job, batch, precision, tokens), facts.chip(chip)
    return model.time_terms(
        work.bytes_moved, on.bandwidth_bytes_per_s, work.flop, on.peak(precision), latency_s=typical_latency_s()
    )


TERM_CONTROLS = {
    "job": Choice("Job", tuple(JOBS), start="Llama-2-7B, writing (decode)"),
    "batch": Steps("Batch", BATCHES, start=1, unit="items at once"),
    "chip": Choice("Chip", {facts.chip(name).name: name for name in CHIPS}, start="A100_SXM_80"),
    "precision": Choice("Precision", tuple(BYTES_PER_VALUE), start="fp16"),
    "tokens": Steps("Sequence", TOKENS, start=1024, unit="tokens"),
}


def terms(*names: str) -> Explorer:
    """The three terms of a job, added and overlapped. `names` chooses controls of TERM_CONTROLS; all without any.

    A control that is left out stays at its start: one sequence of 1,024 tokens, an A100, fp16.
    """
    controls, fixed = chosen(TERM_CONTROLS, names)
    asked = partial(job_terms, **fixed)
    return Explorer(
        "Where the time of one step goes",
        controls,
        backdrop=figures.terms_backdrop,
        marks=lambda ax, **values: figures.terms_marks(ax, asked(**values)),
        sentence=lambda **values: figures.tell_terms(asked(**values)),
        height=280,
    )


LIGHTHOUSES = (
    "ResNet-50, images",
    "Llama-2-7B, writing (decode)",
    "DLRM, recommendations",
    "MobileNetV2, images",
    "DS-CNN, keyword spotting",
)


def lighthouse_work(batch: int, precision: str = "fp16") -> dict[str, model.Work]:
    """One step of each of the five lighthouse models."""
    return {job: job_work(job, batch, precision, TERM_CONTROLS["tokens"].start) for job in LIGHTHOUSES}


def roofline() -> Explorer:
    """The five lighthouse models under the roof of a chip, as the batch grows."""

    def asked(chip: str, batch: int) -> tuple:
        return lighthouse_work(batch), facts.chip(chip).peak("fp16"), facts.chip(chip).bandwidth_bytes_per_s

    return Explorer(
        "Five models under one roof (fp16, 1,024 tokens)",
        {name: TERM_CONTROLS[name] for name in ("chip", "batch")},
        backdrop=lambda ax: figures.roofline_backdrop(ax, LIGHTHOUSES),
        marks=lambda ax, chip, batch: figures.roofline_marks(ax, *asked(chip, batch)),
        sentence=lambda chip, batch: figures.tell_roofline(*asked(chip, batch)),
    )


# What a point of accuracy costs

ARITHMETIC = {"fp16": "fp16_multiply", "int8": "int8_multiply"}


def move_j_per_byte() -> float:
    """Joules to bring one byte from DRAM at 45 nm (Horowitz, 2014, by way of Han et al., 2016)."""
    return facts.energy("dram_read_32bit").energy_j_per_byte


def ladder():
    """The five ResNets of one training recipe, smallest first."""
    return facts.accuracy("resnet")


def ladder_work(batch: int, precision: str) -> model.Work:
    """Bytes and FLOP for ONE image of a batch, rung by rung: weights shared by the batch, activations kept on chip."""
    rungs, size = ladder(), BYTES_PER_VALUE[precision]
    flop = [2 * rung.macs for rung in rungs]
    return model.layered_work([rung.params for rung in rungs], flop, 0.0, size, batch) * (1 / batch)


def ladder_energy(batch: int, precision: str) -> model.Energy:
    """Joules for one image, rung by rung."""
    work = ladder_work(batch, precision)
    return model.energy(work.bytes_moved, work.flop, move_j_per_byte(), facts.energy(ARITHMETIC[precision]).energy_j)


def return_on_compute() -> Explorer:
    """One step up the ResNet ladder: the points it gains, the joules it costs, and which side of the crossover."""
    rungs = ladder()
    names = [rung.model.split(".")[0].replace("resnet", "ResNet-") for rung in rungs]
    accuracy = np.array([rung.top1_percent for rung in rungs])
    steps = {f"{low} to {high}": i for i, (low, high) in enumerate(pairwise(names))}

    def tell(step: int, precision: str, batch: int) -> str:
        spent, work = ladder_energy(batch, precision), ladder_work(batch, precision)
        bought = model.return_on_compute(
            accuracy[step] / 100, accuracy[step + 1] / 100, spent.total_j[step], spent.total_j[step + 1]
        )
        cross = model.energy_crossover(move_j_per_byte(), facts.energy(ARITHMETIC[precision]).energy_j)
        side = "below" if work.intensity[step + 1] < cross else "above"
        dearer = {"data": "movement", "compute": "arithmetic"}[spent.dominant[step + 1]]
        return (
            f"{names[step]} to {names[step + 1]} gains {number(accuracy[step + 1] - accuracy[step])} points for "
            f"{si(spent.total_j[step + 1] - spent.total_j[step], 'J')} an image: {number(bought / 1000)} points for "
            f"each added mJ. {number(work.intensity[step + 1])} FLOP/byte is {side} the crossover at "
            f"{number(cross, 4)}, so {dearer} costs more."
        )

    return Explorer(
        "What the next point of accuracy costs (simulated energy)",
        {
            "step": Choice("Step up", steps),
            "precision": Choice("Precision", tuple(ARITHMETIC), start="fp16"),
            "batch": Steps("Batch", BATCHES, start=1, unit="images at once"),
        },
        backdrop=figures.ladder_backdrop,
        marks=lambda ax, step, precision, batch: figures.ladder_marks(
            ax, accuracy, ladder_energy(batch, precision), step
        ),
        sentence=tell,
        height=340,
    )
