"""The file that is handed in: whole, verified, read with distrust; and the notebook tried as in class before it."""

import io
import json
import warnings
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import nbformat
import pytest

from mlsys_helpers.exercise.judge import RIGHT, Verdict
from mlsys_helpers.exercise.notebook import record
from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.grading.handing_in import preview, quizzes, submission
from mlsys_helpers.grading.handing_in.signed import Signed, section_of, signed
from mlsys_helpers.grading.running.rebuild import NoNotebook
from mlsys_helpers.grading.sandbox import wire
from mlsys_helpers.kit import files
from mlsys_helpers.quiz import bank, score
from mlsys_helpers.quiz import record as quiz_record
from tests.grading.handed_in import edit, lay_out, solve

AT = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)


@pytest.fixture
def notebook(tmp_path):
    """Ada's notebook as she got it."""
    return lay_out(tmp_path / "cs249").folder / "students" / "ada" / "06_iron_law.ipynb"


@pytest.fixture
def made(notebook):
    return submission.make(submission.find(notebook), AT)


def zipped(named, manifest=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in named if isinstance(named, list) else named.items():
            archive.writestr(name, data)
        if manifest is not None:
            archive.writestr("submission.json", manifest if isinstance(manifest, bytes) else json.dumps(manifest))
    return buffer.getvalue()


def manifest(**other):
    said = {"format": 1, "course": "cs249", "assignment": "06", "student": "ada", "at": "2026-12-04T20:00:00+00:00"}
    return said | {"companion": "0.1.0", "files": {}} | other


# --- what a notebook says of itself ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('assigned("cs249", "06", "ada")', Signed("cs249", "06", "ada")),
        ('assigned("cs249", "06", student=" ada ", due="soon")', Signed("cs249", "06", "ada")),
        ("# mine\nassigned(\n  'cs249',\n  '06',\n  student='ada',\n)", Signed("cs249", "06", "ada")),
        ('assigned("cs249", "06")', Signed("cs249", "06")),
        ('assigned("cs249", "06", 7)', Signed("cs249", "06", "7")),
        ('assigned("cs249", "06", "../bob")', Signed("cs249", "06")),
        ('assigned("cs249", "06", variants="class")', Signed("cs249", "06", variants="class")),
        ('assigned("cs 249", "06", "ada")', None),
        ('assigned(course, name, "ada")', None),
        ('print("assigned(1, 2, 3)")', None),
        ('%time assigned("cs249", "06", "ada")', None),
        ("assigned = 3", None),
        ("(" * 500 + "assigned", None),
        ("assigned\nf'" + "{1}" * 60_000 + "'", None),  # Python's parser would take half a minute
    ],
)
def test_the_cell_is_read_as_code_and_never_run(source, said):
    book = {"cells": [{"cell_type": "code", "source": source}]}
    assert signed(json.dumps(book).encode()) == said


def test_the_code_counts_before_the_metadata_and_the_metadata_where_the_cell_is_gone(notebook):
    edit(notebook, ('student="ada"', 'student="bob"'))
    assert signed(notebook.read_bytes()).student == "bob"
    book = nbformat.read(notebook, as_version=4)
    book.cells = [cell for cell in book.cells if cell.id != "assigned"]
    nbformat.write(book, notebook)
    assert signed(notebook.read_bytes()) == Signed("cs249", "06", "ada")


@pytest.mark.parametrize("metadata", [None, [], {"mlsys": 3}, {"mlsys": {"course": ["a"]}}, {"mlsys": {"section": 5}}])
def test_strange_metadata_says_nothing(metadata):
    data = json.dumps({"cells": [], "metadata": metadata}).encode()
    assert signed(data) is None and section_of(data) == ""
    assert preview.points("iron_law", data) == {task.name: task.points for task in tasks("iron_law")}


def test_the_section_is_that_of_its_checks_whatever_the_file_is_called(notebook):
    moved = notebook.rename(notebook.with_name("05_silent_degradation (1).ipynb"))
    assert section_of(moved.read_bytes()) == "iron_law"
    assert list(submission.make(submission.find(moved), AT).parts) == ["iron_law", "iron_law.quiz"]


# --- making it ------------------------------------------------------------------------------------------------------


def test_what_is_written_is_what_is_read_back(made, notebook, tmp_path):
    assert submission.write(made, tmp_path / made.name) is None
    back = submission.read((tmp_path / "cs249-06-ada.zip").read_bytes())
    assert back == made
    assert back.parts["iron_law"] == notebook.read_bytes()
    assert quizzes.answers(back.parts["iron_law.quiz"]) == {}


def test_the_quiz_answers_of_this_reader_go_along(notebook):
    question = bank.section_bank("iron_law").questions[0]
    quiz_record.submit(question, score.right_response(question))
    quiz_record.give_up(question)
    parts = submission.make(submission.find(notebook), AT).parts
    attempts = quizzes.answers(parts["iron_law.quiz"])[question.id]
    assert [(one.response, one.gave_up) for one in attempts] == [(score.right_response(question), False), (None, True)]
    assert preview.quiz("iron_law", parts["iron_law"].replace(b'"quiz": 0', b'"quiz": 3'), parts["iron_law.quiz"])


def test_an_earlier_file_is_never_lost(made, tmp_path):
    place = tmp_path / made.name
    place.write_bytes(b"first")
    assert submission.write(made, place).name == "cs249-06-ada.1.zip"
    second = place.read_bytes()
    assert submission.write(made, place).name == "cs249-06-ada.2.zip"
    assert place.with_name("cs249-06-ada.1.zip").read_bytes() == b"first"
    assert place.with_name("cs249-06-ada.2.zip").read_bytes() == second


def test_a_disk_that_is_full_leaves_the_earlier_file(made, tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    (tmp_path / made.name).write_bytes(b"first")
    monkeypatch.setattr(files, "put", full)
    with pytest.raises(OSError, match="No space"):
        submission.write(made, tmp_path / made.name)
    assert [path.read_bytes() for path in tmp_path.glob("*.zip")] == [b"first"]


def test_every_notebook_of_the_assignment_goes_along_and_no_other(tmp_path):
    assigned = lay_out(tmp_path / "cs249", "iron_law", "efficiency", name="hw3")
    lay_out(tmp_path / "cs249", "silent_degradation", name="hw2")
    own = assigned.folder / "students" / "ada"
    other = tmp_path / "cs249" / "hw2" / "students" / "ada" / "05_silent_degradation.ipynb"
    (own / other.name).write_bytes(other.read_bytes())
    (own / "08_ai_engineering.ipynb").write_bytes(b"broken")
    found = submission.find(own / "07_efficiency.ipynb")
    assert list(found.notebooks) == ["iron_law", "efficiency"]
    assert submission.named(own, "hw2").name == other.name and submission.named(own, "hw9") is None
    assert submission.named(other.parent, other.stem[:2]).name == other.name  # by its section's number too
    (own / "06_iron_law.ipynb").unlink()
    found = submission.find(own / "07_efficiency.ipynb")
    parts = {section: path.read_bytes() for section, path in found.notebooks.items()}
    assert preview.missing(parts) == ["06_iron_law.ipynb"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7", "not JSON"),
        (b"{}", "no notebook"),
        (b'{"cells": []}', "no code"),
        (b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', "checks no task"),
    ],
)
def test_what_is_no_exercise_is_refused(tmp_path, data, said):
    path = tmp_path / "06_iron_law.ipynb"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=said):
        submission.find(path)


def test_one_that_does_not_say_whose_it_is_is_refused_with_what_to_do(notebook):
    common = notebook.parents[1] / notebook.name
    with pytest.raises(ValueError, match="write your id between the quotes"):
        submission.find(common)
    assert submission.find(common, "ada").signed == Signed("cs249", "06", "ada")
    assert submission.find(notebook, "ADA").signed.student == "ada"
    with pytest.raises(ValueError, match="was released to ada, not to bob"):
        submission.find(notebook, "bob")


def test_a_plain_exercise_can_be_handed_in_by_who_says_whose_it_is(notebook):
    book = nbformat.read(notebook, as_version=4)
    book.cells, book.metadata = book.cells[2:], {}
    nbformat.write(book, notebook)
    for words in ((), ("ada",), ("", "cs249")):
        with pytest.raises(ValueError, match="--as ID --course NAME"):
            submission.find(notebook, *words)
    assert submission.find(notebook, "ada", "cs249").signed == Signed("cs249", "06", "ada")
    with pytest.raises(ValueError, match="is no student's id"):
        submission.find(notebook, "../ada", "cs249")
    with pytest.raises(ValueError, match="is no name of a course"):
        submission.find(notebook, "ada", "cs 249")


# --- reading it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "companion submit"),
        (b"no zip", "companion submit"),
        (zipped({"06_iron_law.ipynb": b"{}"}), "has no submission.json"),
        (zipped({}, b"["), "not JSON"),
        (zipped({}, b"[" * 90_000), "not JSON"),
        (zipped({}, b" " * 100_001), "more than 100,000"),
        (zipped({}, []), "does not say format"),
        (zipped({}, manifest(format=2)), "does not say format"),
        (zipped({}, manifest(course="../x")), "does not say course"),
        (zipped({}, manifest(assignment=6)), "does not say assignment"),
        (zipped({}, manifest(student="a/b")), "does not say student"),
        (zipped({}, manifest(student="")), "does not say student"),
        (zipped({}, manifest(at="yesterday")), "isoformat"),
        (zipped({}, manifest(at="2026-12-04T20:00:00")), "does not say at"),
        (zipped({}, manifest(files=[])), "does not say files"),
        (zipped({"x.ipynb": b"{}"}, manifest()), "changed or damaged"),
        (zipped({}, manifest(files={"x.ipynb": "0"})), "changed or damaged"),
        (zipped({"../x.ipynb": b"{}"}, manifest()), "no name of a file"),
        (zipped({"a\\x.ipynb": b"{}"}, manifest()), "no name of a file"),
        (zipped({f"{n}.ipynb": b"{}" for n in range(61)}, manifest()), "at most 60 files"),
        (zipped({"bomb.ipynb": b" " * 20_000_001}, manifest()), "more than 20,000,000"),
    ],
    ids=range(21),
)
def test_what_is_no_submission_is_refused_with_the_reason(data, said):
    with pytest.raises(ValueError, match=said):
        submission.read(data)


def test_a_file_twice_in_a_zip_is_refused():
    with warnings.catch_warnings(action="ignore"):
        data = zipped([("x.ipynb", b"{}"), ("x.ipynb", b"[]")], manifest())
    with pytest.raises(ValueError, match="each name once"):
        submission.read(data)


def test_any_damage_to_the_bytes_is_a_refusal_and_no_crash(made, tmp_path):
    submission.write(made, tmp_path / made.name)
    whole = (tmp_path / made.name).read_bytes()
    for at in range(0, len(whole), 37):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            with suppress(ValueError):
                assert submission.read(damaged).files == made.files  # damage to a date or a comment hurts nothing


# --- trying it as in class ------------------------------------------------------------------------------------------


def verdicts(path):
    said = submission.find(path).signed
    return {one.task.partition(".")[2]: one for one in preview.preview("iron_law", path.read_bytes(), said.key)}


def test_a_right_notebook_is_right_and_one_fresh_from_the_release_is_untried(notebook):
    assert {verdict.status for verdict in verdicts(notebook).values()} == {"not tried"}
    assert {verdict.status for verdict in verdicts(solve(notebook, "iron_law")).values()} == {"right"}


def test_only_the_tasks_that_were_released_are_tried(tmp_path):
    assigned = lay_out(tmp_path / "cs249", names=["binding_term"], points={"binding_term": 4.5})
    path = assigned.folder / "students" / "ada" / "06_iron_law.ipynb"
    assert list(verdicts(path)) == ["binding_term"]
    assert preview.points("iron_law", path.read_bytes()) == {"iron_law.binding_term": 4.5}


def test_who_lets_the_companion_answer_is_told_that_it_is_not_there_in_class(notebook):
    solve(notebook, "iron_law")
    given = "bytes_moved, bandwidth_bytes_per_s, flop, peak_flop_per_s, utilisation, latency_s"
    delegated = f"""    from mlsys_helpers.sections.iron_law.model import time_terms as theirs

    return tuple(vars(theirs({given})).values())
    data_s = bytes_moved /"""
    edit(notebook, ("    data_s = bytes_moved /", delegated))
    found = verdicts(notebook)
    assert found["time_terms"].status != "right"
    assert "In class there is no mlsys_helpers.sections.iron_law.model" in found["time_terms"].message
    assert found["binding_term"].status == "right"


def test_what_was_right_at_home_only_because_of_a_deleted_cell_is_explained(notebook):
    edit(notebook, ('raise NotImplementedError("your answer here")', "return gone(locals())"))
    record(Verdict("iron_law.binding_term", RIGHT, 2, 2, "right"))
    found = verdicts(notebook)
    assert "run all cells again" in found["binding_term"].message
    assert "run all cells again" not in found["time_terms"].message


@pytest.mark.parametrize(
    "allowed", ["mlsys_helpers.kit.units", "mlsys_helpers.facts", "numpy", "mlsys_helpers.exercise"]
)
def test_what_is_there_in_class_is_not_complained_of(allowed):
    assert preview._companions_own(f"from {allowed} import x\nimport {allowed}", "iron_law") == []


def test_a_reader_in_the_folder_of_the_material_is_tried_by_the_own_notebook(notebook, monkeypatch):
    def written(*_):
        raise ValueError("somebody wrote in exercises")

    monkeypatch.setattr(preview.handout, "exercise", written)
    assert {verdict.status for verdict in verdicts(solve(notebook, "iron_law")).values()} == {"right"}


def test_what_is_no_notebook_cannot_be_tried():
    with pytest.raises(NoNotebook):
        preview.preview("iron_law", b"", "cs249/06/ada")
    assert wire.Broken in preview.UNABLE
