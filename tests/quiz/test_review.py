"""Review: what was missed returns on later and later days, replayed from the record alone."""

import io
import itertools
import json
import random
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from rich.console import Console

from mlsys_helpers.progress import store
from mlsys_helpers.quiz import record, review
from mlsys_helpers.quiz.questions import Bank
from mlsys_helpers.quiz.score import prompt, right_response

MONDAY = date(2026, 3, 2)


class Clock:
    """A clock that tests set; call it for the time."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def later(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch):
    """Events are recorded at the time of this clock."""
    made = Clock()

    class Told(datetime):
        @classmethod
        def now(cls, tz=None):
            return made.now.astimezone(tz)

    monkeypatch.setattr(store, "datetime", Told)
    return made


@pytest.fixture
def lamp(sample):
    return sample.questions[0]


WRONG_LAMP = "Nothing, as 2 < 3 & so on"


def answer(question, right=True, kind=record.ANSWERED):
    return record.submit(question, right_response(question) if right else WRONG_LAMP, kind=kind)


def due(sample, clock):
    return {entry.question.id: entry.day for entry in review.schedule(sample.questions, clock.now.tzinfo)}


def take(questions, clock, *typed, limit=None):
    """Run a review with these lines typed; what was printed."""
    lines, output = iter(typed), io.StringIO()

    def ask(words):
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    review.run(questions, limit, Console(file=output, width=200), ask, clock)
    return output.getvalue()


def test_what_was_never_missed_is_not_asked(sample, clock, lamp):
    assert due(sample, clock) == {}
    assert "once you have missed them" in take(sample.questions, clock)
    answer(lamp)
    assert due(sample, clock) == {}


def test_a_miss_returns_the_next_day_and_right_answers_put_it_off_further_and_further(sample, clock, lamp):
    answer(lamp, right=False)
    assert due(sample, clock)[lamp.id] == MONDAY + timedelta(days=1)
    gaps = []
    for _ in range(6):
        clock.now = clock.now.replace(hour=9) + (due(sample, clock)[lamp.id] - clock.now.date())
        answer(lamp, kind=record.REVIEWED)
        gaps.append((due(sample, clock)[lamp.id] - clock.now.date()).days)
    assert gaps == sorted(gaps) and gaps[0] <= 3 and gaps[-1] > 14
    clock.later(days=1)
    answer(lamp, right=False)
    assert due(sample, clock)[lamp.id] == clock.now.date() + timedelta(days=1)


def test_the_lowest_answer_of_a_day_rates_it(sample, clock, lamp):
    answer(lamp, right=False)
    missed = due(sample, clock)
    clock.later(minutes=5)
    answer(lamp)  # right, with the feedback still on the screen
    assert due(sample, clock) == missed
    assert review.days(UTC) == {lamp.id: {MONDAY: 0.0}}


def test_partly_right_comes_back_later_than_wrong(clock):
    known = {MONDAY: 0.0, MONDAY + timedelta(days=1): 1.0, MONDAY + timedelta(days=4): 1.0}
    wrong, partly, right = (known | {MONDAY + timedelta(days=14): points} for points in (0.0, 0.5, 1.0))
    assert review.due_day(wrong) < review.due_day(partly) < review.due_day(right)
    assert review.due_day({MONDAY: 0.5}) and review.due_day({MONDAY: 1.0}) is None


def test_an_answer_that_was_shown_counts_as_wrong(sample, clock, lamp):
    answer(lamp)
    clock.later(days=1)
    record.give_up(lamp)
    assert due(sample, clock) == {lamp.id: clock.now.date() + timedelta(days=1)}


def test_days_are_those_of_the_readers_time_zone(sample, clock, lamp):
    west = timezone(timedelta(hours=-8))
    clock.now = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)  # Monday evening, half past five, in the west
    answer(lamp, right=False)
    assert review.days(west) == {lamp.id: {MONDAY: 0.0}}
    assert review.days(UTC) == {lamp.id: {MONDAY + timedelta(days=1): 0.0}}


def test_the_same_record_gives_the_same_days(sample, clock, lamp):
    rng = random.Random(4)
    for _ in range(25):
        answer(lamp, right=rng.random() < 0.6)
        clock.later(days=rng.randrange(1, 6))
    first = due(sample, clock)
    store._store_at.cache_clear()
    random.seed(1)
    assert [due(sample, clock) for _ in range(5)] == [first] * 5


def test_the_longest_due_is_asked_first_and_no_more_than_the_limit(sample, clock, lamp):
    quiz_sum = sample.questions[1]
    record.submit(quiz_sum, "True")
    clock.later(days=1)
    answer(lamp, right=False)
    clock.later(days=1)
    said = take(sample.questions, clock, "q", limit=1)
    assert "2 due, 1 asked now" in said and prompt(quiz_sum) in said and "A lamp" not in said


def test_a_review_asks_scores_and_says_when_it_comes_back(sample, clock, lamp):
    answer(lamp, right=False)
    assert "Nothing is due for review. 1 waits, and comes back tomorrow" in take(sample.questions, clock)
    clock.later(days=1)
    said = take(sample.questions, clock, "2")
    assert "Review 1 of 1, from sample" in said and "Right." in said and "It comes back" in said
    assert "Nothing is due for review. 1 waits" in said
    assert store.history(record.REVIEWED)[-1].payload["right"]


def test_a_question_leaves_review_when_its_latest_answers_are_all_right(sample, clock, lamp):
    answer(lamp, right=False)
    for _ in range(review.REPLAYED - 1):
        clock.later(minutes=1)
        answer(lamp)
    clock.later(days=1)
    said = take(sample.questions, clock, "2")
    assert "it leaves review" in said and "Nothing to review yet" in said


def test_missed_again_or_skipped(sample, clock, lamp):
    answer(lamp, right=False)
    clock.later(days=1)
    assert "Skipped: it stays due." in take(sample.questions, clock, "")
    said = take(sample.questions, clock, "?", "1", "?")
    assert "Try once first" in said and "The answer: The time at the switch." in said
    assert "It comes back tomorrow" in said


def test_review_changes_nothing_about_the_quiz(sample, clock, lamp):
    answer(lamp, right=False)
    before = record.standing(lamp)
    clock.later(days=1)
    take(sample.questions, clock, "1", "?")
    assert record.standing(lamp) == before and record.states([lamp]) == ["wrong"]


def test_a_numeric_question_has_new_numbers_each_time(sample, clock):
    copy = sample.questions[4]
    record.submit(copy, "1 s", seed=3)
    seeds, asked = [], [prompt(copy, 3)]
    for _ in range(4):
        seeds.append(review.variant(copy))
        asked.append(prompt(copy, seeds[-1]))
        record.submit(copy, "1 s", seeds[-1], record.REVIEWED)
    assert len({3, *seeds}) == 5
    assert all(one != other for one, other in itertools.pairwise(asked))
    assert review.variant(sample.questions[5]) == 0  # it has no other numbers


def test_a_question_that_is_gone_or_of_another_type_breaks_nothing(sample, clock, lamp):
    answer(lamp, right=False)
    store.record(record.ANSWERED, "sample.gone", {"response": "x", "seed": 0, "points": 0.0, "right": False})
    clock.later(days=1)
    now_fill_in = replace(sample.questions[2], id=lamp.id)
    changed = Bank("sample", (now_fill_in, *sample.questions[1:]), ())
    assert set(due(changed, clock)) == {lamp.id}
    assert "Right." in take(changed.questions, clock, "generalisation gap")
    assert due(Bank("sample", (), ()), clock) == {}


@pytest.mark.parametrize("seed", range(12))
def test_states_are_those_of_the_standings(sample, clock, seed):
    """The quick reading of many questions agrees with the careful reading of one, on random histories."""
    rng = random.Random(seed)
    for _ in range(rng.randrange(1, 40)):
        question = rng.choice(sample.questions)
        clock.later(seconds=1)
        variant = rng.randrange(2) if question.type == "numeric" else 0
        if rng.random() < 0.2:
            record.give_up(question, variant)
        else:
            wrong = {"multiple_choice": WRONG_LAMP, "true_false": "True", "fill_in": "no", "numeric": "7 years"}
            wrong |= {"ordering": [*question.items[1:], question.items[0]] if question.type == "ordering" else []}
            wrong |= {"short_answer": {"text": "x", "made": []}}
            right = right_response(question, variant)
            record.submit(question, rng.choice([right, wrong[question.type]]), variant)
    assert record.states(sample.questions) == [record.standing(q).state for q in sample.questions]


def test_of_very_many_answers_only_the_latest_are_replayed(sample, clock, lamp):
    answer(lamp, right=False)
    row = json.dumps({"response": WRONG_LAMP, "seed": 0, "points": 0.0, "right": False})
    rows = [(f"2026-02-{n % 28 + 1:02d}T00:00:00.000+00:00", record.ANSWERED, lamp.id, row) for n in range(20_000)]
    with sqlite3.connect(store.store().path) as database:
        database.executemany("INSERT INTO event (at, kind, item, payload) VALUES (?, ?, ?, ?)", rows)
    assert sum(map(len, store.recent(review._KINDS, review.REPLAYED).values())) == review.REPLAYED
