"""Every claim that the notebook makes about what a reader will see in the explorers."""

import pytest

from mlsys_helpers.sections.synthesis import explorers, incident, model


def test_the_clock_rings_at_half_more_than_usual_and_the_answers_do_not_hear_it():
    explorer = explorers.alarms()
    usual = explorers.loads()[2]
    assert explorers.loads()[3] == pytest.approx(1.5 * usual, rel=0.01) and round(usual) == 16
    assert round(explorers.loads()[3]) == 24 and round(explorers.loads()[-1]) == 49
    told = {}
    for load in explorers.loads():
        explorer.set(load=load)
        told[load] = explorer.sentence
        assert "accuracy is 95.4 %" in explorer.sentence
    rings = [load for load, words in told.items() if "clock rings" in words]
    assert rings == list(explorers.loads()[3:])
    assert "p99 is 186 ms" in told[usual] and "p99 is 1.90 s" in told[explorers.loads()[-1]]  # ten times as much


def test_the_answers_ring_between_two_and_five_hundredths_of_a_nat():
    explorer = explorers.alarms()
    told = []
    for moved in explorers.MOVED:
        explorer.set(moved=moved)
        told.append("answers rings" in explorer.sentence)
        assert "clock is silent" in explorer.sentence
    assert told == [moved >= 0.05 for moved in explorers.MOVED]


def largest(parts):
    return max(parts, key=parts.__getitem__)


def test_incident_2_only_the_roll_back_quiets_the_clock_and_then_data_is_largest():
    month = explorers.month(2)
    quiet = [s for s in explorers.SPEED if month[s, explorers.NOTHING]["late"] <= model.LATE_ALLOWED]
    assert quiet == ["roll back"] and incident.incident(2).causes[0] == "a slow step"
    found = month["roll back", explorers.NOTHING]
    assert largest(found["broken"]) == "waiting" and largest(found["after"]) == "data"


def test_incident_3_data_doubled_but_latency_is_largest_and_shorter_steps_are_enough():
    drawn, month = incident.incident(3), explorers.month(3)
    assert drawn.causes[0] == "precision fell back"
    data = [sum(t.data_s for t in model.request_terms(s)) for s in (drawn.healthy, drawn.broken)]
    assert data[1] == pytest.approx(2 * data[0], rel=0.01)
    found = month["tune the step", explorers.NOTHING]
    assert largest(found["broken"]) == "latency" and found["late"] <= model.LATE_ALLOWED


def test_incident_11_bandwidth_helps_flops_hardly_and_the_roll_back_loses_points():
    month = explorers.month(11)
    arithmetic, bandwidth, back = (month[s, explorers.NOTHING] for s in ("chip: FLOP/s", "chip: bytes/s", "roll back"))
    assert largest(arithmetic["broken"]) == "data"
    assert arithmetic["late"] > 0.1 and bandwidth["late"] <= model.LATE_ALLOWED
    assert back["late"] <= model.LATE_ALLOWED and back["share"] < 0 < incident.incident(11).release_gain
    assert back["accuracy"] < bandwidth["accuracy"]
