"""What is given out for an assignment: notebooks with numbers of each student's own."""
