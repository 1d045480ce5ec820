"""What the tables say, where it is not a number that another test holds."""

import numpy as np

from mlsys_helpers.sections.ai_engineering import model, tables, zoo
from mlsys_helpers.sections.ai_engineering.wording import bound, written


def test_limits_are_written_in_their_units():
    assert [bound(limit) for limit in zoo.CONTRACT] == [
        "at least 94 %",
        "at least 80 %",
        "at most 10 ms",
        "at most 64 kB",
        "at most 200 nJ",
    ]
    assert written(zoo.CONTRACT[0], 0.9668) == "96.7 %" and written(zoo.CONTRACT[3], 977) == "977 B"


def test_a_verdict_says_kept_broken_or_unknown():
    found = tables.judged(zoo.CONTRACT[1:4], {"worst digit": 0.8, "p99": 0.015})
    assert [row[-1] for row in found.rows] == ["kept", "broken", "unknown"]
    assert [row[3] for row in found.rows] == ["+0 %", "-50 %", "?"]


def test_windows_too_small_for_a_limit_say_so():
    times = np.random.default_rng(0).exponential(size=2000)
    small, large = tables.windows(times, (100, 500)).rows
    assert small[-2:] == ("none set", "none set") and large[-1].endswith("%")


def test_gaps_of_a_promise_are_marked():
    rows = tables.specification({"metric": "accuracy", "limit": 0}).rows
    assert [row[0] for row in rows] == list(model.FIELDS)
    assert [row[-1] == "MISSING" for row in rows] == [row[0] not in ("metric", "limit") for row in rows]
