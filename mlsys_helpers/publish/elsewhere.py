"""The companion elsewhere: links that open it there, copies of its notebooks for Colab, and a JupyterLite to serve.

The address of the repository has one home, `Repository` among the `[project.urls]` of pyproject.toml. Where there is
none, whoever asks must give one: no link is invented.
"""

import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
from nbformat import NotebookNode, v4

from mlsys_helpers import chapter
from mlsys_helpers.kit import files
from mlsys_helpers.publish.compose import METADATA, cell_id

BRANCH, COLAB_BRANCH = "main", "colab"
FOLDERS = ("notebooks", "exercises")
# What Colab's machines lack of what a notebook imports; the rest is there, in versions that Colab itself needs.
LACKING = ("fsrs", "simpy", "pint")
BENEATH = ("flexcache", "flexparser")  # what Pint needs of them
_NEIGHBOUR = re.compile(r"\]\((?:\.\./)?((?:exercises/|notebooks/|solutions/)?[\w]+\.ipynb)(#[^)]*)?\)")


@dataclass(frozen=True)
class Way:
    """A place where the companion opens: its name, the link, and the picture of its badge ('' where it has none)."""

    name: str
    link: str
    picture: str = ""

    @property
    def markdown(self) -> str:
        """The badge, or the link where there is no badge, as README shows it."""
        return f"[![{self.name}]({self.picture})]({self.link})" if self.picture else f"[{self.name}]({self.link})"


def repository(root: Path, given: str = "") -> str:
    """The address of the repository: `given`, or what the project says. Raises ValueError where there is none."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf8"))["project"]
    found = given or project.get("urls", {}).get("Repository", "")
    if not found:
        raise ValueError(
            "nothing says where the repository is: give --repository https://github.com/OWNER/NAME, or write it once "
            'in pyproject.toml: [project.urls] and below it Repository = "https://github.com/OWNER/NAME"'
        )
    return "https://github.com/" + "/".join(_named(found))


def _named(address: str) -> tuple[str, str]:
    """Owner and name. Raises ValueError for what Binder, Codespaces and Colab cannot open all three."""
    parts = urlsplit(address)
    names = parts.path.strip("/").removesuffix(".git").split("/")
    plain = all(re.fullmatch(r"[\w.-]+", name) for name in names)
    if parts.scheme != "https" or parts.netloc != "github.com" or len(names) != 2 or not plain:
        raise ValueError(f"{address!r} is no repository: expected https://github.com/OWNER/NAME")
    return names[0], names[1]


def ways(address: str, pages: str = "") -> list[Way]:
    """The links that open the start page elsewhere. `pages` is where the site is served, if it is."""
    owner, name = _named(address)
    page = f"notebooks/{chapter.pages()[0].stem}.ipynb"
    found = [
        Way(
            "Binder",
            f"https://mybinder.org/v2/gh/{owner}/{name}/{BRANCH}?urlpath={quote(f'lab/tree/{page}', safe='')}",
            "https://mybinder.org/badge_logo.svg",
        ),
        Way("Codespaces", f"https://codespaces.new/{owner}/{name}", "https://github.com/codespaces/badge.svg"),
        Way("Colab", _on_colab(owner, name, page), "https://colab.research.google.com/assets/colab-badge.svg"),
        Way("VS Code", f"https://vscode.dev/redirect?url={quote(f'vscode://vscode.git/clone?url={address}', safe='')}"),
    ]
    if pages:
        found.append(Way("JupyterLite", f"{pages.rstrip('/')}/lite/lab/index.html?path={quote(page, safe='')}"))
    return found


def _on_colab(owner: str, name: str, label: str) -> str:
    return f"https://colab.research.google.com/github/{owner}/{name}/blob/{COLAB_BRANCH}/{label}"


# --- Colab ----------------------------------------------------------------------------------------------------------


def colab(root: Path, address: str) -> Iterator[tuple[str, NotebookNode]]:
    """Every notebook and exercise, by label, as Colab opens it: not run, one cell before the first, links that lead on.

    Raises ValueError where a notebook cannot be read.
    """
    owner, name = _named(address)
    install = _install(root, address)
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.ipynb")):
            stored = nbformat.read(path, as_version=4)
            cells = [_blank(cell, folder, owner, name) for cell in stored.cells]
            metadata = {**METADATA, "colab": {"provenance": [], "toc_visible": True}}
            yield f"{folder}/{path.name}", v4.new_notebook(cells=[install, *cells], metadata=metadata)


def _install(root: Path, address: str) -> NotebookNode:
    """The one cell that a reader runs first on Colab.

    Without dependencies: Colab's own NumPy, ipywidgets and kernel must stay as they are.
    """
    asked = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf8"))["project"]["dependencies"]
    words = [f"mlsys-companion @ git+{address}@{BRANCH}", *(line for line in asked if line.split()[0] in LACKING)]
    return _set_up("Colab", '"google.colab" in sys.modules', [["--no-deps", *words, *BENEATH]])


def _set_up(place: str, there: str, installs: list[list[str]]) -> NotebookNode:
    """A cell that installs where `there` holds, and does nothing elsewhere; its title is all that a reader sees."""
    lines = [f"# @title Set up {place}: run this cell first", "import sys", "", f"if {there}:"]
    for words in installs:
        lines.append("    %pip install -q " + " ".join(w if w.startswith("-") else f'"{w}"' for w in words))
    source = "\n".join(lines)
    folded = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["set-up"]}
    return v4.new_code_cell(source, id=cell_id("code", source), metadata=folded)


def _blank(cell: NotebookNode, folder: str, owner: str, name: str) -> NotebookNode:
    if cell.cell_type == "code":
        return NotebookNode(cell, outputs=[], execution_count=None)

    def away(link: re.Match) -> str:
        label = link[1] if "/" in link[1] else f"{folder}/{link[1]}"
        if label.startswith("solutions/"):  # not copied: read where they are
            return f"](https://github.com/{owner}/{name}/blob/{BRANCH}/{label})"
        return f"]({_on_colab(owner, name, label)})"

    return NotebookNode(cell, source=_NEIGHBOUR.sub(away, cell.source))


# --- JupyterLite ----------------------------------------------------------------------------------------------------

# What a notebook imports: Pyodide's own packages, and pure ones that come from an index when the page is open.
IN_PYODIDE = ("numpy", "scipy", "matplotlib", "scikit-learn", "jinja2", "packaging", "platformdirs", "rich")
PURE = ("ipywidgets", "threadpoolctl", *LACKING)


def lite(root: Path, out: Path, pyodide: str = "") -> Path:
    """A JupyterLite with every notebook and exercise, in `out`: a folder to serve. Gives its first page.

    Python runs in the reader's page. Its runtime comes from a content network, or from the folder at the address
    `pyodide`, relative to the served folder. Raises ModuleNotFoundError without JupyterLite, RuntimeError where the
    build fails.
    """
    for needed in ("jupyterlite_core", "jupyterlite_pyodide_kernel", "hatchling"):
        if not importlib.util.find_spec(needed):
            raise ModuleNotFoundError(f"No module named {needed!r}", name=needed)
    with tempfile.TemporaryDirectory(prefix="companion-lite-") as scratch:
        work = Path(scratch)
        _call([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(work)], root)
        for label, notebook in _for_lite(root):
            files.put(work / "contents" / label, (nbformat.writes(notebook) + "\n").encode())
        settings: dict = {"disablePyPIFallback": False}
        if pyodide:
            settings["pyodideUrl"] = f"{pyodide.rstrip('/')}/pyodide.mjs"
        config = {
            "jupyter-config-data": {"litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": settings}}
        }
        files.put(work / "jupyter-lite.json", json.dumps({"jupyter-lite-schema-version": 0, **config}).encode())
        words = ["--contents", "contents", "--output-dir", str(out.absolute()), "--no-sourcemaps"]
        words += [f"--piplite-wheels={wheel}" for wheel in work.glob("*.whl")]
        _call([sys.executable, "-m", "jupyterlite_core", "build", *words], work)
    return out / "lab" / "index.html"


def _for_lite(root: Path) -> Iterator[tuple[str, NotebookNode]]:
    """Every notebook and exercise as it is stored, with one folded cell before the first."""
    install = _set_up(
        "JupyterLite", 'sys.platform == "emscripten"', [[*IN_PYODIDE, *PURE], ["--no-deps", "mlsys-companion"]]
    )
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.ipynb")):
            stored = nbformat.read(path, as_version=4)
            yield f"{folder}/{path.name}", NotebookNode(stored, cells=[install, *stored.cells])


def _call(words: list[str], place: Path) -> None:
    told = subprocess.run(words, cwd=place, capture_output=True, encoding="utf8", errors="replace")
    if told.returncode:
        last = "\n".join((told.stdout + told.stderr).strip().splitlines()[-8:])
        raise RuntimeError(f"{' '.join(words[1:4])} failed:\n{last}")
