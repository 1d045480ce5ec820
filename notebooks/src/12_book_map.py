# %% [markdown]
# # 12 · The map of the book: where does each idea return?
#
# Section 1.12 of the chapter · about 30 minutes · after it you can
#
# 1. put chapters into an order from what they build on, and say what is lost when a part is skipped
# 2. show in numbers that a technique of Part III means nothing without the constraints of Part I
# 3. work out the number of workers from which on the network binds a training step

# %%
from math import factorial

from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.table import table
from mlsys_helpers.kit.units import duration, number, percent, si
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.book_map import allreduce, book, explorers, figures, fleet, model, tables

# %% [markdown]
# ## Sixteen chapters
#
# In how many orders could somebody read this book?

# %%
f"{factorial(len(book.chapters())):,}"

# %% [markdown]
# Most of them make no sense: a chapter builds on others. Some of that the text says outright; the rest is our reading,
# and the [data](../mlsys_helpers/sections/book_map/needs.csv) say which, with a reason in each row.

# %%
predict("book_map.orders_left")

# %%
needs = book.needs()
reveal("book_map.orders_left", model.orders(needs))

# %%
show(figures.plot_book())

# %% [markdown]
# Down the page, each chapter stands below all that it builds on. Is the book's own order one of those left? And how many
# are left if only the text may speak?

# %%
early = model.too_early(needs, list(book.chapters()))
f"read too early: {len(early)}; orders by the text alone: {model.orders(book.needs('text')):,}"

# %% [markdown]
# The book's order keeps to the map. The text alone fixes far less than our map does: **a map says as much as its
# arrows**, so ask who drew them. In how many orders can the four *parts* be read, by the text alone?

# %%
parts = book.part_needs("text")
f"{model.orders(parts)}: " + " → ".join(sorted(parts, key=model.layers(parts).get))

# %% [markdown]
# ## Explore: I am interested in ...
#
# 1. You want Model Compression. How many chapters come first, and is any of Part I not among them?
# 2. Without which chapter, the Introduction aside, are most others lost?
# 3. Which chapter of Part III is needed least?

# %%
explorers.reading()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Nine, and all four of Part I are among them.
# 2. ML Workflow: thirteen others build on it.
# 3. Benchmarking: only the Conclusion is lost. That is our drawing. A team that serves without measuring would disagree.
#
# </details>

# %% [markdown]
# And if a whole part is left out?

# %%
tables.lost_by_part()

# %% [markdown]
# ## Why context comes before theory
#
# Take one technique of Part III. **Quantisation** stores each weight in one byte instead of two. Here it is unpacked for
# the arithmetic, which stays in FP16, so only bytes are saved.

# %%
predict("book_map.quantised_prompt")

# %%
reveal("book_map.quantised_prompt", tables.quantised_speedup("reading a prompt"))

# %%
tables.quantised()

# %% [markdown]
# One model, one chip, one technique, three answers (data and arithmetic overlapped). Which one you get is decided by the
# **binding term**, and by how much of that term the technique changes. Both are Part I. With 64 users the weights are
# shared, and KV caches, which did not shrink, are most of the bytes.

# %% [markdown]
# ## Explore: where does an idea return?
#
# A solid blue frame: the text names the chapter. A dashed orange one: our reading.
#
# 1. Section 1.6 hands the data term to Part I. Where does the text take it up again?
# 2. Which pillars have no chapter that the text names?

# %%
explorers.ideas()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. In Part III: compression moves fewer bytes, hardware moves them faster. A term returns wherever it can be changed.
# 2. Deployment Infrastructure, and Operations and Monitoring. Section 1.11 describes their work without naming a chapter.
#
# </details>

# %% [markdown]
# Each part is said to correspond to pillars of section 1.11. Does it? Chapters in brackets are ours.

# %%
tables.ideas_by_part("pillar")

# %% [markdown]
# Not one to one. By our reading three pillars meet in Part IV, and none belongs to Part III alone. There section 1.11
# agrees: what Part III teaches supports all five pillars.

# %% [markdown]
# ## Beyond one node
#
# The book stays with 1 to 8 accelerators that share memory. There, it says, the **memory wall** binds: how fast a chip
# reads its own memory. (Not always: arithmetic bound the prompt above.) Yet section 1.6 trains GPT-3 on 1,024 and counts
# arithmetic only. How many times eight is that?

# %%
fleet.EXAMPLE_WORKERS / 8

# %% [markdown]
# Suppose each of the 1,024 A100s is a **worker**. It holds a copy of the model and takes a share of a batch. The batch
# has 3.2 million tokens, as GPT-3's had. After each step all gradients, two bytes each, must be summed over all workers:
# an **all-reduce**. A node holds eight workers and has one network card of 200 Gbit/s.

# %%
predict("book_map.network_share")

# %% [markdown]
# The usual way is a **ring**. Cut the gradients into $n$ pieces. In $n - 1$ rounds each worker hands a piece to its
# neighbour, who adds it; in $n - 1$ more the sums go round. So a worker sends
#
# $$2\,\frac{n - 1}{n} \times \text{payload},$$
#
# never more than two payloads, however many workers there are.

# %%
payload = model.GRADIENT_BYTES * facts.workload("gpt3").params
f"{si(model.sent_bytes(1024, payload), 'B')} for a payload of {si(payload, 'B')}"

# %%
step = fleet.step(workers=1024, cards=1)
reveal("book_map.network_share", step.data_s / step.compute_s)

# %% [markdown]
# It is the iron law again: a data term, whose bytes now cross a network. A ring is as fast as its **slowest link**, here
# what a node can send. What becomes of the chapter's 25 days?

# %%
tables.gpt3()

# %% [markdown]
# The chapter's number assumes good cards *and* that the sum hides behind the arithmetic. Does "slowest link" hold
# outside a book? One published run: three nodes of eight A100s, four cards each.

# %%
reached, allowed = facts.quoted("allreduce_three_nodes").value, fleet.node_bytes_per_s(cards=4)
f"{si(reached, 'B/s')} reached at best, of {si(allowed, 'B/s')} that the cards allow"

# %% [markdown]
# ## Experiment: a ring that really adds
#
# Eight simulated workers in this kernel, each with a gradient of 12,000 numbers, seed 1. Bytes are counted as they are
# handed over.

# %%
ring = allreduce.ring(allreduce.gradients(workers=8, seed=1))
f"sent {ring.sent_bytes[0] / ring.sums[0].nbytes} payloads in {ring.rounds} rounds; all agree: {ring.agreed}"

# %% [markdown]
# The formula's 2 × 7/8. In the same order a second run gives the same bits. Now let the *same* gradients stand in the ring
# in another order. The share of sums that change:

# %%
spreads = {workers: allreduce.changed(workers) for workers in (2, 4, 8, 16)}
table(("workers", "sums that change"), [(n, found.text(percent)) for n, found in spreads.items()])

# %% [markdown]
# Only two workers are safe, since $a + b = b + a$. With three, rounding depends on who is added first. The change is in
# the last bits, but a run repeated on machines numbered anew is **not the same run**, and no error says so.

# %%
f"largest error {number(allreduce.largest_error(8, seed=1), 2)} of the sum of absolute values"

# %% tags=["measured"]
# measured: seconds of that experiment with 16 workers, five seeds
duration(once_s(lambda: allreduce.changed(16)))

# %% [markdown]
# ## Explore: when does the network bind?
#
# **Strong scaling** shares one batch of 3.2 million tokens among all. **Weak scaling** gives each worker a 1,024th of it,
# however many there are. A message to the next worker, a **hop**, also costs microseconds (as NVIDIA's library assumes).

# %% [markdown]
# 1. Take another model. Where do the lines cross now?
# 2. GPT-3, eight cards in a node: where is the crossing? And for GPT-2 XL?
# 3. Weak scaling, four cards: where? For which model do hops weigh most?

# %%
explorers.fleet()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. Nearly where they did. Arithmetic and gradients both grow with the parameters, which cancel. Hops shift it a little.
# 2. Almost eight times farther out. For GPT-2 XL only five times: out there more than a third of its sum is hops.
# 3. Nowhere: arithmetic stays level, and so do bytes. For the smallest, whose line creeps up with the hops.
#
# </details>

# %% [markdown]
# Without hops, and with two bytes a gradient, the crossing has a formula: $n = 1 + \frac{6\,T B}{4 A}$. A batch has $T$
# tokens. A node sends $B$ bytes a second, and a worker reaches $A$ FLOP a second.

# %%
tokens, network = facts.quoted("gpt3_batch").value, fleet.node_bytes_per_s(cards=1)
number(model.crossover_workers(tokens, fleet.achieved_flop_per_s(), network))

# %% [markdown]
# Hops follow on each other, $2 (n - 1)$ of them in a ring. A tree needs far fewer, so small messages take trees.

# %%
f"1,024 workers: {model.ring_hops(1024):,.0f} hops in a ring, {model.tree_hops(1024):.0f} in a tree"

# %% [markdown]
# A ring loads only two links across the middle of a network. When all must talk to all, half of the traffic crosses it. What
# the worst cut can carry is the **bisection bandwidth**, and the chapter expects fleets to be bound by it.

# %%
tables.bisection()

# %% [markdown]
# > **Takeaway.** An idea returns where somebody can change the term that it names. Learn what binds first; techniques,
# > chapters and fleets then find their place.
#
# **Where it stops being true.** Real runs split the model too, for 350 GB fit no A100, and overlap sums with arithmetic.
# Tuned libraries mix rings and trees. More than a third of the map's arrows are our reading: draw your own.

# %% [markdown]
# ## Check yourself

# %%
quiz("book_map")

# %% [markdown]
# ## What you can do now
#
# - [x] put chapters into an order from what they build on, and say what is lost when a part is skipped
# - [x] show in numbers that a technique of Part III means nothing without the constraints of Part I
# - [x] work out the number of workers from which on the network binds a training step
#
# **Next:** seven [exercises](../exercises/12_book_map.ipynb) that mark themselves. Section 1.13 asks which of your
# instincts is wrong.
