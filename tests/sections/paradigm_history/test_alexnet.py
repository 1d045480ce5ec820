import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.sections.paradigm_history import alexnet


def test_parameters_are_the_papers_60_million():
    assert alexnet.parameters() == 60_965_224 and alexnet.parameters(alexnet.layers(groups=1)) == 62_378_344
    assert alexnet.connected_share() == pytest.approx(0.9617, abs=1e-4)
    assert alexnet.connected_share(alexnet.layers(groups=1)) == pytest.approx(0.94, abs=1e-3)


def test_neurons_of_the_paper():
    sides = {layer.name: layer.outputs * layer.side**2 for layer in alexnet.layers()}
    assert [sides[name] for name in ("conv2", "conv3", "conv5", "fc7")] == [186_624, 64_896, 43_264, 4096]


def test_training_flop_are_epochs_estimate():
    listed = next(row for row in facts.training_runs() if row.model == "AlexNet").training_flop
    flop_per_image = 3 * 2 * sum(layer.macs for layer in alexnet.layers())  # forward once, backward twice
    assert flop_per_image * 1.2e6 * 90 == pytest.approx(listed, rel=0.01)


def test_memory_by_streams_batch_and_precision():
    one, two = (alexnet.training_memory(128, streams) for streams in (1, 2))
    assert one.weights_bytes == 4 * 60_965_224 and one.state_bytes == 3 * one.weights_bytes
    assert two.total_bytes == one.total_bytes / 2
    assert alexnet.training_memory(256, 1).activations_bytes == 2 * one.activations_bytes
    assert alexnet.training_memory(128, 1, "fp16").total_bytes == one.total_bytes / 2
    assert alexnet.training_memory(128, 1, optimiser="adam").state_bytes == 4 * one.weights_bytes
    assert 2.4e9 < one.total_bytes < 3e9  # the count does not force the split; buffers are left out
    assert one.activations_bytes / 2 / one.state_bytes > 1  # most of it, even without the activations' gradients
    assert np.shape(alexnet.training_memory(np.arange(1, 5), 1).total_bytes) == (4,)


def test_the_largest_batch_fits_and_one_more_does_not():
    best = alexnet.largest_batch(3e9, 1)
    assert alexnet.training_memory(best, 1).total_bytes <= 3e9 < alexnet.training_memory(best + 1, 1).total_bytes
    assert alexnet.largest_batch(0.7e9, 1) == 0


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="precision"):
        alexnet.training_memory(1, precision="fp23")
