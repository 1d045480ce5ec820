"""The explorers of section 1.10: a car's distance, a farm's freshness, a lab's work, and a server's batches."""

import numpy as np

from mlsys_helpers import facts
from mlsys_helpers.kit.explorer import Choice, Explorer, Steps
from mlsys_helpers.kit.units import DAY_S, KILO, MILLI, duration, number
from mlsys_helpers.sections.case_studies import cases, figures, model, queueing

# A car


def place() -> Explorer:
    """How far away may the computer stand that answers a car?"""
    return Explorer(
        "Car or cloud? (light in fibre, 10 ms)",
        {
            "radio": Steps("Radio, there and back", (0, 1, 2, 5, 9, 20), start=0, unit="ms"),
            "compute": Steps("Computing", (0, 0.5, 1, 2, 5, 8), start=0, unit="ms"),
        },
        backdrop=figures.place_backdrop,
        marks=lambda ax, radio, compute: figures.place_marks(ax, radio * MILLI, compute * MILLI),
        sentence=lambda radio, compute: figures.tell_place(radio * MILLI, compute * MILLI),
    )


# A farm

WHOLE, PART, ALL = "the whole model to each device", "a tenth of it to each device", "the whole model once, to all"


def farm_age_s(devices, sent: str, link_kbit_per_s: float):
    """Mean age of the fleet's models. What is sent to all at once is one device's worth of sending."""
    payload_bytes = facts.quoted("farm_model").value * (0.1 if sent == PART else 1.0)
    return model.age_s(np.ones_like(devices) if sent == ALL else devices, payload_bytes, link_kbit_per_s * KILO)


def farm_lost_points(devices, sent: str, link_kbit_per_s: float):
    """Points of accuracy that this age costs on average."""
    return 100 * cases.farm_lost(farm_age_s(devices, sent, link_kbit_per_s))


def tell_farm(devices: int, sent: str, link: float) -> str:
    """One update, one round, the age and what it costs."""
    payload_bytes = facts.quoted("farm_model").value * (0.1 if sent == PART else 1.0)
    once_s = model.update_s(payload_bytes, link * KILO)
    round_s = once_s * (1 if sent == ALL else devices)
    age_s = farm_age_s(float(devices), sent, link)
    season = model.devices_served(cases.SEASON_S, payload_bytes, link * KILO)
    lost = number(farm_lost_points(float(devices), sent, link), 2)
    return (
        f"One update takes {duration(once_s)}, a round through {_counted(devices)} {duration(round_s)}. Models are "
        f"{duration(age_s)} old on average, which costs {lost} points. "
        f"In a season of {cases.SEASON_S / DAY_S:g} days the link carries {season:,.0f} updates."
    )


def _counted(devices: int) -> str:
    return f"{devices:,} device{'s' * (devices > 1)}"


def farm() -> Explorer:
    """How fresh can a thin link keep a fleet, and what does staleness cost?"""
    return Explorer(
        "How old are the models in the field?",
        {
            "devices": Steps("Devices", figures.DEVICES, start=1),
            "sent": Choice("Sent", (WHOLE, PART, ALL)),
            "link": Steps("Link", (1, 4, 16, 64, 250), start=1, unit="kbit/s"),
        },
        backdrop=lambda ax: figures.farm_backdrop(ax, 100 * cases.TOLERATED, 100 * cases.LOST_BY_HARVEST / 2),
        marks=lambda ax, devices, sent, link: figures.farm_marks(
            ax,
            farm_lost_points(figures.FLEETS, sent, link),
            devices,
            farm_lost_points(float(devices), sent, link),
        ),
        sentence=tell_farm,
    )


# A protein lab


def fold_hours(cores: int, days: float) -> tuple[float, float, float]:
    """Core-hours of a run, and both counts of AlphaGo Zero's TPU-hours."""
    return model.device_hours(cores, days * DAY_S), *cases.alphago_hours()


def fold() -> Explorer:
    """What weeks on many cores come to, in hours, FLOP and energy."""
    return Explorer(
        "How much work is AlphaFold?",
        {
            "cores": Steps("TPU v3 cores", (8, 32, 128, 512, 2048), start=128),
            "days": Steps("Days", (7, 11, 14, 21, 28), start=14),
            "utilisation": Choice("Share of the peak", {"20 %": 0.2, "40 %": 0.4, "60 %": 0.6}, start=0.4),
        },
        backdrop=lambda ax: figures.fold_backdrop(ax, cases.alphago_hours()),
        marks=lambda ax, cores, days, utilisation: figures.fold_marks(ax, fold_hours(cores, days)[0]),
        sentence=lambda cores, days, utilisation: figures.tell_fold(cores, days, utilisation, fold_hours(cores, days)),
        height=300,
    )


# A server

RATES_PER_S = (20, 50, 100, 200, 500, 1000, 1500)


def service() -> Explorer:
    """One server for a car or for a cloud: how large may a batch be, and when should it begin?"""
    runs = {
        (rate, rule): [queueing.batched(rate, limit, rule) for limit in figures.BATCHES]
        for rate in RATES_PER_S
        for rule in queueing.RULES
    }
    return Explorer(
        "Batches (simulated: 4 ms a batch, and half a millisecond a request)",
        {
            "rate": Steps("Requests", RATES_PER_S, start=50, unit="a second"),
            "limit": Steps("In a batch, at most", figures.BATCHES, start=1),
            "rule": Choice("A batch begins", queueing.RULES),
        },
        backdrop=figures.service_backdrop,
        marks=lambda ax, rate, limit, rule: figures.service_marks(ax, runs[rate, rule], figures.BATCHES.index(limit)),
        sentence=lambda rate, limit, rule: figures.tell_service(
            rate,
            limit,
            queueing.batched(rate, limit, rule),
            model.capacity_per_s(limit, queueing.START_S, queueing.EACH_S),
        ),
    )
