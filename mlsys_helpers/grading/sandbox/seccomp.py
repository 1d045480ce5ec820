"""seccomp: system calls that no exercise needs are refused, to a process and to all its children, for good.

A filter is a program of the kernel's packet filter, eight bytes an instruction (include/uapi/linux/filter.h,
seccomp.h). Sockets are the point: where there is no network namespace, nothing else keeps UDP and local sockets in.
"""

import ctypes
import errno
import platform
import struct

from mlsys_helpers.grading.sandbox import kernel

_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # where they stand in seccomp_data
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_X32 = 0x40000000  # on x86-64, the same calls again under other numbers

# Refused: socket, ptrace, process_vm_readv, process_vm_writev; mount, umount2, pivot_root, unshare, setns; add_key,
# request_key, keyctl; bpf, userfaultfd, perf_event_open; truncate, which Landlock before version 3 does not stop.
_CALLS = {  # by machine: its number for the audit, and those of the calls
    "x86_64": (0xC000003E, (41, 101, 310, 311, 165, 166, 155, 272, 308, 248, 249, 250, 321, 323, 298, 76)),
    "aarch64": (0xC00000B7, (198, 117, 270, 271, 40, 39, 41, 97, 268, 217, 218, 219, 280, 282, 241, 45)),
}
_NEW = (425, 428, 429, 430, 438, 442)  # io_uring_setup, open_tree, move_mount, fsopen, pidfd_getfd, mount_setattr


def program() -> bytes:
    """The filter for this machine. Raises OSError where its numbers are not known."""
    if platform.machine() not in _CALLS:
        raise OSError(f"the numbers of system calls are not known for {platform.machine()}")
    architecture, calls = _CALLS[platform.machine()]
    refused = (*calls, *_NEW)
    lines = [(_LOAD, 0, 0, _ARCHITECTURE), (_IS, 0, len(refused) + 3, architecture), (_LOAD, 0, 0, _NUMBER)]
    lines.append((_AT_LEAST, len(refused) + 1, 0, _X32))
    lines += [(_IS, left, 0, number) for left, number in zip(range(len(refused), 0, -1), refused, strict=True)]
    lines += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def restrict(filter_program: bytes) -> None:
    """Put this process and all its children under the filter, for good. Needs no_new_privs. Raises OSError."""
    kept = ctypes.create_string_buffer(filter_program)
    kernel.prctl(_SET_SECCOMP, _FILTER, struct.pack("@HP", len(filter_program) // 8, ctypes.addressof(kept)))
