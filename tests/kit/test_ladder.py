"""Rungs are kept as they were given: the first before, the latest after, and both side by side."""

import pytest

from mlsys_helpers.kit.ladder import AFTER, BEFORE, RATED, RUNGS, Goal, Ladder, ratings
from mlsys_helpers.progress import store

GOALS = (Goal("walk", "Walk <far>", "1.1"), Goal("swim", "Swim", "1.2"))


def climb(card, *rungs):
    for radio, rung in zip(card.rungs.values(), rungs, strict=True):
        radio.index = rung
    card.button.click()
    return card


def test_before_is_kept_once_and_locked():
    early, late = Ladder(BEFORE, GOALS), Ladder(BEFORE, GOALS)
    climb(early, 0, 3)
    climb(late, 4, 4)  # a second copy of the card, opened before the first was kept
    assert ratings(BEFORE) == {"walk": 0, "swim": 3} and len(store.history(RATED)) == 1
    for card in (early, late, Ladder(BEFORE, GOALS)):
        assert [radio.index for radio in card.rungs.values()] == [0, 3]
        assert card.button.description == "Kept" and all(radio.disabled for radio in card.rungs.values())


def test_nothing_is_chosen_beforehand_and_every_goal_needs_a_rung():
    card = climb(Ladder(BEFORE, GOALS), None, 2)
    assert ratings(BEFORE) == {} and "1 to go" in card.said.value and card.button.description == "Keep"


def test_the_earlier_rating_is_not_shown_until_the_later_one_is_kept():
    climb(Ladder(BEFORE, GOALS), 1, 3)
    card = Ladder(AFTER, GOALS)
    assert card.said.value == "" and [radio.index for radio in card.rungs.values()] == [None, None]
    climb(card, 3, 2)
    assert "Higher than before on 1 of 2 goals, lower on 1." in card.said.value and 'role="alert"' in card.said.value
    walked, swum = card.said.value.split("<tr>")[2:]
    assert walked.index("1 heard of it") < walked.index("3 can do it") and "Walk &lt;far&gt;" in walked
    assert swum.index("3 can do it") < swum.index("2 can follow it")


def test_after_may_be_given_again_and_the_latest_counts():
    climb(Ladder(AFTER, GOALS), 1, 1)
    card = climb(Ladder(AFTER, GOALS), 4, 2)
    assert ratings(AFTER) == {"walk": 4, "swim": 2}
    assert "no earlier rating" in card.said.value and "not rated" in card.said.value
    again = Ladder(AFTER, GOALS)
    assert [radio.index for radio in again.rungs.values()] == [4, 2] and "alert" not in again.said.value


def test_a_goal_that_is_new_since_is_open():
    climb(Ladder(AFTER, GOALS[:1]), 4)
    assert [radio.index for radio in Ladder(AFTER, GOALS).rungs.values()] == [4, None]


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_the_static_form_asks_and_does_not_depend_on_progress(when):
    card = Ladder(when, GOALS)
    bundle = card._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for words in ("Swim", *RUNGS):
        assert words in bundle["text/html"] and words in bundle["text/plain"]
    climb(card, 1, 1)
    assert (card.html(), card.text()) == (bundle["text/html"], bundle["text/plain"])


def test_each_group_of_rungs_follows_its_goal():
    """The card's script takes the element before a group of radio buttons for the group's name."""
    card = Ladder(BEFORE, GOALS)
    for goal in GOALS:
        assert goal.where in card.children[card.children.index(card.rungs[goal.name]) - 1].value


def test_an_unknown_time_is_named():
    with pytest.raises(ValueError, match="did you mean 'before'"):
        Ladder("befor", GOALS)


def test_the_reader_is_told_where_ratings_cannot_be_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(store.HOME_VARIABLE, str(tmp_path / "file"))
    with pytest.warns(store.ProgressWarning):
        card = climb(Ladder(BEFORE, GOALS), 1, 1)
    assert card.button.description == "Kept" and "memory" in card.said.value
