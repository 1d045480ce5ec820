"""Predictions and quizzes as plain HTML forms, with the data that the page's script judges answers by.

The answers are therefore in the page, for whoever looks for them; a site without a server can do no other. Numeric
questions bring a few variants, each with its numbers computed here: the script only compares.
"""

import html
import json
from collections.abc import Callable, Iterable

from mlsys_helpers.kit import quantity
from mlsys_helpers.publish.site.maths import rich
from mlsys_helpers.quiz import bank, formula
from mlsys_helpers.quiz.questions import Choice, FillIn, Numeric, Ordering, Prediction, Question, ShortAnswer
from mlsys_helpers.quiz.score import full_answer, prompt, shuffled

VARIANTS = 4


def _json(data) -> str:
    """Data inside a page: no text in it can end the script element."""
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json">{text}</script>'


# Predictions


def prediction_form(id: str) -> str:
    """The form that asks the prediction "section.name"."""
    asked = bank.prediction(id)
    options = "".join(_radio(id, option.label, html.escape(option.label)) for option in asked.options)
    return (
        f'<form class="companion-card companion-predict" data-id="{id}" autocomplete="off"><fieldset>'
        f'<legend><span class="companion-kind">Predict</span> {rich(asked.prompt)}</legend>{options}</fieldset>'
        '<div class="companion-buttons"><button type="submit">Commit</button></div>'
        '<div class="companion-said" role="status"></div></form>'
    )


def reveal_form(id: str, told: str) -> str:
    """The result of a prediction, `told` as the notebook tells it: the script hides it until the reader commits."""
    computed = told.splitlines()[0]
    return (
        f'<div class="companion-card companion-reveal" data-id="{id}" data-right="{html.escape(_right(id, computed))}">'
        '<p><span class="companion-kind">Result</span></p>'
        f'<div class="companion-result"><p>{rich(computed)}</p></div>'
        '<div class="companion-said" role="status"></div></div>'
    )


def _right(id: str, computed: str) -> str:
    """The option that the stored result names: it ends with its label."""
    asked: Prediction = bank.prediction(id)
    ends = [option.label for option in asked.options if computed.rstrip(".").endswith(option.label.rstrip("."))]
    if not ends:
        raise ValueError(f"the stored result of {id} names none of its options: {computed!r}; build the notebook again")
    return max(ends, key=len)


# Quizzes


def quiz_form(section: str) -> str:
    """Every question of a section, one form each."""
    questions = bank.section_bank(section).questions
    forms = "".join(question_form(question, n, len(questions)) for n, question in enumerate(questions, 1))
    return (
        f'<section class="companion-quiz" aria-label="Quiz"><p class="companion-aside">{len(questions)} questions. '
        "Answers stay in this browser. What is right stands in the page's source, so whoever looks will find it. "
        f"In the notebook, a quiz also remembers and asks again.</p>{forms}"
        '<p role="status" class="companion-total"></p>'
        '<p><button type="button" class="companion-forget">Start this page afresh</button></p></section>'
    )


def question_form(question: Question, number: int, of: int) -> str:
    """One question: a legend that asks it, its controls, and the data to judge by."""
    asked = f'<span class="companion-prompt">{rich(prompt(question))}</span>'
    kind = question.type.replace("_", " ")
    variant = '<button type="button" class="companion-variant" hidden>Other numbers</button>'
    return (
        f'<form class="companion-card companion-question" data-id="{question.id}" autocomplete="off"><fieldset>'
        f'<legend><span class="companion-kind">Question {number} of {of}, {kind}</span> {asked}</legend>'
        f"{_CONTROLS[type(question)](question)}</fieldset>"
        '<div class="companion-buttons"><button type="submit">Check</button>'
        '<button type="button" class="companion-answer" hidden>Show the answer</button>'
        f"{variant if formula.has_variants(question) else ''}</div>"
        f'<div class="companion-said" role="status"></div>{_json(question_data(question))}</form>'
    )


def question_data(question: Question) -> dict:
    """What the script needs to judge a response to `question` as `quiz.score` does; feedback is HTML."""
    data = {"id": question.id, "type": question.type, **_DATA[type(question)](question)}
    return data if isinstance(question, Numeric) else data | {"full": rich(full_answer(question))}


def _choice(question: Choice) -> dict:
    told = [{"text": o.text, "right": o.right, "feedback": rich(o.feedback)} for o in question.options]
    return {"options": told}


def _fill_in(question: FillIn) -> dict:
    near = [{"text": one.text, "feedback": rich(one.feedback)} for one in question.near]
    said = {"feedback": rich(question.feedback), "wrong": rich(question.wrong)}
    return {"accept": list(question.accept), "near": near, **said}


def _ordering(question: Ordering) -> dict:
    swaps = [{"first": s.first, "second": s.second, "feedback": rich(s.feedback)} for s in question.swaps]
    said = {"feedback": rich(question.feedback), "wrong": rich(question.wrong)}
    return {"items": list(question.items), "swaps": swaps, **said}


def _short_answer(question: ShortAnswer) -> dict:
    rubric = [{"text": point, "html": rich(point)} for point in question.rubric]
    return {"rubric": rubric, "feedback": rich(question.feedback)}


def _numeric(question: Numeric) -> dict:
    unit = question.answer_unit
    words = {"unit": unit, "plural": quantity.plural(unit), "example": quantity.example(unit)}
    words["asked"] = quantity.asked(unit)
    return {**words, "tolerance": question.tolerance, "variants": [_variant(question, n) for n in seeds(question)]}


def seeds(question: Numeric) -> list[int]:
    """Seeds of the first few variants that ask for different numbers."""
    seen: dict[str, int] = {}
    for seed in range(40 if formula.has_variants(question) else 1):
        seen.setdefault(prompt(question, seed), seed)
        if len(seen) == VARIANTS:
            break
    return list(seen.values())


def _variant(question: Numeric, seed: int) -> dict:
    values, size = formula.givens(question, seed), quantity.factor(question.answer_unit)

    def told(text: str) -> str:
        return rich(formula.filled(text, question, values))

    return {
        "prompt": told(question.prompt),
        "expected": formula.answer(question, values),
        "feedback": told(question.feedback),
        "wrong": told(question.wrong),
        "full": rich(full_answer(question, seed)),
        "mistakes": [
            {"value": formula.evaluate(question, one.formula, values) / size, "feedback": told(one.feedback)}
            for one in question.mistakes
        ],
    }


_DATA: dict[type, Callable[..., dict]] = {
    Choice: _choice,
    FillIn: _fill_in,
    Ordering: _ordering,
    Numeric: _numeric,
    ShortAnswer: _short_answer,
}


# Controls


def _radio(name: str, value: str, shown: str) -> str:
    return f'<label><input type="radio" name="{name}" value="{html.escape(value)}"><span>{shown}</span></label>'


def _options(question: Choice) -> str:
    return "".join(_radio(question.id, option.text, rich(option.text)) for option in question.options)


def _line(question: FillIn | Numeric) -> str:
    label = "Your answer"
    if isinstance(question, Numeric) and question.answer_unit:
        label = f"Your answer, in {quantity.plural(question.answer_unit)} or with a unit of your own"
    return f'<label class="companion-line">{html.escape(label)}<input type="text" name="{question.id}"></label>'


def _order(question: Ordering) -> str:
    return f'<ol class="companion-order">{"".join(map(_item, shuffled(question)))}</ol>'


def _item(text: str) -> str:
    shown = html.escape(text)
    moves: Iterable[tuple[str, str, str]] = (("up", "-1", "↑"), ("down", "1", "↓"))
    buttons = "".join(
        f'<button type="button" data-step="{step}" aria-label="Move {way}: {shown}">{sign}</button>'
        for way, step, sign in moves
    )
    return f'<li data-item="{shown}"><span>{shown}</span> {buttons}</li>'


def _written(question: ShortAnswer) -> str:
    points = "".join(
        f'<label><input type="checkbox" value="{html.escape(point)}"><span>{rich(point)}</span></label>'
        for point in question.rubric
    )
    return (
        f'<label class="companion-line">Your answer<textarea name="{question.id}" rows="4"></textarea></label>'
        '<div class="companion-rubric" role="group" aria-label="Points that your answer makes" hidden>'
        f"<p>Which of these points does your answer make? Mark them, then check again.</p>{points}</div>"
    )


_CONTROLS: dict[type, Callable[..., str]] = {
    Choice: _options,
    FillIn: _line,
    Numeric: _line,
    Ordering: _order,
    ShortAnswer: _written,
}
