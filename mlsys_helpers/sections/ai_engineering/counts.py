"""What one answer of a classifier takes, counted from its parameters: operations, bytes read, joules.

An estimate, never a measurement. It prices the arithmetic and the reading of parameters at 45 nm (facts, energy), and
leaves out everything else that a computer does meanwhile. Floats of 64 bits are priced as 32-bit ones, for want of a
figure; an exponential counts as one operation, a comparison as one addition.
"""

from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.ensemble._forest import ForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from mlsys_helpers import facts
from mlsys_helpers.kit.units import MEGA


@dataclass(frozen=True)
class Counts:
    """Arithmetic operations and bytes of the model read for one answer, and the bytes that all parameters take."""

    operations: float
    bytes_read: float
    parameter_bytes: float
    whole_numbers: bool = False

    @property
    def energy_j(self) -> float:
        """Joules: a model of up to 1 MB is read from a cache of that size, a larger one from DRAM."""
        sums = ("int8_multiply", "int32_add") if self.whole_numbers else ("fp32_multiply", "fp32_add")
        per_operation = np.mean([facts.energy(name).energy_j for name in sums])
        memory = facts.energy("sram_1mb_read" if self.parameter_bytes <= MEGA else "dram_read_64bit")
        return float(self.operations * per_operation + self.bytes_read * memory.energy_j_per_byte)


def all_read(operations: float, *arrays: np.ndarray, whole_numbers: bool = False) -> Counts:
    """Counts of a model that reads every parameter for every answer."""
    size = sum(array.nbytes for array in arrays)
    return Counts(operations, size, size, whole_numbers)


@singledispatch
def counts(model: ClassifierMixin) -> Counts:
    """What one answer of a fitted model takes. Raises TypeError for a kind that nobody has counted."""
    raise TypeError(f"no counts are written for {type(model).__name__}: register a function for it in counts.py")


@counts.register
def _(model: LogisticRegression) -> Counts:
    return all_read(2 * model.coef_.size, model.coef_, model.intercept_)


@counts.register
def _(model: NearestCentroid) -> Counts:
    return all_read(3 * model.centroids_.size, model.centroids_)  # subtract, square, add


@counts.register
def _(model: GaussianNB) -> Counts:
    return all_read(4 * model.theta_.size, model.theta_, model.var_, model.class_prior_)  # and divide


@counts.register
def _(model: KNeighborsClassifier) -> Counts:
    return all_read(3 * model._fit_X.size, model._fit_X, model._y)  # the training set is the model


@counts.register
def _(model: SVC) -> Counts:
    kernel = 3 * model.support_vectors_.size + len(model.support_vectors_)
    return all_read(kernel + 2 * model.dual_coef_.size, model.support_vectors_, model.dual_coef_, model.intercept_)


@counts.register
def _(model: MLPClassifier) -> Counts:
    return all_read(sum(2 * layer.size for layer in model.coefs_), *model.coefs_, *model.intercepts_)


@counts.register
def _(model: DecisionTreeClassifier) -> Counts:
    tree = model.tree_
    steps = _steps(tree.weighted_n_node_samples, tree.children_left != -1)
    return _walk(steps, tree.__getstate__()["nodes"], tree.value.nbytes / tree.node_count)


@counts.register
def _(model: ForestClassifier) -> Counts:
    return _together([counts(tree) for tree in model.estimators_], sums=model.n_classes_)


@counts.register
def _(model: HistGradientBoostingClassifier) -> Counts:
    trees = [tree.nodes for stage in model._predictors for tree in stage]
    return _together([_walk(_steps(nodes["count"], nodes["is_leaf"] == 0), nodes, 0) for nodes in trees], sums=1)


def _steps(samples: np.ndarray, inner: np.ndarray) -> float:
    """Comparisons on the way down, for the average training image: it passes each inner node that it is counted in."""
    return float(samples[inner].sum() / samples[0])


def _walk(steps: float, nodes: np.ndarray, value_bytes: float) -> Counts:
    """A tree reads the nodes on its way and the values of one leaf."""
    size = nodes.nbytes + len(nodes) * value_bytes
    return Counts(steps, (steps + 1) * nodes.itemsize + value_bytes, size)


def _together(trees: list[Counts], sums: int) -> Counts:
    """All trees of a forest, whose `sums` values each are added up."""
    return Counts(
        sum(tree.operations + sums for tree in trees),
        sum(tree.bytes_read for tree in trees),
        sum(tree.parameter_bytes for tree in trees),
    )
