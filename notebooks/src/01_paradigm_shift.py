# %% [markdown]
# # 01 · Data-centric paradigm shift: if nobody wrote the rule, where is the program?
#
# Section 1.1 of the chapter · about 40 minutes · after it you can
#
# 1. show that the same code makes another program from other data, and list what broke
# 2. decide between cleaner labels and a better model by trying both, and spot a drifted proxy
# 3. work out how much of an input space a test set reaches, and what a run without failures promises

# %%
import inspect

from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.spread import spread
from mlsys_helpers.kit.table import table
from mlsys_helpers.kit.units import number, percent, si
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.paradigm_shift import experiments, explorers, figures, model

# %% [markdown]
# ## Code that does not know what it does
#
# Here is a complete spam filter, apart from its data. Look for the line that says what spam is.

# %%
print(inspect.getsource(experiments.train))

# %% [markdown]
# There is none. Give it 3,206 real e-mails with labels (Spambase, 1999; each is 57 numbers on its words, signs and
# capitals), and it sorts 1,391 others. Turn **every** label over, change nothing else, and the same five lines sort them like this:

# %%
as_labelled, turned = (experiments.changed(labels).accuracy[1] for labels in (0, len(experiments.mail()[0])))
f"{percent(as_labelled, 3)} right with the labels as they are, {percent(turned, 2)} with every label turned over"

# %% [markdown]
# The second program is the exact opposite of the first. So the rule was in the data: the chapter's **Data as Code
# Invariant**. Karpathy's name for software made this way is **Software 2.0** (2017). Its parts, as they stand before
# you:

# %%
before = experiments.original()
weights = f"{len(before.weights)} weights and a bias"
table(
    ("part", "Software 1.0", "Software 2.0", "in this notebook"),
    (
        ("source", "code that people write", "examples with labels", f"e-mails, fingerprint {before.data}"),
        ("compiler", "GCC, LLVM", "the training loop", f"five lines, fingerprint {before.code}"),
        ("program", "instructions", "weights", weights),
        ("a failure", "crash or exception", "a quietly worse number", "no error in any cell below"),
        ("debugging", "step through the code", "look at the data", "find the messages that flipped"),
    ),
)

# %% [markdown]
# A **fingerprint** is a hash: a few digits that change when the content does. Real programs of this kind are bigger.
# GPT-3 has 175 billion weights of 16 bits each, and an answer needs all of them.

# %%
si(model.weight_bytes(facts.workload("gpt3").params, bits_per_value=16), "B")

# %% [markdown]
# ## Fifty labels
#
# Now a change that nobody would notice in review: 50 of the 3,206 training labels, drawn at random, are turned over.

# %%
predict("paradigm_shift.fifty_labels")

# %%
after = experiments.edited(50)
table(
    ("", "original", "50 labels turned"),
    (("code", before.code, after.code), ("data", before.data, after.data)),
)

# %%
change = experiments.changed(50)
reveal("paradigm_shift.fifty_labels", len(change.flipped))

# %% [markdown]
# No weight stayed what it was, and no error was raised.

# %%
moved = abs(after.weights - before.weights)
f"{(moved > 1e-6).sum()} of {len(moved)} weights moved, the furthest by {number(moved.max(), 2)}"

# %% [markdown]
# Was it the edit, or does the fingerprint change with everything? A control: the same examples in another order.

# %%
again = experiments.build(experiments.shuffled(experiments.mail()[0]), experiments.mail()[1])
f"same data: {again.data == before.data}; verdicts that differ: {sum(again.verdicts != before.verdicts)}"

# %% [markdown]
# Same data, same program. Order is no content, and this solver finds one answer whatever the order.

# %% [markdown]
# ## Explore: what one number hides
#
# Each point is a held-out message. **Log-odds** above zero mean spam, and the further from zero, the surer the filter.
# The *clearest* training messages are those it was surest of.
#
# 1. At 50 labels, compare how far accuracy moves with how many messages change sides.
# 2. Which 50 labels do most harm: any, the least clear, or the clearest?
# 3. Can a few wrong labels make accuracy rise?

# %%
explorers.label_edits()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Accuracy falls by two messages in 1,391, while 20 change sides: 11 newly wrong and 9 newly right nearly cancel.
# 2. The clearest. The filter was sure of them, so their labels pull hard. The least clear ones hardly matter.
# 3. Yes: up to 100 labels on the least clear ones, accuracy is a little above the original. Luck of this split, which is
#    why the next table has five.
#
# </details>

# %% tags=["measured"]
# measured: seconds to train and compare, three ways on five splits
f"{once_s(experiments.fifty_edits):.1f} s"

# %%
table(
    ("50 labels turned on", "messages that change sides", "points of accuracy gained"),
    (
        (edits.which, edits.flipped.text("{:.0f}".format), edits.gained_points.text("{:+.1f}".format))
        for edits in experiments.fifty_edits()
    ),
)

# %% [markdown]
# So two practices must grow. Version the **data** beside the code, by content. And test **behaviour**: keep a frozen set
# of messages, and list those newly wrong. Unit tests of the code cannot see any of this.
#
# ## The compiler has flags
#
# Large models are trained by **stochastic gradient descent**: the weights take a small step after each random batch of
# examples. Here a batch is one message. Same code, same data, only another shuffling:

# %%
table(
    ("passes over the data", "messages that change sides"),
    ((passes, experiments.shuffle_flips(passes).text("{:.0f}".format)) for passes in (20, 100)),
)

# %% [markdown]
# Shuffling alone can flip more messages than 50 labels did. Know this noise before you blame an edit, and record the
# seed beside the fingerprints. Batch size is a flag as well: larger batches are steadier and keep a wide chip busy.

# %% [markdown]
# ## Cleaner data or a better model?
#
# In handwritten digits, one training label in five is wrong, always in the same way: the digit read as the next.
# You have a simple linear model. Put every label right, or keep the labels and take a better model, one that can bend
# its boundaries (a support vector machine)?

# %%
predict("paradigm_shift.clean_or_better")

# %% tags=["measured"]
# measured: seconds for both contests, five seeds each
kinds = (experiments.CARELESS, experiments.ONE_WAY)
f"{once_s(lambda: [experiments.contest(kind) for kind in kinds]):.0f} s"

# %%
one_way = experiments.contest(experiments.ONE_WAY)
cleaning, switching = (gain[one_way.shares.index(0.2)].mean() for gain in (one_way.cleaning, one_way.switching))
reveal("paradigm_shift.clean_or_better", "cleaning" if cleaning > switching else "model")

# %% [markdown]
# Points of test accuracy gained over the simple model on wrong labels; the bands hold five seeds.

# %%
show(figures.plot_contest({kind: experiments.contest(kind) for kind in kinds}))

# %% [markdown]
# Not what a data-centric slogan promises: the better model mostly wins. It goes by the examples most like the new one,
# and there right labels outvote wrong ones. At 40 % random mistakes it is 60 votes to four or five for any wrong digit.
# One way it is 60 to 40, and close votes get lost. Then which digit does it read?

# %%
at_20, at_40 = (experiments.habit(wrong).text(percent) for wrong in (0.2, 0.4))
f"the next digit, in {at_20} of its mistakes at 20 % wrong labels; in {at_40} at 40 %"

# %% [markdown]
# By chance it would be one in nine. At 40 % the labellers' habit has become the program, and cleaning wins.

# %% [markdown]
# The contest also depends on what is left to buy. Suppose you **have** the better model already. What does cleaning add
# then?

# %%
table(
    ("labels wrong, one way", "points gained by cleaning, better model in place"),
    (
        (f"{100 * wrong:g} %", spread(gain).text("{:+.1f}".format))
        for wrong, gain in zip(one_way.shares, one_way.then_cleaning, strict=True)
    ),
)

# %% [markdown]
# Next to nothing, up to 20 %. What to buy depends on what you have.

# %% [markdown]
# ## When searches mistook attention for illness
#
# Google Flu Trends estimated flu from what people searched for. In 2012 to 2013 it came out at about twice what doctors
# reported. A **simulated** retelling: four years of searches follow flu closely, then news sets people searching who are
# not ill.

# %% [markdown]
# 1. At 2.1 times the searches for as much flu, what does the good fit of the first four years protect?
# 2. Recalibrate on reports that arrive two weeks late. Which window brings the estimate back best?

# %%
explorers.drifting_proxy()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Nothing. The model explains 97 % of the past, and doubles the flu in every week of the fifth year.
# 2. The shortest, 4 weeks: within about 5 % of the truth over the year. A window of 26 weeks still believes the old
#    world for half a year. Once the jump is past, the longer windows are the steadier: shorter ones follow noise.
#
# </details>

# %% [markdown]
# Five simulated histories, left alone and recalibrated on the last 8 weeks:

# %%
f"estimate over truth: {experiments.drift_over_seeds()}; recalibrated: {experiments.drift_over_seeds(window=8)}"

# %% [markdown]
# More data of the same kind would not have helped: the *meaning* of a search had changed. To take volume for validity
# is what Lazer and others call **big data hubris** (2014). What helped was a loop to a trusted measurement, late as it
# was. Our drift is a single jump, the easiest to mend; the real one kept moving.
#
# Such loops are code too. How much of this section's code is `train`?

# %%
training, whole = experiments.lines_of_code()
f"about {percent(training / whole, 1)} of the lines"

# %% [markdown]
# The chapter puts 5 % in the model and 95 % around it, and calls that quantified by Google engineers (2015). Section 1.4
# takes it for the size of a box in their drawing. Their text says it of code: a mature system *might* come to 5 % at
# most. Nobody counted. Ours is a count, but of a small example. All agree: little of a system is the model.

# %% [markdown]
# ## The verification gap
#
# Some code can be proved right. Could a classifier be, by trying every input? Pixels are whole numbers, so there are only finitely
# many pictures.

# %%
predict("paradigm_shift.smallest_picture")

# %%
outnumber = (side for side in range(1, 1000) if explorers.picture_log10(side, 8, 3) > model.LOG10_ATOMS)
reveal("paradigm_shift.smallest_picture", next(outnumber))

# %% [markdown]
# Each pixel multiplies the count by 256 three times over. At the usual size of a photo for a classifier, with logarithms
# since no calculator holds the number:

# %%
photo = model.log10_inputs(values=224 * 224 * 3, bits_per_value=8)
f"256^150,528 = 10^{photo:,.1f}, a number with {model.digits(photo):,.0f} digits"

# %% [markdown]
# The chapter's box prints these digits too; its self-checks say "roughly 10^362,000". That is the exponent cut short,
# and it leaves out a factor of more than 10^507.

# %% [markdown]
# What is left after testing is the **verification gap**: all inputs less those tested.
#
# 1. Make the picture small. Where can a test set still reach everything?
# 2. At 224 pixels, what does a better or worse colour depth change?
# 3. And a larger test set? With a million million tests, how many of the 362,503 orders of magnitude are won?

# %%
explorers.verification_gap()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. In colour, 50,000 tests cover one pixel of up to 4 bits a channel (4,096 inputs); of 2 × 2 pixels, 1 bit at most.
# 2. Nothing that matters. One bit a channel still leaves a number of more than 45,000 digits.
# 3. About seven. (The chapter's 50,000 are ImageNet's validation pictures. Whichever set you count, the gap is the whole
#    space.)
#
# </details>

# %% [markdown]
# ## What a test run does promise
#
# No proof, but a **bound**. A program that fails at rate $p$ passes $n$ independent tests with probability $(1-p)^n$.
# Find the $p$ at which that sinks to 5 %, and every larger rate is ruled out at 95 % confidence.

# %%
n = 1000
f"exact {model.clean_run_bound(n):.6f}, rule of three {model.rule_of_three(n):.6f}"

# %% [markdown]
# The **rule of three**, 3/n, is close because $\ln 0.05$ is nearly -3. And if some tests fail? **Wilson's interval** holds
# the true rates that fit the failures seen, with 95 % confidence.
#
# 1. How many clean tests does it take to promise fewer than one failure in 10,000?
# 2. At 1,000 tests, what does a single failure do to the interval?

# %%
explorers.clean_run()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. 30,000, three times ten thousand, are just enough. After 10,000, three in 10,000 are still possible.
# 2. Its lower end leaves zero, and its upper end goes from 0.0038 to 0.0056. Wilson's interval has two sides, so at no
#    failure it is wider than the one-sided bound.
#
# </details>

# %% [markdown]
# For a brake, even 30,000 would be few. The filter above, on its own held-out mail:

# %%
wrong = int((before.verdicts != change.truth).sum())
low, high = model.interval(wrong, len(change.truth))
f"{wrong} wrong of {len(change.truth):,}: between {percent(low)} and {percent(high)} of mail like this"

# %% [markdown]
# "Like this" is the whole promise: mail at one company in the 1990s. A bound speaks of inputs drawn as the tests
# were. When the world moves, only watching it tells you.

# %% [markdown]
# > **Takeaway.** The data is the source and training compiles it. So version the data, test what the program *does*, and
# > replace proof by bounds, and bounds by monitoring once the world has moved.
#
# **Where it stops being true.** Code still matters: loss, features and seed shape the result too. Cleaning is not always
# the better buy. Structure can shrink the gap: symmetries, limits on inputs, and formal proofs for small networks.

# %% [markdown]
# ## Check yourself

# %%
quiz("paradigm_shift")

# %% [markdown]
# ## What you can do now
#
# - [x] show that the same code makes another program from other data, and list what broke
# - [x] decide between cleaner labels and a better model by trying both, and spot a drifted proxy
# - [x] work out how much of an input space a test set reaches, and what a run without failures promises
#
# **Next:** seven [exercises](../exercises/01_paradigm_shift.ipynb) that mark themselves. Section 1.2 asks what each era
# of AI ran out of.
