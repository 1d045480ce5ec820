"""Duels: fair, repeatable, and the same as those that were stored."""

from dataclasses import replace

import numpy as np
import pytest

from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.bitter_lesson import connect_four as c4
from mlsys_helpers.sections.bitter_lesson import duel, players, study


def test_equal_players_draw_level_and_the_side_that_begins_has_the_edge():
    points = duel.play(c4.at_random, c4.at_random, 2000, np.random.default_rng(1))
    assert abs(points.mean() - 0.5) < 0.03
    assert points[0].mean() > 0.52 and points[1].mean() < 0.48


def test_what_one_takes_the_other_loses():
    few = players.Rules(players.RULES[:2])
    ours = duel.play(players.rules, few, 300, np.random.default_rng(1)).mean()
    theirs = duel.play(few, players.rules, 300, np.random.default_rng(2)).mean()
    assert ours > 0.8 and abs(ours + theirs - 1) < 0.06


def test_the_more_rules_the_stronger():
    rng, weaker = np.random.default_rng(1), [players.Rules(players.RULES[:known]) for known in (0, 1, 2, 4)]
    scores = [duel.play(players.rules, player, 200, rng).mean() for player in weaker]
    assert scores[0] > 0.97 and scores == sorted(scores, reverse=True)


def test_the_more_playouts_the_stronger():
    played = duel.duels((28, 448), pairs=30)
    assert np.all(played.total("games") == 60) and played.scores[0] < 0.2 < played.scores[1] < 0.7


@pytest.mark.parametrize(("playout", "highest"), [(duel.BLIND, 112), (duel.TACTICAL, 56)])
def test_a_part_of_the_stored_study_comes_out_the_same(playout, highest):
    rows = [row for row in duel.stored(playout).of(1).rows if row.playouts_per_move <= highest]
    assert len(rows) >= 2
    for row in rows:
        again = duel.duel(row.playouts_per_move, row.games // 2, row.seed, playout)
        assert replace(again, cpu_s=0) == replace(row, cpu_s=0)


def test_a_part_of_the_stored_tournament_comes_out_the_same():
    played = {(met.first, met.second): met for met in duel.stored_tournament() if met.seed == 1}
    for pairing in (("rules", "28"), ("28", "56")):
        assert duel.meeting(*pairing, study.TOURNAMENT_PAIRS, 1) == played[pairing]


def test_the_stored_study_is_what_its_command_plays():
    for playout, budgets in study.BUDGETS.items():
        stored = duel.stored(playout)
        assert stored.seeds == SEEDS and tuple(stored.budgets) == budgets
        assert {row.games for row in stored.rows} == {2 * study.DUEL_PAIRS}
    assert len(duel.stored_tournament()) == 15 * len(SEEDS)
    assert all(duel.stored().of(seed).total("cpu_s").sum() < 60 for seed in SEEDS)


def test_the_stored_study_crosses_where_the_notebook_says():
    stored = duel.stored()
    low, high = stored.gap_intervals
    assert np.all(high[stored.budgets <= 448] < 0) and np.all(low[stored.budgets >= 896] > 0)
    assert 600 < stored.crossing_interval[0] < stored.crossing < stored.crossing_interval[1] < 850
    seeds = stored.crossing_by_seed
    assert seeds.low < 600 and seeds.high > 900  # one seed alone misplaces it


def test_the_curve_bends():
    gap = dict(zip(duel.stored().budgets.tolist(), duel.stored().gaps, strict=True))
    assert gap[224] - gap[112] == pytest.approx(130, abs=10) and gap[3584] - gap[1792] < 100
    early, late = duel.stored().gain_interval(56, 224), duel.stored().gain_interval(896, 3584)
    assert early[0] > late[1] > late[0] > 0  # two doublings against two leave no doubt
    early, late = duel.stored().gain_interval(112, 224), duel.stored().gain_interval(1792, 3584)
    assert early[0] < late[1] and early[1] > late[1]  # one against one does


def test_a_gain_is_the_difference_of_two_gaps_and_its_interval_that_of_independent_games():
    stored = duel.stored()
    low, high = stored.gain_interval(896, 3584)
    gain, (lows, highs) = stored.gain(896, 3584), stored.gap_intervals
    assert low < gain < high and gain == pytest.approx(stored.gaps[-1] - stored.gaps[-3])
    assert high - low == pytest.approx(np.hypot(highs[-1] - lows[-1], highs[-3] - lows[-3]), rel=0.1)


def test_a_little_knowledge_is_worth_a_factor_of_three_in_playouts_and_less_in_seconds():
    blind, tactical = duel.stored(), duel.stored(duel.TACTICAL)
    playouts = blind.crossing / tactical.crossing
    seconds = blind.cpu_s_per_game(blind.crossing) / tactical.cpu_s_per_game(tactical.crossing)
    assert 2.7 < playouts < 3.7 and 1 < seconds < playouts
    assert all(blind.of(seed).crossing > 2 * tactical.of(seed).crossing for seed in SEEDS)
    each_s = {searches: searches.total("cpu_s") / searches.total("games") for searches in (blind, tactical)}
    at = list(tactical.budgets).index(56)
    assert np.interp(each_s[tactical][at], each_s[blind], blind.gaps) > tactical.gaps[at] + 50  # the left end: a loss


def test_a_duel_that_never_draws_level_has_no_crossing():
    few = duel.Duels(tuple(row for row in duel.stored().rows if row.playouts_per_move < 448))
    assert np.isnan(few.crossing)


def test_the_tournament_agrees_with_the_direct_duels_except_for_the_weakest():
    fit, direct = duel.ratings(duel.stored_tournament()), duel.stored()
    gaps = {str(budget): gap for budget, gap in zip(direct.budgets, direct.gaps, strict=True)}
    low, high = direct.gap_intervals
    errors = {str(b): (h - low_) / 3.92 for b, low_, h in zip(direct.budgets, low, high, strict=True)}
    rated = zip(fit.names[1:], fit.elo[1:], fit.error[1:], strict=True)
    off = {name: (elo - gaps[name]) / np.hypot(error, errors[name]) for name, elo, error in rated}
    assert fit.elo[0] == 0 and np.all(np.diff(fit.elo[1:]) > 0)
    assert abs(off.pop("28")) > 2 and all(abs(x) < 2 for x in off.values())


def test_an_unknown_kind_of_playout_is_named():
    with pytest.raises(ValueError, match="did you mean 'random'"):
        duel.duel(28, 5, 1, "randm")
