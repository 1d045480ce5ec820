"""Nothing that a reader wrote is lost, nothing that they left alone is stale: over random edits and named cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import NotebookNode

from mlsys_helpers.workspace import merge

MISSING = 'raise NotImplementedError("your answer here")'
STUB = f'def binding_term(data_s, compute_s):\n    """The larger term."""\n    {MISSING}'
NEW_STUB = STUB.replace("The larger term.", "The term that takes the most seconds, by name.")
ANSWER = STUB.replace(MISSING, "return max(data_s, compute_s)")
HEADING = "## 2. Which term binds (2 points, 4 minutes)\n\nReturn the name."
CHECK = 'check("iron_law.binding_term", binding_term)'


def cells(*sources):
    """Cells as a build would make them: text that begins with # is Markdown, all else code."""
    kinds = ["markdown" if source.startswith("#") else "code" for source in sources]
    made = [NotebookNode(cell_type=k, source=s, metadata={}) for k, s in zip(kinds, sources, strict=True)]
    return merge.identified(made)


def edited(cells, at, source):
    """The cells with one text replaced and its id kept, as JupyterLab does it."""
    return [NotebookNode(cell, source=source) if i == at else cell for i, cell in enumerate(cells)]


def anonymous(cells):
    """The cells as notebooks before format 4.5 have them: without ids."""
    return [NotebookNode({k: v for k, v in cell.items() if k != "id"}) for cell in cells]


def sources(merged):
    return [cell.source for cell in merged.cells]


def notes(merged):
    return [cell for cell in merged.cells if merge.is_note(cell)]


# --- named cases ----------------------------------------------------------------------------------------------------


def test_untouched_notebook_becomes_the_new_one():
    base, new = cells("# a", "x = 1", "y = 2", "z = 3"), cells("z = 3", "# a", "x = 10", "w = 4")
    assert merge.merge(base, base, new).cells == new


def test_answer_survives_and_the_rest_follows():
    base = cells(HEADING, STUB, CHECK)
    mine = edited(base, 1, ANSWER)
    merged = merge.merge(base, mine, cells("# New title", HEADING + " On a tie, the first.", STUB, CHECK, "more"))
    assert sources(merged) == ["# New title", HEADING + " On a tie, the first.", ANSWER, CHECK, "more"]
    assert (merged.kept, merged.brought) == (1, 3)


@pytest.mark.parametrize("form", [list, anonymous])
def test_changed_stub_is_shown_below_the_answer_and_cannot_run(form):
    base = cells(HEADING, STUB, CHECK)
    merged = merge.merge(base, form(edited(base, 1, ANSWER)), cells(HEADING, NEW_STUB, CHECK))
    assert [cell.source for cell in merged.cells if cell.cell_type == "code"] == [ANSWER, CHECK]
    assert merged.cells[2].cell_type == "markdown"
    assert f"```python\n{NEW_STUB}\n```" in merged.cells[2].source
    assert notes(merged) == [merged.cells[2]]


def test_text_that_both_changed_is_shown_below():
    base = cells("# The law\n\nThree terms.")
    merged = merge.merge(base, edited(base, 0, "# The law\n\nThree terms. MY NOTE"), cells("# The law\n\nFour terms."))
    assert merged.cells[0].source.endswith("MY NOTE")
    assert merged.cells[1].source.endswith("\n\n# The law\n\nFour terms.")


def test_note_is_fenced_by_more_ticks_than_it_holds():
    base = cells('x = "a"')
    (note,) = notes(merge.merge(base, edited(base, 0, "x = 2"), cells('x = "````"')))
    assert '`````python\nx = "````"\n`````' in note.source


def test_a_newer_note_replaces_an_older_one_unless_it_was_written_in():
    first, second, third = cells(STUB), cells(NEW_STUB), cells(NEW_STUB + "  # and soon")
    mine = merge.merge(first, edited(first, 0, ANSWER), second).cells
    again = merge.merge(second, mine, third)
    assert again.cells[0].source == ANSWER
    assert len(again.cells) == 2
    assert "and soon" in again.cells[1].source
    thoughts = edited(mine, 1, mine[1].source + "\n\nI prefer mine.")
    assert any(source.endswith("I prefer mine.") for source in sources(merge.merge(second, thoughts, third)))


def test_what_left_the_material_goes_unless_it_was_written_in():
    base = cells("a = 1", "b = 2", "c = 3")
    merged = merge.merge(base, edited(base, 1, "b = 22"), cells("c = 3"))
    assert sources(merged) == [merge.NO_LONGER, "b = 22", "c = 3"]
    assert (merged.count["gone"], merged.count["dropped"]) == (1, 1)


def test_a_deleted_cell_stays_deleted_unless_it_changed():
    base = cells("# a", "print('old')", "x = 1")
    mine = [base[0]]
    assert sources(merge.merge(base, mine, cells("# a", "print('old')", "x = 1", "# new"))) == ["# a", "# new"]
    merged = merge.merge(base, mine, cells("# a", "print('older')", "x = 1"))
    assert sources(merged) == ["# a", "print('older')"]
    assert merged.count["returned"] == 1


def test_added_cells_stay_behind_the_cell_they_follow():
    base = cells("a", "b", "c")
    mine = [base[0], *cells("my first", "my second"), base[1], base[2], *cells("my last")]
    merged = merge.merge(base, mine, cells("zero", "a", "a half", "c", "d"))
    assert sources(merged) == ["zero", "a", "my first", "my second", "a half", "c", "my last", "d"]


def test_moved_cells_stay_where_the_reader_put_them():
    base = cells("a", "b", "c")
    merged = merge.merge(base, [base[2], base[0], base[1]], cells("a", "a half", "b", "c"))
    assert sources(merged) == ["c", "a", "a half", "b"]


def test_outputs_of_the_reader_stay_and_changed_cells_bring_theirs():
    base, new = cells("x = 1\nx", "2 + 2"), cells("x = 1\nx", "2 + 3")
    mine = [NotebookNode(cell, outputs=["mine"], execution_count=7) for cell in base]
    new = [NotebookNode(cell, outputs=["new"], execution_count=1) for cell in new]
    assert [cell.outputs for cell in merge.merge(base, mine, new).cells] == [["mine"], ["new"]]


def test_both_writing_the_same_is_no_conflict():
    base = cells("x = 1")
    merged = merge.merge(base, edited(base, 0, "x = 2"), cells("x = 2"))
    assert sources(merged) == ["x = 2"]
    assert not notes(merged)


def test_without_a_base_the_answer_still_survives():
    base = cells(HEADING, STUB, CHECK)
    merged = merge.merge([], edited(base, 1, ANSWER), base)
    assert [cell.source for cell in merged.cells if not merge.is_note(cell)] == [HEADING, ANSWER, CHECK]


def test_cells_are_known_again_by_what_they_are_called():
    old = cells("## 2. Costs (3 points)\n\nx", "def f(a): ...", 'run = givens("s.t")\nvars(run)', "days = ...")
    new = cells("## 3. Costs (4 points)\n\nA new text", "def f(a, b, c=3):\n    return", 'givens("s.t")', "days, n = 0")
    assert merge.merge(old, old, new).cells == new
    mine = [NotebookNode(cell, source=cell.source + "\n# mine, and much that is not in the other " * 3) for cell in old]
    merged = merge.merge(old, mine, new)
    assert merged.count["shown"] >= 3
    assert len(notes(merged)) == merged.count["shown"] + merged.count["gone"]


# --- random edits ---------------------------------------------------------------------------------------------------

WORDS = ["x = 1", "x = 2", "y = x", "def f():\n    ...", "def f():\n    return 1", "# T", "## T", 'check("s.f", f)', ""]
TEXTS = st.one_of(st.sampled_from(WORDS), st.text("ab #\n", max_size=6))


@st.composite
def histories(draw):
    """A base, what a reader made of it (with all that they wrote), and what became of it elsewhere."""
    base = cells(*draw(st.lists(TEXTS, max_size=7)))
    mine, wrote = _edited(draw, base, "mine")
    new, _ = _edited(draw, base, "new")
    if draw(st.booleans()):
        mine = anonymous(mine)
    return base, mine, wrote, cells(*(cell.source for cell in new))


def _edited(draw, before, who):
    """The cells after some inserting, deleting, changing and moving; and the texts that this wrote."""
    after, wrote = list(before), []
    for number in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(after)))
        match draw(st.sampled_from(["insert", "change", "delete", "move"])):
            case "insert":
                wrote.append(draw(TEXTS) + f" {who}{number}")
                after.insert(at, NotebookNode(cells(wrote[-1])[0], id=f"{who}-{number}"))
            case "change" if at < len(after):
                wrote.append(after[at].source + f" {who}{number}")
                after = edited(after, at, wrote[-1])
            case "delete" if at < len(after):
                del after[at]
            case "move" if at < len(after):
                after.insert(draw(st.integers(0, len(after) - 1)), after.pop(at))
    there = [cell.source for cell in after]
    return after, [text for text in wrote if text in there]


@given(histories())
def test_every_text_that_the_reader_wrote_is_kept_once(history):
    base, mine, wrote, new = history
    result = sources(merge.merge(base, mine, new))
    assert all(result.count(text) == [cell.source for cell in mine].count(text) for text in wrote)


@given(histories())
def test_nothing_is_stale(history):
    """A text of the base that the new material no longer has is gone."""
    base, mine, _, new = history
    result = merge.merge(base, mine, new)
    old = {(cell.cell_type, cell.source) for cell in base} - {(cell.cell_type, cell.source) for cell in new}
    assert not [cell for cell in result.cells if (cell.cell_type, cell.source) in old]


@given(histories())
def test_new_material_arrives_in_place_or_in_a_note(history):
    base, mine, _, new = history
    result = merge.merge(base, mine, new)
    shown = "\0".join(note.source for note in notes(result))
    old = [cell.source for cell in base]
    assert all(cell.source in old or cell.source in sources(result) or cell.source in shown for cell in new)


@given(histories())
def test_ids_are_there_and_differ(history):
    base, mine, _, new = history
    ids = [cell.id for cell in merge.merge(base, mine, new).cells]
    assert len(set(ids)) == len(ids)


@given(histories())
def test_a_second_update_changes_nothing(history):
    base, mine, _, new = history
    once = merge.merge(base, mine, new)
    assert sources(merge.merge(new, once.cells, new)) == sources(once)


@given(histories())
def test_an_interrupted_update_can_be_run_again(history):
    """Written, but not yet noted as the new base: every text that the reader wrote stays, once."""
    base, mine, wrote, new = history
    once = merge.merge(base, mine, new)
    again = sources(merge.merge(base, once.cells, new))
    assert all(again.count(text) == sources(once).count(text) for text in wrote)


@given(histories())
def test_an_untouched_notebook_is_the_new_one(history):
    base, _, _, new = history
    assert merge.merge(base, base, new).cells == new
