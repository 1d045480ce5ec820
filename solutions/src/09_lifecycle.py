# %% [markdown]
# # Exercises 09: what does going round cost?
#
# Nine tasks, 25 points, about 45 minutes. They need section 1.9 of the chapter and notebook 09.
#
# Replace each missing answer, run the cell, then run the check below it. A check tries your code on several cases and
# tells you which mistake it sees.
#
# Stuck? `hint("lifecycle.next_stage")` goes one step further each time; `solution("lifecycle.next_stage")` opens once
# the task is solved, or after three attempts with different results.

# %%
import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. Where does the team go next? (2 points, 3 minutes, warm-up)
#
# Write the lifecycle as a state machine. Two stages judge, evaluation and monitoring, and `good` is what they find. The
# other four go on to the next stage whatever it says.


# %%
def next_stage(stage, good):
    """The stage after `stage`.

    >>> next_stage("model training", True)
    'evaluation'
    """
    stages = ("data collection", "data preparation", "model training", "evaluation", "deployment", "monitoring")
    ### BEGIN SOLUTION
    back = {"evaluation": "data preparation", "monitoring": "data collection"}
    if stage in back and not good:
        return back[stage]
    return stages[min(stages.index(stage) + 1, len(stages) - 1)]
    ### END SOLUTION


# %%
check("lifecycle.next_stage", next_stage)

# %% [markdown]
# ## 2. When does the first model serve? (3 points, 5 minutes, standard)
#
# The days of each stage are those of `project`. Each candidate passes evaluation with chance `project.passes`; one
# that fails goes back to preparation. On which **day** is the first model deployed, on average?
#
# The numbers below are yours alone.

# %%
project = givens("lifecycle.first_deployment")
vars(project)

# %%
### BEGIN SOLUTION
candidate_days = project.preparation + project.training + project.evaluation
first_deployment = project.collection + candidate_days / project.passes + project.deployment
### END SOLUTION

# %%
check("lifecycle.first_deployment", first_deployment)

# %% [markdown]
# ## 3. How low does it get? (2 points, 5 minutes, standard)
#
# Accuracy is lost evenly, `lost_per_month` in 365/12 days. It has lost `alarm` at the alarm's level, which is seen
# `unseen_days` later; then the team goes round in `round_days`. Return the accuracy just before the new model serves.
# All accuracies and losses are shares; use plain arithmetic and it will work for arrays too.


# %%
def lowest_accuracy(accuracy, alarm, lost_per_month, round_days, unseen_days):
    """The accuracy of the old model when it is replaced.

    >>> round(lowest_accuracy(0.9, 0.03, 0.0365, 20, 5), 3)
    0.84
    """
    ### BEGIN SOLUTION
    lost_per_day = lost_per_month / (365 / 12)
    return accuracy - alarm - lost_per_day * (unseen_days + round_days)
    ### END SOLUTION


# %%
check("lifecycle.lowest_accuracy", lowest_accuracy)

# %% [markdown]
# ## 4. How often may a doorbell look? (3 points, 6 minutes, standard)
#
# A battery of `bell.capacity_mah` mAh at `bell.volts` V must last `bell.years` years of 365.25 days. One look takes
# `bell.look_ms` ms at `bell.awake_mw` mW; the rest of the time the doorbell sleeps at `bell.asleep_uw` µW. How many
# looks an **hour** are allowed?
#
# The numbers below are yours alone.

# %%
bell = givens("lifecycle.looks_per_hour")
vars(bell)

# %%
### BEGIN SOLUTION
energy_j = bell.capacity_mah / 1000 * 3600 * bell.volts
average_w = energy_j / (bell.years * 365.25 * 86_400)
awake_w, asleep_w = bell.awake_mw / 1e3, bell.asleep_uw / 1e6
looks_per_hour = (average_w - asleep_w) * 3600 / ((awake_w - asleep_w) * bell.look_ms / 1000)
### END SOLUTION

# %%
check("lifecycle.looks_per_hour", looks_per_hour)

# %% [markdown]
# ## 5. What lasts (2 points, 4 minutes, standard)
#
# Each watt warms a device by `k_per_w` kelvin above the air at `ambient_c`, and it may get as hot as `limit_c`. Its
# chip draws `power_w`, and an answer takes `energy_j_each` joules. Return the answers a second that it can keep up for
# ever. Mind the chip that never gets hot. The arguments may be arrays, so compare with NumPy.


# %%
def sustained_rate(power_w, energy_j_each, k_per_w, ambient_c, limit_c):
    """Answers a second that last.

    >>> float(sustained_rate(5.0, 0.5, 10.0, 20.0, 40.0))
    4.0
    """
    ### BEGIN SOLUTION
    gets_away_w = (limit_c - ambient_c) / k_per_w
    return np.minimum(power_w, gets_away_w) / energy_j_each
    ### END SOLUTION


# %%
check("lifecycle.sustained_rate", sustained_rate)

# %% [markdown]
# ## 6. Where to cut the network (4 points, 7 minutes, stretch)
#
# `device_s` and `cloud_s` hold the seconds of each of n layers in both places; `sent_bytes` holds n + 1 sizes, first
# the input, then what each layer puts out. Cut k runs the first k layers on the device, sends, pays one round trip and
# runs the rest in the cloud. The last cut, k = n, sends nothing and pays no trip. Return the quickest k, as an int.


# %%
def best_cut(device_s, sent_bytes, cloud_s, link_bytes_per_s, round_trip_s):
    """How many layers should run on the device.

    >>> best_cut(np.array([0.1, 0.5]), np.array([9e5, 1e5, 10.0]), np.array([0.01, 0.05]), 1e6, 0.02)
    1
    """
    ### BEGIN SOLUTION
    n = len(device_s)
    times = [sum(device_s[:k]) + sent_bytes[k] / link_bytes_per_s + round_trip_s + sum(cloud_s[k:]) for k in range(n)]
    return int(np.argmin([*times, sum(device_s)]))
    ### END SOLUTION


# %%
check("lifecycle.best_cut", best_cut)

# %% [markdown]
# ## 7. Bytes, truly counted (3 points, 5 minutes, standard)
#
# A network of `weights` weights keeps the share `kept` of them at `bits` bits each, and `scales` scales of 4 bytes.
# If any weights are left out, a map says with one bit for each weight which are there. Return the bytes. `bits` may be
# an array.


# %%
def stored_bytes(weights, bits, kept, scales):
    """Bytes that the network takes.

    >>> stored_bytes(8000, 4, 0.5, 1)
    3004.0
    """
    ### BEGIN SOLUTION
    map_bits = weights if kept < 1 else 0
    return (weights * kept * bits + map_bits) / 8 + 4 * scales
    ### END SOLUTION


# %%
check("lifecycle.stored_bytes", stored_bytes)

# %% [markdown]
# ## 8. From which quality on does it climb? (3 points, 6 minutes, stretch)
#
# One turn of a flywheel, for a quality q with s = `steepness`: users = q^s / (q^s + wanted^s); data = usable × users;
# the next quality = ceiling × data / (data + half_data). Find the tipping point, to three digits: the quality above
# zero below which each turn makes it worse, and above which it climbs.
#
# The numbers below are yours alone.

# %%
wheel = givens("lifecycle.tipping_point")
vars(wheel)


# %%
### BEGIN SOLUTION: tipping_point = ...  # your answer here
def turn(q):
    users = q**wheel.steepness / (q**wheel.steepness + wheel.wanted**wheel.steepness)
    data = wheel.usable * users
    return wheel.ceiling * data / (data + wheel.half_data)


low, high = 0.05, 0.55
for _ in range(40):
    middle = (low + high) / 2
    low, high = (middle, high) if turn(middle) < middle else (low, middle)
tipping_point = middle
### END SOLUTION

# %%
check("lifecycle.tipping_point", tipping_point)

# %% [markdown]
# ## 9. An update for a fleet (3 points, 5 minutes, standard)
#
# `waves` are the shares of the devices that have the model after each wave, such as `(0.01, 0.1, 1.0)`. In a wave all
# new devices load at the same time: each no faster than its own link, all together no faster than the server sends.
# Between two waves one watches for `watch_s` seconds. Return the seconds until the last device has the model.


# %%
def rollout_s(devices, waves, watch_s, model_bytes, device_bytes_per_s, server_bytes_per_s):
    """Seconds from the start of the first wave to the end of the last.

    >>> rollout_s(100, (0.5, 1.0), 60, 1000, 100.0, 1e6)
    80.0
    """
    ### BEGIN SOLUTION
    new = devices * np.diff([0, *waves])
    sent_s = np.maximum(model_bytes / device_bytes_per_s, new * model_bytes / server_bytes_per_s)
    return float(sent_s.sum() + watch_s * (len(waves) - 1))
    ### END SOLUTION


# %%
check("lifecycle.rollout_s", rollout_s)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/09_lifecycle.ipynb`.
# Then compare: `solution("lifecycle.next_stage")` shows another way to do the first, and so on for each.
