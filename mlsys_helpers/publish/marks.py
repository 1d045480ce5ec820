"""The words in a source that say where an answer begins and ends, and which cell checks it."""

import re

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MARKER = re.compile(r"^\s*#+\s*(BEGIN|END)\s*SOLUTION\b", re.IGNORECASE)
CHECK = re.compile(r"""^[^#\n]*\bcheck\(\s*["']([\w.]+)["']""", re.MULTILINE)


def is_marker(line: str) -> bool:
    """Whether `line` begins or ends an answer."""
    return bool(MARKER.match(line))
