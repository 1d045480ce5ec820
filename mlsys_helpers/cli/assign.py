"""The commands that give an assignment out and take it in."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlsys_helpers.cli.common import TEACH, app, failed, found_section

if TYPE_CHECKING:
    from mlsys_helpers.grading.course import Assignment


@app.command(rich_help_panel=TEACH)
def release(
    sections: Annotated[list[str], typer.Argument(metavar="SECTION", help="Sections: iron_law, 06 or 1.6.")],
    name: Annotated[str, typer.Option("--course", metavar="NAME", help="The course: cs249.")] = "",
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="FILE.csv", help="Its students: id, name.", dir_okay=False)
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="The course's folder.")] = None,
    called: Annotated[str, typer.Option("--name", metavar="NAME", help="The assignment: 06 if not given.")] = "",
    due: Annotated[str, typer.Option("--due", metavar="DATE", help='When: "2026-12-04 23:59", your time.')] = "",
    tasks: Annotated[list[str] | None, typer.Option("--tasks", metavar="TASK", help="Only these. Repeatable.")] = None,
    points: Annotated[
        list[str] | None, typer.Option("--points", metavar="TASK=N", help="Other points. Repeatable.")
    ] = None,
    quiz: Annotated[float, typer.Option("--quiz", metavar="POINTS", help="For each section's quiz.", min=0)] = 0,
    variants: Annotated[
        str, typer.Option("--variants", metavar="WHOSE", help="Numbers for each student, or one class.")
    ] = "student",
    per_day: Annotated[
        float, typer.Option("--late", metavar="PERCENT", help="Lost for each day late.", min=0, max=100)
    ] = 0,
    days: Annotated[int, typer.Option("--late-days", metavar="N", help="Then nothing counts.", min=0)] = 0,
    grace: Annotated[float, typer.Option("--grace", metavar="MINUTES", help="Late, but free.", min=0)] = 0,
    force: Annotated[bool, typer.Option("--force", help="Change what was released before.")] = False,
) -> None:
    """Make an assignment: the exercise notebooks to give out, each student's with numbers of their own.

    The folder of the course is made with the first assignment; keep it from students. After that, --course and
    --roster may be left out. A newer roster adds its students' notebooks and changes no other.

    Examples:

        companion release 06 --course cs249 --roster roster.csv --due "2026-12-04 23:59"

        companion release 06 07 --out cs249 --name hw3 --quiz 5 --late 10 --late-days 3 --grace 15

        companion release 06 --out cs249 --tasks time_terms --tasks binding_term --points binding_term=4

        companion release 06 --out cs249 --roster roster-of-october.csv
    """
    from mlsys_helpers.exercise import whose
    from mlsys_helpers.grading import course, words
    from mlsys_helpers.grading.handing_out import release as released
    from mlsys_helpers.kit.checks import one_of

    asked = list(dict.fromkeys(found_section(section) for section in sections))
    shaped = due or tasks or points or quiz or variants != "student" or per_day or days or grace
    try:
        place = out or Path(name)
        title = course.title(place, name)
        folder = place / course.check_name("assignment", called or asked[0].number)
        table = roster or place / course.ROSTER
        if not table.exists():
            raise ValueError(f"there is no roster {table}: name a CSV file with --roster, columns id and name")
        if not shaped and released.asks(folder, [one.slug for one in asked]):
            assigned = course.assignment(folder)
        else:
            assigned = course.Assignment(
                course=title,
                name=folder.name,
                folder=folder,
                parts=released.parts([one.slug for one in asked], tasks or (), dict(map(_points, points or ())), quiz),
                due=words.moment(due) if due else None,
                variants=one_of("variants", variants, whose.VARIANTS),
                late=course.Late(grace, per_day / 100, days),
            )
        students = released.checked_roster(place, table.read_bytes(), str(table))
        planned = released.release(assigned, students)
        changes = released.changes(planned)
        if changes and not force:
            raise ValueError("\n  ".join([f"{folder} was released before; --force would change:", *changes]))
        course.new_course(place, title)
        released.keep_roster(place, table.read_bytes())
        written = released.write(planned)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    for change in changes:
        typer.echo(f"changed: {change}")
    typer.echo(f"{words.many(written, 'file')} written" if written else "everything was there already")
    _tell_release(assigned, len(students))


def _tell_release(assigned: "Assignment", students: int) -> None:
    """What was released, what to give to whom, and what comes next."""
    from mlsys_helpers.grading import words

    if assigned.due and assigned.due < datetime.now().astimezone():
        typer.echo(f"note: due {words.written(assigned.due)} has passed already", err=True)
    counts = {"task": sum(len(part.tasks) for part in assigned.parts), "point": assigned.points, "student": students}
    told = ", ".join(words.many(number, what) for what, number in counts.items())
    typer.echo(f"{assigned.course} {assigned.name}: {told}")
    place = assigned.folder / "students"
    typer.echo(f"To give out, to everyone alike:  {', '.join(str(path) for path in sorted(place.glob('*.ipynb')))}")
    if assigned.variants == "student":
        typer.echo(f"or to each their own:            {place / '<id>'}")
    typer.echo(f"Then:                            companion collect DOWNLOADED.zip --into {assigned.folder}")


@app.command(rich_help_panel=TEACH)
def collect(
    batch: Annotated[Path, typer.Argument(metavar="DIR-or-ZIP", help="What arrived: a folder, or a zip as it is.")],
    into: Annotated[
        Path | None, typer.Option("--into", metavar="ASSIGNMENT", help="Its folder, like cs249/06.", file_okay=False)
    ] = None,
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="FILE.csv", help="A newer roster.", dir_okay=False)
    ] = None,
    received: Annotated[
        str, typer.Option("--received", metavar="DATE", help='When all of it came: "2026-12-04 23:59".')
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Take what students handed in: a download of Canvas or Moodle, or any folder or zip of notebooks.

    Every file ends as taken, superseded by a newer one, or refused with its reason; collected.csv in the assignment's
    folder lists them all, and who has handed in nothing. No original is changed, and the same batch again changes
    nothing. Whose a file is says first its folder or Canvas or Moodle, then the notebook, then its name. When it came
    stays as it was first collected: look with --dry-run if in doubt. Exit status 1 if a file was refused.

    Examples:

        companion collect submissions.zip --into cs249/06

        companion collect mailed/ --into cs249/06 --received "2026-12-06 09:00"

        companion collect submissions.zip --into cs249/06 --roster roster-of-december.csv
    """
    from mlsys_helpers.grading import course
    from mlsys_helpers.grading import roster as rosters
    from mlsys_helpers.grading.collecting import collect as collecting
    from mlsys_helpers.grading.collecting import terminal
    from mlsys_helpers.grading.gradebook import REFUSED
    from mlsys_helpers.grading.handing_out import release as released
    from mlsys_helpers.grading.words import moment

    try:
        assigned = course.assignment(into or _only_assignment())
        place = course.course_of(assigned).folder
        table = (roster or place / course.ROSTER).read_bytes()
        students = released.checked_roster(place, table, str(roster)) if roster else rosters.read(place / course.ROSTER)
        if not dry_run:
            released.keep_roster(place, table)
        found = collecting.collect(batch, assigned, students, moment(received) if received else None, dry_run)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from error
    for line in terminal.told(found, assigned):
        typer.echo(line)
    typer.echo("nothing was written (--dry-run)" if dry_run else f"All of it: {found.path}")
    if not dry_run:
        typer.echo(f"Then:      companion grade {assigned.folder}")
    raise typer.Exit(bool(found.having(REFUSED)))


def _only_assignment() -> Path:
    """The assignment in or below the present folder, if there is just one. Raises ValueError."""
    from mlsys_helpers.grading.course import ASSIGNMENT

    found = sorted(path.parent for depth in ("", "*/", "*/*/") for path in Path().glob(depth + ASSIGNMENT))
    if len(found) != 1:
        some = f"; there are {', '.join(map(str, found[:5]))}" if found else ""
        raise ValueError(f"for which assignment? Name its folder: --into cs249/06{some}")
    return found[0]


def _points(said: str) -> tuple[str, float]:
    task, equals, number = said.partition("=")
    try:
        value = float(number)
    except ValueError:
        value = -1
    if not equals or not 0 <= value < 1e6:
        raise ValueError(f"--points {said}: expected a task and its points, like binding_term=3")
    return task.strip(), value
