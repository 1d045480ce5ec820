"""Packages of npm that tests run: installed once, from a lock file, into a folder that git ignores."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[1] / "build" / "npm"
FILES = ("package.json", "package-lock.json")


def modules(wanted: Path) -> Path:
    """The folder node_modules with what the package.json in `wanted` names. Skips the test where npm is not there."""
    if not shutil.which("npm"):
        pytest.skip("no npm on this computer; .ci/run installs it")
    digest = hashlib.sha256(b"".join((wanted / name).read_bytes() for name in FILES)).hexdigest()[:12]
    place, done = CACHE / f"{wanted.name}-{digest}", "finished"
    if not (place / done).exists():
        place.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy(wanted / name, place)
        told = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, capture_output=True, text=True
        )
        if told.returncode:
            raise RuntimeError(f"npm ci failed in {place}:\n{told.stderr[-2000:]}")
        (place / done).touch()
    return place / "node_modules"
