"""Hand-written rules against naive Bayes on real mail (Spambase), and what happens when the spammer answers.

A message is the set of the 48 words and 6 characters that occur in it. A disguised word ("fr3e") no longer counts as
the word, and the data hold no column for the disguise: it is simply gone. A filter that could see the disguise as a
new word would do better after retraining than shown here. Spam is label 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.kit.units import percent
from mlsys_helpers.sections.paradigm_history.model import log_odds

# Written from what everybody knows about spam, without counting here: all words of one line must occur.
# The chapter's two words, viagra and winner, are not among the columns of Spambase.
RULES = (
    ("remove",),
    ("000",),
    ("money",),
    ("credit",),
    ("free", "exclamation"),
    ("dollar", "exclamation"),
    ("business", "order"),
    ("business", "receive"),
)


def words(inbox: Dataset) -> tuple[str, ...]:
    """The words and characters counted, without the prefix of their column."""
    return tuple(name.partition("_")[2] for name in inbox.names if not name.startswith("capitals"))


def present(inbox: Dataset) -> np.ndarray:
    """Which words occur in which message: booleans of shape (messages, words)."""
    return inbox.features[:, : len(words(inbox))] > 0


# Two filters


def rules_fire(occurs: np.ndarray, names: Sequence[str], rules: Sequence[Sequence[str]] = RULES) -> np.ndarray:
    """Messages in which all the words of at least one rule occur."""
    return np.any([occurs[:, [names.index(word) for word in rule]].all(axis=1) for rule in rules], axis=0)


@dataclass(frozen=True)
class NaiveBayes:
    """Learned log-odds of spam: `base` before any word, `if_present` and `if_absent` for each word. Natural logs."""

    base: float
    if_present: np.ndarray
    if_absent: np.ndarray

    def log_odds(self, occurs: np.ndarray) -> np.ndarray:
        """ln p(spam | words) / p(not spam | words) of each message, words taken as independent given the class."""
        return self.base + occurs @ self.if_present + ~occurs @ self.if_absent


def learn(occurs: np.ndarray, labels: np.ndarray) -> NaiveBayes:
    """Count, and take logarithms: that is all the training there is."""
    spam, ham = int(labels.sum()), int((1 - labels).sum())
    spam_with, ham_with = occurs[labels == 1].sum(axis=0), occurs[labels == 0].sum(axis=0)
    return NaiveBayes(
        float(np.log(spam / ham)),
        log_odds(spam_with, spam, ham_with, ham),
        log_odds(spam - spam_with, spam, ham - ham_with, ham),
    )


@dataclass(frozen=True)
class Score:
    """How a filter did: shares between 0 and 1. `false_alarms` is the share of good mail called spam."""

    recall: float
    precision: float
    false_alarms: float
    accuracy: float


def score(called: np.ndarray, labels: np.ndarray) -> Score:
    """Judge the messages `called` spam. Precision is NaN where none was."""
    spam = labels == 1
    precision = float(spam[called].mean()) if called.any() else float("nan")
    return Score(float(called[spam].mean()), precision, float(called[~spam].mean()), float((called == spam).mean()))


def threshold_for(log_odds_: np.ndarray, labels: np.ndarray, false_alarms: float) -> float:
    """The log-odds above which at most a share `false_alarms` of the good mail lies."""
    return float(np.quantile(log_odds_[labels == 0], 1 - false_alarms, method="higher"))


# The duel


def disguise(occurs: np.ndarray, messages: np.ndarray, which: Sequence[int]) -> np.ndarray:
    """The same mail after the words `which` were disguised in `messages`, a mask."""
    changed = occurs.copy()
    changed[np.ix_(messages, np.asarray(which, int))] = False
    return changed


def pad(occurs: np.ndarray, messages: np.ndarray, which: Sequence[int]) -> np.ndarray:
    """The same mail after the innocent words `which` were added to `messages`, a mask."""
    changed = occurs.copy()
    changed[np.ix_(messages, np.asarray(which, int))] = True
    return changed


ATTACKS = ("rules", "bayes", "padding")


@dataclass(frozen=True)
class Duel:
    """Recall of three filters by number of words attacked; `attacked` names the words in their order.

    `retrained` is naive Bayes trained again on mail that was attacked as well. All three are set to the same share
    of false alarms on their training mail.
    """

    attacked: tuple[str, ...]
    words: tuple[int, ...]
    rules: np.ndarray
    bayes: np.ndarray
    retrained: np.ndarray


def rule_words() -> tuple[str, ...]:
    """The words of the rules, in the order of their first use."""
    return tuple(dict.fromkeys(word for rule in RULES for word in rule))


@cache
def duel(seed: int, against: str = "rules", part: float = 1.0, counts: tuple[int, ...] = tuple(range(11))) -> Duel:
    """The spammers attack the first `counts` words; a share `part` of all spam is theirs, the rest stays as it was.

    `against` says what the spammer knows: 'rules' disguises the words of the rules, 'bayes' those with the highest
    learned log-odds, 'padding' adds the innocent words with the lowest.
    """
    one_of("attack", against, ATTACKS)
    train, test = spambase().split(seed)
    names, learning, judging = words(train), present(train), present(test)
    alarms = score(rules_fire(learning, names), train.labels).false_alarms
    first, cut = _tuned(learning, train.labels, alarms)
    order = attack_order(first, names, against)[: max(counts)]
    attack = pad if against == "padding" else disguise
    rng = np.random.default_rng(seed)
    theirs = [(d.labels == 1) & (rng.random(len(d)) < part) for d in (train, test)]
    rows = []
    for count in counts:
        old, new = (attack(o, mail, order[:count]) for o, mail in zip((learning, judging), theirs, strict=True))
        again, again_cut = _tuned(old, train.labels, alarms)
        found = (rules_fire(new, names), first.log_odds(new) > cut, again.log_odds(new) > again_cut)
        rows.append([score(called, test.labels).recall for called in found])
    return Duel(tuple(names[word] for word in order), counts, *np.array(rows).T)


def attack_order(learned: NaiveBayes, names: Sequence[str], against: str) -> list[int]:
    """The words in the order in which that attack takes them."""
    by_weight = np.argsort(-learned.if_present, kind="stable")
    return {
        "rules": [names.index(word) for word in rule_words()],
        "bayes": by_weight.tolist(),
        "padding": by_weight[::-1].tolist(),
    }[against]


def _tuned(occurs: np.ndarray, labels: np.ndarray, alarms: float) -> tuple[NaiveBayes, float]:
    """Naive Bayes, and the log-odds at which it raises that share of false alarms on the mail it learned from."""
    learned = learn(occurs, labels)
    return learned, threshold_for(learned.log_odds(occurs), labels, alarms)


@dataclass(frozen=True)
class Labels:
    """Accuracy of naive Bayes by number of labelled messages; it calls spam what the odds favour."""

    labelled: np.ndarray
    accuracy: np.ndarray
    rules: Score


def labels_needed(seed: int, sizes: Sequence[int] = (10, 20, 40, 80, 160, 320, 640, 1280, 2560)) -> Labels:
    """How many labelled messages naive Bayes needs to do better than the rules, on the same held-out mail."""
    train, test = spambase().split(seed)
    rules = score(rules_fire(present(test), words(test)), test.labels)
    order, found = np.random.default_rng(seed).permutation(len(train)), []
    for size in sizes:
        some = train.take(order[:size])
        filter_ = learn(present(some), some.labels)
        found.append(score(filter_.log_odds(present(test)) > 0, test.labels).accuracy)
    return Labels(np.array(sizes), np.array(found), rules)


@one_thread
def weighed_together(seed: int) -> float:
    """Accuracy of logistic regression on the same words and mail: each weight is learned beside all the others."""
    train, test = spambase().split(seed)
    fitted = LogisticRegression(max_iter=2000).fit(present(train), train.labels)
    return float(fitted.score(present(test), test.labels))


def duel_table(part: float, words: int = 10, seeds: Sequence[int] = SEEDS) -> Table:
    """Recall of the three filters after each attack, with the spread over seeds; a share `part` of spam attacks."""
    told = {"rules": "disguise the rules' words", "bayes": "disguise Bayes' words", "padding": "add innocent words"}
    rows = []
    for against in ATTACKS:
        ends = [duel(seed, against, part, (0, words)) for seed in seeds]
        recall = zip(*((end.rules[-1], end.bayes[-1], end.retrained[-1]) for end in ends), strict=True)
        rows.append((told[against], *(spread(values).text(percent) for values in recall)))
    return table(("attack", "rules catch", "naive Bayes", "retrained"), rows)
