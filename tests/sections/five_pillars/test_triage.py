"""The game: pure, replayable, fair; and what the notebook says of it."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from mlsys_helpers.sections.five_pillars import desk, plan, product, study, tables, triage

HEALTHY = product.Setup()


def test_the_same_seed_is_the_same_incident():
    first, second = triage.incident(3), triage.incident(3)
    assert first.cause == second.cause
    assert all(first.measure(name) == second.measure(name) for name in triage.PROBES)


def test_a_healthy_product_keeps_its_promise_better_than_one_without_the_weight():
    lost = {
        weight: np.mean(
            [
                product.serve(product.build(product.Setup(strangers_weight=weight), s), s).lost(sender=(2,))
                for s in range(5)
            ]
        )
        for weight in (1.0, 3.0)
    }
    assert lost[1.0] > 1.3 * lost[3.0]


@cache
def complaints(cause):
    """The share of wanted mail lost, on average over eight incidents."""
    return np.mean([np.divide(*triage.incident(seed, cause).complaints) for seed in range(8)])


@pytest.mark.parametrize("cause", product.CAUSES)
def test_every_cause_makes_people_complain(cause):
    """On average over seeds; single incidents overlap with healthy ones."""
    assert complaints(cause) > 1.2 * complaints("none")


def test_broken_setups_differ_from_the_healthy_one_and_owners_have_two_causes_each():
    assert all(product.broken(name, np.random.default_rng(0)) != HEALTHY for name in product.CAUSES)
    owners = [cause.owner for cause in product.CAUSES.values()]
    assert all(owners.count(owner) == 2 for owner in product.OWNERS)


def test_twins_cannot_be_told_apart_by_what_people_see():
    """The same threshold, by decision and by mistake: the same mail is lost, and only a replay knows."""
    decided, packed = product.Setup(threshold=0.25), product.Setup(packed=0.25)
    for seed in (1, 2):
        service = [product.serve(product.build(setup, seed), seed) for setup in (decided, packed)]
        assert (service[0].called == service[1].called).all()
        replay = triage.PROBES["replay"].measure
        assert replay(service[0], None) == (0.0,)
        assert replay(service[1], None)[0] > 0


def test_a_game_is_immutable_and_counts_its_hours():
    game = triage.Game(5)
    later = game.probe("replay").probe("history").name("labels")
    assert game.asked == () and game.named is None
    assert later.hours == triage.PROBES["replay"].hours + triage.PROBES["history"].hours + triage.penalty_h(
        "labels", later.cause.name
    )
    assert set(later.readings) == {"replay", "history"}


def test_a_game_that_is_over_and_one_that_is_not():
    with pytest.raises(ValueError, match="over"):
        triage.Game(5).name("labels").probe("replay")
    with pytest.raises(ValueError, match="when you have named"):
        _ = triage.Game(5).cause
    with pytest.raises(ValueError, match="did you mean 'history'"):
        triage.Game(5).probe("histroy")


def test_penalties():
    assert triage.penalty_h("labels", "labels") == 0
    assert 0 < triage.penalty_h("labels", "feed") < triage.penalty_h("labels", "weight")


def test_usual_ranges_hold_for_most_healthy_releases():
    readings = [triage.read(triage.incident(s, "none"), name) for s in range(500, 512) for name in triage.PROBES]
    assert np.mean([any(r.signs) for r in readings]) < 0.1


def test_stored_calibration_is_what_incidents_show():
    """A few incidents again: none of their readings is a surprise to the stored table."""
    for cause in product.CAUSES:
        for seed in (100_000, 100_001):
            case = triage.incident(seed, cause)
            for name in triage.PROBES:
                chance = plan.chances()[name][triage.read(case, name).signs][plan.CAUSES.index(cause)]
                assert chance > 1.4 / 65


def test_chances_sum_to_one():
    for readings in plan.chances().values():
        assert sum(readings.values()) == pytest.approx(np.ones(len(plan.CAUSES)))


def test_causes_of_different_owners_can_be_told_apart_and_no_single_probe_tells_all():
    for a, b in combinations(range(len(plan.CAUSES)), 2):
        apart = [sum(abs(p[a] - p[b]) for p in readings.values()) / 2 for readings in plan.chances().values()]
        if product.CAUSES[plan.CAUSES[a]].owner != product.CAUSES[plan.CAUSES[b]].owner:
            assert max(apart) > 0.4
    best = plan._best(frozenset())[0]
    for name, readings in plan.chances().items():
        after = sum(
            float(plan.EVEN @ p) * plan.naming(plan.updated(plan.EVEN, name, s))[0] for s, p in readings.items()
        )
        assert triage.PROBES[name].hours + after > 1.5 * best


def test_the_best_plan_is_no_worse_than_any_simple_one_in_expectation():
    expected_h, probe, _ = plan.advice(triage.Game(3))
    assert probe and expected_h < plan.naming(plan.EVEN)[0]


def test_the_stored_tournament_is_what_the_players_do():
    """One player's first block again."""
    stored = {one.player: one for one in plan.tournament_results()}["best plan"]
    ((_, _, hours, right, probes),) = study.block(0, ("best plan",))
    assert (hours, right, probes) == (stored.hours.values[0], stored.right_owner.values[0], stored.probes.values[0])


def test_what_the_notebook_says_of_the_players():
    played = {one.player: one for one in plan.tournament_results()}
    best, everything = played["best plan"], played["every probe first"]
    assert next(reversed(played)) == "best plan"
    assert 2.5 < everything.hours.mean / best.hours.mean < 3
    assert everything.right_owner.mean == max(one.right_owner.mean for one in played.values()) > best.right_owner.mean
    for block in range(5):  # on the same incidents
        assert best.hours.values[block] < played["pillar by pillar"].hours.values[block]


def test_the_release_check_is_green_for_all_but_three_causes():
    assert set(product.CAUSES) - set(plan.passes_the_gate()) == {"labels", "checkpoint", "workers"}


def test_a_wrong_fix_brings_complaints_into_the_healthy_range():
    low, high = triage.usual()["complaints"][0]
    before, right, wrong, useless = (
        float(row[1].split(" %")[0]) / 100 for row in tables.fixes("headers", ("headers", "merger", "labels")).rows
    )
    assert low < right < wrong < high < before == useless


def test_scores_end_at_the_best_plan_and_at_naming_blindly():
    seed = 5
    right = triage.Game(seed).name(triage.incident(seed).cause)
    assert plan.score(right) == 100
    wrong = next(c for c in product.CAUSES.values() if c.owner != right.cause.owner)
    assert plan.score(triage.Game(seed).name(wrong.name)) == 0
    assert plan.expected_h()[1] < triage.WRONG_OWNER_H


def test_complaints_before_and_after_are_of_the_same_mail():
    game = triage.Game(5).name("labels")
    assert game.after[1] == game.complaints[1]


# The card


def test_the_card_plays_the_game_and_says_what_the_best_plan_would_have_done():
    card = desk.card(3)
    assert "68 of 681" in card.scene.symptoms and "healthy" in card.scene.symptoms.lower()
    card.buttons["probe", "holdout"].click()
    card.buttons["probe", "replay"].click()
    assert card.game.asked == ("holdout", "replay") and "Spent: 4 h" in card.scene.tally
    assert "above usual" in card.scene.news and len(card.scene.found.rows) == 2
    card.lists[0].value = "package"
    card.finish_button.click()
    told = " ".join(words for _, words, _ in card.scene.debrief)
    assert "owner and fix are right" in told and "Deployment Infrastructure" in told
    assert f"Score: {plan.score(card.game)} of 100" in told
    assert [row[0] for row in card.scene.table.rows] == ["1", "2", "3"]
    assert card.scene.table.rows[0][2] == f"ask: {plan.advice(triage.Game(3))[1]}"


def test_the_card_says_each_verdict():
    assert "owner is right, the fix is not" in desk.scene(triage.Game(3).name("headers")).debrief[0][1]
    assert "the wrong owner" in desk.scene(triage.Game(3).name("merger")).debrief[0][1]


def test_the_debrief_names_the_better_fix_only_where_there_is_one():
    right, wrong = (desk.scene(triage.Game(3).name(cause)).debrief[1][1] for cause in ("package", "merger"))
    assert right == "68 of 681; 16 with your fix." and 'with "ship the threshold that was decided"' in wrong


def test_every_cause_can_be_named_and_every_probe_asked_once():
    scene = desk.scene(triage.Game(3))
    assert set(scene.choices[0].options.values()) == set(product.CAUSES)
    assert len(scene.choices[0].options) == len(product.CAUSES)
    with pytest.raises(ValueError, match="asked already"):
        desk.play(triage.Game(3).probe("inputs"), ("probe", "inputs"))


def test_what_the_training_log_and_the_release_check_say_of_missing_mail():
    log, holdout = plan.chances()["training log"], plan.chances()["holdout"]
    likeliest = {cause: max(log, key=lambda signs: log[signs][k]) for k, cause in enumerate(plan.CAUSES)}
    assert {cause for cause, signs in likeliest.items() if signs == (-1,)} == {"feed", "workers"}
    assert {cause for cause, signs in likeliest.items() if signs == (1,)} == {"labels", "checkpoint"}
    assert holdout[(0,)][plan.CAUSES.index("feed")] > 0.9


def test_a_missing_source_catches_more_spam():
    missed = {
        cause: np.mean([(~s.called[s.spam]).mean() for s in (triage.incident(n, cause).service for n in range(5))])
        for cause in ("none", "feed")
    }
    assert missed["feed"] < 0.7 * missed["none"]
