"""Every claim that the notebook makes about what a reader will see in its explorers."""

import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.sections.paradigm_history import alexnet, explorers, model, mycin, spam, student, timeline


def test_what_becomes_of_the_later_letters():
    after = student.verdicts(student.LATER, student.rule_base())
    assert [after.count(verdict) for verdict in ("solved", "stuck", "wrong")] == [1, 5, 2]
    silent = student.read(explorers.LETTERS["later 3"], student.rule_base())
    assert silent.value == 81 and "doubled" in explorers.LETTERS["later 3"]
    assert len(student.rule_base()) - len(student.BASE) == 16 and len(student.ADDED) == 12


def test_the_duel_at_the_seed_shown():
    against_rules = spam.duel(1, "rules")
    assert list(against_rules.rules).index(0) == 8
    assert 0.15 < 1 - against_rules.bayes[-1] / against_rules.bayes[0] < 0.25
    padded, half = spam.duel(1, "padding"), spam.duel(1, "padding", 0.5)
    assert padded.bayes[-1] < 0.1 and padded.retrained[-1] > 0.99 > 0.9 > half.retrained[-1]


def test_which_batches_fit_which_card():
    big, small = facts.chip("GTX_580_3GB").memory_bytes, facts.chip("GTX_580").memory_bytes
    assert big - alexnet.training_memory(128, 1).total_bytes == pytest.approx(0.5e9, abs=0.02e9)
    assert (alexnet.largest_batch(big, 1), alexnet.largest_batch(big, 2)) == (163, 379)
    assert alexnet.training_memory(32, 1).total_bytes < small < alexnet.training_memory(64, 1).total_bytes
    assert alexnet.training_memory(128, 1, "fp16").total_bytes < small


def test_the_history_that_training_compute_tells():
    runs = facts.training_runs()
    start, end = timeline.longest_gap()
    assert (int(start), int(end)) == (1960, 1980)
    assert sum(1987 <= run.year < 1994 for run in runs) == 4
    spans = []
    for _, first, last in timeline.ERAS:
        inside = [run.training_flop for run in runs if first <= run.year < last]
        spans.append(np.log10(max(inside) / min(inside)))
    assert spans.index(max(spans)) == 3
    assert all(any(first <= year < last for _, first, last in timeline.ERAS) for year, _ in explorers.EVENTS)
    history = explorers.history()
    history.set(era=timeline.ERAS[3])
    assert "54 of 70 models" in history.sentence and "11 powers of ten" in history.sentence


def test_what_the_notebook_says_of_slips_and_dates():
    right = next(iter(mycin.diagnose(mycin.CASE)))
    slips = [(rule, value) for rule in mycin.RULES for value in mycin.IDENTITIES if value != rule.conclusion[1]]
    flips = [
        (rule.name, value)
        for rule, value in slips
        if next(iter(mycin.diagnose(mycin.CASE, mycin.mistyped(mycin.RULES, rule.name, value)))) != right
    ]
    assert len(slips) == 24 and len(flips) == 6 and ("75", "bacteroides") in flips
    assert 420e9 / 300e9 == 1.4 and round(570e9 / 400e9, 1) == 1.4
    assert model.combine(0.7, 0.7) == pytest.approx(0.91)
