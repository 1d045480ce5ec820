"""Parts of three notebooks by keyboard alone, what a screen reader is given, and no motion for those who want none.

All notebooks, whole: benchmarks/keyboard.py.
"""

import pytest

from tests.browser.lab import CHROMIUM, Lab
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]

IMPORTS = """from mlsys_helpers.kit.predict import predict
from mlsys_helpers.quiz import quiz
from mlsys_helpers.sections.{section} import explorers"""
WALKED = {  # the cells walked through, and the least that is done in them
    "iron_law": (
        ('predict("iron_law.twice_the_peak")', "explorers.terms()"),
        {"radio": 2, "button": 1, "list": 3, "slider": 2},
    ),
    "five_pillars": (
        ("from mlsys_helpers.sections.five_pillars import desk\ndesk.card(seed=3)", "explorers.alarm()"),
        {"button": 5, "list": 1, "slider": 1},
    ),
    "book_map": (("explorers.fleet()", 'quiz("book_map")'), {"slider": 1, "answer": 10, "radio": 5}),
}
NAMED = {"slider", "combobox", "radio", "button", "textbox", "checkbox", "radiogroup", "image"}
MOVING = """() => [...document.querySelectorAll('.companion-explorer, .mlsys-card')].flatMap(
  box => [box, ...box.querySelectorAll('*')]).filter(at => {
    const look = getComputedStyle(at);
    return look.animationName !== 'none' || /[1-9]/.test(look.transitionDuration);
  }).map(at => at.className)"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with Lab(tmp_path_factory.mktemp("everyone")) as lab:
        yield lab


def shown(lab, section):
    cells, _ = WALKED[section]
    notebook = lab.open(lab.write(f"{section}.ipynb", IMPORTS.format(section=section), *cells))
    assert notebook.run_all() == []
    return notebook


@pytest.mark.parametrize("section", WALKED)
def test_every_control_is_reached_worked_and_left_by_keys_alone(lab, section):
    notebook, least = shown(lab, section), WALKED[section][1]
    walk = Walk(notebook)
    assert len(walk.cells()) == len(WALKED[section][0])
    for cell in walk.cells():
        walk.through(cell)
    assert all(walk.done[kind] >= count for kind, count in least.items()), walk.done
    assert walk.silent == [] and notebook.page_errors == []
    assert notebook.state()["waiting"] == 0  # no key went to the notebook and changed a cell


def test_a_screen_reader_is_given_a_name_for_everything(lab):
    page = shown(lab, "iron_law").page
    page.locator(".companion-explorer img").wait_for()
    page.wait_for_timeout(500)
    seen = [node for box in (".companion-explorer", ".mlsys-card") for node in _tree(page, box)]
    roles = {role for role, _ in seen}
    assert {"slider", "combobox", "image", "status", "radio", "radiogroup", "button"} <= roles
    assert [(role, name) for role, name in seen if role in NAMED and not name] == []
    sentence = page.locator(".companion-sentence").inner_text()
    assert ("image", sentence) in seen


def _tree(page, selector):
    """Role and name of all that the accessibility tree holds below the first element found by a selector."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Accessibility.enable")
    root = cdp.send("DOM.getDocument")["root"]["nodeId"]
    found = cdp.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    nodes = cdp.send("Accessibility.queryAXTree", {"nodeId": found})["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")]


def test_nothing_moves_for_those_who_want_no_motion(lab):
    page = shown(lab, "iron_law").page
    page.emulate_media(reduced_motion="reduce")
    page.locator(".companion-explorer img").wait_for()
    assert page.evaluate(MOVING) == []
