"""A chat service as the chapter sees one: time by the iron law and a queue, quality by the degradation equation.

Conventions. Seconds, bytes, FLOP; shares lie between 0 and 1; money is in euros and time on the calendar in days, as
the names say. The time of a batch is the plain sum of data, compute and latency terms (equation 4). Prices and losses
that carry no source are the game's own; each stands once, below.

The queue's known results for one server stand in section 1.10 (M/M/1, M/D/1); M/G/1 is added here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.checks import non_negative, plain, positive, share
from mlsys_helpers.kit.scaling import training_flop
from mlsys_helpers.kit.units import DAY_S
from mlsys_helpers.sections.iron_law import model as iron_law
from mlsys_helpers.sections.silent_degradation import model as degradation
from mlsys_helpers.sections.synthesis import serving

DEADLINE_S, LATE_ALLOWED = 0.2, 0.01  # the contract: p99 at most 200 ms
MONTH_DAYS = 30
BYTES = {"fp32": 4.0, "fp16": 2.0, "int8": 1.0}
CACHE_BYTES = {"fp32": 4.0, "fp16": 2.0, "int8": 2.0}  # int8 is for weights: keys and values stay in fp16
UTILISATION = 0.4  # share of the peak that arithmetic reaches (an estimate of the game)
PARTS = (*iron_law.TERMS, "waiting")
CONTEXT_TOKENS = 1024  # GPT-2 reads no further


@dataclass(frozen=True)
class Service:
    """All that decides how fast and how well the service answers. Fields that end in `_loss` are shares of answers.

    `shared_tokens` open every prompt; with `cached` they are not read again. `divergence` is of the inputs, in nats,
    and hurts by equation 3; longer prompts and skewed inputs add divergences that the same monitor sees and that do
    not hurt. `meaning_loss` comes from a world whose right answers changed, `label_loss` from bad labels in the last
    training, `skew_loss` from inputs prepared otherwise than in training, `threshold_loss` from an old threshold, and
    `rounding_loss` only strikes in int8.
    """

    chip: str
    workload: str
    precision: str
    batch: int
    replicas: int
    step_latency_s: float
    requests_per_s: float
    prompt_tokens: float
    cap_tokens: float
    shared_tokens: float
    cached: bool
    reply_tokens: int
    accuracy_0: float
    sensitivity: float
    divergence: float
    drift_per_day: float
    rounding_loss: float
    retrain_tokens: float
    label_days: float
    prompt_divergence: float = 0.0
    skew_divergence: float = 0.0
    meaning_loss: float = 0.0
    skew_loss: float = 0.0
    label_loss: float = 0.0
    threshold_loss: float = 0.0
    clean_labels: bool = False
    retrained: str = ""  # "here" on the serving machine, "rented" elsewhere


# Time


@cache
def request_terms(service: Service) -> tuple[iron_law.Terms, iron_law.Terms]:
    """The iron law for one batch: the terms that a batch pays once, and those that an average request adds to it.

    A batch passes through the weights once to read prompts and once for each further token of the replies. What a
    request adds are its own keys and values and its own arithmetic.
    """
    return _once(service), _added(service, service.prompt_tokens)


@cache
def transformer(workload: str) -> iron_law.Transformer:
    """A language model of the facts by its name."""
    return iron_law.transformer(facts.workload(workload))


def _once(s: Service) -> iron_law.Terms:
    weights = transformer(s.workload).params * BYTES[s.precision]
    return _terms(s, s.reply_tokens * weights, 0.0, s.reply_tokens * s.step_latency_s)


def _added(s: Service, prompt_tokens: float) -> iron_law.Terms:
    net, weight_bytes, cache_bytes = transformer(s.workload), BYTES[s.precision], CACHE_BYTES[s.precision]
    prompt = min(prompt_tokens, s.cap_tokens)
    context = prompt + s.shared_tokens + s.reply_tokens / 2
    reading = net.prefill_work(prompt + (0 if s.cached else s.shared_tokens), 1, weight_bytes, cache_bytes)
    writing = net.decode_work(context, 1, weight_bytes, cache_bytes) * (s.reply_tokens - 1)
    own = reading + writing
    return _terms(s, own.bytes_moved - s.reply_tokens * net.params * weight_bytes, own.flop, 0.0)


def _terms(s: Service, bytes_moved: float, flop: float, latency_s: float) -> iron_law.Terms:
    chip = facts.chip(s.chip)
    return iron_law.time_terms(
        bytes_moved, chip.bandwidth_bytes_per_s, flop, chip.peak(s.precision), UTILISATION, latency_s
    )


def servers(services: Sequence[Service], slowed: Sequence[bool]) -> serving.Servers:
    """One of the replicas of each service, as the queue wants it; a slowed one shares its chip with training.

    Requests are dealt out to replicas at random. While a replica trains, the others take its share; a single one
    serves at half speed. Time is linear in a prompt's length: the small part that grows with its square is laid along
    the straight line through half an average prompt and a whole one.
    """
    return serving.Servers(*np.array([_server(s, slow) for s, slow in zip(services, slowed, strict=True)], float).T)


@cache
def _server(s: Service, slowed: bool) -> tuple[float, ...]:
    prompt = min(s.prompt_tokens, s.cap_tokens)
    half_s, whole_s = _added(s, prompt / 2).added_s, _added(s, prompt).added_s
    token_s, item_s = (whole_s - half_s) / (prompt / 2), 2 * half_s - whole_s
    halved = 2.0 if slowed and s.replicas == 1 else 1.0
    serving_replicas = max(1, s.replicas - slowed)
    rate = s.requests_per_s / serving_replicas
    fixed_s = _once(s).added_s
    return rate, s.batch, halved * fixed_s, halved * item_s, halved * token_s, s.prompt_tokens, s.cap_tokens


# Quality


def retraining_days(s: Service) -> float:
    """Days that retraining keeps half of the serving chip, or one of several replicas, busy (6ND over what is left)."""
    flop = training_flop(transformer(s.workload).params, s.retrain_tokens)
    whole = iron_law.training_time_s(flop, 1, facts.chip(s.chip).peak("fp16"), UTILISATION) / DAY_S
    return whole * (2 if s.replicas == 1 else 1)


def accuracy_by_day(s: Service) -> np.ndarray:
    """Accuracy in the middle of each day of the month to come: equation 3, less what has other causes."""
    day = np.arange(MONTH_DAYS) + 0.5
    fresh_from = s.label_days + (retraining_days(s) if s.retrained == "here" else 1) if s.retrained else np.inf
    fresh = day >= fresh_from
    since = np.where(fresh, day - fresh_from if s.retrained else 0.0, day)
    moved = np.where(fresh, 0.0, s.divergence) + s.drift_per_day * since
    told = np.where(fresh, 0.0, s.meaning_loss) + np.where(fresh & s.clean_labels, 0.0, s.label_loss)
    fixed = s.skew_loss + s.threshold_loss + (s.rounding_loss if s.precision == "int8" else 0.0)
    return np.maximum(0.0, degradation.accuracy(s.accuracy_0, s.sensitivity, moved) - told - fixed)


# The month


@dataclass(frozen=True, eq=False)
class Month:
    """What a month of each service comes to; arrays with an entry for each. `late` is a share of the answers given."""

    late: np.ndarray
    accuracy: np.ndarray
    answers: np.ndarray


def months(services: Sequence[Service], seen: serving.Traffic) -> Month:
    """The next month of every service, under the same traffic (simulated)."""
    usual, training = _late(services, False, seen), np.zeros(len(services))
    here = [i for i, s in enumerate(services) if s.retrained == "here"]
    if here:
        training[here] = _late([services[i] for i in here], True, seen)
    part = np.array([min(1.0, retraining_days(s) / MONTH_DAYS) if s.retrained == "here" else 0.0 for s in services])
    served = np.array([s.requests_per_s for s in services]) * MONTH_DAYS * DAY_S
    return Month((1 - part) * usual + part * training, _by_key(services, _quality_key, _accuracies), served)


def _late(services, slowed: bool, seen: serving.Traffic) -> np.ndarray:
    def late(some):
        return serving.watch(servers(some, [slowed] * len(some)), seen).late(DEADLINE_S)

    return _by_key(services, lambda s: _server(s, slowed), late)


def _accuracies(services) -> np.ndarray:
    return np.array([accuracy_by_day(s).mean() for s in services])


_QUALITY = attrgetter(
    "workload", "precision", "accuracy_0", "sensitivity", "divergence", "drift_per_day",
    "rounding_loss", "retrain_tokens", "label_days", "meaning_loss", "skew_loss", "label_loss", "threshold_loss",
    "clean_labels", "retrained",
)  # fmt: skip


def _quality_key(s: Service) -> tuple:
    return (*_QUALITY(s), *((s.chip, s.replicas) if s.retrained == "here" else ()))


def _by_key(services, key, function) -> np.ndarray:
    """`function` of the services, asked only once for those that are alike in `key` (all come from one incident)."""
    kinds = {}
    places = [kinds.setdefault(key(s), (len(kinds), s))[0] for s in services]
    return function([s for _, s in kinds.values()])[places]


# Known results, and what two utilisations say together


def mg1_wait_s(arrivals_per_s, mean_s, squared_variation=0.0):
    """M/G/1: the mean wait, rho S (1 + C^2) / (2 (1 - rho)) (Pollaczek and Khinchin); endless from rho = 1 on.

    `squared_variation` is C^2, the variance of the service times over their squared mean; 0 is M/D/1.
    """
    busy = np.asarray(non_negative("arrivals_per_s", arrivals_per_s) * positive("mean_s", mean_s))
    spread = 1 + non_negative("squared_variation", squared_variation)
    return plain(np.where(busy < 1, busy * mean_s * spread / (2 * np.where(busy < 1, 1 - busy, 1)), np.inf))


def mm1_rate_per_s(mean_s, limit_s, quantile=0.99):
    """The traffic at which an M/M/1 server keeps a quantile of its times at a limit: 1/S - ln(1/(1 - q)) / limit.

    Section 1.10's p99, solved for the arrivals; 0 where not even an idle server keeps the limit.
    """
    room = 1 / positive("mean_s", mean_s) + np.log(1 - share("quantile", quantile)) / positive("limit_s", limit_s)
    return plain(np.maximum(0.0, room))


def batch_for(arithmetic, bandwidth, ridge, flop_each, shared_bytes, bytes_each):
    """The batch at which a step uses these shares of peak and bandwidth in the same seconds; endless where none does.

    Their ratio times the ridge is the intensity, and intensity is batch x flop_each over shared_bytes + batch x
    bytes_each: what all share (the weights) and what each brings (keys and values).
    """
    wanted = np.asarray(arithmetic / bandwidth * ridge)
    room = np.asarray(flop_each - wanted * bytes_each)
    return plain(np.where(room > 0, wanted * shared_bytes / np.where(room > 0, room, 1), np.inf))


def decode_batch(chip_name: str, workload: str, context: float, arithmetic: float, bandwidth: float) -> float:
    """`batch_for` the decode step of a model on a chip in fp16."""
    chip, net = facts.chip(chip_name), transformer(workload)
    one, two = net.decode_work(context, 1), net.decode_work(context, 2)
    each = two.bytes_moved - one.bytes_moved
    ridge = iron_law.ridge(chip.peak("fp16"), chip.bandwidth_bytes_per_s)
    return float(batch_for(arithmetic, bandwidth, ridge, one.flop, one.bytes_moved - each, each))


def parts_s(s: Service, seen: serving.Traffic) -> dict[str, float]:
    """Seconds of an average request in the house: the terms of its own batch if served alone, and the wait before."""
    once, added = request_terms(s)
    terms = {name: getattr(once, f"{name}_s") + getattr(added, f"{name}_s") for name in PARTS[:3]}
    return terms | {"waiting": float(serving.watch(servers([s], [False]), seen).wait_s.mean())}
