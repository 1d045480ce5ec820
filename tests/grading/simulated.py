"""A simulated class: who is able, and what that makes of each task and question, is drawn from a seed.

Nothing is run in a sandbox: answers are a task's reference, its known mistakes or nothing, judged by the real judge.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from mlsys_helpers.exercise.judge import BROKEN, judge
from mlsys_helpers.exercise.run import Outcome, run
from mlsys_helpers.exercise.task import task, tasks
from mlsys_helpers.grading import course
from mlsys_helpers.grading.course import QUIZ
from mlsys_helpers.grading.gradebook import Entry, Gradebook, Received
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import Choice, Ordering, ShortAnswer
from mlsys_helpers.quiz.score import right_response

DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)


@dataclass
class Class:
    """A course on disk with its newest assignment, and the true ability of each student."""

    course: course.Course
    assigned: course.Assignment
    ability: dict[str, float]

    @property
    def students(self):
        return list(self.course.roster())

    def book(self):
        return Gradebook(self.course.gradebook)


def made(folder, students=40, section="iron_law", name="06", due=DUE, seed=1, absent=0.05, marked=False):
    """A class of `students` that has handed in and been graded; short answers wait unless they are `marked`."""
    own = course.new_course(folder, "cs249")
    ids = [f"s{number:03d}" for number in range(students)]
    rows = "".join(f"{who},Student {who}\n" for who in ids)
    (folder / course.ROSTER).write_text(f"id,name\n{rows or 's000,x'}\n", encoding="utf8")
    part = course.Part(section, {one.name: float(one.points) for one in tasks(section)}, quiz=10.0)
    assigned = course.Assignment("cs249", name, folder / name, (part,), due, late=course.Late(15, 0.1, 3))
    course.write(assigned)
    rng = np.random.default_rng(seed)
    ability = dict(zip(ids, rng.normal(0.6, 1.5, students), strict=True))
    with Gradebook(own.gradebook) as book:
        for who in ids:
            if rng.uniform() >= absent:
                _hand_in(book, assigned, who, ability[who], rng, marked)
    return Class(own, assigned, ability)


def _hand_in(book, assigned, who, ability, rng, marked):
    section = assigned.parts[0].section
    at = assigned.due + timedelta(hours=float(rng.choice([-30, -5, 20], p=[0.5, 0.4, 0.1])))
    for part in (section, f"{section}.{QUIZ}"):
        unit = Received(who, part, f"{who}-{part}", at, f"submissions/{who}/x")
        book.receive(assigned.name, [], [unit])
        given = _exercise if part == section else _quiz
        book.finish(assigned.name, unit, "g1", given(assigned, unit, ability, rng))
    for item in assigned.items if marked else ():
        if item.kind == course.SHORT:
            points = item.points * round(1 / (1 + np.exp(-ability)), 1)
            book.mark(assigned.name, [Entry(who, item.id, points, item.points, "marked", setter="vijay")])


def _exercise(assigned, unit, ability, rng):
    for place, (name, points) in enumerate(assigned.parts[0].tasks.items()):
        right = rng.uniform() < chance(ability, place)
        wrong = rng.choice([*range(len(task(name).mistakes))] * 2 + [-1, -2]) if not right else None
        yield entry(name, wrong, points, unit)


def chance(ability, place):
    """The chance that a student is right: tasks become harder one by one."""
    return 1 / (1 + np.exp(-ability - 1.5 + 0.45 * place))


def entry(name, wrong, points, unit):
    """The entry of a task that is right (`wrong` is None), a known mistake (its place), not tried (-1), broken (-2)."""
    verdict = verdict_on(name, wrong)
    earned = points if verdict.status == "right" else 0.0
    said = f"my answer is {unit.student}" if wrong is not None else ""
    detail = {"said": said}
    return Entry(
        unit.student, name, earned, points, verdict.status, verdict.message, verdict.mistake, detail=detail,
        digest=unit.digest,
    )  # fmt: skip


@cache
def verdict_on(name, wrong):
    asked = task(name)
    cases = asked.cases_for("cs249/06/secret")
    if wrong == -1:
        return judge(asked, cases, [Outcome(untried=True)] * len(cases))
    if wrong == -2:
        return judge(asked, cases, [Outcome(error="ZeroDivisionError: division by zero")] * len(cases))
    return judge(asked, cases, run(asked.reference if wrong is None else asked.mistakes[wrong].wrong, cases))


def _quiz(assigned, unit, ability, rng):
    told = {}
    for place, question in enumerate(bank.section_bank(assigned.parts[0].section).questions):
        right = rng.uniform() < chance(ability, place / 2)
        told[question.id] = [attempt(question, right, rng)]
        if not right and rng.uniform() < 0.5:
            told[question.id].append(attempt(question, True, rng))
    return quizzes.quiz_entries(assigned, unit, quiz_file(told))


def quiz_file(told):
    import json

    return json.dumps({"format": 1, "questions": told}).encode()


def attempt(question, right, rng):
    if isinstance(question, ShortAnswer):
        return {"response": {"text": "Because the data term binds, I think.", "made": []}}
    if right:
        return {"response": right_response(question, 3), "seed": 3}
    if isinstance(question, Choice):
        return {"response": str(rng.choice([option.text for option in question.options if not option.right]))}
    return {"response": list(reversed(question.items)) if isinstance(question, Ordering) else "12345", "seed": 3}


__all__ = ["BROKEN", "DUE", "Class", "attempt", "chance", "entry", "made", "quiz_file", "verdict_on"]
