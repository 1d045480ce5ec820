"""A spam filter's nightly job, really run: load a file of counted mail, prepare it, predict, write the verdicts.

Every stage has two versions that do the same work. The job is profiled, a mended stage timed alone, Amdahl says what
the whole will gain, and then the whole is run without a clock inside and compared. Of several runs the shortest counts.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from mlsys_helpers.data.datasets import spambase
from mlsys_helpers.kit.checks import one_of
from mlsys_helpers.kit.threads import one_thread
from mlsys_helpers.machine.timing import once_s
from mlsys_helpers.sections.fallacies import filters, model
from mlsys_helpers.sections.fallacies.filters import CLOCK

STAGES = ("load", "prepare", "predict", "write")
MESSAGES = 600


@dataclass(frozen=True, eq=False)
class Mail:
    """The same messages as a text file and as binary numbers, with the truth about each."""

    text: bytes
    binary: bytes
    labels: np.ndarray


@cache
def mail(seed: int) -> Mail:
    """Messages not trained on, as they would lie on disk."""
    test = spambase().split(seed)[1].take(slice(MESSAGES))
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(test.names)
    rows.writerows([f"{value:g}" for value in row] for row in test.features)
    return Mail(file.getvalue().encode(), test.features.astype(np.float32).tobytes(), test.labels)


# The stages, first as people write them, then mended


def load_csv(mail: Mail) -> list[list[float]]:
    """Each line a dictionary, each value turned into a number."""
    rows = csv.DictReader(io.StringIO(mail.text.decode()))
    return [[float(row[name]) for name in rows.fieldnames] for row in rows]


def load_binary(mail: Mail) -> np.ndarray:
    """The same numbers, stored as four bytes each and not read at all: the bytes are the array."""
    return np.frombuffer(mail.binary, np.float32).reshape(len(mail.labels), -1)


def prepare_numbers(rows, filter_: filters.Filter) -> list[list[float]]:
    """Logarithm, centre and scale, one number at a time."""
    numbers = list(zip(filter_.centre.tolist(), filter_.scale.tolist(), strict=True))
    return [[(math.log1p(value) - c) / s for value, (c, s) in zip(row, numbers, strict=True)] for row in rows]


def prepare_array(rows, filter_: filters.Filter) -> np.ndarray:
    """The same, on all numbers at once."""
    return (np.log1p(np.asarray(rows)) - filter_.centre) / filter_.scale


def predict(rows, filter_: filters.Filter) -> np.ndarray:
    """The probability of spam for each message."""
    return filter_.classifier.predict_proba(np.asarray(rows))[:, 1]


def _verdict(number: int, probability: float) -> dict:
    return {"message": number, "spam": probability >= 0.5, "probability": round(probability, 4)}


def write_lines(probabilities) -> str:
    """A line of JSON for each message."""
    return "".join(json.dumps(_verdict(n, float(p))) + "\n" for n, p in enumerate(probabilities))


def write_once(probabilities) -> str:
    """One JSON text for all."""
    return json.dumps([_verdict(n, p) for n, p in enumerate(probabilities.tolist())])


MENDED = {"load": "binary file", "prepare": "whole array", "predict": "linear", "write": "all at once"}


@dataclass(frozen=True, eq=False)
class Job:
    """A pipeline: one function for each of STAGES, each fed what the one before returned."""

    stages: Mapping[str, Callable]

    def run(self, mail: Mail):
        """All stages in turn."""
        return self.up_to(mail)

    def up_to(self, mail: Mail, name: str | None = None):
        """What stage `name` is fed, or the end result."""
        found = mail
        for stage, work in self.stages.items():
            if stage == name:
                break
            found = work(found)
        return found


def job(seed: int, *mended: str) -> Job:
    """The job as people write it, but for the stages named, which are mended: `job(1, "load", "write")`."""
    for stage in mended:
        one_of("stage", stage, STAGES)
    filter_ = filters.trained(seed, "linear" if "predict" in mended else "forest")
    return Job(
        {
            "load": load_binary if "load" in mended else load_csv,
            "prepare": partial(prepare_array if "prepare" in mended else prepare_numbers, filter_=filter_),
            "predict": partial(predict, filter_=filter_),
            "write": write_once if "write" in mended else write_lines,
        }
    )


# Measuring


@dataclass(frozen=True, eq=False)
class Profile:
    """Seconds of each stage in each of several runs of the whole job: shape (runs, stages)."""

    runs_s: np.ndarray

    @property
    def stages_s(self) -> dict[str, float]:
        """Seconds by stage, each in its shortest run."""
        return dict(zip(STAGES, self.runs_s.min(axis=0).tolist(), strict=True))

    @property
    def total_s(self) -> float:
        """Seconds of the whole."""
        return sum(self.stages_s.values())

    @property
    def slowest(self) -> str:
        """The stage that takes most."""
        return max(self.stages_s, key=self.stages_s.get)


@one_thread
def profile(job: Job, mail: Mail, runs: int = 3, clock=CLOCK) -> Profile:
    """Run the job `runs` times with a clock between its stages."""
    return Profile(np.array([_clocked(job, mail, clock) for _ in range(runs)]))


def _clocked(job: Job, mail: Mail, clock) -> list[float]:
    found, ticks = mail, [clock()]
    for work in job.stages.values():
        found = work(found)
        ticks.append(clock())
    return np.diff(ticks).tolist()


@cache
def profiled(seed: int) -> Profile:
    """The job as people write it, profiled once for each seed."""
    return profile(job(seed), mail(seed))


@dataclass(frozen=True)
class Change:
    """One stage mended: its share of the time before, its own speed-up, and the speed-up of the whole."""

    stage: str
    part: float
    faster: float
    gain: float

    @property
    def predicted(self) -> float:
        """Amdahl's answer from the share and the stage's own speed-up."""
        return model.speedup(self.part, self.faster)

    @property
    def error(self) -> float:
        """Predicted over measured, less one."""
        return self.predicted / self.gain - 1


@one_thread
def change(seed: int, stage: str, runs: int = 3) -> Change:
    """Mend `stage`, and only that. The whole is run old and new in turn, without a clock inside."""
    old, new, messages, before_s = job(seed), job(seed, stage), mail(seed), profiled(seed).stages_s
    (alone_s,) = _shortest_s([partial(new.stages[stage], old.up_to(messages, stage))], runs)
    old_s, new_s = _shortest_s([partial(which.run, messages) for which in (old, new)], runs)
    return Change(stage, model.part(before_s, stage), before_s[stage] / alone_s, old_s / new_s)


def _shortest_s(works: list[Callable[[], object]], runs: int) -> list[float]:
    """Seconds of the shortest run of each, after one that does not count; they take turns.

    What is too short for the clock is run in loops.
    """
    loops = [1 if once_s(work, clock=CLOCK) > 0.001 else 1000 for work in works]
    rounds = [[once_s(work, n, CLOCK) for work, n in zip(works, loops, strict=True)] for _ in range(runs)]
    return np.min(rounds, axis=0).tolist()


@dataclass(frozen=True, eq=False)
class Step:
    """The job before its slowest stage is mended: that stage, and the profile that shows it."""

    mended: str
    profile: Profile


def route(seed: int, runs: int = 3) -> list[Step]:
    """Mend the slowest stage that is not yet mended, measure again, and so on; the last step mends nothing."""
    done: list[str] = []
    steps = []
    while len(done) < len(STAGES):
        found = profile(job(seed, *done), mail(seed), runs) if done else profiled(seed)
        done.append(max(set(STAGES) - set(done), key=found.stages_s.get))
        steps.append(Step(done[-1], found))
    return [*steps, Step("", profile(job(seed, *done), mail(seed), runs))]
