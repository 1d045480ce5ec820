"""What a student hands in: one file, tried beforehand, with notebooks and quiz answers."""
