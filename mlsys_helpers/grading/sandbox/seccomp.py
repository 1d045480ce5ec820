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
_LOAD, _IS, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST = 0, 4, 16  # where they and a call's first argument stand in seccomp_data
_ALLOW, _DO_NOTHING, _REFUSE = 0x7FFF0000, 0x00050000, 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS
_X32 = 0x40000000  # on x86-64, the same calls again under other numbers

_AUDITED_AS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {  # socket, ptrace, process_vm_readv, process_vm_writev; mount, umount2, pivot_root, unshare, setns;
    # add_key, request_key, keyctl; bpf, userfaultfd, perf_event_open; truncate (Landlock 1 and 2 do not stop it);
    # shmget, semget, msgget, mq_open: what these make outlives its process
    "x86_64": (41, 101, 310, 311, 165, 166, 155, 272, 308, 248, 249, 250, 321, 323, 298, 76, 29, 64, 68, 240),
    "aarch64": (198, 117, 270, 271, 40, 39, 41, 97, 268, 217, 218, 219, 280, 282, 241, 45, 194, 190, 186, 180),
}
_REFUSED_NEW = (
    425,
    428,
    429,
    430,
    438,
    442,
)  # io_uring_setup, open_tree, move_mount, fsopen, pidfd_getfd, mount_setattr
_IDLE = {  # (l, f)chmod(at), chown, utime(ns), setxattr, removexattr: Landlock has no right for these; setpriority,
    # ioprio_set
    "x86_64": (90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280, *range(188, 191), *range(197, 200), 141, 251),
    "aarch64": (52, 53, 54, 55, 88, 5, 6, 7, 14, 15, 16, 140, 30),
}
_IDLE_NEW = (452, 463, 466, 469)  # fchmodat2, setxattrat, removexattrat, file_setattr
_NAMESPACES, _CLONE_3 = 0x7E020000, 435  # CLONE_NEW*; clone3 has them where no filter can look, and is never needed
_CLONE = {"x86_64": 56, "aarch64": 220}
_OTHERS = {  # prlimit64, sched_setaffinity, -scheduler, -param, -attr: refused for any process but the caller (0)
    "x86_64": (302, 203, 144, 142, 314),
    "aarch64": (261, 122, 119, 118, 274),
}
_SIGNALS = {  # kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal
    "x86_64": (62, 200, 234, 129, 297, 424),
    "aarch64": (129, 130, 131, 138, 240, 424),
}


def program(idle: bool, mute: bool = False) -> bytes:
    """The filter for this machine. With `idle`, calls that change a file's mode, owner, times or attributes say that
    they did, and do nothing. With `mute`, no signal is sent to anybody. Raises OSError where the numbers of calls are
    not known.
    """
    machine = platform.machine()
    if machine not in _AUDITED_AS:
        raise OSError(f"the numbers of system calls are not known for {machine}")
    refused = (*_REFUSED[machine], *_REFUSED_NEW, *(_SIGNALS[machine] if mute else ()))
    nothing = (*_IDLE[machine], *_IDLE_NEW) if idle else ()
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IS, 1, 0, _AUDITED_AS[machine]),  # the two numbers are how many instructions to skip: if it is, if not
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        *_answer(_AT_LEAST, _X32, _REFUSE),
        *_answer(_IS, _CLONE_3, _UNKNOWN),
        *_refused_with(_CLONE[machine], _NAMESPACES),
        *(line for number in _OTHERS[machine] for line in _refused_with(number, 0xFFFFFFFF)),
        *(line for number in refused for line in _answer(_IS, number, _REFUSE)),
        *(line for number in nothing for line in _answer(_IS, number, _DO_NOTHING)),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _answer(test: int, value: int, answer: int) -> tuple[tuple[int, int, int, int], ...]:
    """Instructions that end with `answer` when the test holds, and go on when not."""
    return (test, 0, 1, value), (_RETURN, 0, 0, answer)


def _refused_with(number: int, bits: int) -> tuple[tuple[int, int, int, int], ...]:
    """Instructions that refuse a call whose first argument has any of these bits."""
    there = ((_LOAD, 0, 0, _FIRST), *_answer(_ANY_BIT, bits, _REFUSE), (_LOAD, 0, 0, _NUMBER))
    return (_IS, 0, len(there), number), *there


def restrict(filter_program: bytes) -> None:
    """Put this process and all its children under the filter, for good. Raises OSError."""
    kernel.no_new_privileges()
    kept = ctypes.create_string_buffer(filter_program)
    kernel.prctl(_SET_SECCOMP, _FILTER, struct.pack("@HP", len(filter_program) // 8, ctypes.addressof(kept)))
