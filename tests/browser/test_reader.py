"""A reader's session in a real browser: the notebook runs, controls move, and what was answered outlives the kernel."""

import re
import shutil

import pytest

from mlsys_helpers.publish.build import repository
from tests.browser.lab import CHROMIUM, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; .ci/run installs it"),
]

NOTEBOOK, EXERCISE = "notebooks/06_iron_law.ipynb", "exercises/06_iron_law.ipynb"
WRONG = """def pipelined_s(data_s, compute_s, latency_s):
    return data_s + compute_s + latency_s"""
RIGHT = """def pipelined_s(data_s, compute_s, latency_s):
    return np.maximum(data_s, compute_s) + latency_s"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for name in (NOTEBOOK, EXERCISE):
        (folder / name).parent.mkdir()
        shutil.copy(repository() / name, folder / name)
    with Lab(folder) as lab:
        yield lab


def test_a_session_with_the_iron_law(lab):
    reader = lab.open(NOTEBOOK)
    assert reader.run_all() == []

    guess = reader.run_cell('predict("iron_law.twice_the_peak")')
    guess.get_by_label("hardly at all").check()
    guess.get_by_label("Fairly sure").check()
    guess.get_by_role("button", name="Commit").click()
    reader.run_cell("explorers.terms()")
    told = reader.run_cell('reveal("iron_law.twice_the_peak"').locator(".mlsys-card")
    assert "You predicted: hardly at all" in told.inner_text()

    roof = reader.run_cell("explorers.roofline()").locator(".companion-explorer")
    first, seen = roof.locator(".companion-sentence").inner_text(), roof.locator("img").get_attribute("src")
    reader.press("ArrowRight", on=roof.get_by_role("slider", name=re.compile("^Batch")))
    roof.locator(".companion-sentence", has_not_text=first).wait_for()
    assert roof.locator("img").get_attribute("src") != seen
    assert roof.locator("img").get_attribute("alt") == roof.locator(".companion-sentence").inner_text()
    assert roof.get_by_role("slider").get_attribute("aria-valuetext") == "2"

    quiz = reader.run_cell('quiz("iron_law")').locator(".mlsys-card")
    quiz.get_by_label("Only the time for moving data").check()
    quiz.get_by_role("button", name="Check").click()
    quiz.get_by_text("bytes over bandwidth, and neither changed").wait_for()
    quiz.get_by_label("Only the time for arithmetic").check()
    quiz.get_by_role("button", name="Check").click()
    quiz.get_by_text("stands below the line of the compute term").wait_for()

    reader.kill_kernel()
    reader.run_cell("from textwrap import fill")
    quiz = reader.run_cell('quiz("iron_law")').locator(".mlsys-card")
    quiz.get_by_text("1 right, 12 open").wait_for()
    guess = reader.run_cell('predict("iron_law.twice_the_peak")').locator(".mlsys-card")
    assert "hardly at all" in guess.locator(".mlsys-said").inner_text()
    assert reader.page_errors == []


def test_a_session_with_the_exercise(lab):
    reader = lab.open(EXERCISE)
    assert reader.run_all() == []
    reader.run_cell("def pipelined_s", WRONG)
    verdict = reader.run_cell('check("iron_law.pipelined"').get_by_role("status")
    assert "0 of 2 points" in verdict.inner_text() and "add" in verdict.inner_text()
    reader.run_cell("def pipelined_s", RIGHT)
    verdict = reader.run_cell('check("iron_law.pipelined"').get_by_role("status")
    assert "2 of 2 points" in verdict.inner_text()
    assert reader.page_errors == []
