"""What rules are worth, and what searches play: the claims of the notebook."""

import numpy as np

from mlsys_helpers.sections.bitter_lesson import experiments, players


def test_rules_overlap_so_that_forks_are_worth_nothing_at_the_end():
    worth = {row.name: row for row in experiments.worth_of_rules(pairs=60)}
    assert len(worth) == len(players.RULES)
    assert min(worth[name].added_elo for name in ("wins", "blocks", "looks_best")) > 100
    assert worth["forks"].added_elo > 40 and abs(worth["forks"].last_elo) < 30
    assert worth["forks"].added.low > 0.5 and worth["forks"].last.low < 0.5 < worth["forks"].last.high  # over seeds


def test_choices_are_counted_and_legal():
    counts = experiments.choices("111111", 28)
    assert counts.sum() == experiments.TRIES and counts[0] == 0
    assert np.array_equal(counts, experiments.choices.__wrapped__("111111", 28))
