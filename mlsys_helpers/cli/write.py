"""The commands of who writes the companion."""

import functools
from pathlib import Path
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

    try:
        root = publish.repository()
        wanted = publish.targets(root, names or ())
        stale = {target: publish.stale(target) for target in wanted}
        if check:
            raise typer.Exit(_report_stale(stale, [] if names else publish.strays(root)))
        _build_all([target for target in wanted if stale[target] or force or remeasure], remeasure)
    except ModuleNotFoundError as error:
        raise failed(f"{error.name} is not installed: run python3 start.py test once, or install it") from error
    except (OSError, ValueError) as error:
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


@app.command(rich_help_panel=PANEL)
def site(
    out: Annotated[str, typer.Option(metavar="DIR", help="Where it goes; build/site/html without it.")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="Explorers show one state: nothing is drawn.")] = False,
) -> None:
    """Make the static site from the built notebooks: pages with quizzes and explorers that need no kernel.

    The first time takes minutes, because every position of every explorer is drawn; the next time, seconds. For
    people who write the companion; needs the development packages (python3 start.py test installs them).

    Examples:

        companion site

        companion site --out public
    """
    from rich.progress import Progress

    from mlsys_helpers.publish.build import repository
    from mlsys_helpers.publish.site import build as publish

    try:
        with Progress(transient=True) as bar:
            task = bar.add_task("site", total=len(publish.packages()) + 1)
            made = publish.build(
                repository(),
                Path(out) if out else None,
                moving=lambda stem: not quick,
                tell=lambda page: bar.update(task, description=page, advance=1),
            )
    except ModuleNotFoundError as error:
        raise failed(f"{error.name} is not installed: run python3 start.py test once, or install it") from error
    except (publish.SiteError, ValueError, OSError) as error:
        raise failed(str(error)) from error
    typer.echo(f"made {made.index}: open it in a browser, or put its folder on any web server")


Repository = Annotated[
    str, typer.Option("--repository", metavar="ADDRESS", help="https://github.com/OWNER/NAME, if pyproject has none.")
]


@app.command(rich_help_panel=PANEL)
def badges(
    repository: Repository = "",
    pages: Annotated[str, typer.Option("--pages", metavar="ADDRESS", help="Where the site is served, if it is.")] = "",
) -> None:
    """Print the links that open the companion on Binder, Codespaces, Colab, in VS Code and in JupyterLite, for README.

    They are made from the repository's address, which stands once in pyproject.toml, or is given here.

    Example:

        companion badges --repository https://github.com/OWNER/NAME
    """
    from mlsys_helpers.publish import elsewhere
    from mlsys_helpers.publish.build import repository as clone

    try:
        found = elsewhere.ways(elsewhere.repository(clone(), repository), pages)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    for way in found:
        typer.echo(way.markdown)


@app.command(rich_help_panel=PANEL)
def colab(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.")],
    repository: Repository = "",
) -> None:
    """Copy the notebooks and exercises for Colab: without outputs, a set-up cell first, links that lead on there.

    Put them on the branch `colab` of the repository: the badge opens them there.

    Example:

        companion colab ../colab --repository https://github.com/OWNER/NAME
    """
    from mlsys_helpers.publish import elsewhere
    from mlsys_helpers.publish.build import repository as clone
    from mlsys_helpers.publish.build import write

    try:
        made = dict(elsewhere.colab(clone(), elsewhere.repository(clone(), repository)))
        for label, notebook in made.items():
            write(out / label, notebook)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    typer.echo(f"wrote {len(made)} notebooks to {out}: commit them to the branch {elsewhere.COLAB_BRANCH}")


@app.command(rich_help_panel=PANEL)
def lite(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it; what is there is replaced.")],
    pyodide: Annotated[
        str, typer.Option("--pyodide", metavar="ADDRESS", help="Your own copy of Pyodide, from DIR: ./static/pyodide")
    ] = "",
) -> None:
    """Make a JupyterLite: the notebooks on any web server, run in the reader's own page, without a kernel elsewhere.

    Needs JupyterLite, best in an environment of its own: pip install ".[lite]" in the companion's folder. A reader's
    page fetches Python and its packages from the network. What is written there lives in that browser alone.

    Example:

        companion lite build/site/html/lite
    """
    from mlsys_helpers.publish import elsewhere
    from mlsys_helpers.publish.build import repository as clone

    try:
        page = elsewhere.lite(clone(), out, pyodide)
    except ModuleNotFoundError as error:
        raise failed(f'{error.name} is not installed: pip install ".[lite]" in an environment of its own') from error
    except (OSError, ValueError, RuntimeError) as error:
        raise failed(str(error)) from error
    typer.echo(f"made {page}: serve {out} with any web server (.mjs as text/javascript, .wasm as application/wasm)")


@app.command(rich_help_panel=PANEL)
def new_section(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Its name in code: lower-case words joined by _.")],
    number: Annotated[str, typer.Option(metavar="NN", help="Its place in the chapter, two digits.")] = "",
    title: Annotated[str, typer.Option(help="Its title.")] = "",
    question: Annotated[str, typer.Option(help="The one question that it answers.")] = "",
) -> None:
    """Write the skeleton of a section: folder, sources, tests and manifest entry, ready to build.

    A section that mlsys_helpers/chapter.toml lists already needs only its name. The skeleton passes every test with
    a small example; each part to be written says "Replace:".

    Examples:

        companion new-section efficiency

        companion new-section edge_cases --number 15 --title "Edge cases" --question "What breaks first?"
    """
    from mlsys_helpers.publish import skeleton
    from mlsys_helpers.publish.build import repository

    try:
        root = repository()
        written = skeleton.write(root, slug, number, title, question)
    except (ValueError, OSError) as error:
        raise failed(str(error)) from error
    for path in written:
        typer.echo(f"wrote {path.relative_to(root).as_posix()}")
    typer.echo(f"Next: companion build {slug}; companion build start_here --force, since its map has one more link.")
    typer.echo(f'What is left to write: git grep --untracked -n "Replace:" -- "*{slug}*" mlsys_helpers/chapter.toml')
