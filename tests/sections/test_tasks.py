"""Every task of every open section: its solution passes, each known mistake is rejected and named, nothing is free."""

import re
from numbers import Real

import nbformat
import pytest

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import judge
from mlsys_helpers.exercise.notebook import VERDICT_MIME
from mlsys_helpers.exercise.run import run
from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.publish.answers import CHECK
from mlsys_helpers.publish.build import repository

TASKS = [task for section in chapter.open_sections() for task in tasks(section.slug)]
STUDENTS = [f"student {i}" for i in range(40)]
EACH_SECTION = pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda s: s.slug)


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
    assert len(set(task.hints)) == 3 and all(map(str.strip, task.hints)) and task.hints[0].endswith("?")
    assert len(task.cases_for("x")) == 1 if task.by_value else len(task.cases_for("x")) >= 5


@EACH_SECTION
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


@pytest.mark.parametrize("task", [t for t in TASKS if t.by_value], ids=lambda t: t.name)
def test_a_class_s_variants_are_spread_and_stay(task):
    def drawn():
        return [str(task.cases_for(f"class {i}")[0].given) for i in range(500)]

    assert drawn() == drawn()
    assert max(map(drawn().count, set(drawn()))) <= 10  # a neighbour with the same numbers is rare
    answers = [task.reference(**task.cases_for(f"class {i}")[0].given) for i in range(500)]
    assert len({f"{answer:.3g}" if isinstance(answer, Real) else str(answer) for answer in answers}) >= 50


@EACH_SECTION
def test_the_exercise_says_of_each_task_what_the_task_says(section):
    text = (repository() / "solutions" / "src" / f"{section.stem}.py").read_text(encoding="utf8")
    asked = tasks(section.slug)
    assert CHECK.findall(text) == [task.name for task in asked]
    assert (section.tasks, section.points) == (len(asked), sum(task.points for task in asked))
    for place, task in enumerate(asked, 1):
        points = f"{task.points} point{'s' * (task.points > 1)}"
        assert f"# ## {place}. {task.title} ({points}, {task.minutes} minutes, {task.difficulty})\n" in text
    total = re.search(r"(\d+) points, about (\d+) minutes", text)
    assert total and int(total[1]) == section.points
    assert abs(int(total[2]) - sum(t.minutes for t in asked)) <= 5


@EACH_SECTION
@pytest.mark.parametrize(("folder", "status"), [("solutions", "right"), ("exercises", "not tried")])
def test_the_stored_solution_is_right_and_the_untouched_exercise_is_not(section, folder, status):
    """Nbval runs both again and compares."""
    notebook = nbformat.read(repository() / folder / f"{section.stem}.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.data[VERDICT_MIME] for output in outputs if VERDICT_MIME in output.get("data", {})]
    assert [(v["task"], v["status"]) for v in shown] == [(task.name, status) for task in tasks(section.slug)]
