"""A claim of the chapter, and when it holds.

A printed number promises its last digit: "25" stands for 24.5 up to, not including, 25.5, and "145.5" for 145.45 up to
145.55. A power of ten ("10^5") promises half an order of magnitude to either side. "over 80", "under 100" and "60 to
70" say what they say. A claim that prints a word ("dozens", "hundreds") says in `within` what the word stands for here.
Zeros at the end count as digits; where they were not meant so, `within` says it, and `why` gives the reason.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from mlsys_helpers.kit.units import number

DIFFERS, CONTRADICTS, ABSENT = "differs", "contradicts", "not in the text"
ROUNDS, AGREES, DERIVED, CONSTANT = "rounds to it", "agrees", "nothing printed", "no check"
VERDICTS = {  # disagreements first, as they are shown
    CONTRADICTS: "another place of the chapter says otherwise",
    DIFFERS: "the figures that it is made from give something else",
    ABSENT: "a self-check, or a word such as 'earlier', relies on it, and the text does not have it",
    ROUNDS: "what is recomputed rounds to what is printed",
    AGREES: "recomputed and found as printed",
    DERIVED: "the chapter prints no such figure; it follows from those that it does print",
    CONSTANT: "a figure that nothing in the chapter or here can check",
}
DISAGREEMENTS = (CONTRADICTS, DIFFERS, ABSENT)

_EXACT = 1e-9  # relative: floating-point arithmetic on exact figures is off by less
_SHOWN_DIGITS, _MOST_DIGITS = 4, 8
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?(?:e(?P<exponent>[+-]?\d+))?"
    rf"(?: (?P<word>{'|'.join(_WORDS)}))?"
)
_POWER = re.compile(r"10\^(?P<power>-?\d+)")


@dataclass(frozen=True)
class Promise:
    """What a printed figure promises: a value from `low` up to `high`. `value` is the number itself, if it is one."""

    low: float
    high: float
    value: float | None = None

    def exactly(self, found: float) -> bool:
        """Whether `found` is the printed number, or lies in a range that was printed as a range or a word."""
        if self.value is None:
            return self.low <= found <= self.high
        return math.isclose(found, self.value, rel_tol=_EXACT)

    def holds(self, found: float) -> bool:
        """Whether the printed figure is `found`, as far as its digits go."""
        return self.exactly(found) or self.low <= found < self.high


def promise(printed: str) -> Promise | None:
    """What `printed` promises; None for words."""
    one = _one(printed)
    if one:
        return one
    first, _, last = printed.partition(" to ")
    low, high = _one(first), _one(last)
    if low and high:
        return Promise(low.low, high.high)
    word, _, rest = printed.partition(" ")
    limit = _one(rest)
    if limit is None or limit.value is None:
        return None
    limits = {"over": (limit.value, math.inf), "under": (0.0, limit.value), "nearly": (limit.low, limit.value)}
    return Promise(*limits[word]) if word in limits else None


def _one(text: str) -> Promise | None:
    """The promise of one number, such as "8.5 billion", "36,000" or "10^5"."""
    power = _POWER.fullmatch(text)
    if power:
        exponent = int(power["power"])
        return Promise(10.0 ** (exponent - 0.5), 10.0 ** (exponent + 0.5), 10.0**exponent)
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    decimals = found["decimals"] or ""
    scale = 10.0 ** int(found["exponent"] or 0) * _WORDS.get(found["word"], 1.0)
    value, half = float(found["whole"].replace(",", "") + decimals), 0.5 * 10.0 ** -max(0, len(decimals) - 1)
    return Promise((value - half) * scale, (value + half) * scale, value * scale)


@dataclass(frozen=True)
class Claim:
    """One quantitative claim.

    `section` is "opening" or a heading such as "1.6", `where` the place in it, `says` the claim in our words. `printed`
    is the figure as the chapter gives it (number words as numerals, longer phrases in ours), in `unit`. `recompute`
    works the same figure out from others; where it works out something else that follows, `gives` is the unit of that,
    and nothing is compared. `within` is what a printed word stands for. `against` names what it contradicts: ids of
    claims, or places such as "1.4, title of perspective 1.3". `absent` marks what the text does not have. `why` says
    what to make of it.
    """

    section: str
    id: str
    where: str
    says: str
    printed: str = ""
    unit: str = ""
    recompute: Callable[[], float] | None = None
    gives: str = ""
    within: tuple[float, float] | None = None
    against: tuple[str, ...] = ()
    absent: bool = False
    why: str = ""

    @cached_property
    def value(self) -> float | None:
        """What is recomputed, in `gives` or else in `unit`; None where nothing is."""
        return None if self.recompute is None else float(self.recompute())

    @cached_property
    def promise(self) -> Promise | None:
        """What the printed figure promises; None for words that stand for no number."""
        read = promise(self.printed)
        return Promise(*self.within, read.value if read else None) if self.within else read

    @property
    def kept(self) -> bool | None:
        """Whether the printed figure is what is recomputed; None where the two are not to be compared."""
        pair = self._pair
        return None if pair is None else pair[0].holds(pair[1])

    @property
    def verdict(self) -> str:
        """One of VERDICTS. What it contradicts and what is absent are declared; the rest is computed."""
        if self.against or self.absent:
            return CONTRADICTS if self.against else ABSENT
        if self._pair is None:
            return CONSTANT if self.printed else DERIVED
        promised, value = self._pair
        if not promised.holds(value):
            return DIFFERS
        return AGREES if promised.exactly(value) else ROUNDS

    @property
    def _pair(self) -> tuple[Promise, float] | None:
        """What is promised and what is recomputed, where the two are to be compared."""
        if self.value is None or not self.printed or self.gives:
            return None
        if self.promise is None:
            raise ValueError(f"{self.id}: say in `within` what {self.printed!r} stands for, or in `gives` what follows")
        return self.promise, self.value

    @property
    def disagrees(self) -> bool:
        """Whether a reader should not take it as printed."""
        return self.verdict in DISAGREEMENTS

    @property
    def place(self) -> str:
        """Where it stands, with its section: "1.6, napkin math 1.1", or "1.9.2, text" where that says it already."""
        return self.where if self.where.startswith(f"{self.section}.") else f"{self.section}, {self.where}"

    @property
    def shown(self) -> str:
        """The printed figure with its unit, or the printed words; empty where nothing is printed."""
        return _with_unit(self.printed, self.unit) if promise(self.printed) else self.printed

    @property
    def found(self) -> str:
        """The recomputed figure with its unit, to more digits where it would look as printed; empty for none."""
        if self.value is None:
            return ""
        texts = [figure(self.value, digits) for digits in range(_SHOWN_DIGITS, _MOST_DIGITS)]
        alike = self.verdict == ROUNDS and self.printed
        return _with_unit(next((text for text in texts if text != alike), texts[0]), self.gives or self.unit)


def figure(value: float, digits: int = _SHOWN_DIGITS) -> str:
    """A recomputed value as text: whole numbers whole, others to some digits, and more if they would look whole.

    >>> [figure(x) for x in (36_000.0, 1987.0, 25.281, 99.999, 60_965_224.0)]
    ['36,000', '1987', '25.28', '99.999', '60.97 million']
    """
    for word, scale in reversed(_WORDS.items()):
        if max(scale, 1e6) <= abs(value) < 1e15:
            return f"{figure(value / scale, digits)} {word}"
    if abs(value) < 1e6 and math.isclose(value, round(value), rel_tol=_EXACT):
        return f"{round(value):,}" if abs(value) >= 1e4 else f"{round(value)}"
    mantissa, e, exponent = number(value, digits).partition("e")
    text = (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + exponent.lstrip("+")
    looks_whole = abs(value) < 1e3 and text.isdigit()
    return figure(value, digits + 1) if looks_whole and digits < _MOST_DIGITS else text


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()
