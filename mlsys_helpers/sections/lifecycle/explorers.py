"""The explorers of section 1.9: going round, the flywheel, missions, heat, cuts and small networks."""

from dataclasses import replace

from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.units import si
from mlsys_helpers.sections.lifecycle import compress, figures, loop, missions, model, split


def short(value: float) -> str:
    """A number as it was typed."""
    return f"{value:g}"


# Going round

ALARMS = (0.5, 1, 2, 3, 5, 8)  # points
SPEEDS = (0.1, 0.25, 0.5, 1, 2)


def going_round(alarm: float, speed: float) -> tuple[loop.Trace, ...]:
    """Projects whose alarm rings at so many points lost, and whose stages take `speed` times as long."""
    days = tuple(speed * length for length in loop.BOTH.days)
    return loop.runs(replace(loop.BOTH, alarm=alarm / 100, days=days))


def lifecycle() -> Explorer:
    """Two loops over three years: what a tighter alarm buys, and what a quicker round buys."""
    return Explorer(
        "Three years of going round (simulated)",
        {
            "alarm": Steps("Alarm at", ALARMS, start=3, unit="points lost", show=short),
            "speed": Steps("Stages take", SPEEDS, start=1, unit="times as long", show=short),
        },
        backdrop=figures.trace_backdrop,
        marks=lambda ax, alarm, speed: figures.trace_marks(ax, going_round(alarm, speed)[0]),
        sentence=lambda alarm, speed: figures.tell_trace(going_round(alarm, speed)),
        height=380,
    )


# The flywheel

USABLE = (0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0)
STARTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def flywheel() -> Explorer:
    """Quality, users, data, quality: where the loop goes, by how much of the data is usable."""
    return Explorer(
        "A flywheel (a model)",
        {
            "start": Steps("Quality at the start", STARTS, start=0.6, show=short),
            "usable": Steps("Usable data", USABLE, start=1.0, unit="share", show=short),
        },
        backdrop=figures.flywheel_backdrop,
        marks=lambda ax, start, usable: figures.flywheel_marks(ax, model.Flywheel(usable), start),
        sentence=lambda start, usable: figures.tell_flywheel(model.Flywheel(usable), start),
        height=380,
    )


# Missions

SIZES = (0.1, 0.25, 0.5, 1, 2, 4, 10)


def slack() -> Explorer:
    """The four missions of table 7: how much of each limit a workload uses."""
    return Explorer(
        "How much slack has a mission?",
        {
            "mission": Choice("Mission", tuple(missions.MISSIONS), start="smart doorbell"),
            "size": Steps("Workload", SIZES, start=1, unit="times as large", show=short),
        },
        backdrop=figures.missions_backdrop,
        marks=lambda ax, mission, size: figures.missions_marks(ax, missions.MISSIONS[mission].limits(size)),
        sentence=lambda mission, size: figures.tell_missions(mission, size, missions.MISSIONS[mission].limits(size)),
        height=280,
    )


# Heat

POWERS = (1.0, 2.0, 3.0, 5.0, 8.0, 10.0)
COOLING = (4.0, 6.0, 8.0, 12.0)


def throttling() -> Explorer:
    """A phone that writes without a pause: quick until it is hot."""
    token_j = missions.token_j()

    def body(k_per_w: float) -> model.Body:
        return replace(missions.PHONE, k_per_w=k_per_w)

    return Explorer(
        "A phone that warms up (simulated)",
        {
            "power": Steps("Chip draws", POWERS, start=5.0, unit="W", show=short),
            "cooling": Steps("Each watt adds", COOLING, start=8.0, unit="K", show=short),
        },
        backdrop=figures.heat_backdrop,
        marks=lambda ax, power, cooling: figures.heat_marks(ax, body(cooling), power, token_j),
        sentence=lambda power, cooling: figures.tell_heat(body(cooling), power, token_j),
        height=340,
    )


# Cutting a network

LINKS = (1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8, 3e8, 1e9)


def cutting() -> Explorer:
    """Every cut of MobileNetV2 between a device and the cloud, by device, link and kind of picture."""
    return Explorer(
        "Where to cut the network",
        {
            "link": Steps("Link", LINKS, start=1e7, show=lambda rate: si(rate, "bit/s")),
            "device": Choice("Device", tuple(split.DEVICES)),
            "picture": Choice("The picture is sent as", tuple(split.PICTURES)),
        },
        backdrop=figures.split_backdrop,
        marks=lambda ax, link, device, picture: figures.split_marks(
            ax, split.cuts(device, link, picture), split.device_s(device)
        ),
        sentence=lambda link, device, picture: figures.tell_split(split.cuts(device, link, picture), link),
        height=360,
    )


# Small networks

NETWORKS = {"256 and 128 hidden units": compress.LARGE} | {
    f"{units} hidden units": (units,) for units in compress.SMALL
}


def shrinking() -> Explorer:
    """Bits, weights kept and size of the network: bytes against accuracy, over five seeds."""
    for hidden in NETWORKS.values():
        for bits in compress.BITS:
            for kept in compress.KEPT:
                compress.summary(bits, kept, hidden)
    return Explorer(
        "A digit reader in 64 KB",
        {
            "bits": Choice("Bits a weight", compress.BITS, start=8),
            "kept": Steps("Weights kept", compress.KEPT[::-1], start=1.0, unit="share", show=short),
            "hidden": Choice("Network", NETWORKS),
        },
        backdrop=figures.shrink_backdrop,
        marks=lambda ax, **way: figures.shrink_marks(ax, **way),
        sentence=lambda **way: figures.tell_shrink(**way),
        height=360,
    )
