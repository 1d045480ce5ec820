"""Who is in the class: a CSV table with a student a row, the instructor's own or one that Canvas or Moodle exported."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mlsys_helpers.exercise.whose import STUDENT_ID
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

    def student(self, student_id: str) -> Student:
        """The student with this id, upper or lower case. Raises ValueError with the nearest id when there is none."""
        by_id = {student.id.casefold(): student for student in self.students}
        if student_id.casefold() not in by_id:
            one_of("student", student_id, [student.id for student in self.students])
        return by_id[student_id.casefold()]


def read(path: Path) -> Roster:
    """The roster in a CSV file. Raises ValueError, which says where, for a table from which students cannot be told."""
    return parse(path.read_bytes(), str(path))


def parse(data: bytes, source: str) -> Roster:
    """The roster in the bytes of a CSV table; `source` names it in errors. Raises ValueError."""
    rows = list(csv.DictReader(io.StringIO(_text(data)), delimiter=_delimiter(_text(data))))
    students: dict[str, Student] = {}
    for number, row in enumerate(rows, 2):
        student = _student({name.strip(): (cell or "").strip() for name, cell in row.items() if name}, source, number)
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
    cells = {name.casefold(): cell for name, cell in row.items()}
    name = _first(cells, _NAMES) or " ".join(filter(None, (cells.get("first name"), _last_name(cells))))
    if not any(row.values()) or name.casefold().startswith(_NO_STUDENT):
        return None
    student_id = _first(cells, _IDS)
    if not student_id:
        raise ValueError(f"{source}, line {number}: no id; expected a column id (or SIS Login ID, Username, ID number)")
    if not STUDENT_ID.fullmatch(student_id):
        raise ValueError(
            f"{source}, line {number}: {student_id!r} cannot name a folder; "
            "an id has at most 80 letters, digits and . _ - @ +"
        )
    email = next((cells[column] for column in _EMAILS if "@" in cells.get(column, "")), "")
    return Student(student_id, name or student_id, email, row)


def _last_name(cells: dict[str, str]) -> str:
    return _first(cells, ("last name", "surname"))


def _first(cells: dict[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _text(data: bytes) -> str:
    """UTF-8, with or without a mark at the start; else what an old Excel writes."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)
