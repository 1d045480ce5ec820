"""The rules of the house, each held by a tool."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "--no-cache"),
        ("ruff", "format", "--no-cache", "--check"),
        ("lint-imports", "--no-cache"),
        ("mypy", "--no-incremental"),
        ("companion", "build", "--check"),
    ],
    ids=" ".join,
)
def test_tool_finds_nothing(words):
    tool = subprocess.run([TOOLS / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert tool.returncode == 0, tool.stdout + tool.stderr
