"""Each attack earns nothing, costs nobody else anything, and leaves nothing behind."""

import os
import time
from pathlib import Path

import pytest

from mlsys_helpers.grading.sandbox import descendants, protect
from mlsys_helpers.grading.sandbox.client import Server
from tests.grading.sandbox import attacks, exercise
from tests.grading.sandbox.conftest import HASTY

FENCE = ("namespaces", "landlock")
STOPPED_BY = {  # what must hold, one of these; the other attacks need a fence around files, if anything
    **dict.fromkeys(("chmod_outside", "change_times"), ("namespaces", "other user", "seccomp")),
    "chroot_escape": ("namespaces", "landlock", "other user"),
    **dict.fromkeys(("fork_bomb", "thread_bomb"), ("number of processes",)),
    **dict.fromkeys(("network", "network_udp", "unix_socket", "abstract_socket"), ("namespaces", "seccomp")),
    **dict.fromkeys(("disk_files", "deep_folders", "raw_output_flood"), ("namespaces", "limits")),
    **dict.fromkeys(("kill_parent", "kill_all"), ("namespaces", "other user", "signals")),
    **dict.fromkeys(("memory_hog", "huge_text", "huge_return", "wide_return", "disk_file"), ("limits",)),
    **dict.fromkeys(("daemon", "nohup", "stop_self"), ("descendants",)),
    **dict.fromkeys(("ptrace_parent", "keyring", "socket_by_uring", "mount"), ("seccomp",)),
    **dict.fromkeys(("truncate_by_number", "limits_of_parent"), ("namespaces", "seccomp")),
    **dict.fromkeys(("shared_memory", "message_queue", "own_user_namespace", "call_of_32_bits"), ("seccomp",)),
    "box_locked": ("namespaces", "other user", "seccomp"),
}


def _held(server: Server) -> set[str]:
    """The keys of what is on, and what some of them are known to hold."""
    told = {protection.key: protection.reason for protection in server.protections if protection.on}
    more = {"other user": "number" in told.get("user", ""), "signals": "signals" in told.get("landlock", "")}
    more["number of processes"] = "limits" in told and "number of processes" not in told["limits"]
    return told.keys() | {what for what, held in more.items() if held}


def _left(server: Server) -> list:
    """Processes that a submission has left, once the one that ran it had a moment to end."""
    until = time.monotonic() + 2.0
    while (left := _alive(server)) and time.monotonic() < until:
        time.sleep(0.02)
    return left


def _alive(server: Server) -> list:
    """By their user's number, by their command, or below the warm process."""
    user = next(protection.reason for protection in server.protections if protection.key == "user")
    left = [place.name for place in Path("/proc").glob("[0-9]*") if _is_theirs(place, user)]
    warm = 1 + server.protections[0].on  # who waits for the next job, and the first of the namespaces
    return left + descendants.below(server._process.pid)[warm:]


def _is_theirs(place: Path, user: str) -> bool:
    try:
        return user == f"number {place.stat().st_uid}" or b"sleep\x00987" in (place / "cmdline").read_bytes()
    except OSError:  # it has just ended
        return False


def _attack(name: str, server: Server, outside: Path, port: int) -> None:
    if _held(server).isdisjoint(STOPPED_BY.get(name, FENCE)):
        pytest.skip("; ".join(str(protection) for protection in server.protections if not protection.on))
    before, warm, begun = _stood(outside), server._process.pid, time.monotonic()
    graded = exercise.grade(attacks.hostile(name, outside, port), server)
    points = {verdict.task: verdict.points for verdict in graded.verdicts}
    assert points.pop(exercise.FIRST) == 0
    assert sum(points.values()) == exercise.POINTS - exercise.FIRST_POINTS, (graded.ran.died, graded.ran.failed)
    assert time.monotonic() - begun < HASTY.total_s + 5
    assert server._process.pid == warm and not server.restarts
    assert _left(server) == []
    assert [path.name for path in server._box.iterdir()] in ([], ["work"])
    assert _stood(outside) == before


def _stood(outside: Path) -> dict[str, tuple[int, float, bytes]]:
    files = [path for path in outside.iterdir() if path.is_file()]
    return {path.name: (path.stat().st_mode, path.stat().st_mtime, path.read_bytes()) for path in files}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork see test_spawn")
@pytest.mark.parametrize("name", attacks.HOSTILE)
def test_an_attack_earns_nothing_and_harms_nobody(name, server, outside, port):
    _attack(name, server, outside, port)


@pytest.fixture(scope="module")
def fenced():
    """As in a container that gives no namespaces."""
    with Server(HASTY, wanted=protect.ALL - {"namespaces"}) as made:
        yield made


@pytest.mark.parametrize(
    "name",
    ["read_solutions", "read_tasks_file", "read_gradebook", "read_by_shell", "symlink_out", "write_gradebook",
     "truncate", "truncate_by_number", "link_and_write", "rename_others", "network", "network_udp", "unix_socket",
     "abstract_socket", "socket_by_uring", "ptrace_parent", "daemon", "nohup", "disk_file", "deep_folders",
     "chmod_outside", "change_times", "stubs_removed", "shared_memory", "message_queue", "note_in_box", "box_swapped",
     "box_locked", "limits_of_parent", "holds_the_line"],
)  # fmt: skip
def test_without_namespaces_the_others_hold(name, fenced, outside, port):
    _attack(name, fenced, outside, port)


def test_what_an_earlier_submission_was_is_nowhere_in_memory(server, fenced, outside, port):
    for made in (server, fenced):
        book = exercise.solved()
        for cell in book["cells"]:
            cell["source"] = f"# of another student\n{exercise.text(cell)}"
        assert exercise.grade(exercise.data(book), made).points == exercise.POINTS
        _attack("memory_of_earlier", made, outside, port)


@pytest.mark.parametrize("name", attacks.TAMPERED)
def test_a_tampered_notebook_earns_what_its_answers_earn(name, server):
    graded = exercise.grade(attacks.tampered(name), server)
    assert graded.points == exercise.POINTS - exercise.FIRST_POINTS
    assert graded.verdicts[0].points == 0


def test_after_all_that_another_student_has_full_marks(server, fenced):
    for made in (server, fenced):
        assert exercise.grade(exercise.data(exercise.solved()), made, "s2").points == exercise.POINTS
