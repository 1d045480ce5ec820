"""What is given out: the chosen tasks, each student's own numbers, nothing lost and nothing written over by mistake."""

import json
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from mlsys_helpers import chapter, cli
from mlsys_helpers.exercise import assigned, check, givens
from mlsys_helpers.exercise.task import task, tasks
from mlsys_helpers.grading import course, roster
from mlsys_helpers.grading.gradebook import Entry, Gradebook
from mlsys_helpers.grading.handing_in import signed
from mlsys_helpers.grading.handing_out import handout, release
from mlsys_helpers.grading.running import rebuild
from mlsys_helpers.workspace import folder

SECTIONS = [section.slug for section in chapter.open_sections()]
CLASS = roster.parse(b"id,name\nada,Ada Lovelace\nBob.B,Bob\n", "roster.csv")
DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody(monkeypatch):
    """`assigned` sets the environment: put back afterwards."""
    monkeypatch.setenv("MLSYS_STUDENT", "")


@pytest.fixture
def companion(monkeypatch, tmp_path):
    """Call the command in a folder of its own that holds a roster."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("roster.csv").write_text("id,name\nada,Ada Lovelace\nBob.B,Bob\n", encoding="utf8")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


def planned(tmp_path, *sections, **options):
    settings = {name: options.pop(name) for name in ("due", "variants", "late") if name in options}
    asked = release.parts(sections or ["06"], **options)
    return release.release(course.Assignment("cs249", "06", tmp_path / "06", asked, **settings), CLASS)


def read(data):
    return nbformat.reads(data.decode(), as_version=4)


def text(data):
    return "\n".join(cell.source for cell in read(data).cells)


# --- the notebooks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_can_be_released_whole(tmp_path, section):
    number = chapter.section(section).number
    made = planned(tmp_path, section)
    data = made.files[f"students/ada/{chapter.section(section).stem}.ipynb"]
    book = read(data)
    nbformat.validate(book)
    assert signed.signed(data) == signed.Signed("cs249", "06", "ada")
    assert signed.section_of(data) == section
    assert f"companion submit {number}" in book.cells[0].source
    assert "exercises/" not in "".join(cell.source for cell in book.cells)  # it does not lie there
    steps = rebuild.rebuild(made.files[f"released/{chapter.section(section).stem}.ipynb"], data)
    assert [step.task for step in steps if step.task] == [found.name for found in tasks(section)]
    assert not any(cell.get("outputs") for cell in book.cells)


@pytest.mark.parametrize("section", SECTIONS)
def test_one_task_alone_is_counted_as_one_and_is_what_the_check_checks(tmp_path, section):
    name = tasks(section)[0].name
    made = planned(tmp_path, section, names=[name], points={name: 7.5})
    data = made.files[f"released/{chapter.section(section).stem}.ipynb"]
    steps = rebuild.rebuild(data, data)
    assert [step.task for step in steps if step.task] == [name]
    told = text(data)
    assert f"1 task, 7.5 points, about {task(name).minutes} minutes." in told
    assert f"## 1. {task(name).title} (7.5 points, " in told
    assert "## 2." not in told and "## Where you stand" not in told


def test_cells_keep_the_ids_that_they_have_in_the_exercise(tmp_path):
    exercise = nbformat.read(folder.material() / "exercises" / "06_iron_law.ipynb", as_version=4)
    given_out = read(planned(tmp_path).files["released/06_iron_law.ipynb"])
    assert [cell.id for cell in given_out.cells] == ["assignment", "assigned", *(cell.id for cell in exercise.cells)]
    assert [cell.source for cell in given_out.cells[2:-1]] == [cell.source for cell in exercise.cells[:-1]]


def test_a_task_that_stands_on_one_left_out_is_refused_with_what_to_add():
    with pytest.raises(ValueError, match=r"largest_part uses wait, which synthesis.wait asks for.*--tasks"):
        handout.exercise("synthesis", ["synthesis.largest_part"])
    kept = handout.exercise("synthesis", ["synthesis.largest_part", "synthesis.wait"])
    assert sum("check(" in cell.source for cell in kept.cells if cell.cell_type == "code") >= 2


def test_a_local_name_is_no_dependence():
    notebook = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("## 1. One"),
        nbformat.v4.new_code_cell("gap = 1"),
        nbformat.v4.new_code_cell('check("iron_law.time_terms", gap)'),
        nbformat.v4.new_markdown_cell("## 2. Two"),
        nbformat.v4.new_code_cell("def two(x):\n    gap = x\n    return gap"),
        nbformat.v4.new_code_cell('check("iron_law.binding_term", two)'),
    ])  # fmt: skip
    handout._refuse_gaps(notebook, {"iron_law.time_terms"})
    notebook.cells[4].source = "def two(x):\n    return gap + x"
    with pytest.raises(ValueError, match=r"binding_term uses gap, which iron_law.time_terms asks for"):
        handout._refuse_gaps(notebook, {"iron_law.time_terms"})


def test_what_somebody_wrote_into_the_material_is_not_given_out(tmp_path, monkeypatch):
    source = nbformat.read(folder.material() / "exercises" / "06_iron_law.ipynb", as_version=4)
    next(cell for cell in source.cells if "def time_terms" in cell.source).source += "\n# the answer is 42"
    (tmp_path / "exercises").mkdir()
    nbformat.write(source, tmp_path / "exercises" / "06_iron_law.ipynb")
    monkeypatch.setattr(folder, "material", lambda: tmp_path)
    with pytest.raises(ValueError, match=r"somebody wrote in exercises/06_iron_law.ipynb"):
        handout.exercise("iron_law", [found.name for found in tasks("iron_law")])


def test_the_first_cell_says_what_when_and_at_what_cost(tmp_path):
    late = course.Late(15, 0.1, 3)
    told = text(planned(tmp_path, quiz=6.5, due=DUE, late=late).files["students/06_iron_law.ipynb"]).split("# Exer")[0]
    for said in ("due 2026-12-04 23:59 (UTC)", "15 minutes late", "10 % of the points", "after 3 days", "| 6.5 |"):
        assert said in told
    assert 'assigned("cs249", "06", student="", due="2026-12-04 23:59 (UTC)")' in told


def test_the_same_release_is_the_same_bytes_and_the_common_notebook_is_the_master(tmp_path):
    one, other = planned(tmp_path, due=DUE), planned(tmp_path, due=DUE)
    assert one == other
    assert one.files["students/06_iron_law.ipynb"] == one.files["released/06_iron_law.ipynb"]
    assert set(one.files) == {
        "released/06_iron_law.ipynb", "students/06_iron_law.ipynb",
        "students/ada/06_iron_law.ipynb", "students/Bob.B/06_iron_law.ipynb",
    }  # fmt: skip
    alike = planned(tmp_path, variants="class")
    assert set(alike.files) == {"released/06_iron_law.ipynb", "students/06_iron_law.ipynb"}
    own, same = (planned.files["students/06_iron_law.ipynb"].decode() for planned in (one, alike))
    assert "numbers below are yours alone" in own and "yours alone" not in same
    assert "numbers below are the same for everyone" in same


# --- whose numbers --------------------------------------------------------------------------------------------------

BY_VALUE = "iron_law.days_saved"


def test_the_common_notebook_with_an_id_in_it_shows_the_numbers_that_are_graded(tmp_path):
    made = planned(tmp_path)
    cell = read(made.files["students/06_iron_law.ipynb"]).cells[1].source
    exec(cell.replace('student=""', 'student="BOB.b"'), {})
    graded = task(BY_VALUE).cases_for(made.assigned.key("Bob.B"))[0].given
    assert vars(givens(BY_VALUE)) == graded
    exec(read(made.files["students/ada/06_iron_law.ipynb"]).cells[1].source, {})
    assert vars(givens(BY_VALUE)) == task(BY_VALUE).cases_for(made.assigned.key("ada"))[0].given != graded


def test_without_an_id_there_are_no_numbers_and_the_cell_says_what_to_do():
    assert "Write your id between the quotes" in str(assigned("cs249", "06"))
    for refused in (lambda: givens(BY_VALUE), lambda: check(BY_VALUE, 3.0)):
        with pytest.raises(ValueError, match="Write your id into the cell"):
            refused()


def test_with_the_numbers_of_the_class_no_id_is_needed_to_work(tmp_path):
    cell = read(planned(tmp_path, variants="class").files["students/06_iron_law.ipynb"]).cells[1].source
    exec(cell, {})
    assert vars(givens(BY_VALUE)) == task(BY_VALUE).cases_for("cs249/06")[0].given


@pytest.mark.parametrize("said", [("cs 249", "06"), ("cs249", ""), ("cs249", 6), ("cs249", "06", "../ada"), ("", "06")])
def test_what_cannot_be_a_name_is_refused(said):
    with pytest.raises(ValueError, match="is no"):
        assigned(*said)


def test_one_line_says_who_what_when_and_how():
    told = str(assigned("cs249", "06", "ada", due="2026-12-04 23:59"))
    assert all(word in told for word in ("cs249", "06", "ada", "2026-12-04 23:59", "companion submit")), told
    assert "\n" not in told


# --- the command ----------------------------------------------------------------------------------------------------


def tree(place):
    return {path.relative_to(place): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_a_release_makes_the_course_and_twice_changes_nothing(companion, tmp_path):
    words = ("release", "06", "--course", "cs249", "--roster", "roster.csv", "--due", "2126-12-04", "--quiz", 6.5)
    told = companion(*words)
    assert told.exit_code == 0, told.output
    assert "9 tasks, 29.5 points, 2 students" in told.output
    before = tree(tmp_path)
    found = course.assignment(tmp_path / "cs249" / "06")
    assert (found.points, found.due.hour, found.due.minute) == (29.5, 23, 59)
    assert before[Path("cs249/roster.csv")] == before[Path("roster.csv")]
    again = companion(*words)
    assert again.exit_code == 0 and "everything was there already" in again.output
    assert tree(tmp_path) == before


def test_what_was_released_is_not_changed_without_force(companion, tmp_path):
    companion("release", "06", "--course", "cs249", "--roster", "roster.csv")
    before = tree(tmp_path)
    words = ("release", "06", "--out", "cs249", "--points", "binding_term=4", "--due", "2126-12-04 12:00")
    told = companion(*words)
    assert told.exit_code == 1 and tree(tmp_path) == before
    assert "iron_law.binding_term: 2 points becomes 4 points" in told.output
    assert "due: none becomes 2126-12-04 12:00" in told.output
    forced = companion(*words, "--force")
    assert forced.exit_code == 0 and "changed: iron_law.binding_term" in forced.output
    assert course.assignment(tmp_path / "cs249" / "06").item("iron_law.binding_term").points == 4


def test_a_newer_roster_adds_its_students_to_the_assignment_as_it_is(companion, tmp_path):
    companion("release", "06", "--course", "cs249", "--roster", "roster.csv", "--quiz", 5, "--due", "2126-12-04")
    path = tmp_path / "cs249" / "06" / "assignment.toml"
    path.write_text(path.read_text() + "# a note of mine\n")
    Path("roster.csv").write_text("id,name\nada,A\nBob.B,B\ncy,C\n")
    told = companion("release", "06", "--out", "cs249", "--roster", "roster.csv")
    assert told.exit_code == 0 and "1 file written" in told.output and "28 points, 3 students" in told.output
    assert "# a note of mine" in path.read_text()
    assert (tmp_path / "cs249" / "06" / "students" / "cy" / "06_iron_law.ipynb").exists()


def test_a_section_named_twice_is_asked_once(companion):
    told = companion("release", "06", "iron_law", "--course", "cs249", "--roster", "roster.csv")
    assert told.exit_code == 0 and "9 tasks" in told.output


def test_a_roster_that_loses_a_student_with_a_score_is_refused(companion, tmp_path):
    companion("release", "06", "--course", "cs249", "--roster", "roster.csv")
    with Gradebook(tmp_path / "cs249" / "gradebook.sqlite") as book:
        book.mark("06", [Entry("ada", "iron_law.time_terms", 3.0, 3.0, "right")])
    before = tree(tmp_path)
    Path("new.csv").write_text("id,name\nBob.B,B\n")
    told = companion("release", "06", "--out", "cs249", "--roster", "new.csv")
    assert told.exit_code == 1 and "lacks ada" in told.output
    assert (tmp_path / "cs249" / "roster.csv").read_bytes() == before[Path("cs249/roster.csv")]
    Path("new.csv").write_text("id,name\nADA,A\nBob.B,B\n")  # by another id the gradebook would not find her
    assert "lacks ada" in companion("release", "06", "--out", "cs249", "--roster", "new.csv").output
    Path("new.csv").write_text("id,name\nada,A\nBob.B,B\ncy,C\n")
    assert companion("release", "06", "--out", "cs249", "--roster", "new.csv").exit_code == 0


def test_several_sections_are_one_assignment(companion, tmp_path):
    told = companion("release", "06", "1.7", "--course", "cs249", "--roster", "roster.csv", "--name", "hw3")
    assert told.exit_code == 0, told.output
    found = course.assignment(tmp_path / "cs249" / "hw3")
    assert [part.section for part in found.parts] == ["iron_law", "efficiency"]
    said = json.loads((found.folder / "students" / "ada" / "07_efficiency.ipynb").read_text())["metadata"]["mlsys"]
    assert (said["section"], said["sections"]) == ("efficiency", ["iron_law", "efficiency"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["06", "--roster", "roster.csv"], "--course cs249"),
        (["06", "--course", "cs249"], "no roster"),
        (["06", "--course", "c s", "--roster", "roster.csv"], "cannot name the course"),
        (["06", "--course", "c", "--roster", "roster.csv", "--name", "a/b"], "cannot name the assignment"),
        (["06", "--course", "c", "--roster", "roster.csv", "--due", "Friday"], "is no date"),
        (["06", "--course", "c", "--roster", "roster.csv", "--tasks", "time_trms"], "did you mean"),
        (["06", "--course", "c", "--roster", "roster.csv", "--points", "time_terms"], "expected a task and its points"),
        (["06", "--course", "c", "--roster", "roster.csv", "--points", "time_terms=-1"], "expected a task"),
        (["06", "--course", "c", "--roster", "roster.csv", "--points", "wait=1"], "unknown task"),
        (["06", "--course", "c", "--roster", "roster.csv", "--variants", "all"], "unknown variants"),
        (["06", "07", "--course", "c", "--roster", "roster.csv", "--tasks", "time_terms"], "no task of efficiency"),
        (["05", "13", "--course", "c", "--roster", "roster.csv", "--tasks", "extra_misses", "--points",
          "months_left=1"], "add --tasks fallacies.months_left"),
        (["99", "--course", "c", "--roster", "roster.csv"], "unknown section"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_written(companion, tmp_path, words, said):
    told = companion("release", *words)
    assert told.exit_code != 0
    assert said in " ".join(told.output.replace("│", " ").split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["roster.csv"]


def test_a_due_date_in_the_past_is_warned_of(companion):
    told = companion("release", "06", "--course", "cs249", "--roster", "roster.csv", "--due", "2020-01-01 12:00")
    assert told.exit_code == 0 and "has passed already" in told.output
