"""Every claim that the notebook makes about what a reader will see in its explorers.

Nothing is claimed of the column p99 beyond an order, since it is measured on whatever computer this runs.
"""

import pytest

from mlsys_helpers.sections.ai_engineering import explorers, figures, model, zoo

BEST = "support vectors"


def broken(name, **bounds):
    return {finding.limit.quantity for finding in explorers.findings(**bounds)[name] if not finding.kept}


def test_the_last_to_pass_a_rising_accuracy_is_turned_away_by_size_and_energy():
    passing = [name for name in zoo.zoo() if "accuracy" not in broken(name, accuracy=0.98)]
    assert passing == [BEST] and {"size", "energy"} <= broken(BEST, accuracy=0.98)
    assert all("accuracy" in broken(name, accuracy=0.99) for name in zoo.zoo())


def test_a_larger_file_alone_does_not_let_the_best_in():
    assert "energy" in broken(BEST, size=1e6) and "size" not in broken(BEST, size=1e6)


def test_a_lower_accuracy_lets_nobody_new_in():
    short = [name for name in zoo.zoo() if "accuracy" in broken(name)]
    assert short and all("accuracy" not in broken(name, accuracy=0.8) for name in short)
    assert all("worst digit" in broken(name, accuracy=0.8) for name in short)


def test_a_contract_for_the_best_alone_needs_a_larger_file_and_twenty_times_the_energy():
    asked = {"accuracy": 0.98, "size": 2.5e5, "energy": 4e-6, "p99": 0.1}
    assert not broken(BEST, **asked) - {"p99"}
    assert all("accuracy" in broken(name, **asked) for name in zoo.zoo() if name != BEST)
    for smaller in ({"size": 6.4e4}, {"energy": 1e-6}):
        assert broken(BEST, **asked | smaller) - {"p99"}
    assert asked["energy"] / explorers.LIMITS["energy"].bound == pytest.approx(20)


def test_ten_nanojoules_leave_the_whole_numbers_only():
    kept = [name for name in zoo.zoo() if not broken(name, energy=1e-8) - {"p99"}]
    assert kept == ["int8 logistic"]
    assert broken("decision tree", energy=1e-8) - {"p99"} == {"accuracy", "worst digit"}


def test_a_control_moves_what_is_told():
    shown = explorers.contract("accuracy", "size")
    before = shown.sentence
    shown.set(accuracy=0.99)
    assert shown.sentence != before and shown.sentence.startswith("0 of 14")
    with pytest.raises(ValueError, match="unknown control"):
        explorers.contract("watts")


def test_correlated_votes_are_flat():
    error, rho = 0.04, 0.5
    luck, fate, cases = figures.vote_curves(error, rho).values()
    assert luck[-1] < 1e-7 and fate.min() >= rho * error
    assert fate[-1] > 0.85 * fate[1] and cases[-1] > 0.85 * cases[1]


def test_up_to_which_correlation_three_voters_halve_the_error():
    halved = [rho for rho in explorers.CORRELATIONS if model.own_difficulty(0.04, rho) <= 0.02]
    assert max(halved) == 0.1 and 0.02 < model.own_difficulty(0.04, 0.2) < 0.022


def test_a_majority_of_bad_parts_is_worse():
    assert model.vote_fails(0.6, 3) > 0.6 and model.own_difficulty(0.6, 0.5, 3) > 0.6
