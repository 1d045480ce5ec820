import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.kit import units


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.12e14, "312 TFLOP/s"), (2.039e12, "2.04 TFLOP/s"), (999.6e9, "1.00 TFLOP/s"), (0, "0 FLOP/s")],
)
def test_si_chooses_the_prefix_after_rounding(value, text):
    assert units.si(value, "FLOP/s") == text


@given(st.floats(1e-11, 9e20))
def test_si_loses_no_more_than_its_digits(value):
    text, prefix = units.si(value, "B").replace(",", "").split(" ")
    power = {name: p for p, name in units._PREFIXES.items()}[prefix.removesuffix("B")]
    assert math.isclose(float(text) * 10.0**power, value, rel_tol=0.5e-2)


def test_durations_take_the_unit_a_person_would():
    assert units.duration(3.14e23 / (1024 * 312e12 * 0.45)) == "25.3 days"
    assert units.duration(1.5e-5) == "15.0 µs"


@pytest.mark.parametrize(
    ("value", "text"),
    [(2_418_837, "2.4 million"), (53_814, "54,000"), (999_999, "1.0 million"), (1.4e11, "140 billion"), (0.5, "0.50")],
)
def test_about_rounds_left_of_the_point_too(value, text):
    assert units.about(value) == text


def test_numbers_of_every_size():
    assert [units.number(x) for x in (0, 0.0125, 25.28, 1365.3, 3.14e23)] == [
        "0",
        "0.0125",
        "25.3",
        "1,365",
        "3.14e+23",
    ]
