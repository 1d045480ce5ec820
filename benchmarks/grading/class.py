"""A synthetic class graded, every score checked: `python benchmarks/grading/class.py [sizes] [--workers 1 2]`.

    python benchmarks/grading/class.py               # 200 and 5,000 students, with one worker and with two
    python benchmarks/grading/class.py 200 --right   # 200 right answers in different words, and nothing else

Right, wrong and broken answers are planted in known shares (synthetic.py), so each score is known; the exit status is
1 if one differs, or if a class of the last size takes over 20 % more memory than one of the first. Each run is a
process of its own. Printed are wall and processor time for each submission, the share of the processors that others
had meanwhile, and the peak memory of the judge and of all its sandboxes together (resident; what processes share is
counted for each of them, so that what else the machine runs does not matter). With endless loops in the class, their
time limit is in the wall time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.grading import synthetic
from mlsys_helpers.grading import course
from mlsys_helpers.grading.gradebook import Gradebook
from mlsys_helpers.grading.running import run
from mlsys_helpers.grading.running.workers import Local
from mlsys_helpers.grading.sandbox.job import Limits

SECTION, SEED, MIB, MORE = "iron_law", 7, 2.0**20, 1.2
LIMITS = Limits(step_s=5.0)
RIGHT = {"right": 1}


def main() -> None:
    """Grade classes of all sizes with all numbers of workers, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[200, 5000])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--right", action="store_true", help="every answer right, each in its own words")
    parser.add_argument("--only-grade", type=Path, metavar="ASSIGNMENT", help="grade one that is made already")
    asked = parser.parse_args()
    if asked.only_grade:
        print(json.dumps(grade_one(asked.only_grade, asked.workers[0])))
        return
    good = True
    for workers in asked.workers:
        told = [apart(size, workers, asked.right) for size in asked.sizes]
        more = told[-1]["peak_mib"] / told[0]["peak_mib"]
        good &= more <= MORE and not any(one["faults"] for one in told)
        print(f"  memory of the largest class over the smallest: {more:.2f}")
    sys.exit(not good)


def apart(size: int, workers: int, right: bool) -> dict:
    """A class made, graded by a process of its own and checked, with a line about it."""
    with tempfile.TemporaryDirectory() as folder:
        planted = synthetic.make(Path(folder) / "course", SECTION, size, SEED, RIGHT if right else synthetic.SHARES)
        words = [sys.executable, __file__, "--workers", str(workers), "--only-grade", str(planted.assigned.folder)]
        told = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout)
        with Gradebook(course.course_of(planted.assigned).gradebook) as book:
            told["faults"] += synthetic.wrongly_graded(planted, book)
    print(
        f"{size:,} students, {workers} workers: {len(planted.states):,} scores, {len(told['faults'])} not as planted; "
        f"a submission {told['wall_s'] / size * 1e3:.1f} ms of wall time, "
        f"{told['judge_s'] / size * 1e3:.1f} ms of processor time in the judge, "
        f"{told['sandbox_s'] / size * 1e3:.1f} in the sandboxes; others had {told['others']:.0%} of the processors; "
        f"peak {told['peak_mib']:.0f} MiB (judge {told['judge_mib']:.0f})",
        flush=True,
    )
    for fault in told["faults"][:5]:
        print(f"  {fault}")
    return told


def grade_one(folder: Path, workers: int) -> dict:
    """Grade what is open in an assignment, and say what that took."""
    assigned = course.assignment(folder)
    with Gradebook(course.course_of(assigned).gradebook) as book:
        (work,) = run.works(assigned)
        with Local(SECTION, workers, LIMITS) as desk, Watch() as watch:
            begun, judge_s, all_s = time.perf_counter(), time.process_time(), _busy_s()
            faults = [done.trouble for done in run.grade(book, work, work.open(book), desk) if done.trouble]
            wall_s, judge_s, all_s = time.perf_counter() - begun, time.process_time() - judge_s, _busy_s() - all_s
    return {
        "faults": faults,
        "wall_s": wall_s,
        "judge_s": judge_s,
        "sandbox_s": watch.sandbox_s,
        "others": max(0.0, all_s - judge_s - watch.sandbox_s) / (wall_s * (psutil.cpu_count() or 1)),
        "peak_mib": watch.peak_bytes / MIB,
        "judge_mib": watch.judge_bytes / MIB,
    }


def _busy_s() -> float:
    """The seconds that all processors together were busy so far."""
    times = psutil.cpu_times()
    return sum(times[:]) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


@dataclass
class Watch:
    """Looks five times a second at the memory and the processor time of this process and its descendants."""

    peak_bytes: float = 0.0
    judge_bytes: float = 0.0
    sandbox_s: float = 0.0
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Watch":
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        me, begun = psutil.Process(), _descendants_s()
        while not self._end.wait(0.2):
            mine = _memory(me)
            self.judge_bytes = max(self.judge_bytes, mine)
            self.peak_bytes = max(self.peak_bytes, mine + sum(map(_memory, me.children(recursive=True))))
        self.sandbox_s = _descendants_s() - begun


def _memory(process: psutil.Process) -> float:
    try:
        return process.memory_info().rss
    except psutil.Error:  # it ended
        return 0.0


def _descendants_s() -> float:
    """The processor time of the sandboxes that live, and of the submissions that they have seen to their end."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


if __name__ == "__main__":
    main()
