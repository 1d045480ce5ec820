# %% [markdown]
# # 07 · The efficiency framework: if everything gets more efficient, why does the bill grow?
#
# Section 1.7 of the chapter · about 45 minutes · after it you can
#
# 1. measure what data, algorithm and machine save, each alone and all together, and say why
# 2. turn dated figures into a doubling time with its interval, and audit orders of magnitude
# 3. work out when efficiency raises total use, and say what growth figures cannot prove

# %%
from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.units import about, duration, number, si
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.efficiency import cadences, explorers, figures, model, selection, tables, three_ways

# %% [markdown]
# ## Cheaper and dearer at once
#
# AlexNet won a picture contest in 2012. How much less arithmetic did a network need seven years later to read pictures as
# well? And how much more did the largest training run take, five years later?

# %%
level, records = cadences.alexnet_level(), cadences.training_runs(last=cadences.FRONTIER_TO, records=True)
f"the same level: {number(level.factor)} times less; the largest run: {about(records.factor)} times more"

# %% [markdown]
# Both are true. This notebook takes them apart: first how one gets more efficient, then how fast, then what becomes of
# the saving.
#
# ## Three dimensions
#
# | dimension | axis | it asks | term of the iron law |
# |---|---|---|---|
# | **data selection** | data | which examples teach most? | fewer operations, $O$ |
# | **algorithmic efficiency** | algorithm | which model or method needs less? | fewer operations, $O$ |
# | **compute efficiency** | machine | how much of the chip works? | utilisation $\eta$, latency |

# %% [markdown]
# Which of them saves **ten times**? One task: a small network must read 95 % of held-out digits. The **plain** way takes
# the formula at its word: every image at every step, in a Python loop, one by one.
#
# - **Data**: learn from 400 typical images instead of about 1,250.
# - **Algorithm**: step after every 32 images, with momentum.
# - **Machine**: the same arithmetic, a whole batch as one matrix.

# %% [markdown]
# A gain is a gain over a baseline. This one is slow on purpose, but not lamed: of the step sizes tried it has the best,
# and twice that size never gets there. Who computes with matrices already has no machine gain left to make.

# %%
predict("efficiency.joint_gain")

# %% [markdown]
# First count. A **visit** is one image seen once; how the arithmetic reaches the processor does not change the visits.
# Five seeds split the digits differently.

# %%
tables.counts()

# %% [markdown]
# Typical images need about a third of the visits: as many steps as before, each over a third of the images. It is the
# choice that helps: as many at random need as many visits as all, or never get there. But data alone cannot save ten
# times here: a tenth of the images does not get there in 1,000 steps.

# %% [markdown]
# And *with* small batches the chosen images save next to nothing. Small batches seem to skip what typical images leave
# out: the same redundancy cannot be saved twice. (Ten further splits agree; in one of them the choice saves nothing even
# alone.)
#
# Now the clock: CPU time, on which other programs weigh little. Looking at the held-out digits is free, choosing is not.

# %% tags=["measured"]
# measured: CPU milliseconds to 95 % on the computer that built this page, means over five seeds
tables.seconds()

# %% tags=["measured"]
# measured: gains of the same runs
show(figures.plot_gains(SEEDS))

# %% tags=["measured"]
# measured: the joint gain over the product of the single ones
everything = three_ways.JOINT[-1]
shares = [three_ways.gain(seed, everything) / three_ways.product_of_gains(seed, everything) for seed in SEEDS]
reveal("efficiency.joint_gain", spread(shares).mean)

# %% [markdown]
# Algorithm and machine each save more than ten times, data about three. And all three save far *less* than two of them,
# without the data. Three reasons. Data and algorithm cut the same visits. Choosing costs: less than the plain way
# wastes, but far more than the fast way spends. It pays only if the choice is used again, or if labels are what is dear.
# (This choice needed every label.)

# %% [markdown]
# And algorithm with machine falls short, though they act on different terms. Seconds are operations over the rate, plus a
# fixed time for each call:
#
# $$T = O / R + \text{calls} \times t_{\text{call}}$$

# %% tags=["measured"]
# measured: one seed
taken = three_ways.runs(SEEDS[0])
large, small = taken[three_ways.Way(machine=True)], taken[three_ways.Way(algorithm=True, machine=True)]
arithmetic_s = three_ways.LEAN.batch * three_ways.FLOP_PER_VISIT / large.flop_per_s
f"{duration(arithmetic_s, 2)} of a small step's {duration(small.step_cpu_s, 2)} is arithmetic at the full batch's rate"

# %% [markdown]
# The rest is the call. A full batch spreads it over 1,250 images, a small one over 32.
#
# So ask each dimension for its **headroom**: what is spent now, over what would do. Visits for data, operations for the
# algorithm, rate within reach over rate reached for the machine.

# %% tags=["measured"]
# measured: headroom before and after each purchase
tables.headrooms()

# %% [markdown]
# Efficiency is a diagnosis: after each purchase, ask again. And a headroom is a ceiling, no promise: the last one would
# take larger batches, and those need more visits.
#
# One exception comes first. If labels are missing, no headroom in seconds helps. A clinic with few labelled images and
# idle chips starts with data selection.

# %% [markdown]
# And where memory is the limit, only the model can give. Weights of a picture network and of a keyword spotter, and the
# largest microcontroller in the facts table:

# %%
pictures, keywords = (si(facts.workload(name).weight_bytes, "B") for name in ("resnet50", "ds_cnn"))
f"pictures {pictures}, keywords {keywords}; memory {si(max(chip.memory_bytes for chip in facts.chips('mcu')), 'B')}"

# %% [markdown]
# Batching would raise throughput in a cloud. A microphone that hears one word at a time, on milliwatts, has nothing to
# batch: there one compresses the model.
#
# ## The race for the best images
#
# There are four ways to choose images. *At random* from each class is the control. *Spread out*: each as far as possible
# from those chosen. *Typical*: near the centres of clusters. *Hardest*: those a model trained on all believes least.

# %%
predict("efficiency.fifty_images")

# %%
clean, noisy = ([selection.race(seed, wrong) for seed in SEEDS] for wrong in (0.0, 0.1))
show(figures.plot_race(clean, noisy))

# %%
best = max(selection.SELECTORS, key=lambda name: spread(race.at(name, 50) for race in clean).mean)
reveal("efficiency.fifty_images", best)

# %% [markdown]
# A few hard cases show borders without showing what lies inside. With 400, the same rule does as well as all images.
# Then look right: among images with wrong labels the hardest are nearly all mislabelled, and the model learns just
# those.
# Typical images suffer, too: no rule wins everywhere.

# %% [markdown]
# ## When did each dimension begin?
#
# The chapter's figure 4 draws three eras; its text gives no dates. Here are twelve published steps, with sources in
# `facts`.

# %%
show(figures.plot_landmarks(facts.landmarks()))

# %% [markdown]
# The chapter's order is algorithm, machine, data. By first publication data selection is the oldest of these twelve;
# another dozen would give other eras. What came last may be the need, not the idea.
#
# The book then teaches data, algorithm, machine and calls that the reverse. The reverse would be data, machine,
# algorithm. It is a *rotation*: the last becomes the first.

# %% [markdown]
# ## How fast? Two points make a cadence
#
# What grows by a factor $f$ in $m$ months doubles every $m / \log_2 f$ months. The chapter prints 44.5 times in the
# seven years to 2019.

# %%
f"halves in {number(model.doubling_months(44.5, 84))} months; exactly 15 would be {number(model.growth(84, 15))} times"

# %% [markdown]
# The published table says 44, its rows give 44.9; its authors say 16 months, the chapter 15. How sure are two points? Two
# sources disagree on AlexNet's own training. If each endpoint may be off by that much:

# %%
off = cadences.run("AlexNet").training_flop / level.values[0]
shortest, longest = model.endpoint_range(level.factor, level.months, off)
f"off {number(off)} times: {number(shortest)} to {number(longest)} months"

# %% [markdown]
# That is generous, for what both ends get wrong alike cancels. Still, 15 and 16 are one answer. Rows in between tell more.
# Here are all six models of the table, against what transistors did in the same time:

# %%
names = [row.model for row in facts.leaner_runs("AlexNet")]
show(figures.plot_alexnet_level(level, names, figures.MOORE_MONTHS))

# %% [markdown]
# The chapter's figure 5 names VGG and ResNet on this path. Neither is in the table: VGG-16 was trained *further*, with
# more arithmetic. And one task is one task. The table has four, with these gains:

# %%
vgg = cadences.run("VGG16").training_flop / cadences.run("AlexNet").training_flop
print(f"VGG-16 took {number(vgg, 2)} times the FLOP of AlexNet")
{row.task: row.reduction_printed for row in facts.leaner_runs()}

# %% [markdown]
# ## Explore: how fast does training compute double?
#
# The published 3.4 months is for the *largest* runs, 2012 to 2018. Another list has 54 notable models. Blue is a trend
# through all in the window, red through those that broke a record, with 95 % intervals.
#
# 1. Six years from 2012: does 3.4 lie in both intervals?
# 2. Try windows of two years. What can be said?
# 3. Take all fourteen years. What became of the 3.4?

# %%
explorers.runs()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Yes, in both. Records double faster than all runs, because whatever stays below the record is left out.
# 2. Six of the seven intervals include no growth at all. The seventh, from 2018, is narrow (1.4 to 2.0 months) and
#    begins at a small model. An interval knows the scatter, not how the window was chosen.
# 3. It slowed: 4.9 to 6.1 months, and 3.4 is outside.
#
# </details>

# %%
tables.trends()

# %% [markdown]
# For all runs until 2018 the two endpoints say 13 months, all points 4: one late, small model is the endpoint. And
# transistors of graphics processors doubled more slowly than the two years of the rule.
#
# ## The systems gap
#
# Demand doubles every 3.4 months, transistors every 24: "7.1 times faster" in the chapter.

# %%
predict("efficiency.gap_after_seven_years")

# %%
reveal("efficiency.gap_after_seven_years", model.systems_gap(84, 3.4, 24))

# %%
tables.same_ratio()

# %% [markdown]
# 7.1 is a ratio of *times*. What grows is in the exponent, so the ratio of amounts is another thing. Now add leaner
# algorithms.
#
# 1. After 84 months, what do algorithms that halve in 15.3 months make of the gap?
# 2. Which demand would hardware and those algorithms together just meet?
# 3. Is hardware unimportant, since algorithms gained more?

# %%
explorers.gap()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. 45 times smaller, and still about 54,000. Hardware gave 11.3 times; together they are worth about 500.
# 2. Between 8 and 12 months: 9.3, since doublings per month add up. At 8 a gap remains, at 12 there is none.
# 3. No. Both together do not meet the demand; neither can be spared. The rest is more chips, for longer.
#
# </details>

# %% [markdown]
# ## How many orders? An audit
#
# Figure 6 of the chapter sets AlexNet beside a model like GPT-4: "roughly 7 orders of magnitude". Its data are missing.
# The explorer of training runs showed what lies between; here are the ends, counted in four ways.

# %%
tables.audit()

# %% [markdown]
# None gives 7. A GPU-day is no unit of work: the chapter calls the same 2.5 million *reference* GPU-days,
# *accelerator*-days and *A100* GPU-days, and only the last has a rate. With that rate, and that of AlexNet's GTX 580, the
# second row agrees with the third. Seven orders would need a GPU this many times as fast:

# %%
peaks = facts.chip("A100_SXM_80").peak("fp16") / facts.chip("GTX_580").peak("fp32")
print(f"{1e7 / (2.5e6 / 12):.0f} times, where the peaks differ {peaks:.0f} times")
print(f"over 126 months, seven orders are a doubling every {number(model.doubling_months(1e7, 126), 2)} months")

# %% [markdown]
# That pace is the one fitted to all fourteen years, so seven orders are a fair summary, only not of the printed ends.
# 3.4 months was never the pace of all those years: see the fourth row.
#
# Section 1.3 calls the 2.5 million an illustration, this section a public estimate of "millions of dollars". They are 60
# million GPU-hours: tens of millions at one dollar each.

# %% [markdown]
# ## The paradox: what becomes of a saving?
#
# If efficiency gains $g$, a unit of service costs $1/g$. Demand answers with an **elasticity** $e$: it grows by $g^e$.
# Total use is their product:
#
# $$\text{use} = g^{\,e} \times \frac{1}{g} = g^{\,e-1}$$
#

# %% [markdown]
# This is a model. The dotted lines are estimates for something else: the share of a saving that British households take
# back in heating and travel, which for small gains is the elasticity.
#
# 1. At which elasticity does a gain change nothing?
# 2. Above it, what does a *larger* gain do?
# 3. Can the saving ever be lost only in part?

# %%
explorers.rebound()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. At 1, whatever the gain: demand grows as much as cost falls.
# 2. It raises total use more. Every curve turns about that one point.
# 3. Yes: between 0 and 1. Households take back more than half of the saving, and still use less. Jevons described the
#    other side in 1865, for coal.
#
# </details>

# %% [markdown]
# Which elasticity would the chapter's own figures need, if efficiency alone had caused the growth?

# %%
gains = {
    "44.5 times, as printed": 44.5,
    "the same pace for 126 months": model.growth(126, model.doubling_months(44.5, 84)),
}
tables.implied(gains, {"5.3 orders": 10**5.3, "7.7 orders": 10**7.7})

# %% [markdown]
# Do not believe these. The windows differ (84 months and 126), one is a task and the other the largest model of its day,
# which is not total use. Hardware also got cheaper, and budgets grew. That use rose *after* efficiency shows no cause:
# nobody saw the years without the gain.

# %% [markdown]
# So the two trends do not contradict each other: one counts what a fixed result costs, the other how much is asked for.
# And the levers interact: fund the one that binds, then measure again.

# %% [markdown]
# > **Takeaway.** Ask which dimension binds, buy there, ask again. Gains multiply only where they cut different things.
# > And a saving lowers the bill only if demand answers weakly.
#
# **Where it stops being true.** One small network on one set of digits: on a large one, calls weigh less and choosing
# may pay. A cadence holds for its window. A constant elasticity is a convenience.

# %% tags=["measured"]
# measured: what one seed of each experiment takes
tables.timed()

# %% [markdown]
# ## Check yourself

# %%
quiz("efficiency")

# %% [markdown]
# ## What you can do now
#
# - [x] measure what data, algorithm and machine save, each alone and all together, and say why
# - [x] turn dated figures into a doubling time with its interval, and audit orders of magnitude
# - [x] work out when efficiency raises total use, and say what growth figures cannot prove
#
# **Next:** eight [exercises](../exercises/07_efficiency.ipynb) that mark themselves. Section 1.8 asks what a
# deterministic promise about a stochastic part is.
