"""The written-out answer is found where exercises are written, whole and without its markers."""

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.publish import answers

SOURCE = """\
# %% [markdown]
# Write check("toy.a") here.

# %%
import math

# %%
### BEGIN SOLUTION: a = ...  # how many?
a = math.pi
### END SOLUTION

# %%
check("toy.a", a)

# %%
def helper():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION


# %%
def b():
    ### BEGIN SOLUTION
    return helper()
    ### END SOLUTION


# %%
# check("toy.a", helper)
check( 'toy.b', b)

# %%
check("toy.c", 1)
"""


def test_the_answer_is_what_stands_before_its_own_check():
    assert answers.answer_in(SOURCE, "toy.a") == "a = math.pi"
    assert answers.answer_in(SOURCE, "toy.b") == "def helper():\n    return 1\n\ndef b():\n    return helper()"


@pytest.mark.parametrize("name", ["toy.c", "toy.d"])
def test_no_answer_is_told_and_not_made_up(name):
    with pytest.raises(LookupError, match=name):
        answers.answer_in(SOURCE, name)


def test_solutions_that_are_not_there_are_told_with_their_place(monkeypatch, tmp_path):
    monkeypatch.setattr(answers, "material", lambda: tmp_path)
    with pytest.raises(LookupError, match=r"06_iron_law\.py"):
        answers.solution_text("iron_law.binding_term")


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda s: s.slug)
def test_every_task_has_an_answer_to_show_that_is_python(section):
    for task in tasks(section.slug):
        compile(answers.solution_text(task.name), task.name, "exec")
