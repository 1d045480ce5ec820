"""Firm promises about parts that are sometimes wrong: contracts, fronts, votes, tails and budgets.

Conventions. A reliability, an error, a correlation and a confidence are shares between 0 and 1. A quantity is judged
by its measured value or, where that is only an estimate, by the worse end of what the measurement leaves open.
Arguments may be arrays where a number makes sense; arrays broadcast.

Sources: Machine Learning Systems, volume I, section 1.8, definition 1.3. Majority of unreliable parts: von Neumann,
"Probabilistic logics and the synthesis of reliable organisms from unreliable components", Automata Studies, 1956.
Cases of unequal difficulty: the beta-binomial distribution, Skellam, J. Royal Statistical Society B 10, 1948.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real, share
from mlsys_helpers.sections.paradigm_shift.model import interval, tests_needed

# A contract


@dataclass(frozen=True)
class Limit:
    """One line of a contract: what must stay on which side of which bound, in which unit, and why."""

    quantity: str
    bound: float
    unit: str
    reason: str
    at_least: bool = False

    def slack(self, value):
        """The room left before the bound, as a share of the bound: 0 just keeps it, below 0 breaks it."""
        room = value - self.bound if self.at_least else self.bound - value
        return room / self.bound


@dataclass(frozen=True)
class Finding:
    """What became of one limit; `value` and `slack` are None for a quantity that nobody measured."""

    limit: Limit
    value: float | None
    slack: float | None

    @property
    def kept(self) -> bool:
        """Whether the limit is known to be kept: what was not measured is not."""
        return self.slack is not None and self.slack >= 0


def judge(contract: Sequence[Limit], values: Mapping[str, float]) -> tuple[Finding, ...]:
    """One finding for each limit, in the contract's order: all of them, not only the first that breaks."""
    if not contract:
        raise ValueError("a contract without limits promises nothing: give it at least one Limit")
    found = ((limit, values.get(limit.quantity)) for limit in contract)
    return tuple(Finding(limit, value, None if value is None else limit.slack(value)) for limit, value in found)


def broken(contract: Sequence[Limit], values: Mapping[str, float]) -> tuple[str, ...]:
    """The quantities whose limit is not kept."""
    return tuple(finding.limit.quantity for finding in judge(contract, values) if not finding.kept)


# A front


def dominators(costs) -> np.ndarray:
    """Which design dominates which: `[i, j]` is true where j is nowhere worse than i and somewhere better.

    `costs` has a row for each design and a column for each objective; lower is better.
    """
    costs = real("costs", costs)
    if costs.ndim != 2:
        raise ValueError(f"costs must have a row for each design and a column for each objective, got {costs.shape}")
    mine, yours = costs[:, None], costs[None, :]
    return (yours <= mine).all(axis=2) & (yours < mine).any(axis=2)


def front(costs) -> np.ndarray:
    """Which designs no other dominates, the Pareto front; of designs with equal costs all stay or none."""
    return ~dominators(costs).any(axis=1)


# Parts in series and in a vote


def all_right(reliability, parts):
    """The chance that every one of `parts` independent parts is right, where one wrong spoils the whole."""
    return plain(share("reliability", reliability) ** non_negative("parts", parts))


def part_needed(target, parts):
    """How reliable each of `parts` independent parts must be for all to be right with the chance `target`."""
    return plain(share("target", target) ** (1 / positive("parts", parts)))


def vote_fails(error, voters=3):
    """The chance that more than half of `voters` independent parts are wrong. For three: 3e^2 - 2e^3."""
    from scipy.stats import binom  # here, so that judging a contract need not wait for SciPy

    return plain(np.asarray(binom.sf(_odd(voters) // 2, voters, _chance("error", error))))


def common_cause(error, correlation, voters=3):
    """The same, if with the chance `correlation` one fate befalls all voters, and else each has its own.

    Then any two voters' errors have just that correlation.
    """
    shared = _chance("correlation", correlation)
    return plain(shared * _chance("error", error) + (1 - shared) * np.asarray(vote_fails(error, voters)))


def own_difficulty(error, correlation, voters=3):
    """The same, if cases differ: on a hard one every voter is likely to err, each for itself.

    The chance to err varies from case to case by a beta distribution with the mean `error`, spread so that any two
    voters' errors have the given correlation: beta-binomial.
    """
    from scipy.stats import betabinom

    rho, wrong = (  # at 0 and at 1 a beta distribution has no shape
        np.clip(_chance(name, value), 1e-6, 1 - 1e-6)
        for name, value in (("correlation", correlation), ("error", error))
    )
    size = (1 - rho) / rho
    return plain(np.asarray(betabinom.sf(_odd(voters) // 2, voters, wrong * size, (1 - wrong) * size)))


def error_correlation(wrong) -> float:
    """The correlation of two voters' errors, averaged over all pairs; `wrong` is (voters, cases), true where wrong."""
    wrong = np.asarray(wrong, float)
    if wrong.ndim != 2 or len(wrong) < 2:
        raise ValueError(f"wrong must have one row for each of at least two voters, got shape {wrong.shape}")
    if (wrong.std(axis=1) == 0).any():
        raise ValueError("a voter that is always or never wrong has no correlation with the others")
    return float(np.mean([np.corrcoef(wrong[i], wrong[j])[0, 1] for i, j in combinations(range(len(wrong)), 2)]))


# What samples can promise


def at_least_right(right: int, cases: int) -> float:
    """The accuracy that `right` of `cases` promises with 95 % confidence: the lower end of Wilson's interval.

    One-sided, so it is an end of the 90 % interval, which misses on either side with 5 %.
    """
    return 1 - at_most_wrong(cases - right, cases)


def at_most_wrong(wrong: int, cases: int) -> float:
    """The share wrong that `wrong` of `cases` leaves open with 95 % confidence: Wilson's upper end."""
    return interval(wrong, cases, confidence=0.90)[1]


def quantile_at_most(sample, quantile: float, confidence: float = 0.95) -> float:
    """What a quantile of the source of `sample` is at most, with this confidence; NaN where the sample cannot say.

    No shape is assumed: one of the ordered values is the answer, chosen by the binomial distribution (SciPy).
    """
    from scipy.stats import quantile_test

    return float(quantile_test(sample, p=quantile, alternative="less").confidence_interval(confidence).high)


def requests_needed(quantile, confidence=0.95):
    """How many independent requests it takes until the slowest is known to lie above the quantile.

    All n lie below it with the chance quantile**n, as n tests pass a program that fails at the rate 1 - quantile.
    """
    return tests_needed(1 - share("quantile", quantile), confidence)


def error_budget(target, total):
    """What a promise leaves to fail: the share of `total` seconds, requests or answers that `target` does not claim."""
    return plain((1 - share("target", target)) * non_negative("total", total))


# What to specify before training

FIELDS = {
    "metric": "What is counted or timed?",
    "statistic": "The mean, a share, or which quantile of it?",
    "population": "Over which inputs?",
    "limit": "Which value may it not pass?",
    "window": "Over how long, or how many?",
    "owner": "Who answers for it?",
    "action": "What happens when it is broken?",
}


def missing_fields(promise: Mapping) -> tuple[str, ...]:
    """What a promise does not say, in the order of FIELDS: what is absent, None or blank. A limit of 0 is a limit."""
    values = {field: promise.get(field) for field in FIELDS}
    return tuple(field for field, value in values.items() if value is None or not str(value).strip())


def _chance(name: str, value) -> np.ndarray:
    """`value` as shares from 0 to 1, both included."""
    found = non_negative(name, value)
    share(name, found[found > 0])
    return found


def _odd(voters):
    whole = positive("voters", voters, "voters")
    if np.any(whole % 2 != 1):
        raise ValueError(f"voters must be odd, or votes may be tied; got {voters}")
    return voters if np.ndim(voters) == 0 else whole
