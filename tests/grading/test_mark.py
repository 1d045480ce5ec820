"""A person's decisions: each kept with its reason, checked before it is set, all of a sheet or none."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from mlsys_helpers.grading import cells, roster
from mlsys_helpers.grading.gradebook import Received
from mlsys_helpers.grading.handing_in import quizzes
from mlsys_helpers.grading.marking import mark, sheet, terminal

TASK = "iron_law.binding_term"


@pytest.fixture
def waiting(small_class):
    """What waits for a mark now."""
    ids = [student.id for student in small_class.roster]
    return lambda: [answer for answer in mark.answers(small_class.assigned, ids, small_class.book) if answer.waits]


@pytest.fixture
def points(small_class):
    """A student's points for an item now."""
    assigned, book = small_class.assigned, small_class.book
    return lambda student, item: book.standings(assigned, [student])[student].points(assigned.item(item))


@pytest.fixture
def read_back(small_class):
    """Write the sheet, let `edit` change its rows (a dict each), read it; the entries."""

    def read(edit, everything=False, delimiter=",", encoding="utf-8-sig", **more):
        assigned, roster, book = small_class.assigned, small_class.roster, small_class.book
        answers = mark.answers(assigned, [student.id for student in roster], book)
        data = sheet.written(a for a in answers if everything or a.waits)
        rows = [dict(zip(sheet.HEADS, row, strict=True)) for row in cells.read(data).rows[1:]]
        rows = edit(rows) or rows
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, sheet.HEADS, delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)
        return sheet.marks(text.getvalue().encode(encoding), assigned, roster, answers, "vijay", **more)

    return read


def fill(student, item, **changed):
    """An edit that fills in one row."""

    def edit(rows):
        [row] = [row for row in rows if row["id"] == student and row["item"] == item]
        row.update(changed)

    return edit


# --- what waits -----------------------------------------------------------------------------------------------------


def test_short_answers_wait_question_by_question_with_their_text(small_class, waiting):
    found = waiting()
    assert [answer.item.id for answer in found] == [name for name in small_class.short for _ in range(2)]
    texts = {(answer.student, answer.item.id): answer.said for answer in found}
    assert texts["bob", small_class.short[0]] == "The peak" and texts["ada", small_class.short[1]] == "=1+1"


def test_the_order_is_the_same_each_time_and_differs_between_questions(small_class):
    ids = [f"s{n}" for n in range(30)]
    orders = []
    for _ in range(2):
        found = mark.answers(small_class.assigned, ids, small_class.book)
        orders.append([[a.student for a in found if a.item.id == item] for item in small_class.short])
    assert orders[0] == orders[1]
    assert orders[0][0] != orders[0][1] and sorted(orders[0][0]) == sorted(ids) != orders[0][0]


def test_what_the_quiz_says_of_a_short_answer_is_what_is_shown(small_class, waiting):
    attempts = [{"response": {"text": "Bandwidth it is", "made": []}, "seed": 0, "gave_up": False}]
    data = json.dumps({"format": 1, "questions": {small_class.short[0]: attempts}}).encode()
    unit = Received("cyd", "iron_law.quiz", "d9", datetime(2026, 12, 1, tzinfo=UTC), "submissions/cyd/d9")
    small_class.book.receive("06", [], [unit])
    small_class.book.finish("06", unit, "g1", quizzes.quiz_entries(small_class.assigned, unit, data))
    assert [(a.item.id, a.said) for a in waiting() if a.student == "cyd"] == [(small_class.short[0], "Bandwidth it is")]


def test_only_the_newest_submissions_answer_waits(small_class, waiting):
    small_class.hand_in("bob", 2.0, ["A better answer", "x"], digest="d2")
    assert "A better answer" not in [a.said for a in waiting()]  # its time is before that of the first
    small_class.hand_in("bob", 2.0, ["The best answer", "x"], late=timedelta(days=3), digest="d3")
    assert [a.said for a in waiting() if a.student == "bob"] == ["The best answer", "x"]


# --- decisions ------------------------------------------------------------------------------------------------------


def test_a_mark_counts_with_lateness_taken_off_and_says_so(small_class, points):
    item = small_class.assigned.item(TASK)
    [change] = mark.decide(
        small_class.book, small_class.assigned, [mark.marked("bob", item, 2.0, "another reading", "vijay")]
    )
    assert points("bob", TASK) == pytest.approx(1.6)
    assert str(change) == f"bob  {TASK}: 0 -> 1.6 of 2, 20% taken off for lateness"


def test_the_same_decision_again_adds_nothing(small_class):
    item = small_class.assigned.item(TASK)
    entries = [mark.marked("ada", item, 1.0, "half", "vijay")]
    assert len(mark.decide(small_class.book, small_class.assigned, entries)) == 1
    before = small_class.book.dump()
    assert mark.decide(small_class.book, small_class.assigned, entries) == [] and small_class.book.dump() == before


@pytest.mark.parametrize(("points", "named"), [(-1.0, "negative"), (2.5, "has 2 points, got 2.5; extra .*--extra")])
def test_points_that_cannot_be_are_refused(small_class, points, named):
    with pytest.raises(ValueError, match=named):
        mark.marked("ada", small_class.assigned.item(TASK), points, "", "vijay")


def test_extra_credit_is_said_on_purpose(small_class):
    assert mark.marked("ada", small_class.assigned.item(TASK), 2.5, "", "vijay", extra=True).points == 2.5


def test_full_marks_as_they_are_shown_are_full_marks(small_class):
    item = replace(small_class.assigned.item(TASK), points=10 / 12)
    assert mark.marked("ada", item, 0.83, "", "vijay").points == 10 / 12
    with pytest.raises(ValueError, match=r"has 0\.83 points"):
        mark.marked("ada", item, 0.84, "", "vijay")


def test_a_mark_is_taken_back_once(small_class, points):
    book, assigned, item = small_class.book, small_class.assigned, small_class.assigned.item(TASK)
    mark.decide(book, assigned, [mark.marked("ada", item, 0.5, "x", "vijay")])
    [change] = mark.decide(book, assigned, mark.withdrawn(book, assigned, ["ada", "bob"], item, "a slip", "vijay"))
    assert (change.before, change.after) == (0.5, 2.0) and points("ada", TASK) == 2.0
    with pytest.raises(ValueError, match="no mark set by hand"):
        mark.withdrawn(book, assigned, ["ada", "bob"], item, "a slip", "vijay")


def test_an_extension_is_set_and_taken_back(small_class):
    book, assigned = small_class.book, small_class.assigned
    total = lambda: book.standings(assigned, ["bob"])["bob"].total(assigned.items)  # noqa: E731
    book.mark("06", [mark.extension("bob", datetime(2026, 12, 8, tzinfo=UTC), "was ill", "vijay")])
    assert total() == pytest.approx(8.0)
    book.mark("06", [mark.extension("bob", None, "", "vijay")])
    assert total() == pytest.approx(6.4)


@pytest.mark.parametrize("name", ["binding_term", TASK])
def test_an_item_may_be_named_without_its_section(small_class, name):
    assert mark.item_named(small_class.assigned, name).id == TASK


def test_an_unknown_item_is_told_the_nearest(small_class):
    with pytest.raises(ValueError, match=f"did you mean '{TASK}'"):
        mark.item_named(small_class.assigned, "iron_law.binding_trem")


def test_who_marks_must_be_known(monkeypatch):
    def unknown():
        raise KeyError("uid")

    monkeypatch.setattr(mark.getpass, "getuser", unknown)
    assert mark.who("vijay") == "vijay"
    with pytest.raises(ValueError, match="--by NAME"):
        mark.who()


# --- the sheet ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("everything", [False, True])
def test_a_sheet_that_nobody_touched_sets_nothing(read_back, everything):
    assert read_back(lambda rows: None, everything) == []


@pytest.mark.parametrize("typed", ["0.5", "0,5", "0.50"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_filled_in_sheet_is_read_however_a_spreadsheet_saved_it(small_class, read_back, typed, delimiter, encoding):
    edit = fill("ada", small_class.short[0], points=typed, comment="good = clear")
    [entry] = read_back(edit, delimiter=delimiter, encoding=encoding)
    assert (entry.student, entry.points, entry.message, entry.setter) == ("ada", 0.5, "good = clear", "vijay")


def test_what_a_student_wrote_is_no_formula_in_the_sheet(small_class):
    answers = mark.answers(small_class.assigned, ["ada"], small_class.book)
    assert "'=1+1" in [row[4] for row in cells.read(sheet.written(answers)).rows]


def test_rows_may_be_sorted_and_deleted(small_class, read_back):
    def edit(rows):
        fill("ada", small_class.short[0], points="1")(rows)
        return [row for row in reversed(rows) if row["id"] == "ada"]

    assert [entry.student for entry in read_back(edit, everything=True)] == ["ada"]


def test_an_id_is_known_without_its_zeros_where_only_one_can_be_meant():
    found = roster.parse(b"id,name\n0012,A\n0120,B\n7,C\n007,D\nada,E\n", "roster.csv")
    assert sheet._without_zeros(found) == {"12": "0012", "120": "0120"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"id": "adda"}, "row 2: unknown student 'adda'; did you mean 'ada'"),
        ({"item": "iron_law.nothing"}, "row 2: unknown item"),
        ({"points": "good"}, "row 2: 'good' is no number"),
        ({"points": "-1"}, "row 2: points must not be negative"),
        ({"points": "99"}, "row 2: .* has 1 points, got 99"),
        ({"comment": "nice"}, "row 2: a comment needs points"),
        ({"answer": "something else"}, "row 2: this is not what .* gave to"),
        ({"was": "0.5", "points": "1"}, "row 2: .* has no points .* now and had 0.5 when"),
    ],
)
def test_a_problem_is_told_with_its_row(small_class, read_back, changed, named):
    before = small_class.book.dump()
    with pytest.raises(ValueError, match=f"no mark was set.*\n{named}"):
        read_back(lambda rows: rows[0].update(changed))
    assert small_class.book.dump() == before


def test_every_problem_is_told_and_nothing_is_set(read_back):
    def edit(rows):
        for row in rows:
            row["points"] = "?"
        return [*rows, dict(rows[0], points="1")]

    with pytest.raises(ValueError) as told:
        read_back(edit)
    assert str(told.value).count("is no number") == 4 and "row 6: " in str(told.value)
    assert "stand in row 2 already" in str(told.value)


def test_points_that_were_deleted_are_no_mark(read_back):
    with pytest.raises(ValueError, match="points were deleted"):
        read_back(fill("ada", TASK, points=""), everything=True)


def test_a_score_that_changed_since_is_not_overwritten(small_class):
    assigned, roster, book = small_class.assigned, small_class.roster, small_class.book
    ids = [student.id for student in roster]
    rows = cells.read(sheet.written(mark.answers(assigned, ids, book))).rows
    mark.decide(book, assigned, [mark.marked("ada", assigned.item(TASK), 1.0, "seen", "bea")])
    [row] = [row for row in rows if row[:2] == ["ada", TASK]]
    row[7] = "0"
    with pytest.raises(ValueError, match=r"has 1 for .* now and had 2 when this sheet was written"):
        sheet.marks(cells.write(rows), assigned, roster, mark.answers(assigned, ids, book), "vijay")


def test_a_sheet_may_be_filled_in_and_read_in_turns_with_the_terminal(small_class):
    assigned, roster, book, item = small_class.assigned, small_class.roster, small_class.book, small_class.short[0]
    answers = lambda: mark.answers(assigned, ["ada", "bob", "cyd"], book)  # noqa: E731
    data = sheet.written(answer for answer in answers() if answer.waits)
    mark.decide(book, assigned, [mark.marked("ada", assigned.item(item), 0.5, "seen", "bea")])
    assert sheet.marks(data, assigned, roster, answers(), "vijay") == []


def test_a_sheet_without_its_columns_is_refused(small_class):
    with pytest.raises(ValueError, match="no column item and no question"):
        sheet.marks(b"id,points\nada,1\n", small_class.assigned, small_class.roster, [], "vijay")


def test_a_new_comment_with_the_same_points_is_kept(small_class, read_back):
    [entry] = read_back(fill("ada", TASK, comment="well seen"), everything=True)
    assert (entry.points, entry.message) == (2.0, "well seen")


# --- the terminal ---------------------------------------------------------------------------------------------------


@pytest.fixture
def session(small_class, waiting):
    """Mark in the terminal with these answers typed; how many were marked, and what was shown."""

    def run(*typed, names=None):
        given, shown = iter(typed), io.StringIO()

        def ask(words):
            shown.write(words + "\n")
            try:
                return next(given)
            except StopIteration:
                raise EOFError from None

        console = Console(file=shown, width=80, highlight=False)
        marked = terminal.run(small_class.assigned, small_class.book, waiting(), "vijay", names, console, ask)
        return marked, shown.getvalue()

    return run


def test_marking_is_blind_and_kept_at_once(session, waiting):
    marked, shown = session("0,5", "well said", "f", "")
    assert marked == 2 and len(waiting()) == 2 and "2 of 4 marked, and kept." in shown
    assert "Ada" not in shown and "ada" not in shown.replace("adapt", "")
    assert "A full answer makes 3 points" in shown


def test_names_are_shown_on_request(session):
    assert "Ada Lovelace" in session(names={"ada": "Ada Lovelace", "bob": "Bob"})[1]


def test_what_cannot_be_a_mark_is_asked_again(session, waiting):
    marked, shown = session("99", "two", "?", "1", "")
    assert marked == 1 and "got 99" in shown and "'two' is no number" in shown
    assert shown.count("For example:") == 2


def test_skipped_answers_wait_on_and_one_may_go_back(session, small_class, waiting):
    first, second = waiting()[:2]
    marked, _ = session("s", "1", "a slip", "b", "0", "", "q")
    assert marked == 1 and waiting()[0].student == first.student
    item = second.item.id
    assert [e.points for e in small_class.book.history("06", second.student, item) if e.by_hand] == [1.0, 0.0]


def test_a_students_text_cannot_draw_in_the_terminal(session, small_class):
    small_class.hand_in("ada", 2.0, ["[red]x[/red] [/]", "y"], late=timedelta(hours=1), digest="d2")
    assert "[red]x[/red] [/]" in session("s", "s")[1]
