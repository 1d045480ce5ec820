"""The explorers of section 1.11: how often to save, when to ring, and whom an average hides."""

from mlsys_helpers.kit.explorer import Explorer, Steps
from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.five_pillars import alarms, figures
from mlsys_helpers.sections.five_pillars.gap import gap

DECLINES = (0.06, 0.08, 0.1, 0.15)
WEIGHTS = (1, 1.5, 2, 3, 5)


def saving() -> Explorer:
    """How often should a job save, and what does a poor choice cost?"""
    return Explorer(
        "How often to save (dots: simulated)",
        {
            "save_min": Steps("A save takes", (0.5, 1, 2, 5, 10), start=5, unit="minutes", show="{:g}".format),
            "mtbf_h": Steps("A failure every", (1, 3, 6, 12, 24, 72, 168), start=24, unit="hours"),
        },
        backdrop=figures.checkpoint_backdrop,
        marks=figures.checkpoint_marks,
        sentence=figures.tell_checkpoint,
    )


def alarm() -> Explorer:
    """Fewer false alarms or earlier true ones?"""
    for budget in figures.BUDGETS:  # ahead of the first touch
        for actual in DECLINES:
            for monitor in alarms.MONITORS:
                alarms.tuned(alarms.Audit(), monitor, budget, actual)
    return Explorer(
        "When to ring (simulated: 100 answers checked a day, 4 % of them wrong in health)",
        {
            "budget": Steps("False alarms, at most", sorted(figures.BUDGETS), start=0.25, show=figures.budget_text),
            "actual": Steps("Errors rise to", DECLINES, start=0.08, show=lambda share: f"{100 * share:g} %"),
        },
        backdrop=figures.alarm_backdrop,
        marks=figures.alarm_marks,
        sentence=figures.tell_alarm,
    )


def promise() -> Explorer:
    """Whose mail is lost, and what does it cost to lose less of it?"""
    for weight in WEIGHTS:
        for half in SEEDS:
            gap(half, weight)
    return Explorer(
        "Whose wanted mail is lost?",
        {
            "weight": Steps("Strangers' wanted mail counts", WEIGHTS, start=1, unit="times", show="{:g}".format),
            "half": Steps("Mail split at random, seed", SEEDS, start=1),
        },
        backdrop=figures.gap_backdrop,
        marks=lambda ax, weight, half: figures.gap_marks(ax, gap(half, weight)),
        sentence=lambda weight, half: figures.tell_gap(gap(half, weight)),
    )
