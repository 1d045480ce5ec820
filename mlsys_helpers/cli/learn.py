"""The commands of who reads and practises."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlsys_helpers.cli.common import SectionName, app, failed, found_section

if TYPE_CHECKING:
    from mlsys_helpers.exercise.judge import Verdict
    from mlsys_helpers.grading.handing_in.submission import Found

PANEL = "Read and practise"


@app.command(rich_help_panel=PANEL, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open the notebooks in JupyterLab, at the start page: those of the working copy that you are in or name, or the
    companion's own.

    Other words after [bold]lab[/bold] go to JupyterLab as they are.

    Examples:

        companion lab

        companion lab ../mywork

        companion lab notebooks/06_iron_law.ipynb

        companion lab --no-browser --port=9999
    """
    from mlsys_helpers import chapter
    from mlsys_helpers.workspace import folder

    place = next((Path(word) for word in context.args if Path(word).exists()), Path())
    try:
        root = folder.root(place)
    except OSError as error:
        raise failed(str(error)) from error
    asked = [word for word in context.args if not (Path(word).is_dir() and folder.working_copy(Path(word)))]
    asked = [_notebook(word, root) for word in asked]
    start = root / "notebooks" / f"{chapter.pages()[0].stem}.ipynb"
    words = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *_as_root(), *asked]
    if start.exists() and not any(word.endswith(".ipynb") for word in asked):
        words.append(f"--LabApp.default_url=/lab/tree/notebooks/{start.name}")
    raise typer.Exit(_become(words, root))


def _notebook(word: str, root: Path) -> str:
    """A notebook by its whole path, whether it is named from here or from the root; any other word as it is."""
    found = (place.absolute() for place in (Path(word), root / word) if word.endswith(".ipynb") and place.exists())
    return str(next(found, word))


def _as_root() -> list[str]:
    """JupyterLab refuses to run as root unless told; in a container there is often no other user."""
    return ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []


def _become(words: list[str], place: Path) -> int:
    """Run `words` in place of this process, or wait for them where there is no such thing (Windows).

    They run in `place`, where JupyterLab's terminals then begin.
    """
    here = Path(sys.executable).parent
    environment = os.environ | {"PATH": os.pathsep.join([str(here), os.environ.get("PATH", "")])}
    if os.name == "posix":
        os.chdir(place)
        os.execve(words[0], words, environment)
    return subprocess.call(words, env=environment, cwd=place)


@app.command(rich_help_panel=PANEL)
def start(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or an empty one.")],
    with_solutions: Annotated[bool, typer.Option("--with-solutions", help="Lay out the solutions too.")] = False,
) -> None:
    """Make a working copy: notebooks and exercises in a folder of your own, where new material costs you no answer.

    Example:

        companion start ../mywork
    """
    from mlsys_helpers.workspace import folder

    try:
        source = folder.material()
        changes = folder.start(place, source, with_solutions)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    refused = _tell_changes(changes)
    typer.echo(f'To open it:                companion lab "{place}"')
    typer.echo(f'To bring in new material:  companion update "{place}"')
    if (source / "start.py").exists():
        typer.echo(f'Without `companion`:       python3 "{source / "start.py"}" in its place')
    raise typer.Exit(refused)


@app.command(rich_help_panel=PANEL)
def update(
    place: Annotated[Path, typer.Argument(metavar="[DIR]", help="The working copy, if you are not in it.")] = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    with_solutions: Annotated[bool, typer.Option("--with-solutions", help="Bring in the solutions too.")] = False,
) -> None:
    """Bring new material into a working copy, and keep every cell that you wrote. Save your notebooks first.

    A cell that you left alone follows the new material; one that you wrote stays. Where both changed, yours stays and
    the new version is shown in a note below it. A notebook that changes is first copied to .companion/backups.
    Exit status 1 if a notebook could not be updated.

    Examples:

        companion update

        companion update ../mywork --dry-run
    """
    from mlsys_helpers.workspace import folder

    copy = folder.working_copy(place)
    if copy is None:
        raise failed(f"{place.absolute()} is not in a working copy; name one, or make one: companion start DIR")
    try:
        changes = folder.update(copy, folder.material(), with_solutions, dry_run)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    refused = _tell_changes(changes)
    if dry_run:
        typer.echo("nothing was written (--dry-run)")
    raise typer.Exit(refused)


def _tell_changes(changes: list) -> bool:
    """A table of what became of each notebook; whether any was refused."""
    from mlsys_helpers.kit.table import table

    told = [change for change in changes if change.status != "same"]
    rows = [(c.label, c.status, c.kept or "", c.brought or "", c.remark) for c in told]
    if rows:
        typer.echo(repr(table(("notebook", "status", "yours kept", "brought in", "remark"), rows)))
    if len(told) < len(changes):
        typer.echo(f"{len(changes) - len(told)} of {len(changes)} notebooks are as the material has them")
    return any(change.status == "refused" for change in changes)


@app.command(rich_help_panel=PANEL)
def check(
    exercise: Annotated[str, typer.Argument(metavar="NOTEBOOK", help="An exercise notebook, or its section.")],
    timeout: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="How long one cell may run.")] = 30.0,
) -> None:
    """Run your saved exercise notebook and list its tasks: right, wrong, not tried or broken.

    The notebook is run as it is on disk (save it first) in a kernel of its own; the file is not changed. A task
    whose check is missing counts as not tried. Exit status 0 when every task is right, 1 otherwise.

    Examples:

        companion check exercises/06_iron_law.ipynb

        companion check iron_law
    """
    from mlsys_helpers.exercise.notebook import record
    from mlsys_helpers.publish.verdicts import verdicts

    try:
        path = _exercise_path(exercise)
        rows = verdicts(path, timeout)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    if not rows:
        raise failed(f"{path} checks no task: nothing can be said about it")
    for row in rows:
        record(row)
    _tell_verdicts(rows, {row.task: row.possible for row in rows})
    raise typer.Exit(any(row.status != "right" for row in rows))


def _tell_verdicts(rows: Sequence["Verdict"], worth: Mapping[str, float]) -> None:
    """A line for each task, with what is said of one that is not right, and a line for all; `worth` has the points."""
    width = max(len(row.task) for row in rows)
    right = [row for row in rows if row.status == "right"]
    for row in rows:
        points = f"{worth[row.task] if row in right else 0:g} of {worth[row.task]:g}" if worth[row.task] else ""
        typer.echo(f"{row.task:<{width}}  {row.status:<9}  {points}".rstrip())
        if row not in right:
            typer.echo(f"    {row.message}")
    earned, possible = sum(worth[row.task] for row in right), sum(worth[row.task] for row in rows)
    typer.echo(f"{len(right)} of {len(rows)} tasks right, {earned:g} of {possible:g} points")


@app.command(rich_help_panel=PANEL)
def submit(
    exercise: Annotated[
        str, typer.Argument(metavar="NOTEBOOK", help="Your exercise notebook, its section, or the assignment's name.")
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.")] = None,
    student: Annotated[str, typer.Option("--as", metavar="ID", help="Who you are, if it does not say so.")] = "",
    course: Annotated[str, typer.Option("--course", metavar="NAME", help="Of which course, likewise.")] = "",
) -> None:
    """Make the one file that you hand in for your class: your notebook and your quiz answers. Save first.

    First it runs the notebook as the class's grader does, and tells what is right, wrong, broken or not tried.
    Unfinished work can be handed in as well. An earlier file is kept under another name. On a hub whose administrator
    set MLSYS_COMPANION_SUBMIT to a folder, the file goes there and is handed in with that.

    Examples:

        companion submit 06

        companion submit exercises/06_iron_law.ipynb --out handed_in.zip
    """
    from mlsys_helpers.grading.handing_in import submission
    from mlsys_helpers.workspace import folder

    drop = "" if out else os.environ.get("MLSYS_COMPANION_SUBMIT", "")
    out = Path(drop) if drop else out
    try:
        plain = exercise.endswith(".ipynb") or Path(exercise).exists()
        places = () if plain else (Path(), folder.root() / "exercises")
        here = next(filter(None, (submission.named(place, exercise) for place in places)), None)
        found = submission.find(here or _exercise_path(exercise), student, course)
        made = submission.make(found, datetime.now().astimezone())
        _tell_before(found, made.parts)
        place = out / made.name if out and out.is_dir() else out or Path(made.name)
        kept = submission.write(made, place)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    if kept:
        typer.echo(f"the earlier {place.name} is kept as {kept.name}")
    then = "it is handed in" if drop else "hand in this file"
    typer.echo(f"wrote {place} ({len(made.files)} files, {place.stat().st_size / 1000:.0f} kB): {then}")


def _tell_before(found: "Found", parts: dict[str, bytes]) -> None:
    """Whose it is, each task as the class's grader sees it, how the quiz stands and what is missing."""
    from mlsys_helpers.grading.course import quiz_part
    from mlsys_helpers.grading.handing_in import preview

    said = found.signed
    typer.echo(f"{said.course}, assignment {said.assignment}, for {said.student}")
    for section, path in found.notebooks.items():
        notebook = parts[section]
        typer.echo(f"\n{path}, saved {_ago(time.time() - path.stat().st_mtime)} ago")
        try:
            _tell_verdicts(preview.preview(section, notebook, said.key), preview.points(section, notebook))
        except preview.UNABLE as error:
            typer.echo(f"It could not be tried here ({error}); it is handed in all the same.")
        if quiz := preview.quiz(section, notebook, parts[quiz_part(section)]):
            typer.echo(quiz)
    typer.echo("\nIn class your functions are tried on other cases too.")
    for missing in preview.missing({section: parts[section] for section in found.notebooks}):
        typer.echo(f"{missing} belongs to the assignment too: put it beside this one, and submit again")


def _ago(seconds: float) -> str:
    """A time that has passed, in words."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{seconds // size:.0f} {word}{'' if seconds < 2 * size else 's'}"
    return "less than a minute"


def _exercise_path(name: str) -> Path:
    if Path(name).suffix == ".ipynb" or Path(name).exists():
        if not Path(name).is_file():
            raise typer.BadParameter(f"there is no notebook {name}")
        return Path(name)
    from mlsys_helpers.workspace import folder

    path = folder.root() / "exercises" / f"{found_section(name).stem}.ipynb"
    if not path.exists():
        raise typer.BadParameter(f"{name} has no exercise notebook")
    return path


@app.command(rich_help_panel=PANEL)
def quiz(section: SectionName) -> None:
    """Take a section's quiz in the terminal. Your answers count in the notebook too.

    Example:

        companion quiz iron_law
    """
    found = found_section(section)
    if not found.open:
        raise typer.BadParameter(f"section {found.slug} is not open yet, so it has no quiz")
    from mlsys_helpers.quiz import terminal

    terminal.run(found.slug)


@app.command(rich_help_panel=PANEL)
def review(
    section: Annotated[str, typer.Option("--section", metavar="SECTION", help="Only this one: iron_law, 06.")] = "",
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", help="At most so many.", min=1)] = None,
) -> None:
    """Ask again what you missed in a quiz, at growing intervals, until you know it.

    A question missed today is due tomorrow; each right answer puts it off for longer. Numbers are new each time.
    Answers given here change nothing about how your quiz stands.

    Examples:

        companion review

        companion review --section iron_law --limit 5
    """
    from mlsys_helpers import chapter
    from mlsys_helpers.quiz import bank
    from mlsys_helpers.quiz import review as reviewed

    wanted = [found_section(section)] if section else chapter.open_sections()
    banks = [bank.section_bank(found.slug) for found in wanted if found.open]
    reviewed.run([question for found in banks for question in found.questions], limit)


@app.command(rich_help_panel=PANEL)
def progress() -> None:
    """Where you stand: predictions, quizzes, exercises and what is due for review, section by section.

    Example:

        companion progress
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from mlsys_helpers import report

    wide, narrow = {"section": 13, "quiz": 17}, {"predicted": 9, "help": 8}  # so that a line of 80 letters holds all
    found = report.progress()
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0)
    for head in report.HEADS:
        drawn.add_column(head, min_width=wide.get(head), max_width=narrow.get(head))
    for row in found.table.rows:
        drawn.add_row(*row)
    console = Console(highlight=False)
    console.print(drawn)
    console.print("\n" + "\n".join(found.said), markup=False)


@app.command(rich_help_panel=PANEL)
def predict(
    rows: Annotated[Path, typer.Argument(metavar="ROWS.csv", help="One job per line.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option("--out", metavar="OUT.csv", help="Where to write the rows with predictions.")],
) -> None:
    """Predict seconds per step with the iron law, for each row of a table.

    The table has the columns kind, hardware, n_parallel, precision, batch, seq_len, params, bytes_per_param,
    flops_per_item, bytes_per_item, items_per_step. Three are added: predicted_added_s, predicted_overlapped_s
    and binding. A row that cannot be predicted is left blank and named; the exit status is then 1.

    Example:

        companion predict rows.csv --out predicted.csv
    """
    from mlsys_helpers.sections.iron_law.published import predict_csv

    try:
        report = predict_csv(rows, out)
    except (ValueError, OSError) as error:
        raise failed(str(error)) from error
    for line in (*report.problems, *report.notes):
        typer.echo(line, err=True)
    typer.echo(f"wrote {out}" + ("; rows named above are blank in it" if report.problems else ""))
    raise typer.Exit(bool(report.problems))


@app.command(rich_help_panel=PANEL)
def numbers(
    words: Annotated[list[str] | None, typer.Argument(metavar="[QUERY]", help="A figure (25 days) or words.")] = None,
    section: Annotated[str, typer.Option("--section", metavar="SECTION", help="Only this one: 1.6, iron_law.")] = "",
    verdict: Annotated[str, typer.Option("--verdict", metavar="VERDICT", help="Only these: contradicts, agrees.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="At most so many.", min=1)] = 20,
) -> None:
    """Look up a figure of the chapter: what it prints, what comes out when it is recomputed, and why they differ.

    A figure is found in any unit: 600 hours finds 25 days. Without a query, a count of verdicts; with a section or a
    verdict, a list.

    Examples:

        companion numbers "25 days"

        companion numbers household energy

        companion numbers --verdict contradicts

        companion numbers --section 1.6
    """
    from rich.console import Console

    from mlsys_helpers.numbers import ledger, terminal
    from mlsys_helpers.numbers.search import search

    try:
        rows = ledger.chosen(section, verdict)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    console, query = Console(highlight=False), " ".join(words or ())
    if not (query or section or verdict):
        console.print(terminal.overview())
        return
    found = search(query, rows) if query else rows
    if not found:
        raise failed(f"no figure of the chapter matches {query!r}; try fewer words, or the number without its unit")
    if query:
        console.print(terminal.in_full(found[0]))
    rest = found[bool(query) : limit]
    if rest:
        console.print(terminal.listing(rest))
    if len(found) > limit:
        typer.echo(f"{len(found) - limit} more: --limit {len(found)} shows them")


@app.command(rich_help_panel=PANEL)
def doctor() -> None:
    """Say whether this installation is sound, and how to mend what is not. Exit status 1 if anything is wrong."""
    from mlsys_helpers import doctor as examined

    report = examined.examine()
    for finding in report.findings:
        found = finding.found.replace("\n", "\n" + " " * 19)
        typer.echo(f"{'ok   ' if finding.sound else 'WRONG'}  {finding.name:<10}{found}")
        if not finding.sound:
            typer.echo(f"       to mend it, {finding.remedy}")
    raise typer.Exit(not report.sound)
