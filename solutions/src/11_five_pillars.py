# %% [markdown]
# # Exercises 11: who owns this failure?
#
# Eight tasks, 25 points, about 50 minutes. They need section 1.11 of the chapter and notebook 11.
#
# Replace each missing answer, run the cell, then the check below it. A check tries your code on several cases and names
# the mistake it sees.
#
# Stuck? `hint("five_pillars.cusum")` goes one step further each time; `solution("five_pillars.cusum")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np
from scipy import stats

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. Who owns it? (2 points, 4 minutes, warm-up)
#
# Probes have spoken, each finding is True or False. Return the pillar of the *first* step that went wrong, in the order
# of the pillars: "data", "training", "deployment", "operations", "ethics", or "nobody".
#
# Operations failed if inputs moved after launch and no alarm rang. Ethics failed if nobody asked the groups that pay.


# %%
def owner(data_right, training_whole, served_as_trained, inputs_moved, alarm_rang, groups_asked):
    """The pillar of the first step that went wrong, or "nobody".

    >>> owner(True, True, False, False, False, True)
    'deployment'
    """
    ### BEGIN SOLUTION
    found = [not data_right, not training_whole, not served_as_trained]
    found += [inputs_moved and not alarm_rang, not groups_asked, True]
    return ["data", "training", "deployment", "operations", "ethics", "nobody"][found.index(True)]
    ### END SOLUTION


# %%
check("five_pillars.owner", owner)

# %% [markdown]
# ## 2. How often to save? (3 points, 5 minutes, standard)
#
# A training job runs on `job.devices` devices. One device fails every `job.device_mtbf_years` years on average (of 365
# days), and the job stops when any of them does. A save takes `job.save_s` seconds.
#
# How many **minutes** of work should lie between two saves, by Young's rule? Keep a decimal.

# %%
job = givens("five_pillars.interval_min")
vars(job)

# %%
### BEGIN SOLUTION
mtbf_s = job.device_mtbf_years * 365 * 24 * 3600 / job.devices
interval_min = (2 * job.save_s * mtbf_s) ** 0.5 / 60
### END SOLUTION

# %%
check("five_pillars.interval_min", interval_min)

# %% [markdown]
# ## 3. Hours on the clock (3 points, 6 minutes, standard)
#
# Young's sum promises too little where failures are frequent. Failures come at random, one every `mtbf_h` on average
# ($M$). A stretch of work and its save takes
#
# $$M \, e^{R/M} \, (e^{(T+S)/M} - 1)$$
#
# on average until it goes through, with interval $T$, save $S$ and restart $R$ (Daly, 2006). Return the hours on the
# clock for `work_h` hours of work. Arguments may be arrays.


# %%
def hours_on_the_clock(work_h, interval_h, save_h, mtbf_h, restart_h):
    """Average hours until `work_h` hours of work are done and saved.

    >>> round(float(hours_on_the_clock(100, 2, 0.1, 24, 0.2)), 2)
    110.65
    """
    ### BEGIN SOLUTION
    stretch_h = mtbf_h * np.exp(restart_h / mtbf_h) * np.expm1((interval_h + save_h) / mtbf_h)
    return work_h / interval_h * stretch_h
    ### END SOLUTION


# %%
check("five_pillars.hours_on_the_clock", hours_on_the_clock)

# %% [markdown]
# ## 4. When to ring? (3 points, 6 minutes, standard)
#
# Each day `watch.audited` answers are checked; in health each is wrong with chance `watch.healthy`. The alarm rings on a
# day with `ring_at` errors **or more**. A month has 30 days, and at most `watch.false_a_month` false alarms a month are
# wanted. What is the least whole number `ring_at`?
#
# `stats.binom.isf(chance, n, p)` is the least count that is *exceeded* with at most that chance.

# %%
watch = givens("five_pillars.ring_at")
vars(watch)

# %%
### BEGIN SOLUTION
ring_at = int(stats.binom.isf(watch.false_a_month / 30, watch.audited, watch.healthy)) + 1
### END SOLUTION

# %%
check("five_pillars.ring_at", ring_at)

# %% [markdown]
# ## 5. Bad days pile up (3 points, 6 minutes, standard)
#
# Each day adds a step, above zero when its errors look like the feared decline and below when they look like health. The
# CUSUM adds them up and never falls below zero. Return an array: the sum after each day.


# %%
def cusum(steps):
    """The CUSUM after each day, beginning at zero.

    >>> [float(x) for x in cusum([1.0, -3.0, 0.5, 2.0])]
    [1.0, 0.0, 0.5, 2.5]
    """
    ### BEGIN SOLUTION
    total, sums = 0.0, []
    for step in steps:
        total = max(0.0, total + step)
        sums.append(total)
    return np.array(sums)
    ### END SOLUTION


# %%
check("five_pillars.cusum", cusum)

# %% [markdown]
# ## 6. What an average hides (3 points, 6 minutes, standard)
#
# A share `mean_error` of all cases goes wrong. A group has the share `group_share` of all cases. Return the worst error
# share that the group can have, and the widest gap that can lie between it and everybody else. Arguments may be arrays.


# %%
def hidden(mean_error, group_share):
    """The worst error share of the group, and the widest gap to the others.

    >>> worst, gap = hidden(0.05, 0.2)
    >>> round(float(worst), 3), round(float(gap), 3)
    (0.25, 0.25)
    """
    ### BEGIN SOLUTION
    worst = np.minimum(1, mean_error / group_share)
    left_over = np.maximum(0, mean_error - group_share)
    return worst, worst - left_over / (1 - group_share)
    ### END SOLUTION


# %%
check("five_pillars.hidden", hidden)

# %% [markdown]
# ## 7. A gap, or chance? (4 points, 8 minutes, stretch)
#
# `wrong` holds 1 for each case that went wrong, else 0. `group` holds each case's group, numbered from 0. Each row of
# `deals` is such a grouping, dealt at random. Return the widest gap between two groups' error shares, and the share of
# deals whose widest gap is at least as large.


# %%
def gap_by_chance(wrong, group, deals):
    """The widest gap, and how often chance reaches it.

    >>> gap, chance = gap_by_chance([1, 1, 0, 0], [0, 0, 1, 1], [[0, 1, 0, 1], [1, 1, 0, 0]])
    >>> float(gap), float(chance)
    (1.0, 0.5)
    """

    ### BEGIN SOLUTION
    def widest(grouping):
        return np.ptp(np.bincount(grouping, weights=wrong) / np.bincount(grouping))

    return widest(group), np.mean([widest(deal) >= widest(group) for deal in deals])
    ### END SOLUTION


# %%
check("five_pillars.gap_by_chance", gap_by_chance)

# %% [markdown]
# ## 8. What a probe is worth (4 points, 8 minutes, stretch)
#
# `belief[c]` is the chance of cause `c`. `chances[r, c]` is the chance that the probe shows reading `r` if the cause is
# `c`. Naming cause `n` when it is `c` costs `penalty_h[n, c]` hours.
#
# You ask the probe, which takes `probe_h` hours, see its reading, and name what has the least expected penalty then.
# Return the hours that this takes on average.


# %%
def probe_cost(belief, chances, penalty_h, probe_h):
    """Expected hours: the probe, then the best name after its reading.

    >>> chances = np.array([[0.9, 0.1], [0.1, 0.9]])
    >>> penalty_h = np.array([[0.0, 24.0], [24.0, 0.0]])
    >>> round(float(probe_cost(np.array([0.5, 0.5]), chances, penalty_h, 2.0)), 3)
    4.4
    """
    ### BEGIN SOLUTION
    return probe_h + sum((penalty_h @ (belief * likely)).min() for likely in chances)
    ### END SOLUTION


# %%
check("five_pillars.probe_cost", probe_cost)
