import re

import pytest

from mlsys_helpers import chapter
from mlsys_helpers.publish.build import repository


def test_the_chapter_s_fourteen_sections_in_order_and_what_is_added_after_them():
    assert [s.number for s in chapter.sections()] == [f"{i:02d}" for i in range(1, len(chapter.sections()) + 1)]
    assert sum(s.self_checks for s in chapter.sections()[:14]) == 62  # as many as the chapter asks


@pytest.mark.parametrize("name", ["iron_law", "06", "6", "06_iron_law", "1.6"])
def test_a_section_answers_to_its_names(name):
    assert chapter.section(name).slug == "iron_law"


def test_an_unknown_section_gets_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'iron_law'"):
        chapter.section("iron_low")


def test_open_sections_say_what_they_are_for():
    assert chapter.open_sections()
    for section in chapter.open_sections():
        assert section.minutes > 0 and len(section.objectives) == 3
        for slug in section.after:
            assert chapter.section(slug).number < section.number


def test_the_map_links_open_sections_and_only_those():
    shown = chapter.chapter_map()._repr_mimebundle_()["text/markdown"]
    assert shown.count("\n") == 1 + len(chapter.sections()) + len(chapter.pages()[1:])
    for section in chapter.sections():
        assert (f"({section.stem}.ipynb)" in shown) == section.open


def test_the_map_ends_with_the_appendices_and_does_not_lead_back_to_itself():
    shown = chapter.chapter_map()._repr_mimebundle_()["text/markdown"].splitlines()
    assert "00_start_here" not in "".join(shown)
    assert shown[-1].startswith("| A1 | [The chapter's numbers](A1_numbers.ipynb) |")


def test_every_notebook_is_a_section_s_or_a_page_s():
    sources = {path.stem for path in (repository() / "notebooks" / "src").glob("*.py")}
    assert sources == {of.stem for of in (*chapter.open_sections(), *chapter.pages())}


def test_every_section_of_the_chapter_is_open():
    assert [section.stem for section in chapter.sections()[:14] if not section.open] == []


@pytest.mark.parametrize("figure", range(1, 9))
def test_every_figure_of_the_chapter_is_met(figure):
    """Rebuilt from data, or a sentence says why not: either way its number stands in a notebook."""
    sources = (repository() / "notebooks" / "src").glob("*.py")
    assert any(re.search(rf"\bfigure {figure}\b", path.read_text(encoding="utf-8"), re.IGNORECASE) for path in sources)
