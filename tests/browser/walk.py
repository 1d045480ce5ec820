"""A reader without a mouse, on any notebook: every control is reached, worked and left by keys alone.

walk = Walk(notebook)               # an opened notebook of which every cell has run
for cell in walk.cells():
    walk.through(cell)              # raises Stuck with a sentence where a key does not do what it should
walk.done                           # what was done, by kind: {"slider": 12, "list": 3, ...}
"""

from collections import Counter

from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as TooLong

from tests.browser.lab import Notebook

# Indices of the cells that show a widget.
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, index) =>
  cell.model.type === 'code' && cell.model.outputs.toJSON().some(
    o => o.data && 'application/vnd.jupyter.widget-view+json' in o.data) ? [index] : [])"""
# Make a cell the active one, and give it the focus as Escape does.
ACTIVATE = """index => {
  const content = window.jupyterapp.shell.currentWidget.content;
  content.activeCellIndex = window.walked = index;
  content.mode = 'command';
  content.scrollToItem(index);
  document.activeElement.blur();
  content.widgets[index].node.focus();
}"""
# What has the focus: its kind, name and state, and whether it lies in the output of the cell that is walked through.
FOCUS = """() => {
  const at = document.activeElement, row = at.closest('.widget-slider');
  const box = at.closest('.companion-explorer, .mlsys-card, .mlsys-numbers-filters');
  const kind = at.getAttribute('role') === 'slider' ? 'slider' : at.tagName === 'SELECT' ? 'list'
    : at.tagName === 'BUTTON' ? 'button' : at.tagName === 'TEXTAREA' ? 'text' : at.type ?? at.tagName;
  const output = at.closest('.jp-OutputArea');
  return {
    kind, inside: !!output && at.closest('.jp-Cell').dataset.windowedListIndex === `${window.walked}`,
    name: (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent).trim(),
    value: kind === 'slider' ? at.getAttribute('aria-valuetext') : kind === 'list' ? at.selectedIndex : at.value,
    last: kind === 'list' ? at.selectedIndex + 1 === at.length
      : kind === 'slider' ? at.getAttribute('aria-valuenow') === at.getAttribute('aria-valuemax') : false,
    checked: !!at.checked, explorer: !!box?.matches('.companion-explorer'),
    sentence: box?.querySelector('.companion-sentence')?.textContent ?? '',
    alt: box?.querySelector('.companion-explorer img, img[alt]:not([hidden])')?.alt ?? '',
    heard: [...box?.querySelectorAll('[role=alert]') ?? []].map(e => e.textContent).join(' | '),
    seen: !!at.getClientRects().length && (at.matches(':focus-visible') || kind === 'slider'),
  };
}"""
CHANGED = f"([what, old]) => ({FOCUS})()[what] !== old"
WORDS = {"number": "1", "text": "Time is bytes over bandwidth."}


class Stuck(AssertionError):
    """A key did not do what a reader expects of it."""


class Walk:
    """Goes through the widgets of a notebook by Tab, arrows, Space and Enter."""

    def __init__(self, notebook: Notebook):
        self.notebook, self.page = notebook, notebook.page
        self.done: Counter[str] = Counter()
        self.silent: list[str] = []  # what moved a control of an explorer and changed nothing in its words
        self._index = -1

    def cells(self) -> list[int]:
        """The indices of the cells that show a widget."""
        return self.page.evaluate(CELLS)

    def through(self, index: int) -> None:
        """From the cell into its output, through every control, and out again."""
        self._index = index
        self.page.evaluate(ACTIVATE, index)
        self.page.wait_for_timeout(400)
        self._enter(index)
        for _ in range(80):
            at = self.focus()
            if not at["inside"]:
                return
            if self._quiz():
                self._answer_all()
                return
            self._use(at)
            self.page.keyboard.press("Tab")
        raise Stuck(f"cell {index}: Tab never leads out")

    def _cell(self) -> Locator:
        return self.page.locator(f".jp-Cell[data-windowed-list-index='{self._index}']")

    def focus(self) -> dict:
        """What has the focus now."""
        return self.page.evaluate(FOCUS)

    def _enter(self, index: int) -> None:
        for _ in range(12):
            self.page.keyboard.press("Tab")
            if self.focus()["inside"]:
                return
        raise Stuck(f"cell {index}: Tab does not lead to its controls; the focus is at {self.focus()}")

    def _use(self, at: dict) -> None:
        if not at["name"]:
            raise Stuck(f"a control without a name: {at}")
        if not at["seen"]:
            raise Stuck(f"nobody sees that {at['name']!r} has the focus")
        use = {
            "slider": self._slide,
            "list": self._choose,
            "radio": self._pick,
            "checkbox": self._pick,
            "button": self._press,
            "submit": self._press,
            "text": self._type,
        }.get(at["kind"])
        if use:
            use(at)
            self.done[at["kind"]] += 1

    def _slide(self, at: dict) -> None:
        self.page.keyboard.press("ArrowLeft" if at["last"] else "ArrowRight")
        self._wait_for("value", at, "an arrow does not move")
        self._told(at)

    def _choose(self, at: dict) -> None:
        self.page.keyboard.press("ArrowUp" if at["last"] else "ArrowDown")
        self._wait_for("value", at, "an arrow does not change")
        self._told(at)

    def _told(self, before: dict) -> None:
        """An explorer's picture and sentence say the new state, in the same words."""
        if not before["explorer"]:
            return
        try:
            self._wait_for("alt", before, "", 3_000)
        except Stuck:
            now = self.focus()
            self.silent.append(f"{before['name']} from {before['value']} to {now['value']}: {before['alt']}")
        self.page.wait_for_timeout(100)
        now = self.focus()
        if now["alt"] != now["sentence"]:
            raise Stuck(f"after {before['name']!r} the picture says {now['alt']!r}, the sentence {now['sentence']!r}")

    def _pick(self, at: dict) -> None:
        self.page.keyboard.press("Space")
        self.page.wait_for_timeout(60)
        if self.focus()["checked"] == at["checked"] and not (at["kind"] == "radio" and at["checked"]):
            raise Stuck(f"Space does not choose {at['name']!r}")
        if at["kind"] == "radio":
            self.page.keyboard.press("ArrowDown")
            self.page.wait_for_timeout(60)
            if not (self.focus()["checked"] and self.focus()["inside"]):
                raise Stuck(f"an arrow does not go on from {at['name']!r}")

    def _press(self, at: dict) -> None:
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(150)
        if at["name"] in ("Commit", "Keep"):
            self._hear("You predicted" if at["name"] == "Commit" else "Kept")
            if not self.focus()["inside"]:  # a button that is locked now loses the focus: not out of the output
                raise Stuck(f"{at['name']!r} throws the focus out of its card")

    def _type(self, at: dict) -> None:
        self.page.keyboard.type(WORDS["text"])
        if self.focus()["value"] == at["value"]:
            raise Stuck(f"nothing can be typed into {at['name']!r}")

    def _wait_for(self, what: str, before: dict, trouble: str, milliseconds: int = 5_000) -> None:
        try:
            self.page.wait_for_function(CHANGED, arg=[what, before[what]], timeout=milliseconds)
        except TooLong:
            raise Stuck(f"{trouble} {before['name']!r}: {before}") from None

    def _hear(self, words: str) -> None:
        card = self._cell().locator(".mlsys-card")
        try:
            card.locator("[role=alert]", has_text=words).first.wait_for(state="attached", timeout=5_000)
        except TooLong:
            raise Stuck(f"{words!r} is never said") from None

    # A quiz: one question after the other, whatever its kind

    def _quiz(self) -> bool:
        return self._cell().locator(".mlsys-foot").count() > 0

    def _answer_all(self) -> None:
        marks = self._cell().locator(".mlsys-marks li").count()
        for number in range(1, marks + 1):
            self._to_first()
            self._answer()
            self._to("Next")
            if number < marks:
                self.page.keyboard.press("Enter")
                self._hear(f"Question {number + 1} of {marks}")
                self._to("Next")
        self.page.keyboard.press("Tab")
        if self.focus()["inside"]:
            raise Stuck(f"Tab does not lead out of the quiz: {self.focus()}")

    def _to_first(self) -> None:
        """Back to the first control of the question that is shown."""
        for _ in range(30):
            self.page.keyboard.press("Shift+Tab")
            if not self.focus()["inside"]:
                break
        for _ in range(4):
            self.page.keyboard.press("Tab")
            if self.focus()["inside"]:
                return
        raise Stuck("Shift and Tab lead out of the quiz, and Tab does not lead back in")

    def _answer(self) -> None:
        """Work every control of the question until something is said about the answer."""
        for _ in range(12):
            at = self.focus()
            if at["name"] == "Check":
                self.page.keyboard.press("Enter")
                self.page.wait_for_timeout(250)
                heard = self.focus()["heard"]
                if "mark the points" in heard:
                    self._to_first()
                    self.page.keyboard.press("Tab")
                    continue
                if not heard:
                    raise Stuck("Check says nothing")
                self.done["answer"] += 1
                return
            self._use(at)
            self.page.keyboard.press("Tab")
        raise Stuck("Check is not reached")

    def _to(self, name: str) -> None:
        for _ in range(12):
            if self.focus()["name"] == name:
                return
            self.page.keyboard.press("Tab")
        raise Stuck(f"{name!r} is not reached; the focus is at {self.focus()}")
