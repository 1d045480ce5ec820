"""Marking in a terminal: one short answer after another, without names, each mark kept at once."""

from collections.abc import Callable, Iterable

from rich.console import Console
from rich.markup import escape

from mlsys_helpers.grading import cells
from mlsys_helpers.grading.course import Assignment, Item
from mlsys_helpers.grading.gradebook import Gradebook
from mlsys_helpers.grading.marking.mark import FULL, Answer, decide, marked, question
from mlsys_helpers.grading.words import shown_points

HELP = "Type points, or f for full. s skips, b goes back one, ? shows the question again, q stops."
STOPPED = (EOFError, KeyboardInterrupt)
_SKIP, _BACK, _AGAIN, _STOP = "s", "b", "?", "q"


def run(
    assigned: Assignment,
    book: Gradebook,
    waiting: Iterable[Answer],
    by: str,
    names: dict[str, str] | None = None,
    console: Console | None = None,
    ask: Callable[[str], str] = input,
) -> int:
    """Ask for a mark of each answer in `waiting`; how many were marked. `names`, if given, are shown by student."""
    waiting, console, done = list(waiting), console or Console(highlight=False), set()
    place, shown = 0, ""
    console.print(HELP)
    try:
        while place < len(waiting):
            answer = waiting[place]
            if answer.item.id != shown:
                _show_question(answer.item, console)
                shown = answer.item.id
            console.print(f"\n[bold]Answer {place + 1} of {len(waiting)}[/bold]{_whose(answer, names)}")
            console.print(escape(answer.said.strip() or "(nothing was written)"))
            typed = _typed(answer.item, console, ask)
            if isinstance(typed, float):
                comment = ask("A word to the student (Enter for none): ").strip()
                decide(book, assigned, [marked(answer.student, answer.item, typed, comment, by)])
                done.add(place)
            place = max(0, place - 1) if typed == _BACK else place + 1
    except STOPPED:
        console.print("\nStopped.")
    console.print(f"{len(done)} of {len(waiting)} marked, and kept.")
    return len(done)


def _whose(answer: Answer, names: dict[str, str] | None) -> str:
    return f"  {escape(names.get(answer.student, answer.student))}" if names is not None else ""


def _typed(item: Item, console: Console, ask: Callable[[str], str]) -> float | str:
    """The points for an answer, or the word for what else to do."""
    while True:
        typed = ask(f"Points of {shown_points(item.points)}: ").strip().lower()
        if typed == _STOP:
            raise EOFError
        if typed in (_SKIP, _BACK):
            return typed
        if typed == _AGAIN:
            _show_question(item, console)
            continue
        try:
            points = item.points if typed in (FULL, FULL[0]) else cells.number(typed)
            return marked("", item, points, "", "").points or 0.0
        except ValueError as error:
            console.print(f"[yellow]{escape(str(error))}[/yellow]\n{HELP}")


def _show_question(item: Item, console: Console) -> None:
    asked = question(item)
    console.print(f"\n[bold]{escape(item.id)}[/bold]  {escape(asked.prompt if asked else item.title)}")
    if asked:
        console.print(f"A full answer makes {len(asked.rubric)} points:")
        for point in asked.rubric:
            console.print(f"  - {escape(point)}")
        console.print(f"For example: {escape(asked.feedback)}")
