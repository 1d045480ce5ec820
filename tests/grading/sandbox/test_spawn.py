"""Without fork: a fresh interpreter for each submission, the same results."""

import pytest

from mlsys_helpers.grading.sandbox.client import Server
from mlsys_helpers.grading.sandbox.job import Limits
from tests.grading.sandbox import attacks, exercise, ways

ATTACKS = ["equal_to_everything", "exit_zero", "loop_in_function", "forge_descriptors", "forge_ready", "read_solutions",
           "write_gradebook", "memory_hog", "deep_recursion"]  # fmt: skip
FENCED, LIMITED = ("read_solutions", "write_gradebook"), ("memory_hog",)


@pytest.fixture(scope="module")
def spawning():
    with Server(Limits(step_s=2.0, total_s=30.0), fork=False) as made:
        yield made


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_loses_its_own_task_only(name, spawning, outside):
    for key, names in (("landlock", FENCED), ("limits", LIMITED)):
        told = next(protection for protection in spawning.protections if protection.key == key)
        if name in names and not told.on:
            pytest.skip(str(told))
    graded = exercise.grade(attacks.hostile(name, outside, 9), spawning)
    assert graded.verdicts[0].points == 0
    assert graded.points == exercise.POINTS - exercise.FIRST_POINTS, graded.ran
    assert (outside / "gradebook").read_text() == "s1,23"


@pytest.mark.parametrize("name", ["magic_line", "await", "writes_and_reads_a_file", "flood_of_prints"])
def test_an_honest_one_has_full_marks(name, spawning):
    assert exercise.grade(ways.honest(name), spawning).points == exercise.POINTS


def test_it_says_what_is_off(spawning):
    off = {protection.key for protection in spawning.protections if not protection.on}
    assert {"namespaces", "user", "descendants"} <= off
