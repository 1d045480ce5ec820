"""Section 1.12: the book."""

from functools import partial

from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import ACCELERATORS
from mlsys_helpers.sections.book_map import book

claim = partial(Claim, "1.12")

CLAIMS = (
    claim("parts", "text, table 9", "Parts of the book", "4", "parts", lambda: len(book.PARTS)),
    claim(
        "chapters",
        "table 9",
        "Chapters of the book that are listed",
        unit="chapters",
        recompute=lambda: len(book.chapters()),
    ),
    claim(
        "single_node",
        "text; self-check 2",
        "Accelerators that this volume deals with",
        "1 to 8",
        "accelerators",
        lambda: ACCELERATORS / 8,
        gives="× as many in napkin math 1.1",
        why="Which therefore leaves out what machines say to each other.",
    ),
    claim("fleet", "text; self-check 2", "Nodes of a fleet", "thousands of nodes"),
)
