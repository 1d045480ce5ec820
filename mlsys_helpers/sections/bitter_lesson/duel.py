"""The duel: what people know against what search finds, over budgets, with every opening played from both sides.

`play` lets two players meet; `duels` sets `players.rules` against `Search` at several budgets for each of several
seeds; `tournament` lets all meet all. Results are counts, the same for the same seed, and the processor's seconds that
they took. `stored()` and `stored_tournament()` are the large study that `study.py` made and keeps beside this file.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

import numpy as np

from mlsys_helpers.facts import read_table
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import Spread, spread
from mlsys_helpers.sections.bitter_lesson.connect_four import BOARD, Boards, Player, at_random, has_won, openings
from mlsys_helpers.sections.bitter_lesson.model import Ratings, bradley_terry, crossing, elo_gap, score_interval
from mlsys_helpers.sections.bitter_lesson.players import Search, rules, win_or_block

OPENING_STONES = 4
BLIND, TACTICAL = "random", "win or block"
PLAYOUTS: dict[str, Player] = {BLIND: at_random, TACTICAL: win_or_block}  # how a search plays its games to the end


def play(player: Player, other: Player, pairs: int, rng: np.random.Generator) -> np.ndarray:
    """Points of `player` in two games from each of `pairs` random openings, one with each side: shape (2, pairs)."""
    opening = openings(pairs, OPENING_STONES, rng)
    second = opening.after(other(opening, rng))  # in these games the other side begins
    boards = Boards(np.concatenate([opening.mine, second.mine]), np.concatenate([opening.theirs, second.theirs]))
    points, live = np.full(2 * pairs, 0.5), np.arange(2 * pairs)
    sides = (player, 1.0), (other, 0.0)
    while len(live):
        for mover, value in sides:
            boards = boards.after(mover(boards, rng))
            won = has_won(boards.theirs)
            points[live[won]] = value
            on = ~won & (boards.occupied != BOARD)
            live, boards = live[on], boards.take(on)
            if not len(live):
                break
    return points.reshape(2, pairs)


@dataclass(frozen=True)
class Duel:
    """`games` games of search at a budget against the rules: what the search won, and its processor seconds."""

    playouts_per_move: int
    seed: int
    games: int
    wins: int
    draws: int
    playout: str = BLIND
    cpu_s: float = 0.0

    @property
    def points(self) -> float:
        """A win is one point, a draw a half."""
        return self.wins + self.draws / 2


def duel(playouts_per_move: int, pairs: int, seed: int, playout: str = BLIND) -> Duel:
    """Search at one budget, with one of PLAYOUTS, against the rules."""
    search = Search(playouts_per_move, playout=PLAYOUTS[one_of("playout", playout, PLAYOUTS)])
    start = time.process_time()
    points = play(search, rules, pairs, generator("duel", playouts_per_move, seed))
    wins, draws = int((points == 1).sum()), int((points == 0.5).sum())
    return Duel(playouts_per_move, seed, points.size, wins, draws, playout, time.process_time() - start)


@dataclass(frozen=True)
class Duels:
    """Duels at rising budgets, for one or several seeds; results at a budget are those of all seeds together."""

    rows: tuple[Duel, ...]

    def of(self, *seeds: int) -> "Duels":
        """The duels of these seeds only."""
        return Duels(tuple(row for row in self.rows if row.seed in seeds))

    @property
    def budgets(self) -> np.ndarray:
        """The budgets played, in rising order."""
        return np.array(sorted({row.playouts_per_move for row in self.rows}))

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds played."""
        return tuple(sorted({row.seed for row in self.rows}))

    def total(self, what: str) -> np.ndarray:
        """The sum of one attribute of the duels at each budget, as in `total("games")`."""
        return np.array(
            [sum(getattr(row, what) for row in self.rows if row.playouts_per_move == b) for b in self.budgets], float
        )

    @property
    def scores(self) -> np.ndarray:
        """Points for each game."""
        return self.total("points") / self.total("games")

    @property
    def gaps(self) -> np.ndarray:
        """Elo of the search over the rules."""
        return elo_gap(self.scores)

    @property
    def gap_intervals(self) -> tuple[np.ndarray, np.ndarray]:
        """The 95 % interval of each gap, from Wilson's interval of its score."""
        low, high = score_interval(self.total("points"), self.total("games"))
        return elo_gap(low), elo_gap(high)

    @property
    def crossing(self) -> float:
        """The playouts a move at which the search draws level with the rules; NaN if it does not."""
        return crossing(self.budgets, self.gaps)

    @property
    def crossing_by_seed(self) -> Spread:
        """The crossing of each seed by itself."""
        return spread(self.of(seed).crossing for seed in self.seeds)

    @property
    def crossing_interval(self) -> tuple[float, float]:
        """Where 95 % of the crossings of redrawn studies lie."""
        return _middle_95([crossing(self.budgets, gaps) for gaps in self._redrawn_gaps()])

    def gain(self, start: int, end: int) -> float:
        """The Elo that going from one budget played to another bought."""
        return float(self.gaps[self.budgets == end][0] - self.gaps[self.budgets == start][0])

    def gain_interval(self, start: int, end: int) -> tuple[float, float]:
        """Where 95 % of the gains of redrawn studies lie."""
        redrawn = self._redrawn_gaps()
        return _middle_95((redrawn[:, self.budgets == end] - redrawn[:, self.budgets == start]).ravel())

    def _redrawn_gaps(self) -> np.ndarray:
        """The gaps of 1,000 studies of as many games, drawn anew from those played at each budget (a bootstrap)."""
        games, wins, draws = (self.total(what) for what in ("games", "wins", "draws"))
        shares = np.stack([wins, draws, games - wins - draws], axis=1) / games[:, None]
        drawn = generator("crossing", len(self.rows)).multinomial(games.astype(int), shares, size=(1000, len(games)))
        return elo_gap((drawn[..., 0] + drawn[..., 1] / 2) / games)

    def cpu_s_per_game(self, playouts_per_move: float) -> float:
        """Processor seconds of a game at a budget between those played, on a straight line between logarithms."""
        each_s = self.total("cpu_s") / self.total("games")
        return float(np.exp(np.interp(np.log(playouts_per_move), np.log(self.budgets), np.log(each_s))))


def _middle_95(values) -> tuple[float, float]:
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


def duels(budgets: Sequence[int], pairs: int = 50, seeds: Sequence[int] = (1,), playout: str = BLIND) -> Duels:
    """Each budget against the rules, for each seed, two games from each of `pairs` openings."""
    return Duels(tuple(duel(budget, pairs, seed, playout) for seed in seeds for budget in budgets))


# All meet all

ENTRANTS: dict[str, Player] = {"rules": rules} | {str(budget): Search(budget) for budget in (28, 56, 112, 224, 448)}


@dataclass(frozen=True)
class Meeting:
    """The points that `first` took from `second` in `games` games."""

    first: str
    second: str
    seed: int
    games: int
    points: float


def meeting(first: str, second: str, pairs: int, seed: int) -> Meeting:
    """Two of ENTRANTS, two games from each of `pairs` openings."""
    rng = generator("tournament", first, second, seed)
    return Meeting(first, second, seed, 2 * pairs, float(play(ENTRANTS[first], ENTRANTS[second], pairs, rng).sum()))


def tournament(pairs: int, seed: int) -> tuple[Meeting, ...]:
    """All of ENTRANTS meet all."""
    return tuple(meeting(first, second, pairs, seed) for first, second in combinations(ENTRANTS, 2))


def ratings(meetings: Iterable[Meeting]) -> Ratings:
    """One Elo for each of ENTRANTS from all their meetings, the rules at 0."""
    names = list(ENTRANTS)
    points, games = np.zeros((2, len(names), len(names)))
    for met in meetings:
        i, j = names.index(met.first), names.index(met.second)
        points[i, j] += met.points
        points[j, i] += met.games - met.points
        games[i, j] += met.games
        games[j, i] += met.games
    return bradley_terry(names, points, games)


# The large study


@cache
def stored(playout: str = BLIND) -> Duels:
    """The duels of `study.csv` with one of PLAYOUTS: five seeds, 200 games for each seed and budget."""
    one_of("playout", playout, PLAYOUTS)
    return Duels(tuple(row for row in read_table(files(__package__) / "study.csv", Duel) if row.playout == playout))


@cache
def stored_tournament() -> tuple[Meeting, ...]:
    """The meetings of `tournament.csv`: five seeds, 60 games for each seed and pairing."""
    return read_table(files(__package__) / "tournament.csv", Meeting)
