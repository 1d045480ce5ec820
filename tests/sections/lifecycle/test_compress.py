import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.sections.lifecycle import compress, model


@given(st.sampled_from([2, 3, 4, 8]), st.integers(1, 300), st.integers(0, 1000))
def test_packing_loses_nothing_and_takes_the_bytes_of_its_bits(bits, count, seed):
    top = 2 ** (bits - 1) - 1
    whole = np.random.default_rng(seed).integers(-top, top + 1, count).astype(np.int8)
    stored = compress.packed(whole, bits)
    assert len(stored) == int(np.ceil(count * bits / 8))
    assert compress.unpacked(stored, bits, count).tolist() == whole.tolist()


def test_rounding_errs_by_half_a_step_at_most_and_a_fitted_scale_by_less_in_square():
    weights = np.random.default_rng(1).normal(size=2000)
    for bits in (8, 4, 2):
        whole, scale = compress.rounded(weights, bits, fitted=False)
        assert np.abs(whole * scale - weights).max() <= scale / 2 + 1e-12
        fitted, smaller = compress.rounded(weights, bits)
        assert ((fitted * smaller - weights) ** 2).sum() <= ((whole * scale - weights) ** 2).sum()
        assert np.abs(fitted).max() <= 2 ** (bits - 1) - 1


def test_the_network_is_counted_by_its_shapes():
    network = compress.trained(1)
    assert network.params == 64 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10 == 50_826
    whole = compress.stored(1)
    assert whole.weight_bytes == 4 * 50_826 and whole.activation_bytes == 4 * (256 + 128)


@pytest.mark.parametrize(("bits", "kept"), [(8, 1.0), (4, 1.0), (2, 1.0), (8, 0.5), (4, 0.2)])
def test_what_is_packed_takes_what_the_model_says(bits, kept):
    """To a few bytes: the share kept is a whole number of weights, and each part ends on a whole byte."""
    network = compress.trained(1)
    weights = sum(w.size for w in network.weights)
    biases = 4 * (network.params - weights)
    by_model = model.stored_bytes(weights, bits, kept, scales=3) + biases
    assert compress.stored(1, bits, kept).weight_bytes == pytest.approx(by_model, abs=8)


def test_at_32_bits_the_network_reads_as_scikit_learn_has_it():
    """The forward pass written out here against the library's own, trained alike."""
    from sklearn.neural_network import MLPClassifier

    network = compress.trained(2, (8,))
    made = MLPClassifier((8,), learning_rate_init=0.01, max_iter=200, tol=1e-3, random_state=2)
    learn, test = compress.digits().split(2)
    made.fit((learn.features / 16).astype(np.float32), learn.labels)
    theirs = (made.predict((test.features / 16).astype(np.float32)) == test.labels).mean()
    assert compress.right(network, network.weights, round_activations=False) == pytest.approx(theirs, abs=0.004)


# What the notebook says


def test_four_bits_are_the_fewest_of_three_that_keep_the_rule():
    assert [compress.summary(bits).within for bits in (8, 4, 2)] == [True, True, False]
    assert not compress.summary(32).within  # it does not fit


def test_the_largest_weight_makes_a_bad_scale_for_two_bits():
    assert compress.summary(2, fitted=False).accuracy.high < 0.4 < 0.9 < compress.summary(2).accuracy.low
    for seed in (1, 2):
        whole = np.concatenate(
            [compress.rounded(w, 2, fitted=False)[0].ravel() for w in compress.trained(seed).weights]
        )
        assert (whole == 0).mean() > 0.95


def test_half_of_the_weights_at_two_bits_save_nothing():
    assert compress.summary(2, 0.5).resident_bytes >= compress.summary(2).resident_bytes


def test_eighty_percent_pruned_cost_four_to_five_points_at_any_bits():
    for bits in compress.BITS:
        assert 0.035 < compress.summary(bits, 0.2).lost.mean < 0.055


def least(hidden):
    ways = [compress.summary(bits, kept, hidden) for bits in compress.BITS for kept in compress.KEPT]
    return min(way.resident_bytes for way in ways if way.within)


def test_small_networks_need_a_fraction_of_what_the_large_one_needs():
    assert least(compress.LARGE) == compress.summary(3, 0.5).resident_bytes == pytest.approx(17.7e3, abs=50)
    sixteen, thirty_two = (compress.summary(8, 1.0, (units,)) for units in (16, 32))
    assert least((16,)) == sixteen.resident_bytes == pytest.approx(1.4e3, abs=50)
    assert 0.008 < sixteen.lost.mean < 0.01 < sixteen.lost.high  # by a hair
    assert thirty_two.lost.mean < 0.005 and thirty_two.resident_bytes == pytest.approx(2.6e3, abs=50)
    assert not any(compress.summary(b, k, (8,)).within for b in compress.BITS for k in compress.KEPT)


def test_pictures_come_back_from_behind_the_cut():
    for seed in (1, 2):
        assert compress.rebuilt(seed, 0) == pytest.approx(1, abs=1e-3)  # the picture itself
        assert compress.rebuilt(seed, 1) > 0.99 > 0.95 > compress.rebuilt(seed, 2) > 0.85
