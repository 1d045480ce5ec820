"""What each protection is said to be is what it is, with fewer of them too."""

import base64
import importlib.util
import os
import signal
import struct
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from mlsys_helpers.grading.sandbox import box, descendants, drive, kernel, landlock, protect, seccomp
from mlsys_helpers.grading.sandbox.client import Server
from mlsys_helpers.grading.sandbox.drive import NotStarted
from mlsys_helpers.grading.sandbox.job import Job, Limits, Step

LIMITS = Limits(step_s=30.0)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork see test_spawn")


def _said(server: Server, code: str) -> str:
    ran = server.run(Job((Step(code),), {}))
    return ran.printed.get(0, "") + ran.failed.get(0, "") + ran.died.get(0, "") + ran.lost


def _on(server: Server) -> set[str]:
    return {protection.key for protection in server.protections if protection.on}


def _needs(server: Server, key: str) -> None:
    told = next(protection for protection in server.protections if protection.key == key)
    if not told.on:
        pytest.skip(str(told))


def test_without_leaves_out_one_folder(tmp_path):
    for name in ("a/x", "a/secret/y", "b"):
        (tmp_path / name).mkdir(parents=True)
    assert protect.without(tmp_path, tmp_path / "a" / "secret") == [tmp_path / "a" / "x", tmp_path / "b"]
    assert protect.without(tmp_path, Path("/elsewhere")) == [tmp_path]
    assert protect.without(tmp_path, tmp_path) == []


@pytest.mark.parametrize("wanted", [protect.ALL, protect.ALL - {"namespaces"}])
def test_a_secret_among_the_packages_is_not_read_and_its_neighbours_are(wanted):
    """The companion as pip installs it: beside NumPy."""
    secret = Path(next(iter(importlib.util.find_spec("simpy").submodule_search_locations)))
    with Server(LIMITS, companion=secret, wanted=wanted) as server:
        if _on(server).isdisjoint({"namespaces", "landlock"}):
            pytest.skip("nothing fences files here")
        assert "Error" in _said(server, "import simpy; simpy.Environment")
        assert "Error" in _said(server, f"open({str(secret / '__init__.py')!r})")
        assert _said(server, "import numpy.ma, scipy, statistics; print(statistics.mean([1, 3]))") == "2\n"


@pytest.mark.parametrize("wanted", [set(), {"limits"}, {"linux"}, {"landlock"}, {"seccomp"}, {"namespaces"}], ids=str)
def test_what_is_off_is_said_to_be_off(wanted):
    with Server(LIMITS, wanted=frozenset(wanted)) as server:
        assert _on(server) <= wanted | {"descendants"}
        assert _said(server, "print(1 + 1)") == "2\n"


def test_on_linux_the_kernel_gives_what_it_has(server):
    on = _on(server)
    if sys.platform == "linux":
        assert {"linux", "limits", "descendants"} <= on
        assert ("landlock" in on) == (landlock.abi() > 0)


def test_every_protection_is_told_in_a_line():
    off = protect.Protection("landlock", False, "needs Linux")
    assert str(off) == "files fenced by Landlock: OFF (needs Linux)"


def test_nothing_of_the_environment_is_passed_on(server):
    assert "COURSE_SECRET" in os.environ
    assert "COURSE_SECRET" not in _said(server, "import os; print(sorted(os.environ))")


def test_a_submission_has_no_neighbours(server):
    _needs(server, "namespaces")
    assert _said(server, "import os; print(os.getpid(), os.getppid(), os.path.exists('/proc/1'))") == "1 0 False\n"


def test_a_submission_opens_no_socket_but_has_pairs(server):
    _needs(server, "seccomp")
    assert "PermissionError" in _said(server, "import socket; socket.socket()")
    assert _said(server, "import socket; a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1))") == "b'x'\n"


@pytest.mark.parametrize(("idle", "mute"), [(False, False), (True, False), (True, True)])
def test_a_filter_answers_each_call_it_names_and_allows_the_others(idle, mute):
    """The program, read as the kernel reads it."""
    try:
        lines = list(struct.iter_unpack("=HBBI", seccomp.program(idle, mute)))
    except OSError as error:
        pytest.skip(str(error))

    tests = {0x15: int.__eq__, 0x35: int.__ge__, 0x45: lambda loaded, bits: loaded & bits != 0}

    def answer(number: int, architecture: int, first: int = 0) -> int:
        place, loaded = 0, 0
        while True:
            code, yes, no, value = lines[place]
            place += 1
            if code == 0x06:
                return value
            if code == 0x20:
                loaded = {0: number, 4: architecture, 16: first}[value]
            else:
                place += yes if tests[code](loaded, value) else no

    this = lines[1][3]
    answers = {number: answer(number, this) for number in range(500)}
    refused = {number for number, value in answers.items() if value == 0x50001}
    assert len(refused) == 26 + 6 * mute
    assert len({number for number in answers if answer(number, this, 1 << 28) == 0x50001} - refused) == 6
    assert (sum(value == 0x50000 for value in answers.values()) > 0) == idle
    assert answers[425] == 0x50001 and answers[435] == 0x50026 and answers[500 - 1] == 0x7FFF0000
    assert answer(0x40000000, this) == answer(0, this + 1) == 0x50001


def test_who_runs_submissions_imports_nothing_that_knows_an_answer():
    code = (
        "import mlsys_helpers.grading.sandbox.server, mlsys_helpers.grading.sandbox.client, sys\n"
        "found = {name for name in sys.modules if name.startswith('mlsys_helpers.')}\n"
        "print({name for name in found if not name.startswith('mlsys_helpers.grading.sandbox')})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "{'mlsys_helpers.grading'}\n", done.stderr


@pytest.mark.parametrize("wanted", [protect.ALL, protect.ALL - {"namespaces"}], ids=["all", "no namespaces"])
def test_one_warm_process_serves_all(wanted):
    with Server(LIMITS, wanted=wanted) as server:
        first = server._process.pid
        assert [_said(server, f"print({n})") for n in range(10)] == [f"{n}\n" for n in range(10)]
        assert server._process.pid == first and server.restarts == 0


def test_a_killed_warm_process_is_started_again_and_that_is_told():
    with Server(LIMITS) as server:
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait()
        assert _said(server, "print('again')") == "again\n"
        assert server.restarts == 1 and "signal 9" in server.last_error


def test_what_fails_in_the_warm_process_is_kept():
    with Server(LIMITS) as server:
        broken = Job((Step("1", "no.such_task"),), {})
        assert "KeyError" in server.run(broken).lost and "KeyError" in server.last_error
        assert server.restarts == 2
        assert _said(server, "print('again')") == "again\n"


KILLED_GRADER = """
import os, sys
from mlsys_helpers.grading.sandbox import descendants, protect
from mlsys_helpers.grading.sandbox.client import Server
from mlsys_helpers.grading.sandbox.job import Job, Step
with Server(wanted=protect.ALL - set(sys.argv[1:])) as server:
    print(server._box, flush=True)
    server.run(Job((Step("import time\\nwhile True: time.sleep(1)"),), {}))
"""


@pytest.mark.parametrize("without", ["", "namespaces"])
def test_a_grader_that_is_killed_takes_all_with_it_and_the_next_one_sweeps(without):
    if sys.platform != "linux":
        pytest.skip("needs Linux")
    grader = subprocess.Popen([sys.executable, "-c", KILLED_GRADER, without], stdout=subprocess.PIPE, text=True)
    place = Path(grader.stdout.readline().strip())
    _until(lambda: len(descendants.below(grader.pid)) >= 2)
    started = descendants.below(grader.pid)
    grader.kill()
    grader.communicate()
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
    with Server(LIMITS):
        assert not place.exists()


def _until(holds) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to be in ten seconds")


def test_a_sandbox_that_cannot_start_says_why():
    with pytest.raises(NotStarted, match="no_such_module"):
        Server(LIMITS, warm=("no_such_module",))


def test_a_child_that_cannot_be_confined_costs_no_student_anything():
    """No verdict is made of it: the run is told."""
    with Server(Limits(cpu_s="soon")) as server:
        _needs(server, "limits")
        with pytest.raises(NotStarted, match="TypeError"):
            server.run(Job((Step("1"),), {}))


def test_a_trial_fails_in_a_child_and_says_why():
    def fails():
        os.environ["TRIED"] = "1"
        raise PermissionError("not here")

    with pytest.raises(OSError, match="not here"):
        kernel.trial(fails)
    with pytest.raises(OSError, match="ended early"):
        kernel.trial(partial(os._exit, 1))
    kernel.trial(lambda: None)
    assert "TRIED" not in os.environ


def test_what_a_trial_finds_missing_is_off_and_the_rest_is_on(tmp_path, monkeypatch):
    """As in a container whose root may change nothing."""
    monkeypatch.setattr(seccomp, "restrict", lambda program: os.chdir("/no/such/place"))
    plan = protect.prepare(tmp_path, LIMITS, frozenset({"seccomp", "limits"}), tmp_path / "secret")
    told = {protection.key: protection for protection in plan.protections}
    assert not told["seccomp"].on and told["limits"].on and not plan.filter
    if sys.platform == "linux":
        assert "No such file" in told["seccomp"].reason


def test_a_folder_is_removed_however_deep_and_locked(tmp_path):
    place = tmp_path / "work"
    place.mkdir()
    (place / "link").symlink_to("/")
    (place / "loop").symlink_to(place)
    here = os.open(place, os.O_RDONLY)
    for _ in range(3_000):  # deeper than a path can name
        os.mkdir("d", dir_fd=here)
        deeper = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.fchmod(here, 0)
    os.close(here)
    box.remove(place)
    assert not place.exists()


def test_boxes_of_graders_that_were_killed_are_swept_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = f"companion-grading-{os.getpid()}-x"
    for name in (f"companion-grading-{gone.pid}-x", mine, "companion-grading-", "companion-tests"):
        (tmp_path / name / "work").mkdir(parents=True)
    made = box.make()
    assert {path.name for path in tmp_path.iterdir()} == {mine, "companion-grading-", "companion-tests", made.name}


def test_a_grader_that_keeps_its_files_to_itself_still_grades():
    """With a mask of 077, as some administrators have it, the sandbox's other user could not enter its folders."""
    before = os.umask(0o077)
    try:
        with Server(LIMITS) as made:
            assert _said(made, "open('note', 'w').write('x'); print(open('note').read())").strip() == "x"
    finally:
        os.umask(before)


def test_data_files_lie_beside_the_notebook(server):
    files = {"data.csv": base64.b64encode(b"a,b").decode(), "../up.bin": base64.b64encode(b"\xff").decode()}
    code = "print(open('data.csv').read(), open('up.bin', 'rb').read())"
    assert server.run(Job((Step(code),), {}, files=files)).printed[0] == "a,b b'\\xff'\n"


def test_what_a_whole_submission_prints_has_a_limit(server):
    ran = server.run(Job((Step("print('\u2014' * 19_000)"),) * 100, {}))
    assert sum(map(len, ran.printed.values())) == drive.MAX_PRINTED and not ran.died and not ran.lost


def test_words_hash_alike_in_every_process(server):
    with Server(LIMITS) as other:
        code = "print(hash('data'), list({'data', 'compute', 'latency'}))"
        assert _said(server, code) == _said(other, code)
