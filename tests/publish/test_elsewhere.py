"""Other people's machines: links made from one address, copies for Colab, and what Binder, Codespaces and VS Code read.

Colab is simulated: its module, its IPython without JupyterLab, its working directory. The services were not reached.
"""

import ast
import importlib.metadata as metadata
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbformat import v4
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from typer.testing import CliRunner

from mlsys_helpers import cli
from mlsys_helpers.publish import elsewhere
from mlsys_helpers.publish.build import repository
from mlsys_helpers.publish.execute import run

ROOT = repository()
ADDRESS = "https://github.com/owner/name"


@pytest.fixture(scope="module")
def copies():
    return dict(elsewhere.colab(ROOT, ADDRESS))


# --- the address ----------------------------------------------------------------------------------------------------


def project(folder: Path, urls: str = "") -> Path:
    (folder / "pyproject.toml").write_text(f'[project]\nname = "x"\n{urls}', encoding="utf8")
    return folder


def test_the_address_comes_from_the_project_or_is_asked_for(tmp_path):
    with pytest.raises(ValueError, match=r"project.urls"):
        elsewhere.repository(project(tmp_path))
    assert elsewhere.repository(project(tmp_path), f"{ADDRESS}.git") == ADDRESS
    assert elsewhere.repository(project(tmp_path, f'[project.urls]\nRepository = "{ADDRESS}/"')) == ADDRESS


@pytest.mark.parametrize(
    "address", ["owner/name", "http://github.com/owner/name", f"{ADDRESS}/tree/main", 'https://github.com/o"/name']
)
def test_what_is_no_repository_is_told(address):
    told = CliRunner().invoke(cli.app, ["badges", "--repository", address])
    assert told.exit_code == 1 and "OWNER/NAME" in told.output


def test_each_link_opens_the_start_page_of_this_repository():
    found = {way.name: way for way in elsewhere.ways(ADDRESS, "https://owner.github.io/name/")}
    assert list(found) == ["Binder", "Codespaces", "Colab", "VS Code", "JupyterLite"]
    assert all("owner" in way.link and "name" in way.link for way in found.values())
    page = "notebooks/00_start_here.ipynb"
    assert parse_qs(urlsplit(found["Binder"].link).query)["urlpath"] == [f"lab/tree/{page}"]
    assert found["Colab"].link.endswith(f"/blob/colab/{page}")
    assert parse_qs(urlsplit(found["JupyterLite"].link).query)["path"] == [page]
    assert (ROOT / page).exists()
    told = CliRunner().invoke(cli.app, ["badges", "--repository", ADDRESS])
    assert [way.markdown for way in elsewhere.ways(ADDRESS)] == told.output.splitlines()


# --- Colab ----------------------------------------------------------------------------------------------------------


def test_a_copy_is_the_notebook_with_one_cell_more_and_no_outputs(copies):
    assert len(copies) == sum(len(list((ROOT / folder).glob("*.ipynb"))) for folder in elsewhere.FOLDERS)
    for label, copy in copies.items():
        nbformat.validate(copy)
        stored = nbformat.read(ROOT / label, as_version=4)
        assert [c.source for c in copy.cells[1:] if c.cell_type == "code"] == [
            c.source for c in stored.cells if c.cell_type == "code"
        ]
        assert not any(cell.get("outputs") for cell in copy.cells)
        assert copy.cells[0].metadata.cellView == "form"  # Colab shows its title alone


def test_links_between_notebooks_lead_on_in_colab(copies):
    for label, copy in copies.items():
        texts = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "markdown")
        for link in re.findall(r"\]\(([^)]*\.ipynb[^)]*)\)", texts):
            assert link.startswith("https://"), f"{label}: {link}"
            branch, path = link.split("/blob/")[1].split("/", 1)
            assert path in copies if branch == "colab" else (ROOT / path).exists(), f"{label}: {link}"


def test_the_set_up_cell_leaves_what_colab_needs_as_it_is(copies):
    asked = shlex.split(copies["notebooks/00_start_here.ipynb"].cells[0].source.split("%pip install ")[1])
    assert asked[:3] == ["-q", "--no-deps", f"mlsys-companion @ git+{ADDRESS}@main"]
    named = [Requirement(word).name for word in asked[3:]]
    assert named and set(named) == {*elsewhere.LACKING, *elsewhere.BENEATH}
    beneath = {Requirement(line).name for line in metadata.requires("pint") or [] if "extra" not in line}
    assert beneath <= {*elsewhere.BENEATH, "platformdirs", "typing-extensions"}  # the last two are there


FAKE_PIP = """
from IPython.core.magic import register_line_magic
@register_line_magic
def pip(line):
    print("asked for:", line)
"""


@pytest.mark.parametrize("on_colab", [True, False], ids=["Colab", "elsewhere"])
def test_the_set_up_cell_installs_on_colab_and_does_nothing_elsewhere(copies, tmp_path, on_colab):
    module = "import sys, types\nsys.modules['google.colab'] = types.ModuleType('google.colab')\n" if on_colab else ""
    first, book = copies["exercises/06_iron_law.ipynb"].cells[0], v4.new_notebook()
    book.cells = [v4.new_code_cell(module + FAKE_PIP), v4.new_code_cell(first.source)]
    said = "".join(output.text for output in run(book, tmp_path).cells[1].outputs)
    assert said.startswith("asked for: install -q --no-deps") if on_colab else said == ""


def test_the_command_writes_the_copies(tmp_path):
    told = CliRunner().invoke(cli.app, ["colab", str(tmp_path), "--repository", ADDRESS])
    assert told.exit_code == 0 and "branch colab" in told.output
    nbformat.read(tmp_path / "exercises" / "06_iron_law.ipynb", as_version=4)


# --- JupyterLite (needs an environment of its own: its build was tried by hand) --------------------------------------


@pytest.fixture
def lite(tmp_path, monkeypatch):
    """What a build would get: the words of each call and the files in its folder."""
    calls = {}

    def call(words, place):
        calls[words[2]] = words
        if words[2] == "hatchling":
            (Path(words[-1]) / "x-1-py3-none-any.whl").touch()
        else:
            config = json.loads((place / "jupyter-lite.json").read_text(encoding="utf8"))["jupyter-config-data"]
            calls["settings"] = config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
            calls["pages"] = {
                path.relative_to(place / "contents").as_posix(): nbformat.read(path, as_version=4)
                for path in place.glob("contents/*/*.ipynb")
            }

    monkeypatch.setattr(elsewhere, "_call", call)
    monkeypatch.setattr(elsewhere.importlib.util, "find_spec", lambda name: name)
    assert elsewhere.lite(ROOT, tmp_path, "./static/pyodide/") == tmp_path / "lab" / "index.html"
    return calls


def test_jupyterlite_gets_every_notebook_with_one_folded_cell_more(lite):
    assert len(lite["pages"]) == sum(len(list((ROOT / folder).glob("*.ipynb"))) for folder in elsewhere.FOLDERS)
    for label, page in lite["pages"].items():
        stored = nbformat.read(ROOT / label, as_version=4)
        assert page.cells[1:] == stored.cells
        assert page.cells[0].metadata.jupyter.source_hidden and 'sys.platform == "emscripten"' in page.cells[0].source


def test_jupyterlite_gets_the_wheel_and_knows_where_python_is(lite):
    assert [word for word in lite["jupyterlite_core"] if word.endswith(".whl")]
    assert lite["settings"]["pyodideUrl"] == "./static/pyodide/pyodide.mjs"


def test_jupyterlite_installs_all_that_a_notebook_imports(lite):
    """Imports of the modules that notebooks use, of the standard library or of what the cell names or they bring."""
    asked = lite["pages"]["notebooks/00_start_here.ipynb"].cells[0].source
    brought = {"IPython", "PIL", "joblib", "mlsys_helpers", "nbformat", "sklearn", "traitlets"}
    brought.add("text2qti")  # only for teachers, and only loaded then
    services = {"cli", "grading", "publish", "workspace", "material"}
    found = set()
    for path in (ROOT / "mlsys_helpers").rglob("*.py"):
        if path.relative_to(ROOT / "mlsys_helpers").parts[0] not in services | {"doctor.py", "__main__.py"}:
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf8"))))
            found |= {name.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for name in node.names}
            found |= {str(n.module).split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom) and not n.level}
    missing = [name for name in found - sys.stdlib_module_names - brought if f'"{name}"' not in asked]
    assert not missing, f"add {missing} to IN_PYODIDE or PURE, if Pyodide can have them"


def test_without_jupyterlite_one_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(elsewhere.importlib.util, "find_spec", lambda name: None)
    told = CliRunner().invoke(cli.app, ["lite", str(tmp_path / "lite")])
    assert told.exit_code == 1 and ".[lite]" in told.output


# --- Binder, Codespaces, VS Code ------------------------------------------------------------------------------------


def test_binder_installs_the_companion_last_and_stops_at_an_error():
    script = (ROOT / "postBuild").read_text(encoding="utf8")
    assert "set -euo pipefail" in script and "pip install --no-deps" in script and "-e ." in script
    tracked = subprocess.run(["git", "ls-files", "-s", "postBuild"], cwd=ROOT, capture_output=True, text=True).stdout
    assert tracked.startswith("100755")  # Binder refuses one that cannot be executed
    assert os.name == "nt" or (ROOT / "postBuild").stat().st_mode & stat.S_IXUSR


def test_a_codespace_is_made_by_the_one_command_and_opens_the_start_page():
    made = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf8"))
    image, version = made["image"].split(":")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf8")
    assert image == "python" and version in SpecifierSet(re.search(r'requires-python = "(.+?)"', project)[1])
    assert made["postCreateCommand"].startswith("python3 start.py ")
    assert all((ROOT / page).exists() for page in made["customizations"]["codespaces"]["openFiles"])
    interpreter = made["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter.startswith("${containerWorkspaceFolder}/.venv/")
    known = {"name", "image", "postCreateCommand", "forwardPorts", "portsAttributes", "customizations"}
    assert set(made) <= known  # of the keys that containers.dev defines, those that are used here


def test_vs_code_is_told_the_same_extensions_everywhere():
    advised = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf8"))["recommendations"]
    made = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf8"))
    assert advised == made["customizations"]["vscode"]["extensions"]
