# %% [markdown]
# # Exercises 12: where does each idea return?
#
# Seven tasks, 21 points, about 32 minutes. They need section 1.12 of the chapter and notebook 12.
#
# Replace each missing answer, run the cell, then run the check below it. A check tries several cases and tells you
# which mistake it sees.
#
# Stuck? `hint("book_map.read_first")` goes one step further each time; `solution("book_map.read_first")` opens once the
# task is solved, or after three attempts with different results.

# %%
import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. What to read first (3 points, 5 minutes, standard)
#
# `needs` is a map: each chapter with the set of chapters that it builds on directly. Return a **sorted list** of all that
# must be read before `name`, through however many steps. The map has no circles.


# %%
def read_first(needs, name):
    """All that `name` builds on, sorted.

    >>> read_first({"end": {"middle"}, "middle": {"start"}, "start": set()}, "end")
    ['middle', 'start']
    """
    ### BEGIN SOLUTION
    found = set(needs[name])
    for earlier in needs[name]:
        found |= set(read_first(needs, earlier))
    return sorted(found)
    ### END SOLUTION


# %%
check("book_map.read_first", read_first)

# %% [markdown]
# ## 2. An order to read in (3 points, 5 minutes, standard)
#
# Return all chapters of a map in an order in which nothing comes before what it needs. So that there is one answer: of
# the chapters that are **ready**, always read the first of the alphabet next.


# %%
def reading_order(needs):
    """A list of all chapters in reading order.

    >>> reading_order({"a": {"d"}, "b": {"a"}, "c": set(), "d": set()})
    ['c', 'd', 'a', 'b']
    """
    ### BEGIN SOLUTION
    order = []
    while len(order) < len(needs):
        ready = [name for name in needs if name not in order and needs[name] <= set(order)]
        order.append(min(ready))
    return order
    ### END SOLUTION


# %%
check("book_map.reading_order", reading_order)

# %% [markdown]
# ## 3. What a worker of a ring sends (2 points, 3 minutes, warm-up)
#
# Return the bytes that each of `workers` workers sends in a ring all-reduce of `payload_bytes`. The workers may be an
# array.


# %%
def sent_bytes(workers, payload_bytes):
    """Bytes sent by one worker.

    >>> sent_bytes(4, 100.0)
    150.0
    """
    ### BEGIN SOLUTION
    piece = payload_bytes / workers
    return 2 * (workers - 1) * piece
    ### END SOLUTION


# %%
check("book_map.sent_bytes", sent_bytes)

# %% [markdown]
# ## 4. The time of an all-reduce (3 points, 4 minutes, standard)
#
# `ring.workers` workers sum the gradients of `ring.params` parameters, `ring.bytes_per_gradient` bytes each. Every link
# carries `ring.link_gbit_per_s` **Gbit/s**, and each hop costs `ring.hop_us` microseconds. How many **milliseconds**?
#
# The numbers below are yours alone.

# %%
ring = givens("book_map.all_reduce_ms")
vars(ring)

# %%
### BEGIN SOLUTION
n = ring.workers
sent = 2 * (n - 1) / n * ring.params * ring.bytes_per_gradient
seconds = sent / (ring.link_gbit_per_s * 1e9 / 8) + 2 * (n - 1) * ring.hop_us * 1e-6
all_reduce_ms = 1000 * seconds
### END SOLUTION

# %%
check("book_map.all_reduce_ms", all_reduce_ms)

# %% [markdown]
# ## 5. Where the network binds (4 points, 6 minutes, stretch)
#
# A batch of `tokens` is shared by $n$ workers: 6 FLOP for each parameter and token, `achieved_flop_per_s` on each worker.
# Gradients take `bytes_per_gradient` each and go round a ring at `bandwidth_bytes_per_s`; leave hops out. Return the $n$,
# not rounded, at which both take equally long. The bandwidth may be an array.


# %%
def crossover_workers(params, tokens, bytes_per_gradient, achieved_flop_per_s, bandwidth_bytes_per_s):
    """Workers at which the sum of gradients takes as long as the arithmetic.

    >>> crossover_workers(1e9, 2e6, 4, 1e14, 1e10)
    151.0
    """
    ### BEGIN SOLUTION
    return 1 + 6 * tokens * bandwidth_bytes_per_s / (2 * bytes_per_gradient * achieved_flop_per_s)
    ### END SOLUTION


# %%
check("book_map.crossover_workers", crossover_workers)

# %% [markdown]
# ## 6. How much of the fleet is at work (3 points, 4 minutes, standard)
#
# A batch takes one worker `fleet.alone_s` seconds. Now `fleet.workers` share it (strong scaling) and then sum
# `fleet.payload_gb` GB of gradients in a ring at `fleet.node_gb_per_s` GB/s; hops left out, no overlap. Which **share**
# of a perfect speed-up is left?
#
# The numbers below are yours alone.

# %%
fleet = givens("book_map.efficiency")
vars(fleet)

# %%
### BEGIN SOLUTION
perfect = fleet.alone_s / fleet.workers
network = 2 * (fleet.workers - 1) / fleet.workers * fleet.payload_gb / fleet.node_gb_per_s
efficiency = perfect / (perfect + network)
### END SOLUTION

# %%
check("book_map.efficiency", efficiency)

# %% [markdown]
# ## 7. Does quantisation help? (3 points, 5 minutes, standard)
#
# Moving a job's weights takes `weights_s` seconds, its other data `other_s`, its arithmetic `compute_s`; data and
# arithmetic run at once. Now the weights, and nothing else, become `factor` times smaller. Return how many times faster
# the job gets. The arithmetic may be an array.


# %%
def quantised_speedup(weights_s, other_s, compute_s, factor):
    """Old time over new time.

    >>> print(quantised_speedup(6.0, 2.0, 1.0, 3.0))
    2.0
    """
    ### BEGIN SOLUTION
    before = np.maximum(weights_s + other_s, compute_s)
    after = np.maximum(weights_s / factor + other_s, compute_s)
    return before / after
    ### END SOLUTION


# %%
check("book_map.quantised_speedup", quantised_speedup)
