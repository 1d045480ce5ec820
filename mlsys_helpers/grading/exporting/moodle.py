"""Grades for Moodle: a table for its gradebook, or the grading worksheet of an assignment, filled in.

How Moodle reads them is known from its importers (grade/import/csv, mod/assign/feedback/offline): in the gradebook, the
instructor chooses by which column students are found and an empty cell clears a grade; of a worksheet it reads the
Identifier, the grade, the time of the last change and comments, and passes over a grade beyond the maximum.
"""

import re
from collections import Counter
from collections.abc import Callable

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.exporting.scores import Exported, Scores, filled, notes_of, possible_note
from mlsys_helpers.grading.roster import Roster, Student
from mlsys_helpers.grading.words import shown_points, some
from mlsys_helpers.kit.checks import one_of

LOCKED = "no"  # in the column "Grade can be changed"
_IDS = ("Username", "ID number", "Email address")


def moodle(found: Scores, template: bytes | None = None, column: str = "") -> Exported:
    """A table for Moodle's gradebook (Import, CSV file), or the grading worksheet of an assignment filled in.

    `column` is the name of the grade's column; a worksheet has "Grade" unless Moodle spoke another language to who
    exported it. Raises ValueError.
    """
    if template is None:
        return _new(found, column)
    table = cells.read(template)
    heads = [head.strip() for head in table.rows[0]] if table.rows else []
    try:
        place = heads.index(one_of("column of the worksheet", column or "Grade", heads))
    except ValueError as error:
        raise ValueError(f"{error}. Name the one that holds the grades: --column NAME") from error
    lower = [head.casefold() for head in heads]
    most = lower.index("maximum grade") if "maximum grade" in lower else -1
    changeable = lower.index("grade can be changed") if "grade can be changed" in lower else -1
    maxima = Counter(row[most].strip() for row in table.rows[1:] if 0 <= most < len(row))
    possible = maxima.most_common(1)[0][0] if maxima else ""
    _refuse_beyond(found, possible)
    who = _students(found.roster, heads, place)
    made = filled(found, table, place, who, lambda row: changeable >= 0 and row[changeable].casefold() == LOCKED)
    return Exported(made.data, (*possible_note("Moodle", possible, found), *made.notes))


def _new(found: Scores, column: str) -> Exported:
    """A table with the columns by which Moodle may find students, of those that the roster has."""
    ids = {student.id: _ids(student) for student in found.roster}
    known = [head for head in _IDS if any(of[head] for of in ids.values())]
    rows = [["name", "id", *known, column or f"{found.assigned.course} {found.assigned.name}"]]
    for student in found.roster:
        if found.shown(student):
            told = (student.name, student.id, *(ids[student.id][head] for head in known))
            rows.append([*map(cells.safe, told), found.shown(student)])
    return Exported(cells.write(rows), tuple(notes_of(found, "Moodle")))


def _ids(student: Student) -> dict[str, str]:
    """By column, what Moodle may know a student by."""
    row = {head.casefold(): cell for head, cell in student.row.items()}
    return {head: row.get(head.casefold(), "") for head in _IDS} | {"Email address": student.email}


def _refuse_beyond(found: Scores, possible: str) -> None:
    """Moodle passes over a grade above its maximum without a word, so that must not be left to it."""
    try:
        most = cells.number(possible)
    except ValueError:
        return
    beyond = [
        student for student, total in found.totals.items() if total is not None and float(shown_points(total)) > most
    ]
    if beyond:
        raise ValueError(
            f"{some(beyond)} have more points than Moodle's maximum of {possible}, and Moodle would leave them out: "
            f"set its maximum grade to {found.possible} or more and export the worksheet again"
        )


def _students(roster: Roster, heads: list[str], place: int) -> Callable[[list[str]], set[str]]:
    """Who a row of a worksheet can be: by e-mail address in any column, by id in one that is called after ids or users.

    The headings are in the language of who exported the worksheet; its first column is Moodle's own Identifier.
    """
    by_id = {student.id.casefold(): student.id for student in roster}
    by_email = {student.email.casefold(): student.id for student in roster if student.email}
    named = [n for n, head in enumerate(heads) if 0 < n < place and re.search(r"\bid\b|user|utilis", head.casefold())]

    def who(row: list[str]) -> set[str]:
        texts = [cell.strip().casefold() for cell in row[1:place]]
        hits = [by_email.get(text) for text in texts]
        hits += [by_id.get(text) for text in texts if "@" in text]
        hits += [by_id.get(row[n].strip().casefold()) for n in named if n < len(row)]
        return {hit for hit in hits if hit}

    return who
