"""JSON for jupyterquiz, judged here as its scripts do: the first answer that fits counts, "default" is for the rest.

The scripts themselves were run on these files in a browser when this was written, with the same verdicts.
"""

import json

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.quiz import bank
from mlsys_helpers.quiz.export.formats import export
from mlsys_helpers.quiz.export.items import paper
from mlsys_helpers.quiz.export.texts import html
from mlsys_helpers.quiz.score import score

FIELDS = {
    "multiple_choice": [{"answer", "correct", "feedback"}],
    "numeric": [{"range", "correct", "feedback"}, {"type", "feedback"}],
    "string": [{"answer", "correct", "feedback"}, {"type", "feedback"}],
}
TYPES = {
    "multiple_choice": "multiple_choice",
    "true_false": "multiple_choice",
    "numeric": "numeric",
    "fill_in": "string",
}


@pytest.fixture(scope="module", params=["sample", *(section.slug for section in chapter.open_sections())])
def exported(request, sample):
    questions = sample if request.param == "sample" else bank.section_bank(request.param)
    items = [i for i in paper(questions, "", variants=2)[0].items if i.question.type in TYPES]
    return list(zip(items, json.loads(export(questions, "t", "jupyterquiz", variants=2).data), strict=True))


def verdict(entry, typed):
    """(correct, feedback) for what a reader types or clicks."""
    for answer in entry["answers"]:
        if "range" in answer:
            low, high = answer["range"]
            fits = low <= typed < high
        else:
            fits = answer.get("type") == "default" or str(typed).lower() == answer["answer"].lower()
        if fits:
            return answer.get("correct", False), answer["feedback"]
    raise AssertionError(f"nothing fits {typed}")


def test_every_question_has_the_fields_of_its_type(exported):
    for item, entry in exported:
        assert set(entry) == {"question", "type", "answers"}
        assert entry["type"] == TYPES[item.question.type]
        assert all(set(answer) in FIELDS[entry["type"]] for answer in entry["answers"])
        assert sum(answer.get("correct", False) for answer in entry["answers"]) >= 1


def test_choices_score_as_here(exported):
    for item, entry in exported:
        for option in getattr(item.question, "options", ()):
            assert verdict(entry, html(option.text)) == (option.right, html(option.feedback))


def test_phrases_score_as_here(exported):
    for item, entry in exported:
        if item.question.type == "fill_in":
            for typed in (*item.question.accept, *(near.text for near in item.question.near), "something else"):
                result = score(item.question, typed)
                assert verdict(entry, typed) == (result.right, html(result.feedback))


def test_numbers_score_as_here(exported):
    for item, entry in exported:
        if item.question.type == "numeric":
            unit = item.question.answer_unit or "x"
            ranges = [answer["range"] for answer in entry["answers"] if "range" in answer]
            assert len(ranges) == 1 + len(item.question.mistakes)
            for low, high in [*ranges, (1e-9, 2e-9)]:
                middle = (low + high) / 2
                result = score(item.question, f"{middle!r} {unit}", item.seed)
                correct, said = verdict(entry, middle)
                assert correct == result.right
                assert html(result.feedback).endswith(said) or "check the prefixes" in result.feedback


def test_what_it_cannot_ask_is_named(sample):
    made = export(sample, "t", "jupyterquiz")
    assert [loss.id for loss in made.losses if loss.whole] == ["sample.sizes", "sample.why"]
    assert made.questions == 5


def test_the_file_is_ascii_and_holds_no_link_and_no_dollar():
    text = (
        '[[question]]\nid="m"\ntype="true_false"\nobjective="o"\nprompt="µ [a](b) <http://x> $5 or $6"\nanswer=true\n'
    )
    odd = bank.read(text + 'feedback={true="a", false="b"}\n', "t", "t", "math")
    data = export(odd, "t", "jupyterquiz").data
    assert data.isascii()
    (entry,) = json.loads(data)
    assert entry["question"] == ("µ [a]&#40;b) &lt;http://x&gt; <span>&#36;</span>5 or <span>&#36;</span>6")
