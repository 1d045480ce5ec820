"""A small class: ada was on time, bob two days late, cyd handed in nothing. Every short answer waits for a mark."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from mlsys_helpers.grading import course, roster
from mlsys_helpers.grading.gradebook import WAITING, Entry, Gradebook, Received

DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
TASK, OTHER, QUIZ = "iron_law.binding_term", "iron_law.pipelined", "iron_law.quiz"
ROSTER = "id,name,email\nada,Ada Lovelace,ada@x.org\nbob,=1+1,bob@x.org\ncyd,Çyd Ñandú,cyd@x.org\n"


@pytest.fixture
def small_class(tmp_path):
    """Its `folder`, `assigned`, `roster` and `book`, the ids of its short answers (`short`), and how to `hand_in`."""
    course.new_course(tmp_path, "cs249")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf8")
    part = course.Part("iron_law", {TASK: 2.0, OTHER: 3.0}, quiz=13.0)
    made = course.Assignment("cs249", "06", tmp_path / "06", (part,), DUE, late=course.Late(15, 0.1, 3))
    course.write(made)
    short = [item.id for item in made.items if item.kind == course.SHORT]
    with Gradebook(tmp_path / course.GRADEBOOK) as book:

        def hand_in(student, task, texts, late=timedelta(), digest="d1"):
            for part, entries in (
                ("iron_law", [(TASK, task, {}), (OTHER, 0.0, {})]),
                (
                    QUIZ,
                    [(QUIZ, 8.0, {}), *((name, None, {"text": text}) for name, text in zip(short, texts, strict=True))],
                ),
            ):
                unit = Received(student, part, digest, DUE + late, f"submissions/{student}/{digest}")
                book.receive("06", [], [unit])
                said = [
                    Entry(
                        student,
                        item,
                        points,
                        made.item(item).points,
                        WAITING if points is None else "right" if points else "wrong",
                        "said of it",
                        digest=digest,
                        detail=detail,
                    )
                    for item, points, detail in entries
                ]
                book.finish("06", unit, "g1", said)

        hand_in("ada", 2.0, ["Bandwidth,\nbecause it waits", "=1+1"])
        hand_in("bob", 0.0, ["The peak", "Nothing"], late=timedelta(days=2))
        yield SimpleNamespace(
            folder=made.folder,
            assigned=made,
            roster=roster.read(tmp_path / "roster.csv"),
            book=book,
            short=short,
            hand_in=hand_in,
        )
