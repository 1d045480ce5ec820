"""How the companion times a piece of work: warmed up first, looped until the clock can see it, then repeated."""

import time
from collections.abc import Callable

import numpy as np

Clock = Callable[[], float]
MOST_LOOPS = 2**20


def once_s(run: Callable[[], object], loops: int = 1, clock: Clock = time.perf_counter) -> float:
    """Seconds that one `run()` takes, as the mean of `loops` runs in a row."""
    start = clock()
    for _ in range(loops):
        run()
    return (clock() - start) / loops


def loops_for(run: Callable[[], object], at_least_s: float, clock: Clock = time.perf_counter) -> int:
    """How many runs in a row last `at_least_s`, a power of two found by running.

    These runs also pay for page faults, cold caches and threads that must wake up.
    """
    run()
    loops = 1
    while loops < MOST_LOOPS and once_s(run, loops, clock) * loops < at_least_s:
        loops *= 2
    return loops


def times_s(
    run: Callable[[], object], repeats: int = 5, at_least_s: float = 0.002, clock: Clock = time.perf_counter
) -> np.ndarray:
    """Seconds of one `run()` in each of `repeats` repetitions that last `at_least_s` or longer."""
    if repeats < 1:
        raise ValueError(f"repeats must be at least 1, got {repeats}")
    loops = loops_for(run, at_least_s, clock)
    taken_s = np.zeros(repeats)
    while (
        loops <= MOST_LOOPS and not taken_s.all()
    ):  # again, where it was faster than when tried, too fast for the clock
        taken_s = np.array([once_s(run, loops, clock) for _ in range(repeats)])
        loops *= 2
    return taken_s
