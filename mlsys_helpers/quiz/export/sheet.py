"""A sheet to print and its answers: one HTML file on A4, without scripts and without anything from elsewhere.

Options and items stand in the same shuffled order on both. With variants, each is a sheet of its own, "A", "B" and on.
"""

import html as _html
import re
import string
from collections.abc import Iterable

from mlsys_helpers.kit import quantity
from mlsys_helpers.quiz import formula
from mlsys_helpers.quiz.export.items import Item, Loss, Paper, numbers
from mlsys_helpers.quiz.export.texts import pieces
from mlsys_helpers.quiz.questions import FillIn, Numeric, Ordering, ShortAnswer
from mlsys_helpers.quiz.score import explanation, shuffled, solution

_STYLE = """
@page { size: A4; margin: 16mm 18mm; }
body { font: 11pt/1.45 "Source Sans 3", "Noto Sans", "Segoe UI", Helvetica, Arial, sans-serif; color: #111;
  max-width: 174mm; margin: 0 auto; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 6mm; }
.who { display: flex; gap: 6mm; margin: -2mm 0 6mm; }
.who span { flex: 1; border-bottom: 0.3mm solid #111; padding-top: 5mm; }
.who span:first-child { flex: 3; }
section + section { break-before: page; }
article { break-inside: avoid; margin: 0 0 6mm; display: grid; grid-template-columns: 9mm 1fr 19mm; }
article > b { grid-column: 1; }
article > div { grid-column: 2; }
article > i { grid-column: 3; text-align: right; font-size: 9.5pt; color: #444; }
p { margin: 0 0 2mm; }
ul { list-style: none; margin: 0; padding: 0; }
li { display: grid; grid-template-columns: 9mm 1fr; margin: 0 0 1.5mm; }
.box { width: 4mm; height: 4mm; border: 0.3mm solid #111; margin-top: 0.6mm; text-align: center; font: bold 10pt/4mm
  Arial, sans-serif; }
.wide { width: 6mm; height: 5mm; line-height: 5mm; }
.line { border-bottom: 0.25mm solid #888; height: 8.5mm; }
.short { display: inline-block; width: 62mm; height: 6mm; border-bottom: 0.3mm solid #111; }
.said { font-size: 9.5pt; color: #333; display: block; }
.answer { border-left: 0.8mm solid #111; padding-left: 3mm; margin-top: 2mm; }
code { font: 10pt "Noto Sans Mono", Consolas, monospace; }
.maths { font-style: italic; }
sub, sup { line-height: 0; font-size: 75%; font-style: normal; }
"""


def write(paper: Paper) -> tuple[bytes, list[Loss]]:
    """The sheet to fill in."""
    return _document(paper, answers=False), []


def write_answers(paper: Paper) -> tuple[bytes, list[Loss]]:
    """The same sheet with answers, explanations and rubrics."""
    return _document(paper, answers=True), []


def _document(paper: Paper, answers: bool) -> bytes:
    count = max((len(pool) for pool in paper.pools), default=1)
    sheets = [_sheet(paper, n, count, answers) for n in range(count)]
    title = rich(paper.title + (": answers" if answers else ""))
    head = f'<meta charset="utf-8"><title>{_html.escape(paper.title)}</title><style>{_STYLE}</style>'
    body = f"<body>\n{_joined(sheets, title)}\n</body>"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n{body}</html>\n'.encode()


def _joined(sheets: list[str], title: str) -> str:
    names = [f" ({_letters(n)})" if len(sheets) > 1 else "" for n in range(len(sheets))]
    return "\n".join(
        f"<section>\n<h1>{title}{name}</h1>\n{sheet}\n</section>" for name, sheet in zip(names, sheets, strict=True)
    )


def _letters(number: int) -> str:
    """A, B, ... Z, AA, AB, ... for 0, 1, ..."""
    name = ""
    while number >= 0:
        name = string.ascii_uppercase[number % 26] + name
        number = number // 26 - 1
    return name


def _sheet(paper: Paper, number: int, count: int, answers: bool) -> str:
    """Sheet `number`: from every pool its item of that number, or the only one there is, shuffled anew."""
    items = [_drawn(pool, number, count) for pool in paper.pools]
    points = sum(item.points for item in items)
    who = f'<p class="who"><span>Name</span><span>Date</span><span>Points &emsp; / {points}</span></p>'
    asked = (_article(n, item, answers) for n, item in enumerate(items, 1))
    return ("" if answers else f"{who}\n") + "\n".join(asked)


def _drawn(pool: tuple[Item, ...], number: int, count: int) -> Item:
    if len(pool) == 1 and not formula.has_variants(pool[0].question):
        return Item(pool[0].question, pool[0].seed + number)
    return pool[number % len(pool)]


def _article(number: int, item: Item, answers: bool) -> str:
    body = (_ANSWERS if answers else _SPACES)[item.question.type](item)
    points = f"{item.points} point{'s' if item.points > 1 else ''}"
    return f"<article><b>{number}.</b><div><p>{rich(item.prompt)}</p>{body}</div><i>{points}</i></article>"


def _choice(item: Item) -> str:
    return _boxes((("", rich(option.text)) for option in item.options()), "box")


def _line(item: Item) -> str:
    unit = quantity.plural(item.question.answer_unit) if isinstance(item.question, Numeric) else ""
    return f'<p>Answer: <span class="short"></span> {rich(unit)}</p>'


def _order(item: Item) -> str:
    assert isinstance(item.question, Ordering)
    how = f"<p>Write 1 to {len(item.question.items)} into the boxes.</p>"
    return how + _boxes((("", rich(text)) for text in shuffled(item.question)), "box wide")


def _lines(item: Item) -> str:
    return '<div class="line"></div>' * (2 * item.points + 1)


def _choice_answer(item: Item) -> str:
    marked = (
        ("✕" if option.right else "", f'{rich(option.text)}<span class="said">{rich(option.feedback)}</span>')
        for option in item.options()
    )
    return _boxes(marked, "box")


def _fill_in_answer(item: Item) -> str:
    question = item.question
    assert isinstance(question, FillIn)
    near = "".join(_said(f"Not “{near.text}”: {near.feedback}") for near in question.near)
    return _answer(" or ".join(question.accept), question.feedback, near)


def _numeric_answer(item: Item) -> str:
    question, found = item.question, numbers(item)
    assert isinstance(question, Numeric)
    known = "".join(_said(f"{formula.show(x, question.answer_unit)}: {said}") for x, _, said in found.mistakes)
    accepted = f"accepted within {100 * question.tolerance:.3g} %"
    return _answer(f"{solution(question, item.seed)} ({accepted})", found.feedback, known)


def _order_answer(item: Item) -> str:
    question = item.question
    assert isinstance(question, Ordering)
    place = {text: str(question.items.index(text) + 1) for text in question.items}
    pairs = "".join(_said(f"“{s.second}” before “{s.first}”: {s.feedback}") for s in question.swaps)
    listed = _boxes(((place[text], rich(text)) for text in shuffled(question)), "box wide")
    return listed + f'<div class="answer">{rich(explanation(question))}{pairs}</div>'


def _rubric(item: Item) -> str:
    question = item.question
    assert isinstance(question, ShortAnswer)
    points = _boxes((("", rich(point)) for point in question.rubric), "box")
    return f"<p>One point for each of these:</p>{points}{_answer('', question.feedback)}"


_SPACES = {
    "multiple_choice": _choice,
    "true_false": _choice,
    "fill_in": _line,
    "ordering": _order,
    "numeric": _line,
    "short_answer": _lines,
}
_ANSWERS = {
    "multiple_choice": _choice_answer,
    "true_false": _choice_answer,
    "fill_in": _fill_in_answer,
    "ordering": _order_answer,
    "numeric": _numeric_answer,
    "short_answer": _rubric,
}


def _boxes(lines: Iterable[tuple[str, str]], style: str) -> str:
    """A list with a box before each line, holding a mark or nothing."""
    return (
        "<ul>" + "".join(f'<li><span class="{style}">{mark}</span><span>{t}</span></li>' for mark, t in lines) + "</ul>"
    )


def _answer(answer: str, why: str, more: str = "") -> str:
    lead = f"<b>{rich(answer)}</b><br>" if answer else ""
    return f'<div class="answer">{lead}{rich(why)}{more}</div>'


def _said(text: str) -> str:
    return f'<span class="said">{rich(text)}</span>'


def rich(text: str) -> str:
    """A text as HTML that needs no script: maths with its sub- and superscripts, other TeX as it is written."""
    return "".join(_RICH[kind](content) for kind, content in pieces(text))


_SIGNS = {"times": "×", "cdot": "·", "approx": "≈", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "sum": "∑"}
_SIGNS |= {"eta": "η", "mu": "µ", "alpha": "α", "beta": "β", "lambda": "λ", "Delta": "Δ", "infty": "∞", "sqrt": "√"}


def maths(tex: str) -> str:
    """Simple TeX as HTML: $t_{\\text{walk}} \\le 2^n$; what is not simple stays readable source."""
    text = re.sub(r"\\(?:text|mathrm|mathit)\{([^{}]*)\}", r"\1", tex)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda m: f"{_term(m[1])} / {_term(m[2])}", text)
    text = re.sub(r"\\([A-Za-z]+)", lambda m: _SIGNS.get(m[1], m[0]), text)
    text = re.sub(r"\\[,;! ]", " ", text)
    text = _html.escape(text, quote=False)
    for mark, tag in (("_", "sub"), (r"\^", "sup")):
        text = re.sub(rf"{mark}\{{([^{{}}]*)\}}", rf"<{tag}>\1</{tag}>", text)
        text = re.sub(rf"{mark}(\w)", rf"<{tag}>\1</{tag}>", text)
    return f'<span class="maths">{text}</span>'


def _term(text: str) -> str:
    return f"({text})" if re.search(r"[^\w{}\\]", text.strip()) else text


_RICH = {
    "words": lambda words: _html.escape(words, quote=False).replace("\n", "<br>"),
    "code": lambda code: f"<code>{_html.escape(code, quote=False)}</code>",
    "maths": maths,
}
