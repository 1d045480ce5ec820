"""A real JupyterLab in a headless Chromium, driven as a reader drives it.

with Lab(folder) as lab:                    # serves `folder`; readers' progress goes to a folder of its own
    page = lab.open("notebooks/06_iron_law.ipynb")
    page.run_all()
    page.press("ArrowRight", on=page.slider("Batch"))
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAB_ARGS = [
    "--no-browser",
    "--ip=127.0.0.1",
    "--allow-root",
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--ServerApp.port_retries=0",
    "--LabApp.expose_app_in_browser=True",
]
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
QUIET_SETTINGS = {"notification": '{"fetchNews": "false", "checkForUpdates": false}'}

# What a notebook tells about itself: code cells run and not run, errors, and whether the kernel rests.
STATE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.widgets.filter(c => c.model.type === 'code' && c.model.sharedModel.source.trim());
  const failed = c => c.model.outputs.toJSON().filter(o => o.output_type === 'error');
  const runs = c => (c.model.executionState ?? 'idle') !== 'idle';
  return {
    busy: panel.content.widgets.flatMap((c, i) => runs(c) ? [i] : []),
    waiting: cells.filter(c => !c.model.sharedModel.execution_count).length,
    errors: cells.flatMap(failed).map(o => o.ename + ': ' + o.evalue),
    idle: panel.sessionContext.session?.kernel?.status === 'idle',
  };
}"""


# Make the first code cell that starts with a text the active one, with new code if there is any; its index, or -1.
FIND_CELL = """([start, source]) => {
  const content = window.jupyterapp.shell.currentWidget.content;
  const index = content.widgets.findIndex(
    c => c.model.type === 'code' && c.model.sharedModel.source.startsWith(start));
  if (index < 0) return index;
  content.deselectAll();
  content.activeCellIndex = index;
  if (source) content.widgets[index].model.sharedModel.setSource(source);
  content.scrollToItem(index);
  return index;
}"""


class Lab:
    """JupyterLab serving `folder` on a free port, and one browser; a context manager that ends both."""

    def __init__(self, folder: Path, width: int = 1280, height: int = 1000):
        self.folder, self.size = Path(folder), {"width": width, "height": height}
        self.home = self.folder / "home"

    def __enter__(self) -> "Lab":
        with ExitStack() as stack:
            self._scratch = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True))
            )
            self._server = self._start_server()
            stack.callback(self._end_server)
            playwright = stack.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
            stack.callback(self._browser.close)
            self._wait_for_server()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error) -> None:
        self._stack.close()

    def write(self, name: str, *sources: str, outputs: tuple = ()) -> str:
        """Write a notebook of these code cells into the folder; `outputs` are stored in its first cell."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        if outputs:
            cells[0].update(outputs=list(outputs), execution_count=1)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
        return name

    def open(self, name: str) -> "Notebook":
        """A page of its own with the notebook `name` opened and its kernel ready."""
        page = self._browser.new_page(viewport=self.size)
        page.goto(f"{self.address}/doc/tree/{name}?reset")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length", timeout=60_000)
        notebook = Notebook(page)
        notebook.wait(lambda state: state["idle"], "the kernel to start")
        return notebook

    def _start_server(self) -> subprocess.Popen:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        settings = self._scratch / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        for name, text in QUIET_SETTINGS.items():
            (settings / f"{name}.jupyterlab-settings").write_text(text)
        own = {
            "JUPYTERLAB_SETTINGS_DIR": self._scratch / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": self._scratch / "workspaces",
            "JUPYTER_RUNTIME_DIR": self._scratch / "runtime",
            "JUPYTER_DATA_DIR": self._scratch / "data",  # trust is kept here: not in the reader's own
            "JUPYTER_CONFIG_DIR": self._scratch / "config",
            "MLSYS_COMPANION_HOME": self.home,
        }
        with (self._scratch / "server.log").open("w") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "jupyterlab",
                    *LAB_ARGS,
                    f"--port={self.port}",
                    f"--ServerApp.root_dir={self.folder}",
                ],
                env=os.environ | {name: str(value) for name, value in own.items()},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait_for_server(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._server.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("JupyterLab did not start:\n" + (self._scratch / "server.log").read_text()[-2000:])

    def _end_server(self) -> None:
        self._server.terminate()
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()


class Notebook:
    """An opened notebook: `page` is Playwright's, for whatever is not here."""

    def __init__(self, page: Page):
        self.page = page
        self.page_errors: list[str] = []
        page.on("pageerror", lambda error: self.page_errors.append(str(error)))

    def run_all(self, seconds: float = 120) -> list[str]:
        """Run every cell; returns the errors that cells ended with."""
        self.command("notebook:run-all-cells")
        return self.wait(lambda s: s["idle"] and (s["errors"] or not s["waiting"]), "all cells to run", seconds)[
            "errors"
        ]

    def restart_kernel(self) -> None:
        """Restart the kernel as the menu does, outputs cleared, and wait until it is ready."""
        self.page.evaluate(
            "async () => { const p = window.jupyterapp.shell.currentWidget;"
            " await p.sessionContext.session.kernel.restart(); }"
        )
        self.command("notebook:clear-all-cell-outputs")
        self.wait(lambda state: state["idle"], "the kernel to restart")

    def kill_kernel(self) -> None:
        """End the kernel the hard way, as a crash does, and wait until JupyterLab has started it again."""
        self.page.evaluate(
            "async () => { const k = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;"
            " k.requestExecute({code: 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)'}); }"
        )
        self.page.wait_for_timeout(1000)
        self.wait(lambda state: state["idle"], "the kernel to come back")

    def run_cell(self, start: str, source: str = "", seconds: float = 60) -> Locator:
        """Run the first cell whose code starts with `start`, first replaced by `source` if given; the cell."""
        index = self.page.evaluate(FIND_CELL, [start, source])
        if index < 0:
            raise ValueError(f"no cell starts with {start!r}")
        self.command("notebook:run-cell")
        self.wait(lambda state: state["idle"] and index not in state["busy"], f"{start!r} to run", seconds)
        return self.page.locator(f".jp-Cell[data-windowed-list-index='{index}']")

    def save(self) -> None:
        """Save the notebook to its file."""
        self.command("docmanager:save")

    def command(self, name: str) -> None:
        """Carry out one of JupyterLab's commands on this notebook."""
        self.page.evaluate("name => { window.jupyterapp.commands.execute(name); }", name)
        self.page.wait_for_timeout(300)

    def state(self) -> dict:
        """Cells that are `busy`, how many are `waiting` to run, `errors`, and whether the kernel is `idle`."""
        return self.page.evaluate(STATE)

    def wait(self, reached, what: str, seconds: float = 60) -> dict:
        """Ask for the state until `reached(state)`; the state then. Raises TimeoutError naming `what`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if reached(state := self.state()):
                return state
            self.page.wait_for_timeout(100)
        raise TimeoutError(f"waited {seconds:g} s for {what}; last state {state}")

    def slider(self, label: str) -> Locator:
        """The handle of the slider whose label starts with `label`."""
        box = self.page.locator(".widget-slider", has=self.page.locator(".widget-label", has_text=label))
        return box.locator("[role=slider]").first

    def press(self, key: str, on: Locator) -> None:
        """Give `on` the keyboard focus and press `key`."""
        on.focus()
        self.page.keyboard.press(key)
