"""The tables of section 1.13: results as a notebook shows them."""

from collections.abc import Sequence

from mlsys_helpers.kit.spread import SEEDS, Spread, over_seeds, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import number, percent, si
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.fallacies import filters, green, model, pipeline, readiness


def profiles() -> Table:
    """The share of each stage in the job as written, over seeds."""
    rows = [
        (stage, spread(model.part(pipeline.profiled(seed).stages_s, stage) for seed in SEEDS).short(percent))
        for stage in pipeline.STAGES
    ]
    return table(("stage", "share of the time"), rows)


def changes(by_stage: dict[str, Sequence[pipeline.Change]]) -> Table:
    """What Amdahl foretold of each change and what came, over seeds."""
    rows = []
    for stage, runs in by_stage.items():
        shown = (("part", percent), ("faster", _times), ("predicted", _ratio), ("gain", _ratio), ("error", _error))
        cells = [spread(getattr(run, name) for run in runs).short(show) for name, show in shown]
        rows.append((f"{stage}: {pipeline.MENDED[stage]}", *cells))
    heads = ("change", "share", "the stage, times as fast", "whole, Amdahl", "whole, measured", "Amdahl off by")
    return table(heads, rows)


def _times(value: float) -> str:
    return f"{float(f'{value:.2g}'):,.10g}"


def _ratio(value: float) -> str:
    return f"{value:.2f}"


def _error(value: float) -> str:
    return f"{100 * value:+.0f} %"


def gaps() -> Table:
    """Each filter on the benchmark and elsewhere, over seeds."""
    rows = []
    for name in filters.FILTERS:
        found = [readiness.gap(seed, name) for seed in SEEDS]
        rows.append(
            (
                name,
                spread(gap.benchmark for gap in found).short(_percent),
                spread(gap.elsewhere for gap in found).short(_percent),
                spread(gap.worst for gap in found).short(_percent),
                si(filters.trained(1, name).stored_bytes, "B", 2),
            )
        )
    return table(("filter", "benchmark", "another inbox (simulated)", "worst of four groups", "stored"), rows)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def bits() -> Table:
    """Points that the linear filter loses with short weights, over seeds."""
    rows = [
        (count, over_seeds(lambda seed, count=count: readiness.lost_to_bits(seed, count)).short(lambda x: f"{x:.1f}"))
        for count in (8, 6, 4, 3, 2)
    ]
    return table(("bits for each weight", "points lost"), rows)


OWNERS = {
    "software engineer": (green.UNIT, "alone as in company"),
    "ML expert": ("accuracy", "worst group", "calibration"),
    "operations": ("inputs (PSI)", f"{green.SAMPLE} labels"),
}


def owners(found: green.Matrix) -> Table:
    """Which bugs the tests of each trade see, and which they miss."""
    trades = OWNERS | {"all three": tuple(test for tests in OWNERS.values() for test in tests)}
    rows = []
    for who, tests in trades.items():
        seen = _seen(found, tests)
        named = ", ".join(tests) if who in OWNERS else ""
        rows.append((who, named, f"{len(seen)} of {len(green.BUGS)}", _listed(set(green.BUGS) - seen)))
    return table(("who", "tests", "bugs seen", "bugs missed"), rows)


def _listed(bugs: set[str]) -> str:
    return ", ".join(bug for bug in green.BUGS if bug in bugs) or "none"


def met(found: green.Matrix, luck: Spread, whole: Spread) -> Table:
    """Each fallacy and pitfall of the section, with the number that this notebook found.

    `luck` is that of the winner on a benchmark of 100 messages, `whole` the speed-up of the job with its slowest
    stage mended.
    """
    silent = [bug for bug in green.BUGS if found.at(bug, green.UNIT) == 0]
    worst = 100 * max(found.harm[:, green.ROWS.index(bug)].mean() for bug in silent)
    bugs, seen = len(green.BUGS), {owner: len(_seen(found, tests)) for owner, tests in OWNERS.items()}
    late = percent(model.late_allowed(0.94, 0.95), 3)
    months = number(model.time_until(0.85, 0.83, (0.85 - 0.802) / 6))
    rows = [
        ("A better algorithm makes a better system", f"95 % right is worth no more than 94 % once {late} come late"),
        (
            "It is software with a model in it",
            f"{len(silent)} of {bugs} bugs pass all unit tests; one costs {worst:.0f} points",
        ),
        (
            "A good benchmark means ready",
            f"best of {readiness.CONTESTANTS} on 100 messages: {luck.short()} points of luck",
        ),
        ("Improve the parts one by one", f"the slowest part almost free: {whole.short(_ratio)} times as fast"),
        ("Deploy once", f"from 85 % to 83 % in {months} months"),
        ("ML skill is enough", f"of {bugs} bugs, tests see: " + ", ".join(f"{owner} {n}" for owner, n in seen.items())),
    ]
    return table(("instinct", "what was found here"), rows)


def _seen(found: green.Matrix, tests: Sequence[str]) -> set[str]:
    """The bugs that at least one of `tests` sees."""
    caught = found.caught()
    return set().union(*(caught[test] for test in tests))


def seconds(seed: int = 6) -> Table:
    """What one seed of each experiment takes on this computer; a seed that nothing else uses, so nothing is cached."""
    experiments = {
        "nine bugs, five trials": lambda: green.matrix(seed),
        "thirty filters, one winner": lambda: readiness.contest(seed, 100),
        "the job profiled and mended": lambda: pipeline.route(seed),
    }
    rows = [(name, f"{once_s(run):.2f}") for name, run in experiments.items()]
    return table(("experiment", "seconds for one seed"), rows)
