"""Review: what was missed comes back, at growing intervals, until it is known.

The record of answers is the only truth: a question's card is replayed from it with FSRS (the package `fsrs`), whose
random fuzz is off, so that the same record always gives the same days. The rules, in one place:

* A day on which a question is answered, in the notebook, the terminal or in review, is one review of it, rated by the
  lowest of that day's answers: wrong or given up is Again, partly right is Hard, right is Good. What became right only
  after the feedback was not known yet, so a later answer of the same day never raises the rating. Easy is not used:
  nobody says how easy it was.
* A question is in review from the first of these days that is rated below Good.
* Intervals are whole days: a question missed today is asked again tomorrow, however well it was known. Days are those
  of the time zone of the `now` that is passed in.
* Only a question's latest `REPLAYED` answers count: few are ever answered so often, and reading stays quick.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from fsrs import Card, Rating, Scheduler
from rich.console import Console
from rich.markup import escape

from mlsys_helpers.progress import store
from mlsys_helpers.quiz import formula, record, terminal
from mlsys_helpers.quiz.questions import Question
from mlsys_helpers.quiz.score import prompt

REPLAYED = 30
_KINDS = (record.ANSWERED, record.GAVE_UP, record.REVIEWED)
_TOMORROW = (timedelta(days=1),)
_SCHEDULER = Scheduler(learning_steps=_TOMORROW, relearning_steps=_TOMORROW, enable_fuzzing=False)


@dataclass(frozen=True)
class Due:
    """A question in review, and the day from which it is asked again."""

    day: date
    question: Question


def now() -> datetime:
    """The present moment in the reader's own time zone."""
    return datetime.now().astimezone()


def days(zone: tzinfo | None, item: str | None = None) -> dict[str, dict[date, float]]:
    """For each question, or for one, the days on which it was answered and the lowest points of each day."""
    return {question: _lowest(events, zone) for question, events in store.recent(_KINDS, REPLAYED, item).items()}


def _lowest(events: Iterable[store.Event], zone: tzinfo | None) -> dict[date, float]:
    lowest: dict[date, float] = {}
    for event in events:
        day = datetime.fromisoformat(event.at).astimezone(zone).date()
        lowest[day] = min(lowest.get(day, 1.0), event.payload.get("points", 0.0))  # no points: the answer was shown
    return lowest


def rating(points: float) -> Rating:
    """What a day's lowest points, 0 to 1, say about how well the question is known."""
    return Rating.Good if points == 1 else Rating.Hard if points else Rating.Again


def due_day(answered: Mapping[date, float]) -> date | None:
    """The day from which a question answered so is asked again; None when it was never missed."""
    missed = [day for day, points in answered.items() if points < 1]
    if not missed:
        return None
    card = Card(card_id=0)
    for day in sorted(day for day in answered if day >= min(missed)):
        card, _ = _SCHEDULER.review_card(card, rating(answered[day]), datetime.combine(day, time(), UTC))
    return card.due.date()


def schedule(questions: Iterable[Question], zone: tzinfo | None) -> list[Due]:
    """Those of `questions` that are in review, the longest due first. What the bank no longer has is left out."""
    answered = days(zone)
    found = [(due_day(answered[question.id]), question) for question in questions if question.id in answered]
    return sorted((Due(day, question) for day, question in found if day), key=lambda due: due.day)


def variant(question: Question) -> int:
    """A seed that this question was not asked with before, and numbers other than the last ones where it has some."""
    used = [int(event.payload.get("seed", 0)) for event in store.history(item=question.id) if event.kind in _KINDS]
    last = used[-1] if used else 0
    fresh = range(max(used, default=0) + 1, max(used, default=0) + 100)
    if not formula.has_variants(question):
        return last
    return next((seed for seed in fresh if prompt(question, seed) != prompt(question, last)), fresh[0])


def run(
    questions: Sequence[Question],
    limit: int | None = None,
    console: Console | None = None,
    ask: Callable[[str], str] = input,
    clock: Callable[[], datetime] = now,
) -> None:
    """Ask those of `questions` that are due, at most `limit`; say when each, and the next of all, comes back."""
    console = console or Console()
    today = clock().date()
    due = [entry.question for entry in schedule(questions, clock().tzinfo) if entry.day <= today]
    asked = due[:limit]
    if asked:
        console.print(f"{len(due)} due{f', {len(asked)} asked now' if len(asked) < len(due) else ''}. {terminal.HELP}")
    try:
        for number, question in enumerate(asked, 1):
            console.print(f"\n[bold]Review {number} of {len(asked)}, from {question.id.partition('.')[0]}[/bold]")
            _pose(question, console, ask)
            console.print(_returns(question, clock()), highlight=False)
    except terminal.STOPPED:
        console.print("\nStopped. What you answered is kept.")
    console.print(("\n" if asked else "") + outlook(schedule(questions, clock().tzinfo), clock().date()))
    if store.trouble():
        console.print(f"[yellow]{escape(store.trouble())}[/yellow]")


def _pose(question: Question, console: Console, ask: Callable[[str], str]) -> None:
    submit = functools.partial(record.submit, kind=record.REVIEWED)
    give_up = functools.partial(record.give_up, kind=record.REVIEWED)
    terminal.pose(question, variant(question), console, ask, submit=submit, give_up=give_up)


def _returns(question: Question, moment: datetime) -> str:
    day = due_day(days(moment.tzinfo, question.id)[question.id])
    if day is None:
        return f"Your latest {REPLAYED} answers to it were all right: it leaves review."
    if day <= moment.date():
        return "Skipped: it stays due."
    return f"It comes back {_when(day, moment.date())}."


def outlook(entries: list[Due], today: date) -> str:
    """What is due now and next, in words."""
    waiting = sum(entry.day <= today for entry in entries)
    later = [entry.day for entry in entries if entry.day > today]
    if not entries:
        return "Nothing to review yet: questions come here once you have missed them in a quiz."
    said = f"Due for review: {waiting}" if waiting else "Nothing is due for review"
    wait = "1 waits, and comes back" if len(later) == 1 else f"{len(later)} wait; the next comes back"
    return f"{said}. {wait} {_when(min(later), today)}." if later else f"{said}."


def _when(day: date, today: date) -> str:
    ahead = (day - today).days
    return "tomorrow" if ahead == 1 else f"in {ahead} days, on {day.isoformat()}"
