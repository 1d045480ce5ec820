"""start.py, the lock files and the conda route: what a person installs is what pyproject.toml asks for."""

import ast
import importlib.metadata as metadata
import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from mlsys_helpers import doctor

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
SOURCE = (ROOT / "start.py").read_text(encoding="utf8")
CONDA_NAMES = {"matplotlib-base": "matplotlib"}  # without the Qt windows that nobody opens here


def locked(name: str) -> dict[str, Requirement]:
    lines = doctor.requirements((ROOT / name).read_text(encoding="utf8"))
    return {canonicalize_name(line.name): line for line in lines}


def version(line: Requirement) -> str:
    (pin,) = line.specifier
    assert pin.operator == "=="
    return pin.version


# --- the lock files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        ("requirements-dev.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_lock_satisfies_pyproject(lock, asked):
    pins = locked(lock)
    for wanted in map(Requirement, asked):
        assert version(pins[canonicalize_name(wanted.name)]) in wanted.specifier, wanted


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_is_complete(lock):
    """start.py installs without looking for dependencies, so every dependency of a locked package must be locked."""
    pins = locked(lock)
    for name, pin in pins.items():
        for wanted in map(Requirement, metadata.requires(name) or []):
            if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *pin.extras)):
                assert version(pins[canonicalize_name(wanted.name)]) in wanted.specifier, f"{name} needs {wanted}"


def test_development_lock_holds_the_readers_lock():
    everything = (ROOT / "requirements-dev.lock").read_text(encoding="utf8").splitlines()
    assert set((ROOT / "requirements.lock").read_text(encoding="utf8").splitlines()) <= set(everything)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_names_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf8")
    assert "://" not in text
    assert "--" not in text


def test_conda_route_asks_for_the_same_versions():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf8"))["dependencies"]
    python, pip, *rest, by_pip = listed
    assert pip == "pip"
    assert python.partition("=")[2] in SpecifierSet(PROJECT["project"]["requires-python"])
    conda = {CONDA_NAMES.get(line.name, line.name): line.specifier for line in map(Requirement, rest + by_pip["pip"])}
    assert conda == {line.name: line.specifier for line in map(Requirement, PROJECT["project"]["dependencies"])}


# --- start.py: what an old or bare Python meets ---------------------------------------------------------------------


def test_start_can_be_read_by_old_pythons():
    tree = ast.parse(SOURCE, feature_version=(3, 7))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr)]


def test_start_needs_only_the_standard_library():
    imported = [n.names[0].name for n in ast.walk(ast.parse(SOURCE)) if isinstance(n, ast.Import)]
    imported += [n.module for n in ast.walk(ast.parse(SOURCE)) if isinstance(n, ast.ImportFrom)]
    assert set(imported) <= sys.stdlib_module_names


def test_an_old_python_is_told_so():
    pretend = f"import sys; sys.version_info = (3, 9, 1); exec(compile({SOURCE!r}, 'start.py', 'exec'))"
    told = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert told.returncode == 1
    assert "needs Python 3.11 or newer, and this is Python 3.9" in told.stderr


# --- start.py: what it makes, and when ------------------------------------------------------------------------------


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py over a folder of its own, with installers that only leave a note; `start.done` lists what ran."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text("numpy==1\n", encoding="utf8")
    venv = tmp_path / ".venv"
    places = {"HERE": tmp_path, "VENV": venv, "OURS": venv / "made-by-start", "STAMP": venv / "stamp.json"}
    for name, value in {**places, "PYTHON": venv / "python"}.items():
        monkeypatch.setattr(start, name, value)
    start.done = []
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    monkeypatch.setattr(start, "make", lambda: (start.done.append("make"), start.PYTHON.touch()))
    monkeypatch.setattr(start, "install", start.done.append)
    return start


def test_first_start_makes_and_installs_and_a_second_does_nothing(start):
    assert not start.ready("lab")
    start.set_up("lab")
    assert start.done == ["make", "lab"]
    assert start.ready("lab")
    overrides = json.loads((start.VENV / "share/jupyter/lab/settings/overrides.json").read_text(encoding="utf8"))
    assert overrides["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_tests_are_added_to_a_finished_environment(start):
    start.set_up("lab")
    assert not start.ready("test")
    start.set_up("test")
    assert start.done == ["make", "lab", "test"]
    assert start.ready("test")
    assert start.ready("lab")


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_changed_requirements_are_installed_again(start, name):
    start.set_up("lab")
    (start.HERE / name).write_text("numpy==2\n", encoding="utf8")
    assert not start.ready("lab")
    start.set_up("lab")
    assert start.done == ["make", "lab", "lab"]


def test_stopped_half_way_begins_anew(start, monkeypatch):
    def stopped(kind):
        (start.VENV / "half a package").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(start, "install", stopped)
        start.set_up("lab")
    assert not start.ready("lab")
    start.set_up("lab")
    assert start.ready("lab")
    assert not (start.VENV / "half a package").exists()


def test_stopped_while_updating_begins_anew(start, monkeypatch):
    start.set_up("lab")
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(start, "install", lambda kind: 1 / 0)
        start.set_up("test")
    start.set_up("lab")
    assert start.done == ["make", "lab", "make", "lab"]


@pytest.mark.parametrize("change", [["/elsewhere", "3.11.0"], None])
def test_moved_folder_or_other_python_begins_anew(start, monkeypatch, change):
    start.set_up("lab")
    monkeypatch.setattr(start, "place", lambda: change)
    assert not start.ready("lab")
    start.set_up("lab")
    assert start.done == ["make", "lab", "make", "lab"]


def test_an_environment_of_somebody_else_is_left_alone(start):
    start.VENV.mkdir()
    (start.VENV / "precious").touch()
    with pytest.raises(SystemExit, match=r"start\.py did not make"):
        start.set_up("lab")
    assert (start.VENV / "precious").exists()


def test_missing_ensurepip_names_the_debian_package(start, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        start.make()


@pytest.mark.skipif(sys.platform == "win32", reason="the failing Python is a shell script")
def test_failed_installation_says_why_and_what_to_do(tmp_path, start, monkeypatch):
    install = importlib.util.spec_from_file_location("again", ROOT / "start.py")
    again = importlib.util.module_from_spec(install)
    install.loader.exec_module(again)
    again.PYTHON = tmp_path / "python"
    again.PYTHON.write_text("#!/bin/sh\necho 'Collecting numpy'\necho 'ERROR: no route to host'\nexit 1\n")
    again.PYTHON.chmod(0o755)
    with pytest.raises(SystemExit, match=r"(?s)no route to host.*check the network.*start again"):
        again.install("lab")


def test_words_reach_what_they_are_meant_for(start, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    became = []
    monkeypatch.setattr(start, "become", lambda *words: became.append(words))
    for words in ([], ["lab", "--no-browser"], ["test", "-k", "quiz"], ["quiz", "iron_law"]):
        start.main(words)
    assert became == [
        ("-P", "-m", "mlsys_helpers", "lab"),
        ("-P", "-m", "mlsys_helpers", "lab", "--no-browser"),
        ("-m", "pytest", "-k", "quiz"),
        ("-P", "-m", "mlsys_helpers", "quiz", "iron_law"),
    ]


def test_paths_are_meant_from_where_the_caller_stands(start, monkeypatch, tmp_path):
    """`start.py check mine.ipynb` is about the caller's file; only the tests need the companion's own folder."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    stood = []
    monkeypatch.setattr(start, "become", lambda *words: stood.append(Path.cwd()))
    start.main(["check", "mine.ipynb"])
    start.main(["test"])
    assert stood == [elsewhere, start.HERE]
