"""The capstone as a game without a screen: states are values, and the seed and the moves are all that there is to keep.

`Game(seed)` is an incident. `play(game, move)` gives the game after a move: ("probe", name), ("fix", name), or
("finish", part, axis, axis), the diagnosis that ends it. `debrief` then plays the month and holds every step against
the best plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, reduce

from mlsys_helpers.kit import seeds
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.sections.synthesis import incident as incidents
from mlsys_helpers.sections.synthesis import model, serving
from mlsys_helpers.sections.synthesis.incident import CAUSES, FIXES, Incident, Plan
from mlsys_helpers.sections.synthesis.probes import PROBES, Reading

AXES = ("data", "algorithm", "machine")
PASS = 0.7  # the share of the best plan's gain from which an incident counts as handled
Move = tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """What the player says: the part that takes most of a request's time, and the axis behind each alarm."""

    part: str
    slow_axis: str
    wrong_axis: str


@dataclass(frozen=True)
class Game:
    """An incident, what has been done about it so far, and the diagnosis that ended the game."""

    seed: int
    moves: tuple[Move, ...] = ()
    said: Diagnosis | None = None

    @cached_property
    def incident(self) -> Incident:
        """What happened. The player sees `healthy` and `release_gain` only."""
        return incidents.incident(self.seed)

    @property
    def fixes(self) -> Plan:
        """The fixes chosen so far."""
        return incidents.plan(name for kind, name in self.moves if kind == "fix")

    @property
    def looked_hours(self) -> float:
        """Hours spent on probes."""
        return sum(PROBES[name].hours for kind, name in self.moves if kind == "probe")

    @property
    def hours_left(self) -> float:
        """Hours of the budget that are not spent."""
        return incidents.BUDGET_HOURS - self.looked_hours - incidents.hours(self.fixes)

    def probe(self, *names: str) -> "Game":
        """Look. Raises ValueError for an unknown probe or one that the hours do not allow."""
        return reduce(lambda game, name: game._do("probe", name, PROBES), names, self)

    def fix(self, *names: str) -> "Game":
        """Add fixes. Raises ValueError for one that is unknown, chosen already, excluded by another, or too long."""
        for name in names:
            if name in self.fixes:
                raise ValueError(f"{name!r} is chosen already")
        return reduce(lambda game, name: game._do("fix", name, FIXES), names, self)

    def finish(self, part: str, slow_axis: str, wrong_axis: str) -> "Game":
        """Say what binds and where each cause sits. That ends the game."""
        one_of("part", part, model.PARTS)
        for axis in (slow_axis, wrong_axis):
            one_of("axis", axis, AXES)
        return replace(self, said=Diagnosis(part, slow_axis, wrong_axis))

    def _do(self, kind: str, name: str, known) -> "Game":
        if self.said:
            raise ValueError("this incident is closed: the diagnosis has been given")
        takes = known[one_of(kind, name, known)].hours
        if takes > self.hours_left:
            raise ValueError(f"{name!r} takes {takes:g} hours and {self.hours_left:g} are left")
        after = replace(self, moves=(*self.moves, (kind, name)))
        incidents.plan(after.fixes if kind == "probe" else (*self.fixes, name))
        return after

    def reading(self, step: int) -> Reading:
        """What the probe of that step showed: the same for the same seed and moves, on every machine."""
        service = incidents.apply(self.incident, replace(self, moves=self.moves[:step]).fixes).service
        name = self.moves[step][1]
        rng = seeds.generator("synthesis probe", self.seed, name, step)
        return PROBES[name].read(self.incident, service, rng)

    def readings(self) -> dict[str, Reading]:
        """The latest reading of each probe."""
        return {name: self.reading(step) for step, (kind, name) in enumerate(self.moves) if kind == "probe"}


def play(game: Game, move: Move) -> Game:
    """The game after a move. Raises ValueError, with a sentence for the player, where it is not possible."""
    kind, *words = move
    made = {"probe": game.probe, "fix": game.fix, "finish": game.finish}
    return made[one_of("kind of move", kind, made)](*words)


def replay(seed: int, moves: Iterable[Move]) -> Game:
    """The game of a record, every step checked again."""
    return reduce(play, moves, Game(seed))


def before(drawn: Incident, name: str) -> Reading:
    """What a probe showed a month ago, when all was well."""
    return PROBES[name].read(drawn, drawn.healthy, seeds.generator("synthesis month ago", drawn.seed, name))


# The truth, and what the steps were worth


def truth(drawn: Incident) -> Diagnosis:
    """The right diagnosis: the largest part of an average request's time in the house, and where the causes sit."""
    parts = model.parts_s(drawn.broken, serving.traffic(0))
    slow, wrong = (CAUSES[name].axis for name in drawn.causes)
    return Diagnosis(max(parts, key=parts.__getitem__), slow, wrong)


def share_of_gain(drawn: Incident, fixes: Plan, paid_eur: float = 0.0) -> float:
    """What a plan earns beyond doing nothing, less what was paid, as a share of what the best plan earns beyond it."""
    idle, best, eur = incidents.outcome(drawn, [(), incidents.best(drawn), fixes]).eur
    return float((eur - paid_eur - idle) / (best - idle))


def reachable_eur(game: Game) -> float:
    """The most that can still be earned: the best plan that holds the fixes chosen and fits the hours left."""
    found, chosen = incidents.search(game.incident), set(game.fixes)
    left = incidents.BUDGET_HOURS - game.looked_hours
    within = [
        eur
        for fixes, eur in zip(found.plans, found.eur, strict=True)
        if chosen <= set(fixes) and incidents.hours(fixes) <= left
    ]
    return float(max(within)) - incidents.EUR_PER_HOUR * game.looked_hours


@dataclass(frozen=True)
class Step:
    """One move: what it told, and how much of what could be earned it closed off."""

    move: Move
    told: Reading
    lost_eur: float


@dataclass(frozen=True)
class Debrief:
    """The month as it went and as it could have gone. `regret_eur` is what all steps closed off, and stopping did."""

    steps: tuple[Step, ...]
    stopped_early_eur: float
    fixes: Plan
    best: Plan
    earned_eur: float
    best_eur: float
    idle_eur: float
    late: float
    accuracy: float
    said: Diagnosis | None
    truth: Diagnosis
    causes: tuple[str, str]

    @property
    def regret_eur(self) -> float:
        """What the best plan would have earned more."""
        return self.best_eur - self.earned_eur

    @property
    def share_of_gain(self) -> float:
        """What was earned beyond doing nothing, as a share of what the best plan earns beyond it; may be negative."""
        return (self.earned_eur - self.idle_eur) / (self.best_eur - self.idle_eur)

    @property
    def passed(self) -> bool:
        """Whether most of the gain was reached and every word of the diagnosis is right."""
        return self.share_of_gain >= PASS and self.said == self.truth


def debrief(game: Game) -> Debrief:
    """Play the month, and hold each step against what was possible before it."""
    reached = [reachable_eur(replace(game, moves=game.moves[:n])) for n in range(len(game.moves) + 1)]
    steps = tuple(
        Step(move, game.reading(n) if move[0] == "probe" else {}, reached[n] - reached[n + 1])
        for n, move in enumerate(game.moves)
    )
    found = incidents.search(game.incident)
    here = found.plans.index(game.fixes)
    earned = float(found.eur[here]) - incidents.EUR_PER_HOUR * game.looked_hours
    return Debrief(
        steps=steps,
        stopped_early_eur=reached[-1] - earned,
        fixes=game.fixes,
        best=found.plans[found.best],
        earned_eur=earned,
        best_eur=float(found.eur[found.best]),
        idle_eur=float(found.eur[0]),
        late=float(found.late[here]),
        accuracy=float(found.accuracy[here]),
        said=game.said,
        truth=truth(game.incident),
        causes=game.incident.causes,
    )
