"""The quiz in a terminal: the same questions, scores and record as in the notebook."""

from collections.abc import Callable

from rich.console import Console
from rich.markup import escape

from mlsys_helpers.kit import quantity
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import bank, record
from mlsys_helpers.quiz.questions import Bank, Choice, Numeric, Ordering, Question, ShortAnswer
from mlsys_helpers.quiz.score import Result, full_answer, prompt, shuffled

HELP = "Enter alone skips a question, ? shows the answer after a try, q ends."
_STYLES = {True: "green", False: "red"}


class _Leave(Exception):
    """The reader wants to stop."""


STOPPED = (_Leave, EOFError, KeyboardInterrupt)


def run(section: str | Bank, console: Console | None = None, ask: Callable[[str], str] = input) -> None:
    """Ask the questions of a section that are still open, one after another; then say how the quiz stands."""
    questions = (bank.section_bank(section) if isinstance(section, str) else section).questions
    console = console or Console()
    console.print(f"{len(questions)} questions. {HELP}")
    try:
        for number, question in enumerate(questions, 1):
            standing = record.standing(question)
            if not standing.settled:
                console.print(f"\n[bold]Question {number} of {len(questions)}[/bold]")
                pose(question, standing.seed, console, ask, tried=standing.tries > 0)
    except STOPPED:
        console.print("\nStopped. What you answered is kept.")
    console.print("\n" + record.tally([record.standing(question).state for question in questions]))
    if store.trouble():
        console.print(f"[yellow]{escape(store.trouble())}[/yellow]")


def pose(
    question: Question,
    seed: int,
    console: Console,
    ask: Callable[[str], str],
    tried: bool = False,
    submit: Callable[..., Result] = record.submit,
    give_up: Callable[..., None] = record.give_up,
) -> None:
    """Ask one question until it is right, given up or skipped. `tried`: whether it was answered before.

    `submit` and `give_up` keep what came of it. Raises one of STOPPED when the reader wants to end.
    """
    console.print(escape(prompt(question, seed)))
    listed = _listed(question)
    for number, text in enumerate(listed, 1):
        console.print(f"  {number}. {escape(text)}", highlight=False)
    while typed := _typed(ask, f"{_how(question)}: "):
        if typed == "?" and tried:
            give_up(question, seed)
            return _show_answer(question, seed, console)
        if typed == "?":
            console.print("Try once first; a wrong answer costs nothing.")
            continue
        try:
            response = _response(question, typed, listed, console, ask)
        except ValueError as error:
            console.print(f"[yellow]{escape(str(error))}[/yellow]")
            continue
        result = submit(question, response, seed)
        _say(result, console)
        if result.right:
            return None
        tried = tried or result.counted
    return None


def _typed(ask: Callable[[str], str], words: str) -> str:
    typed = ask(words).strip()
    if typed.lower() == "q":
        raise _Leave
    return typed


def _show_answer(question: Question, seed: int, console: Console) -> None:
    console.print(escape(f"The answer: {full_answer(question, seed)}"))


def _say(result: Result, console: Console) -> None:
    lead = (
        "Right." if result.right else "Partly right." if result.points else "Not right yet." if result.counted else ""
    )
    console.print(f"[{_STYLES[result.right]}]{lead}[/] {escape(result.feedback)}")


def _listed(question: Question) -> list[str]:
    """What is shown with numbers to choose from."""
    if isinstance(question, Choice):
        return [option.text for option in question.options]
    return shuffled(question) if isinstance(question, Ordering) else []


def _how(question: Question) -> str:
    if isinstance(question, Choice):
        return "Number of your choice"
    if isinstance(question, Ordering):
        return "The numbers in the right order, such as 2 1 3"
    if isinstance(question, Numeric) and question.answer_unit:
        return f"A number in {quantity.plural(question.answer_unit)}, or with a unit of your own"
    return "Your answer"


def _response(question: Question, typed: str, listed: list[str], console: Console, ask: Callable[[str], str]):
    """What was typed as a response; ValueError says how to type it."""
    if isinstance(question, Choice):
        return _chosen(typed, listed)
    if isinstance(question, Ordering):
        order = [_chosen(part, listed) for part in typed.replace(",", " ").split()]
        if sorted(order) != sorted(listed):
            raise ValueError(f"Type each number from 1 to {len(listed)} once.")
        return order
    if isinstance(question, ShortAnswer):
        return {"text": typed, "made": _made(question, console, ask)}
    return typed


def _chosen(typed: str, listed: list[str]) -> str:
    if not (typed.isdecimal() and 1 <= int(typed) <= len(listed)):
        raise ValueError(f"Type a number from 1 to {len(listed)}.")
    return listed[int(typed) - 1]


def _made(question: ShortAnswer, console: Console, ask: Callable[[str], str]) -> list[str]:
    console.print("Does your answer make these points?")
    return [point for point in question.rubric if _typed(ask, f"  {point} (y/n): ").lower().startswith("y")]
