"""A miniature of STUDENT: story problems in English become equations by hand-written rules, and nothing else.

Each rule is a pattern and what to do with it. A `rewrite` rule changes the wording, in the order of the list, once
each; a `meaning` rule turns a phrase into a number. What is left over is taken for the name of a quantity. The
problem is Bobrow's (thesis, MIT, 1964), in the chapter's wording; the rewordings in `LETTERS` and `LATER` were written
down before any rule was.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

ANSWER = 162.0
GETS = "the number of customers Tom gets"
RUNS = "the number of advertisements he runs"
GIVEN = "the number of advertisements is 45"
RULE = f"{GETS} is twice the square of 20% of {RUNS}"
ASK = f"what is {GETS}?"
ORIGINAL = f"If {RULE}, and {GIVEN}, {ASK}"


@dataclass(frozen=True)
class Rule:
    """One hand-written rule: `change` is new wording for a rewrite, a function of the parts for a meaning.

    `before` names the rule that it must come before; without one it goes to the end of the list.
    """

    name: str
    pattern: str
    change: str | Callable[..., float]
    before: str = ""


@dataclass(frozen=True)
class Reading:
    """What the program made of a problem: equations as (left, right) wordings, its answer, or where it got stuck."""

    equations: tuple[tuple[str, str], ...]
    asked: str
    value: float | None
    stuck: str

    @property
    def verdict(self) -> str:
        """'solved', 'stuck' (and it says so), or 'wrong' (and it does not)."""
        return "stuck" if self.value is None else "solved" if abs(self.value - ANSWER) < 1e-9 else "wrong"


class _StuckError(Exception):
    """No rule says what to do with these words."""


BASE = (
    Rule("if ..., what is ...?", r"^if (.+), what is ([^?]+)\?$", r"\1. what is \2?"),
    Rule("..., and ...", r", and ", ". "),
    Rule("twice", r"twice (.+)", lambda x: 2 * x),
    Rule("the square of", r"the square of (.+)", lambda x: x**2),
    Rule("% of", r"([\d.]+) ?% of (.+)", lambda percent, x: percent / 100 * x),
)


def read(problem: str, rules: Sequence[Rule] = BASE) -> Reading:
    """Rewrite `problem`, split it into 'A is B' sentences and one question, and solve by substitution."""
    text = re.sub(r"\s+", " ", problem.strip().lower())
    for rule in rules:
        if isinstance(rule.change, str):
            text = re.sub(rule.pattern, rule.change, text)
    *sentences, asked = [part.strip() for part in re.split(r"[.](?!\d)", text) if part.strip()]
    equations: tuple[tuple[str, str], ...] = ()
    try:
        equations = tuple(_halves(sentence) for sentence in sentences)
        question = re.fullmatch(r"what is ([^?]+)\?", asked)
        if not question:
            raise _StuckError(asked)
        return Reading(equations, question[1], _value(question[1], dict(equations), rules), "")
    except _StuckError as stuck:
        return Reading(equations, asked, None, str(stuck))


def _halves(sentence: str) -> tuple[str, str]:
    left, is_, right = sentence.partition(" is ")
    if not is_:
        raise _StuckError(sentence)
    return left.strip(), right.strip()


def _value(phrase: str, equations: dict[str, str], rules: Sequence[Rule]) -> float:
    """A number, a phrase that a meaning rule covers, or a quantity that some equation defines."""
    if re.fullmatch(r"[\d.]+", phrase):
        return float(phrase)
    for rule in rules:
        found = None if isinstance(rule.change, str) else re.fullmatch(rule.pattern, phrase)
        if found and callable(rule.change):
            return rule.change(*(_value(part, equations, rules) for part in found.groups()))
    for name, definition in equations.items():
        if _same(name, phrase):
            others = {key: value for key, value in equations.items() if key != name}
            return _value(definition, others, rules)
    raise _StuckError(phrase)


def _same(a: str, b: str) -> bool:
    """STUDENT's guess at synonyms: one wording begins the other ('the number of advertisements (he runs)')."""
    short, long = sorted((a.split(), b.split()), key=len)
    return long[: len(short)] == short


# Letters that came after the demonstration: the same problem, worded as people word things


def _begin(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


LETTERS = (
    f"If {GETS} is twice the square of 20 percent of {RUNS}, and {GIVEN}, {ASK}",
    f"{_begin(RULE)}. {_begin(GIVEN)}. {_begin(ASK)}",
    f"What is {GETS} if {RULE}, and {GIVEN}?",
    f"If {GETS} is two times the square of 20% of {RUNS}, and {GIVEN}, {ASK}",
    f"If Tom's client count is twice the square of 20% of {RUNS}, and {GIVEN}, {ASK}",
    f"If {GETS} is twice the square of 20% of the number of ads he runs, and {GIVEN}, {ASK}",
    f"If {RULE}, and he runs 45 advertisements, how many customers does Tom get?",
    f"If {GETS} is double the square of a fifth of {RUNS}, and {GIVEN}, {ASK}",
    f"If {RULE}, and the number of advertisements is forty-five, {ASK}",
    "Tom runs 45 advertisements. The number of customers he gets is twice the square of 20% of that. How many "
    "customers does he get?",
    "Take 20% of the number of advertisements Tom runs, square it and double the result: "
    f"that is {GETS}. {_begin(GIVEN)}. {_begin(ASK)}",
    f"If Tom gets twice as many customers as the square of 20% of {RUNS}, and {GIVEN}, {ASK}",
)
LATER = (
    f"Given that {RULE}, and {GIVEN}, find {GETS}.",
    f"Tom sells shoes. He runs 45 advertisements. {_begin(RULE)}. How many customers does Tom get?",
    f"If {GETS} is the square of 20% of {RUNS}, doubled, and {GIVEN}, {ASK}",
    f"{_begin(GETS)} is two times the square of one fifth of the number of ads he runs. He runs forty-five ads. How "
    "many customers does Tom get?",
    f"If {GETS} is twice 20% of {RUNS} multiplied by itself, halved, and {GIVEN}, {ASK}",
    "Last year Tom ran 30 advertisements. Now he runs 45 advertisements. "
    f"{_begin(RULE)}. How many customers does Tom get?",
    f"If {RULE}, and the number of advertisements is 5 less than 50, {ASK}",
    "If Tom's clients number twice the square of 20% of his ads, and he has 45 of them running, how many clients has "
    "he?",
)

# What the engineer writes, letter by letter, each time just enough for that letter and as general as seemed natural

ADDED = (
    (Rule("percent", r" percent of ", "% of "),),
    (),  # the second letter needs no new rule
    (Rule("what is ... if ...?", r"^what is (.+?) if (.+)\?$", r"\2. what is \1?"),),
    (Rule("two times", r"two times (.+)", lambda x: 2 * x),),
    (Rule("client count", r"(\w+)'s client count", r"the number of customers \1 gets"),),
    (Rule("ads", r"\bads\b", "advertisements"),),
    (
        Rule(
            "how many",
            r"how many (\w+) does (\w+) get\?",
            r"what is the number of \1 \2 gets?",
            "if ..., what is ...?",
        ),
        Rule("he runs 45 ...", r"(?:^|(?<=\. ))\w+ runs (\S+) (\w+)", r"the number of \2 is \1"),
    ),
    (
        Rule("double", r"double (.+)", lambda x: 2 * x),
        Rule("a fifth of", r"(?:a|one) fifth of (.+)", lambda x: x / 5),
    ),
    (Rule("forty-five", r"\bforty-five\b", "45"),),
    (
        Rule("he gets", r"customers he gets", "customers tom gets"),
        Rule("of that", r"of that\b", "of the number of advertisements"),
    ),
    (
        Rule("take ...: that is ...", r"take (.+): that is ([^.]+)", r"\2 is \1", "..., and ..."),
        Rule("and double the result", r"(.+) and double the result", lambda x: 2 * x, "% of"),
        Rule("square it", r"(.+), square it", lambda x: x**2, "% of"),
    ),
    (Rule("twice as many ... as", r"(\w+) gets twice as many (\w+) as", r"the number of \2 \1 gets is twice"),),
)


@dataclass(frozen=True)
class Growth:
    """After each letter was dealt with: the number of rules, and how all problems fare."""

    rules: tuple[int, ...]
    letters: tuple[tuple[str, ...], ...]
    later: tuple[tuple[str, ...], ...]

    def count(self, verdict: str, which: str = "letters") -> tuple[int, ...]:
        """How many of 'letters' or 'later' are 'solved', 'stuck' or 'wrong' after each letter."""
        return tuple(found.count(verdict) for found in getattr(self, which))


def rule_base(letters: int = len(ADDED), place: str = "chosen") -> tuple[Rule, ...]:
    """The rules once the first `letters` letters have been dealt with.

    `place` is where each new rule goes: 'chosen' by the engineer, always 'last', or always 'first'.
    """
    rules = list(BASE)
    for rule in (rule for added in ADDED[:letters] for rule in added):
        rules.insert(_place(rules, rule, place), rule)
    return tuple(rules)


def _place(rules: Sequence[Rule], rule: Rule, place: str) -> int:
    where = {"first": 0, "last": len(rules), "chosen": len(rules)}[place]
    return [other.name for other in rules].index(rule.before) if place == "chosen" and rule.before else where


def verdicts(problems: Iterable[str], rules: Sequence[Rule]) -> tuple[str, ...]:
    """'solved', 'stuck' or 'wrong' for each problem."""
    return tuple(read(problem, rules).verdict for problem in problems)


@cache
def grow() -> Growth:
    """Deal with the letters one by one, and read all of them, and the later ones, after each."""
    bases = [rule_base(letters) for letters in range(len(ADDED) + 1)]
    problems = (ORIGINAL, *LETTERS)
    return Growth(
        tuple(map(len, bases)),
        tuple(verdicts(problems, rules) for rules in bases),
        tuple(verdicts(LATER, rules) for rules in bases),
    )


def bound_pairs(rules: Sequence[Rule], problems: Sequence[str] = (ORIGINAL, *LETTERS)) -> tuple[tuple[str, str], ...]:
    """Pairs (a, b) of rules bound to their order: a moves down the list, and passing b changes some answer."""
    found = []
    for start, moved in enumerate(rules):
        rest = [*rules[:start], *rules[start + 1 :]]
        answers = [_answers([*rest[:at], moved, *rest[at:]], problems) for at in range(start, len(rules))]
        found += [
            (moved.name, passed.name)
            for passed, before, after in zip(rest[start:], answers[:-1], answers[1:], strict=True)
            if before != after
        ]
    return tuple(found)


def _answers(rules: Sequence[Rule], problems: Sequence[str]) -> tuple[float | None, ...]:
    return tuple(read(problem, rules).value for problem in problems)


# All ways to word the problem that the pieces allow

SLOTS = (
    (
        ("if {0}, and {1}, {2}", ""),
        ("{0}. {1}. {2}", ""),
        ("what is {asked} if {0}, and {1}?", "what is ... if ...?"),
    ),
    (
        ("the number of customers tom gets", ""),
        ("tom's client count", "client count"),
        ("the number of customers he gets", "he gets"),
    ),
    (("twice", ""), ("two times", "two times"), ("double", "double")),
    (("20% of", ""), ("20 percent of", "percent"), ("a fifth of", "a fifth of")),
    (("the number of advertisements", ""), ("the number of ads", "ads")),
    (("45", ""), ("forty-five", "forty-five")),
)


@cache
def wordings() -> tuple[tuple[str, frozenset[str]], ...]:
    """Every combination of the pieces, each with the names of the added rules that its pieces need."""
    made = []
    for frame, who, times, percent, what, number in product(*SLOTS):
        statement = f"{who[0]} is {times[0]} the square of {percent[0]} {what[0]} he runs"
        given, asked = f"the number of advertisements is {number[0]}", "the number of customers tom gets"
        text = frame[0].format(statement, given, f"what is {asked}?", asked=asked)
        made.append((text, frozenset(need for _, need in (frame, who, times, percent, what, number) if need)))
    return tuple(made)


def needed() -> tuple[str, ...]:
    """The added rules that the wordings need, in the order in which the letters brought them."""
    wanted = set().union(*(needs for _, needs in wordings()))
    return tuple(rule.name for added in ADDED for rule in added if rule.name in wanted)


def coverage(names: Iterable[str]) -> float:
    """Share of all wordings that are read right with the base rules and the added rules called `names`."""
    kept = {rule.name for rule in BASE} | set(names)
    rules = [rule for rule in rule_base() if rule.name in kept]
    return verdicts([text for text, _ in wordings()], rules).count("solved") / len(wordings())


def coverage_by_rules(seed: int) -> np.ndarray:
    """`coverage` after 0, 1, 2, ... of the needed rules, added in a random order."""
    order = np.random.default_rng(seed).permutation(needed())
    return np.array([coverage(order[:count]) for count in range(len(order) + 1)])
