"""What a reader has in hand finds its row."""

import pytest

from mlsys_helpers.numbers import ledger
from mlsys_helpers.numbers.search import search


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("25 days", "gpt3_days"),
        ("25 d", "gpt3_days"),
        ("600 hours", "gpt3_days"),
        ("2.184e6 s", "gpt3_days"),
        ("45 %", "utilisation"),
        ("0.45", "utilisation"),
        ("145.5x", "dram_fp16"),
        ("145.5", "dram_fp16"),
        ("1,287 MWh", "gpt3_energy"),
        ("1.3 GWh", "gpt3_energy_gwh"),
        ("350e9 bytes", "gpt3_bytes"),
        ("312TFLOP/s", "peak"),
        ("288 TPU-hours", "alphago_tpu_hours"),
        ("8.5 billion searches/day", "searches"),
        ("98,380 searches/s", "searches"),
        ("362,508", "image_digits"),
        ("10^80", "atoms"),
        ("household energy", "household_energy"),
        ("GPT-3 25 days", "gpt3_days"),
        ("days saved", "gpt3_days_saved"),
        ("self-check 4 coin cell", "coin_cell_year"),
        ("Amdahl", "amdahl"),
        ("verification invariant", "invariant_name"),
    ],
)
def test_found_first(query, first):
    assert search(query)[0].id == first


def test_a_recomputed_figure_is_found_beside_the_printed_one():
    assert [claim.id for claim in search("1287 MWh")] == ["gpt3_energy", "gpt3_energy_gwh"]


def test_another_kind_of_quantity_is_not_found():
    assert search("25 dollars") == ()
    assert "gpt3_days" not in {claim.id for claim in search("25 GB")}


def test_a_number_in_words_is_a_whole_number():
    assert {claim.section for claim in search("footnote 17")} == {"1.3"}


def test_every_printed_figure_finds_its_row():
    for claim in ledger.claims():
        if claim.promise and claim.promise.value is not None:
            assert claim in search(claim.shown), claim.id


@pytest.mark.parametrize("query", ["", "  ", "?", "zzz", "the of", "1e999", "(((", "5 \\d"])
def test_nonsense_finds_nothing_or_little(query):
    assert len(search(query)) < len(ledger.claims()) / 4


def test_limited_to_some_rows():
    assert {claim.section for claim in search("days", ledger.chosen("1.7"))} <= {"1.7"}
