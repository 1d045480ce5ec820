"""Tables for spreadsheets and back, with cells that execute nothing."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

DELIMITERS = ",;\t"
_BOM, _MISREAD = "\ufeff", "ï»¿"  # the mark of UTF-8, and how it looks to who took it for another encoding
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
# Where a cell can begin in some spreadsheet: one that takes ";" or tabs as separators sees a cell in the middle of
# ours, and then a line in it begins a row. A formula begins with one of the signs, also in their wide forms.
_BEGIN, _FORMULA = r"(^|[;\t\r\n])(\s*)", "(?='*[=+\\-@\uff1d\uff0b\uff0d\uff20].)"
_OPEN = re.compile(_BEGIN + _FORMULA, re.DOTALL)
_QUOTED = re.compile(_BEGIN + "'" + _FORMULA, re.DOTALL)


@dataclass(frozen=True)
class Table:
    """The cells of a table as they were read, and how it was written."""

    rows: list[list[str]]
    delimiter: str = ","
    bom: bool = False


def safe(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula: a ' stands before what could begin one.

    A plain number stays one. Names in exports are changed by this, so nobody must be found by name.
    """
    return text if _NUMBER.fullmatch(text) else _OPEN.sub(r"\1\2'", text)


def unsafe(cell: str) -> str:
    """The text that `safe` made `cell` of."""
    return _QUOTED.sub(r"\1\2", cell)


def number(cell: str) -> float:
    """The number in a cell, with a decimal point or comma. Raises ValueError for what is none."""
    if not _NUMBER.fullmatch(cell) or cell.endswith("%"):
        raise ValueError(f"{cell!r} is no number; expected one like 1.5")
    return float(cell.replace(",", "."))


def read(data: bytes) -> Table:
    """The table in the bytes of a CSV file, whatever delimiter and encoding a spreadsheet chose. Raises ValueError."""
    text = _text(data)
    bom, text = text.startswith(_BOM), text.removeprefix(_BOM)
    if text.lstrip('"').startswith(_MISREAD):
        raise ValueError(
            "this table was opened in another encoding than UTF-8 and saved so; open the first one as UTF-8"
        )
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        return Table(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), delimiter, bom)
    except csv.Error as error:
        raise ValueError(f"this is no table of comma-separated values: {error}") from error


def write(rows: Iterable[Iterable[str]], delimiter: str = ",", bom: bool = False) -> bytes:
    """The bytes of a CSV file in UTF-8; Excel needs the mark at the start (`bom`) to see that it is."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return ((_BOM if bom else "") + text.getvalue()).encode("utf8")


def _text(data: bytes) -> str:
    """UTF-8; else the two encodings that Excel also writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _BOM + data.decode("utf-16", "replace")
    try:
        return data.decode("utf8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
