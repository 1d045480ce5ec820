"""A prediction is kept as first made, and set beside the result, which itself decides what was right."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.kit import predict as predicting
from mlsys_helpers.kit.predict import Predict, confidences, predict, reveal, right_option
from mlsys_helpers.progress import calibration, store
from mlsys_helpers.progress.calibration import Forecast
from mlsys_helpers.quiz import bank

SAMPLE = Path(__file__).parents[1] / "quiz" / "sample.toml"
BANK = bank.load(SAMPLE, "sample", "math")
HOURS, TERM = BANK.predictions


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A record of its own for each test, and the sample for every section."""
    monkeypatch.setenv(store.HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setattr(bank, "section_bank", lambda section: BANK)


def commit(card, option, confidence):
    card.option.index, card.confidence.index = option, confidence
    card.button.click()
    return card


def test_a_committed_prediction_is_stored_and_locked():
    card = commit(predict("sample.hours"), 1, 1)
    stored = store.first("predict", "sample.hours")
    assert stored.payload == {"choice": "2 to 5", "chance": 0.7, "seen": False, "confidence": "Fairly sure (70 %)"}
    assert card.option.disabled and card.confidence.disabled and card.button.description == "Committed"
    assert "2 to 5" in card.said.value and stored.at[:10] in card.said.value and 'role="alert"' in card.said.value


def test_the_first_answer_is_kept_for_ever():
    early, late = predict("sample.hours"), predict("sample.hours")
    commit(early, 1, 1)
    commit(late, 2, 2)  # a second copy of the card, opened before the first was committed
    assert late.option.value == "2 to 5" and late.option.disabled
    assert [e.payload["choice"] for e in store.history("predict")] == ["2 to 5"]


def test_running_the_cell_again_shows_it_locked_and_silent():
    commit(predict("sample.hours"), 0, 2)
    again = predict("sample.hours")
    assert again.option.index == 0 and again.confidence.index == 2 and again.button.description == "Committed"
    assert "less than 2" in again.said.value and "alert" not in again.said.value


@pytest.mark.parametrize(("option", "confidence"), [(None, None), (1, None), (None, 1)])
def test_both_an_answer_and_a_confidence_are_needed(option, confidence):
    card = commit(predict("sample.hours"), option, confidence)
    assert "how sure" in card.said.value and card.button.description == "Commit"
    assert store.history() == []


def test_nothing_is_chosen_beforehand():
    card = predict("sample.hours")
    assert card.option.value is None and card.confidence.value is None


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (-1e9, "less than 2"),
        (1.999, "less than 2"),
        (2, "2 to 5"),
        (4.999, "2 to 5"),
        (5.0, "5 or more"),
        (1e30, "5 or more"),
    ],
)
def test_ranges_include_their_lower_end_only(value, label):
    assert right_option(HOURS, value).label == label
    assert right_option(HOURS, np.float64(value)).label == label


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_makes_exactly_one_option_right(value):
    assert [option for option in HOURS.options if option.low <= value < option.high] == [right_option(HOURS, value)]


@pytest.mark.parametrize(("prediction", "value"), [(HOURS, float("nan")), (HOURS, "walk"), (TERM, "run"), (TERM, 3)])
def test_a_result_that_fits_no_option_is_an_error(prediction, value):
    with pytest.raises(ValueError, match=r"expected (a number|walk, switch), got"):
        right_option(prediction, value)


@pytest.mark.parametrize(("option", "verdict"), [(1, "which is right"), (0, "which is not what came out")])
def test_the_result_is_set_beside_the_prediction(option, verdict):
    commit(predict("sample.hours"), option, 2)
    shown = reveal("sample.hours", 3.214)
    assert "Computed: 3.21 hours, so: 2 to 5." in repr(shown)
    assert "Computed: 3 hours, so: 2 to 5." in repr(reveal("sample.hours", 3))
    assert HOURS.options[option].label in repr(shown) and "certain (95 %)" in repr(shown) and verdict in repr(shown)
    assert "3.21 hours" in shown._repr_html_() and verdict in shown._repr_html_()


def test_a_named_result_is_shown_by_its_label():
    assert "Computed: The switch." in repr(reveal("sample.term", "switch"))


def test_without_a_prediction_the_result_is_shown_all_the_same():
    shown = reveal("sample.hours", 3.2)
    assert "3.20 hours" in repr(shown) and "none yet" in repr(shown)


def test_the_static_form_asks_and_does_not_depend_on_progress():
    card = predict("sample.hours")
    before = card.html(), card.text()
    bundle = card._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for option in HOURS.options:
        assert option.label in bundle["text/html"] and option.label in bundle["text/plain"]
    commit(card, 1, 1)
    assert (card.html(), card.text()) == before == (predict("sample.hours").html(), predict("sample.hours").text())


def test_a_guess_is_worth_what_chance_gives():
    assert list(confidences(HOURS).values()) == [pytest.approx(1 / 3), 0.7, 0.95]
    assert list(confidences(TERM).values()) == [0.5, 0.7, 0.95]
    assert list(confidences(HOURS)) == ["A guess (33 %)", "Fairly sure (70 %)", "Certain (95 %)"]


def test_an_unknown_prediction_names_the_nearest():
    with pytest.raises(ValueError, match=r"did you mean 'sample.hours'"):
        predict("sample.hour")


def test_the_reader_is_told_where_progress_cannot_be_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(store.HOME_VARIABLE, str(tmp_path / "file"))
    with pytest.warns(store.ProgressWarning):
        card = commit(predict("sample.hours"), 1, 1)
    assert card.button.description == "Committed" and "memory" in card.said.value


def test_predictions_are_calibrated_over_those_with_a_result():
    commit(predict("sample.hours"), 1, 2)
    commit(predict("sample.term"), 0, 0)
    assert calibration.forecasts(store.history()) == []
    reveal("sample.hours", 3)
    reveal("sample.term", "switch")
    reveal("sample.term", "switch")  # a cell that is run again changes nothing
    made = calibration.forecasts(store.history())
    assert made == [Forecast("sample.hours", 0.95, True), Forecast("sample.term", 0.5, False)]
    assert calibration.brier(made) == pytest.approx((0.05**2 + 0.5**2) / 2)


def test_a_prediction_made_after_seeing_the_result_is_kept_but_not_scored():
    reveal("sample.hours", 3)
    commit(predict("sample.hours"), 1, 2)
    assert store.first("predict", "sample.hours").payload["seen"]
    assert calibration.forecasts(store.history()) == []


def test_brier_knows_its_limits():
    assert calibration.brier([]) is None
    assert calibration.brier([Forecast("a", 1.0, True), Forecast("b", 0.0, False)]) == 0
    assert calibration.brier([Forecast("a", 1.0, False)]) == 1
    assert calibration.brier([Forecast("a", 0.5, True), Forecast("b", 0.5, False)]) == 0.25


@given(st.lists(st.tuples(st.sampled_from([1 / 3, 0.7, 0.95]), st.booleans()), min_size=1))
def test_levels_count_every_forecast_once(made):
    forecasts = [Forecast(str(n), chance, right) for n, (chance, right) in enumerate(made)]
    levels = calibration.levels(forecasts)
    assert sum(level.count for level in levels) == len(made)
    assert sum(level.count * level.share_right for level in levels) == pytest.approx(sum(right for _, right in made))
    assert 0 <= calibration.brier(forecasts) <= 1


_COMMIT_AND_DIE = """
import os, signal, sys
from mlsys_helpers.kit.predict import Predict
from mlsys_helpers.quiz.bank import load
card = Predict(load(sys.argv[1], "sample", "math").prediction("sample.hours"))
card.option.index, card.confidence.index = 2, 0
card.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with a POSIX signal")
def test_a_prediction_survives_a_killed_kernel():
    done = subprocess.run([sys.executable, "-c", _COMMIT_AND_DIE, SAMPLE], capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert Predict(HOURS).option.value == "5 or more" and Predict(HOURS).button.description == "Committed"


def test_the_section_is_found_by_the_first_part_of_the_id(monkeypatch):
    asked = []
    monkeypatch.setattr(bank, "section_bank", lambda section: asked.append(section) or BANK)
    predicting.predict("sample.term")
    assert asked == ["sample"]
