"""A working copy on disk and through the command: laid out, brought up to date, and never the poorer for it."""

import contextlib
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from typer.testing import CliRunner

from mlsys_helpers import cli
from mlsys_helpers.cli import learn
from mlsys_helpers.publish import build, verdicts
from mlsys_helpers.workspace import folder, merge

ROOT = Path(__file__).parents[2]
EXERCISE = "exercises/06_iron_law.ipynb"


def notebook(*sources):
    kinds = ["markdown" if source.startswith("#") else "code" for source in sources]
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}
    cells = [make[kind](source) for kind, source in zip(kinds, sources, strict=True)]
    for cell in cells:
        del cell["id"]  # a random one; a build makes it from the text
    return v4.new_notebook(cells=merge.identified(cells))


def store(path, *sources):
    build.write(path, notebook(*sources))


def write_in(path, at, source):
    """What a reader does: change one cell and save."""
    stored = nbformat.read(path, as_version=4)
    stored.cells[at].source = source
    nbformat.write(stored, path)


def texts(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def contents(place, but="backups"):
    return {path: path.read_bytes() for path in place.rglob("*") if path.is_file() and but not in path.parts}


def status(changes):
    return {change.label: change.status for change in changes}


@pytest.fixture
def material(tmp_path, monkeypatch):
    place = tmp_path / "the clone"
    store(place / "notebooks/00_start_here.ipynb", "# Start", "1 + 1")
    store(place / "notebooks/06_iron_law.ipynb", "# The law", "x = 1", "y = 2")
    store(place / EXERCISE, "# Exercises", "def f():\n    ...", 'check("iron_law.f", f)')
    store(place / "solutions/06_iron_law.ipynb", "# Solutions", "def f():\n    return 1")
    monkeypatch.setattr(build, "repository", lambda: place)
    return place


@pytest.fixture
def copy(tmp_path, material):
    place = tmp_path / "Mon travail à moi"
    folder.start(place, material)
    return place


# --- start ----------------------------------------------------------------------------------------------------------


def test_start_lays_out_everything_but_the_solutions(copy, material):
    assert {path.relative_to(copy).as_posix() for path in copy.glob("*/*.ipynb")} == {
        "notebooks/00_start_here.ipynb",
        "notebooks/06_iron_law.ipynb",
        EXERCISE,
    }
    assert (copy / EXERCISE).read_bytes() == (material / EXERCISE).read_bytes()


def test_solutions_come_when_asked_for_and_then_follow(copy, material, tmp_path):
    assert "solutions/06_iron_law.ipynb" in status(folder.start(tmp_path / "all", material, with_solutions=True))
    assert not (copy / "solutions").exists()
    folder.update(copy, material, with_solutions=True)
    store(material / "solutions/06_iron_law.ipynb", "# Solutions", "def f():\n    return 2")
    assert status(folder.update(copy, material))["solutions/06_iron_law.ipynb"] == "updated"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda place: (place / "precious").touch(), "not an empty folder"),
        (lambda place: (place.rmdir(), place.touch()), "not an empty folder"),
        (lambda place: (place / ".companion").mkdir() or (place / folder.MARK).touch(), "companion update"),
    ],
)
def test_start_refuses_a_place_that_is_in_use(material, tmp_path, make, said):
    place = tmp_path / "taken"
    place.mkdir()
    make(place)
    before = contents(place)
    with pytest.raises(ValueError, match=said):
        folder.start(place, material)
    assert contents(place) == before


def test_start_refuses_the_inside_of_the_companion_and_of_a_working_copy(copy, material):
    for place in (material / "mine", copy / "notebooks" / "again"):
        with pytest.raises(ValueError, match="lies inside"):
            folder.start(place, material)


def test_answers_already_written_in_the_companions_folder_come_along_and_stay(material, tmp_path):
    write_in(material / EXERCISE, 1, "def f():\n    return 'mine'")
    (told,) = (change for change in folder.start(tmp_path / "mine", material) if change.label == EXERCISE)
    assert "1 of your cells" in told.remark
    assert status(folder.update(tmp_path / "mine", material))[EXERCISE] in ("same", "kept")
    store(material / EXERCISE, "# Exercises", "def f():\n    ...", 'check("iron_law.f", f)', "# More")
    folder.update(tmp_path / "mine", material)
    assert "def f():\n    return 'mine'" in texts(tmp_path / "mine" / EXERCISE)
    assert "# More" in texts(tmp_path / "mine" / EXERCISE)


# --- update ---------------------------------------------------------------------------------------------------------


def test_update_tells_new_updated_both_kept_and_away(copy, material):
    write_in(copy / EXERCISE, 1, "def f():\n    return 1")
    (copy / "notebooks/00_start_here.ipynb").unlink()
    store(copy / "notebooks/my_own.ipynb", "z = 1")
    store(material / "notebooks/06_iron_law.ipynb", "# The law", "x = 10", "y = 2")
    store(material / EXERCISE, "# Exercises, better", "def f():\n    ...", 'check("iron_law.f", f)')
    store(material / "notebooks/07_new.ipynb", "# New")
    assert status(folder.update(copy, material)) == {
        EXERCISE: "both",
        "notebooks/00_start_here.ipynb": "away",
        "notebooks/06_iron_law.ipynb": "updated",
        "notebooks/07_new.ipynb": "new",
    }
    assert texts(copy / EXERCISE) == ["# Exercises, better", "def f():\n    return 1", 'check("iron_law.f", f)']
    before = contents(copy)
    assert set(status(folder.update(copy, material)).values()) == {"kept", "same", "away"}
    assert contents(copy) == before


def test_backup_holds_what_was_there(copy, material):
    write_in(copy / EXERCISE, 1, "def f():\n    return 1")
    before = (copy / EXERCISE).read_bytes()
    store(material / EXERCISE, "# Exercises", "def f(a):\n    ...", 'check("iron_law.f", f)')
    folder.update(copy, material)
    (backup,) = (copy / folder.BACKUPS).glob("*/*/*.ipynb")
    assert backup.read_bytes() == before


def test_dry_run_says_the_same_and_writes_nothing(copy, material):
    write_in(copy / EXERCISE, 1, "mine")
    store(material / EXERCISE, "# Exercises", "theirs", 'check("iron_law.f", f)')
    before = contents(copy, but="")
    told = folder.update(copy, material, dry_run=True, with_solutions=True)
    assert contents(copy, but="") == before
    assert status(folder.update(copy, material, with_solutions=True)) == status(told)


def test_broken_notebook_is_refused_by_name_and_the_others_go_on(copy, material):
    for number, broken in enumerate((b'{"cells": [', b"{}", b"[]", b'{"cells": [{}], "nbformat": 4}', b"\xff\xfe")):
        (copy / EXERCISE).write_bytes(broken)
        store(material / EXERCISE, "# Exercises", f"# {number}")
        store(material / "notebooks/06_iron_law.ipynb", "# The law", f"# {number}")
        told = status(folder.update(copy, material))
        assert (told[EXERCISE], told["notebooks/06_iron_law.ipynb"]) == ("refused", "updated")
        assert (copy / EXERCISE).read_bytes() == broken


def test_broken_material_is_refused(copy, material):
    before = contents(copy)
    (material / EXERCISE).write_text("<<<<<<< HEAD", encoding="utf8")
    (told,) = (change for change in folder.update(copy, material) if change.label == EXERCISE)
    assert (told.status, "the new material" in told.remark) == ("refused", True)
    assert contents(copy) == before


def test_what_somebody_wrote_in_the_companions_folder_is_not_taken_for_material(copy, material):
    pristine = texts(copy / EXERCISE)
    write_in(material / EXERCISE, 1, "an answer in the wrong place")
    assert set(status(folder.update(copy, material)).values()) == {"same"}
    stored = nbformat.read(material / EXERCISE, as_version=4)
    stored.cells += notebook("# More").cells
    nbformat.write(stored, material / EXERCISE)
    assert status(folder.update(copy, material))[EXERCISE] == "updated"
    assert texts(copy / EXERCISE) == [*pristine, "# More"]
    stored.cells += [v4.new_code_cell("mine"), *notebook("# Yet more").cells]
    nbformat.write(stored, material / EXERCISE)
    (told,) = (change for change in folder.update(copy, material) if change.label == EXERCISE)
    assert (told.status, "git restore" in told.remark) == ("refused", True)
    assert texts(copy / EXERCISE) == [*pristine, "# More"]


def test_read_only_notebook_is_told_and_left(copy, material):
    (copy / EXERCISE).chmod(0o444)
    before = (copy / EXERCISE).read_bytes()
    store(material / EXERCISE, "# Exercises anew")
    (told,) = (change for change in folder.update(copy, material) if change.label == EXERCISE)
    assert (told.status, "read-only" in told.remark) == ("refused", True)
    assert (copy / EXERCISE).read_bytes() == before
    (copy / EXERCISE).chmod(0o644)
    assert status(folder.update(copy, material))[EXERCISE] == "updated"


@pytest.mark.parametrize("fatal", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("writes", range(6))
def test_full_disk_or_a_stop_at_any_write_loses_nothing(copy, material, monkeypatch, fatal, writes):
    write_in(copy / EXERCISE, 1, "def f():\n    return 1")
    before = (copy / EXERCISE).read_bytes()
    store(material / EXERCISE, "# Exercises", "def f(a):\n    ...", 'check("iron_law.f", f)', "# More")
    store(material / "notebooks/07_new.ipynb", "# New")
    put, done = folder.files.put, []

    def tired(path, data):
        if len(done) >= writes:
            raise fatal
        done.append(path)
        put(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(folder.files, "put", tired)
        try:
            folder.update(copy, material)
        except KeyboardInterrupt:
            assert isinstance(fatal, KeyboardInterrupt)
    saved = [path.read_bytes() for path in copy.rglob("06_iron_law.ipynb")]
    assert before in saved
    folder.update(copy, material)  # the reader mends that and goes on
    found = texts(copy / EXERCISE)
    assert (found[0], found[1], found[-1], len(found)) == ("# Exercises", "def f():\n    return 1", "# More", 5)
    assert (copy / "notebooks/07_new.ipynb").exists()
    settled = contents(copy)
    folder.update(copy, material)
    assert contents(copy) == settled


def test_renamed_material_takes_the_answers_along(copy, material):
    write_in(copy / EXERCISE, 1, "def f():\n    return 1")
    (material / EXERCISE).rename(material / "exercises/07_iron_law.ipynb")
    assert status(folder.update(copy, material))["exercises/07_iron_law.ipynb"] == "both"
    assert not (copy / EXERCISE).exists()
    assert texts(copy / "exercises/07_iron_law.ipynb")[1] == "def f():\n    return 1"
    assert folder.update(copy, material)[0].status == "kept"


@pytest.mark.parametrize("writes", range(4))
def test_a_stop_while_renaming_loses_nothing(copy, material, monkeypatch, writes):
    write_in(copy / EXERCISE, 1, "def f():\n    return 1")
    (material / EXERCISE).rename(material / "exercises/07_iron_law.ipynb")
    with monkeypatch.context() as patch:
        left = iter(range(writes))
        put = folder.files.put
        patch.setattr(folder.files, "put", lambda *words: put(*words) if next(left, None) is not None else 1 / 0)
        with contextlib.suppress(ZeroDivisionError):
            folder.update(copy, material)
    assert status(folder.update(copy, material))["exercises/07_iron_law.ipynb"] in ("both", "kept")
    assert texts(copy / "exercises/07_iron_law.ipynb")[1] == "def f():\n    return 1"


def test_renamed_material_does_not_overwrite_a_file_of_the_reader(copy, material):
    store(copy / "exercises/07_iron_law.ipynb", "my own")
    (material / EXERCISE).rename(material / "exercises/07_iron_law.ipynb")
    assert status(folder.update(copy, material))["exercises/07_iron_law.ipynb"] == "refused"
    assert texts(copy / "exercises/07_iron_law.ipynb") == ["my own"]


def test_a_file_of_the_reader_with_a_new_name_of_the_material_is_left(copy, material):
    store(copy / "notebooks/07_new.ipynb", "my own")
    store(material / "notebooks/07_new.ipynb", "# New")
    (told,) = (change for change in folder.update(copy, material) if change.label == "notebooks/07_new.ipynb")
    assert (told.status, "rename it" in told.remark) == ("refused", True)
    assert texts(copy / "notebooks/07_new.ipynb") == ["my own"]


def test_what_left_the_material_stays_as_the_readers(copy, material):
    (material / EXERCISE).unlink()
    assert status(folder.update(copy, material))[EXERCISE] == "kept"
    assert (copy / EXERCISE).exists()


def test_an_empty_source_is_no_reason_to_touch_anything(copy, tmp_path):
    with pytest.raises(FileNotFoundError, match="no notebooks"):
        folder.update(copy, tmp_path / "nowhere")


def test_lost_base_costs_no_answer(copy, material):
    write_in(copy / EXERCISE, 1, "def f():\n    return 1")
    shutil.rmtree(copy / folder.BASE)
    (copy / folder.MARK).write_text("damaged", encoding="utf8")
    store(material / EXERCISE, "# Exercises", "def f():\n    ...", 'check("iron_law.f", f)', "# More")
    folder.update(copy, material)
    code = [text for text in texts(copy / EXERCISE) if not text.startswith("**")]
    assert code == ["# Exercises", "def f():\n    return 1", 'check("iron_law.f", f)', "# More"]


def test_notebooks_of_older_formats_and_saved_by_jupyterlab(copy, material):
    path = copy / EXERCISE
    stored = json.loads(path.read_text(encoding="utf8"))
    stored["nbformat_minor"] = 4
    stored["metadata"]["language_info"] = {"name": "python", "version": "3.12.1"}
    for number, cell in enumerate(stored["cells"]):
        del cell["id"]
        cell["metadata"] = {"execution": {"iopub.status.busy": "now"}, "trusted": True}
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
    path.write_text("\ufeff" + json.dumps(stored, indent=2), encoding="utf8")
    assert status(folder.update(copy, material))[EXERCISE] == "same"
    store(material / EXERCISE, "# Exercises anew", "def f():\n    ...", 'check("iron_law.f", f)')
    assert status(folder.update(copy, material))[EXERCISE] == "updated"
    updated = nbformat.read(path, as_version=4)
    nbformat.validate(updated)
    assert texts(path)[0] == "# Exercises anew"
    assert updated.metadata.language_info.version == "3.12.1"
    assert updated.cells[2].execution_count == 2


# --- the material that is really there ------------------------------------------------------------------------------


def test_every_stored_notebook_is_what_a_build_made():
    for path in ROOT.glob("[nes]*/*.ipynb"):
        assert not merge.foreign(nbformat.read(path, as_version=4).cells), path


def test_an_answer_in_the_real_exercise_survives_a_changed_stub(tmp_path):
    cells = nbformat.read(ROOT / EXERCISE, as_version=4).cells
    at = next(i for i, cell in enumerate(cells) if cell.source.startswith("def binding_term"))
    mine, new = [dict(cell) for cell in cells], [dict(cell) for cell in cells]
    mine[at]["source"] = mine[at]["source"].replace("raise NotImplementedError", "return 'data'  #")
    new[at]["source"] = new[at]["source"].replace("takes the most seconds", "takes the most time")
    new[at]["id"] = merge.cell_id("code", new[at]["source"])
    merged = merge.merge(cells, *([nbformat.from_dict(cell) for cell in some] for some in (mine, new)))
    assert merged.cells[at].source == mine[at]["source"]
    assert "takes the most time" in merged.cells[at + 1].source
    assert (len(merged.cells), merged.kept, merged.brought) == (len(cells) + 1, 1, 1)


# --- through the command --------------------------------------------------------------------------------------------


@pytest.fixture
def companion(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_term_through_the_command(companion, material, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert companion("start", "my work").exit_code == 0
    assert "companion update" in companion("start", "my work").output
    write_in(tmp_path / "my work" / EXERCISE, 1, "mine")
    store(material / EXERCISE, "# Exercises", "theirs", 'check("iron_law.f", f)')
    monkeypatch.chdir(tmp_path / "my work" / "notebooks")
    dry = companion("update", "--dry-run")
    assert "nothing was written" in dry.output
    told = companion("update")
    assert told.exit_code == 0
    assert f"{EXERCISE}  both" in told.output
    assert told.output in dry.output
    assert "kept" in companion("update", tmp_path / "my work").output


def test_a_refusal_shows_in_the_exit_status(companion, copy):
    (copy / EXERCISE).write_text("{", encoding="utf8")
    told = companion("update", copy)
    assert told.exit_code == 1
    assert "your notebook cannot be read" in told.output


def test_update_elsewhere_says_what_to_do(companion, material, tmp_path):
    told = companion("update", tmp_path)
    assert told.exit_code == 1
    assert "companion start DIR" in told.output


def test_lab_and_check_mean_the_working_copy(companion, copy, material, monkeypatch, tmp_path):
    became, checked = [], []
    monkeypatch.setattr(learn, "_become", lambda words, place: became.append(words) or 0)
    monkeypatch.setattr(verdicts, "verdicts", lambda path, *rest: checked.append(path) or [])
    monkeypatch.chdir(tmp_path)
    companion("lab")
    companion("lab", copy)
    companion("check", "iron_law")
    monkeypatch.chdir(copy / "exercises")
    companion("lab", "--no-browser", EXERCISE)
    companion("check", "iron_law")
    roots = [next(word for word in words if "root_dir" in word).partition("=")[2] for words in became]
    assert roots == [str(material), str(copy), str(copy)]
    assert not any(word == str(copy) for word in became[1])
    assert became[2][-1] == str(copy / EXERCISE)
    assert checked == [material / EXERCISE, copy / EXERCISE]
