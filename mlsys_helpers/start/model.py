"""Arithmetic of the start page: what one second holds, how much is in flight, and how long a claim would take.

FLOP count a multiplication and an addition each. A byte that is copied counts twice: it is read and written.
"""

from dataclasses import dataclass

from mlsys_helpers.kit.checks import non_negative, plain
from mlsys_helpers.kit.units import DAY_S, EXA, MILLI, TERA

SEARCHES_PER_DAY = 8.5e9  # the chapter's opening prints this figure of Google's, without a source
CLAIMED_FLOP = EXA  # the opening speaks of quintillions of operations for predictions,
CLAIMED_BYTES = TERA  # and of moving terabytes,
CLAIMED_TIME_S = MILLI  # often within milliseconds: the smallest of each is taken here


@dataclass(frozen=True)
class Walls:
    """What a computer can do in one second, at best: bytes moved, FLOP in products, calls that do almost nothing.

    `warning` says what may have spoiled the measurement; it is empty on a quiet machine.
    """

    bytes_per_s: float
    flop_per_s: float
    calls_per_s: float
    warning: str = ""

    @property
    def flop_per_call(self) -> float:
        """FLOP that fit into the time of one call."""
        return self.flop_per_s / self.calls_per_s

    @property
    def flop_per_byte(self) -> float:
        """FLOP that fit into the time in which one byte moves."""
        return self.flop_per_s / self.bytes_per_s


def rate_per_s(per_day):
    """Events a second, on average over a day of 86,400 s."""
    return plain(non_negative("per_day", per_day) / DAY_S)


def in_flight(rate_per_s, time_s):
    """Little's law, L = lambda W: how many are in a system at once, on average over a long time.

    `rate_per_s` is how many arrive a second, `time_s` how long each stays, waiting included; both are averages.
    (J. D. C. Little, A proof for the queuing formula L = lambda W, Operations Research 9, 1961.)
    """
    return plain(non_negative("rate_per_s", rate_per_s) * non_negative("time_s", time_s, "s"))
