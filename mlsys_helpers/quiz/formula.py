"""The numbers of a numeric question: givens drawn from a seed, formulas evaluated, and both written for people.

Formulas come with the package and are trusted like its code (see `bank`); what a reader types never gets here.
"""

import importlib
import math
import random
import re
from types import ModuleType

from mlsys_helpers.kit import quantity, units
from mlsys_helpers.quiz.bank import PLACEHOLDER, BankError
from mlsys_helpers.quiz.questions import Given, Numeric

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def givens(question: Numeric, seed: int) -> dict[str, float | str]:
    """The givens of the variant `seed`: the same for the same question and seed, everywhere and always."""
    rng = random.Random(f"{question.id}/{seed}")
    values: dict[str, float | str] = {}
    for given in question.givens:
        drawn = rng.choice(given.choices) if given.choices else None
        values[given.name] = evaluate(question, given.formula, values) if drawn is None else drawn
    return values


def has_variants(question) -> bool:
    """Whether other seeds can give other numbers."""
    return isinstance(question, Numeric) and any(len(given.choices) > 1 for given in question.givens)


def evaluate(question: Numeric, formula: str, values: dict) -> float:
    """The value of a formula in SI, from the model's public functions and the givens."""
    try:
        return float(eval(formula, {"__builtins__": {}, **_names(question.model), **values}))
    except Exception as error:
        raise BankError(f"question {question.id!r}: {formula!r} cannot be computed with {values}: {error}") from error


def answer(question: Numeric, values: dict) -> float:
    """The right answer in the question's answer unit."""
    return evaluate(question, question.answer, values) / quantity.factor(question.answer_unit)


def filled(text: str, question: Numeric, values: dict) -> str:
    """`text` with every {given}, and {answer}, written with its unit."""
    written = {given.name: show_given(given, values[given.name]) for given in question.givens}
    if "{answer}" in text:
        written["answer"] = show(answer(question, values), question.answer_unit)
    return PLACEHOLDER.sub(lambda match: written.get(match[1], match[0]), text)


def show(value: float, unit: str) -> str:
    """A number of `unit` as a person writes it: '25.3 days', '1.33', '75 %'."""
    text = units.number(value, _digits(value))
    return _powers(f"{text} {unit if text == '1' else quantity.plural(unit)}".strip())


def show_given(given: Given, value: float | str) -> str:
    """A given in SI, written with the prefix that suits it; a "%" is a fraction, an "s" a duration."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not given.unit:
        return f"{value:,}"
    if given.unit == "%":
        return units.percent(value, _digits(100 * value))
    if given.unit == "s":
        return _powers(re.sub(r"\.0+ ", " ", units.duration(value)))
    if given.unit == "$":
        return f"${units.number(value, _digits(value))}"
    digits = _digits(value)
    return _powers(units.si(value, given.unit, digits) if given.unit else units.number(value, digits))


def _digits(value: float) -> int:
    """As many significant digits as the number has; three when it has more than six."""
    exact = (n for n in range(1, 7) if math.isclose(float(f"{value:.{n - 1}e}"), value, rel_tol=1e-12))
    return next(exact, 3)


def _names(model: str) -> dict[str, object]:
    """What a formula may use besides its givens."""
    constants = {name: getattr(units, name) for name in dir(units) if name.isupper() and not name.startswith("_")}
    module = importlib.import_module(model)
    public = {name: thing for name, thing in vars(module).items() if _public(name, thing)}
    return {"min": min, "max": max, "facts": importlib.import_module("mlsys_helpers.facts"), **constants, **public}


def _public(name: str, thing: object) -> bool:
    return not name.startswith("_") and not isinstance(thing, ModuleType)


def _powers(text: str) -> str:
    """3.14e+23 as 3.14 × 10²³."""
    return re.sub(r"e([+-])0*(\d+)", lambda m: " × 10" + (m[1].strip("+") + m[2]).translate(_SUPERSCRIPT), text)
