"""The rules of the game checked against published counts of positions and games, and against hand-made traps."""

from itertools import combinations

import numpy as np
import pytest

from mlsys_helpers.sections.bitter_lesson import connect_four as c4
from mlsys_helpers.sections.bitter_lesson.connect_four import Boards

# Tromp's and Edelkamp and Kissmann's count of legal positions after n plies, a game ending with the first four in a
# row: OEIS A212693. The positions of the last ply may be won.
POSITIONS = (1, 7, 49, 238, 1120, 4263, 16422, 54859, 184275)


def test_the_number_of_positions_after_each_ply_is_the_published_one():
    boards = c4.empty(1)
    for expected in POSITIONS:
        assert len(boards) == expected
        boards = boards.take(~c4.has_won(boards.theirs))
        moves = c4.playable(boards.occupied)[:, None] & c4.COLUMN
        row, column = np.nonzero(moves)
        after = boards.take(row).after(moves[row, column])
        _, first = np.unique(np.stack([after.mine, after.theirs]), axis=1, return_index=True)
        boards = after.take(first)


def lines_by_coordinates():
    """The 69 lines of four from columns and rows, without shifts: an independent count."""
    for column in range(7):
        for row in range(6):
            for right, up in ((0, 1), (1, 0), (1, -1), (1, 1)):
                if column + 3 * right < 7 and 0 <= row + 3 * up < 6:
                    yield [7 * (column + k * right) + row + k * up for k in range(4)]


def test_exactly_the_69_lines_of_four_win_among_all_sets_of_four():
    squares = [7 * column + row for column in range(7) for row in range(6)]
    fours = np.array(list(combinations(squares, 4)), np.uint64)
    won = c4.has_won((np.uint64(1) << fours).sum(axis=1))
    assert {tuple(four) for four in fours[won].tolist()} == {tuple(sorted(line)) for line in lines_by_coordinates()}
    assert won.sum() == 69


def test_the_square_that_completes_a_line_is_found_and_no_other():
    rng = np.random.default_rng(1)
    boards = c4.openings(400, 6, rng)
    for _ in range(8):
        boards = boards.take(~c4.has_won(boards.theirs))
        boards = boards.after(c4.random_moves(c4.playable(boards.occupied), rng))
    boards = boards.take(~c4.has_won(boards.theirs))
    bits = np.array([1 << 7 * column + row for column in range(7) for row in range(6)], np.uint64)
    tried = (bits & ~boards.occupied[:, None] != 0) & c4.has_won(boards.mine[:, None] | bits)
    assert tried.any()
    assert np.array_equal((bits * tried).sum(axis=1), c4.winning_squares(boards.mine, boards.occupied))


@pytest.mark.parametrize("game", ["1213141", "1122334", "12233434544", "43322121411"])
def test_wins_in_four_directions(game):
    assert c4.has_won(c4.position(game).theirs)[0]
    assert not c4.has_won(c4.position(game[:-1]).theirs)[0]


def test_a_full_board_without_four_is_a_draw():
    board = c4.position("121212212121343434434343565656656565777777")
    assert board.occupied[0] == c4.BOARD
    assert not c4.has_won(board.mine)[0] and not c4.has_won(board.theirs)[0]
    last = c4.position("12121221212134343443434356565665656577777")
    assert c4.playouts(last, np.random.default_rng(1)) == 0.5


def test_moves_that_the_rules_forbid_are_named():
    with pytest.raises(ValueError, match="column 1 is full"):
        c4.position("1111111")
    with pytest.raises(ValueError, match="the game is over"):
        c4.position("12131411")
    with pytest.raises(ValueError, match="from 1 to 7"):
        c4.position("8")
    with pytest.raises(ValueError, match="0 and 6"):
        c4.openings(1, 7, np.random.default_rng(1))


def test_random_moves_are_legal_and_equally_likely():
    rng, board = np.random.default_rng(1), c4.position("111111")
    boards = Boards(np.repeat(board.mine, 60_000), np.repeat(board.theirs, 60_000))
    count = np.bincount(c4.column_of(c4.random_moves(c4.playable(boards.occupied), rng)), minlength=7)
    assert count[0] == 0
    assert abs(count[1:] - 10_000).max() < 5 * 100  # five standard deviations


def test_playouts_know_a_certain_draw_and_the_first_movers_edge():
    rng = np.random.default_rng(1)
    first = c4.playouts(c4.empty(20_000), rng).mean()
    assert 0.53 < first < 0.58  # moving first helps even two players who know nothing
    last_square = c4.position("12121221212134343443434356565665656577777")
    nine = Boards(np.repeat(last_square.mine, 9), np.repeat(last_square.theirs, 9))
    assert np.all(c4.playouts(nine, rng) == 0.5)
