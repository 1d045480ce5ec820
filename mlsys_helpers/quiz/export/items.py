"""What every format writes: questions with their numbers drawn, and what a format could not carry.

A numeric question stands for many variants. Only clear ones are written: someone who computes with the numbers as they
are shown must get the right answer, and no two variants of a question may read alike.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from mlsys_helpers.kit import quantity
from mlsys_helpers.quiz import formula
from mlsys_helpers.quiz.bank import PLACEHOLDER
from mlsys_helpers.quiz.questions import Bank, Choice, FillIn, Given, Numeric, Option, Question, ShortAnswer
from mlsys_helpers.quiz.score import prompt, right_response, score

_EACH = 20  # seeds looked at for each variant there can be: all of a hundred are then found but once in 5 million times
_ENOUGH = 500  # and for each variant asked for


@dataclass(frozen=True)
class Loss:
    """What a format cannot carry: the whole question, or something of it."""

    id: str
    reason: str
    whole: bool = False

    def __str__(self) -> str:
        return f"{self.id} {'is left out' if self.whole else 'goes in part'}: {self.reason}"


@dataclass(frozen=True)
class Item:
    """One question to be written, with the seed that draws its numbers and shuffles its options."""

    question: Question
    seed: int

    @property
    def name(self) -> str:
        """A name of its own: "iron_law.one_token", and "iron_law.one_token 3" for the variant of seed 3."""
        return self.question.id + (f" {self.seed}" if formula.has_variants(self.question) else "")

    @property
    def prompt(self) -> str:
        """What is asked; a numeric question says which unit a bare number has."""
        asked = prompt(self.question, self.seed)
        return f"{asked} {unit_asked(self.question)}" if isinstance(self.question, Numeric) else asked

    @property
    def points(self) -> int:
        """One, or as many as the rubric has points."""
        return len(self.question.rubric) if isinstance(self.question, ShortAnswer) else 1

    def options(self) -> list[Option]:
        """The options of a choice as they are printed: shuffled by the seed, but true before false."""
        if not isinstance(self.question, Choice):
            raise TypeError(f"{self.question.id} has no options")
        options = list(self.question.options)
        if self.question.type == "multiple_choice":
            random.Random(f"{self.question.id}/{self.seed}").shuffle(options)
        return options


Pool = tuple[Item, ...]  # one question, or its variants: a reader gets one of them


@dataclass(frozen=True)
class Paper:
    """What is to be written: a title for people, and a pool for each question in the order of the bank."""

    title: str
    section: str
    pools: tuple[Pool, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item of every pool."""
        return tuple(item for pool in self.pools for item in pool)


def paper(bank: Bank, title: str, seed: int = 0, variants: int = 1) -> tuple[Paper, list[Loss]]:
    """The questions of a bank, numeric ones in up to `variants` clear variants, counted from `seed`."""
    pools, losses = [], []
    for question in bank.questions:
        seeds = clear_seeds(question, seed, variants)
        if seeds:
            pools.append(tuple(Item(question, s) for s in seeds))
        losses += _seed_losses(question, seed, variants, seeds)
    return Paper(title, bank.section, tuple(pools)), losses


def _seed_losses(question: Question, seed: int, variants: int, seeds: list[int]) -> list[Loss]:
    if not seeds:
        return [Loss(question.id, "its numbers as they are shown do not lead to its answer", whole=True)]
    if formula.has_variants(question) and len(seeds) < variants:
        return [Loss(question.id, f"it has {len(seeds)} clear variants, not {variants}")]
    if variants == 1 and seeds[0] != seed:
        return [Loss(question.id, f"the numbers of seed {seed} are ambiguous as shown; seed {seeds[0]} is written")]
    return []


def clear_seeds(question: Question, first: int, count: int) -> list[int]:
    """Seeds from `first` on of up to `count` variants that are clear and read differently."""
    if not isinstance(question, Numeric):
        return [first]
    found: list[int] = []
    read: set[str] = set()
    there_can_be = math.prod(max(1, len(given.choices)) for given in question.givens)
    tries = min(_EACH * there_can_be, _ENOUGH * count) if there_can_be > 1 else 1
    for seed in range(first, first + tries):
        asked = prompt(question, seed)
        if asked not in read and is_clear(question, seed):
            found.append(seed)
        read.add(asked)
        if len(found) == count:
            break
    return found


def is_clear(question: Numeric, seed: int) -> bool:
    """Whether the numbers as shown lead to the right answer, and no known mistake does."""
    read = formula.answer(question, _as_read(question, formula.givens(question, seed)))
    mistaken = [value for value, _, _ in numbers(Item(question, seed)).mistakes]
    return _is_right(question, read, seed) and not any(_is_right(question, value, seed) for value in mistaken)


def _is_right(question: Numeric, value: float, seed: int) -> bool:
    return score(question, f"{value!r} {question.answer_unit or 'x'}", seed).right


def _as_read(question: Numeric, values: dict) -> dict:
    """The givens as someone has them who sees only the prompt: read off where shown, computed from those where not."""
    shown, read = set(PLACEHOLDER.findall(question.prompt)), dict(values)
    for given in question.givens:
        if given.name in shown:
            read[given.name] = _read_off(given, values[given.name])
        elif given.formula:
            read[given.name] = formula.evaluate(question, given.formula, read)
    return read


def _read_off(given: Given, value: float | str) -> float | str:
    """The SI number that a given says where it is shown; the value itself where its unit is none that people type."""
    unit = {"$": "dollar"}.get(given.unit, given.unit)
    if isinstance(value, str):
        return value
    try:
        return quantity.parse(formula.show_given(given, value), unit) * quantity.factor(unit)
    except ValueError:
        return value


@dataclass(frozen=True)
class Numbers:
    """What a numeric item accepts, in its answer unit, and the wrong numbers that have feedback of their own."""

    right: float
    margin: float
    feedback: str
    wrong: str
    mistakes: tuple[tuple[float, float, str], ...]  # value, margin, feedback


def numbers(item: Item) -> Numbers:
    """The numbers of a numeric item."""
    question = item.question
    if not isinstance(question, Numeric):
        raise TypeError(f"{question.id} is not numeric")
    values, size = formula.givens(question, item.seed), quantity.factor(question.answer_unit)
    right = formula.answer(question, values)
    wrong = [(formula.evaluate(question, m.formula, values) / size, m.feedback) for m in question.mistakes]
    return Numbers(
        right,
        _margin(question, right),
        formula.filled(question.feedback, question, values),
        formula.filled(question.wrong, question, values),
        tuple((x, _margin(question, x), formula.filled(said, question, values)) for x, said in wrong),
    )


def _margin(question: Numeric, value: float) -> float:
    """How far from `value` is still right: never more than `score` allows."""
    return question.tolerance * abs(value) or question.tolerance


def unit_asked(question: Numeric) -> str:
    """Which unit the answer is wanted in, as a sentence."""
    unit = question.answer_unit
    return f"Answer in {quantity.plural(unit)}." if unit else "Answer with a plain number."


def spellings(question: FillIn) -> list[str]:
    """The accepted phrases, also with spaces for hyphens, for formats that compare letter by letter."""
    written = dict.fromkeys(form for text in question.accept for form in (text, text.replace("-", " ")))
    return [form for form in written if score(question, form).right]


def typing_loss(item: Item) -> Loss:
    """What is lost where a phrase is compared letter by letter."""
    return Loss(item.question.id, "small typing errors and other spellings count as wrong there")


def right_order(item: Item) -> Sequence[str]:
    """The items of an ordering question in their right order."""
    return right_response(item.question, item.seed)
