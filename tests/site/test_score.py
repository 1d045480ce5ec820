"""The page's script and quiz.score judge alike: every question of the chapter, over a grid of responses."""

import html
import itertools
import json
import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from mlsys_helpers import chapter
from mlsys_helpers.kit import quantity
from mlsys_helpers.publish.site import build, forms
from mlsys_helpers.publish.site.maths import rich
from mlsys_helpers.quiz import bank, formula
from mlsys_helpers.quiz.questions import Choice, FillIn, Numeric, Ordering
from mlsys_helpers.quiz.score import score
from tests.browser.lab import CHROMIUM, CHROMIUM_ARGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]
JUDGE_ALL = "([questions, cases]) => cases.map(([id, response, variant]) => judge(questions[id], response, variant))"
SENTENCES = ["x" * 90, *Path(__file__).with_name("typed.txt").read_text(encoding="utf8").splitlines()]


@pytest.fixture(scope="module")
def judged():
    """A function: what the script says to a list of (question, response, variant, seed)."""

    def judge_all(asked):
        questions = {question.id: question for question, *_ in asked}
        data = {id: forms.question_data(question) for id, question in questions.items()}
        return page.evaluate(JUDGE_ALL, [data, [[q.id, response, variant] for q, response, variant, _ in asked]])

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        page = browser.new_page()
        page.add_script_tag(content=f"const UNITS = {json.dumps(quantity.vocabulary())};")
        page.add_script_tag(content=(build.STATIC / "score.js").read_text(encoding="utf8"))
        yield judge_all
        browser.close()


def words(feedback: str) -> str:
    """Feedback as it is read: no tags, and one kind of space."""
    return html.unescape(re.sub(r"<[^>]+>", "", feedback)).replace("\u00a0", " ")


def misspelt(text: str) -> list[str]:
    """A phrase and its neighbours: other case, articles, letters swapped or lost, spaces gone."""
    swapped = text[:2] + text[3:4] + text[2:3] + text[4:]
    joined = [text.replace(" ", ""), text.replace(" ", "-"), text.replace("is", "iz")]
    framed = [f"The {text}.", f" a {text}", f"{text}'s", f"“{text}”", text * 2]
    return [text, text.upper(), swapped, text[:-1], text[1:], text + "s", *joined, *framed]


def numbers(question: Numeric, seed: int) -> list[str]:
    """Typed answers about one variant: right, nearly right, a power of ten off, each known mistake, in every unit."""
    values, size = formula.givens(question, seed), quantity.factor(question.answer_unit)
    right, unit = formula.answer(question, values), question.answer_unit
    slips = [formula.evaluate(question, one.formula, values) / size for one in question.mistakes]
    near = [right * factor for factor in (1, 1.004, 1.019, 0.981, 1.03, 0.9, 10, 0.1, 1000, 1e-6, -1, 2, 1.2345678)]
    texts = [f"{value!r} {unit}" for value in [*near, *slips]] + [f"{value:.4g}" for value in [*near, *slips]]
    same = [other for other in ("s", "hours", "days", "GB", "MiB", "TFLOP", "TFLOP/s", "J", "kWh", "mJ", "tokens", "%")
            if quantity._known(other).dimensionality == quantity._known(unit).dimensionality]  # fmt: skip
    return texts + [f"{right * size / quantity.factor(other):.6g} {other}" for other in same]


def responses(question, seed: int) -> list:
    rng = random.Random(f"{question.id} {seed}")
    if isinstance(question, Choice):
        return [option.text for option in question.options]
    if isinstance(question, FillIn):
        texts = [*question.accept, *(near.text for near in question.near)]
        return ["", "?", "something else", *itertools.chain.from_iterable(map(misspelt, texts))]
    if isinstance(question, Ordering):
        orders = list(itertools.permutations(question.items))
        return [list(question.items), *map(list, rng.sample(orders, min(24, len(orders))))]
    if isinstance(question, Numeric):
        return [*numbers(question, seed), *(SENTENCES if seed == 0 else ())]
    made = [[], list(question.rubric), list(question.rubric[:1]), list(question.rubric[1:])]
    return [{"text": text, "made": points} for text in ("  ", "Because.") for points in made]


def cases(question) -> list[tuple]:
    seeds = forms.seeds(question) if isinstance(question, Numeric) else [0]
    return [(question, response, n, seed) for n, seed in enumerate(seeds) for response in responses(question, seed)]


@pytest.mark.parametrize("section", [section.slug for section in chapter.open_sections()])
def test_the_script_judges_as_the_notebook_does(judged, section):
    asked = [case for question in bank.section_bank(section).questions for case in cases(question)]
    for (question, response, _, seed), said in zip(asked, judged(asked), strict=True):
        expected = score(question, response, seed)
        where = f"{question.id}, seed {seed}, {response!r}"
        assert said["points"] == pytest.approx(expected.points), where
        assert (said["right"], said["counted"]) == (expected.right, expected.counted), where
        assert words(said["feedback"]) == words(rich(expected.feedback)), where


def test_every_kind_of_question_is_among_them():
    kinds = {q.type for section in chapter.open_sections() for q in bank.section_bank(section.slug).questions}
    assert kinds == set(bank._READERS)


def test_no_text_of_a_question_ends_the_script_that_holds_it():
    assert forms._json({"text": "</script><b>"}).count("</script>") == 1
