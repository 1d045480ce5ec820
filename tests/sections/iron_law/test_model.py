"""The iron law checked twice: against limits and properties that must hold, and against published figures."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S
from mlsys_helpers.sections.iron_law import model

sizes = st.floats(0, 1e20)
rates = st.floats(1e3, 1e18)
shares = st.floats(0.01, 1.0)
latencies = st.floats(0, 1e3)
jobs = st.tuples(sizes, rates, sizes, rates, shares, latencies)


@given(jobs)
def test_terms_add_and_overlap_lies_between_the_largest_and_the_sum(job):
    t = model.time_terms(*job)
    assert t.added_s == pytest.approx(t.data_s + t.compute_s + t.latency_s)
    assert max(t.data_s, t.compute_s, t.latency_s) <= t.overlapped_s <= t.added_s
    assert t.added_s <= 2 * t.overlapped_s * (1 + 1e-12)


@given(jobs)
def test_the_binding_term_is_the_largest(job):
    t = model.time_terms(*job)
    assert getattr(t, f"{t.binding}_s") == max(t.data_s, t.compute_s, t.latency_s)


@given(jobs, st.integers(0, 5), st.floats(1.1, 10))
def test_monotone_in_each_quantity(job, which, factor):
    more = list(job)
    more[which] = min(more[which] * factor, 1.0) if which == 4 else more[which] * factor
    before, after = model.time_terms(*job), model.time_terms(*more)
    slower = which in (0, 2, 5)
    for form in ("added_s", "overlapped_s"):
        pair = (getattr(before, form), getattr(after, form))
        assert pair == tuple(sorted(pair, reverse=not slower))


@given(st.lists(jobs, min_size=1, max_size=5))
def test_one_call_over_arrays_is_many_calls_over_numbers(many):
    swept = model.time_terms(*(np.array(column) for column in zip(*many, strict=True)))
    single = [model.time_terms(*job) for job in many]
    assert np.allclose(swept.added_s, [t.added_s for t in single], rtol=1e-12)
    assert list(swept.binding) == [t.binding for t in single]


def test_limits():
    free = model.time_terms(0, 1, 0, 1)
    assert (free.added_s, free.overlapped_s, free.binding) == (0, 0, "data")
    assert model.time_terms(0, 1, 0, 1, latency_s=3).binding == "latency"
    assert isinstance(model.time_terms(1, 1, 1, 1).data_s, float)


def test_equal_terms_gain_at_most_twofold_by_overlap():
    t = model.time_terms(5, 1, 5, 1)
    assert t.added_s / t.overlapped_s == 2


def test_all_three_terms_can_bind_across_a_sweep():
    swept = model.time_terms(np.array([9, 1, 1]), 1, np.array([1, 9, 1]), 1, latency_s=np.array([1, 1, 9]))
    assert list(swept.binding) == ["data", "compute", "latency"]


# Published figures


def test_gpt3_takes_25_days_at_45_percent_and_saves_more_than_6_at_60():
    run = facts.workload("gpt3").training_flop
    peak = facts.chip("A100_SXM_40").peak("fp16")
    days = model.training_time_s(run, 1024, peak, np.array([0.45, 0.60])) / DAY_S
    assert days == pytest.approx([25.28, 18.96], abs=0.005)
    assert days[0] - days[1] == pytest.approx(6.32, abs=0.005)  # the chapter prints "nearly 6"


def test_gpt3_operations_from_its_parameters_and_tokens():
    assert model.training_flop(175e9, 300e9) == pytest.approx(facts.workload("gpt3").training_flop, rel=0.005)


def test_energy_ratios_of_the_chapter():
    dram_j_per_byte = facts.energy("dram_read_32bit").energy_j_per_byte
    assert model.energy_crossover(dram_j_per_byte, facts.energy("fp16_multiply").energy_j) == pytest.approx(
        145.5, abs=0.05
    )
    assert model.energy_crossover(dram_j_per_byte, facts.energy("int8_multiply").energy_j) == pytest.approx(800)


def test_a_large_matrix_product_spends_more_on_arithmetic_than_on_movement():
    work = model.matmul_work(4096, 4096, 4096, 2)
    assert work.intensity == pytest.approx(1365, abs=1)
    assert model.energy(work.bytes_moved, work.flop, 160e-12, 1.1e-12).dominant == "compute"


def test_kv_cache_of_llama_2_7b_is_half_a_mebibyte_a_token():
    llama = model.Transformer(params=6.74e9, layers=32, heads=32, kv_heads=32, head_dim=128)
    assert llama.kv_bytes_per_token() == 2**19


def test_decode_is_bound_by_data_and_prefill_by_compute_on_an_a100():
    chip = facts.chip("A100_SXM_80")
    llama = model.Transformer(params=6.74e9, layers=32, heads=32, kv_heads=32, head_dim=128)
    for work, binding in ((llama.decode_work(1024), "data"), (llama.prefill_work(1024), "compute")):
        t = model.time_terms(work.bytes_moved, chip.bandwidth_bytes_per_s, work.flop, chip.peak("fp16"))
        assert t.binding == binding


def test_ridge_and_roof_agree_with_the_terms():
    chip = facts.chip("A100_SXM_80")
    edge = model.ridge(chip.peak("fp16"), chip.bandwidth_bytes_per_s)
    assert edge == pytest.approx(153, abs=0.1)
    x = edge * np.array([0.1, 1, 10])
    roof = model.attainable_flop_per_s(x, chip.peak("fp16"), chip.bandwidth_bytes_per_s)
    t = model.time_terms(1.0, chip.bandwidth_bytes_per_s, x, chip.peak("fp16"))
    assert roof == pytest.approx(x / t.overlapped_s)


@given(jobs, st.floats(1, 100))
def test_a_speed_up_of_one_term_never_beats_its_share(job, factor):
    t = model.time_terms(*job)
    if t.added_s > 0:
        gain = model.speedup(t, compute=factor)
        assert 1 - 1e-12 <= gain <= factor * (1 + 1e-12)
        assert gain == pytest.approx(1 / (1 - t.share_of("compute") * (1 - 1 / factor)), rel=1e-9)


def test_doubling_peak_barely_helps_decode_and_doubling_bandwidth_nearly_halves_it():
    t = model.time_terms(3e9, 2.039e12, 3e9, 312e12)
    assert 1 - 1 / model.speedup(t, compute=2) == pytest.approx(0.0032, abs=1e-4)
    assert 1 - 1 / model.speedup(t, data=2) == pytest.approx(0.497, abs=1e-3)


def test_utilisation_is_the_compute_term_backwards():
    assert model.utilisation(0.3 * 7e12 * 5, 5, 7e12) == pytest.approx(0.3)


def test_one_point_for_ten_times_the_cost_is_divided_by_nine():
    assert model.return_on_compute(0.75, 0.76, 1, 10) == pytest.approx(1 / 9)


# Bad input


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"bytes_moved": -1}, ValueError, "bytes_moved must not be negative"),
        ({"bandwidth_bytes_per_s": 0}, ValueError, "bandwidth_bytes_per_s must be greater than zero"),
        ({"flop": float("nan")}, ValueError, "flop must be finite"),
        ({"peak_flop_per_s": "312 TFLOP/s"}, TypeError, "peak_flop_per_s must be a plain number in FLOP/s"),
        ({"utilisation": 45}, ValueError, r"for 45 % write 0\.45"),
        ({"utilisation": 0}, ValueError, "utilisation must be greater than zero"),
        ({"latency_s": [1, -1]}, ValueError, "latency_s must not be negative"),
    ],
)
def test_bad_input_is_named(change, error, words):
    good = {"bytes_moved": 1, "bandwidth_bytes_per_s": 1, "flop": 1, "peak_flop_per_s": 1}
    with pytest.raises(error, match=words):
        model.time_terms(**(good | change))


def test_a_return_without_an_added_cost_is_refused():
    with pytest.raises(ValueError, match="cost_after - cost_before must be greater than zero"):
        model.return_on_compute(0.7, 0.8, 5, 5)


def test_the_model_stays_light():
    heavy = ("matplotlib", "ipywidgets", "pint", "scipy")
    code = f"import sys, mlsys_helpers.sections.iron_law.model; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
