"""What the commands share: the application itself, how a section is named, how a failure is told."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mlsys_helpers.grading.course import Assignment, Course
    from mlsys_helpers.grading.gradebook import Gradebook

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="An interactive companion to the first chapter of the Machine Learning Systems textbook.\n\n"
    "New here? [bold]companion lab[/bold] opens the notebooks in your browser. "
    "[bold]companion COMMAND --help[/bold] explains a command with examples.",
)

_ERROR_NUMBER = re.compile(r"\[Errno \d+\] ")  # tells a reader nothing that the words beside it do not
_ERROR_NUMBER = re.compile(r"\[Errno \d+\] ")  # tells a reader nothing that the words beside it do not
TEACH = "Teach a class"  # the panel of --help

SectionName = Annotated[str, typer.Argument(metavar="SECTION", help="Its name or number: iron_law, 06 or 1.6.")]
AssignmentFolder = Annotated[
    Path, typer.Argument(metavar="ASSIGNMENT", help="The assignment's folder, like cs249/06.", file_okay=False)
]


def found_section(name: str):
    """The section called `name`; a name that is none ends the command with the nearest one."""
    from mlsys_helpers import chapter

    try:
        return chapter.section(name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def failed(message: str) -> typer.Exit:
    """Tell what went wrong; the exception to raise."""
    typer.echo(_ERROR_NUMBER.sub("", message), err=True)
    return typer.Exit(1)


@contextmanager
def opened(folder: Path) -> Iterator[tuple["Assignment", "Course", "Gradebook"]]:
    """The assignment in `folder`, its course, and the gradebook. What is wrong with them, or is found wrong by what is
    done with them, ends the command."""
    from mlsys_helpers.grading import course
    from mlsys_helpers.grading.gradebook import Gradebook

    try:
        assigned = course.assignment(folder)
        own = course.course_of(assigned)
        with Gradebook(own.gradebook) as book:
            yield assigned, own, book
    except (ValueError, OSError) as error:
        raise failed(str(error)) from error
