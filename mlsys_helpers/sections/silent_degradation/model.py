"""How far two distributions are apart, what that costs in accuracy, when it is seen and when to retrain.

Conventions: a histogram is an array whose last axis runs over bins, and every function broadcasts over the axes before
it; p is what is seen now and q what the model was trained on; logarithms are natural, so divergences are in nats;
accuracies are shares between 0 and 1; time is in whatever unit the drift rate has, and each function says so.

Sources: Machine Learning Systems, volume I, section 1.5 (equation 3, the 10 Hz camera) and section 1.13 (a recommender
that falls from 85 % to 80.2 % in six months). What else stands here is derived in the docstring or in its test.
"""

from dataclasses import dataclass

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real, share

ADDED = 0.5  # Jeffreys' prior for a histogram: half a case in every bin


# Divergences


def shares(counts, added=ADDED):
    """Counts as shares of 1, after `added` cases in every bin, so that no bin is empty and no logarithm infinite.

    Half a case, the default, is Jeffreys' prior. A KL or PSI means little without it: `added` moves both.
    """
    counts = non_negative("counts", counts) + non_negative("added", added)
    return counts / positive("cases in a histogram", counts.sum(axis=-1, keepdims=True))


def total_variation(p, q):
    """Half the sum of absolute differences: the largest difference in probability of any event, 0 to 1."""
    return plain(np.abs(real("p", p) - real("q", q)).sum(axis=-1) / 2)


def kl(p, q):
    """Kullback-Leibler divergence of p from q, sum of p ln(p/q), in nats; infinite where p > 0 meets q = 0."""
    from scipy.special import rel_entr  # here, so that the equation need not wait for SciPy

    return plain(rel_entr(non_negative("p", p), non_negative("q", q)).sum(axis=-1))


def psi(p, q):
    """Population stability index, sum of (p - q) ln(p/q), in nats: KL in both directions, added."""
    return kl(p, q) + kl(q, p)


def wasserstein(p, q, width=1.0):
    """Earth mover's distance of histograms whose neighbouring bins are `width` apart, in the unit of `width`.

    On a line it is the area between the two cumulative distributions.
    """
    gap = np.cumsum(real("p", p) - real("q", q), axis=-1)[..., :-1]
    return plain(positive("width", width) * np.abs(gap).sum(axis=-1))


DIVERGENCES = {"total variation": total_variation, "KL": kl, "PSI": psi, "Wasserstein": wasserstein}


def psi_without_drift(bins, now, reference):
    """The PSI that chance alone gives on average, in nats: (bins - 1)(1/now + 1/reference) for well-filled bins.

    `now` and `reference` are numbers of cases. Near zero PSI is the sum of (p - q)^2 / share over the bins, and a bin
    of a given share varies by chance with variance share (1 - share) (1/now + 1/reference).
    """
    once = 1 / positive("now", now, "cases") + 1 / positive("reference", reference, "cases")
    return plain((positive("bins", bins) - 1) * once)


# The degradation equation


def accuracy(accuracy_0, sensitivity, divergence):
    """Equation 3: accuracy at deployment less `sensitivity` (lambda) for each unit of divergence, never below 0."""
    loss = non_negative("sensitivity", sensitivity) * non_negative("divergence", divergence)
    return plain(np.maximum(0.0, share("accuracy_0", accuracy_0) - loss))


@dataclass(frozen=True)
class Line:
    """Equation 3 fitted: accuracy lost for each unit of divergence, with its 95 % interval (`low` to `high`)."""

    accuracy_0: float
    sensitivity: float
    low: float
    high: float

    def at(self, divergence):
        """The accuracy that the line gives, also where that is absurd."""
        return plain(self.accuracy_0 - self.sensitivity * real("divergence", divergence))

    def reaches(self, accuracy):
        """The divergence at which the line comes down to `accuracy`."""
        return plain((self.accuracy_0 - real("accuracy", accuracy)) / self.sensitivity)


def fit(divergence, accuracies, confidence=0.95) -> Line:
    """The least-squares line through accuracies, with Student's interval for its slope.

    The interval takes the points to scatter independently about a true line. Accuracies of the same images at several
    angles do neither: where the points bend it is wide for that reason, and the spread over seeds says more.
    """
    from scipy import stats

    found = stats.linregress(real("divergence", divergence), real("accuracies", accuracies))
    half = stats.t.ppf((1 + confidence) / 2, len(np.ravel(divergence)) - 2) * found.stderr
    return Line(found.intercept, -found.slope, -found.slope - half, -found.slope + half)


def threshold_for(accuracy_0, floor, sensitivity):
    """The divergence at which equation 3 reaches `floor`: the largest tau that keeps accuracy above it."""
    room = non_negative("accuracy_0 - floor", share("accuracy_0", accuracy_0) - share("floor", floor))
    return plain(room / positive("sensitivity", sensitivity))


def time_until(accuracy_0, floor, lost_per_time):
    """Time until accuracy that falls by `lost_per_time` (a share per unit of time) reaches `floor`."""
    return threshold_for(accuracy_0, floor, positive("lost_per_time", lost_per_time))


def misses_per_hour(frames_per_s, miss_share, present_share=1.0):
    """Missed detections an hour: frames an hour, times the share that shows something, times the share missed."""
    frames = 3600 * positive("frames_per_s", frames_per_s, "1/s")
    return plain(frames * non_negative("present_share", present_share) * non_negative("miss_share", miss_share))


# When to look, when to act


def cases_to_see(accuracy_before, accuracy_after, false_alarms=0.01, power=0.9):
    """Labelled cases needed before a fall in accuracy is seen with chance `power`, as a real number of cases.

    One-sided test of one share against a known one, by the normal approximation: the alarm limit lies so many standard
    errors below the old accuracy, and so many above the new one.
    """
    from scipy.stats import norm

    before, after = share("accuracy_before", accuracy_before), share("accuracy_after", accuracy_after)
    fall = positive("accuracy_before - accuracy_after", before - after)
    below_old = norm.isf(share("false_alarms", false_alarms)) * np.sqrt(before * (1 - before))
    above_new = norm.ppf(share("power", power)) * np.sqrt(after * (1 - after))
    return plain(((below_old + above_new) / fall) ** 2)


def cost_per_time(threshold, drift_per_time, retrain_cost, loss_per_time):
    """Cost per unit of time of retraining whenever divergence reaches `threshold`, under steady drift.

    A cycle lasts threshold / drift_per_time and costs one retraining; on average the divergence is half the threshold,
    and one unit of it costs `loss_per_time` for as long as it stands (lambda times decisions per unit of time times the
    cost of a wrong one).
    """
    threshold = positive("threshold", threshold)
    retraining = positive("retrain_cost", retrain_cost) * positive("drift_per_time", drift_per_time) / threshold
    return plain(retraining + positive("loss_per_time", loss_per_time) * threshold / 2)


def best_threshold(drift_per_time, retrain_cost, loss_per_time):
    """The threshold with the least cost_per_time: where retraining costs as much as being wrong.

    The square-root rule by which a shop chooses how much to order at once.
    """
    spent = positive("retrain_cost", retrain_cost) * positive("drift_per_time", drift_per_time)
    return plain(np.sqrt(2 * spent / positive("loss_per_time", loss_per_time)))
