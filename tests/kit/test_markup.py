"""Money, maths and code are told apart in one place."""

from mlsys_helpers.kit.markup import pieces


def test_pieces_tell_money_from_maths_and_code():
    assert [kind for kind, _ in pieces("$2,000 for 70 %, and $6,000 more")] == ["words"]
    assert pieces("at $x < 1$ and `a < b`") == [
        ("words", "at "),
        ("maths", "x < 1"),
        ("words", " and "),
        ("code", "a < b"),
    ]
    assert pieces(r"so \(D/BW\)") == [("words", "so "), ("maths", "D/BW")]
    assert pieces("`$HOME` and $PATH") == [("code", "$HOME"), ("words", " and $PATH")]
