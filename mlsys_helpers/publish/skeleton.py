"""The skeleton of a new section: a small true example in every file that a section has, so that it builds and passes.

The example is about something else (a job that begins with a set-up), and each part of it says "Replace:".
"""

import json
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from mlsys_helpers.chapter import Section

MANIFEST = "mlsys_helpers/chapter.toml"
FILES = {
    "init.py": "mlsys_helpers/sections/{slug}/__init__.py",
    "model.py": "mlsys_helpers/sections/{slug}/model.py",
    "figures.py": "mlsys_helpers/sections/{slug}/figures.py",
    "explorers.py": "mlsys_helpers/sections/{slug}/explorers.py",
    "tasks.py": "mlsys_helpers/sections/{slug}/tasks.py",
    "quiz.toml": "mlsys_helpers/sections/{slug}/quiz.toml",
    "notebook.py": "notebooks/src/{stem}.py",
    "solution.py": "solutions/src/{stem}.py",
    "test_model.py": "tests/sections/{slug}/test_model.py",
    "test_explorers.py": "tests/sections/{slug}/test_explorers.py",
}
EXAMPLE = {  # what the manifest says of the skeleton
    "minutes": 30,
    "tasks": 6,
    "points": 10,
    "objectives": (
        "Replace: say what a set-up does to the time of each item",
        "Replace: find the number of items from which a set-up pays",
        "Replace: say where this model stops being true",
    ),
    "after": (),
}
_SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_SLUG, _LONGEST_TEXT, _QUESTIONS = 30, 100, 10


@dataclass(frozen=True)
class Planned:
    """A section to be written: what the manifest shall say, and whether it lists the section already."""

    section: Section
    listed: bool


def write(root: Path, slug: str, number: str = "", title: str = "", question: str = "") -> tuple[Path, ...]:
    """Write the skeleton of a section into the clone at `root`, and return the files written or changed.

    A section that the manifest lists needs only its slug. Raises ValueError for a name, number or text that cannot
    be, and FileExistsError when any of the files is there; then nothing is written.
    """
    manifest = root / MANIFEST
    before = manifest.read_text(encoding="utf8")
    planned = plan(before, slug, number, title, question)
    after = completed(before, planned)
    paths = {name: root / place.format(slug=slug, stem=planned.section.stem) for name, place in FILES.items()}
    there = [path.relative_to(root).as_posix() for path in paths.values() if path.exists()]
    if there:
        raise FileExistsError(f"{', '.join(there)} exists; move or delete what is there first: nothing was written")
    for name, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(name, planned.section), encoding="utf8", newline="\n")
    manifest.write_text(after, encoding="utf8", newline="\n")
    return (*paths.values(), manifest)


def plan(manifest: str, slug: str, number: str, title: str, question: str) -> Planned:
    """What the section is to be: as the manifest lists it, or new at the end of the chapter."""
    if not _SLUG.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        raise ValueError(f"a name is lower-case words joined by _, at most {_LONGEST_SLUG} signs; got {slug!r}")
    rows = tomllib.loads(manifest)["section"]
    listed = next((row for row in rows if row["slug"] == slug), None)
    given = {"number": number, "title": title, "question": question}
    row = listed or {"slug": slug, "self_checks": 0, **given}
    for name, text in given.items():
        if listed and text and text != listed[name]:
            raise ValueError(f"{MANIFEST} gives {slug} the {name} {listed[name]!r}, not {text!r}: leave --{name} out")
        _check_text(name, row[name])
    following = f"{len(rows) + 1:02d}"
    if not listed and number != following:
        raise ValueError(f"the next free number is {following}, got {number!r}")
    whole = EXAMPLE | row
    lists = {name: tuple(whole[name]) for name in ("objectives", "after")}
    return Planned(Section(**whole | lists), bool(listed))


def _check_text(name: str, text: str) -> None:
    if not text.strip():
        raise ValueError(f"a new section needs --{name}")
    if len(text) > _LONGEST_TEXT or not text.isprintable() or re.search(r'["\\]', text):
        raise ValueError(f'the {name} must be one line of at most {_LONGEST_TEXT} signs without " and \\, got {text!r}')


def completed(manifest: str, planned: Planned) -> str:
    """The manifest with the section's entry complete."""
    section = planned.section
    lines = {
        "minutes": f"minutes = {section.minutes}",
        "tasks": f"tasks = {section.tasks}",
        "points": f"points = {section.points}",
        "objectives": "objectives = [\n" + "".join(f"  {_toml(text)},\n" for text in section.objectives) + "]",
        "after": f"after = {_toml(list(section.after))}",
    }
    if not planned.listed:
        head = [f"{name} = {_toml(getattr(section, name))}" for name in ("number", "slug", "title", "question")]
        entry = "\n".join(["[[section]]", *head, f"self_checks = {section.self_checks}", *lines.values()])
        return f"{manifest.rstrip()}\n\n{entry}\n"
    start = manifest.index(f'\nslug = "{section.slug}"\n')
    following = manifest.find("\n[[section]]", start)
    end = len(manifest) if following < 0 else following
    entry = manifest[start:end].rstrip()
    added = [line for name, line in lines.items() if not re.search(rf"^{name} =", entry, re.MULTILINE)]
    return "\n".join([manifest[:start] + entry, *added]) + "\n" + manifest[end:]


def filled(name: str, section: Section) -> str:
    """One file of the skeleton, with the section's own words in it."""
    template = files("mlsys_helpers") / "publish" / "section_template" / f"{name}.tmpl"
    return Template(template.read_text(encoding="utf8")).substitute(
        number=section.number,
        slug=section.slug,
        heading=section.heading,
        title=section.title,
        question=section.question,
        question_inside=_lower(section.question),
        minutes=section.minutes,
        objectives_numbered="\n".join(f"# {i}. {_lower(text)}" for i, text in enumerate(section.objectives, 1)),
        objectives_checked="\n".join(f"# - [x] {_lower(text)}" for text in section.objectives),
        **{f"covers_{i}": _covers(section, i) for i in range(1, _QUESTIONS + 1)},
    )


def _covers(section: Section, question: int) -> str:
    """The line that says which self-checks of the chapter a question stands for; the last one takes the rest."""
    last = section.self_checks if question == _QUESTIONS else min(question, section.self_checks)
    numbers = [f"{int(section.number)}.{i}" for i in range(question, last + 1)]
    return f"\ncovers = {_toml(numbers)}" if numbers else ""


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _toml(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
