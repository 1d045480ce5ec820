"""A class of any size made from a section's solution, with right, wrong and broken answers in known shares.

What every student must get is known, because every fault is planted: `make` writes the assignment and says it. The
section must be one whose tasks do not call each other's functions, as in the iron law.
"""

import ast
import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from mlsys_helpers import chapter
from mlsys_helpers.exercise.task import Task, tasks
from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import Gradebook, Received
from mlsys_helpers.kit import files

HOME = Path(__file__).parents[2]
# Of a thousand students. A fault is planted in one to three tasks, an endless loop in one.
SHARES = {
    "right": 560,
    "wrong": 250,
    "not tried": 90,
    "raises": 50,
    "syntax error": 20,
    "no file": 20,
    "crash": 9,
    "endless": 1,
}
_CHECK = re.compile(r"""check\(\s*["']([\w.]+)["']\s*,\s*(\w+)\s*\)""")
_BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """A class on disk: the assignment, and for each student and task the state and points that grading must give."""

    assigned: course.Assignment
    states: dict[tuple[str, str], str]
    points: dict[tuple[str, str], float]


def make(folder: Path, section: str, size: int, seed: int = 0, shares: dict[str, int] | None = None) -> Planted:
    """Write a course with one assignment and a submission of each of `size` students, collected."""
    found = chapter.section(section)
    released = (HOME / "exercises" / f"{found.stem}.ipynb").read_bytes()
    assigned = _assignment(folder, found.slug, released)
    (folder / course.ROSTER).write_text("id,name\n" + "".join(f"{who},Student {who}\n" for who in _ids(size)), "utf8")
    solved, asked = _bare((HOME / "solutions" / f"{found.stem}.ipynb").read_bytes()), _bare(released)
    states, received = {}, []
    for number, who in enumerate(_ids(size)):
        rng = random.Random(f"{seed}/{number}")
        data, planted = _submission(rng, tasks(found.slug), solved, asked, shares or SHARES, who)
        states |= {(who, task): state for task, state in planted.items()}
        received.append(_handed_in(assigned, who, found.slug, data))
    with Gradebook(folder / course.GRADEBOOK) as book:
        book.receive(assigned.name, [], received)
    worth = assigned.parts[0].tasks
    return Planted(assigned, states, {key: worth[key[1]] * (state == "right") for key, state in states.items()})


def wrongly_graded(planted: Planted, book: Gradebook) -> list[str]:
    """Every score that is not what was planted; a good grader leaves none."""
    students = sorted({who for who, _ in planted.states})
    standings, faults = book.standings(planted.assigned, students), []
    for (who, task), state in planted.states.items():
        entry = standings[who].entries.get(task)
        if not entry or (entry.status, entry.points) != (state, planted.points[who, task]):
            faults.append(f"{who} {task}: planted {state}, got {entry and (entry.status, entry.points, entry.message)}")
    return faults


def _assignment(folder: Path, section: str, released: bytes) -> course.Assignment:
    course.new_course(folder, "synthetic")
    part = course.Part(section, {task.name: float(task.points) for task in tasks(section)})
    assigned = course.Assignment("synthetic", "06", folder / "06", (part,))
    course.write(assigned)
    master = assigned.released(section)
    master.parent.mkdir(parents=True, exist_ok=True)
    master.write_bytes(released)
    return assigned


def _ids(size: int) -> list[str]:
    return [f"s{number:05}" for number in range(size)]


def _handed_in(assigned: course.Assignment, who: str, section: str, data: bytes) -> Received:
    path = assigned.submissions(who) / f"{section}.ipynb"
    files.put(path, data)
    return Received(who, section, files.digest(data), _BEGUN, path.relative_to(assigned.folder).as_posix())


def _bare(data: bytes) -> dict:
    """A notebook without its outputs."""
    book = json.loads(data)
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None, "source": "".join(cell["source"])}
    return book


def _submission(
    rng: random.Random, asked: tuple[Task, ...], solved: dict, released: dict, shares: dict[str, int], who: str
) -> tuple[bytes, dict[str, str]]:
    """One student's notebook, and the state that each task must end in."""
    kind = rng.choices(list(shares), list(shares.values()))[0]
    states = {task.name: "right" for task in asked}
    if kind == "no file":
        return f"{who} sent something else".encode(), dict.fromkeys(states, "broken")
    book, answers = copy.deepcopy(released), {task: cell["source"] for cell, task, _ in _answers(solved)}
    for cell, task, _ in _answers(book):
        cell["source"] = rng.choice(_WORDINGS)(answers[task])
    book["cells"].append({"cell_type": "code", "source": f"print('{who}', {rng.random()})", "metadata": {}})
    many = 0 if kind == "right" else 1 if kind == "endless" else rng.randint(1, 3)
    for task in rng.sample(asked, many):
        _plant(kind, task, book, released)
        states[task.name] = kind if kind in ("wrong", "not tried") else "broken"
    return json.dumps(book).encode(), states


def _answers(book: dict) -> Iterator[tuple[dict, str, str]]:
    """The cell before each check cell, with the check's task and the name that it is given."""
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    for before, cell in pairwise(code):
        if found := _CHECK.search(cell["source"]):
            yield before, found[1], found[2]


def _plant(kind: str, task: Task, book: dict, released: dict) -> None:
    cell, _, name = next(found for found in _answers(book) if found[1] == task.name)
    if kind == "not tried":
        cell["source"] = next(found for found in _answers(released) if found[1] == task.name)[0]["source"]
        return
    fault = {
        "wrong": "-12345.678",
        "raises": "1 / 0",
        "syntax error": "1 +",
        "crash": "__import__('os')._exit(1)",
        "endless": "all(True for _ in iter(int, 1))",
    }[kind]
    cell["source"] = f"{name} = {fault}\n" if task.by_value else f"{name} = lambda *given, **named: {fault}\n"


# --- the same answer in other words ---------------------------------------------------------------------------------


def _rewritten(source: str) -> str:
    return ast.unparse(ast.parse(source))


def _commented(source: str) -> str:
    return f"# my answer\n{source}\n\nprint('done')"


def _in_branch(source: str) -> str:
    return "if True:\n" + "\n".join(f"    {line}" if line.strip() else line for line in source.splitlines())


_WORDINGS: tuple[Callable[[str], str], ...] = (str, _rewritten, _commented, _in_branch)
