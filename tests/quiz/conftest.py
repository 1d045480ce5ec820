"""The sample bank."""

from pathlib import Path

import pytest

from mlsys_helpers.quiz.bank import load


@pytest.fixture(scope="session")
def sample():
    return load(Path(__file__).with_name("sample.toml"), "sample", "math")
