"""A reader's answers: given, scored, stored at once, and found again.

Answers given in review (`REVIEWED`) are kept apart, so that they change nothing about where the reader stands with the
quiz. One without points means that the answer was asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mlsys_helpers.progress import store
from mlsys_helpers.quiz.questions import Question
from mlsys_helpers.quiz.score import Result, score

ANSWERED = "quiz.answer"
GAVE_UP = "quiz.gave_up"
REVIEWED = "quiz.review"
STATES = {"right": "right", "part": "partly right", "wrong": "not right yet", "shown": "answer shown", "open": "open"}


@dataclass(frozen=True)
class Standing:
    """Where a reader stands with a question: its state (a key of STATES), the last response, and what it was worth.

    `seed` is the variant that was answered last, `tries` the number of answers to it, and `first_try` whether the very
    first answer to the question was right.
    """

    state: str = "open"
    response: object = None
    seed: int = 0
    tries: int = 0
    result: Result | None = None
    first_try: bool = False

    @property
    def settled(self) -> bool:
        """Whether there is nothing more to answer: earned, or given up."""
        return self.state in ("right", "shown")


def submit(question: Question, response, seed: int = 0, kind: str = ANSWERED) -> Result:
    """Score a response and store it; a response that does not count is scored only."""
    result = score(question, response, seed)
    if result.counted:
        payload = {"response": response, "seed": seed, "points": result.points, "right": result.right}
        store.record(kind, question.id, payload | {"misconception": result.misconception})
    return result


def give_up(question: Question, seed: int = 0, kind: str = GAVE_UP) -> None:
    """Store that the reader asked for the answer."""
    store.record(kind, question.id, {"seed": seed})


def standing(question: Question) -> Standing:
    """Where the reader stands, scored anew with the bank as it is today."""
    events = [event for event in store.history(item=question.id) if event.kind in (ANSWERED, GAVE_UP)]
    if not events:
        return Standing()
    seed = int(events[-1].payload.get("seed", 0))
    answers = [event for event in events if event.kind == ANSWERED]
    tries = [event.payload["response"] for event in answers if event.payload.get("seed", 0) == seed]
    gave_up = any(event.kind == GAVE_UP and event.payload.get("seed", 0) == seed for event in events)
    result = _rescored(question, tries[-1], seed) if tries else None
    first_try = bool(answers) and bool(answers[0].payload.get("right"))
    return Standing(_state(result, gave_up), tries[-1] if result else None, seed, len(tries), result, first_try)


def states(questions: Iterable[Question]) -> list[str]:
    """The state of each question, by what its last answer was worth when it was given.

    The same as the state of its `standing`, unless the bank has changed since; and quick for a whole chapter, since
    it neither reads every answer nor scores any.
    """
    answered, gave_up = store.latests(ANSWERED), store.latests(GAVE_UP)
    return [_state_when_given(answered.get(question.id), gave_up.get(question.id)) for question in questions]


def _state_when_given(answered: store.Event | None, gave_up: store.Event | None) -> str:
    newest = max(filter(None, (answered, gave_up)), key=lambda event: event.at, default=None)
    result = None
    if answered and newest and answered.payload["seed"] == newest.payload["seed"]:
        result = Result(answered.payload["points"], answered.payload["right"], "")
    return _state(result, bool(gave_up and newest and gave_up.payload["seed"] == newest.payload["seed"]))


def tally(states: list[str]) -> str:
    """How a quiz stands, in words: '3 right, 1 partly right, 7 open'."""
    return ", ".join(f"{states.count(state)} {words}" for state, words in STATES.items() if state in states)


def _rescored(question: Question, response, seed: int) -> Result | None:
    """None when the stored response no longer fits the question, because the bank has changed since."""
    try:
        return score(question, response, seed)
    except (TypeError, ValueError):
        return None


def _state(result: Result | None, gave_up: bool) -> str:
    if result and result.right:
        return "right"
    if gave_up:
        return "shown"
    if not result:
        return "open"
    return "part" if result.points > 0 else "wrong"
