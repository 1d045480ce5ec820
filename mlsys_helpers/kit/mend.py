"""Scripts that mend in the page what ipywidgets leaves open. Where scripts are forbidden, nothing breaks.

A script runs when the picture that carries it is shown; `this` is the picture.
"""

import html

# JupyterLab takes the arrows from a focused list for its own shortcuts, unless the list itself says not to.
# `box` is the element that holds the lists.
LISTS_KEEP_ARROWS = """
for (const list of box ? box.querySelectorAll('select') : []) list.setAttribute('data-lm-suppress-shortcuts', '');
"""

_PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def mend(script: str) -> str:
    """A picture that nobody sees and that runs `script`, to be shown after what is to be mended."""
    return f'<img hidden alt="" src="{_PIXEL}" onload="{html.escape(script)}">'
