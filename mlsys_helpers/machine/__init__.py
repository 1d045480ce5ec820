"""Measures the reader's own computer: bandwidth, peak and call latency, in a few seconds and without guessing."""
