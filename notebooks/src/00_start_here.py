# %% [markdown]
# # Start here
#
# This is a companion to the first chapter of *Machine Learning Systems*, volume I, by Vijay Janapa Reddi and contributors.
# Read a section of the chapter, then work through its notebook. The companion is independent of the book.
#
# A notebook is read by doing: select a cell and press **Shift+Enter** to run it and move on.

# %% [markdown]
# Answers are safest in a working copy of your own: `companion start ../mywork` in a terminal makes one, and
# `companion lab ../mywork` opens it. When there is new material, save your notebooks and run `companion update` in that
# folder. Cells that you left alone follow the new material, every cell that you wrote stays, and a table says what was
# done to each notebook.

# %%
from mlsys_helpers import chapter, doctor, report

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
# ## The chapter

# %%
chapter.chapter_map()

# %% [markdown]
# **Begin with [06, the iron law](06_iron_law.ipynb).** It is the equation that the other sections lean on, and the first
# that is open.

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
