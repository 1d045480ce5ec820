"""The tables of section 1.8: results of the experiments, over seeds where there are some, as a notebook shows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import duration, number, percent, si
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.ai_engineering import model, shift, tail, voting, zoo
from mlsys_helpers.sections.ai_engineering.wording import bound, written

SIGNED = "{:+.1f}".format


def _tenths(value: float) -> str:
    return f"{value:.1f}"


def _share(value: float) -> str:
    return percent(value, 3)


def judged(contract: Sequence[model.Limit], values: Mapping[str, float]) -> Table:
    """Every limit with what became of it: room below 0 is a limit broken, by that share of the bound."""
    rows = [
        (
            finding.limit.quantity,
            bound(finding.limit),
            "not measured" if finding.value is None else written(finding.limit, finding.value),
            "?" if finding.slack is None else f"{100 * finding.slack:+.0f} %",
            "unknown" if finding.value is None else "kept" if finding.kept else "broken",
        )
        for finding in model.judge(contract, values)
    ]
    return table(("quantity", "limit", "value", "room", "verdict"), rows)


def reasons(contract: Sequence[model.Limit]) -> Table:
    """What is promised, and what for."""
    return table(("quantity", "limit", "because"), [(lim.quantity, bound(lim), lim.reason) for lim in contract])


def _best_first() -> list[str]:
    good = zoo.quality()
    return sorted(good, key=lambda name: -good[name].accuracy)


def quality() -> Table:
    """How well each reads: one split with what it promises, five splits, and the digit it reads worst."""
    rows = []
    for name in _best_first():
        good = zoo.quality()[name]
        digit, share = good.worst
        over = spread(zoo.quality(seed)[name].accuracy for seed in SEEDS)
        rows.append(
            (name, _share(good.accuracy), _share(good.promised), over.short(_share), f"{digit}: {percent(share)}")
        )
    return table(("reader", "accuracy", "promised", "five splits", "worst digit, read right"), rows)


def costs() -> Table:
    """What each costs: the time of one answer, bytes as a file and as parameters, and the joules that are counted."""
    rows = [
        (
            name,
            duration(cost.p50_s, 2),
            duration(cost.p99_s, 2),
            duration(cost.p99_at_most_s, 2),
            si(cost.file_bytes, "B", 2),
            si(cost.parameter_bytes, "B", 2),
            si(cost.energy_j, "J", 2),
        )
        for name, cost in ((name, zoo.costs()[name]) for name in _best_first())
    ]
    return table(("reader", "p50", "p99", "p99 promised", "file", "parameters", "energy, counted"), rows)


def dominated() -> Table:
    """Who dominates whom in accuracy, p99 and file size."""
    names, cost = list(zoo.zoo()), zoo.costs()
    objectives = [(-zoo.quality()[n].accuracy, cost[n].p99_s, cost[n].file_bytes) for n in names]
    by = model.dominators(objectives)
    rows = [
        (name, ", ".join(np.array(names)[by[row]]) or "nobody: on the front")
        for row, name in sorted(enumerate(names), key=lambda pair: _best_first().index(pair[1]))
    ]
    return table(("reader", "dominated by"), rows)


def windows(times_s: np.ndarray, sizes: Iterable[int]) -> Table:
    """The p99 of windows of each size, and how often a window's own limit on the p99 holds: in order and shuffled."""
    rows = []
    for size in sizes:
        found, mixed = tail.p99s(times_s, size), tail.shuffled(times_s)
        held = [percent(tail.covered(times, size)) for times in (times_s, mixed)]
        none = size < model.requests_needed(tail.QUANTILE)
        seen = f"{duration(found.min(), 2)} to {duration(found.max(), 2)}"
        rows.append((f"{size:,}", f"{len(found):,}", seen, *(("none set", "none set") if none else held)))
    return table(("requests in a window", "windows", "their p99", "limit holds", "limit holds, shuffled"), rows)


def worlds(followed: str) -> Table:
    """Who leads in each world, what became of the leader as trained, how alike the orders are, and who still keeps
    the two limits on reading."""
    at = list(zoo.LEARNERS).index(followed)
    rows = [
        (
            world,
            f"{shift.winner(world)}, {percent(shift.average(world).max())}",
            f"place {shift.places(world)[at]}, {percent(shift.average(world)[at])}",
            f"{shift.wins(followed, world)} of {len(SEEDS)}",
            shift.agreement(world).short(lambda tau: number(tau, 2)),
            sum(not model.broken(zoo.READING, zoo.reading(name, world)) for name in zoo.zoo()),
        )
        for world in zoo.WORLDS
    ]
    return table(("world", "first", followed, "first in splits", "Kendall's tau", "read well enough"), rows)


def votes() -> Table:
    """Three trios over five splits: what is wrong alone and in the vote, and what three stories make of the vote."""
    found = [[voting.vote(seed, trio) for seed in SEEDS] for trio in voting.TRIOS]

    def over(of: Callable[[voting.Vote], float], show: Callable[[float], str] = _tenths) -> list[str]:
        return [spread(of(vote) for vote in votes).short(show) for votes in found]

    def story(chance: Callable[[float, float], float]) -> list[str]:
        return [_tenths(100 * np.mean([chance(vote.error, vote.correlation) for vote in votes])) for votes in found]

    rows = [
        ("one reader wrong, %", *over(lambda vote: 100 * vote.error)),
        ("vote wrong, %: if each has its own luck", *story(lambda error, _: model.vote_fails(error))),
        ("vote wrong, %: as it came", *over(lambda vote: 100 * vote.failed)),
        ("correlation of two readers' errors", *over(lambda vote: vote.correlation, lambda rho: f"{rho:.2f}")),
        ("vote wrong, %: if one fate befalls all", *story(model.common_cause)),
        ("vote wrong, %: if cases are hard or easy", *story(model.own_difficulty)),
        ("points gained on the average reader", *over(lambda vote: 100 * (vote.error - vote.failed), SIGNED)),
        ("points gained on the best of the three", *over(lambda vote: 100 * (vote.best - vote.failed), SIGNED)),
    ]
    return table(("five splits", *voting.TRIOS), rows)


def audits(every: Iterable[int]) -> Table:
    """By how many points the error passes the bound in force, at worst, if an audit is made every so many degrees."""
    rows = [
        (
            f"every {degrees} degrees" if degrees else "never again",
            spread(100 * shift.watch(seed).excess(degrees) for seed in SEEDS).short(SIGNED),
        )
        for degrees in every
    ]
    return table(("an audit of 200 labels", "points beyond the bound, at worst"), rows)


def specification(promise: Mapping) -> Table:
    """What a promise says, field by field."""
    gaps = model.missing_fields(promise)
    rows = [(field, asks, "MISSING" if field in gaps else promise[field]) for field, asks in model.FIELDS.items()]
    return table(("field", "it answers", "here"), rows)


def seconds(seed: int = 6) -> Table:
    """What each experiment took on this computer; a seed that nothing else uses, so nothing is cached."""
    taken = {
        "fourteen readers, taught": once_s(lambda: zoo.zoo(seed)),
        "fourteen readers in eight worlds": once_s(lambda: [zoo.quality(seed, world) for world in zoo.WORLDS]),
        "three trios vote": once_s(lambda: [voting.vote(seed, trio) for trio in voting.TRIOS]),
        "the camera turns": once_s(lambda: shift.watch(seed)),
        f"{zoo.REQUESTS} requests to each reader": sum(times.sum() for times in zoo.latencies_s().values()),
        "20,000 requests to one": tail.stream_s().sum(),
    }
    return table(("experiment", "seconds, one seed"), [(name, number(time_s, 2)) for name, time_s in taken.items()])
