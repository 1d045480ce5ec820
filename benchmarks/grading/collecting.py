"""How long it takes to collect a class's download, and whether memory stays flat.

    python benchmarks/grading/collecting.py 200 2000

Each download is a zip named as Canvas names its files, with the section's solution of as many students, the same but
for the student's id. It is collected twice; the second time everything is there already. Each size has a process of
its own, so that its peak of memory is its own.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from mlsys_helpers.grading import course
from mlsys_helpers.grading.collecting.collect import collect
from mlsys_helpers.grading.gradebook import TAKEN

SOLUTION = Path(__file__).parents[2] / "solutions" / "06_iron_law.ipynb"


def download(path: Path, size: int) -> None:
    """Write what Canvas gives for a class of `size`."""
    book = json.loads(SOLUTION.read_text(encoding="utf8"))
    whose = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    book["cells"].insert(0, whose)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(size):
            whose["source"] = f'assigned("cs249", "06", student="s{n}")'
            archive.writestr(f"last{n}first{n}_{n + 1}_{n + 9}_06_iron_law.ipynb", json.dumps(book))


def measure(size: int) -> None:
    """Collect a class of `size` and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        made = course.new_course(place / "cs249", "cs249")
        rows = (f'"Last{n}, First{n}",{n + 1},u{n},s{n}\n' for n in range(size))
        (made.folder / course.ROSTER).write_text("Student,ID,SIS User ID,SIS Login ID\n" + "".join(rows), "utf8")
        part = course.Part("iron_law", {"iron_law.time_terms": 3.0})
        assigned = course.Assignment("cs249", "06", made.folder / "06", (part,))
        download(place / "submissions.zip", size)
        took = []
        for _ in range(2):
            wall, processor = time.perf_counter(), time.process_time()
            found = collect(place / "submissions.zip", assigned, made.roster())
            took.append(f"{time.perf_counter() - wall:5.1f} s ({time.process_time() - processor:.1f} of a processor)")
            assert len(found.having(TAKEN)) == size
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>6,} submissions: {took[0]}, again {took[1]}, peak {peak:.0f} MiB")


if __name__ == "__main__":
    sizes = sys.argv[1:] or ["200", "2000"]
    if len(sizes) == 1:
        measure(int(sizes[0]))
    else:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for size in sizes:
            subprocess.run([sys.executable, __file__, size], check=True)
