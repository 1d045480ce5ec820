"""The tables of section 1.10: results as a notebook shows them."""

from collections.abc import Callable

from mlsys_helpers import facts
from mlsys_helpers.kit.spread import SEEDS, Spread, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import GIGA, HOUR_S, MEGA, percent, si
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.case_studies import audit, cases, chain, fusion, model, privacy, queueing, shifts

LINKS = {"100 Mbit/s, driving, 10 h": (100 * MEGA, 10), "10 Gbit/s, depot, 8 h": (10 * GIGA, 8)}


def _over(runs, of: Callable[[object], float], show=percent) -> str:
    """One quantity of the runs over seeds."""
    return spread(map(of, runs)).short(show)


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def _times(part: float) -> str:
    return f"{float(f'{part:.2g}'):,.10g}x"


def uploads(driven_h: float, links: dict[str, tuple[float, float]]) -> Table:
    """How much of a day's driving each link carries; `links` are (bit/s, hours connected) by name."""
    volumes = {
        "one LiDAR": facts.quoted("lidar_rate").value * HOUR_S,
        "a whole car, low end": facts.quoted("waymo_data_low").value,
        "a whole car, high end": facts.quoted("waymo_data_high").value,
    }
    rows = [
        (
            name,
            f"{si(bytes_per_h, 'B')}/h",
            *(
                percent(model.kept_share(driven_h * bytes_per_h, rate, hours * HOUR_S))
                for rate, hours in links.values()
            ),
        )
        for name, bytes_per_h in volumes.items()
    ]
    return table(("sensors", "data", *links), rows)


def swapped() -> Table:
    """Each design in each place: the limits that it breaks, and how many times over; last, what a watt gives."""

    def verdict(mission: model.Mission, design: model.Design) -> str:
        broken = {limit: part for limit, part in model.used(mission, design).items() if part > 1}
        return ", ".join(f"{limit} {_times(part)}" for limit, part in broken.items()) or "fits"

    designs = cases.designs()
    rows = [
        (name, *(verdict(mission, design) for design in designs.values())) for name, mission in cases.missions().items()
    ]
    per_watt = [si(flop_per_j, "FLOP/s", 2) for flop_per_j in cases.peak_flop_per_j()]
    return table(("mission", *designs), [*rows, ("peak for each watt", *per_watt)])


def leaks() -> Table:
    """Five filters: what they get right, and what each gives away, over seeds."""
    rows = []
    for name in privacy.FILTERS:
        runs = [privacy.attack(seed, name) for seed in SEEDS]
        low, high = runs[0].interval()
        rows.append(
            (
                name,
                percent(spread(run.test_accuracy for run in runs).mean),
                _over(runs, lambda run: run.gap, _points),
                _over(runs, lambda run: run.advantage, _points),
                f"{_points(low)} to {_points(high)}",
            )
        )
    heads = ("filter", "test accuracy", "gap, points", "advantage, points", "bootstrap 95 %, seed 1")
    return table(heads, rows)


def defences() -> Table:
    """The forest behind each defence, over seeds, and the control."""
    rows = [
        (name, spread(privacy.attack(seed, privacy.FOREST, name).advantage for seed in SEEDS).short(_points))
        for name in privacy.DEFENCES
    ]
    strangers = spread(privacy.control(seed) for seed in SEEDS).short(_points)
    return table(
        ("the forest shows", "advantage, points"), [*rows, ("control: strangers against strangers", strangers)]
    )


def both_sides(audits: list[audit.Audit]) -> Table:
    """Accuracy and both kinds of error inside and outside a group, over seeds."""
    rows = []
    for name, side in (("in the group", "inside"), ("all others", "outside")):
        sides = [getattr(run, side) for run in audits]
        parts = (
            _over(sides, lambda s, part=part: getattr(s, part)) for part in ("accuracy", "lost_rate", "missed_rate")
        )
        rows.append((name, f"{spread(s.messages for s in sides).mean:.0f}", *parts))
    return table(("messages", "number", "accuracy", "wanted mail lost", "spam missed"), rows)


def sizes(base: float, gaps: list[float], group_share: float) -> Table:
    """Cases needed in all to see each gap above a base rate: with the group half of them, and with the group rare."""
    rows = []
    for gap in gaps:
        half, rare = (model.cases_needed(base + gap, base, part) for part in (0.5, group_share))
        rows.append((f"{100 * gap:g}", f"{half:,.0f}", f"{rare:,.0f}", f"{group_share * rare:,.0f}"))
    heads = ("gap, points", "cases, if the group is half", f"if it is {percent(group_share)}", "of which in the group")
    return table(heads, rows)


def fusions() -> Table:
    """What two sensors miss alone and together under each fault, over seeds."""
    rows = []
    for fault in fusion.FAULTS:
        runs = [fusion.misses(seed, fault) for seed in SEEDS]
        alone = [percent(spread(getattr(run, s).mean() for run in runs).mean) for s in ("camera", "radar")]
        product = spread(run.camera.mean() * run.radar.mean() for run in runs).mean
        rows.append(
            (
                fault,
                *alone,
                percent(product),
                _over(runs, lambda run: run.both),
                _over(runs, lambda run: run.phi, lambda phi: f"{phi:.2f}"),
                percent(spread(run.fused.mean() for run in runs).mean),
                percent(spread(run.told.mean() for run in runs).mean),
            )
        )
    heads = ("fault", "camera misses", "radar misses", "product", "both miss", "phi", "fused misses", "fused, told")
    return table(heads, rows)


def chained() -> Table:
    """The failure chain while the camera turns, over seeds."""
    rows = []
    for degrees in chain.DEGREES:
        runs = [chain.link(seed, degrees) for seed in SEEDS]
        shown = (
            _over(runs, lambda run, part=part: getattr(run, part)) for part in ("accuracy", "looked_again", "load")
        )
        wait = _over(runs, lambda run: run.p99, lambda p99: f"{p99:.0f}")
        rows.append((degrees, *shown, wait, _over(runs, lambda run: run.worst_accuracy)))
    heads = ("degrees", "accuracy", "looked at again", "load", "p99, service times", "accuracy on the worst digit")
    return table(heads, rows)


def seconds(seed: int = 6) -> Table:
    """What one seed of each experiment takes on this computer; a seed that nothing else uses, so nothing is cached."""
    experiments = {
        "queue, one load, both laws": lambda: [queueing.p99(seed, 0.8, law) for law in queueing.LAWS],
        "five worlds": lambda: [shifts.accuracy(seed, world) for world in shifts.STRENGTHS],
        "other hands": lambda: shifts.hands(seed),
        "five filters attacked": lambda: [privacy.attack(seed, name) for name in privacy.FILTERS],
        "seven groups audited": lambda: [audit.audit(seed, group) for group in audit.WORDS],
        "four faults of two sensors": lambda: [fusion.misses(seed, fault) for fault in fusion.FAULTS],
        "the chain": lambda: [chain.link(seed, degrees) for degrees in chain.DEGREES],
    }
    return table(
        ("experiment", "seconds for one seed"), [(name, f"{once_s(run):.2f}") for name, run in experiments.items()]
    )


def forest_and_tree() -> tuple[Spread, Spread]:
    """The advantage against the tree and against the forest, over seeds."""
    tree, forest = (
        spread(privacy.attack(seed, name).advantage for seed in SEEDS) for name in (privacy.TREE, privacy.FOREST)
    )
    return tree, forest
