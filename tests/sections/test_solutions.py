"""The worked example in each exercise's docstring is true of the solution."""

import doctest
import types

import jupytext
import pytest

from mlsys_helpers import chapter
from mlsys_helpers.publish.build import repository


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda s: s.slug)
def test_worked_examples_hold(section):
    notebook = jupytext.read(repository() / "solutions" / "src" / f"{section.stem}.py")
    module = types.ModuleType("solution")
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.startswith(("import ", "from ", "def ")):
            exec(compile(cell.source, section.stem, "exec"), module.__dict__)
    for value in vars(module).values():
        if isinstance(value, types.FunctionType) and value.__module__ == "builtins":
            value.__module__ = "solution"
    tried = doctest.testmod(module)
    assert tried.attempted >= 5 and tried.failed == 0
