"""Moodle XML, read and graded here by the rules of Moodle's importer and question types, not by the exporter's code.

Rules taken from question/format/xml/format.php (names of elements, what must be there), question/type/numerical,
shortanswer and ordering (which answer counts).
"""

import html
import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.quiz import bank, formula
from mlsys_helpers.quiz.export.formats import export
from mlsys_helpers.quiz.export.items import paper
from mlsys_helpers.quiz.export.moodle import typed_units
from mlsys_helpers.quiz.score import score

HEAD = {"name", "questiontext", "generalfeedback", "defaultgrade", "idnumber", "tags", "answer"}
KNOWN = {
    "multichoice": HEAD | {"single", "shuffleanswers", "answernumbering"},
    "truefalse": HEAD,
    "shortanswer": HEAD | {"usecase"},
    "numerical": HEAD | {"units", "unitgradingtype", "showunits", "unitsleft"},
    "essay": HEAD | {"responseformat", "responsefieldlines", "graderinfo"},
    "ordering": HEAD
    | {"layouttype", "selecttype", "selectcount", "gradingtype", "showgrading", "numberingstyle"}
    | {"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"},
}


def read(section, **how):
    """The exported questions by name, and the exported items."""
    questions = section if not isinstance(section, str) else bank.section_bank(section)
    root = ET.fromstring(export(questions, "1.0 A/B", "moodle", **how).data)
    entries = [entry for entry in root if entry.get("type") != "category"]
    return root, {entry.findtext("name/text"): entry for entry in entries}


@pytest.fixture(scope="module", params=["sample", *(section.slug for section in chapter.open_sections())])
def exported(request, sample):
    questions = sample if request.param == "sample" else bank.section_bank(request.param)
    entries = read(questions, variants=4)[1]
    return [(item, entries[item.name]) for item in paper(questions, "", variants=4)[0].items]


def of_type(exported, *types):
    return [(item, entry) for item, entry in exported if item.question.type in types]


def plain(markup):
    return html.unescape(re.sub(r"<[^>]+>", "", markup or ""))


def test_every_element_is_one_that_moodle_reads(exported):
    for _, entry in exported:
        assert {child.tag for child in entry} <= KNOWN[entry.get("type")]
        for name in ("name", "questiontext"):
            assert len(entry.findall(f"{name}/text")) == 1
        for rich in entry.iter("feedback"):
            assert rich.get("format") == "html"
            assert rich.findtext("text")
        assert len(entry.findtext("idnumber")) <= 100
        assert all(0 < len(tag.text) <= 50 for tag in entry.findall("tags/tag/text"))


def test_idnumbers_are_unique(exported):
    numbers = [entry.findtext("idnumber") for _, entry in exported]
    assert len(set(numbers)) == len(numbers)


def shown(text):
    """A text of the bank as Moodle's reader sees it."""
    return re.sub(r"\$([^$]*\\[^$]*)\$", r"\\(\1\\)", text.replace("`", ""))


def test_choices_score_as_here_and_keep_their_feedback(exported):
    for item, entry in of_type(exported, "multiple_choice"):
        for answer in entry.findall("answer"):
            said = {shown(option.text): option for option in item.question.options}
            option = said[plain(answer.findtext("text"))]
            result = score(item.question, option.text, item.seed)
            assert float(answer.get("fraction")) == 100 * result.points
            assert plain(answer.findtext("feedback/text")) == shown(result.feedback)
    for item, entry in of_type(exported, "true_false"):
        answers = {answer.findtext("text"): float(answer.get("fraction")) for answer in entry.findall("answer")}
        assert set(answers) == {"true", "false"}  # the words by which Moodle knows them
        assert answers == {t: 100 * score(item.question, t.capitalize()).points for t in answers}


def phrase_grade(entry, typed):
    """The first pattern that fits, with * for anything and \\* for an asterisk, in any case."""
    for answer in entry.findall("answer"):
        bits = re.split(r"(?<!\\)\*+", answer.findtext("text"))
        pattern = ".*".join(re.escape(bit.replace(r"\*", "*")) for bit in bits)
        if re.fullmatch(pattern, typed.strip(), re.IGNORECASE):
            return float(answer.get("fraction")) / 100, plain(answer.findtext("feedback/text"))
    raise AssertionError("no answer fits: the catch-all is missing")


def test_phrases_score_as_here(exported):
    for item, entry in of_type(exported, "fill_in"):
        question = item.question
        for typed in (*question.accept, *(near.text for near in question.near), "something else"):
            result = score(question, typed)
            assert phrase_grade(entry, typed) == (result.points, result.feedback)


def number_grade(entry, number, unit=""):
    """The first answer within its tolerance, after the number is divided by the multiplier of the typed unit."""
    multiplier = {u.findtext("unit_name"): float(u.findtext("multiplier")) for u in entry.findall("units/unit")}
    value = number / (multiplier[unit] if unit else 1.0)
    for answer in entry.findall("answer"):
        wanted = answer.findtext("text")
        if wanted == "*" or abs(value - float(wanted)) <= float(answer.findtext("tolerance")):
            return float(answer.get("fraction")) / 100, plain(answer.findtext("feedback/text"))
    raise AssertionError("no answer fits: the catch-all is missing")


def test_numbers_score_as_here_right_and_wrong(exported):
    for item, entry in of_type(exported, "numeric"):
        unit = item.question.answer_unit or "x"
        known = [float(a.findtext("text")) for a in entry.findall("answer") if a.findtext("text") != "*"]
        assert number_grade(entry, known[0])[0] == 1
        for value in (*known, 1.5e-7 * known[0]):
            result = score(item.question, f"{value!r} {unit}", item.seed)
            points, said = number_grade(entry, value)
            assert points == result.points
            said = said.replace(r"\(", "$").replace(r"\)", "$")  # how Moodle marks maths
            assert result.feedback.replace("`", "").endswith(said) or "check the prefixes" in result.feedback


def test_known_wrong_numbers_bring_their_feedback(exported):
    for item, entry in of_type(exported, "numeric"):
        assert len(entry.findall("answer")) == len(item.question.mistakes) + 2
        assert all(float(a.get("fraction")) == 0 for a in entry.findall("answer")[1:])


def test_units_may_be_typed_as_here(exported):
    for item, entry in of_type(exported, "numeric"):
        right = float(entry.findtext("answer/text"))
        units = entry.findall("units/unit")
        assert float(units[0].findtext("multiplier")) == 1
        for unit in units:
            name, multiplier = unit.findtext("unit_name"), float(unit.findtext("multiplier"))
            assert number_grade(entry, right * multiplier, name)[0] == 1
            assert score(item.question, f"{right * multiplier!r} {name}", item.seed).right


def test_units_of_a_time():
    assert typed_units("day") | {"days": 1.0, "h": 24.0} == typed_units("day")
    assert typed_units("") == {"x": 1.0, "%": 100.0}


def test_orders_score_as_here(exported):
    """Moodle's RELATIVE_ALL_PREVIOUS_AND_NEXT counts, for every item, what rightly stands before and after it."""
    for item, entry in of_type(exported, "ordering"):
        right = [plain(answer.findtext("text")) for answer in entry.findall("answer")]
        assert [answer.get("fraction") for answer in entry.findall("answer")] == [str(n + 1) for n in range(len(right))]
        assert int(entry.findtext("selectcount")) == len(right)
        assert entry.findtext("gradingtype") == "RELATIVE_ALL_PREVIOUS_AND_NEXT"
        for order in itertools.permutations(right):
            kept = sum(
                (order.index(other) < order.index(one)) == (right.index(other) < right.index(one))
                for one, other in itertools.permutations(right, 2)
            )
            share = kept / (len(right) * (len(right) - 1))
            assert share == pytest.approx(score(item.question, list(order)).points)


def test_essays_tell_the_grader_each_point(exported):
    for item, entry in of_type(exported, "short_answer"):
        told = plain(entry.findtext("graderinfo/text"))
        assert all(point.replace("`", "") in told for point in item.question.rubric)
        assert entry.findtext("defaultgrade") == str(len(item.question.rubric))


def test_variants_stand_in_a_category_of_their_own(sample):
    root, entries = read(sample, variants=3)
    paths = [c.findtext("category/text") for c in root if c.get("type") == "category"]
    assert paths == [
        "$course$/top/ML Systems companion/1.0 A//B",
        "$course$/top/ML Systems companion/1.0 A//B/sample.copy",
    ]
    last = [entry.findtext("name/text") for entry in list(root)[-3:]]
    assert last == [name for name in entries if name.startswith("sample.copy ")]
    prompts = {entries[name].findtext("questiontext/text") for name in last}
    assert len(prompts) == 3
    assert formula.has_variants(sample.question("sample.copy"))


def test_markup_in_a_bank_stays_text():
    text = """
[[question]]
id = "odd"
type = "fill_in"
objective = "o"
prompt = 'Is `a < b` && "c" > $d_1$ or ]]> \\u0007 & $5, or $6?'
accept = ["two * three"]
feedback = "<b>bold</b>"
wrong = "w"
"""
    odd = bank.read(text.replace("\\u0007", "x"), "t", "t", "math")
    _, entries = read(odd)
    asked = entries["t.odd"].findtext("questiontext/text")
    assert plain(asked) == 'Is a < b && "c" > \\(d_1\\) or ]]> x & $5, or $6?'
    assert entries["t.odd"].findtext("answer/feedback/text") == "&lt;b&gt;bold&lt;/b&gt;"
    assert phrase_grade(entries["t.odd"], "two * three")[0] == 1
    assert phrase_grade(entries["t.odd"], "two or three")[0] == 0


def test_control_characters_do_not_break_the_file():
    text = '[[question]]\nid="c"\ntype="fill_in"\nobjective="o"\nprompt="a\\u0001b\\u001b"\naccept=["x\\u0000y"]\n'
    odd = bank.read(text + 'feedback="f\\u0002"\nwrong="w"\n', "t", "t", "math")
    root, entries = read(odd)
    assert entries["t.c"].findtext("questiontext/text") == "ab"
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", ET.tostring(root, "unicode"))
