"""Incidents, probes and the game: what is promised holds, fixes meet, and a debrief adds up."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from mlsys_helpers.sections.synthesis import desk, game, incident, players, probes, tasks
from mlsys_helpers.sections.synthesis.game import Game

SEEDS = range(1, 5)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_incident_is_what_it_promises(seed):
    drawn = incident.incident(seed)
    found = incident.search(drawn)
    best = found.plans[found.best]
    assert best == incident.best(drawn) and found.plans[0] == ()
    assert found.late[0] > 0.02 and found.accuracy[0] < drawn.floor and found.margin_eur >= incident.MARGIN_EUR
    assert 0 < incident.hours(best) <= incident.BUDGET_HOURS - incident.LOOK_HOURS


def test_a_seed_outside_the_table_is_searched_for():
    assert 100_001 not in incident.stored()
    drawn = incident.incident(100_001)
    assert drawn.seed == 100_001 and incident.best(drawn) == incident.search(drawn).plans[incident.search(drawn).best]


def test_the_search_misses_no_plan():
    def allowed(names):
        groups = [incident.FIXES[n].group for n in names if incident.FIXES[n].group]
        return incident.hours(names) <= incident.BUDGET_HOURS and len(groups) == len(set(groups))

    every = [names for size in range(13) for names in combinations(incident.FIXES, size) if allowed(names)]
    assert set(every) == set(incident.plans()) and len(every) == len(incident.plans())


def test_one_plan_alone_comes_to_what_the_search_says():
    drawn = incident.incident(2)
    found = incident.search(drawn)
    for place in (0, 7, 400, found.best):
        alone = incident.outcome(drawn, [found.plans[place]])
        assert alone.eur[0] == pytest.approx(found.eur[place]) and alone.late[0] == found.late[place]


def test_a_fix_that_nothing_needs_only_costs():
    drawn = next(i for i in map(incident.incident, SEEDS) if "stale threshold" not in i.causes)
    found = incident.outcome(drawn, [(), ("new threshold",)])
    assert found.eur[0] - found.eur[1] == pytest.approx(incident.EUR_PER_HOUR * 5)


def test_fixes_meet():
    """The cheap number format costs answers, and clean labels need a training."""
    drawn = incident.incident(1)
    drawn = replace(drawn, broken=replace(drawn.broken, label_loss=0.05, rounding_loss=0.02, precision="fp16"))
    plans = [(), ("int8",), ("clean the labels",), ("clean the labels", "retrain rented")]
    accuracy = incident.outcome(drawn, plans).accuracy
    assert accuracy[1] == pytest.approx(accuracy[0] - 0.02) and accuracy[2] == accuracy[0] < accuracy[3]


def test_every_fix_is_best_somewhere():
    """No button is there for nothing."""
    used = {name for row in incident.stored().values() for name in row["best"].split(" + ")}
    assert used == set(incident.FIXES)


# The game


def test_a_game_is_its_seed_and_moves():
    played = Game(3).probe("queue").fix("batch x4").probe("queue").finish("waiting", "machine", "data")
    moves = [*played.moves, ("finish", "waiting", "machine", "data")]
    assert game.replay(3, moves) == played and game.replay(3, moves).reading(2) == played.reading(2)
    assert played.reading(0) != played.reading(2) and played.hours_left == incident.BUDGET_HOURS - 5


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ([("probe", "queu")], "did you mean 'queue'"),
        ([("fix", "chip: FLOP/s"), ("fix", "chip: bytes/s")], "choose one"),
        ([("fix", "int8"), ("fix", "int8")], "chosen already"),
        ([("probe", "labels")] * 13, "are left"),
        ([("finish", "waiting", "machine", "data"), ("probe", "queue")], "closed"),
        ([("finish", "waiting", "machine", "weather")], "axis"),
        ([("__class__", "x")], "kind of move"),
    ],
)
def test_what_is_not_possible_is_refused_in_words(moves, words):
    with pytest.raises(ValueError, match=words):
        game.replay(3, moves)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_steps_of_a_debrief_add_up_to_the_regret(seed):
    for played in (players.random(seed), players.engineer(seed)):
        told = game.debrief(played)
        assert sum(step.lost_eur for step in told.steps) + told.stopped_early_eur == pytest.approx(told.regret_eur)
        assert all(step.lost_eur > -1e-6 for step in told.steps) and told.regret_eur >= -1e-6
        paid = incident.EUR_PER_HOUR * played.looked_hours
        assert told.share_of_gain == pytest.approx(game.share_of_gain(played.incident, played.fixes, paid))


def test_the_best_plan_with_the_right_words_passes_and_nothing_does_not():
    drawn = incident.incident(4)
    right = game.truth(drawn)
    best = game.debrief(Game(4).fix(*incident.best(drawn)).finish(right.part, right.slow_axis, right.wrong_axis))
    assert best.passed and best.share_of_gain == pytest.approx(1) and best.regret_eur == pytest.approx(0)
    idle = game.debrief(Game(4).finish(right.part, right.slow_axis, right.wrong_axis))
    assert not idle.passed and idle.share_of_gain == 0


def test_readings_stray_as_their_samples_let_them():
    drawn, rng = incident.incident(1), np.random.default_rng(1)
    even = replace(drawn.broken, divergence=0.0, prompt_divergence=0.0, skew_divergence=0.0)
    read = [probes.PROBES["drift"].read(drawn, even, rng) for _ in range(200)]
    assert np.mean([r["kl_nats"] for r in read]) == pytest.approx(read[0]["chance_alone_nats"], rel=0.15)
    moved = [probes.PROBES["drift"].read(drawn, replace(even, divergence=0.1), rng) for _ in range(50)]
    assert np.mean([r["kl_nats"] for r in moved]) == pytest.approx(0.1, rel=0.2)
    asked = [probes.PROBES["labels"].read(drawn, drawn.broken, rng)["accuracy"] for _ in range(200)]
    true = np.mean(asked)
    assert np.std(asked) == pytest.approx(np.sqrt(true * (1 - true) / probes.LABELLED), rel=0.2)


def test_each_cause_is_read_off_as_the_reading_aid_says():
    def gone(name, reading):
        """By how much a reading of a broken service exceeds that of the healthy one, for each cause on its own."""
        was = incident.incident(5).healthy
        struck = {c.name: c.strike(was, np.random.default_rng(3)) for c in incident.CAUSES.values()}

        def mean(s):
            rngs = map(np.random.default_rng, range(20))
            return np.mean([reading(probes.PROBES[name].read(incident.incident(5), s, rng)) for rng in rngs])

        return {cause: mean(s) - mean(was) for cause, s in struck.items()}

    def moved(found, by):
        return {cause for cause, change in found.items() if abs(change) > by}

    assert moved(gone("traffic", lambda r: r["requests_per_s"]), 1) == {"more traffic"}
    assert moved(gone("traffic", lambda r: r["prompt_tokens"]), 30) == {"longer prompts"}
    assert moved(gone("traffic", lambda r: r["cache_hits"]), 0.5) == {"cache lost"}
    assert moved(gone("profile", lambda r: r["latency_ms"]), 20) == {"a slow step"}
    assert moved(gone("labels", lambda r: r["wrongly_answered"] - r["wrongly_held"]), 0.03) == {"stale threshold"}
    assert moved(gone("replay", lambda r: r["accuracy_now"]), 0.03) == {"bad labels", "skewed inputs"}
    assert moved(gone("replay", lambda r: r["accuracy_previous_release"]), 0.03) == {"bad labels"}
    assert moved(gone("drift", lambda r: r["kl_nats"]), 0.02) == {"longer prompts", "inputs drifted", "skewed inputs"}


def test_every_probe_reads_numbers_for_every_incident():
    for seed in SEEDS:
        drawn = incident.incident(seed)
        for name, probe in probes.PROBES.items():
            reading = probe.read(drawn, drawn.broken, np.random.default_rng(seed))
            assert reading and all(np.isfinite(value) for value in reading.values()), name
            assert game.before(drawn, name).keys() == reading.keys()


def test_incident_4_reads_as_the_notebook_says():
    drawn, told = incident.incident(4), players.engineer(4).readings()
    then = {name: game.before(drawn, name) for name in told}
    assert told["traffic"]["cache_hits"] == 0 and told["profile"]["compute_ms"] > 6 * then["profile"]["compute_ms"]
    assert told["profile"]["data_ms"] < 1.1 * then["profile"]["data_ms"]
    for release in ("accuracy_now", "accuracy_previous_release"):
        assert told["replay"][release] < then["replay"][release] - 0.05
    assert told["drift"]["kl_nats"] < 2 * told["drift"]["chance_alone_nats"]
    assert drawn.causes == ("cache lost", "bad labels") and game.debrief(players.engineer(4)).passed


def test_the_graded_part_is_the_largest_or_close_to_it():
    plan, part, *axes = tasks._answer(111)
    assert part == "data" and 111 in tasks._pool()
    for word, counts in (("data", 1), (" waiting ", 1), ("compute", 0), ("latency", 0), ("weather", 0)):
        assert tasks._measure((plan, word, *axes), 111) == (1, counts, 1, 1)


# The desk


def test_the_card_is_played_to_its_debrief(tmp_path, monkeypatch):
    monkeypatch.setenv("MLSYS_COMPANION_HOME", str(tmp_path))
    card = desk.card(2)
    assert "Incident 2" in card.text() and "a slow step" not in card.text()
    card.move("probe", "profile")
    assert "latency ms" in card._found.value and "1 h" in card.buttons["probe", "profile"].description
    card.move("fix", "chip: FLOP/s")
    assert card.buttons["fix", "chip: bytes/s"].disabled and "17 of 24 hours" in card._tally.value
    card.move("fix", "roll back")
    card.finish("waiting", "machine", "data")
    assert card.scene.over and "a slow step" in card._end.value and "does not" in card._end.value
    assert desk.card(2).game == card.game


def test_papers_and_looks_show_a_month_ago_and_do_not_tell_the_cause():
    rows = desk.look(3, "profile", "labels").rows
    assert {row[0] for row in rows} == {"profile", "labels"} and len(rows) == 6
    assert [row[0] for row in desk.fixes(3).rows] == list(incident.FIXES)
    assert dict(row[:3:2] for row in desk.fixes(3).rows)["clean the labels"] == "800"
    seen = repr(desk.papers(3)) + repr(desk.look(3, *probes.PROBES))
    assert not any(name in seen for name in incident.CAUSES)
    told = desk.debriefed(game.debrief(players.engineer(2)))
    assert len(told.rows) == len(players.engineer(2).moves) + 2
