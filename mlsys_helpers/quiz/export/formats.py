"""The table of formats, and the one function that writes a bank in one of them."""

from collections.abc import Callable
from dataclasses import dataclass

from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.quiz.export import jupyterquiz, moodle, qti, sheet
from mlsys_helpers.quiz.export.items import Loss, Paper, paper
from mlsys_helpers.quiz.questions import Bank

FORMATS: dict[str, Callable[[Paper], tuple[bytes, list[Loss]]]] = {
    "moodle": moodle.write,
    "qti": qti.write,
    "jupyterquiz": jupyterquiz.write,
    "sheet": sheet.write,
    "answers": sheet.write_answers,
}


@dataclass(frozen=True)
class Export:
    """A file, how many questions of the bank are in it, and what is not."""

    data: bytes
    questions: int
    losses: tuple[Loss, ...]


def export(bank: Bank, title: str, to: str, seed: int = 0, variants: int = 1) -> Export:
    """The bank in the format `to`: the same bytes for the same bank, seed and number of variants."""
    write = FORMATS[one_of("format", to, FORMATS)]
    if variants < 1:
        raise ValueError(f"the number of variants must be 1 or more, got {variants}")
    drawn, losses = paper(bank, title, seed, variants)
    data, more = write(drawn)
    losses = [*losses, *more]
    return Export(data, len(bank.questions) - sum(loss.whole for loss in losses), tuple(losses))
