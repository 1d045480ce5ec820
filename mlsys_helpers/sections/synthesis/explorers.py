"""The explorers of section 1.14: two alarms that do not hear each other, and what a fix does to what binds."""

from itertools import product

import numpy as np

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.sections.silent_degradation import model as degradation
from mlsys_helpers.sections.synthesis import figures, model, serving, tables
from mlsys_helpers.sections.synthesis import incident as incidents

SEED = 2
MOVED = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2)
NOTHING = "nothing"
SPEED = (
    NOTHING,
    "roll back",
    "tune the step",
    "int8",
    "batch x4",
    "mend the cache",
    "chip: FLOP/s",
    "chip: bytes/s",
    "second replica",
)
ANSWERS = (NOTHING, "new threshold", "retrain here", "retrain rented", "clean the labels + retrain here")
SHOWN = (2, 3, 11)


def loads(seed: int = SEED) -> tuple[float, ...]:
    """Traffic to try: multiples of what the incident's service had a month ago."""
    usual = incidents.incident(seed).healthy.requests_per_s
    return tuple(float(f"{part * usual:.3g}") for part in (0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0))


def alarms() -> Explorer:
    """What load does to p99, and what drift does to accuracy."""
    drawn = incidents.incident(SEED)
    was, floor = drawn.healthy, drawn.floor
    fine = np.linspace(loads()[0], loads()[-1], 40)
    moved = np.linspace(0, MOVED[-1], 2)
    p99 = tables.p99_s(was, (*fine, *loads()), (was.batch,), seed=1)[:, 0]
    at = dict(zip(loads(), p99[len(fine) :], strict=True))

    def asked(load: float, moved: float) -> tuple:
        return load, at[load], moved, float(degradation.accuracy(was.accuracy_0, was.sensitivity, moved)), floor

    return Explorer(
        "Two alarms of one service (simulated)",
        {
            "load": Steps("Requests", loads(), start=loads()[2], unit="a second"),
            "moved": Steps("Divergence", MOVED, start=0.0, unit="nats"),
        },
        backdrop=lambda ax: figures.alarms_backdrop(
            ax, fine, p99[: len(fine)], moved, degradation.accuracy(was.accuracy_0, was.sensitivity, moved)
        ),
        marks=lambda ax, load, moved: figures.alarms_marks(ax, *asked(load, moved)),
        sentence=lambda load, moved: figures.tell_alarms(*asked(load, moved)),
        height=330,
    )


def relief() -> Explorer:
    """Choose a fix for each alarm: what binds then, which alarms still ring, and what the month earns."""
    months = {seed: month(seed) for seed in SHOWN}

    def draw(ax, seed: int, speed: str, answers: str) -> None:
        found = months[seed][speed, answers]
        figures.relief_marks(ax, found["broken"], found["after"], found["share"])

    return Explorer(
        "Fix, and look again (simulated)",
        {
            "seed": Choice("Incident", {f"incident {seed}": seed for seed in SHOWN}),
            "speed": Choice("For the clock", SPEED),
            "answers": Choice("For the answers", ANSWERS),
        },
        backdrop=figures.relief_backdrop,
        marks=draw,
        sentence=lambda seed, speed, answers: figures.tell_relief(**months[seed][speed, answers]),
        height=360,
    )


def month(seed: int) -> dict[tuple[str, str], dict]:
    """For each pair of fixes: parts of a request's time before and after, both contracts, and the share of the gain."""
    drawn, seen = incidents.incident(seed), serving.traffic(0)
    pairs = {pair: incidents.plan(_named(*pair)) for pair in product(SPEED, ANSWERS)}
    found = incidents.outcome(drawn, ((), incidents.best(drawn), *pairs.values()))
    parts = {speed: model.parts_s(incidents.apply(drawn, _named(speed)).service, seen) for speed in SPEED}
    return {
        (speed, answers): {
            "broken": parts[NOTHING],
            "after": parts[speed],
            "late": float(found.late[place]),
            "accuracy": float(found.accuracy[place]),
            "floor": drawn.floor,
            "share": float((found.eur[place] - found.eur[0]) / (found.eur[1] - found.eur[0])),
            "hours": incidents.hours(pairs[speed, answers]),
        }
        for place, (speed, answers) in enumerate(pairs, 2)
    }


def _named(*words: str) -> incidents.Plan:
    return tuple(name for word in words for name in word.split(" + ") if name != NOTHING)
