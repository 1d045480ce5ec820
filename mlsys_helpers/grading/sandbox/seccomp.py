"""seccomp: system calls that no exercise needs are refused, to a process and to all its children, for good.

A filter is a program of the kernel's packet filter, eight bytes an instruction (include/uapi/linux/filter.h,
seccomp.h). It is what keeps UDP and local sockets in, and others' files as they are, where there are no namespaces.
"""

import ctypes
import errno
import platform
import struct

from mlsys_helpers.grading.sandbox import kernel

_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # where they stand in seccomp_data
_ALLOW, _DO_NOTHING, _REFUSE = 0x7FFF0000, 0x00050000, 0x00050000 | errno.EPERM
_X32 = 0x40000000  # on x86-64, the same calls again under other numbers

_AUDITED_AS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {  # socket, ptrace, process_vm_readv, process_vm_writev; mount, umount2, pivot_root, unshare, setns;
    # add_key, request_key, keyctl; bpf, userfaultfd, perf_event_open; truncate (Landlock 1 and 2 do not stop it)
    "x86_64": (41, 101, 310, 311, 165, 166, 155, 272, 308, 248, 249, 250, 321, 323, 298, 76),
    "aarch64": (198, 117, 270, 271, 40, 39, 41, 97, 268, 217, 218, 219, 280, 282, 241, 45),
}
_REFUSED_NEW = (
    425,
    428,
    429,
    430,
    438,
    442,
)  # io_uring_setup, open_tree, move_mount, fsopen, pidfd_getfd, mount_setattr
_IDLE = {  # (l, f)chmod(at), chown, utime(ns), setxattr, removexattr: Landlock has no right for these
    "x86_64": (90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280, *range(188, 191), *range(197, 200)),
    "aarch64": (52, 53, 54, 55, 88, 5, 6, 7, 14, 15, 16),
}
_IDLE_NEW = (452, 463, 466, 469)  # fchmodat2, setxattrat, removexattrat, file_setattr


def program(idle: bool) -> bytes:
    """The filter for this machine. With `idle`, calls that change a file's mode, owner, times or attributes say that
    they did, and do nothing. Raises OSError where the numbers of calls are not known.
    """
    machine = platform.machine()
    if machine not in _AUDITED_AS:
        raise OSError(f"the numbers of system calls are not known for {machine}")
    refused = (*_REFUSED[machine], *_REFUSED_NEW)
    nothing = (*_IDLE[machine], *_IDLE_NEW) if idle else ()
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IS, 1, 0, _AUDITED_AS[machine]),  # the two numbers are how many instructions to skip: if it is, if not
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        *_answer(_AT_LEAST, _X32, _REFUSE),
        *(line for number in refused for line in _answer(_IS, number, _REFUSE)),
        *(line for number in nothing for line in _answer(_IS, number, _DO_NOTHING)),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _answer(test: int, value: int, answer: int) -> tuple[tuple[int, int, int, int], ...]:
    """Instructions that end with `answer` when the test holds, and go on when not."""
    return (test, 0, 1, value), (_RETURN, 0, 0, answer)


def restrict(filter_program: bytes) -> None:
    """Put this process and all its children under the filter, for good. Raises OSError."""
    kernel.no_new_privileges()
    kept = ctypes.create_string_buffer(filter_program)
    kernel.prctl(_SET_SECCOMP, _FILTER, struct.pack("@HP", len(filter_program) // 8, ctypes.addressof(kept)))
