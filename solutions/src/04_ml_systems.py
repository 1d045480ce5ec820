# %% [markdown]
# # Exercises 04: which axis binds?
#
# Eight tasks, 22 points, about 45 minutes. They need section 1.4 of the chapter and notebook 04.
#
# Replace each missing answer, run the cell, then run the check below it. A check tries your code on several cases and
# tells you which mistake it sees.
#
# Stuck? `hint("ml_systems.in_flight")` goes one step further each time; `solution("ml_systems.in_flight")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. How many are inside (2 points, 4 minutes, warm-up)
#
# A service gets `messages_per_day` and takes `time_s` seconds for each. Return how many are inside it at any moment.


# %%
def in_flight(messages_per_day, time_s):
    """Messages inside the service, on average.

    >>> in_flight(86_400, 0.5)
    0.5
    """
    ### BEGIN SOLUTION
    return messages_per_day / 86_400 * time_s
    ### END SOLUTION


# %%
check("ml_systems.in_flight", in_flight)

# %% [markdown]
# ## 2. The axis that binds (3 points, 6 minutes, standard)
#
# A symptom, such as a share of messages misjudged, was measured without a probe and with a probe of each axis. Return
# `"data"`, `"algorithm"` or `"machine"`: the axis whose probe lowers the symptom most. Where none lowers it by more
# than a tenth of its unprobed size, return `"none"`.


# %%
def axis(unprobed, with_more_data, with_better_algorithm, with_more_machine):
    """The axis that binds, or "none".

    >>> axis(0.40, 0.05, 0.30, 0.41)
    'data'
    """
    ### BEGIN SOLUTION
    after = {"data": with_more_data, "algorithm": with_better_algorithm, "machine": with_more_machine}
    best = min(after, key=after.get)
    return best if after[best] < 0.9 * unprobed else "none"
    ### END SOLUTION


# %%
check("ml_systems.axis", axis)

# %% [markdown]
# ## 3. Pass the baton (3 points, 6 minutes, standard)
#
# Three stages work at the same time, at `carry`, `prepare` and `compute` items a second. You may double a stage
# `doublings` times, each time the one that is slowest then. Return the items a second that leave in the end.


# %%
def after_upgrades(carry, prepare, compute, doublings):
    """Throughput after doubling whichever stage binds, so many times.

    >>> after_upgrades(900.0, 100.0, 150.0, 2)
    200.0
    """
    ### BEGIN SOLUTION
    rates = [carry, prepare, compute]
    for _ in range(doublings):
        rates[rates.index(min(rates))] *= 2
    return min(rates)
    ### END SOLUTION


# %%
check("ml_systems.after_upgrades", after_upgrades)

# %% [markdown]
# ## 4. What must be in memory (3 points, 6 minutes, standard)
#
# A chat service stores its `s.params_billion` billion weights in `s.bits` bits each. Each of `s.conversations` keeps a
# KV cache of `s.tokens` tokens: in every layer a key and a value for each of `s.kv_heads` heads of `s.head_dim`
# numbers, 2 bytes each. How many **GB** (1e9 bytes) is that together?
#
# The numbers below are yours alone.

# %%
s = givens("ml_systems.resident_gb")
vars(s)

# %%
### BEGIN SOLUTION
weight_bytes = s.params_billion * 1e9 * s.bits / 8
cache_bytes = 2 * s.layers * s.kv_heads * s.head_dim * 2 * s.tokens * s.conversations
resident_gb = (weight_bytes + cache_bytes) / 1e9
### END SOLUTION

# %%
check("ml_systems.resident_gb", resident_gb)

# %% [markdown]
# ## 5. Who says no (4 points, 8 minutes, stretch)
#
# Return the limits that a deployment **exceeds**, as a tuple in this order: `"memory"`, `"compute"`, `"latency"`,
# `"power"`. Compute sets arriving FLOP/s against `flop_per_s`. Latency sets the longer of data and compute time of one
# item against the deadline. Used up exactly is not exceeded.
#
# What the device offers arrives by name in the dictionary `device`, as the example shows: `device["memory_bytes"]`,
# and so on.


# %%
def vetoes(resident_bytes, bytes_moved, flop, rate_per_s, deadline_s, power_cap_w, **device):
    """The limits that say no, in order; an empty tuple where it fits.

    >>> vetoes(3e9, 1e9, 1e12, 5, 0.5, 10, memory_bytes=2e9, bandwidth_bytes_per_s=1e10, flop_per_s=1e13, power_w=12)
    ('memory', 'power')
    """
    ### BEGIN SOLUTION
    item_s = max(bytes_moved / device["bandwidth_bytes_per_s"], flop / device["flop_per_s"])
    wanted = (resident_bytes, rate_per_s * flop, item_s, device["power_w"])
    offered = (device["memory_bytes"], device["flop_per_s"], deadline_s, power_cap_w)
    names = ("memory", "compute", "latency", "power")
    return tuple(name for name, need, has in zip(names, wanted, offered, strict=True) if need > has)
    ### END SOLUTION


# %%
check("ml_systems.vetoes", vetoes)

# %% [markdown]
# ## 6. Fit the exponent (2 points, 5 minutes, standard)
#
# `samples` and `error` are arrays of one learning curve. Fit error = a n^-alpha by a straight line through the
# logarithms of both (least squares) and return alpha.


# %%
def alpha(samples, error):
    """The exponent of the learning curve.

    >>> round(alpha(np.array([10, 100, 1000]), np.array([0.4, 0.2, 0.1])), 3)
    0.301
    """
    ### BEGIN SOLUTION
    slope, _ = np.polyfit(np.log(samples), np.log(error), 1)
    return float(-slope)
    ### END SOLUTION


# %%
check("ml_systems.alpha", alpha)

# %% [markdown]
# ## 7. What cheaper hardware buys (3 points, 5 minutes, standard)
#
# Hardware gets `c.price_cut_percent` percent cheaper, and the same budget goes into as many more samples as it now
# buys. The error is `c.error_now`, on a power law with exponent `c.alpha` and no floor. Which error is **left**? Use
# the power itself, not the first-order rule.
#
# The numbers below are yours alone.

# %%
c = givens("ml_systems.error_after")
vars(c)

# %%
### BEGIN SOLUTION
more = 1 / (1 - c.price_cut_percent / 100)
error_after = c.error_now * more**-c.alpha
### END SOLUTION

# %%
check("ml_systems.error_after", error_after)

# %% [markdown]
# ## 8. Samples per dollar (2 points, 5 minutes, standard)
#
# A chip of `price_usd` works for `years` of 365 days at a share `utilisation` of its peak. One training sample costs
# three times its forward pass of `forward_flop` FLOP. Return the samples for each dollar of the price.


# %%
def samples_per_dollar(price_usd, years, peak_flop_per_s, utilisation, forward_flop):
    """Training samples for a dollar.

    >>> samples_per_dollar(86_400.0, 1, 3e12, 1.0, 1e9)
    365000.0
    """
    ### BEGIN SOLUTION
    lifetime_flop = years * 365 * 86_400 * peak_flop_per_s * utilisation
    return lifetime_flop / price_usd / (3 * forward_flop)
    ### END SOLUTION


# %%
check("ml_systems.samples_per_dollar", samples_per_dollar)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/04_ml_systems.ipynb`.
# Then compare: `solution("ml_systems.after_upgrades")` shows another way to do the third, and so on for each.
