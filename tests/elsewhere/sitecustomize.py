"""What Windows lacks, taken away from the companion's own modules before anything runs. On the path: it is so.

Packages of others have a way of their own for Windows, which they do not take here: they keep what they need.
"""

import builtins
import os

MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog"}
CALLS = (
    *("fork", "forkpty", "setsid", "getpgid", "killpg", "nice", "sched_getaffinity", "waitid", "getloadavg", "chown"),
    *("mkfifo", "pidfd_open", "setuid", "setgid", "setgroups", "setresuid", "setresgid", "register_at_fork"),
)

_import = builtins.__import__


def _without(name, globals=None, *rest, **more):
    if name in MODULES and (globals or {}).get("__name__", "").startswith("mlsys_helpers"):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return _import(name, globals, *rest, **more)


builtins.__import__ = _without
for call in CALLS:
    if hasattr(os, call):
        delattr(os, call)
