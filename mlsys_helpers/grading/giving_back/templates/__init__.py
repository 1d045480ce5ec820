"""Pages that stand alone: one HTML file each, with its style and pictures, no script and nothing from elsewhere."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mlsys_helpers.grading.words import shown_points
from mlsys_helpers.quiz.export.sheet import rich
from mlsys_helpers.quiz.export.texts import clean


def page(template: str, **values: Any) -> bytes:
    """A template of this folder filled in. Whatever the values hold, it is shown as text and cannot become markup."""
    return _templates().get_template(template).render(**values).encode("utf8")


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("mlsys_helpers.grading.giving_back"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    made.filters |= {
        "rich": _rich,
        "markup": Markup,
        "points": shown_points,
        "percent": _percent,
    }
    return made


def _rich(text: str) -> Markup:
    return Markup(rich(text))


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"
