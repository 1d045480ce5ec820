"""A bank is read into typed questions, and every mistake in it is named with its file, question and field."""

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from mlsys_helpers.quiz import bank, verify
from mlsys_helpers.quiz.bank import BankError, load, read
from mlsys_helpers.quiz.questions import Choice, FillIn, Numeric, Ordering, ShortAnswer

SAMPLE = Path(__file__).with_name("sample.toml")


def test_the_sample_has_every_type_and_is_read_in_order(sample):
    kinds = [Choice, Choice, FillIn, Ordering, Numeric, Numeric, ShortAnswer]
    assert [type(question) for question in sample.questions] == kinds
    assert sample.questions[0].id == "sample.lamp" and sample.questions[0].covers == ("0.1",)
    assert {question.type for question in sample.questions} == set(bank._READERS)
    assert [prediction.id for prediction in sample.predictions] == ["sample.hours", "sample.term"]


def test_a_question_is_found_by_its_id_and_a_wrong_id_names_the_nearest(sample):
    assert sample.question("sample.copy").answer_unit == "hour"
    with pytest.raises(ValueError, match=r"did you mean 'sample.copy'"):
        sample.question("sample.copi")
    with pytest.raises(ValueError, match=r"unknown prediction"):
        sample.prediction("sample.nothing")


def test_every_answer_of_the_sample_solves_its_question(sample):
    assert verify.problems(sample) == []


def test_the_examples_in_the_documentation_are_a_bank():
    lines = bank.__doc__.split("One of each type:")[1].splitlines()
    example = "\n".join(line for line in lines if line.startswith("    "))
    read_bank = read(textwrap.dedent(example), "the documentation", "iron_law", "mlsys_helpers.sections.iron_law.model")
    assert {question.type for question in read_bank.questions} == set(bank._READERS)
    assert verify.problems(read_bank, range(3)) == []


CHANGES = [  # what is changed in the sample, into what, and what the error must name
    ('id = "sum"', 'id = "lamp"', ["'sample.lamp' used more than once"]),
    ('id = "hours"', 'id = "lamp"', ["'sample.lamp' used more than once"]),
    ('id = "sum"', 'id = "Sum up"', ["'Sum up'", "id: expected small letters"]),
    ('type = "true_false"', 'type = "yes_no"', ["question 'sum', type", "yes_no", "true_false"]),
    ('type = "true_false"\n', "", ["question 'sum', type: missing"]),
    ('objective = "Name the gap"\n', "", ["question 'gap', objective: missing"]),
    ('objective = "Name the gap"', 'objective = " "', ["question 'gap', objective", "empty"]),
    ('objective = "Name the gap"', "objective = 3", ["question 'gap', objective", "expected text, got 3"]),
    ("right = true, ", "", ["question 'lamp', options", "exactly one", "got 0 of 3"]),
    ('text = "Nothing, as', 'right = true, text = "Nothing, as', ["question 'lamp', options", "got 2 of 3"]),
    (', feedback = "A switch does not move your feet."', "", ["'lamp', option 1, feedback: missing"]),
    ("answer = false", 'answer = "no"', ["question 'sum', answer", "true or false"]),
    ('false = "One after the other, times add."', 'no = "x"', ["question 'sum', feedback, false: missing"]),
    ("accept = [", "accepts = [", ["question 'gap'", "accept: missing"]),
    ('wrong = "Begin', 'wrongs = "x"\nwrong = "Begin', ["'sizes'", "unknown field 'wrongs'", "did you mean 'wrong'"]),
    ('"a bit", "a byte",', '"a bit", "a bit",', ["'sizes', items: 'a bit' is listed twice"]),
    ('first = "a kilobyte"', 'first = "a megabyte"', ["'sizes', swaps", "a megabyte"]),
    ('answer = "full_s / share"', 'answer = "full_s /"', ["'copy', answer: not an expression"]),
    ("copy {size} at", "copy {sise} at", ["'copy', prompt: {sise} is no given", "size"]),
    ('tolerance = 0.02', "", None),
    ('answer_unit = "hour"', 'answer_unit = "hour"\ntolerance = 2', ["'copy', tolerance"]),
    ("givens.share = { value = 0.5,", "givens.share = {", ["'copy', givens.share, value: missing"]),
    ("low = 1e8, high = 5e8", "low = 5e8, high = 1e8", ["'copy', givens.rate, low"]),
    ("rubric = [", 'rubric = ["one"]\nx = [', ["'why', rubric", "at least 2"]),
    ('low = 2, high = 5', "low = 2, high = 4", ["prediction 'hours', options", "follow on each other"]),
    ('label = "5 or more", low = 5', 'label = "5 or more", low = 5, high = 9', ["'hours', options", "infinity"]),
    ('key = "walk"', "low = 2", ["prediction 'term', options", "all have a key"]),
    ('key = "walk"', 'key = "switch"', ["prediction 'term', options", "used twice"]),
    ('"a kibibyte"]', '"$2^{10}$ bytes"]', ["'sizes', items", "2^{10}", "maths or code"]),
    ('"Names the part', '"`Names` the part', ["'why', rubric", "maths or code"]),
    ('label = "less than 2"', 'label = "$x < 2$"', ["'hours', options", "maths or code"]),
    ('wrong = "Divide {size}', 'wrong = "{answer}: divide {size}', ["'copy', wrong: {answer} is no given"]),
    ('feedback = "That is at the full rate."', 'feedback = "It is {answer}."', ["mistakes[1].feedback: {answer}"]),
    ("[[prediction]]", "[[predictions]]", ["unknown field 'predictions'", "did you mean 'prediction'"]),
    ("[[question]]", "[[question]", ["not valid TOML"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), [change for change in CHANGES if change[2]])
def test_each_mistake_is_named_with_file_question_and_field(old, new, says):
    text = SAMPLE.read_text(encoding="utf8")
    assert old in text
    with pytest.raises(BankError) as error:
        read(text.replace(old, new, 1), "sample.toml", "sample", "math")
    for words in ["sample.toml", *says]:
        assert words in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('answer = "full_s / share"', 'answer = "fulls / share"', "fulls"),
        ('formula = "full_s", feedback', 'formula = "full_s / share", feedback', "counts as right"),
        ('formula = "8 * full_s / share"', 'formula = "full_s * 1.001"', "taken for another"),
        ("A switch does not move your feet.", "No, it is the time at the switch.", "gives the answer away"),
        ('wrong = "It has to do with', 'wrong = "The generalisation gap is', "gives the answer away"),
        ('feedback = "It is what', 'feedback = "Right: it is what', "begins with 'Right'"),
        ('answer_unit = "hour"', 'answer_unit = "byte"', ""),
        ('answer_unit = "hour"', 'answer_unit = "hours"\ntolerance = 0.0001', "outside the tolerance"),
    ],
)
def test_verify_finds_what_reading_cannot(old, new, says):
    text = SAMPLE.read_text(encoding="utf8")
    assert old in text
    found = verify.problems(read(text.replace(old, new, 1), "sample.toml", "sample", "math"), range(5))
    if says:
        assert any(says in problem for problem in found)


def test_the_right_option_is_not_where_its_author_wrote_it():
    options = ", ".join(f'{{ text = "{n}", right = {str(not n).lower()}, feedback = "f" }}' for n in range(4))
    question = '[[question]]\nid = "q{}"\ntype = "multiple_choice"\nobjective = "o"\nprompt = "p"\noptions = [{}]\n'
    made = read("".join(question.format(n, options) for n in range(40)), "many", "many", "math").questions
    places = [[option.right for option in question.options].index(True) for question in made]
    assert all(5 <= places.count(place) <= 16 for place in range(4))


def test_a_formula_has_no_builtins(sample):
    text = SAMPLE.read_text(encoding="utf8").replace('answer = "sqrt(4)"', "answer = \"open('x')\"")
    assert "open" in "".join(verify.problems(read(text, "sample.toml", "sample", "math")))


def test_an_unknown_section_is_named():
    with pytest.raises(ValueError, match="section with a quiz"):
        bank.section_bank("ironlaws")


def test_a_bank_is_read_in_under_20_ms():
    load(SAMPLE, "sample", "math")
    times_s = []
    for _ in range(5):
        begun = time.perf_counter()
        load(SAMPLE, "sample", "math")
        times_s.append(time.perf_counter() - begun)
    assert min(times_s) < 0.020


def test_importing_the_package_loads_no_widgets_and_no_pint():
    code = (
        "import sys, mlsys_helpers.quiz, mlsys_helpers.quiz.score, mlsys_helpers.quiz.record;"
        "assert not {'ipywidgets', 'pint', 'rich', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
