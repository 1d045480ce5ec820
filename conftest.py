"""Every test and every notebook works in an empty home of its own: a person's progress is never read or written."""

import os
import tempfile
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

HOME = "MLSYS_COMPANION_HOME"
# Run by every kernel that nbval starts: once a cell has loaded matplotlib, each figure is held to tests/drawn.py.
WATCH = """
import importlib.util, sys
def _watch(*_):
    if "matplotlib.figure" in sys.modules:
        get_ipython().events.unregister("post_run_cell", _watch)
        found = importlib.util.spec_from_file_location("drawn", {drawn!r})
        drawn = importlib.util.module_from_spec(found)
        found.loader.exec_module(sys.modules.setdefault("drawn", drawn))
        drawn.watch()
get_ipython().events.register("post_run_cell", _watch)
"""


def pytest_configure(config):
    """Set the homes before the first kernel starts, and let pytest be called from any folder of the clone."""
    scratch = tempfile.TemporaryDirectory(prefix="companion-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(scratch.cleanup)
    config.option.nbval_sanitize_with = str(config.rootpath / "tests" / "nbval.cfg")
    os.environ["IPYTHONDIR"] = os.environ[HOME] = scratch.name
    startup = Path(scratch.name) / "profile_default" / "startup" / "watch.py"
    startup.parent.mkdir(parents=True)
    startup.write_text(WATCH.format(drawn=str(config.rootpath / "tests" / "drawn.py")), encoding="utf8")
    os.environ.pop("MLSYS_STUDENT", None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A notebook's first cell: its kernel is about to start, so give it an empty home."""
    if isinstance(item, IPyNbCell) and item.parent.kernel is None:
        os.environ[HOME] = tempfile.mkdtemp(dir=os.environ["IPYTHONDIR"]) + "/home"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch) -> Path:
    """The empty folder where this test's progress goes."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv(HOME, str(home))
    return home
