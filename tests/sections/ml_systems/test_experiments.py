"""The experiments of section 1.4: what they measure, and every claim that the notebook makes about the results."""

import numpy as np
import pytest

from mlsys_helpers.data.datasets import digits, spambase
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.ml_systems import experiments, model

# The learning curve


def test_a_known_power_law_is_found_again():
    n = np.array(experiments.SIZES, float)
    straight = experiments.fit(n, model.power_law(n, 4.0, 0.7))
    assert (straight.scale, straight.alpha) == pytest.approx((4.0, 0.7), rel=1e-4)
    assert np.abs(straight.residual).max() < 1e-4
    bent = experiments.fit(n, model.power_law(n, 4.0, 0.7, 0.02), floor=True)
    assert (bent.alpha, bent.floor) == pytest.approx((0.7, 0.02), rel=1e-3)


def test_the_fit_is_least_squares_in_the_logarithm():
    found = experiments.curve(1)
    slope, _ = np.polyfit(np.log(found.samples), np.log(found.error), 1)
    assert found.alpha == pytest.approx(-slope, rel=1e-4)


def test_errors_are_those_of_scikit_learn_s_nearest_neighbour():
    from sklearn.neighbors import KNeighborsClassifier

    from mlsys_helpers.kit.seeds import generator

    by_hand = []
    for split in range(experiments.SPLITS):
        train, test = digits().split(seed=100 + split)
        known = train.take(generator("learning curve", 1, split).permutation(len(train))[:100])
        by_hand.append(1 - KNeighborsClassifier(1).fit(known.features, known.labels).score(test.features, test.labels))
    assert experiments.errors(1)[experiments.SIZES.index(100)] == pytest.approx(np.mean(by_hand), abs=1e-3)


def test_what_the_notebook_says_of_the_curve():
    straight, bent = experiments.average_curve(), experiments.average_curve(floor=True)
    assert np.abs(straight.residual).max() < 0.06
    assert 0.7 < experiments.alphas().low < straight.alpha < experiments.alphas().high < 0.9
    assert bent.alpha > straight.alpha  # a floor takes over the end of the curve, so the rest is steeper
    assert experiments.floors().low < 1e-6 and experiments.floors().high > 0.005  # seeds do not agree on a floor
    assert 0.07 < 1 - model.error_factor(1.1, straight.alpha) < 0.08
    assert 0.08 < 1 - model.error_factor(1 / 0.9, straight.alpha) < 0.09


def test_the_two_fits_part_beyond_the_data():
    straight, bent = experiments.average_curve(), experiments.average_curve(floor=True)
    far = [model.power_law(1e5, c.scale, c.alpha, c.floor) for c in (straight, bent)]
    assert far[1] > 5 * far[0]


# Three failures


@pytest.fixture(scope="module")
def table():
    return experiments.probed()


def test_the_tactic_is_really_absent_and_really_common():
    train, _ = spambase().split(1)
    using = experiments.uses_tactic(train)
    assert not experiments.uses_tactic(train.take(~using)).any()
    assert 0.4 < using.sum() / train.labels.sum() < 0.7


@pytest.mark.parametrize(("failure", "axis"), list(zip(experiments.FAILURES, model.AXES, strict=True)))
def test_the_probe_of_the_binding_axis_moves_the_symptom_most_for_every_seed(table, failure, axis):
    found = table[failure]
    for i in range(len(SEEDS)):
        by_probe = {probe: result.values[i] for probe, result in found.items()}
        assert min(by_probe, key=by_probe.get) == axis
        assert by_probe[axis] < by_probe["none"] / 2


def test_what_the_notebook_says_of_the_probes(table):
    tactic, simple, spike = table.values()
    assert 0.15 < tactic["algorithm"].mean < 0.30 and tactic["data"].mean < 0.05 < 0.6 < tactic["none"].mean
    assert tactic["data"].high < tactic["algorithm"].low
    assert all(experiments.weight_of_the_tactic(seed) < 0 for seed in SEEDS)
    assert abs(simple["data"].mean - simple["none"].mean) < 0.02
    assert spike["algorithm"].mean > spike["none"].mean + 0.1 and spike["machine"].high == 0


def test_the_controls_say_that_it_is_the_tactic_and_not_the_number_of_examples(table):
    tactic = table[experiments.FAILURES[0]]
    fewer, hidden = experiments.controls().values()
    train, _ = spambase().split(1)
    assert 0.5 < experiments.uses_tactic(train).sum() / train.labels.sum() < 0.6  # "more than half of all spam"
    assert fewer.high < 0.10 and hidden.high < 0.12 and tactic["none"].low > 0.7
    assert hidden.low > tactic["data"].high  # new examples still do better
    assert all(with_all < less for with_all, less in zip(tactic["data"].values, fewer.values, strict=True))


def test_a_probe_that_is_not_run_could_not_have_mattered():
    assert experiments.missed_tactic(1, "machine") == experiments.missed_tactic(1, "none")
    assert experiments.error_of_the_simple(1, "machine") == experiments.error_of_the_simple(1, "none")
    assert experiments.late_share(1, "data", messages=300) == experiments.late_share(1, "none", messages=300)


def test_a_photo_comes_out_as_the_network_wants_it():
    picture = experiments.prepared()
    assert picture.shape == (224, 224, 3) and picture.dtype == np.float32
    assert 0 <= picture.min() < 0.2 < 0.8 < picture.max() <= 1


# The queue


def test_a_message_alone_takes_its_service_time():
    assert experiments.queue(1, 1e-3, 0.5, servers=1, messages=20) == pytest.approx(np.full(20, 0.5))


def test_the_queue_agrees_with_theory():
    """Pollaczek and Khinchine: constant service, half loaded, waits half a service time on average."""
    times_s = experiments.queue(1, 500, 1e-3, servers=1, messages=40_000)
    assert times_s.mean() == pytest.approx(1.5e-3, rel=0.05)


def test_a_leaner_algorithm_cures_the_spike_as_a_second_server_does():
    """The folded answer on failure 3: half of the work for each message."""
    for seed in SEEDS:
        times_s = experiments.queue(seed, experiments.RATE_PER_S, experiments.SERVICE_S["linear"] / 2, 1, 4_000)
        assert times_s.max() < experiments.LATE_S


def test_little_s_law_holds_in_the_queue():
    times_s = experiments.queue(2, 800, 1e-3, servers=1, messages=20_000)
    assert model.in_flight(800, times_s.mean()) == pytest.approx(0.8 + 0.8**2 / (2 * 0.2), rel=0.15)
