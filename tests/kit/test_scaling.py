import numpy as np
import pytest

from mlsys_helpers import facts
from mlsys_helpers.kit.scaling import training_flop


def test_gpt3_is_the_published_count_and_sizes_may_be_arrays():
    assert training_flop(175e9, 300e9) == pytest.approx(facts.workload("gpt3").training_flop, rel=0.005)
    assert np.allclose(training_flop(np.array([1e9, 2e9]), 10.0), [6e10, 12e10])


def test_nonsense_is_refused_by_name():
    with pytest.raises(ValueError, match="tokens"):
        training_flop(1e9, 0)
