"""Store a file whole or not at all."""

import os
import tempfile
from pathlib import Path


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
