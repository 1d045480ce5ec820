import numpy as np
from threadpoolctl import threadpool_info

from mlsys_helpers.kit.threads import one_thread


def most():
    return max(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")


def test_one_thread_inside_and_as_many_as_before_outside():
    np.ones((2, 2)) @ np.ones((2, 2))
    before = most()
    assert one_thread(most)() == 1 and most() == before
