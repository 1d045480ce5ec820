"""Section 1.10: Waymo, FarmBeats, AlphaFold."""

from functools import partial

from mlsys_helpers import facts
from mlsys_helpers.kit.units import DAY_S, HOUR_S, KILO, MILLI, MINUTE_S, TERA
from mlsys_helpers.numbers.claim import Claim
from mlsys_helpers.numbers.given import ALPHAFOLD_CORES
from mlsys_helpers.sections.case_studies import model as case_studies

claim = partial(Claim, "1.10")
SEASON_DAYS = 120  # chosen here
CATEGORIES = ("data", "model", "system", "ethical")

CLAIMS = (
    claim(
        "lidar_rate",
        "footnote 29",
        "Raw data of one LiDAR",
        "over 100",
        "MB/s",
        lambda: facts.quoted("lidar_rate").value * HOUR_S / TERA,
        gives="TB/h at 100 MB/s",
        why="So a terabyte takes some hours.",
    ),
    claim(
        "radar",
        "footnote 30",
        "Frequency of a car's radar",
        "77",
        "GHz",
        lambda: case_studies.LIGHT_M_PER_S / facts.quoted("radar_frequency").value / MILLI,
        gives="mm of wavelength",
    ),
    claim(
        "kilobit_links",
        "text",
        "Links of FarmBeats, by a word about what was described earlier",
        "kilobit-class",
        absent=True,
        why="Nothing before it gives a rate.",
    ),
    claim("farmbeats_small", "text", "Models of FarmBeats", "under 1", "MB"),
    claim(
        "alphafold_cores",
        "text",
        "TPUv3 cores that trained AlphaFold for weeks",
        "128",
        "cores",
        lambda: case_studies.device_hours(ALPHAFOLD_CORES, 14 * DAY_S),
        gives="core-hours in two weeks",
        why="Two weeks are chosen here. The paper says eleven days.",
    ),
    claim(
        "alphafold_days",
        "text",
        "How long AlphaFold runs in the cloud",
        "days",
        why="Predictions, not the training, which took weeks. The text does not say so.",
    ),
    claim("folding_years", "text", "Age of the problem of protein folding", "50", "years"),
    claim(
        "benchmark_gap",
        "text",
        "Accuracy on benchmarks, and in the world",
        "99 % and 75 %",
        "",
        lambda: (100 - 75) / (100 - 99),
        gives="× the errors",
        why="An example.",
    ),
    claim("categories", "text", "Categories of challenges", "4", "categories", lambda: len(CATEGORIES)),
    claim(
        "waymo_volume",
        "self-checks 1 and 5",
        "Data of a Waymo car's sensors",
        "1 to 19",
        "TB/h",
        lambda: 19 * TERA / HOUR_S / facts.quoted("lidar_rate").value,
        gives="LiDARs of 100 MB/s at the upper end",
        absent=True,
        why="The section gives the rate of one LiDAR only.",
    ),
    claim(
        "waymo_ms",
        "self-checks 1 and 5",
        "Latency on a Waymo car",
        "under 10",
        "ms",
        absent=True,
        why="The section says strict. Table 7 gives the 10 ms to another workload.",
    ),
    claim(
        "round_trip",
        "self-check 1, answer",
        "A round trip of 3,600 km in fibre, set against 10 ms",
        "many times over",
        "×",
        lambda: case_studies.round_trip_s(3600 * KILO / 2) / (10 * MILLI),
        within=(5, 1000),
        why="Twice that if 3,600 km is one way: enough, but not many times. The radio and the computing come on top.",
    ),
    claim(
        "farmbeats_kb",
        "self-check 2",
        "Models of FarmBeats, in the self-checks",
        "under 500",
        "KB",
        absent=True,
        why="The section says under a megabyte.",
    ),
    claim(
        "update_slow",
        "self-check 2, answer",
        "Sending FarmBeats' model over a link of 1 kbit/s",
        "minutes or more",
        "min",
        lambda: case_studies.update_s(facts.quoted("farm_model").value, 1e3) / MINUTE_S,
        within=(2, 1e6),
    ),
    claim(
        "update_middle",
        "self-check 2, answer",
        "Sending FarmBeats' model over a link of 10 kbit/s",
        "minutes or more",
        "min",
        lambda: case_studies.update_s(facts.quoted("farm_model").value, 1e4) / MINUTE_S,
        within=(2, 1e6),
    ),
    claim(
        "update_fast",
        "self-check 2, answer",
        "Sending FarmBeats' model over a link of 100 kbit/s, still kilobits",
        "minutes or more",
        "min",
        lambda: case_studies.update_s(facts.quoted("farm_model").value, 1e5) / MINUTE_S,
        within=(2, 1e6),
        why="Minutes need a link slower than a third of that.",
    ),
    claim(
        "season_fleet",
        "self-check 2, answer",
        "Devices that a link of 1 kbit/s can update within a season of 120 days",
        unit="devices",
        recompute=lambda: case_studies.devices_served(SEASON_DAYS * DAY_S, facts.quoted("farm_model").value, 1e3),
        why="To come too late for a season takes a larger fleet or a link that fails; the size alone does not do it.",
    ),
)
