"""Who is in the class: a CSV table with a student a row, the instructor's own or one that Canvas or Moodle exported."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mlsys_helpers.exercise.whose import STUDENT_ID
from mlsys_helpers.grading import cells
from mlsys_helpers.kit.checks import one_of

# The column that tells students apart, in the order of preference, and those that name them; without regard to case.
_IDS = ("sis login id", "username", "id number", "sis user id", "id", "email address", "email")
_NAMES = ("name", "student", "full name")
_EMAILS = ("email", "email address", "sis login id")
_NO_STUDENT = ("points possible", "student, test")  # rows of a Canvas gradebook


@dataclass(frozen=True)
class Student:
    """One student. `id` names folders and files; `row` is the roster's row as it stood, for exports."""

    id: str
    name: str
    email: str = ""
    row: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """The students of a class, in the order of the table."""

    students: tuple[Student, ...]

    def __iter__(self) -> Iterator[Student]:
        return iter(self.students)

    def __len__(self) -> int:
        return len(self.students)

    @cached_property
    def _by_id(self) -> dict[str, Student]:
        return {student.id.casefold(): student for student in self.students}

    def student(self, student_id: str) -> Student:
        """The student with this id, upper or lower case. Raises ValueError with the nearest id when there is none."""
        if student_id.casefold() not in self._by_id:
            one_of("student", student_id, [student.id for student in self.students])
        return self._by_id[student_id.casefold()]


def read(path: Path) -> Roster:
    """The roster in a CSV file. Raises ValueError, which says where, for a table from which students cannot be told."""
    return parse(path.read_bytes(), str(path))


def parse(data: bytes, source: str) -> Roster:
    """The roster in the bytes of a CSV table; `source` names it in errors. Raises ValueError."""
    heads, *rows = cells.read(data).rows or [[]]
    students: dict[str, Student] = {}
    for number, row in enumerate(rows, 2):
        named = zip(heads, row + [""] * len(heads), strict=False)
        student = _student({name.strip(): cell.strip() for name, cell in named if name}, source, number)
        if not student:
            continue
        if student.id.casefold() in students:
            raise ValueError(f"{source}, line {number}: a second student has the id {student.id!r}; ids must differ")
        students[student.id.casefold()] = student
    if not students:
        raise ValueError(f"{source} has no student; expected a table with the columns id and name, a student a row")
    return Roster(tuple(students.values()))


def _student(row: dict[str, str], source: str, number: int) -> Student | None:
    """The student of a row; None for a row that is no student's."""
    found = {name.casefold(): cell for name, cell in row.items()}
    name = _first(found, _NAMES) or " ".join(filter(None, (found.get("first name"), _last_name(found))))
    student_id = _first(found, _IDS)
    if not (name or student_id) or name.casefold().startswith(_NO_STUDENT):
        return None
    if not student_id:
        raise ValueError(f"{source}, line {number}: no id; expected a column id (or SIS Login ID, Username, ID number)")
    if not STUDENT_ID.fullmatch(student_id):
        raise ValueError(
            f"{source}, line {number}: {student_id!r} cannot name a folder; "
            "an id has at most 80 letters, digits and . _ - @ +, no dot at its end, and is no device of Windows (con)"
        )
    email = next((found[column] for column in _EMAILS if "@" in found.get(column, "")), "")
    return Student(student_id, name or student_id, email, row)


def _last_name(found: dict[str, str]) -> str:
    return _first(found, ("last name", "surname"))


def _first(found: dict[str, str], names: tuple[str, ...]) -> str:
    return next((found[name] for name in names if found.get(name)), "")
