"""Section 1.2's formulas, one or two from each era: certainty, log-odds, four look-ups, and the work of training.

Conventions. A certainty factor lies between -1 (certainly not) and 1 (certainly so); 0 says nothing. Logarithms are
natural. One multiply-add is 2 FLOP. Arguments may be numbers or arrays, which broadcast.

Sources: Machine Learning Systems, volume I, section 1.2; van Melle's EMYCIN of 1979, in Buchanan and Shortliffe,
"Rule-Based Expert Systems", 1984; Viola and Jones, CVPR 2001, section 2; Kaplan et al., "Scaling Laws for Neural
Language Models", 2020, section 2.1.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mlsys_helpers.kit.checks import non_negative, plain, positive, real
from mlsys_helpers.kit.scaling import training_flop as training_flop

# Rules


def covered_share(known, choices):
    """The share of wordings understood, if `known` of `choices` pieces are known in each slot: a product over slots."""
    return plain(np.prod(non_negative("known", known) / positive("choices", choices), axis=-1))


def pairs(rules):
    """How many pairs n rules make, n(n - 1) / 2: somebody must have thought about each."""
    n = non_negative("rules", rules)
    return plain(n * (n - 1) / 2)


def combine(a, b):
    """The certainty that two pieces of evidence on the same conclusion give together.

    Both for: a + b(1 - a), the second closes a share b of what the first left open. Both against: the mirror image.
    One for and one against: (a + b) / (1 - min(|a|, |b|)). Raises ValueError for a certainty outside -1 to 1, and
    for full certainty both ways, which nothing can reconcile.
    """
    a, b = _certainty("a", a), _certainty("b", b)
    if np.any(a * b == -1):
        raise ValueError("one piece of evidence is certain (1) and the other certain of the opposite (-1)")
    alike = a + b - np.sign(a + b) * a * b
    mixed = (a + b) / np.where(a * b < 0, 1 - np.minimum(abs(a), abs(b)), 1.0)
    return plain(np.where(a * b < 0, mixed, alike))


def weight(certainty):
    """The same certainty on the scale where evidence simply adds: -ln(1 - c) for, ln(1 + c) against.

    combine(a, b) is the certainty whose weight is weight(a) + weight(b); hence the order never matters.
    """
    c = _certainty("certainty", certainty)
    return plain(-np.sign(c) * np.log1p(-abs(c)))


def certainty_of(total_weight):
    """The certainty that has `total_weight`: the inverse of `weight`."""
    w = real("total_weight", total_weight)
    return plain(-np.sign(w) * np.expm1(-abs(w)))


def _certainty(name: str, value) -> np.ndarray:
    c = real(name, value)
    if np.any(abs(c) > 1):
        raise ValueError(f"{name} must lie between -1 and 1, got {c[abs(c) > 1].flat[0] if c.ndim else c.item():g}")
    return c


# Counting


def log_odds(spam_with, spam, ham_with, ham, smoothing=1.0):
    """What a word adds to the log-odds of spam: ln of its share in spam over its share in ham (good mail).

    `spam_with` of `spam` messages hold the word, `ham_with` of `ham`. `smoothing` imagines as many messages more, of
    each class, with the word and without it (Laplace), so that a word never seen in one class proves nothing for sure.
    """
    s = positive("smoothing", smoothing)
    in_spam = (non_negative("spam_with", spam_with) + s) / (positive("spam", spam) + 2 * s)
    in_ham = (non_negative("ham_with", ham_with) + s) / (positive("ham", ham) + 2 * s)
    return plain(np.log(in_spam / in_ham))


# Seeing by hand


def integral_image(image: np.ndarray) -> np.ndarray:
    """Sums of all pixels above and to the left, after a first row and column of zeros: shape (..., h + 1, w + 1)."""
    padded = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(1, 0), (1, 0)])
    return padded.cumsum(axis=-2).cumsum(axis=-1)


def rectangle_sum(integral: np.ndarray, top, left, bottom, right):
    """The sum of the pixels in rows top to bottom - 1 and columns left to right - 1: four look-ups, any size."""
    return (
        integral[..., bottom, right]
        - integral[..., top, right]
        - integral[..., bottom, left]
        + integral[..., top, left]
    )


# Improvement, and the work of training


def relative_reduction(before, after):
    """The share of `before` that is gone: (before - after) / before."""
    b = positive("before", before)
    return plain((b - non_negative("after", after)) / b)


def counted_training_flop(widths: Sequence[int], examples):
    """FLOP of one training pass of a fully connected network over `examples`, matrix product by matrix product.

    Forward, each weight is a multiply-add for each example. Backward, two more: the gradient of the weights, and that
    of the layer's input, which the first layer does not need. Biases and non-linearities are left out.
    """
    d = positive("examples", examples)
    products = [2 * d * rows * columns for rows, columns in pairwise(widths)]
    return plain(3 * sum(products) - products[0])


def attention_flop(layers, width, context, tokens):
    """FLOP of training that 6ND leaves out in a transformer: scores and weighted sums over the context.

    Forward 4 * layers * context * width for each token (two products), three times that in all. This is the whole
    square: a program that skips what a causal mask hides does half. Chowdhery et al., "PaLM", 2022, appendix B;
    Kaplan et al. 2020, table 1, count the half.
    """
    return plain(3 * 4 * positive("layers", layers) * positive("width", width) * context * positive("tokens", tokens))
