"""JSON for the package jupyterquiz: `display_quiz("quiz.json")` in a notebook, or in a Jupyter Book."""

import json
import math

from mlsys_helpers.quiz.export.items import Item, Loss, Paper, numbers, spellings, typing_loss
from mlsys_helpers.quiz.export.texts import clean, html
from mlsys_helpers.quiz.questions import Choice, FillIn, Numeric

_LEFT_OUT = {
    "ordering": "jupyterquiz has no ordering question",
    "short_answer": "jupyterquiz has no question that a person marks",
}


def write(paper: Paper) -> tuple[bytes, list[Loss]]:
    """The paper as a list of jupyterquiz questions; one it cannot ask is left out and told."""
    losses, asked = [], []
    for pool in paper.pools:
        losses += _losses(pool)
        asked += [_question(item) for item in pool if item.question.type not in _LEFT_OUT]
    return (json.dumps(asked, indent=1) + "\n").encode("ascii"), losses  # its loader reads in the machine's encoding


def _losses(pool: tuple[Item, ...]) -> list[Loss]:
    item, losses = pool[0], []
    if item.question.type in _LEFT_OUT:
        return [Loss(item.question.id, _LEFT_OUT[item.question.type], whole=True)]
    if isinstance(item.question, FillIn):
        losses.append(typing_loss(item))
    if len(pool) > 1:
        losses.append(Loss(item.question.id, f"jupyterquiz has no pools: all {len(pool)} variants are asked"))
    return losses


def _question(item: Item) -> dict:
    type, answers = _ANSWERS[_class(item)]
    return {"question": _html(item.prompt), "type": type, "answers": answers(item)}


def _class(item: Item) -> type:
    return next(kind for kind in _ANSWERS if isinstance(item.question, kind))


def _choice(item: Item) -> list[dict]:
    return [
        {"answer": _html(option.text), "correct": option.right, "feedback": _html(option.feedback)}
        for option in item.options()
    ]


def _phrases(item: Item) -> list[dict]:
    question = item.question
    assert isinstance(question, FillIn)
    known = [(near.text, False, near.feedback) for near in question.near]
    known += [(text, True, question.feedback) for text in spellings(question)]
    answers = [{"answer": clean(text), "correct": right, "feedback": _html(said)} for text, right, said in known]
    return [*answers, {"type": "default", "feedback": _html(question.wrong)}]


def _ranges(item: Item) -> list[dict]:
    """Half-open ranges; the first that holds the number counts."""
    found = numbers(item)
    known = [(found.right, found.margin, True, found.feedback)]
    known += [(value, margin, False, said) for value, margin, said in found.mistakes]
    answers: list[dict] = [
        {"range": [x - margin, math.nextafter(x + margin, math.inf)], "correct": right, "feedback": _html(said)}
        for x, margin, right, said in known
    ]
    return [*answers, {"type": "default", "feedback": _html(found.wrong)}]


_ANSWERS = {Choice: ("multiple_choice", _choice), FillIn: ("string", _phrases), Numeric: ("numeric", _ranges)}


def _html(text: str) -> str:
    """HTML in which jupyterquiz finds no Markdown link."""
    return html(text).replace("](", "]&#40;")
