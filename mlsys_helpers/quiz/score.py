"""How a response is scored: one pure function for the notebook, the terminal and a class's submissions.

A response is plain data: the text of the chosen option (multiple choice, true or false), text (fill in, numeric),
the list of items in the reader's order (ordering), or {"text": ..., "made": [rubric points]} (short answer).
"""

import itertools
import math
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from mlsys_helpers.kit import quantity
from mlsys_helpers.quiz import formula
from mlsys_helpers.quiz.questions import Choice, FillIn, Numeric, Ordering, Question, ShortAnswer


@dataclass(frozen=True)
class Result:
    """What a response is worth (0 to 1) and what to say to whoever gave it.

    `counted` is False for what is no answer yet, such as text that cannot be read as a number: nothing is lost by it.
    """

    points: float
    right: bool
    feedback: str
    misconception: str = ""
    counted: bool = True


def score(question: Question, response, seed: int = 0) -> Result:
    """The result of `response`; `seed` chooses the variant of a numeric question.

    Raises TypeError or ValueError when the response is not of the question's form at all.
    """
    return _JUDGES[type(question)](question, response, seed)


def prompt(question: Question, seed: int = 0) -> str:
    """What the question asks, with the numbers of the variant `seed` written in."""
    if isinstance(question, Numeric):
        return formula.filled(question.prompt, question, formula.givens(question, seed))
    return question.prompt


def solution(question: Question, seed: int = 0) -> str:
    """The right answer in words, for a reader who gave up."""
    return _SOLUTIONS[type(question)](question, seed)


def explanation(question: Question, seed: int = 0) -> str:
    """What is said to a right answer, for a reader who gave up."""
    return score(question, right_response(question, seed), seed).feedback


def wrong_feedback(question: Question) -> list[str]:
    """Everything that the bank says to a wrong answer, with the givens not yet filled in."""
    if isinstance(question, Choice):
        return [option.feedback for option in question.options if not option.right]
    if isinstance(question, FillIn):
        return [question.wrong, *(near.feedback for near in question.near)]
    if isinstance(question, Ordering):
        return [question.wrong, *(swap.feedback for swap in question.swaps)]
    if isinstance(question, Numeric):
        return [question.wrong, *(mistake.feedback for mistake in question.mistakes)]
    return ["; ".join(question.rubric)] if isinstance(question, ShortAnswer) else []


def full_answer(question: Question, seed: int = 0) -> str:
    """The answer and why, for a reader who gave up; said once where the two are the same text."""
    answer = solution(question, seed)
    why = "" if isinstance(question, ShortAnswer) else explanation(question, seed)
    return why if answer in why else f"{answer}. {why}".rstrip(" .") + "."


def right_response(question: Question, seed: int = 0):
    """A response that earns full points."""
    if isinstance(question, Choice):
        return next(option.text for option in question.options if option.right)
    if isinstance(question, FillIn):
        return question.accept[0]
    if isinstance(question, Ordering):
        return list(question.items)
    if isinstance(question, ShortAnswer):
        return {"text": question.feedback, "made": list(question.rubric)}
    if isinstance(question, Numeric):
        value = formula.answer(question, formula.givens(question, seed))
        return f"{value!r} {question.answer_unit or 'x'}"
    raise TypeError(f"{question!r} is not a question")


def shuffled(question: Ordering) -> list[str]:
    """The items as they are first shown: always the same order, never the right one."""
    items = list(question.items)
    rng = random.Random(question.id)
    while items == list(question.items):
        rng.shuffle(items)
    return items


def _choice(question: Choice, response, seed: int) -> Result:
    for option in question.options:
        if option.text == response:
            return Result(float(option.right), option.right, option.feedback, option.misconception)
    raise ValueError(f"{question.id}: {response!r} is none of the options")


def _fill_in(question: FillIn, response, seed: int) -> Result:
    said = _words(_text(question, response))
    if not said:
        return Result(0.0, False, "Type a word or a short phrase.", counted=False)
    for near in question.near:
        if _words(near.text) == said:
            return Result(0.0, False, near.feedback, near.misconception)
    if any(_same_phrase(said, _words(accepted)) for accepted in question.accept):
        return Result(1.0, True, question.feedback)
    return Result(0.0, False, question.wrong)


def _ordering(question: Ordering, response, seed: int) -> Result:
    if not isinstance(response, list) or sorted(map(str, response)) != sorted(question.items):
        raise ValueError(f"{question.id}: expected every item once, got {response!r}")
    place = {item: response.index(item) for item in question.items}
    pairs = list(itertools.combinations(question.items, 2))
    kept = sum(place[first] < place[second] for first, second in pairs)
    if kept == len(pairs):
        return Result(1.0, True, question.feedback)
    count = f"{kept} of {len(pairs)} pairs stand in the right order. "
    for swap in question.swaps:
        if place[swap.first] > place[swap.second]:
            return Result(kept / len(pairs), False, count + swap.feedback, swap.misconception)
    return Result(kept / len(pairs), False, count + question.wrong)


def _numeric(question: Numeric, response, seed: int) -> Result:
    text, unit = _text(question, response), question.answer_unit
    try:
        typed = quantity.parse(text, unit)
    except quantity.WrongDimension as error:
        return Result(0.0, False, str(error), "wrong kind of quantity")
    except quantity.QuantityError as error:
        return Result(0.0, False, str(error), counted=False)
    values = formula.givens(question, seed)
    expected = formula.answer(question, values)
    if _close(typed, expected, question.tolerance):
        return Result(1.0, True, formula.filled(question.feedback, question, values))
    said, misconception = _wrong_number(question, typed, expected, values)
    return Result(0.0, False, f"Read as {formula.show(typed, unit)}. {said}", misconception)


def _wrong_number(question: Numeric, typed: float, expected: float, values: dict) -> tuple[str, str]:
    """What to say to a wrong number, and which mistake it is."""
    size = quantity.factor(question.answer_unit)
    for mistake in question.mistakes:
        if _close(typed, formula.evaluate(question, mistake.formula, values) / size, question.tolerance):
            return formula.filled(mistake.feedback, question, values), mistake.misconception
    if typed and expected and typed / expected > 0:
        power = round(math.log10(typed / expected))
        if power and _close(typed, expected * 10.0**power, question.tolerance):
            way = "large" if power > 0 else "small"
            times = f"10{'' if abs(power) == 1 else str(abs(power)).translate(_SUPERSCRIPT)}"
            return (
                f"The digits are right, but the number is too {way} by a factor of {times}: check the prefixes.",
                "power of ten",
            )
    return formula.filled(question.wrong, question, values), ""


def _short_answer(question: ShortAnswer, response, seed: int) -> Result:
    if not isinstance(response, dict) or not isinstance(response.get("text"), str):
        raise ValueError(f"{question.id}: expected a text and the points made, got {response!r}")
    if not response["text"].strip():
        return Result(0.0, False, "Write your answer first, in a sentence or two.", counted=False)
    marked = response.get("made", [])
    unknown = [point for point in marked if point not in question.rubric]
    if unknown:
        raise ValueError(f"{question.id}: {unknown[0]!r} is no point of the rubric; known: {question.rubric}")
    made = [point for point in question.rubric if point in marked]
    missing = [point for point in question.rubric if point not in made]
    told = f"{len(made)} of {len(question.rubric)} points made."
    told += f" Still to make: {'; '.join(missing)}." if missing else f" A full answer: {question.feedback}"
    return Result(len(made) / len(question.rubric), not missing, told)


_JUDGES: dict[type, Callable[..., Result]] = {
    Choice: _choice,
    FillIn: _fill_in,
    Ordering: _ordering,
    Numeric: _numeric,
    ShortAnswer: _short_answer,
}
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SOLUTIONS: dict[type, Callable[..., str]] = {
    Choice: lambda question, seed: right_response(question),
    FillIn: lambda question, seed: question.accept[0],
    Ordering: lambda question, seed: ", then ".join(question.items),
    Numeric: lambda question, seed: formula.filled("{answer}", question, formula.givens(question, seed)),
    ShortAnswer: lambda question, seed: question.feedback,
}


def _text(question: Question, response) -> str:
    if not isinstance(response, str):
        raise TypeError(f"{question.id}: expected text, got {response!r}")
    return response


def _close(typed: float, expected: float, tolerance: float) -> bool:
    return math.isclose(typed, expected, rel_tol=tolerance) if expected else abs(typed) <= tolerance


def _words(text: str) -> list[str]:
    """A phrase without case, accents, punctuation and articles, in one of the two English spellings."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("&", " and ")
    words = re.sub(r"[^\w.%+*/]+|\.(?!\d)|_", " ", re.sub(r"(?<=\w)['’]s?\b", "", plain)).split()
    words = words[1:] if words[:1] in (["a"], ["an"]) else words
    return [_american(word) for word in words if word != "the"]


def _american(word: str) -> str:
    return re.sub(r"(?<=\w{3})is(?=(e|ed|es|er|ing|ation|ations)$)", "iz", re.sub(r"our(?=s?$)", "or", word))


def _same_phrase(said: list[str], accepted: list[str]) -> bool:
    """The same words with small typing errors, also when written together or apart: data set, dataset."""
    if len(said) == len(accepted):
        return all(map(_same_word, said, accepted))
    return _same_word("".join(said), "".join(accepted))


def _same_word(said: str, accepted: str) -> bool:
    """Equal, or a typing error apart: one in five letters, two in ten; first letters and digits must be right."""
    allowed = min(2, len(accepted) // 5)
    if said == accepted:
        return True
    if said[:1] != accepted[:1] or re.search(r"\d", said + accepted):
        return False
    return _edits(said, accepted) <= allowed


def _edits(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with a neighbour (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]
