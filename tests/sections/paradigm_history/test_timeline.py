from mlsys_helpers import facts
from mlsys_helpers.sections.paradigm_history import timeline


def test_growth_is_faster_after_2010():
    before, after = timeline.growth(1950, 2010), timeline.growth(2010, 2026)
    assert before.models + after.models == len(facts.training_runs())
    assert before.low < before.tenfolds_per_year < before.high < after.low < after.tenfolds_per_year < after.high
    assert 4.5 < after.doubling_months < 6.5


def test_the_table_does_not_show_the_winters():
    first, second = ([m for m in facts.training_runs() if a <= m.year < b + 1] for a, b in timeline.WINTERS)
    assert [m.model for m in first] == ["Neocognitron"] and len(second) == 4
    assert timeline.longest_gap()[0] < 1961 and timeline.longest_gap()[1] > 1980
