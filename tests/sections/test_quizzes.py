"""Every question bank: what the chapter asks is asked, every answer solves its question, every mistake is named."""

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.quiz import formula, verify
from mlsys_helpers.quiz.bank import section_bank

BANKS = {section.slug: section_bank(section.slug) for section in chapter.open_sections()}
QUESTIONS = [question for bank in BANKS.values() for question in bank.questions]
EACH_BANK = pytest.mark.parametrize("slug", BANKS)


@EACH_BANK
def test_every_answer_holds_in_every_variant(slug):
    assert verify.problems(BANKS[slug], seeds=range(200)) == []


@EACH_BANK
def test_every_self_check_of_the_chapter_has_its_question(slug):
    section = chapter.section(slug)
    asked = {f"{int(section.number)}.{i}" for i in range(1, section.self_checks + 1)}
    assert {covered for question in BANKS[slug].questions for covered in question.covers} == asked


@EACH_BANK
def test_every_type_of_question_is_in_use(slug):
    questions = BANKS[slug].questions
    kinds = {"multiple_choice", "true_false", "fill_in", "ordering", "numeric", "short_answer"}
    assert len(questions) >= 10 and {question.type for question in questions} == kinds
    assert sum(formula.has_variants(question) for question in questions) >= 2


def test_the_iron_law_asks_for_numbers():
    assert sum(formula.has_variants(question) for question in BANKS["iron_law"].questions) >= 4


def test_every_given_stands_in_its_prompt_as_a_number():
    """A placeholder that clings to a letter, as in p{percentile}, is taken for a formula's and stays."""
    for question in filter(formula.has_variants, QUESTIONS):
        asked = formula.filled(question.prompt, question, formula.givens(question, 0))
        assert not [given.name for given in question.givens if f"{{{given.name}}}" in asked], question.id


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_every_question_names_its_objective(question):
    assert question.objective.strip()


def test_ids_are_unique_in_the_chapter():
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
