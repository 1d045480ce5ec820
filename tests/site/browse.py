"""The site in a browser: served on this computer, every request and every complaint kept.

with Served(folder) as site:
    page = site.open("notebooks/06_iron_law.html", width=360, dark=True)
    assert site.complaints == []
"""

import functools
import http.server
import json
import subprocess
import tempfile
import threading
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGS
from tests.npm import modules

HERE = Path(__file__).parent
SERIOUS = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'] });
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.help}; ${one.nodes.length} times, first at ${one.nodes[0].target}`);
}"""
# What makes a page scroll sideways: elements that reach beyond the window and are in no box that scrolls by itself.
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth > window.innerWidth;
  const beyond = one => one.getBoundingClientRect().right > innerWidth + 1;
  return wide ? [...document.querySelectorAll('main *')].filter(beyond)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120)) : [];
}"""
WEIGHT = """() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
  .reduce((sum, one) => sum + one.transferSize, 0)"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass


class Served:
    """`folder` served on a free port, and one browser; `complaints` holds what no page should cause."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.complaints: list[str] = []

    def __enter__(self) -> "Served":
        with ExitStack() as stack:
            handler = functools.partial(_Quiet, directory=str(self.folder))
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            self.address = f"http://127.0.0.1:{server.server_port}"
            playwright = stack.enter_context(sync_playwright())
            self.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
            stack.callback(self.browser.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error) -> None:
        self._stack.close()

    def open(self, name: str, width: int = 1280, dark: bool = False, scripts: bool = True, setup: str = "") -> Page:
        """A page with an empty memory of its own; `setup` is run before its scripts."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        page = context.new_page()
        if setup:
            page.add_init_script(setup)
        page.on("request", lambda request: self._complain_of_host(name, request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        page.on("console", lambda told: self._complain_of_console(name, told))
        page.goto(f"{self.address}/{name}")
        return page

    def _complain_of_host(self, name: str, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"{name}: asks another host for {url}")

    def _complain_of_console(self, name: str, told) -> None:
        if told.type in ("error", "warning"):
            self.complaints.append(f"{name}: {told.type} {told.text}")


def names(folder: Path) -> list[str]:
    """Every page of a site, as addresses below its first."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html") if "_static" not in path.parts)


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical on a page, hidden and folded parts opened first."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.add_script_tag(path=modules(HERE) / "axe-core" / "axe.min.js")
    return page.evaluate(SERIOUS)


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways; empty when it does not."""
    return page.evaluate(TOO_WIDE)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag, attributes) -> None:
        found = dict(attributes)
        self.ids |= {found["id"]} if found.get("id") else set()
        self.links |= {found[name] for name in ("href", "src") if found.get(name)}


def _read(path: Path) -> _Links:
    parser = _Links()
    parser.feed(path.read_text(encoding="utf8"))
    return parser


def broken_links(folder: Path) -> list[str]:
    """Every link inside the site that leads to no file, or to no place on its page."""
    pages = {name: _read(folder / name) for name in names(folder)}
    broken = []
    for name, page in pages.items():
        for link in page.links:
            address, place = urldefrag(link)
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            target = (folder / name).parent / unquote(address.partition("?")[0]) if address else folder / name
            if not target.is_file():
                broken.append(f"{name}: {link} leads to no file")
            elif place and target.suffix == ".html":
                known = pages[target.resolve().relative_to(folder.resolve()).as_posix()]
                if place not in known.ids:
                    broken.append(f"{name}: {link} leads to no place on its page")
    return broken


def invalid(folder: Path) -> list[str]:
    """What html-validate says against the HTML standard on every page."""
    tool = modules(HERE) / "html-validate" / "bin" / "html-validate.mjs"
    with tempfile.TemporaryDirectory() as scratch:
        said = Path(scratch, "said.json")  # a pipe would be cut short
        words = ["node", str(tool), "--config", str(HERE / "htmlvalidate.json"), "--formatter", f"json={said}"]
        told = subprocess.run([*words, *(str(folder / name) for name in names(folder))], capture_output=True, text=True)
        if not said.is_file():
            raise RuntimeError(f"html-validate failed: {told.stderr[-1000:]}")
        pages = json.loads(said.read_text(encoding="utf8"))
    return [
        f"{Path(page['filePath']).name}:{one['line']} {one['ruleId']}: {one['message']}"
        for page in pages
        for one in page["messages"]
    ]
