"""Run a notebook in a fresh kernel, and keep of its outputs what a page without a kernel can show."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from nbformat import NotebookNode

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT_S = 120


class RunError(RuntimeError):
    """A cell failed, hung or warned; the message shows the cell."""


def run(
    notebook: NotebookNode,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    go_on: bool = False,
    tell: Callable[[int, int], None] = lambda done, total: None,
    cell_timeout_s: float | None = None,
) -> NotebookNode:
    """`notebook` itself, each code cell run in order in a new kernel that works in `folder`.

    `environment` adds to the environment variables of this process. `tell(done, total)` is called as cells begin.
    Raises RunError for a failed cell, or one that runs longer than `cell_timeout_s` (CELL_TIMEOUT_S if None). With
    `go_on`, a failed cell does not end the run and a long one is interrupted; only one that goes on all the same, or
    kills the kernel, raises.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    class Client(NotebookClient):
        interrupted = None

        async def _async_handle_timeout(self, timeout, cell=None):
            """Interrupt a cell once; one that swallows the interrupt would run for ever."""
            self.interrupt_on_timeout = go_on and cell is not self.interrupted
            self.interrupted = cell
            return await super()._async_handle_timeout(timeout, cell)

    client = Client(
        notebook,
        timeout=CELL_TIMEOUT_S if cell_timeout_s is None else cell_timeout_s,
        kernel_name="python3",
        allow_errors=go_on,
        coalesce_streams=True,
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell, cell_index: tell(cell_index, len(notebook.cells)),
    )
    try:
        return client.execute(env={**os.environ, **(environment or {})})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise RunError(str(error)) from error


def clean(notebook: NotebookNode) -> NotebookNode:
    """`notebook` with outputs that are the same on every run: no live widget, no timing, no paths in tracebacks.

    Raises RunError when a cell wrote a warning: a notebook that warns is not fit to read.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.pop("execution", None)
            cell.outputs = [_clean_output(output, cell) for output in cell.outputs]
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def _clean_output(output: NotebookNode, cell: NotebookNode) -> NotebookNode:
    if output.get("name") == "stderr":
        raise RunError(f"this cell wrote a warning:\n{cell.source}\n\n{output.text}")
    if output.output_type == "error":
        output.traceback = [f"{output.ename}: {output.evalue}"]
    if "data" in output:
        output.data.pop(WIDGET_MIME, None)
    return output
