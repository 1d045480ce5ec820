import pytest

from mlsys_helpers.kit.table import table


def test_a_table_is_markdown_and_aligned_text():
    shown = table(("who", "score"), [("a|b", 3), ("longer", 12)])._repr_mimebundle_()
    assert shown["text/markdown"].splitlines() == [
        "| who | score |",
        "| --- | --- |",
        "| a\\|b | 3 |",
        "| longer | 12 |",
    ]
    assert shown["text/plain"].splitlines() == ["who     score", "a|b     3", "longer  12"]


def test_prices_are_no_formula():
    assert table(("a", "b"), [("$4.49", "$2.25")]).markdown.splitlines()[-1] == r"| \$4.49 | \$2.25 |"


def test_a_row_of_another_length_is_named():
    with pytest.raises(ValueError, match="1 cells under 2 heads"):
        table(("who", "score"), [("alone",)])
