"""The five pillars: what each owns, the first question it asks, and the kind of challenge that it meets."""

from dataclasses import dataclass

from mlsys_helpers.sections.five_pillars import product


@dataclass(frozen=True)
class Pillar:
    """One discipline; `challenge` is one of section 1.10's four kinds."""

    name: str
    owns: str
    asks: str
    challenge: str


PILLARS = (
    Pillar(
        product.DATA,
        "quality, scale, privacy, drift and origin (lineage) of data",
        "Did the data hold what had to be learnt?",
        "data",
    ),
    Pillar(
        product.TRAINING,
        "jobs on many machines, frameworks, optimisers, restarts, cost against quality",
        "Did training turn the data into a model that fits?",
        "model",
    ),
    Pillar(
        product.DEPLOYMENT,
        "packaging, latency, throughput, limits of devices, benchmarks",
        "Does what was trained run, fast enough, where it should?",
        "system",
    ),
    Pillar(
        product.OPERATIONS,
        "monitoring, alarms, rollout, incidents, evaluation after launch",
        "Is it still good?",
        "system",
    ),
    Pillar(
        product.ETHICS,
        "fairness, transparency, privacy, safety, documents, accountability",
        "Good for whom, and who answers for it?",
        "ethics",
    ),
)
FOUNDATION = "Performance optimisation and hardware acceleration"
CHALLENGES = tuple(dict.fromkeys(pillar.challenge for pillar in PILLARS))
