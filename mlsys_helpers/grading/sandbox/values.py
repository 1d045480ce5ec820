"""Plain values over a pipe: what a learner's code gave becomes JSON in the child and is checked again outside.

None, truths, numbers and words stand for themselves; `["t", parts]` is a tuple, `["l", parts]` a list,
`["s", parts]` a set, `["a", kind, shape, parts]` an array of kind b, i, f or U, `["d", pairs]` a dict, and
`["o", type name]` anything else.
A complex number, an object array, a huge whole number and whatever lies too deep are "anything else".
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np

MAX_DEPTH, MAX_PARTS, MAX_TEXT, MAX_BITS = 8, 20_000, 4_000, 1_024
MAX_KEYS = 500  # of a set or dict: keys can be chosen so that each is compared with all before it
MAX_LETTERS = 2_000_000  # of all parts if each were as long as the longest text, as in an array made of them


class NotPlain(ValueError):
    """A value that is not in the form above, or is too large for it."""


def encode(value: Any) -> Any:
    """`value` as JSON can carry it. Runs in the learner's process, so nothing that it says is trusted outside."""
    return _Encoder().encode(value, 0)


class _Encoder:
    """Keeps its own references, taken before any code of a learner's runs: NumPy may be patched afterwards."""

    array, generic, fraction, decimal_name = np.ndarray, np.generic, Fraction, "decimal"
    listed, item, shape = np.ndarray.tolist, np.generic.item, np.ndarray.shape

    def __init__(self) -> None:
        self.left = MAX_PARTS

    def encode(self, value: Any, depth: int) -> Any:
        kind = type(value)
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            return ["o", "something too large"]
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return value if value.bit_length() <= MAX_BITS else ["o", "a whole number too large"]
        if kind is str:
            return value[:MAX_TEXT]
        if kind is tuple or kind is list:
            return self._parts("t" if kind is tuple else "l", value, depth)
        if kind is dict:
            pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in list(value.items())[:MAX_PARTS]]
            return ["d", pairs]
        if kind is set or kind is frozenset:
            return self._parts("s", list(value), depth)
        return self._other(value, kind, depth)

    def _parts(self, sign: str, value: Any, depth: int) -> list:
        if len(value) > MAX_PARTS:
            return ["o", "something too large"]
        return [sign, [self.encode(part, depth + 1) for part in value]]

    def _other(self, value: Any, kind: type, depth: int) -> Any:
        if isinstance(value, self.array):
            return self._array(value)
        if isinstance(value, self.generic):
            if value.dtype.kind == "f":
                return float(value)  # a longdouble's item is a longdouble
            return self.encode(_Encoder.item(value), depth + 1) if value.dtype.kind in "biufU" else ["o", kind.__name__]
        if isinstance(value, tuple):
            return self._parts("t", tuple(value), depth)
        if isinstance(value, str):
            return str.__str__(value)[:MAX_TEXT]
        if isinstance(value, self.fraction) or kind.__module__ == self.decimal_name:
            return float(value)
        return ["o", str(kind.__name__)[:80]]

    def _array(self, value: Any) -> list:
        if value.dtype.kind not in "biufU" or value.size > MAX_PARTS:
            return ["o", f"an array of {value.dtype.name}" if value.size <= MAX_PARTS else "something too large"]
        kind = {"u": "i"}.get(value.dtype.kind, value.dtype.kind)
        flat = value.reshape(-1).astype({"f": float}.get(kind, value.dtype))
        return ["a", kind, list(value.shape), _Encoder.listed(flat)]


class Strange:
    """Stands for an answer that is no plain value; equal to nothing that a judge compares with."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Unordered(set):
    """A set that is written in one order in every process, so that messages about it are the same."""

    def __repr__(self) -> str:
        return f"{{{', '.join(sorted(map(repr, self)))}}}" if self else "set()"


def decode(data: Any) -> Any:
    """The value that `data` stands for, made of builtin types and plain arrays only. Raises NotPlain otherwise."""
    decoder = _Decoder()
    value = decoder.decode(data, 0)
    if decoder.longest * (MAX_PARTS - decoder.left) > MAX_LETTERS:
        raise NotPlain("too much text")
    return value


class _Decoder:
    def __init__(self) -> None:
        self.left, self.longest = MAX_PARTS + MAX_DEPTH, 0

    def decode(self, data: Any, depth: int) -> Any:
        self.left -= 1
        if depth > MAX_DEPTH + 1 or self.left < 0:
            raise NotPlain("too deep or too large")
        if data is None or type(data) in (bool, float):
            return data
        if type(data) is int:
            return data if data.bit_length() <= MAX_BITS else Strange("a whole number too large")
        if type(data) is str:
            self.longest = max(self.longest, len(data[:MAX_TEXT]))
            return data[:MAX_TEXT].encode("utf8", "replace").decode("utf8")
        if type(data) is not list or not data or type(data[0]) is not str:
            raise NotPlain(f"{type(data).__name__} is no plain value")
        return self._made(data[0], data[1:], depth)

    def _made(self, sign: str, rest: list, depth: int) -> Any:
        if sign in ("t", "l", "s") and len(rest) == 1 and type(rest[0]) is list:
            parts = [self.decode(part, depth + 1) for part in rest[0]]
            return _hashable(Unordered, parts) if sign == "s" else tuple(parts) if sign == "t" else parts
        if sign == "d" and len(rest) == 1 and type(rest[0]) is list:
            return self._dict(rest[0], depth)
        if sign == "o" and len(rest) == 1 and type(rest[0]) is str:
            return Strange(rest[0][:80].encode("utf8", "replace").decode("utf8"))
        if sign == "a" and len(rest) == 3:
            return _array(*rest)
        raise NotPlain(f"{sign!r} with {len(rest)} parts is no plain value")

    def _dict(self, pairs: list, depth: int) -> dict:
        if any(type(pair) is not list or len(pair) != 2 for pair in pairs):
            raise NotPlain("a dict is made of pairs")
        return _hashable(dict, [(self.decode(k, depth + 1), self.decode(v, depth + 1)) for k, v in pairs])


def _hashable(kind: type, parts: list) -> Any:
    if len(parts) > MAX_KEYS:
        raise NotPlain(f"more than {MAX_KEYS} in a {'dict' if kind is dict else 'set'}")
    try:
        return kind(parts)
    except TypeError as error:
        raise NotPlain(str(error)) from error


def _array(kind: Any, shape: Any, numbers: Any) -> np.ndarray:
    types = {"b": (bool,), "i": (int,), "f": (float, int), "U": (str,)}
    if type(kind) is not str or kind not in types or type(shape) is not list or type(numbers) is not list:
        raise NotPlain("no array")
    if len(shape) > MAX_DEPTH or any(type(n) is not int or n < 0 for n in shape) or len(numbers) > MAX_PARTS:
        raise NotPlain("no shape of an array")
    if math.prod(shape) != len(numbers) or any(type(x) not in types[kind] for x in numbers):
        raise NotPlain("the numbers of an array do not fit its shape or kind")
    try:
        if kind == "U":
            numbers = [text[:MAX_TEXT].encode("utf8", "replace").decode("utf8") for text in numbers[:1_000]]
        return np.array(numbers, dtype={"b": bool, "i": np.int64, "f": float, "U": str}[kind]).reshape(shape)
    except (OverflowError, ValueError) as error:
        raise NotPlain(str(error)) from error
