"""What the world says: chips, workloads, energies, measurements, accuracies, training runs, each row with its source.

>>> from mlsys_helpers import facts
>>> facts.chip("A100_SXM_80").peak("fp16")
312000000000000.0
"""

from mlsys_helpers.facts.loader import (
    Accuracy,
    Chip,
    EnergyPerOp,
    Landmark,
    LeanerRun,
    Measurement,
    Processor,
    Quoted,
    TrainingRun,
    Workload,
    accuracy,
    all_quoted,
    chip,
    chips,
    energies,
    energy,
    landmarks,
    leaner_runs,
    measurements,
    processors,
    quoted,
    read_table,
    training_runs,
    workload,
    workloads,
)

__all__ = [
    "Accuracy",
    "Chip",
    "EnergyPerOp",
    "Landmark",
    "LeanerRun",
    "Measurement",
    "Processor",
    "Quoted",
    "TrainingRun",
    "Workload",
    "accuracy",
    "all_quoted",
    "chip",
    "chips",
    "energies",
    "energy",
    "landmarks",
    "leaner_runs",
    "measurements",
    "processors",
    "quoted",
    "read_table",
    "training_runs",
    "workload",
    "workloads",
]
