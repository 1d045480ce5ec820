"""What keeps a submission from doing harm, each on its own, each said to be on or off and why.

`prepare` is called once by the warm process, which tries each protection in a child before it announces it. `confine`
is called by each child before it runs a learner's line: what cannot be put up then ends the child, so that nothing
runs with less than was said.
"""

import ctypes
import os
import signal
import stat
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from mlsys_helpers.grading.sandbox import kernel, landlock, seccomp, stubs, tree
from mlsys_helpers.grading.sandbox.job import Limits

_PDEATHSIG, _SET_DUMPABLE, _SUBREAPER = 1, 4, 36
_CAPABILITIES_3 = 0x20080522
_NOWHERE = Path("/dev/null")
_FIRST_USER, _USERS = 61_184, 4_000  # numbers that no account has (systemd gives them to passing services)
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
NAMES = {
    "namespaces": "own files, network and processes",
    "landlock": "files fenced by Landlock",
    "user": "unprivileged user",
    "seccomp": "no sockets, no looking into processes",
    "limits": "limits on CPU, memory, files, processes",
    "linux": "no new privileges, not dumpable, ends with the grader",
    "descendants": "all descendants ended",
}
ALL = frozenset(NAMES) - {"descendants"}  # that one follows from the others


@dataclass(frozen=True)
class Protection:
    """One protection: its key in NAMES, whether it is on, and why it is off or what it stands on."""

    key: str
    on: bool
    reason: str = ""

    @property
    def name(self) -> str:
        """What it gives, in words."""
        return NAMES[self.key]

    def __str__(self) -> str:
        return f"{self.name}: {'on' if self.on else 'OFF'}{f' ({self.reason})' if self.reason else ''}"


@dataclass
class Plan:
    """What a child is confined by."""

    box: Path
    limits: Limits
    births: AbstractContextManager = field(default_factory=nullcontext)
    in_tree: bool = False
    user: int = 0
    rules: int = -1
    filter: bytes = b""
    linux: bool = False
    limited: bool = False
    processes: int = 0
    protections: tuple[Protection, ...] = ()


def prepare(
    box: Path,
    limits: Limits,
    wanted: frozenset[str],
    secret: Path,
    allowed: tuple[str, ...] = stubs.ALLOWED,
    once: bool = False,
) -> Plan:
    """Find out what this system has of the `wanted` protections, and put up what is put up once.

    Of the folder `secret`, the companion's own, only the `allowed` modules stay readable. With `once` this
    process itself will run the submission, and nobody is left to end what it leaves behind.
    """
    plan = Plan(box, limits, linux="linux" in wanted and sys.platform == "linux")
    readable, listed = _readable(secret, allowed)
    end_with_the_parent(plan)
    ways: dict[str, Callable[[], str]] = {
        "namespaces": partial(_namespaces, plan, readable),
        "landlock": partial(_landlock, plan, readable, listed),
        "user": partial(_user, plan, _FIRST_USER + os.getpid() % _USERS),
        "seccomp": partial(_seccomp, plan),  # after the others: it stands in for some of them
        "limits": partial(_limited, plan),
        "linux": _needs_linux,
    }
    told = [_tried(key, wanted, put_up) for key, put_up in ways.items()]
    told.append(Protection("descendants", plan.linux and not once, _enders(plan, once)))
    plan.protections = tuple(told)
    return plan


def _tried(key: str, wanted: frozenset[str], put_up: Callable[[], str]) -> Protection:
    off = "this system has none" if os.name != "posix" else "" if key in wanted else "switched off"
    if off:
        return Protection(key, False, off)
    try:
        return Protection(key, True, put_up())
    except (OSError, AttributeError, KeyError, ImportError) as error:
        return Protection(key, False, str(error))


def end_with_the_parent(plan: Plan) -> None:
    """Adopt descendants, and end when the parent ends; for a process that is new, since neither is inherited.

    When the machine's memory is full, the kernel ends a submission before it ends the grader.
    """
    if plan.linux:
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500")
        kernel.prctl(_SUBREAPER, 1)
        kernel.prctl(_PDEATHSIG, signal.SIGKILL)


def _readable(secret: Path, allowed: tuple[str, ...]) -> tuple[list[Path], list[Path]]:
    """What a submission may read, and folders between of which it may read the names only."""
    named = [Path(p) for p in (*_SYSTEM, sys.base_prefix, sys.prefix)]
    roots = list(dict.fromkeys([*named, *(p.resolve() for p in named)]))
    listed = [place for place in secret.parents if any(place.is_relative_to(root) for root in roots)]
    return [p for root in roots for p in without(root, secret)] + stubs.readable(secret, allowed), listed


def without(root: Path, secret: Path) -> list[Path]:
    """Paths that together hold everything below `root` but `secret`. Links are not followed."""
    if root == secret or not secret.is_relative_to(root):
        return [] if root == secret else [root]
    return [found for entry in sorted(root.iterdir()) for found in without(entry, secret)]


def _namespaces(plan: Plan, readable: list[Path]) -> str:
    _needs_linux()
    kernel.trial(partial(_enter_tree, plan, readable))
    plan.births, plan.in_tree = _enter_tree(plan, readable), True
    return "as root" if os.getuid() == 0 else "in a user namespace"


def _enter_tree(plan: Plan, readable: list[Path]) -> tree.Births:
    tree.enter()
    end_with_the_parent(plan)
    births = tree.Births()
    tree.build(readable, plan.box)
    return births


def _landlock(plan: Plan, readable: list[Path], listed: list[Path]) -> str:
    _needs_linux()
    version = landlock.abi()
    if not version:
        raise OSError("the kernel has no Landlock (Linux 5.13 and later)")
    rules = landlock.ruleset([*readable, *tree.DEVICES], listed, [plan.box, _NOWHERE])
    kernel.trial(partial(landlock.restrict, rules))
    plan.rules = rules
    parts = ["files", *["TCP"] * (version >= 4), *["signals"] * (version >= 6)]
    return f"version {version}: {', '.join(parts)}"


def _seccomp(plan: Plan) -> str:
    _needs_linux()
    alone = plan.in_tree or plan.user or (plan.rules >= 0 and landlock.abi() >= landlock.SCOPE_ABI)
    program = seccomp.program(idle=not plan.in_tree, mute=not alone)
    kernel.trial(partial(seccomp.restrict, program))
    plan.filter = program
    return "by seccomp" if plan.in_tree else "by seccomp; the modes and times of files stay as they are"


def _needs_linux() -> str:
    if sys.platform != "linux":
        raise OSError("needs Linux")
    return ""


def _user(plan: Plan, number: int) -> str:
    if os.getuid():
        return "the grader's own, who is no administrator"
    if not plan.in_tree:
        for place in (Path(sys.base_prefix), Path(sys.prefix)):
            private = [p for p in (place, *place.parents) if not p.stat().st_mode & stat.S_IXOTH]
            if private:
                raise OSError(f"the interpreter lies in {private[-1]}, which only its owner may enter")
    kernel.trial(partial(_become, number))
    plan.user = number
    return f"number {number}"


def _limited(plan: Plan) -> str:
    import resource  # noqa: F401  # not on Windows

    plan.limited = True
    if plan.user or plan.in_tree:
        plan.processes = plan.limits.processes
    elif sys.platform == "linux" and os.getuid():
        plan.processes = plan.limits.processes + _running()
    unlimited = ["the number of processes"] * (not plan.processes) + ["the number of files"] * (not plan.in_tree)
    told = ["memory counts for each process", *(f"{what} has no limit" for what in unlimited)]
    return "; ".join(told)


def _running() -> int:
    """How many threads this user has, all of which the kernel counts towards the limit on processes."""
    running = 0
    for place in Path("/proc").glob("[0-9]*/task"):
        with suppress(OSError):  # it has just ended
            running += len(list(place.iterdir())) if place.stat().st_uid == os.getuid() else 0
    return running


def _enders(plan: Plan, once: bool) -> str:
    if once or not plan.linux:
        return "without fork only the process itself is ended" if once else "needs Linux"
    return "by their process namespace" if plan.in_tree else "by a subreaper"


def confine(plan: Plan) -> None:
    """Give up, in a child, all that a submission must not have. Raises OSError where something cannot be given up."""
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()
    if plan.limited:
        _limit(plan)
    if plan.user:
        _become(plan.user)
    if sys.platform == "linux":
        kernel.no_new_privileges()
        _drop_capabilities()
    if plan.rules >= 0:
        landlock.restrict(plan.rules)
        landlock.write_only_below([plan.box / "work", _NOWHERE])
    if plan.linux:
        kernel.prctl(_PDEATHSIG, signal.SIGKILL)
        kernel.prctl(_SET_DUMPABLE, 0)
    if plan.filter:
        seccomp.restrict(plan.filter)


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _limit(plan: Plan) -> None:
    import resource

    limits = plan.limits
    for kind, most in (
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, plan.processes or resource.RLIM_INFINITY),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = min((most, hard), key=lambda limit: float("inf") if limit == resource.RLIM_INFINITY else limit)
        resource.setrlimit(kind, (most, most))


def _drop_capabilities() -> None:
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    kernel.checked(kernel.libc().capset(header, none), "capabilities could not be dropped:")
