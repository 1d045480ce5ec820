"""The models of section 1.1 checked twice: against limits that must hold, and against counts made another way."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.sections.paradigm_shift import model

# Fingerprints

tables = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 9)), min_size=1, max_size=8)


def print_of(rows):
    columns = np.array([row[:2] for row in rows]), np.array([row[2] for row in rows])
    return model.fingerprint(*columns)


@given(tables, st.randoms())
def test_a_fingerprint_does_not_see_the_order(rows, random):
    mixed = rows.copy()
    random.shuffle(mixed)
    assert print_of(mixed) == print_of(rows)


@given(tables, st.data())
def test_any_other_change_makes_another_fingerprint(rows, data):
    at, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 2))
    row = list(rows[at])
    row[column] += 1
    assert print_of([*rows[:at], tuple(row), *rows[at + 1 :]]) != print_of(rows)
    assert print_of([*rows, rows[at]]) != print_of(rows)  # a twin more
    assert print_of(rows[:at] + rows[at + 1 :] or [(9.5, 9.5, 1)]) != print_of(rows)  # one less


def test_labels_that_change_places_change_the_fingerprint():
    features = np.array([[1.0], [2.0]])
    assert model.fingerprint(features, [0, 1]) != model.fingerprint(features, [1, 0])


def test_the_smallest_change_of_a_number_shows_and_the_sign_of_zero_does_not():
    assert model.fingerprint([[1.0]], [0]) != model.fingerprint([[np.nextafter(1.0, 2)]], [0])
    assert model.fingerprint([[0.0]], [0]) == model.fingerprint([[-0.0]], [0])
    assert model.fingerprint([[1]], [0]) == model.fingerprint([[1.0]], [0.0])


def test_a_known_fingerprint_is_the_same_on_every_machine():
    assert model.fingerprint([[1.0, 2.0], [3.0, 4.0]], [0, 1]) == "ed413797b2ed"


def test_gpt3_in_16_bits_takes_350_gb():
    assert model.weight_bytes(175e9, 16) == 350e9


# Verdicts

verdicts = st.integers(1, 30).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 1), min_size=n, max_size=n)] * 3))


@given(verdicts)
def test_flips_are_broken_or_mended_and_make_up_the_change_of_accuracy(lists):
    found = model.change(*lists)
    assert sorted([*found.broken, *found.mended]) == list(found.flipped)
    gained = (len(found.mended) - len(found.broken)) / len(lists[0])
    assert found.accuracy[1] - found.accuracy[0] == pytest.approx(gained)


def test_verdicts_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="three lists of one length"):
        model.change([1, 0], [1], [1, 0])


# Lagged scale


def test_a_proxy_in_fixed_proportion_gets_that_proportion_at_every_known_week():
    truth = np.array([1.0, 4.0, 2.0, 5.0, 3.0])
    scale = model.lagged_scale(truth / 0.5, truth, lag=2, window=3)
    assert np.isnan(scale[:2]).all() and scale[2:] == pytest.approx(0.5)


@given(st.integers(1, 6), st.integers(1, 30))
def test_the_scale_uses_only_weeks_whose_truth_is_known(lag, window):
    rng = np.random.default_rng(7)
    truth, proxy = rng.uniform(1, 5, (2, 20))
    scale = model.lagged_scale(proxy, truth, lag, window)
    for week in range(20):
        known = slice(max(0, week - lag + 1 - window), max(0, week - lag + 1))
        if truth[known].size:
            assert scale[week] == pytest.approx(truth[known].sum() / proxy[known].sum())
        else:
            assert np.isnan(scale[week])


def test_a_lag_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one week"):
        model.lagged_scale([1.0], [1.0], lag=0, window=4)


# The gap


def test_the_chapter_s_picture_to_the_digit():
    photo = model.log10_inputs(224 * 224 * 3, 8)
    assert 224 * 224 * 3 == 150_528
    assert model.digits(photo) == 362_508
    assert photo == pytest.approx(362_507.545, abs=0.001)
    assert model.log10_coverage(50_000, photo) == pytest.approx(-362_502.846, abs=0.001)
    assert photo - 362_000 == pytest.approx(507.5, abs=0.05)  # what "roughly 10^362,000" leaves out


@given(st.integers(1, 40), st.integers(1, 16))
def test_digits_are_those_of_the_whole_number(values, bits):
    assert model.digits(model.log10_inputs(values, bits)) == len(str(2 ** (values * bits)))


def test_the_photo_counted_in_whole_numbers():
    """Independent of logarithms: 256^150,528 lies between two neighbouring powers of ten."""
    photo = 1 << (150_528 * 8)
    assert 10**362_507 <= photo < 10**362_508


def test_a_small_world_is_covered_and_no_more_than_covered():
    world = model.log10_inputs(9, 1)  # 3 x 3 black or white
    assert 10 ** model.log10_coverage(50, world) == pytest.approx(50 / 512)
    assert model.log10_coverage(np.array([512, 10_000]), world) == pytest.approx([0, 0])


# Bounds


@given(st.integers(1, 10**6), st.floats(0.5, 0.999))
def test_at_the_bound_a_clean_run_is_as_rare_as_the_doubt(tests, confidence):
    rate = model.clean_run_bound(tests, confidence)
    assert (1 - rate) ** tests == pytest.approx(1 - confidence, rel=1e-6)


def test_the_exact_bound_is_clopper_and_pearson_s():
    from scipy.stats import binomtest

    for tests in (1, 10, 1000):
        theirs = binomtest(0, tests, alternative="less").proportion_ci(0.95, method="exact").high
        assert model.clean_run_bound(tests) == pytest.approx(theirs)


def test_the_bound_holds_in_simulation():
    rng, tests = np.random.default_rng(3), 100
    failures = rng.binomial(tests, model.clean_run_bound(tests), 200_000)
    assert np.mean(failures == 0) == pytest.approx(0.05, abs=0.003)


def test_the_rule_of_three_is_near_for_many_tests_and_never_below():
    tests = np.array([1, 3, 10, 30, 100, 10_000])
    ratio = model.rule_of_three(tests) / model.clean_run_bound(tests)
    assert (ratio > 1).all() and (np.diff(ratio) < 0).all()
    assert ratio[-1] == pytest.approx(3 / math.log(20), rel=1e-3)


@given(st.floats(1e-6, 0.5), st.floats(0.5, 0.999))
def test_tests_needed_are_enough_and_one_fewer_is_not(rate, confidence):
    needed = model.tests_needed(rate, confidence)
    assert model.clean_run_bound(needed, confidence) <= rate * (1 + 1e-6)
    if needed > 1:
        assert model.clean_run_bound(needed - 1, confidence) > rate * (1 - 1e-6)


def test_wilson_s_interval_against_its_formula():
    low, high = model.interval(1, 1000)
    z, n, p = 1.959964, 1000, 0.001
    middle, half = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert (low, high) == pytest.approx(((middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)), rel=1e-5)
    assert model.interval(0, 1000)[1] == pytest.approx(z**2 / (n + z**2), rel=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: model.log10_inputs(0, 8), ValueError, "values must be greater than zero"),
        (lambda: model.log10_coverage("many", 10), TypeError, "tests must be a plain number"),
        (lambda: model.clean_run_bound(100, 95), ValueError, r"for 95 % write 0\.95"),
        (lambda: model.clean_run_bound(100, 1.0), ValueError, "no finite test is certain"),
        (lambda: model.tests_needed(1.0), ValueError, "failure_rate must lie between 0 and 1"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_model_stays_light():
    heavy = ("matplotlib", "ipywidgets", "pint", "scipy", "sklearn")
    code = f"import sys, mlsys_helpers.sections.paradigm_shift.model; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
