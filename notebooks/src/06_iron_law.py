# %% [markdown]
# # 06 · The iron law: what is the time spent on?
#
# Section 1.6 of the chapter · about 40 minutes · after it you can
#
# 1. split the time of a job into data, compute and latency terms, and name the one that binds
# 2. say which upgrade helps a given job, and by how much, before buying it
# 3. judge a prediction of the law against a measurement, and say where the law stops being true

# %%
from textwrap import fill

from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.units import DAY_S, duration, number, percent, si
from mlsys_helpers.machine.calibrate import calibrate
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.iron_law import experiments, explorers, figures, model, published

# %% [markdown]
# ## A chip that mostly waits
#
# A chat model of 6.7 billion parameters writes one word on an A100, a data-centre chip. What share of the chip's
# arithmetic does the word keep busy, at best?

# %%
chip, llama = facts.chip("A100_SXM_80"), facts.workload("llama2_7b")
word = model.workload_work(llama, batch=1, tokens=1024)
ideal = model.time_terms(word.bytes_moved, chip.bandwidth_bytes_per_s, word.flop, chip.peak("fp16"))
percent(model.utilisation(word.flop, ideal.overlapped_s, chip.peak("fp16")))

# %% [markdown]
# Nothing is broken. The other 99 % of the arithmetic waits for memory, because each weight is fetched for one
# multiplication and one addition. Before you see the law at work, commit to a guess.

# %%
predict("iron_law.twice_the_peak")

# %% [markdown]
# ## Three terms, one line each
#
# **Data.** Bytes to move, over bytes a second. The weights, at two bytes each, cross the memory bus once for every word.

# %%
data_s = word.bytes_moved / chip.bandwidth_bytes_per_s
f"{si(word.bytes_moved, 'B')} over {si(chip.bandwidth_bytes_per_s, 'B/s')} is {duration(data_s)}"

# %% [markdown]
# **Compute.** Operations, over the operations a second that the chip achieves: its peak times the utilisation, a share
# between 0 and 1. Here we grant it the whole peak.

# %%
compute_s = word.flop / (chip.peak("fp16") * 1.0)
f"{si(word.flop, 'FLOP')} over {si(chip.peak('fp16'), 'FLOP/s')} is {duration(compute_s)}"

# %% [markdown]
# **Latency.** What a step costs however little it does: launching, scheduling, copying an input. (Elsewhere, "latency"
# is the whole time of an answer; in the law it is this part alone.) Data sheets do not print it. We take what the other
# two terms leave unexplained in one published run, a single image on an A100.

# %%
latency_s = explorers.typical_latency_s()
duration(latency_s)

# %% [markdown]
# Each term is in seconds, so they may be added: that sum is the **iron law**. Its largest term **binds**. With the
# chapter's letters ($D$ bytes, $\text{BW}$ bandwidth, $O$ operations, $R$ peak, $\eta$ utilisation, $L$ latency):
#
# $$T = \frac{D}{\text{BW}} + \frac{O}{R\,\eta} + L$$

# %%
peak = chip.peak("fp16")
terms = model.time_terms(word.bytes_moved, chip.bandwidth_bytes_per_s, word.flop, peak, latency_s=latency_s)
show(figures.plot_terms(terms))

# %% [markdown]
# The lower timeline is the law's second form. A system that fetches while it computes pays only the longer of those
# two terms; the latency is paid in any case. Now back to your guess.

# %%
reveal("iron_law.twice_the_peak", model.speedup(terms, compute=2))

# %% [markdown]
# And twice the bandwidth, with the old arithmetic?

# %%
f"{number(model.speedup(terms, data=2))} times faster"

# %% [markdown]
# Speeding up one part helps only by that part's share: Amdahl's argument, asked of the three terms.
#
# ## Explore: which term binds?
#
# 1. Stay with writing and raise the batch. Does the compute term ever bind?
# 2. Switch to reading (prefill) at batch 1. Which term binds now, in the very same model?
# 3. Find a job that latency binds at batch 1. At which batch does it let go?

# %%
explorers.terms("job", "batch")

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. No. The batch shares the weights, but each conversation brings a KV cache of its own (what it keeps of earlier
#    tokens, pieces of words), and that grows too.
# 2. Compute. A prompt of 1,024 tokens shares one pass over the weights.
# 3. Every small model. ResNet-50 lets go at 32, MobileNetV2 at 64; DLRM and DS-CNN move so little that even 1,024 items
#    do not outweigh the start of the step.
#
# </details>

# %% [markdown]
# ## One number decides: FLOP for each byte
#
# Divide a job's operations by its bytes and you have its **arithmetic intensity**. Divide a chip's peak by its
# bandwidth and you have its **ridge**. Left of the ridge data binds, right of it arithmetic.

# %%
ridge = model.ridge(peak, chip.bandwidth_bytes_per_s)
f"writing {number(word.intensity)}, ridge {number(ridge)} FLOP/byte"

# %% [markdown]
# The chapter follows five **lighthouse models**, each a probe for another limit. The roof shows the most FLOP/s that
# each can reach.
#
# 1. At batch 1 on the A100, which of the five stand right of the ridge?
# 2. Raise the batch. Which one crosses, and which ones stay where they are?
# 3. Repeat with the H100, a far faster chip. What became of the one that crossed?

# %%
explorers.roofline()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. None. A single item gives too little reuse.
# 2. ResNet-50 crosses at 8, DLRM at 512. The others stay: activations or KV caches, which no batch shares, are what they
#    move.
# 3. On the H100 neither crosses: peaks grew faster than bandwidth, so the ridge moved right. "Compute-bound" is a fact
#    about a job *on a chip*. (Counted here: every activation goes to memory and back; fused kernels move fewer.)
#
# </details>

# %% [markdown]
# Two lighthouses are held back by limits that are not in the law at all. DLRM's embedding tables must *fit*, and
# keyword spotting must live on milliwatts.

# %%
tables = facts.workload("dlrm").embedding_bytes
f"DLRM tables {si(tables, 'B')}, A100 memory {si(chip.memory_bytes, 'B')}"

# %% [markdown]
# ## Experiment: your own computer
#
# The law should hold on your desk as well. First the machine is measured: how fast it moves bytes, multiplies, and
# makes a call that does almost nothing.

# %% tags=["measured"]
# measured: seconds on the computer that built this page
machine = calibrate()
adding = machine.bandwidth["add"]
show(figures.plot_bandwidth(adding.size, adding.rate))

# %% [markdown]
# Bandwidth is not one number: a working set that fits a cache moves faster than one that does not, and on tiny ones
# the cost of the call hides it.

# %%
predict("iron_law.batch_of_32")

# %% tags=["measured"]
# measured: one vector, then 32 at once
one, many = experiments.time_kernels(machine, [experiments.matrix_matrix(2048, batch) for batch in (1, 32)])
reveal("iron_law.batch_of_32", many.median_s / one.median_s)

# %% [markdown]
# The weights cross the bus once, whether one vector waits for them or many. That is why services batch.
#
# Now twelve kernels, each predicted from the calibration *before* it runs, then timed.

# %% tags=["measured"]
# measured: five repetitions of each kernel
rows = list(experiments.time_kernels(machine))
show(figures.plot_kernels(rows))

# %% tags=["measured"]
# measured: errors of those predictions
confirmed = sum(row.binding_right for row in rows)
f"median error {percent(experiments.median_error(rows))}; binding term confirmed for {confirmed} of {len(rows)}"

# %% [markdown]
# "Confirmed" means tried: each kernel also runs with one term's work changed and the others kept. Where the law misses
# widely, look for what it leaves out: rows of several cache lines arrive faster than single ones, because the processor
# fetches neighbours unasked.

# %% [markdown]
# ## When the sum becomes a maximum
#
# Loading can hide behind computing if another thread fetches ahead. Real files are read and unpacked here while real
# numbers are crunched. Where should prefetching help most: loading longer, both equal, or computing longer?

# %% tags=["measured"]
# measured: three balances of loading and computing
show(figures.plot_prefetch(list(experiments.prefetch())))

# %% [markdown]
# Most where the two are equal, and never more than twofold: only the shorter term can be hidden. Two busy threads also
# share one memory bus, so the measured bar may stand a little above the law's line.
#
# ## Buying time with memory: the KV cache
#
# A toy decoder writes the same text twice: recomputing the past for every token, and remembering it.

# %% tags=["measured"]
# measured: a four-layer decoder with random weights
story = experiments.decode()
show(figures.plot_decode(story))

# %% [markdown]
# Remembering turns a bill that grows with the square of the length into one that grows with the length. The price is
# bytes: a large model keeps this many for each token of each conversation.

# %%
si(model.transformer(llama).kv_bytes_per_token(bytes_per_value=2), "B")

# %% [markdown]
# ## Explore: the whole space
#
# 1. On which chip does writing with Llama come closest to its arithmetic peak, and why is it not the fastest chip?
# 2. What does int8 do to each of the three terms?
# 3. Lengthen the sequence at batch 64. Which bytes are growing?

# %%
explorers.terms()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. The one with the lowest ridge: plenty of bandwidth for the little arithmetic it has.
# 2. Data halves against fp16; compute halves too where the peak doubles; latency stays, so it weighs more.
# 3. The KV caches. At long sequences they outweigh the weights, and batching stops helping.
#
# </details>

# %% [markdown]
# ## From milliseconds to months: training GPT-3
#
# The same compute term, shared by 1,024 chips at 45 % of their peak. The operation count is the published one.

# %%
gpt3, a100 = facts.workload("gpt3"), facts.chip("A100_SXM_40").peak("fp16")
days_at_45 = model.training_time_s(gpt3.training_flop, 1024, a100, utilisation=0.45) / DAY_S
f"{number(days_at_45)} days"

# %%
predict("iron_law.days_saved")

# %%
days_at_60 = model.training_time_s(gpt3.training_flop, 1024, a100, utilisation=0.60) / DAY_S
reveal("iron_law.days_saved", days_at_45 - days_at_60)

# %% [markdown]
# The chapter prints "nearly 6", and its rounded figures give 25 - 19 = 6. Unrounded it is more than six. Round at the
# end, never on the way.

# %% [markdown]
# ## A second budget: energy
#
# Joules obey a law of the same shape, but they are not a fourth term: joules cannot be added to seconds. A byte from
# memory costs far more than an operation (45 nm figures, Horowitz 2014).

# %%
prices = {"FP16": facts.energy("fp16_multiply").energy_j, "INT8": facts.energy("int8_multiply").energy_j}
show(figures.plot_energy_crossover(explorers.move_j_per_byte(), prices))

# %% [markdown]
# So moving data takes most of the energy *while a byte is used fewer times than that*. The chapter calls movement the
# dominant term in general. A large matrix product is a counterexample.

# %%
product = model.matmul_work(4096, 4096, 4096, bytes_per_element=2)
spent = model.energy(product.bytes_moved, product.flop, explorers.move_j_per_byte(), prices["FP16"])
f"{number(product.intensity)} FLOP/byte: {percent(spent.compute_j / spent.total_j)} of the energy is arithmetic"

# %% [markdown]
# ## Is the next point worth it?
#
# **Return on compute** is accuracy gained over cost *added*. Climb the ResNet ladder (published accuracies) and pay in
# joules.
#
# 1. Which step gives most for its energy, and which gives least?
# 2. At batch 1, where does int8 stand against its crossover? What does a larger batch change?

# %%
explorers.return_on_compute()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. ResNet-34 to 50 is nearly free in operations; 101 to 152 costs most for each point. Returns diminish.
# 2. Far below it, so movement dominates. A batch shares the weights, until arithmetic is the larger part. Activations
#    are taken to stay on the chip, which flatters movement.
#
# </details>

# %% [markdown]
# ## The law against the world
#
# Does so simple a law predict what other people measured? The table holds published results from microcontrollers to
# GPU clusters. For each kind of job two numbers are fitted: the share of the peak that its software reaches, and the
# latency of a step. Three more say what share of the bandwidth is reached. The rest is data sheet.

# %%
law = published.study()
show(figures.plot_published(law.added_s, law.measured_s, law.kinds, title="Added form"))

# %%
print(law.summary())

# %% [markdown]
# The second pair of errors is the honest one: it judges rows from sources that the fit had not seen. Where the law
# misses, it pays to ask why. Which of these three causes lies in the machine, which in the count, which in the software?

# %%
for row, ratio, why in law.explained():
    print(f"{row.id} {row.workload}: predicted {number(ratio, 2)} times the measured time\n{fill(why, 100)}\n")

# %% [markdown]
# > **Takeaway.** Time is bytes over bandwidth, plus operations over achieved throughput, plus a fixed latency. Find the
# > term that binds before you pay for anything: improving another one buys almost nothing.
#
# **Where it stops being true.** Caches make bandwidth depend on size. Real systems overlap in part. Networks, memory
# capacity and power are in no term. Utilisation is measured afterwards, so a prediction is only as good as that guess.

# %% [markdown]
# ## Check yourself

# %%
quiz("iron_law")

# %% [markdown]
# ## What you can do now
#
# - [x] split the time of a job into data, compute and latency terms, and name the one that binds
# - [x] say which upgrade helps a given job, and by how much, before buying it
# - [x] judge a prediction of the law against a measurement, and say where the law stops being true
#
# **Next:** nine [exercises](../exercises/06_iron_law.ipynb) that mark themselves. Section 1.7 asks why the bill grows
# when everything gets more efficient.
