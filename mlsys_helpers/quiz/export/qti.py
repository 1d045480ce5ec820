"""QTI 1.2 for Canvas (Settings, Import Course Content, "QTI .zip file"), made by text2qti from its own text format.

The package is the same bytes for the same paper: dates are fixed and nothing in it is compressed.
"""

import io
import string
import zipfile

from mlsys_helpers.quiz.export.items import Item, Loss, Numbers, Paper, numbers, spellings, typing_loss
from mlsys_helpers.quiz.export.texts import clean, pieces
from mlsys_helpers.quiz.questions import FillIn, Numeric, Ordering, ShortAnswer

_DATE = "2026-01-01"
_ROUNDING = 0.5e-4  # text2qti writes numbers with four decimals


class ConverterMissing(ImportError):
    """text2qti is not installed."""


def write(paper: Paper) -> tuple[bytes, list[Loss]]:
    """The paper as a zip for Canvas; what it cannot ask is left out and told."""
    losses: list[Loss] = []
    blocks = [_heading(paper)]
    for pool in paper.pools:
        reasons = {item: _obstacle(item) for item in pool}
        carried = [item for item in pool if not reasons[item]]
        losses += _losses(pool, carried, next((why for why in reasons.values() if why), ""))
        if carried:
            blocks.append(_pool(carried))
    return _package("\n\n".join(blocks) + "\n"), losses


def _heading(paper: Paper) -> str:
    return f"Quiz title: {_line(paper.title)}\nshuffle answers: true"


def _obstacle(item: Item) -> str:
    """Why Canvas cannot ask an item; empty if it can."""
    if isinstance(item.question, Ordering):
        return "QTI 1.2 for Canvas has no ordering question"
    if isinstance(item.question, Numeric) and numbers(item).margin < 5 * _ROUNDING:
        return "text2qti rounds to four decimals, which is too coarse for its tolerance"
    return ""


def _losses(pool: tuple[Item, ...], carried: list[Item], reason: str) -> list[Loss]:
    question = pool[0].question
    if not carried:
        return [Loss(question.id, reason, whole=True)]
    losses = []
    if len(carried) < len(pool):
        losses.append(Loss(question.id, f"{len(carried)} of {len(pool)} variants go; {reason}"))
    if isinstance(question, Numeric) and question.mistakes:
        losses.append(Loss(question.id, f"without the feedback for {len(question.mistakes)} known wrong numbers"))
    if isinstance(question, FillIn):
        losses.append(typing_loss(pool[0]))
        if question.near:
            losses.append(Loss(question.id, f"without the feedback for {len(question.near)} known wrong phrases"))
    return losses


def _pool(items: list[Item]) -> str:
    """A question, or a group of variants from which Canvas picks one."""
    if len(items) == 1:
        return _question(items[0])
    group = f"GROUP\npick: 1\npoints per question: {items[0].points}"
    return "\n\n".join([group, *map(_question, items), "END_GROUP"])


def _question(item: Item) -> str:
    asked = [f"Title: {_line(item.name)}", f"Points: {item.points}", f"1. {markdown(item.prompt)}"]
    return "\n".join(asked + _BODIES[item.question.type](item))


def _choice(item: Item) -> list[str]:
    lines = []
    for letter, option in zip(string.ascii_lowercase, item.options(), strict=False):
        lines.append(f"{'*' if option.right else ''}{letter}) {markdown(option.text)}")
        lines.append(f"... {markdown(option.feedback)}")
    return lines


def _fill_in(item: Item) -> list[str]:
    question = item.question
    assert isinstance(question, FillIn)
    return [*_said(question.feedback, question.wrong), *(f"* {_line(text)}" for text in spellings(question))]


def _numeric(item: Item) -> list[str]:
    found: Numbers = numbers(item)
    return [*_said(found.feedback, found.wrong), f"= {found.right!r} +- {found.margin!r}"]


def _essay(item: Item) -> list[str]:
    question = item.question
    assert isinstance(question, ShortAnswer)
    points = "".join(f"<br>{n}: {markdown(point)}" for n, point in enumerate(question.rubric, 1))
    return [f"... {markdown(question.feedback)}<br>One point for each of these{points}", "____"]


def _said(right: str, wrong: str) -> list[str]:
    return [f"+ {markdown(right)}", f"- {markdown(wrong)}"]


_BODIES = {
    "multiple_choice": _choice,
    "true_false": _choice,
    "fill_in": _fill_in,
    "numeric": _numeric,
    "short_answer": _essay,
}


def markdown(text: str) -> str:
    """One line of text2qti's Markdown; all punctuation of the words as entities, so that none of it is markup."""
    return "".join(_MARKDOWN[kind](content) for kind, content in pieces(text.strip()))


def _words(text: str) -> str:
    return "".join(f"&#{ord(c)};" if c in string.punctuation else c for c in text).replace("\n", "<br>")


_MARKDOWN = {
    "words": _words,
    "code": lambda code: f"`{_line(code)}`",
    "maths": lambda tex: f"${_line(tex)}$",
}


def _line(text: str) -> str:
    """A text that is taken as it is, on one line."""
    return " ".join(clean(text).split())


def _package(text: str) -> bytes:
    try:
        from text2qti.config import Config
        from text2qti.err import Text2qtiError
        from text2qti.qti import QTI
        from text2qti.quiz import Quiz
        from text2qti.xml_imsmanifest import imsmanifest
    except ImportError as error:
        raise ConverterMissing(
            "packages for Canvas are made by text2qti, which is not installed: python -m pip install text2qti"
        ) from error
    try:
        quiz = Quiz(text, config=Config())
    except Text2qtiError as error:
        raise ValueError(f"text2qti refuses the quiz: {error}") from error
    made = QTI(quiz)
    made.imsmanifest_xml = imsmanifest(
        manifest_identifier=made.manifest_identifier,
        assessment_identifier=made.assessment_identifier,
        dependency_identifier=made.dependency_identifier,
        images=quiz.images,
        date=_DATE,
    )
    return _undated(made.zip_bytes())


def _undated(package: bytes) -> bytes:
    """The same files in the same order, without the time at which they were packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w") as new:
        for entry in old.infolist():
            undated = zipfile.ZipInfo(entry.filename)
            undated.create_system = 3  # as on Linux, also where the packing system would be written as another
            new.writestr(undated, old.read(entry))
    return packed.getvalue()
