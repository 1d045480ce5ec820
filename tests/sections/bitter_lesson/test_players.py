"""The players see what they must see, and the search agrees with what is known about positions."""

import numpy as np
import pytest

from mlsys_helpers.sections.bitter_lesson import connect_four as c4
from mlsys_helpers.sections.bitter_lesson import players
from mlsys_helpers.sections.bitter_lesson.connect_four import Boards


def many(moves, copies=60):
    board = c4.position(moves)
    return Boards(np.repeat(board.mine, copies), np.repeat(board.theirs, copies))


def columns(player, moves, seed=1):
    """The columns, counted from 1, that a player may choose after `moves`."""
    return set((c4.column_of(player(many(moves), np.random.default_rng(seed))) + 1).tolist())


@pytest.mark.parametrize("player", [players.rules, players.Search(700)])
@pytest.mark.parametrize("moves,best", [("121212", {1}), ("112233", {4}), ("12121", {1})])
def test_wins_in_one_are_taken_and_stopped(player, moves, best):
    assert columns(player, moves) == best


def test_a_blind_search_sees_a_threat_only_with_enough_playouts():
    stopped = [
        (c4.column_of(players.Search(budget)(many("12121", 300), np.random.default_rng(1))) == 0).mean()
        for budget in (28, 140, 700)
    ]
    assert stopped[0] < 0.5 < stopped[1] < 1 == stopped[2]


def test_each_rule_says_what_it_is_for():
    three_below = "4455"  # x on 4 and 5 at the bottom: 3 or 6 makes an open three
    board = many(three_below, 1)
    forks = players.forks(board, c4.playable(board.occupied))
    assert {int(c) + 1 for c in range(7) if forks[0] & c4.COLUMN[c]} == {3, 6}
    lines = players.lines()
    assert len(lines) == 69
    through = [(lines & np.uint64(1 << 7 * c) != 0).sum() for c in range(7)]
    assert through == [3, 4, 5, 7, 5, 4, 3]  # why the centre is worth most
    assert players.outlook(c4.empty(1))[0] == 0


def test_one_stone_in_the_centre_opens_seven_lines():
    assert players.outlook(c4.position("4"))[0] == -7
    assert players.outlook(c4.position("41"))[0] == 7 - 3


def test_a_mirrored_board_looks_the_same():
    boards = c4.openings(500, 6, np.random.default_rng(1))
    mirrored = Boards(_mirrored(boards.mine), _mirrored(boards.theirs))
    assert np.array_equal(players.outlook(boards), players.outlook(mirrored))
    for rule in players.RULES:
        choices = c4.playable(boards.occupied)
        theirs = _mirrored(choices) & rule(mirrored, _mirrored(choices))
        assert np.array_equal(_mirrored(choices & rule(boards, choices)), theirs)


def _mirrored(stones):
    """Column 1 for column 7 and so on."""
    return np.bitwise_or.reduce([((stones & c4.COLUMN[c]) >> 7 * c) << 7 * (6 - c) for c in range(7)])


def test_search_counts_every_playout_once():
    visits, points = players.Search(280).counts(c4.openings(20, 4, np.random.default_rng(1)), np.random.default_rng(2))
    assert np.all(visits.sum(axis=1) == 280)
    assert np.all((points >= 0) & (points <= visits))


def test_search_opens_in_the_centre_which_is_known_to_be_the_only_winning_first_move():
    assert columns(players.Search(2800), "", seed=1) == {4}


def test_search_needs_a_playout_for_each_move():
    with pytest.raises(ValueError, match="at least 7"):
        players.Search(6)


def test_ties_fall_on_every_column():
    """Seven playouts know next to nothing: no edge of the board may be favoured."""
    board = c4.empty(2000)
    played = np.bincount(c4.column_of(players.Search(7)(board, np.random.default_rng(1))), minlength=7)
    assert played.min() > 100


def test_a_game_that_is_won_below_the_root_is_counted_and_never_played_on():
    visits, points = players.Search(70).counts(many("121212", 5), np.random.default_rng(1))
    assert np.all(points[:, 0] == visits[:, 0]) and np.all(visits[:, :1] >= visits)
    assert columns(players.Search(70), "121212") == {1}
