"""The tables of section 1.14: causes and probes, what 300 incidents show, and two claims of the chapter in numbers."""

from dataclasses import replace

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.spread import SEEDS, Spread, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import duration, percent
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.iron_law import model as iron_law
from mlsys_helpers.sections.synthesis import model, serving
from mlsys_helpers.sections.synthesis.incident import CAUSES, FIXES, Incident, incident, outcome, plans, stored
from mlsys_helpers.sections.synthesis.model import Service
from mlsys_helpers.sections.synthesis.players import HABITS
from mlsys_helpers.sections.synthesis.probes import PROBES

BLOCKS = 5


def causes() -> Table:
    """What can go wrong in the game, the alarm it rings, and the axis where the change sits."""
    return table(
        ("alarm", "cause", "what happened", "axis"), ((c.alarm, c.name, c.story, c.axis) for c in CAUSES.values())
    )


def probes() -> Table:
    """What can be looked at."""
    return table(("probe", "hours", "asks"), ((p.name, f"{p.hours:g}", p.asks) for p in PROBES.values()))


def seconds() -> Table:
    """What the experiments take on this computer."""
    drawn = incident(2)
    work = {
        f"all {len(plans()):,} plans of an incident": lambda: outcome(drawn, plans(), world=3),
        "p99 at three loads, five batches, five seeds": lambda: batching(drawn, {"": 1.0, " ": 2.0, "  ": 3.0}),
    }
    return table(("experiment", "time"), ((name, duration(once_s(run))) for name, run in work.items()))


# What the stored incidents show


def column(name: str) -> np.ndarray:
    """A numeric column of the stored incidents, by seed."""
    return np.array([float(row[name]) for row in stored().values()])


def in_blocks(values: np.ndarray) -> Spread:
    """The mean, with the spread over five equal blocks of incidents."""
    return spread(part.mean() for part in np.array_split(np.asarray(values, float), BLOCKS))


def best_share(habit: str) -> float:
    """The share of the stored incidents in which a habit is the best plan."""
    wanted = " + ".join(HABITS[habit])
    return float(np.mean([row["best"] == wanted for row in stored().values()]))


def usual_answer() -> float:
    """The share of the stored incidents whose best plan is a faster chip of either kind, retraining and no more."""
    best = [set(row["best"].split(" + ")) for row in stored().values()]
    return float(np.mean([len(p) == 2 and {FIXES[name].group for name in p} == {"chip", "retrain"} for p in best]))


def habits() -> Table:
    """The same plan in every incident: what it reaches of the best plan's gain, counted from 0 to 1."""
    rows = (
        (
            name,
            in_blocks(np.clip(column(name), 0, 1)).short(percent),
            percent(best_share(name)),
            percent(float((column(name) < 0).mean())),
        )
        for name in HABITS
    )
    return table(("in every incident", "gain reached (five blocks)", "best plan in", "worse than nothing in"), rows)


def without(probe: str) -> float:
    """Share of the gain that the engineer reaches without one of the five probes."""
    return float(np.clip(column(f"without {probe}"), 0, 1).mean())


def best_plans_with(*names: str) -> np.ndarray:
    """For each stored incident, whether its best plan holds one of these fixes."""
    return np.array([bool(set(names) & set(row["best"].split(" + "))) for row in stored().values()])


def drift_and_retraining() -> Table:
    """How often the best plan retrains, by how far the drift monitor's reading rose."""
    rose = column("drift_now_nats") - column("drift_before_nats")
    retrains = best_plans_with("retrain here", "retrain rented")
    rows = []
    for words, low, high in (
        ("hardly (below 0.02)", -1, 0.02),
        ("0.02 to 0.08", 0.02, 0.08),
        ("0.08 or more", 0.08, 9),
    ):
        there = (rose >= low) & (rose < high)
        rows.append((words, str(there.sum()), percent(float(retrains[there].mean()))))
    return table(("divergence rose by, nats", "incidents", "best plan retrains in"), rows)


# Two claims of the chapter's answer

BATCHES = (1, 2, 4, 8, 16)


def p99_s(service: Service, loads: tuple[float, ...], batches: tuple[int, ...], seed: int) -> np.ndarray:
    """p99 by load and batch limit, in the traffic of one seed (simulated). Loads are in requests a second."""
    tried = [replace(service, requests_per_s=load, batch=b) for load in loads for b in batches]
    seen = serving.watch(model.servers(tried, [False] * len(tried)), serving.traffic(seed))
    return seen.quantile(0.99).reshape(len(loads), len(batches))


def batching(drawn: Incident, loads: dict[str, float]) -> dict[str, list[Spread]]:
    """p99 in seconds at each batch limit, over five seeds of traffic, by the name of the load."""
    runs = np.array([p99_s(drawn.healthy, tuple(loads.values()), BATCHES, seed) for seed in SEEDS])
    return {name: [spread(runs[:, place, b]) for b in range(len(BATCHES))] for place, name in enumerate(loads)}


def ninety_ten(contexts=(1, 128, 512, 1024)) -> Table:
    """The decode batch at which 90 % of the bandwidth and 10 % of the arithmetic are used at once, GPT-2 XL in fp16."""

    def batch(chip: str, context: int) -> str:
        found = model.decode_batch(chip, "gpt2_xl", context, 0.1, 0.9)
        return f"{found:.0f}" if np.isfinite(found) else "never"

    chips = {"T4": "T4", "A100_SXM_80": "A100", "H100_SXM": "H100"}
    rows = ((name, *(batch(chip, context) for context in contexts)) for chip, name in chips.items())
    return table(("chip", *(f"{context:,} token{'s' * (context > 1)}" for context in contexts)), rows)


def alone() -> float:
    """The share of a T4's fp16 peak that one conversation with GPT-2 XL uses while it uses 90 % of the bandwidth."""
    work, chip = model.transformer("gpt2_xl").decode_work(128), facts.chip("T4")
    return 0.9 * work.intensity / iron_law.ridge(chip.peak("fp16"), chip.bandwidth_bytes_per_s)
