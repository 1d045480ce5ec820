"""Predict before you see: the first answer is kept for ever and shown again beside the result.

`predict("iron_law.saving")` asks; `reveal("iron_law.saving", value)` sets the result beside what was predicted. The
options live in the section's `quiz.toml`, and the result itself decides which one was right. How sure a reader was is
stored as a probability, so that `progress.calibration` can say how well they know what they know.
"""

from dataclasses import dataclass

import ipywidgets as widgets

from mlsys_helpers.kit import cards
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import Outcome, Prediction

PREDICTED, REVEALED = "predict", "reveal"
FAIRLY_SURE, CERTAIN = 0.7, 0.95


def predict(id: str) -> "Predict":
    """Ask the prediction "section.name"; once committed it is locked, also after a restart."""
    return Predict(bank.prediction(id))


def reveal(id: str, value) -> "Reveal":
    """Show the result beside the prediction "section.name".

    `value` is a number in the prediction's own unit, or one of its keys. Raises ValueError when it fits no option.
    """
    prediction = bank.prediction(id)
    right = right_option(prediction, value)
    made = store.first(PREDICTED, id)
    if not store.first(REVEALED, id):
        store.record(REVEALED, id, {"right": right.label})
    return Reveal(prediction, value, right, made)


def right_option(prediction: Prediction, value) -> Outcome:
    """The option that the result makes right."""
    for option in prediction.options:
        if value == option.key if option.key else not isinstance(value, str) and option.low <= value < option.high:
            return option
    wanted = ", ".join(option.key for option in prediction.options if option.key) or "a number"
    raise ValueError(f"prediction {prediction.id!r}: expected {wanted}, got {value!r}")


def confidences(prediction: Prediction) -> dict[str, float]:
    """What a reader can say about how sure they are, and the probability that it stands for."""
    guess = 1 / len(prediction.options)
    sure = {"A guess": guess, "Fairly sure": max(FAIRLY_SURE, guess), "Certain": CERTAIN}
    return {f"{words} ({percent(chance)})": chance for words, chance in sure.items()}


class Predict(widgets.VBox):
    """The card that asks one prediction."""

    def __init__(self, prediction: Prediction):
        self.prediction = prediction
        self._chances = confidences(prediction)
        self.option = widgets.RadioButtons(options=[option.label for option in prediction.options], value=None)
        self.confidence = widgets.RadioButtons(options=list(self._chances), value=None)
        self.button = widgets.Button(description="Commit", button_style="primary")
        self.button.on_click(lambda _: self.commit())
        self.said = widgets.HTMLMath()
        ask = widgets.HTMLMath(cards.head("Predict") + f"<p>{cards.rich(prediction.prompt)}</p>")
        sure = widgets.HTML('<p class="mlsys-aside">How sure are you?</p>')
        super().__init__(
            [
                widgets.HTML(cards.STYLE),
                ask,
                self.option,
                sure,
                self.confidence,
                widgets.HBox([self.button]),
                self.said,
                widgets.HTML(cards.MEND),
            ],
            layout=widgets.Layout(min_height=f"{326 + 28 * len(prediction.options)}px"),
        )
        self.add_class("mlsys-card")
        self._restore(announce=False)

    def commit(self) -> None:
        """Store the prediction for good, unless one is stored already, and lock the card."""
        id = self.prediction.id
        if not store.first(PREDICTED, id):
            if self.option.value is None or self.confidence.value is None:
                self.said.value = cards.said("", "Choose an answer and how sure you are, then commit.", announce=True)
                return
            seen = store.first(REVEALED, id) is not None
            chosen = {"choice": self.option.value, "chance": self._chances[self.confidence.value], "seen": seen}
            store.record(PREDICTED, id, chosen | {"confidence": self.confidence.value})
        self._restore(announce=True)

    def _restore(self, announce: bool) -> None:
        made = store.first(PREDICTED, self.prediction.id)
        if not made:
            return
        for radio, wanted in ((self.option, made.payload["choice"]), (self.confidence, made.payload["confidence"])):
            radio.value = wanted if wanted in radio.options else None
        for control in (self.option, self.confidence):
            control.disabled = True
        self.button.description = "Committed"  # not disabled: the keyboard would lose its place
        words = f"{made.payload['choice']}, on {_when(made)}. Read on to see."
        text = cards.said("You predicted:", words, announce=announce)
        self.said.value = text + (cards.said("Take note:", store.trouble(), "part") if store.trouble() else "")

    def html(self) -> str:
        """The prediction as it is asked."""
        options = cards.listed(option.label for option in self.prediction.options)
        return cards.static("Predict", f"<p>{cards.rich(self.prediction.prompt)}</p>{options}")

    def text(self) -> str:
        """The prediction in plain text."""
        return "\n".join([f"Predict: {self.prediction.prompt}", *(f"- {o.label}" for o in self.prediction.options)])

    def _repr_mimebundle_(self, **kwargs):
        return cards.bundle(super()._repr_mimebundle_(**kwargs), self.html(), self.text())


@dataclass(frozen=True)
class Reveal:
    """A result beside what was predicted; shows itself in a notebook and as text."""

    prediction: Prediction
    value: float | str
    right: Outcome
    made: store.Event | None

    def html(self) -> str:
        """The result, and the prediction if there was one."""
        return cards.static("Result", "".join(cards.said(*line) for line in self._lines()))

    def text(self) -> str:
        """The same in plain text."""
        return "\n".join(f"{lead} {text}" for lead, text, _ in self._lines())

    def _lines(self) -> list[tuple[str, str, str]]:
        result = ("Computed:", f"{self._written()}.", "")
        if not self.made:
            return [result, ("Your prediction:", "none yet. Commit one above, then run this cell again.", "")]
        agrees = self.made.payload["choice"] == self.right.label
        verdict = "which is right" if agrees else "which is not what came out"
        said = f"{self.made.payload['choice']}; {self.made.payload['confidence'].lower()}"
        return [result, ("You predicted:", f"{said}, {verdict}.", "right" if agrees else "wrong")]

    def _written(self) -> str:
        if isinstance(self.value, str):
            return self.right.label
        value = f"{self.value:,}" if isinstance(self.value, int) else number(self.value)  # a count stays whole
        return f"{f'{value} {self.prediction.unit}'.strip()}, so: {self.right.label}"

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.html()


def _when(event: store.Event) -> str:
    """The day and minute of an event, in UTC."""
    return f"{event.at[:10]} at {event.at[11:16]} UTC"
