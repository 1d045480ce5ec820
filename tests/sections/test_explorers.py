"""Every explorer that a notebook shows: each extreme of its controls is drawn and told."""

import random
import re
from importlib import import_module

import jupytext
import pytest

from mlsys_helpers import chapter
from mlsys_helpers.publish.build import repository

CALL = re.compile(r"^explorers\.\w+\(.*\)$", re.MULTILINE)


def calls(section):
    """The cells of the section's notebook that show an explorer."""
    notebook = jupytext.read(repository() / "notebooks" / "src" / f"{section.stem}.py")
    return [found for cell in notebook.cells if cell.cell_type == "code" for found in CALL.findall(cell.source)]


SHOWN = [(section.slug, call) for section in chapter.open_sections() for call in calls(section)]


def made(slug, call):
    return eval(call, {"explorers": import_module(f"mlsys_helpers.sections.{slug}.explorers")})


@pytest.mark.parametrize(("slug", "call"), SHOWN)
def test_every_extreme_is_drawn_and_told(slug, call):
    explorer = made(slug, call)
    corners = list(explorer.corners())
    tried = random.Random(slug).sample(corners, min(len(corners), 40))
    seen = set()
    for values in tried:
        explorer.set(**values)
        seen.add((explorer.sentence, explorer.png))
        assert explorer.values == values
        assert not re.search(r"\b(nan|inf)\b", explorer.sentence)
    assert len(seen) >= len(tried) / 2  # a control may rightly be without effect at another's extreme


@pytest.mark.parametrize("slug", [section.slug for section in chapter.open_sections()])
def test_the_first_explorer_of_a_section_has_at_most_two_controls(slug):
    first = next(call for found, call in SHOWN if found == slug)
    assert len(made(slug, first).controls) <= 2
