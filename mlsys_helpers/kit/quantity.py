"""Quantities that people type: "25 days", "2.2e6 s", "312 TFLOP/s", "1.3x", "75 %".

Pint does the work, and is loaded by the first call, not by importing this module. The registry is our own, because
in Pint's bytes are a pure number and may be added to anything. Here time, data (byte), arithmetic (FLOP), energy
(joule), money (dollar), length (metre) and counted things (item: a token, an image, a request, a chip) are
dimensions of their own, so that mixing them is an error and never a number.

Read as written, with these conventions:
* kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB powers of 1024; B is a byte, b a bit (an eighth of it).
* FLOP, FLOPs, TFLOP are counts; FLOP/s, TFLOP/s and FLOPS with a capital S are rates.
* 1,365 is one thousand three hundred and sixty-five; a decimal point is a point.
* A number without a unit is in the unit that was asked for.
"""

import functools
import math
import re

_DEFINITIONS = """
yotta- = 1e24 = Y-
zetta- = 1e21 = Z-
exa- = 1e18 = E-
peta- = 1e15 = P-
tera- = 1e12 = T-
giga- = 1e9 = G-
mega- = 1e6 = M-
kilo- = 1e3 = k- = K-
milli- = 1e-3 = m-
micro- = 1e-6 = µ- = u-
nano- = 1e-9 = n-
pico- = 1e-12 = p-
kibi- = 1024 = Ki-
mebi- = 1024**2 = Mi-
gibi- = 1024**3 = Gi-
tebi- = 1024**4 = Ti-
ratio = [] = _ = times = fold
percent = 0.01 = _
second = [time] = s = sec
minute = 60 * second = min
hour = 3600 * second = h = hr
day = 86400 * second = d
week = 7 * day
month = 30.4375 * day
year = 365.25 * day = _ = yr
hertz = 1 / second = Hz
byte = [data] = B
bit = byte / 8 = b
flop = [arithmetic] = FLOP
mac = 2 * flop = MAC
joule = [energy] = J
watt = joule / second = W
watt_hour = watt * hour = Wh
dollar = [money] = _ = USD
metre = [length] = _ = meter
kilometre = 1000 * metre = km
item = [item]
token = item
image = item
sample = item
request = item
query = item = _ = queries
inference = item
parameter = item = _ = param
chip = item
accelerator = item
"""

_MEANINGS = {
    "": "a plain number, such as a ratio",
    "second": "a time",
    "byte": "an amount of data",
    "flop": "an amount of arithmetic",
    "joule": "an energy",
    "dollar": "an amount of money",
    "metre": "a length",
    "item": "a count of things",
    "watt": "a power",
    "flop/second": "a rate of arithmetic",
    "byte/second": "a rate of data",
    "item/second": "a rate of things",
    "hertz": "a rate",
    "flop/byte": "arithmetic for each byte",
    "joule/flop": "energy for each operation",
    "joule/byte": "energy for each byte",
    "dollar/hour": "a price over time",
}

_LONGEST = 80
_PREFIXES = "kilo|mega|giga|tera|peta|exa|zetta|yotta"
_ABOUT = re.compile(r"^(about|approx(\.|imately)?|roughly|around|circa|ca\.?|~|≈|=)\s*", re.IGNORECASE)
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–\u00a0\u202f\u2009", "0123456789---   ")
_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)\s*
    (?: 10\s*(?:\^|\*\*)\s*(?P<power>[+-]?\d{1,3})
      | (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ _]\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)
        (?: e(?P<e>[+-]?\d{1,3}) | \s*[x×*·⋅]\s*10\s*(?:\^|\*\*)?\s*(?P<ten>[+-]?\d{1,3}) )?
        (?: \s*/\s*(?P<over>\d+\.?\d*) )?
        (?: \s*(?P<word>thousand|million|billion|trillion)\b )?
    )""",
    re.VERBOSE | re.IGNORECASE,
)


class QuantityError(ValueError):
    """What was typed is not a quantity of the kind asked for; the message is written for the person who typed it."""


class Unreadable(QuantityError):
    """The text is no number with a unit."""


class WrongDimension(QuantityError):
    """The text is a quantity, but of another kind than the one asked for."""


def parse(text: str, unit: str) -> float:
    """The number of `unit` that `text` says; a number without a unit is in `unit` already.

    `unit` is a unit such as "day", "FLOP/s", "GB", "dollar", "%", or "" for a plain ratio. Raises Unreadable with
    an example of what to type, or WrongDimension naming both kinds.

    >>> round(parse("2.2e6 s", "day"), 2)
    25.46
    """
    amount, unit_text = _split(text, unit)
    if not unit_text:
        return amount
    typed = _units(unit_text, text, unit)
    wanted = _known(unit)
    if typed.dimensionality != wanted.dimensionality:
        kind = _named(typed) or "another kind of quantity"
        raise WrongDimension(f"'{unit_text}' is {kind}, but the question asks for {asked(unit)}.")
    return amount * (typed / wanted).to_base_units().magnitude


def factor(unit: str) -> float:
    """How much one `unit` is in SI and the companion's base units (s, byte, FLOP, J, dollar, m, item, fraction)."""
    return _known(unit).to_base_units().magnitude


def example(unit: str) -> str:
    """What a person could type for a quantity in `unit`: '12 days', '1.5x', '40 %'."""
    return {"": "1.5x or 1.5", "%": "40 %"}.get(unit) or f"12 {plural(unit)}"


def asked(unit: str) -> str:
    """What a question for `unit` asks for, in words: 'a time, such as 12 days', 'a plain number, such as a ratio'."""
    kind = _named(_known(unit)) or "a quantity"
    return f"{kind}, such as {example(unit)}" if unit else kind


def vocabulary() -> dict[str, dict]:
    """What `parse` knows, as tables for a reader in another language: words composed of prefix, unit and plural s.

    `units` gives for each name, alias and symbol its size in base units and its dimensions; `prefixes` their factors;
    `kinds` what a combination of dimensions is called.
    """
    registry = _registry()
    units = {name: registry.parse_units(name) for name in registry._units if not name.startswith("delta_")}
    return {
        "prefixes": {name: prefix.value for name, prefix in registry._prefixes.items() if name},
        "units": {name: [(1.0 * unit).to_base_units().magnitude, _powers(unit)] for name, unit in units.items()},
        "kinds": {_powers(_known(name)): meaning for name, meaning in _MEANINGS.items()},
    }


def _powers(unit) -> str:
    """The dimensions of a unit or quantity as text: 'arithmetic 1, time -1'."""
    found = sorted((name.strip("[]"), int(power)) for name, power in unit.dimensionality.items())
    return ", ".join(f"{name} {power}" for name, power in found)


def plural(unit: str) -> str:
    """`unit` as it stands after a number other than one: 'days', 'tokens/s', 'GB', '%'."""
    first, *rest = unit.split("/")
    word = len(first) >= 3 and first.islower() and not first.endswith("z")
    return "/".join([first + "s" if word else first, *rest])


@functools.cache
def _registry():
    import pint  # 0.2 s: only those who type a quantity pay for it

    registry: pint.UnitRegistry = pint.UnitRegistry(None, cache_folder=None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


def _split(text: str, unit: str) -> tuple[float, str]:
    """The number in `text` and what follows it."""
    if not isinstance(text, str):
        raise TypeError(f"a quantity is typed as text, got {text!r}")
    plain = _ABOUT.sub("", text.translate(_SUPERSCRIPTS).strip()).rstrip(".")
    plain = re.sub(r"^([+-]?)\$\s*(.*)$", r"\1\2 $", plain)
    match = _NUMBER.match(plain)
    if len(text) > _LONGEST or not match:
        raise Unreadable(f"{_short(text)} does not begin with a number. Type a number and a unit: {example(unit)}.")
    rest = plain[match.end() :].strip()
    if rest[:1] in tuple(",.0123456789"):
        raise Unreadable(f"{_short(text)} cannot be read as one number. Write 1.5 with a point, and 1,500 or 1500.")
    return _amount(match, text), rest


def _amount(match: re.Match, text: str) -> float:
    part = match.groupdict()
    digits = re.sub(r"[ ,_]", "", part["digits"] or "1")
    amount = float(f"{part['sign']}{digits}e{part['e'] or part['ten'] or part['power'] or 0}")
    if part["over"]:
        if not float(part["over"]):
            raise Unreadable(f"{_short(text)} divides by zero.")
        amount /= float(part["over"])
    amount *= _WORDS.get((part["word"] or "").lower(), 1.0)
    if not math.isfinite(amount):
        raise Unreadable(f"{_short(text)} is too large a number.")
    return amount


def _units(unit_text: str, text: str, unit: str):
    """The typed unit as a Pint quantity of one; Unreadable when it is no unit known here."""
    import pint

    spelled = _spelled(unit_text)
    if not re.fullmatch(r"(?:[A-Za-zµ_]+|1|\^-?[1-9]|[ /*()])+", spelled):
        raise Unreadable(f"{_short(unit_text)} is not a unit. Type a number and a unit: {example(unit)}.")
    try:
        return 1.0 * _registry().parse_units(spelled)
    except pint.UndefinedUnitError as error:
        names = error.unit_names if isinstance(error.unit_names, str) else ", ".join(error.unit_names)
        raise Unreadable(
            f"The unit '{names}' in {_short(text)} is not known here. Type for example {example(unit)}."
        ) from None
    except Exception as error:  # whatever else the unit parser makes of strange text
        raise Unreadable(f"{_short(unit_text)} is not a unit. Type a number and a unit: {example(unit)}.") from error


@functools.cache
def _known(unit: str):
    """The unit that a question asks for; a mistake in it is the question's, not the reader's."""
    try:
        return _units(unit, unit, "day") if unit else 1.0 * _registry().dimensionless
    except Unreadable as error:
        raise ValueError(f"unknown unit {unit!r}: {error}") from None


def _spelled(unit_text: str) -> str:
    """A unit in the registry's spelling: GFLOPS, gflops, Days, %, $, x, GB per sec."""
    if re.fullmatch(r"[x×]", unit_text):
        return "ratio"
    text = unit_text.replace("%", " percent ").replace("$", " dollar ").replace("μ", "µ")
    text = re.sub(r"[·⋅]|(?<=[A-Za-z])-(?=[A-Za-z])", "*", re.sub(r"\bper\b", "/", text)).strip()
    return re.sub(r"[A-Za-zµ_]+", lambda word: _word(word.group()), text)


def _word(word: str) -> str:
    if re.fullmatch("[kmgtp]b", word):
        big = word[0].upper().replace("K", "k")
        raise Unreadable(f"'{word}' could mean bytes or bits: write {big}B for bytes, {big}b for bits.")
    rate = re.fullmatch(r"([kKMGTPEZY]?)FLOPS", word)
    if rate:
        return f"({rate[1]}FLOP/s)"
    count = re.fullmatch(rf"(?:([kmgtpezy])|({_PREFIXES}))?flops?", word, re.I)
    if count:
        return (count[1] or "").upper() + (count[2] or "").lower() + "flop"
    known = _registry().parse_unit_name(word)
    return word if known or len(word) < 3 else word.lower()


def _named(quantity) -> str | None:
    for name, meaning in _MEANINGS.items():
        if _known(name).dimensionality == quantity.dimensionality:
            return meaning
    return None


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
