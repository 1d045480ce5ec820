"""The record of predictions, answers and checks: one SQLite file, to which events are added and never changed.

The file lives in the user's data folder, or in the folder that MLSYS_COMPANION_HOME names. Every write is one
short transaction through a connection of its own, so a killed kernel loses nothing that was confirmed, and two
notebooks may write at once. A lesson never stops because of this file: a damaged one is put aside and a new one
begun; where writing is impossible, events are kept in memory, tried again with the next event, and the reader is
told once (`ProgressWarning`, and `trouble()` for widgets to show).
"""

import functools
import json
import os
import sqlite3
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HOME_VARIABLE = "MLSYS_COMPANION_HOME"
BUSY_TIMEOUT_S = 10.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS event_item ON event (item, kind);
CREATE INDEX IF NOT EXISTS event_kind ON event (kind, item);
CREATE TRIGGER IF NOT EXISTS event_kept BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS event_fixed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
"""
_ADD = "INSERT INTO event (at, kind, item, payload) VALUES (?, ?, ?, ?)"


class ProgressWarning(UserWarning):
    """Progress could not be kept as it should be; says why and what to do."""


@dataclass(frozen=True)
class Event:
    """One thing the reader did: when (UTC, ISO 8601), what kind, to which item, and the details."""

    at: str
    kind: str
    item: str
    payload: dict


class Store:
    """The events in one file. `pending` holds those that could not be written yet."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.pending: list[Event] = []
        self._told = {"unsaved": "", "replaced": ""}

    @property
    def trouble(self) -> str:
        """What the reader should know about how progress is kept; empty when all is well."""
        return self._told["unsaved" if self.pending else "replaced"]

    def record(self, kind: str, item: str, payload: dict) -> Event:
        """Add one event. Raises TypeError when the payload is not plain JSON data."""
        event = Event(datetime.now(UTC).isoformat(timespec="milliseconds"), kind, item, json.loads(_json(payload)))
        self.pending.append(event)
        self._attempt(self._write_pending)
        return event

    def history(self, kind: str | None = None, item: str | None = None) -> list[Event]:
        """Events in the order in which they were recorded, of one kind or one item if given."""
        wanted = {name: value for name, value in (("kind", kind), ("item", item)) if value is not None}
        stored = self._attempt(lambda: self._read(wanted)) or []
        kept = [e for e in self.pending if all(getattr(e, name) == value for name, value in wanted.items())]
        return stored + kept

    def first(self, kind: str, item: str) -> Event | None:
        """The earliest event of this kind about this item, or None."""
        return next(iter(self.history(kind, item)), None)

    def latest(self, kind: str, item: str) -> Event | None:
        """The newest event of this kind about this item, or None."""
        return next(reversed(self.history(kind, item)), None)

    def firsts(self, kind: str) -> dict[str, Event]:
        """For each item, its earliest event of this kind."""
        pending = {event.item: event for event in reversed(self.pending) if event.kind == kind}
        return pending | self._ends("min", kind)

    def latests(self, kind: str) -> dict[str, Event]:
        """For each item, its newest event of this kind."""
        return self._ends("max", kind) | {event.item: event for event in self.pending if event.kind == kind}

    def recent(self, kinds: Sequence[str], count: int, item: str | None = None) -> dict[str, list[Event]]:
        """For each item, or for one, its newest events of these kinds, at most `count`, in order."""
        found: dict[str, list[Event]] = {}
        stored = self._attempt(lambda: self._read_recent(kinds, count, item)) or []
        kept = [event for event in self.pending if event.kind in kinds and item in (None, event.item)]
        for event in stored + kept:
            found.setdefault(event.item, []).append(event)
        return {item: events[-count:] for item, events in found.items()}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Reads and writes inside are quicker, and as safe: SQLite moves its log into the file once, at the end."""
        with ExitStack() as stack:
            with suppress(sqlite3.Error, OSError, ValueError):  # whoever reads or writes meets it again, and tells
                stack.enter_context(self._connection())
            yield

    def _write_pending(self) -> None:
        events = list(self.pending)
        with self._connection() as database, database:
            database.executemany(_ADD, [(e.at, e.kind, e.item, _json(e.payload)) for e in events])
        del self.pending[: len(events)]

    def _read(self, wanted: dict[str, str]) -> list[Event]:
        where = " AND ".join(f"{name} = ?" for name in wanted) or "1"
        return self._events(f"SELECT at, kind, item, payload FROM event WHERE {where} ORDER BY id", wanted.values())

    def _ends(self, end: str, kind: str) -> dict[str, Event]:
        ends = f"SELECT {end}(id) FROM event WHERE kind = ? GROUP BY item"
        query = f"SELECT at, kind, item, payload FROM event WHERE id IN ({ends})"
        return {event.item: event for event in self._attempt(lambda: self._events(query, [kind])) or []}

    def _read_recent(self, kinds: Sequence[str], count: int, item: str | None) -> list[Event]:
        of_kinds = f"kind IN ({', '.join('?' * len(kinds))})"
        newest = f"SELECT id FROM event WHERE item = asked.item AND {of_kinds} ORDER BY id DESC LIMIT {count:d}"
        asked = "SELECT ? AS item" if item else f"SELECT DISTINCT item FROM event WHERE {of_kinds}"
        query = (
            f"SELECT event.at, event.kind, event.item, event.payload FROM ({asked}) AS asked "
            f"JOIN event ON event.id IN ({newest}) ORDER BY event.id"
        )
        return self._events(query, [*([item] if item else kinds), *kinds])

    def _events(self, query: str, values: Iterable[str]) -> list[Event]:
        return [Event(at, kind, item, json.loads(payload)) for at, kind, item, payload in self._rows(query, values)]

    def _rows(self, query: str, values: Iterable[str]) -> list[tuple]:
        if not self.path.exists():
            return []
        with self._connection() as database:
            return database.execute(query, list(values)).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        frozen = self.path.exists() and not os.access(self.path.parent, os.W_OK)  # nobody writes: read without locks
        address = self.path.absolute().as_uri() + ("?immutable=1" if frozen else "")
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as database:
            if not frozen:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=FULL")
                database.executescript(_SCHEMA)
            yield database

    def _attempt(self, work):
        """The result of `work`, or None where the disk does not allow it; a damaged file is replaced first."""
        try:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
                self._put_aside()
                return work()
        except (sqlite3.Error, OSError, ValueError) as error:
            self._tell(
                "unsaved",
                f"Progress cannot be kept in {self.path} ({error}). The lesson goes on, and answers stay in memory "
                f"until this kernel stops. Make room there, or set {HOME_VARIABLE} to a folder you can write in.",
            )

    def _put_aside(self) -> None:
        """Rename the damaged file and begin a new one, unless another process has just done so."""
        with closing(sqlite3.connect(self.path.with_suffix(".lock"), timeout=BUSY_TIMEOUT_S)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            if _sound(self.path):
                return
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
            aside = self.path.with_name(f"{self.path.stem}-damaged-{stamp}{self.path.suffix}")
            for ending in ("-wal", "-shm", ""):
                part = Path(f"{self.path}{ending}")
                if part.exists():
                    part.replace(f"{aside}{ending}")
        told = f"The progress file was damaged. It is kept as {aside}, and a new one was begun in {self.path}."
        self._tell("replaced", told)

    def _tell(self, what: str, message: str) -> None:
        if message != self._told[what]:
            self._told[what] = message
            warnings.warn(message, ProgressWarning, stacklevel=5)


def place() -> Path:
    """The folder where progress lives."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs  # only needed where no folder was named

    return platformdirs.user_data_path("mlsys-companion", appauthor=False)


def store() -> Store:
    """The store at the present place."""
    return _store_at(place() / "progress.sqlite")


def record(kind: str, item: str, payload: dict) -> Event:
    """Add one event to the reader's record and return it."""
    return store().record(kind, item, payload)


def first(kind: str, item: str) -> Event | None:
    """The earliest event of this kind about this item, or None."""
    return store().first(kind, item)


def latest(kind: str, item: str) -> Event | None:
    """The newest event of this kind about this item, or None."""
    return store().latest(kind, item)


def history(kind: str | None = None, item: str | None = None) -> list[Event]:
    """All events in order, of one kind or about one item if given."""
    return store().history(kind, item)


def firsts(kind: str) -> dict[str, Event]:
    """For each item, its earliest event of this kind."""
    return store().firsts(kind)


def latests(kind: str) -> dict[str, Event]:
    """For each item, its newest event of this kind."""
    return store().latests(kind)


def recent(kinds: Sequence[str], count: int, item: str | None = None) -> dict[str, list[Event]]:
    """For each item, or for one, its newest events of these kinds, at most `count`, in order."""
    return store().recent(kinds, count, item)


def held() -> AbstractContextManager[None]:
    """Reads and writes inside are quicker, and as safe: SQLite moves its log into the file once, at the end."""
    return store().held()


def trouble() -> str:
    """Why progress is not being kept as it should be, in a sentence for the reader; empty when all is well."""
    return store().trouble


@functools.cache
def _store_at(path: Path) -> Store:
    """One Store for each file, so that what could not be written yet is not forgotten."""
    return Store(path)


def _json(payload: dict) -> str:
    return json.dumps(payload, ensure_ascii=False, allow_nan=False)


def _damaged(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its details
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as database:
            return database.execute("PRAGMA quick_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as error:
        if _damaged(error):
            return False
        raise
