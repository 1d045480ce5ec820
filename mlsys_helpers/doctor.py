"""Is this installation sound, and if not, how is it mended?

    from mlsys_helpers import doctor
    doctor.examine()

Each check returns what it found; one that fails says what to do about it.
"""

import importlib.metadata as metadata
import io
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

AGAIN = "run: python3 start.py (with `py start.py` on Windows); if that does not help, delete .venv first"
INSTALL = "run: python3 -m pip install --upgrade --force-reinstall mlsys-companion, from where you had it"


class Ailment(Exception):
    """What a check found wrong; `remedy` says how to mend it, by making the installation anew if nothing is given."""

    def __init__(self, found: str, remedy: str = ""):
        super().__init__(found)
        self.remedy = remedy or again()


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its name, whether it is sound, what was found, and the remedy if it is not."""

    name: str
    sound: bool
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Report:
    """All findings. Shown in a notebook it says "sound" in one line, or names each fault and its remedy."""

    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return all(finding.sound for finding in self.findings)

    def __repr__(self) -> str:
        faults = [f"{f.name}: {f.found}\n  To mend it, {f.remedy}" for f in self.findings if not f.sound]
        return "\n".join(faults) or f"Your installation is sound: all {len(self.findings)} checks passed."


def again() -> str:
    """How this installation is made anew: it came from a clone or from a wheel."""
    from mlsys_helpers.workspace.folder import PACKED

    return INSTALL if PACKED.is_dir() else AGAIN


def examine() -> Report:
    """Look at everything. Takes a few seconds, most of them to start a kernel.

    On Colab and in JupyterLite the kernel and its packages are the place's own: there, at what a notebook needs.
    """
    borrowed = sys.platform == "emscripten" or "google.colab" in sys.modules
    names = [name for name in CHECKS if name in NEEDED or not borrowed]
    return Report(tuple(_finding(name, CHECKS[name]) for name in names))


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except Ailment as ailment:
        return Finding(name, False, str(ailment), ailment.remedy)
    except Exception as error:  # whatever a broken installation throws is a finding, never a crash of the doctor
        return Finding(name, False, f"{type(error).__name__}: {error}", again())


def python() -> str:
    """Python is new enough for this package."""
    from packaging.specifiers import SpecifierSet

    version = ".".join(map(str, sys.version_info[:3]))
    wanted = metadata.metadata("mlsys-companion")["Requires-Python"]
    if version not in SpecifierSet(wanted):
        raise Ailment(f"Python {version} is not {wanted}", f"run start.py with a Python {wanted}")
    return f"Python {version}"


def packages() -> str:
    """Every package is there in the version of the lock file, or in one that the wheel asks for."""
    from mlsys_helpers.publish.build import repository
    from mlsys_helpers.workspace.folder import PACKED

    if PACKED.is_dir():
        asked = "\n".join(metadata.requires("mlsys-companion") or [])
    else:
        asked = (repository() / "requirements.lock").read_text(encoding="utf8")
    wanted = {line.name: line for line in requirements(asked)}
    wrong = [fault for fault in (_fault(line) for line in wanted.values()) if fault]
    if wrong:
        raise Ailment("; ".join(wrong[:5]) + (f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""))
    return f"{len(wanted)} packages as {'asked for' if PACKED.is_dir() else 'locked'}"


def requirements(text: str) -> list:
    """The lines that apply to this Python and system, without extras, as packaging.requirements.Requirement."""
    from packaging.requirements import Requirement

    lines = [Requirement(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line for line in lines if line.marker is None or line.marker.evaluate({"extra": ""})]


def _fault(wanted) -> str:
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted.name} is missing"
    return "" if version in wanted.specifier else f"{wanted.name} is {version}, wanted is {wanted.specifier}"


def widgets() -> str:
    """JupyterLab has the extension that draws ipywidgets, in the version that ipywidgets asks for."""
    from jupyter_core.paths import jupyter_path
    from packaging.requirements import Requirement

    places = [Path(folder) / "@jupyter-widgets/jupyterlab-manager" for folder in jupyter_path("labextensions")]
    if not any((place / "package.json").exists() for place in places):
        raise Ailment("JupyterLab's widget extension is not installed: sliders would show as text")
    asked = next(
        line for line in map(Requirement, metadata.requires("ipywidgets") or []) if line.name == "jupyterlab_widgets"
    )
    version = metadata.version("jupyterlab-widgets")
    if version not in asked.specifier:
        raise Ailment(f"the widget extension is {version}, ipywidgets asks for {asked.specifier}")
    return f"widget extension {version}"


def kernel() -> str:
    """A kernel starts, answers, and runs this very Python."""
    from nbformat import v4

    from mlsys_helpers.publish import execute

    asked = v4.new_notebook(cells=[v4.new_code_cell("import json, sys; print(json.dumps(sys.prefix))")])
    with tempfile.TemporaryDirectory() as folder:
        prefix = json.loads(execute.run(asked, Path(folder)).cells[0].outputs[0].text)
    if Path(prefix) != Path(sys.prefix):
        raise Ailment(
            f"the kernel named python3 runs in {prefix}, not in {sys.prefix}",
            "remove the other kernel (jupyter kernelspec list shows it), or start with: python3 start.py",
        )
    return "a kernel started and answered"


def progress() -> str:
    """Answers can be kept."""
    from mlsys_helpers.progress import store

    folder = store.place()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = f"make {folder} writable, or name another folder in the environment variable {store.HOME_VARIABLE}"
        raise Ailment(f"answers cannot be kept in {folder}: {error.strerror}", remedy) from error
    return f"answers are kept in {folder}"


def figures() -> str:
    """Matplotlib draws."""
    from matplotlib.figure import Figure

    figure, image = Figure(), io.BytesIO()
    figure.subplots().plot([0, 1])
    figure.savefig(image, format="png")
    if not image.getvalue().startswith(b"\x89PNG"):
        raise Ailment("matplotlib drew something that is not a PNG image")
    return "matplotlib draws"


def sandbox() -> str:
    """What a class hands in can be run; each protection that this system gives, or why it does not."""
    from mlsys_helpers.grading.sandbox.client import Server

    with Server() as server:
        return "\n".join(["submissions of a class can be run", *map(str, server.protections)])


CHECKS: dict[str, Callable[[], str]] = {
    "Python": python,
    "packages": packages,
    "widgets": widgets,
    "kernel": kernel,
    "progress": progress,
    "figures": figures,
    "sandbox": sandbox,
}
NEEDED = ("Python", "progress", "figures")  # what a notebook needs wherever it runs
