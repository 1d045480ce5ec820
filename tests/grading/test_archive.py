"""Everything in a folder or zip is found, and nothing in it can do harm."""

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from mlsys_helpers.grading.collecting.archive import Limits, walk

SMALL = Limits(file_bytes=300_000, zip_bytes=1_000_000, zip_files=10, free_bytes=100_000)


def zipped(files, packing=zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of a zip of {name or ZipInfo: content}, or of pairs."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def walked(tmp_path):
    """What is found in a zip of these files: {source: data or problem}."""

    def walked(files, limits=None, packing=zipfile.ZIP_DEFLATED):
        path = tmp_path / "all.zip"
        path.write_bytes(files if isinstance(files, bytes) else zipped(files, packing))
        return {m.source.removeprefix("all.zip/"): m.problem or m.data for m in walk(path, limits)}

    return walked


def test_a_folder_and_what_lies_in_it(tmp_path):
    place = tmp_path / "got"
    (place / "ada" / "deep").mkdir(parents=True)
    (place / "ada" / "06.ipynb").write_bytes(b"1")
    (place / "ada" / "deep" / "x y.py").write_bytes(b"2")
    (place / "bob.zip").write_bytes(zipped({"in/06.ipynb": b"3"}))
    found = {m.source: (m.data, m.own) for m in walk(place)}
    assert found == {
        "got/ada/06.ipynb": (b"1", 2),
        "got/ada/deep/x y.py": (b"2", 3),
        "got/bob.zip/in/06.ipynb": (b"3", 1),  # what lies in a zip in the folder is a student's naming
    }


def test_the_folders_of_a_class_zip_are_no_students_naming(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(zipped({"ada/06.ipynb": b"1", "bob.zip": zipped({"me/06.ipynb": b"2"})}))
    assert {m.source: m.own for m in walk(path)} == {"class.zip/ada/06.ipynb": 2, "class.zip/bob.zip/me/06.ipynb": 1}


def test_a_zip_with_the_separators_of_windows(walked):
    assert walked({"ada\\homework\\06.ipynb": b"1"}) == {"ada/homework/06.ipynb": b"1"}


def test_in_the_order_that_people_count(walked):
    names = ["x-10.ipynb", "x.ipynb", "x-2.ipynb", "b/submission.json", "b/a.ipynb"]
    found = walked({name: name.encode() for name in names})
    assert list(found) == ["b/submission.json", "b/a.ipynb", "x.ipynb", "x-2.ipynb", "x-10.ipynb"]


def test_neither_folder_nor_zip(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    for place in ("x.txt", "absent"):
        with pytest.raises(ValueError, match="neither a folder nor a zip"):
            list(walk(tmp_path / place))


def test_zips_within_zips_to_a_depth(walked):
    data = b"found"
    for level in range(3):
        data = zipped({f"{level}.zip" if level else "x": data})
    assert walked({"in.zip": data}) == {"in.zip/2.zip/1.zip/x": b"found"}
    assert "more than 3 zips" in walked({"out.zip": zipped({"in.zip": data})})["out.zip/in.zip/2.zip/1.zip"]


# --- bombs ----------------------------------------------------------------------------------------------------------


def test_a_bomb_is_not_unpacked(walked):
    tracemalloc.start()
    found = walked({"bomb.ipynb": bytes(60_000_000), "bob.ipynb": b"{}"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "bomb" in found["bomb.ipynb"] and found["bob.ipynb"] == b"{}"
    assert peak < 130_000_000  # making it takes 60 MB twice


def test_a_large_file_names_what_to_ask_for(walked):
    found = walked({"big.ipynb": os.urandom(400_000)}, SMALL)
    assert found["big.ipynb"].startswith("larger than 0 MB: ask for it without outputs")


def test_nested_bombs_end_with_the_students_zip(walked):
    inner = zipped({f"{n}.bin": os.urandom(90_000) for n in range(5)}, zipfile.ZIP_STORED)
    bomb = {"06.ipynb": b"{}", **{f"z{n}.zip": inner for n in range(5)}}
    found = walked({"bomb.zip": zipped(bomb), "bob.ipynb": b"{}"}, Limits(zip_bytes=3_000_000))
    assert found["bomb.zip"].startswith("not read to its end: it holds too much")
    assert found["bomb.zip/06.ipynb"] == found["bob.ipynb"] == b"{}"
    assert sum(len(data) for data in found.values() if isinstance(data, bytes)) < 3_000_000


def test_many_files_in_a_students_zip_harm_nobody_else(walked):
    found = walked({"many.zip": zipped({f"{n}": b"" for n in range(50)}), "zoe.ipynb": b"{}"}, SMALL)
    assert found["many.zip"].startswith("not read to its end") and found["zoe.ipynb"] == b"{}"
    for name in ("../{}.ipynb", "{}/"):  # also files that are not even opened, and folders
        found = walked({"many.zip": zipped({name.format(n): b"" for n in range(50)})}, SMALL)
        assert found["many.zip"].startswith("not read to its end") and len(found) <= 1 + SMALL.zip_files
    with pytest.raises(ValueError, match="more than 2 files"):
        walked({f"{n}": b"" for n in range(3)}, Limits(files=2))


def test_a_header_that_lies_of_the_size(walked):
    honest = zipped({"06.ipynb": bytes(200_000)}, zipfile.ZIP_STORED)
    lying = honest.replace(struct.pack("<L", 200_000), struct.pack("<L", 100))
    assert "bomb" in str(walked(lying)) or "cannot be read" in str(walked(lying))


def test_two_entries_of_one_place(walked):
    made = zipped({"a": os.urandom(9_000), "b": os.urandom(9_000)}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        offset = struct.pack("<L", archive.infolist()[1].header_offset)
    entry = made.rindex(b"PK\x01\x02")
    found = walked(made[:entry] + made[entry:].replace(offset, bytes(4)))
    assert len(found["a"]) == 9_000 and "cannot be read" in found["b"]  # what is there has another name


def test_more_packed_bytes_than_the_zip_has(walked):
    made = zipped({f"{n}": os.urandom(9_000) for n in range(3)}, zipfile.ZIP_STORED)
    begin = made.index(b"PK\x01\x02")
    one = struct.pack("<L", 9_000)
    assert "as in a zip bomb" in str(walked(made[:begin] + made[begin:].replace(one, struct.pack("<L", 20_000))))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_unpack_without_measure(walked, packing):
    assert walked({"x": bytes(1_000)}, packing=packing) == {"x": "packed in an unusual way: ask for an ordinary zip"}


# --- names and links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../up.ipynb", "a/../../up.ipynb", "/etc/passwd", "C:\\x.ipynb", "..\\up.ipynb", "."])
def test_a_name_that_leads_out(walked, tmp_path, name):
    before = sorted(tmp_path.rglob("*"))
    (told,) = walked({name: b"x"}).values()
    assert "leads out of the zip" in told
    assert sorted(tmp_path.rglob("*")) == [*before, tmp_path / "all.zip"]


@pytest.mark.parametrize("name", ["CON.ipynb", "aux/nul.ipynb", "what?.ipynb"])
def test_names_that_windows_cannot_write_are_only_read(walked, name):
    assert walked({name: b"x"}) == {name: b"x"}


def test_links_are_not_followed(walked, tmp_path):
    link = zipfile.ZipInfo("link.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert "a link" in walked({link: "/etc/passwd"})["link.ipynb"]
    place = tmp_path / "got"
    place.mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "s.ipynb").write_bytes(b"secret")
    try:
        (place / "file.ipynb").symlink_to(tmp_path / "secret" / "s.ipynb")
        (place / "folder").symlink_to(tmp_path / "secret")
    except OSError:
        pytest.skip("no symbolic links here")
    assert {m.name: "a link" in m.problem for m in walk(place)} == {"file.ipynb": True, "folder": True}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "06.ipynb")
    assert [m.problem for m in walk(tmp_path)] == ["a link or a device, not a file: ask for the file itself"]


def test_two_files_of_one_name(walked):
    with pytest.warns(UserWarning, match="Duplicate"):
        made = zipped([("06.ipynb", b"1"), ("06.ipynb", b"2")])
    assert walked(made)["06.ipynb"].startswith("a second file of this name")


def test_accents_however_they_were_written(tmp_path):
    path = tmp_path / "a.zip"
    made = zipped({"Zoë.ipynb": b"1"})  # Python says that it is UTF-8 ...
    forgetful = bytearray(made)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        forgetful[made.index(mark) + at + 1] &= ~0x08  # ... macOS does not
    decomposed = zipped({"Zoe\u0308.ipynb": b"1"})
    old = zipped({"Zo_.ipynb": b"1"}).replace(b"Zo_", b"Zo\x89")  # cp437
    for data in (made, bytes(forgetful), decomposed, old):
        path.write_bytes(data)
        assert [m.name for m in walk(path)] == ["Zoë.ipynb"]


def test_a_name_cannot_steer_a_terminal(walked):
    assert walked({"\x1b[2Jx\n\u202e.ipynb": b"1"}) == {"?[2Jx??.ipynb": b"1"}


@pytest.mark.skipif(os.name != "posix", reason="names are texts here")
def test_a_folder_name_that_is_no_text(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.ipynb")).write_bytes(b"1")
    (member,) = walk(tmp_path)
    assert member.data == b"1" and member.source.encode("utf8")


# --- broken zips ----------------------------------------------------------------------------------------------------


def test_a_wrong_check_sum(walked):
    made = zipped({"06.ipynb": b"the answer", "b": b"fine"}, zipfile.ZIP_STORED).replace(b"the answer", b"an answer!")
    found = walked(made)
    assert "CRC" in found["06.ipynb"] and found["b"] == b"fine"


def test_a_locked_file(walked):
    made = bytearray(zipped({"06.ipynb": b"x"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(mark) + at] |= 0x1
    assert walked(bytes(made)) == {"06.ipynb": "locked with a password: ask for it without"}


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip", zipped({"x": b"y"})[:-9]])
def test_a_broken_zip_within(walked, data):
    found = walked({"bob.zip": data, "z": b"fine"})
    assert found["bob.zip"].startswith("cannot be read") and found["z"] == b"fine"


# --- times ----------------------------------------------------------------------------------------------------------


def test_times_are_those_of_the_outermost(tmp_path):
    entry = zipfile.ZipInfo("ada.ipynb", (2026, 12, 4, 22, 30, 0))
    students = zipped({zipfile.ZipInfo("06.ipynb", (2001, 1, 1, 0, 0, 0)): b"x"})  # a student's own clock
    timeless = zipfile.ZipInfo("old.ipynb")
    path = tmp_path / "a.zip"
    bob = zipfile.ZipInfo("bob.zip", (2026, 12, 3, 0, 0, 0))
    path.write_bytes(zipped({entry: b"x", bob: students, timeless: b"x"}))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    found = {m.names[1]: m.at for m in walk(path)}
    assert found["ada.ipynb"] == datetime(2026, 12, 4, 22, 30).astimezone()
    assert found["bob.zip"] == datetime(2026, 12, 3).astimezone()
    assert found["old.ipynb"].timestamp() == 1_000_000_000


def test_a_students_own_zip_has_the_time_of_its_file(tmp_path):
    path = tmp_path / "cs249-06-ada.zip"
    path.write_bytes(zipped({"submission.json": b"{}", zipfile.ZipInfo("06.ipynb", (2001, 1, 1, 0, 0, 0)): b"x"}))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert {(m.at.timestamp(), m.own) for m in walk(path)} == {(1_000_000_000, 0)}
