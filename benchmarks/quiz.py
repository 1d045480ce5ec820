"""How long from Check to feedback, and how long to load a bank? In one run with a bare button and a bare TOML reader.

    .venv/bin/python benchmarks/quiz.py              # the quiz of section 1.6
    .venv/bin/python benchmarks/quiz.py training     # of another section

A notebook in JupyterLab in headless Chromium holds a quiz and a bare button, whose kernel callback writes a label; they
take turns, so that noise hits both alike. Every question is answered wrong and, where one step does it, right, by
readers who begin anew. An answer is the Enter key, on the Check button or in the line of text; the clock runs in the
page, from the key event until the feedback stands in the document (`ready`) and is painted (`pixels`). By then the
answer is scored and on disk. Exit status 1 when a limit is missed.
"""

import argparse
import os
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.slider import WATCH  # noqa: E402

FEEDBACK_P95_MS, LOAD_MEDIAN_MS = 50, 20
LANES = {"bare": (0, ".bare-answer"), "quiz": (1, ".mlsys-said")}


def bare():
    """The round trip that no feedback can beat: a button, a kernel callback, a label."""
    from ipywidgets import Button, Label, VBox

    button, answer = Button(description="Count"), Label("0")
    answer.add_class("bare-answer")
    button.on_click(lambda _: setattr(answer, "value", str(int(answer.value) + 1)))
    return VBox([button, answer])


def fresh(section: str):
    """The quiz as a reader sees it who has answered nothing yet."""
    from mlsys_helpers.progress.store import HOME_VARIABLE
    from mlsys_helpers.quiz import quiz

    os.environ[HOME_VARIABLE] = tempfile.mkdtemp(dir=os.environ[HOME_VARIABLE])
    return quiz(section)


def measure(section: str, answers: int, warm_up: int = 6) -> dict[str, list[dict]]:
    """What each lane's steps took, at least `answers` of each, taking turns."""
    from mlsys_helpers.quiz.bank import section_bank
    from tests.browser.lab import Lab

    here = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom benchmarks import quiz"
    taken: list[dict[str, dict]] = []
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder), height=2000) as lab:
        (Path(folder) / "home").mkdir()
        notebook = lab.open(lab.write("quiz.ipynb", f"{here}\nquiz.bare()", f"quiz.fresh({section!r})"))
        if errors := notebook.run_all():
            raise RuntimeError(f"the notebook did not run: {errors}")
        while len(taken) < answers + warm_up:
            notebook.run_cell("quiz.fresh")
            notebook.page.wait_for_timeout(1500)
            taken += [turn for question in section_bank(section).questions for turn in _turns(notebook.page, question)]
    return {lane: [turn[lane] for turn in taken[warm_up:]] for lane in LANES}


def _turns(page, question):
    """Answer the question that is shown in every way known for it, the bare button before each; then turn the page."""
    card = page.locator(".mlsys-card").last
    for prepare in _answers(card, question):
        count = page.get_by_role("button", name="Count")
        yield {"bare": _step(page, "bare", count), "quiz": _step(page, "quiz", prepare())}
    card.get_by_role("button", name="Next").click()
    page.wait_for_timeout(600)


def _answers(card, question):
    """Functions that enter an answer, a wrong one first, and return the control on which Enter checks it."""
    from mlsys_helpers.quiz.score import right_response

    check = card.get_by_role("button", name="Check")
    line, area = card.locator("[type=text]"), card.locator("textarea")

    def do(action, control):
        action()
        card.page.wait_for_timeout(200)
        return control

    def write():
        area.fill("Bandwidth.")
        check.click()
        card.locator("[type=checkbox]").first.check()

    if question.type in ("multiple_choice", "true_false"):
        places = sorted(range(len(question.options)), key=lambda n: question.options[n].right)[-2:]
        return [lambda n=n: do(card.locator("[type=radio]").nth(n).check, check) for n in places]
    if question.type in ("fill_in", "numeric"):
        return [lambda text=text: do(lambda: line.fill(text), line) for text in ("7", right_response(question))]
    if question.type == "ordering":
        move = card.get_by_role("button", name="Move down")
        return [lambda: do(lambda: (card.locator("[type=radio]").first.check(), move.click()), check)]
    return [lambda: do(write, check), lambda: do(card.locator("[type=checkbox]").last.check, check)]


def _step(page, lane: str, control) -> dict:
    """Enter on a control: milliseconds until `ready` and `pixels`, and the frames seen, blank and moved."""
    control.focus()
    page.evaluate(WATCH, list(LANES[lane]))
    page.keyboard.press("Enter")
    return page.evaluate("window.step")


def loads(section: str, times: int = 20) -> dict[str, list[float]]:
    """Milliseconds to read and check the bank, and to read its TOML only, taking turns."""
    from mlsys_helpers.quiz import bank

    path = ROOT / "mlsys_helpers" / "sections" / section / "quiz.toml"
    model = f"mlsys_helpers.sections.{section}.model"
    lanes = {
        "TOML": lambda: tomllib.loads(path.read_text(encoding="utf8")),
        "bank": lambda: bank.load(path, section, model),
    }
    turns = [{name: _milliseconds(work) for name, work in lanes.items()} for _ in range(times)]
    return {name: [turn[name] for turn in turns] for name in lanes}


def _milliseconds(work) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def report(taken: dict[str, list[dict]], loading: dict[str, list[float]]) -> bool:
    """Print both tables; whether every limit was met."""
    print(f"{'ms':6}" + "".join(f"{head:>8}" for head in ("answers", "pixels", "p95", "ready", "p95", "jumps")))
    for lane, steps in taken.items():
        pixels, ready = ([step[what] for step in steps] for what in ("pixels", "ready"))
        numbers = (*np.percentile(pixels, [50, 95]), *np.percentile(ready, [50, 95]))
        jumps = sum(step["jumps"] for step in steps)
        print(f"{lane:6}{len(steps):8}" + "".join(f"{n:8.1f}" for n in numbers) + f"{jumps:8}")
    for lane, times in loading.items():
        print(f"{lane:6}{len(times):8}{np.median(times):8.2f}  to load, median")
    p95 = np.percentile([step["pixels"] for step in taken["quiz"]], 95)
    limits = {
        f"feedback below {FEEDBACK_P95_MS} ms at the 95th percentile": p95 < FEEDBACK_P95_MS,
        f"a bank loads in less than {LOAD_MEDIAN_MS} ms": np.median(loading["bank"]) < LOAD_MEDIAN_MS,
        "feedback moves nothing on the page": not any(step["jumps"] for step in taken["quiz"]),
    }
    for limit, met in limits.items():
        print(f"{limit}: {'met' if met else 'MISSED'}")
    return all(limits.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("section", nargs="?", default="iron_law", help="the section's name in code")
    parser.add_argument("--answers", type=int, default=60, help="answers to measure, at least (default 60)")
    args = parser.parse_args()
    print(f"{args.section}, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0 if report(measure(args.section, args.answers), loads(args.section)) else 1


if __name__ == "__main__":
    sys.exit(main())
