"""The ring that really adds."""

import numpy as np
import pytest

from mlsys_helpers.sections.book_map import allreduce


@pytest.mark.parametrize("workers", [1, 2, 5, 16])
def test_whole_numbers_are_summed_exactly(workers):
    rows = np.random.default_rng(3).integers(-1000, 1000, (workers, allreduce.VALUES))
    done = allreduce.ring(rows)
    assert (done.sums == rows.sum(axis=0)).all() and done.agreed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_floats_are_summed_up_to_rounding_and_all_workers_hold_the_same_bits(seed):
    assert allreduce.ring(allreduce.gradients(16, seed)).agreed
    assert 0 < allreduce.largest_error(16, seed) <= 15 * np.finfo(np.float32).eps / 2


def test_what_the_text_and_the_quiz_say_of_another_order():
    rows = allreduce.gradients(8, seed=1)
    assert (allreduce.ring(rows).sums == allreduce.ring(rows).sums).all()  # the control: the same order
    assert allreduce.changed(2).high == 0
    assert allreduce.changed(4).low > 0.1
    assert allreduce.changed(8).low > 0.5  # "more than half"


def test_a_gradient_is_the_seed_s():
    assert (allreduce.gradients(4, 1) == allreduce.gradients(4, 1)).all()
    assert (allreduce.gradients(4, 1) != allreduce.gradients(4, 2)).any()
