"""Lists answer to the keyboard in a real browser, where JupyterLab would take the arrows for itself."""

import pytest

from mlsys_helpers.numbers import view
from mlsys_helpers.numbers.ledger import chosen
from tests.browser.lab import CHROMIUM, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    with Lab(tmp_path_factory.mktemp("lists")) as lab:
        lab.write(
            "lists.ipynb",
            "from mlsys_helpers.numbers import view\nfrom mlsys_helpers.sections.ml_systems import explorers",
            "explorers.envelope()",
            "view.Numbers()",
        )
        notebook = lab.open("lists.ipynb")
        assert notebook.run_all() == []
        yield notebook


def test_an_arrow_moves_the_list_of_an_explorer(reader):
    explorer = reader.page.locator(".companion-explorer")
    first = explorer.locator(".companion-sentence").inner_text()
    mission = explorer.get_by_role("combobox", name="Mission")
    began = mission.input_value()
    reader.press("ArrowUp", on=mission)
    explorer.locator(".companion-sentence", has_not_text=first).wait_for()
    assert mission.input_value() != began
    assert reader.page_errors == []


def test_the_numbers_are_filtered_by_section_and_verdict_without_a_mouse(reader):
    table = reader.page.get_by_role("region", name="Claims")
    section, verdict = (reader.page.get_by_role("combobox", name=name, exact=True) for name in ("Section", "Verdict"))
    reader.press("ArrowDown", on=section)
    reader.press("ArrowDown", on=section)
    table.get_by_text(view.told(chosen("1.1"))).wait_for()
    reader.page.keyboard.press("Tab")
    assert verdict.evaluate("list => list === document.activeElement")
    reader.page.keyboard.press("ArrowDown")
    rows = chosen("1.1", "contradicts")
    table.get_by_text(view.told(rows)).wait_for()
    assert table.get_by_role("rowheader").count() == len(rows) > 1
    assert reader.page.get_by_role("alert").get_by_text(view.told(rows)).count() == 1
    assert reader.page_errors == []
