"""Where a submission is run: a process that knows no answer, and the client that talks to it in plain values."""
