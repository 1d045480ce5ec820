import json

import numpy as np
import pytest

from mlsys_helpers.grading.sandbox.values import NotPlain, Strange, decode, encode


@pytest.mark.parametrize(
    "value", [None, True, 3, -1.5, "data", (1, 2.0), [1, [2]], {"a": (1,), 3: None}, {1, 2}, ((), [])]
)
def test_plain_values_come_back_as_they_were(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert back == value and isinstance(back, type(value))


ARRAYS = [np.arange(6).reshape(2, 3), np.array([1.5]), np.array([True]), np.zeros((0, 3)), np.array(3.0),
          np.array(["a", "bc"]), np.float32([0.1]), np.uint8([255])]  # fmt: skip
FORGED = [
    *([], {}, {"a": 1}, [1], ["x"], ["t", 3], ["t", [1], 2], ["o", 3], ["o", "a", "b"], ["t", [["t", [{}]]]]),
    *(["d", [[["l", []], 1]]], ["d", [1]], ["s", [["l", []]]]),
    *(["a", "f", [2], [1.0]], ["a", "O", [1], [1]], ["a", "f", [-1], []], ["a", "f", [True], [1.0]]),
    *(["a", "i", [1], [2**70]], ["a", "i", [1], [1.5]], ["a", ["f"], [1], [1.0]], ["a", "f", [1], [None]]),
    ["a", "b", [1], [1]],
]


@pytest.mark.parametrize("array", ARRAYS, ids=repr)
def test_arrays_come_back_with_shape_and_kind(array):
    back = decode(json.loads(json.dumps(encode(array))))
    assert back.shape == array.shape and np.array_equal(back, array)


@pytest.mark.parametrize("value", [1j, object(), print, 10**1000, np.array([object()]), np.array([1j])])
def test_anything_else_is_strange(value):
    assert type(decode(json.loads(json.dumps(encode(value))))) is Strange


@pytest.mark.parametrize("data", FORGED, ids=str)
def test_forged_data_is_refused(data):
    with pytest.raises(NotPlain):
        decode(data)


def test_too_deep_and_too_wide_is_refused():
    deep = 1.0
    for _ in range(50):
        deep = ["l", [deep]]
    for data in (deep, ["l", [1.0] * 100_000], ["a", "f", [10**9], []]):
        with pytest.raises(NotPlain):
            decode(data)


def test_what_would_take_long_to_compare_is_refused():
    """Keys that all have one hash; an array in which every text is as long as the longest."""
    same_hash = [k * (2**61 - 1) for k in range(10_000)]
    for data in (["s", same_hash], ["d", [[k, 0] for k in same_hash]], ["l", ["x" * 4_000, *[""] * 10_000]]):
        with pytest.raises(NotPlain):
            decode(data)


def test_lone_surrogates_become_writable():
    assert decode("\ud800").encode("utf8") == b"?"


def test_a_set_is_written_in_one_order_whatever_the_words_hash_to():
    assert repr(decode(["s", ["data", "compute", "latency"]])) == "{'compute', 'data', 'latency'}"
    assert repr(decode(["s", []])) == "set()"
