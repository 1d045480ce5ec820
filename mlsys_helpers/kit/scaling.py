"""What training costs by size: counts that several sections need."""

from mlsys_helpers.kit.checks import plain, positive


def training_flop(params, tokens):
    """FLOP to train a dense transformer: 6 for each parameter and token, 2 forward and 4 backward.

    Source: Kaplan et al., "Scaling Laws for Neural Language Models", 2020, section 2.1.
    """
    return plain(6 * positive("params", params) * positive("tokens", tokens, "tokens"))
