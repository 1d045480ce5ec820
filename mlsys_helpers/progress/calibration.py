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

    @property
    def right(self) -> int:
        """How many of them came true."""
        return round(self.share_right * self.count)


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


def spoken_levels(made: Iterable[Forecast]) -> dict[str, Level]:
    """The forecasts made with each of the words, from the surest; guesses among few and many options are one level."""
    made = list(made)
    found = {}
    for _, words in SAID:
        alike = [forecast for forecast in made if said(forecast.chance) == words]
        if alike:
            chance = sum(forecast.chance for forecast in alike) / len(alike)
            found[words] = Level(chance, len(alike), sum(forecast.right for forecast in alike) / len(alike))
    return found


def spoken(made: Iterable[Forecast]) -> str:
    """How well the chances held, in plain words; says so when no result is known yet."""
    made = list(made)
    counts = [f"{words}, you were right {level.right} of {level.count}" for words, level in spoken_levels(made).items()]
    if not counts:
        return "No prediction with a known result yet."
    first, *rest = counts
    told = "; ".join([f"{first} times", *(count.replace(" you were right", "") for count in rest)])
    return f"When you said {told}. Brier score {brier(made):.2f}: 0 is perfect, 0.25 a coin toss, lower is better."
