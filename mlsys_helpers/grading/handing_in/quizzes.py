"""The answers to a section's quiz as they are handed in, and what they earn in a class.

A file of answers has for each question the attempts in their order: what was answered to which variant (`seed`), or
that the answer was asked for. It comes from a student's machine, so it is read with limits and scored anew.
"""

import itertools
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from mlsys_helpers.exercise.judge import NOT_TRIED, RIGHT, WRONG
from mlsys_helpers.grading.course import SHORT, Assignment, Item, part_section
from mlsys_helpers.grading.gradebook import WAITING, Entry, Received
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import bank, record
from mlsys_helpers.quiz.questions import Question, ShortAnswer
from mlsys_helpers.quiz.score import Result, score

PART, SHOWN, UNFIT = "part", "shown", "unfit"  # partly right; answer asked for first; no answer of the question's form
MAX_BYTES, MAX_QUESTIONS, MAX_ATTEMPTS, MAX_TEXT, MAX_PARTS = 4_000_000, 500, 1_000, 10_000, 50
_FORMAT = 1
_STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)  # what commands a terminal, or turns lines
_HALF = re.compile("[\ud800-\udfff]")  # half a letter, which no file can be written with


@dataclass(frozen=True)
class Attempt:
    """One answer to a question, or (`gave_up`) the wish to be shown it. `seed` is the variant that was asked."""

    response: Any = None
    seed: int = 0
    gave_up: bool = False


@dataclass(frozen=True)
class Scored:
    """What a question earned: `points` from 0 to 1, in which state it ended, and what its last answer was. The `first`
    answer, what it was worth and which misconception it showed tell more of the question than the last does."""

    state: str
    points: float
    tries: int = 0
    response: Any = None
    seed: int = 0
    feedback: str = ""
    misconception: str = ""
    first: Any = None
    first_points: float = 0.0
    first_misconception: str = ""


# --- at home --------------------------------------------------------------------------------------------------------


def packed(section: str) -> bytes:
    """This reader's answers to the quiz of a section, as they are handed in."""
    questions = bank.section_bank(section).questions
    made = {question.id: [asdict(attempt) for attempt in _attempts(question)] for question in questions}
    told = {"format": _FORMAT, "questions": {name: attempts for name, attempts in made.items() if attempts}}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf8", "replace")


def _attempts(question: Question) -> list[Attempt]:
    events = [e for e in store.history(item=question.id) if e.kind in (record.ANSWERED, record.GAVE_UP)]
    return [Attempt(e.payload.get("response"), e.payload.get("seed", 0), e.kind == record.GAVE_UP) for e in events]


# --- read back ------------------------------------------------------------------------------------------------------


def answers(data: bytes) -> dict[str, list[Attempt]]:
    """The attempts in a file of answers, by question. Raises ValueError, which says why, for what is none."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"{len(data):,} bytes of answers are more than {MAX_BYTES:,}")
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the answers are not JSON: {error}") from error
    if not isinstance(told, dict) or told.get("format") != _FORMAT or not isinstance(told.get("questions"), dict):
        raise ValueError(f"no answers: expected an object of format {_FORMAT} with questions")
    if len(told["questions"]) > MAX_QUESTIONS:
        raise ValueError(f"{len(told['questions'])} questions are more than {MAX_QUESTIONS}")
    return {name: _read_attempts(name, made) for name, made in told["questions"].items()}


def _read_attempts(name: str, made: Any) -> list[Attempt]:
    if not isinstance(made, list) or len(made) > MAX_ATTEMPTS:
        raise ValueError(f"{name[:80]!r} has no list of at most {MAX_ATTEMPTS} attempts")
    return [_read_attempt(name, one) for one in made]


def _read_attempt(name: str, one: Any) -> Attempt:
    if isinstance(one, dict):
        response, seed, gave_up = one.get("response"), one.get("seed", 0), one.get("gave_up", False)
        if type(seed) is int and abs(seed) < 2**63 and type(gave_up) is bool and _plain(response):
            return Attempt(response, seed, gave_up)
    raise ValueError(f"{name[:80]!r} has an attempt that is none: expected a response, a seed and gave_up")


def _plain(response: Any) -> bool:
    """Whether this can be a response: nothing, a text, a list of texts, or a text with the points that it makes."""
    if isinstance(response, dict):
        return set(response) <= {"text", "made"} and all(map(_plain, response.values()))
    if isinstance(response, list):
        return len(response) <= MAX_PARTS and all(isinstance(part, str) and _plain(part) for part in response)
    return response is None or (isinstance(response, str) and len(response) <= MAX_TEXT and not _HALF.search(response))


# --- scored ---------------------------------------------------------------------------------------------------------


def scored(question: Question, attempts: Iterable[Attempt]) -> Scored:
    """What a question earned: its last attempt that counts, or nothing if the answer was asked for before it was right.

    What is no answer of the question's form is passed over, and told where there is nothing else.
    """
    found = Scored(NOT_TRIED, 0.0)
    for attempt in attempts:
        if attempt.gave_up:
            if found.state != RIGHT:
                return replace(found, state=SHOWN, points=0.0, seed=attempt.seed, feedback="", misconception="")
            continue
        result = _result(question, attempt)
        if result is None:
            found = found if found.tries else Scored(UNFIT, 0.0)
        elif result.counted:
            found = _after(found, attempt, result)
    return found


def _after(before: Scored, attempt: Attempt, result: Result) -> Scored:
    """Where the question stands after one more attempt that counts."""
    first = (attempt.response, result.points, result.misconception)
    if before.tries:
        first = (before.first, before.first_points, before.first_misconception)
    state = RIGHT if result.right else PART if result.points else WRONG
    last = (attempt.response, attempt.seed, result.feedback, result.misconception)
    return Scored(state, result.points, before.tries + 1, *last, *first)


def _result(question: Question, attempt: Attempt) -> Result | None:
    try:
        return score(question, attempt.response, attempt.seed)
    except Exception:  # whatever a file makes the scoring say, it ends one attempt and never the class
        return None


def quiz_entries(assigned: Assignment, unit: Received, data: bytes) -> list[Entry]:
    """What the answers of a unit earn, an entry an item: the questions that score themselves, and each short answer.

    A file that cannot be read earns nothing, and its entries say why.
    """
    items = [item for item in assigned.items if item.part == unit.part]
    try:
        made, trouble = answers(data), ""
    except ValueError as error:
        made, trouble = {}, f"The quiz answers cannot be read: {error}. Hand them in again with `companion submit`."
    questions = bank.section_bank(part_section(unit.part)).questions
    entries = [
        _short(item, made.get(item.id, []), unit)
        if item.kind == SHORT
        else _automatic(item, [q for q in questions if not isinstance(q, ShortAnswer)], made, unit)
        for item in items
    ]
    return [_entry(item, unit, 0.0, NOT_TRIED, trouble) for item in items] if trouble else entries


def _automatic(item: Item, questions: list[Question], made: dict[str, list[Attempt]], unit: Received) -> Entry:
    """The questions that score themselves, each worth the same; `detail` has what became of each."""
    results = {question.id: scored(question, made.get(question.id, [])) for question in questions}
    points = item.points * sum(result.points for result in results.values()) / len(results)
    states = [result.state for result in results.values()]
    words = {RIGHT: "right", PART: "partly right", WRONG: "wrong", NOT_TRIED: "not answered"}
    words |= {SHOWN: "shown before they were right", UNFIT: "with an answer that does not fit the question"}
    told = ", ".join(f"{states.count(state)} {said}" for state, said in words.items() if state in states)
    status = states[0] if len(set(states)) == 1 and states[0] in (RIGHT, NOT_TRIED) else PART if points else WRONG
    detail = {"questions": {name: asdict(result) for name, result in results.items()}}
    return _entry(item, unit, points, status, f"Of {len(states)} questions: {told}.", detail)


def _short(item: Item, attempts: list[Attempt], unit: Received) -> Entry:
    """A short answer waits for a person; not written, or only after the answer was shown, it earns nothing."""
    before = list(itertools.takewhile(lambda attempt: not attempt.gave_up, attempts))
    written = [one.response for one in before if isinstance(one.response, dict) and _text(one.response).strip()]
    if written:
        detail = {"text": _text(written[-1]), "made": written[-1].get("made") or []}
        return _entry(item, unit, None, WAITING, "Waits for a mark.", detail)
    shown = len(before) < len(attempts)
    told = "The answer was asked for before one was written." if shown else "Not answered."
    return _entry(item, unit, 0.0, NOT_TRIED, told)


def _text(response: dict[str, Any]) -> str:
    """What was written, safe to be shown in a terminal."""
    text = response["text"] if isinstance(response.get("text"), str) else ""
    return _STEERS.sub("?", text.replace("\r\n", "\n"))


def _entry(
    item: Item, unit: Received, points: float | None, status: str, message: str, detail: dict[str, Any] | None = None
) -> Entry:
    return Entry(unit.student, item.id, points, item.points, status, message, digest=unit.digest, detail=detail or {})
