"""Landlock: the Linux kernel's own fence around a process, which no later call of the process can take down.

Structures and numbers from the kernel's include/uapi/linux/landlock.h.
"""

import ctypes
import os
import stat
import struct
from pathlib import Path

from mlsys_helpers.grading.sandbox import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE, _READ_FILE, _READ_DIR, _TRUNCATE, _IOCTL = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
_READING = _EXECUTE | _READ_FILE | _READ_DIR | _IOCTL
_ON_FILES = _EXECUTE | _WRITE | _READ_FILE | _TRUNCATE | _IOCTL
_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}  # file rights by the ABI that has them
_NET_ABI, SCOPE_ABI = 4, 6


def abi() -> int:
    """The version of Landlock that the kernel has; 0 for none."""
    try:
        return kernel.call(_CREATE, None, ctypes.c_size_t(0), 1)
    except (OSError, AttributeError):
        return 0


def ruleset(readable: list[Path], listed: list[Path], writable: list[Path]) -> int:
    """A descriptor of a set of rules: read and execute below `readable`, names only below `listed`, everything below
    `writable`, no TCP, and no signal or abstract socket to the outside. What the kernel is too old for is left
    out. Raises OSError.
    """
    version = abi()
    handled = _file_rights(version)
    net, scope = 3 if version >= _NET_ABI else 0, 3 if version >= SCOPE_ABI else 0
    size = 24 if version >= SCOPE_ABI else 16 if version >= _NET_ABI else 8
    rules = kernel.call(_CREATE, struct.pack("=QQQ", handled, net, scope), ctypes.c_size_t(size), 0)
    for path in readable:
        _add(rules, path, _READ_FILE | _READ_DIR | _EXECUTE)
    for path in listed:
        _add(rules, path, _READ_DIR)
    for path in writable:
        _add(rules, path, handled)
    return rules


def write_only_below(places: list[Path]) -> None:
    """Take from this process and all its children, for good, the right to change anything elsewhere. Raises OSError."""
    handled = _file_rights(abi()) & ~_READING
    rules = kernel.call(_CREATE, struct.pack("=Q", handled), ctypes.c_size_t(8), 0)
    for place in places:
        _add(rules, place, handled)
    restrict(rules)
    os.close(rules)


def _file_rights(version: int) -> int:
    return next(_ALL[v] for v in sorted(_ALL, reverse=True) if version >= v)


def restrict(rules: int) -> None:
    """Put this process and all its children under the rules, for good. Raises OSError."""
    kernel.no_new_privileges()
    kernel.call(_RESTRICT, rules, 0)


def _add(rules: int, path: Path, rights: int) -> None:
    if path.is_symlink():
        return  # a rule would be for its target: what is to be had there is granted there (a venv has lib64 -> lib)
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rights &= ~0 if stat.S_ISDIR(os.fstat(fd).st_mode) else _ON_FILES
        kernel.call(_ADD, rules, 1, struct.pack("=Qi", rights, fd), 0)
    finally:
        os.close(fd)
