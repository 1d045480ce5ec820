"""A grading run in a terminal: what protects it, how far it is, and a table of what came of it."""

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from mlsys_helpers.exercise.judge import BROKEN, NOT_TRIED, RIGHT, WRONG
from mlsys_helpers.grading import course
from mlsys_helpers.grading.course import Assignment
from mlsys_helpers.grading.gradebook import WAITING, Gradebook, Received, Standing
from mlsys_helpers.grading.handing_in.quizzes import PART
from mlsys_helpers.grading.running import run
from mlsys_helpers.grading.running.run import Finished, Work
from mlsys_helpers.grading.sandbox.protect import Protection
from mlsys_helpers.grading.words import shown_points, some, some_lines
from mlsys_helpers.kit.units import duration, percent

_STATES = (RIGHT, PART, WRONG, BROKEN, NOT_TRIED, WAITING)
_HEADS = {PART: "partly", NOT_TRIED: "untried", WAITING: "waits"}
_MOST_PARTS, _MOST_NAMES = 5, 12
_EVERY_S = 5.0


class Stopped(Exception):
    """The run was stopped by hand; the message says how far it came."""


class Desk(run.Runner, Protocol):
    """A runner that says who works there and what protects them."""

    protections: tuple[Protection, ...]
    restarts: int
    said: str


Desks = Callable[[str], AbstractContextManager[Desk]]


def graded(console: Console, book: Gradebook, assigned: Assignment, desks: Desks, again: str = "") -> list[Finished]:
    """Grade what is open, and show it. The units that could not be graded. Raises Stopped, run.Lost."""
    opened = [(work, work.open(book)) for work in run.works(assigned, again)]
    total, done, troubled = sum(len(units) for _, units in opened), 0, []
    if not total:
        console.print("Nothing is open: all that was collected is graded.")
        return []
    try:
        with _progress(console, total) as advance, closing(_all(console, book, opened, desks)) as every:
            for finished in every:
                done += 1
                advance()
                troubled += [finished] if finished.trouble else []
    except KeyboardInterrupt as error:
        raise Stopped(f"Stopped after {done:,} of {total:,}. The same command goes on from there.") from error
    return troubled


def _all(
    console: Console, book: Gradebook, opened: list[tuple[Work, list[Received]]], desks: Desks
) -> Generator[Finished, None, None]:
    shown = False
    for work, units in opened:
        if units and work.quiz:
            yield from run.grade_quizzes(book, work, units)
        elif units:
            with desks(work.part.section) as desk:
                if not shown:
                    _header(console, desk)
                    shown = True
                yield from run.grade(book, work, units, desk)
                if desk.restarts:
                    console.print(f"{work.name}: a sandbox was lost and started again {desk.restarts} time(s).")


def _header(console: Console, desk: Desk) -> None:
    console.print(escape(f"Run by {desk.said}. What keeps submissions from doing harm:"))
    for protection in desk.protections:
        console.print(escape(f"  {protection}"), style=None if protection.on else "yellow")


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[], None]]:
    """What to call for each unit that is done: a bar with the time left, or plain lines where there is no terminal."""
    if not console.is_terminal:
        yield _lines(console, total)
        return
    columns = (TextColumn("graded"), BarColumn(), MofNCompleteColumn(), TextColumn("time left"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _lines(console: Console, total: int) -> Callable[[], None]:
    begun, done, said = time.monotonic(), 0, time.monotonic()

    def advance() -> None:
        nonlocal done, said
        done += 1
        now = time.monotonic()
        if done == total or now - said >= _EVERY_S:
            left = (now - begun) / done * (total - done)
            console.print(f"graded {done:,} of {total:,}" + (f", about {duration(left, 2)} left" if left else ""))
            said = now

    return advance


# --- what came of it ------------------------------------------------------------------------------------------------


def summary(console: Console, book: Gradebook, assigned: Assignment, everybody: bool = False) -> None:
    """Show where the class stands: by item, or (`everybody`) student by student."""
    students = [student.id for student in course.course_of(assigned).roster()]
    standings = list(book.standings(assigned, students).values())
    console.print(_by_student(assigned, standings) if everybody else _by_item(assigned, standings))
    waiting = sum(len(standing.waiting(assigned.items)) for standing in standings)
    told = {
        "Nothing came from": [s.student for s in standings if not s.received],
        "Lateness costs": [f"{s.student} {percent(max(s.cost.values()))}" for s in standings if any(s.cost.values())],
    }
    for head, names in told.items():
        if names:
            console.print(escape(f"{head} ({len(names)}): {some(names, len(names) if everybody else _MOST_NAMES)}"))
    if waiting:
        console.print(escape(f"Wait for a person's mark: {waiting:,} answers. companion mark {assigned.folder}"))
    if not everybody:
        console.print(escape(f"Every student: companion grade {assigned.folder} --all"))


def troubles(console: Console, troubled: list[Finished]) -> None:
    """Show which units are still open, and why."""
    console.print(f"[red]Not graded: {len(troubled)}.[/red] They stay open; the same command tries them again.")
    lines = (f"{finished.unit.student}, {finished.unit.part}: {finished.trouble}" for finished in troubled)
    for line in some_lines(lines, _MOST_NAMES):
        console.print(escape(f"  {line}"))


def changes(console: Console, again: str, before: dict[str, Standing], after: dict[str, Standing]) -> None:
    """Show for whom grading `again` changed what an item earned."""
    changed = [f"{who} {old} → {new}" for who, old, new in _changed(again, before, after)]
    console.print(escape(f"{again}: changed for {len(changed)} of {len(after)}. {some(changed, len(changed))}"))


def regraded(console: Console, assigned: Assignment, before: dict[str, Standing], after: dict[str, Standing]) -> None:
    """Show which scores that were there before the run are no longer what they were."""
    for item in assigned.items:
        changed = [f"{who} {old} → {new}" for who, old, new in _changed(item.id, before, after) if old != "-"]
        if changed:
            console.print(escape(f"{item.id}: changed for {len(changed)}. {some(changed)}"))


def _changed(item: str, before: dict[str, Standing], after: dict[str, Standing]) -> Iterator[tuple[str, str, str]]:
    """Whose score for an item is another one than before, and both."""
    for who in after:
        old, new = _earned(before[who], item), _earned(after[who], item)
        if old != new:
            yield who, old, new


def _earned(standing: Standing, item: str) -> str:
    entry = standing.entries.get(item)
    return "-" if not entry or entry.points is None else shown_points(entry.points)


def _by_item(assigned: Assignment, standings: list[Standing]) -> Table:
    """How many answered each item how, and what it earned on average of those who handed it in."""
    found = [(item, [s.entries[item.id] for s in standings if item.id in s.entries]) for item in assigned.items]
    counts = {item.id: Counter(entry.status for entry in entries) for item, entries in found}
    others = sorted({status for count in counts.values() for status in count} - set(_STATES))
    states = [state for state in (*_STATES, *others) if any(count[state] for count in counts.values())]
    table = Table("item", title=f"{assigned.course}/{assigned.name}", box=SIMPLE_HEAD, padding=0)
    table.columns[0].overflow = "fold"
    for head in (*(_HEADS.get(state, state) for state in states), "mean", "of"):
        table.add_column(head, justify="right", no_wrap=True)
    section = ""
    for item, entries in found:
        before, (section, _, name) = section, item.id.partition(".")
        if section != before and len(assigned.parts) > 1:
            table.add_row(escape(section), style="bold")
        earned = [entry.points for entry in entries if entry.points is not None]
        mean = shown_points(sum(earned) / len(earned)) if earned else ""
        numbers = [str(counts[item.id][state] or "") for state in states]
        table.add_row(escape(name), *numbers, mean, shown_points(item.points))
    return table


def _by_student(assigned: Assignment, standings: list[Standing]) -> Table:
    """What each student has, the best first, with a column a part where they fit."""
    parts = list(dict.fromkeys(item.part for item in assigned.items))
    shown = parts if len(parts) <= _MOST_PARTS else []
    table = Table("student", title=f"{assigned.course}/{assigned.name}")
    for head in (*map(course.part_heading, shown), f"of {shown_points(assigned.points)}"):
        table.add_column(head, justify="right")
    for standing in sorted(standings, key=lambda standing: -standing.total(assigned.items)):
        by_part = [[item for item in assigned.items if item.part == part] for part in shown]
        columns = [_sum(standing, items) for items in by_part]
        table.add_row(escape(standing.student), *columns, shown_points(standing.total(assigned.items)))
    return table


def _sum(standing: Standing, items: list[course.Item]) -> str:
    """What was earned of a part, "-" where nothing was handed in, with a question mark while a mark is missing."""
    if items[0].part not in standing.received:
        return "-"
    return shown_points(standing.total(items)) + ("?" if standing.waiting(items) else "")
