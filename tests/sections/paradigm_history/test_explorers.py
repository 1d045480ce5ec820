"""Replace: explorers at their extremes, and every claim that the notebook makes about what a reader sees in them."""

import pytest

from mlsys_helpers.sections.paradigm_history import explorers, model


@pytest.mark.parametrize("names", [("items",), ()], ids=["first", "all"])
def test_every_extreme_is_drawn_and_told(names):
    explorer, seen = explorers.average(*names), set()
    for values in explorer.corners():
        explorer.set(**values)
        seen.add((explorer.sentence, explorer.png))
        assert "nan" not in explorer.sentence
    assert len(seen) == len(list(explorer.corners()))


def test_at_a_hundred_items_the_set_up_is_half_of_the_time():
    start_s = explorers.CONTROLS["setup_s"].start
    assert model.setup_share(start_s, explorers.ITEM_S, 100) == pytest.approx(0.5)


def test_an_unknown_control_is_named():
    with pytest.raises(ValueError, match="did you mean 'items'"):
        explorers.average("itms")
