"""A course on disk is read as it was written, and what is wrong with it is named."""

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from mlsys_helpers.exercise.task import tasks
from mlsys_helpers.grading import course, roster

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (123)
,,,,,Manual Posting
    Points Possible,,,,,10.00
"Lovelace, Ada",101,u1,ada,A,
"Student, Test",199,,testuser,A,
"""
MOODLE = '"First name",Surname,"ID number","Email address"\nÉmile,Zola,z9,emile@x.fr\n'


def test_an_assignment_is_read_as_it_was_written(tmp_path):
    course.new_course(tmp_path, "cs249")
    part = course.Part("iron_law", {task.name: float(task.points) for task in tasks("iron_law")}, quiz=20 / 3)
    due = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
    made = course.Assignment("cs249", "06", tmp_path / "06", (part,), due, "class", course.Late(15, 1 / 3, 3))
    course.write(made)
    assert course.assignment(tmp_path / "06") == made
    assert made.points == pytest.approx(sum(part.tasks.values()) + 20 / 3)
    assert [item.kind for item in made.items] == ["task"] * 9 + ["quiz", "short", "short"]
    assert made.key("ada") == made.key("bob") == "cs249/06"


def test_a_students_key_is_their_own(tmp_path):
    assert course.Assignment("cs249", "06", tmp_path, ()).key("ada") == "cs249/06/ada"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("due = 3\n[sections.iron_law.tasks]", "due must be"),
        ("[sections.iron_law]\ntasks.binding_trem = 2", "binding_trem.*did you mean.*binding_term"),
        ("[sections.iron_law]\ntasks.binding_term = -1", "points must be"),
        ("[sections.iron_lw.tasks]", "unknown section"),
        ("[late]\nper_day = 10\n[sections.iron_law.tasks]", r"late\.per_day must be a number from 0 to 1, got 10"),
        ("[late]\ndays = '3'\n[sections.iron_law.tasks]", r"late\.days must be a whole number"),
        ("[late]\ngrace_minutes = -5\n[sections.iron_law.tasks]", r"late\.grace_minutes must be"),
        ("[sections]\niron_law = 1", "cannot be read"),
        ("=", "damaged"),
        ("", "asks nothing"),
    ],
)
def test_a_mistake_in_an_assignments_file_is_named(tmp_path, text, named):
    course.new_course(tmp_path, "cs249")
    (tmp_path / "06").mkdir()
    (tmp_path / "06" / course.ASSIGNMENT).write_text(text)
    with pytest.raises(ValueError, match=rf"assignment\.toml.*{named}"):
        course.assignment(tmp_path / "06")


def test_a_course_keeps_its_name_and_secret(tmp_path):
    made = course.new_course(tmp_path, "cs249")
    assert len(made.secret) == 32 and course.new_course(tmp_path, "cs249") == course.course(tmp_path) == made
    with pytest.raises(ValueError, match="is the course 'cs249'"):
        course.new_course(tmp_path, "cs250")
    with pytest.raises(ValueError, match="holds no course"):
        course.course(tmp_path / "elsewhere")


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_a_new_courses_folder_is_for_its_owner_alone(tmp_path):
    course.new_course(tmp_path / "cs249", "cs249")
    assert stat.S_IMODE((tmp_path / "cs249").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "../up", "a b", "x" * 41])
def test_a_name_names_a_folder(name):
    with pytest.raises(ValueError, match="cannot name"):
        course.check_name("course", name)


@pytest.mark.parametrize(
    ("late", "cost"),
    [(timedelta(days=-1), 0), (timedelta(minutes=1), 0.1), (timedelta(days=9), 0.9), (timedelta(days=30), 1.0)],
)
def test_without_a_last_day_lateness_costs_all_in_the_end(late, cost):
    assert course.Late(per_day=0.1).cost(late) == pytest.approx(cost)
    assert course.Late().cost(late) == 0.0


@pytest.mark.parametrize(
    ("text", "students"),
    [
        ("id,name,email\nada,Ada Lovelace,ada@x.org\n", [("ada", "Ada Lovelace", "ada@x.org")]),
        ("id;name\nzoë1;Zoë\n".replace("zoë1", "zoe1"), [("zoe1", "Zoë", "")]),
        (CANVAS, [("ada", "Lovelace, Ada", "")]),
        (MOODLE, [("z9", "Émile Zola", "emile@x.fr")]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_rosters_of_several_makers_are_read(text, students, encoding):
    read = roster.parse(text.encode(encoding), "roster.csv")
    assert [(s.id, s.name, s.email) for s in read] == students


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "has no student"),
        ("id,name\nada,A\nADA,B\n", "line 3: a second student has the id 'ADA'"),
        ("id,name\n../x,A\n", r"line 2: '\.\./x' cannot name a folder"),
        ("id,name\nAda,A\nNUL,B\n", "line 3: 'NUL' cannot name a folder; .* no device of Windows"),
        ("id,name\nada.,A\n", "line 2: 'ada.' cannot name a folder; .* no dot at its end"),
        ("name\nAda\n", "line 2: no id"),
    ],
)
def test_a_roster_that_tells_nobody_apart_is_refused(text, named):
    with pytest.raises(ValueError, match=named):
        roster.parse(text.encode(), "roster.csv")


def test_a_student_is_found_by_id_whatever_the_case():
    read = roster.parse(b"id,name\nada,Ada\n", "roster.csv")
    assert read.student("ADA").name == "Ada"
    with pytest.raises(ValueError, match="did you mean 'ada'"):
        read.student("adda")
