"""Whose numbers a released notebook shows: its first code cell says for which course, assignment and student it is."""

import os
import re

from mlsys_helpers.exercise.notebook import Told
from mlsys_helpers.kit.checks import one_of

RELEASED = "mlsys"  # where a released notebook's metadata says what it was released as
STUDENT, CLASS = VARIANTS = "student", "class"
# Both become names of files and folders, also on Windows: it keeps the names of devices and drops a last dot.
_DEVICE = r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)$)"
NAME = re.compile(_DEVICE + r"[A-Za-z0-9](?:[\w.-]{0,38}[\w-])?", re.ASCII)  # of a course or an assignment
STUDENT_ID = re.compile(_DEVICE + r"[A-Za-z0-9](?:[\w.@+-]{0,78}[\w@+-])?", re.ASCII)


def key(course: str, assignment: str, student: str = "", variants: str = STUDENT) -> str:
    """The text that the numbers of a student's notebook are drawn from; upper and lower case of the id are one.

    It is no secret. Without a student it ends in a slash, and no numbers are drawn from it.
    """
    return f"{course}/{assignment}" + (f"/{student.casefold()}" if variants == STUDENT else "")


def assigned(course: str, assignment: str, student: str = "", due: str = "", variants: str = STUDENT) -> Told:
    """Show this student's numbers from here on, and say in a line what is to be handed in, by whom and how.

    `variants` is "student" where each student has numbers of their own, "class" where all have the same. Raises
    ValueError for a name or an id that cannot be one.
    """
    for what, name in (("course", course), ("assignment", assignment)):
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a {what}: put back what the released notebook says")
    student = str(student).strip()
    if student and not STUDENT_ID.fullmatch(student):
        raise ValueError(f"{student!r} is no student's id: write the one that your course knows you by, like 'ada'")
    one_of("variants", variants, VARIANTS)
    os.environ["MLSYS_STUDENT"] = key(course, assignment, student, variants)
    return Told(_line(f"{course}, assignment {assignment}", student, due, assignment))


def _line(what: str, student: str, due: str, assignment: str) -> str:
    until = f", due {due}" if due else ""
    if not student:
        return f'○ {what}{until}: for whom? Write your id between the quotes of `student=""`, and run this cell again.'
    return f"✓ {what}{until}, for {student}. To hand it in: save, then `companion submit {assignment}` in a terminal."
