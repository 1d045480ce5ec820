"""The report on a class: what was planted is found, small classes are told honestly, and names stay text."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from mlsys_helpers import cli
from mlsys_helpers.exercise.task import task
from mlsys_helpers.grading import course
from mlsys_helpers.grading.collecting.arrived import NO_SUBMISSION
from mlsys_helpers.grading.giving_back import figures, report
from mlsys_helpers.grading.giving_back.analysis import ENOUGH, correlation, share
from mlsys_helpers.grading.gradebook import Entry, File, Received
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.grading.roster import Student
from mlsys_helpers.kit.figure import description
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import Choice
from mlsys_helpers.quiz.score import right_response
from tests.grading import pages, simulated

TASK = "iron_law.binding_term"


def found(made, students=None, others=()):
    with made.book() as book:
        return report.report(book, made.assigned, made.students if students is None else students, others)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return simulated.made(tmp_path_factory.mktemp("class"), 60)


@pytest.fixture(scope="module")
def told(made):
    return found(made)


def glance(told):
    return {fact.name: (fact.value, fact.note) for fact in told.glance}


def test_the_first_screen_says_what_matters(made, told):
    seen = glance(told)
    with made.book() as book:
        here = [s for s in book.standings(made.assigned, list(made.ability)).values() if s.received]
    assert seen["Handed in"][0] == f"{len(here)} of 60" and "late" in seen["Handed in"][1]
    assert seen["Wait for a mark"][0] == str(2 * len(here))
    hardest = min(told.tasks, key=lambda one: one.share.mean)
    assert seen["Hardest task"][0] == hardest.column.title and hardest.mistake in seen["Hardest task"][1]
    assert seen["May need help"][0] == str(len(told.needy)) and 0 < len(told.needy) <= 20
    page = pages.check(told.html())
    assert len(page.all("img")) == 3
    for fact in told.glance:
        assert f"{fact.name} {fact.value}" in page.text


def test_planted_difficulties_come_back_in_order(told):
    """Tasks of the simulated class become harder one by one; neighbours may change places by chance."""
    places = sorted(range(len(told.tasks)), key=lambda place: -told.tasks[place].share.mean)
    assert all(abs(place - rank) <= 2 for rank, place in enumerate(places))
    assert told.reliability and 0.6 < told.reliability.alpha < 0.95
    assert all(one.agree.r > 0 for one in told.tasks)


def test_counts_and_mistakes_are_those_of_the_gradebook(made, told):
    one = next(one for one in told.tasks if one.column.id == TASK)
    with made.book() as book:
        entries = book.history("06", item=TASK)
    assert one.counts["right"] == sum(entry.status == "right" for entry in entries)
    assert one.count == max(sum(e.mistake == m.name for e in entries) for m in task(TASK).mistakes)
    assert one.told == next(m.why for m in task(TASK).mistakes if m.name == one.mistake)
    assert one.share.n == len(entries) and one.share.low < one.share.mean < one.share.high


def test_a_question_whose_wrong_option_the_strong_choose_is_found(tmp_path):
    made = simulated.made(tmp_path, 0)
    question = next(q for q in bank.section_bank("iron_law").questions if isinstance(q, Choice) and len(q.options) > 3)
    trap = next(option.text for option in question.options if not option.right)
    students = [Student(f"t{n}", f"T{n}") for n in range(40)]
    with made.book() as book:
        for place, student in enumerate(students):
            strong = place % 2 == 0
            for part in ("iron_law", "iron_law.quiz"):
                unit = Received(student.id, part, student.id, simulated.DUE, "x")
                book.receive("06", [], [unit])
                entries = _exercise(made, unit, strong) if part == "iron_law" else _quiz(made, unit, strong, trap)
                book.finish("06", unit, "g", entries)
    told = found(made, students)
    (suspect,) = [one for one in told.suspects if one.misleading]
    assert suspect.column.id == question.id and [one.option for one in suspect.misleading] == [trap]
    assert suspect.agree.verdict == "reversed"
    page = pages.check(told.html()).text
    assert f"“{trap}” is wrong, was chosen first by 20 students" in page and "strong students fail it" in page


def _exercise(made, unit, strong):
    for place, (name, points) in enumerate(made.assigned.parts[0].tasks.items()):
        yield simulated.entry(name, None if strong or place < 3 else 0, points, unit)


def _quiz(made, unit, strong, trap):
    told = {}
    for question in bank.section_bank("iron_law").questions:
        told[question.id] = [{"response": right_response(question, 0)}] if strong else []
        if isinstance(question, Choice) and trap in [option.text for option in question.options]:
            told[question.id] = [{"response": trap if strong else right_response(question)}]
    return quizzes.quiz_entries(made.assigned, unit, simulated.quiz_file(told))


@pytest.mark.parametrize("students", [0, 1, 5, ENOUGH - 2])
def test_a_small_class_is_told_what_can_be_told(tmp_path, students):
    made = simulated.made(tmp_path, students, absent=0)
    told = found(made, made.students if students else [])
    assert told.reliability is None and not told.suspects
    page = pages.check(told.html()).text
    assert glance(told)["Handed in"][0] == f"{students} of {students}"
    assert ("too few to tell" in page) == bool(students) and " nan" not in page


def test_nobody_has_handed_in(tmp_path):
    made = simulated.made(tmp_path, 4, absent=1)
    told = found(made)
    assert [one.reasons for one in told.needy] == [("handed in nothing",)] * 4 and not told.pictures
    pages.check(told.html())


def test_what_is_not_graded_is_no_score(tmp_path):
    made = simulated.made(tmp_path, 0)
    with made.book() as book:
        book.receive("06", [], [Received("ada", "iron_law", "d1", simulated.DUE, "x")])
    told = found(made, [Student("ada", "Ada")])
    assert glance(told)["Not graded yet"][0] == "1" and told.tasks[0].share.n == 0
    assert not told.needy and "1 of 1 who handed in left out the quiz of section 1.6." in told.notes
    pages.check(told.html())


def test_a_fall_since_the_last_assignment_is_a_reason(tmp_path):
    earlier = simulated.made(tmp_path, 15, "efficiency", "05", simulated.DUE - timedelta(days=7), absent=0)
    made = simulated.made(tmp_path, 15, seed=2, absent=0)
    others = [earlier.assigned, made.assigned]
    with made.book() as book:
        before = book.standings(earlier.assigned, list(made.ability))
        now = book.standings(made.assigned, list(made.ability))
        told = report.report(book, made.assigned, made.students, others)
    listed = {one.student.id: one.reasons for one in told.needy}
    fell = 0
    for who in made.ability:
        last = before[who].total(earlier.assigned.items) / earlier.assigned.points
        share = report._earned(made.assigned, now[who])
        said = any(reason.startswith("fell from") for reason in listed.get(who, ()))
        assert said == (last - share >= report.DROP)
        fell += said
    assert fell


def test_lateness_alone_is_no_reason(tmp_path):
    made = simulated.made(tmp_path, 0)
    with made.book() as book:
        for who, hours in (("late", 10), ("far", 200)):
            for part in ("iron_law", "iron_law.quiz"):
                at = simulated.DUE + timedelta(hours=hours)
                unit = Received(who, part, who, at, "x")
                book.receive("06", [], [unit])
                right = {q.id: [{"response": right_response(q)}] for q in bank.section_bank("iron_law").questions}
                quiz = quizzes.quiz_entries(made.assigned, unit, simulated.quiz_file(right))
                tasks = (simulated.entry(n, None, p, unit) for n, p in made.assigned.parts[0].tasks.items())
                book.finish("06", unit, "g", tasks if part == "iron_law" else quiz)
    told = found(made, [Student("late", "Late"), Student("far", "Far")])
    assert [one.student.id for one in told.needy] == ["far"]
    assert "came too late to earn points" in told.needy[0].reasons


def test_marks_by_hand_and_collected_remarks_are_counted(tmp_path):
    made = simulated.made(tmp_path, 3, absent=0, marked=True)
    with made.book() as book:
        files = [File("x", "refused", "empty"), File("y", "taken", "the notebook inside was released to bob", "s000")]
        files.append(File("z", "refused", NO_SUBMISSION + "a file of the operating system"))
        book.receive("06", files, [])
        book.mark("06", [Entry("s000", TASK, 5.0, 2.0, "marked", "extra", setter="vijay")])
    told = found(made)
    assert told.shorts[0].share.n == 3 and glance(told)["Wait for a mark"][0] == "0"
    assert [note.split()[0] for note in told.notes] == ["1", "1", "7"]
    one = next(one for one in told.tasks if one.column.id == TASK)
    assert max(one.column.scores) == 1.0  # extra credit is not more than all


def test_a_task_for_practice_is_judged_though_it_earns_nothing(tmp_path):
    made = simulated.made(tmp_path, 0)
    part = course.Part("iron_law", {name: 0.0 for name in made.assigned.parts[0].tasks})
    made.assigned = replace(made.assigned, parts=(part,))
    with made.book() as book:
        for who in "abcd":
            unit = Received(who, "iron_law", who, simulated.DUE, "x")
            book.receive("06", [], [unit])
            book.finish("06", unit, "g", [simulated.entry(n, None if who == "a" else 0, 0.0, unit) for n in part.tasks])
    told = found(made, [Student(who, who) for who in "abcd"])
    assert told.tasks[0].share.mean == 0.25 and told.tasks[0].count == 3
    pages.check(told.html())


def test_names_stay_text(tmp_path):
    made = simulated.made(tmp_path, 3, absent=1)
    evil = [replace(student, name="<script>alert(1)</script>\"'\u202e") for student in made.students]
    assert pages.check(found(made, evil).html()).text.count("<script>alert(1)</script>") == 3


def test_the_same_gradebook_gives_the_same_page(made, told):
    assert found(made).html() == told.html()


def test_the_command_writes_the_page_and_says_what_matters(made):
    folder = made.assigned.folder
    said = CliRunner().invoke(cli.app, ["report", str(folder)])
    assert said.exit_code == 0 and "Handed in: " in said.output and "Hardest task: " in said.output
    pages.check((folder / "report.html").read_bytes())
    assert CliRunner().invoke(cli.app, ["report", str(folder / "no")]).exit_code == 1


# --- figures --------------------------------------------------------------------------------------------------------


def test_figures_tell_what_they_show():
    totals = description(figures.plot_totals([2.0, 8.0, 9.5], 10.0))
    assert "3 students earned 2 to 9.5 of 10 points; the median is 8" in totals
    outcomes = description(figures.plot_outcomes(["A", "B"], [{"right": 3, "wrong": 1}, {}]))
    assert "A: 3 right, 1 wrong; B: nobody" in outcomes
    zeros, agree = np.arange(30) % 2.0, correlation(np.arange(30) % 2.0, np.arange(30.0) // 15)
    items = description(figures.plot_items(["easy", "hard"], [share([1, 1]), share(zeros)], [agree, agree]))
    assert "hardest first: hard 50 %, easy 100 %" in items and "below 0.2: easy" in items


def test_one_student_is_drawn():
    assert figures.plot_totals([0.0], 10.0).get_title(loc="left") == "Totals of 1 student"
