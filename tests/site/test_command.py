"""companion site: what it asks for, and what it says when a page is wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlsys_helpers.cli import app
from mlsys_helpers.publish.site import build


@pytest.fixture
def asked(monkeypatch):
    """The arguments that the command builds with; the building itself is left out."""
    found = {}

    def noted(root, out, moving, tell):
        found.update(root=root, out=out, moving=moving("06_iron_law"))
        return build.Site(Path("site/index.html"), 0)

    monkeypatch.setattr(build, "build", noted)
    return found


def test_it_draws_every_explorer_unless_told_to_be_quick(asked):
    told = CliRunner().invoke(app, ["site"])
    assert told.exit_code == 0 and "open it in a browser" in told.output
    assert asked["moving"] and asked["out"] is None
    CliRunner().invoke(app, ["site", "--quick", "--out", "elsewhere"])
    assert not asked["moving"] and asked["out"] == Path("elsewhere")


def test_a_warning_of_sphinx_ends_it_with_the_page_named(monkeypatch):
    def fails(*args, **more):
        raise build.SiteError("Sphinx warns:\nindex.md:3: leads nowhere")

    monkeypatch.setattr(build, "build", fails)
    told = CliRunner().invoke(app, ["site"])
    assert told.exit_code == 1 and "index.md:3: leads nowhere" in told.output


def test_a_missing_notebook_is_named_with_the_remedy(tmp_path):
    with pytest.raises(build.SiteError, match=r"notebooks/00_start_here\.ipynb is missing: run companion build"):
        build.build(tmp_path)
