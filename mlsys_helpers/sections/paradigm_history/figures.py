"""The figures of section 1.2, era by era. Each takes data that the experiments made, and describes itself in words.

Where an explorer redraws a figure, the figure is in two parts: a backdrop that stays and marks that move.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mlsys_helpers.facts import TrainingRun
from mlsys_helpers.kit.figure import COLOUR, INK, describe, fill, line, new_axes, new_figure, points, styled
from mlsys_helpers.kit.spread import Spread
from mlsys_helpers.kit.units import MEGA, number, percent, si
from mlsys_helpers.sections.paradigm_history import alexnet, timeline
from mlsys_helpers.sections.paradigm_history.mycin import Flips
from mlsys_helpers.sections.paradigm_history.spam import Duel, Labels
from mlsys_helpers.sections.paradigm_history.student import Growth, Reading

# Symbolic AI

VERDICTS = {"solved": ("compute", "●"), "stuck": ("neutral", "–"), "wrong": ("limit", "✕")}


@styled
def plot_coverage(by_seed: np.ndarray, wordings: int, *, ax: Axes | None = None) -> Axes:
    """Share of all wordings read right by number of rules added, one row for each random order of writing them."""
    ax = ax or new_axes(640, 320)
    rules, mean = np.arange(by_seed.shape[1]), by_seed.mean(axis=0)
    ax.plot(rules, rules / rules[-1], label="if every rule brought its part", **line("neutral"))
    ax.fill_between(rules, by_seed.min(axis=0), by_seed.max(axis=0), color=COLOUR["data"], alpha=0.3, lw=0)
    ax.plot(rules, mean, marker="o", label=f"measured, mean and range of {len(by_seed)} orders", **line("data"))
    ax.annotate(percent(mean[-2]), (rules[-2], mean[-2]), (-8, 4), textcoords="offset points", ha="right")
    ax.set(ylim=(0, 1.05), xlabel="rules added to the five of the demonstration")
    ax.set(title=f"Share of {wordings} wordings that are read right")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="upper left")
    half = rules[-1] // 2
    return describe(
        ax,
        f"With {half} of {rules[-1]} rules {percent(mean[half])} of the wordings are read right, with one missing "
        f"{percent(mean[-2])}: the last rule brings a third.",
    )


def letters_backdrop(ax: Axes, growth: Growth, names: Sequence[str]) -> None:
    """How every letter fares after each one was dealt with: a column for a state of the rules, a row for a letter."""
    rows = [*zip(*growth.letters, strict=True), *zip(*growth.later, strict=True)]
    for y, verdicts in enumerate(rows):
        for x, verdict in enumerate(verdicts):
            meaning, sign = VERDICTS[verdict]
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=COLOUR[meaning], alpha=0.35, edgecolor="white"))
            ax.text(x, y, sign, ha="center", va="center", fontsize=8)
    ax.axhline(len(growth.letters[0]) - 0.5, color=INK, lw=1.5)
    ax.set(xlim=(-0.5, len(growth.rules) - 0.5), ylim=(len(rows) - 0.5, -0.5), xlabel="rules in the program")
    ax.set_xticks(range(len(growth.rules)), [str(count) for count in growth.rules])
    ax.set_yticks(range(len(rows)), names, fontsize=8)
    ax.grid(visible=False)
    ax.set_title(",  ".join(f"{sign} {verdict}" for verdict, (_, sign) in VERDICTS.items()))


def letters_marks(ax: Axes, row: int, column: int) -> None:
    """A frame around one letter read by one state of the rules."""
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, lw=3))


def tell_reading(reading: Reading) -> str:
    """The verdict on one reading, in a few words."""
    if reading.value is None:
        stuck = reading.stuck if len(reading.stuck) < 60 else reading.stuck[:57] + "..."
        return f'stuck, and says where: no rule for "{stuck}"'
    return f"{reading.verdict}: {number(reading.value)}"


# Expert systems


@styled
def plot_conflicts(bases: Mapping[int, Sequence[Flips]]) -> Axes:
    """Two panels: pairs of rules in conflict, and what one bad rule changes, by size of made-up rule bases."""
    figure = new_figure(640, 320)
    ax, right = figure.add_subplot(121), figure.add_subplot(122)
    sizes = np.array(list(bases))
    pairs = sizes * (sizes - 1) / 2
    share = np.array([np.mean([found.conflict_share for found in runs]) for runs in bases.values()])
    ax.plot(sizes, share * pairs, marker="o", **line("limit"))
    ax.plot(sizes, share[0] * pairs[0] * sizes / sizes[0], label="in step with the rules", **line("neutral"))
    ax.set(title="Pairs in conflict (simulated)", xlabel="rules", ylim=(0, None))
    ax.legend(loc="upper left")
    changed = [np.array([found.changed_share for found in runs]) for runs in bases.values()]
    right.fill_between(sizes, [c.min() for c in changed], [c.max() for c in changed], color=COLOUR["data"], alpha=0.3)
    right.plot(sizes, [c.mean() for c in changed], marker="o", **line("data"))
    right.set(title="One bad rule (simulated)", xlabel="rules", ylim=(0, None), ylabel="cases changed")
    right.yaxis.set_major_formatter(lambda y, _: f"{100 * y:g} %")
    return describe(
        ax,
        f"From {sizes[0]} to {sizes[-1]} rules the pairs in conflict rise from {number(share[0] * pairs[0], 2)} to "
        f"{number(share[-1] * pairs[-1], 2)}, while the share of cases that one mistyped rule changes falls from "
        f"{percent(changed[0].mean())} to {percent(changed[-1].mean())}.",
    )


# Statistical learning


@styled
def plot_labels(runs: Sequence[Labels], *, ax: Axes | None = None) -> Axes:
    """Accuracy of naive Bayes by number of labelled messages against that of the rules, over seeds."""
    ax = ax or new_axes(640, 320)
    sizes, accuracy = runs[0].labelled, np.array([run.accuracy for run in runs])
    rules = float(np.mean([run.rules.accuracy for run in runs]))
    ax.axhline(rules, label=f"eight rules, {percent(rules, 3)}", **line("neutral"))
    ax.fill_between(sizes, accuracy.min(axis=0), accuracy.max(axis=0), color=COLOUR["data"], alpha=0.3, lw=0)
    label = f"naive Bayes, mean and range of {len(runs)} seeds"
    ax.plot(sizes, accuracy.mean(axis=0), marker="o", label=label, **line("data"))
    ax.set(xscale="log", ylim=(0.5, 1), xlabel="labelled messages", title="Accuracy on held-out mail")
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="lower right")
    enough = sizes[accuracy.mean(axis=0) >= rules][0]
    return describe(
        ax,
        f"On average naive Bayes passes the rules' accuracy of {percent(rules, 3)} at {enough} labelled messages and "
        f"reaches {percent(accuracy.mean(axis=0)[-1], 3)} at {sizes[-1]:,}.",
    )


FILTERS = {"rules": ("neutral", "eight rules"), "bayes": ("data", "naive Bayes"), "retrained": ("accent", "retrained")}


def duel_backdrop(ax: Axes) -> None:
    """Recall by number of words attacked."""
    ax.set(xlim=(-0.3, 10.3), ylim=(-0.03, 1.18), xlabel="words attacked", ylabel="share of spam caught")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y) if y < 1.01 else "")
    for name, (meaning, label) in FILTERS.items():
        ax.plot([], [], label=label if name != "retrained" else "naive Bayes, retrained", **line(meaning))
    ax.legend(loc="upper left", ncols=3, borderaxespad=0)


def duel_marks(ax: Axes, duel: Duel, words: int) -> None:
    """Recall of each filter up to every number of words, and the present number marked."""
    for name, (meaning, _) in FILTERS.items():
        recall = getattr(duel, name)
        ax.plot(duel.words, recall, **line(meaning))
        ax.plot(words, recall[words], **points(meaning))
    ax.axvline(words, color=INK, lw=0.8)


def tell_duel(duel: Duel, words: int) -> str:
    """The three recalls at a number of words, and which words those are."""
    which = ", ".join(duel.attacked[:words]) or "none yet"
    told = ", ".join(f"{label} {percent(getattr(duel, name)[words])}" for name, (_, label) in FILTERS.items())
    return f"Spam caught: {told}. Words attacked: {which}."


@styled
def plot_features(accuracy: Mapping[str, Spread], *, ax: Axes | None = None) -> Axes:
    """Held-out accuracy of one linear classifier on each way to describe a digit, with the range over seeds."""
    ax = ax or new_axes(640, 300)
    for y, (name, found) in enumerate(accuracy.items()):
        meaning = "accent" if "learned" in name else "neutral" if "pixels" in name else "data"
        ax.barh(y, found.mean, 0.66, **fill(meaning))
        ax.plot([found.low, found.high], [y, y], color=INK, lw=2)
        ax.text(1.01, y, percent(found.mean, 3), va="center")
    ax.set_yticks(range(len(accuracy)), list(accuracy))
    ax.set(xlim=(0, 1), ylim=(len(accuracy) - 0.5, -0.5), title="Accuracy on digits not seen")
    ax.set_xlabel("the line at the end of each bar: range over seeds")
    ax.xaxis.set_major_formatter(lambda x, _: percent(x))
    ax.grid(axis="y", visible=False)
    told = ", ".join(f"{name}: {found.text(percent)}" for name, found in accuracy.items())
    return describe(ax, f"Accuracy by features. {told}.")


# Deep learning


@styled
def plot_layers(layers: Sequence[alexnet.Layer], *, ax: Axes | None = None) -> Axes:
    """Where the parameters of each layer are, and where the multiply-adds."""
    ax = ax or new_axes(640, 300)
    place = np.arange(len(layers))
    for shift, meaning, what, label in (
        (-0.2, "data", "parameters", "parameters"),
        (0.2, "compute", "macs", "multiply-adds for one image"),
    ):
        share = np.array([getattr(layer, what) for layer in layers], float)
        ax.bar(place + shift, share / share.sum(), 0.38, label=label, **fill(meaning))
    ax.set_xticks(place, [layer.name for layer in layers])
    ax.set(ylim=(0, 0.75), title="AlexNet: where the weights are, and where the work is")
    ax.yaxis.set_major_formatter(lambda y, _: percent(y))
    ax.legend(loc="upper left")
    held = alexnet.connected_share(tuple(layers))
    done = sum(layer.macs for layer in layers if layer.connected) / sum(layer.macs for layer in layers)
    told = f"The three connected layers hold {percent(held)} of the parameters and do {percent(done)} of the work."
    return describe(ax, told)


PARTS = {
    "weights_bytes": ("data", "weights"),
    "gradients_bytes": ("latency", "gradients"),
    "optimiser_bytes": ("accent", "optimiser"),
    "activations_bytes": ("compute", "activations"),
}
MOST_BYTES = 4.2e9


def memory_backdrop(ax: Axes, cards_bytes: Sequence[float]) -> None:
    """An axis of memory, with the size of each card."""
    ax.set(xlim=(0, MOST_BYTES), ylim=(-0.7, 1.6), xlabel="memory on each card")
    ax.set_yticks([])
    ax.xaxis.set_major_formatter(lambda x, _: si(x, "B", 2))
    for meaning, label in PARTS.values():
        ax.barh([-9], [0], label=label, **fill(meaning))
    for size in cards_bytes:
        ax.axvline(size, **line("limit"))
        ax.text(size, 1.15, f" {si(size, 'B', 2)} card")
    ax.legend(loc="lower left", ncols=4, bbox_to_anchor=(0, 1), borderaxespad=0.2)


def memory_marks(ax: Axes, memory: alexnet.Memory) -> None:
    """One card's memory, part after part; an arrow where it runs off the page."""
    start = 0.0
    for part, (meaning, _) in PARTS.items():
        ax.barh(0.3, getattr(memory, part), 0.9, left=start, **fill(meaning))
        start += getattr(memory, part)
    label = f"{si(start, 'B')} on each card" + (", beyond this axis" if start > MOST_BYTES else "")
    ax.text(0.01 * MOST_BYTES, -0.5, label, weight="bold", backgroundcolor="white")


def tell_memory(memory: alexnet.Memory) -> str:
    """The parts of one card's memory in MB."""
    told = ", ".join(f"{label} {number(getattr(memory, part) / MEGA)} MB" for part, (_, label) in PARTS.items())
    return f"On each card: {told}; together {si(memory.total_bytes, 'B')}."


# All of it


def timeline_backdrop(ax: Axes, runs: Sequence[TrainingRun]) -> None:
    """All models by date and training compute, the winters shaded."""
    ax.set(yscale="log", xlim=(1948, 2027), ylim=(1, 1e28), ylabel="FLOP to train")
    for start, end in timeline.WINTERS:
        ax.axvspan(start, end, color=COLOUR["neutral"], alpha=0.35, lw=0)
        ax.text((start + end) / 2, 1e27, "winter", ha="center", va="top", fontsize=8)
    ax.plot([run.year for run in runs], [run.training_flop for run in runs], **points("neutral"))
    for name, shift, side in (("Theseus", 6, "left"), ("AlexNet", -7, "right"), ("Neocognitron", -7, "right")):
        run = next(run for run in runs if run.model == name)
        place = (run.year, run.training_flop)
        ax.annotate(name, place, (shift, -8), textcoords="offset points", ha=side, fontsize=8)


def timeline_marks(ax: Axes, runs: Sequence[TrainingRun], era: tuple[str, int, int], events: Sequence) -> None:
    """The era as a band, its models picked out, and what happened in it."""
    _, start, end = era
    ax.axvspan(start, end, color=COLOUR["data"], alpha=0.15, lw=0)
    inside = [run for run in runs if start <= run.year < end]
    ax.plot([run.year for run in inside], [run.training_flop for run in inside], **points("compute"))
    for place, (year, what) in enumerate(events):
        ax.text(1949, 1e25 / 30**place, f"{year} {what}", fontsize=8.5)
