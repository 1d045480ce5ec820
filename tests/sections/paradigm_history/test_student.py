from itertools import chain, combinations

import numpy as np
import pytest

from mlsys_helpers.sections.paradigm_history import model, student


def test_the_chapters_problem_is_read_into_two_equations_and_solved():
    reading = student.read(student.ORIGINAL)
    assert (reading.value, reading.verdict, len(reading.equations)) == (2 * (0.2 * 45) ** 2, "solved", 2)


def test_other_names_and_numbers_need_no_new_rule():
    other = student.ORIGINAL.replace("customers Tom", "seeds Ann").replace("45", "10").replace("20%", "50%")
    assert student.read(other).value == 2 * 5**2


def test_what_it_cannot_read_it_names():
    reading = student.read("Tom sells shoes. What is the price?")
    assert reading.value is None and reading.stuck == "tom sells shoes"
    circle = "The number of dogs is twice the number of cats. The number of cats is the number of dogs. What is the "
    assert student.read(circle + "number of dogs?").verdict == "stuck"


def test_each_letter_is_solved_once_dealt_with_and_no_earlier_one_is_lost():
    growth = student.grow()
    for dealt_with, verdicts in enumerate(growth.letters):
        assert set(verdicts[: dealt_with + 1]) == {"solved"}
    assert growth.count("solved")[0] == 2 and growth.count("solved")[-1] == 13
    assert growth.rules[0] == 5 and growth.rules[-1] == 21 == len(student.rule_base())
    assert growth.count("solved", "later")[-1] == 1 and growth.count("wrong", "later")[-1] == 2
    assert len(student.bound_pairs(student.rule_base())) == 5 and not student.bound_pairs(student.rule_base(6))


@pytest.mark.parametrize("place", ["first", "last"])
def test_where_a_rule_stands_is_part_of_the_rule(place):
    assert student.verdicts((student.ORIGINAL, *student.LETTERS), student.rule_base(place=place)).count("solved") < 13


def test_rules_bound_to_their_order_are_the_ones_placed_on_purpose():
    bound = set(chain(*student.bound_pairs(student.rule_base())))
    assert {rule.name for rule in student.rule_base() if rule.before} - {"take ...: that is ..."} <= bound


def test_a_wording_is_covered_exactly_when_all_its_rules_are_there():
    known = set(student.needed()[:5])
    rules = [rule for rule in student.rule_base() if rule in student.BASE or rule.name in known]
    for text, needs in student.wordings():
        assert (student.read(text, rules).verdict == "solved") == (needs <= known)


def test_coverage_is_the_product_over_slots():
    choices = [len(slot) for slot in student.SLOTS]
    ready = [sum(not needed for _, needed in slot) for slot in student.SLOTS]
    assert student.coverage(()) == pytest.approx(model.covered_share(ready, choices)) == pytest.approx(2 / 324)
    assert student.coverage(student.needed()) == 1 == model.covered_share(choices, choices)
    shares = [
        np.mean([needs <= set(some) for _, needs in student.wordings()]) for some in combinations(student.needed(), 4)
    ]
    assert min(shares) > 0.055 and max(shares) < 0.1  # whichever four of the nine rules are written
    covered = student.coverage_by_rules(seed=1)
    assert (np.diff(covered) > 0).all() and covered[-2] <= 2 / 3  # of nine rules
