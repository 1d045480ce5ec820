"""What every page that is given back must be: checked on its bytes, without a browser."""

from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """A page read: its tags with their attributes, and its visible text."""

    def __init__(self, data: bytes):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(data.decode("utf8"))
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"
        if tag in ("th", "td", "dt", "dd", "b"):
            self.words.append(" ")

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, *names):
        return [(tag, attrs) for tag, attrs in self.tags if tag in names]


def check(data: bytes) -> Page:
    """The page, which must be sound, stand alone, and be usable by everybody."""
    page = Page(data)
    assert data.startswith(b"<!DOCTYPE html>") and page.all("html")[0][1]["lang"] == "en"
    for one in ("title", "h1", "main", "header", "footer"):
        assert len(page.all(one)) == 1, one
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") in ("row", "col") for _, attrs in page.all("th"))
    assert all(attrs.get("alt") for _, attrs in page.all("img"))
    assert not page.all("script", "iframe", "object", "link", "form", "input", "svg", "base")
    for _, attrs in page.tags:
        assert not any(name.startswith("on") or name in ("href", "style") for name in attrs)
        assert attrs.get("src", "data:").startswith("data:image/png;base64,") or "src" not in attrs
    assert b"://" not in data
    return page
