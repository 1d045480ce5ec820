"""What a question, a prediction and a bank are, as typed and frozen data. `bank` reads them and explains each field."""

import math
from dataclasses import dataclass

from mlsys_helpers.kit.checks import one_of


@dataclass(frozen=True)
class Question:
    """What every question has. `id` includes the section: "iron_law.faster_chip"."""

    id: str
    type: str
    objective: str
    covers: tuple[str, ...]
    prompt: str


@dataclass(frozen=True)
class Option:
    """One thing to choose, and what to say to whoever chose it."""

    text: str
    right: bool
    feedback: str
    misconception: str = ""


@dataclass(frozen=True)
class Choice(Question):
    """Multiple choice, or true or false: the response is the text of an option."""

    options: tuple[Option, ...]


@dataclass(frozen=True)
class Near:
    """A wrong answer that deserves words of its own."""

    text: str
    feedback: str
    misconception: str = ""


@dataclass(frozen=True)
class FillIn(Question):
    """The response is text."""

    accept: tuple[str, ...]
    feedback: str
    wrong: str
    near: tuple[Near, ...]


@dataclass(frozen=True)
class Swap:
    """Two items in their right order, and what to say to whoever reversed them."""

    first: str
    second: str
    feedback: str
    misconception: str = ""


@dataclass(frozen=True)
class Ordering(Question):
    """The response is the list of items in the reader's order."""

    items: tuple[str, ...]
    feedback: str
    wrong: str
    swaps: tuple[Swap, ...]


@dataclass(frozen=True)
class Given:
    """A number of a numeric question: one of `choices`, or computed by `formula` from the givens before it."""

    name: str
    unit: str
    choices: tuple[float | str, ...] = ()
    formula: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known wrong number: the formula that produces it, and what to say."""

    formula: str
    feedback: str
    misconception: str = ""


@dataclass(frozen=True)
class Numeric(Question):
    """The response is text such as "25 days". Formulas see the public names of the module `model`."""

    givens: tuple[Given, ...]
    answer: str
    answer_unit: str
    tolerance: float
    feedback: str
    wrong: str
    mistakes: tuple[Mistake, ...]
    model: str


@dataclass(frozen=True)
class ShortAnswer(Question):
    """The response is {"text": what was written, "made": [rubric points that it makes]}."""

    rubric: tuple[str, ...]
    feedback: str


@dataclass(frozen=True)
class Outcome:
    """One option of a prediction: right for the result `key`, or for results with low <= result < high."""

    label: str
    key: str = ""
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Prediction:
    """Asked before a result is seen."""

    id: str
    prompt: str
    unit: str
    options: tuple[Outcome, ...]


@dataclass(frozen=True)
class Bank:
    """The questions and predictions of one section, in the order of the file."""

    section: str
    questions: tuple[Question, ...]
    predictions: tuple[Prediction, ...]

    def question(self, id: str) -> Question:
        """The question "section.name"; ValueError with the nearest match when there is none."""
        return _find("question", self.questions, id)

    def prediction(self, id: str) -> Prediction:
        """The prediction "section.name"; ValueError with the nearest match when there is none."""
        return _find("prediction", self.predictions, id)


def _find(what: str, things, id: str):
    known = {thing.id: thing for thing in things}
    return known[one_of(what, id, known)]
