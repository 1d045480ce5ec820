import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.machine.result import Curve, Machine


def curve(rate, typical=None, size=(1e3, 1e6)):
    rate = np.array(rate, float)
    return Curve(np.array(size), rate, rate if typical is None else np.array(typical, float))


def machine(**changes):
    parts = {
        "bandwidth": {name: curve((80e9, 20e9)) for name in ("read", "add", "product")},
        "matmul": {"float32": curve((100e9, 200e9)), "float64": curve((60e9, 90e9))},
        "sum_flop_per_s": 6e9,
        "call_latency_s": 3e-7,
        "product_latency_s": 9e-7,
        "python_call_s": 3e-8,
        "cpus": 2,
        "threads": 2.0,
        "took_s": 2.0,
    }
    return Machine(**(parts | changes))


def test_a_curve_passes_through_its_points_and_halfway_between_them_on_a_logarithmic_axis():
    assert curve((80.0, 20.0)).at(1e3) == pytest.approx(80)
    assert curve((80.0, 20.0)).at(1e6) == pytest.approx(20)
    assert curve((80.0, 20.0)).at(10**4.5) == pytest.approx(50)


def test_a_curve_is_level_beyond_its_ends_and_broadcasts():
    assert curve((80.0, 20.0)).at([1, 1e12]) == pytest.approx([80, 20])


@given(st.floats(1, 1e12))
def test_a_rate_never_leaves_the_range_of_what_was_measured(size):
    assert 20 <= curve((80.0, 20.0)).at(size) <= 80


@pytest.mark.parametrize(
    ("size", "error"), [(0, ValueError), (-1, ValueError), (np.nan, ValueError), ("1 GB", TypeError)]
)
def test_a_size_that_is_none_is_refused_by_name(size, error):
    with pytest.raises(error, match="size"):
        machine().bandwidth_bytes_per_s(size)


def test_an_unknown_pattern_or_dtype_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"unknown pattern 'reed'.*'read'"):
        machine().bandwidth_bytes_per_s(1e6, "reed")
    with pytest.raises(ValueError, match=r"unknown dtype 'float23'.*'float32'"):
        machine().peak_flop_per_s("float23")


def test_the_peak_is_the_best_rate_of_its_dtype():
    assert (machine().peak_flop_per_s(), machine().peak_flop_per_s("float64")) == (200e9, 90e9)


def test_spread_is_what_the_typical_run_missed():
    assert curve((100.0, 100.0), typical=(80.0, 100.0)).spread == pytest.approx([0.2, 0.0])
    assert machine().spread == 0


def test_a_quiet_machine_has_no_warning():
    assert machine().warning == ""


def test_uneven_repetitions_are_warned_of():
    uneven = {name: curve((80e9, 20e9), typical=(40e9, 10e9)) for name in ("read", "product")}
    warning = machine(bandwidth=uneven).warning
    assert "25 % below the best" in warning
    assert "calibrate again" in warning


def test_threads_that_wait_for_each_other_are_warned_of_though_every_run_was_alike():
    waiting = machine(bandwidth={"read": curve((80e9, 20e9)), "product": curve((80e9, 5e9))})
    assert waiting.spread == 0
    assert waiting.stalled
    assert "waited for each other" in waiting.warning


def test_threads_that_share_less_than_one_processor_are_warned_of():
    assert machine(threads=0.7).stalled
    assert not machine(threads=1.0).stalled
