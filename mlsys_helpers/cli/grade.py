"""The commands that grade a class."""

from pathlib import Path
from typing import Annotated

import typer

from mlsys_helpers.cli.common import app, failed

PANEL = "Teach a class"
INTERRUPTED = 130

AssignmentFolder = Annotated[Path, typer.Argument(metavar="ASSIGNMENT", help="The assignment's folder, like cs249/06.")]


@app.command(rich_help_panel=PANEL)
def grade(
    folder: AssignmentFolder,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Submissions at a time.", min=0)] = 0,
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask cluster that runs the submissions.")
    ] = "",
    again: Annotated[
        str, typer.Option("--again", metavar="TASK", help="Grade this task again for everybody, and nothing else.")
    ] = "",
    everybody: Annotated[bool, typer.Option("--all", help="At the end show every student.")] = False,
) -> None:
    """Grade what was collected and is not graded yet, each submission in a sandbox that knows no answer.

    It may be stopped at any moment: the same command goes on from there. Once more does nothing, but after a task or
    its points were changed it grades what that concerns. Exit status 1: a submission could not be graded.

    Examples:

        companion grade cs249/06

        companion grade cs249/06 --all

        companion grade cs249/06 --again iron_law.binding_term

        companion grade cs249/06 --scheduler tcp://10.0.0.1:8786
    """
    from rich.console import Console

    from mlsys_helpers.grading import course, run, run_terminal
    from mlsys_helpers.grading.gradebook import Gradebook

    console = Console(highlight=False)
    try:
        assigned = course.assignment(folder)
        found = course.course_of(assigned)
        students = [student.id for student in found.roster()]
        with Gradebook(found.gradebook) as book:
            before = book.standings(assigned, students) if again else {}
            troubled = run_terminal.graded(console, book, assigned, _desks(scheduler, workers), again)
            if again:
                run_terminal.changes(console, again, before, book.standings(assigned, students))
            else:
                run_terminal.summary(console, book, assigned, everybody)
    except run_terminal.Stopped as stopped:
        typer.echo(str(stopped), err=True)
        raise typer.Exit(INTERRUPTED) from stopped
    except (ValueError, OSError, ImportError, run.Lost, run.NotStarted) as error:
        raise failed(str(error)) from error
    if troubled:
        run_terminal.troubles(console, troubled)
        raise typer.Exit(1)


def _desks(scheduler: str, workers: int):
    """Where the submissions of a section are run."""
    from functools import partial

    from mlsys_helpers.grading import workers as local

    if not scheduler:
        return partial(local.Local, workers=workers or local.CORES)
    from mlsys_helpers.grading.cluster import Cluster

    return partial(Cluster, scheduler)
