import numpy as np
import pytest

from mlsys_helpers.kit import checks
from mlsys_helpers.kit.seeds import generator, seed


class Quantity:
    magnitude, units = 3.0, "GB"


@pytest.mark.parametrize("bad", ["312 TFLOP/s", None, True, 1 + 2j, [1, [2, 3]], Quantity(), {"a": 1}])
def test_what_is_no_plain_number_is_refused_by_name(bad):
    with pytest.raises(TypeError, match=r"peak_flop_per_s must be a plain number in FLOP/s"):
        checks.positive("peak_flop_per_s", bad, "FLOP/s")


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), [1.0, float("nan")], [float("inf"), -float("inf")]])
def test_nan_and_infinity_are_refused(bad):
    with pytest.raises(ValueError, match="bytes_moved must be finite"):
        checks.non_negative("bytes_moved", bad)


def test_the_first_wrong_element_is_named():
    with pytest.raises(ValueError, match=r"must not be negative, got -2\.0"):
        checks.non_negative("bytes_moved", [1, -2, -3])


def test_large_finite_values_whose_sum_overflows_pass():
    assert np.array_equal(checks.real("x", [1.7e308, 1.7e308]), [1.7e308, 1.7e308])


def test_a_percentage_is_recognised():
    with pytest.raises(ValueError, match=r"for 45 % write 0\.45"):
        checks.share("utilisation", 45)


def test_unknown_names_get_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'H100_SXM'"):
        checks.one_of("chip", "h100_sxn", ["H100_SXM", "T4"])


def test_seeds_depend_on_every_word_and_nothing_else():
    assert seed("a", "b") == seed("a", "b") != seed("ab", "")
    assert generator("x").integers(1 << 40) == generator("x").integers(1 << 40)
