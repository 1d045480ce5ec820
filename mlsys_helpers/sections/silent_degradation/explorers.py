"""The explorers of section 1.5: what a monitor sees, where the line holds, and when to retrain.

All use the lab's first seed. Everything slow is computed once, when an explorer is made.
"""

from functools import cache

import numpy as np

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.sections.silent_degradation import drift_lab, figures, model, policy

SEED = 1
TRAINED_ON = {"upright digits": (0,), "digits turned by up to 20 degrees, too": drift_lab.TAUGHT}


def watch() -> Explorer:
    """One drift seen through four windows: which summary moves while the camera turns?"""
    drift = drift_lab.drift(SEED)
    seen = {view: drift.divergence("total variation", view) for view in drift_lab.VIEWS}
    return Explorer(
        "What a monitor sees while the camera turns",
        {
            "view": Choice("It watches", tuple(drift_lab.VIEWS), start="confidence"),
            "angle": Steps("Camera turned", tuple(range(0, 61, 2)), start=10, unit="degrees"),
        },
        backdrop=lambda ax: figures.watch_backdrop(ax, drift),
        marks=lambda ax, view, angle: figures.watch_marks(ax, drift, seen[view], angle),
        sentence=lambda view, angle: figures.tell_watch(drift, view, angle),
        height=340,
    )


@cache
def curve(world: str, taught: tuple[float, ...], name: str) -> np.ndarray:
    """A divergence of the pixels at every amount of a world's change."""
    return drift_lab.drift(SEED, taught=taught, world=world).divergence(name)


@cache
def fitted(world: str, taught: tuple[float, ...], name: str, lost: float) -> tuple[model.Line, np.ndarray]:
    """Equation 3 through the points until accuracy has fallen by `lost` (a share), and which points these are.

    A line needs three points, so the first three are always in.
    """
    drift = drift_lab.drift(SEED, taught=taught, world=world)
    within = np.cumprod(drift.accuracy >= drift.accuracy[0] - lost).astype(bool)
    within[:3] = True
    return model.fit(curve(world, taught, name)[within], drift.accuracy[within]), within


def worlds() -> Explorer:
    """Six ways for a world to change, four divergences: where does the straight line hold?"""
    for world in drift_lab.WORLDS:
        for taught in TRAINED_ON.values():
            drift_lab.drift(SEED, taught=taught, world=world)

    def asked(world: str, name: str, lost: int, taught: tuple[float, ...]) -> tuple:
        drift = drift_lab.drift(SEED, taught=taught, world=world)
        return drift, curve(world, taught, name), *fitted(world, taught, name, lost / 100)

    return Explorer(
        "Where the straight line holds",
        {
            "world": Choice("What changes", tuple(drift_lab.WORLDS)),
            "name": Choice("Divergence", tuple(model.DIVERGENCES), start="KL"),
            "lost": Steps("Fit until accuracy lost", (5, 10, 20, 30, 50), start=20, unit="points"),
            "taught": Choice("Trained on", TRAINED_ON),
        },
        backdrop=figures.worlds_backdrop,
        marks=lambda ax, **values: figures.worlds_marks(ax, *asked(**values)),
        sentence=lambda world, name, lost, taught: figures.tell_worlds(
            *asked(world, name, lost, taught), name, drift_lab.WORLDS[world][0]
        ),
    )


# When to retrain

MONTH_DAYS = policy.YEAR_DAYS / 12
DRIFTS = (0.003, 0.012, 0.05)  # nats a month
COSTS = (5_000, 20_000, 80_000)
BURSTS = {"steadily": 0.0, "in bursts": 10.0}


@cache
def lived(drift_per_month: float, burstiness: float) -> policy.Outcome:
    """Three simulated years of a product under every threshold."""
    product = policy.Product(drift_per_day=drift_per_month / MONTH_DAYS, burstiness=burstiness)
    return policy.simulate(product, figures.TAUS, runs=100)


def retraining() -> Explorer:
    """The cost of every threshold, in wrong answers a day; a retraining is paid in wrong answers too."""
    for drift in DRIFTS:
        for burstiness in BURSTS.values():
            lived(drift, burstiness)

    def asked(drift: float, burstiness: float, cost: float) -> policy.Outcome:
        return lived(drift, burstiness).repriced(cost)

    return Explorer(
        "When to retrain (simulated)",
        {
            "tau": Steps("Threshold tau", tuple(figures.TAUS.tolist()), start=0.02, unit="nats", show="{:g}".format),
            "cost": Steps("A retraining costs", COSTS, start=20_000, unit="wrong answers"),
            "drift": Steps("The world drifts", DRIFTS, start=0.012, unit="nats a month", show="{:g}".format),
            "burstiness": Choice("It drifts", BURSTS),
        },
        backdrop=figures.policy_backdrop,
        marks=lambda ax, tau, **values: figures.policy_marks(ax, asked(**values), tau),
        sentence=lambda tau, **values: figures.tell_policy(asked(**values), tau),
        height=380,
    )
