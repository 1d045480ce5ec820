# %% [markdown]
# # Exercises 05: how does a system fail without an error?
#
# Eight tasks, 25 points, about 47 minutes. They need section 1.5 of the chapter and notebook 05.
#
# Replace each missing answer, run the cell, then the check below it. A check tries your code on several cases and names
# the mistake it sees.
#
# Stuck? `hint("silent_degradation.divergences")` goes one step further each time;
# `solution("silent_degradation.divergences")` opens once the task is solved, or after three attempts with different
# results.

# %%
import numpy as np
from scipy import stats

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. What a few points cost in an hour (2 points, 4 minutes, warm-up)
#
# A camera looks `car.frames_per_s` times a second. A share `car.present_share` of the frames shows a pedestrian, and the
# detector finds a share `car.accuracy_before` of these. After the season has changed it finds `car.accuracy_after`.
#
# How many **more** frames an hour miss a pedestrian? The numbers below are yours alone.

# %%
car = givens("silent_degradation.extra_misses")
vars(car)

# %%
### BEGIN SOLUTION
frames_with_somebody = 3600 * car.frames_per_s * car.present_share
extra_misses = frames_with_somebody * (car.accuracy_before - car.accuracy_after)
### END SOLUTION

# %%
check("silent_degradation.extra_misses", extra_misses)

# %% [markdown]
# ## 2. Four ways to be far apart (4 points, 8 minutes, standard)
#
# Two histograms of counts: `now`, and `before` in training. Add half a case to every bin, then turn each into shares, p
# for now and q for before. Return total variation, KL of p from q, PSI, and the Wasserstein distance in bins, in that
# order. Logarithms are natural.


# %%
def divergences(now, before):
    """Total variation, KL, PSI and Wasserstein distance of two histograms.

    >>> [round(float(d), 3) for d in divergences(np.array([0, 10]), np.array([10, 0]))]
    [0.909, 2.768, 5.535, 0.909]
    """
    ### BEGIN SOLUTION
    p, q = ((counts + 0.5) / (counts + 0.5).sum() for counts in (now, before))
    logs = np.log(p / q)
    carried = np.abs(np.cumsum(p - q)).sum()
    return np.abs(p - q).sum() / 2, (p * logs).sum(), ((p - q) * logs).sum(), carried
    ### END SOLUTION


# %%
check("silent_degradation.divergences", divergences)

# %% [markdown]
# ## 3. The PSI of no drift (2 points, 4 minutes, warm-up)
#
# Two samples of one and the same world differ by chance, so their PSI is not zero. Return its average: the number of
# free bins, times the noise of each sample, which is one over its cases. Arguments may be arrays.


# %%
def psi_by_chance(bins, now, reference):
    """The PSI to expect without drift, for a window of `now` cases against `reference` cases.

    >>> psi_by_chance(11, 1000, 1000)
    0.02
    """
    ### BEGIN SOLUTION
    return (bins - 1) * (1 / now + 1 / reference)
    ### END SOLUTION


# %%
check("silent_degradation.psi_by_chance", psi_by_chance)

# %% [markdown]
# ## 4. Lambda and its interval (4 points, 7 minutes, standard)
#
# Fit the degradation equation to pairs of divergence and accuracy. Return four numbers: the fitted accuracy at
# divergence 0, lambda, and the lower and upper end of the 95 % interval of lambda (Student's t).


# %%
def fit_lambda(divergence, accuracy):
    """Accuracy_0, lambda, and both ends of lambda's 95 % interval.

    >>> fitted = fit_lambda(np.array([0.0, 0.1, 0.2, 0.3]), np.array([0.95, 0.92, 0.85, 0.83]))
    >>> [round(float(x), 3) for x in fitted]
    [0.952, 0.43, 0.148, 0.712]
    """
    ### BEGIN SOLUTION
    found = stats.linregress(divergence, accuracy)
    half = stats.t.ppf(0.975, len(divergence) - 2) * found.stderr
    return found.intercept, -found.slope, -found.slope - half, -found.slope + half
    ### END SOLUTION


# %%
check("silent_degradation.fit_lambda", fit_lambda)

# %% [markdown]
# ## 5. Months until the floor (3 points, 4 minutes, standard)
#
# A recommender started at `product.accuracy_0`. After `product.months_in_service` months it was found at
# `product.accuracy_now`. If it fell evenly, how many **months after the start** did it reach `product.floor`?

# %%
product = givens("silent_degradation.months_until_floor")
vars(product)

# %%
### BEGIN SOLUTION
lost_per_month = (product.accuracy_0 - product.accuracy_now) / product.months_in_service
months_until_floor = (product.accuracy_0 - product.floor) / lost_per_month
### END SOLUTION

# %%
check("silent_degradation.months_until_floor", months_until_floor)

# %% [markdown]
# ## 6. The best threshold (4 points, 8 minutes, standard)
#
# Divergence grows evenly by `drift_per_day`. You retrain whenever it reaches tau; each time costs as much as
# `retrain_cost` wrong answers. Until then every unit of divergence makes a share `sensitivity` of the `answers_per_day`
# wrong. Return the tau with the least cost, and that cost in wrong answers a day. Arguments may be arrays.


# %%
def best_tau(drift_per_day, retrain_cost, sensitivity, answers_per_day):
    """The cheapest threshold, and what a day costs with it.

    >>> tau, cost = best_tau(0.0005, 10_000, 0.4, 10_000)
    >>> round(float(tau), 3), round(float(cost), 3)
    (0.05, 200.0)
    """
    ### BEGIN SOLUTION
    loss_per_day = sensitivity * answers_per_day
    tau = np.sqrt(2 * retrain_cost * drift_per_day / loss_per_day)
    return tau, retrain_cost * drift_per_day / tau + loss_per_day * tau / 2
    ### END SOLUTION


# %%
check("silent_degradation.best_tau", best_tau)

# %% [markdown]
# ## 7. Catch the skew (3 points, 5 minutes, standard)
#
# The same messages went through the training pipeline and the serving pipeline; rows are messages, columns features.
# Return the numbers of the columns in which any message differs by more than one part in a million, in rising order.


# %%
def skewed_columns(trained, served):
    """Which columns differ between two pipelines, as an array of column numbers.

    >>> skewed_columns(np.array([[1.0, 5.0], [2.0, 0.0]]), np.array([[1.0, 0.05], [2.0, 0.0]]))
    array([1])
    """
    ### BEGIN SOLUTION
    same = np.isclose(served, trained, rtol=1e-6, atol=0).all(axis=0)
    return np.flatnonzero(~same)
    ### END SOLUTION


# %%
check("silent_degradation.skewed_columns", skewed_columns)

# %% [markdown]
# ## 8. Labels to see a fall (3 points, 7 minutes, stretch)
#
# You check answers by hand. The alarm may ring falsely in a share `false_alarms` of audits, and a fall from
# `accuracy_before` to `accuracy_after` must be seen with chance `power`. How many labels are needed?
#
# Use the normal approximation, one-sided: the limit lies some standard errors below the old accuracy and some above the
# new one. The standard error of a share $a$ is $\sqrt{a(1-a)/n}$.


# %%
def labels_needed(accuracy_before, accuracy_after, false_alarms, power):
    """Labels that one audit needs, as a real number.

    >>> round(float(labels_needed(0.95, 0.85, 0.01, 0.9)), 1)
    93.0
    """
    ### BEGIN SOLUTION
    old, new = (np.sqrt(a * (1 - a)) for a in (accuracy_before, accuracy_after))
    apart = stats.norm.isf(false_alarms) * old + stats.norm.ppf(power) * new
    return (apart / (accuracy_before - accuracy_after)) ** 2
    ### END SOLUTION


# %%
check("silent_degradation.labels_needed", labels_needed)
