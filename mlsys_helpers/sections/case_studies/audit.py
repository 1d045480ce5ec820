"""A subgroup audit of a spam filter: whose wanted mail does it throw away?

The mail carries no names and no people's traits, so the groups are honest about what they are: messages that have
something in common, such as an exclamation mark. The filter never sees which group is audited.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlsys_helpers.data.datasets import Dataset, spambase
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.case_studies import model

SPAM = 1
MAIN = "with an exclamation mark"
WORDS = {
    MAIN: "char_exclamation",
    "that say re": "word_re",
    "that say edu": "word_edu",
    "that say you": "word_you",
    "that say our": "word_our",
    "that say 1999": "word_1999",
    "with a parenthesis": "char_parenthesis",
}


@dataclass(frozen=True)
class Side:
    """One group's messages in the audit: how many, how many judged right, and errors by kind."""

    messages: int
    right: int
    wanted: int
    wanted_lost: int
    spam: int
    spam_missed: int

    @property
    def accuracy(self) -> float:
        """The share judged right."""
        return self.right / self.messages

    @property
    def lost_rate(self) -> float:
        """The share of wanted mail that is thrown away: the false positive rate."""
        return self.wanted_lost / self.wanted

    @property
    def missed_rate(self) -> float:
        """The share of spam that is let through."""
        return self.spam_missed / self.spam


@dataclass(frozen=True)
class Audit:
    """The messages in a group and all others, judged by one filter."""

    inside: Side
    outside: Side

    @property
    def gap(self) -> tuple[float, float, float]:
        """How much more wanted mail the group loses, with the ends of its 95 % interval."""
        a, b = self.inside, self.outside
        return model.rates_apart(a.wanted_lost, a.wanted, b.wanted_lost, b.wanted)


@cache
@one_thread
def judged(seed: int) -> tuple[Dataset, np.ndarray]:
    """The messages that the filter was not trained on, and the probability of spam it gives each."""
    train, test = spambase().split(seed)
    fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    fitted.fit(np.log1p(train.features), train.labels)
    return test, fitted.predict_proba(np.log1p(test.features))[:, SPAM]


@cache
def audit(seed: int, group: str = MAIN, limit_inside: float = 0.5) -> Audit:
    """Both sides of one group; inside it a message is thrown away above `limit_inside`, outside above one half."""
    test, chance = judged(seed)
    word = WORDS[one_of("group", group, WORDS)]
    inside = test.features[:, test.column(word)] > 0
    thrown = chance > np.where(inside, limit_inside, 0.5)
    return Audit(*(_side(test.labels[part], thrown[part]) for part in (inside, ~inside)))


def _side(labels: np.ndarray, thrown: np.ndarray) -> Side:
    spam = labels == SPAM
    return Side(
        messages=len(labels),
        right=int((thrown == spam).sum()),
        wanted=int((~spam).sum()),
        wanted_lost=int((thrown & ~spam).sum()),
        spam=int(spam.sum()),
        spam_missed=int((~thrown & spam).sum()),
    )


def even_limit(seed: int, group: str = MAIN) -> float:
    """The limit at which the group loses as much of its wanted mail as the others do at one half."""
    test, chance = judged(seed)
    inside = test.features[:, test.column(WORDS[group])] > 0
    wanted = test.labels != SPAM
    return float(np.quantile(chance[inside & wanted], 1 - audit(seed, group).outside.lost_rate))
