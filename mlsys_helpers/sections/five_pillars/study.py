"""Makes the tables of the triage game: `python -m mlsys_helpers.sections.five_pillars.study`.

`usual.csv` (what 100 healthy releases show), `calibration.csv` (what the probes show in 60 incidents of each cause) and
`tournament.csv` (seven players on 200 other incidents, in five blocks): a minute of one core. All three are to be
made again after any change to the product or to a probe; tests play a part of each again and find the same.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mlsys_helpers.sections.five_pillars import plan, triage

FOLDER = Path(__file__).parent
BLOCKS, BLOCK = 5, 40


def write(name: str, heads: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Write a table to the file `name` of this folder."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


def block(number: int, players: Iterable[str] = tuple(plan.PLAYERS)) -> list[tuple]:
    """One block of incidents: for each player the mean hours, the share of right owners, the mean number of probes."""
    played = plan.tournament(range(number * BLOCK, (number + 1) * BLOCK), players)
    return [
        (
            player,
            number,
            round(float(np.mean([game.hours for game in games])), 3),
            float(np.mean([game.right_owner for game in games])),
            float(np.mean([len(game.asked) for game in games])),
        )
        for player, games in played.items()
    ]


def main() -> None:
    """Measure, calibrate, play."""
    usual = triage.measure_usual()
    write("usual.csv", ("name", "low", "high"), [(name, *ends) for name, values in usual.items() for ends in values])
    triage.usual.cache_clear()
    counts = sorted(plan.calibrate().items())
    rows = [(probe, " ".join(map(str, signs)), cause, n) for (probe, signs, cause), n in counts]
    write("calibration.csv", ("probe", "signs", "cause", "count"), rows)
    plan.chances.cache_clear()
    results = [row for number in range(BLOCKS) for row in block(number)]
    write("tournament.csv", ("player", "block", "hours", "right_owner", "probes"), results)


if __name__ == "__main__":
    main()
