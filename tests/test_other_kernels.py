"""The kernels of JupyterLite and Colab, simulated: what a notebook imports and calls there works, or says why not.

What the simulation takes away was seen missing in Pyodide itself (Python 3.14 under Node): processes, fork, threads,
the module `resource`, a fine clock. Beside these, no package that only an installation has. (`_multiprocessing` is
missing there too; scikit-learn 1.9 imports it, the 1.8 that Pyodide has does not.)
"""

import subprocess
import sys
import textwrap

import pytest

from mlsys_helpers import doctor

ABSENT = [
    "resource",
    "jupyterlab",
    "jupyter_client",
    "ipykernel",
    "nbclient",
    "nbval",
]
ABSENT += ["zmq", "tornado", "typer", "distributed", "jupytext"]
BROWSER = f"""
import os, subprocess, sys, threading, time

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {ABSENT!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

def none(*args, **kwargs):
    raise OSError(138, "emscripten does not support processes.")

def no_thread(self):
    raise RuntimeError("can't start new thread")

sys.meta_path.insert(0, Absent())
subprocess.Popen, threading.Thread.start = none, no_thread
os.fork = os.execve = none
vars(os).pop("sched_getaffinity", None)
fine = time.perf_counter
time.perf_counter = lambda: round(fine(), 4)  # 0.1 ms, as browsers give it
"""


def in_browser(code: str) -> subprocess.CompletedProcess:
    """Run `code` in a Python that has what Pyodide has."""
    words = [sys.executable, "-c", BROWSER + textwrap.dedent(code)]
    return subprocess.run(words, capture_output=True, text=True, timeout=120)


def test_every_module_that_a_notebook_uses_can_be_imported():
    told = in_browser("""
        import importlib, pkgutil
        import mlsys_helpers

        services = ("cli", "grading", "publish", "workspace", "__main__", "material")
        for module in pkgutil.walk_packages(mlsys_helpers.__path__, "mlsys_helpers."):
            if module.name.split(".")[1] not in services:
                importlib.import_module(module.name)
        print(len(sys.modules))
    """)
    assert told.returncode == 0, told.stderr


def test_a_check_a_hint_and_a_quiz_work():
    told = in_browser("""
        from mlsys_helpers.exercise import check, givens, hint
        from mlsys_helpers.kit.predict import predict
        from mlsys_helpers.progress import store
        from mlsys_helpers.quiz import quiz
        from mlsys_helpers.sections.iron_law import explorers, tasks

        print(check("iron_law.time_terms", lambda *given: 0))
        print(hint("iron_law.time_terms"))
        quiz("iron_law"), predict("iron_law.twice_the_peak"), explorers.roofline()
        print(len(store.history()), "kept")
    """)
    assert told.returncode == 0, told.stderr
    assert "kept" in told.stdout and "\n0 kept" not in told.stdout


def test_measuring_works_with_a_coarse_clock():
    told = in_browser("""
        import numpy as np
        from mlsys_helpers.machine.calibrate import calibrate
        from mlsys_helpers.start import experiments

        found = calibrate(largest_bytes=2**20, matrix_sizes=(128,), repeats=2)
        assert np.isfinite(found.peak_flop_per_s("float32")) and found.call_latency_s > 0
        experiments.walls()
    """)
    assert told.returncode == 0, told.stderr


def test_what_needs_a_thread_says_so():
    told = in_browser("""
        from mlsys_helpers.sections.iron_law import experiments

        next(iter(experiments.prefetch()))
    """)
    assert "loading ahead needs a second thread" in told.stderr and "Run this cell in JupyterLab" in told.stderr


@pytest.mark.parametrize("place", ["google.colab", "emscripten"])
def test_the_doctor_looks_only_at_what_is_the_companions(monkeypatch, place):
    if place == "emscripten":
        monkeypatch.setattr(sys, "platform", place)
    else:
        monkeypatch.setitem(sys.modules, place, sys)
    told = doctor.examine()
    assert told.sound, told
    assert [finding.name for finding in told.findings] == list(doctor.NEEDED)
