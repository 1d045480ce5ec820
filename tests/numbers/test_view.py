"""The table as a reader sees it, and as a screen reader does."""

import re
from html.parser import HTMLParser

import pytest

from mlsys_helpers.numbers import ledger, view
from mlsys_helpers.numbers.claim import VERDICTS


class _Shape(HTMLParser):
    """Cells of each row, and elements that were left open."""

    def __init__(self):
        super().__init__()
        self.rows, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1
        if tag not in ("col", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_every_row_has_five_cells_and_names():
    shape = _Shape()
    shape.feed(view.numbers_table(ledger.claims()))
    assert shape.rows == [5] * (1 + len(ledger.claims())) and not shape.open
    drawn = view.numbers_table(ledger.claims(), height_px=500)
    assert drawn.count('scope="row"') == len(ledger.claims()) and drawn.count('scope="col"') == 5
    assert 'tabindex="0" role="region" aria-label=' in drawn and "<caption>" in drawn


def test_filters_narrow_the_table():
    shown = view.Numbers()
    assert shown.shown == ledger.chosen()
    shown.section.value = "1.6"
    shown.verdict.value = "differs"
    assert shown.shown == ledger.chosen("1.6", "differs")
    assert shown.children[1].value.count("<tr>") == 1 + len(shown.shown)
    assert "alert" in shown.children[2].value and f"{len(shown.shown)} claims" in shown.children[2].value


@pytest.mark.parametrize("section", ["", *ledger.sections()])
@pytest.mark.parametrize("verdict", ["", *VERDICTS])
def test_every_setting_of_the_filters_works(section, verdict):
    rows = ledger.chosen(section, verdict)
    assert view.numbers_table(rows).count("<tr>") == 1 + len(rows)


def test_filters_offer_every_section_and_verdict():
    shown = view.Numbers()
    assert [value for _, value in shown.section.options] == ["", *ledger.sections()]
    assert [value for _, value in shown.verdict.options] == ["", *VERDICTS]
    assert shown.section.description and shown.verdict.description


def test_without_a_kernel_the_whole_table_is_there():
    bundle = view.Numbers()._repr_mimebundle_()
    assert bundle["text/html"].count("<tr>") == 1 + len(ledger.claims())
    assert bundle["text/plain"] == view.told(ledger.claims())


def test_texts_are_escaped_and_told():
    drawn = view.numbers_table([ledger.claim("wake_word_ms"), ledger.claim("gpt3_days")])
    assert "2 claims, 1 to be read with care." in drawn
    assert re.search(r"&#x27;|&quot;|&gt;|&lt;", view.numbers_table(ledger.claims()))


def test_a_contradiction_names_the_other_place():
    assert "Against 1.2, table 2; self-check 1: 4 paradigms." in view.numbers_table([ledger.claim("shifts")])


def test_looking_up_shows_the_best_match_first():
    bundle = view.look_up("1287 MWh")._repr_mimebundle_()
    assert bundle["text/html"].index("1,287 MWh") < bundle["text/html"].index("1.3 GWh")
    assert bundle["text/plain"] == "2 claims."
