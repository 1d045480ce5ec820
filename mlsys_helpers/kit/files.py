"""Store a file whole or not at all, and tell whether two are the same."""

import hashlib
import os
import tempfile
from pathlib import Path


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes of a file, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def put(path: Path, data: bytes) -> None:
    """Store `data` at `path` in one step, so that a reader never meets half a file; folders are made as needed.

    Raises OSError, and then leaves what was there as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
