"""Exports as a whole: every question is in the file or named, the numbers are clear, the bytes are the same twice."""

import random

import pytest
from typer.testing import CliRunner

from mlsys_helpers import chapter, cli
from mlsys_helpers.quiz import bank, formula
from mlsys_helpers.quiz.bank import read
from mlsys_helpers.quiz.export import qti
from mlsys_helpers.quiz.export.formats import FORMATS, export
from mlsys_helpers.quiz.export.items import Item, clear_seeds, numbers, paper
from mlsys_helpers.quiz.export.sheet import maths, rich
from mlsys_helpers.quiz.export.texts import clean, html
from mlsys_helpers.quiz.score import prompt, score

OPEN = [section.slug for section in chapter.open_sections()]

NUMERIC = """
[[question]]
id = "{id}"
type = "numeric"
objective = "o"
prompt = "{prompt}"
givens.a = {a}
givens.b = {{ formula = "a / 3", unit = "s" }}
answer = "{answer}"
answer_unit = "s"
feedback = "f"
wrong = "w"
mistakes = [{{ formula = "2 * a", feedback = "m" }}]
"""


def numeric(prompt="{a} and {b}?", a='{ choices = [1.0, 2.0], unit = "s" }', answer="b", id="q"):
    return read(NUMERIC.format(id=id, prompt=prompt, a=a, answer=answer), "test", "test", "math")


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("section", OPEN)
def test_every_question_of_the_chapter_is_in_the_file_or_named(section, to):
    questions = bank.section_bank(section)
    made = export(questions, section, to)
    whole = {loss.id for loss in made.losses if loss.whole}
    assert made.questions == len(questions.questions) - len(whole)
    assert whole <= {q.id for q in questions.questions if q.type in {"ordering", "short_answer", "numeric"}}
    assert made.questions > len(questions.questions) / 2


@pytest.mark.parametrize("to", FORMATS)
def test_two_exports_are_the_same_bytes(sample, to):
    assert export(sample, "t", to, seed=3, variants=4) == export(sample, "t", to, seed=3, variants=4)
    assert export(sample, "t", to, seed=3).data != export(sample, "t", to, seed=4).data


def test_variants_are_clear_and_read_differently(sample):
    copy = sample.question("sample.copy")
    seeds = clear_seeds(copy, 0, 12)
    assert len(seeds) == 12 == len({prompt(copy, seed) for seed in seeds})


def test_variants_end_where_the_bank_has_no_more(sample):
    drawn, losses = paper(sample, "t", variants=50)
    (loss,) = losses
    assert (loss.id, loss.whole) == ("sample.copy", False)
    assert "15 clear variants, not 50" in loss.reason
    assert [len(pool) for pool in drawn.pools] == [1, 1, 1, 1, 15, 1, 1]


def test_numbers_that_rounding_spoils_are_passed_over():
    """41.0004 and 41.0049 are both shown as 41.0; the answer needs what stands behind."""
    spoilt = numeric(a='{ choices = [3.0, 41.00491], unit = "s" }', answer="(a - 40.9) * 1", prompt="{a}?").questions[0]
    seeds = clear_seeds(spoilt, 0, 2)
    assert [formula.givens(spoilt, seed)["a"] for seed in seeds] == [3.0]


def test_a_question_that_is_never_clear_is_named():
    never = numeric(a='{ value = 41.00491, unit = "s" }', answer="(a - 40.9) * 1", prompt="{a}?")
    made = export(never, "t", "moodle")
    assert made.questions == 0
    assert "do not lead to its answer" in str(made.losses[0])


def test_a_known_mistake_that_would_be_right_is_passed_over():
    assert clear_seeds(numeric(answer="2 * a").questions[0], 0, 1) == []


def test_a_seed_that_is_ambiguous_gives_way_to_the_next_and_says_so():
    spoilt = numeric(a='{ choices = [3.0, 41.00491], unit = "s" }', answer="(a - 40.9) * 1", prompt="{a}?")
    question = spoilt.questions[0]
    bad = next(seed for seed in range(9) if formula.givens(question, seed)["a"] != 3.0)
    drawn, (loss,) = paper(spoilt, "t", seed=bad)
    assert formula.givens(question, drawn.items[0].seed)["a"] == 3.0
    assert f"seed {bad} are ambiguous" in str(loss)


@pytest.mark.parametrize("section", OPEN)
def test_what_a_file_accepts_is_never_more_than_score_does(section):
    rng = random.Random(section)
    for item in paper(bank.section_bank(section), "t", variants=3)[0].items:
        if item.question.type != "numeric":
            continue
        found, unit = numbers(item), item.question.answer_unit or "x"
        for share in (0.0, 0.999, -0.999, rng.uniform(-1, 1)):
            assert score(item.question, f"{found.right + share * found.margin!r} {unit}", item.seed).right


def test_options_are_shuffled_alike_for_sheet_and_answers_and_true_stays_first(sample):
    lamp, truth = sample.questions[0], sample.questions[1]
    orders = {tuple(option.text for option in Item(lamp, seed).options()) for seed in range(20)}
    assert len(orders) > 1
    assert Item(lamp, 5).options() == Item(lamp, 5).options()
    assert {Item(truth, seed).options()[0].text for seed in range(9)} == {"True"}


# --- texts ----------------------------------------------------------------------------------------------------------


def test_html_escapes_and_leaves_no_dollar_for_mathjax():
    assert html('a < b & $c_1$ `d > e` "q"') == 'a &lt; b &amp; \\(c_1\\) <code>d &gt; e</code> "q"'
    assert "$" not in html("costs $5 or $10, `$x`")
    assert "<script>" not in html("<script>alert(1)</script> `<script>` $<script>$")


def test_control_characters_are_taken_out():
    assert clean("a\x00b\x08c\x1b[0m\x7fd\ufffee\tf\ng\ud800") == "abc[0mde f\ng"


def test_maths_on_paper_is_readable():
    assert maths(r"t_{\text{walk}} \le 2^n") == '<span class="maths">t<sub>walk</sub> ≤ 2<sup>n</sup></span>'
    assert "D / (B + C)" in maths(r"\frac{D}{B + C}")
    assert r"\oint" in maths(r"\oint x")
    assert rich("costs $5") == "costs $5"


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(tmp_path):
    """Call the command: exported("--to", "qti") gives the result and the file."""

    def call(*words):
        file = tmp_path / "out"
        return CliRunner().invoke(cli.app, ["quiz-export", "iron_law", "--out", str(file), *words]), file

    return call


def test_the_command_writes_the_file_and_names_what_is_missing(exported):
    told, file = exported("--to", "qti")
    assert told.exit_code == 0
    assert "iron_law.order_by_intensity is left out: QTI" in told.output
    assert file.read_bytes()[:2] == b"PK"


def test_strict_fails_when_something_is_missing(exported):
    assert exported("--to", "qti", "--strict")[0].exit_code == 1
    assert exported("--to", "sheet", "--strict")[0].exit_code == 0


def test_help_names_every_format():
    told = CliRunner().invoke(cli.app, ["quiz-export", "--help"]).output
    assert all(name in told for name in FORMATS)


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--to", "moodel"], "did you mean 'moodle'"), (["--to", "qti", "--variants", "0"], "--variants")],
)
def test_misuse_is_explained(exported, words, said):
    told, file = exported(*words)
    assert told.exit_code != 0
    assert said in told.output
    assert not file.exists()


def test_without_text2qti_the_command_says_what_to_install(exported, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "text2qti.config", None)
    told, file = exported("--to", "qti")
    assert told.exit_code == 1
    assert "pip install text2qti" in told.output
    assert not file.exists()
    assert issubclass(qti.ConverterMissing, ImportError)
