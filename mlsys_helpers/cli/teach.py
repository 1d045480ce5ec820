"""The commands of who teaches a class."""

from pathlib import Path
from typing import Annotated

import typer

from mlsys_helpers.cli.common import SectionName, app, failed, found_section

PANEL = "Teach a class"


@app.command("quiz-export", rich_help_panel=PANEL)
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


@app.command("hub-links", rich_help_panel=PANEL)
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
