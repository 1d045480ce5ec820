"""Connect Four for thousands of boards at once: a position is two 64-bit numbers, a batch of them two NumPy arrays.

Conventions. Seven columns of six squares. Bit 7 * column + row of a number is one square, row 0 at the bottom; the
seventh bit of each column stays empty, so that no line of four runs over an edge into the next column (John Tromp's
layout). `mine` holds the stones of the side to move, `theirs` those of the other; both are arrays of uint64. A move is
a number with one bit set. After a move the two names change sides.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

COLUMNS, ROWS = 7, 6
BOTTOM = np.uint64(sum(1 << 7 * column for column in range(COLUMNS)))
BOARD = BOTTOM * np.uint64(2**ROWS - 1)
COLUMN = np.array([(2**ROWS - 1) << 7 * column for column in range(COLUMNS)], np.uint64)
DIRECTIONS = (1, 7, 6, 8)  # up, right, right and down, right and up


@dataclass(frozen=True, eq=False)
class Boards:
    """A batch of positions."""

    mine: np.ndarray
    theirs: np.ndarray

    def __len__(self) -> int:
        return len(self.mine)

    @property
    def occupied(self) -> np.ndarray:
        """Every stone on each board."""
        return self.mine | self.theirs

    def take(self, rows) -> "Boards":
        """The boards at `rows` (indices or a mask)."""
        return Boards(self.mine[rows], self.theirs[rows])

    def after(self, move) -> "Boards":
        """The boards after the side to move has played `move`, one bit for each board; the other side is to move."""
        return Boards(self.theirs, self.mine | move)


Player = Callable[[Boards, np.random.Generator], np.ndarray]


def empty(boards: int) -> Boards:
    """`boards` positions without a stone."""
    return Boards(np.zeros(boards, np.uint64), np.zeros(boards, np.uint64))


def position(moves: str) -> Boards:
    """One board after `moves`, columns counted from 1: '4455' is two stones for each side.

    Raises ValueError for a full or unknown column, and for a move after the game is over.
    """
    board = empty(1)
    for number, column in enumerate(moves, 1):
        if column not in "1234567":
            raise ValueError(f"move {number} of {moves!r} must be a column from 1 to 7, got {column!r}")
        move = playable(board.occupied) & COLUMN[int(column) - 1]
        if not move[0] or has_won(board.theirs)[0]:
            why = "the game is over" if has_won(board.theirs)[0] else f"column {column} is full"
            raise ValueError(f"move {number} of {moves!r} cannot be played: {why}")
        board = board.after(move)
    return board


def playable(occupied: np.ndarray) -> np.ndarray:
    """The squares where a stone would land: one bit in each column that is not full."""
    return (occupied + BOTTOM) & BOARD


def has_won(stones: np.ndarray) -> np.ndarray:
    """True where `stones` hold four in a row."""
    won = np.zeros(np.shape(stones), np.uint64)
    for step in DIRECTIONS:
        pairs = stones & (stones >> step)
        won |= pairs & (pairs >> 2 * step)
    return won != 0


def winning_squares(stones: np.ndarray, occupied: np.ndarray) -> np.ndarray:
    """The empty squares that would complete four in a row of `stones`, whether a stone can land there yet or not."""
    squares = np.zeros(np.shape(stones), np.uint64)
    for step in DIRECTIONS:
        below, above = stones << step, stones >> step
        two_below, two_above = below & (below << step), above & (above >> step)
        squares |= two_below & ((stones << 3 * step) | above) | two_above & ((stones >> 3 * step) | below)
    return squares & ~occupied & BOARD


def column_of(move: np.ndarray) -> np.ndarray:
    """The column, 0 to 6, of each move."""
    return np.bitwise_count(move - np.uint64(1)) // 7


def random_moves(choices: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One bit of each of `choices`, every bit as likely as the others; none may be empty.

    Of k bits the lowest 0 to k - 1 are taken away, and the lowest that is left is the move.
    """
    skip = (rng.random(len(choices)) * np.bitwise_count(choices)).astype(np.uint8)
    for taken in range(COLUMNS - 1):
        choices = np.where(skip > taken, choices & (choices - 1), choices)
    return choices & (~choices + 1)


def at_random(boards: Boards, rng: np.random.Generator) -> np.ndarray:
    """Any legal move on each board."""
    return random_moves(playable(boards.occupied), rng)


def playouts(boards: Boards, rng: np.random.Generator, player: Player = at_random) -> np.ndarray:
    """Let `player` play both sides to the end: 1 where the side now to move wins, 1/2 for a draw, 0 where it loses.

    Every board must be unfinished.
    """
    points = np.full(len(boards), 0.5)
    live, mover_points = np.arange(len(boards)), 1.0
    while len(live):
        boards = boards.after(player(boards, rng))
        won = has_won(boards.theirs)
        points[live[won]] = mover_points
        on = ~won & (boards.occupied != BOARD)
        live, boards, mover_points = live[on], boards.take(on), 1 - mover_points
    return points


def openings(boards: int, stones: int, rng: np.random.Generator) -> Boards:
    """Random positions with `stones` stones, at most six so that nobody has won."""
    if not 0 <= stones <= 6:
        raise ValueError(f"stones must lie between 0 and 6, so that nobody has four, got {stones}")
    opening = empty(boards)
    for _ in range(stones):
        opening = opening.after(at_random(opening, rng))
    return opening
