"""Exercises that mark themselves: what a task is, how answers are collected, and how they are judged.

Notebooks use four calls: `givens(task)`, `check(task, answer)`, `hint(task)` and `solution(task)`.
"""

from mlsys_helpers.exercise.notebook import check, givens, hint, solution

__all__ = ["check", "givens", "hint", "solution"]
