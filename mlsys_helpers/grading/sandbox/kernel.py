"""Calls to the Linux kernel that Python has no function for. Numbers from the kernel's include/uapi/linux/prctl.h."""

import ctypes
import os
from collections.abc import Callable
from functools import cache

_NO_NEW_PRIVS = 38


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


def no_new_privileges() -> None:
    """From now on no program gives this process more rights than it has. Raises OSError."""
    prctl(_NO_NEW_PRIVS, 1)


def trial(action: Callable[[], object]) -> None:
    """Do `action` in a child that ends at once, so that it leaves no trace here. Raises OSError where it fails."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            action()
        except BaseException as error:
            os.write(told, (getattr(error, "strerror", "") or str(error) or type(error).__name__).encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(heard, "rb") as answer:
        fault = answer.read().decode()
    if os.waitpid(child, 0)[1] or fault:
        raise OSError(fault or "the trial ended early")


def checked(result: int, what: str = "") -> int:
    """`result` of a C function, or the OSError that it stands for."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what} {os.strerror(code)}".strip())
    return result
