"""The explorers of section 1.7: where a cadence comes from, the systems gap, and the rebound.

Everything slow is computed once, when an explorer is made.
"""

from functools import cache

from mlsys_helpers import facts
from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.units import about
from mlsys_helpers.sections.efficiency import cadences, figures, model

FIRSTS = tuple(range(2012, 2019))
LENGTHS = (2, 3, 4, 6, 8, 14)


@cache
def window(first: int, years: int) -> tuple[cadences.Series, cadences.Series]:
    """All training runs of a window, and the records among them."""
    last = min(first + years, cadences.LAST_YEAR)
    return cadences.training_runs(first, last), cadences.training_runs(first, last, records=True)


def runs() -> Explorer:
    """Training runs since 2012: the doubling time, by where one begins and how long one looks."""
    for first in FIRSTS:
        for years in LENGTHS:
            window(first, years)

    def tell(first: int, years: int) -> str:
        inside, records = window(first, years)
        return (
            f"Training FLOP of the {len(inside)} runs from {inside.years[0]:.1f} to {inside.years[-1]:.1f}: "
            f"{figures.tell_trend(inside)}. Of the {len(records)} records: {figures.tell_trend(records)}."
        )

    return Explorer(
        "How fast does training compute double?",
        {
            "first": Steps("Window begins", FIRSTS, start=2012, show=str),
            "years": Steps("It lasts", LENGTHS, start=6, unit="years"),
        },
        backdrop=lambda ax: figures.runs_backdrop(ax, cadences.training_runs()),
        marks=lambda ax, first, years: figures.runs_marks(
            ax, *window(first, years), first, min(first + years, cadences.LAST_YEAR)
        ),
        sentence=tell,
    )


DEMANDS = (2.9, 3.4, 4.0, 5.4, 8.0, 12.0, 24.0)
HALVINGS = {"none": None, "halving in 15.3 months": 15.3, "halving in 9 months": 9.0}


def gap() -> Explorer:
    """Demand against what hardware and leaner algorithms supply, on one axis."""

    def tell(months: int, demand: float, halving: float | None) -> str:
        wanted, offered = model.growth(months, demand), model.growth(months, figures.MOORE_MONTHS)
        left = model.systems_gap(months, demand, figures.MOORE_MONTHS, halving)
        saved = "" if halving is None else f", algorithms need {about(model.growth(months, halving))} times less"
        how_large = f", {model.orders(left):.1f} orders of magnitude" if left > 1 else ""
        return (
            f"After {months} months demand is {about(wanted)} times the start, hardware supplies "
            f"{about(offered)} times{saved}: {figures.tell_gap(left)}{how_large}."
        )

    return Explorer(
        "The systems gap",
        {
            "months": Steps("After", tuple(range(0, 127, 6)), start=84, unit="months"),
            "demand": Steps("Demand doubles in", DEMANDS, start=3.4, unit="months", show="{:g}".format),
            "halving": Choice("Leaner algorithms", HALVINGS),
        },
        backdrop=figures.gap_backdrop,
        marks=lambda ax, months, demand, halving: figures.gap_marks(ax, months, demand, halving),
        sentence=tell,
    )


GAINS = (1.5, 2, 5, 10, 44.5, 503)
ELASTICITIES = tuple(round(0.1 * step, 1) for step in range(21))


def rebound() -> Explorer:
    """A model: what a gain in efficiency does to total use, by how strongly demand answers a lower cost."""
    known = {name: facts.quoted(f"rebound_{name}").value for name in ("travel", "heating")}
    return Explorer(
        "What becomes of a saving (a model)",
        {
            "gain": Steps("Efficiency gains", GAINS, start=10, unit="times", show="{:g}".format),
            "elasticity": Steps("Elasticity", ELASTICITIES, start=0.7, show="{:g}".format),
        },
        backdrop=lambda ax: figures.rebound_backdrop(ax, known),
        marks=figures.rebound_marks,
        sentence=figures.tell_rebound,
        height=360,
    )
