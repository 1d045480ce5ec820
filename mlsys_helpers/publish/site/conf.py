"""What Sphinx is told; `build` adds where the static files of this site are."""

project = "ML Systems companion"
html_title = project
language = "en"
extensions = ["myst_nb", "mlsys_helpers.publish.site.maths"]

html_theme = "furo"
html_theme_options = {"top_of_page_buttons": [], "light_css_variables": {"content-width": "50em"}}
html_favicon = "static/icon.svg"
html_css_files = ["companion.css"]
html_js_files = [(script, {"defer": "defer"}) for script in ("units.js", "score.js", "companion.js")]
html_math_renderer = "mathml"
html_copy_source = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

nb_execution_mode = "off"  # the notebooks are built with their outputs
nb_render_markdown_format = "myst"
nb_code_prompt_show = "Imports"
nb_code_prompt_hide = "Imports"
myst_enable_extensions = ["dollarmath", "tasklist"]
myst_dmath_double_inline = True
