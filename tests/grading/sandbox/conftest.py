"""Servers that the tests of the sandbox share."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlsys_helpers.grading.sandbox.client import Server
from mlsys_helpers.grading.sandbox.job import Limits

HASTY = Limits(step_s=1.0, total_s=15.0, cpu_s=20)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """With every protection that the system has."""
    os.environ["COURSE_SECRET"] = "never passed on"
    with Server(HASTY) as made:
        yield made


@pytest.fixture(scope="session")
def patient() -> Iterator[Server]:
    """The same, with time for the slow machine of somebody honest."""
    with Server(Limits(step_s=30.0)) as made:
        yield made


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder open to all, as bad as it gets, with the class's secrets and two local sockets."""
    place = tmp_path
    for folder in (place, *place.parents[:3]):
        if folder.owner() == place.owner() and len(folder.parts) > 2:
            folder.chmod(0o777)
    (place / "gradebook").write_text("s1,23")
    (place / "gradebook").chmod(0o666)
    with socket.socket(socket.AF_UNIX) as named, socket.socket(socket.AF_UNIX) as abstract:
        named.bind(str(place / "socket"))
        (place / "socket").chmod(0o777)
        abstract.bind("\0" + place.name)
        for local in (named, abstract):
            local.listen()
        yield place
        for local in (named, abstract):
            local.setblocking(False)
            with pytest.raises(BlockingIOError):
                local.accept()


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine. Nobody may have come to it, by TCP or by UDP."""
    with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets:
        stream.bind(("127.0.0.1", 0))
        stream.listen()
        packets.bind(stream.getsockname())
        for local in (stream, packets):
            local.setblocking(False)
        yield stream.getsockname()[1]
        with pytest.raises(BlockingIOError):
            stream.accept()
        with pytest.raises(BlockingIOError):
            packets.recv(10)
