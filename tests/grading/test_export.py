"""What is exported is what students see, loads where it is meant to, and executes nothing."""

import csv
import io
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from mlsys_helpers.grading import roster
from mlsys_helpers.grading.exporting import scores
from mlsys_helpers.grading.exporting.canvas import canvas
from mlsys_helpers.grading.exporting.moodle import moodle
from mlsys_helpers.grading.gradebook import Received
from mlsys_helpers.grading.marking import mark

TASK = "iron_law.binding_term"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Homework 6 (123),Homework 7 (124),Final Score\r\n"
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,20,10,(read only)\r\n"
    '"Lovelace, Ada",101,u1,ada,A,- ill,3,-,90\r\n'
    "=1+1,102,u2,bob,A,,,7,\r\n"
    "Ñandú Çyd,103,u3,cyd,A,,5,,\r\n"
    '"Gone, Gus",104,u4,gus,A,,1,,\r\n'
    '"Student, Test",199,,testuser,A,,,,\r\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\r\n"
    "Participant 7,Ada Lovelace,ada@x.org,Submitted for grading,,20.00,Yes,-,-,- well\r\n"
    "Participant 8,=1+1,bob@x.org,Submitted for grading,,20.00,Yes,-,-,\r\n"
    "Participant 9,Çyd Ñandú,cyd@x.org,No submission,,20.00,Yes,-,-,\r\n"
    "Participant 10,Gus Gone,gus@x.org,No submission,2,20.00,Yes,-,-,\r\n"
)
FORMULA = re.compile(r"\s*[=+@-].", re.DOTALL)


def rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def finished(small_class):
    """The class with every short answer marked; its scores."""

    def found(missing="empty", unfinished=False, students=None):
        return scores.scores(
            small_class.assigned, students or small_class.roster, small_class.book, missing, unfinished
        )

    def finish(*choices, **more):
        assigned, book = small_class.assigned, small_class.book
        waiting = [answer for answer in mark.answers(assigned, ["ada", "bob"], book) if answer.waits]
        mark.decide(book, assigned, [mark.marked(a.student, a.item, 0.835, "read", "vijay") for a in waiting])
        return found(*choices, **more)

    finish.unmarked = found
    return finish


# --- what may be exported -------------------------------------------------------------------------------------------


def test_what_waits_for_a_mark_is_not_exported_unasked(finished):
    with pytest.raises(ValueError, match=r"answers of ada, bob wait .* companion mark .*06 first; --unfinished"):
        finished.unmarked()
    unfinished = finished.unmarked(unfinished=True)
    assert unfinished.totals["ada"] == 10.0
    assert rows(scores.everything(unfinished).data)[1][-1] == "iron_law.two_upgrades iron_law.one_more_point"


def test_what_is_not_graded_is_not_exported_as_nothing(small_class, finished):
    finished()
    at = datetime(2026, 12, 9, tzinfo=UTC)
    small_class.book.receive("06", [], [Received("ada", "iron_law", "new", at, "submissions/ada/new")])
    with pytest.raises(ValueError, match=r"ada handed in what is not graded yet: run companion grade"):
        finished.unmarked()


def test_missing_is_empty_or_zero(finished):
    assert "cyd" not in canvas(finished()).data.decode()
    assert canvas(finished("zero")).data.decode().endswith("Çyd Ñandú,,,cyd,,0\r\n")
    with pytest.raises(ValueError, match="unknown choice for --missing 'none'"):
        finished("none")


def test_a_score_set_by_hand_for_who_handed_in_nothing_is_exported(small_class, finished):
    item = small_class.assigned.item(TASK)
    mark.decide(small_class.book, small_class.assigned, [mark.marked("cyd", item, 2.0, "on paper", "vijay")])
    assert finished().totals["cyd"] == 2.0


# --- everything -----------------------------------------------------------------------------------------------------


def test_the_table_of_everything_adds_up(finished):
    made = scores.everything(finished())
    heads, ada, bob, cyd = rows(made.data)
    assert made.data.startswith("\ufeff".encode())
    assert ada == ["ada", "Ada Lovelace", "ada@x.org", "yes", "2", "0", "8", "0.84", "0.84", "0", "11.67", "18", ""]
    assert bob[1] == "'=1+1" and bob[-4:] == ["1.93", "7.74", "18", ""]
    assert cyd == ["cyd", "Çyd Ñandú", "cyd@x.org", "no", "", "", "", "", "", "", "", "18", ""] and len(heads) == 13


def test_equal_gradebooks_give_equal_bytes(finished):
    first, again = finished(), finished()
    for made in (scores.everything, canvas, moodle):
        assert made(first) == made(again)


# --- Canvas ---------------------------------------------------------------------------------------------------------


def test_a_new_gradebook_begins_as_canvas_reads_it(finished):
    made = canvas(finished())
    found = rows(made.data)
    assert found[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "cs249 06"]
    assert found[1] == ["    Points Possible", "", "", "", "", "18"]
    assert found[2] == ["Ada Lovelace", "", "", "ada", "", "11.67"] and not made.data.startswith(b"\xef\xbb\xbf")
    assert any("cyd handed in nothing; Canvas keeps" in note for note in made.notes)
    assert any("bob begins like a formula as a name" in note for note in made.notes)


def test_ids_of_canvas_come_from_a_roster_of_canvas_only(finished):
    own = roster.parse(b"id,name\n101,Ada\n", "roster.csv")
    assert rows(canvas(finished("zero", students=own)).data)[2] == ["Ada", "", "", "101", "", "0"]
    theirs = roster.parse(CANVAS.encode(), "roster.csv")
    assert rows(canvas(finished("zero", students=theirs)).data)[2][:5] == ["Lovelace, Ada", "101", "u1", "ada", "A"]


@pytest.mark.parametrize("column", ["Homework 6", "homework 6 (123)"])
def test_a_gradebook_of_canvas_is_filled_in_and_kept_otherwise(finished, column):
    made = canvas(finished(), CANVAS.encode(), column)
    before, after = rows(CANVAS.encode()), rows(made.data)
    before[3][6], before[4][6], before[4][0] = "11.67", "7.74", "'=1+1"
    assert after == before
    told = "\n".join(made.notes)
    assert "Canvas counts it of 20 points, the assignment of 18" in told
    assert "Gone, Gus 104 stand in the template and are nobody" in told and "Test" not in told


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), (";", "cp1252")])
def test_a_template_that_excel_saved_is_read(finished, delimiter, encoding):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows(CANVAS.encode()))
    made = canvas(finished(), text.getvalue().encode(encoding), "Homework 6")
    assert f"u1{delimiter}ada{delimiter}A{delimiter}- ill{delimiter}11.67{delimiter}" in made.data.decode()
    assert made.data.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")


def test_who_is_excused_in_canvas_stays_so(finished):
    made = canvas(finished(), CANVAS.replace("- ill,3,", "- ill,EX,").encode(), "Homework 6")
    assert rows(made.data)[3][6] == "EX" and any("ada are excused" in note for note in made.notes)


def test_who_has_no_row_in_the_template_is_named(finished):
    text = "".join(line for line in CANVAS.splitlines(keepends=True) if ",bob," not in line)
    assert any("bob have a grade and no row" in note for note in canvas(finished(), text.encode(), "Homework 6").notes)


def test_two_students_in_one_row_get_nothing(finished):
    made = canvas(finished(), CANVAS.replace("u1,ada", "bob,ada").encode(), "Homework 6")
    assert rows(made.data)[3][6] == "3" and any("or could be two" in note for note in made.notes)


@pytest.mark.parametrize(
    ("template", "column", "named"),
    [
        (CANVAS, "", r"unknown column of the template '06'.*Homework 6 \(123\).*--column NAME"),
        (CANVAS, "Homework 8", "did you mean"),
        (CANVAS.replace("Homework 7", "Homework 6"), "Homework 6", "2 columns are called 'Homework 6'"),
        (CANVAS.replace(",20,10,", ",(read only),10,"), "Homework 6", "Canvas computes the column"),
        ("id,name\nada,Ada\n", "", "no gradebook that Canvas exported"),
        ("", "", "no gradebook that Canvas exported"),
        (
            CANVAS.replace("ada", "eda").replace("bob", "rob").replace("cyd", "syd"),
            "Homework 6",
            "is it of this class",
        ),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused(finished, template, column, named):
    with pytest.raises(ValueError, match=named):
        canvas(finished(), template.encode(), column)


# --- Moodle ---------------------------------------------------------------------------------------------------------


def test_a_table_for_moodle_has_what_it_can_find_students_by(finished):
    theirs = roster.parse(b'"First name",Surname,"ID number","Email address"\nAda,L,ada,ada@x.fr\n', "roster.csv")
    found = rows(moodle(finished(students=theirs)).data)
    assert found == [
        ["name", "id", "ID number", "Email address", "cs249 06"],
        ["Ada L", "ada", "ada", "ada@x.fr", "11.67"],
    ]


def test_a_grading_worksheet_is_filled_in_and_kept_otherwise(finished):
    made = moodle(finished(), MOODLE.encode())
    before = rows(MOODLE.encode())
    before[1][4], before[2][4], before[2][1] = "11.67", "7.74", "'=1+1"
    assert rows(made.data) == before
    told = "\n".join(made.notes)
    assert "Participant 10 Gus Gone stand in the template" in told and "Moodle counts it of 20.00 points" in told


def test_a_worksheet_in_another_language_is_filled_in(finished):
    text = MOODLE.replace(",Grade,", ",Bewertung,").replace("Email address", "E-Mail-Adresse")
    assert rows(moodle(finished(), text.encode(), "Bewertung").data)[1][4] == "11.67"
    with pytest.raises(ValueError, match=r"Bewertung.*--column NAME"):
        moodle(finished(), text.encode())


def test_a_worksheet_with_ids_is_filled_in(finished):
    text = MOODLE.replace("Email address", "ID number").replace("@x.org", "")
    assert rows(moodle(finished(), text.encode()).data)[1][4] == "11.67"


def test_a_grade_that_moodle_would_pass_over_is_refused(finished):
    with pytest.raises(
        ValueError, match=r"ada have more points than Moodle's maximum of 8\.00.*set its maximum grade to 18"
    ):
        moodle(finished(), MOODLE.replace("20.00", "8.00").encode())


def test_who_is_locked_in_moodle_stays_so(finished):
    made = moodle(finished(), MOODLE.replace(",,20.00,Yes,-,-,- well", ",,20.00,No,-,-,- well").encode())
    assert rows(made.data)[1][4] == "" and any("ada are excused or cannot" in note for note in made.notes)


# --- nothing executes -----------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(small_class):
    """A roster of names that are formulas."""
    names = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "x;=1", "=cmd|' /C calc'!A0", "\uff1d1+1"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["id", "name"], *([f"s{n}", name] for n, name in enumerate(names))])
    return roster.parse(text.getvalue().encode(), "roster.csv")


@pytest.mark.parametrize("made", [scores.everything, canvas, moodle])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_name_is_a_formula(finished, hostile, made, delimiter):
    text = made(finished("zero", students=hostile)).data.decode("utf-8-sig")
    found = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]
    assert len(found) > 9 and not [cell for cell in found if FORMULA.match(cell)]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_computes_nothing_of_an_export(finished, hostile, tmp_path):
    (tmp_path / "all.csv").write_bytes(scores.everything(finished("zero", students=hostile)).data)
    (tmp_path / "unsafe.csv").write_text("id,name\ns0,=1+1\n")
    words = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "fods"]
    paths = [str(tmp_path / name) for name in ("all.csv", "unsafe.csv")]
    subprocess.run([*words, "--outdir", str(tmp_path), *paths], check=True, capture_output=True, timeout=120)
    made, unsafe = ((tmp_path / name).read_text(encoding="utf8") for name in ("all.fods", "unsafe.fods"))
    assert "=cmd" in made and "table:formula" not in made and "table:formula" in unsafe
