"""The quiz by keyboard alone in a real browser: every type of question, maths, focus, and what the file keeps."""

import pytest

from mlsys_helpers.publish.build import repository
from tests.browser.lab import CHROMIUM, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]

SAMPLE = repository() / "tests" / "quiz" / "sample.toml"
SHOW = "from mlsys_helpers.quiz.bank import load\nfrom mlsys_helpers.quiz.widget import Quiz\nquiz = "
FOCUS = """() => {
  const at = document.activeElement, label = at.labels?.[0]?.textContent ?? at.textContent;
  return [at.type ?? at.tagName, (at.type === 'button' || at.type === 'submit' ? at.textContent : label).trim()];
}"""
SLOW = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code: 'import time; %s'})"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quiz")
    maths = SAMPLE.read_text(encoding="utf8").replace('"The time at the switch"', r'"$t_{\\text{switch}}$"')
    (folder / "bank.toml").write_text(maths.replace("Only the second term", "Only $t_2$"), encoding="utf8")
    with Lab(folder) as lab:
        yield lab


class Keys:
    """A reader without a mouse, on the card of a quiz that nobody has answered yet."""

    def __init__(self, lab, section):
        show = f'{SHOW}Quiz(load("bank.toml", "{section}", "math"))\nquiz'
        self.notebook = lab.open(lab.write(f"{section}.ipynb", show, "1"))
        assert self.notebook.run_all() == []
        self.card = self.notebook.page.locator(".mlsys-card").first
        self.card.locator("[type=radio]").first.wait_for()
        self.notebook.page.wait_for_timeout(500)
        self.card.locator("[type=radio]").first.focus()

    def press(self, *keys):
        for key in keys:
            self.notebook.page.keyboard.press(key)
            self.notebook.page.wait_for_timeout(150)

    def type(self, text):
        self.notebook.page.keyboard.type(text)

    def to(self, name, key="Tab"):
        """Go from control to control with Tab until the one called `name`."""
        passed = []
        while not passed or not passed[-1][1].startswith(name):
            assert len(passed) < 12, f"{name} is not reached with {key}: {passed}"
            self.press(key)
            passed.append(self.focus())

    def back_to(self, name):
        self.to(name, "Shift+Tab")

    def focus(self):
        return self.notebook.page.evaluate(FOCUS)

    def hears(self, words):
        """Wait for an announcement that holds `words`."""
        self.card.locator("[role=alert]", has_text=words).first.wait_for(state="attached")

    def next(self, number):
        if self.focus()[1] != "Next":
            self.to("Next")
        self.press("Enter")
        self.hears(f"Question {number} of 7")
        assert self.focus()[1] == "Next"


def test_one_question_of_each_type_by_keyboard_alone(lab):
    reader = Keys(lab, "sample")
    card, page = reader.card, reader.notebook.page

    assert card.get_by_role("radiogroup", name="The switch becomes twice as fast").count()
    for place in (".mlsys-letters li", ".widget-htmlmath-content > p"):
        assert card.locator(place).locator("mjx-container").count()
    assert card.locator(".mlsys-letters code, .widget-htmlmath-content code").count()
    reader.press("Space")
    assert card.locator("[type=radio]").nth(0).is_checked()
    reader.press("Enter")
    reader.hears("A switch does not move your feet.")
    assert reader.focus()[0] == "radio"
    reader.press("ArrowDown", "Enter")
    reader.hears("has the switch in it")
    assert card.locator(".mlsys-said mjx-container").count()
    assert reader.focus()[1] == "Check"

    reader.next(2)
    reader.back_to("False")
    reader.press("Space", "Enter")
    reader.hears("times add")

    reader.next(3)
    reader.back_to("Your answer:")
    page.evaluate(SLOW % "time.sleep(1.5)")  # the kernel is busy while the reader types and presses Enter
    reader.type("generalisation gap")
    reader.press("Enter")
    reader.hears("what does not carry over")
    assert reader.focus()[1] == "Check"

    reader.next(4)
    reader.back_to("4.")
    reader.press("ArrowUp", "Space")
    assert reader.focus()[1] == "3. a bit"
    reader.to("Move up")
    reader.press("Enter", "Enter")
    reader.hears("Number 1 of 4 now: a bit")
    assert reader.focus()[1] == "Move up"
    reader.to("Check")
    reader.press("Enter")
    reader.hears("Partly right.")
    reader.to("Show answer")
    reader.press("Enter")
    reader.hears("The answer: a bit, then a byte")
    assert reader.focus()[1] == "Check"

    reader.next(5)
    reader.back_to("Your answer, in hours")
    reader.type("2000 s")
    reader.press("Enter")
    reader.hears("That is at the full rate.")
    assert reader.focus()[0] == "text"
    reader.press("Control+a")
    reader.type("4000 s")
    reader.press("Enter")
    reader.hears("1.11 hours.")
    reader.to("Other numbers")
    reader.press("Enter")
    reader.hears("How long does it take to copy")
    assert reader.focus()[0] == "text" and not card.locator("[type=text]").input_value()

    reader.next(6)
    reader.next(7)
    reader.back_to("Your answer:")
    reader.type("Water boils when it boils.")
    reader.to("Check")
    reader.press("Enter")
    reader.hears("mark the points")
    reader.back_to("Says that")
    reader.press("Space")
    reader.to("Check")
    reader.press("Enter")
    reader.hears("1 of 2 points made.")
    assert card.get_by_label("Your answer:").input_value() == "Water boils when it boils."
    assert reader.notebook.page_errors == []
    assert reader.notebook.state()["waiting"] == 0  # no key went to the notebook and changed a cell

    reader.notebook.save()
    page.wait_for_timeout(1000)
    kept = (lab.folder / "sample.ipynb").read_text(encoding="utf8")
    assert "text/html" in kept and "From small to large" in kept
    for secret in ("generalisation gap", "2000", "4000", "move your feet", "carry over", "boils no faster"):
        assert secret not in kept


def test_the_card_neither_grows_nor_jumps(lab):
    reader = Keys(lab, "another")
    card = reader.card
    for number in range(1, 8):
        card.get_by_text(f"Question {number} of 7").first.wait_for()
        reader.notebook.page.wait_for_timeout(300)
        height = card.bounding_box()["height"]
        if card.locator("[type=text], textarea").count():
            card.locator("[type=text], textarea").fill("2 GB of something")
        elif card.locator("[type=radio]:enabled").count():
            card.locator("[type=radio]").first.check()
        for name in ("Check", "Check", "Show answer"):
            if card.get_by_role("button", name=name).count():
                card.get_by_role("button", name=name).click()
                reader.notebook.page.wait_for_timeout(300)
                assert card.bounding_box()["height"] == pytest.approx(height, abs=1), (number, name)
        card.get_by_role("button", name="Next").click()
