"""Whose mail Spambase is, and the same mail where nobody writes some of its words."""

from dataclasses import replace

from mlsys_helpers.data.datasets import Dataset

# His name and area code, as Spambase's documentation says; the rest of WORKPLACE is what looks like his firm.
OWNER = ("word_george", "word_650")
WORKPLACE = (*OWNER, *(f"word_{w}" for w in ("hp", "hpl", "lab", "labs", "telnet", "857", "415", "85")))


def without(data: Dataset, names) -> Dataset:
    """The same messages where nobody writes the words `names`: their columns are zero."""
    features = data.features.copy()
    features[:, [data.column(name) for name in names]] = 0
    features.flags.writeable = False
    return replace(data, features=features)


def mentions(data: Dataset, names):
    """For each message, whether at least one of the words `names` occurs in it."""
    return (data.features[:, [data.column(name) for name in names]] > 0).any(axis=1)
