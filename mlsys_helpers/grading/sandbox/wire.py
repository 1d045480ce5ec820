"""Frames over a descriptor: four bytes of length, then JSON. A frame that breaks a rule ends the conversation."""

import json
import os
import select
import time
from typing import Any

MAX_FRAME, MAX_TRUSTED = 1_000_000, 64_000_000  # bytes: of what a learner's process says, of what the grader's own say


class Broken(Exception):
    """The other side is gone, silent beyond its time, or does not keep to the frames."""


class Late(Broken):
    """The other side was silent beyond its time."""


def send(fd: int, message: Any, dumps=json.dumps, write=os.write) -> None:
    """Write one frame. Raises Broken when nobody listens."""
    body = dumps(message).encode()
    data = memoryview(len(body).to_bytes(4, "big") + body)
    try:
        while data:
            data = data[write(fd, data) :]
    except OSError as error:
        raise Broken(f"nobody listens: {error}") from error


def receive(fd: int, seconds: float | None = None, max_frame: int = MAX_FRAME, loads=json.loads) -> Any:
    """The next frame, within `seconds` where a descriptor can be waited for (POSIX)."""
    until = None if seconds is None else time.monotonic() + seconds
    length = int.from_bytes(_exactly(fd, 4, until), "big")
    if length > max_frame:
        raise Broken(f"a frame of {length} bytes is too long")
    try:
        return loads(_exactly(fd, length, until))
    except (ValueError, RecursionError) as error:
        raise Broken(f"no JSON: {error}") from error


def _exactly(fd: int, length: int, until: float | None, read=os.read) -> bytes:
    parts: list[bytes] = []
    while length:
        if until is not None and not select.select([fd], [], [], max(0.0, until - time.monotonic()))[0]:
            raise Late("out of time")
        try:
            part = read(fd, min(length, 1 << 16))
        except OSError as error:
            raise Broken(str(error)) from error
        if not part:
            raise Broken("ended")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
