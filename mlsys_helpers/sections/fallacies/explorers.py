"""The explorers of section 1.13: a deadline, a faster stage, a calendar."""

import numpy as np

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.units import MILLI
from mlsys_helpers.sections.fallacies import figures, filters, model

NOTHING, SIMPLE = "nothing", "the linear filter's answer"


def worth(measured: dict, late: str, deadline_ms) -> dict:
    """The utility of each filter at each deadline; `measured` has accuracy and times of answers by name."""
    fallback = measured["linear"][0] if late == SIMPLE else 0.0
    deadline_s = np.asarray(deadline_ms)[..., None] * MILLI
    return {
        name: model.utility(accuracy, (times_s <= deadline_s).mean(axis=-1), fallback)
        for name, (accuracy, times_s) in measured.items()
    }


def deadline() -> Explorer:
    """Which filter is worth most when answers have a deadline? Times are measured on this computer."""
    measured = filters.measured()
    curves = {late: worth(measured, late, figures.DEADLINES_MS) for late in (NOTHING, SIMPLE)}
    return Explorer(
        "What is a better answer worth if it is late?",
        {
            "deadline": Steps("Deadline", (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100), start=2, unit="ms"),
            "late": Choice("A late request gets", (NOTHING, SIMPLE)),
        },
        backdrop=figures.deadline_backdrop,
        marks=lambda ax, deadline, late: figures.deadline_marks(
            ax, curves[late], deadline, worth(measured, late, deadline)
        ),
        sentence=lambda deadline, late: figures.tell_deadline(deadline, worth(measured, late, deadline), late),
    )


def stages() -> Explorer:
    """What a faster stage does for the chapter's pipeline of 60 + 45 + 25 ms."""
    return Explorer(
        "One stage faster",
        {
            "stage": Choice("Stage", tuple(model.CHAPTER_S), start="inference"),
            "faster": Steps("Times as fast", (1, 1.5, 2, 3, 5, 10, 30, 100, 1000), start=3),
        },
        backdrop=figures.stages_backdrop,
        marks=figures.stages_marks,
        sentence=figures.tell_stages,
        height=300,
    )


def calendar() -> Explorer:
    """How long a model deployed at 85 % stays above a floor, and what new models change."""
    return Explorer(
        "A year in service (model, not measured)",
        {
            "every": Choice("A new model", {"never": figures.NEVER, **{f"every {n} months": n for n in (6, 4, 3, 2)}}),
            "floor": Steps("Floor", (0.80, 0.81, 0.82, 0.83, 0.84), start=0.83, show=lambda x: f"{100 * x:.0f} %"),
            "lost": Steps("Points lost a month", (0.4, 0.8, 1.6), start=0.8),
        },
        backdrop=figures.calendar_backdrop,
        marks=lambda ax, every, floor, lost: figures.calendar_marks(ax, floor, lost / 100, every),
        sentence=lambda every, floor, lost: figures.tell_calendar(floor, lost / 100, every),
        height=340,
    )
