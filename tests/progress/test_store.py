"""The record of progress keeps every event: through kills, two writers, full disks, read-only homes, damage."""

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlsys_helpers.progress import store as progress
from mlsys_helpers.progress.store import ProgressWarning, Store

posix = pytest.mark.skipif(os.name != "posix", reason="uses POSIX signals, limits and users")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "home" / "progress.sqlite")


def fresh(store: Store) -> Store:
    """The same file as another process would see it."""
    return Store(store.path)


def test_an_event_comes_back_as_it_was_recorded(store):
    event = store.record("quiz.answer", "sample.ridge", {"response": "3,1 µs", "points": 0.5, "list": [1, None, True]})
    assert fresh(store).history() == [event]
    assert datetime.fromisoformat(event.at).utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(event.at)) < timedelta(seconds=10)


def test_first_latest_and_history_choose_by_kind_and_item(store):
    for number, (kind, item) in enumerate([("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")]):
        store.record(kind, item, {"number": number})
    numbers = lambda *args, **kw: [e.payload["number"] for e in fresh(store).history(*args, **kw)]  # noqa: E731
    assert (numbers(), numbers("a"), numbers(item="x"), numbers("a", "x")) == (
        [0, 1, 2, 3],
        [0, 1, 3],
        [0, 2, 3],
        [0, 3],
    )
    assert store.first("a", "x").payload["number"] == 0
    assert store.latest("a", "x").payload["number"] == 3
    assert store.first("b", "y") is None and store.latest("b", "y") is None


def written_and_pending(store):
    """Two items with events of two kinds; the last two events are still in memory."""
    for number, (kind, item) in enumerate([("a", "x"), ("a", "y"), ("b", "x"), ("a", "x"), ("a", "x")]):
        store.record(kind, item, {"number": number})
    at = "2026-01-01T00:00:00+00:00"
    store.pending = [progress.Event(at, "a", "y", {"number": 5}), progress.Event(at, "a", "z", {"number": 6})]
    return store


def test_firsts_and_latests_are_those_of_each_item(store):
    assert store.firsts("a") == {} and store.latests("a") == {}
    written_and_pending(store)
    numbers = lambda events: {item: event.payload["number"] for item, event in events.items()}  # noqa: E731
    assert numbers(store.firsts("a")) == {"x": 0, "y": 1, "z": 6}
    assert numbers(store.latests("a")) == {"x": 4, "y": 5, "z": 6}
    assert numbers(store.firsts("b")) == {"x": 2} and store.firsts("c") == {}


def test_recent_are_the_newest_of_each_item_in_order(store):
    assert store.recent(["a"], 3) == {}
    written_and_pending(store)
    numbers = lambda found: {item: [e.payload["number"] for e in events] for item, events in found.items()}  # noqa: E731
    assert numbers(store.recent(["a"], 2)) == {"x": [3, 4], "y": [1, 5], "z": [6]}
    assert numbers(store.recent(["a", "b"], 9)) == {"x": [0, 2, 3, 4], "y": [1, 5], "z": [6]}
    assert numbers(store.recent(["a", "b"], 2, "x")) == {"x": [3, 4]}
    assert numbers(store.recent(["b"], 2, "z")) == {}


def test_reading_alone_makes_no_file(store):
    assert store.history() == []
    assert not store.path.parent.exists()


def test_a_payload_that_is_not_plain_data_is_refused_and_leaves_nothing(store):
    with pytest.raises(TypeError):
        store.record("a", "x", {"value": {1, 2}})
    with pytest.raises(ValueError):
        store.record("a", "x", {"value": float("nan")})
    assert store.history() == [] and store.pending == []


def test_events_can_be_neither_changed_nor_deleted(store):
    store.record("a", "x", {})
    with sqlite3.connect(store.path) as database:
        for statement in ("UPDATE event SET kind = 'b'", "DELETE FROM event"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                database.execute(statement)


def test_the_place_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv(progress.HOME_VARIABLE, str(tmp_path / "elsewhere"))
    progress.record("a", "x", {"n": 1})
    assert (tmp_path / "elsewhere" / "progress.sqlite").exists()
    assert progress.latest("a", "x").payload == {"n": 1}
    assert progress.first("a", "x") == progress.history()[0]
    assert progress.trouble() == ""


def test_without_a_choice_the_place_is_the_users_data_folder(monkeypatch):
    monkeypatch.delenv(progress.HOME_VARIABLE, raising=False)
    assert progress.place().name == "mlsys-companion"


def _write_many(path, writer, count, start):
    start.wait()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number in range(count):
            Store(path).record("quiz.answer", f"writer{writer}", {"number": number})


def test_several_processes_writing_at_once_lose_nothing(store):
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    writers = [context.Process(target=_write_many, args=(store.path, w, 40, start)) for w in range(4)]
    for writer in writers:
        writer.start()
    start.set()  # all begin with a file that does not exist yet
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 4
    for w in range(4):
        assert [e.payload["number"] for e in store.history(item=f"writer{w}")] == list(range(40))


_WRITE_UNTIL_KILLED = """
import sys
from mlsys_helpers.progress.store import Store
store = Store(sys.argv[1])
number = 0
while True:
    store.record("quiz.answer", "x", {"number": number})
    print(number, flush=True)
    number += 1
"""


@posix
def test_a_killed_kernel_loses_nothing_that_was_confirmed(store):
    confirmed = 0
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITE_UNTIL_KILLED, store.path], stdout=subprocess.PIPE, text=True
        )
        lines = [int(writer.stdout.readline()) for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
        lines += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
        writer.wait()
        writer.stdout.close()
        confirmed += len(lines)
        found = len(fresh(store).history())
        assert confirmed <= found <= confirmed + 1  # the last one may have been written but not yet confirmed
        confirmed = found
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store.record("quiz.answer", "x", {"number": -1})


_ANSWER = """
from mlsys_helpers.quiz import bank, record
question = bank.section_bank("iron_law").questions[0]
print(record.submit(question, question.options[0].text).counted)
"""


@posix
def test_a_notebook_kernel_killed_right_after_an_answer_was_confirmed_has_kept_it():
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel()
    try:
        for answered in (1, 2):
            said = []
            client.execute_interactive(_ANSWER, timeout=60, output_hook=said.append)
            assert [m["content"]["text"] for m in said if m["msg_type"] == "stream"] == ["True\n"]
            if answered == 2:
                os.kill(manager.provisioner.pid, signal.SIGKILL)
        assert len(progress.history("quiz.answer")) == 2
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("damage", [b"this is no database", b"", None])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(store, damage):
    for number in range(200):
        store.record("a", "x", {"number": number, "filling": "f" * 200})
    if damage is None:  # the header is right and the pages behind it are not
        content = bytearray(store.path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        damage = bytes(content)
    store.path.write_bytes(damage)
    reader = fresh(store)
    if damage == b"":  # an empty file is a new database: nothing to keep, nothing to tell
        assert reader.history() == [] and reader.trouble == ""
        return
    with pytest.warns(ProgressWarning, match="damaged"):
        reader.history()
    assert "damaged" in reader.trouble
    (aside,) = [p for p in store.path.parent.iterdir() if "damaged" in p.name and p.suffix == ".sqlite"]
    assert aside.read_bytes() == damage
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # told once
        event = reader.record("a", "x", {"number": 201})
        assert fresh(store).history() == [event]


def test_damage_met_while_writing_does_not_lose_the_event(store):
    store.path.parent.mkdir()
    store.path.write_bytes(b"not a database at all, but long enough to be read as one" * 50)
    with pytest.warns(ProgressWarning, match="kept as"):
        event = store.record("a", "x", {"answer": "25 days"})
    assert fresh(store).history() == [event]


def _meet_damage(path, start, told):
    start.wait()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Store(path).record("a", f"process{os.getpid()}", {})
    told.put([str(w.message) for w in caught])


def test_two_processes_that_meet_the_same_damage_replace_it_once(store):
    store.path.parent.mkdir()
    store.path.write_bytes(b"damaged " * 1000)
    context = multiprocessing.get_context("spawn")
    start, told = context.Event(), context.Queue()
    both = [context.Process(target=_meet_damage, args=(store.path, start, told)) for _ in range(2)]
    for process in both:
        process.start()
    start.set()
    messages = told.get(timeout=30) + told.get(timeout=30)
    for process in both:
        process.join(30)
    assert len(fresh(store).history()) == 2
    assert len([m for m in messages if "kept as" in m]) == 1
    assert len(list(store.path.parent.glob("*-damaged-*.sqlite"))) == 1


def test_where_no_folder_can_be_made_events_stay_in_memory_and_the_reader_is_told_once(tmp_path):
    (tmp_path / "file").write_text("a file where a folder should be")
    store = Store(tmp_path / "file" / "progress.sqlite")
    with pytest.warns(ProgressWarning, match=progress.HOME_VARIABLE) as caught:
        store.record("a", "x", {"n": 1})
        store.record("a", "x", {"n": 2})
        assert [e.payload["n"] for e in store.history("a", "x")] == [1, 2]
    assert len(caught) == 1
    assert "memory" in store.trouble
    (tmp_path / "file").unlink()  # room again: what was kept in memory is written with the next event
    store.record("a", "x", {"n": 3})
    assert [e.payload["n"] for e in fresh(store).history()] == [1, 2, 3]
    assert store.trouble == "" and store.pending == []


_IN_CHILD = """
import json, os, sys, warnings
from pathlib import Path
from mlsys_helpers.progress.store import Store
store = Store(Path(sys.argv[1]) / "progress.sqlite")
{limit}
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for number in range(5):
        store.record("a", "x", {{"number": number, "filling": "f" * 20000}})
    seen = [e.payload["number"] for e in store.history("a")]
print(json.dumps({{"seen": seen, "told": len(caught), "trouble": store.trouble}}))
"""


def _child(folder: Path, limit: str) -> dict:
    code = _IN_CHILD.format(limit=limit)
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@posix
def test_a_full_disk_stops_neither_lesson_nor_earlier_events(store):
    store.record("a", "x", {"number": -1})
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))"
    child = _child(store.path.parent, limit)
    assert child["seen"] == [-1, 0, 1, 2, 3, 4]
    assert child["told"] == 1 and "memory" in child["trouble"]
    kept = [e.payload["number"] for e in fresh(store).history()]
    assert kept == list(range(-1, len(kept) - 1))


_ON_A_FULL_DISK = """
import json, sys, warnings
from pathlib import Path
from mlsys_helpers.progress.store import Store
home = Path(sys.argv[1])
store = Store(home / "progress.sqlite")
store.record("a", "x", {"number": 0})
with open(home / "ballast", "wb", buffering=0) as ballast:
    try:
        while ballast.write(b"b" * 512):
            pass
    except OSError as error:
        full = error.strerror
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for number in (1, 2, 3):
        store.record("a", "x", {"number": number, "filling": "f" * 20000})
    waiting, trouble = len(store.pending), store.trouble
(home / "ballast").unlink()
store.record("a", "x", {"number": 4})
kept = [event.payload["number"] for event in Store(store.path).history()]
print(json.dumps({"full": full, "waiting": waiting, "told": len(caught), "trouble": trouble, "kept": kept}))
"""


@posix
def test_a_disk_that_is_really_full_is_told_and_written_to_once_there_is_room(tmp_path):
    mounted = 'mount -t tmpfs -o size=512k none "$1" && exec "$2" -c "$3" "$1"'
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh"]
    try:
        done = subprocess.run(
            [*words, tmp_path, sys.executable, _ON_A_FULL_DISK], capture_output=True, text=True, timeout=60
        )
    except FileNotFoundError:
        pytest.skip("a small disk is made with unshare, which this system does not have")
    if done.returncode and "Traceback" not in done.stderr:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    child = json.loads(done.stdout)
    assert child["full"] == "No space left on device"
    assert child["waiting"] == 3 and child["told"] == 1 and "Make room" in child["trouble"]
    assert child["kept"] == [0, 1, 2, 3, 4]


@posix
def test_a_read_only_home_is_read_and_the_rest_kept_in_memory():
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        Store(home / "progress.sqlite").record("a", "x", {"number": -1})
        (home / "progress.sqlite").chmod(0o444)
        home.chmod(0o555)
        try:
            child = _child(home, "import os; os.getuid() or os.setuid(65534)")
        finally:
            home.chmod(0o755)
    assert child["seen"] == [-1, 0, 1, 2, 3, 4]
    assert child["told"] == 1 and "memory" in child["trouble"]


def test_a_hundred_thousand_events_are_read_quickly(store):
    """Against plain sqlite3 and json on the same rows, in the same run: a busy machine slows both."""
    store.pending = [
        progress.Event("2026-01-01T00:00:00+00:00", "a", f"s.q{n % 100}", {"points": 1.0}) for n in range(99_999)
    ]
    store.record("a", "s.q0", {"points": 0.0})

    def plain():
        with closing(sqlite3.connect(store.path)) as database:
            return [json.loads(row[3]) for row in database.execute("SELECT at, kind, item, payload FROM event")]

    reference = least_time(plain)
    assert len(store.history()) == 100_000
    assert least_time(store.history) < 6 * reference
    assert store.latest("a", "s.q0").payload == store.latests("a")["s.q0"].payload == {"points": 0.0}
    for quick in (lambda: store.firsts("a"), lambda: store.latests("a"), lambda: store.recent(["a"], 10)):
        assert least_time(quick) < reference


def least_time(work) -> float:
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)
