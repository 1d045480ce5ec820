"""Explorers at their extremes, and every claim that the notebook makes about what a reader will see in them."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.quiz.bank import section_bank
from mlsys_helpers.sections.bitter_lesson import explorers, figures, model, players
from mlsys_helpers.sections.bitter_lesson.connect_four import column_of, openings, position

MADE = {"duels": explorers.duels, "board": explorers.one_board, "energy": explorers.energy}


@pytest.mark.parametrize("name", MADE)
def test_every_extreme_is_drawn_and_told(name):
    explorer, seen = MADE[name](), set()
    for values in explorer.corners():
        explorer.set(**values)
        seen.add((explorer.sentence, explorer.png))
        assert explorer.values == values and "nan" not in explorer.sentence and "inf" not in explorer.sentence
    assert len(seen) == len(list(explorer.corners()))


def test_who_is_better_at_896_playouts_takes_a_thousand_games_to_know():
    assert explorers.duel_sentence(896, 1).endswith("Nobody knows yet.")
    assert explorers.duel_sentence(896, 5).endswith("The search is stronger.")
    assert explorers.duel_sentence(28, 1).endswith("The rules are stronger.")


def test_the_ring_moves_from_above_900_to_near_700():
    at = [explorers.pooled(seeds).crossing for seeds in (1, 2, 5)]
    assert at[0] > 900 > at[1] > at[2] and at[2] == pytest.approx(700, abs=20)


def test_the_step_from_28_to_56_shrinks_when_games_are_added():
    few, many = explorers.pooled(1), explorers.pooled(5)
    assert few.gain(28, 56) > 100 and many.gain(28, 56) < 50
    assert many.gain_interval(28, 56)[0] < 0  # hardly anything: nothing is not ruled out
    visits, _ = players.Search(56).counts(openings(50, 4, np.random.default_rng(1)), np.random.default_rng(2))
    assert np.all(visits == 8)  # every move has had as many playouts as any other


def test_from_448_playouts_on_every_search_stops_the_threat_and_with_28_two_of_three_do_not():
    stops = {budget: explorers.choices("12121", budget)[0] for budget in explorers.BUDGETS}
    assert [budget for budget, count in stops.items() if count == explorers.TRIES] == [448]
    assert 60 <= explorers.TRIES - stops[28] <= 72
    assert column_of(players.rules(position("12121"), np.random.default_rng(1))) == [0]


def test_only_the_largest_budget_opens_in_the_centre_more_often_than_not():
    centre = {budget: explorers.choices("", budget)[3] for budget in explorers.BUDGETS}
    assert [budget for budget, count in centre.items() if count > explorers.TRIES / 2] == [448]


def test_an_open_two_is_extended_on_either_side():
    counts = explorers.choices("4455", 448)
    assert counts[2] > 40 and counts[5] > 40
    explorer = explorers.one_board()
    explorer.set(moves="4455", playouts=448)
    assert explorer.sentence.startswith("Of 100 searches with 448 playouts each, 50 play column 6 and 47 column 3")
    explorer.set(moves="12121", playouts=448)
    assert explorer.sentence.endswith("100 play column 1.")


def test_how_long_a_household_lives_on_the_tpus():
    home, day = facts.quoted("household_year").value, 365.25
    four = [explorers.training_j(4, c, o) / home * day for c, o in (("TPU_v1", 1.0), ("TPU_v3", 2.0))]
    assert four[0] < 1 and four[1] == pytest.approx(9, abs=0.5)
    assert explorers.training_j(2000, "TPU_v1", 1.0) / home > 1
    assert "288 TPU-hours" in explorers.energy_sentence(4, "TPU_v1", 1.1, 0.4)


def test_with_the_number_of_tpus_fixed_the_grid_matters_most():
    controls = explorers.energy().controls
    carbon, overhead = controls["kg_per_kwh"].values, controls["overhead"].values
    power = [facts.chip(name).tdp_w for name in controls["chip"].values]
    assert max(carbon) / min(carbon) == pytest.approx(17, abs=0.5)
    assert max(power) / min(power) * max(overhead) / min(overhead) < 16  # chip and building together
    assert explorers.grid_kg_per_kwh() == pytest.approx(0.429, abs=5e-4)


def test_the_order_that_the_quiz_asks_for_is_that_of_the_energies():
    joules = {
        "One processor core of 20 W for ten minutes": 20 * 600,
        "Four TPUs of 75 W for three days": explorers.training_j(4, "TPU_v1", 1.0),
        "A US household for a year": explorers.known_j()["a US household, one year"],
        "GPT-3, trained once": explorers.known_j()["GPT-3, trained once"],
    }
    assert facts.chip("TPU_v1").tdp_w == 75
    asked = section_bank("bitter_lesson").question("bitter_lesson.order_by_energy")
    assert sorted(joules, key=joules.get) == list(asked.items)
    powers = np.diff(np.log10([joules[item] for item in asked.items]))
    assert powers == pytest.approx([3.8, 2.7, 2.1], abs=0.1)


def test_what_a_clean_sheet_leaves_open():
    assert 1 - model.least_score(100) == pytest.approx(0.03, abs=1e-3)


def test_a_board_is_told_from_the_bottom_up():
    assert figures.tell_board(position("12121")) == ("From the bottom up, column 1 holds x, x, x; column 2 holds o, o.")
    assert figures.tell_board(position("")) == "The board is empty."
