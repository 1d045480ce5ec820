# %% [markdown]
# # 02 · AI paradigm evolution: what did each era run out of?
#
# Section 1.2 of the chapter · about 45 minutes · after it you can
#
# 1. match each era of AI with what it ran out of, and show that limit in a small program
# 2. say with measured numbers what learning from data wins over written rules, and what it does not
# 3. count the memory and the operations that training needs, and judge a printed figure by the count

# %%
from itertools import pairwise, permutations

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.data.datasets import digits, spambase
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import table
from mlsys_helpers.kit.units import percent
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.paradigm_history import explorers, figures, model, mycin, spam, student

# %% [markdown]
# ## Symbolic AI: a demonstration from 1964
#
# STUDENT (Bobrow, 1964) read story problems in a small part of English and solved them. Here it is in miniature: five
# hand-written rules, each a pattern and what to do with it.

# %%
print(*(rule.name for rule in student.BASE), sep="   |   ")

# %% [markdown]
# The chapter's problem, the two equations that the rules find in it, and the answer:

# %%
print(student.ORIGINAL.replace(", ", ",\n"))
reading = student.read(student.ORIGINAL)
for left, right in reading.equations:
    print(f"\n{left}\n   = {right}")
reading.value

# %% [markdown]
# Right. People word things differently, though: "20 percent" for "20%", "Tom's client count" for his customers. Two or
# three ordinary pieces in each of six places make hundreds of wordings. How many do the five rules read?

# %%
f"{percent(student.coverage(()))} of {len(student.wordings())}"

# %% [markdown]
# Nine more rules, one for each new piece, will cover them all. They are written one at a time, in random order.

# %%
print(*student.needed(), sep="   |   ")

# %%
predict("paradigm_history.four_of_nine")

# %%
by_seed = np.array([student.coverage_by_rules(seed) for seed in SEEDS])
show(figures.plot_coverage(by_seed, len(student.wordings())))

# %%
reveal("paradigm_history.four_of_nine", 100 * by_seed[:, 4].mean())

# %% [markdown]
# A wording is read only if *every* piece in it is known, so the shares of the six places **multiply**. The formula
# agrees with the parser at the start, where one piece is known in most places:

# %%
choices = [len(slot) for slot in student.SLOTS]
known = [sum(not rule for piece, rule in slot) for slot in student.SLOTS]
f"pieces known {known} of {choices}: {percent(model.covered_share(known, choices))}"

# %% [markdown]
# The chapter says that the rule base itself grows exponentially. This experiment does not show that: nine rules are
# enough. What multiplies is the world that the rules must meet.

# %% [markdown]
# ## Explore: the letters keep coming
#
# Twelve letters reword the problem freely, and an engineer writes rules for each in turn. Eight more come later.
#
# 1. After twelve letters, how do the later ones fare? Which outcome worries you most?
# 2. Set "later 3". Which of its words does the answer ignore?
# 3. How many rules did twelve letters cost?

# %%
explorers.letters()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. One is solved, five are stuck and say where, two are wrong without a word. A crash is honest; a confident 81 is not.
# 2. The word "doubled". The parser guesses that a name which begins like another means the same, and so drops it. None
#    of the new rules mends that.
# 3. Sixteen, about one and a third for each letter: a straight line, not an explosion.
#
# </details>

# %% [markdown]
# Rules also lean on each other. Move one past its neighbour in the list, and see whether any answer changes:

# %%
rules, letters = student.rule_base(), (student.ORIGINAL, *student.LETTERS)
careless = student.verdicts(letters, student.rule_base(place="last")).count("solved")
print(f"{len(student.bound_pairs(rules))} of {model.pairs(len(rules)):.0f} pairs must keep their order")
print(f"with every new rule put last, {careless} of {len(letters)} letters are solved")

# %% [markdown]
# Somebody must know which pairs those are. That is **the logic bottleneck**: rules hold only the world that their author
# thought of.
#
# ## Expert systems: how sure is the expert?
#
# MYCIN (1970s) kept doctors' knowledge as IF-THEN rules, each with a **certainty factor** from -1 to 1. The chapter's
# example: blood infection, sterile site, entry by the gut, so bacteroid, with 0.7.

# %%
predict("paradigm_history.two_rules")

# %%
reveal("paradigm_history.two_rules", model.combine(0.7, 0.7))

# %% [markdown]
# The second rule closes a share 0.7 of what the first left open: 0.7 + 0.7 × (1 - 0.7). One for and one against give
# (a + b) / (1 - min(|a|, |b|)). (This is the form of 1979, from MYCIN's successor EMYCIN.) Does it matter in which
# order a doctor asks?

# %%
evidence = (0.7, 0.4, -0.3, 0.6, -0.5)
{round(mycin.combine_all(order), 9) for order in permutations(evidence)}

# %% [markdown]
# All 120 orders agree. The reason is a change of scale: on the scale $-\ln(1 - c)$, mirrored for evidence against, evidence
# **adds**, and sums have no order. Remember that; spam filters will do the same.

# %%
round(model.certainty_of(sum(model.weight(c) for c in evidence)), 9)

# %% [markdown]
# Six real rules of MYCIN (Shortliffe 1976, as quoted by Norvig 1992) judge one made-up patient. Then one rule gets a
# wrong conclusion, as in a slip of the pen. Nothing here is medicine.

# %%
slip = mycin.mistyped(mycin.RULES, "75", "bacteroides")
before, after = mycin.diagnose(mycin.CASE), mycin.diagnose(mycin.CASE, slip)
rows = [(name, f"{before[name]:.2f}", f"{after[name]:.2f}") for name in before]
table(("identity", "rules as written", "one slip"), rows)

# %% [markdown]
# The diagnosis flips. Of the 24 slips that are possible in six conclusions, six do that. What happens in larger rule
# bases? Here they are made up at random, and each rule in turn gets a wrong conclusion.

# %%
bases = {size: [mycin.flips(seed, size) for seed in SEEDS] for size in (15, 30, 60, 120, 240)}
show(figures.plot_conflicts(bases))

# %% [markdown]
# Pairs that can fire together and disagree grow with the **square** of the rules. A single bad rule matters *less* in a
# large base: a third as much here. But at the same rate of slips, sixteen times the rules hold sixteen times as many: the
# large base comes off worse. (The band is five seeds.)
#
# What ran out was people: experts answer one question at a time. That is **the knowledge acquisition bottleneck**.

# %% [markdown]
# ## Statistical learning: let the data count
#
# Real e-mail now: Spambase, 4,597 messages (1999). Instead of rules, **naive Bayes** takes words as independent and
# multiplies their chances: $p(\text{spam}) \prod_i p(w_i \mid \text{spam})$, against the same for good mail. In logarithms
# the product is a sum, and each word has a weight: what it adds to a message's **log-odds**.

# %%
train, test = spambase().split(seed=1)
names, learned = spam.words(train), spam.learn(spam.present(train), train.labels)
order = np.argsort(learned.if_present)
for place in (*order[:-5:-1], *order[3::-1]):
    print(f"{learned.if_present[place]:+.1f} {names[place]}")

# %% [markdown]
# George owned the inbox. The rival: eight rules, written from what everybody knows about spam. (The chapter's words,
# "viagra" and "winner", are not columns of these data.) **Recall** is the share of the spam that is caught,
# **precision** the share of what is caught that is spam.

# %%
judged = spam.score(spam.rules_fire(spam.present(test), names), test.labels)
f"recall {percent(judged.recall)}, precision {percent(judged.precision)}, accuracy {percent(judged.accuracy)}"

# %% [markdown]
# Respectable. How many labelled messages does counting need to equal them?

# %%
runs = [spam.labels_needed(seed) for seed in SEEDS]
show(figures.plot_labels(runs))

# %% [markdown]
# About 80. Then it flattens: eight times the labels, from 320 to 2,560, buy half a point. A few points better, no
# rout. Are the words used up? Another learner, the same words, the same mail; it need not take words as independent:

# %%
f"logistic regression: accuracy {spread(map(spam.weighed_together, SEEDS)).text(percent)}"

# %% [markdown]
# The words held more than naive Bayes can use: its assumption is the limit, not the data. More examples do not always
# beat a better model.
#
# Now the other side moves. Suppose spammers know the ten most innocent words, and add them to every message.

# %%
predict("paradigm_history.innocent_words")

# %% [markdown]
# ## Explore: the spammer answers
#
# All filters are set to lose the same share of wanted mail, of the mail they learned from. "Retrained" has learned from
# attacked mail too.
#
# 1. Disguise the words of the rules, one by one. After how many do the rules catch nothing? What does Bayes lose?
# 2. Now add innocent words. Who falls?
# 3. Let half of the spam be the attackers'. What becomes of the retrained filter?

# %%
explorers.duel()

# %%
padded = spam.duel(1, "padding")
lost = {"rules": np.ptp(padded.rules), "bayes": np.ptp(padded.bayes)}
reveal("paradigm_history.innocent_words", max(lost, key=lost.get))

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Eight. Bayes loses about a fifth, for the other words still speak.
# 2. Naive Bayes, nearly to nothing: each innocent word votes against spam, and the votes add up. The rules do not even
#    look at those words.
# 3. It mends less. When *all* spam is attacked alike, the attack itself is a signature, so 100 % flatters. Half is the
#    honest case.
#
# </details>

# %% [markdown]
# The same with five seeds, half of the spam attacked, ten words:

# %%
spam.duel_table(part=0.5, words=10)

# %% [markdown]
# The learned filter is not stronger in every fight. It is **cheaper to mend**: new labels and a recount, where rules
# need an author. So the limit moved, to representative data, and to whoever chooses what is counted.
#
# ## Features by hand: seeing in rectangles
#
# Viola and Jones (2001) found faces in real time with sums over rectangles. One table of running sums answers any
# rectangle with four look-ups.

# %%
from mlsys_helpers.sections.paradigm_history import features, vision

image = digits().features[0].reshape(8, 8)
integral = model.integral_image(image)
look_ups = model.rectangle_sum(integral, top=1, left=2, bottom=7, right=6)
f"four look-ups {look_ups:.0f}, all 24 pixels added {image[1:7, 2:6].sum():.0f}"

# %% [markdown]
# Subtract neighbouring rectangles and you have a feature: in an 8×8 window there are 1,800. A **cascade** asks the best
# one first, and only windows that pass meet the next ten. The task: find handwritten digits on a sheet of paper.

# %% tags=["measured"]
# measured: seconds to train and judge five cascades
f"{once_s(lambda: [vision.cascade(seed) for seed in SEEDS]):.0f} s for five seeds"

# %%
vision.cascade_table()

# %%
cost = spread(vision.cascade(seed).features_per_window for seed in SEEDS)
print(f"features computed for a window: {cost.text()}, where all would be 11")
print(f"windows without any ink: {spread(vision.cascade(seed).empty_share for seed in SEEDS).text(percent)}")
print(f"Viola and Jones: more than {percent(facts.quoted('viola_jones_rejected').value)} rejected by two layers")

# %% [markdown]
# One subtraction rejects nine windows in ten. (Faces are far harder; their first two layers have eleven features too.)
# It is not free: each stage also loses a digit or two in a hundred.
#
# Why not let the machine choose the features as well? One linear classifier, five descriptions of the same digits:

# %% tags=["measured"]
# measured: seconds to learn and judge five descriptions
f"{once_s(lambda: [features.compare(seed) for seed in SEEDS]):.0f} s for five seeds"

# %%
found = [features.compare(seed) for seed in SEEDS]
show(figures.plot_features({name: spread(run[name] for run in found) for name in found[0]}))

# %% [markdown]
# Five learned numbers beat five hand-made ones by far, and both hand-made descriptions do worse than bare pixels.
# Thirty-two learned ones and pixels nearly tie. These digits are tiny and centred: no claim for photographs. The edge
# histograms (after HOG) took a research paper; sound or text would need another. That is **the feature engineering
# bottleneck**.

# %% [markdown]
# ## Deep learning: AlexNet, 2012
#
# It learned its features from raw pixels, and won ImageNet. How large was the gain, in points and in relation?

# %%
from mlsys_helpers.sections.paradigm_history import alexnet, timeline

rival = facts.quoted("imagenet_2012_next_error").value
for name in ("alexnet_top5_error", "alexnet_single_error"):
    error = facts.quoted(name).value
    gain = percent(model.relative_reduction(rival, error), 3)
    print(f"{percent(error, 3)} for {percent(rival, 3)}: {100 * (rival - error):.1f} points, {gain} of the errors gone")

# %% [markdown]
# The rival is another entry of the same year. The first line is the chapter's, but it is seven networks averaged, two of
# them larger and shown more pictures first. One alone made the second (the paper's table 2).
#
# Layer by layer, this is what that one had to keep and to do:

# %%
print(f"{alexnet.parameters():,} parameters")
show(figures.plot_layers(alexnet.layers()))

# %% [markdown]
# Training keeps more than weights: a gradient and a momentum for each; and every activation until the backward pass
# comes by, and a gradient for that too. The batch is 128 images.

# %%
predict("paradigm_history.what_fills_memory")

# %%
kept = alexnet.training_memory(batch=128, streams=1)
reveal("paradigm_history.what_fills_memory", kept.activations_bytes / kept.state_bytes)

# %% [markdown]
# ## Explore: one card or two?
#
# The chapter's figure 2 shows AlexNet as two parallel streams, one for each GTX 580 with 3 GB (others of that name
# had 1.5). "Activations" includes their gradients.
#
# 1. Does training fit one 3 GB card at batch 128, by this count?
# 2. What does the second card buy, in images at once?
# 3. Find two settings that leave one 1.5 GB card enough room.

# %%
explorers.memory()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Yes, with half a gigabyte to spare. The chapter and the authors say that one card was too small. The count leaves out
#    work buffers and waiting images, and keeps gradients longer than it must. So: close to the limit, not clearly
#    beyond it.
# 2. More than double, 379 for 163: the weights are halved too.
# 3. A batch of 32, or fp16 (two bytes a value for four) with its risks.
#
# </details>

# %% [markdown]
# Either way the picture of the network records the hardware it ran on. That is **co-design**. What ran out now was
# compute: next, how much of it.
#
# ## GPT-3: what six times N times D says
#
# A dense layer does 2 FLOP for each weight and example forward, 4 backward. Counting a small network product by product:

# %%
widths = (64, 256, 256, 256, 256, 256, 10)
weights = sum(a * b for a, b in pairwise(widths))
percent(model.counted_training_flop(widths, 1) / model.training_flop(weights, 1))

# %% [markdown]
# Nearly 6ND; the rest is the first layer, whose input needs no gradient. Now GPT-3's 175 billion parameters (174.6 in
# the paper's table D.1) and 300 billion **tokens**, which are pieces of words:

# %%
gpt3 = facts.workload("gpt3")
rounded, finer = (model.training_flop(n, gpt3.training_tokens) / 1e21 for n in (175e9, 174.6e9))
beside = model.attention_flop(gpt3.layers, gpt3.hidden, 2048, gpt3.training_tokens) / 1e21
f"{rounded:.1f} zettaFLOP; with 174.6 billion {finer:.1f}; left out, attention: up to {beside:.1f}"

# %% [markdown]
# The chapter prints 314, as the paper does: 6ND for 174.6 billion. The difference to 315 says nothing, least of all
# beside the attention that 6ND leaves out (half of it, if the program skips what a token may not see).
#
# The chapter's 420 GB of text are 1.4 bytes for each of these tokens. So are the paper's 570 GB of web pages for 400
# billion. Plain English takes about four: these sizes are probably compressed.

# %% [markdown]
# ## Seventy years on one page
#
# The chapter's figure 1 counts mentions of AI in books; those counts are not available here. This is another measure of
# the same years: training compute of 70 notable models (Epoch AI).
#
# 1. Do the two winters show?
# 2. Which stretch is emptiest, and what could that mean?
# 3. Which era covers most powers of ten?

# %%
explorers.history()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Hardly. The emptiest stretch runs from 1960 to 1980, far beyond the first winter; four models fall in the second.
# 2. That nobody wrote compute down, or that no model of the time is famous now. These are chosen models.
# 3. Deep learning. The winters themselves were about money: promises unmet (Lighthill), and Lisp machines that cheap
#    workstations undercut. Ideas outlived both.
#
# </details>

# %%
early, late = timeline.growth(1950, 2010), timeline.growth(2010, 2026)
last, first = timeline.longest_gap()
print(f"no model between {last:.0f} and {first:.0f}")
print(f"doubled in {early.text} before 2010\nand in {late.text} after")

# %% [markdown]
# | Era | fed with | ran out of | seen here |
# |---|---|---|---|
# | Symbolic | logic | foresight | 21 rules, 2 silent errors |
# | Expert | experts | experts | pairs grow as n² |
# | Statistical | data, features | people to make features | five made by hand do worst |
# | Deep | data, compute | machines | 315 zettaFLOP for one model |

# %% [markdown]
# <details><summary>Small print: dates that disagree</summary>
#
# The chapter dates MYCIN 1975, 1976 and to the 1980s. It has expert systems fall a decade after ELIZA (1966), but the
# second winter begins in 1987. The statistical era starts in the 1980s in one place, in the 1990s in others. And four
# paradigms make three shifts.
#
# </details>

# %% [markdown]
# > **Takeaway.** Each era met its limit where something human or physical would not scale: foresight, experts, feature
# > makers, machines. Ask of any system which of these it is spending.
#
# **Where it stops being true.** These are miniatures, and one person wrote both letters and rules. Ideas mattered too:
# convolution and backpropagation waited decades for their machines, but had to be there.

# %% [markdown]
# ## Check yourself

# %%
quiz("paradigm_history")

# %% [markdown]
# ## What you can do now
#
# - [x] match each era of AI with what it ran out of, and show that limit in a small program
# - [x] say with measured numbers what learning from data wins over written rules, and what it does not
# - [x] count the memory and the operations that training needs, and judge a printed figure by the count
#
# **Next:** eight [exercises](../exercises/02_paradigm_history.ipynb) that mark themselves. Section 1.3 asks when search
# beats what you know.
