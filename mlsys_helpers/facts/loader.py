"""Reads the tables of this folder into typed rows.

Conventions, the same in every table: plain SI numbers with the unit in the column's name; FLOP counts an addition
and a multiplication each, so a multiply-add (MAC) is 2 FLOP; peaks are dense; an empty cell is None.
`kind` says what sort of thing a row is (gpu, llm_prefill, ...); `source_kind` says what sort of fact it is
(datasheet, paper, measured, estimate, convention, derived). README.md beside this file tells what each table holds.
"""

import csv
import math
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from types import UnionType

from mlsys_helpers.kit.checks import one_of

SOURCE_KINDS = ("datasheet", "paper", "measured", "estimate", "convention", "derived")
BYTES_PER = {"byte": 1, "32-bit access": 4, "64-bit access": 8}


@dataclass(frozen=True)
class Chip:
    """One processor. `recalled` names the fields that were filled from memory and have no source that was read."""

    chip: str
    name: str
    kind: str
    year: int
    peak_fp32_flop_per_s: float | None
    peak_tf32_flop_per_s: float | None
    peak_fp16_flop_per_s: float | None
    peak_fp8_flop_per_s: float | None
    peak_int8_op_per_s: float | None
    bandwidth_bytes_per_s: float | None
    memory_bytes: float | None
    tdp_w: float | None
    price_usd: float | None
    interconnect_bytes_per_s: float | None
    transistors: float | None
    source_kind: str
    recalled: tuple[str, ...]
    note: str
    source_title: str
    source_url: str
    source_2: str

    @property
    def peaks(self) -> dict[str, float]:
        """The dense peaks that are known, in FLOP/s (int8: operations per second).

        bf16 and fp16 share one column: chips that have both run them at the same rate.
        """
        known = {
            "fp32": self.peak_fp32_flop_per_s,
            "tf32": self.peak_tf32_flop_per_s,
            "fp16": self.peak_fp16_flop_per_s,
            "bf16": self.peak_fp16_flop_per_s,
            "fp8": self.peak_fp8_flop_per_s,
            "int8": self.peak_int8_op_per_s,
        }
        return {precision: peak for precision, peak in known.items() if peak is not None}

    def peak(self, precision: str) -> float:
        """Dense peak in FLOP/s (int8: operations per second); ValueError where none is known."""
        if not self.peaks:
            raise ValueError(f"no peak of {self.chip} is known at any precision; choose a chip with a published peak")
        return self.peaks[one_of(f"precision of {self.chip}", precision, self.peaks)]


@dataclass(frozen=True)
class Workload:
    """A model and the work of one item (an image, a token, a sample, ...), forward pass."""

    workload: str
    name: str
    item: str
    params: float
    bytes_per_param: float
    flop_per_item: float
    macs_per_item: float | None
    bytes_per_item: float | None
    seq_len: int | None
    layers: int | None
    hidden: int | None
    heads: int | None
    kv_heads: int | None
    head_dim: int | None
    ffn: int | None
    vocab: int | None
    training_flop: float | None
    training_tokens: float | None
    embedding_bytes: float | None
    source_kind: str
    note: str
    source_title: str
    source_url: str

    @property
    def weight_bytes(self) -> float:
        """The weights at `bytes_per_param`, in bytes; embedding tables kept apart in `embedding_bytes` not included."""
        return self.params * self.bytes_per_param


@dataclass(frozen=True)
class EnergyPerOp:
    """Energy of one operation or one memory access; `energy_high_j` is the upper end where a source gives a range."""

    operation: str
    name: str
    node_nm: int | None
    energy_j: float
    energy_high_j: float | None
    per: str
    source_kind: str
    note: str
    source_title: str
    source_url: str

    @property
    def energy_j_per_byte(self) -> float:
        """Energy of moving one byte, for memory accesses; ValueError for arithmetic."""
        if self.per not in BYTES_PER:
            raise ValueError(
                f"{self.operation} is arithmetic and moves no bytes: use energy_j, its energy per operation"
            )
        return self.energy_j / BYTES_PER[self.per]


@dataclass(frozen=True)
class Measurement:
    """One published result: what ran, on what, and how long one step took.

    Bytes of a step: params * bytes_per_param + bytes_per_item * items_per_step.
    FLOP of a step: flops_per_item * items_per_step. `n_parallel` devices work on it at the same time.
    """

    id: str
    kind: str
    workload: str
    hardware: str
    n_parallel: int
    precision: str
    batch: int
    seq_len: int | None
    params: float | None
    bytes_per_param: float
    flops_per_item: float
    bytes_per_item: float
    items_per_step: float
    quantity: str
    value: float
    unit: str
    seconds_per_step: float
    evaluable: bool
    inputs_status: str
    note: str
    source_kind: str
    source_title: str
    source_url: str


@dataclass(frozen=True)
class Accuracy:
    """ImageNet accuracy of one model at one input size; `macs` are the multiply-adds of one forward pass."""

    model: str
    family: str
    year: int
    input_pixels: int
    params: float
    macs: float
    top1_percent: float
    top5_percent: float
    source_kind: str
    note: str
    source_title: str
    source_url: str

    @property
    def flop_per_image(self) -> float:
        """FLOP of one forward pass: two for each multiply-add."""
        return 2 * self.macs


@dataclass(frozen=True)
class TrainingRun:
    """One notable model and an estimate of the FLOP of its training; `confidence` is the estimator's own word."""

    model: str
    date: str
    domain: str
    training_flop: float
    parameters: float | None
    confidence: str
    source_kind: str
    note: str
    source_title: str
    source_url: str

    @property
    def year(self) -> float:
        """The date as a year with its fraction."""
        return _year(self.date)


@dataclass(frozen=True)
class LeanerRun:
    """A model that was trained to the level of an earlier one, `task`, and the FLOP that this took."""

    task: str
    model: str
    date: str
    training_flop: float
    reduction_printed: float
    source_kind: str
    note: str
    source_title: str
    source_url: str

    @property
    def year(self) -> float:
        """The date as a year with its fraction."""
        return _year(self.date)


@dataclass(frozen=True)
class Processor:
    """One processor of a series and how many transistors it has."""

    processor: str
    year: int
    transistors: float
    source_kind: str
    note: str
    source_title: str
    source_url: str


@dataclass(frozen=True)
class Landmark:
    """A published step in one dimension of efficiency: data, algorithm or machine."""

    landmark: str
    dimension: str
    year: int
    source_kind: str
    note: str
    source_title: str
    source_url: str


@dataclass(frozen=True)
class Quoted:
    """One figure that stands by itself: its value in `unit`, and who says so."""

    quantity: str
    name: str
    value: float
    unit: str
    source_kind: str
    note: str
    source_title: str
    source_url: str


def chip(name: str) -> Chip:
    """The chip called `name`, as in `chip("H100_SXM")`."""
    return _by_name("chip", name, {row.chip: row for row in chips()})


def chips(kind: str | None = None) -> tuple[Chip, ...]:
    """All chips, or those of one kind: gpu, tpu, soc, phone, edge, cpu, sbc, mcu, accelerator, wafer, tinyml-asic."""
    return _of_kind("kind of chip", kind, _table("hardware.csv", Chip), lambda row: row.kind)


def workload(name: str) -> Workload:
    """The workload called `name`, as in `workload("resnet50")`."""
    return _by_name("workload", name, {row.workload: row for row in workloads()})


def workloads() -> tuple[Workload, ...]:
    """All workloads."""
    return _table("workloads.csv", Workload)


def energy(operation: str) -> EnergyPerOp:
    """The energy of `operation`, as in `energy("fp16_multiply")`."""
    return _by_name("operation", operation, {row.operation: row for row in energies()})


def energies() -> tuple[EnergyPerOp, ...]:
    """All operations and memory accesses with a known energy."""
    return _table("energy.csv", EnergyPerOp)


def measurements(kind: str | None = None, *, evaluable: bool = True) -> tuple[Measurement, ...]:
    """Published measurements, all or of one kind (llm_decode_b1, cnn_train, ...).

    With `evaluable=False`, the rows set aside because their accounting is known to be wrong; each note says how.
    """
    rows = tuple(row for row in _table("measurements.csv", Measurement) if row.evaluable == evaluable)
    return _of_kind("kind of measurement", kind, rows, lambda row: row.kind)


def accuracy(family: str | None = None) -> tuple[Accuracy, ...]:
    """ImageNet accuracies by rising compute: all, or of one family (resnet, efficientnet, mobilenet)."""
    return _of_kind("model family", family, _table("accuracy.csv", Accuracy), lambda row: row.family)


def training_runs() -> tuple[TrainingRun, ...]:
    """Notable models of 1950 to 2025 with the compute of their training, the oldest first."""
    return _table("training_compute.csv", TrainingRun)


def leaner_runs(task: str | None = None) -> tuple[LeanerRun, ...]:
    """Training FLOP for the level of an earlier model, all or of one task (AlexNet, ResNet-50, Seq2Seq, GNMT)."""
    return _of_kind("task", task, _table("algorithmic_efficiency.csv", LeanerRun), lambda row: row.task)


def processors() -> tuple[Processor, ...]:
    """Processors of 1971 to 2012 with their transistors, the oldest first."""
    return tuple(sorted(_table("transistors.csv", Processor), key=lambda row: row.year))


def landmarks() -> tuple[Landmark, ...]:
    """Published steps in the three dimensions of efficiency."""
    return _table("efficiency_landmarks.csv", Landmark)


def quoted(quantity: str) -> Quoted:
    """A single figure, as in `quoted("gpt3_training_energy").value`."""
    return _by_name("quantity", quantity, {row.quantity: row for row in all_quoted()})


def all_quoted() -> tuple[Quoted, ...]:
    """All single figures."""
    return _table("quoted.csv", Quoted)


def read_table(path, row_type: type) -> tuple:
    """The rows of the CSV file at `path` as `row_type`, a dataclass whose fields are the file's columns in order.

    Raises ValueError that names the file, the line and the column of what is wrong.
    """
    wanted = typing.get_type_hints(row_type)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        _check_header(path.name, reader.fieldnames or [], [field.name for field in fields(row_type)])
        return tuple(_row(f"{path.name}, line {reader.line_num}", cells, row_type, wanted) for cells in reader)


@cache
def _table(file_name: str, row_type: type) -> tuple:
    return read_table(resources.files(__package__) / file_name, row_type)


def _year(date: str) -> float:
    year, month, day = map(int, date.split("-"))
    return year + (month - 1) / 12 + (day - 1) / 365


def _by_name(what: str, name: str, rows: dict):
    return rows[one_of(what, name, rows)]


def _of_kind(what: str, kind: str | None, rows: tuple, kind_of: Callable) -> tuple:
    if kind is None:
        return rows
    one_of(what, kind, dict.fromkeys(map(kind_of, rows)))
    return tuple(row for row in rows if kind_of(row) == kind)


def _check_header(file_name: str, found: Sequence[str], wanted: list[str]) -> None:
    for column in wanted:
        if column not in found:
            raise ValueError(f"{file_name}, line 1: column {column!r} is missing; add it (empty cells are allowed)")
    for column in found:
        if column not in wanted:
            raise ValueError(f"{file_name}, line 1: column {column!r} is not expected; expected {', '.join(wanted)}")


def _row(place: str, cells: dict, row_type: type, wanted: dict):
    if None in cells or None in cells.values():
        raise ValueError(f"{place}: {'too many' if None in cells else 'too few'} cells; quote text that holds a comma")
    return row_type(**{column: _cell(f"{place}, column {column}", cells[column], wanted[column]) for column in wanted})


def _cell(place: str, text: str, wanted):
    """`text` as `wanted`: str, bool (yes or no), tuple of words, int, float, and None for an empty optional cell."""
    if wanted is str:
        return text
    if wanted is bool:
        return one_of(place, text, ("yes", "no")) == "yes"
    if typing.get_origin(wanted) is tuple:
        return tuple(text.split())
    if isinstance(wanted, UnionType):
        return None if text == "" else _cell(place, text, wanted.__args__[0])
    try:
        value = wanted(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    raise ValueError(f"{place}: expected {'a whole' if wanted is int else 'a finite'} number, got {text!r}")
