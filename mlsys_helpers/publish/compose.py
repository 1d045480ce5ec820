"""From a py:percent source to the cells of a notebook. Nothing is run here and nothing is written.

A source under `solutions/src` gives two notebooks: the solution as it stands, and the exercise without the answers.
An answer stands between `### BEGIN SOLUTION` and `### END SOLUTION`; text after the first marker
(`### BEGIN SOLUTION: days = ...  # how many?`) is the line that the exercise shows instead. Without such text an
answer inside a function becomes `raise NotImplementedError`, and one outside sets each of its names to `...`.
A cell tagged `solution` is left out of the exercise altogether. Answers and checks carry the marks of nbgrader.

A code cell tagged `measured` shows times of the machine that built it: nbval runs it but does not compare it.
"""

import ast
import hashlib
import re
import textwrap
from collections import Counter
from pathlib import Path

from nbformat import NotebookNode, v4

from mlsys_helpers.publish import nbgrader
from mlsys_helpers.publish.marks import BEGIN, END, MARKER

PERCENT = {"extension": ".py", "format_name": "percent"}
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
MEASURED, NOT_COMPARED, SOLUTION = "measured", "nbval-ignore-output", "solution"

_REASON = re.compile(r"^# (measured|not compared): \S", re.MULTILINE)


class SourceError(ValueError):
    """A source that cannot become a notebook; the message names the file, the line and the remedy."""


def notebook(source: Path, exercise: bool = False) -> NotebookNode:
    """The notebook that `source` describes, not yet run; with `exercise`, the one without its answers.

    Cell ids are made from type and text, so the same source always gives the same notebook.
    """
    import jupytext  # only who builds has it

    text = source.read_text(encoding="utf8")
    answers = _check_markers(text, source.name)
    cells = jupytext.reads(text, PERCENT).cells
    if answers:
        nbgrader.mark(cells)
    if exercise:
        if not answers and not any(SOLUTION in _tags(cell) for cell in cells):
            raise SourceError(f"{source.name}: nothing to solve; put {BEGIN} and {END} around what a student finds")
        cells = [_without_answers(cell, source.name) for cell in cells if SOLUTION not in _tags(cell)]
    return v4.new_notebook(cells=_identified(cells, source.name), metadata=METADATA)


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _check_markers(text: str, name: str) -> int:
    """How many answers the source marks. Raises SourceError where a marker has no partner in its cell."""
    begun, answers = 0, 0
    for line_number, line in enumerate([*text.splitlines(), "# %%"], 1):
        where, marker = f"{name}, line {line_number}", MARKER.match(line)
        if begun and (line.startswith("# %%") or (marker and BEGIN in line)):
            raise SourceError(f"{name}, line {begun}: {BEGIN} has no {END} in its cell")
        if not marker:
            continue
        if not line.lstrip().startswith((BEGIN, END)):
            raise SourceError(f"{where}: write the marker as {BEGIN} or {END}, got {line.strip()!r}")
        if END in line and not begun:
            raise SourceError(f"{where}: {END} without a {BEGIN} before it")
        begun, answers = (line_number, answers + 1) if BEGIN in line else (0, answers)
    return answers


def _without_answers(cell: NotebookNode, name: str) -> NotebookNode:
    """The cell with each marked answer replaced by its stand-in."""
    kept: list[str] = []
    taken: list[str] | None = None
    begin = ""
    for line in cell.source.splitlines():
        if BEGIN in line:
            begin, taken = line, []
        elif END in line and taken is not None:
            kept += _stand_in(begin, taken, name)
            taken = None
        elif taken is None:
            kept.append(line)
        else:
            taken.append(line)
    return NotebookNode(cell, source="\n".join(kept))


def _stand_in(begin: str, taken: list[str], name: str) -> list[str]:
    """What an exercise shows instead of an answer: the text beside the marker, or a stub that says it is one."""
    indent = begin[: len(begin) - len(begin.lstrip())]
    if given := begin.split(BEGIN, 1)[1].lstrip(" :"):
        return [indent + given]
    if indent:
        return [f'{indent}raise NotImplementedError("your answer here")']
    names = _assigned("\n".join(taken))
    if not names:
        raise SourceError(
            f"{name}: the answer {taken[:1]} sets no name; write the stub beside the marker: {BEGIN}: ..."
        )
    return [f"{found} = ...  # your answer here" for found in names]


def _assigned(code: str) -> list[str]:
    """The names that top-level assignments in `code` set, in order; none when it defines functions or classes."""
    try:
        body = ast.parse(textwrap.dedent(code)).body
    except SyntaxError:
        return []
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body):
        return []
    targets = [node for part in body for node in ast.walk(part) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(node.id for node in targets if isinstance(node.ctx, ast.Store)))


def _identified(cells: list[NotebookNode], name: str) -> list[NotebookNode]:
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for cell in cells:
        key = (cell.cell_type, cell.source)
        seen[key] += 1
        metadata = {nbgrader.KEY: cell.metadata.get(nbgrader.KEY), "tags": _checked_tags(cell, name)}
        made.append(_cell(*key, {label: value for label, value in metadata.items() if value}, seen[key]))
    return made


def _cell(kind: str, source: str, metadata: dict, occurrence: int) -> NotebookNode:
    new = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}[kind]
    return new(source, id=cell_id(kind, source, occurrence), metadata=metadata)


def cell_id(kind: str, source: str, occurrence: int = 1) -> str:
    """The id of a cell: the same for the same type and text. `occurrence` counts equal cells of one notebook."""
    return hashlib.sha256(f"{kind}\n{occurrence}\n{source}".encode()).hexdigest()[:12]


def _checked_tags(cell: NotebookNode, name: str) -> list[str]:
    """The cell's tags, `measured` spelled out for nbval. Raises SourceError for an exemption without its reason."""
    tags = _tags(cell)
    if cell.cell_type != "code":
        return tags
    start = cell.source.strip().splitlines()[:1]
    if "NBVAL_" in cell.source:
        raise SourceError(f"{name}, cell {start}: say it with a tag (tags=['{NOT_COMPARED}']), not with a comment")
    if cell.source.rstrip().endswith(";"):
        raise SourceError(f"{name}, cell {start}: nbval shows what a last ';' hides; write _ = ... instead")
    exempt = {MEASURED, NOT_COMPARED, "nbval-skip"} & set(tags)
    if exempt and not _REASON.search(cell.source):
        raise SourceError(f"{name}, cell {start} is tagged {', '.join(sorted(exempt))} without its reason; "
                          "add a line '# measured: ...' or '# not compared: ...'")  # fmt: skip
    return [*tags, NOT_COMPARED] if MEASURED in tags and NOT_COMPARED not in tags else tags
