"""The commands that grade a class."""

from pathlib import Path
from typing import Annotated

import typer

from mlsys_helpers.cli.common import TEACH, AssignmentFolder, app, failed, opened

INTERRUPTED = 130


@app.command(rich_help_panel=TEACH)
def grade(
    folder: AssignmentFolder,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", help="Submissions at a time; 0: one a core.", min=0)
    ] = 0,
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask cluster that runs the submissions.")
    ] = "",
    again: Annotated[
        str, typer.Option("--again", metavar="TASK", help="Grade this task again for everybody, and nothing else.")
    ] = "",
    everybody: Annotated[bool, typer.Option("--all", help="At the end show every student.")] = False,
) -> None:
    """Grade what was collected and is not graded yet, each submission in a sandbox that knows no answer.

    It may be stopped at any moment: the same command goes on from there.
    Once more does nothing, but after a task or its points were changed it grades what that concerns.
    Exit status 1: a submission could not be graded, and stays open.

    Examples:

        companion grade cs249/06

        companion grade cs249/06 --all

        companion grade cs249/06 --again iron_law.binding_term

        companion grade cs249/06 --scheduler tcp://10.0.0.1:8786
    """
    from rich.console import Console

    from mlsys_helpers.grading.marking.mark import item_named
    from mlsys_helpers.grading.running import run, terminal

    console = Console(highlight=False)
    try:
        with opened(folder) as (assigned, own, book):
            students = [student.id for student in own.roster()]
            again = item_named(assigned, again).id if again else ""
            before = book.standings(assigned, students)
            troubled = terminal.graded(console, book, assigned, _desks(scheduler, workers), again)
            if again:
                terminal.changes(console, again, before, book.standings(assigned, students))
            else:
                terminal.summary(console, book, assigned, everybody)
                terminal.regraded(console, assigned, before, book.standings(assigned, students))
    except terminal.Stopped as stopped:
        typer.echo(str(stopped), err=True)
        raise typer.Exit(INTERRUPTED) from stopped
    except (ImportError, run.Lost, run.NotStarted) as error:
        raise failed(str(error)) from error
    if troubled:
        terminal.troubles(console, troubled)
        raise typer.Exit(1)


def _desks(scheduler: str, workers: int):
    """Where the submissions of a section are run."""
    from functools import partial

    from mlsys_helpers.grading.running import workers as local

    if not scheduler:
        return partial(local.Local, workers=workers or local.CORES)
    from mlsys_helpers.grading.running.cluster import Cluster

    return partial(Cluster, scheduler)


@app.command(rich_help_panel=TEACH)
def mark(
    folder: AssignmentFolder,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STUDENT] [ITEM] [POINTS]", help="Whose score, which one, and what it is to be."),
    ] = None,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; the student reads it.")] = "",
    everyone: Annotated[
        bool, typer.Option("--everyone", help="All who handed it in; say ITEM and POINTS (or full).")
    ] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take a mark back: the grader's score counts.")] = False,
    due: Annotated[
        str, typer.Option("--due", metavar="TIME", help="Another due date for the student; none takes it back.")
    ] = "",
    history: Annotated[bool, typer.Option("--history", help="Every score ever set, and who or what set it.")] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Write what waits as a spreadsheet.", dir_okay=False)
    ] = None,
    all_items: Annotated[bool, typer.Option("--all", help="With --sheet: every score, not only what waits.")] = False,
    read: Annotated[
        Path | None, typer.Option("--read", metavar="FILE", help="Set the marks of a filled-in sheet.", dir_okay=False)
    ] = None,
    extra: Annotated[bool, typer.Option("--extra", help="Points beyond the possible are meant: extra credit.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Show names while marking.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who marks; else this computer's user.")] = "",
) -> None:
    """Mark short answers one by one, without names; or in a spreadsheet; or set one score, or one due date.

    Each mark is kept at once, with who set it and when. Nothing is overwritten.
    A person's newest mark counts, and lateness is taken off afterwards.
    A sheet is read whole or not at all; points may have a decimal comma.

    Examples:

        companion mark cs249/06

        companion mark cs249/06 --sheet marks.csv

        companion mark cs249/06 --read marks.csv

        companion mark cs249/06 ada iron_law.binding_term 2 --because "another valid reading"

        companion mark cs249/06 iron_law.binding_term full --everyone --because "the question was unclear"

        companion mark cs249/06 ada iron_law.binding_term --withdraw

        companion mark cs249/06 ada --due "2026-12-08 23:59" --because "was ill"

        companion mark cs249/06 ada --history
    """
    from mlsys_helpers.grading.marking import command

    asked = command.Asked(
        tuple(words or ()), because, everyone, withdraw, due, history, sheet, all_items, read, extra, names, by
    )
    with opened(folder) as (assigned, own, book):
        told = command.done(asked, assigned, own.roster(), book)
    for line in told:
        typer.echo(line)
