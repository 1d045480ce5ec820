"""What a release tells about itself: one version, a changelog, a citation, licences that name every source, forms."""

import csv
import datetime
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from mlsys_helpers.cli import app

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
FACTS = sorted((ROOT / "mlsys_helpers" / "facts").glob("*.csv"))
DATA = (ROOT / "LICENSE-data.md").read_text(encoding="utf8")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


# --- version, changelog, citation -----------------------------------------------------------------------------------


def releases() -> list[tuple[str, str]]:
    """The versions that the changelog tells of, newest first, with their days."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)


def test_the_changelog_s_newest_release_is_this_version():
    versions = [tuple(map(int, version.split("."))) for version, _ in releases()]
    assert releases()[0][0] == PROJECT["version"]
    assert versions == sorted(set(versions), reverse=True)
    assert all(datetime.date.fromisoformat(day) for _, day in releases())


def test_the_changelog_names_commands_that_exist():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    known = {(c.name or c.callback.__name__).replace("_", "-") for c in app.registered_commands if c.callback}
    assert {word for word in re.findall(r"`companion ([a-z-]+)", text)} <= known


def test_the_citation_is_of_this_version_and_valid():
    found = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf8"))
    assert (found["version"], str(found["date-released"])) == releases()[0]
    assert " AND ".join(found["license"]) == PROJECT["license"]
    holds("vendor.citation-file-format", ROOT / "CITATION.cff")


def holds(schema: str, path: Path) -> None:
    """A file is what its readers expect, by a schema that the tool brings along."""
    tool = Path(sys.executable).parent / "check-jsonschema"
    told = subprocess.run([tool, "--builtin-schema", schema, path], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


# --- licences -------------------------------------------------------------------------------------------------------


def test_every_licence_named_is_there_and_in_the_wheel():
    for name in PROJECT["license-files"]:
        assert (ROOT / name).stat().st_size > 500
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf8")
    assert "creativecommons.org/licenses/by/4.0" in (ROOT / "LICENSE-text.md").read_text(encoding="utf8")


def rows_about(table: str) -> str:
    """The lines of LICENSE-data.md that are about a table, as one plain text."""
    return plain(" ".join(line for line in DATA.splitlines() if f"`{table}`" in line))


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@pytest.mark.parametrize("table", FACTS, ids=lambda path: path.name)
def test_every_repository_that_a_fact_comes_from_is_named_beside_its_table(table):
    named = rows_about(table.name)
    assert named, f"LICENSE-data.md has no row for {table.name}"
    with table.open(encoding="utf8", newline="") as lines:
        addresses = [urlsplit(row["source_url"]) for row in csv.DictReader(lines)]
    repositories = {tuple(a.path.split("/")[1:3]) for a in addresses if a.netloc == "github.com"}
    missing = [one for one in repositories if not any(plain(word) in named for word in one)]
    assert not missing, f"name them in LICENSE-data.md, in a row of {table.name}: {missing}"


def test_every_data_file_of_the_package_is_named():
    tracked = subprocess.run(["git", "ls-files", "mlsys_helpers"], cwd=ROOT, capture_output=True, text=True, check=True)
    data = [Path(line) for line in tracked.stdout.splitlines() if line.endswith((".csv", ".csv.gz", ".json", ".npz"))]
    missing = [path.name for path in data if path.name not in DATA]
    assert data and not missing, f"say in LICENSE-data.md where {missing} come from"


# --- forms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.name)
def test_a_form_is_one(form):
    holds("vendor.github-issue-config" if form.stem == "config" else "vendor.github-issue-forms", form)


def test_there_is_a_form_for_a_wrong_fact_a_bug_and_an_unclear_passage():
    assert {"wrong_fact", "bug", "unclear"} <= {form.stem for form in FORMS}
    assert (ROOT / ".github" / "pull_request_template.md").exists()
    assert "tests/grading/sandbox/attacks.py" in (ROOT / "SECURITY.md").read_text(encoding="utf8")
    assert (ROOT / "tests/grading/sandbox/attacks.py").exists()
