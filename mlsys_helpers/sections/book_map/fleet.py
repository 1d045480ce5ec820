"""A fleet from facts: the chapter's A100s, eight to a node, with network cards of 200 Gbit/s.

What it takes from the chapter (napkin math 1.1): the chip, its utilisation, the number of workers.
"""

from functools import cache

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.checks import positive
from mlsys_helpers.kit.units import DAY_S
from mlsys_helpers.sections.book_map import model
from mlsys_helpers.sections.iron_law.model import Terms

CHIP = "A100_SXM_80"
WORKERS = tuple(2**i for i in range(14))
DRAWN = tuple(sorted((*WORKERS, 9)))  # with nine the ring leaves the node
MODELS = {"GPT-2 XL (1.6 billion)": "gpt2_xl", "Llama-2-7B": "llama2_7b", "GPT-3 (175 billion)": "gpt3"}
UTILISATION = 0.45  # the chapter's, napkin math 1.1
EXAMPLE_WORKERS = 1024  # the same
SHARED, EACH = "shared by all (strong scaling)", "as large for each worker (weak scaling)"


def achieved_flop_per_s() -> float:
    """What an A100 reaches in the chapter's example."""
    return UTILISATION * facts.chip(CHIP).peak("fp16")


def node_bytes_per_s(cards: int) -> float:
    """What a node with so many cards of 200 Gbit/s can send."""
    return cards * facts.quoted("hdr_card").value


def step(workers, cards: int, batch: str = SHARED, workload: str = "gpt3") -> Terms:
    """One step on A100s in nodes of eight.

    A batch is GPT-3's, 3.2 million tokens; with one for each worker, 1,024 workers have that many together.
    """
    inside_bytes_per_s = positive("NVLink", facts.chip(CHIP).interconnect_bytes_per_s) / 2  # both directions are quoted
    tokens = facts.quoted("gpt3_batch").value * (np.asarray(workers) / EXAMPLE_WORKERS if batch == EACH else 1.0)
    return model.fleet_step(
        workers,
        facts.workload(workload).params,
        tokens,
        achieved_flop_per_s(),
        model.slowest_link(workers, inside_bytes_per_s, node_bytes_per_s(cards)),
        model.hops_s(workers, facts.quoted("nvlink_hop").value, facts.quoted("network_hop").value),
    )


@cache
def curve(cards: int, batch: str, workload: str) -> tuple[Terms, float]:
    """The terms for each of DRAWN, and the first number at which the network takes as long (nan: nowhere)."""
    every = np.arange(1.0, WORKERS[-1] + 1)
    terms = step(every, cards, batch, workload)
    over = np.flatnonzero(terms.data_s + terms.latency_s >= terms.compute_s)
    return step(np.array(DRAWN), cards, batch, workload), float(every[over[0]]) if over.size else np.nan


def gpt3_days(cards: int) -> tuple[float, float]:
    """Days of GPT-3's training on the chapter's 1,024 A100s: network and arithmetic one after the other, or at once."""
    one = step(EXAMPLE_WORKERS, cards)
    steps = positive("tokens", facts.workload("gpt3").training_tokens) / facts.quoted("gpt3_batch").value
    return float(steps * one.added_s / DAY_S), float(steps * one.overlapped_s / DAY_S)
