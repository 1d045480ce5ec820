"""The engine: what is judged is the reader's own code, every verdict says why, and nothing passes untried."""

import json

import numpy as np
import pytest

from mlsys_helpers import exercise
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


def test_an_unknown_mistake_does_not_give_the_answer_away():
    wrong = verdict(lambda x: x + 7)
    assert wrong.mistake == "" and wrong.message.endswith("gave 7.000. That is too large.")


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
        ("data", " Data ", True),
        ("data", 1, False),
        ((1.0, 2.0), [1.0, 2.0], True),
        ((1.0, 2.0), (1.0,), False),
        (np.array([1.0, 2.0]), [1.0, 2.0], True),
        (np.array([1.0, 2.0]), [1.0, [2.0]], False),
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


def test_hints_go_one_further_each_time():
    said = [exercise.hint("iron_law.binding_term") for _ in range(4)]
    assert len(set(said)) == 3 and said[0].split(". ")[1].endswith("?") and said[2] == said[3]


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
