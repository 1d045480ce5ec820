"""Every task of every open section: its solution passes, each known mistake is rejected and named, nothing is free."""

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import judge
from mlsys_helpers.exercise.run import run
from mlsys_helpers.exercise.task import tasks

TASKS = [task for section in chapter.open_sections() for task in tasks(section.slug)]
STUDENTS = [f"student {i}" for i in range(40)]


def verdict(task, function, student):
    cases = task.cases_for(student)
    answer = function(**cases[0].given) if task.by_value else function
    return judge(task, cases, run(answer, cases, task.by_value))


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_the_reference_is_right_for_everybody(task):
    assert {verdict(task, task.reference, student).status for student in STUDENTS} == {"right"}


@pytest.mark.parametrize(
    ("task", "mistake"), [(t, m) for t in TASKS for m in t.mistakes], ids=lambda x: x.name.replace(" ", "-")
)
def test_every_mistake_is_rejected_and_named(task, mistake):
    for student in STUDENTS:
        found = verdict(task, mistake.wrong, student)
        assert (found.status, found.mistake) == ("wrong", mistake.name), found.message
        assert mistake.why in found.message


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_a_task_is_complete(task):
    assert task.name.startswith(tuple(f"{s.slug}." for s in chapter.open_sections()))
    assert task.points > 0 and task.minutes > 0 and task.difficulty in ("warm-up", "standard", "stretch")
    assert len(task.mistakes) >= 3 and len({m.name for m in task.mistakes}) == len(task.mistakes)
    assert len(task.hints) == 3 and task.hints[0].endswith("?")
    assert len(task.cases_for("x")) == 1 if task.by_value else len(task.cases_for("x")) >= 5


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda s: s.slug)
def test_a_section_has_at_least_six_tasks_with_names_of_their_own(section):
    names = [t.name for t in tasks(section.slug)]
    assert len(names) >= 6 and len(set(names)) == len(names)


def test_no_two_of_a_class_share_all_their_numbers():
    for section in chapter.open_sections():
        drawn = {
            tuple(str(t.cases_for(f"class {i}")[0].given) for t in tasks(section.slug) if t.by_value)
            for i in range(500)
        }
        assert len(drawn) == 500
