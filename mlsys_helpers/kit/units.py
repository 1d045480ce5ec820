"""Units at the edge: constants to convert with, and numbers written for people.

Inside the companion every quantity is a plain SI float, and its unit stands in its name
(`bytes_moved`, `time_s`, `peak_flop_per_s`). Conventions, stated here once:

* FLOP is one floating-point addition or multiplication; a multiply-add (MAC) is 2 FLOP.
* FLOP/s is a rate, FLOP a count.
* Peaks are dense peaks, never the doubled figure that assumes structured sparsity.
* kB, MB, GB, TB are powers of 1000; KiB, MiB, GiB, TiB are powers of 1024.
"""

import math

KILO, MEGA, GIGA, TERA, PETA, EXA = 1e3, 1e6, 1e9, 1e12, 1e15, 1e18
MILLI, MICRO, NANO, PICO = 1e-3, 1e-6, 1e-9, 1e-12
KIB, MIB, GIB, TIB = 2.0**10, 2.0**20, 2.0**30, 2.0**40
MINUTE_S, HOUR_S, DAY_S, YEAR_S = 60.0, 3600.0, 86400.0, 365.25 * 86400.0
FLOP_PER_MAC = 2

_PREFIXES = {-12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"}
_SAID = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_TIMES = ((YEAR_S, "years"), (DAY_S, "days"), (HOUR_S, "h"), (MINUTE_S, "min"))


def number(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant digits, as text: 0.0125, 25.3, 1,365, 3.14e+23."""
    value = float(value)
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    exponent = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if not -4 <= exponent < 7:
        return f"{value:.{digits - 1}e}"
    return f"{value:,.{max(0, digits - 1 - exponent)}f}"


def si(value: float, unit: str, digits: int = 3) -> str:
    """`value` in `unit` with the SI prefix that leaves one to three digits before the point.

    >>> si(3.12e14, "FLOP/s")
    '312 TFLOP/s'
    """
    value = float(value)
    if value == 0 or not math.isfinite(value):
        return f"{value:g} {unit}"
    rounded = float(f"{value:.{digits - 1}e}")
    power = 3 * math.floor(math.log10(abs(rounded)) / 3)
    if power not in _PREFIXES:
        return f"{value:.{digits - 1}e} {unit}"
    return f"{number(value / 10.0**power, digits)} {_PREFIXES[power]}{unit}"


def duration(time_s: float, digits: int = 3) -> str:
    """A time in the unit a person would choose, from picoseconds to years.

    >>> duration(2_184_000)
    '25.3 days'
    """
    for size_s, name in _TIMES:
        if math.isfinite(time_s) and abs(time_s) >= 2 * size_s:
            return f"{number(time_s / size_s, digits)} {name}"
    return si(time_s, "s", digits)


def percent(fraction: float, digits: int = 2) -> str:
    """A fraction as a percentage: 0.753 is '75 %'."""
    return f"{number(100 * fraction, digits)} %"


def about(value: float, digits: int = 2) -> str:
    """A large number as a person says it, rounded to `digits`: 54,000 or 2.4 million.

    >>> about(2_418_837)
    '2.4 million'
    """
    rounded = float(f"{value:.{digits - 1}e}")
    size, word = next(((s, w) for s, w in _SAID if abs(rounded) >= s), (1.0, ""))
    return f"{number(rounded / size, digits)} {word}".strip()
