# %% [markdown]
# # Exercises 02: what did each era run out of?
#
# Eight tasks, 22 points, about 45 minutes. They need section 1.2 of the chapter and notebook 02.
#
# Replace each missing answer, run the cell, then the check below it. A check tries your code on several cases and
# tells you which mistake it sees.
#
# Stuck? `hint("paradigm_history.combine")` goes one step further each time; `solution("paradigm_history.combine")`
# opens once the task is solved, or after three attempts with different results.

# %%
from itertools import combinations

import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. Two certainties together (3 points, 5 minutes, warm-up)
#
# Return the certainty that two rules on one conclusion give together. Both positive: a + b(1 - a). Both negative: the
# mirror image. One of each: their sum over 1 - min(|a|, |b|). The arguments are plain numbers from -1 to 1.


# %%
def combine(a, b):
    """The combined certainty of two pieces of evidence.

    >>> combine(0.5, 0.5)
    0.75
    """
    ### BEGIN SOLUTION
    if a >= 0 and b >= 0:
        return a + b * (1 - a)
    if a <= 0 and b <= 0:
        return a + b * (1 + a)
    return (a + b) / (1 - min(abs(a), abs(b)))
    ### END SOLUTION


# %%
check("paradigm_history.combine", combine)

# %% [markdown]
# ## 2. Rules that disagree (3 points, 7 minutes, stretch)
#
# A rule is a pair: its premises, a dictionary of what must hold, and its conclusion. Return how many pairs of rules are
# in conflict: both can fire on one case, and they conclude different things.


# %%
def conflicts(rules):
    """The number of pairs of rules in conflict.

    >>> conflicts([({"gram": "no"}, "A"), ({"air": "yes"}, "B"), ({"gram": "yes"}, "C")])
    2
    """
    ### BEGIN SOLUTION
    count = 0
    for (first, a), (second, b) in combinations(rules, 2):
        together = all(second[name] == value for name, value in first.items() if name in second)
        count += together and a != b
    return count
    ### END SOLUTION


# %%
check("paradigm_history.conflicts", conflicts)

# %% [markdown]
# ## 3. What a word says about a message (3 points, 5 minutes, standard)
#
# `spam_with` of `spam` spam messages hold a word, and `ham_with` of `ham` good ones. Return what its presence adds to
# the log-odds of spam: the natural logarithm of one share over the other.
#
# Smooth each share: one more message with the word, two more messages in all. Counts may be arrays, for many words at
# once.


# %%
def log_odds(spam_with, spam, ham_with, ham):
    """The log-odds that a word adds; positive speaks for spam.

    >>> float(log_odds(5, 10, 5, 10))
    0.0
    """
    ### BEGIN SOLUTION
    in_spam = (spam_with + 1) / (spam + 2)
    in_ham = (ham_with + 1) / (ham + 2)
    return np.log(in_spam / in_ham)
    ### END SOLUTION


# %%
check("paradigm_history.log_odds", log_odds)

# %% [markdown]
# ## 4. A table of running sums (3 points, 6 minutes, standard)
#
# Return the integral image: entry (r, c) is the sum of all pixels in the first r rows and first c columns. So it begins
# with a row and a column of zeros, and is one larger than the image each way.


# %%
def integral_image(image):
    """Sums of all pixels above and to the left.

    >>> integral_image(np.array([[1, 2], [3, 4]])).tolist()
    [[0, 0, 0], [0, 1, 3], [0, 4, 10]]
    """
    ### BEGIN SOLUTION
    padded = np.pad(image, [(1, 0), (1, 0)])
    return padded.cumsum(axis=0).cumsum(axis=1)
    ### END SOLUTION


# %%
check("paradigm_history.integral_image", integral_image)

# %% [markdown]
# ## 5. Any rectangle in four look-ups (2 points, 4 minutes, standard)
#
# Given such a table, return the sum of the pixels in rows `top` to `bottom - 1` and columns `left` to `right - 1`.


# %%
def rectangle_sum(integral, top, left, bottom, right):
    """The sum over a rectangle, from four entries of the integral image.

    >>> int(rectangle_sum(np.array([[0, 0, 0], [0, 1, 3], [0, 4, 10]]), 1, 0, 2, 2))
    7
    """
    ### BEGIN SOLUTION
    above, beside = integral[top, right], integral[bottom, left]
    return integral[bottom, right] - above - beside + integral[top, left]
    ### END SOLUTION


# %%
check("paradigm_history.rectangle_sum", rectangle_sum)

# %% [markdown]
# ## 6. Parameters of a cut layer (2 points, 4 minutes, warm-up)
#
# A convolution has kernels of `layer.kernel` by `layer.kernel`, `layer.inputs` input and `layer.outputs` output
# channels, and one bias for each output. Channels come in `layer.groups` groups that do not see each other. The output
# is `layer.side` pixels wide and high. How many parameters has the layer?
#
# The numbers below are yours alone.

# %%
layer = givens("paradigm_history.layer_parameters")
vars(layer)

# %%
### BEGIN SOLUTION
weights_of_one_output = layer.kernel**2 * layer.inputs / layer.groups
layer_parameters = (weights_of_one_output + 1) * layer.outputs
### END SOLUTION

# %%
check("paradigm_history.layer_parameters", layer_parameters)

# %% [markdown]
# ## 7. What training keeps on each card (4 points, 8 minutes, stretch)
#
# A network of `net.params` parameters trains with momentum on `net.batch` images at once. It keeps `net.kept_per_image`
# activations for each image, and each gets a gradient as well. All numbers take 4 bytes, and everything is divided
# evenly among `net.cards` cards. How many **MB** (1e6 bytes) does each card hold?
#
# The numbers below are yours alone.

# %%
net = givens("paradigm_history.training_memory_mb")
vars(net)

# %%
### BEGIN SOLUTION
numbers_kept = 3 * net.params + 2 * net.kept_per_image * net.batch
training_memory_mb = 4 * numbers_kept / net.cards / 1e6
### END SOLUTION

# %%
check("paradigm_history.training_memory_mb", training_memory_mb)

# %% [markdown]
# ## 8. Six times N times D (2 points, 3 minutes, warm-up)
#
# A dense model has `run.params_billion` billion parameters and is trained on `run.tokens_billion` billion tokens. How
# many **zettaFLOP** (1e21) is that, by the rule of the notebook?
#
# The numbers below are yours alone.

# %%
run = givens("paradigm_history.zettaflop")
vars(run)

# %%
### BEGIN SOLUTION
zettaflop = 6 * run.params_billion * 1e9 * run.tokens_billion * 1e9 / 1e21
### END SOLUTION

# %%
check("paradigm_history.zettaflop", zettaflop)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/02_paradigm_history.ipynb`.
# Then compare: `solution("paradigm_history.combine")` shows another way to do the first, and so on for each.
