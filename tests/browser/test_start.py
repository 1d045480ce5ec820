"""The start page in a real browser: the ladder by keyboard, kept through a restart, and set side by side."""

import re
import shutil

import pytest

from mlsys_helpers.kit.ladder import TITLES
from mlsys_helpers.publish.build import repository
from mlsys_helpers.start.goals import GOALS
from tests.browser.lab import CHROMIUM, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]

NOTEBOOK = "notebooks/00_start_here.ipynb"


def climb(reader, card, down):
    """Tab from goal to goal and press the arrow `down` times on each, then Enter on Keep."""
    groups = card.get_by_role("radiogroup")
    assert groups.count() == len(GOALS)
    for number in range(len(GOALS)):
        first = (
            card.get_by_role("radiogroup", name=re.compile(re.escape(GOALS[number].text))).get_by_role("radio").first
        )
        if number == 0:
            first.focus()
        else:
            reader.page.keyboard.press("Tab")
        reader.page.keyboard.press("Space")
        for _ in range(down):
            reader.page.keyboard.press("ArrowDown")
            reader.page.wait_for_timeout(300)
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")


def test_a_reader_climbs_the_ladder_by_keyboard(tmp_path):
    (tmp_path / "notebooks").mkdir()
    shutil.copy(repository() / NOTEBOOK, tmp_path / NOTEBOOK)
    with Lab(tmp_path) as lab:
        reader = lab.open(NOTEBOOK)
        reader.run_cell("from mlsys_helpers import chapter")
        card = reader.run_cell('goals.rate("before")').locator(".mlsys-card", has_text=TITLES["before"])
        climb(reader, card, 1)
        card.get_by_role("alert").get_by_text("Kept.").wait_for()
        assert card.get_by_role("radio", checked=True, disabled=True).count() == len(GOALS)

        reader.restart_kernel()
        reader.run_cell("from mlsys_helpers import chapter")
        card = reader.run_cell('goals.rate("after")').locator(".mlsys-card", has_text=TITLES["after"])
        climb(reader, card, 3)
        card.get_by_text("Higher than before on 5 of 5 goals").wait_for()
        assert card.get_by_role("cell", name="1 heard of it").count() == len(GOALS)
        assert card.get_by_role("cell", name="3 can do it").count() == len(GOALS)
        assert reader.page_errors == []
