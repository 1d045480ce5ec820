"""The iron law against published measurements: fit few efficiencies openly, predict seconds per step, count the misses.

A published result says what ran and where; bytes, FLOP and data-sheet rates follow, and the law gives a time. Real runs
reach only a share of each rate. Three sorts of numbers are fitted, in the same way for every row:

* compute: the share of the peak, one for each kind of measurement (llm_decode_b1, cnn_train, ...);
* bandwidth: the share of the memory bandwidth, one for each of three sorts of traffic (see `traffic`);
* latency: seconds a step costs beside its work, one for each kind, at REFERENCE_PARAMS parameters; it grows with their
  square root, since larger models have more layers and each layer is started by itself (no parameters, no layers).

Every share lies between 0 and 1. A kind with few rows is drawn towards values common to all kinds; these are fitted
too, and serve for a kind never seen. Equation 4 (terms add) and equation 5 (terms overlap) are fitted separately.
How bytes and FLOP of a step are counted is said at `facts.Measurement`.

`held_out` predicts rows from a fit without their source, hardware or workload. The shape of the law (the square root,
the sorts of traffic, the pull) was itself chosen with such errors in view, so they flatter it a little.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.checks import non_negative, one_of, positive
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.sections.iron_law.model import Terms, time_terms, utilisation

FORMS = ("added", "overlapped")
RECOMMENDED = "added"  # the form that errs less on rows held out; a test keeps this true
COMMON = "common"  # the name of the values for a kind never seen
REFERENCE_PARAMS = 1e8
TYPICAL_LATENCY_S = 1e-4  # where the search for latencies begins: tens of kernel launches
PULL = 0.4  # how strongly a number is drawn to the common one; one row pulls about as strongly as 1
ROUNDING = 0.15  # a miss below this log error counts by its square, above it by its size, so that outliers do not rule
ROUNDS, SMALLEST_STEP = 100, 1e-4

TRAFFIC = ("counted", "activations", "activations_int8")
ACTIVATION_KINDS = ("cnn_infer_b1", "cnn_infer_batched", "cnn_train", "cpu_cnn", "edge_accel")
LADDER = (("int8", "fp8"), ("fp16", "bf16"), ("tf32",), ("fp32",))  # from narrow to wide
PRECISIONS = tuple(name for rung in LADDER for name in rung)


def traffic(kind: str, precision: str) -> str:
    """The sort of bytes that a measurement moves, one of TRAFFIC.

    For most kinds the bytes are counted one by one: weights, caches, embedding rows. For convolutional networks the
    table counts each convolution's output as written once and read once. Frameworks pass over it more often (one
    kernel each for normalisation, activation, addition), so the share of the bandwidth comes out low; engines for
    8-bit integers fuse those passes into the convolution, so for them it comes out high.
    """
    if kind not in ACTIVATION_KINDS:
        return "counted"
    return "activations_int8" if precision == "int8" else "activations"


def peak_flop_per_s(chip: facts.Chip, precision: str) -> float:
    """The dense peak of `chip` at `precision`, or a stated stand-in where the data sheet has none, in FLOP/s.

    A chip without the format computes in the next wider one, at that rate. If no wider peak is known either, the
    nearest narrower one is halved for each rung of LADDER. ValueError if the chip has no peak at all.
    """
    one_of("precision", precision, PRECISIONS)
    if precision in chip.peaks:
        return chip.peaks[precision]
    wanted = next(i for i, rung in enumerate(LADDER) if precision in rung)
    for i in [*range(wanted, len(LADDER)), *reversed(range(wanted))]:
        for name in LADDER[i]:
            if name in chip.peaks:
                return chip.peaks[name] / 2 ** max(0, wanted - i)
    raise ValueError(f"no peak of {chip.chip} is known at any precision; choose a chip with a published peak")


# What a row asks of its machine


@dataclass(frozen=True)
class Steps:
    """Rows as arrays: what one step asks of one device, and the data-sheet rates of that device."""

    kind: np.ndarray
    traffic: np.ndarray
    bytes_moved: np.ndarray
    bandwidth_bytes_per_s: np.ndarray
    flop: np.ndarray
    peak_flop_per_s: np.ndarray
    depth: np.ndarray


def steps(rows: Sequence) -> Steps:
    """`rows` (facts.Measurement, or anything with its input columns) as Steps; work is split evenly over devices."""
    return Steps(*map(np.array, zip(*map(_step, rows), strict=True))) if rows else Steps(*np.empty((7, 0)))


def _step(row) -> tuple:
    chip = facts.chip(row.hardware)
    if chip.bandwidth_bytes_per_s is None:
        raise ValueError(f"no memory bandwidth of {chip.chip} is known; choose a chip with a published one")
    params = row.params or 0.0
    return (
        row.kind,
        traffic(row.kind, row.precision),
        (params * row.bytes_per_param + row.bytes_per_item * row.items_per_step) / row.n_parallel,
        chip.bandwidth_bytes_per_s,
        row.flops_per_item * row.items_per_step / row.n_parallel,
        peak_flop_per_s(chip, row.precision),
        np.sqrt(params / REFERENCE_PARAMS),
    )


# Fit


@dataclass(frozen=True)
class Fit:
    """What one form of the law learned: `compute` and `latency_s` by kind and for COMMON, `bandwidth` by TRAFFIC."""

    form: str
    compute: dict[str, float]
    latency_s: dict[str, float]
    bandwidth: dict[str, float]

    @property
    def count(self) -> int:
        """How many numbers were fitted."""
        return len(self.compute) + len(self.latency_s) + len(self.bandwidth)

    def terms(self, rows: Sequence) -> Terms:
        """The three terms of each row, with the fitted efficiencies; a kind never seen takes the common ones."""
        work = steps(rows)
        compute = np.array([self.compute.get(kind, self.compute[COMMON]) for kind in work.kind])
        latency_s = np.array([self.latency_s.get(kind, self.latency_s[COMMON]) for kind in work.kind])
        return _terms(work, compute, np.array([self.bandwidth[t] for t in work.traffic]), latency_s)

    def time_s(self, rows: Sequence) -> np.ndarray:
        """Predicted seconds per step."""
        return _time_s(self.terms(rows), self.form)


def fit(rows: Sequence, form: str = RECOMMENDED) -> Fit:
    """The numbers with which the law comes nearest to the measured `seconds_per_step` of `rows`; always the same ones.

    What is made small: for each row the logarithm of predicted over measured, by size (see ROUNDING); for each number
    PULL times its distance from the common one, squared. Shares are sought as log odds, latencies as logarithms.
    """
    one_of("form", form, FORMS)
    if not len(rows):
        raise ValueError("there are no rows to fit: give at least one measurement")
    search = _search(rows, form)
    numbers = search.start
    for _ in range(ROUNDS):
        step = search.step(numbers)
        while search.cost(numbers + step) > search.cost(numbers) and np.abs(step).max() > SMALLEST_STEP:
            step = step / 2
        if np.abs(step).max() <= SMALLEST_STEP:
            break
        numbers = numbers + step
    return search.fit(numbers)


def _search(rows: Sequence, form: str) -> "_Search":
    work = steps(rows)
    names = (COMMON, *sorted(set(work.kind.tolist())))
    kind_at = np.array([names.index(kind) for kind in work.kind])
    k, n = len(names), 2 * len(names) + len(TRAFFIC)
    pull, towards = np.eye(n), np.zeros(n)
    pull[1:k, 0] = pull[k + 1 : 2 * k, k] = -1
    towards[k] = np.log(TYPICAL_LATENCY_S)
    bandwidth_at = 2 * k + np.array([TRAFFIC.index(sort) for sort in work.traffic])
    measured_s = np.array([row.seconds_per_step for row in rows])
    return _Search(form, names, work, measured_s, kind_at, kind_at + k, bandwidth_at, PULL * pull, PULL * towards)


@dataclass(frozen=True)
class _Search:
    """The numbers stand in one array: compute by kind, latency by kind, bandwidth by traffic; `_at` says where.

    `pull @ numbers - towards` is zero where every kind has the common value, the common share and the bandwidths are
    one half, and the common latency is TYPICAL_LATENCY_S.
    """

    form: str
    names: tuple[str, ...]
    work: Steps
    measured_s: np.ndarray
    compute_at: np.ndarray
    latency_at: np.ndarray
    bandwidth_at: np.ndarray
    pull: np.ndarray
    towards: np.ndarray

    @property
    def start(self) -> np.ndarray:
        return np.linalg.solve(self.pull, self.towards)

    def terms(self, numbers) -> Terms:
        share, latency_s = _share(numbers), np.exp(numbers)
        return _terms(self.work, share[self.compute_at], share[self.bandwidth_at], latency_s[self.latency_at])

    def miss(self, numbers) -> np.ndarray:
        return np.log(_time_s(self.terms(numbers), self.form) / self.measured_s)

    def cost(self, numbers) -> float:
        drawn = self.pull @ numbers - self.towards
        return np.hypot(self.miss(numbers), ROUNDING).sum() + drawn @ drawn / 2

    def slope(self, numbers) -> np.ndarray:
        """How the log time of each row changes with each number: by the share of that number's term in the time."""
        data, compute, latency = _shares(self.terms(numbers), self.form)
        slope, row = np.zeros((len(data), len(numbers))), np.arange(len(data))
        slope[row, self.bandwidth_at] = -data * (1 - _share(numbers)[self.bandwidth_at])
        slope[row, self.compute_at] = -compute * (1 - _share(numbers)[self.compute_at])
        slope[row, self.latency_at] = latency
        return slope

    def step(self, numbers) -> np.ndarray:
        """A Gauss-Newton step, no number by more than 1; rows far off weigh less (reweighted least squares)."""
        miss, slope = self.miss(numbers), self.slope(numbers)
        weighted = slope.T / np.hypot(miss, ROUNDING)
        downhill = -weighted @ miss - self.pull.T @ (self.pull @ numbers - self.towards)
        step = np.linalg.solve(weighted @ slope + self.pull.T @ self.pull, downhill)
        return step / max(1.0, np.abs(step).max())

    def fit(self, numbers) -> Fit:
        k = len(self.names)
        compute, latency, bandwidth = numbers[:k], numbers[k : 2 * k], numbers[2 * k :]
        return Fit(
            self.form,
            dict(zip(self.names, _share(compute).tolist(), strict=True)),
            dict(zip(self.names, np.exp(latency).tolist(), strict=True)),
            dict(zip(TRAFFIC, _share(bandwidth).tolist(), strict=True)),
        )


def _share(log_odds) -> np.ndarray:
    return 1 / (1 + np.exp(-log_odds))


def _terms(work: Steps, compute, bandwidth, latency_s) -> Terms:
    return time_terms(
        work.bytes_moved,
        work.bandwidth_bytes_per_s * bandwidth,
        work.flop,
        work.peak_flop_per_s,
        utilisation=compute,
        latency_s=latency_s * work.depth,
    )


def _time_s(terms: Terms, form: str) -> np.ndarray:
    return np.asarray(terms.added_s if form == "added" else terms.overlapped_s)


def _shares(terms: Terms, form: str) -> tuple:
    """The share of data, compute and latency in the time; overlapped, the hidden one of the first two has none."""
    time_s = _time_s(terms, form)
    shown = np.ones((2, len(time_s)))
    if form == "overlapped":
        shown = np.array([terms.data_s >= terms.compute_s, terms.data_s < terms.compute_s])
    return shown[0] * terms.data_s / time_s, shown[1] * terms.compute_s / time_s, terms.latency_s / time_s


# Judge


@dataclass(frozen=True)
class Errors:
    """How far predictions are off: the median of |predicted / measured - 1|, and the share of rows within twofold."""

    rows: int
    median: float
    within_twofold: float


def errors(predicted_s, measured_s) -> Errors:
    """Errors of `predicted_s` against `measured_s`, both in seconds."""
    ratio = positive("predicted_s", predicted_s, "seconds") / positive("measured_s", measured_s, "seconds")
    if not ratio.size:
        raise ValueError("there are no rows to judge: give at least one prediction and its measurement")
    within = (ratio <= 2) & (ratio >= 1 / 2)
    return Errors(ratio.size, float(np.median(np.abs(ratio - 1))), float(within.mean()))


HELD_OUT_BY: dict[str, Callable] = {
    "source": lambda row: "/".join(row.source_url.split("/")[2:5]),  # the site, for a code host the repository
    "hardware": lambda row: row.hardware,
    "workload": lambda row: row.workload,
}


def held_out(rows: Sequence, by: str = "source", form: str = RECOMMENDED) -> np.ndarray:
    """Seconds per step of each row, predicted by a fit that saw no row of the same source, hardware or workload."""
    label = HELD_OUT_BY[one_of("way to hold out", by, HELD_OUT_BY)]
    predicted_s = np.empty(len(rows))
    for value in dict.fromkeys(map(label, rows)):
        out = np.array([label(row) == value for row in rows])
        seen = fit([row for row, left in zip(rows, out, strict=True) if not left], form)
        predicted_s[out] = seen.time_s([row for row, left in zip(rows, out, strict=True) if left])
    return predicted_s


@cache
def fits() -> dict[str, Fit]:
    """Both forms, fitted to the facts table."""
    return {form: fit(facts.measurements(), form) for form in FORMS}


@dataclass(frozen=True)
class Prediction:
    """Seconds per step by both forms, and the binding term of each row: the largest of RECOMMENDED's three."""

    added_s: np.ndarray
    overlapped_s: np.ndarray
    binding: np.ndarray


def predict(rows: Sequence) -> Prediction:
    """What the law, fitted to the facts table, says of `rows`."""
    time_s = {form: law.time_s(rows) for form, law in fits().items()}
    return Prediction(time_s["added"], time_s["overlapped"], np.asarray(fits()[RECOMMENDED].terms(rows).binding))


@dataclass(frozen=True)
class Study:
    """The facts table against the law fitted to it: one entry for each row, in the table's order."""

    rows: tuple[facts.Measurement, ...]
    measured_s: np.ndarray
    added_s: np.ndarray
    overlapped_s: np.ndarray
    binding: np.ndarray

    @property
    def kinds(self) -> np.ndarray:
        """The kind of each row."""
        return np.array([row.kind for row in self.rows])

    def predicted_s(self, form: str = RECOMMENDED) -> np.ndarray:
        """Predicted seconds per step by `form`."""
        return self.added_s if one_of("form", form, FORMS) == "added" else self.overlapped_s

    def errors(self, form: str = RECOMMENDED) -> Errors:
        """Errors on the rows that were fitted; `held_out` tells what to expect of others."""
        return errors(self.predicted_s(form), self.measured_s)

    def held_out(self, by: str = "source", form: str = RECOMMENDED) -> Errors:
        """Errors of predictions that had not seen the row's source, hardware or workload."""
        return errors(held_out(self.rows, by, form), self.measured_s)

    def by_kind(self, form: str = RECOMMENDED) -> dict[str, Errors]:
        """Errors for each kind."""
        of = {kind: self.kinds == kind for kind in dict.fromkeys(self.kinds.tolist())}
        return {kind: errors(self.predicted_s(form)[at], self.measured_s[at]) for kind, at in of.items()}

    def outliers(self, count: int = 10, form: str = RECOMMENDED) -> tuple:
        """The rows that the law misses most, the worst first, each as (row, predicted over measured)."""
        ratio = self.predicted_s(form) / self.measured_s
        worst = np.argsort(-np.abs(np.log(ratio)), kind="stable")[:count]
        return tuple((self.rows[i], float(ratio[i])) for i in worst)

    def explained(self) -> tuple:
        """Three misses whose cause is known, each as (row, predicted over measured, why)."""
        ratio = dict(zip((row.id for row in self.rows), (self.predicted_s() / self.measured_s).tolist(), strict=True))
        row = {row.id: row for row in self.rows}
        return tuple((row[name], ratio[name], why(row)) for name, why in _CAUSES.items())

    def summary(self) -> str:
        """Both forms, on rows that the fit saw and on sources that it did not."""
        lines = [f"{fits()['added'].count} numbers fitted to {len(self.rows)} rows, for each form"]
        for form in FORMS:
            seen, unseen = self.errors(form), self.held_out("source", form)
            lines.append(
                f"{form}: median error {percent(seen.median)}, {percent(seen.within_twofold)} within twofold; "
                f"sources held out: {percent(unseen.median)} and {percent(unseen.within_twofold)}"
            )
        return "\n".join(lines)


def study() -> Study:
    """The law against every row of the facts table that has a time."""
    rows = facts.measurements()
    law = predict(rows)
    measured_s = np.array([row.seconds_per_step for row in rows])
    return Study(rows, measured_s, law.added_s, law.overlapped_s, law.binding)


def reached(row) -> float:
    """The share of the peak that a measured row reached, by the table's count of FLOP; above 1 the count is wrong."""
    work = steps([row])
    return float(utilisation(work.flop[0], row.seconds_per_step, work.peak_flop_per_s[0]))


def _winograd(row: dict) -> str:
    return (
        f"By the table's count this run reached {number(reached(row['M225']), 2)} times the measured peak of its "
        "processor, so the count must be too high. It assumes direct convolution; the library used Winograd's method "
        "(see the row's note), which saves a factor of 2.25 or more of the multiplications of a 3x3 filter (Lavin and "
        "Gray, arXiv:1509.09308), and VGG-16 has no other filters. The algorithm changed O, not the machine."
    )


def _accumulate(row: dict) -> str:
    return (
        f"The run reached {percent(reached(row['M094']))} of the listed peak, as much as the best plain matrix product "
        f"on an A100 ({percent(reached(row['M546']))}). The table lists GeForce peaks with FP32 accumulation. "
        "llama.cpp accumulates in FP16 (its pull request 3370), which these cards do at twice that rate (see the "
        "chip's note): of the peak that applied, the run used half as much."
    )


def _software(row: dict) -> str:
    slow, fast = row["M365"], row["M377"]
    faster = number(slow.seconds_per_step / fast.seconds_per_step, 2)
    return (
        f"The same network runs {faster} times faster on the same microcontroller with its vendor's tuned kernels "
        f"({fast.id}) than with portable reference kernels. Bytes, FLOP and peak are equal; the share of the peak that "
        "the software reaches is not, and one share for both must miss one of them."
    )


_CAUSES: dict[str, Callable[[dict], str]] = {"M225": _winograd, "M094": _accumulate, "M365": _software}


# Tables of other people


WORDS = ("kind", "hardware", "precision")
NUMBERS = ("n_parallel", "params", "bytes_per_param", "flops_per_item", "bytes_per_item", "items_per_step")
COLUMNS = WORDS + NUMBERS
ADDED_COLUMNS = ("predicted_added_s", "predicted_overlapped_s", "binding")
MAY_BE_EMPTY = ("params", "bytes_per_param")  # for work without a model, as a copy in memory: both count as 0
ABOVE_ZERO = ("n_parallel", "items_per_step")


@dataclass(frozen=True)
class Row:
    """One line of someone's table: the columns that a prediction needs, as in facts.Measurement."""

    kind: str
    hardware: str
    precision: str
    n_parallel: float
    params: float
    bytes_per_param: float
    flops_per_item: float
    bytes_per_item: float
    items_per_step: float


@dataclass(frozen=True)
class Report:
    """What became of a table: rows read and predicted, what was wrong, and which rows took the common values."""

    rows: int
    predicted: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def predict_csv(rows_path: Path | str, out_path: Path | str) -> Report:
    """Copies the table at `rows_path` to `out_path` with ADDED_COLUMNS; a measured time, if there is one, is not read.

    Columns needed are COLUMNS; all others pass through. A row that cannot be predicted keeps blanks in the new columns
    and is named in the report. Raises ValueError if the file is no such table, naming every column that is missing.
    """
    header, lines = _read(Path(rows_path))
    rows, problems = _parse(lines)
    law = predict(list(rows.values()))
    known = fits()[RECOMMENDED].compute
    notes = tuple(
        f"row {i}: kind {row.kind!r} is in no published row of ours; predicted with what is common to all kinds"
        for i, row in rows.items()
        if row.kind not in known
    )
    new = dict(zip(rows, zip(law.added_s, law.overlapped_s, law.binding, strict=True), strict=True))
    with Path(out_path).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([*header, *ADDED_COLUMNS])
        for i, line in enumerate(lines, 1):
            added_s, overlapped_s, binding = new.get(i, ("", "", ""))
            numbers = [f"{s:.6g}" if s != "" else "" for s in (added_s, overlapped_s)]
            out.writerow([*(line.get(column) or "" for column in header), *numbers, binding])
    return Report(len(lines), len(rows), problems, notes)


def _read(path: Path) -> tuple[list[str], list[dict]]:
    """The header without ADDED_COLUMNS, and the lines as dictionaries."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header, lines = list(reader.fieldnames or ()), list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name} is not a table in CSV: {error}; save it as CSV in UTF-8") from error
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ValueError(
            f"{path.name} lacks the columns {', '.join(missing)}; its first line must name {', '.join(COLUMNS)}"
        )
    return [column for column in header if column not in ADDED_COLUMNS], lines


def _parse(lines: Iterable[dict]) -> tuple[dict[int, Row], tuple[str, ...]]:
    """Good rows by their number (the first line under the header is 1), and what is wrong with the others."""
    rows, problems = {}, []
    for i, line in enumerate(lines, 1):
        try:
            rows[i] = _row(line)
        except (ValueError, TypeError) as error:
            problems += [f"row {i}: {text}" for text in str(error).splitlines()]
    return rows, tuple(problems)


def _row(line: dict) -> Row:
    """`line` as a Row; a ValueError with one line for each thing wrong with it."""
    if None in line or None in line.values():
        raise ValueError(f"too {'many' if None in line else 'few'} cells; quote text that holds a comma")
    cells, wrong = {}, []
    for column in COLUMNS:
        try:
            cells[column] = _cell(column, line[column].strip())
        except (ValueError, TypeError) as error:
            wrong.append(str(error))
    wrong = wrong or _impossible(Row(**cells))
    if wrong:
        raise ValueError("\n".join(wrong))
    return Row(**cells)


def _cell(column: str, text: str):
    """A cell as what its column holds; each error names the column."""
    if column == "kind":
        if not text:
            raise ValueError("kind is empty; write what sort of job it is, as in cnn_train")
        return text
    if column == "hardware":
        return facts.chip(text).chip
    if column == "precision":
        return one_of("precision", text, PRECISIONS)
    if text == "" and column in MAY_BE_EMPTY:
        return 0.0
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{column} must be a plain number, got {text!r}") from None
    return float(positive(column, value) if column in ABOVE_ZERO else non_negative(column, value))


def _impossible(row: Row) -> list[str]:
    """Why the law can say nothing of a row whose cells are each right; empty if it can."""
    try:
        work = steps([row])
    except ValueError as error:
        return [str(error)]
    if not np.isfinite(work.bytes_moved[0] + work.flop[0]):
        return ["the numbers are too large: bytes or FLOP of a step overflow"]
    return (
        [] if work.bytes_moved[0] + work.flop[0] > 0 else ["the step moves no bytes and does no FLOP; fill in its work"]
    )
