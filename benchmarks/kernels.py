"""The iron law against this computer, by hand and on an idle machine: `python benchmarks/kernels.py [rounds]`.

Each of five rounds calibrates afresh, predicts every kernel and times it. A line of what it prints, per kernel:

    matrix 2048x2048 times batch 64       3.123 ms    3.257 ms      -4 %   compute   5/5

that is predicted and measured time of the last round, the median error over the rounds, the predicted binding term,
and in how many rounds the probes confirmed it. After a round with a warning, run it all again.
"""

import sys
import time
from statistics import median

import numpy as np

from mlsys_helpers.kit.units import duration, percent, si
from mlsys_helpers.machine.calibrate import calibrate
from mlsys_helpers.sections.iron_law.experiments import decode, median_error, prefetch, time_kernels


def main(rounds: int = 5) -> None:
    """Print the error table, then what prefetching and the KV cache saved."""
    tables = [one_round(number) for number in range(1, rounds + 1)]
    for rows in zip(*tables, strict=True):
        last, right = rows[-1], sum(row.binding_right for row in rows)
        error = percent(median(row.error for row in rows))
        times = f"{last.predicted_s * 1e3:9.3f} ms {last.median_s * 1e3:9.3f} ms"
        print(f"{last.name:<36} {times} {error:>8}   {last.binding:<8}  {right}/{rounds}")
    print(f"median absolute error over all: {percent(median_error([row for rows in tables for row in rows]))}")
    print_prefetch()
    print_decode()


def one_round(number: int) -> list:
    """Calibrate, predict, time; one line about the round."""
    start = time.perf_counter()
    machine = calibrate()
    rows = list(time_kernels(machine))
    print(
        f"round {number}: calibrated in {duration(machine.took_s)}, all in {duration(time.perf_counter() - start)}; "
        f"peak {si(machine.peak_flop_per_s(), 'FLOP/s')}, threads {machine.threads:.2f}, "
        f"median error {percent(median_error(rows))}, binding {sum(row.binding_right for row in rows)}/{len(rows)} "
        f"{machine.warning}",
        flush=True,
    )
    return rows


def print_prefetch() -> None:
    """Sum, max and what was measured."""
    for row in prefetch():
        in_turn, ahead = duration(np.median(row.sequential_s)), duration(np.median(row.prefetched_s))
        print(
            f"prefetch, compute/load {row.compute_s / row.load_s:.2f}: sum {duration(row.sum_s)}, in turn {in_turn}; ",
            end="",
        )
        print(f"max {duration(row.max_s)}, prefetched {ahead}")


def print_decode() -> None:
    """Totals, and the time of the last token."""
    start, report = time.perf_counter(), decode()
    without, cached = (duration(np.median(times_s[:, -1])) for times_s in (report.without_s, report.with_s))
    totals = f"{duration(report.total_without_s)} without a cache, {duration(report.total_with_s)} with"
    times_flop = report.without_flop.sum() / report.with_flop.sum()
    print(f"decode {len(report.position)} tokens: {totals} {si(report.cache_bytes[-1], 'B')} of it; ", end="")
    print(f"last token {without} against {cached}; {times_flop:.0f} times the FLOP; ", end="")
    print(f"took {duration(time.perf_counter() - start)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
