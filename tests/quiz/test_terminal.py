"""The quiz in a terminal asks the same questions, keeps the same record, and says how to type."""

import io

from rich.console import Console

from mlsys_helpers.progress import store
from mlsys_helpers.quiz import record, terminal
from mlsys_helpers.quiz.score import shuffled


def take(sample, *typed):
    """Run the quiz with these lines typed; what was printed."""
    lines = iter(typed)
    output = io.StringIO()

    def ask(words):
        output.write(words)
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    terminal.run(sample, Console(file=output, width=200), ask)
    return output.getvalue()


def test_all_right_from_top_to_bottom(sample):
    sizes = sample.questions[3]
    order = " ".join(str(shuffled(sizes).index(item) + 1) for item in sizes.items)
    said = take(sample, "2", "2", "generalisation gap", order, "4000 s", "2x", "it boils", "y", "y")
    assert said.count("Right.") == 7 and "7 right" in said
    assert {record.standing(question).state for question in sample.questions} == {"right"}


def test_wrong_answers_are_explained_and_may_be_tried_again(sample):
    said = take(sample, "1", "2")
    assert "Not right yet. A switch does not move your feet." in said and "Right." in said
    assert [e.payload["right"] for e in store.history(record.ANSWERED, "sample.lamp")] == [False, True]


def test_the_answer_is_shown_after_a_try(sample):
    said = take(sample, "?", "1", "?")
    assert "Try once first" in said and "The answer: The time at the switch." in said
    assert record.standing(sample.questions[0]).state == "shown"


def test_unreadable_input_says_how_to_type_and_stores_nothing(sample):
    said = take(sample, "7", "two", "", "", "", "1 1 2 3", "1 2", "", "soon")
    assert "Type a number from 1 to 3" in said and "each number from 1 to 4 once" in said and "12 hours" in said
    assert store.history() == []


def test_leaving_keeps_what_was_answered_and_the_next_run_goes_on(sample):
    assert "Stopped" in take(sample, "2", "q")
    said = take(sample)
    assert "Question 1 of 7" not in said and "Question 2 of 7" in said and "1 right, 6 open" in said


def test_brackets_in_a_text_are_not_taken_for_styles(sample):
    said = take(sample, "", "", "[bold]gap[/bold]", "q")
    assert "It has to do with" in said
