"""Numbers, names and times as grading tells them everywhere, and a time as people type it."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

_LAST_MINUTE = time(23, 59)


def shown_points(points: float) -> str:
    """Points as students and exports see them: at most two decimals, half a hundredth up, no zeros at the end.

    A total is added up first and rounded once. Sums of rounded points could make full marks 9.99 of 10.
    """
    exact = Decimal(f"{points:.9f}")  # what the last bits of a sum of floats say is noise
    rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded:f}".rstrip("0").rstrip(".")


def many(number: float, what: str) -> str:
    """A number with its noun: `1 task`, `2.5 points`."""
    return f"{shown_points(number)} {what}{'' if number == 1 else 's'}"


def some(names: Iterable[str], most: int = 5) -> str:
    """The first `most` of many names, and how many more there are."""
    first, left = _split(names, most)
    return ", ".join(first) + (f" and {left:,} more" if left else "")


def some_lines(lines: Iterable[str], most: int = 20) -> list[str]:
    """The first `most` of many lines, and one that says how many more there are."""
    first, left = _split(lines, most)
    return [*first, *([f"and {left:,} more"] if left else [])]


def _split(texts: Iterable[str], most: int) -> tuple[list[str], int]:
    rest = iter(texts)
    return list(islice(rest, most)), sum(1 for _ in rest)


def moment(text: str) -> datetime:
    """A date and a time as people type them, meant where they are; a day alone is meant to its last minute.

    Raises ValueError.
    """
    text = text.strip()
    try:
        found = _last_minute(text) or datetime.fromisoformat(text)
        return found if found.tzinfo else found.astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(f'{text!r} is no date: write it like "2026-12-04 23:59"') from error


def _last_minute(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), _LAST_MINUTE)
    except ValueError:
        return None


def written(moment: datetime) -> str:
    """A date and a time for people, with the zone that it is meant in: `2026-12-04 23:59 (UTC+01:00)`."""
    zone = moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]
    return f"{moment:%Y-%m-%d %H:%M} (UTC{'' if zone == '+00:00' else zone})"
