"""One file that arrived: what it is, whose it is, and the copy that is kept of it.

Whose it is says first the folder or the learning-management system that it came in, which knows who was logged in; then
what the file says of itself; then its name. Where they differ, a row is flagged.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from mlsys_helpers import chapter
from mlsys_helpers.grading.collecting.archive import Member
from mlsys_helpers.grading.collecting.who import Label, People, label
from mlsys_helpers.grading.course import Assignment, quiz_part
from mlsys_helpers.grading.gradebook import REFUSED, TAKEN, File, Received
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.grading.handing_in.signed import section_of, signed
from mlsys_helpers.grading.handing_in.submission import ANSWERS, manifest
from mlsys_helpers.grading.roster import Roster
from mlsys_helpers.grading.running.rebuild import NoNotebook
from mlsys_helpers.kit import files
from mlsys_helpers.quiz import bank

NO_SUBMISSION = "no submission: "  # how the reason begins for a file that nobody meant to hand in
ALREADY = "already taken"
_COPY = r"([ -]?\(?\d+\)?)?"  # what a system or a browser adds to the name of a second file
_IS_MANIFEST, _IS_ANSWERS = re.compile(f"submission{_COPY}\\.json"), re.compile(f".*_answers{_COPY}\\.json")
_NOTEBOOK, _MAYBE = ".ipynb", (".ipynb.txt", ".json")  # the others as some browsers save a notebook
_SYSTEM_NAMES = {".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".localized", "timestamp.txt"}
_SYSTEM_FOLDERS = {"__macosx", ".ipynb_checkpoints", ".git", "__pycache__", ".trash"}
_SYSTEM_STARTS = ("._", "~$", ".~")
_ASK = {
    ".py": "a Python script: ask for the notebook (.ipynb) itself",
    ".html": "a web page made of a notebook: ask for the notebook (.ipynb) itself",
    ".pdf": "a PDF, which cannot be run: ask for the notebook (.ipynb) itself",
    **dict.fromkeys((".rar", ".7z", ".gz", ".tar"), "an archive that is no zip: ask for the notebook, or a zip"),
}
_ENDINGS = re.compile(r"(\.(ipynb|json|txt|zip|py|html|pdf))+$", re.IGNORECASE)
_MOVE = "put it into a folder named by the student's id, and collect again"


@dataclass(frozen=True)
class Row:
    """What became of one file. `flag` is what an instructor should look at, though it was taken; `system` is the
    learning-management system that it came from. `aside` is no notebook, and may lie beside one."""

    file: File
    flag: str = ""
    received: Received | None = None
    system: str = ""
    aside: bool = False

    @property
    def already(self) -> bool:
        """Whether the very file was taken before."""
        return self.file.reason.startswith(ALREADY)

    @property
    def unasked(self) -> bool:
        """Whether nobody meant to hand it in."""
        return self.file.reason.startswith(NO_SUBMISSION)


class _Refused(ValueError):
    """A file that is not taken; the message says why."""


@dataclass(frozen=True)
class _Person:
    id: str
    flag: str = ""


class Sorter:
    """Says of one file after another whose it is, what it is, and takes it."""

    def __init__(self, assigned: Assignment, students: Roster, received: datetime | None, dry_run: bool) -> None:
        self.assigned, self.people, self.received, self.dry_run = assigned, People(students), received, dry_run
        self.parts = {part.section: part for part in assigned.parts}
        sections = [chapter.section(slug) for slug in self.parts]
        self.no_names = [assigned.name, assigned.course, *(word for s in sections for word in (s.stem, s.slug))]
        self.claims: dict[tuple[str, ...], dict[str, str]] = {}  # by folder and digest: who a manifest says it is

    def rows(self, member: Member) -> list[Row]:
        """What becomes of a file: one row, or one for each part of the assignment that it holds."""
        try:
            return self._rows(member)
        except (_Refused, NoNotebook) as refused:
            return [self._refused(member, str(refused))]

    def _rows(self, member: Member) -> list[Row]:
        said = _said_outside(member)
        own = label(member.name)
        name = (own.file if own else member.name).casefold()
        if _of_the_system(member.names, name):
            raise _Refused(f"{NO_SUBMISSION}a file of the operating system or an editor")
        if not said and any(map(label, member.names[member.own + 1 :])):
            raise _Refused("it lies in a system's download that lies in a folder: collect that download by itself")
        if said and said.typed:
            return [self._aside(member, f"typed into {said.system}: ask for the notebook as a file")]
        if member.problem:
            if name.endswith((_NOTEBOOK, ".zip")):
                raise _Refused(member.problem)
            return [self._aside(member, member.problem)]
        if _IS_MANIFEST.fullmatch(name):
            self._claim(member)
            raise _Refused(f"{NO_SUBMISSION}it says whose the files beside it are")
        if _IS_ANSWERS.fullmatch(name):
            return self._answers(member, said)
        if name.endswith(_NOTEBOOK) or (name.endswith(_MAYBE) and _is_notebook(member.data)):
            return [self._notebook(member, said)]
        return [self._aside(member, _ASK.get(PurePosixPath(name).suffix, "no notebook"))]

    def _notebook(self, member: Member, said: Label | None) -> Row:
        claim, section = signed(member.data), section_of(member.data)
        if not section:
            raise _Refused("no exercise notebook: it checks no task. Ask for the one that was released")
        if section not in self.parts:
            raise _Refused(f"the exercise of {section}, which this assignment does not ask for")
        person = self._person(member, said, claim.student if claim else "")
        elsewhere = claim and (claim.course, claim.assignment) != (self.assigned.course, self.assigned.name)
        released = f"it was released for {claim.course}/{claim.assignment}" if claim and elsewhere else ""
        return self._take(member, said, replace(person, flag=_flags(person.flag, released)), section, section)

    def _answers(self, member: Member, said: Label | None) -> list[Row]:
        try:
            answered = {question for question, made in quizzes.answers(member.data).items() if made}
        except ValueError as error:
            raise _Refused(str(error)) from error
        asking = [p.section for p in self.assigned.parts if p.quiz and answered & _questions(p.section)]
        if not asking:
            raise _Refused(f"{NO_SUBMISSION}it answers no quiz that counts")
        person = self._person(member, said, "")
        return [self._take(member, said, person, slug, quiz_part(slug)) for slug in asking]

    def _aside(self, member: Member, reason: str) -> Row:
        return replace(self._refused(member, reason), aside=True)

    def _refused(self, member: Member, reason: str) -> Row:
        """A file that is not taken, and whom to ask, if that is known."""
        student = ""
        with suppress(_Refused):
            student = self._person(member, _said_outside(member), "").id
        return Row(File(member.source, REFUSED, reason, student, digest=_digest(member.data)))

    def _take(self, member: Member, said: Label | None, person: _Person, section: str, part: str) -> Row:
        digest, stem = _digest(member.data), chapter.section(section).stem
        path = self.assigned.submissions(person.id) / digest[:12] / (stem + (".ipynb" if part == section else ANSWERS))
        if not self.dry_run and not path.exists():
            files.put(path, member.data)
        relative = path.relative_to(self.assigned.folder).as_posix()
        late = bool(said and said.late and not self.received)
        received = Received(person.id, part, digest, self._handed_in(member, said), relative, late)
        file = File(member.source, TAKEN, person.flag, person.id, part, digest)
        return Row(file, person.flag, received, said.system if said else "")

    def _handed_in(self, member: Member, said: Label | None) -> datetime:
        """When it came. A system's download has the times of the download: there its word counts, late or not."""
        at = min(member.at or datetime.now(UTC), datetime.now(UTC))
        due = self.assigned.due
        return self.received or (min(at, due) if said and due else at)

    # Whose it is

    def _person(self, member: Member, said: Label | None, claimed: str) -> _Person:
        """Whose a file is, that says of itself it is of `claimed`. Raises _Refused unless one student is meant."""
        claimed = claimed or self.claims.get(member.names[:-1], {}).get(_digest(member.data), "")
        inside = self.people.known(claimed)
        outside = self._outside(member, said)
        if inside in outside:
            return _Person(inside, f"of this name are {_list(outside)}" if len(outside) > 1 else "")
        if outside:
            return _Person(_one(outside), f"inside it says {claimed}" if claimed else "")
        named = self._named(member.names[member.own :])
        if inside and named and inside not in named:  # a student could so put another's work in place of theirs
            raise _Refused(f"it is named after {_list(named)}, and inside it says {inside}: ask, then {_MOVE}")
        if inside:
            others = named - {inside}
            return _Person(inside, f"it is named after {_list(others)} too" if others else "")
        stranger = f"inside it says {claimed}, who is not in the roster" if claimed else ""
        if named:
            return _Person(_one(named), stranger)
        hinted = self._hinted(member)
        if hinted:
            return _Person(_one(hinted), _flags("known by a part of the name only", stranger))
        raise _Refused(f"whose? {stranger or 'nobody of the roster is named in it'}: {_MOVE}")

    def _outside(self, member: Member, said: Label | None) -> set[str]:
        """Whom the system means, or the folders that the whole came in."""
        if not said:
            return self._named(member.names[1 : member.own])
        found = self.people.labelled(said) if said.name else set()
        if said.name and not found:
            name = f"{said.name} ({said.user})" if said.user else said.name
            raise _Refused(f"{said.system} says {name}, who is not in the roster: give a newer one (--roster)")
        return found

    def _named(self, names: Iterable[str]) -> set[str]:
        return {student for name in names for student in self.people.named(_stem(name), self.no_names)}

    def _hinted(self, member: Member) -> set[str]:
        for name in (member.name, *reversed(member.names[1:-1])):
            found = self.people.hinted(_stem(name), self.no_names)
            if found:
                return found
        return set()

    def _claim(self, member: Member) -> None:
        with suppress(ValueError):
            said = manifest(member.data)
            digests = [digest for digest in said["files"].values() if isinstance(digest, str)]
            self.claims[member.names[:-1]] = dict.fromkeys(digests, said["student"])


def _said_outside(member: Member) -> Label | None:
    """What a learning-management system says of a file, in its name or in that of a folder or zip that it came in."""
    return next(filter(None, map(label, member.names[: member.own + 1])), None)


def _of_the_system(names: tuple[str, ...], name: str) -> bool:
    folders = {folder.casefold() for folder in names[1:-1]}
    folded = name.casefold()
    return bool(folders & _SYSTEM_FOLDERS) or folded in _SYSTEM_NAMES or folded.startswith(_SYSTEM_STARTS)


def _is_notebook(data: bytes) -> bool:
    try:
        return bool(section_of(data))
    except NoNotebook:
        return False


def _questions(section: str) -> set[str]:
    return {question.id for question in bank.section_bank(section).questions}


def _stem(name: str) -> str:
    """A name without endings, which call nobody."""
    return _ENDINGS.sub("", name)


def _digest(data: bytes) -> str:
    return files.digest(data) if data else ""


def _one(students: set[str]) -> str:
    """The only one of these. Raises _Refused for several."""
    if len(students) > 1:
        raise _Refused(f"may be of {' or '.join(sorted(students))}: {_MOVE}")
    return next(iter(students))


def _list(students: Iterable[str]) -> str:
    return " and ".join(sorted(students))


def _flags(*flags: str) -> str:
    return "; ".join(filter(None, flags))
