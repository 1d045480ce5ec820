"""The tables of section 1.9: results and the chapter's own tables, with numbers beside the words."""

from collections.abc import Callable

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.data.datasets import digits
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.kit.units import number, percent, si
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.lifecycle import compress, loop, missions, model, split
from mlsys_helpers.sections.paradigm_shift.model import fingerprint


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _tenths(value: float) -> str:
    return f"{value:.1f}"


def _percent_tenths(value: float) -> str:
    return f"{100 * value:.1f} %"


def projects(plans: dict[str, loop.Plan]) -> Table:
    """Projects side by side, each over seeds (simulated): when they serve, how well, and what that costs."""
    measures: dict[str, tuple[Callable[[loop.Trace], float], Callable[[float], str]]] = {
        "first deployment, day": (lambda t: t.deployed[0], _whole),
        "retrains a year": (lambda t: t.retrains_per_year, _tenths),
        "candidates that failed": (lambda t: t.failed, _whole),
        "accuracy served, average": (lambda t: t.daily.mean(), _percent_tenths),
        "accuracy served, lowest": (lambda t: t.daily.min(), _percent_tenths),
        "person-days a year": (lambda t: t.person_days_per_year, _whole),
    }
    rows = [
        (name, *(loop.over(loop.runs(plan), measure).short(show) for plan in plans.values()))
        for name, (measure, show) in measures.items()
    ]
    return table(("over three years", *plans), rows)


def stages(plan: loop.Plan = loop.BOTH) -> Table:
    """The share of three years spent in each stage, over seeds (simulated)."""
    shares = [trace.days_in / trace.days for trace in loop.runs(plan)]
    rows = [(name, spread(share[i] for share in shares).short(percent)) for i, name in enumerate(model.STAGES)]
    return table(("stage", "share of the time"), rows)


def snapshots() -> Table:
    """Data as versions: each snapshot of the digits is named by its content."""
    data = digits()
    relabelled = data.labels.copy()
    relabelled[0] = 8
    held = {
        "Monday": data,
        "Tuesday, one label of 1,797 edited": data.relabelled(relabelled),
        "Wednesday, as on Monday, in another order": data.take(np.random.default_rng(1).permutation(len(data))),
    }
    return table(("snapshot", "name"), [(day, fingerprint(d.features, d.labels)) for day, d in held.items()])


def table_7() -> Table:
    """The chapter's table 7: each mission with its limit, what stands in for its workload, and what that uses up."""
    rows = [
        (name, m.runs_on, m.workload, m.asks, m.stands_in, "; ".join(_used(one) for one in m.limits(1.0) if one.named))
        for name, m in missions.MISSIONS.items()
    ]
    return table(("mission", "runs on", "workload", "limit", "here", "used up"), rows)


def _used(limit: missions.Limit) -> str:
    return f"{limit.name} {percent(limit.used)}"


SPECTRUM = (  # table 8 in other words, with a chip of the fact tables for each environment
    ("cloud training", "cost, throughput", "keep many chips busy together", "H100_SXM"),
    ("cloud inference", "latency, cost of a query", "batch, and serve well", "H100_SXM"),
    ("edge", "memory, power", "smaller models, fewer bytes moved", "AGX_ORIN_64"),
    ("mobile", "battery, heat", "few joules an answer", "APPLE_A17_PRO"),
    ("TinyML", "kilobytes, milliwatts", "networks made for it, extreme compression", "STM32L4R5"),
)


def table_8() -> Table:
    """The chapter's table 8, with one real chip for each environment."""
    rows = []
    for where, constraint, focus, name in SPECTRUM:
        chip = facts.chip(name)
        size = f"{si(chip.memory_bytes, 'B', 2)}, {si(chip.tdp_w, 'W', 2)}"
        rows.append((where, constraint, focus, chip.name.split(" (")[0], size))
    return table(("environment", "what is scarce", "so one works on", "one such chip", "its memory and power"), rows)


def fits() -> Table:
    """Ways to store the digit network, over seeds: bytes of weights and activations, and the accuracy left."""
    ways = {"256 and 128 units, 32 bits": (32, 1.0, compress.LARGE)}
    ways |= {f"the same, {bits} bits": (bits, 1.0, compress.LARGE) for bits in (8, 4, 2)}
    ways |= {"the same, 3 bits, half of the weights": (3, 0.5, compress.LARGE)}
    ways |= {f"{units} units, 8 bits": (8, 1.0, (units,)) for units in (32, 16)}
    rows = []
    for name, way in ways.items():
        found = compress.summary(*way)
        kept = "yes" if found.within else "no"
        rows.append((name, si(found.resident_bytes, "B"), found.accuracy.short(_percent_tenths), _lost(found), kept))
    return table(("stored as", "bytes", "accuracy", "points lost", "64 KB, one point"), rows)


def _lost(found: compress.Summary) -> str:
    return f"{100 * found.lost.mean:.1f}"


def batteries(device: str = "Raspberry Pi 4") -> Table:
    """Time and energy of three cuts on one device over a link of 10 Mbit/s."""
    chip, whole_s = facts.chip("RPI4_4T_15"), float(split.device_s(device).sum())
    joules, cuts = split.battery_j(chip.tdp_w, whole_s), split.cuts(device, 10e6)
    shown = sorted({0, cuts.best, int(joules.argmin()), len(joules) - 1})
    rows = [(split.placed(k), si(cuts.time_s[k], "s"), si(joules[k], "J")) for k in shown]
    return table(("where", "time", "energy of the device"), rows)


def rebuilt() -> Table:
    """How much of the digits comes back from what crosses the cut, over seeds."""
    rows = [("nothing: the picture itself", "64", "100 %")]
    for layer, values in ((1, 256), (2, 128)):
        again = spread(compress.rebuilt(seed, layer) for seed in SEEDS)
        rows.append((f"{layer} layer{'s' * (layer > 1)}", str(values), again.short(_percent_tenths)))
    return table(("the device runs", "values sent", "of the pixels' variance rebuilt"), rows)


def cascade() -> Table:
    """One decision, four stages: doorbells that think for themselves against doorbells that send pictures."""
    return table(
        ("stage", "network in the cloud", "network on the doorbell"),
        [(c.stage, c.in_cloud, c.on_device) for c in missions.consequences()],
    )


def seconds(seed: int = 6) -> Table:
    """What one seed of each experiment takes on this computer; a seed that nothing else uses, so nothing is cached."""
    experiments = {
        "three simulated years": lambda: loop.run(seed=seed),
        "the large network: training": lambda: compress.trained(seed, compress.LARGE),
        "the same: twenty ways to store it": lambda: [
            compress.stored(seed, bits, kept) for bits in compress.BITS for kept in compress.KEPT
        ],
        "three small networks": lambda: [compress.trained(seed, (units,)) for units in compress.SMALL],
        "pictures rebuilt": lambda: compress.rebuilt(seed, 1),
    }
    return table(
        ("experiment", "seconds for one seed"),
        [(name, number(one_thread(once_s)(run), 2)) for name, run in experiments.items()],
    )
