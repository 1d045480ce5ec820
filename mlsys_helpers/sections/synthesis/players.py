"""Simulated players, to see that the game rewards what it should: looking, and deciding by what was seen."""

from collections.abc import Iterable
from dataclasses import replace

from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.sections.synthesis import incident as incidents
from mlsys_helpers.sections.synthesis import model
from mlsys_helpers.sections.synthesis.game import Game, truth
from mlsys_helpers.sections.synthesis.incident import Incident
from mlsys_helpers.sections.synthesis.model import Service
from mlsys_helpers.sections.synthesis.probes import Reading

IMAGINED = 9  # the traffic that the engineer tries plans in is not the traffic that will come
ROUNDING_GUESS = 0.01  # what int8 costs is in no papers
HABITS = {  # plans that somebody might carry out in every incident
    "a faster chip": ("chip: FLOP/s",),
    "retrain": ("retrain here",),
    "a faster chip, and retrain": ("chip: FLOP/s", "retrain here"),
    "more bandwidth, and retrain": ("chip: bytes/s", "retrain here"),
    "bigger batches, and retrain": ("batch x4", "retrain here"),
    "roll back": ("roll back",),
}
ENGINEER = ("traffic", "profile", "drift", "labels", "replay")


def random(seed: int) -> Game:
    """Picks any plan, without looking."""
    rng = generator("synthesis random player", seed)
    return Game(seed).fix(*incidents.plans()[rng.integers(len(incidents.plans()))])


def engineer(seed: int, probes: Iterable[str] = ENGINEER) -> Game:
    """Looks, decides by what was seen, and does it."""
    game = Game(seed).probe(*probes)
    plan, *words = decide(game, game.hours_left)
    return game.fix(*plan).finish(*words)


def decide(game: Game, hours: float) -> tuple[incidents.Plan, str, str, str]:
    """The plan and the diagnosis that the readings so far speak for: the plan, the largest part, and both axes.

    Writes the readings into a model of the service, and plays all plans of so many hours on it.
    """
    believed = believe(game)
    found = incidents.outcome(believed, incidents.plans(hours), IMAGINED)
    said = truth(believed)
    return found.plans[found.best], said.part, said.slow_axis, said.wrong_axis


def believe(game: Game) -> Incident:
    """The incident as the readings show it; what was not looked at is taken to be as it was.

    The whole loss of accuracy is laid at one cause. Without a labelled sample it is taken to be six points, and without
    any reading that speaks against it, drift.
    """
    seen, was = game.readings(), game.incident.healthy
    rounding = seen["int8 trial"]["lost_to_rounding"] if "int8 trial" in seen else ROUNDING_GUESS
    now, slow = _slow(seen, replace(was, rounding_loss=max(0.0, rounding)))
    lost = was.accuracy_0 - seen["labels"]["accuracy"] if "labels" in seen else 0.06
    now, wrong = _wrong(seen, now, max(0.03, lost), game.incident.release_gain)
    return replace(game.incident, broken=now, causes=(slow, wrong))


def _slow(seen: dict[str, Reading], was: Service) -> tuple[Service, str]:
    now, cause = was, "more traffic"
    if "traffic" in seen:
        log = seen["traffic"]
        now = replace(
            now, requests_per_s=log["requests_per_s"], prompt_tokens=log["prompt_tokens"], cached=log["cache_hits"] > 0
        )
        if log["prompt_tokens"] > 1.5 * was.prompt_tokens:
            cause = "longer prompts"
        if not now.cached:
            cause = "cache lost"
    if "profile" in seen:
        step_s = seen["profile"]["latency_ms"] / 1e3 / was.reply_tokens
        once, added = model.request_terms(now)
        fell = seen["profile"]["data_ms"] / 1e3 > 1.5 * (once.data_s + added.data_s)
        cause = "precision fell back" if fell else "a slow step" if step_s > 1.5 * was.step_latency_s else cause
        now = replace(now, step_latency_s=step_s, precision="fp32" if fell else now.precision)
    return now, cause


def _wrong(seen: dict[str, Reading], now: Service, lost: float, release_gain: float) -> tuple[Service, str]:
    if "replay" in seen:
        old = seen["replay"]
        if old["accuracy_previous_release"] + release_gain - old["accuracy_now"] > lost / 2:
            return replace(now, skew_loss=lost), "skewed inputs"
        if now.accuracy_0 - release_gain - old["accuracy_previous_release"] > lost / 2:
            return replace(now, label_loss=lost), "bad labels"
    if "labels" in seen:
        sample = seen["labels"]
        if sample["wrongly_answered"] - sample["wrongly_held"] > 0.6 * lost:
            return replace(now, threshold_loss=lost), "stale threshold"
    if "cohorts" in seen and "replay" not in seen:
        worst = min(seen["cohorts"], key=seen["cohorts"].get)
        if worst == "topic labelled last":
            return replace(now, label_loss=lost), "bad labels"
    if "drift" in seen and seen["drift"]["kl_nats"] < seen["drift"]["chance_alone_nats"] + 0.02:
        return replace(now, meaning_loss=lost), "meanings changed"
    return replace(now, divergence=lost / now.sensitivity), "inputs drifted"
