import dataclasses
import itertools

import numpy as np
import pytest

from mlsys_helpers.machine import calibrate as under_test
from mlsys_helpers.machine.calibrate import PATTERNS, calibrate, calibration, cpus_allowed, random_blocks

SMALL = {"largest_bytes": 2**18, "matrix_sizes": (16, 32), "repeats": 2}


@pytest.fixture(scope="module")
def measured():
    readings = []
    return calibrate(readings.append, **SMALL), readings


def test_every_pattern_has_a_curve_up_to_the_largest_working_set(measured):
    machine, _ = measured
    assert set(machine.bandwidth) == set(PATTERNS)
    for curve in machine.bandwidth.values():
        assert curve.size[-1] == 2**18
        assert np.all(np.diff(np.log2(curve.size)) == 1)


def test_best_is_at_least_typical_and_everything_is_positive(measured):
    machine, _ = measured
    for curve in [*machine.bandwidth.values(), *machine.matmul.values()]:
        assert np.all(curve.rate >= curve.typical)
        assert np.all(curve.typical > 0)
    numbers = [machine.sum_flop_per_s, machine.call_latency_s, machine.product_latency_s, machine.python_call_s]
    assert min([*numbers, machine.threads, machine.took_s]) > 0


def test_products_are_measured_in_both_precisions(measured):
    machine, _ = measured
    assert {name: list(curve.size) for name, curve in machine.matmul.items()} == {
        "float32": [16, 32],
        "float64": [16, 32],
    }


def test_progress_is_told_reading_by_reading_to_the_end(measured):
    machine, readings = measured
    shares = [reading.done_share for reading in readings]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(readings) == sum(len(c.size) for c in [*machine.bandwidth.values(), *machine.matmul.values()]) + 4


def test_a_calibration_can_be_left_after_any_reading():
    first = next(calibration(**SMALL))
    assert (first.kind, first.name) == ("bandwidth", "read")


def test_the_result_is_frozen(measured):
    with pytest.raises(dataclasses.FrozenInstanceError):
        measured[0].threads = 99
    with pytest.raises(TypeError):
        measured[0].bandwidth["read"] = None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"largest_bytes": 1000}, "largest_bytes must be at least"),
        ({"largest_bytes": -1}, "largest_bytes must be greater than zero"),
        ({"matrix_sizes": ()}, "matrix_sizes must name at least one"),
        ({"matrix_sizes": (0,)}, "matrix_sizes must be greater than zero"),
        ({"repeats": 0}, "repeats must be at least 1"),
    ],
)
def test_options_that_measure_nothing_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        calibrate(**(SMALL | options))


def test_the_runs_move_what_they_claim():
    pool = np.arange(48, dtype=np.float32)
    assert under_test.read_run(pool)() == 47
    under_test.copy_run(pool)()
    assert list(pool[24:]) == list(range(24))
    pool = np.arange(48, dtype=np.float32)
    under_test.add_run(pool)()
    assert list(pool[32:]) == [2 * n + 16 for n in range(16)]


def test_random_blocks_name_rows_of_the_table_and_return_only_after_all_were_drawn():
    blocks = list(itertools.islice(random_blocks(np.random.default_rng(1), 100, 10), 11))
    assert all(len(block) == 10 and block.min() >= 0 and block.max() < 100 for block in blocks)
    assert all(not np.array_equal(blocks[0], block) for block in blocks[1:10])
    assert np.array_equal(blocks[0], blocks[10])


def test_a_process_may_use_at_least_one_cpu():
    assert cpus_allowed() >= 1
