# %% [markdown]
# # Exercises 03: when does search beat what you know?
#
# Eight tasks, 25 points, about 48 minutes. They need section 1.3 of the chapter and notebook 03.
#
# Replace each missing answer, run the cell, then run the check below it. A check tries several cases and tells you
# which mistake it sees.
#
# Stuck? `hint("bitter_lesson.match_gap")` goes one step further each time; `solution("bitter_lesson.match_gap")` opens
# once the task is solved, or after three attempts with different results.

# %%
import numpy as np

from mlsys_helpers.exercise import check, givens, hint, solution

# %% [markdown]
# ## 1. Elo from a match (2 points, 4 minutes, warm-up)
#
# Return the Elo gap that explains a result: 400 times the logarithm, to base 10, of points won over points lost. A win
# is one point, a draw half a point for each side. The counts may be arrays.


# %%
def match_gap(wins, draws, losses):
    """How many Elo the first player is ahead of the second.

    >>> print(round(match_gap(10, 0, 1), 6))
    400.0
    """
    ### BEGIN SOLUTION
    points_won, points_lost = wins + draws / 2, losses + draws / 2
    return 400 * np.log10(points_won / points_lost)
    ### END SOLUTION


# %%
check("bitter_lesson.match_gap", match_gap)

# %% [markdown]
# ## 2. What is left after guessing (2 points, 4 minutes, warm-up)
#
# On a test with `options` answers to each question, a blind guesser is right in one of `options` cases. Rescale an
# accuracy so that blind guessing becomes 0 and a faultless test stays 1.


# %%
def above_chance(accuracy, options):
    """Accuracy on a scale from blind guessing (0) to no error (1).

    >>> above_chance(0.75, 2)
    0.5
    """
    ### BEGIN SOLUTION
    chance = 1 / options
    return (accuracy - chance) / (1 - chance)
    ### END SOLUTION


# %%
check("bitter_lesson.above_chance", above_chance)

# %% [markdown]
# ## 3. What a clean sheet proves (3 points, 6 minutes, standard)
#
# A player won all of `match.games` games. Which Elo gap, at least, does that prove at a confidence of
# `match.confidence`? Take the weakest winner for whom such a clean sheet still has a chance of 1 - confidence.
#
# The numbers below are yours alone.

# %%
match = givens("bitter_lesson.proven_gap")
vars(match)

# %%
### BEGIN SOLUTION
least_score = (1 - match.confidence) ** (1 / match.games)
proven_gap = 400 * np.log10(least_score / (1 - least_score))
### END SOLUTION

# %%
check("bitter_lesson.proven_gap", proven_gap)

# %% [markdown]
# ## 4. From device-hours to energy (3 points, 5 minutes, standard)
#
# `run.accelerators` accelerators train for `run.hours` hours at `run.power_w` watts each. The building needs
# `run.overhead` times what its machines draw. How many **MWh** is that?
#
# The numbers below are yours alone.

# %%
run = givens("bitter_lesson.training_mwh")
vars(run)

# %%
### BEGIN SOLUTION
watt_hours = run.accelerators * run.hours * run.power_w * run.overhead
training_mwh = watt_hours / 1e6
### END SOLUTION

# %%
check("bitter_lesson.training_mwh", training_mwh)

# %% [markdown]
# ## 5. The interval of a score (4 points, 7 minutes, standard)
#
# Return Wilson's 95 % interval for the long-run score of somebody who took `points` in `games` games, with $s$ for the
# score and $n$ for the games:
#
# $$\frac{s + \frac{z^2}{2n} \pm z \sqrt{\frac{s (1 - s)}{n} + \frac{z^2}{4 n^2}}}{1 + \frac{z^2}{n}}$$


# %%
def score_interval(points, games, z=1.959963984540054):
    """The low and the high end of the interval.

    >>> print(np.round(score_interval(50, 100), 3))
    [0.404 0.596]
    """
    ### BEGIN SOLUTION
    score = points / games
    centre = score + z**2 / (2 * games)
    half = z * np.sqrt(score * (1 - score) / games + z**2 / (4 * games**2))
    scale = 1 + z**2 / games
    return (centre - half) / scale, (centre + half) / scale
    ### END SOLUTION


# %%
check("bitter_lesson.score_interval", score_interval)

# %% [markdown]
# ## 6. Where two curves cross (4 points, 8 minutes, standard)
#
# `gaps[i]` is the Elo of a search over its opponent when it may spend `compute[i]`. Return the compute at which it
# **first** rises from below zero to zero or more: on a straight line between two points, drawn over the **logarithm** of the
# compute. Return `np.inf` if it never does.


# %%
def level_at(compute, gaps):
    """The compute at which the search draws level.

    >>> print(round(level_at([10, 1000], [-50, 50]), 6))
    100.0
    """
    ### BEGIN SOLUTION
    for i in range(len(gaps) - 1):
        if gaps[i] < 0 <= gaps[i + 1]:
            share = -gaps[i] / (gaps[i + 1] - gaps[i])
            return compute[i] * (compute[i + 1] / compute[i]) ** share
    return np.inf
    ### END SOLUTION


# %%
check("bitter_lesson.level_at", level_at)

# %% [markdown]
# ## 7. Where to look next (3 points, 6 minutes, standard)
#
# One step of the tree search. Return the place, from 0, of the move with the largest
# $\text{points}/\text{visits} + \text{explore} \sqrt{\ln N / \text{visits}}$, where $N$ is the visits of all moves
# together. A move without visits comes before all others.


# %%
def best_child(visits, points, explore):
    """The move that the search wants to know more about.

    >>> int(best_child(np.array([50, 5]), np.array([30.0, 2.5]), 1.4))
    1
    """
    ### BEGIN SOLUTION
    if not np.all(visits):
        return int(np.argmin(visits))
    bound = points / visits + explore * np.sqrt(np.log(np.sum(visits)) / visits)
    return int(np.argmax(bound))
    ### END SOLUTION


# %%
check("bitter_lesson.best_child", best_child)

# %% [markdown]
# ## 8. Four in a row, by shifting (4 points, 8 minutes, stretch)
#
# The stones of one side are the bits of a whole number: bit `7 * column + row`, with seven columns of six rows, so the
# seventh bit of each column is always 0. Return how many lines of four there are. Along a line bits are 1 (up), 7
# (across), 6 or 8 (diagonally) apart. No loop over squares is needed.


# %%
def lines_of_four(stones):
    """How many lines of four the bits of `stones` hold.

    >>> lines_of_four(0b11111)
    2
    """
    ### BEGIN SOLUTION
    lines = 0
    for step in (1, 7, 6, 8):
        pairs = stones & stones >> step
        lines += (pairs & pairs >> 2 * step).bit_count()
    return lines
    ### END SOLUTION


# %%
check("bitter_lesson.lines_of_four", lines_of_four)

# %% [markdown]
# ## Where you stand
#
# Run your whole notebook from the terminal for a table of all tasks: `companion check exercises/03_bitter_lesson.ipynb`.
# Then compare: `solution("bitter_lesson.match_gap")` shows another way to do the first, and so on for each.
