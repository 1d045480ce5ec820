"""A student's page tells what happened and never what would have been right; whatever it holds, it is only text."""

import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from mlsys_helpers import chapter, cli
from mlsys_helpers.exercise.judge import RIGHT, asked, written
from mlsys_helpers.exercise.run import run
from mlsys_helpers.exercise.task import task, tasks
from mlsys_helpers.grading import course, gradebook
from mlsys_helpers.grading.giving_back import feedback
from mlsys_helpers.grading.gradebook import Entry, File, Gradebook, Received
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.grading.roster import Student
from mlsys_helpers.quiz import bank, formula
from mlsys_helpers.quiz.questions import Choice, FillIn, Numeric, Ordering, ShortAnswer
from mlsys_helpers.quiz.score import right_response, solution
from tests.grading import pages, simulated

SECTIONS = [section.slug for section in chapter.open_sections()]
ADA = Student("ada", "Ada Lovelace")
DUE = simulated.DUE


def assignment(folder, section="iron_law", quiz=10.0, **more):
    course.new_course(folder, "cs249")
    part = course.Part(section, {one.name: float(one.points) for one in tasks(section)}, quiz)
    return course.Assignment("cs249", "06", folder / "06", (part,), DUE, late=course.Late(15, 0.1, 3), **more)


@pytest.fixture
def assigned(tmp_path):
    return assignment(tmp_path)


@pytest.fixture
def book(assigned):
    with Gradebook(assigned.folder.parent / course.GRADEBOOK) as made:
        yield made


def hand_in(book, part="iron_law", at=DUE, digest="d1", entries=(), **more):
    unit = Received("ada", part, digest, at, "x", **more)
    book.receive("06", [], [unit])
    book.finish("06", unit, "g1", [replace(entry, digest=digest) for entry in entries])
    return unit


def told(book, assigned, student=ADA):
    (found,) = feedback.feedback(book, assigned, [student])
    return found


def line(found, title):
    return next(one for part in found.parts for one in part.lines if one.title == title)


def text(found):
    return pages.check(found.html()).text


# --- no page tells what is right ------------------------------------------------------------------------------------


def values(answer):
    """The numbers and words that an answer consists of."""
    if isinstance(answer, tuple | list):
        return [value for part in answer for value in values(part)]
    return np.asarray(answer).ravel().tolist() if isinstance(answer, np.ndarray | np.generic) else [answer]


def spelled(value):
    """A number in the ways in which a page might show it; none of a plain one that would be anywhere."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        return set()
    found = {written(value), repr(value), f"{value:.3g}", f"{value:.4g}", f"{value:.6g}", f"{value:,.2f}"}
    return {one for one in found if len(re.sub(r"e.*|\D", "", one).strip("0")) >= 3}


def shown(page, token):
    return re.search(rf"(?<![\w.,]){re.escape(token)}(?![\w]|[.,]\d)", page)


@pytest.mark.parametrize("section", SECTIONS)
def test_no_expected_value_is_told_to_who_was_wrong(tmp_path, section):
    """Unless it stands in what the student was given or gave. Words that a function returns do not count: its cases are
    many, and a message may speak of them."""
    tried = [(one, wrong) for one in tasks(section) for wrong in [*range(len(one.mistakes)), -1, -2]]
    for asked_, wrong in tried:
        entry = simulated.entry(asked_.name, wrong, 2.0, Received("ada", section, "d1", DUE, "x"))
        own = feedback._task(course.Item(asked_.name, "task", section, asked_.title, 2.0), entry, False)
        said = f"{own['message']} {own['mistake']}"
        words = " ".join([said, *own["hints"], own["said"]])
        cases = asked_.cases_for("cs249/06/secret")
        given = [asked(asked_, case) for case in cases]
        gave = [value for one in cases for value in _gave(asked_, wrong, one)]
        allowed = " ".join([*given, *map(str, gave), *(written(value) for value in gave)])
        for outcome in run(asked_.reference, cases):
            right = values(outcome.value)
            tokens = {token for value in right for token in spelled(value)}
            told = [token for token in tokens if shown(words, token) and not shown(allowed, token)]
            told += [value for value in right if isinstance(value, str) and asked_.by_value and shown(said, value)]
            assert not told, f"{asked_.name}, mistake {wrong}: {told} in {words!r}"


def _gave(asked_, wrong, case):
    return [] if wrong < 0 else values(run(asked_.mistakes[wrong].wrong, [case])[0].value)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_whole_page_of_wrong_answers_is_sound(tmp_path, section):
    assigned = assignment(tmp_path, section)
    with Gradebook(tmp_path / course.GRADEBOOK) as book:
        unit = Received("ada", section, "d1", DUE, "x")
        entries = [simulated.entry(name, 0, points, unit) for name, points in assigned.parts[0].tasks.items()]
        hand_in(book, section, entries=entries)
        page = text(told(book, assigned))
    for one in tasks(section):
        assert one.mistakes[0].name in page


def wrong_answers(question):
    """Responses that are known to be wrong, with variant 3."""
    if isinstance(question, Choice):
        return [option.text for option in question.options if not option.right]
    if isinstance(question, FillIn):
        return ["something else", *(near.text for near in question.near)]
    if isinstance(question, Ordering):
        return [list(reversed(question.items)), [*question.items[1:], question.items[0]]]
    assert isinstance(question, Numeric)
    values_, unit = formula.givens(question, 3), question.answer_unit
    known = [formula.evaluate(question, one.formula, values_) for one in question.mistakes]
    size = formula.answer(question, values_)
    return ["987654321", f"{10 * size!r} {unit or 'x'}", *(f"{value!r}" for value in known)]


@pytest.mark.parametrize("section", SECTIONS)
def test_no_right_answer_of_a_quiz_is_told(section):
    for question in bank.section_bank(section).questions:
        if isinstance(question, ShortAnswer):
            continue
        right = ", then ".join(question.items) if isinstance(question, Ordering) else solution(question, 3)
        for response in [*wrong_answers(question), right_response(question, 3)]:
            result = quizzes.scored(question, [quizzes.Attempt(response, 3)])
            said = feedback._asked(question, vars(result))
            if said.state == RIGHT:
                assert not (said.feedback or said.answer)
                continue
            words = re.sub(r"^Read as \S+[^.]*\.", "", said.feedback)  # their own number
            if question.type == "true_false" or shown(str(response), right) or len(right) < 3:
                continue  # who is told "not right" knows the other word; a page may quote; a short number is anywhere
            assert not shown(words.casefold(), right.casefold()), f"{question.id}: {right!r} in {words!r}"


def test_a_question_that_was_shown_says_no_more():
    question = next(q for q in bank.section_bank("iron_law").questions if isinstance(q, Choice))
    wrong = quizzes.Attempt(wrong_answers(question)[0])
    result = quizzes.scored(question, [wrong, quizzes.Attempt(gave_up=True)])
    said = feedback._asked(question, vars(result))
    assert said.words == "answer asked for" and not (said.answer or said.feedback)


# --- what is told ---------------------------------------------------------------------------------------------------


def test_a_wrong_answer_is_named_with_hints_and_output(book, assigned):
    name = "iron_law.binding_term"
    entry = simulated.entry(name, 0, 2.0, hand_in(book))
    hand_in(book, digest="d2", at=DUE + timedelta(minutes=1), entries=[replace(entry, detail={"said": "a\n" * 20})])
    found = line(told(book, assigned), task(name).title)
    assert (found.words, found.score, found.mistake) == ("not right yet", "0 of 2", entry.mistake)
    assert found.hints == task(name).hints[:2] and found.long == 20
    page = text(told(book, assigned))
    assert entry.mistake in page and "What your cells printed (20 lines)" in page


def test_right_is_said_shortly(book, assigned):
    name = "iron_law.binding_term"
    hand_in(book, entries=[replace(simulated.entry(name, None, 2.0, hand_in(book)), detail={})])
    page = text(told(book, assigned))
    assert f"{task(name).title} ✓ right 2 of 2" in page and f"{task(name).title}: right" not in page


def test_lateness_is_explained(book, assigned):
    unit = hand_in(book, at=DUE + timedelta(hours=20))
    hand_in(book, at=unit.handed_in, entries=[simulated.entry("iron_law.binding_term", None, 2.0, unit)])
    page = text(told(book, assigned))
    assert (
        "was handed in 2026-12-05 19:59 (UTC), due 2026-12-04 23:59 (UTC). Lateness costs 10 % of its points." in page
    )
    assert "1.8 of 2" in page and "2 before lateness." in page


def test_a_system_that_says_late_is_quoted(book, assigned):
    hand_in(book, at=DUE - timedelta(days=1), late=True)
    assert "is marked as late by the system" in text(told(book, assigned))
    hand_in(book, "iron_law.quiz", at=DUE + timedelta(days=9))
    assert "That is too late to earn points." in text(told(book, assigned))


def test_an_extension_is_told(book, assigned):
    moved = (DUE + timedelta(days=2)).isoformat()
    book.mark("06", [Entry("ada", gradebook.DUE, None, 0.0, "marked", moved, setter="vijay")])
    assert "Your due date was moved to 2026-12-06 23:59 (UTC)." in text(told(book, assigned))


def test_a_mark_by_hand_says_who_and_why(book, assigned):
    name = "iron_law.binding_term"
    hand_in(book, entries=[simulated.entry(name, 0, 2.0, hand_in(book))])
    book.mark("06", [Entry("ada", name, 1.5, 2.0, "marked", "another valid reading", setter="vijay")])
    found = line(told(book, assigned), task(name).title)
    assert (found.words, found.score, found.hints) == ("marked", "1.5 of 2", ())
    assert "Marked by vijay: another valid reading" in text(told(book, assigned))


def test_a_short_answer_waits_and_then_shows_its_rubric(book, assigned):
    item = next(item for item in assigned.items if item.kind == course.SHORT)
    unit = Received("ada", item.part, "d1", DUE, "x")
    answers = {item.id: [{"response": {"text": "Because it binds.", "made": []}}]}
    entries = quizzes.quiz_entries(assigned, unit, simulated.quiz_file(answers))
    hand_in(book, item.part, entries=entries)
    rubric = bank.section_bank("iron_law").question(item.id).rubric[0]
    page = text(told(book, assigned))
    assert "1 answer waits for a person's mark" in page and "Because it binds." in page and rubric not in page
    book.mark("06", [Entry("ada", item.id, item.points, item.points, "marked", "well said", setter="vijay")])
    page = text(told(book, assigned))
    assert rubric in page and "well said" in page and "Because it binds." in page and "waits" not in page


def test_nothing_handed_in_and_nothing_graded_are_told_apart(book, assigned):
    assert "Nothing was handed in." in text(told(book, assigned))
    hand_in(book)
    found = told(book, assigned)
    words = {one.title: one.words for part in found.parts for one in part.lines}
    assert "Not handed in: the quiz of section 1.6." in text(found)
    assert words["Quiz"] == "not handed in" and words["Which term binds"] == "not graded yet"


def test_a_file_that_could_not_be_read_says_why(book, assigned):
    unit = Received("ada", "iron_law.quiz", "d1", DUE, "x")
    hand_in(book, "iron_law.quiz", entries=quizzes.quiz_entries(assigned, unit, b"no JSON"))
    assert "The quiz answers cannot be read" in text(told(book, assigned))


# --- whatever it holds ----------------------------------------------------------------------------------------------

EVIL = (
    "<script>alert(1)</script>\"'><img src=x onerror=y>\u202e\u2066 {{ 71 * 73 }} $x$ `y` \x00\x1b[31mred\x1b[0m \udc80"
)


def test_texts_of_students_stay_texts(book, assigned):
    hand_in(book)
    name, short = "iron_law.binding_term", next(item for item in assigned.items if item.kind == course.SHORT)
    entry = Entry("ada", name, 0.0, 2.0, "broken", EVIL.replace("\udc80", ""), EVIL[:30], detail={"said": EVIL})
    hand_in(book, entries=[entry])
    asked_ = next(q for q in bank.section_bank("iron_law").questions if isinstance(q, FillIn))
    made = {asked_.id: [{"response": EVIL.replace("\udc80", "")}], short.id: [{"response": {"text": EVIL[:60]}}]}
    unit = Received("ada", short.part, "d1", DUE, "x")
    hand_in(book, short.part, entries=quizzes.quiz_entries(assigned, unit, simulated.quiz_file(made)))
    book.mark("06", [Entry("ada", "iron_law.time_terms", 1.0, 3.0, "marked", EVIL[:70], setter=EVIL[:40])])
    data = told(book, assigned, Student("ada", EVIL)).html()
    page = pages.check(data)
    assert not page.all("img") and page.text.count("<script>alert(1)</script>") >= 5
    assert "{{ 71 * 73 }}" in page.text and "5183" not in page.text and b"\x00" not in data and b"\x1b" not in data
    assert feedback.output("\x1b[31mred\x1b[0m\n") == "red" and feedback.output(["no text"]) == ""


def test_equal_gradebooks_give_equal_pages(tmp_path):
    made = [simulated.made(tmp_path / name, 6) for name in ("a", "b")]
    found = []
    for one in made:
        with one.book() as book:
            found.append([f.html() for f in feedback.feedback(book, one.assigned, one.students)])
    assert found[0] == found[1] and len(set(found[0])) == 6
    for data in found[0]:
        pages.check(data)


# --- giving back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("all.zip/Ada Lovelace_123456_assignsubmission_file_/06.ipynb",
         "Ada Lovelace_123456_assignsubmission_file_/feedback.html"),
        ("Ada Lovelace_123456_assignsubmission_file_06.ipynb",
         "Ada Lovelace_123456_assignsubmission_file_/feedback.html"),
        ("submissions.zip/lovelaceada_12345_67890_06_iron_law-2.ipynb", "lovelaceada_12345_67890_feedback.html"),
        ("lovelaceada_LATE_12345_67890_x.zip/06_iron_law.ipynb", "lovelaceada_LATE_12345_67890_feedback.html"),
        ("lovelaceada_1_2_x.zip/Bob_9_assignsubmission_file_/06.ipynb", "lovelaceada_1_2_feedback.html"),
    ],
)  # fmt: skip
def test_a_page_is_named_as_the_system_knows_it(source, name):
    files = [File("old_1_1_x.ipynb", gradebook.TAKEN, student="ada"), File(source, gradebook.TAKEN, student="ada")]
    assert feedback.returned_as([*files, File("no_1_2_x", gradebook.REFUSED, student="ada")], "ada") == name


def test_the_command_writes_a_page_for_everybody_or_for_one(tmp_path):
    made = simulated.made(tmp_path / "cs249", 5)
    folder, zipped = str(made.assigned.folder), tmp_path / "all.zip"
    said = CliRunner().invoke(cli.app, ["feedback", folder, "--zip", str(zipped)])
    assert said.exit_code == 0 and "wrote 5 pages" in said.output and "companion mark" in said.output
    names = sorted(path.name for path in (made.assigned.folder / "feedback").iterdir())
    assert names == [f"s00{number}.html" for number in range(5)]
    first = zipped.read_bytes()
    assert zipfile.ZipFile(zipped).namelist() == [f"s00{number}/feedback.html" for number in range(5)]
    again = CliRunner().invoke(cli.app, ["feedback", folder, "S001", "--zip", str(zipped)])
    assert "wrote 1 page " in again.output and zipped.read_bytes() != first
    CliRunner().invoke(cli.app, ["feedback", folder, "--zip", str(zipped)])
    assert zipped.read_bytes() == first


@pytest.mark.parametrize(("words", "named"), [(["nowhere"], "holds no assignment"), (["06", "s0"], "unknown student")])
def test_what_is_not_there_is_named(tmp_path, words, named):
    made = simulated.made(tmp_path, 3)
    said = CliRunner().invoke(cli.app, ["feedback", str(made.course.folder / words[0]), *words[1:]])
    assert said.exit_code == 1 and named in said.output
