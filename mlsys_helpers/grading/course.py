"""A course on disk: its name and secret, its roster, and a folder for each assignment.

cs249/
  course.toml            name and secret; stays with the instructor
  roster.csv             as it was given
  gradebook.sqlite       every score and who or what set it (gradebook.py)
  06/
    assignment.toml      what is asked and when it is due; may be edited by hand
    released/            the exercise notebooks as they were released: what a submission is rebuilt from
    students/            what to give out: a folder for each student, or one notebook for all
    submissions/         what was taken, by student
    feedback/            what to give back
"""

import json
import secrets
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from mlsys_helpers import chapter
from mlsys_helpers.exercise import whose
from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.grading import roster
from mlsys_helpers.kit import files
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import ShortAnswer

COURSE, ASSIGNMENT, ROSTER, GRADEBOOK = "course.toml", "assignment.toml", "roster.csv", "gradebook.sqlite"
QUIZ = "quiz"
TASK, SHORT = "task", "short"


def quiz_part(section: str) -> str:
    """What the quiz of a section is handed in as. The exercise is handed in as the section."""
    return f"{section}.{QUIZ}"


def is_quiz(part: str) -> bool:
    """Whether what is handed in as `part` is a quiz."""
    return part.endswith(f".{QUIZ}")


def part_section(part: str) -> str:
    """The section of which `part` is the exercise or the quiz."""
    return part.removesuffix(f".{QUIZ}")


def part_heading(part: str) -> str:
    """A part in few letters: 1.6 or 1.6 quiz."""
    return chapter.section(part_section(part)).heading + " quiz" * is_quiz(part)


@dataclass(frozen=True)
class Item:
    """One thing that earns points: a task of an exercise, the questions of a quiz that score themselves (together), or
    a short answer of a quiz, which a person marks. `part` is what it is handed in with."""

    id: str
    kind: str
    part: str
    title: str
    points: float


@dataclass(frozen=True)
class Part:
    """What an assignment takes from a section: tasks with their points, and the points of its quiz (0 for none)."""

    section: str
    tasks: dict[str, float]
    quiz: float = 0.0

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What earns points, in the order of the exercise, then of the quiz. Each question of a quiz counts alike."""
        titles = {task.name: task.title for task in tasks(self.section)}
        asked = [Item(name, TASK, self.section, titles[name], points) for name, points in self.tasks.items()]
        return (*asked, *self._quiz_items()) if self.quiz else tuple(asked)

    def _quiz_items(self) -> list[Item]:
        questions = bank.section_bank(self.section).questions
        short = [question for question in questions if isinstance(question, ShortAnswer)]
        each, part = self.quiz / len(questions), quiz_part(self.section)
        automatic = Item(part, QUIZ, part, "Quiz", each * (len(questions) - len(short)))
        return [automatic, *(Item(question.id, SHORT, part, question.objective, each) for question in short)]


@dataclass(frozen=True)
class Late:
    """What lateness costs: nothing within `grace_minutes`; then `per_day` of the points for every day begun, at most
    `days` days, after which a submission earns nothing. A `per_day` of 0 costs nothing, however late."""

    grace_minutes: float = 0.0
    per_day: float = 0.0
    days: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError for what cannot be meant, since files are edited by hand: 10 for 10 percent."""
        for name, value, most in (("grace_minutes", self.grace_minutes, 1e6), ("per_day", self.per_day, 1)):
            if type(value) not in (int, float) or not 0 <= value <= most:
                raise ValueError(f"late.{name} must be a number from 0 to {most:g}, got {value!r}")
        if type(self.days) is not int or self.days < 0:
            raise ValueError(f"late.days must be a whole number that is not negative, got {self.days!r}")

    def cost(self, late: timedelta) -> float:
        """The share of the points that is lost, 0 to 1."""
        minutes = late / timedelta(minutes=1)
        if not self.per_day or minutes <= self.grace_minutes:
            return 0.0
        begun = -int(-minutes // (24 * 60))
        return 1.0 if self.days and begun > self.days else min(1.0, begun * self.per_day)


@dataclass(frozen=True)
class Assignment:
    """One assignment of a course. `variants` says whose numbers a notebook holds: each student's or the class's."""

    course: str
    name: str
    folder: Path
    parts: tuple[Part, ...]
    due: datetime | None = None
    variants: str = "student"
    late: Late = field(default_factory=Late)

    @property
    def items(self) -> tuple[Item, ...]:
        """All that earns points, in order."""
        return tuple(item for part in self.parts for item in part.items)

    @property
    def points(self) -> float:
        """What can be earned."""
        return sum(item.points for item in self.items)

    def item(self, item_id: str) -> Item:
        """The item with this id. Raises ValueError with the nearest one."""
        by_id = {item.id: item for item in self.items}
        return by_id[one_of("item", item_id, by_id)]

    def key(self, student_id: str) -> str:
        """The text that the numbers in this student's notebook are drawn from. It stands there: it is no secret."""
        return whose.key(self.course, self.name, student_id, self.variants)

    def released(self, section: str) -> Path:
        """The released exercise notebook of a section."""
        return self.folder / "released" / f"{chapter.section(section).stem}.ipynb"

    def submissions(self, student_id: str) -> Path:
        """The folder of what was taken from a student."""
        return self.folder / "submissions" / student_id


@dataclass(frozen=True)
class Course:
    """A course. `secret` makes the cases that functions are tried on unknown before grading."""

    name: str
    folder: Path
    secret: str

    @property
    def gradebook(self) -> Path:
        """The file of its scores."""
        return self.folder / GRADEBOOK

    def roster(self) -> roster.Roster:
        """Its students. Raises ValueError or OSError."""
        return roster.read(self.folder / ROSTER)

    def assignments(self) -> Iterator[Assignment]:
        """Its assignments, by name."""
        for place in sorted(self.folder.glob(f"*/{ASSIGNMENT}")):
            yield assignment(place.parent)


def check_name(kind: str, name: str) -> str:
    """`name`, if it can name a folder. Raises ValueError."""
    if not whose.NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name the {kind}: use at most 40 letters, digits and . _ -")
    return name


def course(folder: Path) -> Course:
    """The course in `folder`. Raises ValueError when there is none, or its file is damaged."""
    read = _toml(folder / COURSE, f"{folder} holds no course; `companion release SECTION --out {folder}` makes one")
    name, secret = read.get("name"), read.get("secret")
    if not isinstance(name, str) or not isinstance(secret, str) or not secret:
        raise ValueError(f"{folder / COURSE} must have a name and a secret, each a text")
    return Course(check_name("course", name), folder, secret)


def course_of(assigned: Assignment) -> Course:
    """The course that an assignment belongs to. Raises ValueError."""
    return course(assigned.folder.parent)


def title(folder: Path, name: str = "") -> str:
    """What the course in `folder` is called, or is to be called. Raises ValueError when it is another than `name`."""
    known = course(folder).name if (folder / COURSE).exists() else ""
    if known and name not in ("", known):
        raise ValueError(f"{folder} is the course {known!r}, not {name!r}: name another folder with --out")
    if not known and not name:
        raise ValueError("a new course needs a name: --course cs249")
    return check_name("course", known or name)


def new_course(folder: Path, name: str) -> Course:
    """Make a course, with a secret of its own. Raises ValueError when `folder` holds one of another name."""
    title(folder, name)
    if (folder / COURSE).exists():
        return course(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the secret and the scores: nobody else's, where users share
    secret = secrets.token_hex(16)
    head = "# The secret makes the cases that answers are graded on. Keep this file from students, and keep it.\n"
    files.put(folder / COURSE, f'{head}name = "{name}"\nsecret = "{secret}"\n'.encode())
    return Course(name, folder, secret)


def assignment(folder: Path) -> Assignment:
    """The assignment in `folder`. Raises ValueError, which names what is wrong in its file."""
    path = folder / ASSIGNMENT
    read = _toml(path, f"{folder} holds no assignment; expected a folder that `companion release` made, like cs249/06")
    try:
        if not read.get("sections"):
            raise ValueError("it asks nothing; expected at least one table [sections.NAME]")
        return Assignment(
            course=course(folder.parent).name,
            name=check_name("assignment", folder.resolve().name),
            folder=folder,
            parts=tuple(_part(section, found) for section, found in read.get("sections", {}).items()),
            due=_due(read.get("due")),
            variants=one_of("variants", read.get("variants", "student"), whose.VARIANTS),
            late=Late(**read.get("late", {})),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(
            f"{path}: {error if isinstance(error, ValueError) else f'cannot be read: {error!r}'}"
        ) from error


def _part(name: str, found: dict[str, Any]) -> Part:
    section = chapter.section(name).slug
    known = {task.name.partition(".")[2]: task.name for task in tasks(section)}
    asked = {
        known[one_of(f"task of {section}", task, known)]: _points(points) for task, points in found["tasks"].items()
    }
    return Part(section, {task: asked[task] for task in known.values() if task in asked}, _points(found.get("quiz", 0)))


def _points(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value < 1e6:
        raise ValueError(f"points must be a number that is not negative, got {value!r}")
    return float(value)


def _due(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise ValueError(f"due must be a date and a time, like 2026-12-04T23:59:00, got {value!r}")
    return value if value.tzinfo else value.astimezone()  # without a zone it is meant where the instructor is


def write(assigned: Assignment) -> None:
    """Write an assignment's file, to be edited by hand if need be."""
    lines = [
        "# What is asked, and when it is due. May be edited; `companion grade` reads it anew each time.",
        *([f"due = {assigned.due.isoformat()}"] if assigned.due else []),
        f"variants = {json.dumps(assigned.variants)}  # student: each has numbers of their own; class: all the same",
        "",
        "[late]  # free within the grace; then a share of the points for each day begun; nothing earned after `days`",
        f"grace_minutes = {_number(assigned.late.grace_minutes)}",
        f"per_day = {_number(assigned.late.per_day)}",
        f"days = {assigned.late.days}",
    ]
    for part in assigned.parts:
        lines += ["", f"[sections.{part.section}]  # the points of its quiz, and of each task"]
        lines += [f"quiz = {_number(part.quiz)}"]
        lines += [f"tasks.{name.partition('.')[2]} = {_number(points)}" for name, points in part.tasks.items()]
    files.put(assigned.folder / ASSIGNMENT, ("\n".join(lines) + "\n").encode())


def _number(value: float) -> str:
    """A number that is read back as the same one: 2, 0.1, 3.3333333333333335."""
    return repr(float(value)).removesuffix(".0")


def _toml(path: Path, absent: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf8"))
    except FileNotFoundError as error:
        raise ValueError(absent) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error
