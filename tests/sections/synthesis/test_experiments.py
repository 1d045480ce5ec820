"""The stored table is what its command makes, and it shows what the notebook says of it."""

import numpy as np
import pytest

from mlsys_helpers.sections.synthesis import incident, players, study, tables


@pytest.mark.parametrize("seed", [2, 17])
def test_rows_made_anew_are_the_stored_ones(seed):
    made, kept = study.row(seed), incident.stored()[seed]
    assert list(made) == list(kept)
    for name, value in made.items():
        if isinstance(value, float):
            assert float(kept[name]) == pytest.approx(value, abs=2e-3), name
        else:
            assert kept[name] == str(value), name


def test_the_table_is_whole_and_causes_are_about_equally_common():
    rows = incident.stored().values()
    assert list(incident.stored()) == list(study.SEEDS)
    for alarm, causes in (("slow", incident.SLOW), ("wrong", incident.WRONG)):
        counts = [sum(row[alarm] == cause for row in rows) for cause in causes]
        assert min(counts) > 40 and max(counts) < 80


def test_no_habit_is_good_and_looking_is():
    assert tables.usual_answer() < 0.1
    for habit in players.HABITS:
        assert (tables.column(habit) < 0).mean() > 0.5 and np.clip(tables.column(habit), 0, 1).mean() < 0.35
    reached = {name: np.clip(tables.column(name), 0, 1).mean() for name in study.PLAYERS}
    assert reached["any plan"] < 0.3 and reached["no probe"] < 0.3 and reached["five probes"] > 0.85
    assert tables.column("passed").mean() > 0.9


def test_the_drift_monitor_can_be_left_out_and_nothing_else():
    every = tables.in_blocks(np.clip(tables.column("five probes"), 0, 1))
    assert max(players.ENGINEER, key=tables.without) == "drift"
    assert every.low < tables.without("drift") < every.high
    assert all(tables.without(probe) < every.low for probe in players.ENGINEER if probe != "drift")


def test_the_best_plan_retrains_less_often_where_inputs_moved_most():
    hardly, _, most = (float(row[2].split()[0]) for row in tables.drift_and_retraining().rows)
    assert hardly > most + 10


def test_a_larger_batch_is_nothing_at_night_and_a_rescue_in_a_rush():
    drawn = incident.incident(2)
    usual = drawn.healthy.requests_per_s
    runs = tables.batching(drawn, {"night": usual / 4, "rush": 2 * usual})
    four, sixteen = tables.BATCHES.index(4), tables.BATCHES.index(16)
    assert runs["night"][sixteen].mean == pytest.approx(runs["night"][four].mean, rel=0.02)
    assert runs["rush"][four].low > 0.2 > runs["rush"][sixteen].high


def test_ninety_and_ten_never_with_long_contexts_on_two_of_three_chips():
    chips = {row[0]: row[1:] for row in tables.ninety_ten().rows}
    assert [name for name, row in chips.items() if row[2] == "never"] == ["T4", "H100"]
    assert all(row[3] == "never" for row in chips.values()) and tables.alone() == pytest.approx(0.0044, abs=0.0002)
