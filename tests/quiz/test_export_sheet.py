"""Sheets to print: whole, self-contained, and silent about the answers unless asked."""

import html
import re
from html.parser import HTMLParser

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.export.formats import export
from mlsys_helpers.quiz.export.items import paper
from mlsys_helpers.quiz.score import solution

SECTIONS = ["sample", *(section.slug for section in chapter.open_sections())]


@pytest.fixture(scope="module", params=SECTIONS)
def questions(request, sample):
    return sample if request.param == "sample" else bank.section_bank(request.param)


def page(questions, to, **how):
    return export(questions, "1.0 T & U", to, **how).data.decode()


def words(markup):
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.S)).split())


class Balanced(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.open += [] if tag in ("meta", "br") else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("to", ["sheet", "answers"])
def test_the_file_is_whole_and_needs_nothing_else(questions, to):
    parser = Balanced()
    parser.feed(page(questions, to))
    assert parser.open == []
    assert not parser.seen & {"script", "link", "img", "iframe"}
    assert not re.search(r"https?:|url\(|@import", page(questions, to))


def test_every_question_is_on_the_sheet_with_its_points(questions):
    told = words(page(questions, "sheet"))
    for item in paper(questions, "")[0].items:
        if not re.search(r"[$`\\]", item.prompt):
            assert " ".join(item.prompt.split()) in told
    total = sum(item.points for item in paper(questions, "")[0].items)
    assert f"Name Date Points / {total}" in told


def test_the_sheet_tells_no_answer_and_the_other_tells_all(questions):
    asked, answered = words(page(questions, "sheet")), words(page(questions, "answers"))
    for item in paper(questions, "")[0].items:
        if item.question.type == "numeric":
            assert f"{solution(item.question, item.seed)} (accepted within" in answered
            assert f"{solution(item.question, item.seed)} (accepted" not in asked
        if item.question.type == "short_answer":
            assert item.question.feedback in answered and item.question.feedback not in asked
            assert all(point in answered and point not in asked for point in item.question.rubric)
    assert "✕" in answered and "✕" not in asked


def test_the_marked_option_is_the_right_one(sample):
    marked = re.findall(r'<span class="box">✕</span><span>([^<]*)', page(sample, "answers"))
    assert marked == ["The time at the switch", "False"]


def test_the_numbers_in_the_boxes_are_the_right_order(sample):
    boxes = re.findall(r'<span class="box wide">(\d)</span><span>([^<]*)', page(sample, "answers"))
    assert [text for _, text in sorted(boxes)] == list(sample.question("sample.sizes").items)
    assert [text for _, text in boxes] != list(sample.question("sample.sizes").items)


def test_variants_are_sheets_with_letters_and_numbers_of_their_own(sample):
    sheets = page(sample, "sheet", variants=3).split("<section>")[1:]
    assert [re.search(r"<h1>(.*?)</h1>", sheet)[1] for sheet in sheets] == [f"1.0 T &amp; U ({x})" for x in "ABC"]
    asked = {re.search(r"copy (.*?) when", words(sheet))[1] for sheet in sheets}
    assert len(asked) == 3
    answers = page(sample, "answers", variants=3).split("<section>")[1:]
    for sheet, answer in zip(sheets, answers, strict=True):
        assert re.search(r"copy (.*?) when", words(sheet))[1] == re.search(r"copy (.*?) when", words(answer))[1]


def test_maths_and_code_are_readable(sample):
    told = page(sample, "sheet")
    assert "t<sub>walk</sub> + t<sub>switch</sub>" in told
    assert "<code>switch</code>" in told
    assert "2 &lt; 3 &amp; so on" in told
    assert "$" not in words(told)
