"""Section 1.8, defining AI engineering: firm promises about a part that is sometimes wrong."""
