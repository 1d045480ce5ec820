"""How often to save, when to ring, and how much an average can hide.

Conventions: times are in hours where the name says `_h` and in days where it says `_days`; rates of errors are shares
between 0 and 1; a month has 30 days. A checkpoint takes `save_h`; failures come at random, one every `mtbf_h` on
average (exponential); after each, the work since the last checkpoint is lost and `restart_h` passes before work
goes on. Every function takes arrays wherever it takes a float.

Sources: J. W. Young, "A first order approximation to the optimum checkpoint interval", Communications of the ACM
17(9), 1974. J. T. Daly, "A higher order estimate of the optimum checkpoint interval for restart dumps", Future
Generation Computer Systems 22(3), 2006; its figures 3 to 5 are the published values in the tests. E. S. Page,
"Continuous inspection schemes", Biometrika 41, 1954 (the CUSUM). What else stands here is derived in its docstring.
"""

import numpy as np
from scipy import special, stats

from mlsys_helpers.kit.checks import non_negative, plain, positive, real, share

MONTH_DAYS = 30


# Checkpoints


def young_h(save_h, mtbf_h):
    """Young's interval of work between two saves, sqrt(2 save mtbf), in hours.

    A save costs save / interval for each hour of work, a failure on average half an interval of lost work; the sum
    save / interval + interval / (2 mtbf) is least where both are equal.
    """
    return plain(np.sqrt(2 * positive("save_h", save_h, "h") * positive("mtbf_h", mtbf_h, "h")))


def best_interval_h(save_h, mtbf_h):
    """The interval with the least `slowdown`, exactly: mtbf (1 + W(-exp(-1 - save/mtbf))), W being Lambert's.

    Where the derivative of (exp((interval + save) / mtbf) - 1) / interval is zero.
    """
    save, mtbf = positive("save_h", save_h, "h"), positive("mtbf_h", mtbf_h, "h")
    return plain(mtbf * (1 + special.lambertw(-np.exp(-1 - save / mtbf)).real))


def waste_young(interval_h, save_h, mtbf_h, restart_h=0.0):
    """Young's first-order waste: extra hours for each hour of work, saves and lost work and restarts added up."""
    interval, mtbf = positive("interval_h", interval_h, "h"), positive("mtbf_h", mtbf_h, "h")
    lost = (interval / 2 + non_negative("restart_h", restart_h, "h")) / mtbf
    return plain(positive("save_h", save_h, "h") / interval + lost)


def slowdown(interval_h, save_h, mtbf_h, restart_h=0.0):
    """Hours on the clock for each hour of work, on average, failures also striking saves and restarts (Daly 2006).

    A stretch of interval + save goes through without a failure after mtbf (exp((interval + save) / mtbf) - 1) on
    average, and each restart lengthens that by the factor exp(restart / mtbf). 1 means no failures and no saves.
    """
    interval, mtbf = positive("interval_h", interval_h, "h"), positive("mtbf_h", mtbf_h, "h")
    stretch = interval + non_negative("save_h", save_h, "h")
    again = np.exp(non_negative("restart_h", restart_h, "h") / mtbf)
    return plain(mtbf / interval * again * np.expm1(stretch / mtbf))


def fleet_mtbf_h(devices, device_mtbf_h):
    """Mean time between failures of a job that stops when any of its devices does: that of one over their number."""
    return plain(positive("device_mtbf_h", device_mtbf_h, "h") / positive("devices", devices))


# Alarms


def errors_to_ring(audited, error_share, chance):
    """The least number of errors among `audited` answers that a healthy day reaches with at most `chance`."""
    budget, healthy = share("chance", chance), share("error_share", error_share)
    return plain(stats.binom.isf(budget, positive("audited", audited), healthy) + 1)


def cusum_step(errors, audited, healthy, feared):
    """What one day adds to the CUSUM, in nats: how much likelier its errors are under `feared` than under `healthy`."""
    healthy, feared = share("healthy", healthy), share("feared", feared)
    errors = non_negative("errors", errors)
    right = positive("audited", audited) - errors
    return plain(errors * np.log(feared / healthy) + right * np.log((1 - feared) / (1 - healthy)))


def cusum(steps):
    """Page's sum along the last axis: S = max(0, S + step), which forgets good days and piles up bad ones."""
    steps = real("steps", steps)
    walk = np.cumsum(steps, axis=-1)
    return plain(walk - np.minimum(0, np.minimum.accumulate(walk, axis=-1)))


def cusum_run_length(limit, audited, healthy, feared, actual, cells=400):
    """Average days until the CUSUM reaches `limit` when errors have the share `actual`, by a Markov chain.

    Brook and Evans (1972): the sum between 0 and `limit` is cut into `cells`; the days from each cell solve one linear
    system. Starts at 0. An independent check of the simulation.
    """
    width = positive("limit", limit) / cells
    at = np.concatenate(([0.0], (np.arange(cells) + 0.5) * width))
    counts = np.arange(audited + 1)
    steps, chance = cusum_step(counts, audited, healthy, feared), stats.binom.pmf(counts, audited, actual)
    to = np.maximum(0, at[:, None] + steps)
    cell = np.where(to == 0, 0, np.minimum(1 + (to / width).astype(int), cells))
    stay = np.zeros((cells + 1, cells + 1))
    np.add.at(stay, (np.arange(cells + 1)[:, None], cell), np.where(to < limit, chance, 0))
    return float(np.linalg.solve(np.eye(cells + 1) - stay, np.ones(cells + 1))[0])


def true_alarm_share(incidents_a_month, seen, false_a_month):
    """Of all alarms, the share behind which there is an incident, when `seen` of the incidents ring."""
    true = non_negative("incidents_a_month", incidents_a_month) * share("seen", seen)
    return plain(true / (true + positive("false_a_month", false_a_month)))


# What an average hides


def worst_group(mean_error, group_share):
    """The largest error share that a group of `group_share` can have while the average is `mean_error`.

    All errors fall on it: mean / share, at most 1.
    """
    return plain(np.minimum(1.0, non_negative("mean_error", mean_error) / share("group_share", group_share)))


def widest_gap(mean_error, group_share):
    """The largest difference between a group's error share and everybody else's at that average.

    Once the whole group fails, what is left of the average, (mean - share) / (1 - share), falls on the others.
    """
    mean, part = non_negative("mean_error", mean_error), share("group_share", group_share)
    others = np.maximum(0.0, mean - part) / np.maximum(1 - part, np.finfo(float).tiny)
    return plain(worst_group(mean, part) - others)


def group_gap(wrong, group):
    """The widest difference between two groups' error shares; `wrong` is 0 or 1, `group` numbers groups from 0."""
    shares = np.bincount(group, weights=wrong) / np.bincount(group)
    return float(np.ptp(shares))
