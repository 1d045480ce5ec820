"""The tables of section 1.5: results of the experiments, over seeds where there are some, as a notebook shows them."""

from collections.abc import Iterable

import numpy as np

from mlsys_helpers.kit.spread import SEEDS, spread
from mlsys_helpers.kit.table import Table, table
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.silent_degradation import detection, drift_lab, inbox, model, policy


def _two(value: float) -> str:
    return number(value, 2)


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _tenths(value: float) -> str:
    return f"{value:.1f}"


def dashboard(drift: drift_lab.Drift, amount: float) -> Table:
    """What an operator would see of one window of images, and below it what nobody sees."""
    here, images = drift.at(amount), drift.right.shape[1]
    rows = [
        ("images sent, images answered", f"{images}, {images}"),
        ("exceptions raised", "0"),
        ("average confidence", percent(drift.confidence[here])),
        ("right answers (nobody sees this dial)", percent(drift.accuracy[here])),
    ]
    return table(("dial", "reading"), rows)


def misses(frames_per_s: float, miss_shares: Iterable[float]) -> Table:
    """Misses an hour for each share missed, if every frame shows something."""
    rows = [(f"{100 * s:g} %", _whole(model.misses_per_hour(frames_per_s, s))) for s in miss_shares]
    return table(("share missed", "misses an hour"), rows)


def divergences(now: np.ndarray, before: np.ndarray) -> Table:
    """The four divergences of two histograms."""
    units = ("share", "nats", "nats", "bins")
    rows = [
        (name, _two(of(now, before)), unit) for (name, of), unit in zip(model.DIVERGENCES.items(), units, strict=True)
    ]
    return table(("divergence", "value", "unit"), rows)


def lambdas(drifts: list[drift_lab.Drift], name: str = "KL") -> Table:
    """How sure lambda is, by what is allowed to vary; seed 1, the first of the drifts, where only one is used."""
    one = drifts[0]
    line, images = one.line(name), np.quantile(one.bootstrap(name), [0.025, 0.975])
    others = [drift_lab.drift(1, other).line(name).sensitivity for other in list(drift_lab.CLASSIFIERS)[1:]]
    rows = [
        ("points scatter about the line (Student's t, 95 %)", f"{_two(line.low)} to {_two(line.high)}"),
        ("other live images (bootstrap, 95 %)", f"{_two(images[0])} to {_two(images[1])}"),
        ("other digits to learn from (five seeds)", spread(d.line(name).sensitivity for d in drifts).short(_two)),
        ("another learner (neighbours, trees, a network)", f"{_two(min(others))} to {_two(max(others))}"),
        *((f"fitted up to {up_to} degrees", _two(one.line(name, up_to=up_to).sensitivity)) for up_to in (14, 20, 30)),
    ]
    return table(("what varies", "lambda"), rows)


def levers(ways: dict[str, list[drift_lab.Drift]], floor: float) -> Table:
    """Start, slope and the angle at which the floor is reached, for ways to train named by the keys."""
    rows = [
        (
            way,
            spread(d.accuracy[0] for d in drifts).short(percent),
            spread(d.line("KL").sensitivity for d in drifts).short(_two),
            spread(d.lasts(floor) for d in drifts).short(_whole),
        )
        for way, drifts in ways.items()
    ]
    return table(("trained on", "accuracy upright", "lambda up to 20 degrees", f"degrees until {percent(floor)}"), rows)


def inboxes(gone: tuple[str, ...] = inbox.WORKPLACE) -> Table:
    """One filter at home and where the words `gone` do not occur, beside one that never saw them, over seeds."""
    moves = [inbox.another_inbox(seed, gone) for seed in SEEDS]
    places = {"at home": "home", "elsewhere": "away", "elsewhere, trained without the words": "retrained"}

    def row(name: str) -> list[str]:
        verdicts = [getattr(move, name) for move in moves]
        parts = ("accuracy", "wanted_lost", "spam_missed")
        return [spread(getattr(v, part) for v in verdicts).short(percent) for part in parts]

    moved = {name: spread(getattr(m, f"psi_{name}") for m in moves).short(_two) for name in ("home", "away")}
    rows = [(place, *row(name), moved.get(name, "")) for place, name in places.items()]
    return table(("filter", "accuracy", "wanted mail lost", "spam missed", "PSI of the features"), rows)


def audits(before: float, after: Iterable[float]) -> Table:
    """Labels that one audit needs to see each fall (1 % false alarms, 90 % power)."""
    rows = [(percent(a), _whole(np.ceil(model.cases_to_see(before, a)))) for a in after]
    return table((f"from {percent(before)} to", "labels"), rows)


def skews() -> Table:
    """Every serving pipeline against the one trained with, over seeds, most harmful first."""
    runs = {name: [inbox.skew(seed, name) for seed in SEEDS] for name in inbox.SKEWS}
    ranked = sorted(runs, key=lambda name: spread(r.verdicts.accuracy for r in runs[name]).mean)
    rows = [
        (
            name,
            spread(r.verdicts.accuracy for r in runs[name]).short(percent),
            _two(spread(r.psi for r in runs[name]).mean),
            max(r.first for r in runs[name]) or "none differs",
        )
        for name in ranked
    ]
    return table(("served with", "accuracy", "PSI of features", "messages until a parity test sees it"), rows)


def false_alarms(limit: float = 0.1) -> Table:
    """How often a fixed PSI limit rings without drift (simulated), by the size of the window."""
    rows = [(_whole(t.window), _two(t.expected), percent(t.false_alarms)) for t in detection.rule_of_thumb(limit=limit)]
    return table(("cases in each sample", "PSI by chance", "windows that ring falsely"), rows)


def alarms() -> Table:
    """When each monitor rings while the camera turns by a degree a window, over seeds."""
    runs = [detection.delays(seed) for seed in SEEDS]
    rows = [
        (
            name,
            spread(run[name].amount for run in runs).short(_whole),
            spread(100 * run[name].lost for run in runs).short(_tenths),
        )
        for name in runs[0]
    ]
    return table(("watching", "degrees at the alarm", "points lost by then"), rows)


def promises(loss: float) -> Table:
    """How many points the worst angle fell below a promise, by how tau was chosen and how often one looked."""
    starts, strides = {"the line's own start": True, "the measured start": False}, (2, 1)

    def worst(own: bool, every: int) -> str:
        return spread(100 * policy.shortfall(seed, loss, own, every) for seed in SEEDS).short(_tenths)

    rows = [(name, *(worst(own, every) for every in strides)) for name, own in starts.items()]
    return table(("points below the promise, tau from", "looking every 4 degrees", "every 2 degrees"), rows)


def seconds(seed: int = 6) -> Table:
    """What one seed of each experiment takes on this computer; a seed that nothing else uses, so nothing is cached."""
    experiments = {
        "the drift lab": lambda: drift_lab.drift(seed),
        "the same, taught turned copies": lambda: drift_lab.drift(seed, taught=drift_lab.TAUGHT),
        "another inbox": lambda: inbox.another_inbox(seed),
        "the trap": lambda: inbox.concept_trap(seed),
        "eight pipelines": lambda: [inbox.skew(seed, name) for name in inbox.SKEWS],
        "four alarms": lambda: detection.delays(seed),
        "thirteen thresholds for three years": lambda: policy.simulate(policy.Product(), np.geomspace(0.01, 0.2, 13)),
        "a classifier retrained on alarm": lambda: policy.shortfall(seed, 0.05),
    }
    return table(
        ("experiment", "seconds for one seed"), [(name, _two(once_s(run))) for name, run in experiments.items()]
    )
