import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.machine.result import Curve, Machine
from mlsys_helpers.sections.iron_law import experiments
from mlsys_helpers.sections.iron_law.experiments import Kernel, Probe, Runs, predict, time_kernels

QUICK = {"repetitions": 1, "at_least_s": 1e-9}


def level(rate):
    return Curve(np.array([1.0, 2.0]), np.array([rate, rate]), np.array([rate, rate]))


MACHINE = Machine(
    bandwidth={name: level(1e9) for name in ("read", "copy", "add", "product", "gather")},
    matmul={"float32": level(1e12)},
    sum_flop_per_s=1e10,
    call_latency_s=1e-6,
    product_latency_s=1e-5,
    python_call_s=1e-8,
    cpus=1,
    threads=1.0,
    took_s=0.0,
)


def kernel(name="job", prepare=None, **changes):
    idle = Runs(lambda: None, (Probe("data", 0, lambda: None),))
    parts = {
        "bytes_moved": 1e6,
        "working_set_bytes": 1e6,
        "pattern": "read",
        "flop": 1e9,
        "prepare": prepare or (lambda rng: idle),
    }
    return Kernel(name, **(parts | changes))


class FakeTime:
    """A clock that only the jobs move, each by the seconds it is said to take."""

    def __init__(self):
        self.now_s = 0.0

    def job(self, lasts_s):
        def run():
            self.now_s += lasts_s

        return run

    def row(self, base_s, *probes, **changes):
        prepared = Runs(self.job(base_s), tuple(Probe(term, times, self.job(s)) for term, times, s in probes))
        jobs = [kernel(prepare=lambda rng: prepared, **changes)]
        return next(time_kernels(MACHINE, jobs, repetitions=3, clock=lambda: self.now_s))


# Predictions


def test_a_prediction_is_the_iron_law_in_the_form_the_kernel_declares():
    added, overlapped = predict(kernel(calls=2), MACHINE), predict(kernel(calls=2, at_once=True), MACHINE)
    assert (added.terms.data_s, added.terms.compute_s, added.terms.latency_s) == pytest.approx((1e-3, 1e-3, 2e-6))
    assert added.time_s == pytest.approx(2.002e-3)
    assert overlapped.time_s == pytest.approx(1.002e-3)


def test_chained_additions_are_predicted_at_the_rate_of_a_sum():
    assert predict(kernel(chained=True), MACHINE).terms.compute_s == pytest.approx(0.1)


def test_products_pay_the_latency_of_a_product():
    assert predict(kernel(call="product", calls=3), MACHINE).terms.latency_s == pytest.approx(3e-5)


def test_an_unknown_call_or_pattern_is_refused():
    with pytest.raises(ValueError, match=r"unknown call 'cal'.*'call'"):
        predict(kernel(call="cal"), MACHINE)
    with pytest.raises(ValueError, match="unknown pattern 'hop'"):
        predict(kernel(pattern="hop"), MACHINE)


def test_every_prediction_is_made_before_any_kernel_is_set_up(monkeypatch):
    events = []

    def prepare(rng):
        events.append("prepared")
        return Runs(lambda: events.append("ran"), (Probe("data", 0, lambda: None),))

    def noted(job, machine):
        events.append("predicted")
        return predict(job, machine)

    monkeypatch.setattr(experiments, "predict", noted)
    rows = list(time_kernels(MACHINE, [kernel("a", prepare), kernel("b", prepare)], **QUICK))
    assert [row.name for row in rows] == ["a", "b"]
    assert events[:3] == ["predicted", "predicted", "prepared"]
    assert events.count("predicted") == 2


# The binding term, found out


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from([0, 0.125, 0.5, 2, 4]))
def test_a_probe_finds_the_cost_of_its_term_when_terms_add(data_s, compute_s, latency_s, times):
    base_s = data_s + compute_s + latency_s
    probed_s = times * data_s + compute_s + latency_s
    assert Probe("data", times, lambda: None).cost_s(base_s, probed_s) == pytest.approx(data_s, abs=1e-12)


def test_a_probe_never_finds_less_than_nothing():
    assert Probe("data", 0.5, lambda: None).cost_s(1.0, 1.5) == 0


def test_the_term_that_costs_most_is_confirmed():
    row = FakeTime().row(1.0, ("data", 0.5, 0.6), ("compute", 2, 1.2), bytes_moved=1e9)
    assert row.cost_s == pytest.approx({"data": 0.8, "compute": 0.2})
    assert (row.binding, row.confirmed, row.binding_right) == ("data", "data", True)


def test_a_wrong_prediction_of_the_binding_term_is_found_out():
    row = FakeTime().row(1.0, ("data", 0.5, 0.95), ("compute", 2, 1.9), bytes_moved=1e9)
    assert (row.binding, row.confirmed, row.binding_right) == ("data", "compute", False)


def test_probes_that_make_no_difference_confirm_nothing():
    row = FakeTime().row(1.0, ("data", 0, 0.9), ("compute", 0.5, 1.0))
    assert row.confirmed == ""
    assert not row.binding_right


def test_error_is_signed_and_relative_to_the_measurement():
    assert FakeTime().row(4e-3, ("data", 0, 1e-3)).error == pytest.approx(2.001e-3 / 4e-3 - 1)


def test_repetitions_are_kept_and_the_median_of_errors_is_of_their_sizes():
    rows = [FakeTime().row(s, ("data", 0, s)) for s in (1.0, 2.001e-3, 4.002e-3)]
    assert all(len(row.measured_s) == 3 for row in rows)
    assert experiments.median_error(rows) == pytest.approx(0.5)


def test_no_repetition_is_refused():
    with pytest.raises(ValueError, match="repetitions must be greater than zero"):
        next(time_kernels(MACHINE, [kernel()], repetitions=0))


# The kernels themselves


def test_the_standard_kernels_cover_both_sides_of_the_ridge_and_have_names_of_their_own():
    kernels = experiments.standard_kernels()
    assert len({k.name for k in kernels}) == len(kernels) >= 8
    intensities = [k.flop / k.bytes_moved for k in kernels if k.pattern == "product"]
    assert min(intensities) < 1
    assert max(intensities) > 20


SMALL_KERNELS = [
    experiments.matrix_vector(64, 32),
    experiments.matrix_matrix(32, 4),
    experiments.scaling(2**17),
    experiments.largest(2**17),
    experiments.total(2**17),
    experiments.gather(1000, 16, 64),
    experiments.gather(1000, 64, 64),
    experiments.tiny_layers(8, 4),
    experiments.tiny_products(4, 16),
]


@pytest.mark.parametrize("small", SMALL_KERNELS, ids=lambda k: k.name)
def test_every_kernel_runs_and_is_probed_for_at_least_two_terms(small):
    (row,) = time_kernels(MACHINE, [small], **QUICK)
    assert row.median_s > 0
    assert len(row.cost_s) >= 2
    assert row.binding in experiments.TERMS


def test_work_is_counted_as_the_docstrings_say():
    vector, matrix = experiments.matrix_vector(64, 32), experiments.matrix_matrix(32, 4)
    assert (vector.bytes_moved, vector.flop) == (64 * 32 * 4, 2 * 64 * 32)
    assert (matrix.bytes_moved, matrix.flop) == (3 * 32 * 32 * 4 + 2 * 32 * 4 * 4, 2 * 32 * 32 * 4)
    assert experiments.gather(1000, 17, 64).bytes_moved == 64 * 128  # 68 bytes touch two lines


# Prefetch


def test_prefetching_gives_the_same_results_in_the_same_order():
    def square(n):
        return n * n

    assert (
        experiments.ahead(lambda n: n + 1, square, 5)
        == experiments.in_turn(lambda n: n + 1, square, 5)
        == [1, 4, 9, 16, 25]
    )


def test_the_next_load_starts_before_the_computation_ends():
    """Each load but the first waits until some computation is running: in turn this would never be."""
    import threading

    computing, loaded_meanwhile = threading.Event(), []

    def load(number):
        if number:
            loaded_meanwhile.append(computing.wait(5))
        return number

    def compute(number):
        computing.set()
        time.sleep(0.01)
        return number

    assert experiments.ahead(load, compute, 3) == [0, 1, 2]
    assert loaded_meanwhile == [True, True]


def test_a_load_that_fails_says_so_in_the_caller():
    def load(number):
        raise OSError(f"batch {number} is gone")

    with pytest.raises(OSError, match="batch 0 is gone"):
        experiments.ahead(load, lambda x: x, 3)


@given(st.floats(1e-6, 10), st.floats(1e-6, 10), st.integers(1, 100))
def test_the_pipelined_prediction_lies_between_the_larger_stage_and_the_sum(load_s, compute_s, items):
    row = experiments.PrefetchRow(items, load_s, compute_s, np.ones(1), np.ones(1), True)
    assert items * max(load_s, compute_s) <= row.max_s * (1 + 1e-9)
    assert row.max_s <= row.sum_s * (1 + 1e-9)


def test_prefetch_measures_real_files():
    rows = list(experiments.prefetch(balances=(0.5, 2.0), items=3, batch_bytes=2**14, repetitions=2))
    assert len(rows) == 2
    for row in rows:
        assert row.same_results
        assert row.sequential_s.shape == row.prefetched_s.shape == (2,)
        assert min(row.load_s, row.compute_s) > 0


# The decoder


@pytest.fixture(scope="module")
def decoder():
    return experiments.random_decoder(np.random.default_rng(3), layers=2, width=16, heads=2, vocabulary=50, longest=24)


def test_scores_with_a_cache_equal_scores_without(decoder):
    tokens, cache = np.random.default_rng(4).integers(50, size=20), experiments.Cache(decoder, 20)
    for at in range(20):
        with_cache = experiments.next_logits(decoder, tokens[at : at + 1], cache)
        without = experiments.next_logits(decoder, tokens[: at + 1], experiments.Cache(decoder, 20))
        assert with_cache == pytest.approx(without, rel=1e-3, abs=1e-4)


def test_the_cache_matters_and_the_mask_hides_the_future(decoder):
    def scores(tokens):
        return experiments.next_logits(decoder, np.array(tokens), experiments.Cache(decoder, 24))

    assert not np.allclose(scores([1, 2, 3]), scores([9, 2, 3]), atol=1e-3)
    one_way, other_way = experiments.Cache(decoder, 24), experiments.Cache(decoder, 24)
    experiments.next_logits(decoder, np.array([1, 2, 3]), one_way)
    experiments.next_logits(decoder, np.array([1, 2, 9]), other_way)
    assert np.allclose(one_way.kept[:, :, :2], other_way.kept[:, :, :2], atol=1e-5)


def test_cache_bytes_are_two_numbers_per_layer_width_and_token(decoder):
    report = experiments.decode(decoder, tokens=12, repetitions=1)
    assert list(report.cache_bytes) == [2 * 2 * 16 * 4 * (at + 1) for at in range(12)]


def test_decode_reports_every_position_of_every_repetition(decoder):
    told = []
    report = experiments.decode(decoder, tokens=12, repetitions=2, on_repetition=told.append)
    assert told == [1, 2]
    assert report.without_s.shape == report.with_s.shape == (2, 12)
    assert report.tokens.shape == report.position.shape == (12,)
    assert report.largest_difference < 1e-3
    assert min(report.total_with_s, report.total_without_s) > 0


def test_a_slow_computer_repeats_less_but_never_not_at_all(decoder):
    assert experiments.decode(decoder, tokens=4, repetitions=5, at_most_s=0).without_s.shape == (1, 4)


def test_the_standard_decoder_writes_more_than_one_word():
    assert len(set(experiments.decode(tokens=24, repetitions=1).tokens.tolist())) > 4


def test_flop_in_all_grow_with_the_square_without_a_cache_and_not_with_one():
    big = experiments.random_decoder(np.random.default_rng(0), layers=2, width=64, vocabulary=16, longest=1)

    def total(tokens, cached):
        position = np.arange(1, tokens + 1)
        each = experiments.decoder_flop(big, 1, position - 1) if cached else experiments.decoder_flop(big, position, 0)
        return each.sum()

    assert total(64, cached=True) / total(32, cached=True) == pytest.approx(2, rel=0.2)
    assert total(64, cached=False) / total(32, cached=False) > 3.8


def test_flop_of_one_token_are_two_for_each_weight_and_four_for_each_pair_and_number(decoder):
    weights = 2 * 12 * 16**2 + 16 * 50
    assert experiments.decoder_flop(decoder, 1, 9) == 2 * weights + 4 * 2 * 16 * 10


def test_no_room_in_the_cache_is_said(decoder):
    with pytest.raises(ValueError, match="no room for 3 tokens: the cache holds 2"):
        experiments.next_logits(decoder, np.array([1, 2, 3]), experiments.Cache(decoder, 2))


def test_heads_must_share_the_width():
    with pytest.raises(ValueError, match="width must be a multiple of heads, got width 10 and 4"):
        experiments.random_decoder(np.random.default_rng(0), width=10, heads=4)


def test_a_decoder_that_disagrees_with_itself_is_not_reported(decoder, monkeypatch):
    honest = experiments.next_logits

    def forgetful(model, tokens, cache):
        scores = honest(model, tokens, cache)
        return -scores if len(tokens) == 1 and cache.tokens > 3 else scores

    monkeypatch.setattr(experiments, "next_logits", forgetful)
    with pytest.raises(ArithmeticError, match="different tokens"):
        experiments.decode(decoder, tokens=8, repetitions=1)
