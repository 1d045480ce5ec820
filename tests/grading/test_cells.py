"""Nothing that a student typed becomes a formula, and what was made safe comes back as it was."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.grading import cells

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "\uff1d1+1",
    "Ada;=1+1",
    "Ada\n=1+1",
    "Ada\t@SUM(1)",
    "-2+3+cmd|' /C calc'!A0",
]
FORMULA = re.compile("\\s*[=+@\uff1d\uff0b\uff20-].", re.DOTALL)
TEXT = st.text(st.sampled_from("aé'\"=+-@;,\t\r\n 1.\uff1d"))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_whatever_separator_a_spreadsheet_takes(text, delimiter):
    written = cells.write([["ada", cells.safe(text), "2"]]).decode()
    found = [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter) for cell in row]
    assert found and not [cell for cell in found if FORMULA.match(cell)]


@given(TEXT)
def test_what_was_made_safe_comes_back_as_it_was(text):
    assert cells.unsafe(cells.safe(text)) == text


@given(TEXT)
def test_what_is_safe_begins_no_formula(text):
    made = cells.safe(text)
    assert not FORMULA.match(made) or re.fullmatch(r"[+-]\d+([.,]\d+)?", made)


@pytest.mark.parametrize("text", ["Ada Lovelace", "O'Brien", "Anne-Marie", "ada@x.org", "-3.5", "-", "2,5", "'quoted'"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert cells.safe(text) == cells.unsafe(text) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_however_a_spreadsheet_wrote_it(encoding, delimiter):
    text = delimiter.join(["id", "name"]) + "\r\n" + delimiter.join(["z9", '"Émile\nZola"']) + "\r\n"
    assert cells.read(text.encode(encoding)).rows == [["id", "name"], ["z9", "Émile\nZola"]]


def test_a_table_is_written_as_it_was_read():
    data = "\ufeffid;name\r\nz9;Émile\r\n".encode()
    read = cells.read(data)
    assert cells.write(read.rows, read.delimiter, read.bom) == data


def test_a_number_may_have_a_decimal_comma():
    assert cells.number("1,5") == cells.number("1.5") == 1.5


@pytest.mark.parametrize("cell", ["", "two", "1.234,5", "50%", "nan", "1e3", "01. Mai"])
def test_what_is_no_number_is_named(cell):
    with pytest.raises(ValueError, match="is no number"):
        cells.number(cell)


def test_what_is_no_table_is_named():
    with pytest.raises(ValueError, match="no table"):
        cells.read(b"id\n" + b"x" * 200_000)


def test_letters_that_were_misread_are_told_of():
    with pytest.raises(ValueError, match="another encoding than UTF-8"):
        cells.read("\ufeffid,name\n".encode().decode("cp1252").encode())
