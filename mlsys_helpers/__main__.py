"""`python -m mlsys_helpers` is the command `companion`."""

from mlsys_helpers.cli import app

app(prog_name="companion")
