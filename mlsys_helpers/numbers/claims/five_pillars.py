"""Section 1.11: five disciplines."""

from functools import partial

from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.claims.case_studies import CATEGORIES

claim = partial(Claim, "1.11")
PILLARS = ("data", "training", "deployment", "operations", "ethics")

CLAIMS = (
    claim("pillars", "text, figure 8", "Pillars of ML engineering", "5", "pillars", lambda: len(PILLARS)),
    claim(
        "pillar_categories",
        "text",
        "Categories of challenges, if each pillar has one of its own",
        "5",
        "categories",
        lambda: len(CATEGORIES),
        against=("categories",),
        why="Two pillars, deployment and operations, share the system category.",
    ),
)
