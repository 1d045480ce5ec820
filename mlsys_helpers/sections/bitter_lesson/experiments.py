"""What each piece of knowledge is worth, and what a blind search plays in a position that people can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.spread import SEEDS, Spread, spread
from mlsys_helpers.sections.bitter_lesson.connect_four import COLUMNS, Boards, column_of, position
from mlsys_helpers.sections.bitter_lesson.duel import play
from mlsys_helpers.sections.bitter_lesson.model import elo_gap
from mlsys_helpers.sections.bitter_lesson.players import RULES, Rules, Search, rules


@dataclass(frozen=True)
class RuleWorth:
    """One rule: the score of the rules up to it against those before it, and of all rules against all but it."""

    name: str
    added: Spread
    last: Spread

    @property
    def added_elo(self) -> float:
        """Elo that the rule adds to those of higher rank."""
        return elo_gap(self.added.mean)

    @property
    def last_elo(self) -> float:
        """Elo that is lost when only this rule is forgotten."""
        return elo_gap(self.last.mean)


def worth_of_rules(pairs: int = 100, seeds: Sequence[int] = SEEDS) -> tuple[RuleWorth, ...]:
    """Each rule of RULES, added in order of rank and taken out of the whole, 2 * `pairs` games for each seed."""

    def scores(player: Rules, other: Rules, *words) -> Spread:
        return spread(play(player, other, pairs, generator("rules", *words, seed)).mean() for seed in seeds)

    return tuple(
        RuleWorth(
            rule.__name__,
            scores(Rules(RULES[: rank + 1]), Rules(RULES[:rank]), "add", rank),
            scores(rules, Rules(RULES[:rank] + RULES[rank + 1 :]), "drop", rank),
        )
        for rank, rule in enumerate(RULES)
    )


TRIES = 100


@cache
def choices(moves: str, playouts_per_move: int, seed: int = 1) -> np.ndarray:
    """How often, of TRIES searches after `moves`, each of the seven columns is played."""
    board = position(moves)
    boards = Boards(np.repeat(board.mine, TRIES), np.repeat(board.theirs, TRIES))
    played = Search(playouts_per_move)(boards, generator("choices", moves, playouts_per_move, seed))
    return np.bincount(column_of(played), minlength=COLUMNS)
