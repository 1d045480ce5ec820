"""What people type becomes the right number, or a message that helps; kinds of quantity never mix."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.kit import quantity
from mlsys_helpers.kit.quantity import QuantityError, Unreadable, WrongDimension, parse

DAY_S = 86400.0


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("25 days", "day", 25),
        ("25d", "day", 25),
        ("25", "day", 25),
        ("about 25 Days", "day", 25),
        ("~25 d", "day", 25),
        ("Approximately 25 days.", "day", 25),
        ("ca. 25.", "day", 25),
        ("2.16e6 s", "day", 25),
        ("600 hrs", "day", 25),
        ("1/2 day", "hour", 12),
        ("1.3x", "", 1.3),
        ("1.3×", "", 1.3),
        ("1.3 times", "", 1.3),
        ("75 %", "", 0.75),
        ("75%", "%", 75),
        ("75", "%", 75),
        ("0.75x", "%", 75),
        ("312 TFLOP/s", "FLOP/s", 312e12),
        ("312 TFLOPS", "FLOP/s", 312e12),
        ("312 tflops/sec", "FLOP/s", 312e12),
        ("0.312 petaFLOP per second", "FLOP/s", 312e12),
        ("3.14×10²³ FLOPs", "FLOP", 3.14e23),
        ("3.14 x 10^23", "FLOP", 3.14e23),
        ("3.14e23 flops", "FLOP", 3.14e23),
        ("10^9 B", "GB", 1),
        ("1 MAC", "FLOP", 2),
        ("1 PFLOP/s-day", "FLOP", 1e15 * DAY_S),
        ("1,365 GB", "GB", 1365),
        ("1 365.5 GB", "GB", 1365.5),
        ("80 GiB", "byte", 80 * 2**30),
        ("80 GB", "byte", 80e9),
        ("1 kB", "byte", 1000),
        ("1 KiB", "byte", 1024),
        ("8 Gb/s", "GB/s", 1),
        ("5 ms", "s", 0.005),
        ("3 µs", "s", 3e-6),
        ("3 μs", "s", 3e-6),
        ("3 us", "s", 3e-6),
        ("$1.2 million", "dollar", 1.2e6),
        ("-$3", "dollar", -3),
        ("40 USD/hour", "dollar/hour", 40),
        ("175 billion", "parameter", 175e9),
        ("2 tokens per second", "token/s", 2),
        ("1 kWh", "joule", 3.6e6),
        ("640 pJ/byte", "joule/byte", 640e-12),
        ("−5 s", "s", -5),
    ],
)
def test_typed_as_a_person_would(text, unit, expected):
    assert parse(text, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("", "day", "12 days"),
        ("many days", "day", "12 days"),
        ("3 gallons", "day", "gallons"),
        ("1,5 days", "day", "point"),
        ("1.2.3 s", "s", "one number"),
        ("3 gb", "GB", "GB for bytes, Gb for bits"),
        ("3 mb/s", "GB/s", "MB for bytes"),
        ("5 FLOP + 3 byte", "FLOP", "not a unit"),
        ("1e400 s", "s", "1e400"),
        ("1e999 s", "s", "too large"),
        ("2/0 s", "s", "zero"),
        ("nan", "s", "number"),
        ("inf s", "s", "number"),
        ("5 s**9**9**9", "s", "not a unit"),
        ("5 ((((s", "s", "not a unit"),
        ("5 __import__('os')", "s", "not a unit"),
        ("1" * 5000, "s", "number"),
    ],
)
def test_what_cannot_be_read_says_how_to_type_it(text, unit, says):
    with pytest.raises(Unreadable, match=says.replace("(", r"\(")):
        parse(text, unit)


@pytest.mark.parametrize(
    ("text", "unit", "typed", "asked"),
    [
        ("25 GB", "day", "an amount of data", "a time, such as 12 days"),
        ("25 days", "", "a time", "a plain number"),
        ("1.3x", "day", "a plain number", "a time"),
        ("75 %", "GB", "a plain number", "an amount of data"),
        ("5 TFLOP", "FLOP/s", "an amount of arithmetic", "a rate of arithmetic"),
        ("5 TFLOPS", "FLOP", "a rate of arithmetic", "an amount of arithmetic"),
        ("5 GB", "FLOP", "an amount of data", "an amount of arithmetic"),
        ("5 dollars", "FLOP", "an amount of money", "an amount of arithmetic"),
        ("5 tokens", "GB", "a count of things", "an amount of data"),
        ("5 W", "joule", "a power", "an energy"),
        ("5 s*GB", "s", "another kind", "a time"),
    ],
)
def test_another_kind_of_quantity_is_told_apart_and_both_are_named(text, unit, typed, asked):
    with pytest.raises(WrongDimension) as error:
        parse(text, unit)
    said = str(error.value)
    assert typed in said.split("but")[0] and asked in said.split("but")[1]


DIMENSIONS = ["second", "byte", "flop", "item", "dollar", "joule", "metre"]


@pytest.mark.parametrize("one", DIMENSIONS)
@pytest.mark.parametrize("other", DIMENSIONS)
def test_adding_different_kinds_is_refused(one, other):
    import pint

    registry = quantity._registry()
    if one == other:
        assert (registry.Quantity(1, one) + registry.Quantity(2, other)).magnitude == 3
    else:
        with pytest.raises(pint.DimensionalityError):
            registry.Quantity(1, one) + registry.Quantity(2, other)


UNITS = ["s", "ms", "day", "FLOP", "TFLOP/s", "GB", "GiB", "kB/s", "token/s", "$", "%", "", "joule", "W", "byte/FLOP"]
numbers = st.floats(min_value=1e-12, max_value=1e18, allow_nan=False) | st.integers(1, 10**12)


@given(numbers, st.sampled_from(UNITS))
def test_a_number_written_with_its_unit_is_read_back(value, unit):
    assert parse(f"{value!r} {unit}", unit) == pytest.approx(value, rel=1e-12)
    assert parse(f"{value!r}{unit}", unit) == pytest.approx(value, rel=1e-12)
    assert parse(f"{value!r}", unit) == pytest.approx(value, rel=1e-12)


@given(numbers, st.sampled_from(["s", "B", "FLOP", "W"]), st.sampled_from(["k", "M", "G", "T", "P"]))
def test_a_prefix_only_moves_the_point(value, unit, prefix):
    power = {"k": 3, "M": 6, "G": 9, "T": 12, "P": 15}[prefix]
    assert parse(f"{value!r} {prefix}{unit}", unit) == pytest.approx(value * 10**power, rel=1e-12)


@given(st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_a_unit_is_either_converted_there_and_back_or_refused(one, other):
    try:
        there = parse(f"3 {one}" if one else "3x", other)
    except WrongDimension:
        return
    assert parse(f"{there!r} {other}" if other else f"{there!r}x", one) == pytest.approx(3, rel=1e-12)


@given(st.text(max_size=90))
def test_any_text_gives_a_finite_number_or_a_helpful_error(text):
    try:
        assert math.isfinite(parse(text, "day"))
    except QuantityError as error:
        assert len(str(error)) < 300


@pytest.mark.parametrize(("unit", "size"), [("day", DAY_S), ("GB", 1e9), ("GiB", 2**30), ("%", 0.01), ("", 1.0)])
def test_factor_is_the_size_in_base_units(unit, size):
    assert quantity.factor(unit) == pytest.approx(size, rel=1e-12)


def test_a_question_with_an_unknown_unit_is_an_error_of_the_question():
    with pytest.raises(ValueError, match="unknown unit 'furlong'") as error:
        parse("3 s", "furlong")
    assert not isinstance(error.value, QuantityError)


def test_text_is_wanted():
    with pytest.raises(TypeError, match="typed as text"):
        parse(25, "day")


def test_pint_is_loaded_only_when_a_quantity_is_parsed():
    code = (
        "import sys; from mlsys_helpers.kit import quantity; assert 'pint' not in sys.modules;"
        "quantity.parse('3', 'day'); assert 'pint' not in sys.modules;"
        "quantity.parse('3 days', 'day'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
