"""The commands of who writes the companion."""

import functools
from typing import Annotated

import typer

from mlsys_helpers.cli.common import app, failed

PANEL = "Write the companion"


@app.command(rich_help_panel=PANEL)
def build(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAMES]", help="Only these: 06_iron_law, 06.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only name what is stale; exit status 1 if any is.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Build also what is not stale.")] = False,
    remeasure: Annotated[
        bool, typer.Option("--remeasure", help="Build also what is not stale, and take measured times anew.")
    ] = False,
) -> None:
    """Make the notebooks from their sources, run them, and store their outputs.

    For people who write the companion; needs the development packages (python3 start.py test installs them).

    Examples:

        companion build

        companion build iron_law --remeasure

        companion build --check
    """
    from mlsys_helpers.publish import build as publish

    root = publish.repository()
    try:
        wanted = publish.targets(root, names or ())
        stale = {target: publish.stale(target) for target in wanted}
        if check:
            raise typer.Exit(_report_stale(stale, [] if names else publish.strays(root)))
        _build_all([target for target in wanted if stale[target] or force or remeasure], remeasure)
    except ModuleNotFoundError as error:
        raise failed(f"{error.name} is not installed: run python3 start.py test once, or install it") from error
    except ValueError as error:
        raise failed(str(error)) from error


def _report_stale(stale: dict, strays) -> bool:
    for target, reason in stale.items():
        if reason:
            typer.echo(f"{target.label}: {reason}; run: companion build {target.path.stem}", err=True)
    for path in strays:
        typer.echo(f"{path.parent.name}/{path.name}: no source makes it; write one or delete it", err=True)
    return any(stale.values()) or bool(strays)


def _build_all(wanted: list, remeasure: bool) -> None:
    from rich.progress import Progress

    from mlsys_helpers.publish import build as publish
    from mlsys_helpers.publish.execute import RunError

    for target in wanted:
        with Progress(transient=True) as bar:
            tell = functools.partial(_move, bar, bar.add_task(target.label))
            try:
                publish.build(target, remeasure, tell)
            except RunError as error:
                raise failed(f"{target.label}: {error}") from error
        typer.echo(f"built {target.label}")
    if not wanted:
        typer.echo("every notebook is what its source gives; nothing to build")


def _move(bar, task, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)
