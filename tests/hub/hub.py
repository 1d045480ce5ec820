"""A real JupyterHub behind a real configurable-http-proxy, and students who work on it through its API.

with Hub(folder, ["ada", "bob"]) as hub:        # hub/jupyterhub_config.py, with a log-in that asks nobody
    ada = hub.start("ada")                      # her server, as the hub starts it
    ada.run("notebooks/06_iron_law.ipynb")
    ada.type("companion submit 06", until="handed in")

Each student is a user of their own where this process may make that so: see `separate`.
"""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil
import requests
import websocket

from tests import npm

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "hub"))
import exchange  # noqa: E402, F401

FIRST_UID = 42_000
PROMPT = re.compile(r"[$#:]\s*(\x1b\[\S*)?$")  # of a shell, or of a question of the quiz

CONFIG = """
import os, sys
from pathlib import Path
load_subconfig({hub!r})
from jupyterhub.spawner import SimpleLocalProcessSpawner
from jupyterhub.auth import DummyAuthenticator

UIDS = {uids!r}

class OwnUser(SimpleLocalProcessSpawner):
    "Each student has a number of their own, as on a machine with accounts; but no account, so that none is left."
    def make_preexec_fn(self, name):
        def become():
            os.chdir(self.home_dir)
            if name in UIDS:
                os.setgroups([])
                os.setgid(UIDS[name])
                os.setuid(UIDS[name])
        return become

def own_folders(spawner):
    "As hub/companion.py does it, which asks the system for the account's number."
    uid = UIDS.get(spawner.user.name, os.geteuid())
    sys.modules["exchange"].own_folders(Path({exchange!r}), spawner.user.name, uid, uid)

c.Spawner.pre_spawn_hook = own_folders
c.JupyterHub.spawner_class = OwnUser
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.JupyterHub.authenticator_class = DummyAuthenticator
c.Authenticator.allow_all = True
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.services = [{{"name": "driver", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{"name": "driver", "services": ["driver"],
    "scopes": ["admin:users", "admin:servers", "access:servers", "tokens"]}}]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.Spawner.args = ["--LabApp.expose_app_in_browser=True"]
if not UIDS and getattr(os, "geteuid", lambda: 1)() == 0:
    c.Spawner.args = [*c.Spawner.args, "--allow-root"]
"""


@cache
def separate() -> bool:
    """Whether students can be users of their own here: root is asked to step down, and must then reach this Python."""
    if os.geteuid() != 0:
        return False
    tried = f"import mlsys_helpers, jupyterhub; open({str(ROOT / 'hub' / 'companion-singleuser')!r})"
    own = {"user": FIRST_UID, "group": FIRST_UID, "extra_groups": []}
    try:
        return subprocess.run([sys.executable, "-c", tried], cwd="/", capture_output=True, **own).returncode == 0
    except OSError:
        return False


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Hub:
    """JupyterHub with homes and an exchange folder below `folder`; a context manager that ends all it started."""

    def __init__(self, folder: Path, names: list[str]):
        self.folder, self.names = Path(folder), names
        self.homes, self.exchange = self.folder / "home", self.folder / "exchange"
        self.token, self.port = secrets.token_hex(16), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.uids = {name: FIRST_UID + number for number, name in enumerate(names)} if separate() else {}

    def __enter__(self) -> "Hub":
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        for name in self.names:
            (self.homes / name).mkdir(parents=True)  # rights 755, which keeps nobody out
            if self.uids:
                os.chown(self.homes / name, self.uids[name], self.uids[name])
        self.exchange.mkdir()
        modules = npm.modules(Path(__file__).parent)
        config = CONFIG.format(
            hub=str(ROOT / "hub" / "jupyterhub_config.py"),
            uids=self.uids,
            homes=str(self.homes),
            exchange=str(self.exchange),
            port=self.port,
            hub_port=free_port(),
            proxy_port=free_port(),
            proxy=["node", str(modules / "configurable-http-proxy" / "bin" / "configurable-http-proxy")],
            token=self.token,
        )
        (self.folder / "test_config.py").write_text(config)
        environment = {n: v for n, v in os.environ.items() if n not in ("MLSYS_COMPANION_HOME", "IPYTHONDIR")}
        environment |= {"MLSYS_EXCHANGE": str(self.exchange), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        log = (self.folder / "hub.log").open("w")
        words = [sys.executable, "-m", "jupyterhub", "-f", str(self.folder / "test_config.py")]
        self.process = subprocess.Popen(words, cwd=self.folder, env=environment, stdout=log, stderr=log)
        try:
            self._wait(lambda: self.api("GET", "/users").ok, "the hub to answer")
            for name in self.names:
                self.api("POST", f"/users/{name}").raise_for_status()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error) -> None:
        for child in [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                child.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        for name in self.names:
            for process in self.processes(name):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self.process.kill()

    def api(self, method: str, path: str, **more) -> requests.Response:
        """Ask the hub, as an administrator."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.address}/hub/api{path}", headers=headers, timeout=60, **more)

    def ask(self, *names: str) -> None:
        """Have the hub begin to start these students' servers."""
        for name in names:
            self.api("POST", f"/users/{name}/server").raise_for_status()

    def ready(self, name: str) -> bool:
        """Whether a student's server is there."""
        return bool(self.api("GET", f"/users/{name}").json()["server"])

    def start(self, name: str, seconds: float = 120) -> "Student":
        """A student whose server is there; it is started where it is not."""
        if not self.ready(name):
            self.ask(name)
        self._wait(lambda: self.ready(name), f"{name}'s server", seconds)
        return Student(self, name)

    def stop(self, name: str) -> None:
        """Stop a student's server, as the button in the hub's control panel does."""
        self.api("DELETE", f"/users/{name}/server").raise_for_status()
        self._wait(lambda: not self.api("GET", f"/users/{name}").json()["servers"], f"{name}'s server to stop")

    def processes(self, name: str) -> list[psutil.Process]:
        """A student's server and all that it started: told by the home in their environment."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("HOME") == str(self.homes / name):
                    found.append(process)
        return found

    def log(self) -> str:
        """The end of what the hub said."""
        return (self.folder / "hub.log").read_text()[-4000:]

    def _wait(self, reached, what: str, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(requests.ConnectionError, requests.JSONDecodeError):
                if reached():
                    return
            time.sleep(0.2)
        raise TimeoutError(f"waited {seconds:g} s for {what}:\n{self.log()}")


class Student:
    """A student whose server runs: what JupyterLab in a browser asks of it, asked without one."""

    def __init__(self, hub: Hub, name: str):
        self.hub, self.name, self.home = hub, name, hub.homes / name
        made = hub.api("POST", f"/users/{name}/tokens")
        made.raise_for_status()
        self.token = made.json()["token"]

    def api(self, method: str, path: str, of: str = "", **more) -> requests.Response:
        """Ask the own server, or that `of` another student, with the own key."""
        address = f"{self.hub.address}/user/{of or self.name}/api{path}"
        return requests.request(method, address, headers={"Authorization": f"token {self.token}"}, timeout=60, **more)

    def open(self, path: str) -> dict:
        """The notebook at `path` of the working copy."""
        found = self.api("GET", f"/contents/{path}")
        found.raise_for_status()
        return found.json()["content"]

    def save(self, path: str, notebook: dict) -> None:
        """Save it, as JupyterLab does."""
        body = {"type": "notebook", "content": notebook}
        self.api("PUT", f"/contents/{path}", json=body).raise_for_status()

    def run(self, path: str, seconds: float = 300) -> list[str]:
        """Open a notebook with a kernel and run its cells; the errors that they ended with. The kernel stays."""
        asked = {"path": path, "type": "notebook", "name": path, "kernel": {"name": "python3"}}
        session = self.api("POST", "/sessions", json=asked)
        session.raise_for_status()
        sources = [cell["source"] for cell in self.open(path)["cells"] if cell["cell_type"] == "code"]
        channel = self._connect(f"/api/kernels/{session.json()['kernel']['id']}/channels", seconds)
        try:
            return [told for source in sources for told in _execute(channel, source)]
        finally:
            channel.close()

    def type(self, *lines: str, until: str, seconds: float = 120) -> str:
        """Type lines into a terminal of JupyterLab, one at each prompt, until a text comes back; what was shown."""
        name = self.api("POST", "/terminals").json()["name"]
        channel = self._connect(f"/terminals/websocket/{name}", seconds=1)
        shown, end, waiting = "", time.monotonic() + seconds, list(lines)
        try:
            while until not in shown:
                if waiting and PROMPT.search(shown):
                    channel.send(json.dumps(["stdin", waiting.pop(0) + "\r"]))
                    shown += "\n"
                with suppress(websocket.WebSocketTimeoutException):
                    kind, *said = json.loads(channel.recv())
                    shown += said[0] if kind == "stdout" else ""
                if time.monotonic() > end:
                    raise TimeoutError(f"waited for {until!r}; the terminal showed:\n{shown[-2000:]!r}")
        finally:
            channel.close()
        return shown

    def memory_bytes(self) -> int:
        """The memory that this student's processes cost: each page counted once, those shared by n as an nth (PSS)."""
        total = 0
        for process in self.hub.processes(self.name):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total

    def cpu_s(self) -> float:
        """Seconds of one core that this student's processes have used, as long as they live."""
        total = 0.0
        for process in self.hub.processes(self.name):
            with suppress(psutil.Error):
                total += sum(process.cpu_times()[:2])
        return total

    def _connect(self, path: str, seconds: float) -> websocket.WebSocket:
        address = f"{self.hub.address}/user/{self.name}{path}".replace("http:", "ws:")
        return websocket.create_connection(address, timeout=seconds, header=[f"Authorization: token {self.token}"])


def _execute(channel: websocket.WebSocket, source: str) -> list[str]:
    """Have a kernel run a cell to its end; the error that it ended with, if any."""
    number = uuid.uuid4().hex
    content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
    header = {"msg_id": number, "msg_type": "execute_request", "session": number, "username": "", "version": "5.3",
              "date": ""}  # fmt: skip
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    channel.send(json.dumps(message))
    errors: list[str] = []
    while True:
        said = json.loads(channel.recv())
        if said["parent_header"].get("msg_id") != number:
            continue
        if said["msg_type"] == "error":
            errors.append(f"{said['content']['ename']}: {said['content']['evalue']}")
        if said["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
            return errors
