"""The commands of who teaches a class: giving back what was graded."""

from pathlib import Path
from typing import Annotated

import typer

from mlsys_helpers.cli.common import app, failed

PANEL = "Teach a class"
AssignmentFolder = Annotated[
    Path, typer.Argument(metavar="ASSIGNMENT", help="The folder of the assignment, like cs249/06.", file_okay=False)
]


@app.command(rich_help_panel=PANEL)
def feedback(
    folder: AssignmentFolder,
    student: Annotated[str, typer.Argument(metavar="[STUDENT]", help="One student's id; else everybody's.")] = "",
    zipped: Annotated[
        Path | None, typer.Option("--zip", metavar="FILE", help="All pages in a zip too.", dir_okay=False)
    ] = None,
) -> None:
    """Write a page for each student: every task, what was wrong with it, and hints. No page tells a right answer.

    The pages are written to the folder feedback of the assignment, named by id. Each is one file without scripts.

    With --zip they are also put into a zip, each named after what the student handed in, so that Moodle ("Upload
    multiple feedback files in a zip") and Canvas ("Upload Submissions") give each student their own.

    Examples:

        companion feedback cs249/06

        companion feedback cs249/06 ada

        companion feedback cs249/06 --zip feedback.zip
    """
    from mlsys_helpers.grading import course
    from mlsys_helpers.grading.giving_back import feedback as pages
    from mlsys_helpers.grading.gradebook import Gradebook

    try:
        assigned = course.assignment(folder)
        own = course.course_of(assigned)
        students = [own.roster().student(student)] if student else list(own.roster())
        with Gradebook(own.gradebook) as book:
            given = pages.give(book, assigned, students, zipped)
    except (ValueError, OSError) as error:
        raise failed(str(error)) from error
    typer.echo(f"wrote {given.pages} page{'s' * (given.pages != 1)} to {given.folder}")
    if zipped:
        typer.echo(f"wrote {zipped}")
    if given.ungraded:
        typer.echo(f"{given.ungraded} not wholly graded yet: companion grade {folder}", err=True)
    if given.waiting:
        typer.echo(f"{given.waiting} with an answer that waits for a mark: companion mark {folder}", err=True)


@app.command(rich_help_panel=PANEL)
def report(
    folder: AssignmentFolder,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it; else report.html in the folder.")
    ] = None,
) -> None:
    """Write a page about the class: totals, each task's difficulty and commonest mistake, questions that mislead, who
    needs help, what waits for a mark.

    It holds names and scores: keep it among those who teach.

    Examples:

        companion report cs249/06
    """
    from mlsys_helpers.grading import course
    from mlsys_helpers.grading.giving_back import report as class_report
    from mlsys_helpers.grading.gradebook import Gradebook
    from mlsys_helpers.kit import files

    path = out or folder / "report.html"
    try:
        assigned = course.assignment(folder)
        own = course.course_of(assigned)
        with Gradebook(own.gradebook) as book:
            found = class_report.report(book, assigned, list(own.roster()), list(own.assignments()))
        files.put(path, found.html())
    except (ValueError, OSError) as error:
        raise failed(str(error)) from error
    for fact in found.glance:
        typer.echo(f"{fact.name}: {fact.value}{f' ({fact.note})' if fact.note else ''}")
    typer.echo(f"wrote {path}")


@app.command(rich_help_panel=PANEL)
def export(
    folder: AssignmentFolder,
    canvas: Annotated[
        Path | None, typer.Option("--canvas", metavar="FILE", help="For Canvas: Grades, Import.", dir_okay=False)
    ] = None,
    moodle: Annotated[
        Path | None, typer.Option("--moodle", metavar="FILE", help="For Moodle: Grades, Import.", dir_okay=False)
    ] = None,
    everything: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="All scores, for a spreadsheet.", dir_okay=False)
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="FILE", help="What Canvas or Moodle exported, to fill in.", dir_okay=False),
    ] = None,
    column: Annotated[str, typer.Option("--column", metavar="NAME", help="What the assignment is called there.")] = "",
    missing: Annotated[
        str, typer.Option("--missing", metavar="HOW", help="Who handed in nothing gets: empty or zero.")
    ] = "empty",
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Export although something is not graded or marked yet.")
    ] = False,
) -> None:
    """Write the grades of an assignment for Canvas, for Moodle, or for a spreadsheet.

    With --template, the gradebook of Canvas or the grading worksheet of Moodle
    is filled in and otherwise kept: nothing else can change there.
    Without it, students are found by the ids in your roster.

    Who handed in nothing keeps what the other system has; --missing zero gives 0.

    Examples:

        companion export cs249/06 --csv 06.csv

        companion export cs249/06 --canvas import.csv --template exported.csv --column "Homework 6"

        companion export cs249/06 --moodle import.csv --template worksheet.csv

        companion export cs249/06 --moodle import.csv --missing zero
    """
    from mlsys_helpers.grading import course
    from mlsys_helpers.grading.exporting import exports
    from mlsys_helpers.grading.gradebook import Gradebook

    wanted = {exports.CANVAS: canvas, exports.MOODLE: moodle, exports.CSV: everything}
    try:
        assigned = course.assignment(folder)
        own = course.course_of(assigned)
        with Gradebook(own.gradebook) as book:
            written = exports.write(book, assigned, own.roster(), wanted, template, column, missing, unfinished)
    except (ValueError, OSError) as error:
        raise failed(str(error)) from error
    for path, notes in written.items():
        typer.echo(f"wrote {path}")
        for note in notes:
            typer.echo(f"  {note}", err=True)
