"""Makes `study.csv` and `tournament.csv`: `python -m mlsys_helpers.sections.bitter_lesson.study`.

The duels against the rules at rising budgets, of blind search and of search whose playouts win and block, and a
tournament in which all meet all: some seven minutes of one core. A test replays a part of each and finds the same.
"""

import csv
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

from mlsys_helpers.kit.spread import SEEDS
from mlsys_helpers.sections.bitter_lesson.duel import BLIND, TACTICAL, Duel, Meeting, duel, tournament

BUDGETS = {
    BLIND: (7, 14, 28, 56, 112, 224, 448, 896, 1792, 3584),
    TACTICAL: (28, 56, 112, 224, 448, 896),
}
DUEL_PAIRS, TOURNAMENT_PAIRS = 100, 30
FOLDER = Path(__file__).parent


def write(name: str, row_type: type, rows: Iterable) -> None:
    """Write `rows` to the file `name` of this folder, each as soon as it is known."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(row_type)], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            cells = asdict(row)
            writer.writerow(cells | {"cpu_s": round(cells["cpu_s"], 2)} if "cpu_s" in cells else cells)
            file.flush()


def main() -> None:
    """Play everything."""
    played = (
        duel(budget, DUEL_PAIRS, seed, playout)
        for playout, budgets in BUDGETS.items()
        for seed in SEEDS
        for budget in budgets
    )
    write("study.csv", Duel, played)
    write("tournament.csv", Meeting, (met for seed in SEEDS for met in tournament(TOURNAMENT_PAIRS, seed)))


if __name__ == "__main__":
    main()
