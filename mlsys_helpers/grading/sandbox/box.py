"""The folders that submissions live in: a box for each warm process, and in it an empty work folder each time."""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from mlsys_helpers.grading.sandbox import tree
from mlsys_helpers.grading.sandbox.protect import Plan

_NAME = "companion-grading-"


def make() -> Path:
    """A new box, named after this process. Boxes of this user's whose grader was killed are removed first."""
    _sweep(Path(tempfile.gettempdir()))
    box = Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-"))
    os.chmod(box, 0o711)
    return box


def _sweep(place: Path) -> None:
    if os.name != "posix":
        return  # signal 0, which asks whether a process lives, would end it elsewhere
    for old in place.glob(f"{_NAME}*"):
        found = re.match(rf"{_NAME}(\d+)-", old.name)
        with suppress(OSError):
            if found and old.lstat().st_uid == os.getuid() and not old.is_symlink() and not _lives(int(found[1])):
                remove(old)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def open_work(plan: Plan) -> Path:
    """An empty folder for one submission, of a limited size where there is an own file tree."""
    work = plan.box / "work"
    if plan.in_tree:
        tree.mount_small(work, plan.limits.disk_bytes, plan.user or os.getuid())
    else:
        close_work(plan)
        work.mkdir()
        if plan.user:
            os.chown(work, plan.user, plan.user)
    return work


def close_work(plan: Plan) -> None:
    """Take the work folder away with all that is in it."""
    work = plan.box / "work"
    if plan.in_tree:
        tree.unmount(work)
    elif work.is_symlink():
        work.unlink()
    elif work.exists():
        remove(work)


def remove(place: Path) -> None:
    """Remove a folder however deep, locked or oddly named what is in it: what lies deeper is moved up, then removed."""
    mark, moved = secrets.token_hex(8), count()
    os.chmod(place, 0o700)
    while entries := list(os.scandir(place)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            with suppress(OSError):
                os.rmdir(entry.path)  # most of very many are empty
                continue
            os.chmod(entry.path, 0o700)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                os.rename(inner.path, place / f"{mark}-{next(moved)}")
            os.rmdir(entry.path)
    os.rmdir(place)
