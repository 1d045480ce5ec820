"""How to ask: players of the triage game, and the plan with the least expected hours.

A plan needs to know how often each probe shows what under each cause. `calibrate` measures that on many incidents, and
`study.py` keeps its table. Players take probes for independent given the cause, which they are not quite; so plans are
judged by playing incidents that calibration never saw.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import Spread, spread
from mlsys_helpers.sections.five_pillars import product, triage

CAUSES, PROBES = tuple(product.CAUSES), tuple(triage.PROBES)
PENALTY_H = np.array([[triage.penalty_h(named, cause) for cause in CAUSES] for named in CAUSES])
ADDED = 0.5  # half a case for every reading that a probe has shown: nothing is impossible


def calibrate(incidents: int = 60, first: int = 100_000) -> Counter:
    """How often each probe showed which signs under each cause: counts by (probe, signs, cause)."""
    found: Counter = Counter()
    for cause in CAUSES:
        for seed in range(first, first + incidents):
            case = triage.incident(seed, cause)
            found.update((name, triage.read(case, name).signs, cause) for name in PROBES)
    return found


@cache
def chances() -> dict[str, dict[tuple[int, ...], np.ndarray]]:
    """For each probe and each of its readings the chance under every cause, in the order of CAUSES."""
    counts: dict = {name: {} for name in PROBES}
    with (files(__package__) / "calibration.csv").open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            signs = tuple(map(int, row["signs"].split()))
            by_cause = counts[row["probe"]].setdefault(signs, np.full(len(CAUSES), ADDED))
            by_cause[CAUSES.index(row["cause"])] += int(row["count"])
    return {
        name: {signs: n / sum(readings.values()) for signs, n in readings.items()} for name, readings in counts.items()
    }


def updated(belief: np.ndarray, probe: str, signs: tuple[int, ...]) -> np.ndarray:
    """The chances of the causes after a reading: Bayes' rule. A reading never seen before tells nothing."""
    seen = belief * chances()[probe].get(signs, np.ones(len(CAUSES)))
    return seen / seen.sum()


def naming(belief: np.ndarray) -> tuple[float, str]:
    """The least expected penalty in hours of naming a cause now, and that cause."""
    expected = PENALTY_H @ belief
    best = int(np.argmin(expected))
    return float(expected[best]), CAUSES[best]


EVEN = np.full(len(CAUSES), 1 / len(CAUSES))


@cache
def _best(asked: frozenset[tuple[str, tuple[int, ...]]]) -> tuple[float, str | None]:
    """Least expected hours from here on, and the probe to ask next (None: name now), by full search."""
    belief = _belief(asked)
    least, choice = naming(belief)[0], None
    done = {name for name, _ in asked}
    for name in PROBES:
        cost = float(triage.PROBES[name].hours)
        if name in done or cost >= least:
            continue
        for signs, likely in chances()[name].items():
            cost += float(belief @ likely) * _best(asked | {(name, signs)})[0]
            if cost >= least:
                break
        if cost < least:
            least, choice = cost, name
    return least, choice


def _belief(asked: Iterable[tuple[str, tuple[int, ...]]]) -> np.ndarray:
    belief = EVEN
    for name, signs in asked:
        belief = updated(belief, name, signs)
    return belief


def advice(game: triage.Game) -> tuple[float, str | None, str]:
    """The best plan in this game: hours it expects from here, its probe (None: it names), what it would name now."""
    asked = frozenset((name, reading.signs) for name, reading in game.readings.items())
    return *_best(asked), naming(_belief(asked))[1]


# Players: each is told what was found so far and what is left, and says what to ask, or None to name.

Player = Callable[[np.ndarray, dict, np.random.Generator], str | None]


def _in_order(order: tuple[str, ...]) -> Player:
    """Ask in a fixed order, until the next probe costs more than naming now is expected to."""

    def player(belief, found, rng):
        left = [name for name in order if name not in found]
        return left[0] if left and triage.PROBES[left[0]].hours < naming(belief)[0] else None

    return player


def _random(belief, found, rng):
    left = [name for name in PROBES if name not in found]
    return str(rng.choice(left)) if left and naming(belief)[0] > 1 else None


def _greedy(belief, found, rng):
    """Ask what takes most doubt away for each hour: the expected fall of entropy, while naming costs more."""

    def gain(name):
        after = sum(float(belief @ p) * _entropy(updated(belief, name, signs)) for signs, p in chances()[name].items())
        return (_entropy(belief) - after) / triage.PROBES[name].hours

    left = [name for name in PROBES if name not in found and triage.PROBES[name].hours < naming(belief)[0]]
    return max(left, key=gain) if left else None


def _entropy(belief: np.ndarray) -> float:
    return float(-(belief * np.log(np.maximum(belief, 1e-300))).sum())


# The chapter asks pillar by pillar: data, training, deployment, operations, ethics.
CHAPTER = (
    "row counts",
    "labels again",
    "training log",
    "holdout",
    "parity",
    "replay",
    "inputs",
    "history",
    "by sender",
)
PLAYERS: dict[str, Player] = {
    "names at once": lambda belief, found, rng: None,
    "every probe first": lambda belief, found, rng: next((name for name in PROBES if name not in found), None),
    "any probe": _random,
    "pillar by pillar": _in_order(CHAPTER),
    "cheapest first": _in_order(PROBES),
    "most told for an hour": _greedy,
    "best plan": lambda belief, found, rng: _best(frozenset(found.items()))[1],
}


def played(player: str, seed: int) -> triage.Game:
    """One whole game of one player, who knows the calibration (and names the likeliest cause) but not the seed's."""
    game, belief, rng = triage.Game(seed), EVEN, generator("player", player, seed)
    found: dict[str, tuple[int, ...]] = {}
    while (name := PLAYERS[player](belief, found, rng)) is not None:
        game = game.probe(name)
        found[name] = game.readings[name].signs
        belief = updated(belief, name, found[name])
    return game.name(naming(belief)[1] if found else str(rng.choice(CAUSES)))


def tournament(seeds: Iterable[int], players: Iterable[str] = tuple(PLAYERS)) -> dict[str, list[triage.Game]]:
    """Every player's games of the same incidents; incident by incident, so that each is built once."""
    players = tuple(players)
    rounds = [[played(player, seed) for player in players] for seed in seeds]
    return dict(zip(players, map(list, zip(*rounds, strict=True)), strict=True))


def expected_h() -> tuple[float, float]:
    """Hours that the best plan is expected to take, and naming at random."""
    return _best(frozenset())[0], float(PENALTY_H.mean())


def score(game: triage.Game) -> int:
    """100 for as few hours as the best plan is expected to take, 0 for as many as naming at random; between, a line."""
    best, blind = expected_h()
    return round(100 * float(np.clip((blind - game.hours) / (blind - best), 0, 1)))


@dataclass(frozen=True)
class Played:
    """A player's results over five blocks of 40 incidents that calibration never saw."""

    player: str
    hours: Spread
    right_owner: Spread
    probes: Spread


def tournament_results() -> list[Played]:
    """What `study.py` found, from tournament.csv, slowest player first."""
    blocks: dict[str, list[tuple[float, ...]]] = {}
    with (files(__package__) / "tournament.csv").open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            found = tuple(float(row[name]) for name in ("hours", "right_owner", "probes"))
            blocks.setdefault(row["player"], []).append(found)
    played = [Played(player, *map(spread, zip(*rows, strict=True))) for player, rows in blocks.items()]
    return sorted(played, key=lambda one: -one.hours.mean)


def passes_the_gate(chance: float = 0.9) -> list[str]:
    """The causes under which held-out accuracy reads as usual in more than `chance` of calibration's incidents."""
    usual = chances()["holdout"][(0,)]
    return [cause for cause, likely in zip(CAUSES, usual, strict=True) if likely > chance]
