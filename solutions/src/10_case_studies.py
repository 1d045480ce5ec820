# %% [markdown]
# # Exercises 10: why do three good systems look nothing alike?
#
# Eight tasks, 24 points, about 44 minutes. They need section 1.10 of the chapter and notebook 10.
#
# Replace each missing answer, run the cell, then the check below it. A check tries your code on several cases and names
# the mistake it sees.
#
# Stuck? `hint("case_studies.reach_km")` goes one step further each time; `solution("case_studies.reach_km")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np
from scipy import stats

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. How far away may it stand? (3 points, 5 minutes, warm-up)
#
# A car must have its answer within `car.limit_ms`. The radio takes `car.radio_ms` there and back, the computing
# `car.compute_ms`. The rest is fibre, in which light goes at two thirds of 299,792,458 m/s.
#
# At most how many **kilometres** of fibre may lie between the car's antenna and the computer? The numbers are yours
# alone.

# %%
car = givens("case_studies.reach_km")
vars(car)

# %%
### BEGIN SOLUTION
left_s = (car.limit_ms - car.radio_ms - car.compute_ms) / 1000
reach_km = left_s / 2 * 299_792_458 * 2 / 3 / 1000
### END SOLUTION

# %%
check("case_studies.reach_km", reach_km)

# %% [markdown]
# ## 2. How old are the models? (3 points, 6 minutes, standard)
#
# One station sends the newest model, `farm.payload_kb` kB of it, to each of `farm.devices` devices in turn, for ever,
# over a link of `farm.link_kbit_per_s`. How old is the model on a device, on average, in **days**? It is made when its
# sending begins.

# %%
farm = givens("case_studies.age_days")
vars(farm)

# %%
### BEGIN SOLUTION
once_s = 8 * farm.payload_kb / farm.link_kbit_per_s
age_days = once_s * (1 + farm.devices / 2) / 86400
### END SOLUTION

# %%
check("case_studies.age_days", age_days)

# %% [markdown]
# ## 3. Core-hours and FLOP (3 points, 5 minutes, standard)
#
# A training run used so many `cores` for so many `days`. The peak is that of a whole chip, which holds `cores_per_chip`
# cores, and a share `utilisation` of it was reached. Return the core-hours and the FLOP. Arguments may be arrays.


# %%
def training_work(cores, cores_per_chip, peak_flop_per_s, utilisation, days):
    """Core-hours and FLOP of a training run.

    >>> training_work(4, 2, 1e12, 0.5, 10)
    (960, 8.64e+17)
    """
    ### BEGIN SOLUTION
    chips = cores / cores_per_chip
    return cores * days * 24, chips * peak_flop_per_s * utilisation * days * 86400
    ### END SOLUTION


# %%
check("case_studies.training_work", training_work)

# %% [markdown]
# ## 4. One in a hundred (3 points, 6 minutes, standard)
#
# Requests come at random, service times are exponential with mean `service_s`: an M/M/1 queue. Return the time in the
# system that one request in a hundred exceeds, and `np.inf` where more comes than can be served, or just as much.
# Arguments may be arrays.


# %%
def p99_s(arrivals_per_s, service_s):
    """The 99th percentile of the time in an M/M/1 system, in seconds.

    >>> round(float(p99_s(80.0, 0.01)), 4)
    0.2303
    """
    ### BEGIN SOLUTION
    load = np.asarray(arrivals_per_s * service_s)
    room = np.where(load < 1, 1 - load, 1)
    return np.where(load < 1, np.log(100) * service_s / room, np.inf)[()]
    ### END SOLUTION


# %%
check("case_studies.p99_s", p99_s)

# %% [markdown]
# ## 5. A gap with its interval (4 points, 8 minutes, stretch)
#
# Group a has `wrong_a` errors in `cases_a` cases, group b likewise. Return the gap of the error rates, a less b, and
# both ends of its 95 % interval. Newcombe's recipe: take Wilson's interval of each rate, and add distances to the ends
# as squares.
#
# `stats.binomtest(wrong, cases).proportion_ci(0.95, method="wilson")` has `.low` and `.high`.


# %%
def gap_interval(wrong_a, cases_a, wrong_b, cases_b):
    """The gap a less b, and the lower and upper end of its interval.

    >>> [round(float(x), 3) for x in gap_interval(30, 100, 10, 100)]
    [0.2, 0.09, 0.306]
    """
    ### BEGIN SOLUTION
    a, b = wrong_a / cases_a, wrong_b / cases_b
    end_a = stats.binomtest(wrong_a, cases_a).proportion_ci(0.95, method="wilson")
    end_b = stats.binomtest(wrong_b, cases_b).proportion_ci(0.95, method="wilson")
    below, above = np.hypot(a - end_a.low, end_b.high - b), np.hypot(end_a.high - a, b - end_b.low)
    return a - b, a - b - below, a - b + above
    ### END SOLUTION


# %%
check("case_studies.gap_interval", gap_interval)

# %% [markdown]
# ## 6. What the attacker gains (2 points, 4 minutes, warm-up)
#
# A filter gave the true label of each message a probability: `members` are those of messages it learned from, `others`
# those of strangers. An attacker calls whoever has `threshold` or more a member. Return the advantage: the share of
# members named, less the share of strangers named.


# %%
def advantage(members, others, threshold):
    """The advantage of a membership attack, between -1 and 1.

    >>> round(float(advantage(np.array([0.9, 0.7]), np.array([0.9, 0.2, 0.1, 0.3]), 0.7)), 2)
    0.75
    """
    ### BEGIN SOLUTION
    return (members >= threshold).mean() - (others >= threshold).mean()
    ### END SOLUTION


# %%
check("case_studies.advantage", advantage)

# %% [markdown]
# ## 7. What both sensors miss (3 points, 5 minutes, standard)
#
# A camera misses a share `miss_a`, a radar a share `miss_b`, and their misses have the correlation `phi` (Pearson's, of
# two columns of zeros and ones). Return the share that both miss. Arguments may be arrays.


# %%
def both_miss(miss_a, miss_b, phi):
    """The share of cases that two sensors both miss.

    >>> round(float(both_miss(0.1, 0.2, 0.5)), 4)
    0.08
    """
    ### BEGIN SOLUTION
    return miss_a * miss_b + phi * np.sqrt(miss_a * (1 - miss_a) * miss_b * (1 - miss_b))
    ### END SOLUTION


# %%
check("case_studies.both_miss", both_miss)

# %% [markdown]
# ## 8. Which limit says no? (3 points, 5 minutes, standard)
#
# A design answers after `answer_s`, sends `sent_bytes_per_s` over the place's link and draws `drawn_w` there. The place
# asks for an answer by `deadline_s` and offers `link_bits_per_s` and `offered_w`. Return the limit that is broken most
# times over, `"latency"`, `"link"` or `"power"`, or `"fits"` where none is. Using a limit up to the last bit is allowed.


# %%
def verdict(answer_s, deadline_s, sent_bytes_per_s, link_bits_per_s, drawn_w, offered_w):
    """The limit that says no, or "fits".

    >>> verdict(0.02, 0.01, 1e6, 1e6, 5.0, 10.0)
    'link'
    """
    ### BEGIN SOLUTION
    link = 8 * sent_bytes_per_s / link_bits_per_s
    used = {"latency": answer_s / deadline_s, "link": link, "power": drawn_w / offered_w}
    most = max(used, key=used.get)
    return most if used[most] > 1 else "fits"
    ### END SOLUTION


# %%
check("case_studies.verdict", verdict)
