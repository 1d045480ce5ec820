"""`companion grade` says what protects, what came of it and what is missing, in 80 letters."""

import shutil
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from benchmarks.grading import synthetic
from mlsys_helpers import cli
from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import Gradebook, Received
from mlsys_helpers.grading.running import terminal
from mlsys_helpers.grading.running.workers import Local
from mlsys_helpers.kit import files

SIZE = 12
RATED = {"right": 3, "wrong": 2, "not tried": 1}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return synthetic.make(tmp_path_factory.mktemp("course") / "a", "iron_law", SIZE, shares=RATED)


@pytest.fixture
def folder(planted, tmp_path):
    shutil.copytree(planted.assigned.folder.parent, tmp_path / "c")
    return tmp_path / "c" / "06"


def companion(*words):
    return CliRunner().invoke(cli.app, ["grade", *map(str, words)], terminal_width=80)


def changed(folder, **values):
    course.write(replace(course.assignment(folder), **values))


def test_a_run_ends_with_a_table_and_says_who_is_missing_or_late(folder, planted):
    with (folder.parent / course.ROSTER).open("a") as roster:
        roster.write("ghost,Nobody\n")
    changed(folder, due=datetime(2026, 10, 31, 12, tzinfo=UTC), late=course.Late(0, 0.1, 3))
    result = companion(folder, "--workers", "1")
    assert result.exit_code == 0, result.output
    assert "Run by one worker." in result.output and "unprivileged user: " in result.output
    assert f"graded {SIZE} of {SIZE}" in result.output
    right = sum(state == "right" for (_, task), state in planted.states.items() if task == "iron_law.best_upgrade")
    row = next(line for line in result.output.splitlines() if "best_upgrade" in line)
    assert row.split()[0] == "best_upgrade" and row.split()[1] == str(right) and row.split()[-1] == "3"
    assert "Nothing came from (1): ghost" in result.output
    assert f"Lateness costs ({SIZE}): s00000 10 %" in result.output.replace("\n", " ")
    assert max(map(len, result.output.splitlines())) <= 80


def test_once_more_says_that_nothing_is_open_and_all_shows_everybody(folder, planted):
    assert companion(folder).exit_code == 0
    result = companion(folder, "--all")
    assert "Nothing is open" in result.output and "Run by" not in result.output
    totals = [line.split("│")[1:4] for line in result.output.splitlines() if line.startswith("│")]
    earned = [float(total) for _, _, total in totals]
    assert len(earned) == SIZE and earned == sorted(earned, reverse=True)
    assert sum(earned) == sum(planted.points.values())


def test_a_quiz_is_graded_and_its_short_answers_wait(folder):
    (part,) = course.assignment(folder).parts
    changed(folder, parts=(replace(part, quiz=13.0),))
    short = next(item for item in course.assignment(folder).items if item.kind == course.SHORT)
    text = f'{{"format": 1, "questions": {{"{short.id}": [{{"response": {{"text": "Because."}}}}]}}}}'
    (folder / "answers.json").write_text(text)
    with Gradebook(folder.parent / course.GRADEBOOK) as book:
        book.receive(
            "06",
            [],
            [
                Received(
                    "s00001", short.part, files.digest(text.encode()), datetime(2026, 11, 1, tzinfo=UTC), "answers.json"
                )
            ],
        )
    result = companion(folder)
    assert result.exit_code == 0 and f"graded {SIZE + 1} of {SIZE + 1}" in result.output
    assert "Wait for a person's mark: 1 answers" in result.output and "companion mark" in result.output


def test_one_task_again_says_for_whom_it_changed(folder):
    assert companion(folder).exit_code == 0
    (part,) = course.assignment(folder).parts
    changed(folder, parts=(replace(part, tasks=part.tasks | {"iron_law.time_terms": 5.0}),))
    result = companion(folder, "--again", "time_terms")
    assert result.exit_code == 0 and "3 → 5" in result.output, result.output
    assert "did you mean 'iron_law.time_terms'" in companion(folder, "--again", "iron_law.time_trms").output


def test_a_run_says_whose_earlier_scores_it_changed(folder):
    assert "changed for" not in companion(folder).output
    (part,) = course.assignment(folder).parts
    changed(folder, parts=(replace(part, tasks=part.tasks | {"iron_law.time_terms": 5.0}),))
    told = companion(folder).output
    assert "iron_law.time_terms: changed for " in told and "3 → 5" in told and "binding_term: changed" not in told


def test_what_cannot_be_graded_is_listed_and_the_exit_status_says_so(folder):
    next(folder.glob("submissions/s00003/*")).unlink()
    result = companion(folder)
    assert result.exit_code == 1
    assert "Not graded: 1." in result.output and "s00003, iron_law: " in result.output


def test_a_folder_that_is_no_assignment_is_named(tmp_path):
    result = companion(tmp_path)
    assert result.exit_code == 1 and "holds no assignment" in result.output


def test_a_cluster_without_dask_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = companion(folder, "--scheduler", "tcp://127.0.0.1:9")
    assert result.exit_code == 1 and 'pip install "mlsys-companion[cluster]"' in result.output


def test_a_stop_between_two_submissions_ends_the_sandboxes_too(folder, monkeypatch):
    ended = []

    class Desk(Local):
        def __exit__(self, *error):
            super().__exit__(*error)
            ended.append(threading.active_count())

    def stops(console, total):
        def advance():
            raise KeyboardInterrupt

        return advance

    monkeypatch.setattr(terminal, "_lines", stops)
    monkeypatch.setattr("mlsys_helpers.grading.running.workers.Local", Desk)
    result = companion(folder)
    assert result.exit_code == 130 and ended == [threading.active_count()]
    assert f"Stopped after 1 of {SIZE}." in result.output
