"""What `companion export` writes: one file for each system that was named, and only if all can be written."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from mlsys_helpers.grading.course import Assignment
from mlsys_helpers.grading.exporting.canvas import canvas
from mlsys_helpers.grading.exporting.moodle import moodle
from mlsys_helpers.grading.exporting.scores import Exported, Scores, everything, scores
from mlsys_helpers.grading.gradebook import Gradebook
from mlsys_helpers.grading.roster import Roster
from mlsys_helpers.grading.words import some
from mlsys_helpers.kit import files

CANVAS, MOODLE, CSV = "canvas", "moodle", "csv"


def write(
    book: Gradebook,
    assigned: Assignment,
    roster: Roster,
    wanted: dict[str, Path | None],
    template: Path | None = None,
    column: str = "",
    missing: str = "empty",
    unfinished: bool = False,
) -> dict[Path, tuple[str, ...]]:
    """Write a file for each system in `wanted` that has a path; what to know of each. Raises ValueError or OSError."""
    paths = {system: path for system, path in wanted.items() if path}
    if not paths:
        raise ValueError("say for what: --canvas FILE, --moodle FILE or --csv FILE")
    if template and (len(paths) > 1 or CSV in paths):
        raise ValueError("--template goes with --canvas or with --moodle, one at a time")
    if template and any(path.resolve() == template.resolve() for path in paths.values()):
        raise ValueError(f"{template} is the template; name another file to write")
    filled = template.read_bytes() if template else None
    makers: dict[str, Callable[[Scores], Exported]] = {
        CANVAS: partial(canvas, template=filled, column=column),
        MOODLE: partial(moodle, template=filled, column=column),
        CSV: everything,
    }
    found = scores(assigned, roster, book, missing, unfinished)
    made = {path: makers[system](found) for system, path in paths.items()}
    for path, exported in made.items():
        files.put(path, exported.data)
    gone = sorted({student for student, _ in book.newest(assigned.name)} - set(found.totals))
    left = (f"{some(gone)} handed in and are not in the roster: they have no grade here",) if gone else ()
    return {path: (*exported.notes, *left) for path, exported in made.items()}
