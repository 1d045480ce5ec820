"""The texts of a bank in the markup of other programs."""

import html as _html
import re

from mlsys_helpers.kit import markup

_FORBIDDEN = re.compile(
    r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # by XML 1.0, or invisible


def clean(text: str) -> str:
    """`text` without control characters and whatever else XML may not hold; tabs become spaces."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def pieces(text: str) -> list[tuple[str, str]]:
    """The cleaned text as ("words" | "code" | "maths", content) in order."""
    return markup.pieces(clean(text))


def html(text: str) -> str:
    """The text as HTML; maths in \\( \\), which MathJax reads everywhere, and no other dollar sign left for it."""
    return "".join(_HTML[kind](content) for kind, content in pieces(text))


def html_list(texts) -> str:
    """Texts as an HTML list."""
    return f"<ul>{''.join(f'<li>{html(text)}</li>' for text in texts)}</ul>"


def escape(text: str) -> str:
    """Words as HTML. A dollar sign stands in an element of its own, so that no two of them enclose maths."""
    return _html.escape(text, quote=False).replace("\n", "<br>").replace("$", "<span>&#36;</span>")


_HTML = {
    "words": escape,
    "code": lambda code: f"<code>{escape(code)}</code>",
    "maths": lambda tex: f"\\({_html.escape(tex, quote=False)}\\)",
}
