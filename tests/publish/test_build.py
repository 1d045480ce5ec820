"""Notebooks are run, stored the same every time, and known to be stale when they are."""

import nbformat
import pytest

from mlsys_helpers.publish import build, compose, execute

NOTEBOOK = """\
# %% [markdown]
# # A page

# %%
import os
import sys
import time

import ipywidgets
from matplotlib import pyplot

print("to be", flush=True)
print("or not to be")

# %%
_ = pyplot.figure(figsize=(1, 1)).subplots().plot([0, 1])

# %%
ipywidgets.IntSlider(3)

# %%
os.path.exists(os.environ["MLSYS_COMPANION_HOME"])

# %% tags=["raises-exception"]
{}["no such key"]

# %% tags=["measured"]
# measured: the clock
time.time_ns()
"""
SOLUTION = """\
# %%
def twice(number):
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION


# %%
try:
    print(twice(4))
except NotImplementedError:
    print("not tried yet")
"""


@pytest.fixture
def project(tmp_path):
    """A small project with one notebook and one exercise, nothing of it built."""
    for folder, text in (("notebooks", NOTEBOOK), ("solutions", SOLUTION)):
        (tmp_path / folder / "src").mkdir(parents=True)
        (tmp_path / folder / "src" / "01_toy.py").write_text(text, encoding="utf8")
    return tmp_path


def built(project, folder, **options):
    (target,) = [target for target in build.targets(project) if target.label.startswith(folder)]
    return build.build(target, **options)


def contents(project):
    return {path.parent.name: path.read_bytes() for path in project.glob("*/*.ipynb")}


def test_two_builds_are_the_same_bytes(project):
    for target in build.targets(project):
        build.build(target)
    first = contents(project)
    for target in build.targets(project):
        assert build.stale(target) == ""
        build.build(target)
    assert contents(project) == first
    assert first.keys() == {"notebooks", "solutions", "exercises"}
    assert all(text.endswith(b"}\n") for text in first.values())
    assert not list(project.glob("*/.*"))


def test_stored_outputs_are_those_of_a_page_without_a_kernel(project):
    notebook = built(project, "notebooks")
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    words, figure, slider, has_home, error, _ = [output[0] for output in outputs]
    assert words.text == "to be\nor not to be\n"
    assert figure.data["image/png"]
    assert slider.data == {"text/plain": "IntSlider(value=3)"}
    assert has_home.data["text/plain"] == "False"
    assert error.traceback == ["KeyError: 'no such key'"]
    assert notebook.metadata == compose.METADATA
    assert not any("execution" in cell.metadata for cell in notebook.cells)


def test_exercise_is_run_as_the_stub_that_it_is(project):
    exercise = built(project, "exercises")
    assert exercise.cells[1].outputs[0].text == "not tried yet\n"
    assert "2 * number" not in (project / "exercises/01_toy.ipynb").read_text(encoding="utf8")


CLOCK = """\
# %%
import time

# %% tags=["measured"]
# measured: the clock
time.time_ns()
"""


def test_measured_outputs_stay_until_asked_for_or_changed(project):
    def measured(*change, **options):
        source.write_text(source.read_text(encoding="utf8").replace(*change or ("", "")), encoding="utf8")
        return built(project, "notebooks", **options).cells[-1].outputs[0].data["text/plain"]

    source = project / "notebooks/src/01_toy.py"
    source.write_text(CLOCK, encoding="utf8")
    first = measured()
    assert measured("import time\n", "import time  # again\n") == first
    again = measured(remeasure=True)
    assert again != first
    assert measured("the clock", "the clock here") != again


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import warnings; warnings.warn('old ways')", "(?s)wrote a warning.*old ways"),
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; print(sys.prefix)", "a path of the building machine"),
    ],
)
def test_notebook_that_is_not_fit_to_read_is_not_stored(project, code, said):
    (project / "notebooks/src/01_toy.py").write_text(f"# %%\n{code}\n", encoding="utf8")
    with pytest.raises(execute.RunError, match=said):
        built(project, "notebooks")
    assert contents(project) == {}


def test_a_cell_that_never_ends_is_stopped(project, monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT_S", 1)
    (project / "notebooks/src/01_toy.py").write_text("# %%\nwhile True: pass\n", encoding="utf8")
    with pytest.raises(execute.RunError, match="timed out"):
        built(project, "notebooks")


# --- staleness (nothing is run) -------------------------------------------------------------------------------------


@pytest.fixture
def stored(project):
    """The toy notebook as if it had been built, and its target."""
    target = build.targets(project)[0]
    notebook = compose.notebook(target.source)
    for count, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.execution_count = count
    build.write(target.path, notebook)
    assert build.stale(target) == ""
    return target, notebook


def test_missing_notebook_is_stale(project):
    assert [build.stale(target) for target in build.targets(project)] == ["missing"] * 3


def test_changed_source_is_stale(stored):
    target, _ = stored
    target.source.write_text(NOTEBOOK.replace("or not", "and also not"), encoding="utf8")
    assert "differ" in build.stale(target)


@pytest.mark.parametrize("change", ["source", "tags", "nbgrader", "id"])
def test_changed_notebook_is_stale(stored, change):
    target, notebook = stored
    cell = notebook.cells[1]
    if change in ("tags", "nbgrader"):
        cell.metadata[change] = {"tags": ["nbval-skip"], "nbgrader": {"points": 3}}[change]
    else:
        cell[change] = "pass"
    build.write(target.path, notebook)
    assert "differ" in build.stale(target)


def test_notebook_without_outputs_is_stale(stored):
    target, notebook = stored
    notebook.cells[1].execution_count = None
    build.write(target.path, notebook)
    assert build.stale(target) == "stored without outputs"


def test_half_a_notebook_is_stale(stored):
    target, _ = stored
    target.path.write_text(target.path.read_text(encoding="utf8")[:100], encoding="utf8")
    assert build.stale(target) == "not a readable notebook"


def test_notebook_without_source_is_named(stored, project):
    stray = project / "exercises" / "02_stray.ipynb"
    stray.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(), stray)
    assert build.strays(project) == (stray,)


def test_failed_write_leaves_the_old_notebook_and_no_rubbish(stored, monkeypatch):
    target, notebook = stored
    before = target.path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build.write(target.path, notebook)
    assert target.path.read_bytes() == before
    assert {path.name for path in target.path.parent.iterdir()} == {"src", "01_toy.ipynb"}


@pytest.mark.parametrize("name", ["01_toy", "toy", "01", "exercises/01_toy.ipynb"])
def test_targets_are_found_by_any_of_their_names(project, name):
    assert len(build.targets(project, [name])) == 3


def test_unknown_name_is_told_the_nearest(project):
    with pytest.raises(ValueError, match="did you mean '01_toy'"):
        build.targets(project, ["toys"])
