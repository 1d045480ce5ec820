"""The command `companion`. Each command imports what it needs when it runs, so that --help comes at once."""

from mlsys_helpers.cli import assign, giveback, grade, learn, teach, write  # noqa: F401  (importing them adds their commands)
from mlsys_helpers.cli.common import app

__all__ = ["app"]
