"""What keeps a submission from doing harm, each on its own, each said to be on or off and why.

`prepare` is called once by the warm process, `confine` by each child before it runs a learner's line. A protection
that was announced as on and cannot be put up ends the child: nothing runs with less than was said.
"""

import ctypes
import os
import secrets
import signal
import stat
import sys
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

from mlsys_helpers.grading.sandbox import landlock, stubs, tree
from mlsys_helpers.grading.sandbox.job import Limits

_PDEATHSIG, _SET_DUMPABLE, _SUBREAPER, _NO_NEW_PRIVS = 1, 4, 36, 38
_FIRST_USER, _USERS = 61_184, 4_000  # numbers that no account has (systemd gives them to passing services)
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
ALL = frozenset({"namespaces", "user", "landlock", "linux", "limits"})


@dataclass(frozen=True)
class Protection:
    """One protection, whether it is on, and why it is off or what it stands on."""

    name: str
    on: bool
    reason: str = ""


@dataclass
class Plan:
    """What a child is confined by."""

    box: Path
    limits: Limits
    births: object = field(default_factory=nullcontext)
    in_tree: bool = False
    user: int = 0
    rules: int = -1
    linux: bool = False
    limited: bool = False
    protections: tuple[Protection, ...] = ()


def prepare(
    box: Path,
    limits: Limits,
    wanted: frozenset[str],
    secret: Path | None,
    allowed: tuple[str, ...] = stubs.ALLOWED,
    once: bool = False,
) -> Plan:
    """Find out what this system has of the `wanted` protections, and put up what is put up once.

    Of the folder `secret`, the companion's own, only the `allowed` modules stay readable. With `once` this
    process itself will run the submission, and nobody is left to end what it leaves behind.
    """
    plan, told = Plan(box, limits), []
    readable, listed = _readable(secret, allowed)
    plan.linux = "linux" in wanted and sys.platform == "linux"
    if plan.linux:
        _prctl(_PDEATHSIG, signal.SIGKILL)
    told.append(_try("own files, network and processes", "namespaces" in wanted, lambda: _namespaces(plan, readable)))
    if plan.linux:  # again, for namespaces make a child
        _prctl(_SUBREAPER, 1)
        _prctl(_PDEATHSIG, signal.SIGKILL)
    told.append(_try("Landlock", "landlock" in wanted, lambda: _landlock(plan, readable, listed)))
    told.append(_try("unprivileged user", "user" in wanted, lambda: _user(plan)))
    told.append(_try("limits on CPU, memory, files, processes", "limits" in wanted, lambda: _limited(plan)))
    told.append(
        Protection(
            "all descendants ended",
            plan.linux and not once,
            _enders(plan, once),
        )
    )
    told.append(Protection("no new privileges, not dumpable, ends with the grader", plan.linux))
    plan.protections = tuple(told)
    return plan


def _enders(plan: Plan, once: bool) -> str:
    if once or not plan.linux:
        return "without fork only the process itself is ended" if once else "needs Linux"
    return "by their process namespace" if plan.in_tree else "by a subreaper"


def _try(name: str, wanted: bool, put_up) -> Protection:
    if not wanted:
        return Protection(name, False, "switched off")
    if os.name != "posix":
        return Protection(name, False, "this system has none")
    try:
        return Protection(name, True, put_up() or "")
    except (OSError, AttributeError, KeyError, ImportError) as error:
        return Protection(name, False, str(error))


def _readable(secret: Path | None, allowed: tuple[str, ...]) -> tuple[list[Path], list[Path]]:
    """What a submission may read, and folders between of which it may read the names only."""
    named = [Path(p) for p in (*_SYSTEM, sys.base_prefix, sys.prefix)]
    roots = list(dict.fromkeys([*named, *(p.resolve() for p in named)]))
    if not secret:
        return roots, []
    listed = [place for place in secret.parents if any(place.is_relative_to(root) for root in roots)]
    return [p for root in roots for p in without(root, secret)] + stubs.readable(secret, allowed), listed


def without(root: Path, secret: Path) -> list[Path]:
    """Paths that together hold everything below `root` but `secret`. Links are not followed."""
    if root == secret or not secret.is_relative_to(root):
        return [] if root == secret else [root]
    return [found for entry in sorted(root.iterdir()) for found in without(entry, secret)]


def _namespaces(plan: Plan, readable: list[Path]) -> str:
    if sys.platform != "linux":
        raise OSError("needs Linux")
    tree.enter()
    births = tree.Births()
    tree.build(readable, plan.box)
    plan.in_tree, plan.births = True, births
    return "as root" if os.getuid() == 0 else "in a user namespace"


def _landlock(plan: Plan, readable: list[Path], listed: list[Path]) -> str:
    version = landlock.abi() if sys.platform == "linux" else 0
    if not version:
        raise OSError("the kernel has no Landlock (Linux 5.13 and later)")
    devices = [Path("/dev") / name for name in ("null", "zero", "random", "urandom")]
    plan.rules = landlock.ruleset([*readable, *devices], listed, [plan.box, Path("/dev/null")])
    parts = ["files", *["TCP"] * (version >= 4), *["signals"] * (version >= 6)]
    return f"version {version}: {', '.join(parts)}"


def _user(plan: Plan) -> str:
    if os.getuid():
        return "the grader is no administrator itself"
    if not plan.in_tree:
        for place in (Path(sys.base_prefix), Path(sys.prefix)):
            private = [p for p in (place, *place.parents) if not p.stat().st_mode & stat.S_IXOTH]
            if private:
                raise OSError(f"the interpreter lies in {private[-1]}, which only its owner may enter")
    plan.user = _FIRST_USER + os.getpid() % _USERS
    return f"number {plan.user}"


def _limited(plan: Plan) -> str:
    import resource  # noqa: F401  # not on Windows

    plan.limited = True
    return "" if plan.user or plan.in_tree else "the limit on processes counts all of this user's"


def confine(plan: Plan) -> None:
    """Give up, in a child, all that a submission must not have. Raises OSError where something cannot be given up."""
    if hasattr(os, "setsid"):
        os.setsid()
    if plan.limited:
        _limit(plan.limits)
    if plan.user:
        os.setgroups([])
        os.setresgid(plan.user, plan.user, plan.user)
        os.setresuid(plan.user, plan.user, plan.user)
    if not plan.linux:
        return
    _prctl(_NO_NEW_PRIVS, 1)
    _drop_capabilities()
    if plan.rules >= 0:
        landlock.restrict(plan.rules)
    _prctl(_PDEATHSIG, signal.SIGKILL)
    _prctl(_SET_DUMPABLE, 0)


def _limit(limits: Limits) -> None:
    import resource

    for kind, most in (
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _drop_capabilities() -> None:
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if _libc().capset(header, none):
        raise OSError(ctypes.get_errno(), "capabilities could not be dropped")


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int) -> None:
    if _libc().prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def open_work(plan: Plan) -> Path:
    """An empty folder for one submission, of a limited size where there is an own file tree."""
    work = plan.box / "work"
    if plan.in_tree:
        work.mkdir(exist_ok=True)
        tree.mount_small(work, plan.limits.disk_bytes, plan.user or os.getuid())
    else:
        close_work(plan)
        work.mkdir()
        if plan.user:
            os.chown(work, plan.user, plan.user)
    return work


def close_work(plan: Plan) -> None:
    """Take the folder away with all that is in it."""
    work = plan.box / "work"
    if plan.in_tree:
        tree.unmount(work)
    elif work.exists():
        remove(work)


def remove(place: Path) -> None:
    """Remove a folder however deep, locked or oddly named what is in it: what lies deeper is moved up, then removed."""
    mark, moved = secrets.token_hex(8), count()
    os.chmod(place, 0o700)
    while entries := list(os.scandir(place)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                os.rename(inner.path, place / f"{mark}-{next(moved)}")
            os.rmdir(entry.path)
    os.rmdir(place)


def end_all(child: int, plan: Plan) -> None:
    """End the child and everything that it started, and wait until they are gone."""
    _kill(child)
    os.waitpid(child, 0)
    while plan.linux and not plan.in_tree:
        for pid in _children():
            _kill(pid)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    return [int(p) for p in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
