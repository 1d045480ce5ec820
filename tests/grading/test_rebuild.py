"""The notebook that is run."""

import json

import pytest

from mlsys_helpers.grading.running.rebuild import NoNotebook, cells, rebuild


def _book(*sources, ids=True):
    made = [{"cell_type": "code", "source": s} | ({"id": s[:9]} if ids else {}) for s in sources]
    return json.dumps({"cells": made}).encode()


MASTER = _book("import a", "def f(x):\n    raise NotImplementedError", 'check("s.f", f)', "y = ...", 'check("s.y", y)')


def _shape(submitted: bytes) -> list[str]:
    return [f"<{step.task} {step.code}>" if step.task else step.code for step in rebuild(MASTER, submitted)]


def test_the_student_s_source_stands_in_the_released_order():
    assert _shape(_book("y = 1", "def f(x): return x", "z = 3")) == [
        "import a", "def f(x): return x", "z = 3", "<s.f f>", "y = 1", "<s.y y>"]  # fmt: skip


def test_a_check_of_the_student_s_own_moves_the_task_behind_it():
    shape = _shape(_book("def f(x): return 1", 'check("s.f", f)', "y = 1", 'def f(x): return 2\ncheck("s.f", f)'))
    assert shape.index("<s.f f>") == shape.index('def f(x): return 2\ncheck("s.f", f)') + 1
    assert shape.count("<s.f f>") == 1


def test_every_task_is_put_once_whatever_is_handed_in():
    for submitted in (_book(), MASTER, _book('check("s.f", 1)', 'check("s.f", 2)', 'check("s.q", 2)')):
        assert sorted(s for s in _shape(submitted) if s[0] == "<") == ["<s.f f>", "<s.y y>"]


NO_NOTEBOOKS = [
    b"",
    b"  ",
    b"{",
    b"[]",
    b"3",
    b"{}",
    b'{"cells": 3}',
    b"\xff\xfe\x00",
    b'{"worksheets": 1}',
    b"PK\x03\x04",
]


@pytest.mark.parametrize("data", [*NO_NOTEBOOKS, b"[" * 200_000], ids=lambda data: repr(data[:12]))
def test_what_is_no_notebook_is_refused_with_its_reason(data):
    with pytest.raises(NoNotebook):
        cells(data)


def test_a_byte_order_mark_and_odd_cells_are_read():
    odd = {"cells": [None, 1, {"cell_type": "code", "source": ["a\n", 3, "b"]}, {"cell_type": "raw", "source": "x"}]}
    assert [cell.source for cell in cells(b"\xef\xbb\xbf" + json.dumps(odd).encode())] == ["a\nb"]


def test_more_code_than_anybody_writes_is_refused():
    cells(_book(*["x" * 190_000] * 10))
    with pytest.raises(NoNotebook, match="2,000,000 letters"):
        cells(_book(*["x" * 190_000] * 11))
