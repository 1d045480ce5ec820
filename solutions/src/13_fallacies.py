# %% [markdown]
# # Exercises 13: which of your instincts is wrong?
#
# Eight tasks, 24 points, about 45 minutes. They need section 1.13 of the chapter and notebook 13.
#
# Replace each missing answer, run the cell, then the check below it. A check tries your code on several cases and names
# the mistake it sees.
#
# Stuck? `hint("fallacies.needed")` goes one step further each time; `solution("fallacies.needed")` opens once the task is
# solved, or after three attempts with different results.

# %%
from itertools import combinations

import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. What the whole gains (2 points, 4 minutes, warm-up)
#
# A request passes three stages, one after the other: `job.before_ms`, `job.stage_ms`, `job.after_ms`. The middle one
# becomes `job.times` times as fast. By how many **percent** does the time of a request fall? The numbers are yours
# alone.

# %%
job = givens("fallacies.saved_percent")
vars(job)

# %%
### BEGIN SOLUTION
saved_ms = job.stage_ms - job.stage_ms / job.times
saved_percent = 100 * saved_ms / (job.before_ms + job.stage_ms + job.after_ms)
### END SOLUTION

# %%
check("fallacies.saved_percent", saved_percent)

# %% [markdown]
# ## 2. How fast must it be? (3 points, 6 minutes, standard)
#
# A stage takes a share `part` of the time. How many times as fast must it become for the whole to become `wanted` times
# as fast? Return `np.inf` where no speed-up is enough, at the ceiling and above it.


# %%
def needed(part, wanted):
    """How many times as fast a part of the time must become.

    >>> round(needed(0.5, 1.6), 2)
    4.0
    """
    ### BEGIN SOLUTION
    left = 1 / wanted - (1 - part)
    return part / left if left > 1e-12 else np.inf
    ### END SOLUTION


# %%
check("fallacies.needed", needed)

# %% [markdown]
# ## 3. The best place for the next 20 ms (4 points, 7 minutes, standard)
#
# `stages_ms` has the time of each stage by name, `most` how many times as fast each can become at most. The whole must
# save `saved_ms`, and only one stage will be worked on. Return the stage that must speed up least, and by which factor,
# or `("none", np.inf)` where no stage alone can do it.


# %%
def best_place(stages_ms, saved_ms, most):
    """The stage to work on, and how many times as fast it must become.

    >>> best_place({"read": 30, "infer": 50}, 10, {"read": 2.0, "infer": 4.0})
    ('infer', 1.25)
    """
    ### BEGIN SOLUTION
    factors = {stage: ms / (ms - saved_ms) for stage, ms in stages_ms.items() if ms > saved_ms}
    kept = {stage: factor for stage, factor in factors.items() if factor <= most[stage]}
    return min(kept.items(), key=lambda item: item[1], default=("none", np.inf))
    ### END SOLUTION


# %%
check("fallacies.best_place", best_place)

# %% [markdown]
# ## 4. Right and in time (3 points, 5 minutes, standard)
#
# A model is right in a share `accuracy` of cases and gave its answers after `answers_ms`, an array. An answer at the
# deadline or before it counts. A late request gets something simpler, right in a share `fallback` of cases. Return the
# share of requests that end with a right answer.


# %%
def utility(accuracy, answers_ms, deadline_ms, fallback):
    """The share of requests that end with a right answer.

    >>> round(float(utility(0.9, np.array([10, 20, 30, 90]), 25, 0.5)), 2)
    0.7
    """
    ### BEGIN SOLUTION
    on_time = np.mean(answers_ms <= deadline_ms)
    return accuracy * on_time + fallback * (1 - on_time)
    ### END SOLUTION


# %%
check("fallacies.utility", utility)

# %% [markdown]
# ## 5. How many may be late? (2 points, 4 minutes, warm-up)
#
# A simple model is right in `models.simple_percent` of cases and always in time, a better one in
# `models.better_percent`. A late answer is worth nothing. How many **percent** of the better model's answers may be late
# before it is worth no more than the simple one?

# %%
models = givens("fallacies.late_percent")
vars(models)

# %%
### BEGIN SOLUTION
late_percent = 100 * (1 - models.simple_percent / models.better_percent)
### END SOLUTION

# %%
check("fallacies.late_percent", late_percent)

# %% [markdown]
# ## 6. Months until the floor (3 points, 5 minutes, standard)
#
# A model was deployed at `box.deployed_percent` accuracy. Today, `box.after_months` months later, it is at
# `box.seen_percent`. It goes on losing as many points each month. In how many months **from today** does it reach
# `box.floor_percent`?

# %%
box = givens("fallacies.months_left")
vars(box)

# %%
### BEGIN SOLUTION
lost_per_month = (box.deployed_percent - box.seen_percent) / box.after_months
months_left = (box.seen_percent - box.floor_percent) / lost_per_month
### END SOLUTION

# %%
check("fallacies.months_left", months_left)

# %% [markdown]
# ## 7. The group behind the average (3 points, 6 minutes, standard)
#
# `right` says for each message whether the filter was right, `group` which group it belongs to; both are arrays. Return
# the name of the group with the lowest accuracy, and how far that accuracy lies below the accuracy over all messages.


# %%
def worst_group(right, group):
    """The group served worst, and its shortfall.

    >>> name, short = worst_group(np.array([True, True, True, False]), np.array(["a", "a", "b", "b"]))
    >>> name, float(short)
    ('b', 0.25)
    """
    ### BEGIN SOLUTION
    shares = {str(name): right[group == name].mean() for name in np.unique(group)}
    worst = min(shares, key=shares.get)
    return worst, right.mean() - shares[worst]
    ### END SOLUTION


# %%
check("fallacies.worst_group", worst_group)

# %% [markdown]
# ## 8. Enough tests (4 points, 8 minutes, stretch)
#
# `catches` says of each test, by name, which bugs it catches: a dictionary of sets. Return the smallest **number** of
# tests that together catch every bug in the set `bugs`, or `np.inf` where all of them together miss one.


# %%
def enough_tests(catches, bugs):
    """How many tests are enough.

    >>> enough_tests({"unit": {"crash"}, "labels": {"drift"}, "speed": set()}, {"crash", "drift"})
    2
    """
    ### BEGIN SOLUTION
    for size in range(len(catches) + 1):
        for tests in combinations(catches, size):
            if bugs <= set().union(*(catches[test] for test in tests)):
                return size
    return np.inf
    ### END SOLUTION


# %%
check("fallacies.enough_tests", enough_tests)
