"""Exercises that mark themselves: what a task is, how answers are collected, and how they are judged.

Notebooks use three calls: `givens(task)`, `check(task, answer)` and `hint(task)`.
"""

from mlsys_helpers.exercise.notebook import check, givens, hint

__all__ = ["check", "givens", "hint"]
