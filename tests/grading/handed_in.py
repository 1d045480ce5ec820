"""A class of two for the tests of what is given out and handed in, and notebooks that a student worked on."""

from pathlib import Path

import nbformat

from mlsys_helpers import chapter
from mlsys_helpers.grading import course, roster
from mlsys_helpers.grading.handing_out import handout, release
from mlsys_helpers.workspace import folder

CLASS = roster.parse(b"id,name\nada,Ada Lovelace\nbob,Bob\n", "roster.csv")


def lay_out(place: Path, *sections: str, name: str = "06", **options) -> course.Assignment:
    """An assignment of `sections` in the course at `place`."""
    course.new_course(place, "cs249")
    assigned = course.Assignment("cs249", name, place / name, release.parts(sections or ("iron_law",), **options))
    release.write(release.release(assigned, CLASS))
    return assigned


def edit(path: Path, *changes: tuple[str, str]) -> Path:
    """Replace texts in the code cells of the notebook at `path`, each of which must be there."""
    book = nbformat.read(path, as_version=4)
    for old, new in changes:
        cells = [cell for cell in book.cells if cell.cell_type == "code" and old in cell.source]
        assert cells, f"{old} is in no cell"
        for cell in cells:
            cell.source = cell.source.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(handout.as_bytes(book))
    return path


def solve(path: Path, section: str) -> Path:
    """Write the companion's own answers into the released notebook at `path`."""
    book = nbformat.read(path, as_version=4)
    solution = nbformat.read(folder.material() / "solutions" / f"{chapter.section(section).stem}.ipynb", as_version=4)
    for cell, solved in zip(book.cells[2:], solution.cells, strict=True):
        cell.source = solved.source
    path.write_bytes(handout.as_bytes(book))
    return path
