"""Probes: what can be looked at, what a look costs in hours, and what it shows. Readings are simulated, noise and all.

A probe looks at the service as it is at that moment. Where a sample is taken it is really drawn: requests through the
queue, messages into histograms, labels one by one; so a reading strays as much as so many cases let it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize

from mlsys_helpers.sections.silent_degradation import model as degradation
from mlsys_helpers.sections.synthesis import model, serving
from mlsys_helpers.sections.synthesis.incident import Incident
from mlsys_helpers.sections.synthesis.model import Service

Reading = dict[str, float]
MESSAGES, REFERENCE, BINS = 600, 5000, 10  # of the drift monitor
LABELLED, FROZEN, BY_COHORT = 400, 400, 200
LOGGED_S = 600
COHORTS = {"regulars": 0.6, "newcomers": 0.2, "topic labelled last": 0.2}
BEARS = {  # how each loss falls on the cohorts; what is not named falls on everybody alike
    "divergence": (0.2, 0.7, 0.1),
    "label_loss": (0.1, 0.1, 0.8),
}


@dataclass(frozen=True)
class Probe:
    """One way to look: its hours, and what it reads off the service as it is now."""

    name: str
    hours: float
    asks: str
    read: Callable[[Incident, Service, np.random.Generator], Reading]


def _profile(i: Incident, s: Service, rng) -> Reading:
    once, added = model.request_terms(s)
    stray = rng.lognormal(0, 0.03, 3)
    whole = [1e3 * (getattr(once, term) + getattr(added, term)) for term in ("data_s", "compute_s", "latency_s")]
    return dict(zip(("data_ms", "compute_ms", "latency_ms"), (whole * stray).tolist(), strict=True))


def _watched(s: Service, rng) -> serving.Watched:
    return serving.watch(model.servers([s], [False]), serving.traffic(int(rng.integers(2**40)), spells=1, requests=800))


def _queue(i: Incident, s: Service, rng) -> Reading:
    seen = _watched(s, rng)
    p50, p99 = (1e3 * float(seen.quantile(share)[0]) for share in (0.5, 0.99))
    return {"p50_ms": p50, "p99_ms": p99, "waiting_share": float(seen.wait_s.mean() / seen.total_s.mean())}


def _batches(i: Incident, s: Service, rng) -> Reading:
    sizes = _watched(s, rng).batches()
    return {f"batches of {n}": float((sizes == n).mean()) for n in range(1, s.batch + 1)}


def _traffic(i: Incident, s: Service, rng) -> Reading:
    prompts = s.prompt_tokens * rng.lognormal(-(serving.LENGTH_SPREAD**2) / 2, serving.LENGTH_SPREAD, 1000)
    return {
        "requests_per_s": rng.poisson(s.requests_per_s * LOGGED_S) / LOGGED_S,
        "prompt_tokens": float(prompts.mean()),
        "cache_hits": float(s.cached),
    }


def _drift(i: Incident, s: Service, rng) -> Reading:
    now = rng.multinomial(MESSAGES, tilted(s.divergence + s.prompt_divergence + s.skew_divergence))
    before = rng.multinomial(REFERENCE, np.full(BINS, 1 / BINS))
    chance = (BINS - 1) / 2 * (1 / MESSAGES + 1 / REFERENCE)
    return {"kl_nats": degradation.kl(degradation.shares(now), degradation.shares(before)), "chance_alone_nats": chance}


def tilted(divergence: float) -> np.ndarray:
    """Shares over BINS bins, weighted by e^(tx), that lie `divergence` nats (KL) from even ones."""
    x, even = np.linspace(0, 1, BINS), np.full(BINS, 1 / BINS)

    def at(t: float) -> np.ndarray:
        weights = np.exp(t * x)
        return weights / weights.sum()

    return at(optimize.brentq(lambda t: degradation.kl(at(t), even) - divergence, 0, 60)) if divergence else even


def _labels(i: Incident, s: Service, rng) -> Reading:
    right = _today(s)
    wrong = rng.binomial(LABELLED, 1 - right)
    one_sided = s.threshold_loss / (1 - right)
    over = rng.binomial(wrong, one_sided + (1 - one_sided) / 2)  # a stale threshold errs on one side, all else on both
    return {
        "accuracy": 1 - wrong / LABELLED,
        "wrongly_answered": over / LABELLED,
        "wrongly_held": (wrong - over) / LABELLED,
    }


def _cohorts(i: Incident, s: Service, rng) -> Reading:
    best, shares = s.accuracy_0, np.array(list(COHORTS.values()))
    losses = {"divergence": s.sensitivity * s.divergence, "label_loss": s.label_loss}
    alike = best - _today(s) - sum(losses.values())
    lost = alike + sum(loss * np.array(BEARS[name]) / shares for name, loss in losses.items())
    return {
        name: float(rng.binomial(BY_COHORT, np.clip(best - of, 0, 1)) / BY_COHORT)
        for name, of in zip(COHORTS, lost, strict=True)
    }


def _replay(i: Incident, s: Service, rng) -> Reading:
    """The same old messages through the release that serves and through the one before, with the same weights."""
    here = s.accuracy_0 - s.label_loss
    before = replace(s, precision=i.healthy.precision, step_latency_s=i.healthy.step_latency_s)
    once = [sum(t.added_s for t in model.request_terms(x)) for x in (s, before)]
    both = rng.random(FROZEN)  # the same messages: what is hard for one is hard for the other
    return {
        "accuracy_now": float((both < here - s.skew_loss).mean()),
        "accuracy_previous_release": float((both < here - i.release_gain).mean()),
        "times_as_slow": once[0] / once[1] * rng.lognormal(0, 0.03),
    }


def _int8(i: Incident, s: Service, rng) -> Reading:
    lost, won = rng.binomial(FROZEN, (s.rounding_loss + 0.005, 0.005))
    return {"lost_to_rounding": float(lost - won) / FROZEN}


def _today(s: Service) -> float:
    """Accuracy on the first day of the month, before anything that takes days has helped."""
    return float(model.accuracy_by_day(s)[0])


PROBES = {
    probe.name: probe
    for probe in (
        Probe("profile", 1.0, "Where do the milliseconds of a request go?", _profile),
        Probe("queue", 0.5, "How long are requests in the house, and how much of it do they wait?", _queue),
        Probe("batches", 0.5, "How full are the batches?", _batches),
        Probe("traffic", 0.5, "How many requests, how long, and is their opening cached?", _traffic),
        Probe("drift", 1.0, "How far are the inputs from those of training?", _drift),
        Probe("labels", 2.0, "How many answers of today are right, and which way are the others wrong?", _labels),
        Probe("cohorts", 2.0, "Who gets the wrong answers?", _cohorts),
        Probe("replay", 1.5, "Did the last release change answers or times?", _replay),
        Probe("int8 trial", 1.0, "What would int8 cost in answers?", _int8),
    )
}
