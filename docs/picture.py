"""Take the README's pictures in a real JupyterLab: real notebooks, really run and answered.

.venv/bin/python docs/picture.py
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from mlsys_helpers.kit import quantity  # noqa: E402
from mlsys_helpers.quiz import formula  # noqa: E402
from mlsys_helpers.quiz.bank import section_bank  # noqa: E402
from tests.browser.lab import Lab  # noqa: E402  (the tests are no package)

SUM_FOR_OVERLAP = """def pipelined_s(data_s, compute_s, latency_s):
    return data_s + compute_s + latency_s"""


def main() -> None:
    """Run the iron-law notebooks and store the pictures beside this file."""
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder), width=1080, height=800) as lab:
        for kind in ("notebooks", "exercises"):
            shutil.copytree(ROOT / kind, Path(folder) / kind)
        reader = _run(lab, "notebooks/06_iron_law.ipynb")
        take_explorer(reader)
        take_quiz(reader)
        take_exercise(_run(lab, "exercises/06_iron_law.ipynb"))


def _run(lab: Lab, name: str):
    reader = lab.open(name)
    if errors := reader.run_all():
        raise SystemExit(f"{name} does not run: {errors}")
    return reader


def take_explorer(reader) -> None:
    """The page with the explorer of the three terms, for another job and batch."""
    explorer = reader.run_cell('explorers.terms("job"').locator(".companion-explorer")
    explorer.get_by_role("combobox").select_option(label="ResNet-50, images")
    for _ in range(4):
        reader.press("ArrowRight", on=explorer.get_by_role("slider", name=re.compile("^Batch")))
    heading = reader.page.get_by_role("heading", name="Explore: which term binds?")
    heading.evaluate("heading => heading.scrollIntoView({block: 'start'})")
    reader.page.wait_for_timeout(1000)
    reader.page.screenshot(path=ROOT / "docs" / "iron_law.png")


def take_quiz(reader) -> None:
    """The quiz, with the first known mistake made in a question that asks for days."""
    bank = section_bank("iron_law")
    question = bank.question("iron_law.training_days")
    days = formula.evaluate(question, question.mistakes[0].formula, formula.givens(question, 0)) / quantity.factor(
        "day"
    )
    card = reader.run_cell('quiz("iron_law")').locator(".mlsys-card")
    for number in range(2, bank.questions.index(question) + 2):
        card.get_by_role("button", name="Next").click()
        card.get_by_text(f"Question {number} of").first.wait_for()
    card.locator("[type=text]").fill(f"{days:.1f} days")
    card.get_by_role("button", name="Check").click()
    card.get_by_text("Not right yet.").wait_for()
    _store(card, "quiz.png")


def take_exercise(reader) -> None:
    """A task answered with a known mistake, and what the check says."""
    code = reader.run_cell("def pipelined_s", SUM_FOR_OVERLAP)
    verdict = reader.run_cell('check("iron_law.pipelined"')
    top, low = code.bounding_box(), verdict.bounding_box()
    clip = {name: top[name] for name in ("x", "y", "width")} | {"height": low["y"] + low["height"] - top["y"]}
    reader.page.wait_for_timeout(500)
    reader.page.screenshot(path=ROOT / "docs" / "exercise.png", clip=clip)


def _store(part, name: str) -> None:
    part.page.mouse.move(0, 0)
    part.page.wait_for_timeout(500)
    part.screenshot(path=ROOT / "docs" / name)


if __name__ == "__main__":
    main()
