"""Incidents: what went wrong, what can be done about it, and what each plan comes to. All of it is simulated.

A seed gives an incident: a healthy service, one thing that made it slow and one that made it worse. Causes and fixes
change fields of the Service and nothing else; what they come to is computed. Prices, hours and losses are the game's.

Nothing here is secret: `search(incident(seed))` tells the best plan of every incident. A class that is graded needs
incidents of its own: an instructor mixes a secret word into the seed, and gives out papers and readings only.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, islice
from pathlib import Path

import numpy as np

from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.seeds import generator, log_uniform
from mlsys_helpers.kit.units import DAY_S
from mlsys_helpers.sections.synthesis import model, serving
from mlsys_helpers.sections.synthesis.model import Service

BUDGET_HOURS = 24
LOOK_HOURS = 6  # the best plan leaves at least so many: who looks first can still carry it out
EUR_PER_HOUR = 100.0  # what an hour of the engineer costs
INCOME_EUR = 10_000.0  # what the service earned in its last good month
WRONG_COSTS = 5  # a wrong answer costs as much as so many right ones earn
CREDIT_EUR = 1_000.0  # paid back for each alarm that still rings over the month
ACCURACY_ROOM = 0.03  # the second contract: so far below its best may the month's accuracy lie
RENT_EUR = {"T4": 300, "L4": 500, "RTX_3090": 500, "RTX_4090": 700, "A100_SXM_40": 1500}  # a month
FASTER = {"T4": ("L4", "RTX_3090"), "RTX_3090": ("RTX_4090", "A100_SXM_40")}  # by FLOP/s; by bytes/s
TABLE = Path(__file__).with_name("incidents.csv")  # made by study.py


@dataclass(frozen=True)
class Cause:
    """One thing that goes wrong: which alarm it rings, the axis where the change sits, and what it does."""

    name: str
    alarm: str
    axis: str
    story: str
    strike: Callable[[Service, np.random.Generator], Service]


def _more_traffic(s: Service, rng) -> Service:
    return replace(s, requests_per_s=round(s.requests_per_s * rng.uniform(1.3, 2.5), 2))


def _longer_prompts(s: Service, rng) -> Service:
    longer = round(min(500, s.prompt_tokens * rng.uniform(2.0, 5.0)))
    return replace(s, prompt_tokens=longer, prompt_divergence=rng.uniform(0.05, 0.15))


def _slow_step(s: Service, rng) -> Service:
    return replace(s, step_latency_s=s.step_latency_s + log_uniform(rng, 2e-3, 1e-2))


def _drift(s: Service, rng) -> Service:
    moved = rng.uniform(0.03, 0.09) / s.sensitivity
    return replace(s, divergence=s.divergence + moved, drift_per_day=moved / rng.uniform(40, 120))


def _skew(s: Service, rng) -> Service:
    lost, seen = rng.uniform(0.04, 0.10), rng.uniform(0.05, 0.25)
    return replace(s, skew_loss=lost, skew_divergence=seen)


def _loses(field: str) -> Callable[[Service, np.random.Generator], Service]:
    return lambda s, rng: replace(s, **{field: rng.uniform(0.04, 0.10)})


CAUSES = {
    cause.name: cause
    for cause in (
        Cause("more traffic", "slow", "machine", "more requests arrive", _more_traffic),
        Cause("longer prompts", "slow", "data", "people write more", _longer_prompts),
        Cause(
            "cache lost",
            "slow",
            "machine",
            "the opening that all prompts share is read anew each time",
            lambda s, rng: replace(s, cached=False),
        ),
        Cause(
            "precision fell back",
            "slow",
            "algorithm",
            "the release computes in fp32",
            lambda s, rng: replace(s, precision="fp32"),
        ),
        Cause("a slow step", "slow", "machine", "the release starts each step late", _slow_step),
        Cause("inputs drifted", "wrong", "data", "people write about other things", _drift),
        Cause(
            "meanings changed",
            "wrong",
            "data",
            "the same inputs now have other right answers",
            _loses("meaning_loss"),
        ),
        Cause("bad labels", "wrong", "data", "the last training learned from wrong labels", _loses("label_loss")),
        Cause(
            "skewed inputs",
            "wrong",
            "machine",
            "the release prepares inputs otherwise than training did",
            _skew,
        ),
        Cause(
            "stale threshold",
            "wrong",
            "algorithm",
            "the score from which an answer is sent is out of date",
            _loses("threshold_loss"),
        ),
    )
}
SLOW, WRONG = (tuple(c.name for c in CAUSES.values() if c.alarm == alarm) for alarm in ("slow", "wrong"))


@dataclass(frozen=True)
class Incident:
    """A service as it was, as it is, and why; `worth_eur` is what one right answer in time earns."""

    seed: int
    healthy: Service
    broken: Service
    causes: tuple[str, str]
    release_gain: float
    worth_eur: float

    @property
    def floor(self) -> float:
        """The accuracy that the contract asks for over the month."""
        return self.healthy.accuracy_0 - ACCURACY_ROOM


@dataclass(frozen=True)
class Fix:
    """One thing that can be done: its hours, what it does, what it changes, and what it costs in the month.

    Of fixes that share a `group` only one can be chosen.
    """

    name: str
    hours: float
    does: str
    change: Callable[[Incident, Service], Service]
    eur: Callable[[Incident, Service], float] = lambda i, s: 0.0
    group: str = ""


def _roll_back(i: Incident, s: Service) -> Service:
    was = i.healthy
    old = replace(s, precision=was.precision, step_latency_s=was.step_latency_s, skew_loss=0.0, skew_divergence=0.0)
    return replace(old, accuracy_0=s.accuracy_0 - i.release_gain)


def _sets(**fields) -> Callable[[Incident, Service], Service]:
    return lambda i, s: replace(s, **fields)


def _chip(name: str, hours: float, does: str, place: int) -> Fix:
    def eur(i: Incident, s: Service) -> float:
        return s.replicas * (RENT_EUR[FASTER[i.healthy.chip][place]] - RENT_EUR[i.healthy.chip])

    return Fix(name, hours, does, lambda i, s: replace(s, chip=FASTER[i.healthy.chip][place]), eur, "chip")


# In the order in which they are done: a roll-back comes before everything that builds on what is served.
FIXES = {
    fix.name: fix
    for fix in (
        Fix(
            "roll back", 5, "the code before the release: its precision, step and preparation; weights stay", _roll_back
        ),
        Fix(
            "tune the step",
            6,
            "start each step in 0.3 of its time",
            lambda i, s: replace(s, step_latency_s=0.3 * s.step_latency_s),
        ),
        Fix("int8", 6, "weights of one byte; some answers are lost to rounding", _sets(precision="int8")),
        Fix("batch x4", 4, "batches of up to four times as many", lambda i, s: replace(s, batch=4 * s.batch)),
        Fix("mend the cache", 4, "read the common opening once", _sets(cached=True)),
        _chip("chip: FLOP/s", 6, "a chip with more arithmetic", 0),
        _chip("chip: bytes/s", 6, "a chip with more bandwidth", 1),
        Fix(
            "second replica",
            5,
            "another machine takes half of the requests",
            lambda i, s: replace(s, replicas=s.replicas + 1),
            lambda i, s: RENT_EUR[s.chip],
        ),
        Fix("new threshold", 5, "set the threshold anew", _sets(threshold_loss=0.0)),
        Fix(
            "clean the labels",
            4,
            "mend the training set; helps whoever retrains after it",
            _sets(clean_labels=True),
            lambda i, s: 800.0,
        ),
        Fix(
            "retrain here",
            8,
            "fresh weights; the serving machine slows while it trains",
            _sets(retrained="here"),
            lambda i, s: 500.0,
            "retrain",
        ),
        Fix(
            "retrain rented",
            9,
            "fresh weights, trained on a rented machine",
            _sets(retrained="rented"),
            lambda i, s: 1300.0,
            "retrain",
        ),
    )
}

Plan = tuple[str, ...]  # names of FIXES, in their order


def plan(names: Iterable[str]) -> Plan:
    """The fixes in the order in which they are done. Raises ValueError for an unknown one, or for two of one group."""
    chosen = {one_of("fix", name, FIXES) for name in names}
    groups = [FIXES[name].group for name in chosen if FIXES[name].group]
    if len(groups) > len(set(groups)):
        raise ValueError(f"of {', '.join(n for n in FIXES if FIXES[n].group in groups and n in chosen)} choose one")
    return tuple(name for name in FIXES if name in chosen)


def hours(fixes: Plan) -> float:
    """Hours that a plan takes."""
    return sum(FIXES[name].hours for name in fixes)


@cache
def plans(budget_hours: float = BUDGET_HOURS) -> tuple[Plan, ...]:
    """Every plan that the budget allows, the empty one first."""
    found = []
    for size in range(len(FIXES) + 1):
        for names in combinations(FIXES, size):
            groups = [FIXES[name].group for name in names if FIXES[name].group]
            if hours(names) <= budget_hours and len(groups) == len(set(groups)):
                found.append(names)
    return tuple(found)


@dataclass(frozen=True)
class Done:
    """The service after a plan, and what rent, labels and training cost in the month."""

    service: Service
    eur: float


def apply(incident: Incident, fixes: Plan) -> Done:
    """What a plan makes of the broken service."""
    return _apply(incident, fixes, {(): Done(incident.broken, 0.0)})


def _apply(incident: Incident, fixes: Plan, known: dict[Plan, Done]) -> Done:
    """`known` keeps what shorter plans made of it: many plans begin alike."""
    if fixes not in known:
        before, fix = _apply(incident, fixes[:-1], known), FIXES[fixes[-1]]
        known[fixes] = Done(fix.change(incident, before.service), before.eur + fix.eur(incident, before.service))
    return known[fixes]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What plans come to over the month; arrays with an entry for each plan."""

    plans: tuple[Plan, ...]
    late: np.ndarray
    accuracy: np.ndarray
    eur: np.ndarray

    @property
    def best(self) -> int:
        """The place of the plan that earns most."""
        return int(np.argmax(self.eur))

    @property
    def margin_eur(self) -> float:
        """How much the best plan earns more than any plan that does without a part of it.

        Plans that do more than the best are not counted: they pay for a fix that nothing needed.
        """
        whole = set(self.plans[self.best])
        without = [eur for fixes, eur in zip(self.plans, self.eur, strict=True) if not whole <= set(fixes)]
        return float(self.eur[self.best] - max(without))


def net(accuracy):
    """What an answer in time earns on average, in units of a right one."""
    return accuracy - WRONG_COSTS * (1 - accuracy)


def outcome(incident: Incident, some: Iterable[Plan], world: int = 0) -> Outcome:
    """Play out plans over the next month, in the traffic called `world`.

    An answer that is late earns nothing; one in time earns its worth when it is right, and costs
    WRONG_COSTS times that when it is wrong. Off go rent, labels, hours, and a credit for each contract that the month
    does not keep.
    """
    some = tuple(some)
    known = {(): Done(incident.broken, 0.0)}
    done = [_apply(incident, fixes, known) for fixes in some]
    month = model.months([after.service for after in done], serving.traffic(world))
    earned = month.answers * (1 - month.late) * net(month.accuracy) * incident.worth_eur
    ringing = (month.late > model.LATE_ALLOWED).astype(int) + (month.accuracy < incident.floor)
    paid = np.array([after.eur + EUR_PER_HOUR * hours(fixes) for fixes, after in zip(some, done, strict=True)])
    return Outcome(some, month.late, month.accuracy, earned - CREDIT_EUR * ringing - paid)


@cache
def search(incident: Incident, world: int = 0) -> Outcome:
    """Every plan within the budget, played out."""
    return outcome(incident, plans(), world)


def best(incident: Incident) -> Plan:
    """The plan that earns most: as stored, or searched for."""
    known = stored().get(incident.seed)
    return plan(known["best"].split(" + ")) if known else search(incident).plans[search(incident).best]


# From a seed to an incident

MARGIN_EUR = 200.0
HEALTHY_LATE = 0.007
AT_ONCE = 32
OTHER_WORLDS = (1, 2)


@cache
def stored() -> dict[int, dict[str, str]]:
    """The rows of `incidents.csv` by seed: incidents that were searched once, and what came of plans in them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {int(row["seed"]): row for row in csv.DictReader(file)}


@cache
def incident(seed: int) -> Incident:
    """The incident of a seed: the first draw of a service that was healthy, rings both alarms and has one best plan.

    The causes are drawn once, so that hard ones are as frequent as easy ones; the numbers are drawn until they fit.
    For seeds in the stored table it is known which draw that is; for others it takes seconds to find.
    """
    known = stored().get(seed)
    return next(islice(_draws(seed), int(known["draw"]), None)) if known else first_clear(seed)[1]


@cache
def first_clear(seed: int) -> tuple[int, Incident]:
    """The number of the first draw that fits, and the incident."""
    draws = enumerate(_draws(seed))
    while True:
        some = list(islice(draws, AT_ONCE))
        ringing = _ringing([drawn for _, drawn in some])
        for number, drawn in some:
            if drawn in ringing and _clear(drawn):
                return number, drawn


def _draws(seed: int) -> Iterator[Incident]:
    rng = generator("synthesis incident", seed)
    causes = (str(rng.choice(SLOW)), str(rng.choice(WRONG)))
    while True:
        yield _draw(seed, causes, rng)


def _clear(drawn: Incident) -> bool:
    """One plan is best by a margin, also in other traffic, and leaves hours to look."""
    found = search(drawn)
    chosen = found.plans[found.best]
    if not 0 < hours(chosen) <= BUDGET_HOURS - LOOK_HOURS or found.margin_eur < MARGIN_EUR:
        return False
    return all(outcome(drawn, plans(), world).best == found.best for world in OTHER_WORLDS)


def _ringing(drawn: list[Incident]) -> list[Incident]:
    """Those whose service kept both contracts before, and keeps neither now."""
    calm, now = (model.months([getattr(i, name) for i in drawn], serving.traffic(0)) for name in ("healthy", "broken"))
    floor = np.array([i.floor for i in drawn])
    well = (calm.late > 0) & (calm.late < HEALTHY_LATE) & (calm.accuracy > floor)
    ill = (now.late > 2 * model.LATE_ALLOWED) & (now.accuracy < floor)
    return [i for i, rings in zip(drawn, well & ill, strict=True) if rings]


def _draw(seed: int, causes: tuple[str, str], rng: np.random.Generator) -> Incident:
    healthy = broken = _healthy(rng)
    for name in causes:
        broken = CAUSES[name].strike(broken, rng)
    answers = healthy.requests_per_s * model.MONTH_DAYS * DAY_S
    worth = INCOME_EUR / (answers * net(healthy.accuracy_0))
    return Incident(seed, healthy, broken, causes, round(rng.uniform(0.005, 0.02), 3), worth)


def _healthy(rng: np.random.Generator) -> Service:
    """A service that was sized for its traffic: replies as long as their time allows, busy but not overloaded."""
    draft = Service(
        chip=str(rng.choice(list(FASTER))),
        workload=str(rng.choice(["gpt2", "gpt2_xl"])),
        precision="fp16",
        batch=int(rng.choice([2, 4])),
        replicas=1,
        step_latency_s=log_uniform(rng, 5e-4, 2e-3),
        requests_per_s=1.0,
        prompt_tokens=float(rng.integers(40, 201)),
        cap_tokens=model.CONTEXT_TOKENS,
        shared_tokens=float(rng.integers(100, 401)),
        cached=True,
        reply_tokens=1,
        accuracy_0=round(rng.uniform(0.90, 0.96), 3),
        sensitivity=log_uniform(rng, 0.3, 1.0),
        divergence=round(rng.uniform(0.0, 0.01), 4),
        drift_per_day=log_uniform(rng, 1e-4, 5e-4),
        rounding_loss=log_uniform(rng, 0.002, 0.03),
        retrain_tokens=log_uniform(rng, 1e8, 2e9),
        label_days=float(rng.integers(2, 6)),
    )
    reply = max(2, round(rng.uniform(0.05, 0.12) / model.request_terms(draft)[0].added_s))
    sized = replace(draft, reply_tokens=reply, cap_tokens=model.CONTEXT_TOKENS - draft.shared_tokens - reply)
    once, added = model.request_terms(sized)
    full = sized.batch / (once.added_s + sized.batch * added.added_s)  # requests a second in full batches
    return replace(sized, requests_per_s=float(f"{rng.uniform(0.15, 0.6) * full:.3g}"))
