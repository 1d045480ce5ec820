"""The one file that a student hands in: a zip with the notebooks of an assignment, the quiz answers, and whose it is.

cs249-06-ada.zip
  submission.json              course, assignment, student, time, version, and the SHA-256 of each other file
  06_iron_law.ipynb            the exercise notebook as it was saved
  06_iron_law_answers.json     the answers to the section's quiz (quizzes.py)
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mlsys_helpers import chapter
from mlsys_helpers.exercise import whose
from mlsys_helpers.grading.course import quiz_part
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.grading.handing_in.signed import Signed, section_of, signed
from mlsys_helpers.grading.running import rebuild
from mlsys_helpers.kit import files

MANIFEST, ANSWERS = "submission.json", "_answers.json"
MAX_FILES, MAX_TOTAL, MAX_MANIFEST = 60, 200_000_000, 100_000
_FORMAT = 1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class Submission:
    """What a student hands in. `files` has each file's bytes by name; `at` is the student's own clock.

    `companion` is the version that made it.
    """

    course: str
    assignment: str
    student: str
    files: dict[str, bytes]
    at: datetime
    companion: str

    @property
    def name(self) -> str:
        """The name of its file: `cs249-06-ada.zip`."""
        return f"{self.course}-{self.assignment}-{self.student}.zip"

    @property
    def parts(self) -> dict[str, bytes]:
        """The files by what part of the assignment they are: "iron_law" the notebook, "iron_law.quiz" the answers."""
        stems = {section.stem: section.slug for section in chapter.open_sections()}
        notebooks = {stems[n[:-6]]: d for n, d in self.files.items() if n.endswith(".ipynb") and n[:-6] in stems}
        told = {n.removesuffix(ANSWERS): d for n, d in self.files.items() if n.endswith(ANSWERS)}
        return notebooks | {quiz_part(stems[stem]): data for stem, data in told.items() if stem in stems}


# --- made -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """The notebooks of an assignment on a student's disk, by section, and whose they say they are."""

    notebooks: dict[str, Path]
    signed: Signed


def named(folder: Path, called: str) -> Path | None:
    """The first notebook in a folder that was released to a class, of an assignment or section of this name."""
    for section in chapter.open_sections():
        said = _said(path := folder / f"{section.stem}.ipynb")
        if said and called in (said.assignment, section.number, section.slug):
            return path
    return None


def find(path: Path, student: str = "", course: str = "") -> Found:
    """The exercise notebook at `path`, and its companions beside it that were released for the same assignment.

    `student` and `course` say whose it is where the notebook does not. Raises ValueError, which says what to do, for a
    file that is no exercise, and for one that does not say whose it is.
    """
    data = path.read_bytes()
    try:
        if not any(cell.source.strip() for cell in rebuild.cells(data)):
            raise rebuild.NoNotebook("it has no code")
        section, said = section_of(data), signed(data)
    except rebuild.NoNotebook as error:
        raise ValueError(f"{path} cannot be handed in: {error}") from error
    if not section:
        raise ValueError(f"{path} is no exercise notebook: it checks no task of the chapter")
    if student and not whose.STUDENT_ID.fullmatch(student):
        raise ValueError(f"{student!r} is no student's id: write the one that your course knows you by")
    if not said and course and not whose.NAME.fullmatch(course):
        raise ValueError(f"{course!r} is no name of a course, like cs249")
    named_by_hand = Signed(course, chapter.section(section).number, student) if course and student else None
    settled = _settled(path, said or named_by_hand, student)
    places = {one.slug: path.with_name(f"{one.stem}.ipynb") for one in chapter.open_sections()} | {section: path}
    notebooks = {slug: place for slug, place in places.items() if slug == section or _beside(place, said)}
    return Found(notebooks, settled)


def _settled(path: Path, said: Signed | None, student: str) -> Signed:
    """Whose a notebook is, from what it says and from what its student says."""
    if said and student and said.student.casefold() not in ("", student.casefold()):
        raise ValueError(f"{path} was released to {said.student}, not to {student}: leave --as away")
    if said and (said.student or student):
        return replace(said, student=said.student or student)
    if said:
        raise ValueError(
            f'{path} does not say whose it is: write your id between the quotes of student="" in its first code cell, '
            "run all cells, save, and submit again"
        )
    raise ValueError(
        f"{path} was not released for a class: it has no cell assigned(...). Hand in the notebook that your course "
        "gave you (companion submit PATH), or say whose this is: --as ID --course NAME"
    )


def _beside(path: Path, said: Signed | None) -> bool:
    """Whether the notebook at `path` is there and belongs to the same assignment."""
    other = _said(path)
    return bool(said and other and replace(other, student="") == replace(said, student=""))


def _said(path: Path) -> Signed | None:
    try:
        return signed(path.read_bytes())
    except (OSError, rebuild.NoNotebook):
        return None


def make(found: Found, at: datetime) -> Submission:
    """What is handed in: the notebooks as they are on disk and this reader's quiz answers to their sections."""
    made: dict[str, bytes] = {}
    for section, path in found.notebooks.items():
        stem = chapter.section(section).stem
        made |= {f"{stem}.ipynb": path.read_bytes(), f"{stem}{ANSWERS}": quizzes.packed(section)}
    said = found.signed
    return Submission(said.course, said.assignment, said.student, made, at, version("mlsys-companion"))


def write(made: Submission, path: Path) -> Path | None:
    """Write a submission and read it back. A file that was there is kept under another name, which is returned.

    Raises OSError or ValueError, and then nothing that was there is lost.
    """
    data = _zipped(made)
    _compare(read(data), made)
    kept = _put_aside(path) if path.exists() else None
    files.put(path, data)
    _compare(read(path.read_bytes()), made)
    return kept


def _zipped(made: Submission) -> bytes:
    manifest = {
        "format": _FORMAT,
        "course": made.course,
        "assignment": made.assignment,
        "student": made.student,
        "at": made.at.isoformat(timespec="seconds"),
        "companion": made.companion,
        "files": {name: files.digest(data) for name, data in made.files.items()},
    }
    told = {MANIFEST: (json.dumps(manifest, indent=1) + "\n").encode()} | made.files
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in told.items():
            entry = zipfile.ZipInfo(name, made.at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _compare(back: Submission, made: Submission) -> None:
    if (back.files, back.student) != (made.files, made.student):
        raise ValueError("what was written is not what was read back: the disk may be full or failing; submit again")


def _put_aside(path: Path) -> Path:
    """Rename the file at `path` to the first free `name.1.zip`, `name.2.zip`, ..."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


# --- read back ------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Submission:
    """The submission in the bytes of a zip. Nothing in it is trusted. Raises ValueError, which says why it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except _UNREADABLE as error:
        raise ValueError(f"no file that `companion submit` wrote: {error}") from error


def _read(archive: zipfile.ZipFile) -> Submission:
    names = archive.namelist()
    if MANIFEST not in names:
        raise ValueError(f"it has no {MANIFEST}")
    if len(names) > MAX_FILES or len(set(names)) < len(names):
        raise ValueError(f"expected at most {MAX_FILES} files, each name once")
    said = manifest(_member(archive, MANIFEST, MAX_MANIFEST))
    found: dict[str, bytes] = {}
    for name in (name for name in names if name != MANIFEST):
        found[name] = _member(archive, name, min(rebuild.MAX_BYTES, MAX_TOTAL - sum(map(len, found.values()))))
    if {name: files.digest(data) for name, data in found.items()} != said["files"]:
        raise ValueError("its files are not those that were written: it was changed or damaged; submit again")
    return Submission(
        said["course"],
        said["assignment"],
        said["student"],
        found,
        datetime.fromisoformat(said["at"]),
        said["companion"],
    )


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the zip, of which never more than `most` bytes are unpacked."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise ValueError(f"{name!r} is no name of a file in it")
    with archive.open(name) as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise ValueError(f"{name} has more than {most:,} bytes")
    return found


_EXPECTED: dict[str, Callable[[Any], bool]] = {
    "format": lambda value: value == _FORMAT,
    "course": lambda value: isinstance(value, str) and bool(whose.NAME.fullmatch(value)),
    "assignment": lambda value: isinstance(value, str) and bool(whose.NAME.fullmatch(value)),
    "student": lambda value: isinstance(value, str) and bool(whose.STUDENT_ID.fullmatch(value)),
    "at": lambda value: isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None,
    "companion": lambda value: isinstance(value, str) and len(value) <= 40,
    "files": lambda value: isinstance(value, dict),
}


def manifest(data: bytes) -> dict[str, Any]:
    """What a submission says of itself, in the bytes of its manifest. Raises ValueError for what says it otherwise."""
    try:
        said = json.loads(data.decode("utf8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its {MANIFEST} is not JSON: {error}") from error
    for name, fits in _EXPECTED.items():
        if not isinstance(said, dict) or not fits(said.get(name)):
            raise ValueError(f"its {MANIFEST} does not say {name} as it should")
    return said
