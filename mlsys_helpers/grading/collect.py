"""Who handed in what: every file of a download ends as taken, superseded or refused, with its reason.

What is taken is copied, as it is, to submissions/STUDENT/DIGEST/ in the assignment's folder; no original is changed.
Who handed a file in says first the folder or the learning-management system that it came in, which knows who was
logged in; then what the file says of itself; then its name. Where they differ, a row is flagged.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from mlsys_helpers import chapter
from mlsys_helpers.grading import archive, cells, quizzes
from mlsys_helpers.grading.archive import Member
from mlsys_helpers.grading.course import QUIZ, Assignment, course_of
from mlsys_helpers.grading.gradebook import REFUSED, SUPERSEDED, TAKEN, File, Gradebook, Received
from mlsys_helpers.grading.rebuild import NoNotebook
from mlsys_helpers.grading.roster import Roster, Student
from mlsys_helpers.grading.signed import section_of, signed
from mlsys_helpers.grading.submission import ANSWERS, manifest
from mlsys_helpers.grading.who import Label, People, label
from mlsys_helpers.kit import files
from mlsys_helpers.quiz import bank

LIST = "collected.csv"
NO_SUBMISSION = "no submission: "  # how the reason begins for a file that nobody meant to hand in
ALREADY = "already taken"
MISSING = "not handed in"
HEADS = ("outcome", "student", "name", "part", "handed in", "late", "reason", "file")
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
    ".rar": "an archive that is no zip: ask for the notebook, or a zip",
    ".7z": "an archive that is no zip: ask for the notebook, or a zip",
    ".gz": "an archive that is no zip: ask for the notebook, or a zip",
    ".tar": "an archive that is no zip: ask for the notebook, or a zip",
}


@dataclass(frozen=True)
class Row:
    """What became of one file. `flag` is what an instructor should look at, though it was taken; `system` is the
    learning-management system that it came from."""

    file: File
    flag: str = ""
    received: Received | None = None
    system: str = ""

    @property
    def already(self) -> bool:
        """Whether the very file was taken before."""
        return self.file.reason.startswith(ALREADY)

    @property
    def unasked(self) -> bool:
        """Whether nobody meant to hand it in."""
        return self.file.reason.startswith(NO_SUBMISSION)


@dataclass(frozen=True)
class Collected:
    """What became of a batch, and who of the roster has not handed in anything so far."""

    rows: tuple[Row, ...]
    missing: tuple[Student, ...]
    path: Path

    def having(self, outcome: str) -> list[Row]:
        """The rows of one outcome, without files that nobody meant to hand in."""
        return [row for row in self.rows if row.file.outcome == outcome and not row.unasked]


class _Refused(ValueError):
    """A file that is not taken; the message says why."""


def collect(
    batch: Path,
    assigned: Assignment,
    students: Roster,
    received: datetime | None = None,
    dry_run: bool = False,
    limits: archive.Limits | None = None,
) -> Collected:
    """Take what students handed in for an assignment from a folder or zip. Once more changes nothing.

    `received` says when all of it came, where the times of the files do not. Raises ValueError or OSError.
    """
    sorter = _Sorter(assigned, students, received, dry_run)
    found = [row for member in archive.walk(batch, limits) for row in sorter.rows(member)]
    with Gradebook(course_of(assigned).gradebook) as book:
        before = book.received(assigned.name)
        rows = tuple(_settled(found, before))
        now = [*before, *(row.received for row in rows if row.received and not row.already)]
        if not dry_run:
            fresh = _fresh(rows, book.files(assigned.name))
            book.receive(assigned.name, [row.file for row in fresh], now[len(before) :])
            listed = _listed(assigned, students, book)
            files.put(assigned.folder / LIST, cells.write([HEADS, *listed], bom=True))
    handed_in = {one.student for one in now}
    return Collected(rows, tuple(s for s in students if s.id not in handed_in), assigned.folder / LIST)


# --- one file -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Person:
    id: str
    flag: str = ""


class _Sorter:
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
            return [Row(File(member.source, REFUSED, str(refused), digest=_digest(member.data)))]

    def _rows(self, member: Member) -> list[Row]:
        said = next(filter(None, map(label, member.names[: member.own + 1])), None)
        own = label(member.name)
        name = (own.file if own else member.name).casefold()
        if _of_the_system(member.names, name):
            raise _Refused(f"{NO_SUBMISSION}a file of the operating system or an editor")
        if not said and any(map(label, member.names[member.own + 1 :])):
            raise _Refused("it lies in a system's download that lies in a folder: collect that download by itself")
        if said and said.typed:
            return [self._no_notebook(member, said, f"typed into {said.system}: ask for the notebook as a file")]
        if member.problem:
            if name.endswith((_NOTEBOOK, ".zip")):
                raise _Refused(member.problem)
            return [self._no_notebook(member, said, member.problem)]
        if _IS_MANIFEST.fullmatch(name):
            self._claim(member)
            raise _Refused(f"{NO_SUBMISSION}it says whose the files beside it are")
        if _IS_ANSWERS.fullmatch(name):
            return self._answers(member, said)
        if name.endswith(_NOTEBOOK) or (name.endswith(_MAYBE) and _is_notebook(member.data)):
            return [self._notebook(member, said)]
        return [self._no_notebook(member, said, _ASK.get(PurePosixPath(name).suffix, "no notebook"))]

    def _notebook(self, member: Member, said: Label | None) -> Row:
        claim, section = signed(member.data), section_of(member.data)
        if not section:
            raise _Refused("no exercise notebook: it checks no task. Ask for the one that was released")
        if section not in self.parts:
            raise _Refused(f"the exercise of {section}, which this assignment does not ask for")
        person = self._person(member, said, claim.student if claim else "")
        elsewhere = claim and (claim.course, claim.assignment) != (self.assigned.course, self.assigned.name)
        flags = [person.flag, f"it was released for {claim.course}/{claim.assignment}" if claim and elsewhere else ""]
        return self._take(member, said, replace(person, flag="; ".join(filter(None, flags))), section, section)

    def _answers(self, member: Member, said: Label | None) -> list[Row]:
        try:
            answered = {question for question, made in quizzes.answers(member.data).items() if made}
        except ValueError as error:
            raise _Refused(str(error)) from error
        asking = [p.section for p in self.assigned.parts if p.quiz and answered & _questions(p.section)]
        if not asking:
            raise _Refused(f"{NO_SUBMISSION}it answers no quiz that counts")
        person = self._person(member, said, "")
        return [self._take(member, said, person, slug, f"{slug}.{QUIZ}") for slug in asking]

    def _no_notebook(self, member: Member, said: Label | None, reason: str) -> Row:
        """A file that may lie beside a notebook: its student is noted, if that is known."""
        student = ""
        with suppress(_Refused):
            student = self._person(member, said, "").id
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
        claimed = claimed or self.claims.get(member.names[:-1], {}).get(_digest(member.data), "")
        inside = self.people.known(claimed)
        outside = self._outside(member, said)
        if len(outside) == 1 or inside in outside:
            student = inside if inside in outside else next(iter(outside))
            among = f"there are several of this name: {_or(outside)}" if len(outside) > 1 else ""
            return _Person(student, f"inside it says {claimed}" if claimed and inside != student else among)
        named = set() if outside else self._named(member.names[member.own :])
        if not outside and inside:
            return _Person(inside, "" if named <= {inside} else f"it is named after {_or(named - {inside})}")
        found = outside or named
        if not found:
            found, hinted = self._hinted(member), "known by a part of the name only"
        else:
            hinted = ""
        if len(found) > 1:
            raise _Refused(f"may be of {_or(found)}: put it into a folder named by the student's id, and collect again")
        if not found:
            who = f"{claimed!r} is not in the roster" if claimed else "nobody of the roster is named in it"
            raise _Refused(f"whose? {who}: put it into a folder named by the student's id, and collect again")
        other = f"inside it says {claimed}, who is not in the roster" if claimed else ""
        return _Person(next(iter(found)), "; ".join(filter(None, (hinted, other))))

    def _outside(self, member: Member, said: Label | None) -> set[str]:
        """Whom the system means, or the folders that the whole came in."""
        if not said:
            return self._named(member.names[1 : member.own])
        found = self.people.labelled(said) if said.name else set()
        if said.name and not found:
            number = f" ({said.user})" if said.user else ""
            raise _Refused(f"{said.system} says {said.name}{number}, who is not in the roster: mend the roster")
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
    return re.sub(r"(_answers)?(\.\w{1,5})+$", "", name)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if data else ""


def _or(students: Iterable[str]) -> str:
    return " or ".join(sorted(students))


# --- all of them ----------------------------------------------------------------------------------------------------


def _settled(rows: list[Row], before: list[Received]) -> Iterator[Row]:
    """The rows, where a part that came more than once counts once: in its newest form."""
    taken = {_key(one) for one in before}
    sources: dict[tuple[str, str, str], str] = {}
    kept = {_key(one): one for one in before}
    for row in rows:
        if row.received:
            sources.setdefault(_key(row.received), row.file.source)
            kept.setdefault(_key(row.received), row.received)
    newest = {(one.student, one.part): one for one in sorted(kept.values(), key=lambda one: one.handed_in)}
    has = {one.student for one in kept.values()}
    for row in rows:
        if not row.received:
            yield _beside(row) if row.file.student in has and row.file.outcome == REFUSED else row
            continue
        key, counts = _key(row.received), newest[row.received.student, row.received.part]
        again = ALREADY if key in taken else ""
        taken.add(key)
        newer = "" if counts.digest == key[2] else f"a newer one counts: {sources.get(_key(counts), counts.path)}"
        reason = "; ".join(filter(None, (again, newer, row.flag)))
        yield replace(row, file=replace(row.file, outcome=SUPERSEDED if newer else TAKEN, reason=reason))


def _beside(row: Row) -> Row:
    reason = f"{NO_SUBMISSION}beside a notebook that was taken: {row.file.reason}"
    return replace(row, file=replace(row.file, reason=reason))


def _key(one: Received) -> tuple[str, str, str]:
    return one.student, one.part, one.digest


def _fresh(rows: Iterable[Row], known: Iterable[File]) -> list[Row]:
    """The rows that say something new: a file that was listed before is not listed again for the same."""
    seen = {_said(file) for file in known}
    return [row for row in rows if _said(row.file) not in seen]


def _said(file: File) -> File:
    """What a list says of a file, without what later files change."""
    return file if file.outcome == REFUSED else replace(file, outcome=TAKEN, reason="")


def _listed(assigned: Assignment, students: Roster, book: Gradebook) -> Iterator[tuple[str, ...]]:
    """Every file that ever arrived as it stands now, then who has not handed in what."""
    names = {student.id: student.name for student in students}
    received = {_key(one): one for one in book.received(assigned.name)}
    newest = book.newest(assigned.name)
    rows = book.files(assigned.name)
    taken = {(file.source, file.digest) for file in rows if file.outcome != REFUSED}
    for file in rows:
        one = received.get((file.student, file.part, file.digest))
        if file.outcome == REFUSED and file.digest and (file.source, file.digest) in taken:
            continue  # refused at first, and taken once the roster was mended
        outcome, late = file.outcome, ""
        if one and file.outcome != REFUSED:
            outcome = TAKEN if newest[one.student, one.part].digest == one.digest else SUPERSEDED
            late = "late" if is_late(assigned, one) else ""
        when = one.handed_in.astimezone().isoformat(" ", "seconds") if one else ""
        yield _safe(outcome, file.student, names.get(file.student, ""), file.part, when, late, file.reason, file.source)
    for student in students:
        for part in {item.part: None for item in assigned.items}:
            if (student.id, part) not in newest:
                yield _safe(MISSING, student.id, student.name, part, "", "", "", "")


def is_late(assigned: Assignment, one: Received) -> bool:
    """Whether a part came after the due date, or its system says that it was late."""
    return one.late or bool(assigned.due and one.handed_in > assigned.due)


def _safe(*texts: str) -> tuple[str, ...]:
    return tuple(map(cells.safe, texts))
