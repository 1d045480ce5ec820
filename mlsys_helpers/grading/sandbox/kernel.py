"""Calls to the Linux kernel that Python has no function for. Numbers from the kernel's include/uapi."""

import ctypes
import os
from functools import cache


@cache
def libc() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def call(number: int, *args: object) -> int:
    """System call `number`; what it returned. Raises OSError."""
    return checked(libc().syscall(number, *args))


def prctl(option: int, value: int, pointer: object = None) -> None:
    """Change a property of this process. Raises OSError."""
    checked(libc().prctl(option, ctypes.c_ulong(value), pointer, None, None), f"prctl {option}")


def checked(result: int, what: str = "") -> int:
    """`result` of a C function, or the OSError that it stands for."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what} {os.strerror(code)}".strip())
    return result
