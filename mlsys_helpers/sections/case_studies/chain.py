"""One failure through four categories: the data drift, the model doubts, the system slows, somebody suffers most.

A classifier of digits looks again whenever it is unsure, so a turning camera makes work. Accuracy, doubt and the worst
digit are measured on real images; the queue that the extra work feeds is simulated.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from mlsys_helpers.data.datasets import digits
from mlsys_helpers.data.worlds import INK, turned
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.sections.case_studies import queueing

UNSURE = 0.6  # a top probability below this asks for a second look
CALM_LOAD = 0.6  # of the server, before any second look
DEGREES = (0, 10, 20, 30)


@dataclass(frozen=True)
class Link:
    """One state of the chain: shares of 1, and p99 in mean service times."""

    accuracy: float
    looked_again: float
    load: float
    p99: float
    worst_digit: int
    worst_accuracy: float


@cache
@one_thread
def link(seed: int, degrees: float) -> Link:
    """The chain when the camera has turned by `degrees`. A second look is one more request, of the same kind.

    Raises ValueError where the second looks ask for more than the server has.
    """
    train, test = digits().split(seed, test=0.5)
    fitted = LogisticRegression(solver="newton-cg").fit(train.features / INK, train.labels)
    chances = fitted.predict_proba(turned(test.features, degrees) / INK)
    right, again = chances.argmax(axis=1) == test.labels, float((chances.max(axis=1) < UNSURE).mean())
    by_digit = np.array([right[test.labels == digit].mean() for digit in range(10)])
    load = CALM_LOAD * (1 + again)
    return Link(
        accuracy=float(right.mean()),
        looked_again=again,
        load=load,
        p99=queueing.p99(seed, load),
        worst_digit=int(by_digit.argmin()),
        worst_accuracy=float(by_digit.min()),
    )
