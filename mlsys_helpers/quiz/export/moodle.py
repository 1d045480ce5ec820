"""Moodle XML, for Moodle's question bank (Import, format "Moodle XML").

Element names and their meaning are those of Moodle's own importer (question/format/xml/format.php, and
question/type/ordering/questiontype.php). The ordering type is part of Moodle since 4.4 and a plug-in before; of its
ways to grade, the one chosen counts kept pairs, as `quiz.score` does.
"""

import xml.etree.ElementTree as ET

from mlsys_helpers.kit import quantity
from mlsys_helpers.quiz.export.items import Item, Loss, Numbers, Paper, numbers, right_order, spellings, typing_loss
from mlsys_helpers.quiz.export.texts import clean, html, html_list
from mlsys_helpers.quiz.questions import FillIn, Numeric, Ordering, ShortAnswer

_TYPED = (
    "ns µs us ms s min h hour hours day days week weeks year years bit kB MB GB TB KiB MiB GiB TiB B FLOP GFLOP TFLOP"
)
_TYPED += " FLOP/s GFLOP/s TFLOP/s PFLOP/s B/s MB/s GB/s TB/s pJ nJ µJ mJ J kJ Wh kWh mW W kW MW % x FLOP/B m km"


def write(paper: Paper) -> tuple[bytes, list[Loss]]:
    """The paper as a Moodle XML file: one category, and one below it for each question with several variants."""
    quiz, losses = ET.Element("quiz"), []
    home = ["ML Systems companion", paper.title]
    _category(quiz, home)
    single = [pool for pool in paper.pools if len(pool) == 1]
    several = [pool for pool in paper.pools if len(pool) > 1]
    for pool in single + several:
        if len(pool) > 1:
            _category(quiz, [*home, pool[0].question.id])
        for item in pool:
            _question(quiz, item)
        losses += _losses(pool[0])
    ET.indent(quiz)
    return ET.tostring(quiz, "UTF-8", xml_declaration=True) + b"\n", losses


def _category(quiz: ET.Element, path: list[str]) -> None:
    entry = ET.SubElement(quiz, "question", type="category")
    names = [clean(name).replace("/", "//") for name in path]
    _text(ET.SubElement(entry, "category"), "/".join(["$course$", "top", *names]))


def _question(quiz: ET.Element, item: Item) -> None:
    kind, fill = _KINDS[item.question.type]
    entry = ET.SubElement(quiz, "question", type=kind)
    _text(ET.SubElement(entry, "name"), item.name)
    _html(entry, "questiontext", html(item.prompt))
    _plain(entry, "defaultgrade", item.points)
    _plain(entry, "idnumber", item.name)
    fill(entry, item)
    tags = ET.SubElement(entry, "tags")
    for tag in [item.question.id.partition(".")[0], *(f"self-check {check}" for check in item.question.covers)]:
        _text(ET.SubElement(tags, "tag"), tag)


def _multichoice(entry: ET.Element, item: Item) -> None:
    for name, value in (("single", "true"), ("shuffleanswers", "true"), ("answernumbering", "abc")):
        _plain(entry, name, value)
    for option in item.options():
        _answer(entry, option.right, html(option.text), option.feedback, "html")


def _truefalse(entry: ET.Element, item: Item) -> None:
    for option in item.options():
        _answer(entry, option.right, option.text.lower(), option.feedback)


def _shortanswer(entry: ET.Element, item: Item) -> None:
    question = item.question
    assert isinstance(question, FillIn)
    _plain(entry, "usecase", 0)
    phrases = [(near.text, False, near.feedback) for near in question.near]
    phrases += [(phrase, True, question.feedback) for phrase in spellings(question)]
    for phrase, right, said in phrases:
        _answer(entry, right, phrase.replace("*", r"\*"), said)
    _answer(entry, False, "*", question.wrong)


def _numerical(entry: ET.Element, item: Item) -> None:
    """The first answer that fits is the one that counts, here as in Moodle; "*" fits all that is left."""
    found: Numbers = numbers(item)
    known = [(found.right, found.margin, True, found.feedback)]
    known += [(value, margin, False, said) for value, margin, said in found.mistakes]
    for value, margin, right, said in known:
        _plain(_answer(entry, right, repr(value), said), "tolerance", repr(margin))
    _plain(_answer(entry, False, "*", found.wrong), "tolerance", 0)
    _units(entry, item)


def _units(entry: ET.Element, item: Item) -> None:
    """Units that may be typed behind the number; Moodle divides by the multiplier."""
    question = item.question
    assert isinstance(question, Numeric)
    units = ET.SubElement(entry, "units")
    for name, multiplier in typed_units(question.answer_unit).items():
        unit = ET.SubElement(units, "unit")
        _plain(unit, "multiplier", f"{multiplier:.12g}")
        _plain(unit, "unit_name", name)
    _plain(entry, "unitgradingtype", 0)
    _plain(entry, "showunits", 0)  # typed behind the number, and optional
    _plain(entry, "unitsleft", 0)


def typed_units(unit: str) -> dict[str, float]:
    """How many of each unit that people may type make one `unit`; the unit itself comes first."""
    found = {quantity.plural(unit) or "x": 1.0, unit or "x": 1.0}
    for name in _TYPED.split():
        try:
            found.setdefault(name, 1 / quantity.parse(f"1 {name}", unit))
        except quantity.QuantityError:
            continue
    return found


def _ordering(entry: ET.Element, item: Item) -> None:
    question = item.question
    assert isinstance(question, Ordering)
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": len(question.items),
        "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
        "showgrading": "SHOW",
        "numberingstyle": "none",
    }
    for name, value in settings.items():
        _plain(entry, name, value)
    _html(entry, "correctfeedback", html(question.feedback))
    _html(entry, "partiallycorrectfeedback", html(question.wrong))
    _html(entry, "incorrectfeedback", html(question.wrong))
    for place, text in enumerate(right_order(item), 1):
        _text(ET.SubElement(entry, "answer", fraction=str(place), format="html"), html(text))


def _essay(entry: ET.Element, item: Item) -> None:
    question = item.question
    assert isinstance(question, ShortAnswer)
    _html(entry, "generalfeedback", html(question.feedback))
    _plain(entry, "responseformat", "plain")
    _plain(entry, "responsefieldlines", 10)
    points = f"<p>One point for each of these:</p>{html_list(question.rubric)}"
    _html(entry, "graderinfo", f"{points}<p>A full answer: {html(question.feedback)}</p>")


def _losses(item: Item) -> list[Loss]:
    question = item.question
    if isinstance(question, FillIn):
        return [typing_loss(item)]
    if isinstance(question, Ordering) and question.swaps:
        return [Loss(question.id, f"without the feedback for {len(question.swaps)} reversed pairs")]
    return []


_KINDS = {
    "multiple_choice": ("multichoice", _multichoice),
    "true_false": ("truefalse", _truefalse),
    "fill_in": ("shortanswer", _shortanswer),
    "ordering": ("ordering", _ordering),
    "numeric": ("numerical", _numerical),
    "short_answer": ("essay", _essay),
}


def _answer(entry: ET.Element, right: bool, text: str, said: str, form: str = "plain_text") -> ET.Element:
    """An answer worth all or nothing; `text` is already in the markup `form`."""
    answer = ET.SubElement(entry, "answer", fraction="100" if right else "0", format=form)
    _text(answer, text)
    _html(answer, "feedback", html(said))
    return answer


def _html(parent: ET.Element, name: str, text: str) -> None:
    _text(ET.SubElement(parent, name, format="html"), text)


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = clean(text)


def _plain(parent: ET.Element, name: str, value: object) -> None:
    ET.SubElement(parent, name).text = clean(str(value))
