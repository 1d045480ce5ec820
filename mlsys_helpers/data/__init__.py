"""Real data that experiments learn from, in the package: no network."""
