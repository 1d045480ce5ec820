"""How long does a submission take to grade? The companion, nbgrader and otter-grader on one assignment, in one run.

    .venv/bin/python benchmarks/grading/compare.py            # 20 rounds
    .venv/bin/python benchmarks/grading/compare.py 5          # fewer
    .venv/bin/python benchmarks/grading/compare.py --otter ~/otter/bin/otter    # an otter that is installed already

Five tasks of section 1.6 that are answered with NumPy functions. The companion tries each answer on cases drawn for
the student, in its sandbox, and judges outside it. nbgrader and otter get the same answers and the same kind of cases
as plain assertions, which import nothing of the companion. Every submission has its own text and is right, and each
grader must give it full marks. In each round the companion grades ten, then nbgrader one, then otter one, so that the
noise of the machine hits all alike; one of each goes before the clock starts.

nbgrader is called in this process, so that its start-up is not counted (as a command it took 1.7 s a submission over
ten, where this took 1.2); `otter run` is one command a submission, as it is meant to be used. otter-grader lives in an
environment of its own, build/otter, which the first run makes (it needs a network and about a minute). Exit status 1
when the companion is less than 50 times faster than nbgrader, or 100 times than `otter run`, in the medians.
"""

import argparse
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode, v4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from mlsys_helpers.exercise.task import Task, task  # noqa: E402

SECTION, STEM = "iron_law", "06_iron_law"
NAMES = ("time_terms", "pipelined", "training_days", "energy_share", "return_on_compute")
TASKS = tuple(task(f"{SECTION}.{name}") for name in NAMES)
POINTS = sum(task.points for task in TASKS)
OURS_A_ROUND = 10
FACTORS = {"nbgrader": 50, "otter run": 100}
OTTER = "otter-grader==7.0.0"

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}

Grade = Callable[[int], float]  # grade one submission; its points


# --- the assignment -------------------------------------------------------------------------------------------------


def cells(folder: str) -> list[NotebookNode]:
    """The five tasks' cells of the stored solution or exercise, after a cell that imports."""
    chosen = [c for c in nbformat.read(ROOT / folder / f"{STEM}.ipynb", as_version=4).cells if place(c)[0] in NAMES]
    for cell in chosen:
        cell.outputs, cell.execution_count = [], None
    return [v4.new_code_cell("import numpy as np"), *chosen]


def place(cell: NotebookNode) -> tuple[str, bool]:
    """The task that a cell belongs to, and whether it is the answer (or else the check)."""
    name, answer, _ = cell.metadata.get("nbgrader", {}).get("grade_id", "").partition("-answer-")
    return name, bool(answer)


def by(number: int, made: list[NotebookNode]) -> str:
    """A notebook of these cells as student `number` hands it in: each answer has a text of its own."""
    signed = [NotebookNode(c, source=f"{c.source}\n# {number} wrote this") if place(c)[1] else c for c in made]
    return nbformat.writes(v4.new_notebook(cells=signed, metadata=KERNEL))


def assertions(asked: Task, function: str) -> list[str]:
    """The task's cases as plain assertions about the function that answers it."""
    lines = []
    for case in asked.cases_for("bench"):
        call = f"{function}({', '.join(f'{name}={literal(value)}' for name, value in case.given.items())})"
        want = asked.reference(**case.given)
        parts = [(f"{call}[{i}]", w) for i, w in enumerate(want)] if isinstance(want, tuple) else [(call, want)]
        lines += [f"np.testing.assert_allclose({got}, {literal(w)}, rtol={asked.rtol})" for got, w in parts]
    return lines


def literal(value: object) -> str:
    """A number or an array of numbers as Python text."""
    return f"np.array({value.tolist()})" if isinstance(value, np.ndarray) else repr(np.asarray(value).item())


def function(check: NotebookNode) -> str:
    """The name that a check cell looks at."""
    return re.search(r", (\w+)\)", check.source)[1]


# --- the three graders ----------------------------------------------------------------------------------------------


@contextmanager
def companion() -> Iterator[Grade]:
    """The sandbox with one worker, and the judge outside it."""
    from mlsys_helpers.grading.running import judge

    released, solved = by(0, cells("exercises")).encode(), cells("solutions")
    names = tuple(task.name for task in TASKS)
    with judge.server(SECTION) as server:
        off = [str(one) for one in server.protections if not one.on]
        print(f"sandbox with {len(server.protections) - len(off)} of {len(server.protections)} protections", *off)

        def grade(number: int) -> float:
            submitted = by(number, solved).encode()
            with clock:
                sheet = judge.prepare(SECTION, names, f"bench/06/s{number}", "bench", released, submitted)
                return sheet.judged(server.run(sheet.job)).points

        yield grade


@contextmanager
def nbgrader(folder: Path) -> Iterator[Grade]:
    """nbgrader's autograde over a course that it released."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    made = cells("solutions")
    for cell in made:
        name, answer = place(cell)
        if name and not answer:
            cell.source = "\n".join(assertions(TASKS[NAMES.index(name)], function(cell)))
    api = NbGraderAPI(config=Config({"CourseDirectory": {"root": str(folder), "course_id": "bench"}}))
    put(folder / "source" / "five" / "five.ipynb", by(0, made))
    told(api.generate_assignment("five"))

    def grade(number: int) -> float:
        put(folder / "submitted" / f"s{number}" / "five" / "five.ipynb", by(number, made))
        with clock:
            told(api.autograde("five", f"s{number}"))
        with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
            return gradebook.find_submission("five", f"s{number}").score

    yield grade


def told(done: dict) -> None:
    """What nbgrader answered; its log where it failed."""
    if not done["success"]:
        raise RuntimeError(done["log"])


OTTER_TEST = """\
import numpy as np
from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = {points}

@test_case(points={points})
def test_{name}({function}):
    {body}
"""


@contextmanager
def otter(folder: Path, command: Path) -> Iterator[Grade]:
    """The command `otter run`, with the assertions as its exception-based tests."""
    made = cells("solutions")
    for cell in made:
        name, answer = place(cell)
        if name and not answer:
            asked = TASKS[NAMES.index(name)]
            body = "\n    ".join(assertions(asked, function(cell)))
            test = OTTER_TEST.format(name=name, points=asked.points, function=function(cell), body=body)
            put(folder / "tests" / f"{name}.py", test)
    made = [cell for cell in made if place(cell)[1] or not place(cell)[0]]
    words = ("--no-requirements", "--no-environment", "--no-config", "-o", "autograder.zip")
    call(folder, command, "generate", "-t", "tests", *words)

    def grade(number: int) -> float:
        put(folder / "five.ipynb", by(number, made))
        with clock:
            call(folder, command, "run", "five.ipynb", "-a", "autograder.zip", "-o", ".", "--no-logo")
        tests = json.loads((folder / "results.json").read_text(encoding="utf8"))["tests"]
        return sum(test.get("score", 0) for test in tests if test["name"] in NAMES)

    yield grade


def call(folder: Path, *words: object) -> None:
    done = subprocess.run(list(map(str, words)), cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{words} failed:\n{done.stdout}{done.stderr}")


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf8")


def installed_otter() -> Path:
    """The command of an otter in build/otter, made there when it is missing."""
    home = ROOT / "build" / "otter"
    command = home / ("Scripts" if os.name == "nt" else "bin") / "otter"
    if not command.exists():
        print(f"installing {OTTER} into {home.relative_to(ROOT)}", flush=True)
        venv.create(home, with_pip=True, clear=True)
        numpy = f"numpy=={np.__version__}"
        call(ROOT, command.with_name("python"), "-m", "pip", "install", "--quiet", OTTER, numpy, "ipykernel")
    return command


# --- the comparison -------------------------------------------------------------------------------------------------


class Clock:
    """Seconds of the last `with clock`."""

    seconds = 0.0

    def __enter__(self) -> None:
        self.begun = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        self.seconds = time.perf_counter() - self.begun


clock = Clock()


def timed(grade: Grade, number: int) -> float:
    """Seconds to grade submission `number`, which must earn every point."""
    points = grade(number)
    if points != POINTS:
        raise RuntimeError(f"submission {number} is right, and was given {points} of {POINTS} points")
    return clock.seconds


def compare(rounds: int, command: Path) -> dict[str, list[float]]:
    """Seconds a submission for each grader."""
    with (
        tempfile.TemporaryDirectory(prefix="companion-", ignore_cleanup_errors=True) as folder,
        companion() as ours,
        nbgrader(Path(folder, "nbgrader")) as theirs,
        otter(Path(folder, "otter"), command) as other,
    ):
        lanes = {"companion": ours, "nbgrader": theirs, "otter run": other}
        took: dict[str, list[float]] = {name: [] for name in lanes}
        numbers = iter(range(1, 1_000_000))
        for grade in lanes.values():
            timed(grade, next(numbers))
        for done in range(rounds):
            for name, grade in lanes.items():
                turns = OURS_A_ROUND if name == "companion" else 1
                took[name] += [timed(grade, next(numbers)) for _ in range(turns)]
            print(f"\rround {done + 1} of {rounds}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rounds", nargs="?", type=int, default=20)
    parser.add_argument("--otter", type=Path, metavar="COMMAND", help="an installed otter, instead of build/otter")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", module="nbgrader")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    took = compare(chosen.rounds, chosen.otter or installed_otter())
    ours = float(np.median(took["companion"]))
    missed = 0
    print(f"{'':12}{'submissions':>12}{'median':>12}{'fastest':>12}{'times ours':>12}")
    for name, seconds in took.items():
        median = float(np.median(seconds))
        print(f"{name:12}{len(seconds):12}{1e3 * median:9.1f} ms{1e3 * min(seconds):9.1f} ms{median / ours:12.0f}")
    print(f"load average {os.getloadavg()[0]:.1f} at the end, {os.getloadavg()[1]:.1f} over five minutes")
    for name, factor in FACTORS.items():
        met = float(np.median(took[name])) >= factor * ours
        missed += not met
        print(f"at least {factor} times faster than {name}: {'met' if met else 'MISSED'}")
    return min(missed, 1)


if __name__ == "__main__":
    raise SystemExit(main())
