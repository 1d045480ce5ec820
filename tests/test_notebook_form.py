"""What every notebook's source keeps to: short cells, a card that agrees with the manifest, an arc, no dead links."""

import re

import jupytext
import pytest

from mlsys_helpers import chapter
from mlsys_helpers.publish.build import repository
from mlsys_helpers.quiz.bank import section_bank

ROOT = repository()
SOURCES = sorted(ROOT.glob("*/src/*.py"))
OPEN = pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda s: s.slug)


def cells(path, kind):
    return [cell.source for cell in jupytext.read(path).cells if cell.cell_type == kind]


def words(markdown):
    return re.findall(r"[\w'-]+", re.sub(r"<[^>]+>|\([^)]*\.ipynb\)", " ", markdown))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_cells_are_short(path):
    long_code = [c for c in cells(path, "code") if sum(map(bool, c.splitlines())) > 12]
    long_text = [c for c in cells(path, "markdown") if len(words(c)) > 80]
    assert not long_code and not long_text


@OPEN
def test_the_card_and_the_close_say_what_the_manifest_says(section):
    text = cells(ROOT / "notebooks" / "src" / f"{section.stem}.py", "markdown")
    first, last = text[0], text[-1]
    assert section.question[1:] in first and f"about {section.minutes} minutes" in first
    for objective in section.objectives:
        said = objective[0].lower() + objective[1:]
        assert said in first and f"- [x] {said}" in last


@OPEN
def test_the_arc_is_whole(section):
    code = "\n".join(cells(ROOT / "notebooks" / "src" / f"{section.stem}.py", "code"))
    asked = re.findall(r'^predict\("(.+?)"', code, re.M)
    assert len(asked) >= 2 and asked == re.findall(r'reveal\("(.+?)"', code)
    assert asked == [p.id for p in section_bank(section.slug).predictions]
    assert code.count("explorers.") >= 2 and f'quiz("{section.slug}")' in code


@pytest.mark.parametrize("page", chapter.pages(), ids=lambda page: page.stem)
def test_a_page_says_its_title_and_minutes_and_what_to_take_along(page):
    text = cells(ROOT / "notebooks" / "src" / f"{page.stem}.py", "markdown")
    assert text[0].startswith(f"# {page.title}\n") and f"about {page.minutes} minutes" in text[0]
    assert sum(cell.startswith("> **Takeaway.**") for cell in text) == 1


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_links_lead_somewhere(path):
    folder = ROOT / path.parts[-3]
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", "\n".join(cells(path, "markdown"))):
        assert (folder / link).exists(), link
