"""Bad input is refused by name: each check returns the value as NumPy floats or says what was wrong with it.

A check accepts a number or anything NumPy reads as an array of real numbers, and refuses text, booleans,
complex numbers, NaN, infinities and quantities that still carry a unit of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def real(name: str, value, unit: str = "") -> np.ndarray:
    """`value` as an array of finite floats.

    Raises TypeError for what is not a plain real number, ValueError for NaN or infinity.
    """
    import numpy as np  # here, so that a command which checks no numbers need not wait for NumPy

    wanted = f"{name} must be a plain number" + (f" in {unit}" if unit else "")
    if hasattr(value, "magnitude"):
        raise TypeError(f"{wanted}, got the quantity {value}: convert it first and pass the bare number")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{wanted} or an array of them, got {value!r}") from error
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{wanted} or an array of them, got {_short(value)}")
    array = array.astype(float, copy=False)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {_first(array, ~np.isfinite(array))}")
    return array


def non_negative(name: str, value, unit: str = "") -> np.ndarray:
    """`value` as floats of zero or more."""
    array = real(name, value, unit)
    if array.size and array.min() < 0:
        raise ValueError(f"{name} must not be negative, got {_first(array, array < 0)}")
    return array


def positive(name: str, value, unit: str = "") -> np.ndarray:
    """`value` as floats above zero."""
    array = real(name, value, unit)
    if array.size and array.min() <= 0:
        raise ValueError(f"{name} must be greater than zero, got {_first(array, array <= 0)}")
    return array


def share(name: str, value) -> np.ndarray:
    """`value` as floats above 0 and at most 1; a percentage is recognised and named."""
    array = positive(name, value)
    if array.size and array.max() > 1:
        wrong = _first(array, array > 1)
        hint = f" (for {wrong:g} % write {wrong / 100:g})" if 2 <= wrong <= 100 else ""
        raise ValueError(f"{name} must lie between 0 and 1, got {wrong:g}{hint}")
    return array


def one_of(name: str, value: str, known) -> str:
    """`value` if it is among `known`, else a ValueError with the nearest match."""
    known = list(known)
    if value in known:
        return value
    import difflib  # only an error needs it

    typed, folded = str(value).casefold(), {str(option).casefold(): option for option in known}
    begun = [option for option in folded if typed and option.startswith(typed)]
    near = (begun or difflib.get_close_matches(typed, folded, cutoff=0.4))[:3]
    meant = f"; did you mean {' or '.join(repr(folded[n]) for n in near)}?" if near else ""
    listed = ", ".join(map(str, known[:12])) + (", ..." if len(known) > 12 else "")
    raise ValueError(f"unknown {name} {value!r}{meant or '.'} Known: {listed}")


def plain(array: np.ndarray):
    """A Python float for a single number, the array itself otherwise."""
    return array.item() if array.ndim == 0 else array


def _first(array: np.ndarray, wrong: np.ndarray) -> float:
    return array[wrong].flat[0].item() if array.ndim else array.item()


def _short(value) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
