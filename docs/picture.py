"""Take the README's picture: the iron-law notebook in a real JupyterLab, run from top to bottom.

.venv/bin/python docs/picture.py
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.lab import Lab  # noqa: E402  (the tests are no package)


def main() -> None:
    """Run the notebook, choose a job and a batch, and store the page as docs/iron_law.png."""
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder), width=1080, height=800) as lab:
        shutil.copy(ROOT / "notebooks" / "06_iron_law.ipynb", folder)
        reader = lab.open("06_iron_law.ipynb")
        if errors := reader.run_all():
            raise SystemExit(f"the notebook does not run: {errors}")
        explorer = reader.run_cell('explorers.terms("job"').locator(".companion-explorer")
        explorer.get_by_role("combobox").select_option(label="ResNet-50, images")
        for _ in range(4):
            reader.press("ArrowRight", on=explorer.get_by_role("slider", name=re.compile("^Batch")))
        heading = reader.page.get_by_role("heading", name="Explore: which term binds?")
        heading.evaluate("heading => heading.scrollIntoView({block: 'start'})")
        reader.page.wait_for_timeout(1000)
        reader.page.screenshot(path=ROOT / "docs" / "iron_law.png")


if __name__ == "__main__":
    main()
