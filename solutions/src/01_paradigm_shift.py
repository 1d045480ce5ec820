# %% [markdown]
# # Exercises 01: if nobody wrote the rule, where is the program?
#
# Seven tasks, 23 points, about 45 minutes. They need section 1.1 of the chapter and notebook 01.
#
# Replace each missing answer, run the cell, then the check below it. It tries your code on several cases and names the
# mistake it sees.
#
# Stuck? `hint("paradigm_shift.digit_count")` goes one step further each time; `solution("paradigm_shift.digit_count")`
# opens once the task is solved, or after three attempts with different results.

# %%
import hashlib

import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. Digits of a number that no machine holds (3 points, 5 minutes, warm-up)
#
# An input consists of `values` numbers of `bits_per_value` bits each. Return how many **decimal digits** the number of
# different inputs has. The number itself is too large to compute, so use logarithms. `values` may be an array.


# %%
def digit_count(values, bits_per_value):
    """Decimal digits of the number of different inputs.

    >>> int(digit_count(10, 1))
    4
    """
    ### BEGIN SOLUTION
    return np.floor(values * bits_per_value * np.log10(2)) + 1
    ### END SOLUTION


# %%
check("paradigm_shift.digit_count", digit_count)

# %% [markdown]
# ## 2. How much your test set reaches (3 points, 6 minutes, standard)
#
# Your camera takes pictures of `camera.width` by `camera.height` pixels with `camera.channels` channels, each of
# `camera.bits_per_value` bits. You test `camera.tests` different ones. What is **log10 of the share** of all possible
# pictures that you test? Give it unrounded.
#
# The numbers below are yours alone.

# %%
camera = givens("paradigm_shift.coverage")
vars(camera)

# %%
### BEGIN SOLUTION
values = camera.width * camera.height * camera.channels
log10_share = np.log10(camera.tests) - values * camera.bits_per_value * np.log10(2)
### END SOLUTION

# %%
check("paradigm_shift.coverage", log10_share)

# %% [markdown]
# ## 3. What a clean run rules out (3 points, 6 minutes, standard)
#
# `tests` independent tests ran without a failure. Return the failure rate that this rules out at `confidence`: the rate
# at which so clean a run has probability `1 - confidence`. Exactly, not by a rule of thumb. `tests` may be an array.


# %%
def clean_run_bound(tests, confidence):
    """The upper bound on the failure rate after `tests` tests without a failure.

    >>> float(clean_run_bound(2, 0.75))
    0.5
    """
    ### BEGIN SOLUTION
    return 1 - (1 - confidence) ** (1 / tests)
    ### END SOLUTION


# %%
check("paradigm_shift.clean_run", clean_run_bound)

# %% [markdown]
# ## 4. How many tests your promise takes (3 points, 6 minutes, standard)
#
# You want to promise, at `promise.confidence`, that fewer than `promise.failure_rate` of inputs fail. How many tests in
# a row must pass without a failure? An answer within 0.05 % counts.
#
# The numbers below are yours alone.

# %%
promise = givens("paradigm_shift.tests_needed")
vars(promise)

# %%
### BEGIN SOLUTION
tests_needed = np.ceil(np.log(1 - promise.confidence) / np.log(1 - promise.failure_rate))
### END SOLUTION

# %%
check("paradigm_shift.tests_needed", tests_needed)

# %% [markdown]
# ## 5. A fingerprint for a data set (4 points, 8 minutes, standard)
#
# Hash each example as the text `"label message"` with `sha`, given here. Sort the hashes, join them without anything
# between, hash the result, and return its first twelve digits.


# %%
def sha(text):
    """The SHA-256 hash of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


# %% [markdown]
# The order of the messages must not matter. Everything else must: a label, a word, a message held twice.


# %%
def fingerprint(messages, labels):
    """Twelve digits that tell one data set from another, whatever the order.

    >>> fingerprint(["free money", "lunch"], [1, 0]) == fingerprint(["lunch", "free money"], [0, 1])
    True
    >>> fingerprint(["lunch"], [0])
    '999040d8c039'
    """
    ### BEGIN SOLUTION
    hashes = sorted(sha(f"{label} {message}") for message, label in zip(messages, labels, strict=True))
    return sha("".join(hashes))[:12]
    ### END SOLUTION


# %%
check("paradigm_shift.fingerprint", fingerprint)

# %% [markdown]
# ## 6. A behavioural regression test (3 points, 5 minutes, warm-up)
#
# Two programs judged the same frozen messages: `before` and `after`, and `truth` holds the right labels, all arrays.
# Return the places (indices, from 0) of the messages that the new program **broke**.


# %%
def newly_wrong(before, after, truth):
    """Where the first program was right and the second is wrong.

    >>> newly_wrong(np.array([1, 0, 0]), np.array([1, 1, 0]), np.array([1, 0, 1])).tolist()
    [1]
    """
    ### BEGIN SOLUTION
    return np.flatnonzero((before == truth) & (after != truth))
    ### END SOLUTION


# %%
check("paradigm_shift.newly_wrong", newly_wrong)

# %% [markdown]
# ## 7. A proxy kept honest (4 points, 8 minutes, stretch)
#
# `searches` runs week by week up to now. `reports` of visits begins in the same week but ends earlier, for reports come
# late. Take the scale, visits over searches, from the last `window` reported weeks: sum over sum. Return the estimate of
# visits for this week. A window longer than the past takes all of it.


# %%
def estimate_now(searches, reports, window):
    """Visits this week, by searches and by what a search has lately meant.

    >>> float(estimate_now(np.array([2.0, 4.0, 4.0, 10.0]), np.array([2.0, 2.0]), 1))
    5.0
    """
    ### BEGIN SOLUTION
    same_weeks = searches[: len(reports)][-window:]
    return searches[-1] * np.sum(reports[-window:]) / np.sum(same_weeks)
    ### END SOLUTION


# %%
check("paradigm_shift.estimate_now", estimate_now)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/01_paradigm_shift.ipynb`.
# Then compare: `solution("paradigm_shift.newly_wrong")` shows another way to do the sixth, and so on for each.
