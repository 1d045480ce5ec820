"""Honest submissions are never hurt, however they go about it."""

import pytest

from tests.grading.sandbox import exercise, ways


@pytest.mark.parametrize("name", [*ways.ANSWERED, *ways.BESIDE])
def test_another_way_has_full_marks(name, patient):
    if name in ways.IN_OWN_FILES and not patient.protections[0].on:
        pytest.skip(str(patient.protections[0]))
    graded = exercise.grade(ways.honest(name), patient)
    missed = [(verdict.task, verdict.message) for verdict in graded.verdicts if verdict.status != "right"]
    assert graded.points == exercise.POINTS, (missed, graded.ran.failed, graded.ran.died)
    assert bool(graded.ran.failed) == (name in ways.FAILING), graded.ran.failed


@pytest.mark.parametrize("name", ways.FORMS)
def test_another_form_has_full_marks(name, patient):
    graded = exercise.grade(ways.formed(name), patient)
    assert graded.points == exercise.POINTS, graded


def test_the_numbers_are_the_roster_s_whoever_signs_the_file(patient):
    """A notebook with another student's results typed in earns nothing for them."""
    theirs = exercise.grade(exercise.data(exercise.solved()), patient).ran.outcomes["iron_law.days_saved"]
    book = exercise.solved()
    exercise.find(book, "achieved_before")["source"] = f"days_saved = {theirs[0][1]}"
    assert exercise.grade(exercise.data(book), patient, "s2").points == exercise.POINTS - 3
