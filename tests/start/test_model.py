"""The start page's arithmetic, against its limits and against the figures that the chapter prints."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.kit.units import PETA
from mlsys_helpers.start import model


def test_searches_a_second():
    assert round(model.rate_per_s(model.SEARCHES_PER_DAY)) == 98_380
    assert model.rate_per_s(86_400) == 1


def test_little_s_law_at_its_limits():
    assert model.in_flight(98_380, 0) == 0 == model.in_flight(0, 5)
    assert model.in_flight(1, 7.5) == 7.5  # one a second: as many as the seconds that each stays
    np.testing.assert_allclose(model.in_flight(np.array([2, 4]), np.array([0.5, 0.25])), [1, 1])


def test_little_s_law_on_a_full_lecture_hall():
    """A hall of 300 in which each stays for two hours lets in 150 an hour."""
    assert model.in_flight(150 / 3600, 2 * 3600) == pytest.approx(300)


def test_what_the_opening_claims_would_take():
    chip = facts.chip("A100_SXM_80")
    flop_s, bytes_s = model.CLAIMED_FLOP / chip.peak("fp16"), model.CLAIMED_BYTES / chip.bandwidth_bytes_per_s
    assert flop_s / model.CLAIMED_TIME_S == pytest.approx(3.205e6, rel=1e-3)  # 1e18 / 312e12 = 3,205 s
    assert 45 * 60 < flop_s < 3600  # "most of an hour"
    petabytes_per_s = model.CLAIMED_BYTES / model.CLAIMED_TIME_S / PETA
    assert petabytes_per_s == pytest.approx(1)
    assert 300 < bytes_s / model.CLAIMED_TIME_S < 900  # "hundreds"


def test_walls_in_terms_of_each_other():
    walls = model.Walls(bytes_per_s=10e9, flop_per_s=100e9, calls_per_s=1e6)
    assert (walls.flop_per_call, walls.flop_per_byte) == (100_000, 10)


@pytest.mark.parametrize(("rate", "time_s"), [(-1, 1), (1, -1), (float("nan"), 1)])
def test_impossible_givens_are_refused(rate, time_s):
    with pytest.raises(ValueError, match="must"):
        model.in_flight(rate, time_s)
