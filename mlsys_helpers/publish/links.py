"""Links that open a notebook on a JupyterHub: whoever follows one logs in, and the own server starts if it must."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from mlsys_helpers import chapter


@dataclass(frozen=True)
class Link:
    """Where a notebook opens. `number` is 06, `folder` says whether it is the section's text or its exercises."""

    number: str
    title: str
    folder: str
    address: str


def links(hub: str, repository: str = "", branch: str = "main") -> list[Link]:
    """The links of each open section, to its text and to its exercises, on the hub at the address `hub`.

    They open the working copy that the hub keeps for each student. With a `repository` they are nbgitpuller links,
    which first bring that repository into the student's home. Raises ValueError for what is no web address.
    """
    _check("hub", hub)
    if repository:
        _check("repository", repository)
    return [
        Link(section.number, section.title, folder, _address(hub, f"{folder}/{section.stem}.ipynb", repository, branch))
        for section in chapter.open_sections()
        for folder in ("notebooks", "exercises")
    ]


def _check(what: str, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{address!r} is no address of a {what}: expected one that begins with https://")


def _address(hub: str, notebook: str, repository: str, branch: str) -> str:
    begin = f"{hub.rstrip('/')}/hub/user-redirect"
    if not repository:
        return f"{begin}/lab/tree/{quote(notebook)}"
    name = repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return f"{begin}/git-pull?" + urlencode(
        {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{name}/{notebook}"}
    )
