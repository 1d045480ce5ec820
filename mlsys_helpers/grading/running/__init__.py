"""The grading run: rebuilt, run in sandboxes that know no answer, and judged here."""
