"""The models of section 1.4 checked twice: against limits that must hold, and against published or known figures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers import facts
from mlsys_helpers.sections.ml_systems import explorers, model

rates = st.builds(model.Rates, *[st.floats(1e-3, 1e9)] * 3)
sizes = st.floats(1e-3, 1e15)


# Little's law


def test_in_flight_against_a_count_by_hand():
    """Every second three arrive and each stays two seconds: after the start there are always six inside."""
    arrivals, stay_s = np.repeat(np.arange(100), 3), 2
    inside = [np.sum((arrivals <= t) & (arrivals > t - stay_s)) for t in range(10, 90)]
    assert set(inside) == {model.in_flight(3, stay_s)}
    assert model.in_flight(0, 5) == 0


# The relay


@given(rates, st.sampled_from(model.STAGES), st.floats(1, 100))
def test_only_the_binding_stage_repays_an_upgrade(pipeline, stage, times):
    gained = pipeline.upgraded(stage, times).throughput / pipeline.throughput
    assert 1 <= gained <= times * (1 + 1e-12)
    if getattr(pipeline, stage) > pipeline.throughput:
        assert gained == 1


@given(rates)
def test_the_binding_stage_is_the_slowest(pipeline):
    assert getattr(pipeline, pipeline.binding) == pipeline.throughput == min(vars(pipeline).values())


def test_a_relay_never_goes_back_and_beats_any_one_stage():
    start = explorers.service()
    greedy = list(model.relay(start, 6))
    assert len(greedy) == 7
    speeds = [r.throughput for r in greedy]
    assert speeds == sorted(speeds) and speeds[-1] > speeds[0]
    for stage in model.STAGES:
        assert start.upgraded(stage, 2.0**6).throughput <= speeds[-1]


def test_rates_are_the_division_that_the_docstring_says():
    found = model.stage_rates(16, 4e-3, 2, 1e14, 1e10, 3e9, 1e5)
    assert vars(found) == pytest.approx({"carry": 30_000, "prepare": 4000, "compute": 20_000})


def test_an_unknown_stage_is_named():
    with pytest.raises(ValueError, match="did you mean 'compute'"):
        model.Rates(1, 2, 3).upgraded("computing")


# The envelope

DEMAND = model.Demand(resident_bytes=1e9, bytes_moved=1e9, flop=1e12, rate_per_s=5, deadline_s=0.5, power_cap_w=10)
ROOMY = model.Device(memory_bytes=2e9, bandwidth_bytes_per_s=1e10, flop_per_s=1e13, power_w=5)


def test_used_by_hand():
    assert model.used(DEMAND, ROOMY) == pytest.approx({"memory": 0.5, "compute": 0.5, "latency": 0.2, "power": 0.5})
    assert model.vetoes(DEMAND, ROOMY) == ()


@pytest.mark.parametrize(
    ("limit", "change"),
    [
        ("memory", {"memory_bytes": 5e8}),
        ("compute", {"flop_per_s": 4.9e12}),
        ("latency", {"bandwidth_bytes_per_s": 1e9}),
        ("power", {"power_w": 11}),
    ],
)
def test_each_limit_can_veto_alone(limit, change):
    assert model.vetoes(DEMAND, model.Device(**(vars(ROOMY) | change))) == (limit,)


def test_exactly_full_is_no_veto():
    assert model.vetoes(DEMAND, model.Device(1e9, 2e9, 5e12, 10)) == ()


@pytest.mark.parametrize(("job", "id"), [("Keyword spotting", "M376"), ("Visual wake words", "M377")])
def test_time_on_a_microcontroller_is_near_the_published_one(job, id):
    """MLPerf Tiny v1.2 on the Cortex-M4 of the ladder: the assumed 30 % of the peak is off by less than a quarter."""
    row = next(m for m in facts.measurements("tinyml_mcu") if m.id == id)
    part = explorers.used("Smart doorbell", job, "TinyML: Cortex-M4", "8 bits")["latency"]
    assert part * explorers.MISSIONS["Smart doorbell"].deadline_s == pytest.approx(row.seconds_per_step, rel=0.25)


def test_llama_needs_the_memory_that_is_published_for_it():
    """13.5 GB of weights at 16 bits, and 0.5 MB of KV cache for each token (Llama 2: 32 layers of 4,096 wide)."""
    wants = explorers.demand("Chat service", "Llama-2-7B", "16 bits")
    assert wants.resident_bytes == pytest.approx(6.738e9 * 2 + 1024 * 2 * 32 * 4096 * 2, rel=1e-3)


def test_resident_bytes_without_anything_kept_are_the_weights():
    assert model.resident_bytes(7e9, 2) == 14e9
    assert model.resident_bytes(np.array([1.0, 2.0]), 0.5, 10, 2).tolist() == [20.5, 21.0]


# The economy


@given(sizes, sizes, sizes, st.floats(1.01, 10))
def test_cost_moves_in_the_directions_of_the_chapter(samples, flop, bought, times):
    before = model.cost_usd(samples, flop, bought)
    assert model.cost_usd(samples / times, flop, bought) < before  # better data: fewer samples
    assert model.cost_usd(samples, flop / times, bought) < before  # leaner algorithm
    assert model.cost_usd(samples, flop, bought * times) < before  # better machine


@given(sizes, sizes)
def test_a_dollar_of_samples_costs_a_dollar(flop, bought):
    assert model.cost_usd(model.samples_per_dollar(bought, flop), flop, bought) == pytest.approx(1)


def test_flop_for_a_dollar_of_an_a100():
    """312 TFLOP/s for three years at 30 %, for 15,000 dollars: about 0.6 EFLOP a dollar."""
    assert model.flop_per_dollar(15_000, 94_608_000, 312e12, 0.3) == pytest.approx(5.9e17, rel=0.01)


# The learning curve


def test_ten_per_cent_exactly_and_to_first_order():
    assert model.first_order_gain(1.1, 1) == pytest.approx(0.09531, abs=5e-6)  # the natural logarithm, not 0.0414
    assert 1 - model.error_factor(1.1, 0.5) == pytest.approx(0.0465, abs=5e-5)
    assert model.error_factor(1, 0.7) == 1 and model.error_factor(5, 0) == 1


@given(st.floats(1.0001, 1.01), st.floats(0.01, 1))
def test_the_first_order_is_the_limit_of_small_gains(more, alpha):
    exact = 1 - model.error_factor(more, alpha)
    assert model.first_order_gain(more, alpha) == pytest.approx(exact, rel=0.01)


@given(st.floats(1.1, 10), st.floats(0.01, 2))
def test_the_first_order_always_promises_more(more, alpha):
    assert model.first_order_gain(more, alpha) > 1 - model.error_factor(more, alpha)


@given(st.floats(1, 1e6), st.floats(0.01, 10), st.floats(0.1, 2), st.floats(1.1, 10))
def test_the_factor_is_that_of_the_law_at_any_size(samples, scale, alpha, more):
    now, then = (model.power_law(n, scale, alpha) for n in (samples, samples * more))
    assert model.error_factor(more, alpha) == pytest.approx(then / now, rel=1e-9)


def test_a_power_law_ends_at_its_floor_and_is_straight_in_logarithms():
    assert model.power_law(1e12, 1, 1, 0.01) == pytest.approx(0.01, rel=1e-6)
    n = np.array([10.0, 100.0, 1000.0])
    assert np.diff(np.log(model.power_law(n, 3, 0.4))) == pytest.approx(-0.4 * math.log(10))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: model.error_factor(0, 1), "more must be greater than zero"),
        (lambda: model.flop_per_dollar(1, 1, 1, 40), "for 40 % write 0.4"),
        (lambda: model.in_flight("3", 1), "rate_per_s must be a plain number"),
        (lambda: model.cost_usd(1, 1, 0), "flop_for_a_dollar must be greater than zero"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()
