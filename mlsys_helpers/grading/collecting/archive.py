"""Every file in a folder or a zip, and in zips within, read within limits: what arrives is never trusted.

Nothing is unpacked to a name that a zip chose, no link is followed, and what counts is what was really read, whatever
a header says. One file at a time is in memory, and the zips that it lies in.
"""

import io
import math
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from mlsys_helpers.grading.handing_in.submission import MANIFEST

_ENCRYPTED, _UTF8 = 0x1, 0x800  # flags of a file in a zip
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack a block of any size at once
_BLOCK_BYTES = 65_536
_LONGEST_NAME = 1_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


@dataclass(frozen=True)
class Limits:
    """How much is read: bytes of one file, bytes of all that a student's zip holds and how many files, zips within
    zips, how many times its packed size a file may have beyond `free_bytes`, and files outside of zips in all."""

    file_bytes: int = 20_000_000
    zip_bytes: int = 200_000_000
    zip_files: int = 1_000
    depth: int = 3
    ratio: int = 200
    free_bytes: int = 1_000_000
    files: int = 20_000


@dataclass(frozen=True)
class Member:
    """One file that arrived; or, with a `problem`, one that could not be read, or a zip that could not to its end.

    `names` are the folders and zips that it lies in and its own name, from the outside. Those before `own` came with
    the whole; the one there and all within it are a student's naming, unless a learning-management system's. `at` is
    when it last changed, as far as the outermost folder or zip tells.
    """

    names: tuple[str, ...]
    own: int
    data: bytes = b""
    at: datetime | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """Its own name."""
        return self.names[-1]

    @property
    def source(self) -> str:
        """Where it lies, as one text."""
        return "/".join(self.names)


class _Unreadable(ValueError):
    """What is not read; the message says why."""


class _Spent(_Unreadable):
    """A student's zip is read no further."""


@dataclass
class _Budget:
    """What may still be read of a student's zip and the zips within it."""

    bytes: int
    files: int

    def spend(self, read_bytes: int) -> None:
        """Count a file that was read. Raises _Spent when it is too much."""
        self.bytes -= read_bytes
        self.files -= 1
        if self.bytes < 0 or self.files < 0:
            raise _Spent("not read to its end: it holds too much; ask for the notebook alone")


def _budget(limits: Limits) -> _Budget:
    return _Budget(limits.zip_bytes, limits.zip_files)


def walk(place: Path, limits: Limits | None = None) -> Iterator[Member]:
    """Every file in the folder or zip `place`, in the order of names, a manifest first in its folder.

    Raises ValueError when `place` is neither, or holds too many.
    """
    limits = limits or Limits()
    place = place.resolve()
    names = (_clean(place.name),)
    if place.is_dir():
        yield from _counted(_folder(place, names, limits), limits.files)
    elif zipfile.is_zipfile(place):
        whole = Member(names, 0, at=_time(place.stat().st_mtime))
        yield from _counted(_file(place, whole, limits, None), limits.files)
    else:
        raise ValueError(f"{place} is neither a folder nor a zip: give the download as it came, or a folder of files")


def _counted(members: Iterator[Member], most: int) -> Iterator[Member]:
    """The members. Raises ValueError after `most` that lie in no student's zip."""
    count = 0
    for member in members:
        count += member.own == len(member.names) - 1
        if count > most:
            raise ValueError(f"more than {most:,} files: give them in several batches")
        yield member


def _folder(place: Path, names: tuple[str, ...], limits: Limits) -> Iterator[Member]:
    try:
        entries = sorted(os.scandir(place), key=lambda entry: _order(entry.name))
    except OSError as error:
        yield Member(names, len(names) - 1, problem=_reason(error))
        return
    for entry in entries:
        inner = (*names, _clean(entry.name))
        if entry.is_dir(follow_symlinks=False):
            yield from _folder(Path(entry.path), inner, limits)
            continue
        status = entry.stat(follow_symlinks=False)
        member = Member(inner, len(names), at=_time(status.st_mtime))
        if stat.S_ISREG(status.st_mode):
            yield from _file(Path(entry.path), member, limits, _budget(limits))
        else:
            yield replace(member, problem="a link or a device, not a file: ask for the file itself")


def _file(path: Path, member: Member, limits: Limits, budget: _Budget | None) -> Iterator[Member]:
    try:
        with path.open("rb") as file:
            if _is_zip(member.name):
                yield from _zip(file, member, limits, 0, budget)
            else:
                yield replace(member, data=_read(file, limits.file_bytes))
    except _BROKEN as error:
        yield replace(member, problem=_reason(error))


def _zip(file: IO[bytes], zipped: Member, limits: Limits, depth: int, budget: _Budget | None) -> Iterator[Member]:
    """What a zip holds, `depth` zips deep; without a `budget` it may be a whole class's. Raises what is in _BROKEN."""
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if sum(info.compress_size for info in infos) > file.seek(0, os.SEEK_END):
            raise _Unreadable("not read: the files in it lie over one another, as in a zip bomb")
        of_class = budget is None and not any(_zip_name(info) == MANIFEST for info in infos)
        seen: set[str] = set()
        for info in sorted(infos, key=lambda info: _order(_zip_name(info))):
            name = _zip_name(info)
            if name.endswith("/") and not info.file_size:
                _spend(budget, 0)
                continue  # a folder
            member = _inside(zipped, info, name, of_class)
            problem = "a second file of this name in the zip: ask for one" if name in seen else _suspect(info, name)
            seen.add(name)
            if problem:
                _spend(budget, 0)
                yield replace(member, problem=problem)
                continue
            yield from _unpacked(archive, info, member, limits, depth, budget)


def _inside(zipped: Member, info: zipfile.ZipInfo, name: str, of_class: bool) -> Member:
    """A file in a zip, not read yet. What a class's zip says of folders and time counts; what a student's says not."""
    names = (*zipped.names, *(part for part in name.split("/") if part not in ("", ".")))
    return Member(names, len(names) - 1, at=_zip_time(info) or zipped.at) if of_class else replace(zipped, names=names)


def _unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member, limits: Limits, depth: int, budget: _Budget | None
) -> Iterator[Member]:
    """A file in a zip; or what it holds, if it is a zip too. Raises _Unreadable when the budget is spent."""
    inner = budget or _budget(limits)
    most = max(limits.free_bytes, info.compress_size * limits.ratio)
    try:
        with archive.open(info) as file:
            data = _read(file, limits.file_bytes, most, inner)
        if not _is_zip(member.name):
            yield replace(member, data=data)
        elif depth < limits.depth:
            yield from _zip(io.BytesIO(data), member, limits, depth + 1, inner)
        else:
            yield replace(member, problem=f"a zip within more than {depth} zips: ask for the notebook alone")
    except _BROKEN as error:
        if budget and isinstance(error, _Spent):
            raise  # to the student's zip
        yield replace(member, problem=_reason(error))


def _read(file: IO[bytes], most: int, unpacked_most: float = math.inf, budget: _Budget | None = None) -> bytes:
    """A file's content. Raises _Unreadable as soon as it is too much, or too much for its packed size."""
    blocks, size = [], 0
    while block := file.read(_BLOCK_BYTES):
        size += len(block)
        if size > most:
            raise _Unreadable(f"larger than {most / 1e6:,.0f} MB: ask for it without outputs and data")
        if size > unpacked_most:
            raise _Unreadable("not read to its end: it unpacks to far more than it should, as a zip bomb does")
        blocks.append(block)
    _spend(budget, size)
    return b"".join(blocks)


def _spend(budget: _Budget | None, size: int) -> None:
    if budget:
        budget.spend(size)


def _suspect(info: zipfile.ZipInfo, name: str) -> str:
    """Why a file in a zip is not even opened; an empty text for one that may be."""
    parts = name.split("/")
    if not name.strip("/.") or name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in parts:
        return "its name leads out of the zip, which no honest tool writes"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, not a file: ask for the file itself"
    if info.flag_bits & _ENCRYPTED:
        return "locked with a password: ask for it without"
    if info.compress_type not in _PACKINGS:
        return "packed in an unusual way: ask for an ordinary zip"
    return ""


def _reason(error: Exception) -> str:
    if isinstance(error, _Unreadable):
        return str(error)
    return f"cannot be read ({getattr(error, 'strerror', '') or error}): ask for it again"


def _is_zip(name: str) -> bool:
    return name.casefold().endswith(".zip")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A name in a zip: UTF-8 also where the zip forgets to say so, with slashes also where Windows wrote \\."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf8")
        except UnicodeError:
            name = info.filename
    return _clean(name.replace("\\", "/"))


def _clean(name: str) -> str:
    """A name that can be shown and stored: accents composed, nothing that steers a terminal."""
    name = unicodedata.normalize("NFC", name[:_LONGEST_NAME].encode("utf8", "replace").decode("utf8"))
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _order(name: str) -> list[tuple[bool, str, str]]:
    """By folder, a manifest first, then as people count: x.ipynb, x-2.ipynb, x-10.ipynb."""
    counting = re.sub(r"\d+", lambda digits: digits[0].zfill(12), name.casefold())
    stems = [os.path.splitext(part) for part in counting.split("/")]
    return [(stem + ending != MANIFEST, stem, ending) for stem, ending in stems]


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    """The time in a zip is what a clock on the wall said, here; 1980 stands for none."""
    try:
        return datetime(*info.date_time).astimezone() if info.date_time[0] > 1980 else None
    except (ValueError, OverflowError, OSError):
        return None


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()
