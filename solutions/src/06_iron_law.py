# %% [markdown]
# # Exercises 06: what is the time spent on?
#
# Nine tasks, 23 points, about 45 minutes. They need section 1.6 of the chapter and notebook 06.
#
# Replace each missing answer, run the cell, then run the check below it. A check tries your code on several cases and
# tells you which mistake it sees.
#
# Stuck? `hint("iron_law.time_terms")` goes one step further each time; `solution("iron_law.time_terms")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. The three terms (3 points, 5 minutes, warm-up)
#
# Write the iron law as code: return the data, compute and latency terms, in seconds, in that order.
#
# One multiply-add is 2 FLOP, and `flop` counts them that way already. Utilisation is a share of the peak. Use plain
# arithmetic and it will work for arrays too.


# %%
def time_terms(bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s):
    """Seconds for data, compute and latency.

    >>> time_terms(2e9, 1e9, 3e12, 1e12, 0.5, 0.25)
    (2.0, 6.0, 0.25)
    """
    ### BEGIN SOLUTION
    data_s = bytes_moved / bandwidth_bytes_per_s
    compute_s = flop / (peak_flop_per_s * utilisation)
    return data_s, compute_s, latency_s
    ### END SOLUTION


# %%
check("iron_law.time_terms", time_terms)

# %% [markdown]
# ## 2. Which term binds (2 points, 4 minutes, warm-up)
#
# Return the name of the largest term: `"data"`, `"compute"` or `"latency"`. On a tie, the one named first here.


# %%
def binding_term(data_s, compute_s, latency_s):
    """The term that takes the most seconds.

    >>> binding_term(0.2, 0.1, 0.3)
    'latency'
    """
    ### BEGIN SOLUTION
    terms = {"data": data_s, "compute": compute_s, "latency": latency_s}
    return max(terms, key=terms.get)
    ### END SOLUTION


# %%
check("iron_law.binding_term", binding_term)

# %% [markdown]
# ## 3. When loading hides behind arithmetic (2 points, 4 minutes, warm-up)
#
# A good pipeline fetches the next data while it computes. Return the seconds for one step in that case. The arguments
# may be arrays, so compare with NumPy.


# %%
def pipelined_s(data_s, compute_s, latency_s):
    """Seconds for a step whose data movement and arithmetic overlap.

    >>> pipelined_s(np.array([2.0, 7.0]), 5.0, 1.0)
    array([6., 8.])
    """
    ### BEGIN SOLUTION
    return np.maximum(data_s, compute_s) + latency_s
    ### END SOLUTION


# %%
check("iron_law.pipelined", pipelined_s)

# %% [markdown]
# ## 4. What better utilisation saves (3 points, 5 minutes, standard)
#
# A training run of `run.flop` FLOP is shared by `run.chips` A100s of `run.peak_flop_per_s` each. Engineers raise the
# utilisation from `run.utilisation_before` to `run.utilisation_after`. How many **days** does that save?
#
# The numbers below are yours alone.

# %%
run = givens("iron_law.days_saved")
vars(run)

# %%
### BEGIN SOLUTION
achieved_before = run.chips * run.peak_flop_per_s * run.utilisation_before
achieved_after = run.chips * run.peak_flop_per_s * run.utilisation_after
days_saved = (run.flop / achieved_before - run.flop / achieved_after) / 86_400
### END SOLUTION

# %%
check("iron_law.days_saved", days_saved)

# %% [markdown]
# ## 5. Days to train a transformer (2 points, 5 minutes, standard)
#
# Training costs about 6 FLOP for each parameter and each token. Return the days that a run takes.


# %%
def training_days(params, tokens, chips, peak_flop_per_s, utilisation):
    """Days to train `params` parameters on `tokens` tokens with `chips` chips.

    >>> training_days(1e9, 1.44e10, 1, 1e15, 1.0)
    1.0
    """
    ### BEGIN SOLUTION
    flop = 6 * params * tokens
    return flop / (chips * peak_flop_per_s * utilisation) / 86_400
    ### END SOLUTION


# %%
check("iron_law.training_days", training_days)

# %% [markdown]
# ## 6. Which upgrade to buy (3 points, 6 minutes, standard)
#
# Two offers at one price: memory that is `bandwidth_factor` times faster, or arithmetic that is `peak_factor` times
# faster. Return `"bandwidth"` or `"peak"`, whichever leaves the shorter step. Terms are added; on a tie, `"bandwidth"`.


# %%
def best_upgrade(data_s, compute_s, latency_s, bandwidth_factor, peak_factor):
    """The upgrade that saves more time.

    >>> best_upgrade(0.010, 0.020, 0.001, 4.0, 1.5)
    'bandwidth'
    """
    ### BEGIN SOLUTION
    saved_by_bandwidth = data_s * (1 - 1 / bandwidth_factor)
    saved_by_peak = compute_s * (1 - 1 / peak_factor)
    return "bandwidth" if saved_by_bandwidth >= saved_by_peak else "peak"
    ### END SOLUTION


# %%
check("iron_law.best_upgrade", best_upgrade)

# %% [markdown]
# ## 7. How much memory the conversations take (3 points, 6 minutes, standard)
#
# A chat service keeps a KV cache for each of `chat.batch` conversations, `chat.context` tokens each. In every layer it
# stores a key and a value for each of `chat.kv_heads` heads. How many **GB** (1e9 bytes) is that?
#
# The numbers below are yours alone.

# %%
chat = givens("iron_law.kv_cache_gb")
vars(chat)

# %%
### BEGIN SOLUTION
bytes_per_token = 2 * chat.layers * chat.kv_heads * chat.head_dim * chat.bytes_per_value
kv_cache_gb = bytes_per_token * chat.context * chat.batch / 1e9
### END SOLUTION

# %%
check("iron_law.kv_cache_gb", kv_cache_gb)

# %% [markdown]
# ## 8. Where the joules go (3 points, 6 minutes, standard)
#
# Return the share of the energy that goes to moving data, between 0 and 1. Mind the price list: it quotes DRAM for
# one **32-bit word**.


# %%
def energy_share(bytes_moved, flop, dram_j_per_32_bit_word, compute_j_per_flop):
    """The share of the energy that moving the data takes.

    >>> energy_share(4.0, 10.0, 640e-12, 64e-12)
    0.5
    """
    ### BEGIN SOLUTION
    move_j = bytes_moved * dram_j_per_32_bit_word / 4
    compute_j = flop * compute_j_per_flop
    return move_j / (move_j + compute_j)
    ### END SOLUTION


# %%
check("iron_law.energy_share", energy_share)

# %% [markdown]
# ## 9. What a point of accuracy costs (2 points, 4 minutes, standard)
#
# Return the percentage points of accuracy gained for each unit of cost **added**. Accuracies are shares between 0 and
# 1; the costs are in any one unit.


# %%
def return_on_compute(accuracy_before, accuracy_after, cost_before, cost_after):
    """Percentage points gained for each unit of added cost.

    >>> return_on_compute(0.50, 0.75, 10.0, 20.0)
    2.5
    """
    ### BEGIN SOLUTION
    gained_points = 100 * (accuracy_after - accuracy_before)
    return gained_points / (cost_after - cost_before)
    ### END SOLUTION


# %%
check("iron_law.return_on_compute", return_on_compute)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/06_iron_law.ipynb`.
# Then compare: `solution("iron_law.binding_term")` shows another way to do the second, and so on for each.
