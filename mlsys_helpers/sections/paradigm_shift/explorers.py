"""The explorers of section 1.1: label edits, a drifting proxy, the verification gap, and what a test run bounds."""

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.sections.paradigm_shift import experiments, figures, model

EDITS = (0, 5, 10, 25, 50, 100, 200, 400, 800)


def label_edits() -> Explorer:
    """Turn over labels of the training mail and see which held-out messages change sides."""
    for which in experiments.WHICH:  # all are built now, so that moving a control only draws
        for count in EDITS:
            experiments.edited(count, which)

    def draw(ax, count: int, which: str) -> None:
        before, after = experiments.original().log_odds, experiments.edited(count, which).log_odds
        figures.flips_marks(ax, before, after, experiments.changed(count, which))

    return Explorer(
        "What a few labels do to the mail (one split of Spambase)",
        {
            "count": Steps("Labels turned over", EDITS, start=50),
            "which": Choice("On", experiments.WHICH, start=experiments.RANDOM),
        },
        backdrop=figures.flips_backdrop,
        marks=draw,
        sentence=lambda **values: figures.tell_flips(experiments.changed(**values)),
        height=440,
    )


WINDOWS = {"never": 0, "on the last 4 weeks": 4, "on the last 8 weeks": 8, "on the last 26 weeks": 26}


def drifting_proxy() -> Explorer:
    """Simulated flu trends: how far attention moves, and whether the model is recalibrated on late doctors' reports."""

    def asked(attention: float, window: int) -> tuple:
        story = experiments.flu_trends(attention)
        return story, experiments.recalibrated(story, window)

    def tell(attention: float, window: int) -> str:
        story, estimate = asked(attention, window)
        return figures.tell_proxy(story, experiments.over_prediction(story, estimate))

    weeks = experiments.flu_trends().learnt
    return Explorer(
        "Searches as a proxy for flu (simulated)",
        {
            "attention": Steps(
                "Searches for as much flu", (1.0, 1.25, 1.5, 1.75, 2.1, 2.5, 3.0), start=2.1, unit="times"
            ),
            "window": Choice("Recalibrate", WINDOWS, start=0),
        },
        backdrop=lambda ax: figures.proxy_backdrop(ax, weeks.size, int(weeks.sum())),
        marks=lambda ax, **values: figures.proxy_marks(ax, *asked(**values)),
        sentence=tell,
        height=330,
    )


GAP_CONTROLS: dict[str, Choice | Steps] = {
    "side": Steps("Picture", (1, 2, 3, 4, 8, 16, 28, 32, 64, 224, 512, 1024), start=224, unit="pixels a side"),
    "bits": Steps("Colour channel", (1, 2, 4, 8, 10, 16), start=8, unit="bits"),
    "channels": Choice("Colours", {"grey": 1, "red, green, blue": 3}, start=3),
    "tests": Steps("Test set", (100, 10_000, 50_000, 1_000_000, 10**9, 10**12), start=50_000, unit="pictures"),
}


def picture_log10(side: int, bits: int, channels: int) -> float:
    """log10 of how many different pictures there are."""
    return model.log10_inputs(side * side * channels, bits)


def verification_gap() -> Explorer:
    """How many pictures there are against how many are tested."""
    return Explorer(
        "The verification gap",
        GAP_CONTROLS,
        backdrop=figures.gap_backdrop,
        marks=lambda ax, tests, **picture: figures.gap_marks(ax, picture_log10(**picture), tests),
        sentence=lambda tests, **picture: figures.tell_gap(picture_log10(**picture), tests),
        height=250,
    )


def clean_run() -> Explorer:
    """What a run of so many tests with so many failures says about the failure rate."""
    return Explorer(
        "What a test run promises, at 95 %",
        {
            "tests": Steps("Tests", (10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 10**5, 10**6, 10**7), start=1000),
            "failures": Steps("Failures", (0, 1, 2, 3, 5, 10), start=0),
        },
        backdrop=figures.bound_backdrop,
        marks=figures.bound_marks,
        sentence=figures.tell_bound,
        height=340,
    )
