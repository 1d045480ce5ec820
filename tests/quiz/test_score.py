"""Scores: what is right, what is wrong and why, and what does not count."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.quiz import formula
from mlsys_helpers.quiz.bank import load
from mlsys_helpers.quiz.questions import FillIn, Mistake, Numeric
from mlsys_helpers.quiz.score import explanation, prompt, right_response, score, shuffled, solution, wrong_feedback

BANK = load(Path(__file__).with_name("sample.toml"), "sample", "math")
LAMP, SUM, GAP, SIZES, COPY, ROOT, WHY = BANK.questions
HOURS_FOR_DAYS = Mistake("24 * 25 * 86400", "Those are hours.", "hours for days")
DAYS = Numeric("s.days", "numeric", "o", (), "p", (), "25 * 86400", "day", 0.02, "yes", "no", (HOURS_FOR_DAYS,), "math")


def test_every_option_has_its_own_feedback_and_misconception():
    results = [score(LAMP, option.text) for option in LAMP.options]
    assert [(r.points, r.right) for r in results] == [(0, False), (1, True), (0, False)]
    assert len({r.feedback for r in results}) == 3
    assert results[0].misconception == "one part speeds up all" and results[1].misconception == ""


def test_true_false_is_a_choice_of_two():
    assert score(SUM, "False").right
    wrong = score(SUM, "True")
    assert (wrong.right, wrong.feedback) == (False, "That holds when they run side by side.")
    assert wrong.misconception == "sum for overlap"


@pytest.mark.parametrize("question", BANK.questions, ids=lambda q: q.id)
@pytest.mark.parametrize("response", [None, 7, ["x"], {"made": []}])
def test_a_response_of_another_form_is_refused(question, response):
    with pytest.raises((TypeError, ValueError), match="sample"):
        score(question, response)


@pytest.mark.parametrize(
    "typed",
    [
        "generalisation gap",
        "Generalization  Gap",
        "the generalisation gap.",
        "a generalisation-gap",
        "generalistaion gap",  # two letters swapped
        "generalisatoin gap",
        "generalsation gap",
        "generalisationgap",
        "generalisation error gap",
        "“generalisation gap”",
    ],
)
def test_fill_in_is_lenient_about_spelling(typed):
    assert score(GAP, typed).right


@pytest.mark.parametrize(
    "typed", ["generalisation", "generalisation cap", "gap", "specialisation gap", "memorisation gap"]
)
def test_fill_in_is_not_lenient_about_meaning(typed):
    result = score(GAP, typed)
    assert (result.points, result.feedback) == (0, GAP.wrong)


def test_fill_in_knows_near_answers_and_ignores_blanks():
    assert score(GAP, "Verification-gap").misconception == "verification for generalisation"
    blank = score(GAP, " the ")
    assert not blank.counted and not blank.right


@pytest.mark.parametrize(
    ("accepted", "typed", "right"),
    [
        ("supervised", "unsupervised", False),
        ("synchronous", "asynchronous", False),
        ("overfitting", "underfitting", False),
        ("kilobyte", "kibibyte", False),
        ("terabyte", "tebibyte", False),
        ("max", "min", False),
        ("BF16", "FP16", False),
        ("ResNet-50", "resnet50", True),
        ("ResNet-50", "ResNet-101", False),
        ("data set", "dataset", True),
        ("data set", "data-set", True),
        ("Amdahl's law", "Amdahls law", True),
        ("Amdahl's law", "amdahl’s law", True),
        ("colour", "color", True),
        ("optimise", "optimize", True),
        ("naïve", "naive", True),
        ("D·A·M", "dam", True),
        ("noise", "nose", True),
    ],
)
def test_how_far_spelling_may_stray(accepted, typed, right):
    question = FillIn("s.q", "fill_in", "o", (), "p", (accepted,), "yes", "no", ())
    assert score(question, typed).right is right


def test_ordering_gives_a_share_for_pairs_in_order():
    items = list(SIZES.items)
    assert score(SIZES, items).points == 1
    assert score(SIZES, items[::-1]).points == 0
    one_swap = score(SIZES, [items[0], items[1], items[3], items[2]])
    assert one_swap.points == pytest.approx(5 / 6)
    assert "5 of 6" in one_swap.feedback and "1000 is less than 1024" in one_swap.feedback
    assert one_swap.misconception == "GB for GiB"
    assert "Begin with the smallest" in score(SIZES, [items[1], items[0], items[2], items[3]]).feedback


@given(st.permutations(SIZES.items))
def test_only_the_right_order_is_right_and_points_count_inversions(order):
    result = score(SIZES, order)
    inversions = sum(SIZES.items.index(a) > SIZES.items.index(b) for a, b in itertools.combinations(order, 2))
    assert result.points == pytest.approx(1 - inversions / 6)
    assert result.right is (inversions == 0)


def test_ordering_is_shown_shuffled_and_always_alike():
    assert shuffled(SIZES) == shuffled(SIZES) != list(SIZES.items)
    assert sorted(shuffled(SIZES)) == sorted(SIZES.items)


@pytest.mark.parametrize("seed", range(200))
def test_numeric_questions_are_solved_by_an_independent_formula_at_every_seed(seed):
    values = formula.givens(COPY, seed)
    hours = values["size"] / (values["rate"] * values["share"]) / 3600
    assert score(COPY, f"{hours!r} hours", seed).right
    assert score(COPY, f"{hours * 60!r} min", seed).right
    assert score(COPY, f"{hours:.3g}", seed).right
    assert not score(COPY, f"{hours * 1.03!r}", seed).right
    assert not score(COPY, f"{hours * 0.97!r}", seed).right


def test_a_variant_is_the_same_for_one_seed_and_varies_with_it():
    assert formula.givens(COPY, 5) == formula.givens(COPY, 5)
    assert len({tuple(formula.givens(COPY, seed).values()) for seed in range(200)}) == 15  # 3 sizes, 5 rates
    assert formula.has_variants(COPY) and not formula.has_variants(ROOT) and not formula.has_variants(LAMP)


def test_the_givens_of_a_seed_never_change():
    """Stored answers are scored again with these numbers: if this fails, readers' records change their meaning."""
    assert formula.givens(COPY, 0) == {"size": 1e12, "rate": 5e8, "share": 0.5, "full_s": 2000.0}


def test_known_wrong_numbers_are_named():
    full = score(COPY, "2000 s")
    assert (full.right, full.misconception) == (False, "peak for reached")
    assert full.feedback.startswith("Read as 0.556 hours. That is at the full rate.")
    assert score(COPY, "32000 s").misconception == "bits for bytes"


def test_wrong_kind_wrong_size_and_unreadable_are_told_apart():
    kind = score(COPY, "25 GB")
    assert kind.counted and kind.misconception == "wrong kind of quantity" and "an amount of data" in kind.feedback
    size = score(COPY, "4 s")
    assert size.misconception == "power of ten" and "too small by a factor of 10³" in size.feedback
    assert "10:" in score(COPY, "40000 s").feedback
    unreadable = score(COPY, "quick")
    assert not unreadable.counted and "12 hours" in unreadable.feedback
    other = score(COPY, "123 hours")
    assert other.misconception == "" and "Divide 1 TB by the rate" in other.feedback


@pytest.mark.parametrize(
    "typed",
    ["25 days", "25d", "25.0 d", "25 d.", "about 25 days", "ca. 25 days", "2,160,000 s", "2.16e6 s", "2.16 × 10^6 s"]
    + ["600 hours", "25", " 25 Days ", "~25", "3.57 weeks"],
)
def test_an_answer_in_days_is_typed_as_a_person_would(typed):
    assert score(DAYS, typed).right


@pytest.mark.parametrize(
    ("typed", "counted", "misconception"),
    [
        ("6 days", True, ""),
        ("600", True, "hours for days"),
        ("600 days", True, "hours for days"),
        ("250 d", True, "power of ten"),
        ("25 GB", True, "wrong kind of quantity"),
        ("25x", True, "wrong kind of quantity"),
        ("25 dayz", False, ""),
        ("twenty-five days", False, ""),
        ("1,5", False, ""),
    ],
)
def test_a_wrong_value_a_wrong_kind_and_what_cannot_be_read_are_three_things(typed, counted, misconception):
    result = score(DAYS, typed)
    assert (result.right, result.counted, result.misconception) == (False, counted, misconception)
    assert result.feedback


def test_ratios_are_typed_in_several_ways():
    for typed in ("2", "2x", "2.0 ×", "200 %", "two"):
        assert score(ROOT, typed).right is (typed != "two")


@pytest.mark.parametrize("typed", ["0", "-4000 s", "0 s"])
def test_zero_and_negative_numbers_are_wrong_numbers(typed):
    assert score(COPY, typed).counted and not score(COPY, typed).right


def test_the_prompt_and_the_solution_are_written_with_units():
    assert prompt(COPY, 0).startswith("How long does it take to copy 1 TB at 500 MB/s when 50 % of")
    assert r"\(t = \frac{D}{BW}\)" in prompt(COPY, 0)  # braces of a formula are no placeholders
    assert solution(COPY, 0) == "1.11 hours"
    assert explanation(COPY, 0) == "1 TB at half of 500 MB/s: 1.11 hours."
    assert prompt(LAMP) == LAMP.prompt


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("", 1024, "1,024"),
        ("%", 0.45, "45 %"),
        ("FLOP", 3.14e23, "3.14 × 10²³ FLOP"),
        ("FLOP/s", 312e12, "312 TFLOP/s"),
        ("B", 1.5e9, "1.5 GB"),
        ("s", 25 * 86400, "25 days"),
        ("$", 2.5, "$2.5"),
        ("", 1 / 3, "0.333"),
        ("", "A100", "A100"),
    ],
)
def test_givens_are_written_as_people_write_them(unit, value, shown):
    assert formula.show_given(formula.Given("x", unit), value) == shown


def test_short_answers_are_worth_the_points_that_are_marked():
    one, both = WHY.rubric[:1], WHY.rubric
    assert score(WHY, {"text": "water", "made": list(one)}).points == 0.5
    assert WHY.feedback not in score(WHY, {"text": "water", "made": list(one)}).feedback
    full = score(WHY, {"text": "water", "made": list(both)})
    assert full.right and WHY.feedback in full.feedback
    with pytest.raises(ValueError, match="'something else' is no point of the rubric"):
        score(WHY, {"text": "water", "made": ["something else"]})
    assert not score(WHY, {"text": "  ", "made": list(both)}).counted


def test_an_instructor_can_mark_again_what_a_reader_marked():
    answered = {"text": "Boiling takes all the time.", "made": []}
    assert score(WHY, answered).points == 0
    assert score(WHY, answered | {"made": [WHY.rubric[1]]}).points == 0.5
    assert score(WHY, {"text": answered["text"]}).points == 0


@pytest.mark.parametrize("question", BANK.questions, ids=lambda q: q.id)
def test_no_feedback_to_a_wrong_answer_is_missing(question):
    assert wrong_feedback(question) and all(said.strip() for said in wrong_feedback(question))


@pytest.mark.parametrize("question", BANK.questions, ids=lambda q: q.id)
def test_each_question_has_a_right_response_and_words_for_it(question):
    assert score(question, right_response(question)).points == 1
    assert solution(question)


@pytest.mark.parametrize("question", BANK.questions, ids=lambda q: q.id)
def test_scoring_is_pure(question):
    assert score(question, right_response(question)) == score(question, right_response(question))
