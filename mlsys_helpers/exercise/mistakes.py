"""The usual ways to make a wrong answer out of the right one; a task lists them as its known mistakes."""

from collections.abc import Callable
from typing import Any


def scaled(reference: Callable[..., Any], factor: float) -> Callable[..., Any]:
    """`reference` off by a factor: hours for days, bits for bytes, a factor left out."""
    return lambda **given: factor * reference(**given)


def altered(reference: Callable[..., Any], /, **changes: Any) -> Callable[..., Any]:
    """`reference` asked with some givens changed, each to a value or by a function of the given itself.

    >>> altered(lambda flop, chips: flop / chips, flop=lambda flop: 2 * flop, chips=1)(flop=3.0, chips=8)
    6.0
    """

    def wrong(**given: Any) -> Any:
        changed = {name: change(given[name]) if callable(change) else change for name, change in changes.items()}
        return reference(**given | changed)

    return wrong
