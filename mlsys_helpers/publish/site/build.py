"""Make the site: lay out its pages from the built notebooks, and let Sphinx write HTML. No network is needed."""

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from mlsys_helpers import chapter
from mlsys_helpers.kit import quantity
from mlsys_helpers.publish.site import pages

HERE = Path(__file__).parent
STATIC = HERE / "static"
UNITS = "units.js"  # made from what `kit.quantity` knows
# Documents of the repository that are pages too, and what they are called there.
DOCUMENTS = {"INSTRUCTORS.md": "instructors.md", "LICENSE-data.md": "data.md"}


class SiteError(RuntimeError):
    """The site cannot be made; the message says which page is wrong and how."""


@dataclass(frozen=True)
class Site:
    """A site that was made: where its first page is, and how many explorers move on it."""

    index: Path
    explorers: int


def build(
    root: Path,
    out: Path | None = None,
    moving: Callable[[str], bool] = lambda stem: True,
    tell: Callable[[str], None] = lambda page: None,
) -> Site:
    """The site of the clone at `root`, written into `out` (`build/site/html` if None).

    `build/site` keeps what a second build need not repeat.

    `moving` says for a notebook's stem whether its explorers are drawn at every position: drawing is what takes time.
    Raises SiteError when Sphinx has anything to warn about, such as a link that leads nowhere.
    """
    work = root / "build" / "site"
    out = out or work / "html"
    source = work / "source"
    for static in (source / "static", out / "_static"):  # pictures are named by content: old ones would pile up
        shutil.rmtree(static, ignore_errors=True)
    assets = pages.Assets(source / "static", work / "frames")
    _lay_out_lessons(root, source, assets, moving, tell)
    _lay_out_exercises(root, source)
    _lay_out_documents(root, source)
    _lay_out_static(source / "static")
    tell("HTML")
    _sphinx(source, out, work / "doctrees")
    return Site(out / "index.html", assets.explorers)


def _write(path: Path, text: str) -> None:
    """Write a page, unless it is there already: Sphinx reads again what has a new date."""
    if path.is_file() and path.read_text(encoding="utf8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf8", newline="\n")


def _read(path: Path) -> nbformat.NotebookNode:
    if not path.is_file():
        raise SiteError(f"{path.parent.name}/{path.name} is missing: run companion build")
    return nbformat.read(path, as_version=4)


def packages() -> dict[str, str]:
    """The stem of every notebook, in reading order, and the package in which its explorers are."""
    first, *rest = chapter.pages()
    sections = {section.stem: section.package for section in chapter.open_sections()}
    return {first.stem: "mlsys_helpers.start", **sections, **{page.stem: "mlsys_helpers.numbers" for page in rest}}


def _lay_out_lessons(root: Path, source: Path, assets: pages.Assets, moving, tell) -> None:
    for stem, package in packages().items():
        tell(stem)
        assets.moving = moving(stem)
        page = pages.lesson(_read(root / "notebooks" / f"{stem}.ipynb"), package, assets)
        for cell in page.cells:
            if cell.cell_type == "markdown":
                cell.source = pages.linked(cell.source, _notebook_links())
        _write(source / "notebooks" / f"{stem}.ipynb", nbformat.writes(page))


def _notebook_links() -> dict[str, str]:
    stems = packages()
    exercises = [section.stem for section in chapter.open_sections()]
    return {f"{stem}.ipynb": f"{stem}.ipynb" for stem in stems} | {
        f"../exercises/{stem}.ipynb": f"../exercises/{stem}.ipynb" for stem in exercises
    }


def _lay_out_exercises(root: Path, source: Path) -> None:
    for section in chapter.open_sections():
        name = f"{section.stem}.ipynb"
        page = pages.practice(_read(root / "exercises" / name), _read(root / "solutions" / name))
        note = nbformat.v4.new_markdown_cell(_EXERCISE_NOTE.format(heading=section.heading, name=name))
        page.cells.insert(1, note)
        _write(source / "exercises" / name, nbformat.writes(page))


_EXERCISE_NOTE = """On this page the tasks can be read. They are worked in JupyterLab, where a check runs your code on
many cases and names the mistake that it sees. Each solution is folded below its task.

Back to [section {heading}](../notebooks/{name})."""


def _lay_out_documents(root: Path, source: Path) -> None:
    for name, page in DOCUMENTS.items():
        text = (root / name).read_text(encoding="utf8")
        _write(source / page, pages.linked(text, {"README.md": "index.md"} | DOCUMENTS))
    text = (root / "LICENSE-text.md").read_text(encoding="utf8").partition("\n")[2].strip()
    _write(source / "about.md", (STATIC / "about.md").read_text(encoding="utf8").replace("{licence}", text))
    exercises = "\n".join(f"{s.heading} {s.title} <exercises/{s.stem}>" for s in chapter.open_sections())
    _write(source / "exercises.md", (STATIC / "exercises.md").read_text(encoding="utf8").replace("{pages}", exercises))
    index = (STATIC / "index.md").read_text(encoding="utf8")
    first, *rest = chapter.pages()
    listed: tuple[chapter.Section | chapter.Page, ...] = (first, *chapter.open_sections(), *rest)
    lessons = "\n".join(f"{'' if one is first else one.heading} {one.title} <notebooks/{one.stem}>" for one in listed)
    _write(source / "index.md", index.replace("{table}", _table()).replace("{lessons}", lessons))


def _table() -> str:
    rows = ["| section | what it asks | minutes | exercises |", "|---|---|---|---|"]
    for section in chapter.open_sections():
        lesson = f"{section.heading} [{section.title}](notebooks/{section.stem}.ipynb)"
        practice = f"[{section.tasks} tasks](exercises/{section.stem}.ipynb)"
        rows.append(f"| {lesson} | {pages.escaped(section.question)} | {section.minutes} | {practice} |")
    for page in chapter.pages()[1:]:
        rows.append(
            f"| {page.heading} [{page.title}](notebooks/{page.stem}.ipynb) | {page.question} | {page.minutes} | |"
        )
    return "\n".join(rows)


def _lay_out_static(static: Path) -> None:
    for path in [*STATIC.glob("*.css"), *STATIC.glob("*.js")]:
        _write(static / path.name, path.read_text(encoding="utf8"))
    _write(static / UNITS, f"const UNITS = {json.dumps(quantity.vocabulary(), ensure_ascii=False)};\n")


def _sphinx(source: Path, out: Path, doctrees: Path) -> None:
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    warnings = io.StringIO()
    try:
        with patch_docutils(), docutils_namespace():
            static = {"html_static_path": [str(source / "static")]}
            app = Sphinx(source, HERE, out, doctrees, "html", static, None, warnings, parallel=2)
            app.build()
    except SphinxError as error:
        raise SiteError(str(error)) from error
    told = warnings.getvalue().strip()
    if told:
        raise SiteError(f"Sphinx warns:\n{told}")
