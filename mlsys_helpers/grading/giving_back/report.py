"""What an instructor should know of a class: how it did, what it found hard and why, and who needs help.

Item statistics are of scores before lateness, over those who handed in. A question of a quiz counts by its first
answer: in the end nearly everybody who tries again is right.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mlsys_helpers.exercise.judge import BROKEN, NOT_TRIED, RIGHT
from mlsys_helpers.exercise.task import task
from mlsys_helpers.grading.collecting.arrived import NO_SUBMISSION
from mlsys_helpers.grading.course import QUIZ, SHORT, TASK, Assignment, Item, is_quiz, part_section
from mlsys_helpers.grading.giving_back import analysis, figures
from mlsys_helpers.grading.giving_back.analysis import Chosen, Correlation, Reliability, Share
from mlsys_helpers.grading.giving_back.feedback import MARKED, UNGRADED, part_name, parts_of, state
from mlsys_helpers.grading.giving_back.templates import page
from mlsys_helpers.grading.gradebook import REFUSED, TAKEN, WAITING, Entry, Gradebook, Standing
from mlsys_helpers.grading.roster import Student
from mlsys_helpers.grading.words import many, shown_points
from mlsys_helpers.kit.figure import Picture, show
from mlsys_helpers.kit.units import percent
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import Choice, Question, ShortAnswer

Quizzes = dict[tuple[str, str], dict[str, dict]]  # by student and item, what became of each question
LOW, QUARTER = 0.5, 0.25  # who earned less than this share of the points and is in the lowest quarter may need help
DROP = 0.25  # a fall of the share since the last assignment that is worth asking about
OFTEN, TOLD = 0.1, 3  # a mistake that this share made is worth a minute in class; so many are named


@dataclass(frozen=True)
class Fact:
    """Something to see at a glance."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A thing to which each student has a score: a task, a question or a short answer, worth `points`.

    `mistakes` are the names of those that were made, `choices` the first choices among `options`, None for no answer.
    """

    id: str
    kind: str
    title: str
    points: float
    scores: list[float] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    choices: list[str | None] = field(default_factory=list)
    options: tuple[tuple[str, bool], ...] = ()

    @property
    def short(self) -> str:
        """A name for figures: what the id says beside the section, and whether it is of the quiz."""
        return self.id.partition(".")[2] + " (quiz)" * (self.kind != TASK)


@dataclass(frozen=True)
class Finding:
    """What is to be said of one column. `mistake` is the commonest, `count` how many made it, `told` what the companion
    tells who makes it; `misleading` are wrong options that strong students chose."""

    column: Column
    share: Share
    agree: Correlation
    mistake: str
    count: int
    told: str
    options: tuple[Chosen, ...]
    misleading: tuple[Chosen, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many ended in each state."""
        return Counter(self.column.states)

    @property
    def verdict(self) -> str:
        """Whether the item tells students apart, in words."""
        return analysis.VERDICTS[self.agree.verdict]


@dataclass(frozen=True)
class Needy:
    """A student who may need help, and why; the weightier, the more so."""

    student: Student
    reasons: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Report:
    """The report on one assignment, in words and numbers; `totals` are of those who handed in."""

    assigned: Assignment
    glance: tuple[Fact, ...]
    totals: tuple[float, ...]
    tasks: tuple[Finding, ...]
    questions: tuple[Finding, ...]
    shorts: tuple[Finding, ...]
    suspects: tuple[Finding, ...]
    reliability: Reliability | None
    needy: tuple[Needy, ...]
    notes: tuple[str, ...]

    @property
    def worth_telling(self) -> list[Finding]:
        """The tasks whose commonest mistake was made most often."""
        often = [found for found in self.tasks if found.count >= max(2, OFTEN * found.share.n)]
        return sorted(often, key=lambda found: -found.count / found.share.n)[:TOLD]

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """The totals, the outcomes of tasks, and each item's statistics, as far as there is something to draw."""
        if not self.totals or not self.assigned.points:
            return {}
        made = {"totals": show(figures.plot_totals(self.totals, self.assigned.points))}
        if self.tasks:
            titles, counts = [one.column.title for one in self.tasks], [one.counts for one in self.tasks]
            made["outcomes"] = show(figures.plot_outcomes(titles, counts))
        if known := [one for one in (*self.tasks, *self.questions, *self.shorts) if one.share.n]:
            shares, agree = [one.share for one in known], [one.agree for one in known]
            made["each"] = show(figures.plot_items([one.column.short for one in known], shares, agree))
        return made

    def html(self) -> bytes:
        """The report as one file."""
        return page("report.html.j2", told=self, ENOUGH=analysis.ENOUGH, WEAK=analysis.WEAK)


def report(
    book: Gradebook, assigned: Assignment, students: Sequence[Student], others: Iterable[Assignment] = ()
) -> Report:
    """The report on `students`. `others` are the course's assignments, among which the one before is found."""
    standings = book.standings(assigned, [student.id for student in students])
    here = [standings[student.id] for student in students if standings[student.id].received]
    columns = _columns(assigned, here, _details(book, assigned, here))
    findings = _findings(columns)
    needy = tuple(_needy(assigned, students, standings, _before(book, assigned, students, others)))
    totals = [standing.total(assigned.items) for standing in here]
    by_kind = {kind: tuple(f for f in findings if f.column.kind == kind) for kind in (TASK, QUIZ, SHORT)}
    return Report(
        assigned,
        tuple(_glance(assigned, len(students), here, totals, findings, needy)),
        tuple(totals),
        by_kind[TASK],
        by_kind[QUIZ],
        by_kind[SHORT],
        tuple(f for f in findings if f.misleading or f.agree.verdict in ("none", "reversed")),
        analysis.reliability(_scores(columns), [column.points for column in columns]),
        needy,
        tuple(_notes(book, assigned, here)),
    )


# --- scores ---------------------------------------------------------------------------------------------------------


def _details(book: Gradebook, assigned: Assignment, here: list[Standing]) -> Quizzes:
    """By student and item, what the grader said of each question of a quiz that counts."""
    quizzes = {item.id: item.part for item in assigned.items if item.kind == QUIZ}
    digests = {(s.student, part): found.digest for s in here for part, found in s.received.items()}
    return {
        (entry.student, item): entry.detail.get("questions", {})
        for item, part in quizzes.items()
        for entry in book.history(assigned.name, item=item)
        if not entry.by_hand and entry.digest == digests.get((entry.student, part))
    }


def _columns(assigned: Assignment, here: list[Standing], details: Quizzes) -> list[Column]:
    columns: list[Column] = []
    for item in assigned.items:
        if item.kind == QUIZ:
            columns += _questions(item, here, details)
        else:
            columns.append(_column(item, here))
    return columns


def _column(item: Item, here: list[Standing]) -> Column:
    column = Column(item.id, item.kind, item.title, item.points)
    for standing in here:
        entry = standing.entries.get(item.id)
        column.scores.append(_score(entry))
        column.states.append(_state(item, standing))
        column.mistakes.append(entry.mistake if entry else "")
    return column


def _score(entry: Entry | None) -> float:
    """The share of its points that an item earned; extra credit is not more than all. NaN for what is not known."""
    if entry is None or entry.points is None:
        return math.nan
    return min(entry.points / entry.possible, 1.0) if entry.possible else float(entry.status == RIGHT)


def _state(item: Item, standing: Standing) -> str:
    """The state; of what a person marked, whether it earned everything."""
    found, entry = state(item, standing), standing.entries.get(item.id)
    if found != MARKED or not entry or entry.points is None:
        return found
    return RIGHT if entry.points >= entry.possible else MARKED


def _questions(item: Item, here: list[Standing], details: Quizzes) -> Iterator[Column]:
    questions = bank.section_bank(part_section(item.part)).questions
    automatic = [question for question in questions if not isinstance(question, ShortAnswer)]
    told = [details.get((standing.student, item.id), {}) for standing in here]
    for question in automatic:
        yield _question(question, item.points / len(automatic), [found.get(question.id) for found in told])


def _question(question: Question, points: float, results: list[dict | None]) -> Column:
    options = tuple((o.text, o.right) for o in question.options) if isinstance(question, Choice) else ()
    return Column(
        question.id,
        QUIZ,
        question.objective,
        points,
        [found["first_points"] if found else math.nan for found in results],
        [found["state"] if found else "" for found in results],
        [found["first_misconception"] if found else "" for found in results],
        [found["first"] if found else None for found in results],
        options,
    )


def _scores(columns: list[Column]) -> np.ndarray:
    return np.array([column.scores for column in columns], dtype=float).reshape(len(columns), -1).T


def _findings(columns: list[Column]) -> list[Finding]:
    scores, points = _scores(columns), [column.points for column in columns]
    rests, agree = analysis.rests(scores, points), analysis.discrimination(scores, points)
    return [_finding(column, agree[place], rests[:, place]) for place, column in enumerate(columns)]


def _finding(column: Column, agree: Correlation, rest: np.ndarray) -> Finding:
    mistake, count = analysis.commonest(column.mistakes)
    options = analysis.chosen(column.options, column.choices, list(rest)) if column.options else []
    told = _told(column, mistake)
    misleading = tuple(analysis.misleading(options))
    return Finding(column, analysis.share(column.scores), agree, mistake, count, told, tuple(options), misleading)


def _told(column: Column, mistake: str) -> str:
    if column.kind != TASK:
        return ""
    return next((known.why for known in task(column.id).mistakes if known.name == mistake), "")


# --- who needs help -------------------------------------------------------------------------------------------------


def _before(
    book: Gradebook, assigned: Assignment, students: Sequence[Student], others: Iterable[Assignment]
) -> tuple[str, dict[str, float]]:
    """The assignment due before this one: its name, and the share that each student who handed it in earned."""
    earlier = [one for one in others if one.due and assigned.due and one.due < assigned.due]
    last = max(earlier, key=lambda one: (one.due, one.name), default=None)
    if last is None or not last.points:
        return "", {}
    found = book.standings(last, [student.id for student in students])
    return last.name, {who: s.total(last.items) / last.points for who, s in found.items() if s.received}


def _needy(
    assigned: Assignment,
    students: Sequence[Student],
    standings: dict[str, Standing],
    before: tuple[str, dict[str, float]],
) -> Iterator[Needy]:
    """Students who may need help, those first who seem to need it most."""
    earned = {who: _earned(assigned, standing) for who, standing in standings.items() if standing.received}
    low = min(LOW, float(np.quantile(list(earned.values()), QUARTER))) if earned else LOW
    found = [
        Needy(student, tuple(reasons), len(reasons) + 1 - earned.get(student.id, 0.0))
        for student in students
        if (reasons := _reasons(assigned, standings[student.id], earned.get(student.id, 0.0), low, before))
    ]
    yield from sorted(found, key=lambda one: (-one.weight, one.student.name.casefold(), one.student.id))


def _judged(assigned: Assignment, standing: Standing) -> list[Item]:
    """What is graded, marked, or was not handed in."""
    return [item for item in assigned.items if state(item, standing) not in (UNGRADED, WAITING)]


def _earned(assigned: Assignment, standing: Standing) -> float:
    """The share that a student earned of what is judged; all while nothing is, or something is not graded."""
    if any(state(item, standing) == UNGRADED for item in assigned.items):
        return 1.0
    judged = _judged(assigned, standing)
    possible = sum(item.points for item in judged)
    return standing.total(judged) / possible if possible else 1.0


def _reasons(
    assigned: Assignment, standing: Standing, earned: float, low: float, before: tuple[str, dict[str, float]]
) -> list[str]:
    """Why a student may need help. Lateness or a quiz left out alone is none, unless lateness cost everything."""
    if not standing.received:
        return ["handed in nothing"]
    states = [state(item, standing) for item in _judged(assigned, standing) if item.kind == TASK]
    tasks, untried, broken = len(states), states.count(NOT_TRIED), states.count(BROKEN)
    name, last = before[0], before[1].get(standing.student, 0.0)
    missing = [part for part in parts_of(assigned) if part not in standing.received]
    reasons = [
        *[f"did not hand in the {part_name(part)}" for part in missing if not is_quiz(part)],
        *[f"earned {percent(earned)} of what is judged"] * (earned <= low),
        *[f"did not try {untried} of {tasks} tasks"] * (untried > tasks / 3),
        *[f"{broken} of {tasks} tasks ended in an error"] * (broken > tasks / 3),
        *[f"fell from {percent(last)} in assignment {name} to {percent(earned)}"] * (last - earned >= DROP),
        *["came too late to earn points"] * any(cost >= 1 for cost in standing.cost.values()),
    ]
    late = any(0 < cost < 1 for cost in standing.cost.values())
    beside = [f"did not hand in the {part_name(part)}" for part in missing if is_quiz(part)] + ["came late"] * late
    return [*reasons, *beside] if reasons else []


# --- in words ------------------------------------------------------------------------------------------------------


def _glance(
    assigned: Assignment,
    students: int,
    here: list[Standing],
    totals: list[float],
    findings: list[Finding],
    needy: tuple[Needy, ...],
) -> Iterator[Fact]:
    late = sum(any(standing.cost.values()) for standing in here)
    yield Fact("Handed in", f"{len(here)} of {students}", f"{late} late" if late else "")
    if totals:
        middle = analysis.median(totals)
        share = f"{percent(middle / assigned.points)} of the points" if assigned.points else ""
        yield Fact("Median", f"{shown_points(middle)} of {shown_points(assigned.points)}", share)
    known = [found for found in findings if found.column.kind == TASK and found.share.n]
    if known:
        hardest = min(known, key=lambda found: found.share.mean)
        made = f", commonest mistake: {hardest.mistake} ({hardest.count})" if hardest.count else ""
        yield Fact("Hardest task", hardest.column.title, f"{percent(hardest.share.mean)} right{made}")
    yield Fact("May need help", str(len(needy)), "listed below, with reasons" if needy else "")
    waiting = sum(len(standing.waiting(assigned.items)) for standing in here)
    ungraded = sum(any(state(item, standing) == UNGRADED for item in assigned.items) for standing in here)
    yield Fact("Wait for a mark", str(waiting), "companion mark asks for them one by one" if waiting else "")
    if ungraded:
        yield Fact("Not graded yet", str(ungraded), "run companion grade, then this again")


def _notes(book: Gradebook, assigned: Assignment, here: list[Standing]) -> Iterator[str]:
    """Where else to look."""
    files = book.files(assigned.name)
    refused = sum(file.outcome == REFUSED and not file.reason.startswith(NO_SUBMISSION) for file in files)
    flagged = sum(file.outcome == TAKEN and bool(file.reason) for file in files)
    if refused:
        yield f"{many(refused, 'file')} refused when collected; collected.csv has the reasons."
    if flagged:
        yield f"{many(flagged, 'file')} taken with a remark, such as that a notebook was released to somebody else."
    for part in filter(is_quiz, parts_of(assigned)):
        if without := sum(part not in standing.received for standing in here):
            yield f"{without} of {len(here)} who handed in left out the {part_name(part)}."
    marked = sum(entry.by_hand for standing in here for entry in standing.entries.values())
    if marked:
        yield f"{marked} scores were set by hand."
