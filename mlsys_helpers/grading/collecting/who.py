"""Which student the name of a folder or a file means, and what a learning-management system says in such names.

Accents, capitals and signs make no difference: "Lovelace, Ada", "adalovelace" and "ada_lovelace-06 (1)" are one name.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlsys_helpers.grading.roster import Roster, Student

CANVAS, MOODLE = "Canvas", "Moodle"
_CANVAS = re.compile(
    r"(?:(?!LATE_|anon_)(?P<name>[^\W_]+)_)?(?P<late>LATE_)?(?P<user>[1-9]\d*|anon_[^\W_]+)_"
    r"(?:[1-9]\d*_(?P<file>.+)|(?P<typed>text|link)\.html)"
)
_MOODLE = re.compile(r"(?P<name>[^_]+)_\d+_assignsubmission_(?P<typed>file|onlinetext)(?:_(?P<file>.*))?")
_ANONYMOUS = "participant"  # what Moodle calls everybody while identities are hidden
_CANVAS_COLUMNS = {"SIS User ID", "SIS Login ID"}  # where they are, the column ID holds Canvas's own numbers
_WORDS = re.compile(r"[^\W_]+")
_LONGEST_RUN = 6
_LONGEST_NAME = 300  # what is longer comes from nobody who wants to be found
_NO_COPY_DIGITS = 4  # a number of fewer digits at the end of a file's name counts its copies


@dataclass(frozen=True)
class Label:
    """What a learning-management system wrote before the name of a file, or as the name of its folder.

    `name` is empty where students are anonymous; `user` is Canvas's number of the student. `typed` says that it is
    no file, but was typed into a box. `file` is the student's own name of the file.
    """

    system: str
    name: str
    user: str = ""
    late: bool = False
    typed: bool = False
    file: str = ""


def label(name: str) -> Label | None:
    """What the name of a file or folder in a download of Canvas or Moodle says; None for another name."""
    found = _MOODLE.fullmatch(name)
    if found:
        person = "" if found["name"].casefold() == _ANONYMOUS else found["name"]
        return Label(MOODLE, person, typed=found["typed"] == "onlinetext", file=found["file"] or "")
    found = _CANVAS.fullmatch(name)
    if found and bool(found["name"]) != found["user"].startswith("anon_"):
        return Label(
            CANVAS, found["name"] or "", found["user"], bool(found["late"]), bool(found["typed"]), found["file"] or ""
        )
    return None


class People:
    """The students of a roster, to be found by what people and systems call them."""

    def __init__(self, students: Roster) -> None:
        """`students` may be called by id, by e-mail address, and by name in any order that begins with another part."""
        self._ids = {student.id.casefold(): student.id for student in students}
        self._called: dict[str, set[str]] = {}
        self._parts: dict[str, set[str]] = {}
        self._canvas: dict[str, str] = {}
        for student in students:
            for text in _calls(student):
                self._called.setdefault(_squeezed(text), set()).add(student.id)
            for word in _words(student.name):
                self._parts.setdefault(word, set()).add(student.id)
            if _CANVAS_COLUMNS & set(student.row) and student.row.get("ID"):
                self._canvas[student.row["ID"]] = student.id

    def known(self, student_id: str) -> str:
        """The student with this id, as the roster writes it; empty for none."""
        return self._ids.get(student_id.casefold(), "")

    def labelled(self, said: Label) -> set[str]:
        """Whom a system means: by its number where the roster has it, else by name."""
        by_number = self._canvas.get(said.user)
        return {by_number} if by_number else set(self._called.get(_squeezed(said.name), ()))

    def named(self, text: str, leave_out: Iterable[str] = ()) -> set[str]:
        """Who is called in a name that may hold other words too; those of `leave_out` call nobody."""
        words = _left(_words(text), leave_out)
        if not words:
            return set()
        if text.casefold() in self._ids:
            return {self._ids[text.casefold()]}
        spans: dict[tuple[int, int], set[str]] = {}
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _LONGEST_RUN) + 1):
                run = "".join(words[start:end])
                if run in self._called and (not run.isdecimal() or len(run) >= _NO_COPY_DIGITS):
                    spans[start, end] = self._called[run]
        longest = [span for span in spans if not any(_holds(other, span) for other in spans)]
        return {student for span in longest for student in spans[span]}

    def hinted(self, text: str, leave_out: Iterable[str] = ()) -> set[str]:
        """Who has a first or last name in common with `text`: those with the most."""
        words = [word for word in _left(_words(text), leave_out) if len(word) > 2]
        counted = Counter(student for word in words for student in self._parts.get(word, ()))
        return {student for student, count in counted.items() if count == max(counted.values())}


def _calls(student: Student) -> Iterable[str]:
    """All that a student may be called."""
    words = _words(student.name)
    turned = ("".join(words[at:] + words[:at]) for at in range(len(words)))
    return filter(None, (student.id, student.email, student.email.partition("@")[0], *turned))


def _words(text: str) -> list[str]:
    text = text[:_LONGEST_NAME]
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return _WORDS.findall(bare.casefold())


def _squeezed(text: str) -> str:
    return "".join(_words(text))


def _left(words: Sequence[str], leave_out: Iterable[str]) -> list[str]:
    """The words without those of `leave_out`; a gap stands where some were."""
    left = list(words)
    for out in sorted((_words(text) for text in leave_out), key=len, reverse=True):
        for start in range(len(left) - len(out) + 1):
            if out and left[start : start + len(out)] == out:
                left[start : start + len(out)] = [" "] * len(out)
    return left if any(word != " " for word in left) else []


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]
