"""A folder where other users may pass, unlike those that pytest makes."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def passable():
    """A function that makes such folders; they are removed in the end."""
    with tempfile.TemporaryDirectory(prefix="companion-hub-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)

        def folder() -> Path:
            inner = Path(tempfile.mkdtemp(dir=made))
            inner.chmod(0o755)
            return inner

        yield folder
