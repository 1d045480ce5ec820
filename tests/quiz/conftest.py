"""Each test has a record of progress of its own, and the sample bank."""

from pathlib import Path

import pytest

from mlsys_helpers.progress.store import HOME_VARIABLE
from mlsys_helpers.quiz.bank import load


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


@pytest.fixture(scope="session")
def sample():
    return load(Path(__file__).with_name("sample.toml"), "sample", "math")
