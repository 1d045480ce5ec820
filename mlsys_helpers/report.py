"""Where a reader stands: what they predicted, answered and solved, section by section.

    from mlsys_helpers import report
    report.progress()       # a table
    report.calibration()    # how well the reader knows what they know

Read from the record of progress alone, and quick: answers count as they were scored when they were given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mlsys_helpers import chapter
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.progress import calibration as calibrated
from mlsys_helpers.progress import store
from mlsys_helpers.progress.calibration import Forecast
from mlsys_helpers.quiz import bank, record, review

# The kinds of events that `kit.predict` and `exercise.notebook` record; they are not imported, since they need
# ipywidgets and NumPy, and this command should answer at once.
PREDICTED, REVEALED, EXERCISE, HINT, SOLUTION = "predict", "reveal", "exercise", "hint", "solution"
HEADS = ("section", "predicted", "quiz", "1st try", "tasks", "points", "help", "due")
SHORT = {"right": "right", "part": "partly", "wrong": "wrong", "shown": "shown", "open": "open"}  # of record.STATES


@dataclass(frozen=True)
class Line:
    """What was done in one section, or in all: how many of each.

    `states` are those of the quiz questions (keys of `record.STATES`); of the `tried` ones, `first_try` were right at
    once. `tasks_right` and `earned` count every task that was right at least once; `solutions` are worked answers that
    were opened. `due` are reviews due today.
    """

    name: str
    states: tuple[str, ...]
    tried: int
    first_try: int
    predictions: int
    predicted: int
    foreseen: int
    tasks: int
    tasks_right: int
    points: int
    earned: int
    attempts: int
    hints: int
    solutions: int
    due: int

    @property
    def begun(self) -> bool:
        """Whether the reader has predicted, answered or tried anything."""
        return bool(self.predicted or self.tried or self.attempts or self.hints)

    @property
    def cells(self) -> tuple[str, ...]:
        """The line in words, under HEADS."""
        if not self.begun:
            return (self.name, "not begun", *[""] * (len(HEADS) - 2))
        counts = {words: self.states.count(state) for state, words in SHORT.items()}
        used = {"hints": self.hints, "shown": self.solutions}
        return (
            self.name,
            f"{self.predicted}/{self.predictions}" + f", {self.foreseen} right" * bool(self.predicted),
            ", ".join(f"{count} {words}" for words, count in counts.items() if count),
            f"{self.first_try}/{self.tried}",
            f"{self.tasks_right}/{self.tasks}",
            f"{self.earned}/{self.points}",
            ", ".join(f"{count} {words}" for words, count in used.items() if count),
            str(self.due or ""),
        )


@dataclass(frozen=True)
class Progress:
    """A line for each open section, their sum, and what can be said of the reader's forecasts and reviews."""

    lines: tuple[Line, ...]
    forecasts: tuple[Forecast, ...]
    reviews: str

    @property
    def table(self) -> Table:
        """The lines in words, with their sum where there is more than one section."""
        return table(HEADS, [line.cells for line in (*self.lines, *self._sum())])

    @property
    def said(self) -> tuple[str, ...]:
        """On calibration, on review, and on progress that cannot be kept."""
        known = (calibrated.spoken(self.forecasts), self.reviews, store.trouble())
        return tuple(sentence for sentence in known if sentence)

    def _sum(self) -> tuple[Line, ...]:
        if len(self.lines) < 2:
            return ()
        _, states, *numbers = zip(*(vars(line).values() for line in self.lines), strict=True)
        return (Line("all", sum(states, ()), *map(sum, numbers)),)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {
            "text/markdown": "\n\n".join([self.table.markdown, *self.said]),
            "text/plain": "\n\n".join([repr(self.table), *self.said]),
        }


def progress(now: datetime | None = None) -> Progress:
    """Where the reader stands at `now`, which decides what is due."""
    now = now or review.now()
    sections = chapter.open_sections()
    banks = {section.slug: bank.section_bank(section.slug) for section in sections}
    questions = [question for found in banks.values() for question in found.questions]
    entries = review.schedule(questions, now.tzinfo)
    states = dict(zip((question.id for question in questions), record.states(questions), strict=True))
    done = _Done.read(states, [entry.question.id for entry in entries if entry.day <= now.date()])
    lines = tuple(_line(section, banks[section.slug], done) for section in sections)
    return Progress(lines, done.forecasts, review.outlook(entries, now.date()))


def calibration():
    """How often what the reader called certain, likely or a guess came true, as a picture with its text."""
    from mlsys_helpers.kit.figure import show
    from mlsys_helpers.progress.figures import plot_calibration

    return show(plot_calibration(_forecasts()))


@dataclass(frozen=True)
class _Done:
    """Everything that was done, each thing named once for each time that counts."""

    states: dict[str, str]
    predicted: frozenset[str]
    forecasts: tuple[Forecast, ...]
    first_answers: dict[str, store.Event]
    attempts: tuple[str, ...]
    best: dict[str, store.Event]
    hints: tuple[str, ...]
    solutions: frozenset[str]
    due: tuple[str, ...]

    @classmethod
    def read(cls, states: dict[str, str], due: Iterable[str]) -> "_Done":
        tries = store.history(EXERCISE)
        return cls(
            states,
            frozenset(store.firsts(PREDICTED)),
            _forecasts(),
            store.firsts(record.ANSWERED),
            tuple(event.item for event in tries),
            {event.item: event for event in tries if event.payload["status"] == "right"},
            tuple(event.item for event in store.history(HINT)),
            frozenset(store.firsts(SOLUTION)),
            tuple(due),
        )


def _forecasts() -> tuple[Forecast, ...]:
    first = [*store.firsts(PREDICTED).values(), *store.firsts(REVEALED).values()]
    return tuple(calibrated.forecasts(first))


def _line(section: chapter.Section, found: bank.Bank, done: _Done) -> Line:
    def mine(names: Iterable[str]) -> list[str]:
        return [name for name in names if name.startswith(f"{section.slug}.")]

    firsts = [done.first_answers[question.id] for question in found.questions if question.id in done.first_answers]
    asked = {prediction.id for prediction in found.predictions}
    return Line(
        name=f"{section.heading} {section.title}",
        states=tuple(done.states[question.id] for question in found.questions),
        tried=len(firsts),
        first_try=sum(event.payload["right"] for event in firsts),
        predictions=len(asked),
        predicted=len(asked & done.predicted),
        foreseen=sum(forecast.right for forecast in done.forecasts if forecast.item in asked),
        tasks=section.tasks,
        tasks_right=len(mine(done.best)),
        points=section.points,
        earned=sum(done.best[task].payload["points"] for task in mine(done.best)),
        attempts=len(mine(done.attempts)),
        hints=len(mine(done.hints)),
        solutions=len(mine(done.solutions)),
        due=len(mine(done.due)),
    )
