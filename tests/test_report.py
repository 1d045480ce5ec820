"""Where the reader stands: what was really done through the companion's own calls, counted right."""

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from mlsys_helpers import chapter, cli, report
from mlsys_helpers.exercise import check, hint
from mlsys_helpers.exercise.task import task, tasks
from mlsys_helpers.kit import predict
from mlsys_helpers.progress import store
from mlsys_helpers.progress.calibration import Forecast, said, spoken, spoken_levels
from mlsys_helpers.progress.figures import plot_calibration
from mlsys_helpers.quiz import bank, record, review
from mlsys_helpers.quiz.score import right_response

BANK = bank.section_bank("iron_law")


def line(now=None):
    return next(line for line in report.progress(now).lines if "iron law" in line.name)


def commit(prediction, option, confidence):
    card = predict.predict(prediction.id)
    card.option.value, card.confidence.value = option.label, list(predict.confidences(prediction))[confidence]
    card.commit()


def choices():
    return [question for question in BANK.questions if question.type == "multiple_choice"]


def wrong(question):
    return next(option.text for option in question.options if not option.right)


@pytest.mark.parametrize("section", chapter.open_sections(), ids=lambda section: section.slug)
def test_the_manifest_counts_the_tasks_and_points_that_there_are(section):
    found = tasks(section.slug)
    assert (section.tasks, section.points) == (len(found), sum(task.points for task in found))


def test_nothing_done_is_not_begun():
    assert not line().begun and "not begun" in line().cells
    assert line().states == ("open",) * len(BANK.questions)
    assert "No prediction" in report.progress().said[0] and "Nothing to review" in report.progress().said[1]


def test_predictions_count_when_made_and_are_right_when_revealed():
    first, second = BANK.predictions[:2]
    commit(first, first.options[0], 2)
    commit(second, second.options[0], 0)
    assert (line().predicted, line().foreseen, line().begun) == (2, 0, True)
    for prediction, right in ((first, first.options[0]), (second, second.options[1])):
        predict.reveal(prediction.id, right.key or (right.low if right.low > -1e300 else right.high - 1))
    assert (line().predicted, line().foreseen, line().predictions) == (2, 1, len(BANK.predictions))
    assert "When you said certain, you were right 1 of 1 times; a guess, 0 of 1." in report.progress().said[0]


def test_answers_count_by_question_and_first_tries_by_the_first_answer():
    one, two = choices()[:2]
    record.submit(one, right_response(one))
    record.submit(two, wrong(two))
    record.submit(two, right_response(two))
    assert line().states.count("right") == 2 and (line().first_try, line().tried) == (1, 2)
    assert "2 right, " in line().cells[2] and "1/2" in line().cells
    record.submit(BANK.questions[-1], {"text": "x", "made": []})
    record.give_up(BANK.questions[-1])
    assert line().states[-1] == "shown" and "1 shown" in line().cells[2]


def test_answers_to_what_the_bank_no_longer_has_are_left_out():
    store.record(record.ANSWERED, "iron_law.gone", {"response": "x", "seed": 0, "points": 0.0, "right": False})
    store.record("predict", "iron_law.gone", {"choice": "x", "chance": 0.95, "seen": False})
    assert not line(datetime.now(UTC) + timedelta(days=3)).begun


def test_a_task_counts_once_it_was_right_and_help_is_told():
    asked = task("iron_law.binding_term")
    hint(asked.name)
    check(asked.name, lambda **given: None)
    assert (line().tasks_right, line().earned, line().attempts, line().hints) == (0, 0, 1, 1)
    reference = lambda **given: asked.reference(**given)  # noqa: E731  (the companion's own function is refused)
    check(asked.name, reference)
    check(asked.name, reference)
    check(asked.name, lambda **given: None)  # spoiled afterwards: it was solved all the same
    assert (line().tasks_right, line().earned, line().attempts) == (1, asked.points, 4)
    assert {"1/9", "2/23", "1 hints"} <= set(line().cells)


def test_reviews_are_due_the_day_after_a_miss():
    record.submit(choices()[0], wrong(choices()[0]))
    now = review.now()
    assert line(now).due == 0 and line(now + timedelta(days=1)).due == 1
    assert "1 waits, and comes back tomorrow" in report.progress(now).said[1]


def test_the_sum_is_the_sum():
    record.submit(choices()[0], right_response(choices()[0]))
    one = line()
    both = report.Progress((one, one), (), "")
    assert both.table.rows[-1][0] == "all" and both.table.rows[-1][3] == "2/2"
    assert [len(row) for row in both.table.rows] == [len(report.HEADS)] * 3
    assert len(report.Progress((one,), (), "").table.rows) == 1


def test_a_notebook_shows_the_same_as_the_terminal(monkeypatch):
    record.submit(choices()[0], wrong(choices()[0]))
    shown = report.progress()._repr_mimebundle_()
    monkeypatch.setenv("COLUMNS", "80")
    told = CliRunner().invoke(cli.app, ["progress"])
    assert told.exit_code == 0 and max(map(len, told.output.splitlines())) <= 80
    told = " ".join(told.output.split())
    for words in ("1.6 The iron law", "1 wrong", "0/1", "0/9", "0/23", "comes back tomorrow"):
        assert words in shown["text/markdown"] and words in shown["text/plain"]
    assert all(words in told for words in ("1.6 The iron law", "1 wrong", "0/1", "0/9", "0/23"))


def test_the_commands_know_their_section():
    assert "once you have missed" in " ".join(CliRunner().invoke(cli.app, ["review", "--section", "06"]).output.split())
    assert CliRunner().invoke(cli.app, ["review", "--section", "iron_lw"]).exit_code == 2
    assert CliRunner().invoke(cli.app, ["review", "--limit", "0"]).exit_code == 2


def test_progress_that_cannot_be_kept_is_said(monkeypatch, tmp_path):
    (tmp_path / "a file").touch()
    monkeypatch.setenv(store.HOME_VARIABLE, str(tmp_path / "a file"))
    with pytest.warns(store.ProgressWarning):
        record.submit(choices()[0], wrong(choices()[0]))
    found = report.progress()
    assert any("cannot be kept" in sentence for sentence in found.said)
    assert line().tried == 1  # what is in memory counts


# --- calibration ----------------------------------------------------------------------------------------------------

MADE = [Forecast(f"s.{n}", chance, right) for n, (chance, right) in enumerate(
    [(0.95, True), (0.95, True), (0.95, False), (0.7, True), (0.7, False), (1 / 3, False), (0.25, True)])]  # fmt: skip


def test_chances_are_said_in_the_words_of_the_card():
    for prediction in BANK.predictions:
        for words, chance in predict.confidences(prediction).items():
            assert words.lower().startswith(said(chance))


def test_calibration_in_words_and_by_level():
    assert spoken(MADE).startswith(
        "When you said certain, you were right 2 of 3 times; fairly sure, 1 of 2; a guess, 1 of 2. Brier score 0.31:"
    )
    guess = spoken_levels(MADE)["a guess"]
    assert (guess.count, guess.share_right, guess.chance) == (2, 0.5, pytest.approx((1 / 3 + 0.25) / 2))


def test_the_picture_has_a_point_for_each_level_and_says_what_it_shows():
    ax = plot_calibration(MADE)
    marked = [(drawn.get_xdata()[0], drawn.get_ydata()[0]) for drawn in ax.lines[1:]]
    assert marked == [pytest.approx(point) for point in ((95, 200 / 3), (70, 50), (100 * 7 / 24, 50))]
    assert "2 of 3 times" in ax.get_label()
    assert "will appear here" in " ".join(text.get_text() for text in plot_calibration([]).texts)
    assert "No prediction" in report.calibration().text
