"""What the world says: chips, workloads, energies, published measurements, accuracies and training runs, each row with its source.

>>> from mlsys_helpers import facts
>>> facts.chip("A100_SXM_80").peak("fp16")
312000000000000.0
"""

from mlsys_helpers.facts.loader import (
    Accuracy,
    Chip,
    EnergyPerOp,
    Measurement,
    TrainingRun,
    Workload,
    accuracy,
    chip,
    chips,
    energies,
    energy,
    measurements,
    read_table,
    training_runs,
    workload,
    workloads,
)

__all__ = [
    "Accuracy",
    "Chip",
    "EnergyPerOp",
    "Measurement",
    "TrainingRun",
    "Workload",
    "accuracy",
    "chip",
    "chips",
    "energies",
    "energy",
    "measurements",
    "read_table",
    "training_runs",
    "workload",
    "workloads",
]
