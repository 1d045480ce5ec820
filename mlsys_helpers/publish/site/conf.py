"""What Sphinx is told; `build` adds where the static files of this site are."""

from mlsys_helpers.publish.site import maths

project = "ML Systems companion"
html_title = project
language = "en"
extensions = ["myst_nb"]

html_theme = "furo"
html_theme_options = {"top_of_page_buttons": [], "light_css_variables": {"content-width": "50em"}}
html_favicon = "static/icon.svg"
html_css_files = ["companion.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("units.js", "score.js", "companion.js")]
html_math_renderer = "mathml"
html_copy_source = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

nb_execution_mode = "off"  # the notebooks are built with their outputs
nb_render_markdown_format = "myst"
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True


def setup(app) -> dict:
    """Formulas as MathML, and two repairs to what Furo writes."""
    app.add_html_math_renderer("mathml", (maths.inline, None), (maths.block, None))
    app.connect("html-page-context", _repair, priority=900)  # after Furo has made its navigation
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _repair(app, pagename, templatename, context, doctree) -> None:
    """Captions of the navigation get the level that ARIA asks for; storage.js comes before Furo's first script."""
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    address = context["pathto"]("_static/storage.js", resource=True)
    context["metatags"] = context.get("metatags", "") + f'<script src="{address}"></script>'
