"""Grades for Canvas, Moodle and spreadsheets."""
