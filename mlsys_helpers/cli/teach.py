"""The commands of who teaches a class: what students get back, grades and quizzes for elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from mlsys_helpers.cli.common import TEACH, AssignmentFolder, SectionName, app, failed, found_section, opened


@app.command(rich_help_panel=TEACH)
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
    from mlsys_helpers.grading.giving_back import feedback as pages
    from mlsys_helpers.grading.words import many

    with opened(folder) as (assigned, own, book):
        students = [own.roster().student(student)] if student else list(own.roster())
        given = pages.give(book, assigned, students, zipped)
    typer.echo(f"wrote {many(given.pages, 'page')} to {given.folder}")
    if zipped:
        typer.echo(f"wrote {zipped}")
    if given.ungraded:
        typer.echo(f"{given.ungraded} not wholly graded yet: companion grade {folder}", err=True)
    if given.waiting:
        typer.echo(f"{given.waiting} with an answer that waits for a mark: companion mark {folder}", err=True)


@app.command(rich_help_panel=TEACH)
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
    from mlsys_helpers.grading.giving_back import report as class_report
    from mlsys_helpers.kit import files

    path = out or folder / "report.html"
    with opened(folder) as (assigned, own, book):
        found = class_report.report(book, assigned, list(own.roster()), list(own.assignments()))
        files.put(path, found.html())
    for fact in found.glance:
        typer.echo(f"{fact.name}: {fact.value}{f' ({fact.note})' if fact.note else ''}")
    typer.echo(f"wrote {path}")


@app.command(rich_help_panel=TEACH)
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
    from mlsys_helpers.grading.exporting import export as exporting

    wanted = {exporting.CANVAS: canvas, exporting.MOODLE: moodle, exporting.CSV: everything}
    with opened(folder) as (assigned, own, book):
        written = exporting.write(book, assigned, own.roster(), wanted, template, column, missing, unfinished)
    for path, notes in written.items():
        typer.echo(f"wrote {path}")
        for note in notes:
            typer.echo(f"  {note}", err=True)


@app.command("quiz-export", rich_help_panel=TEACH)
def quiz_export(
    section: SectionName,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="moodle, qti, jupyterquiz, sheet or answers.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.", dir_okay=False)],
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Which numbers numeric questions get.", min=0)] = 0,
    variants: Annotated[
        int, typer.Option("--variants", metavar="N", help="How many variants of each numeric question.", min=1)
    ] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Exit status 1 if anything cannot be carried.")] = False,
) -> None:
    """Write a section's quiz for a learning-management system, for notebooks, or on paper.

    [bold]moodle[/bold]: Moodle XML, for Question bank, Import. Ordering needs Moodle 4.4, or its plug-in before.
    [bold]qti[/bold]: a zip for Canvas, for Settings, Import Course Content. Needs the package text2qti.
    [bold]jupyterquiz[/bold]: JSON for display_quiz of the package jupyterquiz. It shows every answer to who looks.
    [bold]sheet[/bold], [bold]answers[/bold]: HTML to print on A4, without and with the answers. Use one seed for both.

    With --variants, Moodle gets a category and Canvas a group for each numeric question, to pick one from.
    On paper, each variant is a sheet: A, B and on.
    What a format cannot carry is named.

    Examples:

        companion quiz-export iron_law --to moodle --out iron_law.xml --variants 20

        companion quiz-export iron_law --to qti --out iron_law.zip

        companion quiz-export iron_law --to sheet --out sheet.html --seed 7
    """
    found = found_section(section)
    if not found.open:
        raise typer.BadParameter(f"section {found.slug} is not open yet, so it has no quiz")
    from mlsys_helpers.quiz import bank
    from mlsys_helpers.quiz.export.formats import export

    try:
        made = export(bank.section_bank(found.slug), f"{found.heading} {found.title}", to, seed, variants)
        out.write_bytes(made.data)
    except (ValueError, OSError, ImportError) as error:
        raise failed(str(error)) from error
    for loss in made.losses:
        typer.echo(str(loss), err=True)
    typer.echo(f"wrote {out} with {made.questions} questions")
    raise typer.Exit(strict and bool(made.losses))


@app.command("hub-links", rich_help_panel=TEACH)
def hub_links(
    hub: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where your JupyterHub is.")],
    repository: Annotated[
        str, typer.Option("--repo", metavar="ADDRESS", help="A git repository to bring into their home first.")
    ] = "",
    branch: Annotated[str, typer.Option("--branch", metavar="NAME", help="Its branch.")] = "main",
) -> None:
    """List the links that open each section on your JupyterHub, for a syllabus or a course page.

    They open the working copy that hub/README.md sets up for each student. With --repo they are nbgitpuller links.

    Examples:

        companion hub-links https://hub.example.edu

        companion hub-links https://hub.example.edu --repo https://git.example.edu/you/cs249
    """
    from mlsys_helpers.publish.links import links

    try:
        found = links(hub, repository, branch)
    except ValueError as error:
        raise failed(str(error)) from error
    for link in found:
        typer.echo(f"{link.number} {link.title}, {link.folder}\n    {link.address}")
