"""Own namespaces for the warm process: a file tree with the interpreter and nothing else, and no network.

Linux only; as root, or with a user namespace where the system allows one.
"""

import ctypes
import os
import platform
import struct
from pathlib import Path

from mlsys_helpers.grading.sandbox.kernel import call, checked, libc

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_BIND, _REC, _PRIVATE, _NOSUID, _NODEV, _DETACH = 4096, 16384, 1 << 18, 2, 4, 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_SETATTR, _FROM_HERE, _AT_RECURSIVE, _ATTR_RDONLY, _ATTR_NOSUID = 442, -100, 0x8000, 1, 2
DEVICES = tuple(Path("/dev") / name for name in ("null", "zero", "random", "urandom"))


def enter() -> None:
    """Go on in a child that has namespaces of its own: files, network, IPC, host name, processes. Raises OSError.

    This process itself waits for the child, and ends as it ended.
    """
    uid, gid = os.getuid(), os.getgid()
    spaces = _NEWNS | _NEWUTS | _NEWIPC | _NEWNET | _NEWPID
    if uid == 0:
        checked(libc().unshare(spaces), "namespaces:")
    else:
        checked(libc().unshare(_NEWUSER | spaces), "user namespaces:")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    child = os.fork()
    if child:
        os.closerange(0, 1 << 12)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code < 0:
            os.kill(os.getpid(), -code)
        os._exit(abs(code))


def build(readable: list[Path], box: Path) -> None:
    """Make a tree that holds `readable` (not to be written) and an empty `box`, and move into it for good."""
    _mount(None, "/", None, _REC | _PRIVATE)
    _mount("tmpfs", box, "tmpfs", _NOSUID | _NODEV, "size=4m,mode=755")
    for path in [*readable, *DEVICES]:
        if path.is_symlink():
            _link(path, box)
        elif path.exists():
            _bind(path, Path(f"{box}{path}"))
    Path(f"{box}{box}/work").mkdir(parents=True, exist_ok=True)
    for name in ("tmp", "var/tmp", "dev/shm"):
        (box / name).parent.mkdir(exist_ok=True)
        if not (box / name).exists():  # a box in /tmp is there
            (box / name).symlink_to(box / "work")
    os.chdir(box)
    call(_PIVOT_ROOT[platform.machine()], b".", b".")
    checked(libc().umount2(b".", _DETACH))
    os.chdir("/")
    _read_only(
        Path("/"), 0
    )  # what one submission left there, the next would find; its work folder is mounted each time


def mount_small(place: Path, disk_bytes: int, user: int) -> None:
    """An empty file system in memory at `place`, of limited size, that `user` owns."""
    data = f"size={disk_bytes},nr_inodes=10000,mode=700,uid={user}"
    _mount("tmpfs", place, "tmpfs", _NOSUID | _NODEV, data)


def unmount(place: Path) -> None:
    """Take a file system away, whatever is in it."""
    checked(libc().umount2(os.fsencode(place), _DETACH))


def _link(path: Path, box: Path) -> None:
    copy = Path(f"{box}{path}")
    copy.parent.mkdir(parents=True, exist_ok=True)
    if not copy.is_symlink():
        copy.symlink_to(os.readlink(path))


def _bind(path: Path, copy: Path) -> None:
    if copy.exists():
        return  # within a folder that is bound already
    if path.is_dir():
        copy.mkdir(parents=True, exist_ok=True)
    else:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    _mount(path, copy, None, _BIND | _REC)
    if path not in DEVICES:
        _read_only(copy, _AT_RECURSIVE)


def _read_only(place: Path, below: int) -> None:
    flags = struct.pack("=QQQQ", _ATTR_RDONLY | _ATTR_NOSUID, 0, 0, 0)
    call(_MOUNT_SETATTR, _FROM_HERE, os.fsencode(place), below, flags, ctypes.c_size_t(32))


class Births:
    """Lets each child that is forked within `with` be the first of a process namespace of its own: when it ends, the
    kernel ends all its descendants."""

    def __init__(self) -> None:
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self) -> None:
        checked(libc().unshare(_NEWPID))

    def __exit__(self, *error: object) -> None:
        checked(libc().setns(self._own, _NEWPID))


def _mount(source: str | Path | None, target: str | Path, kind: str | None, flags: int, data: str = "") -> None:
    words = [os.fsencode(word) if word else None for word in (source, target, kind)]
    checked(libc().mount(*words, ctypes.c_ulong(flags), data.encode() or None), f"mount {source} {target}:")
