"""The engine: what is judged is the reader's own code, every verdict says why, and nothing passes untried."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from mlsys_helpers import exercise
from mlsys_helpers.exercise import notebook
from mlsys_helpers.exercise.judge import judge, same
from mlsys_helpers.exercise.notebook import VERDICT_MIME
from mlsys_helpers.exercise.run import run
from mlsys_helpers.exercise.task import Case, Mistake, Task, task
from mlsys_helpers.progress import store


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("MLSYS_COMPANION_HOME", str(tmp_path))


DOUBLE = Task(
    name="demo.double",
    title="Double it",
    reference=lambda x: 2 * x,
    cases=lambda rng: [
        Case("nothing", {"x": 0.0}),
        Case("a number", {"x": rng.uniform(1, 9)}),
        Case("an array", {"x": np.arange(3.0)}),
    ],
    mistakes=(Mistake("squared", lambda x: x**2, "You squared it."),),
    hints=("a?", "b", "c"),
    points=2,
    minutes=1,
    difficulty="warm-up",
)


def verdict(answer, of=DOUBLE):
    cases = of.cases_for("ada")
    return judge(of, cases, run(answer, cases, of.by_value))


def test_a_right_answer_is_told_in_one_line():
    right = verdict(lambda x: x + x)
    assert (right.status, right.points) == ("right", 2)
    assert "\n" not in right.message


def test_a_known_mistake_is_named_with_what_was_asked_and_what_came_back():
    wrong = verdict(lambda x: x * x)
    assert (wrong.status, wrong.points, wrong.mistake) == ("wrong", 0, "squared")
    assert "x=" in wrong.message and "gave" in wrong.message and "You squared it." in wrong.message


def test_a_mistake_is_named_although_an_array_was_left_out():
    always_six = replace(DOUBLE, mistakes=(Mistake("left out", lambda x: 6 + 0 * x, "You left out `x`."),))
    assert verdict(lambda x: 6, always_six).mistake == "left out"
    assert verdict(lambda x: 7, always_six).mistake == ""


def test_an_unknown_mistake_does_not_give_the_answer_away():
    wrong = verdict(lambda x: x + 7)
    assert wrong.mistake == "" and wrong.message.endswith("gave 7. That is too large.")
    assert verdict(lambda x: x * float("nan")).message.endswith("gave nan. That is not a number.")


def test_a_number_in_an_array_without_axes_is_spoken_of_as_the_number():
    told = verdict(lambda x: np.where(np.greater(x, -1), np.multiply(x, 5.0) + 1, 0.0)).message
    assert "array" not in told.split("gave")[1] and "too large" in told


def test_of_several_numbers_the_wrong_ones_are_pointed_at_and_of_words_none():
    def told(reference, answer):
        return verdict(answer, of=replace(DOUBLE, reference=reference, mistakes=())).message

    assert told(lambda x: (x, 2.0, 3.0), lambda x: [x, 5.0, 1.0]).endswith("look again at value 2 and 3 of 3.")
    assert told(lambda x: ("yes", "no"), lambda x: ("no", "no")).endswith("Not the expected answer.")


@pytest.mark.parametrize(
    ("answer", "status", "word"),
    [
        (lambda x: None, "wrong", "return"),
        (lambda x: "two", "wrong", "single number"),
        (lambda x: True, "wrong", "single number"),
        (lambda x: 1 / 0, "broken", "ZeroDivisionError"),
        (lambda y: y, "broken", "unexpected keyword"),
        (lambda x: 2 * float(x) if np.ndim(x) == 0 else 1 / 0, "wrong", "An array"),
        (42, "broken", "expected a function, got int"),
    ],
)
def test_what_cannot_be_right_says_why(answer, status, word):
    found = verdict(answer)
    assert found.status == status and word in found.message and found.points == 0


def test_where_many_answers_will_do_what_is_measured_of_them_is_compared():
    enough = replace(
        DOUBLE,
        reference=lambda x: ("best", 10.0),
        cases=lambda rng: [Case("yours", {"x": 7.0})],
        mistakes=(Mistake("none", lambda x: ("nothing", 0.0), "You did nothing."),),
        by_value=True,
        measure=lambda answer, x: min(1.0, answer[1] / x),
    )
    assert verdict(("another", 8.0), enough).status == "right"
    assert verdict(("nothing at all", 0.0), enough).mistake == "none"
    assert "gave 0.5" in verdict(("half", 3.5), enough).message
    assert verdict("no pair", enough).status == "broken" and verdict(None, enough).status == "not tried"


def test_an_untouched_stub_is_not_tried():
    def stub(x):
        raise NotImplementedError

    assert [verdict(a).status for a in (stub, None, ...)] == ["not tried"] * 3


def test_a_learner_cannot_change_the_givens_under_the_judge():
    def grabby(x):
        if np.ndim(x):
            x[:] = 0.0
            return x
        return 2 * x

    assert verdict(grabby).status == "wrong"


def test_a_student_s_numbers_are_the_same_on_every_machine():
    """Pinned: should they ever change, a class that is at work would find other numbers in its notebooks."""
    assert DOUBLE.cases_for("ada")[1].given["x"] == pytest.approx(4.684523860991531, rel=1e-12)


def test_nothing_passes_when_nothing_was_tried():
    empty = Task(**{**DOUBLE.__dict__, "cases": lambda rng: []})
    with pytest.raises(ValueError, match="no cases"):
        empty.cases_for("ada")
    with pytest.raises(ValueError, match="nothing can be judged"):
        judge(DOUBLE, [], [])


@pytest.mark.parametrize(
    ("want", "got", "equal"),
    [
        (1.0, 1, True),
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.01, False),
        (1.0, True, False),
        (1.0, np.array([1.0]), False),
        (0.0, 1e-12, False),
        (1.0, float("nan"), False),
        (float("inf"), float("inf"), True),
        (float("inf"), 1.0, False),
        (1.0, float("inf"), False),
        ("data", " Data ", True),
        ("data", 1, False),
        ((1.0, 2.0), [1.0, 2.0], True),
        ((1.0, 2.0), (1.0,), False),
        ((1.0, 2.0), np.array([1.0, 2.0]), True),
        ((1.0, 2.0), np.array([2.0, 1.0]), False),
        ((1.0, 2.0), "12", False),
        (np.array([1.0, 2.0]), [1.0, 2.0], True),
        (np.array([1.0, 2.0]), [1.0, [2.0]], False),
        (True, np.True_, True),
        (True, 1, False),
        (np.array([True, False]), [True, False], True),
        (np.array([True, False]), [1, 0], False),
    ],
)
def test_when_two_answers_are_the_same(want, got, equal):
    assert same(want, got, 1e-6) is equal


# With a real task of the companion


def binding_term(data_s, compute_s, latency_s):
    terms = {"data": data_s, "compute": compute_s, "latency": latency_s}
    return max(terms, key=terms.get)


def test_check_records_and_shows_the_verdict():
    shown = exercise.check("iron_law.binding_term", binding_term)._repr_mimebundle_()
    assert shown["text/plain"].startswith("✓ iron_law.binding_term: 2 of 2 points")
    assert 'role="status"' in shown["text/html"]
    assert json.loads(json.dumps(shown[VERDICT_MIME]))["status"] == "right"
    assert store.latest("exercise", "iron_law.binding_term").payload["status"] == "right"


def test_an_untried_check_leaves_no_trace():
    exercise.check("iron_law.days_saved", None)
    assert store.latest("exercise", "iron_law.days_saved") is None


def test_the_companion_s_own_function_is_no_answer():
    from mlsys_helpers.sections.iron_law import model

    with pytest.raises(ValueError, match="check the one you wrote"):
        exercise.check("iron_law.return_on_compute", model.return_on_compute)


def test_while_nbgrader_runs_an_answer_that_is_not_right_is_an_error_and_nothing_is_kept(monkeypatch, capsys):
    def warns(**terms):
        print("on the way", file=sys.stderr)
        return binding_term(**terms)

    monkeypatch.setenv(notebook.NBGRADER, "autograde")
    assert exercise.check("iron_law.binding_term", warns) is None
    for answer, word in ((None, "Nothing to check yet"), (lambda **terms: "data", "gave 'data'")):
        with pytest.raises(AssertionError, match=word):
            exercise.check("iron_law.binding_term", answer)
    assert capsys.readouterr().err == "" and not store.history("exercise")


def test_hints_go_one_further_each_time():
    said = [str(exercise.hint("iron_law.binding_term")) for _ in range(4)]
    assert [text[:12] for text in said] == ["Hint 1 of 3.", "Hint 2 of 3.", "Hint 3 of 3.", "Hint 3 of 3."]
    assert said[0].endswith("?") and said[2] == said[3] and "last one" in said[2]
    assert [event.payload["step"] for event in store.history("hint")] == [1, 2, 3, 3]


def test_a_hint_reads_well_in_a_notebook():
    shown = exercise.hint("iron_law.binding_term")._repr_mimebundle_()
    assert shown["text/html"].startswith('<div role="status">Hint 1 of 3. ') and "'" not in shown["text/plain"][:1]


# The solution


def attempt(answer, name="iron_law.binding_term"):
    """Check `answer`, and what `solution` says then."""
    exercise.check(name, answer)
    return exercise.solution(name)


def test_the_solution_opens_after_three_attempts_that_differ():
    assert "You have made 0, so 3 to go" in str(exercise.solution("iron_law.binding_term"))
    for made, word in ((1, "data"), (1, "data"), (1, "data"), (2, "compute")):
        told = str(attempt(lambda data_s, compute_s, latency_s, word=word: word))
        assert f"You have made {made}, so {3 - made} to go" in told and "gives hint 1 of 3" in told
        assert "max(" not in told
    assert store.history("solution") == []
    told = attempt(lambda **given: 1 / 0)
    assert told.code.startswith("def binding_term(") and "max(terms" in told.code and "SOLUTION" not in told.code
    assert [event.payload for event in store.history("solution")] == [{"solved": False, "attempts": 3}]


def test_the_solution_opens_for_who_solved_the_task():
    shown = attempt(binding_term)._repr_mimebundle_()
    assert "```python\ndef binding_term(" in shown["text/markdown"] and "def binding_term(" in shown["text/plain"]
    assert store.latest("solution", "iron_law.binding_term").payload == {"solved": True, "attempts": 0}


def test_an_attempt_is_a_result_not_a_way_of_writing_it():
    def written(data_s, compute_s, latency_s):
        return object()

    def again(data_s, compute_s, latency_s):
        """The same in other words."""
        found = object()
        return found

    attempt(written), attempt(again), attempt(None), attempt(...)
    assert notebook.honest_attempts(store.history("exercise")) == 1


def test_values_that_differ_are_attempts_that_differ():
    told = [attempt(value, "iron_law.days_saved").code for value in (1.0, 2.0, 2.0, 3.0)]
    assert told[:3] == ["", "", ""] and told[3].splitlines()[-1].startswith("days_saved = ")


def test_attempts_of_one_task_open_no_other():
    for value in (1.0, 2.0, 3.0):
        attempt(value, "iron_law.days_saved")
    assert "You have made 0" in str(exercise.solution("iron_law.kv_cache_gb"))


def test_events_without_a_fingerprint_still_count():
    for message in ("gave 1", "gave 1", "gave 2"):
        store.record("exercise", "iron_law.binding_term", {"status": "wrong", "message": message})
    assert notebook.honest_attempts(store.history("exercise")) == 2


def test_a_right_answer_and_a_stub_have_no_fingerprint():
    assert verdict(lambda x: 2 * x).attempt == verdict(None).attempt == ""
    assert verdict(lambda x: 3 * x).attempt == verdict(lambda x: x + x + x).attempt != ""


def test_a_callable_without_a_module_is_judged_like_any_other():
    found = exercise.check("iron_law.binding_term", np.vectorize(binding_term)).verdict
    assert found.status == "wrong"  # an array is not a name
    assert exercise.check("iron_law.binding_term", np.add).verdict.status == "broken"


def test_givens_depend_on_the_student(monkeypatch):
    drawn = []
    for student in ("ada", "ada", "grace"):
        monkeypatch.setenv("MLSYS_STUDENT", student)
        drawn.append(exercise.givens("iron_law.days_saved"))
    assert drawn[0] == drawn[1] != drawn[2]
    with pytest.raises(ValueError, match="answered with a function"):
        exercise.givens("iron_law.binding_term")


@pytest.mark.parametrize(
    ("name", "meant"), [("iron_law.bindingterm", "iron_law.binding_term"), ("iron_lw.x", "iron_law")]
)
def test_unknown_tasks_get_the_nearest(name, meant):
    with pytest.raises(ValueError, match=f"did you mean .*{meant}"):
        task(name)
    with pytest.raises(ValueError, match=r"section\.task"):
        task("binding_term")
