"""What a student and an instructor get to read: a page each."""
