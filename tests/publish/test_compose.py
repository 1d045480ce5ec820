"""Sources become cells: answers leave, ids stay, mistakes are named with file and line."""

import re
from pathlib import Path

import jupytext
import pytest

from mlsys_helpers.exercise.task import task
from mlsys_helpers.publish import compose
from mlsys_helpers.publish.build import targets

ROOT = Path(__file__).parents[2]
TARGETS = targets(ROOT)

SOLUTION = '''\
# %% [markdown]
# # A task

# %%
def area(width_m, height_m):
    """Area in m^2. area(1, 1) is 1."""
    ### BEGIN SOLUTION
    return width_m * height_m
    ### END SOLUTION


# %%
### BEGIN SOLUTION
room_m2 = area(3, 4)
hall_m2, yard_m2 = 20, 300
### END SOLUTION

# %%
### BEGIN SOLUTION: term = ...  # "data" or "compute"
term = "data"
### END SOLUTION

# %% tags=["solution"]
print("why it is so")
'''


@pytest.fixture
def made(tmp_path):
    """The notebook made from a text: made(text, exercise=False)."""

    def make(text, exercise=False):
        source = tmp_path / "01_toy.py"
        source.write_text(text, encoding="utf8")
        return compose.notebook(source, exercise)

    return make


def cells(notebook):
    return [cell.source for cell in notebook.cells]


def test_solution_notebook_holds_the_source_as_it_is(made):
    assert cells(made(SOLUTION))[1].count("SOLUTION") == 2
    assert len(made(SOLUTION).cells) == 5


def test_exercise_keeps_signature_docstring_and_example(made):
    _, area, numbers, term = cells(made(SOLUTION, exercise=True))
    assert area == (
        'def area(width_m, height_m):\n    """Area in m^2. area(1, 1) is 1."""\n'
        '    raise NotImplementedError("your answer here")'
    )
    assert [line.split("#")[0].strip() for line in numbers.splitlines()] == [
        "room_m2 = ...",
        "hall_m2 = ...",
        "yard_m2 = ...",
    ]
    assert term == 'term = ...  # "data" or "compute"'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("# %%\n### BEGIN SOLUTION\nx = 1\n", 2, "no ### END SOLUTION"),
        ("# %%\n### BEGIN SOLUTION\nx = 1\n\n# %%\n### END SOLUTION\n", 2, "no ### END SOLUTION in its cell"),
        ("# %%\n### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n", 2, "no ### END SOLUTION"),
        ("# %%\nx = 1\n### END SOLUTION\n", 3, "without a ### BEGIN SOLUTION"),
        ("# %%\n# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", 2, "write the marker as ### BEGIN SOLUTION"),
        ("# %%\n### BEGIN SOLUTION\nx = 1\n###END SOLUTION\n", 4, "write the marker as"),
    ],
)
def test_unbalanced_markers_are_named_with_file_and_line(made, text, line, said):
    with pytest.raises(compose.SourceError, match=rf"01_toy\.py, line {line}: .*{re.escape(said)}"):
        made(text)


@pytest.mark.parametrize("answer", ["print(3)", "def whole(x):\n    return x"])
def test_answer_that_leaves_no_stub_is_refused(made, answer):
    with pytest.raises(compose.SourceError, match="sets no name; write the stub beside the marker"):
        made(f"# %%\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION\n", exercise=True)


def test_exercise_without_a_question_is_refused(made):
    with pytest.raises(compose.SourceError, match="nothing to solve"):
        made("# %%\nx = 1\n", exercise=True)


def test_ids_do_not_move_when_cells_are_added_elsewhere(made):
    before = made("# %%\nx = 1\n\n# %%\nx = 1\n\n# %% [markdown]\n# x = 1\n")
    after = made("# %% [markdown]\n# new\n\n# %%\nx = 1\n\n# %%\ny = 2\n\n# %%\nx = 1\n\n# %% [markdown]\n# x = 1\n")
    ids = [cell.id for cell in after.cells]
    assert len(set(ids)) == len(ids)
    assert [cell.id for cell in before.cells] == [ids[1], ids[3], ids[4]]


def test_measured_cells_are_told_to_nbval(made):
    (cell,) = made('# %% tags=["measured"]\n# measured: the time depends on the machine\nx = 1\n').cells
    assert cell.metadata.tags == ["measured", "nbval-ignore-output"]


@pytest.mark.parametrize("tag", ["measured", "nbval-ignore-output", "nbval-skip"])
def test_exemption_without_a_reason_is_refused(made, tag):
    with pytest.raises(compose.SourceError, match="without its reason"):
        made(f'# %% tags=["{tag}"]\n# because\nx = 1\n')


def test_exemption_by_comment_is_refused(made):
    with pytest.raises(compose.SourceError, match="say it with a tag"):
        made("# %%\n# NBVAL_IGNORE_OUTPUT\nx = 1\n")


def test_semicolon_that_nbval_ignores_is_refused(made):
    with pytest.raises(compose.SourceError, match="what a last ';' hides"):
        made("# %%\nprint(1);\n")


TASK = """\
# %%
run = 1

# %%
### BEGIN SOLUTION
part = 2
### END SOLUTION

# %%
### BEGIN SOLUTION
days_saved = 3 * part
### END SOLUTION

# %%
check("iron_law.days_saved", days_saved)
"""


@pytest.mark.parametrize("exercise", [False, True])
def test_answers_and_checks_are_marked_for_nbgrader(made, exercise):
    marks = [cell.metadata.get("nbgrader") for cell in made(TASK, exercise).cells]
    assert marks[0] is None
    assert [mark["grade_id"] for mark in marks[1:]] == ["days_saved-answer-1", "days_saved-answer-2", "days_saved"]
    assert [mark["solution"] for mark in marks[1:]] == [True, True, False]
    assert [mark["grade"] for mark in marks[1:]] == [False, False, True]
    assert marks[3]["points"] == task("iron_law.days_saved").points


def test_a_check_of_an_unknown_task_is_refused(made):
    with pytest.raises(ValueError, match="days_saved"):
        made(TASK.replace("iron_law.days_saved", "iron_law.day_saved"))


# --- the companion's own sources ------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", sorted({target.source for target in TARGETS}), ids=lambda path: path.name)
def test_source_survives_the_way_through_a_notebook(source):
    text = source.read_text(encoding="utf8")
    notebook = jupytext.reads(text, compose.PERCENT)
    notebook.metadata["jupytext"] = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,-all"}
    assert jupytext.writes(notebook, compose.PERCENT) == text


@pytest.mark.parametrize("target", [t for t in TARGETS if t.exercise], ids=lambda target: target.label)
def test_no_answer_stands_anywhere_in_an_exercise(target):
    """Not in its cells, outputs or metadata: every line of an answer that the source has nowhere else is looked for."""
    answers, rest = apart(target.source.read_text(encoding="utf8"))
    given = target.path.read_text(encoding="utf8").replace('\\"', '"')
    assert answers
    assert not [line for line in answers if len(line) > 3 and line not in rest and line in given]


def apart(text):
    """The stripped lines of the answers in a source, and the rest of it."""
    answers, rest, within = [], [], False
    for line in text.splitlines():
        within = "### BEGIN SOLUTION" in line or (within and "### END SOLUTION" not in line)
        (answers if within and "SOLUTION" not in line else rest).append(line.strip())
    return answers, "\n".join(rest)
