"""The gradebook keeps everything, and counts what should count."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mlsys_helpers.grading import course, gradebook
from mlsys_helpers.grading.gradebook import WITHDRAWN, Entry, File, Gradebook, Received

DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
TASK, QUIZ = "iron_law.binding_term", "iron_law.quiz"


@pytest.fixture
def assigned(tmp_path):
    course.new_course(tmp_path, "cs249")
    part = course.Part("iron_law", {TASK: 2.0}, quiz=13.0)
    return course.Assignment("cs249", "06", tmp_path / "06", (part,), DUE, late=course.Late(15, 0.1, 3))


@pytest.fixture
def book(tmp_path, assigned):
    with Gradebook(tmp_path / course.GRADEBOOK) as made:
        yield made


def received(digest="d1", at=DUE, student="ada", part="iron_law", **more):
    return Received(student, part, digest, at, f"submissions/{student}/{digest}", **more)


def graded(points, digest="d1", student="ada", **more):
    return Entry(student, TASK, points, 2.0, "right" if points else "wrong", digest=digest, **more)


def points(book, assigned, student="ada"):
    return book.standings(assigned, [student])[student].points(assigned.item(TASK))


def test_the_newest_submission_counts_however_it_was_collected(book, assigned):
    book.receive("06", [], [received("new", DUE), received("old", DUE - timedelta(days=1))])
    for digest, earned in (("new", 0.0), ("old", 2.0)):
        book.finish("06", received(digest), "g1", [graded(earned, digest)])
    assert points(book, assigned) == 0.0


def test_a_persons_mark_beats_the_graders_until_it_is_taken_back(book, assigned):
    book.receive("06", [], [received()])
    book.finish("06", received(), "g1", [graded(0.0)])
    book.mark("06", [graded(1.5, "", setter="vijay", message="a good idea")])
    book.finish("06", received(), "g2", [graded(2.0)])
    assert points(book, assigned) == 1.5
    book.mark("06", [Entry("ada", TASK, None, 2.0, WITHDRAWN, setter="vijay")])
    assert points(book, assigned) == 2.0
    assert [entry.setter for entry in book.history("06", "ada", TASK)] == ["grader", "vijay", "grader", "vijay"]


def test_nothing_handed_in_is_nothing_earned_and_a_short_answer_waits(book, assigned):
    assert points(book, assigned) == 0.0
    short = assigned.items[-1]
    book.receive("06", [], [received(part=QUIZ)])
    book.finish("06", received(part=QUIZ), "g1", [Entry("ada", short.id, None, 1.0, gradebook.WAITING, digest="d1")])
    standing = book.standings(assigned, ["ada"])["ada"]
    assert standing.waiting(assigned.items) == [short] and standing.total(assigned.items) == 0.0


@pytest.mark.parametrize(
    ("minutes", "left"), [(0, 2.0), (15, 2.0), (16, 1.8), (1440, 1.8), (1441, 1.6), (4320, 1.4), (4321, 0.0)]
)
def test_lateness_costs_a_share_for_each_day_begun(book, assigned, minutes, left):
    book.receive("06", [], [received(at=DUE + timedelta(minutes=minutes))])
    book.finish("06", received(), "g1", [graded(2.0)])
    assert points(book, assigned) == pytest.approx(left)


def test_an_extension_moves_one_students_due_date(book, assigned):
    for student in ("ada", "bob"):
        late = received(at=DUE + timedelta(days=2), student=student, late=True)
        book.receive("06", [], [late])
        book.finish("06", late, "g1", [graded(2.0, student=student)])
    due = (DUE + timedelta(days=2)).isoformat()
    book.mark("06", [Entry("ada", gradebook.DUE, None, 0.0, "set", due, setter="vijay")])
    assert points(book, assigned, "ada") == 2.0 and points(book, assigned, "bob") == pytest.approx(1.6)
    standings = book.standings(assigned, ["ada", "bob"])
    assert standings["bob"].due == DUE and standings["ada"].due == DUE + timedelta(days=2)


def test_a_system_that_says_late_is_believed_whatever_the_files_time(book, assigned):
    book.receive("06", [], [received(at=DUE - timedelta(days=1), late=True)])
    book.finish("06", received(), "g1", [graded(2.0)])
    assert points(book, assigned) == pytest.approx(1.8)


def test_one_student_stands_as_in_the_class_and_only_their_entries_are_read(book, assigned):
    for student in ("ada", "bob", "cyd"):
        book.receive("06", [], [received(student=student)])
        book.finish("06", received(student=student), "g1", [graded(2.0, student=student)])
    read = []
    book._open.set_trace_callback(read.append)
    assert book.standings(assigned, ["bob"])["bob"] == book.standings(assigned, ["ada", "bob"])["bob"]
    assert "student = 'bob'" in read[1] and "student =" not in read[3]
    assert book.students("06") == {"ada", "bob", "cyd"} and not book.students("07")


def test_a_unit_is_written_whole_or_not_at_all(book):
    bad = replace(graded(2.0), detail={"not JSON": object()})
    with pytest.raises(TypeError):
        book.finish("06", received(), "g1", [graded(2.0), bad])
    assert not book.history("06") and not book.done("06", "g1")


def test_the_same_said_twice_stands_once(book):
    for _ in range(2):
        book.finish("06", received(), "g1", [graded(2.0)])
    book.finish("06", received(), "g2", [graded(2.0)])
    assert len(book.history("06")) == 1 and book.done("06", "g2") == {("ada", "iron_law", "d1")}


@pytest.mark.parametrize("change", ["DELETE FROM entry", "UPDATE entry SET points = 99", "DELETE FROM file"])
def test_nothing_is_ever_changed(book, tmp_path, change):
    book.receive("06", [File("a.ipynb", gradebook.REFUSED, "empty")], [])
    book.mark("06", [graded(2.0)])
    with sqlite3.connect(tmp_path / course.GRADEBOOK) as direct, pytest.raises(sqlite3.IntegrityError, match="never"):
        direct.execute(change)
    assert [file.reason for file in book.files("06")] == ["empty"]


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "bad.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(ValueError, match=r"bad\.sqlite cannot be used"):
        Gradebook(tmp_path / "bad.sqlite")


def test_a_folder_that_is_gone_and_a_gradebook_that_stays_busy_are_told_in_a_line(book, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"gone.*cannot be used"):
        Gradebook(tmp_path / "gone" / course.GRADEBOOK)
    monkeypatch.setattr(gradebook, "BUSY_TIMEOUT_S", 0.05)
    with sqlite3.connect(tmp_path / course.GRADEBOOK) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(ValueError, match=r"gradebook\.sqlite.*locked"),
            Gradebook(tmp_path / course.GRADEBOOK) as busy,
        ):
            busy.mark("06", [graded(2.0)])


def test_two_gradebooks_that_say_the_same_are_the_same(book, tmp_path):
    book.finish("06", received(), "g1", [graded(2.0)])
    book.finish("06", received(student="bob"), "g1", [graded(0.0, student="bob")])
    with Gradebook(tmp_path / "other.sqlite") as other:
        other.finish("06", received(student="bob"), "g1", [graded(0.0, student="bob")])
        assert other.dump() != book.dump()
        other.finish("06", received(), "g1", [graded(2.0)])
        assert other.dump() == book.dump()
