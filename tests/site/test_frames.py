"""Explorers without a kernel: each frame is what the explorer shows there, and no slider is thinned to nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlsys_helpers.kit.explorer import Choice, Steps
from mlsys_helpers.publish.site import frames

PACKAGE = "mlsys_helpers.sections.five_pillars"
CALL = "explorers.saving()"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frames")
    return frames.frames(CALL, PACKAGE, folder / "shown", folder / "cache"), folder


def test_a_frame_is_what_the_live_explorer_shows_there(made):
    drawn, folder = made
    live = frames.explorer(CALL, PACKAGE)
    all_values = list(frames.positions(live.controls, frames.kept_steps(live.controls)))
    assert len(all_values) == len(drawn.files) == len(drawn.sentences) > 20
    for place in {0, drawn.start, len(all_values) // 2, len(all_values) - 1}:
        live.set(**all_values[place])
        assert drawn.sentences[place] == live.sentence
        assert (folder / "shown" / drawn.files[place]).read_bytes() == frames.packed(live.png)


def test_it_opens_where_the_notebook_opens(made):
    assert made[0].sentences[made[0].start] == frames.explorer(CALL, PACKAGE).sentence


def test_a_second_build_draws_nothing(made, monkeypatch, tmp_path):
    drawn, folder = made
    monkeypatch.setattr(frames, "explorer", lambda *_: pytest.fail("drawn again"))
    again = frames.frames(CALL, PACKAGE, tmp_path, folder / "cache")
    assert again.sentences == drawn.sentences
    assert {path.name for path in tmp_path.iterdir()} == set(drawn.files)


def test_the_form_has_names_values_in_words_and_a_text_for_its_picture(made):
    drawn, _ = made
    form = frames.form(drawn, 1)
    for n, control in enumerate(drawn.controls):
        assert f'<label for="explorer-1-{n}">' in form and f'id="explorer-1-{n}"' in form
        assert control["texts"][control["at"]] in form
    assert form.count('role="status"') == 1 and f'width="{drawn.size[0]}"' in form


@given(
    sizes=st.lists(st.integers(2, 40), min_size=1, max_size=4),
    options=st.integers(1, 5),
    where=st.floats(0, 1),
    most=st.integers(30, 300),
)
def test_thinning_keeps_ends_and_start_and_every_option(sizes, options, where, most):
    controls = {f"s{n}": Steps("S", range(size), start=round(where * (size - 1))) for n, size in enumerate(sizes)}
    controls["c"] = Choice("C", list(range(options)))
    kept = frames.kept_steps(controls, most)
    if kept is None:
        assert math.prod(min(size, frames.FEWEST_STEPS) for size in sizes) * options > most
        return
    assert math.prod(map(len, kept.values())) <= most
    assert list(kept["c"]) == list(range(options))
    for name, size in zip(list(controls)[:-1], sizes, strict=True):
        assert {0, size - 1, controls[name].start} <= set(kept[name])
        assert list(kept[name]) == sorted(set(kept[name]))


def test_what_has_too_many_positions_stays_as_it_is():
    wide = {name: Steps(name, range(10), start=0) for name in "abcd"}
    assert frames.kept_steps(wide) is None
