"""Whose failure is it? A game over the mail filter: complaints to begin with, probes that cost hours, an owner to name.

    game = Game(seed=7)
    game = game.probe("holdout").probe("replay")
    game.readings["replay"].told
    game = game.name("package")
    game.hours, game.cause.owner

A game is a seed and what was done, nothing else. Every reading is measured on the running product of that seed;
"usual" is what 98 of 100 healthy releases of other seeds show.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.seeds import generator
from mlsys_helpers.kit.seeds import seed as seeded
from mlsys_helpers.kit.units import number, percent
from mlsys_helpers.sections.five_pillars import product

WRONG_OWNER_H, WRONG_CAUSE_H = 24.0, 6.0  # the wrong team looks for three days; the right team finds the rest itself
VERDICTS = {-1: "below usual", 0: "usual", 1: "above usual"}
LAST, FIRST, MONTH = slice(-3, None), slice(0, 3), slice(-4, None)


@dataclass(frozen=True)
class Probe:
    """Something that can be asked of the product: what it costs, and what it measures, one value for each label."""

    name: str
    hours: int
    question: str
    labels: tuple[str, ...]
    measure: Callable[[product.Service, np.random.Generator], tuple[float, ...]]


def _loss(service, rng):
    return (service.release.loss,)


def _rows(service, rng):
    release = service.release
    arrived = release.collected / release.expected
    firm = release.collected[:2].sum() / release.expected[:2].sum()
    return float(firm), float(arrived[2])


def _reread(service, rng):
    return (float(rng.permutation(service.release.labels_wrong)[:100].mean()),)


def _holdout(service, rng):
    return (service.release.holdout_accuracy,)


def _replay(service, rng):
    again = service.release.offline(service.sent)
    return (service.lost(MONTH) - service.lost(MONTH, called=again),)


def _parity(service, rng):
    rows = rng.permutation(product.A_WEEK)[:100]
    return (float((service.sent[-1, rows] != service.seen[-1, rows]).any(axis=-1).mean()),)


def _history(service, rng):
    return (service.lost(LAST) - service.lost(FIRST),)


def _inputs(service, rng):
    """How much more or less often words occur in served mail than in training mail, averaged over features."""
    now = (service.seen[LAST].reshape(-1, service.seen.shape[-1]) > 0).mean(axis=0)
    return (float(np.abs(now - (service.release.training_features > 0).mean(axis=0)).mean()),)


def _by_sender(service, rng):
    return service.lost(MONTH, (0, 1)), service.lost(MONTH, (2,))


PROBES = {
    probe.name: probe
    for probe in (
        Probe("training log", 1, "How well did the model fit what it was given?", ("final loss, nats a row",), _loss),
        Probe(
            "row counts", 1, "Did all the mail arrive in training?",
            ("share of colleagues' and universities' rows", "share of strangers' rows"), _rows,
        ),
        Probe("holdout", 1, "How did the release score before launch?", ("accuracy on held-out mail",), _holdout),
        Probe("inputs", 1, "Does served mail look like training mail?", ("difference in word use",), _inputs),
        Probe("parity", 2, "Do both pipelines make the same features?", ("share of messages that differ",), _parity),
        Probe("replay", 3, "Does training's own code lose less of the same mail?", ("more lost when served",), _replay),
        Probe("history", 4, "Was it so from launch on?", ("lost now, less lost in the first weeks",), _history),
        Probe(
            "by sender", 4, "Whose mail is lost?",
            ("lost, colleagues and universities", "lost, strangers"), _by_sender,
        ),
        Probe("labels again", 6, "Are the training labels right?", ("share of 100 labels wrong",), _reread),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a probe found, beside what is usual; `signs` says for each value -1 below, 0 within, 1 above it."""

    probe: str
    values: tuple[float, ...]
    usual: tuple[tuple[float, float], ...]

    @property
    def told(self) -> tuple[tuple[str, str, str], ...]:
        """Each value in words: what it is, how much, and how that compares with what is usual."""
        show = number if self.probe == "training log" else percent
        return tuple(
            (label, show(value), f"{VERDICTS[sign]} ({_between(show(low), show(high))})")
            for label, value, (low, high), sign in zip(
                PROBES[self.probe].labels, self.values, self.usual, self.signs, strict=True
            )
        )

    @property
    def signs(self) -> tuple[int, ...]:
        """Where each value lies, seen from what is usual."""
        return tuple((v > high) - (v < low) for v, (low, high) in zip(self.values, self.usual, strict=True))


@dataclass(frozen=True)
class Incident:
    """One seed's product and what is wrong with it."""

    cause: str
    service: product.Service
    seed: int

    def measure(self, name: str) -> tuple[float, ...]:
        """The values of one probe: the same every time it is asked."""
        return PROBES[name].measure(self.service, generator("probe", name, self.seed))

    @property
    def complaints(self) -> tuple[int, int]:
        """Wanted messages of the last three weeks in the spam folder, and all wanted messages of these weeks."""
        wanted = ~self.service.spam[LAST]
        return int((wanted & self.service.called[LAST]).sum()), int(wanted.sum())

    def mended(self, name: str) -> "Incident":
        """The same product and the same weeks after the fix of one cause."""
        setup, place = product.mended(self.service.release.setup, name), _place(self.seed)
        return replace(self, service=product.run(setup, place))


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def cause_of(seed: int) -> str:
    """The cause that a seed draws, without building its product."""
    return str(generator("incident", seed).choice(list(product.CAUSES)))


def incident(seed: int, cause: str | None = None) -> Incident:
    """The product of a seed, with the cause that the seed draws, or with a given one; "none" is the healthy product."""
    cause = cause_of(seed) if cause is None else cause
    rng, place = generator("severity", seed), _place(seed)
    setup = product.Setup() if cause == "none" else product.broken(cause, rng)
    return Incident(cause, product.run(setup, place), seed)


def _place(seed: int) -> int:
    """The seed of the mail and of all chance in an incident."""
    return seeded("mail", seed) % 2**31


@lru_cache(maxsize=8)  # two megabytes each
def _incident(seed: int) -> Incident:
    return incident(seed)


def measure_usual(releases: int = 100) -> dict[str, tuple[tuple[float, float], ...]]:
    """The range of each value of each probe over healthy releases, without the lowest and the highest in a hundred.

    Under "complaints" stands that of the share of wanted mail lost.
    """
    healthy = [incident(-1 - i, "none") for i in range(releases)]
    found = {name: np.array([case.measure(name) for case in healthy]) for name in PROBES}
    found["complaints"] = np.array([[np.divide(*case.complaints)] for case in healthy])
    return {
        name: tuple((float(low), float(high)) for low, high in np.quantile(values, (0.01, 0.99), axis=0).T)
        for name, values in found.items()
    }


@cache
def usual() -> dict[str, tuple[tuple[float, float], ...]]:
    """What `measure_usual` found, from usual.csv: measuring it takes some seconds."""
    ranges: dict = {}
    with (files(__package__) / "usual.csv").open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            ranges[row["name"]] = (*ranges.get(row["name"], ()), (float(row["low"]), float(row["high"])))
    return ranges


def read(case: Incident, name: str) -> Reading:
    """Ask one probe of one incident."""
    name = one_of("probe", name, PROBES)
    return Reading(name, case.measure(name), usual()[name])


@dataclass(frozen=True)
class Game:
    """An incident by its seed, the probes asked so far in order, and the cause named at the end."""

    seed: int
    asked: tuple[str, ...] = ()
    named: str | None = None

    def probe(self, name: str) -> "Game":
        """The game after one more probe; asking again costs again and shows the same."""
        self._open()
        return replace(self, asked=(*self.asked, one_of("probe", name, PROBES)))

    def name(self, cause: str) -> "Game":
        """The game after a cause, and so an owner, was named. This ends it."""
        self._open()
        return replace(self, named=one_of("cause", cause, product.CAUSES))

    def _open(self) -> None:
        if self.named is not None:
            raise ValueError(f"this game is over: {self.named!r} was named; begin another with Game(seed)")

    @property
    def complaints(self) -> tuple[int, int]:
        """What everybody sees at the start: wanted messages lost of the last weeks, and all wanted messages."""
        return _incident(self.seed).complaints

    @property
    def readings(self) -> dict[str, Reading]:
        """What the probes asked so far have found."""
        return {name: read(_incident(self.seed), name) for name in self.asked}

    @property
    def cause(self) -> product.Cause:
        """The truth, once a cause is named."""
        if self.named is None:
            raise ValueError("the cause is shown when you have named one: game.name(...)")
        return product.CAUSES[cause_of(self.seed)]

    @property
    def right_owner(self) -> bool:
        """Whether the named cause is the true owner's."""
        return product.CAUSES[str(self.named)].owner == self.cause.owner

    @property
    def after(self) -> tuple[int, int]:
        """The complaints had the fix of the named cause been in place: the same weeks, served again."""
        if self.named is None:
            raise ValueError("nothing is mended before you have named a cause: game.name(...)")
        return _incident(self.seed).mended(self.named).complaints

    @property
    def hours(self) -> float:
        """Hours spent: the probes, and after naming what a mistake costs."""
        spent = sum(PROBES[name].hours for name in self.asked)
        return spent + (0.0 if self.named is None else penalty_h(self.named, self.cause.name))


def penalty_h(named: str, cause: str) -> float:
    """Hours lost after naming: none for the cause, few for another cause of the right owner, many for a wrong owner."""
    if named == cause:
        return 0.0
    same = product.CAUSES[named].owner == product.CAUSES[cause].owner
    return WRONG_CAUSE_H if same else WRONG_OWNER_H
