"""Makes `incidents.csv`: `python -m mlsys_helpers.sections.synthesis.study`, six minutes of one core.

A row for each incident: which draw it is, what went wrong, the best plan, what it earns, and what share of its gain
habits and players reach. A test makes some rows anew and finds the same.
"""

import csv
from collections.abc import Iterator

from mlsys_helpers.sections.synthesis import incident as incidents
from mlsys_helpers.sections.synthesis import players
from mlsys_helpers.sections.synthesis.game import Game, before, debrief, share_of_gain, truth
from mlsys_helpers.sections.synthesis.players import ENGINEER, HABITS

SEEDS = range(1, 301)
ALL_PROBES, NO_PROBE = "five probes", "no probe"
PLAYERS = {
    "any plan": None,
    NO_PROBE: (),
    ALL_PROBES: ENGINEER,
    **{f"without {probe}": tuple(name for name in ENGINEER if name != probe) for probe in ENGINEER},
}


def row(seed: int) -> dict[str, object]:
    """All that the table says of one incident, found anew."""
    number, drawn = incidents.first_clear(seed)
    found, right = incidents.search(drawn), truth(drawn)
    idle, best = found.eur[0], found.eur[found.best]
    shares = {name: (found.eur[found.plans.index(fixes)] - idle) / (best - idle) for name, fixes in HABITS.items()}
    drift = [reading["kl_nats"] for reading in (before(drawn, "drift"), Game(seed).probe("drift").reading(0))]
    return {
        "seed": seed,
        "draw": number,
        "slow": drawn.causes[0],
        "wrong": drawn.causes[1],
        "part": right.part,
        "best": " + ".join(found.plans[found.best]),
        "idle_eur": round(idle),
        "best_eur": round(best),
        "margin_eur": round(found.margin_eur),
        "drift_before_nats": round(drift[0], 4),
        "drift_now_nats": round(drift[1], 4),
        **{name: round(float(share), 3) for name, share in shares.items()},
        **{name: round(_reached(seed, probes), 3) for name, probes in PLAYERS.items()},
        "passed": int(debrief(players.engineer(seed)).passed),
    }


def _reached(seed: int, probes: tuple[str, ...] | None) -> float:
    game = players.random(seed) if probes is None else players.engineer(seed, probes)
    return share_of_gain(game.incident, game.fixes, incidents.EUR_PER_HOUR * game.looked_hours)


def rows() -> Iterator[dict[str, object]]:
    """The whole table."""
    yield from map(row, SEEDS)


def main() -> None:
    """Write the table, each row as soon as it is known."""
    with incidents.TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = None
        for found in rows():
            writer = writer or csv.DictWriter(file, list(found), lineterminator="\n")
            if file.tell() == 0:
                writer.writeheader()
            writer.writerow(found)
            file.flush()


if __name__ == "__main__":
    main()
