import numpy as np
import pytest

from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.paradigm_history import model, mycin

CASE = mycin.CASE


def test_a_diagnosis_and_the_single_mistyped_rules_that_flip_it():
    surest = mycin.diagnose(CASE)
    assert next(iter(surest)) == "pseudomonas" and surest["pseudomonas"] == pytest.approx(0.6464)
    assert surest["pseudomonas"] == pytest.approx(model.combine(0.4 * 0.8, 0.6 * 0.8))
    flipped = [
        (rule.name, value)
        for rule in mycin.RULES
        for value in mycin.IDENTITIES
        if value != rule.conclusion[1]
        and next(iter(mycin.diagnose(CASE, mycin.mistyped(mycin.RULES, rule.name, value)))) != "pseudomonas"
    ]
    assert len(flipped) == 6 and {name for name, _ in flipped} == {"52", "75"}


def test_rules_chain_and_weak_premises_do_not_count():
    chain = (*mycin.RULES, mycin.Rule("host", (("burn", "serious"),), ("host", "compromised"), 0.5))
    facts = {key: value for key, value in CASE.items() if key != ("host", "compromised")}
    assert mycin.believe(("host", "compromised"), facts, chain) == 0.5
    assert mycin.diagnose(facts, chain)["pseudomonas"] == pytest.approx(model.combine(0.32, 0.6 * 0.5))
    assert mycin.diagnose(facts | {("gram", "negative"): 0.2}, chain)["pseudomonas"] == 0


def test_pairs_and_conflicts():
    assert (
        model.pairs(6) == 15
        and model.pairs(np.array([1, 2, 240])).tolist() == [0, 1, 28680]
        and mycin.conflicts(mycin.RULES) == 4
    )
    base = mycin.made_up_rules(np.random.default_rng(1), 480)
    compatible = sum(p * 3.0**-k for k, p in enumerate(np.array([10, 30, 15, 1]) / 56))  # k premises shared
    assert mycin.conflicts(base) / model.pairs(480) == pytest.approx(0.8 * compatible, rel=0.03)


def test_flips_are_shares_and_the_same_seed_gives_the_same():
    found = mycin.flips(seed=1, rules=30)
    assert found == mycin.flips(seed=1, rules=30) and 0 < found.changed_share < found.conflict_share < 1


def test_a_slip_does_less_harm_in_a_large_base_and_all_slips_together_more():
    small, large = (np.mean([mycin.flips(seed, rules).changed_share for seed in SEEDS]) for rules in (15, 240))
    assert 0.25 < large / small < 0.45 and 240 * large > 4 * 15 * small
