"""What this reader has done: an append-only record on disk, safe against a killed kernel."""
