"""A small table of results as a notebook shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of texts under their heads; shown as a table, and as plain lines where none can be drawn."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def markdown(self) -> str:
        """The table in Markdown; two prices in it are no formula."""
        lines = [self.heads, ("---",) * len(self.heads), *self.rows]
        return "\n".join(f"| {' | '.join(map(_literal, line))} |" for line in lines)

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]
        lines = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in (self.heads, *self.rows))
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/markdown": self.markdown, "text/plain": repr(self)}


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of `rows`, each as long as `heads`. Raises ValueError for a row that is not."""
    written = tuple(tuple(map(str, row)) for row in rows)
    for row in written:
        if len(row) != len(heads):
            raise ValueError(f"a row of {len(row)} cells under {len(heads)} heads: {row}")
    return Table(tuple(heads), written)


def _literal(cell: str) -> str:
    """A cell whose bars and dollar signs mean themselves."""
    return cell.replace("|", r"\|").replace("$", r"\$")
