"""The quiz on its card: answers are scored, stored at once, found again, and told in words."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mlsys_helpers.kit import cards
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import record
from mlsys_helpers.quiz.questions import Bank, Option
from mlsys_helpers.quiz.score import prompt, right_response, solution
from mlsys_helpers.quiz.widget import Quiz

SAMPLE = Path(__file__).with_name("sample.toml")


@pytest.fixture
def quiz(sample):
    return Quiz(sample)


def answer(quiz, number, response):
    """Enter a response to a question and press Check, as the reader does."""
    quiz.show(number)
    quiz.page.controls.put(response)
    quiz.page.check_button.click()
    return quiz.page


def buttons(quiz):
    return [b for b in (quiz.page.check_button, quiz.page.answer_button, quiz.page.variant_button) if shown(b)]


def shown(widget):
    return widget.layout.display != "none"


@pytest.mark.parametrize("number", range(7))
def test_a_right_answer_is_told_stored_and_locked(quiz, sample, number):
    question = sample.questions[number]
    page = answer(quiz, number, right_response(question))
    assert "Right." in page.feedback and 'role="alert"' in page.feedback
    stored = store.latest(record.ANSWERED, question.id).payload
    assert stored["points"] == 1 and stored["right"] and stored["seed"] == 0
    assert stored["response"] == page.controls.response()
    page.check_button.click()  # says it again, stores nothing more
    assert len(store.history(record.ANSWERED, question.id)) == 1
    assert not shown(page.answer_button)


def test_the_feedback_of_a_wrong_answer_follows_and_the_right_one_stays_hidden(quiz, sample):
    lamp = sample.questions[0]
    page = answer(quiz, 0, lamp.options[0].text)
    assert "Not right yet." in page.feedback and lamp.options[0].feedback in page.feedback
    assert lamp.options[1].feedback not in page.feedback
    assert [b.description for b in buttons(quiz)] == ["Check", "Show answer"]
    page.answer_button.click()
    assert "The answer:" in page.feedback and lamp.options[1].feedback in page.feedback
    assert store.latest(record.GAVE_UP, lamp.id)
    assert quiz.standings[0].state == "shown" and page.controls.radio.disabled


def test_the_answer_is_not_offered_before_a_try(quiz):
    for number in range(7):
        quiz.show(number)
        assert [b.description for b in buttons(quiz)] == ["Check"]


@pytest.mark.parametrize(
    ("number", "says"), [(0, "Choose one"), (2, "Type an answer"), (4, "Type an answer"), (6, "Write")]
)
def test_checking_without_an_answer_says_what_is_missing(quiz, number, says):
    quiz.show(number)
    quiz.page.check_button.click()
    assert says in quiz.page.feedback
    assert store.history() == []


def test_what_cannot_be_read_costs_nothing(quiz):
    page = answer(quiz, 4, "a while")
    assert "12 hours" in page.feedback and "Not right" not in page.feedback
    assert store.history() == [] and quiz.standings[4].state == "open"


def test_options_with_maths_are_listed_and_chosen_by_letter(sample):
    lamp = replace(sample.questions[0], options=(Option("$x^2$", True, "yes"), Option("`x`", False, "no")))
    page = Quiz(Bank("sample", (lamp,), ())).page
    assert "<li>$x^2$</li><li><code>x</code></li>" in page._prompt.value
    assert page.controls.radio._options_labels == ("A", "B")
    page.controls.put("`x`")
    page.check_button.click()
    assert store.latest(record.ANSWERED, lamp.id).payload["response"] == "`x`" and "no" in page.feedback


def test_items_are_moved_up_and_down(quiz):
    quiz.show(3)
    controls = quiz.page.controls
    controls.up.click()
    assert "Choose an item first" in controls.news.value
    first = controls.items[0]
    controls.radio.index = 0
    for _ in range(9):  # further than the list is long
        controls.down.click()
    assert controls.items[-1] == first and controls.radio.index == 3
    assert f"Number 4 of 4 now: {first}" in controls.news.value
    controls.up.click()
    assert controls.response()[2] == first


def test_a_partly_right_order_is_told_apart(quiz, sample):
    items = list(sample.questions[3].items)
    page = answer(quiz, 3, [items[1], items[0], *items[2:]])
    assert "Partly right." in page.feedback and "5 of 6" in page.feedback
    assert quiz.standings[3].state == "part"


def test_a_short_answer_is_written_first_and_marked_then(quiz, sample):
    quiz.show(6)
    controls = quiz.page.controls
    assert not shown(controls.rubric)
    controls.area.value = "Water boils when it boils."
    quiz.page.check_button.click()
    assert shown(controls.rubric) and store.history() == []
    controls.points[0].value = True
    quiz.page.check_button.click()
    stored = store.latest(record.ANSWERED, "sample.why").payload
    assert stored["points"] == 0.5 and stored["response"]["text"] == "Water boils when it boils."
    assert stored["response"]["made"] == [sample.questions[6].rubric[0]]


def test_other_numbers_ask_the_same_question_again(quiz, sample):
    copy = sample.questions[4]
    answer(quiz, 4, right_response(copy))
    assert [b.description for b in buttons(quiz)] == ["Check", "Other numbers"]
    before = quiz.page.asked
    quiz.page.variant_button.click()
    assert quiz.page.asked != before and not quiz.page.controls.line.disabled
    seed = quiz.page.seed
    answer(quiz, 4, right_response(copy, seed))
    assert "Right." in quiz.page.feedback
    again = Quiz(sample)
    again.show(4)
    assert again.page.seed == seed and again.page.asked == prompt(copy, seed)


def test_the_cards_keep_their_answers_when_pages_turn(quiz):
    quiz.show(2)
    quiz.page.controls.line.value = "half an ans"
    quiz.show(3)
    quiz.show(2)
    assert quiz.page.controls.line.value == "half an ans"


def test_turning_the_page_goes_round_and_is_announced(quiz, sample):
    back, forward, _ = quiz.children[3].children
    forward.click()
    assert "Question 2 of 7" in quiz._head.value
    assert 'role="alert"' in quiz._news.value and sample.questions[1].prompt in quiz._news.value
    back.click()
    back.click()
    assert "Question 7 of 7" in quiz._head.value


def test_nothing_is_announced_when_the_card_appears(sample):
    answer(Quiz(sample), 0, sample.questions[0].options[0].text)
    again = Quiz(sample)
    assert sample.questions[0].options[0].feedback in again.page.feedback
    assert "alert" not in again.page.feedback + again._head.value + again._news.value


def test_every_state_is_said_in_words(quiz, sample):
    answer(quiz, 0, sample.questions[0].options[0].text)
    answer(quiz, 1, "False")
    assert "1 right, 1 not right yet, 5 open" in quiz._tally.value
    assert quiz._head.value.count("<li") == 7


def test_a_new_kernel_finds_every_answer_again(sample):
    first = Quiz(sample)
    for number, question in enumerate(sample.questions[:5]):
        answer(first, number, right_response(question))
    again = Quiz(sample)
    assert again.number == 5  # the first that is still open
    for number in range(5):
        again.show(number)
        assert again.page.controls.response() == first._pages[number].controls.response()
        assert "Right." in again.page.feedback and again.standings[number].state == "right"


def test_an_answer_that_no_longer_fits_the_bank_is_left_aside(sample):
    store.record(record.ANSWERED, "sample.lamp", {"response": "an option of last year", "seed": 0, "right": True})
    quiz = Quiz(sample)
    assert quiz.standings[0].state == "open" and quiz.page.controls.radio.value is None


def test_the_reader_is_told_where_progress_cannot_be_kept(sample, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(store.HOME_VARIABLE, str(tmp_path / "file"))
    quiz = Quiz(sample)
    with pytest.warns(store.ProgressWarning):
        answer(quiz, 1, "False")
    assert "Right." in quiz.page.feedback and "memory" in quiz._head.value


def test_the_static_form_shows_every_question_and_no_answer(quiz, sample):
    bundle = quiz._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    for question in sample.questions:
        assert cards.rich(prompt(question)) in bundle["text/html"] and prompt(question) in bundle["text/plain"]
    everything = bundle["text/html"] + bundle["text/plain"]
    assert not [q.id for q in sample.questions[2:] if q.feedback in everything]
    assert solution(sample.questions[2]) not in everything and solution(sample.questions[4]) not in everything
    assert all(option.feedback not in bundle["text/html"] for option in sample.questions[0].options)
    assert "2 &lt; 3 &amp; so on" in bundle["text/html"]


def test_the_static_form_does_not_depend_on_progress(quiz, sample):
    before = quiz.html(), quiz.text()
    answer(quiz, 4, right_response(sample.questions[4]))
    quiz.page.variant_button.click()
    assert (quiz.html(), quiz.text()) == before == (Quiz(sample).html(), Quiz(sample).text())


def test_no_output_areas_are_used(quiz):
    import ipywidgets

    for number in range(7):
        quiz.show(number)
    assert not [w for w in walk(quiz) if isinstance(w, ipywidgets.Output)]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def test_a_bank_without_questions_says_so():
    with pytest.raises(ValueError, match="no questions"):
        Quiz(Bank("sample", (), ()))


_ANSWER_AND_DIE = """
import os, signal, sys
from mlsys_helpers.quiz.bank import load
from mlsys_helpers.quiz.widget import Quiz
quiz = Quiz(load(sys.argv[1], "sample", "math"))
quiz.show(2)
quiz.page.controls.put("generalisation gap")
quiz.page.check()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with a POSIX signal")
def test_an_answer_survives_a_killed_kernel(sample):
    done = subprocess.run([sys.executable, "-c", _ANSWER_AND_DIE, SAMPLE], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    quiz = Quiz(sample)
    quiz.show(2)
    assert quiz.page.controls.line.value == "generalisation gap" and "Right." in quiz.page.feedback


def test_feedback_is_quick(quiz):
    answer(quiz, 4, "5 hours")
    times_s = []
    for tries in range(15):
        quiz.page.controls.put(f"{6 + tries} hours")
        begun = time.perf_counter()
        quiz.page.check()
        times_s.append(time.perf_counter() - begun)
    assert min(times_s) < 0.050
