"""Rules for junk mail, written from common sense and the column names of Spambase before any of its rows was looked at.

There are two sets. The stranger's holds what every reader of mail knew in 1999: what junk sells, how it shouts, what it
asks for. The owner's adds what the owner of the inbox would know, their name, employer and work; that "george" and "hp"
are such words is said in the data set's description. Nothing here was changed afterwards. The columns themselves were
chosen by people who had read that mail, which helps rules and learners alike.
"""

import numpy as np

from mlsys_helpers.data.datasets import Dataset

SPAM_SIGNS = ("word_free", "word_money", "word_credit", "word_000", "word_remove", "word_business", "word_order")
SPAM_SIGNS += ("char_dollar", "char_exclamation")
SHOUT_LETTERS = 20  # a run of this many capital letters is one more sign
WORK_SIGNS = ("word_george", "word_hp", "word_hpl", "word_lab", "word_labs", "word_meeting", "word_project")
WORK_SIGNS += ("word_conference", "word_edu", "word_re", "word_cs", "word_telnet")
SIGNS_NEEDED = 2


def signs(inbox: Dataset, names) -> np.ndarray:
    """How many of the words and characters `names` each message holds at all."""
    return (inbox.features[:, [inbox.column(name) for name in names]] > 0).sum(axis=1)


def spam_signs(inbox: Dataset) -> np.ndarray:
    """The signs of junk in each message: nine words and characters, and a long run of capitals."""
    return signs(inbox, SPAM_SIGNS) + (inbox.features[:, inbox.column("capitals_longest")] >= SHOUT_LETTERS)


def strangers_rule(inbox: Dataset) -> np.ndarray:
    """1 for every message with at least two signs of junk."""
    return (spam_signs(inbox) >= SIGNS_NEEDED).astype(int)


def owners_rule(inbox: Dataset) -> np.ndarray:
    """1 for every message whose signs of junk outnumber its signs of the owner's work by at least two."""
    return (spam_signs(inbox) - signs(inbox, WORK_SIGNS) >= SIGNS_NEEDED).astype(int)
