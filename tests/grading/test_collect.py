"""Whatever arrives ends in the list: taken, superseded or refused with a reason. No original is changed."""

import csv
import hashlib
import io
import json
import multiprocessing
import os
import random
import time
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlsys_helpers.grading import course
from mlsys_helpers.grading.collecting.collect import collect
from mlsys_helpers.grading.gradebook import REFUSED, SUPERSEDED, TAKEN, Gradebook
from mlsys_helpers.quiz import bank

DUE = datetime(2025, 11, 4, 23, 59, tzinfo=UTC)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    '"Lovelace, Ada",101,s1,ada,A\n"Noyce, Bob",102,s2,bob,A\n"Zola, Émile",103,s3,emile,A\n'
    '"Kim, Ann",104,s4,ann1,A\n"Kim, Ann",105,s5,ann2,A\n'
)
QUESTIONS = [question.id for question in bank.section_bank("iron_law").questions]


def notebook(answer="1", student="", section="iron_law", course_name="cs249", **more):
    """The bytes of an exercise notebook, released to a student or (empty) to nobody."""
    sources = [f"def time_terms():\n    return {answer}", f'check("{section}.time_terms", time_terms)']
    if student:
        sources.insert(0, f'assigned("{course_name}", "06", student="{student}")')
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more).encode()


def answers(**made):
    told = {name: [{"response": response, "seed": 0, "gave_up": False}] for name, response in made.items()}
    return json.dumps({"format": 1, "questions": told}).encode()


def zipped(files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def submitted(student, files):
    """What `companion submit` writes."""
    said = {"format": 1, "course": "cs249", "assignment": "06", "student": student, "at": DUE.isoformat()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return zipped({"submission.json": json.dumps(said | {"companion": "0.1.0", "files": digests}), **files})


class Desk:
    """A course with one assignment, and a place where files arrive."""

    def __init__(self, place: Path, table: str = CANVAS) -> None:
        course.new_course(place, "cs249")
        (place / course.ROSTER).write_text(table, encoding="utf8")
        part = course.Part("iron_law", {"iron_law.time_terms": 3.0}, quiz=10.0)
        self.assigned = course.Assignment("cs249", "06", place / "06", (part,), DUE)
        course.write(self.assigned)
        self.course = course.course(place)
        self.batch = place / "got"

    def lay(self, files, at=None) -> Path:
        """Write the files that arrive; a `.zip` given as a dict is zipped. Each came an hour before it was due."""
        for name, data in files.items():
            path = self.batch / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(zipped(data) if isinstance(data, dict) else data)
            when = (at or DUE - timedelta(hours=1)).timestamp()
            os.utime(path, (when, when))
        return self.batch

    def collect(self, batch=None, **options):
        return collect(batch or self.batch, self.assigned, self.course.roster(), **options)

    def got(self, files, **options) -> dict[str, tuple[str, str, str]]:
        """What becomes of the files: {source: (outcome, student, reason)}."""
        found = self.collect(self.lay(files), **options)
        return {
            row.file.source.removeprefix("got/"): (row.file.outcome, row.file.student, row.file.reason)
            for row in found.rows
        }

    def taken(self, files) -> dict[str, str]:
        """Whose the taken files are, by source."""
        return {source: who for source, (outcome, who, _) in self.got(files).items() if outcome == TAKEN}

    @property
    def book(self):
        return Gradebook(self.course.gradebook)

    def table(self):
        text = (self.assigned.folder / "collected.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


# --- shapes in which files arrive -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "ada/06_iron_law.ipynb",
        "Lovelace, Ada/homework/untitled.ipynb",
        "ADA/x.ipynb",
        "06_iron_law_ada.ipynb",
        "Ada Lovelace 06.ipynb",
        "06_iron_law-ada (3).ipynb",
        "lovelaceada_101_67890_06_iron_law-2.ipynb",
        "lovelaceada_LATE_101_67890_06_iron_law.ipynb",
        "married_101_67890_x.ipynb",  # Canvas's number says more than the name
        "Ada Lovelace_123456_assignsubmission_file_/06.ipynb",
        "Ada Lovelace_123456_assignsubmission_file_/deep/er/06.ipynb",
        "Ada Lovelace_123456_assignsubmission_file_06.ipynb",
        "lovelaceada_101_67890_homework.zip/bob/06.ipynb",  # who was logged in, not what the zip says
        "ada/06_iron_law.ipynb.txt",
        "ada/06_iron_law.json",
        "ada/06.IPYNB",
    ],
)
@pytest.mark.parametrize("wrapped", [False, True], ids=["folder", "zip"])
def test_a_shape(desk, name, wrapped):
    outer, is_zip, inner = name.partition(".zip/")
    files = {outer + ".zip": {inner: notebook()}} if is_zip else {name: notebook()}
    if wrapped:
        files = {"all.zip": {n: zipped(d) if isinstance(d, dict) else d for n, d in files.items()}}
        found = desk.collect(desk.lay(files) / "all.zip")
    else:
        found = desk.collect(desk.lay(files))
    assert [(row.file.outcome, row.file.student, row.file.part) for row in found.rows] == [(TAKEN, "ada", "iron_law")]
    (one,) = [path for path in desk.assigned.submissions("ada").rglob("*") if path.is_file()]
    assert one.read_bytes() == notebook() and one.name == "06_iron_law.ipynb"
    assert one.parent.name == hashlib.sha256(notebook()).hexdigest()[:12]


@pytest.mark.parametrize("name", ["Émile Zola", "E\u0301mile Zola", "emile zola", "Zola,Emile", "ZOLA_ÉMILE"])
def test_accents(desk, name):
    assert list(desk.taken({f"{name}/06.ipynb": notebook(), f"06 {name}.ipynb": notebook("2")}).values()) == ["emile"]


def test_accents_in_canvas(desk):
    assert desk.taken({"zolaémile_103_9_06.ipynb": notebook()}) == {"zolaémile_103_9_06.ipynb": "emile"}


@pytest.mark.parametrize("minor", range(6))
def test_every_notebook_format_four(desk, minor):
    assert desk.taken({"ada/06.ipynb": notebook(nbformat_minor=minor)})


def test_notebook_format_three(desk):
    cells = [{"cell_type": "code", "input": 'check("iron_law.time_terms", time_terms)', "language": "python"}]
    old = {"worksheets": [{"cells": cells}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}
    assert desk.taken({"ada/06.ipynb": json.dumps(old).encode()})


def test_what_companion_submit_writes(desk):
    files = {"06_iron_law.ipynb": notebook(), "06_iron_law_answers.json": answers(**{QUESTIONS[0]: "x"})}
    found = desk.got({"x.zip": submitted("ada", files)})
    assert found == {
        "x.zip/submission.json": (REFUSED, "", "no submission: it says whose the files beside it are"),
        "x.zip/06_iron_law.ipynb": (TAKEN, "ada", ""),
        "x.zip/06_iron_law_answers.json": (TAKEN, "ada", ""),
    }
    with desk.book as book:
        assert {(one.part, one.path.rpartition("/")[2]) for one in book.received("06")} == {
            ("iron_law", "06_iron_law.ipynb"),
            ("iron_law.quiz", "06_iron_law_answers.json"),
        }


def test_what_companion_submit_writes_unpacked_by_a_browser(desk):
    files = {"06_iron_law.ipynb": notebook(), "06_iron_law_answers.json": answers(**{QUESTIONS[0]: "x"})}
    with zipfile.ZipFile(io.BytesIO(submitted("bob", files))) as archive:
        unpacked = {f"some folder/{name}": archive.read(name) for name in archive.namelist()}
    assert set(desk.taken(unpacked).values()) == {"bob"}


def test_a_manifest_speaks_of_its_own_files_only(desk):
    said = submitted("bob", {"06_iron_law.ipynb": notebook("2")})
    with zipfile.ZipFile(io.BytesIO(said)) as archive:
        manifest = archive.read("submission.json")
    found = desk.got({"submission.json": manifest, "06.ipynb": notebook("3"), "other/06.ipynb": notebook("2")})
    assert [outcome for outcome, *_ in found.values()] == [REFUSED] * 3


def test_quiz_answers_renamed_by_canvas(desk):
    name = "lovelaceada_101_7_06_iron_law_answers-1.json"
    assert desk.taken({name: answers(**{QUESTIONS[0]: "x"})}) == {name: "ada"}


def test_empty_quiz_answers_replace_none(desk):
    first = {"ada/06_iron_law_answers.json": answers(**{QUESTIONS[0]: "x"})}
    assert desk.taken(first)
    found = desk.got({"ada/06_iron_law_answers.json": answers()})
    assert found["ada/06_iron_law_answers.json"][2] == "no submission: it answers no quiz that counts"


# --- who ------------------------------------------------------------------------------------------------------------


def test_the_notebook_says_whose_it_is(desk):
    assert desk.taken({"06_iron_law.ipynb": notebook(student="Ada")}) == {"06_iron_law.ipynb": "ada"}


def test_a_notebook_named_after_one_student_never_counts_as_another_s(desk):
    (row,) = desk.collect(desk.lay({"06_bob.ipynb": notebook(student="ada")})).rows
    assert row.file.outcome == REFUSED and "named after bob, and inside it says ada" in row.file.reason
    assert not row.received


@pytest.mark.parametrize(
    ("name", "inside", "who", "flag"),
    [
        ("ada/06.ipynb", "bob", "ada", "inside it says bob"),
        ("lovelaceada_101_7_06.ipynb", "bob", "ada", "inside it says bob"),
        ("lovelaceada_101_7_06_bob.ipynb", "ada", "ada", ""),
        ("Ada Lovelace_1_assignsubmission_file_/06.ipynb", "zed", "ada", "inside it says zed"),
        ("ada_bob_06.ipynb", "ada", "ada", "it is named after bob too"),
        ("06_bob.ipynb", "zed", "bob", "inside it says zed, who is not in the roster"),
        ("06 Noyce.ipynb", "", "bob", "known by a part of the name only"),
        ("Ann Kim/06.ipynb", "ann2", "ann2", "of this name are ann1 and ann2"),
        ("Participant_7_assignsubmission_file_/06.ipynb", "ada", "ada", ""),
        ("anon_x7_12_06.ipynb", "ada", "ada", ""),
    ],
)
def test_where_names_differ_the_outside_counts_and_it_is_flagged(desk, name, inside, who, flag):
    (row,) = desk.collect(desk.lay({name: notebook(student=inside)})).rows
    assert (row.file.outcome, row.file.student, row.flag) == (TAKEN, who, flag)


@pytest.mark.parametrize(
    ("name", "inside", "reason"),
    [
        ("ada_bob_06.ipynb", "", "may be of ada or bob"),
        ("ada/bob/06.ipynb", "", "may be of ada or bob"),
        ("Ann Kim 06.ipynb", "", "may be of ann1 or ann2"),
        ("Kim/06.ipynb", "", "may be of ann1 or ann2"),
        ("06_iron_law.ipynb", "", "whose? nobody of the roster is named in it"),
        ("06_iron_law.ipynb", "zed", "whose? inside it says zed, who is not in the roster"),
        ("kingada_99_7_06.ipynb", "ada", "Canvas says kingada (99), who is not in the roster: give a newer"),
        ("Ada King_7_assignsubmission_file_/06.ipynb", "ada", "Moodle says Ada King, who is not in the roster"),
        ("Participant_7_assignsubmission_file_/06.ipynb", "", "whose?"),
    ],
)
def test_nobody_is_guessed(desk, name, inside, reason):
    ((outcome, who, told),) = desk.got({name: notebook(student=inside)}).values()
    assert (outcome, who) == (REFUSED, "") and told.startswith(reason)


def test_an_id_with_a_dot_is_not_cut(tmp_path):
    desk = Desk(tmp_path, "id,name\nada,A\nada.l,B\nx@y.org,C\n")
    folders = ["ada", "ada.l", "x@y.org"]
    files = {f"{who}/06.ipynb": notebook(f"{n}") for n, who in enumerate(folders)}
    assert list(desk.taken(files | {"06_ada.l.ipynb": notebook("7")}).values()) == [*folders[:1], "ada.l", *folders[2:]]


def test_names_made_to_be_slow(desk):
    names = ["ada_" * 16_000, "bob noyce " * 6_000, "_1" * 30_000, "A" * 60_000, "a\u0301" * 20_000, "\ufdfa" * 20_000]
    begun = time.process_time()
    found = desk.got({"x.zip": {f"{name}.ipynb": notebook() for name in names}})
    assert {outcome for outcome, *_ in found.values()} == {REFUSED}
    assert time.process_time() - begun < 10


def test_a_zip_cannot_speak_for_the_system(desk):
    found = desk.got({"bob.zip": {"lovelaceada_101_7_06.ipynb": notebook()}})
    assert "collect that download by itself" in found["bob.zip/lovelaceada_101_7_06.ipynb"][2]


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("06.ipynb", b"", "the file is empty"),
        ("06.ipynb", b"  \n", "the file is empty"),
        ("06.ipynb", b'{"cells": [', "not JSON"),
        ("06.ipynb", b"\xff\xfe\x00", "not JSON"),
        ("06.ipynb", b"[" * 100_000, "not JSON"),
        ("06.ipynb", b"[]", "no notebook"),
        ("06.ipynb", b'{"cells": []}', "no exercise notebook"),
        ("06.ipynb", notebook(section="efficiency"), "the exercise of efficiency, which this assignment"),
        ("06.ipynb", zipped({"a": b"b"}), "not JSON"),
        ("06.py", b"x = 1", "a Python script: ask for the notebook"),
        ("06.html", b"<html>", "a web page"),
        ("06.pdf", b"%PDF", "a PDF"),
        ("06.rar", b"Rar!", "an archive that is no zip"),
        ("data.csv", b"1,2", "no notebook"),
        ("notes", b"", "no notebook"),
        ("06.zip", b"PK", "cannot be read"),
        ("06_iron_law_answers.json", b"{", "the answers are not JSON"),
        ("data.json", b"[1]", "no notebook"),
    ],
)
def test_refused_with_a_reason(desk, name, data, reason):
    ((outcome, _, told),) = desk.got({f"ada/{name}": data}).values()
    assert outcome == REFUSED and told.startswith(reason)
    assert not list(desk.assigned.folder.rglob("*.ipynb"))


@pytest.mark.parametrize("form", ["lovelaceada_101_text.html", "lovelaceada_101_link.html"])
def test_text_typed_into_canvas(desk, form):
    assert desk.got({form: b"<p>"})[form] == (REFUSED, "ada", "typed into Canvas: ask for the notebook as a file")


@pytest.mark.parametrize("form", ["onlinetext_/onlinetext.html", "onlinetext_onlinetext.html"])
def test_text_typed_into_moodle(desk, form):
    name = f"Ada Lovelace_7_assignsubmission_{form}"
    assert desk.got({name: b"<p>"})[name][2] == "typed into Moodle: ask for the notebook as a file"


@pytest.mark.parametrize(
    "name",
    ["ada/.DS_Store", "__MACOSX/ada/._06.ipynb", "ada/.ipynb_checkpoints/06-checkpoint.ipynb", "Thumbs.db", "~$x.docx"],
)
def test_what_nobody_meant_to_hand_in_is_listed_apart(desk, name):
    found = desk.collect(desk.lay({name: notebook(student="ada")}))
    assert [row.unasked for row in found.rows] == [True] and found.having(REFUSED) == []


def test_what_lies_beside_a_notebook_does_not_stand_out(desk):
    found = desk.collect(desk.lay({"ada/06.ipynb": notebook(), "ada/06.html": b"<p>", "bob/06.html": b"<p>"}))
    assert [row.file.student for row in found.having(REFUSED)] == ["bob"]
    assert "no submission: beside a notebook that was taken: a web page" in found.rows[0].file.reason


def test_a_refusal_harms_nobody_else(desk):
    bad = {"bomb.ipynb": bytes(30_000_000), "../up.ipynb": notebook(student="bob"), "06.ipynb": notebook()}
    found = desk.got({"ada.zip": bad, "bob/06.ipynb": notebook()})
    assert found["bob/06.ipynb"][:2] == (TAKEN, "bob") and found["ada.zip/06.ipynb"][:2] == (TAKEN, "ada")
    assert [outcome for outcome, *_ in found.values()].count(REFUSED) == 2


def test_released_for_another_course(desk):
    (row,) = desk.collect(desk.lay({"ada/06.ipynb": notebook(student="ada", course_name="cs248")})).rows
    assert row.file.outcome == TAKEN and row.flag == "it was released for cs248/06"


# --- when, and which counts -----------------------------------------------------------------------------------------


def test_the_newest_counts_whatever_the_order(desk):
    desk.lay({"a/ada.ipynb": notebook("new")}, DUE - timedelta(hours=1))
    desk.lay({"b/ada.ipynb": notebook("old")}, DUE - timedelta(hours=2))
    found = {row.file.source: (row.file.outcome, row.file.reason) for row in desk.collect().rows}
    assert found == {
        "got/a/ada.ipynb": (TAKEN, ""),
        "got/b/ada.ipynb": (SUPERSEDED, "a newer one counts: got/a/ada.ipynb"),
    }
    desk.lay({"c/ada.ipynb": notebook("newest")}, DUE)
    assert {row.file.source: row.file.outcome for row in desk.collect().rows} == {
        "got/a/ada.ipynb": SUPERSEDED,
        "got/b/ada.ipynb": SUPERSEDED,
        "got/c/ada.ipynb": TAKEN,
    }
    assert [(row["outcome"], row["file"]) for row in desk.table() if row["student"] == "ada" and row["file"]] == [
        (SUPERSEDED, "got/a/ada.ipynb"),
        (SUPERSEDED, "got/b/ada.ipynb"),
        (TAKEN, "got/c/ada.ipynb"),
    ]


def test_of_one_time_the_later_copy_counts(desk):
    names = [f"lovelaceada_101_{n}_06{copy}.ipynb" for n, copy in ((1, ""), (2, "-2"), (3, "-10"))]
    found = desk.got({name: notebook(name) for name in names})
    assert [found[name][0] for name in names] == [SUPERSEDED, SUPERSEDED, TAKEN]


def test_late_is_told_by_the_time_of_the_file(desk):
    desk.lay({"ada/06.ipynb": notebook()}, DUE + timedelta(days=1))
    desk.lay({"bob/06.ipynb": notebook()}, DUE - timedelta(days=1))
    desk.collect()
    late = {row["student"]: row["late"] for row in desk.table() if row["outcome"] == TAKEN}
    assert late == {"ada": "late", "bob": ""}


def test_a_systems_download_came_in_time_unless_it_says_late(desk):
    """Its files have the time of the download."""
    desk.lay({"lovelaceada_LATE_101_7_06.ipynb": notebook()}, DUE + timedelta(days=9))
    desk.lay({"noycebob_102_7_06.ipynb": notebook()}, DUE + timedelta(days=9))
    desk.collect()
    with desk.book as book:
        assert {one.student: (one.handed_in, one.late) for one in book.received("06")} == {
            "ada": (DUE, True),
            "bob": (DUE, False),
        }


def test_the_instructor_may_say_when(desk):
    when = DUE + timedelta(days=2)
    desk.got({"lovelaceada_LATE_101_7_06.ipynb": notebook(), "bob/06.ipynb": notebook()}, received=when)
    with desk.book as book:
        assert [(one.handed_in, one.late) for one in book.received("06")] == [(when, False)] * 2


def test_what_came_before_keeps_its_time_and_is_not_called_late(desk):
    desk.got({"ada/06.ipynb": notebook()}, received=DUE)
    (row,) = desk.collect(received=DUE + timedelta(days=2)).rows
    assert row.already and row.received.handed_in == DUE


def test_no_file_comes_from_the_future(desk):
    desk.lay({"ada/06.ipynb": notebook()}, datetime.now(UTC) + timedelta(days=900))
    desk.collect()
    with desk.book as book:
        assert book.received("06")[0].handed_in <= datetime.now(UTC)


# --- the whole ------------------------------------------------------------------------------------------------------

EVERYTHING = {
    "ada/06_iron_law.ipynb": notebook("1"),
    "ada/06_iron_law (1).ipynb": notebook("2"),
    "lovelaceada_LATE_101_9_06.ipynb": notebook("3"),
    "bob.zip": {"06.ipynb": notebook("4"), "__MACOSX/._06.ipynb": b"x", "in.zip": zipped({"x.ipynb": b""})},
    "emile/06.pdf": b"%PDF",
    "=cmd|'/c calc'!A1.ipynb": b"",
    "nobody.ipynb": notebook("5"),
    ".DS_Store": b"\0",
}


def _digests(place):
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in place.rglob("*") if path.is_file()}


def test_every_file_is_listed_and_no_original_is_changed(desk):
    desk.lay(EVERYTHING)
    before = _digests(desk.batch)
    rows = desk.collect().rows
    assert _digests(desk.batch) == before
    assert len(rows) == len(EVERYTHING) - 1 + 3  # the zip's three files stand for it
    assert len([row for row in desk.table() if row["file"]]) == len(rows)
    assert {(row["student"], row["part"]) for row in desk.table() if row["outcome"] == "not handed in"} == {
        (who, part)
        for who in ("ada", "bob", "emile", "ann1", "ann2")
        for part in ("iron_law", "iron_law.quiz")
        if (who, part) not in (("ada", "iron_law"), ("bob", "iron_law"))
    }


def test_who_has_not_handed_in(desk):
    found = desk.collect(desk.lay(EVERYTHING))
    assert [student.id for student in found.missing] == ["emile", "ann1", "ann2"]
    assert found.counts == {"iron_law": 2, "iron_law.quiz": 0}


def test_no_cell_of_the_list_is_a_formula(desk):
    desk.collect(desk.lay({"=cmd|'/c calc'!A1.ipynb": b"", "ada/06.ipynb": notebook(student="zed")}))
    cells = [cell for row in desk.table() for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_once_more_changes_nothing_and_says_so(desk):
    desk.collect(desk.lay(EVERYTHING))
    before = _digests(desk.assigned.folder)
    with desk.book as book:
        dump, files = book.dump(), book.files("06")
    rows = desk.collect().rows
    assert _digests(desk.assigned.folder) == before
    with desk.book as book:
        assert (book.dump(), book.files("06")) == (dump, files)
    assert {row.already for row in rows if row.file.outcome != REFUSED} == {True}


def test_only_looking_writes_nothing(desk):
    desk.lay(EVERYTHING)
    before = _digests(desk.assigned.folder)
    looked = desk.collect(dry_run=True)
    assert _digests(desk.assigned.folder) == before
    with desk.book as book:
        assert book.files("06") == book.received("06") == []
    assert [row.file for row in looked.rows] == [row.file for row in desk.collect().rows]


def test_refused_at_first_and_taken_once_the_roster_is_mended(desk):
    desk.lay({"kay_106_7_06.ipynb": notebook()})
    assert [row.file.outcome for row in desk.collect().rows] == [REFUSED]
    with (desk.course.folder / course.ROSTER).open("a", encoding="utf8") as table:
        table.write("Kay,106,s6,kay,A\n")
    assert [row.file.outcome for row in desk.collect().rows] == [TAKEN]
    assert [row["outcome"] for row in desk.table() if row["file"]] == [TAKEN]


def test_memory_holds_one_file_at_a_time(desk):
    table = "id,name\n" + "".join(f"s{n},Student {n}\n" for n in range(60))
    (desk.course.folder / course.ROSTER).write_text(table, encoding="utf8")
    desk.lay({"all.zip": {f"s{n}/06.ipynb": notebook(f"'{n:>300000}'") for n in range(60)}})
    students = desk.course.roster()
    tracemalloc.start()
    found = collect(desk.batch / "all.zip", desk.assigned, students)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.having(TAKEN)) == 60 and peak < 10 * 300_000


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_in_the_middle_nothing_is_lost(tmp_path):
    table = "id,name\n" + "".join(f"s{n},Student {n}\n" for n in range(120))
    whole, killed = Desk(tmp_path / "whole", table), Desk(tmp_path / "killed", table)
    files = {f"s{n}/06.ipynb": notebook(f"{n}" * 9_000) for n in range(120)}
    whole.collect(whole.lay(files))
    killed.lay(files)
    moments = random.Random(1)
    for _ in range(3):
        run = multiprocessing.get_context("fork").Process(target=killed.collect)
        run.start()
        time.sleep(moments.uniform(0, 0.3))
        run.kill()
        run.join()
    killed.collect()
    with whole.book as one, killed.book as other:
        assert one.dump() == other.dump() and one.files("06") == other.files("06")
    names = [{p.relative_to(d.assigned.folder) for p in d.assigned.folder.rglob("*.ipynb")} for d in (whole, killed)]
    assert names[0] == names[1] and len(names[0]) == 120
