# %% [markdown]
# # Start here
#
# This is a companion to the first chapter of *Machine Learning Systems*, volume I, by Vijay Janapa Reddi and contributors.
# Read a section of the chapter, then work through its notebook. The companion is independent of the book.
#
# A notebook is read by doing: select a cell and press **Shift+Enter** to run it and move on. This page takes
# about 10 minutes.

# %% [markdown]
# Answers are safest in a working copy of your own: `companion start ../mywork` in a terminal makes one, and
# `companion lab ../mywork` opens it. When there is new material, save your notebooks and run `companion update` in that
# folder. Cells that you left alone follow the new material, every cell that you wrote stays, and a table says what was
# done to each notebook.

# %%
from mlsys_helpers import chapter, doctor, facts, report
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.units import duration, si
from mlsys_helpers.start import experiments, explorers, figures, goals, model

# %% [markdown]
# ## Is your installation sound?
#
# The next cell looks at everything that the notebooks need, in a few seconds. If something is missing, it says what and
# how to mend it.

# %%
doctor.examine()

# %% [markdown]
# ## Three things you will meet
#
# - **Predict.** Commit to a guess before you see a result. The first one is kept and shown again beside the answer.
# - **Explore.** Move a control and watch. The numbered questions above it say what to look for.
# - **Check.** Exercises mark themselves, and tell you which mistake they see. Quizzes tell you why.
#
# Your answers are stored on this computer at once. Restarting a kernel, or running all cells again, loses none.

# %% [markdown]
# ## Five things you will be able to do
#
# The chapter has five aims. Before you read on, say for each on which rung you stand. Nobody marks this, and a low rung
# is the best reason to be here. The numbers in brackets are the sections that teach it.

# %%
goals.rate("before")

# %% [markdown]
# ## Three walls
#
# Whatever a program does, it moves bytes, computes, or waits for a call to begin. Each has a limit on your computer.
# Guess first: a single call that does next to nothing is made. How many multiplications and additions could have been
# done in that time: ten, a thousand, or more than ten thousand?

# %% tags=["measured"]
# measured: about five seconds of copying, multiplying and calling on the computer that built this page
walls, chip = experiments.walls(), facts.chip("A100_SXM_80")
show(figures.plot_walls(walls, chip))

# %% tags=["measured"]
# measured: from the same readings, FLOP being multiplications and additions
print(f"in the time of one call: {si(walls.flop_per_call, 'FLOP')}")
print(f"in the time of one byte: {si(walls.flop_per_byte, 'FLOP', 2)}")
print(walls.warning)

# %% [markdown]
# So a program of many tiny calls, or one that touches each byte once, leaves most of the arithmetic idle. Grey is a
# data-centre chip, by its data sheet and in 16-bit arithmetic: it has the same walls, further out. Which one a job meets
# first is the question of section 1.6.

# %% [markdown]
# ## Two big words, checked
#
# The chapter opens with predictions that need "quintillions" of operations and move "terabytes", often within
# milliseconds. Take the smallest of each, one data-centre chip at its full published speed, and one millisecond.

# %%
flop_s = model.CLAIMED_FLOP / chip.peak("fp16")
bytes_s = model.CLAIMED_BYTES / chip.bandwidth_bytes_per_s
for wait_s in (flop_s, bytes_s):
    print(f"{duration(wait_s)} on one chip; {figures.rounded(wait_s / model.CLAIMED_TIME_S)} chips for one millisecond")

# %% [markdown]
# No single prediction gets 10¹⁸ operations in a millisecond: one chip would need most of an hour, so the word fits a
# whole fleet and not one answer.
#
# Nor does one answer move a terabyte in a millisecond: that is a petabyte a second, hundreds of times what the chip's
# memory delivers.
#
# This is how the companion treats every printed figure: it is computed again, and where the two differ you see both.

# %% [markdown]
# ## How much is in flight?
#
# The chapter counts 8.5 billion Google searches a day (it names no source). Spread evenly, that is this many a second:

# %%
rate_per_s = model.rate_per_s(model.SEARCHES_PER_DAY)
f"{rate_per_s:,.0f} searches a second"

# %% [markdown]
# **Little's law**: those who are inside at once are those who arrive in a second, times the seconds each stays. In
# symbols, $L = \lambda W$.
#
# 1. A search takes 200 ms. How many are in flight? Guess, then look.
# 2. Suppose that a chat model writes each answer, for ten seconds. What becomes of the number?
# 3. At twice the visitors, which time keeps the number where it was?

# %%
explorers.in_flight()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Nearly twenty thousand, each of which holds memory somewhere while it waits for its answer.
# 2. Fifty times as many, close to a million: with the number in flight grows the memory that a service must own.
# 3. Half of it. Being fast is another way of being large.
#
# </details>

# %% [markdown]
# Does the law hold when visitors come at random? A simulated service gets one search in a thousand. Its searches are
# timed one by one, and every tenth of a second those inside are counted: two figures that know nothing of each other.

# %%
show(figures.plot_agreement(experiments.study()))

# %% [markdown]
# Five seeds for each service. With computers enough, it makes no difference whether times vary: only the average
# counts. Where computers are short, searches wait, so their time grows and so does the number inside. The law holds all
# the same, and the spread between seeds shows how nervous a nearly full service is.

# %% [markdown]
# > **Takeaway.** Bytes, operations and calls have limits that you can measure, and a service's size is its rate times
# > its time. Before you believe a large number, divide.

# %% [markdown]
# ## The chapter

# %%
chapter.chapter_map()

# %% [markdown]
# **Begin with [01, the paradigm shift](01_paradigm_shift.ipynb).** The notebooks are best taken in order: what one has
# explained, the later ones only point to. If you are here for speed alone, take [06, the iron law](06_iron_law.ipynb) first: it needs none
# of the others. All of them together:

# %%
hours = sum(one.minutes for one in (*chapter.sections(), *chapter.pages())) / 60
f"about {hours:.0f} hours, without the exercises"

# %% [markdown]
# ## Where you stand
#
# Come back to this page and run it again: the next cell counts what you predicted, answered and solved so far. In a
# terminal, `companion progress` shows the same.

# %%
report.progress()

# %% [markdown]
# What you missed in a quiz comes back with `companion review` in a terminal: the next day at first, then after longer and
# longer waits, until you know it.
#
# The picture holds how sure you said you were against how often you were right.

# %%
report.calibration()

# %% [markdown]
# A point below the line means that you were surer than you had reason to be; one above it, that you know more than you
# think. A few predictions say little: give it a dozen.

# %% [markdown]
# ## After the chapter
#
# When you have worked through the sections, climb the ladder once more; your first answers then appear beside the new
# ones. A rung is what you believe of yourself. The table above is what you did: trust it more.

# %%
goals.rate("after")
