"""Packages for Canvas: made by text2qti, read here as QTI 1.2, and answered by the conditions that stand in it."""

import html
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.export.formats import export
from mlsys_helpers.quiz.export.items import paper
from mlsys_helpers.quiz.export.qti import markdown
from mlsys_helpers.quiz.questions import Bank
from mlsys_helpers.quiz.score import score

pytest.importorskip("text2qti")
Q = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


def opened(questions, **how):
    """The items of the exported package by title, and its root."""
    with zipfile.ZipFile(io.BytesIO(export(questions, "Sheet", "qti", **how).data)) as package:
        name = next(n for n in package.namelist() if re.fullmatch(r"(\w+)/\1\.xml", n))
        root = ET.fromstring(package.read(name))
    return root, {item.get("title"): item for item in root.iter(f"{Q}item")}


@pytest.fixture(scope="module", params=["sample", *(section.slug for section in chapter.open_sections())])
def exported(request, sample):
    questions = sample if request.param == "sample" else bank.section_bank(request.param)
    entries = opened(questions, variants=3)[1]
    drawn = paper(questions, "", variants=3)[0].items
    return [(item, entries[item.name]) for item in drawn if item.name in entries]


def of_type(exported, *types):
    return [(item, entry) for item, entry in exported if item.question.type in types]


def plain(markup):
    """What a reader sees of HTML (the file holds it escaped), maths between dollar signs as in the bank."""
    with_maths = re.sub(r'<img [^>]*data-equation-content="([^"]*)"[^>]*>', r"$\1$", markup or "")
    return html.unescape(re.sub(r"<[^>]+>", "", with_maths.replace("<br />", "\n"))).strip()


def metadata(entry, name):
    fields = {f.findtext(f"{Q}fieldlabel"): f.findtext(f"{Q}fieldentry") for f in entry.iter(f"{Q}qtimetadatafield")}
    return fields[name]


def scoring(entry):
    """The condition that sets the score to 100."""
    (condition,) = [c for c in entry.iter(f"{Q}respcondition") if c.find(f"{Q}setvar") is not None]
    return condition


def feedback(entry):
    return {f.get("ident"): plain(f.findtext(f".//{Q}mattext")) for f in entry.iter(f"{Q}itemfeedback")}


def test_prompts_arrive_as_they_are(exported):
    for item, entry in exported:
        asked = plain(entry.findtext(f"{Q}presentation/{Q}material/{Q}mattext"))
        if not re.search(r"[$`\\]", item.prompt):
            assert asked == item.prompt
        assert metadata(entry, "points_possible") == str(item.points)


def test_choices_score_as_here_and_keep_their_feedback(exported):
    for item, entry in of_type(exported, "multiple_choice", "true_false"):
        assert metadata(entry, "question_type") == f"{item.question.type}_question"
        right, said = scoring(entry).findtext(f".//{Q}varequal"), feedback(entry)
        for label in entry.iter(f"{Q}response_label"):
            text = plain(label.findtext(f".//{Q}mattext"))
            result = score(
                item.question, next(o.text for o in item.question.options if o.text.replace("`", "") == text)
            )
            assert (label.get("ident") == right) == result.right
            assert said[f"{label.get('ident')}_fb"] == result.feedback.replace("`", "")


def test_numbers_score_as_here(exported):
    for item, entry in of_type(exported, "numeric"):
        unit = item.question.answer_unit or "x"
        exact = float(scoring(entry).findtext(f".//{Q}varequal"))
        low, high = (float(scoring(entry).findtext(f".//{Q}{name}")) for name in ("vargte", "varlte"))
        assert score(item.question, f"{exact!r} {unit}", item.seed).right
        rounding = 5e-5
        assert score(item.question, f"{low + rounding!r} {unit}", item.seed).right
        assert score(item.question, f"{high - rounding!r} {unit}", item.seed).right
        said = feedback(entry)
        assert said["correct_fb"] == score(item.question, f"{exact!r} {unit}", item.seed).feedback.replace("`", "")
        for wrong in (0.9 * low - 1e-4, 1.1 * high + 1e-4):
            assert not score(item.question, f"{wrong!r} {unit}", item.seed).right


def test_phrases_score_as_here(exported):
    for item, entry in of_type(exported, "fill_in"):
        phrases = [accepted.text for accepted in scoring(entry).iter(f"{Q}varequal")]
        assert set(item.question.accept) <= set(phrases)
        assert all(score(item.question, phrase).right for phrase in phrases)
        assert not {near.text for near in item.question.near} & set(phrases)


def test_essays_carry_the_rubric(exported):
    for item, entry in of_type(exported, "short_answer"):
        assert metadata(entry, "question_type") == "essay_question"
        (said,) = feedback(entry).values()
        assert all(point.replace("`", "") in said for point in item.question.rubric)


def test_ordering_is_left_out_and_named(sample):
    made = export(sample, "t", "qti")
    assert [loss.id for loss in made.losses if loss.whole] == ["sample.sizes"]
    assert "sample.sizes" not in opened(sample)[1]


def test_answers_too_small_for_four_decimals_are_left_out_and_named():
    text = '[[question]]\nid="s"\ntype="numeric"\nobjective="o"\nprompt="p"\nanswer="0.004"\nfeedback="f"\nwrong="w"\n'
    other = '[[question]]\nid="r"\ntype="true_false"\nobjective="o"\nprompt="p"\nanswer=true\n'
    small = bank.read(text + other + 'feedback={true="a", false="b"}\n', "t", "t", "math")
    (loss,) = export(small, "t", "qti").losses
    assert loss.whole
    assert "four decimals" in loss.reason


def test_variants_are_a_group_to_pick_one_from(sample):
    root, _ = opened(sample, variants=3)
    (group,) = [s for s in root.iter(f"{Q}section") if s.find(f"{Q}selection_ordering") is not None]
    assert group.findtext(f".//{Q}selection_number") == "1"
    assert len(list(group.iter(f"{Q}item"))) == 3


def test_no_mark_of_the_text_is_markup():
    odd = '1. *a* _b_ <i>c</i> & [d](e) $5 \\num{3} "q" -- ... {x} !#%= `a < $b`'
    line = markdown(odd)
    assert not re.search(r"[*_<>\[\]$\\\"{}!=.]", line.replace("`a < $b`", ""))
    assert plain(line.replace("`a < $b`", html.escape("a < $b"))) == odd.replace("`", "")
    assert markdown("a\nb") == "a<br>b"
    assert markdown("so $x_1$") == "so $x_1$"


def test_what_the_converter_refuses_is_told(sample):
    twice = Bank("sample", (sample.questions[1], replace(sample.questions[1], id="sample.again")), ())
    with pytest.raises(ValueError, match="Duplicate question"):
        export(twice, "t", "qti")


def test_odd_texts_survive_the_converter():
    text = """
[[question]]
id = "odd"
type = "true_false"
objective = "o"
prompt = 'GROUP 1. *a* & <b> "q" -- `x < y` %c [d](e) ... $5 or $6'
answer = true
feedback = { true = "*) not a choice", false = "... = 3" }
"""
    _, entries = opened(bank.read(text, "t", "t", "math"))
    asked = plain(entries["t.odd"].findtext(f"{Q}presentation/{Q}material/{Q}mattext"))
    assert asked == 'GROUP 1. *a* & <b> "q" -- x < y %c [d](e) ... $5 or $6'
    assert sorted(feedback(entries["t.odd"]).values()) == ["*) not a choice", "... = 3"]


def test_the_package_bears_no_date_of_today(sample):
    with zipfile.ZipFile(io.BytesIO(export(sample, "t", "qti").data)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert "<imsmd:dateTime>2026-01-01</imsmd:dateTime>" in package.read("imsmanifest.xml").decode()
