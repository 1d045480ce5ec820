"""What the notebook says of the two experiments, over the seeds it uses and, where it matters, over others."""

import numpy as np
import pytest

from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.efficiency import selection, tables, three_ways
from mlsys_helpers.sections.efficiency.three_ways import Way


def test_both_gradients_are_the_same_arithmetic_and_the_slope_of_the_loss():
    rng, weights = np.random.default_rng(1), three_ways.network(1)
    images, targets = rng.random((7, 64)), np.eye(10)[rng.integers(0, 10, 7)]
    loop = three_ways.gradient_in_a_loop(weights, images, targets)
    matrices = three_ways.gradient_as_matrices(weights, images, targets)
    for one, other in zip(loop, matrices, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)

    def loss(first_weight: float) -> float:
        moved = [w.copy() for w in weights]
        moved[0][20, 3] = first_weight
        hidden = np.maximum(images @ moved[0] + moved[1], 0)
        scores = hidden @ moved[2] + moved[3]
        return float(-(targets * (scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))).sum(axis=1).mean())

    here = weights[0][20, 3]
    assert (loss(here + 1e-5) - loss(here - 1e-5)) / 2e-5 == pytest.approx(loop[0][20, 3], abs=1e-8)


def test_the_operations_of_a_visit_counted_from_the_shapes():
    shapes = [
        (1, 64, 32),
        (1, 32, 10),
        (32, 1, 10),
        (32, 10, 1),
        (64, 1, 32),
    ]  # forward twice, then three products back
    assert sum(2 * a * b * c for a, b, c in shapes) == three_ways.FLOP_PER_VISIT


def test_the_machine_does_not_change_the_steps():
    everything, kept, held_out = three_ways.split(3)
    by_loop = three_ways.count(kept, held_out, three_ways.LEAN, 3, three_ways.gradient_in_a_loop)
    assert by_loop == three_ways.counted(3, data=True, algorithm=True)
    assert 0.2 < len(held_out) / (len(held_out) + len(everything)) < 0.4


def test_typical_images_cut_the_visits_to_a_third_and_as_many_at_random_do_not():
    visits = {
        name: np.array([of(seed).visits for seed in SEEDS], float)
        for name, of in {
            "plain": three_ways.counted,
            "typical": lambda seed: three_ways.counted(seed, data=True),
            "lean": lambda seed: three_ways.counted(seed, algorithm=True),
            "both": lambda seed: three_ways.counted(seed, data=True, algorithm=True),
        }.items()
    }
    assert (visits["typical"] < 0.45 * visits["plain"]).all()
    assert 2.5 < (visits["plain"] / visits["typical"]).mean() < 4
    assert 15 < (visits["plain"] / visits["lean"]).mean() < 30
    assert 0.9 < visits["lean"].mean() / visits["both"].mean() < 1.2  # next to nothing
    control = [three_ways.counted_from(seed, selection.at_random, three_ways.SUBSET) for seed in SEEDS]
    assert not all(one.reached for one in control)
    reached = [one.visits for one in control if one.reached]
    assert np.mean(reached) > 0.9 * visits["plain"].mean()
    assert all(three_ways.counted(seed, data).reached for seed in SEEDS for data in (False, True))


def test_as_many_steps_over_a_third_of_the_images_and_never_with_a_tenth():
    steps = {data: np.mean([three_ways.counted(seed, data).steps for seed in SEEDS]) for data in (False, True)}
    assert steps[True] == pytest.approx(steps[False], rel=0.1)
    assert not any(three_ways.counted_from(seed, selection.typical, three_ways.TENTH).reached for seed in SEEDS)
    everything, kept, _ = three_ways.split(1)
    assert 10 < len(everything) / three_ways.TENTH < 11 and len(everything) / len(kept) < 3.3


def test_the_baseline_is_not_lamed_and_larger_batches_need_more_visits():
    everything, _, held_out = three_ways.split(1)

    def tried(batch, step, momentum):
        return three_ways.count(everything, held_out, three_ways.Recipe(batch, step, momentum), 1)

    plain, lean = three_ways.counted(1), three_ways.counted(1, algorithm=True)
    assert tried(None, 0.3, 0.0).visits > 2 * plain.visits and not tried(None, 2.0, 0.0).reached
    assert min(tried(32, step, 0.9).visits for step in (0.05, 0.2)) > lean.visits
    assert tried(128, 0.1, 0.9).visits > 2 * lean.visits


def test_ten_further_splits_agree_and_in_one_of_them_the_choice_saves_nothing():
    seeds = range(6, 16)
    alone = np.array([three_ways.counted(s).visits / three_ways.counted(s, data=True).visits for s in seeds])
    beside = [
        three_ways.counted(s, algorithm=True).visits / three_ways.counted(s, data=True, algorithm=True).visits
        for s in seeds
    ]
    assert 2 < alone.mean() < 3.5 and (alone < 1.1).sum() == 1
    assert 0.9 < np.mean(beside) < 1.2


def test_gains_fall_short_of_their_product_and_choosing_costs_more_than_the_fast_way():
    """Loose enough for a busy machine: the shortfalls are tenfold and more."""
    everything, pair = three_ways.JOINT[-1], Way(algorithm=True, machine=True)
    runs = three_ways.runs(1)
    assert three_ways.gain(1, everything) < 0.2 * three_ways.product_of_gains(1, everything)
    assert three_ways.gain(1, pair) > 3 * three_ways.gain(1, everything)  # less than without the data
    assert min(three_ways.gain(1, Way(algorithm=True)), three_ways.gain(1, Way(machine=True))) > 10
    assert three_ways.gain(1, pair) > three_ways.gain(1, Way(algorithm=True)) > three_ways.gain(1, Way(data=True))
    assert runs[pair].cpu_s < runs[everything].choosing_cpu_s < runs[Way()].cpu_s
    assert runs[Way(machine=True)].flop_per_s > 2 * runs[pair].flop_per_s
    assert runs[Way()].calls == runs[Way()].counted.visits and runs[pair].calls == runs[pair].counted.steps


def test_the_table_of_counts_says_how_many_seeds_got_there():
    there = {row[0]: row[1:3] for row in tables.counts().rows}
    assert there["control: as many, at random"][0] == "4 of 5"
    assert there["data: a tenth of the images"] == ("0 of 5", "never")


# The race


def mean(selector, size, wrong=0.0):
    return np.mean([selection.race(seed, wrong).at(selector, size) for seed in SEEDS])


@pytest.mark.parametrize("name", selection.SELECTORS)
def test_a_selector_gives_different_rows_of_the_asked_number(name):
    learn_from = three_ways.split(1)[0]
    rows = selection.SELECTORS[name](learn_from.features, learn_from.labels, 100, 1)
    assert len(set(rows.tolist())) == len(rows) and 95 <= len(rows) <= 100


@pytest.mark.parametrize("choose", selection.NESTED)
def test_a_nested_choice_of_few_begins_the_choice_of_many(choose):
    learn_from = three_ways.split(1)[0]
    few, many = (choose(learn_from.features, learn_from.labels, size, 1) for size in (50, 200))
    assert few.tolist() == many[:50].tolist()


def test_spread_out_takes_the_farthest_each_time():
    line = np.array([[0.0], [1.0], [5.0], [6.0], [20.0]])
    chosen = selection.spread_out(line, np.zeros(5, int), 3, seed=1)
    assert 4 in chosen and len(set(chosen.tolist())) == 3


def test_typical_images_win_at_fifty_in_every_seed():
    for seed in SEEDS:
        race = selection.race(seed)
        assert all(race.at("typical", 50) > race.at(other, 50) for other in selection.SELECTORS if other != "typical")


def test_hard_images_lose_when_few_and_do_as_well_as_all_when_many():
    assert mean("hardest", 50) < 0.5 < mean("random, by class", 50)
    everything = np.mean([selection.race(seed).all_images for seed in SEEDS])
    assert mean("hardest", 400) == pytest.approx(everything, abs=0.01)


def test_with_wrong_labels_hard_means_wrong_and_no_rule_wins_everywhere():
    assert mean("hardest", 100, 0.1) < 0.1  # below guessing
    assert mean("typical", 50, 0.1) > mean("random, by class", 50, 0.1)
    assert mean("typical", 200, 0.1) < mean("random, by class", 200, 0.1) < mean("spread out", 200, 0.1)


def test_the_hardest_of_a_noisy_set_are_mostly_mislabelled():
    learn_from = three_ways.split(1)[0]
    labels = selection.mislabelled(learn_from.labels, 0.1, 1)
    assert 0.07 < (labels != learn_from.labels).mean() < 0.13
    kept = selection.hardest(learn_from.features, labels, 100, 1)
    assert (labels != learn_from.labels)[kept].mean() > 0.95
