"""Formulas as MathML, made when the site is built: no script, no font from elsewhere, read aloud as mathematics."""

import html

from docutils import nodes
from latex2mathml.converter import convert

from mlsys_helpers.kit import cards
from mlsys_helpers.kit.markup import pieces


def mathml(tex: str, block: bool = False) -> str:
    """`tex` as a `<math>` element; the TeX itself stands in its `alttext`, for whatever cannot read MathML."""
    made = convert(tex.strip(), display="block" if block else "inline")
    return made.replace("<math ", f'<math alttext="{html.escape(tex.strip())}" ', 1)


def rich(text: str) -> str:
    """A text of the question banks as HTML: words, `code`, and maths as MathML."""
    return "".join(_piece(kind, content) for kind, content in pieces(text))


def _piece(kind: str, content: str) -> str:
    if kind == "maths":
        return mathml(content)
    return cards.rich(f"`{content}`" if kind == "code" else content)


def inline(writer, node: nodes.math) -> None:
    """Sphinx's visitor of a formula within a line."""
    writer.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def block(writer, node: nodes.math_block) -> None:
    """Sphinx's visitor of a formula that stands by itself."""
    writer.body.append(f'<div class="math-block">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode
