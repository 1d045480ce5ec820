"""Two data sets of real things: 4,597 e-mails as word counts, and 1,797 handwritten digits as 8x8 pixels.

inbox = spambase()
train, test = inbox.split(seed=1)
"""

import gzip
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from mlsys_helpers.kit.checks import share


@dataclass(frozen=True)
class Dataset:
    """`features` of shape (examples, len(names)) with one whole-number label each; arrays are read-only."""

    title: str
    features: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    source: str

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows) -> "Dataset":
        """The examples at `rows` (indices or a mask), in that order."""
        return replace(self, features=_fixed(self.features[rows]), labels=_fixed(self.labels[rows]))

    def relabelled(self, labels) -> "Dataset":
        """The same examples with other labels."""
        labels = np.asarray(labels)
        if labels.shape != self.labels.shape:
            raise ValueError(f"need one label for each of {len(self)} examples, got shape {labels.shape}")
        return replace(self, labels=_fixed(labels.copy()))

    def column(self, name: str) -> int:
        """Where the feature called `name` stands."""
        if name not in self.names:
            raise ValueError(f"no feature is called {name!r}; the features are {', '.join(self.names)}")
        return self.names.index(name)

    def split(self, seed: int, test: float = 0.3) -> tuple["Dataset", "Dataset"]:
        """Examples to learn from and examples to judge by, at random; about a share `test` for judging.

        Examples with equal features (Spambase holds the same message up to 27 times) stay on one side: a model
        judged on what it has seen would look better than it is.
        """
        share("test", test)
        judged = (np.random.default_rng(seed).random(self._alike.max() + 1) < test)[self._alike]
        return self.take(~judged), self.take(judged)

    @cached_property
    def _alike(self) -> np.ndarray:
        """For each example a number, the same for examples with equal features."""
        return np.unique(self.features, axis=0, return_inverse=True)[1].ravel()


@cache
def spambase() -> Dataset:
    """E-mails of one Hewlett-Packard employee and of colleagues' spam boxes, label 1 for spam.

    Features: how often 48 words and 6 characters occur, in percent of all words or characters of the message, and
    three lengths of runs of capital letters. Hopkins, Reeber, Forman and Suermondt, Spambase, UCI Machine Learning
    Repository, 1999, CC BY 4.0; the copy of the KEEL repository, which lacks four of the 4,601 messages.
    """
    with (
        (files(__package__) / "spambase.csv.gz").open("rb") as packed,
        gzip.open(packed, "rt", encoding="utf8") as file,
    ):
        names = tuple(file.readline().strip().split(","))
        rows = np.loadtxt(file, delimiter=",")
    source = "Spambase, UCI Machine Learning Repository (Hopkins et al. 1999), CC BY 4.0, KEEL copy"
    return Dataset("Spambase", _fixed(rows[:, :-1]), _fixed(rows[:, -1].astype(int)), names[:-1], source)


@cache
def digits() -> Dataset:
    """Handwritten digits 0 to 9, each 8x8 pixels with ink from 0 to 16: the test part of a UCI collection.

    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998, CC BY 4.0;
    the copy that scikit-learn carries.
    """
    from sklearn.datasets import load_digits

    data = load_digits()
    source = "Optical Recognition of Handwritten Digits, UCI (Alpaydin and Kaynak 1998), CC BY 4.0, scikit-learn's copy"
    return Dataset("Digits", _fixed(data.data), _fixed(data.target), tuple(data.feature_names), source)


def _fixed(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
