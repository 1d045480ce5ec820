"""What a printed figure promises, and which verdict follows."""

import math

import pytest

from mlsys_helpers.numbers.claim import Claim, Promise, figure, promise


@pytest.mark.parametrize(
    ("printed", "low", "high", "value"),
    [
        ("25", 24.5, 25.5, 25),
        ("145.5", 145.45, 145.55, 145.5),
        ("36,000", 35_999.5, 36_000.5, 36_000),
        ("8.5 billion", 8.45e9, 8.55e9, 8.5e9),
        ("3.14e23", 3.135e23, 3.145e23, 3.14e23),
        ("10^5", 10**4.5, 10**5.5, 1e5),
        ("over 80", 80, math.inf, None),
        ("under 100", 0, 100, None),
        ("nearly 6", 5.5, 6, None),
        ("60 to 70", 59.5, 70.5, None),
    ],
)
def test_a_printed_figure_promises_its_last_digit(printed, low, high, value):
    promised = promise(printed)
    assert (promised.low, promised.high) == pytest.approx((low, high))
    assert promised.value == (value if value is None else pytest.approx(value))


@pytest.mark.parametrize("words", ["dozens", "1990s", "60 to many", "over the moon", "", "1.2.3", "25 days", "about 5"])
def test_words_promise_no_number(words):
    assert promise(words) is None


def test_half_rounds_up():
    """44.5 is printed as 45, so 44 does not stand for it."""
    assert not promise("44").holds(44.5)
    assert promise("45").holds(44.5)


def test_an_exact_figure_survives_floating_point():
    assert promise("800").exactly(1.6e-10 / 2e-13)
    assert not promise("800").exactly(800.01)


def _claim(**given) -> Claim:
    return Claim("1.6", "x", "text", "something", **given)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"printed": "25", "recompute": lambda: 25.0}, "agrees"),
        ({"printed": "25", "recompute": lambda: 25.28}, "rounds to it"),
        ({"printed": "25", "recompute": lambda: 25.5}, "differs"),
        ({"printed": "over 90", "recompute": lambda: 99.9}, "agrees"),
        ({"printed": "dozens", "within": (24, 120), "recompute": lambda: 36}, "agrees"),
        ({"printed": "dozens", "within": (24, 120), "recompute": lambda: 12}, "differs"),
        ({"printed": "70", "within": (65, 75), "recompute": lambda: 69}, "rounds to it"),
        ({"printed": "70", "within": (65, 75), "recompute": lambda: 70}, "agrees"),
        ({"recompute": lambda: 1.0}, "nothing printed"),
        ({"printed": "25"}, "no check"),
        ({"printed": "25", "recompute": lambda: 3.0, "gives": "something else"}, "no check"),
        ({"printed": "25", "recompute": lambda: 3.0, "against": ("y",)}, "contradicts"),
        ({"printed": "25", "absent": True}, "not in the text"),
    ],
)
def test_verdict_is_computed(given, verdict):
    assert _claim(**given).verdict == verdict


def test_a_word_that_stands_for_nothing_is_an_error():
    with pytest.raises(ValueError, match="x: say in `within` what 'dozens' stands for"):
        _claim(printed="dozens", recompute=lambda: 36).verdict  # noqa: B018


def test_within_keeps_the_number():
    assert _claim(printed="70", within=(65, 75)).promise == Promise(65, 75, 70)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (36_000.0, "36,000"),
        (1987.0, "1987"),
        (25.2783, "25.28"),
        (41.60305, "41.6"),
        (6.31959, "6.32"),
        (99.999, "99.999"),
        (3205.128, "3,205"),
        (0.1, "0.1"),
        (2.5 + 4e-15, "2.5"),
        (60_965_224.0, "60.97 million"),
        (1e9, "1 billion"),
        (3.14e23, "3.14e23"),
        (0.0, "0"),
        (-362_502.85, "-362,503"),
    ],
)
def test_recomputed_figures_read_well(value, text):
    assert figure(value) == text


def test_what_is_shown():
    assert _claim(printed="25", unit="days").shown == "25 days"
    assert _claim(printed="dozens", unit="misses/h", within=(24, 120), recompute=lambda: 36).shown == "dozens"
    assert _claim(printed="25", unit="days", recompute=lambda: 25.28).found == "25.28 days"
    assert _claim(printed="41.6", unit="%", recompute=lambda: 41.60305).found == "41.603 %"
    assert _claim(printed="800", unit="×", recompute=lambda: 800.0).found == "800 ×"
    assert _claim(unit="days").found == _claim(unit="days").shown == ""
