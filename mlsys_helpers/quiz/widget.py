"""The quiz in a notebook: one question at a time on one card.

Keyboard and screen reader: native controls in reading order; what is said after an answer, and which question a page
turn leads to, is read out when it appears. What was answered is stored at once and found again.
"""

import math

import ipywidgets as widgets

from mlsys_helpers.kit import cards, quantity
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import bank, formula, record
from mlsys_helpers.quiz.questions import Bank, Choice, FillIn, Numeric, Ordering, Question, ShortAnswer
from mlsys_helpers.quiz.score import Result, full_answer, prompt, score, shuffled, wrong_feedback

_LEADS = {"right": "Right.", "part": "Partly right.", "wrong": "Not right yet.", "": ""}
_KINDS = {
    "multiple_choice": "choose one",
    "true_false": "true or false",
    "fill_in": "fill in",
    "ordering": "put in order",
    "numeric": "work out a number",
    "short_answer": "write, then mark yourself",
}
_MARKS = {"open": "", "right": "✓", "part": "½", "wrong": "✗", "shown": "="}


class Quiz(widgets.VBox):
    """The quiz of a section ("iron_law"), or of a Bank."""

    def __init__(self, section: str | Bank):
        self.bank = bank.section_bank(section) if isinstance(section, str) else section
        if not self.bank.questions:
            raise ValueError(f"the bank of {self.bank.section} has no questions yet")
        self.standings = [record.standing(question) for question in self.bank.questions]
        self._pages: dict[int, Page] = {}
        self._head, self._tally, self._news = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._page_box = widgets.VBox(layout=widgets.Layout(min_height="300px"))
        back, forward = _button("Back", self._turn(-1)), _button("Next", self._turn(1))
        foot = widgets.HBox([back, forward, self._tally])
        foot.add_class("mlsys-foot")
        super().__init__([widgets.HTML(cards.STYLE), self._head, self._page_box, foot, self._news])
        self.add_class("mlsys-card")
        self.show(next((n for n, standing in enumerate(self.standings) if not standing.settled), 0))

    def show(self, number: int) -> None:
        """Turn to question `number`, counted from 0."""
        self.number = number
        if number not in self._pages:
            self._pages[number] = Page(self.bank.questions[number], self.standings[number], self._answered)
        self._page_box.children = (self._pages[number].box,)
        self._show_head()

    @property
    def page(self) -> "Page":
        """The page that is shown."""
        return self._pages[self.number]

    def html(self) -> str:
        """The questions and what can be answered, without answers."""
        return cards.static(self._title(), f"<ol>{''.join(f'<li>{_static(q)}</li>' for q in self.bank.questions)}</ol>")

    def text(self) -> str:
        """The questions in plain text."""
        asked = [f"{n}. {prompt(q)}" for n, q in enumerate(self.bank.questions, 1)]
        return "\n".join([self._title(), *asked])

    def _repr_mimebundle_(self, **kwargs):
        return cards.bundle(super()._repr_mimebundle_(**kwargs), self.html(), self.text())

    def _title(self) -> str:
        return f"Quiz: {len(self.bank.questions)} questions"

    def _turn(self, step: int):
        def turn(_button) -> None:
            self.show((self.number + step) % len(self.bank.questions))
            self._news.value = cards.unseen(f"{self._where()}. {self.page.asked}")
            if isinstance(self.page.question, Numeric):
                score(self.page.question, "1", self.page.seed)  # loads Pint and the model before they are needed

        return turn

    def _answered(self, standing: record.Standing) -> None:
        self.standings[self.number] = standing
        self._show_head()

    def _where(self) -> str:
        return f"Question {self.number + 1} of {len(self.bank.questions)}"

    def _show_head(self) -> None:
        states = [standing.state for standing in self.standings]
        kind = _KINDS[self.bank.questions[self.number].type]
        marks = "".join(_mark(n, state, n == self.number) for n, state in enumerate(states))
        self._head.value = (
            cards.head(f"{self._where()}: {kind}")
            + f'<ol class="mlsys-marks" aria-label="How each question stands">{marks}</ol>'
            + (cards.said("Take note:", store.trouble(), "part") if store.trouble() else "")
        )
        self._tally.value = cards.rich(record.tally(states))


class Page:
    """One question with its controls; calls `answered` with the new standing after every answer."""

    def __init__(self, question: Question, standing: record.Standing, answered):
        self.question, self.standing, self._answered = question, standing, answered
        self.seed = standing.seed
        self.controls = _CONTROLS[type(question)](question)
        self._prompt = widgets.HTMLMath()
        self._said = widgets.HTMLMath(layout=widgets.Layout(min_height=_room(question)))
        self.check_button = _button("Check", lambda _: self.check(), "primary")
        self.check_button.add_class("mlsys-enter")
        self.answer_button = _button("Show answer", lambda _: self.give_up())
        self.variant_button = _button("Other numbers", lambda _: self.other_numbers())
        buttons = widgets.HBox([self.check_button, self.answer_button, self.variant_button])
        self.box = widgets.VBox([self._prompt, self.controls.box, buttons, self._said, widgets.HTML(cards.MEND)])
        if standing.response is not None:
            self.controls.put(standing.response)
        self._ask()
        self._update()
        self._say(standing.result, announce=False)

    @property
    def asked(self) -> str:
        """The question in words."""
        return prompt(self.question, self.seed)

    @property
    def feedback(self) -> str:
        """What the card says about the last answer, as HTML."""
        return self._said.value

    def check(self) -> None:
        """Score what the reader entered, store it and say what it is worth."""
        if self.standing.settled:
            return self._say(self.standing.result)
        problem = self.controls.missing()
        if problem:
            self._said.value = cards.said("", problem, announce=True)
            return None
        with store.held():
            result = record.submit(self.question, self.controls.response(), self.seed)
            self._say(result)  # stored, so it may be told; the rest of the card can follow
            if result.counted:
                self._restand()
        return None

    def give_up(self) -> None:
        """Store that the reader wants to see the answer, and show it."""
        record.give_up(self.question, self.seed)
        self._restand()
        self._say(self.standing.result)

    def other_numbers(self) -> None:
        """Ask the same question with other givens."""
        before = self.asked
        while self.asked == before:
            self.seed += 1
        self.standing = record.Standing(seed=self.seed)
        self.controls.clear()
        self._said.value = cards.unseen(self.asked)
        self._ask()
        self._update()
        self.controls.line.focus()  # the button that had the focus is hidden now

    def _restand(self) -> None:
        self.standing = record.standing(self.question)
        self._update()
        if self.standing.settled:
            self.check_button.focus()  # what had the focus is locked or hidden now
        self._answered(self.standing)

    def _ask(self) -> None:
        self._prompt.value = f"<p>{cards.rich(self.asked)}</p>"
        if isinstance(self.question, Choice) and _by_letter(self.question):
            self._prompt.value += cards.lettered(option.text for option in self.question.options)

    def _update(self) -> None:
        tried, settled = self.standing.tries > 0, self.standing.settled
        self.controls.lock(settled)
        self.answer_button.layout.display = "" if tried and not settled else "none"
        self.variant_button.layout.display = "" if settled and formula.has_variants(self.question) else "none"

    def _say(self, result: Result | None, announce: bool = True) -> None:
        if self.standing.state == "shown":
            self._said.value = cards.said("The answer:", full_answer(self.question, self.seed), "", announce)
        elif result:
            tone = "" if not result.counted else "right" if result.right else "part" if result.points else "wrong"
            self._said.value = cards.said(_LEADS[tone], result.feedback, tone, announce)


class _Options:
    """Choose one option: radio buttons, none of them chosen beforehand.

    Their labels are plain text; where an option holds maths or code, the prompt lists all by letter.
    """

    def __init__(self, question: Choice):
        texts = [option.text for option in question.options]
        labels = [chr(ord("A") + n) for n in range(len(texts))] if _by_letter(question) else texts
        self.radio = widgets.RadioButtons(options=list(zip(labels, texts, strict=True)), value=None)
        self.box = self.radio

    def response(self) -> str:
        return self.radio.value

    def missing(self) -> str:
        return "" if self.radio.value else "Choose one of the options first."

    def put(self, response: str) -> None:
        self.radio.value = response

    def clear(self) -> None:
        self.radio.value = None

    def lock(self, locked: bool) -> None:
        self.radio.disabled = locked


class _Line:
    """One line of text; Enter checks it.

    The text travels as a whole when it is entered: sent letter by letter, a busy kernel would see the click first.
    """

    def __init__(self, question: FillIn | Numeric):
        label, example = "Your answer:", ""
        if isinstance(question, Numeric):
            unit = question.answer_unit
            label = f"Your answer, in {quantity.plural(unit)} or with a unit of your own:" if unit else label
            example = f"for example {quantity.example(unit)}"
        width = widgets.Layout(width="calc(100% - 4px)")
        self.line = widgets.Text(placeholder=example, layout=width, continuous_update=False)
        self.line.description, self.line.style.description_width = label, "initial"
        self.box = self.line

    def response(self) -> str:
        return self.line.value

    def missing(self) -> str:
        return "" if self.line.value.strip() else "Type an answer first."

    def put(self, response: str) -> None:
        self.line.value = response

    def clear(self) -> None:
        self.line.value = ""

    def lock(self, locked: bool) -> None:
        self.line.disabled = locked


class _Order:
    """Items as radio buttons; the chosen one moves up or down."""

    def __init__(self, question: Ordering):
        self.items = shuffled(question)
        self.radio = widgets.RadioButtons(options=self._numbered(), value=None)
        self.up, self.down = _button("Move up", lambda _: self.move(-1)), _button("Move down", lambda _: self.move(1))
        self.news = widgets.HTML(_aside("Choose an item, then move it."))
        self.box = widgets.VBox([self.news, self.radio, widgets.HBox([self.up, self.down])])

    def move(self, step: int) -> None:
        """Move the chosen item by one place, and say where it is now."""
        old = self.radio.index
        if old is None:
            self.news.value = _aside("Choose an item first, then move it.", announce=True)
            return
        new = min(max(old + step, 0), len(self.items) - 1)
        self.items.insert(new, self.items.pop(old))
        self._show(new)
        where = f"Number {new + 1} of {len(self.items)} now: {self.items[new]}"
        self.news.value = _aside(where, announce=True)

    def _show(self, chosen: int | None) -> None:
        self.radio.options = self._numbered()
        self.radio.index = chosen

    def _numbered(self) -> list[str]:
        return [f"{n}. {item}" for n, item in enumerate(self.items, 1)]

    def response(self) -> list[str]:
        return list(self.items)

    def missing(self) -> str:
        return ""

    def put(self, response: list[str]) -> None:
        self.items = list(response)
        self._show(None)

    def clear(self) -> None:
        self._show(None)

    def lock(self, locked: bool) -> None:
        for control in (self.radio, self.up, self.down):
            control.disabled = locked


class _Written:
    """Write first; then the points of the rubric appear, to be marked by the writer."""

    def __init__(self, question: ShortAnswer):
        room = 34 + sum(12 + _lines_px(point) for point in question.rubric)
        size = widgets.Layout(width="calc(100% - 4px)", height=f"{96 + room}px")  # the rubric takes its room from here
        self.area = widgets.Textarea(layout=size, continuous_update=False)
        self.area.description, self.area.style.description_width = "Your answer:", "initial"
        self.points = [widgets.Checkbox(description=point, indent=False) for point in question.rubric]
        how = widgets.HTML("<p>Which of these points does your answer make? Mark them, then check again.</p>")
        self.rubric = widgets.VBox([how, *self.points])
        self.rubric.layout.display, self.rubric.layout.min_height = "none", f"{room}px"
        self.box = widgets.VBox([self.area, self.rubric])

    def response(self) -> dict:
        made = [point.description for point in self.points if point.value]
        return {"text": self.area.value, "made": made}

    def missing(self) -> str:
        """Text first; the first check with text opens the rubric."""
        if not self.area.value.strip():
            return "Write your answer first, in a sentence or two."
        if self.rubric.layout.display == "none":
            self._open()
            return "Now mark the points that your answer makes, and check again."
        return ""

    def put(self, response: dict) -> None:
        self.area.value = response["text"]
        for point in self.points:
            point.value = point.description in response["made"]
        self._open()

    def _open(self) -> None:
        self.area.layout.height, self.rubric.layout.display = "96px", ""

    def clear(self) -> None:
        self.put({"text": "", "made": []})

    def lock(self, locked: bool) -> None:
        for control in (self.area, *self.points):
            control.disabled = locked


_CONTROLS = {Choice: _Options, FillIn: _Line, Numeric: _Line, Ordering: _Order, ShortAnswer: _Written}


def _button(label: str, act, style: str = "") -> widgets.Button:
    button = widgets.Button(description=label, button_style=style)
    button.on_click(act)
    return button


def _aside(text: str, announce: bool = False) -> str:
    role = ' role="alert"' if announce else ""
    return f'<p class="mlsys-aside"{role}>{cards.rich(text)}</p>'


def _by_letter(question: Choice) -> bool:
    """Whether options need more than the plain text of a radio button's label."""
    return not all(cards.is_plain(option.text) for option in question.options)


def _room(question: Question) -> str:
    """The height that the longest feedback takes on a narrow card, kept from the start so that nothing jumps."""
    right = question.feedback if isinstance(question, Numeric) else full_answer(question, 0)
    longest = max([right, *wrong_feedback(question)], key=len)
    return f"{20 + max(42, _lines_px(f'Partly right. 1 of 6 points made. {longest}'))}px"


def _lines_px(text: str) -> int:
    """The height of a text on a narrow card, 66 letters to a line."""
    return 21 * math.ceil(len(text) / 66)


def _mark(number: int, state: str, current: bool) -> str:
    here = ' aria-current="true"' if current else ""
    words = record.STATES[state]
    sign = f" {_MARKS[state]}" if _MARKS[state] else ""
    return f'<li title="{words}"{here}>{number + 1}{sign}<span class="mlsys-unseen"> {words}</span></li>'


def _static(question: Question) -> str:
    """A question without its answer, as HTML."""
    asked = f"<p>{cards.rich(prompt(question))}</p>"
    if isinstance(question, Choice):
        return asked + cards.listed(option.text for option in question.options)
    if isinstance(question, Ordering):
        return asked + cards.listed(shuffled(question))
    return asked
