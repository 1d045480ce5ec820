"""What a student gets back: one page with every task, what was wrong with it, and where to go on.

No page holds an expected value or the right answer of a quiz, so tasks and questions can be asked again next year.
Equal gradebooks give equal pages.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlsys_helpers import chapter
from mlsys_helpers.exercise.judge import BROKEN, NOT_TRIED, RIGHT, WRONG
from mlsys_helpers.exercise.task import task
from mlsys_helpers.grading.course import QUIZ, SHORT, TASK, Assignment, Item, is_quiz, part_section
from mlsys_helpers.grading.giving_back.templates import page
from mlsys_helpers.grading.gradebook import TAKEN, WAITING, Entry, File, Gradebook, Standing
from mlsys_helpers.grading.handing_in.quizzes import PART, SHOWN, UNFIT
from mlsys_helpers.grading.roster import Student
from mlsys_helpers.grading.words import shown_points, written
from mlsys_helpers.kit import files
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import Question, ShortAnswer

MISSING, UNGRADED, MARKED = "missing", "ungraded", "marked"
STATES = {  # each state as a sign and in words
    RIGHT: ("✓", "right"),
    WRONG: ("✗", "not right yet"),
    PART: ("◐", "partly right"),
    BROKEN: ("✗", "ended in an error"),
    NOT_TRIED: ("○", "not tried"),
    SHOWN: ("○", "answer asked for"),
    UNFIT: ("✗", "no answer to this question"),
    WAITING: ("…", "waits for a mark"),
    MARKED: ("✎", "marked"),
    MISSING: ("–", "not handed in"),
    UNGRADED: ("…", "not graded yet"),
}
HINTS = 2  # of three: the last is nearly the code
LONG = 8  # lines of output, beyond which they are folded
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_FROM_MOODLE = r"(?P<folder>[^/]+_\d+_assignsubmission_file_)"
_FROM_CANVAS = r"(?P<stem>[^/_]+(?:_LATE)?_\d+_\d+)_"
_FROM = re.compile(rf"(?:^|/)(?:{_FROM_MOODLE}|{_FROM_CANVAS})")  # the outermost counts: students name what is within


@dataclass(frozen=True)
class Stated:
    """Something in a state, a key of STATES."""

    state: str

    @property
    def sign(self) -> str:
        """The state as a sign."""
        return STATES[self.state][0]

    @property
    def words(self) -> str:
        """The state in words."""
        return STATES[self.state][1]

    @property
    def style(self) -> str:
        """The state as the style sheet calls it."""
        return self.state.replace(" ", "-")


@dataclass(frozen=True)
class Asked(Stated):
    """A question of the quiz, as its student sees it. What was right says no more, and neither does what was shown.

    The misconception has no place here: its name often ends in the right answer ("calibration for invariance").
    """

    objective: str
    answer: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Line(Stated):
    """An item as its student sees it. `before_cost` is what it earned before lateness, if that cost something."""

    title: str
    score: str
    before_cost: str = ""
    mistake: str = ""
    message: str = ""
    hints: tuple[str, ...] = ()
    said: str = ""
    answer: str = ""
    rubric: tuple[str, ...] = ()
    questions: tuple[Asked, ...] = ()
    marked_by: str = ""
    comment: str = ""

    @property
    def says_more(self) -> bool:
        """Whether there is more to say than the state and the score."""
        return bool(self.state not in (RIGHT, MISSING) or self.before_cost or self.said or self.questions)

    @property
    def long(self) -> int:
        """How many lines were printed, if they are to be folded; else 0."""
        lines = self.said.count("\n") + 1
        return lines if lines > LONG or len(self.said) > 100 * LONG else 0


@dataclass(frozen=True)
class Told:
    """One part of the page: the exercise of a section, or its quiz. `where` says where to read again."""

    title: str
    where: str
    lines: tuple[Line, ...]

    @property
    def says_more(self) -> bool:
        """Whether there is more to say than the states and scores."""
        return any(line.says_more for line in self.lines)


@dataclass(frozen=True)
class Feedback:
    """A student's page, in words."""

    course: str
    assignment: str
    id: str
    name: str
    total: str
    possible: str
    sentences: tuple[str, ...]
    parts: tuple[Told, ...]

    def html(self) -> bytes:
        """The page as one file."""
        return page("feedback.html.j2", told=self)


def feedback(book: Gradebook, assigned: Assignment, students: Iterable[Student]) -> Iterator[Feedback]:
    """The pages of `students`, one by one."""
    students = list(students)
    standings = book.standings(assigned, [student.id for student in students])
    for student in students:
        graded = _graded(book, assigned, standings[student.id])
        yield _feedback(assigned, student, standings[student.id], graded)


def _graded(book: Gradebook, assigned: Assignment, standing: Standing) -> dict[str, Entry]:
    """By item, the newest that the grader said of what counts, with its detail, also where a person overruled it."""
    digests = {part: found.digest for part, found in standing.received.items()}
    parts = {item.id: item.part for item in assigned.items}
    history = book.history(assigned.name, standing.student) if standing.received else []
    return {e.item: e for e in history if not e.by_hand and e.item in parts and e.digest == digests.get(parts[e.item])}


def _feedback(assigned: Assignment, student: Student, standing: Standing, graded: dict[str, Entry]) -> Feedback:
    by_part: dict[str, list[Line]] = {}
    for item in assigned.items:
        by_part.setdefault(item.part, []).append(_line(item, standing, graded.get(item.id)))
    return Feedback(
        assigned.course,
        assigned.name,
        student.id,
        student.name,
        shown_points(standing.total(assigned.items)),
        shown_points(assigned.points),
        tuple(_sentences(assigned, standing)),
        tuple(_told(part, tuple(lines)) for part, lines in by_part.items()),
    )


def _told(part: str, lines: tuple[Line, ...]) -> Told:
    section, what = chapter.section(part_section(part)), "quiz" if is_quiz(part) else "exercise"
    return Told(
        f"Section {section.heading}, {section.title}: {what}",
        f"To read again: the notebook {section.stem}.ipynb.",
        lines,
    )


# --- an item --------------------------------------------------------------------------------------------------------


def state(item: Item, standing: Standing) -> str:
    """The state of an item, a key of STATES."""
    entry = standing.entries.get(item.id)
    if not entry:
        return UNGRADED if item.part in standing.received else MISSING
    if entry.points is None:
        return WAITING
    return MARKED if entry.by_hand or entry.status not in STATES else entry.status


def _line(item: Item, standing: Standing, graded: Entry | None) -> Line:
    entry, points = standing.entries.get(item.id), standing.points(item)
    cost = standing.cost.get(item.part, 0.0)
    by_hand = entry is not None and entry.by_hand and entry.points is not None
    told: dict[str, Any] = _KINDS[item.kind](item, graded, by_hand) if graded else {}
    if by_hand and entry:
        told |= {"marked_by": entry.setter, "comment": entry.message}
    return Line(
        state(item, standing),
        item.title,
        f"{'?' if points is None else shown_points(points)} of {shown_points(item.points)}",
        before_cost=shown_points(entry.points) if entry and entry.points and cost else "",
        **told,
    )


def _task(item: Item, graded: Entry, by_hand: bool) -> dict[str, Any]:
    told = {"said": output(graded.detail.get("said"))}
    if graded.status == RIGHT or by_hand:
        return told
    tried = graded.status != NOT_TRIED
    told |= {"message": graded.message if tried else "", "mistake": graded.mistake}
    return told | {"hints": task(item.id).hints[:HINTS]}


def _quiz(item: Item, graded: Entry, by_hand: bool) -> dict[str, Any]:
    results = graded.detail.get("questions", {})
    questions = bank.section_bank(part_section(item.part)).questions
    asked = tuple(_asked(question, results[question.id]) for question in questions if question.id in results)
    return {"message": graded.message, "questions": asked}


def _asked(question: Question, result: dict[str, Any]) -> Asked:
    if result["state"] not in (WRONG, PART):
        return Asked(result["state"], question.objective)
    answer = result["response"]
    written = ", then ".join(answer) if isinstance(answer, list) else f"“{answer}”"
    return Asked(result["state"], question.objective, written, result["feedback"])


def _short(item: Item, graded: Entry, by_hand: bool) -> dict[str, Any]:
    """The rubric is told with the mark: before it, the answer may still be handed in again."""
    question = bank.section_bank(part_section(item.part)).question(item.id)
    assert isinstance(question, ShortAnswer)
    text = graded.detail.get("text", "")
    message = "" if text or by_hand else graded.message
    return {"answer": text, "message": message, "rubric": question.rubric if by_hand else ()}


_KINDS = {TASK: _task, QUIZ: _quiz, SHORT: _short}


def output(said: Any) -> str:
    """What cells printed, without the codes that colour it in a terminal."""
    return _ANSI.sub("", said).expandtabs(4).strip("\n") if isinstance(said, str) else ""


# --- the whole ------------------------------------------------------------------------------------------------------


def _sentences(assigned: Assignment, standing: Standing) -> Iterator[str]:
    waiting = len(standing.waiting(assigned.items))
    missing = [part_name(part) for part in parts_of(assigned) if part not in standing.received]
    if not standing.received:
        yield "Nothing was handed in. If you did hand something in, tell your instructors at once."
    elif missing:
        yield f"Not handed in: the {' and the '.join(missing)}."
    if waiting:
        answers = "1 answer waits" if waiting == 1 else f"{waiting} answers wait"
        yield f"{answers} for a person's mark, so the total may still grow."
    if standing.due and standing.due != assigned.due:
        yield f"Your due date was moved to {written(standing.due)}."
    for part, cost in standing.cost.items():
        if cost and standing.due:
            yield _lateness(part, cost, standing)


def _lateness(part: str, cost: float, standing: Standing) -> str:
    """What lateness cost a part and why."""
    due, handed_in = standing.due, standing.received[part].handed_in
    assert due is not None
    when = f"was handed in {written(handed_in.astimezone(due.tzinfo))}, due {written(due)}"
    if handed_in <= due:
        when = f"is marked as late by the system that it was handed in with (due {written(due)})"
    lost = "That is too late to earn points" if cost >= 1 else f"Lateness costs {100 * cost:.3g} % of its points"
    return f"The {part_name(part)} {when}. {lost}."


def parts_of(assigned: Assignment) -> list[str]:
    """What an assignment takes, in order."""
    return list(dict.fromkeys(item.part for item in assigned.items))


def part_name(part: str) -> str:
    """What a part is called: the quiz of section 1.6."""
    what = "quiz" if is_quiz(part) else "exercise"
    return f"{what} of section {chapter.section(part_section(part)).heading}"


# --- giving back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What was written: how many pages, and how many of them say that something is not graded or not marked yet."""

    folder: Path
    pages: int
    ungraded: int
    waiting: int


def give(book: Gradebook, assigned: Assignment, students: Iterable[Student], zipped: Path | None = None) -> Given:
    """Write the pages of `students` to the assignment's folder, and to a zip for a learning-management system if one is
    named. Raises OSError."""
    folder, pages, unfinished = assigned.folder / "feedback", {}, []
    arrived: dict[str, list[File]] = {}
    for file in book.files(assigned.name) if zipped else ():
        arrived.setdefault(file.student, []).append(file)
    for found in feedback(book, assigned, students):
        data = found.html()
        files.put(folder / f"{found.id}.html", data)
        unfinished.append({line.state for part in found.parts for line in part.lines})
        if zipped:
            pages[returned_as(arrived.get(found.id, []), found.id)] = data
    if zipped:
        files.put(zipped, _zip(pages))
    return Given(
        folder, len(unfinished), sum(UNGRADED in states for states in unfinished), sum(WAITING in s for s in unfinished)
    )


def _zip(pages: dict[str, bytes]) -> bytes:
    """The pages in a zip, always the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(pages.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def returned_as(arrived: Iterable[File], student: str) -> str:
    """The name under which a learning-management system takes a student's page back, in a zip of all pages; `arrived`
    are the student's files.

    Moodle and Canvas know a student by the numbers in the name of what they gave out, so the page is named after the
    newest file that was taken: a folder of Moodle's, or the beginning of a name of Canvas's. Else a folder by id.
    """
    for source in reversed([file.source for file in arrived if file.outcome == TAKEN]):
        if found := _FROM.search(source):
            return f"{found['folder']}/feedback.html" if found["folder"] else f"{found['stem']}_feedback.html"
    return f"{student}/feedback.html"
