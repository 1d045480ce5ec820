"""What a bank's author cannot see by reading it: do the formulas solve their questions, in every variant?"""

import re

from mlsys_helpers.kit import quantity
from mlsys_helpers.quiz import formula
from mlsys_helpers.quiz.questions import Bank, Choice, FillIn, Numeric
from mlsys_helpers.quiz.score import explanation, right_response, score, wrong_feedback


def problems(bank: Bank, seeds=range(200)) -> list[str]:
    """Everything that is wrong with a bank's answers, in sentences; an empty list when all is well.

    Every question must be solved by its own right response, and, for each seed of a numeric one, every known mistake
    must be rejected and named by its own feedback. No feedback to a wrong answer may hold the right one.
    """
    found = []
    for question in bank.questions:
        for seed in seeds if formula.has_variants(question) else range(1):
            try:
                found += _question_problems(question, seed)
            except ValueError as error:
                found.append(f"{question.id}, seed {seed}: {error}")
    return found


def _wording_problems(question) -> list[str]:
    found = []
    if explanation(question).lower().startswith("right"):
        found.append("feedback begins with 'Right', which the card says already")
    answers = question.accept if isinstance(question, FillIn) else ()
    if isinstance(question, Choice) and question.type == "multiple_choice":
        answers = (right_response(question),)
    for said in wrong_feedback(question):
        found += [f"{said!r} gives the answer away: {answer!r}" for answer in answers if _holds(said, answer)]
    return found


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def _question_problems(question, seed: int) -> list[str]:
    where = f"{question.id}, seed {seed}"
    found = [f"{where}: {problem}" for problem in _wording_problems(question)] if seed == 0 else []
    if not score(question, right_response(question, seed), seed).right or not explanation(question, seed):
        found.append(f"{where}: its own answer {right_response(question, seed)!r} is not right")
    if isinstance(question, Numeric):
        found += [f"{where}: {problem}" for problem in _mistake_problems(question, seed)]
    return found


def _mistake_problems(question: Numeric, seed: int) -> list[str]:
    values, size = formula.givens(question, seed), quantity.factor(question.answer_unit)
    shown = formula.show(formula.answer(question, values), question.answer_unit)
    found = []
    if not score(question, shown, seed).right:
        found.append(f"the answer as it is shown, {shown}, lies outside the tolerance")
    for mistake in question.mistakes:
        typed = f"{formula.evaluate(question, mistake.formula, values) / size!r} {question.answer_unit or 'x'}"
        result = score(question, typed, seed)
        if result.right:
            found.append(f"the mistake {mistake.formula!r} gives {typed}, which counts as right")
        elif not result.feedback.endswith(formula.filled(mistake.feedback, question, values)):
            found.append(f"the mistake {mistake.formula!r} gives {typed}, which is taken for another one")
    return found
