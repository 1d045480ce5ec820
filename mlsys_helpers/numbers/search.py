"""Finds claims by what a reader has in hand: a figure, with or without its unit, or words.

A figure is held against what is printed and what is recomputed, whatever the unit: "600 hours" finds 25 days, and 0.45
finds 45 %. Anything else is words, each of which may stand anywhere in a row: its place, its text, its figures.
"""

import math
import re
from collections.abc import Iterable, Iterator

from mlsys_helpers.kit import quantity
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.ledger import claims

_LITTLE = {"a", "an", "and", "as", "at", "by", "for", "from", "how", "in", "is", "it", "of", "on", "the", "to"}
SAME, NEAR = 1e-6, 0.02  # relative: the same figure, and one that somebody may have rounded


def search(query: str, among: Iterable[Claim] | None = None) -> tuple[Claim, ...]:
    """The claims that `query` speaks of, best first; none where nothing matches. `among` limits the search."""
    rows = tuple(claims() if among is None else among)
    number, unit = _leading_number(query)
    found = () if number is None else _by_figure(query, number, unit, rows)
    return found if found or _is_quantity(query) else _by_words(query, rows)


def _by_figure(query: str, number: float, unit: str, rows: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Rows that print or give the figure: the same before near ones, printed before recomputed."""
    asked: dict[str, list[float]] = {}

    def score(row: Claim) -> int:
        best = 0
        for points, value, known in _figures(row):
            if known not in asked:
                asked[known] = list(_in_unit(query, number, unit, known))
            for amount in asked[known]:
                if math.isclose(amount, value, rel_tol=NEAR):
                    best = max(best, points + 2 * math.isclose(amount, value, rel_tol=SAME))
        return best

    return _best_first(rows, score)


def _figures(row: Claim) -> Iterator[tuple[int, float, str]]:
    """The row's printed figure and its recomputed one, each with what finding it is worth and its unit."""
    if row.promise and row.promise.value is not None:
        yield 2, row.promise.value, row.unit
    if row.value is not None:
        yield 1, row.value, row.gives or row.unit


def _leading_number(query: str) -> tuple[float | None, str]:
    """The number that `query` begins with and what follows it; None and everything where it begins with none."""
    for end in range(len(query), 0, -1):
        try:
            return quantity.parse(query[:end], ""), query[end:].strip()
        except quantity.QuantityError:
            continue
    return None, query


def _is_quantity(query: str) -> bool:
    """Whether `query` is a number with a unit that `kit.quantity` knows."""
    try:
        quantity.parse(query, "")
    except quantity.QuantityError as error:
        return isinstance(error, quantity.WrongDimension)
    return False


def _in_unit(query: str, number: float, unit: str, known: str) -> Iterator[float]:
    """The figure that was typed, in the unit of a row; nothing where it is of another kind."""
    name = known.partition(" ")[0]
    if not unit:
        yield number
        if name == "%":
            yield 100 * number
        return
    try:
        yield quantity.parse(query, name)
    except ValueError:  # another kind of quantity, or a unit that only people can read
        if unit.casefold() in (known.casefold(), name.casefold()):
            yield number


def _by_words(query: str, rows: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Rows with the most of the words, and of those first the ones whose text has them."""
    words = [word.removesuffix("s") for word in re.findall(r"[^\s,;:?!]+", query.casefold()) if word not in _LITTLE]
    patterns = [re.compile(rf"(?<![a-z0-9]){re.escape(word)}" + r"(?!\d)" * word[-1:].isdigit()) for word in words]

    def hits(text: str) -> int:
        return sum(bool(pattern.search(text.casefold())) for pattern in patterns)

    def anywhere(row: Claim) -> int:
        return hits(
            " ".join((row.section, row.where, row.id.replace("_", " "), row.says, row.shown, row.found, row.why))
        )

    most = max(map(anywhere, rows), default=0)
    return _best_first(
        (row for row in rows if anywhere(row) == most > 0),
        lambda row: 1 + hits(f"{row.id} {row.says}") + 2 * hits(row.shown),
    )


def _best_first(rows: Iterable[Claim], score) -> tuple[Claim, ...]:
    """The rows with a score, the highest first, in the order they had among equals."""
    scored = [(score(row), row) for row in rows]
    return tuple(row for points, row in sorted(scored, key=lambda pair: -pair[0]) if points)
