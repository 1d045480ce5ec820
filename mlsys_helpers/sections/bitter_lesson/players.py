"""Two players of Connect Four: `Rules` hold what people know and look one move ahead; `Search` knows only which moves
are legal and who has won, and its strength is a number of random games.

A player is a function of a batch of boards and a random generator that returns one move for each board. Every board it
gets must be unfinished.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np

from mlsys_helpers.sections.bitter_lesson.connect_four import (
    BOARD,
    BOTTOM,
    COLUMN,
    COLUMNS,
    DIRECTIONS,
    Boards,
    Player,
    at_random,
    has_won,
    playable,
    playouts,
    random_moves,
    winning_squares,
)

STONES_WORTH = np.array([0, 1, 4, 16])  # of a line that the other side has not entered, by the stones in it
ODD_ROWS = BOTTOM * np.uint64(0b010101)  # rows 1, 3 and 5 as people count them
EVEN_ROWS = BOARD ^ ODD_ROWS
RIGHT_ROW_WORTH = 16  # of a winning square in a row that falls to its owner when columns fill up


# What people know. A rule names squares that it prefers; where none of the choices left is among them it says nothing.


def wins(boards: Boards, choices: np.ndarray) -> np.ndarray:
    """Squares that complete four in a row."""
    return winning_squares(boards.mine, boards.occupied)


def blocks(boards: Boards, choices: np.ndarray) -> np.ndarray:
    """Squares on which the other side would win at once."""
    return winning_squares(boards.theirs, boards.occupied)


def gives_nothing_above(boards: Boards, choices: np.ndarray) -> np.ndarray:
    """Squares that are not right below a winning square of the other side."""
    return ~(winning_squares(boards.theirs, boards.occupied) >> 1)


def forks(boards: Boards, choices: np.ndarray) -> np.ndarray:
    """Squares after which the mover threatens to win in two places at once."""
    found = np.zeros(len(boards), np.uint64)
    for column in COLUMN:
        move = choices & column
        after = boards.after(move)
        threats = winning_squares(after.theirs, after.occupied) & playable(after.occupied)
        found |= np.where(np.bitwise_count(threats) >= 2, move, np.uint64(0))
    return found


def keeps_own_square(boards: Boards, choices: np.ndarray) -> np.ndarray:
    """Squares that are not right below a winning square of one's own."""
    return ~(winning_squares(boards.mine, boards.occupied) >> 1)


def looks_best(boards: Boards, choices: np.ndarray) -> np.ndarray:
    """Squares after which one's own chances outweigh the other side's: open lines, winning squares in good rows."""
    worth = np.full((len(boards), COLUMNS), np.iinfo(int).min)
    for number, column in enumerate(COLUMN):
        move = choices & column
        worth[:, number] = np.where(move != 0, -outlook(boards.after(move)), worth[:, number])
    best = worth == worth.max(axis=1, keepdims=True)
    return np.bitwise_or.reduce(np.where(best, COLUMN, np.uint64(0)), axis=1)


RULES = (wins, blocks, gives_nothing_above, forks, keeps_own_square, looks_best)


@dataclass(frozen=True)
class Rules:
    """Hand-written play, one move deep: each rule in turn narrows the choices; what is left is drawn from at random.

    `known` is the rules in order of rank; the first few of RULES make a weaker player, none of them a random one.
    """

    known: tuple[Callable, ...] = RULES

    def __call__(self, boards: Boards, rng: np.random.Generator) -> np.ndarray:
        """The moves."""
        choices = playable(boards.occupied)
        for rule in self.known:
            better = choices & rule(boards, choices)
            choices = np.where(better != 0, better, choices)
        return random_moves(choices, rng)


rules = Rules()
win_or_block = Rules((wins, blocks))  # the little that a search may be told for its playouts


def outlook(boards: Boards) -> np.ndarray:
    """How good each board looks to the side to move, in whole numbers: open lines, and winning squares in good rows.

    A line that only one side has entered counts for that side, more with every stone. The centre needs no rule of its
    own: more lines pass through it. An empty winning square counts more in the rows that its owner will get when the
    columns fill up: odd rows for the side that began, even rows for the other.
    """
    mine, theirs, occupied = boards.mine, boards.theirs, boards.occupied
    to_move_began = np.bitwise_count(occupied) % 2 == 0
    my_rows = np.where(to_move_began, ODD_ROWS, EVEN_ROWS)
    good = [
        np.bitwise_count(winning_squares(stones, occupied) & rows).astype(int)
        for stones, rows in ((mine, my_rows), (theirs, BOARD ^ my_rows))
    ]
    return _open_lines(mine, theirs) - _open_lines(theirs, mine) + RIGHT_ROW_WORTH * (good[0] - good[1])


def _open_lines(stones: np.ndarray, others: np.ndarray) -> np.ndarray:
    held = np.bitwise_count(stones[:, None] & lines())
    is_open = others[:, None] & lines() == 0
    return (STONES_WORTH[np.minimum(held, 3)] * is_open).sum(axis=1)


@cache
def lines() -> np.ndarray:
    """The 69 lines of four, a mask each."""
    fours = [sum(1 << square + k * step for k in range(4)) for square in range(49) for step in DIRECTIONS]
    return np.array(sorted({four for four in fours if four & ~int(BOARD) == 0}), np.uint64)


# What search finds

TIE = 1e-9  # less than any difference that a search could mean


@dataclass(frozen=True)
class Search:
    """Blind Monte Carlo tree search (UCT) that may play `playouts_per_move` random games before each move.

    One round takes seven of them: walk down the tree to a leaf, always to the child with the best upper confidence
    bound, add the leaf's children, and play one random game from each (Kocsis and Szepesvari 2006). A leaf where the
    game is over counts its result seven times. The most visited move is played; ties fall at random. All boards search
    at once, each in its own row of the arrays. `explore` is the constant of the bound, the square root of 2 as in UCB1.
    `playout` plays the games: at random unless it is given something to know.
    """

    playouts_per_move: int
    explore: float = sqrt(2)
    playout: Player = at_random

    def __post_init__(self):
        if self.playouts_per_move < COLUMNS:
            wanted = f"playouts_per_move must be at least {COLUMNS}, one for each move"
            raise ValueError(f"{wanted}, got {self.playouts_per_move}")

    def __call__(self, boards: Boards, rng: np.random.Generator) -> np.ndarray:
        """The moves."""
        visits, points = self.counts(boards, rng)
        best = visits + points / np.maximum(visits, 1) / 2 + TIE * rng.random(visits.shape)
        return playable(boards.occupied) & COLUMN[best.argmax(axis=1)]

    def counts(self, boards: Boards, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Visits and points of each column of each board: arrays of shape (boards, 7), 0 for full columns."""
        tree = Tree(boards, self.playouts_per_move // COLUMNS, rng)
        for _ in range(self.playouts_per_move // COLUMNS):
            leaf = tree.descend(self.explore)
            tree.back_up(leaf, *tree.expand(leaf, self.playout, rng))
        return tree.visits[:, 1 : 1 + COLUMNS], tree.points[:, 1 : 1 + COLUMNS]


class Tree:
    """One search tree for each board. Node 0 is the root, and round r adds the seven nodes 7r + 1 to 7r + 7.

    `points` are those of the side that moved into a node; `first_child` is 0 where there is none; `result` is what that
    side gets where the game is over, else NaN. A node without visits is a move that cannot be played. `favour` settles
    ties, for each tree in an order of columns of its own: without it, searches that know little would play to one edge.
    """

    def __init__(self, boards: Boards, rounds: int, rng: np.random.Generator):
        shape = len(boards), 1 + COLUMNS * rounds
        self.row, self.favour = np.arange(len(boards)), TIE * rng.random((len(boards), COLUMNS))
        self.mine, self.theirs = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        self.mine[:, 0], self.theirs[:, 0] = boards.mine, boards.theirs
        self.visits, self.points = np.zeros(shape), np.zeros(shape)
        self.parent, self.first_child = np.full(shape, -1, np.int32), np.zeros(shape, np.int32)
        self.result = np.full(shape, np.nan)
        self.rounds = 0

    def descend(self, explore: float) -> np.ndarray:
        """The leaf that each tree wants to know more about."""
        node, row = np.zeros(len(self.row), np.int32), self.row
        while len(row):
            first = self.first_child[row, node[row]]
            row, first = row[first > 0], first[first > 0]
            children = first[:, None] + np.arange(COLUMNS)
            visits, log_parent = self.visits[row[:, None], children], np.log(self.visits[row, node[row]])
            with np.errstate(divide="ignore", invalid="ignore"):
                bound = self.points[row[:, None], children] / visits + explore * np.sqrt(log_parent[:, None] / visits)
            node[row] = first + np.where(visits > 0, bound + self.favour[row], -1.0).argmax(axis=1)
        return node

    def expand(self, leaf: np.ndarray, playout: Player, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Add the children of each leaf and play a game from each: how many, and the points of the leaf's own mover."""
        known = self.result[self.row, leaf]
        row = np.flatnonzero(np.isnan(known))
        parent, nodes = leaf[row], slice(1 + COLUMNS * self.rounds, 1 + COLUMNS * (self.rounds + 1))
        self.rounds += 1
        mine, theirs = self.mine[row, parent], self.theirs[row, parent]
        move = playable(mine | theirs)[:, None] & COLUMN
        children = Boards(np.repeat(theirs, COLUMNS), (mine[:, None] | move).ravel())
        legal = (move != 0).ravel()
        won, full = has_won(children.theirs), children.occupied == BOARD
        result = np.where(won, 1.0, np.where(full, 0.5, np.nan))
        points, play = np.where(legal, result, 0.0), np.flatnonzero(legal & np.isnan(result))
        points[play] = 1 - playouts(children.take(play), rng, playout)
        shape = len(row), COLUMNS
        self.mine[row, nodes], self.theirs[row, nodes] = children.mine.reshape(shape), children.theirs.reshape(shape)
        self.visits[row, nodes], self.points[row, nodes] = legal.reshape(shape), points.reshape(shape)
        self.result[row, nodes] = result.reshape(shape)
        self.parent[row, nodes], self.first_child[row, parent] = parent[:, None], nodes.start
        games, gained = np.full(len(leaf), float(COLUMNS)), COLUMNS * known
        games[row] = legal.reshape(shape).sum(axis=1)
        gained[row] = games[row] - points.reshape(shape).sum(axis=1)
        return games, gained

    def back_up(self, node: np.ndarray, games: np.ndarray, gained: np.ndarray) -> None:
        """Add what was learned at `node` to it and to all its ancestors, each from its own side."""
        row = self.row
        while len(row):
            self.visits[row, node] += games
            self.points[row, node] += gained
            node, gained = self.parent[row, node], games - gained
            on = node >= 0
            row, node, games, gained = row[on], node[on], games[on], gained[on]
