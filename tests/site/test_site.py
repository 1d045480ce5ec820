"""The site as a reader has it: in a real browser, by keys alone, printed, without scripts, and from one host only."""

import re
import unicodedata

import pytest
from pypdf import PdfReader

from mlsys_helpers.publish.build import repository
from mlsys_helpers.publish.site import build
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.questions import Choice, Ordering, ShortAnswer
from mlsys_helpers.quiz.score import right_response
from tests.browser.lab import CHROMIUM
from tests.site import browse

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]
LESSON, MOVING = "notebooks/11_five_pillars.html", "11_five_pillars"  # its explorers are the quickest to draw
SAMPLE = ["index.html", LESSON, "exercises/06_iron_law.html", "notebooks/A1_numbers.html"]
NO_MEMORY = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    assert build.build(repository(), out, moving=lambda stem: stem == MOVING).explorers == 3
    return out


@pytest.fixture(scope="module")
def served(folder):
    with browse.Served(folder) as site:
        yield site


@pytest.fixture
def site(served):
    served.complaints.clear()
    yield served
    assert served.complaints == []


def test_every_link_inside_the_site_leads_somewhere(folder):
    assert len(browse.names(folder)) > 35
    assert browse.broken_links(folder) == []


def test_every_page_is_valid_html(folder):
    assert browse.invalid(folder) == []


def test_no_page_names_a_script_style_or_picture_of_another_host(folder):
    for name in browse.names(folder):
        text = (folder / name).read_text(encoding="utf8")
        assert re.findall(r'<(?:script|img|link|iframe)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"', text) == [], name


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", SAMPLE)
def test_axe_finds_nothing_serious(site, name, dark):
    assert browse.serious(site.open(name, dark=dark)) == []


@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.parametrize("width", [360, 640], ids=["360 px", "200 % of 1280 px"])
def test_a_page_never_scrolls_sideways(site, name, width):
    assert browse.too_wide(site.open(name, width)) == []


def test_the_first_page_weighs_less_than_a_photo(site):
    page = site.open("index.html")
    assert 20_000 < page.evaluate(browse.WEIGHT) < 1_500_000


def test_an_explorer_moves_by_keys_and_says_what_it_shows(site):
    page = site.open(LESSON)
    form = page.locator("form.companion-explorer").first
    slider, image, sentence = form.get_by_role("slider").first, form.locator("img"), form.get_by_role("status")
    before = (
        image.get_attribute("src"),
        sentence.inner_text(),
        slider.get_attribute("aria-valuetext"),
        form.bounding_box(),
    )
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([image, old]) => image.getAttribute('src') !== old", arg=[image.element_handle(), before[0]]
    )
    assert image.get_attribute("alt") == sentence.inner_text() != before[1]
    assert slider.get_attribute("aria-valuetext") != before[2]
    assert image.evaluate("one => one.complete && one.naturalWidth") > 600
    assert form.bounding_box()["height"] == before[3]["height"], "the page jumped"


def test_a_result_waits_for_the_prediction_and_tells_who_was_right(site):
    page = site.open(LESSON)
    form, card = page.locator(".companion-predict").first, page.locator(".companion-reveal").first
    result = card.locator(".companion-result")
    assert not result.is_visible() and not page.evaluate("localStorage.length")
    form.get_by_role("button").press("Enter")
    assert "Choose an answer first" in form.get_by_role("status").inner_text()
    form.get_by_role("radio").first.press("Space")
    page.keyboard.press("ArrowDown")
    form.get_by_role("button").press("Enter")
    chosen = form.locator("input:checked").get_attribute("value")
    assert result.is_visible() and f"You predicted: {chosen}" in card.get_by_role("status").inner_text()
    page.reload()
    assert card.locator(".companion-result").is_visible()
    assert form.locator("input:checked").get_attribute("value") == chosen
    assert form.locator("input:enabled").count() == 1


def test_a_result_can_be_seen_without_a_prediction(site):
    card = site.open(LESSON).locator(".companion-reveal").first
    card.get_by_role("button", name="Show it without a prediction").press("Enter")
    assert card.locator(".companion-result").is_visible() and "none." in card.get_by_role("status").inner_text()


def answer(page, form, question) -> None:
    """Answer a question rightly, by keys alone."""
    response = right_response(question)
    if isinstance(question, Choice):
        form.locator(f"input[value={response!r}]" if "'" not in response else f'input[value="{response}"]').press(
            "Space"
        )
    elif isinstance(question, Ordering):
        for place, item in enumerate(response):
            button = form.locator("li", has=page.get_by_text(item, exact=True)).get_by_role("button").first
            while form.locator("li").nth(place).get_attribute("data-item") != item:
                button.press("Enter")
    elif isinstance(question, ShortAnswer):
        form.get_by_role("textbox").focus()
        page.keyboard.type("Because.")
        form.get_by_role("button", name="Check").press("Enter")
        for box in form.get_by_role("checkbox").all():
            box.press("Space")
    else:
        form.get_by_role("textbox").focus()
        page.keyboard.type(response)
    form.get_by_role("button", name="Check").press("Enter")


def test_a_quiz_is_answered_by_keys_and_keeps_its_answers(site):
    page = site.open("notebooks/06_iron_law.html")
    questions = bank.section_bank("iron_law").questions
    assert len({type(question) for question in questions}) == 5
    for question in questions:
        form = page.locator(f'form[data-id="{question.id}"]')
        answer(page, form, question)
        assert form.get_by_role("status").inner_text().startswith("Right."), question.id
    told = f"{len(questions)} of {len(questions)} right."
    assert page.locator(".companion-total").inner_text() == told
    page.reload()
    assert page.locator(".companion-total").inner_text() == told
    page.get_by_role("button", name="Start this page afresh").click()
    page.wait_for_function("document.querySelector('.companion-total')?.textContent.startsWith('0 of')")


def test_a_wrong_answer_gets_its_feedback_and_may_see_the_answer(site):
    page = site.open("notebooks/06_iron_law.html")
    question = next(one for one in bank.section_bank("iron_law").questions if one.type == "multiple_choice")
    form = page.locator(f'form[data-id="{question.id}"]')
    assert form.get_by_role("group").get_attribute("aria-label") is None, "the legend names the group"
    wrong = next(n for n, option in enumerate(question.options) if not option.right)
    form.get_by_role("radio").nth(wrong).press("Space")
    page.keyboard.press("Enter")
    assert form.get_by_role("status").inner_text().startswith("Not yet.")
    form.get_by_role("button", name="Show the answer").press("Enter")
    assert right_response(question) in form.get_by_role("status").inner_text()


def test_a_browser_that_keeps_nothing_can_use_the_page(site):
    page = site.open(LESSON, setup=NO_MEMORY)
    form = page.locator(".companion-predict").first
    form.get_by_role("radio").first.check()
    form.get_by_role("button").click()
    assert page.locator(".companion-result").first.is_visible()
    assert page.locator(".companion-total").inner_text().startswith("0 of")


def test_without_scripts_everything_can_be_read(site):
    page = site.open(LESSON, scripts=False)
    assert page.locator(".companion-result").first.is_visible()
    assert page.locator("form.companion-explorer img").first.is_visible()
    assert not page.get_by_role("button", name="Check").first.is_visible()


def test_search_finds_a_word_without_asking_another_host(site):
    page = site.open("search.html?q=ridge")
    page.locator("#search-results a[href*='06_iron_law']").first.wait_for(timeout=20_000)


def test_printed_it_has_every_word_and_no_cut_figure(site, tmp_path):
    page = site.open("exercises/06_iron_law.html")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    text = "".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "page.pdf").pages)
    printed = re.sub(r"\W", "", unicodedata.normalize("NFKC", text))  # no hyphens, no ligatures
    for word in page.evaluate("document.querySelector('article').textContent.match(/\\w{6,}/g)"):
        assert re.sub(r"\W", "", word) in printed, word
    lesson = site.open(LESSON, width=794)
    lesson.emulate_media(media="print")
    edges = lesson.evaluate(
        "[...document.querySelectorAll('article img')].map(one => one.getBoundingClientRect().right)"
    )
    assert len(edges) > 3 and max(edges) <= 794
    assert lesson.locator(".companion-result").first.is_visible()
