"""Every notebook by keyboard alone, in a real JupyterLab: what was worked, and where a key does not do what it should.

python benchmarks/keyboard.py [NAME ...]    # all notebooks, or those whose names hold NAME
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # tests/browser is no part of the package

from mlsys_helpers.publish.build import repository
from tests.browser.lab import Lab
from tests.browser.walk import Stuck, Walk


def main(*names: str) -> int:
    found = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        shutil.copytree(repository() / "notebooks", Path(folder) / "notebooks")
        with Lab(Path(folder)) as lab:
            for path in sorted((repository() / "notebooks").glob("*.ipynb")):
                if names and not any(name in path.name for name in names):
                    continue
                found += walked(lab, path.name)
    return found > 0


def walked(lab: Lab, name: str) -> int:
    """Walk through one notebook, print what happened, and return how much went wrong."""
    began, notebook = time.monotonic(), lab.open(f"notebooks/{name}")
    troubles = [f"cell error: {error}" for error in notebook.run_all(300)]
    walk = Walk(notebook)
    for cell in walk.cells():
        try:
            walk.through(cell)
        except Stuck as stuck:
            troubles.append(f"cell {cell}: {stuck}")
    troubles += notebook.page_errors
    if notebook.state()["waiting"]:
        troubles.append("a key went to the notebook and changed a cell")
    done = ", ".join(f"{count} {kind}" for kind, count in sorted(walk.done.items()))
    print(f"{name}: {len(walk.cells())} cells, {done}; {time.monotonic() - began:.0f} s", flush=True)
    for name in walk.silent:
        print(f"  silent: {name}", flush=True)
    for trouble in troubles:
        print(f"  {trouble}", flush=True)
    notebook.page.close()
    return len(troubles)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
