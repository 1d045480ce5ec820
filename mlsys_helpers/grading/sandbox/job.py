"""What is sent to be run, and what comes back: plain data that knows no answer."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One thing to do in order: run the code of a cell, or put a task's cases to what `code` names there."""

    code: str
    task: str = ""


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are of wall time; `step_s` is for one cell or one task."""

    step_s: float = 10.0
    total_s: float = 60.0
    cpu_s: int = 60
    memory_bytes: int = 2 << 30
    file_bytes: int = 16 << 20
    disk_bytes: int = 64 << 20
    processes: int = 64
    open_files: int = 128


@dataclass(frozen=True)
class Job:
    """A submission to run. `cases` has each task's givens, encoded; `givens` what the by-value tasks show.

    `files` are the data files that lie beside the notebook: their bytes in base64, by name.
    """

    steps: tuple[Step, ...]
    cases: dict[str, list[dict[str, Any]]]
    givens: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_value: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ran:
    """What a submission gave: for each task the encoded outcome of each case, what cells printed and where they failed.

    The numbers are those of steps; `died` says why a step ended the process or was ended. `lost` is empty, or says
    why the warm process itself was lost twice with this submission. `seconds` are of wall time.
    """

    outcomes: dict[str, list[Any]] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    died: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    lost: str = ""
