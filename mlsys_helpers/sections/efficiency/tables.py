"""The tables of section 1.7: results of the experiments over seeds, and the audit of the chapter's figures."""

from collections.abc import Callable, Iterable
from time import perf_counter

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import DAY_S, GIGA, about, number
from mlsys_helpers.sections.efficiency import cadences, model, selection, three_ways
from mlsys_helpers.sections.efficiency.three_ways import Count, Way


def _two(value: float) -> str:
    return number(value, 2)


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def counts() -> Table:
    """Steps, visits and operations to the target, over seeds, with the control of the data way."""
    rows: dict[str, Callable[[int], Count]] = {
        "plain": three_ways.counted,
        "data: typical images": lambda seed: three_ways.counted(seed, data=True),
        "control: as many, at random": lambda seed: three_ways.counted_from(
            seed, selection.at_random, three_ways.SUBSET
        ),
        "data: a tenth of the images": lambda seed: three_ways.counted_from(seed, selection.typical, three_ways.TENTH),
        "algorithm": lambda seed: three_ways.counted(seed, algorithm=True),
        "data + algorithm": lambda seed: three_ways.counted(seed, data=True, algorithm=True),
    }

    def row(name: str, of: Callable[[int], Count]) -> tuple[str, ...]:
        found = [of(seed) for seed in SEEDS]
        reached = [one for one in found if one.reached]
        there = f"{len(reached)} of {len(found)}"
        if not reached:
            return name, there, "never", ""
        visits = spread(one.visits for one in reached)
        return name, there, visits.short(_whole), _two(visits.mean * three_ways.FLOP_PER_VISIT / GIGA)

    heads = ("way", "seeds that got there", "visits, mean (range)", "GFLOP")
    return table(heads, [row(name, of) for name, of in rows.items()])


def seconds() -> Table:
    """What each way did to the terms of the iron law and to the bill, over seeds, on this computer."""

    def row(way: Way) -> tuple[str, ...]:
        runs = [three_ways.runs(seed)[way] for seed in SEEDS]
        parts = (
            (lambda run: run.flop / GIGA, _two),
            (lambda run: run.calls, _whole),
            (lambda run: run.flop_per_s / GIGA, _two),
            (lambda run: 1000 * run.learning_cpu_s, _two),
            (lambda run: 1000 * run.choosing_cpu_s, _two),
        )
        return (way.name, *(show(np.mean([of(run) for run in runs])) for of, show in parts))

    heads = ("way", "GFLOP", "calls", "GFLOP/s reached", "CPU ms learning", "CPU ms choosing")
    return table(heads, map(row, three_ways.WAYS))


def headrooms() -> Table:
    """What each dimension could still gain at three points, means over seeds, and the first to work on at each."""

    def mean(of: Callable[[three_ways.Run], float], **taken: bool) -> float:
        return float(np.mean([of(three_ways.runs(seed)[Way(**taken)]) for seed in SEEDS]))

    def visits(run: three_ways.Run) -> float:
        return run.counted.visits

    def rate(run: three_ways.Run) -> float:
        return run.flop_per_s

    def row(algorithm: bool, machine: bool) -> tuple[str, ...]:
        rooms = model.headrooms(
            mean(visits, algorithm=algorithm),
            mean(visits, algorithm=algorithm, data=True),
            mean(visits, algorithm=algorithm),
            mean(visits, algorithm=True),
            mean(rate, algorithm=algorithm, machine=machine),
            mean(rate, machine=True),
        )
        return (Way(False, algorithm, machine).name, *map(_two, rooms.values()), max(rooms, key=rooms.__getitem__))

    heads = ("way taken so far", *(f"headroom, {dimension}" for dimension in model.DIMENSIONS), "work on")
    return table(heads, [row(False, False), row(False, True), row(True, True)])


# Cadences


def trends() -> Table:
    """Doubling and halving times, in months: through all points with the 95 % interval, by endpoints, as printed."""
    middle = cadences.FRONTIER_TO
    rows = (
        (cadences.alexnet_level(), "15 in the chapter, 16 in the paper"),
        (cadences.processors(), "24"),
        (cadences.gpus(), "24"),
        (cadences.training_runs(last=middle, records=True), "3.4"),
        (cadences.training_runs(last=middle), "3.4"),
        (cadences.training_runs(first=middle), ""),
        (cadences.training_runs(), "5.7 in a recount to 2022"),
    )

    def cells(found: cadences.Series, printed: str) -> tuple[str, ...]:
        fit = found.trend
        interval = f"{number(fit.months)} ({number(fit.low_months)} to {number(fit.high_months)})"
        when = f"{int(fit.first_year)} to {int(fit.last_year)}"
        return found.name, when, str(fit.rows), interval, number(found.by_endpoints), printed

    heads = ("what", "years", "points", "months, all points", "months, two endpoints", "printed")
    return table(heads, [cells(*row) for row in rows])


def same_ratio(months: float = 84) -> Table:
    """A ratio of doubling times against a ratio of what grew."""
    demand, hardware = (model.growth(months, doubling) for doubling in (3.4, 24))
    rows = [
        ("doubling time, months", "3.4", "24", _two(24 / 3.4)),
        (f"growth in {months:g} months", about(demand), number(hardware), about(demand / hardware)),
    ]
    return table(("", "demand", "hardware", "ratio"), rows)


# Endpoints


def audit() -> Table:
    """How many orders of magnitude lie between AlexNet and GPT-4, by what one counts."""
    before, after = facts.quoted("alexnet_gpu_days").value, facts.quoted("gpt4_reference_gpu_days").value
    old, new = facts.chip("GTX_580").peak("fp32"), facts.chip("A100_SXM_80").peak("fp16")
    alexnet, gpt4 = cadences.run("AlexNet"), cadences.run("GPT-4")
    months = round(12 * (gpt4.year - alexnet.year))
    rows = [
        ("GPU-days as printed", _whole(before), about(after), model.orders(after / before)),
        (
            "GPU-days times the peak of each GPU, FLOP",
            number(before * old * DAY_S),
            number(after * new * DAY_S),
            model.orders(model.work_factor(before, old, after, new)),
        ),
        (
            "FLOP, estimates of the training runs",
            number(alexnet.training_flop),
            number(gpt4.training_flop),
            model.orders(gpt4.training_flop / alexnet.training_flop),
        ),
        (
            f"doubling every 3.4 months for {months} months",
            "1",
            number(growth := model.growth(months, 3.4)),
            model.orders(growth),
        ),
        ("the chapter's text", "", "", 7.0),
    ]
    return table(("counted in", "AlexNet", "GPT-4", "orders"), [(*row[:3], f"{row[3]:.1f}") for row in rows])


# The rebound


def implied(gains: dict[str, float], growths: dict[str, float]) -> Table:
    """The elasticity that each gain would need to explain each growth of use by itself."""
    rows = [
        (name, *(number(model.implied_elasticity(gain, use), 2) for use in growths.values()))
        for name, gain in gains.items()
    ]
    return table(("efficiency gained", *growths), rows)


def timed(seed: int = 6) -> Table:
    """What one seed of each experiment takes on this computer; a seed that nothing else uses, so nothing is cached."""
    experiments: Iterable[tuple[str, Callable[[], object]]] = (
        ("eight ways to 95 %", lambda: three_ways.runs(seed)),
        ("the race, with right and with wrong labels", lambda: [selection.race(seed, wrong) for wrong in (0.0, 0.1)]),
    )

    def once(run: Callable[[], object]) -> float:
        begun = perf_counter()
        run()
        return perf_counter() - begun

    return table(("experiment", "seconds for one seed"), [(name, _two(once(run))) for name, run in experiments])
