"""The explorer of the start page: how many searches are in flight at once."""

from mlsys_helpers.kit.explorer import Explorer, Steps
from mlsys_helpers.kit.units import duration
from mlsys_helpers.start import figures, model

TIMES_S = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
BUSY = (0.5, 1, 2, 3, 5)


def in_flight() -> Explorer:
    """Little's law on the chapter's 8.5 billion searches a day."""

    def asked(time_s: float, busy: float) -> tuple[float, float]:
        return busy * model.rate_per_s(model.SEARCHES_PER_DAY), time_s

    return Explorer(
        "How many searches are in flight?",
        {
            "time_s": Steps("Time of one search", TIMES_S, start=0.2, show=duration),
            "busy": Steps("Searches a second", BUSY, start=1, unit="times the average", show="{:g}".format),
        },
        backdrop=figures.in_flight_backdrop,
        marks=lambda ax, **values: figures.in_flight_marks(ax, *asked(**values)),
        sentence=lambda **values: figures.tell_in_flight(*asked(**values)),
        height=320,
    )
