# %% [markdown]
# # 14 · Synthesis: two alarms, one budget: what do you do first?
#
# Section 1.14 of the chapter · about 50 minutes · after it you can
#
# 1. take a slow and worse service apart: which part of its time binds, and which cause is behind each alarm
# 2. choose probes and fixes under one budget, and say what each step was worth
# 3. say why usual answers fail: a faster chip, larger batches, retraining on every drift

# %%
from textwrap import fill

import numpy as np

from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.units import duration, number, percent
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.synthesis import desk, explorers, figures, game, incident, model, players, serving, tables
from mlsys_helpers.start import goals

# %% [markdown]
# ## Monday morning
#
# You inherit a chat service. Two alarms ring: answers are late, and more of them are wrong. The service is simulated,
# but its seconds come from the iron law and a queue, and its accuracy from the degradation equation.

# %%
monday = incident.incident(2)
print(fill(desk.alarms(monday), 110))

# %% [markdown]
# Somebody suggests a faster chip, somebody else fresh weights. Do both, and wait for the end of the month:

# %%
plans = {"do nothing": (), "faster chip, retrain": ("chip: FLOP/s", "retrain here"), "best plan": incident.best(monday)}
month = incident.outcome(monday, plans.values())
{name: f"{eur:,.0f} EUR" for name, eur in zip(plans, month.eur, strict=True)}

# %% [markdown]
# Money and work made it worse than doing nothing. Was that bad luck? Three hundred incidents, each with other causes,
# were played through with all plans that a budget allows.

# %%
predict("synthesis.usual_answer")

# %% [markdown]
# ## Two equations, one service
#
# **The clock.** The iron law gives the seconds of a request that is alone. Others in front of it add a fourth part, the
# wait. Here is the service before anything broke.

# %%
parts = model.parts_s(monday.healthy, serving.traffic(seed=1))
{part: f"{1000 * seconds:.1f} ms" for part, seconds in parts.items()}

# %% [markdown]
# The wait has no term of its own in the law; it follows from the others. Served one at a time, requests that come at
# random wait $\rho S (1 + C^2) / (2 (1 - \rho))$ on average. $S$ is the service time. At $\lambda$ requests a second the
# load (section 1.10) is $\rho = \lambda S$. $C^2$ says how much $S$ varies (0: not at all).

# %%
{f"{percent(busy)} busy": duration(model.mg1_wait_s(busy / 0.05, mean_s=0.05)) for busy in (0.5, 0.8, 0.95)}

# %% [markdown]
# Where service times are exponential, p99 is $\ln(100) / (1/S - \lambda)$ (section 1.10). So 20 ms each and a promise of
# 200 ms leave this much traffic:

# %%
rate_per_s = model.mm1_rate_per_s(mean_s=0.02, limit_s=0.2)
f"{number(rate_per_s)} requests a second, {percent(0.02 * rate_per_s)} busy"

# %% [markdown]
# **The answers.** The degradation equation takes accuracy down with the divergence of the inputs. Bad labels, a release
# that prepares inputs otherwise, or an old threshold take more, each in its own way.

# %%
drifted = 0.1 * monday.healthy.sensitivity
f"0.1 nats cost {100 * drifted:.1f} points here; the promise leaves {100 * incident.ACCURACY_ROOM:.0f}"

# %% [markdown]
# ## Explore: who hears what?
#
# 1. Raise the requests from 16 to 49 a second. When does the clock ring, and what happens to the answers?
# 2. Move the inputs. Which alarm rings, and when?
# 3. How does p99 grow: like a line, or otherwise?

# %%
explorers.alarms()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. At 24, half more than usual. Accuracy does not move.
# 2. The answers' alarm, between 0.02 and 0.05 nats. The clock does not move. Two alarms are two questions.
# 3. Slowly, then all at once: three times the requests give ten times the p99.
#
# </details>

# %% [markdown]
# ## What can be behind it
#
# The three axes of the chapter, data, algorithm and machine, say where a *change* sits. Ten causes are equally common in
# this game; an incident has one for each alarm.

# %%
tables.causes()

# %% [markdown]
# (Some places can be argued. Here the axis is where the change was made: a release that prepares inputs is machinery.)
#
# ## Experiment: what the usual answer is worth
#
# First the usual answer, counted with either faster chip and either way to retrain:

# %%
reveal("synthesis.usual_answer", 100 * tables.usual_answer())

# %% [markdown]
# Now six habits, each the same plan in every incident. The gain runs from doing nothing (0) to the best plan (100 %);
# ranges are over five blocks of sixty incidents.

# %%
tables.habits()

# %% [markdown]
# No habit is good. Most often a habit ends below doing nothing: hours and rent are paid, and the cause is still there.

# %% [markdown]
# ## Why more FLOP/s seldom help
#
# The chapter's own answer asks for utilisation first: a decode that uses 90 % of the bandwidth and 10 % of the arithmetic
# calls for bandwidth. When does a chip show these two numbers? The least batch of GPT-2 XL,
# by context:

# %%
tables.ninety_ten()

# %% [markdown]
# The same two numbers for one conversation on a T4:

# %%
f"90 % of the bandwidth, {percent(tables.alone())} of the arithmetic"

# %% [markdown]
# So 90 and 10 describe a batch of dozens, not one conversation. With 512 tokens of context no batch reaches it on two of
# the chips, with 1,024 on none. Each conversation moves keys and values of its own, and so has too few FLOP for each
# byte, in whatever company. The advice (look at bytes) stands; the pair of numbers does not fit one user's chat.

# %%
predict("synthesis.larger_batch")

# %%
usual = monday.healthy.requests_per_s
runs = tables.batching(monday, {"a quarter": usual / 4, "usual": usual, "twice": 2 * usual})
show(figures.plot_batching(runs, tables.BATCHES))

# %%
quiet = runs["a quarter"]
reveal("synthesis.larger_batch", quiet[tables.BATCHES.index(16)].mean / quiet[tables.BATCHES.index(4)].mean)

# %% [markdown]
# Larger batches raise what a chip can *serve*. They rescue p99 where many wait, and do nothing for a request that is
# alone: its own seconds stay. (Bars: five seeds of traffic. Past capacity p99 has no end; there it depends on how long one
# looks.)

# %% [markdown]
# ## Explore: fix, and look again
#
# 1. Incident 2: which fix quiets the clock, and which part is largest then?
# 2. Incident 3: the release computes in fp32. Which term doubled, and why is another fix enough?
# 3. Incident 11: compare both chips. Why does the roll-back quiet the clock and still lose money?

# %%
explorers.relief()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Only the roll-back: the release starts each step late. Relieved of it, data is largest. The bottleneck moved.
# 2. Data doubled, but latency is the largest part. Shorter steps make room for both.
# 3. Data binds: more bandwidth helps, more FLOP/s hardly. The roll-back gives back the points of accuracy that the release
#    had brought.
#
# </details>

# %% [markdown]
# ## Looking costs, too
#
# You have 24 hours for probes and fixes together. Each reading is drawn from a sample, so it strays.

# %%
tables.probes()

# %% [markdown]
# A simulated engineer looks with five of them, writes what they show into a model of the service, searches all plans
# *on that model*, and does the best. Which probe is worth least?

# %%
predict("synthesis.leave_out")

# %%
looks = ["any plan", "no probe", "five probes", *(f"without {probe}" for probe in players.ENGINEER)]
reached = {name: tables.in_blocks(np.clip(tables.column(name), 0, 1)) for name in looks}
show(figures.plot_players(reached))

# %%
reveal("synthesis.leave_out", max(players.ENGINEER, key=tables.without))

# %% [markdown]
# Leaving the drift monitor out costs hardly anything, less than the ranges. That is no verdict on monitors, which can warn
# before labels are there. But its number does not say what to do:

# %%
tables.drift_and_retraining()

# %% [markdown]
# The best plan retrains *less* often where inputs moved most. Longer prompts and a skewed release move inputs, and fresh
# weights mend neither; bad labels and changed meanings move none. (In a world where these five causes are equally
# common.) Divergence is a reason to look.

# %% [markdown]
# ## One incident from end to end
#
# The engineer on incident 4: what the papers say, what the probes tell, and the debrief.

# %%
desk.papers(4)

# %%
played = players.engineer(4)
desk.readings(played)

# %% [markdown]
# Read each row against a month ago before you go on. What would you say is slow, and what is wrong?
#
# <details><summary>What to make of it</summary>
#
# Slow: the shared opening is no longer cached, so each request computes it anew; compute is seven times what it was.
# Wrong: old messages, too, are answered worse, and by both releases. So it is neither the world nor the release but the
# weights, which learned from bad labels.
#
# </details>

# %%
told = game.debrief(played)
desk.debriefed(told)

# %% [markdown]
# Somebody else bought first, looked later, and trained last:

# %%
hasty = game.Game(4).fix("chip: FLOP/s").probe("labels", "cohorts").fix("retrain here")
show(figures.plot_debrief(game.debrief(hasty)))

# %% [markdown]
# Each step is charged with what it *closed off*: the best that could be earned before it, less the best after it. A look
# costs its hours, and more where the best plan no longer fits.

# %% [markdown]
# ## Your turn
#
# Three questions, in this order. Where do the milliseconds go? Which answers are wrong? On which axis did something change?
# Then choose, and close the incident.

# %% [markdown]
# <details><summary>A reading aid</summary>
#
# Slow: `traffic` shows more requests, longer prompts, a lost cache. In `profile`, fp32 doubles data; a slow step raises
# latency. Wrong: after bad labels `replay` is worse in both releases, with skewed inputs in the new one only. A stale
# threshold errs on one side (`labels`). Drift and changed meanings leave old messages right; only drift moves the monitor.
#
# </details>

# %% [markdown]
# The wait in ms is roughly the `waiting share` of `p50 ms` (`queue`): hold it against the parts in `profile`. And training
# here halves the chip's speed for days: a chip that is nearly full cannot spare it. What is on paper, and can be done:

# %%
desk.papers(5)

# %%
desk.fixes(5)

# %%
card = desk.card(5)
card

# %% [markdown]
# "Another incident" goes on to the next one. `show(figures.plot_debrief(game.debrief(card.game)))` draws what you closed
# off; it also tells the best plan, so play first.

# %% [markdown]
# ## The chapter's last two figures
#
# The summary recalls that inference cut from 45 to 15 ms saves 23 % (section 1.13). Its share of the 130 ms,
# and what lies outside:

# %%
before_ms, after_ms = 60 + 45 + 25, 60 + 15 + 25
f"saved {percent((before_ms - after_ms) / before_ms)}; outside inference {percent(85 / before_ms)}, then {percent(85 / after_ms)}"

# %% [markdown]
# And that algorithms became 44.5 times as efficient while compute grew by some seven orders of magnitude. Are the 44.5
# inside the seven, or on top? If inside, so many orders are left for money and machines:

# %%
number(7 - np.log10(44.5))

# %% [markdown]
# (Section 1.7 shows that the seven itself depends on what is counted.)

# %% [markdown]
# What the experiments took (the 300 incidents were searched beforehand, in some six minutes):

# %% tags=["measured"]
# measured: seconds on the computer that built this page
tables.seconds()

# %% [markdown]
# > **Takeaway.** Split first: seconds by the iron law and the wait, errors by what they follow. Name the axis of each
# > change. Then compare whole plans under one budget, and look again, because relief moves the bottleneck.

# %% [markdown]
# **Where it stops being true.** Accuracy falls along a line here; the curves of section 1.5 bend. Prices, causes and
# their frequencies are this game's; how much a look is worth depends on them. Real servers batch token by token, replies differ in length, and several causes strike at once. And nobody
# gives a real engineer the list of causes.

# %% [markdown]
# ## Check yourself

# %%
quiz("synthesis")

# %% [markdown]
# ## The ladder again
#
# Before the chapter you rated yourself on its five aims. Where do you stand now?

# %%
goals.rate("after")

# %% [markdown]
# ## What you can do now
#
# - [x] take a slow and worse service apart: which part of its time binds, and which cause is behind each alarm
# - [x] choose probes and fixes under one budget, and say what each step was worth
# - [x] say why usual answers fail: a faster chip, larger batches, retraining on every drift
#
# **Next:** nine [exercises](../exercises/14_synthesis.ipynb); the last is an incident of your own. [Appendix A1](A1_numbers.ipynb)
# recomputes the chapter's figures.
