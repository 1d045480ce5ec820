# %% [markdown]
# # Exercises 07: if everything gets more efficient, why does the bill grow?
#
# Eight tasks, 23 points, about 45 minutes. They need section 1.7 of the chapter and notebook 07.
#
# Replace each missing answer, run the cell, then run the check below it. A check tries several cases and names the
# mistake it sees.
#
# Stuck? `hint("efficiency.total_use")` goes one step further each time; `solution("efficiency.total_use")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np
from scipy.stats import linregress, t

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. A halving time from two points (2 points, 4 minutes, warm-up)
#
# A cost falls by `factor` (2 means to a half) in `months`. Return its halving time in months. The arguments may be
# arrays, so use NumPy's functions.


# %%
def halving_months(factor, months):
    """Months in which the cost halves.

    >>> float(halving_months(8, 30))
    10.0
    """
    ### BEGIN SOLUTION
    return months / np.log2(factor)
    ### END SOLUTION


# %%
check("efficiency.halving_months", halving_months)

# %% [markdown]
# ## 2. GPU-days of which GPU? (3 points, 6 minutes, standard)
#
# One training run took `pair.days_before` GPU-days on chips of `pair.peak_before_flop_per_s`, a later one
# `pair.days_after` on chips of `pair.peak_after_flop_per_s`. Both reached the same share of their peak. How many
# **orders of magnitude** more work was the later one?
#
# The numbers below are yours alone.

# %%
pair = givens("efficiency.audit_orders")
vars(pair)

# %%
### BEGIN SOLUTION
work_before = pair.days_before * pair.peak_before_flop_per_s
work_after = pair.days_after * pair.peak_after_flop_per_s
orders = np.log10(work_after / work_before)
### END SOLUTION

# %%
check("efficiency.audit_orders", orders)

# %% [markdown]
# ## 3. A halving time from a table (4 points, 9 minutes, stretch)
#
# Rows, in any order, say in which month which training FLOP reached one accuracy. Fit a straight line through log2 of
# all. Return, in months, the halving time and the ends of its 95 % interval, shorter first.
#
# `linregress(x, y)` has a `slope` and its error, `stderr`. Half of the slope's interval is that error times
# `t.ppf(0.975, n - 2)`, for n rows.


# %%
def fitted_halving(months, flop):
    """Halving time, shortest and longest in its 95 % interval.

    >>> [round(float(x), 2) for x in fitted_halving(np.array([0.0, 10.0, 20.0, 30.0]), np.array([8.0, 4.4, 2.0, 1.0]))]
    [9.86, 8.54, 11.67]
    """
    ### BEGIN SOLUTION
    fit = linregress(months, np.log2(flop))
    half = t.ppf(0.975, len(months) - 2) * fit.stderr
    halvings_a_month = -fit.slope
    return 1 / halvings_a_month, 1 / (halvings_a_month + half), 1 / (halvings_a_month - half)
    ### END SOLUTION


# %%
check("efficiency.fitted_halving", fitted_halving)

# %% [markdown]
# ## 4. The systems gap (3 points, 5 minutes, standard)
#
# Demand doubles in `trend.demand_doubling_months`, hardware in `trend.supply_doubling_months`; algorithms halve what a
# task needs in `trend.halving_months`. All start at 1. After `trend.months`, how many **times** larger is demand than
# what hardware and algorithms supply together?
#
# The numbers below are yours alone.

# %%
trend = givens("efficiency.systems_gap")
vars(trend)

# %%
### BEGIN SOLUTION
demand = 2 ** (trend.months / trend.demand_doubling_months)
hardware = 2 ** (trend.months / trend.supply_doubling_months)
algorithms = 2 ** (trend.months / trend.halving_months)
gap = demand / (hardware * algorithms)
### END SOLUTION

# %%
check("efficiency.systems_gap", gap)

# %% [markdown]
# ## 5. What becomes of the saving (2 points, 4 minutes, warm-up)
#
# A service becomes `gain` times more efficient; demand for it has a constant `elasticity`. Return total use, as a
# multiple of before.


# %%
def total_use(gain, elasticity):
    """Total use after the gain, 1 for no change.

    >>> total_use(4.0, 1.5)
    2.0
    """
    ### BEGIN SOLUTION
    return gain ** (elasticity - 1)
    ### END SOLUTION


# %%
check("efficiency.total_use", total_use)

# %% [markdown]
# ## 6. The elasticity that would be needed (3 points, 6 minutes, standard)
#
# Efficiency rose `trends.gain` times in `trends.gain_months`. Total use rose by `trends.use_orders` orders of magnitude
# in `trends.use_months`. If efficiency had kept its pace for all of those months, and had alone caused the growth: which
# elasticity would demand have?
#
# The numbers below are yours alone.

# %%
trends = givens("efficiency.elasticity_needed")
vars(trends)

# %%
### BEGIN SOLUTION
elasticity = 1 + trends.use_orders / (trends.use_months / trends.gain_months * np.log10(trends.gain))
### END SOLUTION

# %%
check("efficiency.elasticity_needed", elasticity)

# %% [markdown]
# ## 7. Where to begin (3 points, 6 minutes, standard)
#
# Return the dimension to work on first: `"data"`, `"algorithm"` or `"machine"`. Where `examples` are fewer than
# `examples_enough`, it is data. Otherwise it is the one with the largest headroom: what is spent over what would do,
# and for the machine the rate within reach over the rate reached. On a tie, the one named first here.


# %%
def first_dimension(examples, examples_enough, flop, flop_lean, flop_per_s, flop_per_s_within_reach):
    """The dimension to work on first.

    >>> first_dimension(1200, 400, 8e8, 4e8, 5e8, 4e9)
    'machine'
    """
    ### BEGIN SOLUTION
    if examples < examples_enough:
        return "data"
    rooms = {"data": examples / examples_enough, "algorithm": flop / flop_lean}
    rooms["machine"] = flop_per_s_within_reach / flop_per_s
    return max(rooms, key=rooms.get)
    ### END SOLUTION


# %%
check("efficiency.first_dimension", first_dimension)

# %% [markdown]
# ## 8. Why gains do not multiply (3 points, 6 minutes, stretch)
#
# Time is arithmetic (`flop_per_visit` at `flop_per_s`) plus `call_s` for each call. The plain way makes `visits`, one a
# call. The machine way hands over `full_batch` visits in a call. The algorithm way needs only `lean_visits`, one a call.
# Together: `lean_visits`, `small_batch` in a call.
#
# Return how many times faster than plain these are: machine, algorithm, both.


# %%
def speedups(visits, lean_visits, full_batch, small_batch, flop_per_visit, flop_per_s, call_s):
    """Speed-up over the plain way: machine, algorithm, both.

    >>> [round(x, 1) for x in speedups(1000, 100, 500, 10, 1e3, 1e6, 0.009)]
    [9.8, 10.0, 52.6]
    """

    ### BEGIN SOLUTION
    def time_s(seen, batch):
        return seen * flop_per_visit / flop_per_s + seen / batch * call_s

    plain = time_s(visits, 1)
    return plain / time_s(visits, full_batch), plain / time_s(lean_visits, 1), plain / time_s(lean_visits, small_batch)
    ### END SOLUTION


# %%
check("efficiency.joint_speedup", speedups)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/07_efficiency.ipynb`.
# Then compare: `solution("efficiency.first_dimension")` shows another way to do the seventh, and so on for each.
