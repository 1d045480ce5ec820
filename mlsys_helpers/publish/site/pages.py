"""From a built notebook to a page: what a kernel would answer is replaced by what a page can do itself.

A cell that shows a prediction, a result, a quiz or an explorer gets the HTML form of it; a picture moves into a file
of its own; everything else stays as it was stored.
"""

import ast
import base64
import copy
import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode, v4

from mlsys_helpers.publish import nbgrader
from mlsys_helpers.publish.marks import MARKER
from mlsys_helpers.publish.site import forms, frames

REMOVE_INPUT = "remove-input"  # MyST-NB shows a cell's output only
_ASKS = re.compile(r"^(?P<what>predict|reveal|quiz)\(\"(?P<id>[\w.]+)\"|^(?P<call>explorers\.\w+\(.*\))$")
_PIXELS = re.compile(r'<img src="data:image/png;base64,(?P<pixels>[^"]+)" width="(?P<w>\d+)" height="(?P<h>\d+)"')


@dataclass
class Assets:
    """Where the pictures of pages go, and whether explorers are drawn at every position."""

    static: Path
    cache: Path
    moving: bool = True
    explorers: int = field(default=0, init=False)

    def picture(self, pixels: str) -> str:
        """The address, seen from a page, of a picture that was stored inside a notebook."""
        png = base64.b64decode(pixels)
        name = f"{hashlib.sha256(png).hexdigest()[:16]}.png"
        path = self.static / "figures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)
        return f"../_static/figures/{name}"

    def explorer(self, call: str, package: str, stored: str) -> str:
        """The explorer as a form; where it has too many positions, the stored state with a word on how to move it."""
        made = frames.frames(call, package, self.static / "frames", self.cache) if self.moving else None
        if made is None:
            return f'<div class="companion-explorer">{self.local(stored)}<p class="companion-aside">{_STILL}</p></div>'
        self.explorers += 1
        return frames.form(made, self.explorers)

    def local(self, output: str) -> str:
        """HTML whose pictures are files of the site, loaded when a reader comes near them."""
        return _PIXELS.sub(
            lambda m: (
                f'<img class="companion-figure" loading="lazy" src="{self.picture(m["pixels"])}"'
                f' width="{m["w"]}" height="{m["h"]}"'
            ),
            output,
        )


_CARD = "On this page the card stands still: it works in JupyterLab."
_STILL = "Its controls have more positions than a page can hold: move them in JupyterLab."


def lesson(notebook: NotebookNode, package: str, assets: Assets) -> NotebookNode:
    """A section's notebook as a page; `package` is where its explorers are."""
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        made = _cell(cell, package, assets)
        cells += _folded("Imports", [made]) if _only_imports(made) else [made]
    return v4.new_notebook(cells=cells, metadata=notebook.metadata)


def _cell(cell: NotebookNode, package: str, assets: Assets) -> NotebookNode:
    made = copy.deepcopy(cell)
    if made.cell_type != "code" or not made.source.strip():
        made.source = re.sub(r"^- \[x\] ", "- ✓ ", made.source, flags=re.MULTILINE)
        return made
    made.metadata = NotebookNode(tags=_tags(made.source))
    asks = _ASKS.match(made.source.strip().splitlines()[-1])
    if asks:
        made.outputs = [_shown(_form(asks, made.outputs, package, assets))]
    for output in made.outputs:
        _localise(output, assets)
    return made


def _tags(source: str) -> list[str]:
    """A call that only asks is not shown: its form is."""
    lines = source.strip().splitlines()
    return [REMOVE_INPUT] if len(lines) == 1 and _ASKS.match(lines[0]) else []


def _only_imports(cell: NotebookNode) -> bool:
    statements = ast.parse(cell.source).body if cell.cell_type == "code" else []
    return bool(statements) and all(isinstance(one, ast.Import | ast.ImportFrom) for one in statements)


def _form(asks: re.Match, outputs: list[NotebookNode], package: str, assets: Assets) -> str:
    stored = outputs[-1].data if outputs else {}
    if asks["what"] == "predict":
        return forms.prediction_form(asks["id"])
    if asks["what"] == "reveal":
        return forms.reveal_form(asks["id"], stored["text/plain"])
    if asks["what"] == "quiz":
        return forms.quiz_form(asks["id"])
    return assets.explorer(asks["call"], package, stored["text/html"])


def _shown(content: str) -> NotebookNode:
    return v4.new_output("display_data", data={"text/html": content})


def _localise(output: NotebookNode, assets: Assets) -> None:
    data = output.get("data", {})
    if "text/html" in data:
        content = _without_style(data["text/html"])
        note = f'<p class="companion-aside">{_CARD}</p>' if 'class="mlsys-card"' in content else ""
        data["text/html"] = assets.local(content) + note


def _without_style(content: str) -> str:
    """HTML without style elements of its own: the site has one style sheet."""
    return re.sub(r"<style>.*?</style>", "", content, flags=re.DOTALL)


def practice(exercise: NotebookNode, solution: NotebookNode) -> NotebookNode:
    """An exercise notebook to read, each answer folded behind its stub; `solution` is the notebook that has them.

    Checks run in JupyterLab only, so a page shows what they are called with, and no verdict on an empty stub.
    """
    answers = _answers(solution)
    cells: list[NotebookNode] = []
    for cell in exercise.cells:
        made = copy.deepcopy(cell)
        made.metadata = NotebookNode()
        if made.cell_type == "code" and made.source.lstrip().startswith("check("):
            made.outputs = []
        cells += _folded("Imports", [made]) if _only_imports(made) else [made]
        cells += _folded("Solution", _bare(answers.get(cell.metadata.get(nbgrader.KEY, {}).get("grade_id"), [])))
    return v4.new_notebook(cells=cells, metadata=exercise.metadata)


def _answers(solution: NotebookNode) -> dict[str, list[NotebookNode]]:
    """The answer cells of a solution notebook by their grade id, the ones that only solutions have after them."""
    found: dict[str, list[NotebookNode]] = {}
    last = ""
    for cell in solution.cells:
        mark = cell.metadata.get(nbgrader.KEY, {})
        if mark.get("solution"):
            last = mark["grade_id"]
            found[last] = [cell]
        elif last and "solution" in cell.metadata.get("tags", []):
            found[last].append(cell)
        elif mark.get("grade") and not mark.get("solution"):
            last = ""
    return found


def _bare(answer: Iterable[NotebookNode]) -> list[NotebookNode]:
    """The cells of an answer without the markers around it."""
    cells = []
    for cell in answer:
        made = copy.deepcopy(cell)
        made.metadata = NotebookNode()
        made.source = "\n".join(line for line in made.source.splitlines() if not MARKER.match(line))
        cells.append(made)
    return cells


def _folded(summary: str, cells: list[NotebookNode]) -> list[NotebookNode]:
    if not cells:
        return []
    opening = v4.new_markdown_cell(f'<details class="companion-folded"><summary>{summary}</summary>')
    return [opening, *cells, v4.new_markdown_cell("</details>")]


def linked(text: str, known: dict[str, str]) -> str:
    """Markdown whose links to files of the repository lead to pages; a file without a page keeps its name only."""

    def turned(match: re.Match) -> str:
        words, target = match["words"], match["target"]
        if re.match(r"[a-z]+:|#", target):
            return match[0]
        return f"[{words}]({known[target]})" if target in known else words

    return re.sub(r"(?<!!)\[(?P<words>[^\]]*)\]\((?P<target>[^)\s]+)\)", turned, text)


def escaped(text: str) -> str:
    """Text for the cell of a Markdown table."""
    return html.escape(text, quote=False).replace("|", "\\|")
