"""The notebook that is given out for an assignment: the exercise with the chosen tasks and two cells of the course.

The first says what is asked, the second, `assigned(...)`, whose notebook it is. The common notebook names no student:
whoever writes the own id there gets the same numbers as in the notebook with that name. All other cells keep the ids
that they have in the exercise, by which a submission is rebuilt.
"""

import re
import symtable
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode, v4

from mlsys_helpers import chapter
from mlsys_helpers.exercise import whose
from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.grading.course import Assignment, Part
from mlsys_helpers.grading.words import many, shown_points, written
from mlsys_helpers.publish import nbgrader
from mlsys_helpers.publish.marks import CHECK
from mlsys_helpers.workspace import folder
from mlsys_helpers.workspace.merge import foreign

ABOUT_ID, ASSIGNED_ID = "assignment", "assigned"
_FORMAT = 1
_HEADING = re.compile(r"^(## .*\()\d+ points?,", re.MULTILINE)
_OWN_NUMBERS = "The numbers below are yours alone."
_INTRODUCED = re.compile(r"^\w+ tasks?, \d+ points?, about \d+ minutes?\.", re.MULTILINE)


# --- the exercise ---------------------------------------------------------------------------------------------------


def exercise(section: str, names: Iterable[str]) -> NotebookNode:
    """The exercise notebook of a section with the tasks `names` only, and without outputs.

    Raises ValueError for a task that stands on one which is left out, and where somebody wrote in the material.
    """
    stem, names = chapter.section(section).stem, set(names)
    found = _material("exercises", stem)
    if foreign(found.cells):
        raise ValueError(f"somebody wrote in exercises/{stem}.ipynb: put it back (git restore), then release again")
    left_out = {task.name for task in tasks(section)} - names
    _refuse_gaps(found, left_out)
    if (folder.material() / "solutions" / f"{stem}.ipynb").exists():
        _refuse_gaps(_material("solutions", stem), left_out)
    kept = [cell for block in _blocks(found) if _stays(block, left_out) for cell in block]
    return NotebookNode(found, cells=[_blank(cell) for cell in kept])


def _material(kind: str, stem: str) -> NotebookNode:
    path = folder.material() / kind / f"{stem}.ipynb"
    try:
        return v4.reads(path.read_text(encoding="utf8"))
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}): section {stem} has no exercise here") from error


def _blocks(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """Its cells by their headings of the second level; what stands before the first one is a block too."""
    blocks: list[list[NotebookNode]] = [[]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            blocks.append([])
        blocks[-1].append(cell)
    return blocks


def _checked(block: list[NotebookNode]) -> set[str]:
    return {name for cell in block if cell.cell_type == "code" for name in CHECK.findall(cell.source)}


def _stays(block: list[NotebookNode], left_out: set[str]) -> bool:
    """A block of a chosen task; where all are chosen also the closing words, which speak of all."""
    closing = not _checked(block) and block[0].source.startswith("## ")
    return not (left_out if closing else left_out & _checked(block))


def _blank(cell: NotebookNode) -> NotebookNode:
    metadata = {name: value for name, value in cell.metadata.items() if name != nbgrader.KEY}
    if cell.cell_type != "code":
        return NotebookNode(cell, metadata=metadata)
    return NotebookNode(cell, metadata=metadata, outputs=[], execution_count=None)


def _refuse_gaps(notebook: NotebookNode, left_out: set[str]) -> None:
    """Raise ValueError where a cell that stays uses a name that only cells of left-out tasks set."""
    away = {name: task for block in _blocks(notebook) for task in left_out & _checked(block) for name in _sets(block)}
    stay = [block for block in _blocks(notebook) if _checked(block) - left_out or not _checked(block)]
    here = {name for block in stay for name in _sets(block)}
    for block in stay:
        if missing := sorted(_uses(block) & (set(away) - here)):
            asks = ", ".join(sorted(_checked(block))) or "the introduction"
            task = away[missing[0]]
            raise ValueError(
                f"{asks} uses {missing[0]}, which {task} asks for: choose both (--tasks {task}) or neither"
            )


def _sets(block: list[NotebookNode]) -> set[str]:
    """The names that the code of a block sets for the cells after it."""
    tables = list(_tables(block))
    return {s.get_name() for t in tables for s in t.get_symbols() if s.is_assigned() or s.is_imported()}


def _uses(block: list[NotebookNode]) -> set[str]:
    """The names that the code of a block takes from cells, inside functions too."""
    found: set[str] = set()
    waiting: list[symtable.SymbolTable] = list(_tables(block))
    while waiting:
        table = waiting.pop()
        module = table.get_type() == "module"
        found |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (module or s.is_global())}
        waiting += table.get_children()
    return found


def _tables(block: list[NotebookNode]) -> Iterator[symtable.SymbolTable]:
    return (symtable.symtable(cell.source, "cell", "exec") for cell in block if cell.cell_type == "code")


# --- and the course's cells ------------------------------------------------------------------------------------------


def notebook(assigned: Assignment, part: Part, source: NotebookNode, student: str = "") -> bytes:
    """The notebook of a part of the assignment for a student, or the common one, from the `exercise` of its tasks."""
    about = v4.new_markdown_cell(_about(assigned, part), id=ABOUT_ID)
    signed = v4.new_code_cell(_signed(assigned, student), id=ASSIGNED_ID)
    said = {
        "format": _FORMAT,
        "course": assigned.course,
        "assignment": assigned.name,
        "student": student,
        "variants": assigned.variants,
        "section": part.section,
        "sections": [each.section for each in assigned.parts],
        "tasks": part.tasks,
        "quiz": part.quiz,
    }
    metadata = NotebookNode(source.metadata, **{whose.RELEASED: said})
    cells = [about, signed, *(_repriced(cell, part, assigned.variants) for cell in source.cells)]
    whole = NotebookNode(source, cells=cells, metadata=metadata)
    return as_bytes(whole)


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as the file that it is stored in."""
    return (v4.writes(notebook).rstrip("\n") + "\n").encode()


def _signed(assigned: Assignment, student: str) -> str:
    told = [f'"{assigned.course}"', f'"{assigned.name}"', f'student="{student}"']
    told += [f'due="{written(assigned.due)}"'] if assigned.due else []
    told += [f'variants="{assigned.variants}"'] if assigned.variants != whose.STUDENT else []
    return f"from mlsys_helpers.exercise import assigned\n\nassigned({', '.join(told)})"


def _about(assigned: Assignment, part: Part) -> str:
    """What is asked, what it is worth, and how it is handed in."""
    section = chapter.section(part.section)
    rows = [(task.title, part.tasks[task.name]) for task in tasks(part.section) if task.name in part.tasks]
    rows += [(f"The quiz in notebook {section.number}", part.quiz)] if part.quiz else []
    table = "\n".join(f"| {title.replace('|', '/')} | {shown_points(points)} |" for title, points in rows)
    due = f"due {written(assigned.due)}" if assigned.due else "no due date"
    paragraphs = [
        f"**{assigned.course}, assignment {assigned.name}**: {due}. {_late(assigned)}".rstrip(),
        f"| To do | Points |\n|---|---:|\n{table}",
        "Run the cell below first, each time you open this notebook. " + _own_numbers(assigned),
        f"To hand in: save, then type `companion submit {section.number}` in a terminal (File, New, Terminal). It "
        "tells how the class's grader sees your tasks, and writes one file to upload.",
    ]
    if any(part.tasks[task.name] != task.points for task in tasks(part.section) if task.name in part.tasks):
        paragraphs.append(
            "A check tells the points that its task has in the exercise; for the course these here count."
        )
    if part.quiz:
        paragraphs.append(
            "The quiz goes along in that file. Your last answer to each question counts; a question whose answer you "
            "ask for before you have it right earns nothing."
        )
    return "\n\n".join(paragraphs)


def _own_numbers(assigned: Assignment) -> str:
    if assigned.variants == whose.CLASS:
        return 'Write your id between the quotes of `student=""` before you hand in.'
    return 'It must name you, by the id that the course knows you by: `student="..."`. Your numbers depend on it.'


def _late(assigned: Assignment) -> str:
    late = assigned.late
    if not assigned.due or not late.per_day:
        return ""
    grace = f"{late.grace_minutes:g} minutes late cost nothing; then" if late.grace_minutes else "Late,"
    end = f", and after {late.days} days nothing counts" if late.days else ""
    return f"{grace} each day begun costs {100 * late.per_day:g} % of the points{end}."


def _repriced(cell: NotebookNode, part: Part, variants: str) -> NotebookNode:
    """A text cell with the counts, points and numbers of this assignment where it tells those of the exercise."""
    if cell.cell_type != "markdown":
        return cell
    asked = [task for task in tasks(part.section) if task.name in part.tasks]
    total, minutes = sum(part.tasks.values()), sum(task.minutes for task in asked)
    counted = f"{many(len(asked), 'task')}, {many(total, 'point')}, about {many(minutes, 'minute')}."
    all_own = len(asked) == len(tasks(part.section)) and total == sum(task.points for task in asked)
    source = cell.source if all_own else _INTRODUCED.sub(counted, cell.source, count=1)
    titled = next((task for task in asked if re.match(rf"## \d+\. {re.escape(task.title)} \(", source)), None)
    if variants == whose.CLASS:
        source = source.replace(_OWN_NUMBERS, "The numbers below are the same for everyone.")
    name = f"{chapter.section(part.section).stem}.ipynb"
    source = source.replace(f"companion check exercises/{name}", f"companion check {name}")  # it lies elsewhere now
    if titled:
        source = _HEADING.sub(rf"\g<1>{many(part.tasks[titled.name], 'point')},", source, count=1)
    return NotebookNode(cell, source=source)
