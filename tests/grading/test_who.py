"""Names as people and systems write them find their student, and never another."""

import pytest

from mlsys_helpers.grading import roster
from mlsys_helpers.grading.collecting.who import Label, People, label

CLASS = People(
    roster.parse(
        "id,name,email\n"
        "ada,Ada Lovelace,ada.l@uni.example\n"
        'u2,"O\'Brien, Seán",sean@uni.example\n'
        "u3,Ada Lovelace King,king@uni.example\n"
        "z9,Émile Zola,\n"
        "12345,李明,li@uni.example\n"
        "7,Bob Noyce,\n"
        "maria.g,Maria de la Cruz García,\n".encode(),
        "roster.csv",
    )
)
LEFT_OUT = ("06", "06_iron_law", "iron_law", "cs249")


@pytest.mark.parametrize(
    ("text", "students"),
    [
        ("ada", "ada"),
        ("ADA", "ada"),
        ("06_iron_law_ada", "ada"),
        ("Ada Lovelace 06", "ada"),
        ("lovelace_ada-06_iron_law (2)", "ada"),
        ("ada.l@uni.example", "ada"),
        ("Ada Lovelace King", "u3"),  # the longer name
        ("Sean O'Brien", "u2"),
        ("obrien_sean_06", "u2"),
        ("E\u0301mile Zola", "z9"),
        ("EMILE ZOLA 06", "z9"),
        ("李明", "12345"),
        ("06-12345", "12345"),
        ("7", "7"),  # the name of a folder
        ("06_iron_law-7", ""),  # the seventh copy
        ("García, Maria de la Cruz", "maria.g"),
        ("ada_u2_06", "ada u2"),  # two students in one name
        ("cs249-06-ada", "ada"),
        ("06_iron_law", ""),
        ("adam", ""),
        ("Lovelace", ""),
        ("", ""),
    ],
)
def test_who_is_named(text, students):
    assert CLASS.named(text, LEFT_OUT) == set(students.split())


@pytest.mark.parametrize(
    ("text", "students"), [("06 Zola", "z9"), ("lovelace", "ada u3"), ("Maria Cruz", "maria.g"), ("06 iron law", "")]
)
def test_who_shares_a_part_of_a_name(text, students):
    assert CLASS.hinted(text, LEFT_OUT) == set(students.split())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lovelaceada_12345_67890_06-2.ipynb", Label("Canvas", "lovelaceada", "12345", file="06-2.ipynb")),
        ("lovelaceada_LATE_12345_67890_x y_z.zip", Label("Canvas", "lovelaceada", "12345", True, file="x y_z.zip")),
        ("zolaémile_12_text.html", Label("Canvas", "zolaémile", "12", typed=True)),
        ("zolaémile_12_link.html", Label("Canvas", "zolaémile", "12", typed=True)),
        ("anon_x7Qp1_67890_06.ipynb", Label("Canvas", "", "anon_x7Qp1", file="06.ipynb")),
        ("LATE_anon_x7Qp1_67890_06.ipynb", Label("Canvas", "", "anon_x7Qp1", True, file="06.ipynb")),
        ("Ada Lovelace_123456_assignsubmission_file_", Label("Moodle", "Ada Lovelace")),
        ("Ada Lovelace_123456_assignsubmission_file", Label("Moodle", "Ada Lovelace")),
        ("Ada Lovelace_12_assignsubmission_file_06_x.ipynb", Label("Moodle", "Ada Lovelace", file="06_x.ipynb")),
        ("Ada Lovelace_12_assignsubmission_onlinetext_", Label("Moodle", "Ada Lovelace", typed=True)),
        (
            "Ada Lovelace_12_assignsubmission_onlinetext_onlinetext.html",
            Label("Moodle", "Ada Lovelace", typed=True, file="onlinetext.html"),
        ),
        ("Participant_12_assignsubmission_file_06.ipynb", Label("Moodle", "", file="06.ipynb")),
        ("06_iron_law.ipynb", None),
        ("06_iron_law_ada.ipynb", None),
        ("iron_law_06_2026_final.ipynb", None),
        ("hw_06_2026_final.ipynb", None),
        ("12_34_06.ipynb", None),
    ],
)
def test_what_a_system_says(name, said):
    assert label(name) == said


@pytest.mark.parametrize(
    ("said", "students"),
    [
        (Label("Canvas", "lovelaceada", "1"), "ada"),
        (Label("Canvas", "obrienseán", "2"), "u2"),
        (Label("Canvas", "delacruzgarcíamaria", "3"), "maria.g"),
        (Label("Canvas", "lovelace", "4"), ""),
        (Label("Moodle", "Lovelace King Ada"), "u3"),
        (Label("Moodle", "Byron"), ""),
    ],
)
def test_whom_a_system_means(said, students):
    assert CLASS.labelled(said) == set(students.split())


def test_canvas_numbers_tell_two_of_one_name_apart():
    twins = People(
        roster.parse(
            b'Student,ID,SIS User ID,SIS Login ID\n"Kim, Ann",101,u1,ann1\n"Kim, Ann",102,u2,ann2\n', "canvas.csv"
        )
    )
    assert twins.labelled(Label("Canvas", "kimann", "102")) == {"ann2"}
    assert twins.labelled(Label("Canvas", "kimann", "999")) == {"ann1", "ann2"}


def test_a_column_id_that_is_not_canvas_s_is_no_number_of_canvas():
    own = People(roster.parse(b"id,name\n101,Ann Kim\n", "own.csv"))
    assert own.labelled(Label("Canvas", "someoneelse", "101")) == set()
