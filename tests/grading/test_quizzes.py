"""Quiz answers that are handed in: what they earn, and that no file of them can end a class."""

import json
from datetime import UTC, datetime

import pytest

from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import WAITING, Received
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.grading.handing_in.quizzes import Attempt
from mlsys_helpers.quiz import bank, record, score
from mlsys_helpers.quiz.questions import Choice, Numeric, Ordering, ShortAnswer

QUESTIONS = bank.section_bank("iron_law").questions
AUTOMATIC = [q for q in QUESTIONS if not isinstance(q, ShortAnswer)]
SHORT = [q for q in QUESTIONS if isinstance(q, ShortAnswer)]
UNIT = Received("ada", "iron_law.quiz", "d1", datetime(2026, 12, 1, tzinfo=UTC), "x")


def of(kind):
    return next(question for question in QUESTIONS if isinstance(question, kind))


def right(question, seed=0):
    return Attempt(score.right_response(question, seed), seed)


def wrong(question):
    return Attempt(next(option.text for option in question.options if not option.right))


@pytest.fixture
def assigned(tmp_path):
    return course.Assignment("cs249", "06", tmp_path, (course.Part("iron_law", {}, quiz=len(QUESTIONS)),))


def entries(assigned, data):
    return {entry.item: entry for entry in quizzes.quiz_entries(assigned, UNIT, data)}


def test_all_right_at_home_is_full_points_in_class_and_short_answers_wait(assigned):
    for place, question in enumerate(QUESTIONS):
        record.submit(question, score.right_response(question, place), place)
    found = entries(assigned, quizzes.packed("iron_law"))
    assert found["iron_law.quiz"].points == found["iron_law.quiz"].possible == len(AUTOMATIC)
    assert found["iron_law.quiz"].status == "right"
    for question in SHORT:
        entry = found[question.id]
        assert (entry.points, entry.status, entry.possible) == (None, WAITING, 1.0)
        assert entry.detail["text"] == question.feedback
    assert all((entry.student, entry.digest) == ("ada", "d1") for entry in found.values())


def test_nothing_answered_earns_nothing_and_waits_for_nobody(assigned):
    found = entries(assigned, quizzes.packed("iron_law"))
    assert {entry.points for entry in found.values()} == {0.0}
    assert {entry.status for entry in found.values()} == {"not tried"}


def test_the_last_try_counts():
    question = of(Choice)
    assert quizzes.scored(question, [wrong(question), right(question)]).points == 1
    worse = quizzes.scored(question, [right(question), wrong(question)])
    assert (worse.points, worse.tries, worse.first, worse.first_points) == (0, 2, right(question).response, 1)


def test_asking_for_the_answer_before_it_is_right_earns_nothing_and_after_it_costs_nothing():
    question, shown = of(Numeric), Attempt(gave_up=True)
    assert quizzes.scored(question, [shown, right(question, 4)]).points == 0
    assert quizzes.scored(question, [right(question, 4), shown]).points == 1


def test_a_numeric_answer_is_scored_on_the_students_own_variant():
    question = of(Numeric)
    own, other = score.right_response(question, 1), score.right_response(question, 2)
    assert own != other
    assert quizzes.scored(question, [Attempt(own, 1)]).state == "right"
    assert quizzes.scored(question, [Attempt(own, 2)]).state == "wrong"


def test_part_of_an_order_earns_a_part(assigned):
    question = of(Ordering)
    swapped = [question.items[1], question.items[0], *question.items[2:]]
    found = quizzes.scored(question, [Attempt(swapped)])
    assert found.state == "part" and 0 < found.points < 1


def test_a_short_answer_is_the_last_one_before_it_was_shown(assigned):
    question = SHORT[0]
    first, second = ({"text": text, "made": []} for text in ("mine", "copied"))
    told = {question.id: [{"response": first}, {"gave_up": True}, {"response": second}]}
    found = entries(assigned, packed(told))[question.id]
    assert found.detail["text"] == "mine"
    only_after = entries(assigned, packed({question.id: [{"gave_up": True}, {"response": second}]}))[question.id]
    assert (only_after.points, only_after.detail) == (0.0, {})


def test_a_short_answer_cannot_command_the_terminal_that_shows_it(assigned):
    told = {SHORT[0].id: [{"response": {"text": "a\r\n\tb \x1b[2J\x9b1m\u202e \xa0é", "made": []}}]}
    assert entries(assigned, packed(told))[SHORT[0].id].detail["text"] == "a\n\tb ?[2J?1m? \xa0é"


@pytest.mark.parametrize("response", [None, "", "none of the options", ["a"], {"text": ["a"]}, {}])
def test_a_response_of_the_wrong_form_earns_nothing_and_says_so(assigned, response):
    told = {question.id: [{"response": response, "seed": 1}] for question in QUESTIONS}
    found = entries(assigned, packed(told))
    assert all(not entry.points for entry in found.values())
    assert "does not fit" in found["iron_law.quiz"].message


def test_a_misfit_after_an_answer_leaves_the_answer_standing():
    question = of(Choice)
    assert quizzes.scored(question, [right(question), Attempt("none of the options")]).points == 1


def packed(questions):
    return json.dumps({"format": 1, "questions": questions}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no json",
        b"[" * 100_000,
        b"[]",
        b'{"format": 2, "questions": {}}',
        b'{"format": 1, "questions": []}',
        packed({"q": 3}),
        packed({"q": [3]}),
        packed({"q": [{"seed": "1"}]}),
        packed({"q": [{"seed": True}]}),
        packed({"q": [{"seed": 10**30}]}),
        packed({"q": [{"gave_up": 1}]}),
        packed({"q": [{"response": 1.5}]}),
        packed({"q": [{"response": {"text": {"text": {}}, "other": ""}}]}),
        packed({"q": [{"response": ["a"] * 51}]}),
        packed({"q": [{"response": "a" * 10_001}]}),
        packed({"q": [{"response": "\ud800"}]}),
        packed({"q": [{}] * 1_001}),
        packed({str(number): [] for number in range(501)}),
        b" " * (quizzes.MAX_BYTES + 1),
    ],
    ids=range(20),
)
def test_what_are_no_answers_earns_nothing_and_says_why(assigned, data):
    with pytest.raises(ValueError, match=r"answers|questions|attempt"):
        quizzes.answers(data)
    found = entries(assigned, data)
    assert len(found) == 1 + len(SHORT)
    assert all(entry.points == 0 and "cannot be read" in entry.message for entry in found.values())


def test_questions_that_nobody_asked_are_passed_over(assigned):
    assert entries(assigned, packed({"other.thing": [{"response": "x"}]}))["iron_law.quiz"].points == 0
