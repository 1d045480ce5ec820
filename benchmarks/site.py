"""Build the whole site and look at every page: time, weight, links, HTML, accessibility, width, hosts, console.

python benchmarks/site.py [DIR]    # the site in DIR as it is, or a new one
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlsys_helpers.publish.build import repository
from mlsys_helpers.publish.site import build
from tests.site import browse


def made(folder: Path) -> None:
    """Build twice and say how long each took; the second finds its pictures drawn."""
    for what in ("first", "second"):
        began = time.perf_counter()
        site = build.build(repository(), folder)
        print(f"{what} build: {time.perf_counter() - began:.0f} s, {site.explorers} explorers move")


def looked_at(folder: Path) -> int:
    """Look at every page in every way; print and count what is wrong."""
    wrong = browse.broken_links(folder) + browse.invalid(folder)
    heaviest = (0, "")
    with browse.Served(folder) as site:
        for name in browse.names(folder):
            for dark in (False, True):
                page = site.open(name, dark=dark)
                heaviest = max(heaviest, (page.evaluate(browse.WEIGHT), name))
                wrong += [f"{name}, {'dark' if dark else 'light'}: {found}" for found in browse.serious(page)]
                page.context.close()
            for width in (360, 640):
                page = site.open(name, width)
                wrong += [f"{name} at {width} px: {found}" for found in browse.too_wide(page)]
                page.context.close()
        wrong += site.complaints
    print(f"{len(browse.names(folder))} pages; heaviest when opened: {heaviest[1]}, {heaviest[0] / 1e6:.2f} MB")
    print("\n".join(wrong) or "nothing wrong on any page")
    return len(wrong)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(looked_at(Path(sys.argv[1])) > 0)
    with tempfile.TemporaryDirectory() as scratch:
        made(Path(scratch))
        sys.exit(looked_at(Path(scratch)) > 0)
