# %% [markdown]
# # 03 · The bitter lesson: when does search beat what you know?
#
# Section 1.3 of the chapter · about 45 minutes · after it you can
#
# 1. turn the result of a match into an Elo gap with its interval, and say what a clean sheet proves
# 2. find how much compute or data overtakes written-down knowledge, and how sure that crossing is
# 3. turn device-hours into energy, household-years and carbon, and name every assumption

# %%
from mlsys_helpers import facts
from mlsys_helpers.kit.figure import show
from mlsys_helpers.kit.predict import predict, reveal
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import spread
from mlsys_helpers.kit.table import table
from mlsys_helpers.kit.units import DAY_S, number, percent
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.bitter_lesson import duel, experiments, explorers, figures, model, players, reversal
from mlsys_helpers.sections.bitter_lesson.connect_four import at_random, position

# %% [markdown]
# ## A judge who cannot play
#
# Connect Four: two sides drop stones into seven columns, and four in a row win. Six rules of thumb, written by people,
# meet a player who moves at random: a thousand games from random openings of four stones, each played from both sides.

# %%
percent(duel.play(players.rules, at_random, pairs=500, rng=generator("hook")).mean(), 3)

# %% [markdown]
# That share of the points went to the rules. The random player is hopeless. Yet the next opponent of the rules
# understands nothing beyond it. Before each move it lets that bungler play both sides to the end, again and again. Then
# it follows the moves that won.

# %%
predict("bitter_lesson.playouts_to_level")

# %% [markdown]
# ## The two sides
#
# Here **x** threatens to complete a column, and **o** is to move.

# %%
show(figures.plot_board(position("12121")))

# %% [markdown]
# The rules are asked in this order; each narrows down the moves that the one before left.

# %%
table(("rule", "prefers"), [(rule.__name__.replace("_", " "), rule.__doc__.splitlines()[0]) for rule in players.RULES])

# %% [markdown]
# The search has none of that. It knows which moves are legal and who has won. Each random game to the end is a
# **playout**. Moves that did well, or were hardly tried, get the next playouts. There the search looks one move further
# ahead: it grows a tree. The method is called UCT; its constants are the textbook's, and nothing is tuned.

# %% [markdown]
# ## From points to Elo
#
# A win is one point, a draw a half. **Elo** writes a score as a distance: 400 for every factor of ten between points
# won and points lost.

# %%
table(("score", "Elo gap"), [(score, f"{model.elo_gap(score):+.0f}") for score in (0.5, 0.6, 0.75, 0.9, 0.99)])

# %% [markdown]
# Sixty points of a hundred: is that player better? Wilson's interval (section 1.1) says which long-run scores fit the
# result.

# %%
low, high = model.score_interval(points=60, games=100)
f"score {low:.2f} to {high:.2f}, Elo {model.elo_gap(low):+.0f} to {model.elo_gap(high):+.0f} (95 %)"

# %% [markdown]
# Just about. A hundred games are few; keep the intervals in view from here on.
#
# ## Experiment: the duel
#
# Three budgets of playouts for each move, a hundred games each, seed 1. It takes seconds because hundreds of boards are
# played at once, each as two 64-bit numbers.

# %%
live = duel.duels((28, 112, 448), pairs=50)
show(figures.plot_duels(live, title="Blind search against the rules, 100 games each"))

# %% tags=["measured"]
# measured: seconds of one processor core for these 300 games
number(live.total("cpu_s").sum(), 2)

# %% [markdown]
# More playouts, fewer lost games, and not yet ahead. Is there a budget that draws level, and what do further doublings
# buy?

# %%
predict("bitter_lesson.last_doubling")

# %% [markdown]
# The same duel was played at ten budgets, 200 games each, for five seeds. A seed takes less than a minute of one core.
# The command `python -m mlsys_helpers.sections.bitter_lesson.study` makes the file. A test replays a part of it.

# %%
study = duel.stored()
show(figures.plot_duels(study, title="Blind search against the rules, 1,000 games each"))

# %%
reveal("bitter_lesson.playouts_to_level", study.crossing)

# %%
low, high = study.crossing_interval
f"95 % of redrawn studies: {number(low, 2)} to {number(high, 2)}; one seed at a time: {study.crossing_by_seed}"

# %% [markdown]
# Search that knows nothing has overtaken what people wrote down. That is Sutton's lesson on a toy's scale. The
# interval belongs to the claim: one seed alone would have misplaced the crossing. (It is a **bootstrap**: a thousand
# studies of as many games, drawn anew from those played.)

# %%
reveal("bitter_lesson.last_doubling", study.gain(1792, 3584))

# %%
spans = ((112, 224), (1792, 3584), (56, 224), (896, 3584))
found = [(f"{a:,} to {b:,}", study.gain(a, b), *study.gain_interval(a, b)) for a, b in spans]
table(
    ("playouts", "Elo bought", "95 %"), [(span, f"{g:.0f}", f"{low:.0f} to {high:.0f}") for span, g, low, high in found]
)

# %% [markdown]
# One doubling against another leaves some doubt, for the intervals overlap; two against two leave none. The lesson is
# often drawn as a straight line, so much strength for each doubling. This curve bends: compute wins here, at a falling
# rate of return.

# %% [markdown]
# ## Explore: how many games until you know?
#
# 1. At 896 playouts, who is better? Ask with 200 games, then with 1,000.
# 2. Watch the ring, the crossing, while games are added. How far does it move?
# 3. What does the step from 28 to 56 buy? Again, with 200 games and with 1,000.

# %%
explorers.duels()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. After 200 games nobody knows, after 1,000 the search is ahead.
# 2. From above 900 to near 700: the curve is flat where it crosses, so small errors in Elo are large ones in playouts.
# 3. Over a hundred Elo, it seems; with 1,000 games hardly anything. With 56, every move has had just eight playouts:
#    nothing is concentrated yet. Not every curve is smooth.
#
# </details>

# %% [markdown]
# ## Where blind search fails
#
# 1. On the first board, column 1 must be played at once. From how many playouts on do all searches see it?
# 2. On the empty board the centre is known to be best. Which budget finds it more often than not?
# 3. Two in a row, open on both sides: which two columns does the largest budget choose, and why?

# %%
explorers.one_board()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. From 448. With 28, two of three searches lose on the next move; the rule called "blocks" has never missed.
# 2. Only 448: a calm board gives random games little to tell apart.
# 3. Columns 3 and 6: either makes three with both ends open, which cannot be stopped.
#
# </details>

# %% [markdown]
# ## What a rule is worth
#
# Knowledge can be weighed too. Add the rules one by one; then take each out of the full set. It takes seconds: 600 games
# for each bar, over five seeds.

# %%
show(figures.plot_worth(experiments.worth_of_rules(pairs=60)))

# %% [markdown]
# Knowledge does not add up. "Forks" helps a player who has only the rules above it. It is worth next to nothing once the
# rules below are there too, since to them a board with two threats also looks best. Written-down knowledge overlaps,
# and somebody has to find that out.

# %% [markdown]
# ## Both: what Deep Blue did
#
# The chapter's self-check takes Deep Blue's win for search *instead of* chess knowledge; its text says search *and*
# knowledge. Here the playouts get two one-line rules: win if you can, block if you must.

# %%
tactical = duel.stored(duel.TACTICAL)
show(figures.plot_little_knowledge(study, tactical))

# %%
cost = [search.cpu_s_per_game(search.crossing) for search in (study, tactical)]
by_seed = spread(study.of(seed).crossing / tactical.of(seed).crossing for seed in study.seeds)
f"times fewer playouts: {by_seed.text(lambda ratio: f'{ratio:.1f}')}; processor seconds: {cost[0] / cost[1]:.1f}"

# %% [markdown]
# A little knowledge inside a search is worth a factor of about three in playouts. In seconds the gain is smaller, since
# each such playout costs more; at the left end of the curve it is a loss. Compare methods by what they cost you.

# %% [markdown]
# So far everybody met the rules only. In a tournament all meet all, and one Elo for each player must explain every
# pairing (Bradley and Terry's fit, five seeds, 300 games a pairing).

# %%
fit = duel.ratings(duel.stored_tournament())
direct = dict(zip(map(str, study.budgets), study.gaps, strict=True))
rows = zip(fit.names[1:], fit.elo[1:], fit.error[1:], strict=True)
table(
    ("playouts", "tournament", "against the rules"), [(n, f"{e:.0f} ± {s:.0f}", f"{direct[n]:.0f}") for n, e, s in rows]
)

# %% [markdown]
# The ± is one standard error. Within two the columns agree, except for the weakest player: Elo is a model, and it need
# not hold far from level.

# %% [markdown]
# ## Where rules win: little data
#
# Now let labelled mail take the place of playouts. Rules for junk mail were written from column names and common sense
# *before* any row was read. One set knows what every stranger knows. The other also knows what the inbox's owner would:
# name, employer, work. Rules need no example. Learners do: naive Bayes counts the words of either kind of mail, logistic
# regression weighs all features, and a third weighs the rules' own signs.

# %%
predict("bitter_lesson.owner_against_bayes")

# %%
story = reversal.reversal()
show(figures.plot_reversal(story))

# %% [markdown]
# Real mail (Spambase), messages unseen by learners and rules; lines are averages, bands the range over five seeds.

# %%
pairs = [(learner, rule) for learner in story.learned for rule in story.ruled]
table(("learner", "overtakes", "messages it took, over seeds"), [(*pair, story.overtaken(*pair)) for pair in pairs])

# %%
reveal("bitter_lesson.owner_against_bayes", story.order_of("naive Bayes", "the owner's rules"))

# %% [markdown]
# So the lesson has two conditions. *Enough* data: with a handful of messages the stranger wins. And *a method that can
# use more*: naive Bayes levels off below a few lines of rules. Hand-picked signs with learned weights lead at 16
# messages and are passed late.

# %% [markdown]
# ## One table, many rulers
#
# The chapter sets chess programs, digits, ImageNet and MMLU in one table. Only its two ImageNet rows share a ruler.
# Before other shares are compared, guessing must be taken off; and Elo is no share at all.

# %%
alexnet, gpt4 = facts.quoted("alexnet_top5").value, facts.quoted("gpt4_mmlu").value
rows = [("ImageNet, five guesses of 1,000", alexnet, 1000 / 5), ("MMLU, one guess of four", gpt4, 4)]
scores = [(name, percent(score, 3), percent(model.above_chance(score, options), 3)) for name, score, options in rows]
expected = percent(model.expected_score(facts.quoted("rule_chess_elo").value - 1500))
table(("test", "score", "above chance"), [*scores, ("chess, 2,000 Elo", f"{expected} against 1,500", "no such thing")])

# %% [markdown]
# Two more of the section's figures need care. GPT-4's cost was never disclosed: the anchor of 2.5 million GPU-days and
# its "25,000 for 90 days" are not quite one number. And a billion-fold since the 1970s is more than doubling every two
# years gives; the rest must be more chips at once.

# %%
gpu_days = facts.quoted("gpt4_reference_gpus").value * facts.quoted("gpt4_reference_time").value / DAY_S
f"{gpu_days / 1e6:.2f} million GPU-days, printed 2.5; {2 ** (49 / 2) / 1e6:.0f} million-fold from 1970 to 2019"

# %% [markdown]
# ## What 100 to 0 proves
#
# The first AlphaGo had studied experts' games. AlphaGo Zero began with random play, saw no human game, and beat it.
# That is what is bitter: what people had written down in centuries was not needed.

# %%
predict("bitter_lesson.hundred_to_nil")

# %% [markdown]
# A score of 1 stands for no finite gap, so there is no upper end. For a lower end take the weakest winner: the score $p$
# with which a clean sheet would still happen once in twenty times, $p^{100} = 0.05$.

# %%
proved = model.least_score(games=facts.quoted("alphago_zero_wins").value)
f"score at least {proved:.4f}: up to {percent(1 - proved)} of all games may still be lost"

# %%
reveal("bitter_lesson.hundred_to_nil", model.elo_gap(proved))

# %% [markdown]
# ## The bill
#
# Training GPT-3 took an estimated 1,287 MWh and emitted 552 t of CO2 equivalent. In US households, and for each kWh:

# %%
used, home = (facts.quoted(name).value for name in ("gpt3_training_energy", "household_year"))
f"{used / home:.0f} household-years; {explorers.grid_kg_per_kwh():.2f} kg of CO2 equivalent a kWh"

# %% [markdown]
# AlphaGo Zero's 288 TPU-hours (four for three days) are no energy yet: somebody must say what a TPU draws and what the
# building adds.
#
# 1. How long would a household live on what four TPUs drew? Do power and overhead turn days into years?
# 2. Two thousand TPUs are said to have played its training games. Where does that bar stand?
# 3. With the number of TPUs fixed, which assumption matters most to the carbon?

# %%
explorers.energy()

# %% [markdown]
# <details><summary>What to make of it</summary>
#
# 1. No: from less than one day to about nine.
# 2. A household-year or more: the same training, five hundred times the devices.
# 3. The grid: from solar to coal it spans a factor of seventeen, more than chip and building together.
#
# </details>

# %% [markdown]
# Where do the joules go? If each of GPT-3's operations took what an FP16 multiplication took at 45 nm, arithmetic would
# account for this share of the 1,287 MWh:

# %%
percent(facts.workload("gpt3").training_flop * facts.energy("fp16_multiply").energy_j / used)

# %% [markdown]
# GPT-3's chips were finer, so even less. The rest is memory, network, control, cooling, idling. The chapter's self-check
# says that moving data dominates; its text says only that it shapes the bill. This share leaves room for the former and
# proves neither. In any case efficiency belongs in the budget.

# %% [markdown]
# And could four TPUs have trained AlphaGo Zero? The paper counts 4.9 million games of self-play in those three days, at
# 0.4 s a move. Assume 200 moves a game; how many games ran at once?

# %%
games, move_s = (facts.quoted(f"alphago_zero_{what}").value for what in ("self_play_games", "time_per_move"))
f"about {round(games * 200 * move_s / facts.quoted('alphago_zero_training_time').value, -2):,.0f}"

# %% [markdown]
# That fits two thousand TPUs, not four. The four were the machine that *played the match*; the chapter counts them as
# the training. A famous efficiency figure can be the price of the exam, without the years of school.

# %% [markdown]
# > **Takeaway.** General methods overtake written-down knowledge once there is enough compute or data *and* the method
# > can use it. Say where the curves cross, how sure you are, and what each side costs.

# %% [markdown]
# **Where it stops being true.** The crossings belong to these rules, this search and one inbox. With little data, a
# small budget or a method that saturates, knowledge wins. Spambase's columns were chosen by people who had read the
# mail. The intervals take games as independent, though two share each opening. Rated power is not power drawn.

# %% [markdown]
# ## Check yourself

# %%
quiz("bitter_lesson")

# %% [markdown]
# ## What you can do now
#
# - [x] turn the result of a match into an Elo gap with its interval, and say what a clean sheet proves
# - [x] find how much compute or data overtakes written-down knowledge, and how sure that crossing is
# - [x] turn device-hours into energy, household-years and carbon, and name every assumption
#
# **Next:** eight [exercises](../exercises/03_bitter_lesson.ipynb) that mark themselves. Section 1.4 asks which part of a
# system binds.
