"""Grades for Canvas: a gradebook that it imports, or the one that it exported, filled in.

How Canvas reads one is known from its importer (lib/gradebook_importer.rb): the columns must begin so; a student is
looked for by Canvas's own ID, then by the SIS ids, and by name only if nobody has them; a cell left empty clears a
grade, a row left out keeps it; and the row "Points Possible" sets the points of the assignment.
"""

import re

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.course import Assignment
from mlsys_helpers.grading.exporting.scores import Exported, Scores, filled, notes_of, possible_note
from mlsys_helpers.grading.roster import Roster, Student
from mlsys_helpers.kit.checks import one_of

EXCUSED, READ_ONLY = "EX", "(read only)"
_IDS = ("ID", "SIS User ID", "SIS Login ID")
_INFO = ("Student", *_IDS, "Section")
_POINTS_POSSIBLE = "    Points Possible"  # as Canvas writes it
_NUMBER = re.compile(r"\s*\(\d+\)$")


def canvas(found: Scores, template: bytes | None = None, column: str = "") -> Exported:
    """A gradebook for Canvas, or the one that Canvas exported (`template`) with the assignment's column filled in.

    `column` names the assignment in Canvas, with or without its number. Raises ValueError.
    """
    if template is None:
        return _new(found, column)
    table = cells.read(template)
    heads = table.rows[0] if table.rows else []
    if len(heads) < 3 or ("Student" not in heads[0] and heads[:2] != ["LastName", "FirstName"]) or "ID" not in heads:
        raise ValueError("the template is no gradebook that Canvas exported: it should begin with Student and ID")
    place = _column(found.assigned, heads, column)
    head = next((row for row in table.rows[1:3] if row and row[0].strip() == _POINTS_POSSIBLE.strip()), [])
    possible = head[place].strip() if place < len(head) else ""
    if possible == READ_ONLY:
        raise ValueError(f"Canvas computes the column {heads[place]!r} itself and imports nothing into it")
    by_id = _students(found.roster)

    def who(row: list[str]) -> set[str]:
        hits = (by_id.get((head, row[heads.index(head)].strip().casefold())) for head in _IDS if head in heads)
        return {hit for hit in hits if hit}

    made = filled(found, table, place, who, lambda row: row[place].strip().upper() == EXCUSED)
    return Exported(made.data, (*possible_note("Canvas", possible, found), *made.notes))


def _new(found: Scores, column: str) -> Exported:
    """A gradebook with this one assignment. Who has no grade has no row, so that Canvas keeps its own."""
    rows = [[*_INFO, column or f"{found.assigned.course} {found.assigned.name}"]]
    rows.append([_POINTS_POSSIBLE, "", "", "", "", found.possible])
    graded = [student for student in found.roster if found.shown(student)]
    rows += [[*map(cells.safe, _info(student)), found.shown(student)] for student in graded]
    return Exported(cells.write(rows), tuple(notes_of(found, "Canvas")))


def _info(student: Student) -> list[str]:
    row = _row(student)
    if not row:
        return [student.name, "", "", student.id, ""]
    return [row.get(head.casefold(), "") for head in _INFO]


def _row(student: Student) -> dict[str, str]:
    """The student's row in the roster, if Canvas exported it: else a number in a column `id` is none of Canvas."""
    row = {head.casefold(): cell for head, cell in student.row.items()}
    return row if {"student", "id", "section"} <= set(row) else {}


def _students(roster: Roster) -> dict[tuple[str, str], str]:
    """By the column and what stands there, whose row it is."""
    by_id: dict[tuple[str, str], str] = {}
    for student in roster:
        row = _row(student)
        for head in _IDS:
            known = row.get(head.casefold(), "") if row else "" if head == "ID" else student.id
            if known:
                by_id[head, known.casefold()] = student.id
    return by_id


def _column(assigned: Assignment, heads: list[str], column: str) -> int:
    """The place of the assignment's column: called `column`, or like the assignment, or like course and assignment."""
    wanted = [column] if column else [assigned.name, f"{assigned.course} {assigned.name}"]
    titles = {head: _NUMBER.sub("", head) for head in heads if _NUMBER.search(head)}
    for name in wanted:
        hits = [head for head, title in titles.items() if name.casefold() in (head.casefold(), title.casefold())]
        if len(hits) == 1:
            return heads.index(hits[0])
        if hits:
            raise ValueError(f"{len(hits)} columns are called {name!r}: name one with its number: --column {hits[0]!r}")
    try:
        return heads.index(one_of("column of the template", wanted[0], titles))
    except ValueError as error:
        raise ValueError(f"{error}. Name the one to fill in: --column NAME") from error
