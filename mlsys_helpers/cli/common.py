"""What the commands share: the application itself, how a section is named, how a failure is told."""

from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="An interactive companion to the first chapter of the Machine Learning Systems textbook.\n\n"
    "New here? [bold]companion lab[/bold] opens the notebooks in your browser. "
    "[bold]companion COMMAND --help[/bold] explains a command with examples.",
)

SectionName = Annotated[str, typer.Argument(metavar="SECTION", help="Its name or number: iron_law, 06 or 1.6.")]


def found_section(name: str):
    """The section called `name`; a name that is none ends the command with the nearest one."""
    from mlsys_helpers import chapter

    try:
        return chapter.section(name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def failed(message: str) -> typer.Exit:
    """Tell what went wrong; the exception to raise."""
    typer.echo(message, err=True)
    return typer.Exit(1)
