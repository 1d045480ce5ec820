# %% [markdown]
# # 09 · The ML lifecycle: what does going round cost?
#
# Section 1.9 of the chapter · about 45 minutes · after it you can
#
# 1. say what both loops of the lifecycle add to a plan, in days, in work and in accuracy
# 2. judge a mission by the slack of each limit: time, memory, power, heat, battery
# 3. make a network small, or cut it between device and cloud, and count what that saves and gives away

# %%
from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.units import DAY_S, HOUR_S, MILLI, YEAR_S, duration, number, percent, si
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.lifecycle import compress, explorers, figures, loop, missions, model, tables

# %% [markdown]
# ## A plan with a loop in it
#
# A team plans six stages: collect data, prepare them, train, evaluate, deploy, monitor. The first five should take so
# many days:

# %%
plan = loop.BOTH
dict(zip(model.STAGES[:5], plan.days, strict=True)), sum(plan.days)

# %% [markdown]
# But evaluation is a **gate**. Two candidates in five pass it. One that fails goes back to preparation: other
# cleaning, other features, the same collected data.

# %%
predict("lifecycle.first_deployment")

# %% [markdown]
# If each candidate passes with chance $q$, it takes $1/q$ of them on average. Collection and deployment happen once.
# Does the formula hold? Simulate 2,000 projects. Each visit to a stage draws its length from a lognormal distribution
# with the mean above. (All numbers of the plan are assumptions.)

# %%
found = loop.first_deployments(plan, projects=2000)
print(f"by the formula {number(model.round_days(plan.days, plan.passes))} days, simulated {number(found.mean())}")
reveal("lifecycle.first_deployment", found.mean())

# %% [markdown]
# The plan has a second loop. **Monitoring** rings an alarm at three points lost, on labels that are two weeks old, and
# somebody looks once a week. Then the team goes back to collect data of the new world. Until a new model is deployed,
# the old one serves.

# %%
predict("lifecycle.lowest_point")

# %% [markdown]
# The chapter's figure 7 draws the stages with both loops. Here they are drawn in time, from one simulated project:

# %%
show(figures.plot_trace(loop.runs(plan)[0], days=400))

# %% [markdown]
# Accuracy falls by equation 3 of section 1.5, a point a month. Notice that no model starts at 90 %, which it had in
# evaluation. A model is as old as its data, and those aged during every try. Over five seeds:

# %%
late_days = plan.labels_days + plan.look_days / 2
loss = model.lowest_loss(plan.alarm, plan.lost_per_day, model.round_days(plan.days, plan.passes), late_days)
lowest = loop.over(loop.runs(plan), lambda trace: 100 * (plan.accuracy - trace.lowest_points.mean()))
print(f"points lost, formula {number(100 * loss)}; simulated {lowest.text()}")
reveal("lifecycle.lowest_point", lowest.mean)

# %% [markdown]
# So an alarm is not a floor. The loss at its deepest is the alarm, plus drift times (labels, looks and a whole round).
#
# ## What the second loop buys
#
# Five seeds, three years, with monitoring and without.

# %%
show(figures.plot_projects(loop.runs(plan), loop.runs(loop.ONCE)))

# %%
tables.projects({"both loops": plan, "once through": loop.ONCE})

# %% [markdown]
# The loop costs more than three times the work, and keeps the product alive. Where does the time go?

# %%
tables.stages(plan)

# %% [markdown]
# More than half of it is watching. Of the rest, two thirds go into data, and a tenth or two into training.
#
# ## Explore: tighter, or quicker?
#
# 1. Tighten the alarm from 3 points to half a point. What do average, lowest point and work do?
# 2. Back to 3 points. Make all stages take a quarter of their time. And now?

# %%
explorers.lifecycle()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Half a point more on average and hardly any at the lowest, for two thirds more work: fresh models are stale enough
#    to ring it, so the team never rests.
# 2. More than a point on average, more than two at the lowest, for *half* the work, if a quarter of the days is a quarter
#    of the work. With four times the people it is a fifth more. Quick beats strict even so.
#
# </details>

# %% [markdown]
# ## What goes round is data
#
# What changes in a round is no line of code that somebody wrote. Tools for versions must name data by their content:

# %%
tables.snapshots()

# %% [markdown]
# One label more or less is another version; another order is not. A trained model that remembers this name can be
# made again.

# %% [markdown]
# ## The flywheel
#
# Good products draw users, users leave data, data improve the product. The chapter says that the loop compounds
# whichever way it is pushed. A model (nothing here is measured): quality to users is S-shaped, data to quality
# saturates.
#
# 1. Start at 0.4, then at 0.5. Why do they part?
# 2. Start at 0.9 and lower the usable share of the data, one weak stage. What happens to both marked points?

# %%
explorers.flywheel()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Between them lies a **fixed point** that tips: the slope, or **loop gain**, is above 1, so a small push grows each
#    turn. At the upper one it is below 1, and a push dies out: there the loop compounds no more.
# 2. They approach, meet and vanish. From 0.65 down, the loop runs down from every start.
#
# </details>

# %% [markdown]
# ## Four missions
#
# The same six stages serve very different missions. The chapter's table 7 gives limits without sizes of the workloads,
# and none of the four is among section 1.6's five lighthouse models. So something stands in for each:

# %%
tables.table_7()

# %% [markdown]
# What no table holds is assumed: a chip reaches 45 % of its peak in training and 30 % on the edge, and one application
# gets half of a phone's memory. The times come from the formula of section 1.6.
#
# GPT-4's size is secret. The chapter's 90 days at 500 ms a step, on 25,000 GPUs (say A100s), at least agree with Epoch
# AI's estimate of the FLOP. The utilisation is below the 45 % of section 1.6.

# %%
print(f"{missions.steps():,.0f} steps of {si(missions.step_flop(), 'FLOP')}")
print(f"in time at {percent(missions.needed_utilisation())} of the peak")
f"a millisecond less for each saves {duration(missions.steps() * MILLI)}"

# %% [markdown]
# Footnote 25 has a car go 3 cm in each millisecond, which is 108 km/h. Metres driven before it reacts:

# %%
delays_s = {"10 ms, the limit": 0.01, "3,600 km of fibre and back": 0.036, "ten pictures a second": 0.1}
{what: f"{missions.braking_m(delay_s):.2f} m" for what, delay_s in delays_s.items()}

# %% [markdown]
# The network, with its share of the 10 ms, takes centimetres. Section 1.5's camera, at ten pictures a second, takes
# most: 10 ms would allow a hundred.

# %% [markdown]
# ## 100 mW for how long?

# %%
predict("lifecycle.coin_cell")

# %%
cell_j = missions.coin_cell_j()
reveal("lifecycle.coin_cell", cell_j / missions.DOORBELL_W / HOUR_S)

# %% [markdown]
# A limit on power is no limit on energy. For a year the average must be tiny, so the device must sleep: its **duty
# cycle** is the share of time awake.

# %%
duty = model.duty_for(cell_j, YEAR_S, awake_w=missions.DOORBELL_W)
looks = cell_j / YEAR_S * HOUR_S / missions.look_j()
f"{si(cell_j / YEAR_S, 'W', 2)} on average: {100 * duty:.3f} % awake at 100 mW, or {looks:.0f} looks an hour"

# %% [markdown]
# A look costs about a millijoule on a Cortex-M4. Sleep is taken as free here; ten microwatts of it would cost an
# eighth of the looks. And a CR2032 gives its charge to small currents only: 33 mA would drain it much sooner.

# %% [markdown]
# ## Explore: which limit binds?
#
# Here are more limits than table 7 names.
#
# 1. Which missions break a limit as they are? Which of those limits does the chapter's table name?
# 2. Make the workload ten times smaller. Which broken limit does not move at all, and why?

# %%
explorers.slack()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. The phone's heat, if it writes without a pause, which the table names. And the doorbell's coin cell, which the
#    table does not: its 100 mW are kept.
# 2. The heat: a smaller model writes faster, at the same power. (Even a tenth of the work asks a third more of the coin
#    cell than there is.)
#
# </details>

# %% [markdown]
# ## Heat: quick, then slow
#
# A phone is a warm body: heat leaves in proportion to how much warmer it is than the air. (Simulated; how much a watt
# warms it is an assumption.)
#
# 1. For how long does it run at full speed at 5 W? What is left then?
# 2. Take a chip twice as fast, that draws twice the power. What does that buy after half an hour?

# %%
explorers.throttling()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. About a quarter of an hour; then half the rate.
# 2. Nothing. What lasts is (limit - air) / (kelvin for each watt) / (joules a token). No speed stands in that formula.
#    Fewer joules a token would help, or better cooling.
#
# </details>

# %% [markdown]
# ## The whole spectrum
#
# Table 8 in other words, with one real chip for each environment:

# %%
tables.table_8()

# %% [markdown]
# It has five rows where section 1.4 had four, since it parts training from inference. And "megawatt to milliwatt" is
# $10^9$, a data centre against one chip; chip against chip is about $10^4$.

# %% [markdown]
# ## 64 KB
#
# A small microcontroller has 64 KB for weights and activations. A network with 256 and 128 hidden units reads digits;
# its 32-bit weights take three times that. **Rounding**, or quantisation, stores each weight as a whole number of few
# bits, times one scale a layer.

# %%
network, whole = compress.trained(1, compress.LARGE), compress.stored(1)
network.params, si(whole.resident_bytes, "B"), percent(whole.accuracy, 3)

# %% [markdown]
# The rule, stated now: at most one point of accuracy may go, on average over five seeds. Nothing is trained again.

# %%
predict("lifecycle.fewest_bits")

# %%
allowed = [bits for bits in (8, 4, 2) if compress.summary(bits).within]
reveal("lifecycle.fewest_bits", str(min(allowed)))

# %% [markdown]
# **Pruning** leaves out the smallest weights. That needs a map, one bit for each weight, of which are there. All
# bytes here are counted from what is really packed.
#
# 1. At 2 bits, keep half of the weights. How many bytes does that save?
# 2. What do 80 % fewer weights cost in accuracy?
# 3. Choose a smaller network. What is the least that stays within a point?

# %%
explorers.shrinking()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. None: the map takes what the weights gave.
# 2. Four to five points, at any number of bits: this is pruning in one go, without training again.
# 3. 16 units at 8 bits, 1.4 kB, pass by a hair; 32 units, 2.6 kB, with room. The least for the large network is 18 kB
#    (3 bits, half of the weights).
#
# </details>
#
# All ways at once, with their spread over seeds:

# %%
show(figures.plot_designed())

# %%
tables.fits()

# %% [markdown]
# At equal accuracy, the network that was *made* small needs the fewest bytes. (Digits are an easy job, which
# favours small ones.) Why were 2 bits so bad? They leave three values: minus the scale, nothing, the scale. Above, the
# scale was fitted to all weights. With the largest weight setting it:

# %%
by_largest = compress.summary(2, fitted=False)
f"{by_largest.accuracy.short(percent)} against {compress.summary(2).accuracy.short(percent)}"

# %% [markdown]
# Now nearly every weight is rounded to nothing.
#
# Footnote 26 says that compression takes off over 90 %, so that a data-centre model fits kilobytes. Section 1.4 put
# that gap at $10^5$ in memory.

# %%
chips = [facts.chip(name).memory_bytes for name in ("H100_SXM", "STM32L4R5")]
ninety, one_bit, gap = 10, 32, chips[0] / chips[1]
{what: f"10^{model.orders(f):.1f}" for what, f in {"90 %": ninety, "32 bits to 1": one_bit, "gap": gap}.items()}

# %% [markdown]
# Ninety per cent is one order of magnitude; four are missing. Even one bit for each weight gives only 1.5. A cloud
# model is not shrunk into a microcontroller. Another model is designed for it.

# %% [markdown]
# ## Cut in two
#
# A **hybrid** runs the first layers on the device, sends what the last of them puts out, a byte a value, and runs the
# rest in the cloud. MobileNetV2, counted from its shapes; device times measured by others, shared out by FLOP:
#
# 1. Raspberry Pi 2: over which links is the best cut in the middle?
# 2. Send the picture as a file of a tenth the size. Where is it now?
# 3. Try the phone.

# %%
explorers.cutting()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. From 3 to 10 Mbit/s here. Below, the device works alone; above, the cloud.
# 2. At an end, for every link: the early layers put out *more* than the small file, and the later ones come too late.
#    (One could pack their output, too.)
# 3. It is done before the message would be there and back, for which 20 ms are assumed.
#
# </details>

# %% [markdown]
# Time is one price, energy another. A Raspberry Pi 4 at 6 W over 10 Mbit/s, with the radio of an old phone, 5 µJ a
# byte. Waiting is taken as free:

# %%
tables.batteries()

# %% [markdown]
# Sending the raw picture takes twice the energy of computing all; here one cut is best in both.
#
# "The raw picture never leaves the device" sounds private. Is it? Somebody sees what crosses the cut of the
# digit network, has some pictures of his own, and fits a linear regression back to pixels.

# %%
tables.rebuilt()

# %% [markdown]
# The pictures come back nearly whole, and from half as many values as that still mostly. Cutting a network saves time;
# by itself it is no privacy measure.

# %% [markdown]
# Hybrids also split by task. A voice assistant spots its wake word on the device and sends only what follows. Bytes a
# day, always streaming against fifty commands of five seconds (16,000 samples a second, 2 bytes each):

# %%
second_bytes = 16_000 * 2
f"{si(DAY_S * second_bytes, 'B')} against {si(50 * 5 * second_bytes, 'B')}"

# %% [markdown]
# The wake word needs an answer at once and never ends, so it stays; the sentence needs a large model, so it goes. Each
# subtask is placed by its own limits. (The chapter's self-check calls 100 ms for the wake word a floor. It is a
# ceiling.)

# %% [markdown]
# ## One decision, the whole lifecycle
#
# Where a doorbell's network runs seems a matter of deployment. Follow it through four stages: 10,000 doorbells look
# once a second, and each can load 10 kB/s (assumptions).

# %%
tables.cascade()

# %% [markdown]
# An update reaches doorbells in **waves**, watched in between, and each needs room for the way back. So going round is
# slow on the edge, and going round slowly cost accuracy above. What all this took, one seed of each:

# %% tags=["measured"]
# measured: seconds on the computer that built this page
tables.seconds()

# %% [markdown]
# > **Takeaway.** A deployed model is a lap, not a finish. Its accuracy hangs on how quickly you get round, and where
# > it runs decides that: limits of device, heat, battery and link reach back into every stage.
#
# **Where it stops being true.** Here the world drifts evenly, gates never err, labels arrive, and every round
# repairs all. The flywheel is a picture. Heat has one body, links have one speed, and a small digit set favours small
# networks.

# %% [markdown]
# ## Check yourself

# %%
quiz("lifecycle")

# %% [markdown]
# ## What you can do now
#
# - [x] say what both loops of the lifecycle add to a plan, in days, in work and in accuracy
# - [x] judge a mission by the slack of each limit: time, memory, power, heat, battery
# - [x] make a network small, or cut it between device and cloud, and count what that saves and gives away
#
# **Next:** nine [exercises](../exercises/09_lifecycle.ipynb) that mark themselves. Section 1.10 asks why three good
# systems look nothing alike.
