"""How well readers know what they know: stated chances against what came true."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlsys_helpers.progress.store import Event

SAID = ((0.95, "certain"), (0.7, "fairly sure"), (0.0, "a guess"))  # least chance, and the words for it


@dataclass(frozen=True)
class Forecast:
    """A prediction whose result is known: the chance that its maker gave it, and whether it came true."""

    item: str
    chance: float
    right: bool


@dataclass(frozen=True)
class Level:
    """All forecasts made with one stated chance: how many, and which share of them came true."""

    chance: float
    count: int
    share_right: float


def forecasts(events: Iterable[Event]) -> list[Forecast]:
    """The first prediction of each item, with its result. Left out: those without a result, or made after seeing it."""
    events = list(events)
    results = {event.item: event.payload["right"] for event in events if event.kind == "reveal"}
    made: dict[str, dict] = {}
    for event in events:
        if event.kind == "predict":
            made.setdefault(event.item, event.payload)
    return [
        Forecast(item, payload["chance"], payload["choice"] == results[item])
        for item, payload in made.items()
        if item in results and not payload["seen"]
    ]


def brier(made: Iterable[Forecast]) -> float | None:
    """The Brier score, the mean squared gap between stated chance and truth: 0 is perfect, 0.25 a coin toss.

    None without forecasts. (G. W. Brier, Monthly Weather Review 78, 1950, in the two-outcome form with one term.)
    """
    gaps = [(forecast.chance - forecast.right) ** 2 for forecast in made]
    return sum(gaps) / len(gaps) if gaps else None


def levels(made: Iterable[Forecast]) -> list[Level]:
    """For each stated chance, how often it came true."""
    made = list(made)
    found = []
    for chance in sorted({forecast.chance for forecast in made}):
        rights = [forecast.right for forecast in made if forecast.chance == chance]
        found.append(Level(chance, len(rights), sum(rights) / len(rights)))
    return found


def said(chance: float) -> str:
    """The words in which a prediction's card offers this chance."""
    return next(words for least, words in SAID if chance >= least)


def spoken(made: Iterable[Forecast]) -> str:
    """How well the chances held, in plain words; says so when no result is known yet."""
    made = list(made)
    if not made:
        return "No prediction with a known result yet."
    rights = {words: [f.right for f in made if said(f.chance) == words] for _, words in SAID}
    parts = [f"{words}, you were right {sum(r)} of {_times(len(r))}" for words, r in rights.items() if r]
    return f"When you said {'; '.join(parts)}. {_scored(made)}"


def _scored(made: list[Forecast]) -> str:
    return f"Brier score {brier(made):.2f} (0 is perfect, 0.25 a coin toss; lower is better)."


def _times(count: int) -> str:
    return f"{count} time{'s' * (count != 1)}"
