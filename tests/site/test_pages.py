"""From notebooks to pages: what asks is a form, answers are folded, pictures are files."""

import base64
import re

import nbformat
import pytest
from nbformat import v4

from mlsys_helpers import chapter
from mlsys_helpers.publish.build import repository
from mlsys_helpers.publish.site import build, pages

SECTIONS = chapter.open_sections()


def stored(folder: str, stem: str):
    return nbformat.read(repository() / folder / f"{stem}.ipynb", as_version=4)


@pytest.fixture
def assets(tmp_path):
    return pages.Assets(tmp_path / "static", tmp_path / "cache", moving=False)


def shown(page) -> str:
    outputs = [output for cell in page.cells for output in cell.get("outputs", [])]
    return "".join(output.data.get("text/html", "") for output in outputs if "data" in output)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.stem)
def test_whatever_asks_in_a_notebook_is_a_form_on_its_page(section, assets):
    notebook = stored("notebooks", section.stem)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    content = shown(pages.lesson(notebook, section.package, assets))
    for call, part in (("predict", "companion-predict"), ("reveal", "companion-reveal"), ("quiz", "companion-quiz")):
        assert len(re.findall(rf"^{call}\(", code, re.M)) == content.count(f'class="companion-card {part}"') + (
            content.count(f'class="{part}"')
        )
    assert len(re.findall(r"^explorers\.\w+\(", code, re.M)) == content.count('class="companion-explorer"') > 0
    assert "data:image" not in content and "<style" not in content


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.stem)
def test_every_answer_of_an_exercise_is_folded_below_its_stub(section):
    solution = stored("solutions", section.stem)
    page = pages.practice(stored("exercises", section.stem), solution)
    folded, open_text, inside = [], [], False
    for cell in page.cells:
        if cell.source.startswith("<details"):
            inside = True
        elif cell.source == "</details>":
            inside = False
        else:
            (folded if inside else open_text).append(cell.source)
    answers = [cell for cell in solution.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert len([text for text in folded if text]) >= len(answers) >= section.tasks
    assert not inside and "SOLUTION" not in "".join(folded)
    for cell in answers:
        for line in re.findall(r"### BEGIN SOLUTION[^\n]*\n(.*?)### END", cell.source, re.S):
            longest = max(line.splitlines(), key=len).strip()
            assert any(longest in text for text in folded)
            assert len(longest) < 30 or not any(longest in text for text in open_text)


def test_an_exercise_page_gives_no_verdict_on_an_empty_stub():
    page = pages.practice(stored("exercises", "06_iron_law"), stored("solutions", "06_iron_law"))
    assert "not tried" not in str(page) and "Nothing to check yet" not in str(page)


def test_a_picture_becomes_a_file_and_keeps_its_words(assets):
    pixels = base64.b64encode(b"\x89PNG and so on").decode()
    made = assets.local(f'<img src="data:image/png;base64,{pixels}" width="640" height="400" alt="Two bars">')
    address = re.search(r'src="\.\./_static/([^"]+)"', made)[1]
    assert (assets.static / address).read_bytes() == b"\x89PNG and so on"
    assert 'alt="Two bars"' in made and 'width="640" height="400"' in made


def test_a_result_that_names_no_option_stops_the_build(assets):
    cell = v4.new_code_cell('reveal("iron_law.twice_the_peak", 1)')
    cell.outputs = [v4.new_output("execute_result", {"text/plain": "Computed: 1, so: something else."})]
    with pytest.raises(ValueError, match=r"iron_law\.twice_the_peak names none of its options"):
        pages.lesson(v4.new_notebook(cells=[cell]), "mlsys_helpers.sections.iron_law", assets)


def test_links_lead_to_pages_or_become_words():
    known = {"README.md": "index.md"}
    text = "[a](README.md) [b](LICENSE) [c](https://mlsysbook.ai) [d](#place) ![e](docs/quiz.png)"
    assert pages.linked(text, known) == "[a](index.md) b [c](https://mlsysbook.ai) [d](#place) ![e](docs/quiz.png)"


def test_every_notebook_and_every_exercise_has_a_page():
    root = repository()
    assert set(build.packages()) == {path.stem for path in (root / "notebooks").glob("*.ipynb")}
    assert {section.stem for section in SECTIONS} == {path.stem for path in (root / "exercises").glob("*.ipynb")}
