"""Can a second-year student read it? Sentences and school grades of every text cell, and words for every picture.

The grade is Flesch and Kincaid's: 0.39 words a sentence + 11.8 syllables a word - 15.59, roughly the years of schooling
that a text asks for. Code and formulas count as one word each.
"""

import html
import re
from collections.abc import Iterator
from itertools import pairwise

import jupytext
import nbformat
import pytest

from mlsys_helpers import chapter
from mlsys_helpers.publish.build import repository

ROOT = repository()
SOURCES = sorted(ROOT.glob("*/src/*.py"))
BUILT = sorted(ROOT.glob("notebooks/*.ipynb")) + sorted(ROOT.glob("solutions/*.ipynb"))
MOST_WORDS = 30  # in a sentence
CELL_GRADE, PAGE_GRADE = 12, 7  # twelve years of school for the hardest cell; plain English for the whole
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d[\d.,]*")
_PLAIN = (  # what is taken out of Markdown, in this order, and what stands for it
    (r"(?s)```.*?```|\$\$.*?\$\$", ""),
    (r"`[^`]*`|\$[^$\n]*(?:\n[^$\n]*)?\$", "code"),
    (r"</?(?:summary|details)>", "\n\n"),
    (r"<[^>]+>", " "),
    (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),
    (r"[*_]{1,3}", ""),
)


def sentences(markdown: str) -> Iterator[str]:
    """The sentences of a text cell, headings and tables left out; a colon and a semicolon end one too."""
    for pattern, instead in _PLAIN:
        markdown = re.sub(pattern, instead, markdown)
    lines = [line.strip().lstrip(">").strip() for line in markdown.splitlines()]
    text = "\n".join(
        "" if line.startswith(("#", "|")) else re.sub(r"^(?:- \[x\] |[-*] |\d+\. )", "\n", line) for line in lines
    )
    for block in re.split(r"\n\s*\n", text):
        found = re.split(r"(?<=[.!?:;])[\"')]*\s+(?=[\"'(]{0,2}[A-Z0-9])", " ".join(block.split()))
        yield from (sentence for sentence in found if len(WORD.findall(sentence)) > 2)


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e at the end."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall("[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith(("le", "ee"))
    silent |= letters.endswith("ed") and not letters.endswith(("ted", "ded"))
    return max(1, groups - (silent and groups > 1))


def grade(texts: list[str]) -> float:
    """Flesch and Kincaid's grade of sentences."""
    words = [word for text in texts for word in WORD.findall(text)]
    return 0.39 * len(words) / len(texts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def read(path):
    return [list(sentences(cell.source)) for cell in jupytext.read(path).cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_a_second_year_student_can_read_it(path):
    cells = read(path)
    long = [text for cell in cells for text in cell if len(WORD.findall(text)) > MOST_WORDS]
    hard = [cell for cell in cells if len(WORD.findall(" ".join(cell))) > 25 and grade(cell) > CELL_GRADE]
    assert not long and not hard
    assert grade([text for cell in cells for text in cell]) < PAGE_GRADE


def test_the_grade_is_that_of_flesch_and_kincaid():
    assert list(sentences("# Title\n\nOne two three. **Four** five `six`!\n- seven eight nine\n\n| a | b |")) == [
        "One two three.", "Four five code!", "seven eight nine"]  # fmt: skip
    assert [syllables(word) for word in ("time", "table", "measured", "batching", "energy")] == [1, 2, 2, 2, 3]
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)


# --- pictures, tables, headings and links of the notebooks as they are stored


def stored(path) -> Iterator[tuple[int, str, str]]:
    """Each output of a notebook: the cell's place, the kind and the content."""
    for at, cell in enumerate(nbformat.read(path, as_version=4).cells):
        for output in cell.get("outputs", []):
            yield from ((at, kind, content) for kind, content in output.get("data", {}).items())


def alternatives(path) -> Iterator[tuple[int, str]]:
    for at, kind, content in stored(path):
        if kind == "text/html":
            for image in re.findall(r"<img [^>]*>", content):
                if " hidden " not in image:
                    found = re.search(r'alt="([^"]*)"', image)
                    yield at, html.unescape(found[1]) if found else ""


@pytest.mark.parametrize("path", BUILT, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_picture_is_told_in_words_and_every_table_has_heads(path):
    told = dict(alternatives(path))
    assert all(kind not in ("image/png", "image/svg+xml") for _, kind, _ in stored(path)), "a picture without words"
    for at, text in told.items():
        numbers = re.findall(r"\d", text) or re.findall(r"\b(?:no|none|empty|two|three|four|five)\b", text.lower())
        assert len(text) > 60 and numbers and re.search(r"[.?!][\")]?$", text), (at, text)
    for at, kind, content in stored(path):
        if kind == "text/html":
            assert content.count("<table") <= content.count("<th"), at


def test_no_two_figures_are_told_alike():
    """An explorer may begin at what a figure of its notebook shows, or come back with more controls."""
    seen: dict[str, list[tuple[str, str]]] = {}
    for path in BUILT:
        cells = nbformat.read(path, as_version=4).cells
        for at, text in alternatives(path):
            last = cells[at].source.strip().splitlines()[-1]
            seen.setdefault(text, []).append((path.stem, "explorer" if last.startswith("explorers.") else "figure"))
    assert len(seen) > 90
    for text, places in seen.items():
        assert places.count((places[0][0], "figure")) <= 1 and len({stem for stem, _ in places}) == 1, (text, places)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_headings_go_down_one_by_one_and_links_have_words(path):
    text = "\n".join(cell.source for cell in jupytext.read(path).cells if cell.cell_type == "markdown")
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for words in re.findall(r"(?<!!)\[([^\]]*)\]\([^)]+\)", text):
        assert len(words.strip()) > 3 and words.strip().lower() not in ("here", "link", "click here", "this")


def test_every_section_is_read():
    assert len(BUILT) == 2 * len(chapter.open_sections()) + len(chapter.pages())
