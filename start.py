"""The one command: makes a private Python environment beside this file, then opens the companion.

    python3 start.py                    open the notebooks in JupyterLab (words after `lab` go to JupyterLab)
    python3 start.py test               run every check (words after `test` go to pytest)
    python3 start.py quiz iron_law      any other word goes to the command `companion`; try: python3 start.py --help

On Windows write `py start.py`. Needs Python 3.11 or newer and, the first time, a network. Nothing outside this folder
is changed: delete `.venv` to be rid of the environment.
"""
# Only the standard library, and only words that an old Python can read too, so that it can be told that it is old.

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The companion needs Python 3.11 or newer, and this is Python %d.%d.\n" % sys.version_info[:2]
        + "Run start.py with a newer one, for example: python3.12 start.py (on Windows: py -3.12 start.py)"
    )

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "finished-by-start.json"  # written last: an environment without it was never finished
OURS = VENV / "made-by-start"  # written first: only an environment with it may be thrown away
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"lab": "requirements.lock", "test": "requirements-dev.lock"}
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def main(words):
    """Set up what `words` need, then become what they ask for."""
    kind = "test" if words[:1] in (["test"], ["build"], ["site"]) else "lab"  # these need what developers use
    if not ready(kind):
        set_up(kind)
    if words[:1] == ["test"]:
        os.chdir(HERE)
        return become("-m", "pytest", *words[1:])
    return become("-P", "-m", "mlsys_helpers", *(words or ["lab"]))  # -P: import nothing from where the caller stands


def ready(kind):
    """Whether the environment holds all that the lock file of this kind names, as it is now."""
    return PYTHON.exists() and stamp().get(kind) == wanted(kind) and stamp().get("place") == place()


def stamp():
    """What the last finished set-up left: the place it was made for, and a digest for each kind."""
    try:
        return json.loads(STAMP.read_text(encoding="utf8"))
    except (OSError, ValueError):
        return {}


def place():
    """What an environment cannot survive a change of: the folder (scripts name it) and the version of Python."""
    return [str(HERE), sys.version.split()[0]]


def wanted(kind):
    """A digest of all that decides what is installed."""
    names = [LOCKS[kind], "pyproject.toml"]
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in names)).hexdigest()


def set_up(kind):
    """Make or renew the environment. One that was never finished, or has moved, is made anew."""
    say("Setting up the companion; this takes about half a minute and happens once.")
    uv = shutil.which("uv")
    before = stamp()
    if before.get("place") != place() or not PYTHON.exists():
        before = {}
        throw_away()
    STAMP.unlink(missing_ok=True)
    if not (before or (uv and make_with_uv(uv))):
        make()
    if not (uv and install_with_uv(uv, kind)):
        install(kind)
    settings = VENV / "share/jupyter/lab/settings"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(NO_NEWS), encoding="utf8")
    kinds = ["lab", "test"] if kind == "test" else ["lab"]  # the second lock file holds the first
    STAMP.write_text(json.dumps(dict({each: wanted(each) for each in kinds}, place=place())), encoding="utf8")
    say("Ready.")


def throw_away():
    """Remove an environment that is of no use, if it is one of ours."""
    if VENV.exists() and any(VENV.iterdir()) and not OURS.exists():
        sys.exit(
            "There is a .venv here that start.py did not make. Rename or delete it, then start again:\n  %s" % VENV
        )
    old = HERE / ".venv-old"
    shutil.rmtree(old, ignore_errors=True)
    try:
        if VENV.exists():
            VENV.rename(old)  # in one step, so that a stop half-way leaves nothing that looks like somebody else's
    except OSError as error:
        sys.exit("Could not remove the old environment (%s). Close JupyterLab, then start again." % error)
    shutil.rmtree(old, ignore_errors=True)
    VENV.mkdir()
    OURS.touch()


def make_with_uv(uv):
    """Make the environment with uv; false when that does not work here."""
    say("1 of 2  Making a private Python environment in .venv (uv)")
    return succeeds([uv, "venv", "--quiet", "--seed", "--allow-existing", "--python", base_python(), str(VENV)])


def make():
    """Make the environment with the standard library."""
    say("1 of 2  Making a private Python environment in .venv")
    try:
        import ensurepip  # noqa: F401  Debian ships Python without it
    except ImportError:
        version = "%d.%d" % sys.version_info[:2]
        sys.exit(
            "This Python cannot make environments: a part of it (ensurepip) is missing.\n"
            "On Debian and Ubuntu install it, then start again:\n  sudo apt install python%s-venv" % version
        )
    if not succeeds([base_python(), "-m", "venv", str(VENV)]):
        sys.exit("Could not make the environment; the lines above say why.")


def base_python():
    """The Python that the environment is made from, also when start.py is run from inside it."""
    return getattr(sys, "_base_executable", None) or sys.executable


def packages(kind):
    """What to install: the locked versions and nothing else, and the companion itself as it is in this folder."""
    return ["--no-deps", "-r", str(HERE / LOCKS[kind]), "-e", str(HERE)]


def install_with_uv(uv, kind):
    """Install the packages with uv; false when that does not work here."""
    say("2 of 2  Installing %d packages (uv)" % count(kind))
    words = [uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode"] + packages(kind)
    return succeeds(words) or say("uv could not do it here; trying pip.")


def install(kind):
    """Install the packages with pip, counting aloud."""
    say("2 of 2  Installing %d packages" % count(kind))
    words = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"] + packages(kind)
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf8", errors="replace", env=clean()
    )
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        tell_progress(lines, count(kind))
    if process.wait():
        sys.exit(
            "\n".join(lines[-15:]) + "\n\nThe packages could not be installed; the lines above say why. "
            "If they speak of connections,\ncheck the network (or the proxy), then start again: "
            "what was fetched is kept. It needs about 500 MB of disk."
        )


def tell_progress(lines, total):
    """One line that counts on a terminal; a word at the start of each part elsewhere."""
    fetched = sum(line.startswith("Collecting ") for line in lines)
    if lines[-1].startswith("Installing collected"):
        say(("\r" if sys.stdout.isatty() else "") + "        unpacking them                         ")
    elif lines[-1].startswith("Collecting ") and sys.stdout.isatty():
        say("\r        fetched %d of %d" % (fetched, total), end="")


def count(kind):
    """How many packages the lock file names (a few are for other systems)."""
    return len((HERE / LOCKS[kind]).read_text(encoding="utf8").split("\n")) - 1


def succeeds(words):
    """Run a command to its end and say whether it went well."""
    return subprocess.call(words, env=clean()) == 0


def clean():
    """This process's environment without what would lead an installer elsewhere."""
    lost = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in lost}


def become(*words):
    """Run the environment's Python in place of this one, with the environment's commands on the path."""
    environment = dict(clean(), PATH=os.pathsep.join([str(PYTHON.parent), os.environ.get("PATH", "")]))
    command = [str(PYTHON)] + list(words)
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


def say(text, end="\n"):
    """Tell the person at the terminal."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Start again whenever you like.")
