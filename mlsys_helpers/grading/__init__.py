"""Grading a class: submissions are rebuilt, run where they can do no harm, and judged elsewhere."""
