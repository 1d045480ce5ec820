"""How long `companion progress` takes with 100,000 stored answers: `python benchmarks/progress.py [runs]`.

Answers to every question of the open sections are spread over a year, in a home of their own. Each run measures, one
after another: Python alone, the command `companion --help`, the reference (reading and decoding the same rows with
plain sqlite3 and json), what the command does once it is loaded, and the whole command `companion progress` as a
person starts it. Printed are the medians and the 95th percentiles. Ask for quiet: a busy machine slows all five.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from mlsys_helpers import chapter, report
from mlsys_helpers.kit.units import duration
from mlsys_helpers.progress import store
from mlsys_helpers.quiz import bank, record

ANSWERS = 100_000


def main(runs: int = 20) -> None:
    """Fill a home, measure, print a line for each measure."""
    with tempfile.TemporaryDirectory() as home:
        os.environ[store.HOME_VARIABLE] = home
        questions = fill(store.store())
        print(f"{ANSWERS:,} answers to {questions} questions, {store.store().path.stat().st_size / 1e6:.0f} MB")
        measures = {
            "python -c pass": lambda: call("-c", "pass"),
            "companion --help": lambda: call("-m", "mlsys_helpers", "--help"),
            "plain sqlite3 and json": plain,
            "report.progress()": report.progress,
            "companion progress": lambda: call("-m", "mlsys_helpers", "progress"),
        }
        times_s: dict[str, list[float]] = {name: [] for name in measures}
        for _ in range(runs):
            for name, work in measures.items():
                times_s[name].append(timed(work))
    for name, measured in times_s.items():
        late = quantiles(measured, n=20)[-1] if len(measured) > 1 else measured[0]
        print(f"{name:<24} {duration(median(measured)):>8}   95th percentile {duration(late)}")


def fill(target: store.Store) -> int:
    """Store ANSWERS answers, seven in ten of them right, through the store itself; how many questions they are to."""
    rng, begun = random.Random(1), datetime.now(UTC) - timedelta(days=365)
    asked = [q for s in chapter.open_sections() for q in bank.section_bank(s.slug).questions]
    for number in range(ANSWERS):
        at = (begun + timedelta(days=365 * number / ANSWERS)).isoformat(timespec="milliseconds")
        right = rng.random() < 0.7
        payload = {"response": "An answer of usual length", "seed": rng.randrange(3), "points": float(right)}
        payload |= {"right": right, "misconception": "" if right else "sum for overlap"}
        target.pending.append(store.Event(at, record.ANSWERED, rng.choice(asked).id, payload))
    target.record("predict", "iron_law.none", {"choice": "", "chance": 0.5, "seen": True})
    return len(asked)


def plain() -> list:
    """The reference: every row read and decoded, and nothing made of it."""
    with closing(sqlite3.connect(store.store().path)) as database:
        return [json.loads(row[3]) for row in database.execute("SELECT at, kind, item, payload FROM event")]


def call(*words: str) -> None:
    """Run this Python with `words`, its output thrown away."""
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])


def timed(work) -> float:
    """Seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
