"""The explorers of section 1.2: letters to a parser, a duel over spam, AlexNet's memory, and seventy years."""

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.units import number, si
from mlsys_helpers.sections.paradigm_history import alexnet, figures, spam, student, timeline

# Symbolic AI

LETTERS = {
    "original": student.ORIGINAL,
    **{f"letter {i}": letter for i, letter in enumerate(student.LETTERS, 1)},
    **{f"later {i}": letter for i, letter in enumerate(student.LATER, 1)},
}


def letters() -> Explorer:
    """Twenty-one letters, each read by the rules that stood once so many letters had been dealt with."""
    names, bases = list(LETTERS), [student.rule_base(dealt_with) for dealt_with in range(len(student.ADDED) + 1)]

    def tell(letter: str, dealt_with: int) -> str:
        told = figures.tell_reading(student.read(LETTERS[letter], bases[dealt_with]))
        return f'{len(bases[dealt_with])} rules, {letter}: {told}. "{LETTERS[letter]}"'

    return Explorer(
        "What the rules make of each letter",
        {
            "letter": Choice("Letter", names),
            "dealt_with": Steps("Letters dealt with", tuple(range(len(bases))), start=0),
        },
        backdrop=lambda ax: figures.letters_backdrop(ax, student.grow(), names),
        marks=lambda ax, letter, dealt_with: figures.letters_marks(ax, names.index(letter), dealt_with),
        sentence=tell,
        height=440,
    )


# Statistical learning

ATTACKS = {
    "disguise the words of the rules": "rules",
    "disguise the words Bayes weighs most": "bayes",
    "add innocent words": "padding",
}


def duel(seed: int = 1) -> Explorer:
    """The share of spam that each filter catches while a spammer attacks word after word."""
    for against in spam.ATTACKS:
        for part in (1.0, 0.5):
            spam.duel(seed, against, part)  # kept from here on, so that a control moves at once
    return Explorer(
        "The spammer answers",
        {
            "against": Choice("Attack", ATTACKS),
            "part": Choice("Attackers", {"all spam": 1.0, "half of the spam": 0.5}),
            "words": Steps("Words attacked", tuple(range(11)), start=0),
        },
        backdrop=figures.duel_backdrop,
        marks=lambda ax, against, part, words: figures.duel_marks(ax, spam.duel(seed, against, part), words),
        sentence=lambda against, part, words: figures.tell_duel(spam.duel(seed, against, part), words),
        height=340,
    )


# Deep learning

MEMORY_CONTROLS: dict[str, Choice | Steps] = {
    "batch": Steps("Batch", (1, 16, 32, 64, 128, 192, 256, 512), start=128, unit="images at once"),
    "streams": Choice("Cards", {"one card": 1, "two cards, half the network each": 2}),
    "precision": Choice("Each value in", tuple(alexnet.BYTES_PER_VALUE)),
    "optimiser": Choice("Optimiser", tuple(alexnet.OPTIMISERS), start="momentum"),
}


def memory() -> Explorer:
    """What training AlexNet keeps on each card, against the two sizes of card that there were."""
    cards = [facts.chip(name).memory_bytes or 0.0 for name in ("GTX_580_3GB", "GTX_580")]

    def tell(batch: int, streams: int, precision: str, optimiser: str) -> str:
        told = figures.tell_memory(alexnet.training_memory(batch, streams, precision, optimiser))
        most = alexnet.largest_batch(cards[0], streams, precision, optimiser)
        return f"{told} At most {most:,.0f} images at once fit {si(cards[0], 'B')}."

    return Explorer(
        "AlexNet in training, counted",
        MEMORY_CONTROLS,
        backdrop=lambda ax: figures.memory_backdrop(ax, cards),
        marks=lambda ax, **values: figures.memory_marks(ax, alexnet.training_memory(**values)),
        sentence=tell,
        height=230,
    )


# All of it

EVENTS = (
    (1950, "Turing asks whether machines can think"),
    (1956, "Dartmouth names artificial intelligence"),
    (1958, "Perceptron"),
    (1959, "Samuel's checkers learns by self-play"),
    (1964, "STUDENT solves story problems"),
    (1966, "ELIZA talks by pattern rules"),
    (1973, "Lighthill report; funding falls"),
    (1976, "MYCIN: rules with certainty factors"),
    (1987, "Lisp machines undercut by workstations"),
    (1988, "Moravec: what is easy for people is hard"),
    (1998, "LeNet-5 reads digits"),
    (2001, "Viola-Jones finds faces in real time"),
    (2009, "the unreasonable effectiveness of data"),
    (2012, "AlexNet on two game cards"),
    (2020, "GPT-3: 175 billion parameters"),
)


def history() -> Explorer:
    """Era by era: what happened, and what training cost."""
    runs = facts.training_runs()
    eras = {f"{name}, {start} to {end}": (name, start, end) for name, start, end in timeline.ERAS}

    def events(era) -> list:
        return [(year, what) for year, what in EVENTS if era[1] <= year < era[2]]

    def tell(era) -> str:
        inside = [run.training_flop for run in runs if era[1] <= run.year < era[2]]
        low, high = min(inside), max(inside)
        return (
            f"{era[0].capitalize()}: {len(inside)} of {len(runs)} models, training compute from {number(low, 2)} to "
            f"{number(high, 2)} FLOP, {number(np.log10(high / low), 2)} powers of ten."
        )

    return Explorer(
        "Seventy years of training compute",
        {"era": Choice("Era", eras)},
        backdrop=lambda ax: figures.timeline_backdrop(ax, runs),
        marks=lambda ax, era: figures.timeline_marks(ax, runs, era, events(era)),
        sentence=tell,
    )
