"""Text on a card: made safe, with code and maths, and money that is not taken for maths."""

import pytest

from mlsys_helpers.kit import cards


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2 < 3 & `x < y`", "2 &lt; 3 &amp; <code>x &lt; y</code>"),
        ("$x^2$ and $2 + 3$", "$x^2$ and $2 + 3$"),
        (r"\(a < b\)", "$a &lt; b$"),
        ("at $5,000, then at $15,000", "at <span>$</span>5,000, then at <span>$</span>15,000"),
        ("from $5 ($10 before)", "from <span>$</span>5 (<span>$</span>10 before)"),
        ("$D/BW$ for $5", "$D/BW$ for <span>$</span>5"),
        ("1.2 × 10²³ at 45 %", "1.2\u00a0×\u00a010²³ at 45\u00a0%"),
        ("one\ntwo", "one<br>two"),
    ],
)
def test_text_becomes_html_in_which_only_maths_keeps_its_dollar_signs(text, shown):
    assert cards.rich(text) == shown


@pytest.mark.parametrize(
    ("text", "plain"), [("$5 or $10", True), ("x² < 3", True), ("$x$", False), ("`x`", False), (r"\(x\)", False)]
)
def test_code_and_maths_are_told_from_plain_text(text, plain):
    assert cards.is_plain(text) is plain
