"""Exercises that mark themselves: what a task is, how answers are collected, and how they are judged.

Notebooks use four calls: `givens(task)`, `check(task, answer)`, `hint(task)` and `solution(task)`; one that was
released to a class begins with `assigned(course, assignment, student)`.
"""

from mlsys_helpers.exercise.notebook import check, givens, hint, solution
from mlsys_helpers.exercise.whose import assigned

__all__ = ["assigned", "check", "givens", "hint", "solution"]
