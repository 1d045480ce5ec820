"""Section 1.7, the efficiency framework: three ways to need less, and why the bill may grow all the same."""
