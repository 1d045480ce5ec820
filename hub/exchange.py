"""The folder through which a hub's students get notebooks and hand them in. Only Python itself is needed.

    python3 hub/exchange.py release cs249/06 /srv/mlsys/exchange
    python3 hub/exchange.py collect /srv/mlsys/exchange cs249/inbox

    /srv/mlsys/exchange/         everyone may pass through, nobody may list it
      ada/                       ada may pass through
        released/                her notebooks; hers to read
        submitted/               hers alone to write; whoever runs the hub reads it

So no student sees another's file, even one whose name is known, and whose a file is says the folder.
"""

import os
import shutil
import stat
import sys
from pathlib import Path

MAX_BYTES = 200_000_000
ENDINGS = (".zip", ".ipynb")


def own_folders(exchange, student, uid, gid):
    """The folders of a student whose account has these numbers, with their rights. Run by root."""
    exchange.chmod(0o711)
    for folder, mode in _folders(exchange, student):
        os.chown(folder, uid if folder.name == "submitted" else 0, gid, follow_symlinks=False)
        folder.chmod(mode)
    for notebook in (exchange / student / "released").iterdir():
        os.chown(notebook, 0, gid)


def _folders(exchange, student):
    """A student's folders and the rights that each is to have; they are made where they are missing."""
    own = exchange / student
    found = [(own, 0o711), (own / "released", 0o750), (own / "submitted", 0o700)]
    for folder, mode in found:
        folder.mkdir(mode=mode, exist_ok=True)
    return found


def release(assignment, exchange):
    """Copy the notebooks that `companion release` wrote for each student; how many files were new or changed."""
    notebooks = sorted(assignment.glob("students/*/*.ipynb"))
    if not notebooks:
        raise ValueError(f"{assignment}/students has no folder of a student: give the folder of a released assignment")
    for student in {path.parent.name.lower() for path in notebooks}:
        _folders(exchange, student)
    return sum(_put(exchange / path.parent.name.lower() / "released", path) for path in notebooks)


def _put(folder, source):
    """Copy a notebook in one step, for the group of the folder to read; whether it was not there already."""
    place = folder / source.name
    if place.exists() and place.read_bytes() == source.read_bytes():
        return False
    partial = folder / f".{source.name}"
    shutil.copyfile(source, partial)
    partial.chmod(0o440)
    if os.geteuid() == 0:
        os.chown(partial, 0, folder.stat().st_gid)
    partial.replace(place)
    return True


def collect(exchange, inbox):
    """Copy what was handed in to `inbox`, a folder for each student; what happened, a line for each file.

    The time of a copy is when the file last changed by the machine's clock (ctime), which its owner cannot set back.
    """
    told = []
    for folder in sorted(exchange.glob("*/submitted")):
        student, owner = folder.parent.name, folder.stat().st_uid
        for name in sorted(os.listdir(folder)):
            if name.endswith(ENDINGS) and not name.startswith("."):
                told.append(f"{student}/{name}: {_take(folder / name, owner, inbox / student / name)}")
    return told


def _take(path, owner, place):
    """Copy one file, if it is one and its student's own; a link to somebody else's is refused. What happened."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return f"refused ({error.strerror})"
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != owner or status.st_size > MAX_BYTES:
            return f"refused (expected a file of the student's own of at most {MAX_BYTES // 1_000_000} MB)"
        with open(handle, "rb", closefd=False) as file:
            data = file.read(MAX_BYTES)
    finally:
        os.close(handle)
    if place.exists() and place.read_bytes() == data:
        return "had it"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    os.utime(place, (status.st_ctime, status.st_ctime))
    return "taken"


def main(words):
    """Do what the command line says."""
    todo = {"release": release, "collect": collect}.get(words[0] if words else "")
    if todo is None or len(words) != 3:
        sys.exit(__doc__)
    try:
        done = todo(Path(words[1]), Path(words[2]))
    except (OSError, ValueError) as error:
        sys.exit(f"exchange.py: {error}")
    said = f"{done} notebooks released" if todo is release else "\n".join(done) or "nothing was handed in"
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
