import pytest

from mlsys_helpers.machine.timing import MOST_LOOPS, loops_for, once_s, times_s


class Job:
    """Runs that last as long as they are told, on a clock of their own."""

    def __init__(self, *lasts_s):
        self.now_s, self.runs, self.lasts_s = 0.0, 0, lasts_s

    def __call__(self):
        self.now_s += self.lasts_s[min(self.runs, len(self.lasts_s) - 1)]
        self.runs += 1

    def clock(self):
        return self.now_s


def test_one_loop_is_the_mean_of_its_runs():
    job = Job(1.0, 2.0, 3.0)
    assert once_s(job, 3, job.clock) == pytest.approx(2.0)


@pytest.mark.parametrize(("lasts_s", "loops"), [(1.0, 1), (0.001, 16), (0.006, 2)])
def test_loops_are_the_first_power_of_two_that_the_clock_can_see(lasts_s, loops):
    job = Job(lasts_s)
    assert loops_for(job, 0.01, job.clock) == loops


def test_a_run_that_takes_no_time_does_not_loop_for_ever():
    job = Job(0.0)
    assert loops_for(job, 0.01, job.clock) == MOST_LOOPS


def test_the_slow_first_run_is_not_recorded():
    job = Job(5.0, 0.02)
    assert times_s(job, repeats=3, at_least_s=0.01, clock=job.clock) == pytest.approx([0.02] * 3)


def test_each_repetition_is_kept():
    job = Job(1.0, 1.0, 2.0, 4.0, 3.0)
    assert list(times_s(job, repeats=3, at_least_s=0.5, clock=job.clock)) == [2.0, 4.0, 3.0]


def test_a_run_that_grows_too_fast_for_a_coarse_clock_is_looped_more():
    job = Job(1.0, 0.02, 0.001)
    found = times_s(job, repeats=3, at_least_s=0.01, clock=lambda: round(job.now_s, 2))
    assert (found > 0).all() and found.mean() == pytest.approx(0.001, rel=0.6)


def test_no_repetition_is_refused():
    with pytest.raises(ValueError, match="repeats must be at least 1, got 0"):
        times_s(lambda: None, repeats=0)
