"""What a faster part does for the whole, what a late answer is worth, how long an accuracy lasts, which tests suffice.

Conventions: a pipeline is a mapping from stage to seconds, run one after the other; a speed-up is old time over new
time, so 1 changes nothing; shares and accuracies lie between 0 and 1. Arguments may be arrays and broadcast.

Sources: Machine Learning Systems, volume I, section 1.13 (60 + 45 + 25 ms; three times the preprocessing for 40 % more
cost; 85 % to 80.2 % in six months). Amdahl, Validity of the single processor approach, AFIPS 1967. Straight-line time
until a floor is that of section 1.5.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from mlsys_helpers.kit.checks import non_negative, one_of, plain, positive, share
from mlsys_helpers.sections.silent_degradation.model import time_until as time_until

CHAPTER_S = {"preprocessing": 0.060, "inference": 0.045, "postprocessing": 0.025}

# A faster part


def speedup(part, faster):
    """Amdahl: old time over new time of the whole when a `part` of its time (a share) becomes `faster` times as fast.

    `faster` may be infinity: the part then costs nothing, and the answer is the ceiling.
    """
    part, faster = share("part", part), np.asarray(faster, float)
    if not (faster > 0).all():
        raise ValueError(f"faster must be greater than zero, got {faster}")
    with np.errstate(divide="ignore"):
        return plain(1 / (1 - part + part / faster))


def ceiling(part):
    """The speed-up of the whole that no improvement of that part can pass; infinite if the part is everything."""
    return speedup(part, np.inf)


def time_saved(faster):
    """The share of time that a speed-up saves: 1.30 times as fast saves 23 %, not 30."""
    return plain(1 - 1 / positive("faster", faster))


def needed(part, wanted):
    """How many times as fast the part must become for the whole to become `wanted` times as fast.

    Infinite at and above the ceiling: there no speed-up is enough.
    """
    left = 1 / positive("wanted", wanted) - (1 - share("part", part))
    possible = left > 1e-12
    return plain(np.where(possible, part / np.where(possible, left, 1), np.inf))


def part(stages_s: Mapping[str, float], stage: str) -> float:
    """The share of the whole time that `stage` takes."""
    return stages_s[one_of("stage", stage, stages_s)] / sum(stages_s.values())


def sped_up(stages_s: Mapping[str, float], stage: str, faster: float) -> dict[str, float]:
    """The seconds of each stage after `stage` became `faster` times as fast; below 1 it became slower."""
    one_of("stage", stage, stages_s)
    return dict(stages_s) | {stage: stages_s[stage] / float(positive("faster", faster))}


def best_place(stages_s: Mapping[str, float], saved_s: float, most: Mapping[str, float]) -> tuple[str, float]:
    """The stage that must speed up least for the whole to save `saved_s`, and by which factor.

    `most` says how many times as fast each stage can become. ("none", infinity) where no stage alone can save so much.
    """
    factors = {stage: time_s / (time_s - saved_s) for stage, time_s in stages_s.items() if time_s > saved_s}
    allowed = {stage: factor for stage, factor in factors.items() if factor <= most[stage]}
    return min(allowed.items(), key=lambda item: item[1], default=("none", np.inf))


def throughput_per_s(stages_s: Mapping[str, float]) -> float:
    """Items a second when every stage has a worker of its own, busy with the next item meanwhile: the slowest rules."""
    return 1 / max(stages_s.values())


def cost_of_more(part, times):
    """The cost of the whole, in units of the old cost, when a part of it is needed `times` as much."""
    return plain(1 + share("part", part) * (positive("times", times) - 1))


def part_for_cost(cost, times):
    """The part that makes the whole cost `cost` times as much when that part is needed `times` as much."""
    return plain((positive("cost", cost) - 1) / positive("times - 1", np.subtract(times, 1)))


# A late answer


def utility(accuracy, on_time, fallback=0.0):
    """Share of requests that end with a right answer: right and in time, or late and the `fallback` is right.

    `fallback` is the accuracy of what a late request gets instead, 0 for nothing. Lateness is taken to be independent
    of difficulty.
    """
    on_time = non_negative("on_time", on_time)
    return plain(share("accuracy", accuracy) * on_time + non_negative("fallback", fallback) * (1 - on_time))


def late_allowed(simple, better):
    """The share of late answers that eats up the better model's lead over a simple one that is always in time.

    A late answer is worth nothing. With 0.94 against 0.95 it is 1.05 %.
    """
    return plain(1 - share("simple", simple) / share("better", better))


# How long an accuracy lasts


def compounding(accuracy_0, accuracy_after, times):
    """The factor by which accuracy shrinks in each of `times` steps if each loses the same share of what is left."""
    lasting = share("accuracy_after", accuracy_after) / share("accuracy_0", accuracy_0)
    return plain(lasting ** (1 / positive("times", times)))


def time_until_compounding(accuracy_0, floor, factor):
    """Steps until an accuracy that is multiplied by `factor` in each step reaches `floor`."""
    return plain(np.log(share("floor", floor) / share("accuracy_0", accuracy_0)) / np.log(share("factor", factor)))


# Which tests suffice


def smallest_suite(catches: Mapping[str, set[str]], bugs: set[str]) -> tuple[str, ...] | None:
    """The fewest tests that together catch every one of `bugs`; `catches` says which bugs each test catches.

    Of several as small, the first in the order of `catches`; None where even all together miss one.
    """
    suites = (suite for size in range(len(catches) + 1) for suite in combinations(catches, size))
    return next((suite for suite in suites if bugs <= set().union(*(catches[test] for test in suite))), None)


def any_alarm(alarm_share, tests):
    """The chance that at least one of `tests` independent tests rings when nothing is wrong."""
    return plain(1 - (1 - share("alarm_share", alarm_share)) ** positive("tests", tests))
