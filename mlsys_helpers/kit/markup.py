"""What a text means: words, `code` between backticks, and maths between dollar signs or in \\( \\).

As in Pandoc, a dollar sign opens maths only before something that is no space and closes it only after one, with no
digit behind: $2,000 and $6,000 are money.
"""

import re

_PIECE = re.compile(
    r"`(?P<code>[^`]+)`|(?<!\\)\$(?=\S)(?P<maths>(?:[^$\n`]*[^$\s`])?)(?<!\\)\$(?!\d)|\\\((?P<inline>.+?)\\\)"
)


def pieces(text: str) -> list[tuple[str, str]]:
    """The text as ("words" | "code" | "maths", content) in order."""
    found, at = [], 0
    for match in _PIECE.finditer(text):
        kind = "code" if match["code"] else "maths"
        content = match["code"] or match["maths"] or match["inline"]
        if not content:
            continue
        found += [("words", text[at : match.start()]), (kind, content)]
        at = match.end()
    return [piece for piece in [*found, ("words", text[at:])] if piece[1]]
