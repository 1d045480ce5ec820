"""`companion numbers` in a terminal."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from mlsys_helpers import cli
from mlsys_helpers.numbers import ledger


@pytest.fixture
def numbers(monkeypatch):
    """Call the command: numbers("25", "days") gives .exit_code and .output."""
    monkeypatch.setenv("COLUMNS", "120")
    return lambda *words: CliRunner().invoke(cli.app, ["numbers", *words])


@pytest.mark.parametrize("words", [("25 days",), ("25", "days"), ("600 hours",)])
def test_a_figure_is_found_with_its_formula(numbers, words):
    told = numbers(*words)
    assert told.exit_code == 0
    for part in ("napkin math 1.1", "25.28 days", "iron_law.training_time_s", "rounds to it"):
        assert part in told.output


def test_without_a_query_it_counts(numbers):
    told = numbers()
    assert told.exit_code == 0 and str(len(ledger.claims())) in told.output
    assert "another place of the chapter says otherwise" in told.output


def test_a_filter_lists(numbers):
    told = numbers("--section", "1.11")
    assert told.exit_code == 0 and "contradicts" in told.output and "more:" not in told.output
    assert "more: --limit" in numbers("--section", "1.2", "--limit", "3").output


def test_every_row_can_be_shown(numbers):
    told = numbers("--verdict", "no check", "--limit", "999")
    assert told.exit_code == 0 and "Turing" in told.output


@pytest.mark.parametrize("words", [("zzz",), ("25 dollars",)])
def test_nothing_found_is_said(numbers, words):
    told = numbers(*words)
    assert told.exit_code == 1 and "matches" in told.output + told.stderr


@pytest.mark.parametrize("words", [("--section", "1.99"), ("--verdict", "wrong"), ("--limit", "0")])
def test_misuse_is_named(numbers, words):
    assert numbers(*words).exit_code == 2


def test_a_look_up_waits_neither_for_scipy_nor_for_pictures():
    """Every model is loaded for it; the heavy packages are for functions that nobody called."""
    code = "import sys; from mlsys_helpers.numbers import ledger; ledger.summary(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" in loaded and not {"scipy", "sklearn", "matplotlib", "ipywidgets"} & set(loaded)
