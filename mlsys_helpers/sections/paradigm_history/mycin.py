"""A miniature of MYCIN: IF-THEN rules whose conclusions carry a certainty factor, and a way to add certainties up.

A certainty factor lies between -1 (certainly not) and 1 (certainly so); 0 says nothing. Evidence for and against is
combined as in EMYCIN (van Melle, 1979; in Buchanan and Shortliffe, "Rule-Based Expert Systems", 1984); premises that
are certain to 0.2 or less do not count. Nothing here is medicine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from mlsys_helpers.sections.paradigm_history.model import combine, pairs, weight

CUTOFF = 0.2

Fact = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """IF all premises THEN the conclusion, with a certainty; facts are (parameter, value) pairs."""

    name: str
    premises: tuple[Fact, ...]
    conclusion: Fact
    certainty: float


NEGATIVE_ROD: tuple[Fact, ...] = (("gram", "negative"), ("morphology", "rod"))
POSITIVE_COCCUS: tuple[Fact, ...] = (("gram", "positive"), ("morphology", "coccus"))
IDENTITIES = ("pseudomonas", "bacteroides", "enterobacteriaceae", "staphylococcus", "streptococcus")

# Six rules on an organism's identity from Shortliffe 1976, as quoted in Norvig, "Paradigms of AI Programming", 1992,
# chapter 16 (github.com/norvig/paip-lisp, lisp/mycin-r.lisp), with his numbers.
RULES = (
    Rule("52", (("site", "blood"), *NEGATIVE_ROD, ("burn", "serious")), ("identity", "pseudomonas"), 0.4),
    Rule("71", (*POSITIVE_COCCUS, ("growth", "clumps")), ("identity", "staphylococcus"), 0.7),
    Rule("73", (("site", "blood"), *NEGATIVE_ROD, ("air", "anaerobic")), ("identity", "bacteroides"), 0.9),
    Rule("75", (*NEGATIVE_ROD, ("host", "compromised")), ("identity", "pseudomonas"), 0.6),
    Rule("107", (*NEGATIVE_ROD, ("air", "aerobic")), ("identity", "enterobacteriaceae"), 0.8),
    Rule("165", (*POSITIVE_COCCUS, ("growth", "chains")), ("identity", "streptococcus"), 0.7),
)

# A made-up patient: what was observed, and how certainly
CASE: dict[Fact, float] = {
    ("site", "blood"): 1.0,
    ("burn", "serious"): 1.0,
    ("host", "compromised"): 1.0,
    ("gram", "negative"): 0.8,
    ("gram", "positive"): -0.8,
    ("morphology", "rod"): 0.8,
    ("morphology", "coccus"): -0.8,
    ("air", "aerobic"): 0.6,
    ("air", "anaerobic"): 0.3,
    ("growth", "clumps"): 0.0,
    ("growth", "chains"): 0.0,
}


def combine_all(certainties: Iterable[float]) -> float:
    """`combine` from the first to the last, starting from 0: no evidence."""
    return reduce(combine, certainties, 0.0)


def believe(goal: Fact, facts: Mapping[Fact, float], rules: Sequence[Rule] = RULES) -> float:
    """How certain `goal` is: as observed, or else by every rule that concludes it, each as sure as its weakest premise.

    Asks backwards from the goal, as MYCIN did; rules must not conclude their own premises in a circle.
    """
    if goal in facts:
        return facts[goal]
    evidence = []
    for rule in rules:
        if rule.conclusion == goal:
            weakest = min((believe(premise, facts, rules) for premise in rule.premises), default=1.0)
            if weakest > CUTOFF:
                evidence.append(rule.certainty * weakest)
    return combine_all(evidence)


def diagnose(facts: Mapping[Fact, float], rules: Sequence[Rule] = RULES) -> dict[str, float]:
    """The certainty of each of IDENTITIES, the surest first; ties in their order."""
    found = {value: believe(("identity", value), facts, rules) for value in IDENTITIES}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


# Rules that get in each other's way


def conflict(a: Rule, b: Rule) -> bool:
    """Can both rules fire on one case and conclude different values of the same parameter?"""
    known = dict(a.premises)
    together = all(known.get(parameter, value) == value for parameter, value in b.premises)
    return together and a.conclusion[0] == b.conclusion[0] and a.conclusion[1] != b.conclusion[1]


def conflicts(rules: Sequence[Rule]) -> int:
    """How many pairs of `rules` are in conflict."""
    return sum(conflict(a, b) for at, a in enumerate(rules) for b in rules[:at])


# A rule base made up (simulated), to see what errors do in one that is larger than six rules

PARAMETERS, VALUES, CONCLUSIONS, PREMISES = 8, 3, 5, 3


def made_up_rules(rng: np.random.Generator, count: int) -> tuple[Rule, ...]:
    """`count` rules drawn at random: three premises on eight parameters, one of five conclusions, certainty 0.3-0.9."""
    rules = []
    for number in range(count):
        asked = rng.choice(PARAMETERS, PREMISES, replace=False)
        premises = tuple((f"p{parameter}", f"v{rng.integers(VALUES)}") for parameter in asked)
        conclusion = ("identity", f"c{rng.integers(CONCLUSIONS)}")
        rules.append(Rule(str(number), premises, conclusion, round(rng.uniform(0.3, 0.9), 1)))
    return tuple(rules)


def made_up_case(rng: np.random.Generator) -> dict[Fact, float]:
    """One case: a value for each parameter, observed with certainty 1; every other value certainly not."""
    seen = rng.integers(VALUES, size=PARAMETERS)
    return {(f"p{p}", f"v{v}"): 1.0 if seen[p] == v else -1.0 for p in range(PARAMETERS) for v in range(VALUES)}


@dataclass(frozen=True)
class Flips:
    """A made-up rule base: the share of its pairs in conflict, and of the cases that one mistyped rule changes."""

    conflict_share: float
    changed_share: float


def flips(seed: int, rules: int = 60, cases: int = 100) -> Flips:
    """Mistype the conclusion of each rule in turn and count the cases whose diagnosis changes (simulated).

    `changed_share` is the average over rules.
    """
    rng = np.random.default_rng(seed)
    base = made_up_rules(rng, rules)
    fires = np.array([[_fires(rule, case) for rule in base] for case in [made_up_case(rng) for _ in range(cases)]])
    concluded = np.array([int(rule.conclusion[1][1:]) for rule in base])
    weights = weight(np.array([rule.certainty for rule in base])) * fires
    before = _surest(weights, concluded)
    changed = []
    for at in range(rules):
        mistyped = concluded.copy()
        mistyped[at] = (concluded[at] + rng.integers(1, CONCLUSIONS)) % CONCLUSIONS
        changed.append(np.mean(_surest(weights, mistyped) != before))
    return Flips(conflicts(base) / pairs(rules), float(np.mean(changed)))


def _fires(rule: Rule, case: Mapping[Fact, float]) -> bool:
    return all(case[premise] > CUTOFF for premise in rule.premises)


def _surest(weights: np.ndarray, concluded: np.ndarray) -> np.ndarray:
    """The conclusion with the most weight in each case; the first on a tie, such as when no rule fires."""
    totals = np.stack([weights[:, concluded == value].sum(axis=1) for value in range(CONCLUSIONS)])
    return totals.round(12).argmax(axis=0)


def mistyped(rules: Sequence[Rule], name: str, value: str) -> tuple[Rule, ...]:
    """`rules` with the conclusion of the rule called `name` changed to `value`."""
    return tuple(replace(r, conclusion=(r.conclusion[0], value)) if r.name == name else r for r in rules)
