"""A section's question bank: `quiz.toml`, read into typed questions and checked while it is read.

Every question has an `id` (unique and never changed: answers are stored under it), a `type`, an `objective` (what
answering it shows) and a `prompt`; optional is `covers`, the self-checks of the chapter that it stands for ("6.3").
Prompt, options and feedback may hold `code` in backticks and maths between dollar signs; items, the points of a rubric
and the options of a prediction are plain text (x², not $x^2$). Feedback to a right answer follows the word "Right.";
feedback to a wrong one does not give the right one away. `misconception`, a short name of the mistake, is optional
wherever a wrong answer has feedback. One of each type:

    [[question]]
    id = "faster_chip"
    type = "multiple_choice"            # one option is right, each has its feedback; they are shown in another order
    objective = "Tie the peak rate to one term"
    covers = ["6.1"]
    prompt = "..."
    options = [
      { text = "The compute term", right = true, feedback = "..." },
      { text = "The data term", feedback = "...", misconception = "peak rate moves bytes" },
    ]

    [[question]]
    id = "exact"
    type = "true_false"
    objective = "..."
    prompt = "..."
    answer = false
    feedback = { true = "said to whoever chose true", false = "..." }
    misconception = "takes a model for a law of nature"

    [[question]]
    id = "gap"
    type = "fill_in"                    # lenient: case, hyphens, articles, British or American, small typing errors
    objective = "..."
    prompt = "..."
    accept = ["verification gap", "verification invariant"]
    feedback = "said when right"
    wrong = "said to any other wrong answer"
    near = [{ text = "generalisation gap", feedback = "...", misconception = "..." }]       # optional

    [[question]]
    id = "eras"
    type = "ordering"                   # the items in their right order; they are shown in another one
    objective = "..."
    prompt = "..."
    items = ["Expert systems", "Statistical learning", "Deep learning"]
    feedback = "said when right"
    wrong = "said otherwise"
    swaps = [{ first = "Statistical learning", second = "Deep learning", feedback = "said if reversed" }]    # optional

    [[question]]
    id = "days"
    type = "numeric"
    objective = "..."
    prompt = "{chips} chips of {peak_flop_per_s} at {share}: how many days for {flop}?"  # givens, written with units
    givens.chips = { choices = [512, 1024] }
    givens.share = { low = 0.3, high = 0.6, step = 0.05, unit = "%" }
    givens.peak_flop_per_s = { formula = "facts.chip('A100_SXM_80').peak('fp16')", unit = "FLOP/s" }
    givens.flop = { value = 3.14e23, unit = "FLOP" }
    answer = "training_time_s(flop, chips, peak_flop_per_s, share)"    # SI: s, byte, FLOP, J, dollar; fractions, not %
    answer_unit = "day"                 # how it is shown, and what a bare number means; "" is a plain ratio
    tolerance = 0.02                    # relative; 0.02 when left out
    feedback = "said when right; may name a given, or {answer}"
    wrong = "said to any other wrong number"
    mistakes = [
      { formula = "training_time_s(flop, chips, peak_flop_per_s, 1)", feedback = "...", misconception = "..." },
    ]

    [[question]]
    id = "upgrade"
    type = "short_answer"               # the reader writes, then marks which points were made
    objective = "..."
    prompt = "..."
    rubric = ["Names the binding term", "Says why the other upgrade changes nothing"]
    feedback = "a good answer, in full"

A prediction is made before the reader sees a result. Its options are names (`key`), or half-open ranges low <= x <
high that follow on each other from -infinity to +infinity, so that the result itself says which option was right.

    [[prediction]]
    id = "saving"
    prompt = "How many days does it save?"
    unit = "days"                       # of the ranges and of the value given to `reveal`; optional
    options = [
      { label = "less than 3", high = 3 },
      { label = "3 to 7", low = 3, high = 7 },
      { label = "7 or more", low = 7 },
    ]

    [[prediction]]
    id = "binding"
    prompt = "Which term binds?"
    options = [{ label = "The data term", key = "data" }, { label = "The compute term", key = "compute" }]

A given's unit decides how it is written: "FLOP", "B", "FLOP/s" get an SI prefix, "s" becomes a duration, "%" shows a
fraction as a percentage, "$" stands in front. A formula is an expression over the public names of the section's
`model`, the constants of `kit.units`, `facts`, and the givens above it, without builtins. It is evaluated: a bank is
part of the package and trusted like its code; never load one that came from elsewhere.
"""

import functools
import importlib.resources
import itertools
import math
import random
import re
import tomllib
from dataclasses import fields
from pathlib import Path

from mlsys_helpers.kit.cards import is_plain
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.quiz.questions import (
    Bank,
    Choice,
    FillIn,
    Given,
    Mistake,
    Near,
    Numeric,
    Option,
    Ordering,
    Outcome,
    Prediction,
    Question,
    ShortAnswer,
    Swap,
)

PLACEHOLDER = re.compile(r"(?<![\\\w^}])\{([A-Za-z]\w*)\}")  # {chips}, but not the \text{chips} or x_{i} of a formula


class BankError(ValueError):
    """A question bank is not as it should be; the message names file, question and field."""


def section_bank(section: str) -> Bank:
    """The bank of a section by its short name, such as "iron_law"."""
    return _section_bank(section)


def prediction(id: str) -> Prediction:
    """The prediction "section.name" from its section's bank."""
    return section_bank(id.partition(".")[0]).prediction(id)


def load(path: Path, section: str, model: str) -> Bank:
    """Read and check one bank. `model` is the dotted name of the module that its formulas use."""
    return read(Path(path).read_text(encoding="utf8"), str(path), section, model)


def read(text: str, name: str, section: str, model: str) -> Bank:
    """A bank from TOML text; `name` is what errors call the file."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BankError(f"{name}: not valid TOML: {error}") from None
    top = _Table(content, name)
    questions = tuple(_question(table, section, model) for table in top.tables("question", "question", []))
    predictions = tuple(_prediction(table, section) for table in top.tables("prediction", "prediction", []))
    top.done()
    _unique(
        [q.id for q in questions + predictions],
        f"{name}: id",
        "used more than once; ids are what answers are stored under",
    )
    return Bank(section, questions, predictions)


@functools.cache
def _section_bank(section: str) -> Bank:
    """Package data does not change while Python runs, so each bank is read once."""
    folder = importlib.resources.files("mlsys_helpers") / "sections"
    known = sorted(f.name for f in folder.iterdir() if f.name != "__pycache__" and (f / "quiz.toml").is_file())
    file = folder / one_of("section with a quiz", section, known) / "quiz.toml"
    return read(
        file.read_text(encoding="utf8"), f"{section}/quiz.toml", section, f"mlsys_helpers.sections.{section}.model"
    )


_REQUIRED = object()
_Common = tuple[str, str, str, tuple[str, ...], str]  # what every question has: id, type, objective, covers, prompt


class _Table:
    """A TOML table that is read field by field: each must be there and of its kind, and none may be left over."""

    def __init__(self, content: dict, where: str):
        self.left = dict(content)
        self.known: list[str] = []
        self.where = where

    def fail(self, field: str, problem: str) -> BankError:
        return BankError(f"{self.where}, {field}: {problem}")

    def value(self, field: str, kind: type | tuple, wanted: str, default=_REQUIRED):
        self.known.append(field)
        found = self.left.pop(field, default)
        if found is _REQUIRED:
            raise self.fail(field, f"missing; expected {wanted}")
        if found is not default and (not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool)):
            raise self.fail(field, f"expected {wanted}, got {found!r}")
        return found

    def text(self, field: str, default=_REQUIRED) -> str:
        found = self.value(field, str, "text", default)
        if default is _REQUIRED and not found.strip():
            raise self.fail(field, "must not be empty")
        return found.strip()

    def texts(self, field: str, at_least: int, default=_REQUIRED) -> tuple[str, ...]:
        found = self.value(field, list, "a list of texts", default)
        if not all(isinstance(text, str) and text.strip() for text in found) or len(found) < at_least:
            raise self.fail(field, f"expected a list of at least {at_least} texts, got {found!r}")
        _unique(found, f"{self.where}, {field}:", "is listed twice")
        return tuple(found)

    def number(self, field: str, default=_REQUIRED) -> float:
        return self.value(field, (int, float), "a number", default)

    def tables(self, field: str, each: str, default=_REQUIRED) -> "list[_Table]":
        found = self.value(field, list, "a list of tables", default)
        if not all(isinstance(entry, dict) for entry in found):
            raise self.fail(field, f"expected a list of tables, got {found!r}")
        return [_Table(entry, f"{self.where}, {_called(each, entry, n)}") for n, entry in enumerate(found, 1)]

    def done(self) -> None:
        for field in self.left:
            try:
                one_of("field", field, self.known)
            except ValueError as error:
                raise BankError(f"{self.where}: {error}") from None


def _called(each: str, entry: dict, number: int) -> str:
    return f"{each} {entry['id']!r}" if isinstance(entry.get("id"), str) else f"{each} {number}"


def _unique(values, where: str, problem: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise BankError(f"{where} {value!r} {problem}")
        seen.add(value)


def _id(table: _Table, section: str) -> str:
    name = table.text("id")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise table.fail("id", f"expected small letters, digits and underscores, got {name!r}")
    return f"{section}.{name}"


def _question(table: _Table, section: str, model: str) -> Question:
    id, type = _id(table, section), table.text("type")
    if type not in _READERS:
        raise table.fail("type", f"unknown type {type!r}; known: {', '.join(_READERS)}")
    covers = table.texts("covers", 0, [])
    common = (id, type, table.text("objective"), covers, table.text("prompt"))
    question = _READERS[type](table, common, model)
    table.done()
    return question


def _multiple_choice(table: _Table, common: _Common, model: str) -> Choice:
    options = []
    for entry in table.tables("options", "option"):
        right = entry.value("right", bool, "true or false", False)
        options.append(Option(entry.text("text"), right, entry.text("feedback"), entry.text("misconception", "")))
        entry.done()
    right_ones = [option.text for option in options if option.right]
    if len(right_ones) != 1 or len(options) < 2:
        raise table.fail(
            "options", f"exactly one of at least two must be right, got {len(right_ones)} of {len(options)}"
        )
    _unique([option.text for option in options], f"{table.where}, options:", "is listed twice")
    random.Random(f"option order of {common[0]}").shuffle(options)  # authors like to write the right one first
    return Choice(*common, tuple(options))


def _true_false(table: _Table, common: _Common, model: str) -> Choice:
    answer = table.value("answer", bool, "true or false")
    said = _Table(table.value("feedback", dict, "a table with true and false"), f"{table.where}, feedback")
    misconception = table.text("misconception", "")
    options = [
        Option(str(value), value is answer, said.text(str(value).lower()), "" if value is answer else misconception)
        for value in (True, False)
    ]
    said.done()
    return Choice(*common, tuple(options))


def _fill_in(table: _Table, common: _Common, model: str) -> FillIn:
    near = _each(Near, table.tables("near", "near", []))
    return FillIn(*common, table.texts("accept", 1), table.text("feedback"), table.text("wrong"), near)


def _ordering(table: _Table, common: _Common, model: str) -> Ordering:
    items, swaps = _plain(table, "items", table.texts("items", 3)), _each(Swap, table.tables("swaps", "swap", []))
    for swap in swaps:
        if not {swap.first, swap.second} <= set(items) or items.index(swap.first) >= items.index(swap.second):
            raise table.fail("swaps", f"{swap.first!r} and {swap.second!r} must be items, in their right order")
    return Ordering(*common, items, table.text("feedback"), table.text("wrong"), swaps)


def _numeric(table: _Table, common: _Common, model: str) -> Numeric:
    contents = table.value("givens", dict, "a table of givens", {})
    givens = tuple(_given(name, content, table) for name, content in contents.items())
    tolerance = table.number("tolerance", 0.02)
    if not 0 < tolerance <= 0.2:
        raise table.fail("tolerance", f"expected a relative tolerance above 0 and at most 0.2, got {tolerance}")
    mistakes = _each(Mistake, table.tables("mistakes", "mistake", []))
    question = Numeric(
        *common,
        givens,
        table.text("answer"),
        table.text("answer_unit", ""),
        tolerance,
        table.text("feedback"),
        table.text("wrong"),
        mistakes,
        model,
    )
    _check_formulas(question, table)
    _check_placeholders(question, table)
    return question


def _given(name: str, content, table: _Table) -> Given:
    if not isinstance(content, dict):
        raise table.fail(f"givens.{name}", "expected a table with value, choices, low/high/step, or formula")
    entry = _Table(content, f"{table.where}, givens.{name}")
    unit, formula = entry.text("unit", ""), entry.text("formula", "")
    choices: tuple = ()
    if not formula:
        choices = _choices(entry)
    entry.done()
    return Given(name, unit, choices, formula)


def _choices(entry: _Table) -> tuple[float | str, ...]:
    if "choices" in entry.left:
        found = entry.value("choices", list, "a list")
        if not found or not all(isinstance(v, (int, float, str)) and not isinstance(v, bool) for v in found):
            raise entry.fail("choices", f"expected a list of numbers or texts, got {found!r}")
        return tuple(found)
    if "low" in entry.left:
        low, high, step = entry.number("low"), entry.number("high"), entry.number("step")
        if not (step > 0 and high > low):
            raise entry.fail("low", "expected low < high and a step above zero")
        return tuple(float(f"{low + n * step:.12g}") for n in range(math.floor((high - low) / step + 1e-9) + 1))
    return (entry.value("value", (int, float, str), "value, choices, low/high/step, or formula"),)


def _check_formulas(question: Numeric, table: _Table) -> None:
    named = [
        ("answer", question.answer),
        *((f"givens.{g.name}.formula", g.formula) for g in question.givens if g.formula),
    ]
    named += [(f"mistakes[{n}].formula", m.formula) for n, m in enumerate(question.mistakes, 1)]
    for field, formula in named:
        try:
            compile(formula, "formula", "eval")
        except (SyntaxError, ValueError) as error:
            raise table.fail(field, f"not an expression: {formula!r} ({error})") from None


def _check_placeholders(question: Numeric, table: _Table) -> None:
    givens = {given.name for given in question.givens}
    spoken = {"prompt": question.prompt, "feedback": question.feedback, "wrong": question.wrong}
    spoken |= {f"mistakes[{n}].feedback": m.feedback for n, m in enumerate(question.mistakes, 1)}
    for field, text in spoken.items():
        unknown = set(PLACEHOLDER.findall(text)) - givens - ({"answer"} if field == "feedback" else set())
        if unknown:
            raise table.fail(field, f"{{{min(unknown)}}} is no given; known: {', '.join(sorted(givens)) or 'none'}")


def _short_answer(table: _Table, common: _Common, model: str) -> ShortAnswer:
    return ShortAnswer(*common, _plain(table, "rubric", table.texts("rubric", 2)), table.text("feedback"))


def _plain(table: _Table, field: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts, if a control's label can show them: widgets render no maths and no code there."""
    for text in texts:
        if not is_plain(text):
            raise table.fail(field, f"{text!r} holds maths or code, which is not shown there; write x² or FLOP/s")
    return texts


def _each(kind, tables: list[_Table]) -> tuple:
    """One `kind` from each table; all its fields are texts, and only `misconception` may be missing."""
    made = []
    for table in tables:
        names = [field.name for field in fields(kind)]
        made.append(kind(*(table.text(name, "") if name == "misconception" else table.text(name) for name in names)))
        table.done()
    return tuple(made)


def _prediction(table: _Table, section: str) -> Prediction:
    id, prompt, unit = _id(table, section), table.text("prompt"), table.text("unit", "")
    entries = table.tables("options", "option")
    options = tuple(
        Outcome(
            entry.text("label"), entry.text("key", ""), entry.number("low", -math.inf), entry.number("high", math.inf)
        )
        for entry in entries
    )
    for entry in [*entries, table]:
        entry.done()
    _unique([option.label for option in options], f"{table.where}, options:", "is listed twice")
    _plain(table, "options", tuple(option.label for option in options))
    problem = _options_problem(options)
    if problem:
        raise table.fail("options", problem)
    return Prediction(id, prompt, unit, options)


def _options_problem(options: tuple[Outcome, ...]) -> str:
    """Why the options do not leave exactly one of them right for every result; empty when they do."""
    if len(options) < 2:
        return "at least two are needed"
    ranges = [option for option in options if not option.key]
    if ranges and len(ranges) < len(options):
        return "either all have a key or all have a range"
    if not ranges:
        keys = [option.key for option in options]
        return "" if len(set(keys)) == len(keys) else f"a key is used twice: {', '.join(keys)}"
    ends = [(option.low, option.high) for option in sorted(ranges, key=lambda option: option.low)]
    joined = all(high == low for (_, high), (low, _) in itertools.pairwise(ends))
    whole = ends[0][0] == -math.inf and ends[-1][1] == math.inf and all(low < high for low, high in ends)
    return "" if joined and whole else f"the ranges must follow on each other from -infinity to +infinity, got {ends}"


_READERS = {
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "ordering": _ordering,
    "numeric": _numeric,
    "short_answer": _short_answer,
}
