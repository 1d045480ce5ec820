"""Points, counts, names and times are told alike everywhere."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mlsys_helpers.grading import words


@pytest.mark.parametrize(
    ("points", "shown"),
    [(2.0, "2"), (0.0, "0"), (0.825, "0.83"), (2.675, "2.68"), (1.005, "1.01"), (100.0, "100"), (0.1 + 0.2, "0.3")],
)
def test_points_are_rounded_as_people_round(points, shown):
    assert words.shown_points(points) == shown


def test_full_marks_are_full_marks():
    each = 10 / 12
    assert words.shown_points(10 * each + each + each) == "10"
    assert sum(float(words.shown_points(p)) for p in (10 * each, each, each)) == pytest.approx(9.99)


def test_counts_have_their_noun_and_points_their_decimals():
    assert [words.many(n, "point") for n in (0, 1, 2.5, 10 / 3)] == ["0 points", "1 point", "2.5 points", "3.33 points"]


def test_many_names_are_cut_and_counted():
    names = [f"s{n}" for n in range(1_200)]
    assert words.some(names[:2]) == "s0, s1" and words.some(iter(names), 2) == "s0, s1 and 1,198 more"
    assert words.some_lines(names[:2]) == ["s0", "s1"] and words.some_lines(names, 1) == ["s0", "and 1,199 more"]


@pytest.mark.parametrize("text", ["2026-12-08", "20261208", " 2026-12-08 23:59 ", "2026-12-08T23:59"])
def test_a_day_alone_is_meant_to_its_last_minute_where_it_is_typed(text):
    assert words.moment(text) == datetime(2026, 12, 8, 23, 59).astimezone()


def test_a_zone_that_is_typed_counts():
    assert words.moment("2026-12-08 23:59+01:00") == datetime(2026, 12, 8, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize("text", ["tomorrow", "", "2026-13-01", "2026-12-08 25:00"])
def test_what_is_no_time_is_named(text):
    with pytest.raises(ValueError, match=f"'{text}' is no date: write it like"):
        words.moment(text)


def test_a_time_is_told_with_its_zone():
    due = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
    assert words.written(due) == "2026-12-04 23:59 (UTC)"
    assert words.written(due.astimezone(timezone(timedelta(hours=1)))) == "2026-12-05 00:59 (UTC+01:00)"
