"""What arrived from a class: every file is taken, superseded, or refused with its reason."""
