"""The command `companion`. Each command imports what it needs when it runs, so that --help comes at once.

The order of the import is that of --help: who teaches finds the commands in the order of a term.
"""

from mlsys_helpers.cli import assign, grade, learn, teach, write  # noqa: F401  (importing them adds their commands)
from mlsys_helpers.cli.common import app

__all__ = ["app"]
