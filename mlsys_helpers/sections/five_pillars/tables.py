"""The tables of section 1.11: results as a notebook shows them."""

from collections.abc import Iterable
from time import perf_counter

import numpy as np

from mlsys_helpers.kit.seeds import seed as seeded
from mlsys_helpers.kit.spread import SEEDS, Spread, over_seeds, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import duration, number, percent
from mlsys_helpers.sections.five_pillars import alarms, checkpoints, gap, model, pillars, plan, product, triage


def owners() -> Table:
    """The five pillars, what each asks first and what it owns."""
    return table(("pillar", "asks first", "owns"), [(p.name, p.asks, p.owns) for p in pillars.PILLARS])


def gate() -> Table:
    """The ten causes, and in how many of calibration's incidents held-out accuracy reads as usual."""
    usual = plan.chances()["holdout"][(0,)]
    rows = [(c.owner, c.story, f"{100 * p:.0f} %") for c, p in zip(product.CAUSES.values(), usual, strict=True)]
    return table(("owner", "what happened", "release check reads as usual"), rows)


def probes() -> Table:
    """The nine probes, what they cost and ask."""
    rows = [(probe.name, str(probe.hours), probe.question) for probe in triage.PROBES.values()]
    return table(("probe", "hours", "question"), rows)


def fixes(cause: str, tried: Iterable[str], incidents: int = 5) -> Table:
    """Share of wanted mail lost in incidents of one cause: before, and after the fix of each cause `tried`."""
    cases = [triage.incident(seeded("fixes", n), cause) for n in range(incidents)]

    def lost(found) -> str:
        return spread(float(np.divide(*case.complaints)) for case in found).short(percent)

    rows = [("none", lost(cases))]
    for name in tried:
        fix = product.CAUSES[name]
        rows.append((f"{fix.owner}: {fix.fix}", lost([case.mended(name) for case in cases])))
    return table(("fix", f"wanted mail lost, {incidents} incidents"), rows)


def resumed() -> Table:
    """What a checkpoint held, and how the crashed job ended, over seeds."""
    rows = []
    for saved in checkpoints.SAVED:
        runs = [checkpoints.resume(seed, saved) for seed in SEEDS]
        right = spread(run.accuracy for run in runs).short(lambda share: f"{100 * share:.1f} %")
        rows.append((saved, right, spread(run.apart for run in runs).short(lambda apart: number(apart, 2))))
    return table(("saved", "accuracy", "largest difference in a weight from no crash"), rows)


def real_alarms() -> Table:
    """An alarm tuned on held-out digits and met by live ones, seed by seed."""
    runs = [alarms.on_digits(seed) for seed in SEEDS]
    rows = [
        (
            str(seed),
            *(f"{100 * share:.1f} %" for share in (run.estimated, run.actual)),
            f"{run.came:.2f}",
            f"{run.delay_days:.1f}",
        )
        for seed, run in zip(SEEDS, runs, strict=True)
    ]
    heads = ("seed", "errors, held out", "errors, live", "false alarms a month", "days until it sees the turn")
    return table(heads, rows)


def false_alarms_a_month() -> Spread:
    """What that alarm really gave, over seeds."""
    return over_seeds(lambda seed: alarms.on_digits(seed).came)


def delay_days(budget_a_month: float) -> Spread:
    """Days until a tuned CUSUM sees the feared decline (simulated), over seeds."""
    audit = alarms.Audit()
    return over_seeds(lambda seed: alarms.tuned(audit, "CUSUM", budget_a_month, audit.feared, seed).delay_days)


def strangers_lost() -> Spread:
    """The share of strangers' wanted mail that a filter without the promise loses, over seeds."""
    return over_seeds(lambda seed: gap.gap(seed).groups[2].error)


def two_gaps() -> Table:
    """The widest gap of the mail filter and of a classifier of digits, each beside what chance makes of its groups."""

    def points(shares) -> str:
        return spread(100 * share for share in shares).short(lambda p: f"{p:.1f}")

    mail, images = [gap.gap(seed) for seed in SEEDS], [gap.digit_gap(seed) for seed in SEEDS]
    rows = [
        (name, groups, *(points(getattr(f, gap) for f in found) for gap in ("widest", "typical", "by_chance")))
        for name, groups, found in (("mail filter", "3 kinds of senders", mail), ("digits", "10 digits", images))
    ]
    return table(("system", "groups", "widest gap, points", "dealt at random", "exceeded once in 100"), rows)


def seconds() -> Table:
    """What one seed of each experiment takes on this computer."""
    work = {
        "one incident, built and served": lambda: triage.incident(12345),
        "200 simulated jobs, one interval": lambda: checkpoints.simulate(checkpoints.Job(), [2.0]),
        "a training job, crash and restart": lambda: checkpoints.resume(99, "everything"),
        "one alarm tuned and tried": lambda: alarms.tuned(alarms.Audit(), "CUSUM", 0.25, 0.08, 99),
        "one gap with its chance": lambda: gap.gap(99),
    }
    rows = []
    for name, run in work.items():
        begun = perf_counter()
        run()
        rows.append((name, duration(perf_counter() - begun)))
    return table(("experiment", "time"), rows)


def saving_llama(save_s: float = 60.0) -> Table:
    """Llama 3's interruptions and Young's rule, if a save took `save_s` and a restart no time or ten minutes."""
    mtbf_h, save_h = checkpoints.llama_mtbf_h(), save_s / 3600
    best_h = model.young_h(save_h, mtbf_h)
    work = [percent(1 / model.slowdown(best_h, save_h, mtbf_h, restart_h), 3) for restart_h in (0.0, 1 / 6)]
    heads = ("a failure every", "save every", "time that is work, restart 0 min", "restart 10 min")
    return table(heads, [(f"{mtbf_h:.1f} h", f"{60 * best_h:.0f} min", *work)])
