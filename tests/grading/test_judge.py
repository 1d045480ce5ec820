"""The judge's side: every section through the sandbox, and whose numbers are whose."""

import ast
import json
import sys
from pathlib import Path

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import NOT_TRIED, RIGHT
from mlsys_helpers.exercise.task import needs, task, tasks
from mlsys_helpers.grading.running import judge
from mlsys_helpers.grading.running.rebuild import NoNotebook, cells
from mlsys_helpers.grading.sandbox import stubs
from mlsys_helpers.grading.sandbox.job import Limits, Ran

HOME = Path(__file__).parents[2]
PATIENT = Limits(step_s=60.0, total_s=300.0)
RELEASED = (HOME / "exercises/06_iron_law.ipynb").read_bytes()
SOLVED = (HOME / "solutions/06_iron_law.ipynb").read_bytes()
NAMES = tuple(task.name for task in tasks("iron_law"))


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda section: section.slug)
def test_every_solution_earns_everything_and_every_released_exercise_is_not_tried(section):
    names = tuple(task.name for task in tasks(section.slug))
    released, solved = ((HOME / kind / f"{section.stem}.ipynb").read_bytes() for kind in ("exercises", "solutions"))
    with judge.server(section.slug, limits=PATIENT) as server:
        for submitted, status, points in ((solved, RIGHT, section.points), (released, NOT_TRIED, 0)):
            sheet = judge.prepare(section.slug, names, "cs249/06/ada", "secret", released, submitted)
            graded = sheet.judged(server.run(sheet.job))
            assert [v.task for v in graded.verdicts if v.status != status] == [], (graded.verdicts, graded.ran)
            assert graded.points == points


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda section: section.slug)
def test_what_an_exercise_imports_is_loaded_before_the_first_submission(section):
    """A package that is loaded for each submission costs each a second."""
    source = "\n".join(cell.source for cell in cells((HOME / "exercises" / f"{section.stem}.ipynb").read_bytes()))
    imported = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imported}
    heavy = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"numpy", "mlsys_helpers"}
    assert heavy <= {name.partition(".")[0] for name in needs(section.slug).packages}


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda section: section.slug)
def test_no_section_lets_its_tasks_or_its_quiz_into_the_sandbox(section):
    for name in needs(section.slug).companion:
        assert name.rpartition("/" if "/" in name else ".")[2] not in ("tasks", "quiz.toml", section.slug)
        assert name.startswith("sections")


def _prepared(key="cs249/06/ada", secret="", names=NAMES, submitted=SOLVED):
    return judge.prepare("iron_law", names, key, secret, RELEASED, submitted)


def test_values_are_drawn_from_the_key_and_functions_from_the_secret_too():
    home, graded = _prepared(), _prepared(secret="s")
    assert home.job.givens == graded.job.givens
    assert home.job.cases["iron_law.time_terms"] != graded.job.cases["iron_law.time_terms"]
    assert home.job.cases["iron_law.days_saved"] == graded.job.cases["iron_law.days_saved"]
    assert _prepared(key="cs249/06/bob").job.givens != home.job.givens


def test_at_home_the_cases_are_those_of_the_student_s_own_check():
    cases = dict((task.name, cases) for task, cases in _prepared().asked)
    again = task("iron_law.time_terms").cases_for("cs249/06/ada")
    assert repr(cases["iron_law.time_terms"]) == repr(again)


def test_only_the_tasks_named_count_and_are_run():
    sheet = _prepared(names=("iron_law.days_saved", "iron_law.time_terms"))
    assert set(sheet.job.cases) == {"iron_law.days_saved", "iron_law.time_terms"}
    assert [step.task for step in sheet.job.steps if step.task] == ["iron_law.time_terms", "iron_law.days_saved"]
    assert [v.task for v in sheet.judged(Ran()).verdicts] == ["iron_law.time_terms", "iron_law.days_saved"]


def test_no_job_holds_what_the_answers_are():
    """What is sent is what the released notebook shows, the student's source, and questions."""
    sent = json.dumps([step.code for step in _prepared(submitted=RELEASED).job.steps])
    for asked in tasks("iron_law"):
        for mistake in asked.mistakes:
            assert mistake.why not in sent and mistake.name not in sent


def test_data_files_go_along():
    sheet = judge.prepare("iron_law", NAMES, "k", "", RELEASED, SOLVED, {"data.csv": b"a,b"})
    assert sheet.job.files == {"data.csv": "YSxi"}


def test_what_is_no_notebook_is_refused():
    with pytest.raises(NoNotebook, match="empty"):
        _prepared(submitted=b"")


def test_said_is_what_the_cells_before_a_task_printed_and_the_error_that_stopped_one():
    sheet = _prepared()
    places = {step.task: n for n, step in enumerate(sheet.job.steps) if step.task}
    first, second = places["iron_law.time_terms"], places["iron_law.binding_term"]
    ran = Ran(
        printed={0: "hello\n", first: "cases\n", second - 1: "x" * 9_000},
        failed={1: "NameError: nothing at 0x7f00ff01"},
        died={places["iron_law.pipelined"] - 1: "took longer than 10 s"},
    )
    said = sheet.judged(ran).said
    assert said["iron_law.time_terms"] == "hello\nNameError: nothing at 0x..."
    assert said["iron_law.binding_term"] == "x" * judge.MAX_SAID
    assert said["iron_law.pipelined"] == "This cell took longer than 10 s."
    assert said["iron_law.days_saved"] == "" and list(said) == list(NAMES)


def test_a_submission_that_was_lost_with_the_sandbox_is_told_so():
    verdict = _prepared().judged(Ran(lost="killed")).verdicts[0]
    assert verdict.points == 0 and "grading process" in verdict.message and "killed" not in verdict.message


FORGED = [None, 3, [], ["v"], ["v", {}], ["v", ["o", 3]], ["w", 1.0], ["e", 3], ["v", ["l", [1.0] * 99_999]], {"v": 1}]


@pytest.mark.parametrize("data", FORGED, ids=lambda data: str(data)[:30])
def test_a_forged_outcome_earns_nothing_and_stops_nothing(data):
    sheet = _prepared()
    ran = Ran(outcomes={name: [data] * len(cases) for name, cases in sheet.job.cases.items()})
    graded = sheet.judged(ran)
    assert graded.points == 0 and len(graded.verdicts) == len(NAMES)


def test_an_answer_that_leans_on_the_companion_s_models_is_told_that_they_are_not_there():
    sheet = _prepared()
    theirs = ["v", ["o", stubs.Inert.__name__]]
    ran = Ran(outcomes={name: [theirs] * len(cases) for name, cases in sheet.job.cases.items()})
    verdict = sheet.judged(ran).verdicts[0]
    assert verdict.points == 0 and "<not there in class>" in verdict.message and "Inert" not in verdict.message


def test_a_message_has_an_end():
    sheet = _prepared()
    wide = ["v", ["t", ["x" * 80] * 5_000]]
    ran = Ran(outcomes={name: [wide] * len(cases) for name, cases in sheet.job.cases.items()})
    assert max(len(verdict.message) for verdict in sheet.judged(ran).verdicts) <= judge.MAX_MESSAGE
