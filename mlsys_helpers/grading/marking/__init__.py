"""What a person decides: marks for short answers, other scores, other due dates."""
