# %% [markdown]
# # 04 · Defining ML systems: which axis binds?
#
# Section 1.4 of the chapter · about 40 minutes · after it you can
#
# 1. name the axis that binds in a failing ML system, and confirm it with a probe that changes only that axis
# 2. say whether a model fits a device and a mission, and which of four limits says no
# 3. fit a learning curve, and say what a saving in hardware buys in error

# %%
from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.table import table
from mlsys_helpers.kit.units import DAY_S, duration, number, percent, si
from mlsys_helpers.machine.timing import once_s, times_s
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.ml_systems import experiments, explorers, figures, model

# %% [markdown]
# ## A crowd that nobody sees
#
# The world sends hundreds of billions of e-mails a day, and a filter has at most 100 ms for each. Take a single hundred
# billion, and all of the 100 ms. How many messages are being judged at any one moment? Beside it the chapter's
# recommender, at the same pace:

# %%
loads = {"e-mail, each hundred billion a day": 100e9, "recommender, ten million a day": 10e6}
rows = []
for name, a_day in loads.items():
    rows.append((name, number(a_day / DAY_S), number(model.in_flight(a_day / DAY_S, time_s=0.1))))
table(("service", "requests a second", "being served at any moment"), rows)

# %% [markdown]
# That is Little's law, as on the [start page](00_start_here.ipynb): rate × time inside. Both are **ML systems**:
# parameters learned from data decide what they do, and data, algorithm and hardware decide how well. The model is one
# box in them; the chapter's "5 percent" is that box's area on a drawing, not code that anyone counted.
#
# An ML system stands on three axes: the chapter's **D·A·M taxonomy** (its table 4), here with the filter's failures:

# %%
rows = [
    ("Data", "fuel: what it learns", "the new tactic was in no example"),
    ("Algorithm", "blueprint: what it can express", "the model is too simple for the pattern"),
    ("Machine", "engine: how fast, where", "messages arrive faster than they are judged"),
]
table(("axis", "role", "how the spam filter fails"), rows)

# %% [markdown]
# The axis that holds the others back **binds**. Find it before you pay for anything.
#
# ## The relay of bottlenecks
#
# A service labels photos. A link carries them in, cores prepare them, chips run ResNet-50, all at the same time. It has
# 16 cores, which take 4 ms for a photo, and one chip, an A100.

# %%
predict("ml_systems.four_times_the_chips")

# %% [markdown]
# Each stage alone could pass on so many photos a second:

# %%
start = explorers.service(cores=16, chips=1)
table(("stage", "photos a second"), [(stage, number(getattr(start, stage))) for stage in model.STAGES])

# %% [markdown]
# The formula is one word: a pipeline passes on the **minimum** of its stages.

# %%
f"{number(min(start.carry, start.prepare, start.compute))} photos a second leave; {start.binding} binds"

# %%
four = explorers.service(cores=16, chips=4)
reveal("ml_systems.four_times_the_chips", four.throughput / start.throughput)

# %% [markdown]
# The new chips wait for photos: money went to Machine, while Data bound. This is simulated: 4 ms and 100 kB for a photo,
# a 25 Gbit/s link, 30 % of the chip's peak are assumptions. Is the first one fair? One real photo on one core of this
# computer:

# %% tags=["measured"]
# measured: unpacking and shrinking one photo, the best of five
duration(min(times_s(experiments.prepared)))

# %% [markdown]
# It depends on the photo, the decoder and what else the computer does. Where it takes longer, preparing binds all the
# more: the cores must grow in proportion.
#
# ## Explore: pass the baton
#
# 1. With one chip, from how many cores on do the chips bind?
# 2. Spend doublings one by one, always on the stage that binds. When does no core and no chip help any more?

# %%
explorers.relay()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. From the step 64 on; between the steps, 46 would do. At 32 preparing still binds, though not by much.
# 2. At 128 cores and four chips the link binds. The bottleneck never disappears; it moves.
#
# </details>

# %% [markdown]
# Eight doublings, spent in two ways:

# %%
greedy = list(model.relay(start, steps=8))
chips_only = [start.upgraded("compute", 2.0**step) for step in range(9)]
show(figures.plot_relay(greedy, chips_only))

# %% [markdown]
# The words name what each doubling was spent on. Doubling the chips every time buys nothing at all.
#
# ## Experiment: one filter, three failures
#
# Real mail (Spambase). **Failure 1:** the word "free" is a new tactic: every spam that uses it is taken out of the
# training mail. The filter, a logistic regression, lets three of four such messages pass. A colleague says: take a
# stronger model!

# %%
predict("ml_systems.stronger_model")

# %% [markdown]
# A diagnosis is a guess until a **probe** confirms it: change one axis, keep the others, watch the symptom.
#
# **Failure 2:** a filter asks a single question of each message and misjudges many. **Failure 3:** in a spike of 4,000
# messages, 1,100 a second, each takes 1 ms of work; late is after 100 ms.

# %% [markdown]
# Probes: the missing examples (in failure 2, twice as many); thirty trees; a second server. A server cannot change what
# a filter judges, nor examples a queue: those bars repeat "none".

# %% tags=["measured"]
# measured: seconds for three failures, their probes, seeds 1 to 5
duration(once_s(experiments.probed))

# %%
probed = experiments.probed()
show(figures.plot_probes(probed))

# %%
passed = probed["a tactic never seen"]
reveal("ml_systems.stronger_model", 100 * passed["algorithm"].mean)

# %% [markdown]
# The stronger model rescues most of them. Yet the probe of the binding axis does far better; its worst seed beats the
# forest's best:

# %%
rows = [(probe, passed[probe].text(percent)) for probe in ("none", "data", "algorithm")]
table(("probe", "share of the tactic that passes"), rows)

# %% [markdown]
# 1. In failure 1, what did the filter learn about the word "free"? (Its weight in the score for spam stands below.)
# 2. In failure 2, what did twice the examples do?
# 3. In failure 3, why did the better algorithm make matters *worse*?

# %%
number(experiments.weight_of_the_tactic(seed=1), 2)

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. That it is a good sign: only honest mail still used it.
# 2. Nothing beyond the spread of the seeds (the black lines). One question cannot express more.
# 3. A forest takes longer for each message (4 ms are assumed), so the queue grows faster. A *leaner* algorithm would
#    have helped as a second server did: two axes can cure one symptom, and then price decides.
#
# </details>

# %% [markdown]
# More than half of all spam used the tactic, so the data probe brought many more examples too. Was it their number? And
# must a filter that trusts "free" see new examples at all? Two controls, with the old filter:

# %%
rows = [(control, share.text(percent)) for control, share in experiments.controls().items()]
table(("control", "share of the tactic that passes"), rows)

# %% [markdown]
# Not their number. And hiding the word cures most of it, because the new spam shares other words with old spam: what
# the filter had learned about "free" did the harm. New examples still do best.

# %% [markdown]
# The chapter draws the axes as a triangle of arrows (its figure 3), because none moves alone. In numbers, with the
# *algorithm* alone exchanged on a phone (A17 Pro; time computed from its published figures, not measured):

# %%
table(("model", "ImageNet top-1", "resident", "time for an image"), explorers.larger_model())

# %% [markdown]
# A few points of accuracy ask the machine for several times the memory and the time.

# %% [markdown]
# ## Four places to run
#
# Cloud, edge, mobile, TinyML: one real device for each. The chapter puts the gap from the first to the last at 10⁵ in
# memory and 10⁶ in "compute power". Power in watts, then?

# %%
predict("ml_systems.watts")

# %%
names = list(explorers.DEVICES)
devices = [explorers.device(name, utilisation=1.0) for name in names]
show(figures.plot_ladder(names, devices))

# %%
cloud, tiny = devices[0], devices[-1]
reveal("ml_systems.watts", cloud.power_w / tiny.power_w)

# %%
gaps = {"memory": cloud.memory_bytes / tiny.memory_bytes, "arithmetic": cloud.flop_per_s / tiny.flop_per_s}
{what: f"{gap:.1e}" for what, gap in gaps.items()}

# %% [markdown]
# So the chapter's 10⁶ is arithmetic, and both its figures hold for one accelerator against one Cortex-M4. The gap in
# watts is a hundred times smaller than that in arithmetic. (Peak: fp16 where published, else int8; the
# microcontroller's is a convention.)

# %% [markdown]
# ## From silicon to mission
#
# From silicon to purpose there are four layers. Demands come down from the mission, limits come up from the hardware:

# %%
here = ("Smart doorbell", "Visual wake words", "TinyML: Cortex-M4", "8 bits")
table(("layer", "here", "what it fixes"), explorers.layers(*here))

# %% [markdown]
# Four limits can say no: **memory**, **power**, **compute** (what arrives each second, at 30 % of the peak) and
# **latency**. That is one answer before its deadline, by the larger of data and compute time. More than all is a veto.
#
# In memory are the weights and what is kept beside them. For a text generator that is the **KV cache**: a key and a
# value for each earlier token, in every layer. For another model it is the activations.

# %%
used = explorers.used(*here)
{limit: percent(part) for limit, part in used.items()}

# %% [markdown]
# ## Explore: what fits where, and who says no?
#
# 1. The doorbell wants MobileNetV2. Try all four devices. Who says no?
# 2. On the phone, at how many bits does Llama-2-7B become a phone assistant? Which limits had refused?
# 3. Which limit stops the H100 from being a car camera?

# %%
explorers.envelope()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Every device: power on the first three, memory and more on the last. No setting fits, so the *model* must change.
# 2. At 4 bits. At 16, memory and latency refuse; at 8 it fits in memory, but reading all weights still takes too long.
# 3. Power alone, for every model but the largest. A mission's limit decided against the fastest chip.
#
# </details>

# %% [markdown]
# Counted were one conversation of 1,024 tokens, or all activations at once, in a memory free of all else. A real phone
# shares its memory, and a real microcontroller reads the weights from flash.

# %% [markdown]
# ## Samples per dollar
#
# The three axes meet in one price. **Samples per dollar** = FLOP a dollar buys, over FLOP a sample needs. For ResNet-50
# training, from prices spread over three years at 30 % of the peak, power left out:

# %%
value = [explorers.images_per_dollar(chip) for chip in explorers.PRICED]
show(figures.plot_value([facts.chip(chip).name for chip in explorers.PRICED], value))

# %% [markdown]
# The last step, a chip three times as fast, bought hardly more for a dollar: its price rose as well. But whose price?
# Here it is the H100's share of a whole server. Had the chip alone cost 30,000 dollars:

# %%
h100 = facts.chip("H100_SXM")
f"{si(value[-1] * h100.price_usd / 30_000, '', 2)} images for a dollar"

# %% [markdown]
# A price is a decision as much as a fact: state it with the result.
#
# The copy of the chapter that we worked from lacks the equation. Its text says that cleaner data and leaner models
# *lower the numerator*. That would lower samples per dollar. The directions fit a **cost** = samples × FLOP for each,
# over FLOP for a dollar:

# %%
samples, flop = 115e6, 3 * facts.workload("resnet50").flop_per_item
bought = value[-1] * flop  # FLOP for a dollar of an H100
changes = {
    "none": model.cost_usd(samples, flop, bought),
    "Data: half the samples": model.cost_usd(samples / 2, flop, bought),
    "Algorithm: half the FLOP for each": model.cost_usd(samples, flop / 2, bought),
    "Machine: twice the FLOP for a dollar": model.cost_usd(samples, flop, 2 * bought),
}
table(("change", "cost"), [(change, f"${usd:.2f}") for change, usd in changes.items()])

# %% [markdown]
# In this form the chapter's three sentences hold. (115 million images are about 90 passes over ImageNet, paid by their
# share of an H100's price. A whole run also pays for power, the computer around the chip, and people.)

# %% [markdown]
# ## Experiment: what is more data worth?
#
# That depends on the **learning curve**. Real digits, recognised by the nearest known example; more and more examples;
# four splits for each of five seeds.

# %% tags=["measured"]
# measured: seconds for 200 measurements of the error
duration(once_s(experiments.average_curve))

# %%
curve = experiments.average_curve()
show(figures.plot_curve(curve))

# %% [markdown]
# A straight line in logarithms: **error = $a\,n^{-\alpha}$**. Residuals stay within 6 %. Other seeds, other exponents:

# %%
experiments.alphas().text(lambda alpha: number(alpha, 2))

# %%
predict("ml_systems.cheaper_hardware")

# %% [markdown]
# A price of 0.9 buys 1/0.9 as much, so n grows by 11 %. Ten percent *more for the same price* is a factor of 1.1. On a
# power law the error is multiplied by the factor to the power $-\alpha$.

# %%
saved = 1 - model.error_factor(1 / 0.9, curve.alpha)
reveal("ml_systems.cheaper_hardware", 100 * saved)

# %% [markdown]
# The chapter's rule, $\alpha \ln 1.1$ with the natural logarithm, is the first-order form. Beside the exact one:

# %%
exact, rule = 1 - model.error_factor(1.1, curve.alpha), model.first_order_gain(1.1, curve.alpha)
f"1.1 times the data: {percent(exact)} of the error; the rule says {percent(rule)}"

# %% [markdown]
# ## Does the line go on for ever?
#
# Add a floor c that no amount of data removes: error = $a\,n^{-\alpha} + c$. Both laws, fitted to the same points, and
# what they promise for 100,000 examples:

# %%
laws = {"without floor": curve, "with floor": experiments.average_curve(floor=True)}
rows = []
for name, law in laws.items():
    far = model.power_law(1e5, law.scale, law.alpha, law.floor)
    rows.append((name, number(law.alpha, 2), percent(law.floor), percent(far, 1)))
table(("law", "alpha", "floor c", "error at 100,000"), rows)

# %% [markdown]
# The floor itself, seed by seed:

# %%
experiments.floors().text(lambda floor: f"{100 * floor:.1f} %")

# %% [markdown]
# The seeds do not agree on a floor, not even on whether there is one, so we keep the law without it. Inside the data
# the two can hardly be told apart; far outside they promise different worlds. Never sell an extrapolation.
#
# ## Explore: is it worth it?
#
# 1. At exponent 0.1, what does ten times the data save?
# 2. Where does the first-order rule (dashed) go wrong first: at small exponents or at large ones?

# %%
explorers.economy()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. About a fifth of the error, for ten times the bill. A flat curve says: spend on another axis.
# 2. At large ones. It always promises too much, and at exponent 0.5 and ten times the data it promises more than all of
#    the error.
#
# </details>

# %% [markdown]
# > **Takeaway.** Before you improve anything, find the axis that binds, and confirm it with a probe that changes only
# > that axis. A stage that does not bind buys nothing, and the one you relieve hands the baton on.

# %% [markdown]
# **Where it stops being true.** Axes interact: a forest loads the queue, and made up for much of what the data lacked.
# Stages that share a resource are not a plain minimum. A device's peak and busy draw are not what a mission sees. A
# power law holds where it was measured.

# %% [markdown]
# ## Check yourself

# %%
quiz("ml_systems")

# %% [markdown]
# ## What you can do now
#
# - [x] name the axis that binds in a failing ML system, and confirm it with a probe that changes only that axis
# - [x] say whether a model fits a device and a mission, and which of four limits says no
# - [x] fit a learning curve, and say what a saving in hardware buys in error
#
# **Next:** eight [exercises](../exercises/04_ml_systems.ipynb) that mark themselves. Section 1.5 asks how a system
# fails without an error.
