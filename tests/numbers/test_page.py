"""What the appendix's notebook says of the rows, held to the rows."""

from mlsys_helpers.numbers import figures, ledger
from mlsys_helpers.numbers.claim import ABSENT, CONTRADICTS, DIFFERS, promise


def verdict(name):
    return ledger.claim(name).verdict


def having(verdict):
    return [claim for claim in ledger.claims() if claim.verdict == verdict]


def test_both_figures_of_the_hook_are_off_by_the_same_and_one_of_them_holds():
    for name, printed, kept in (("gpt3_days", 25, True), ("gpt3_days_saved", 6, False)):
        claim = ledger.claim(name)
        assert round(claim.value - printed, 1) == 0.3 and claim.kept is kept


def test_one_of_three_may_be_printed_as_19():
    assert [promise("19").holds(days) for days in (18.49, 18.96, 19.5)] == [False, True, False]


def test_most_hold_and_most_disagreements_are_no_slip():
    compared = [claim.kept for claim in ledger.claims() if claim.kept is not None]
    assert sum(compared) / len(compared) > 0.6
    assert len(having(DIFFERS)) < (len(having(CONTRADICTS)) + len(having(ABSENT))) / 3


def test_three_disagreements():
    device_days, operations = (ledger.claim(name).value for name in ("orders", "orders_flop"))
    assert abs(operations - 7) < abs(device_days - 7) and not promise("7").holds(operations)
    assert verdict("model_code") == CONTRADICTS and {"model_box", "outside_model"} == set(
        ledger.claim("model_code").against
    )
    assert ledger.claim("dram_fp16").kept and verdict("movement_dominates") == DIFFERS


def test_six_differ_because_of_a_word():
    words = {"nearly 6", "dominant", "billions", "thousands", "many times over", "minutes or more"}
    assert words == {c.printed for c in having(DIFFERS) if not c.printed[0].isdigit()} and len(having(DIFFERS)) == 9


def test_what_is_not_in_the_text_is_asked_for_in_self_checks_nearly_always():
    assert [claim.id for claim in having(ABSENT) if "self-check" not in claim.where] == ["kilobit_links"]


def test_no_section_s_figures_are_recomputed_more_often_than_the_iron_law_s():
    counts = [claim.section for claim in ledger.claims() if claim.recompute]
    assert max(set(counts), key=counts.count) == "1.6"


def test_the_picture_counts_every_claim_and_tells_the_warnings():
    ax = figures.plot_verdicts(ledger.claims())
    assert sum(bar.get_width() for bar in ax.patches) == len(ledger.claims())
    care = sum(claim.disagrees for claim in ledger.claims())
    assert f"Of {len(ledger.claims())} claims, {care} are to be read with care" in ax.get_label()
    row = ledger.chosen("iron_law")
    assert f"{sum(claim.disagrees for claim in row)} of {len(row)}" in [text.get_text() for text in ax.texts]
