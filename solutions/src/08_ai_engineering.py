# %% [markdown]
# # Exercises 08: what is a deterministic promise about a stochastic part?
#
# Eight tasks, 22 points, about 45 minutes. They need section 1.8 of the chapter and notebook 08.
#
# Replace each missing answer, run the cell, then the check below it. A check tries your code on several cases and names
# your mistake.
#
# Stuck? `hint("ai_engineering.slack")` goes one step further each time; `solution("ai_engineering.slack")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. Room before a limit (2 points, 4 minutes, warm-up)
#
# Return the room that is left before a limit, as a share of the bound: 0 just keeps it, below 0 breaks it. With
# `at_least` the value must not fall below the bound, else it must not rise above it. `value` may be an array.


# %%
def slack(value, bound, at_least):
    """The room before a limit, as a share of its bound.

    >>> slack(60.0, 80.0, at_least=False)
    0.25
    """
    ### BEGIN SOLUTION
    room = value - bound if at_least else bound - value
    return room / bound
    ### END SOLUTION


# %%
check("ai_engineering.slack", slack)

# %% [markdown]
# ## 2. Every limit that is broken (3 points, 7 minutes, standard)
#
# `contract` lists limits as `(name, sense, bound)`, where sense is `"at least"` or `"at most"`; `measured` maps names to
# values. Return the names of **all** limits that are not known to be kept, as a tuple, in the contract's order. What was
# not measured is not known to be kept.


# %%
def broken_limits(measured, contract):
    """The names of all limits that are not known to be kept.

    >>> contract = (("accuracy", "at least", 0.9), ("p99_s", "at most", 0.1), ("watts", "at most", 5))
    >>> broken_limits({"accuracy": 0.95, "p99_s": 0.2}, contract)
    ('p99_s', 'watts')
    """

    ### BEGIN SOLUTION
    def kept(value, sense, bound):
        return value >= bound if sense == "at least" else value <= bound

    known = [name for name, *limit in contract if name in measured and kept(measured[name], *limit)]
    return tuple(name for name, *_ in contract if name not in known)
    ### END SOLUTION


# %%
check("ai_engineering.broken_limits", broken_limits)

# %% [markdown]
# ## 3. The front (4 points, 9 minutes, stretch)
#
# `costs` is an array with a row for each design and a column for each objective; lower is better. Return an array of
# truths, one for each design: is it on the Pareto front? A design is off it if some other is nowhere higher and somewhere
# lower.


# %%
def pareto_front(costs):
    """Which designs no other dominates.

    >>> pareto_front(np.array([[1.0, 4.0], [2.0, 2.0], [3.0, 3.0]])).tolist()
    [True, True, False]
    """
    ### BEGIN SOLUTION
    rivals = [(costs <= row).all(axis=1) & (costs < row).any(axis=1) for row in costs]
    return ~np.array(rivals).any(axis=1)
    ### END SOLUTION


# %%
check("ai_engineering.pareto_front", pareto_front)

# %% [markdown]
# ## 4. A vote of unequal parts (3 points, 6 minutes, standard)
#
# Three parts vote. They are wrong with different probabilities, each independently of the others. Return the probability
# that at least two of them are wrong. Use plain arithmetic and it will work for arrays too.


# %%
def two_of_three(error_a, error_b, error_c):
    """The chance that at least two of three independent parts are wrong.

    >>> two_of_three(0.5, 0.5, 0.0)
    0.25
    """
    ### BEGIN SOLUTION
    exactly_two = (
        error_a * error_b * (1 - error_c) + error_a * (1 - error_b) * error_c + (1 - error_a) * error_b * error_c
    )
    return exactly_two + error_a * error_b * error_c
    ### END SOLUTION


# %%
check("ai_engineering.two_of_three", two_of_three)

# %% [markdown]
# ## 5. What a shared fate costs (3 points, 5 minutes, standard)
#
# A service takes `service.readings` readings, each by a vote of three readers that are wrong with probability
# `service.error`. With probability `service.correlation` one fate befalls all three; else each has its own luck. How
# many readings come out wrong, on average?
#
# The numbers below are yours alone.

# %%
service = givens("ai_engineering.bad_readings")
vars(service)

# %%
### BEGIN SOLUTION
e = service.error
own_luck = 3 * e**2 - 2 * e**3
bad_readings = service.readings * (service.correlation * e + (1 - service.correlation) * own_luck)
### END SOLUTION

# %%
check("ai_engineering.bad_readings", bad_readings)

# %% [markdown]
# ## 6. How many requests to time (3 points, 5 minutes, standard)
#
# The slowest of $n$ independent requests shall lie above the quantile `promise.quantile` of the service (0.99 would be its
# p99) with the probability `promise.confidence`. How many requests does that take, at least? A whole number.
#
# The numbers below are yours alone.

# %%
promise = givens("ai_engineering.requests")
vars(promise)

# %%
### BEGIN SOLUTION
requests = np.ceil(np.log(1 - promise.confidence) / np.log(promise.quantile))
### END SOLUTION

# %%
check("ai_engineering.requests", requests)

# %% [markdown]
# ## 7. What is left of the error budget (2 points, 4 minutes, warm-up)
#
# A service promises to be up for the share `month.target` of a month of `month.days` days. It has been out already, in
# `month.outages_min`. How many **minutes** may it still be out this month?
#
# The numbers below are yours alone.

# %%
month = givens("ai_engineering.minutes_left")
vars(month)

# %%
### BEGIN SOLUTION
budget_min = (1 - month.target) * month.days * 24 * 60
minutes_left = budget_min - sum(month.outages_min)
### END SOLUTION

# %%
check("ai_engineering.minutes_left", minutes_left)

# %% [markdown]
# ## 8. What a promise does not say (2 points, 5 minutes, standard)
#
# `promise` is a dictionary that should hold every one of `fields`. Return the fields that say nothing, as a tuple, in the
# order of `fields`: absent, `None`, or a text of nothing but blanks. A limit of 0 says something.


# %%
def missing_fields(promise, fields):
    """The fields that a promise leaves open.

    >>> missing_fields({"limit": 0, "owner": " ", "window": "7 days"}, ("limit", "window", "owner", "action"))
    ('owner', 'action')
    """

    ### BEGIN SOLUTION
    def says_nothing(value):
        return value is None or str(value).strip() == ""

    return tuple(field for field in fields if says_nothing(promise.get(field)))
    ### END SOLUTION


# %%
check("ai_engineering.missing_fields", missing_fields)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/08_ai_engineering.ipynb`.
# Then compare: `solution("ai_engineering.pareto_front")` shows another way to do the third, and so on for each.
