"""Formulas without a script: every formula of the notebooks and banks becomes MathML, and money stays money."""

import re

import nbformat
import pytest

from mlsys_helpers import chapter
from mlsys_helpers.kit.markup import pieces
from mlsys_helpers.publish.build import repository
from mlsys_helpers.publish.site.maths import mathml, rich


def formulas():
    for path in sorted(repository().glob("[nes]*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                yield from re.findall(r"\$\$(.+?)\$\$", cell.source, re.S)
                text = re.sub(r"\$\$.+?\$\$", "", cell.source, flags=re.S)
                yield from (content for kind, content in pieces(text) if kind == "maths")


def test_every_formula_of_the_notebooks_becomes_mathml():
    found = set(formulas())
    assert len(found) > 60 and len(chapter.open_sections()) == 14
    for tex in found:
        made = mathml(tex)
        assert made.startswith("<math ") and made.endswith("</math>")
        assert not re.search(r"<m\w+>\\", made), f"{tex} holds a command that was not understood"


def test_the_tex_stays_for_whoever_cannot_read_mathml():
    assert 'alttext="a &lt; b"' in mathml("a < b")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("from $2,000 to $6,000", "<math"),
        ("costs `$x$` here", "<math"),
    ],
)
def test_money_and_code_are_no_formulas(text, held):
    assert held not in rich(text)


def test_maths_within_words():
    assert re.fullmatch(r"so <math .*</math> &lt; 1", rich("so $x^2$ < 1"))
