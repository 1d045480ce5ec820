import pytest

from mlsys_helpers.kit.spread import over_seeds, spread


def test_a_spread_says_average_and_range():
    found = over_seeds(lambda seed: seed / 10, seeds=(1, 2, 6))
    assert (found.mean, found.low, found.high) == (pytest.approx(0.3), 0.1, 0.6)
    assert found.text() == "0.300 (0.100 to 0.600 over 3 seeds)"
    assert found.short("{:.1f}".format) == "0.3 (0.1 to 0.6)"


def test_one_seed_is_no_spread():
    with pytest.raises(ValueError, match="at least two seeds, got 1"):
        spread([0.5])
