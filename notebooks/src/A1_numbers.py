# %% [markdown]
# # The chapter's numbers
#
# **Which printed figure holds?** Every quantitative claim of the chapter, in our words: what is printed, what comes out
# when it is recomputed, and why they differ.
#
# An appendix · about 15 minutes · after it you can
#
# 1. say what a printed figure promises, and whether a result keeps it
# 2. tell a rounded figure from a wrong one, and from one that another place contradicts
# 3. find any figure of the chapter and its formula

# %%
from mlsys_helpers.kit.figure import show
from mlsys_helpers.numbers import figures, ledger, view
from mlsys_helpers.numbers.claim import promise

# %% [markdown]
# ## What does a printed figure promise?
#
# The chapter trains GPT-3 in 25 days at 45 % of the peak, and saves "nearly 6" of them at 60 %. Only the share changes.
# Work it out in your head: do both figures hold?

# %%
view.rows("gpt3_days", "gpt3_days_saved")

# %% [markdown]
# 25 holds and "nearly 6" does not, though both are off by 0.3 days. A printed figure promises its last digit: 25 stands
# for whatever rounds to it. A word promises what it says, and nearly 6 is less than 6.

# %%
for printed in ("25", "145.5", "8.5 billion", "10^5", "nearly 6", "over 80"):
    kept = promise(printed)
    print(f"{printed:>11}: from {kept.low:,.10g} up to {kept.high:,.10g}")

# %% [markdown]
# A result may be held against a promise. Which of these three numbers of days may be printed as 19? Put in figures of
# your own.

# %%
{days: promise("19").holds(days) for days in (18.49, 18.96, 19.5)}

# %% [markdown]
# ## What became of each
#
# So a verdict is computed, not felt. Two are declared, because no arithmetic can find them: that another place says
# otherwise, and that the text lacks what a self-check asks for.

# %%
ledger.meanings()

# %% [markdown]
# Some claims print a figure that others in the chapter, or a model of this companion, can recompute. Guess before you
# look: out of ten such figures, how many hold?

# %%
compared = [claim for claim in ledger.claims() if claim.kept is not None]
held = sum(claim.kept for claim in compared)
f"{len(ledger.claims())} claims; {len(compared)} can be compared, and {held} of those hold"

# %%
show(figures.plot_verdicts(ledger.claims()))

# %% [markdown]
# Most arithmetic holds. What does not is seldom a slip: most disagreements are two places that say different things, or
# a self-check that asks for more than its section has. For the grey ones nothing is claimed: a figure that cannot be
# checked is not thereby right.

# %% [markdown]
# ## Three disagreements that teach
#
# **A unit that is none.** "Seven orders of magnitude" since AlexNet: of what? Predict which count comes closest, that of
# device-days or that of operations.

# %%
view.rows("orders", "orders_flop")

# %% [markdown]
# Neither gives seven. A device-day of 2012 and one of 2023 are different amounts of work; operations can be compared.
# Section 1.7 counts it in four ways.
#
# **A share of what?** The chapter puts the model at 5 % in three places.

# %%
view.rows("outside_model", "model_box", "model_code")

# %% [markdown]
# The same 5 % is an area, a piece of code and an amount of work. A share without its whole can become any of them.
#
# **A law beyond its range.** Is moving data always what costs most energy? Guess for a product of two matrices, each
# 4,096 wide.

# %%
view.rows("dram_fp16", "movement_dominates")

# %% [markdown]
# The price of a byte holds. The conclusion needs to know how often each byte is used, and that figure is missing from
# the sentence.

# %% [markdown]
# ## Find a figure
#
# A figure is found in any unit, printed or recomputed, and words work too. Look up the one that you want to quote.

# %%
view.look_up("600 hours")

# %% [markdown]
# In a terminal, and quicker when you read the chapter on paper:
#
# - `companion numbers "25 days"` shows the row in full, with its formula
# - `companion numbers household energy` finds it by words
# - `companion numbers --section 1.6 --verdict differs` lists

# %% [markdown]
# ## All of them
#
# Disagreements come first. Choose a section, a verdict or both; the arrow keys work.
#
# 1. Which figures differ because of a *word*?
# 2. Where in the chapter is what is "not in the text" asked for?
# 3. Take the section that you know best. Which verdict would you contest, and with which reading?

# %%
view.Numbers()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. "Nearly", "dominant", "billions", "thousands", "many", "minutes": six of the nine. A word is a promise, too.
# 2. In self-checks, nearly always. Whoever could not answer those has read well.
# 3. Each reading stands in the row. Whoever reads "billions" as a billion and a half will accept GPT-2's.
#
# </details>

# %% [markdown]
# > **Takeaway.** A figure promises its last digit, its unit and its whole. Recompute it before you carry it on, and see
# > whether another page prints it differently.

# %% [markdown]
# **Where it stops being true.** What a word stands for was chosen here. A row agrees with the chapter's own figures or
# with a source, not with the world. And the claims were collected by reading: one may have been missed.

# %% [markdown]
# ## What you can do now
#
# - [x] say what a printed figure promises, and whether a result keeps it
# - [x] tell a rounded figure from a wrong one, and from one that another place contradicts
# - [x] find any figure of the chapter and its formula
#
# Back to [the start](00_start_here.ipynb), or to [the iron law](06_iron_law.ipynb), whose figures are recomputed most
# often.
